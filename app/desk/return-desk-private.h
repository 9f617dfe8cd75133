/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "register-private.h"
#include "return-desk.h"

/* What the files of the return desk share.
 *
 * Threads: store, but for wishes, which belong to whoever made them. */

G_BEGIN_DECLS

/* An owned copy of what was asked. */
typedef struct {
	TillSold *sold;
	TillReturnReceipt by;
	GArray *asks; /* of TillReturnAsk with owned reasons */
	TillPriced *taken;
	GArray *swaps; /* of TillReturnDeskSwap with owned codes */
	gboolean as_credit, offline;
	char *customer_id; /* "" */
} TillReturnDeskWish;

void till_return_desk_private_wish(TillReturnDeskWish *out, const TillReturnDeskAsked *asked);
void till_return_desk_private_clear(TillReturnDeskWish *wish);

/* An empty answer. */
TillReturnDeskFound *till_return_desk_private_found(void);

/* What was sold under a number, less what came back as far as is known; NULL without error: not
 * known here. out_large (nullable): the cache knows it but not what was on it. */
gboolean till_return_desk_private_look(TillStore *store, const char *receipt, TillSold **out,
				       TillReturnDeskSource *out_source, gboolean *out_large,
				       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same as what is known of sold, which was found before. */
gboolean till_return_desk_private_refresh(TillStore *store, TillSold **sold,
					  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* By its exact SKU; NULL: not known any more. TillReturnFindItem with the store. */
TillItem *till_return_desk_private_item(gpointer store, const char *sku);

/* A request for till_return_quote about a wish, without asks. Borrows. */
TillReturnRequest till_return_desk_private_request(TillStore *store, const TillReturnDeskWish *wish,
						   const TillReturnPolicy *policy,
						   const TillCashRounding *rounding);

/* Why the policy does not let anything come back without a receipt; NULL without error: it does.
 * amount_minor: to be added to what was given before. Caller frees. */
gboolean till_return_desk_private_bare(TillStore *store, const TillReturnPolicy *policy,
				       const char *customer, gint64 amount_minor, char **out_words,
				       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* wish->sold is refreshed. */
TillReturnDeskQuote *till_return_desk_private_quote(TillStore *store, TillReturnDeskWish *wish,
						    GError **error);

/* Whether this approval is on record and no return was made by it yet. */
gboolean till_return_desk_private_approved(TillStore *store, const TillReturnDeskApproval *asked,
					   const char *approved_by, gboolean *out_is,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Receipt of a return and slips of its credits, as the shop prints them. Caller frees. */
char *till_return_desk_private_text(const TillShop *shop, const TillReturn *entry, guint copy);
/* The URL of the code of what an entry sold; "" when it sold nothing. Caller frees. */
char *till_return_desk_private_code(TillStore *store, const TillSold *sold, gboolean gift,
				    GError **error);

/* What a return is known by: its receipt, else its order's number, else "". Borrowed. */
const char *till_return_desk_private_source(const TillSold *sold);

G_END_DECLS
