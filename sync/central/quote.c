/* SPDX-License-Identifier: Apache-2.0 */
#include "quote.h"

#include "basket-maker.h"
#include "counter.h"
#include "rules.h"

static TillItem *
find_item(gpointer user, const char *code, TillVariableCode *out_variable, GError **error)
{
	const TillQuote *quote = user;

	*out_variable = (TillVariableCode){.kind = TILL_VARIABLE_NONE};
	if (quote->rules.variable_codes != NULL) {
		TillItem *item = till_counter_variable(quote->central->db, quote->store_code, code,
						       quote->moment.now_ms,
						       quote->rules.variable_codes, out_variable);
		if (item != NULL)
			return item;
	}
	return till_counter_item(quote->central->db, quote->store_code, code, quote->moment.now_ms,
				 error);
}

static TillCustomer *
find_customer(gpointer user, const char *text, GError **error)
{
	const TillQuote *quote = user;

	return till_counter_customer(quote->central->db, text, error);
}

static TillPriced *
price(TillQuote *quote, const TillBasketFile *file, GError **error)
{
	TillBasketSource source = {find_item, find_customer, quote, NULL, quote->rules.currency};
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, error);

	if (basket == NULL)
		return NULL;
	quote->rules.uses =
	    till_rules_uses(quote->central->db, till_basket_get_shopper(basket), error);
	if (quote->rules.uses == NULL)
		return NULL;
	return till_price_for(basket, &quote->rules, &quote->moment, error);
}

TillPriced *
till_quote_price(TillQuote *quote, const TillBasketFile *file, GError **error)
{
	TillPriced *priced = NULL;

	if (till_rules_moment(quote->central, quote->store_code, quote->channel, &quote->moment,
			      error) &&
	    till_rules_read(quote->central, quote->store_code, quote->fulfilment, &quote->rules,
			    error))
		priced = price(quote, file, error);
	till_price_rules_clear(&quote->rules);
	return priced;
}
