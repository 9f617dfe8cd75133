/* SPDX-License-Identifier: Apache-2.0 */
#include "offer-words.h"

#include "text.h"

/* So many bytes of a name leave room for what to do. */
#define NAME_MAX_BYTES 40

char *
till_offer_words(const TillOfferCase *offer)
{
	static const char *const reasons[] = {
	    [TILL_OFFER_EARLY] = "before it began. Check the till's clock",
	    [TILL_OFFER_ENDED] = "after it had ended. Check the till's clock",
	    [TILL_OFFER_USES] = "beyond its uses. End it or allow more",
	    [TILL_OFFER_CUSTOMER_USES] = "beyond this customer's uses. Tell head office",
	    [TILL_OFFER_BUDGET] = "beyond its budget. End it or raise the budget",
	};
	g_autofree char *name = till_text_clean(offer->name, NAME_MAX_BYTES);

	switch (offer->fault) {
	case TILL_OFFER_EARLY:
	case TILL_OFFER_ENDED:
	case TILL_OFFER_USES:
	case TILL_OFFER_CUSTOMER_USES:
	case TILL_OFFER_BUDGET:
		return g_strdup_printf("%s: %s off by \"%s\" %s; the sale stands.", offer->receipt,
				       offer->amount, name, reasons[offer->fault]);
	case TILL_OFFER_CODE_USES:
		return g_strdup_printf(
		    "Coupon %s was used once too often: %s in store %s. The sale "
		    "stands; find out who gave the code on.",
		    name, offer->receipt, offer->store);
	case TILL_OFFER_CODE_CUSTOMER_USES:
		return g_strdup_printf("Coupon %s was used too often by one customer: %s in store "
				       "%s. The sale stands; tell head office.",
				       name, offer->receipt, offer->store);
	case TILL_OFFER_GOOD:
	default:
		g_assert_not_reached();
	}
}
