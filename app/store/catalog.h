/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "customer.h"
#include "discount-policy.h"
#include "item.h"
#include "price.h"
#include "scan.h"
#include "staff.h"
#include "store.h"

/* Reading the cache: items by code, search as you type, rules, customers, the shop's settings,
 * staff.
 *
 * An item carries every price that may count for it in this store, and the one of a single piece
 * now: the store's own list before "base" (price-list.h). Stock shown = feed stock − own
 * sales the feed has not yet told back.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* The item for a code: barcode, then SKU, then PLU. NULL without error when nothing matches. */
gboolean till_catalog_find(TillStore *store, const TillScan *scan, TillItem **out_item,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The item of a code that the store's patterns read a weight or price from (variable-code.h): by
 * the code without it as a barcode, else by the item's digits as SKU or PLU, with leading zeros or
 * without. NULL, and out_variable zeroed, when no pattern fits, nothing is inside or nothing
 * matches: the code then is an ordinary one. */
gboolean till_catalog_find_variable(TillStore *store, const TillScan *scan,
				    TillVariableCode *out_variable, TillItem **out_item,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Active items whose name, variant, brand, SKU or barcode holds every word of query as a prefix,
 * accents, case and word order ignored, best first: exact code, whole name, name starts with it,
 * all words whole, the rest. At most limit (≤ 50). Array of TillItem. */
GPtrArray *till_catalog_search(TillStore *store, const char *query, guint limit, GError **error);

/* How many active SKUs there are. */
gint64 till_catalog_count(TillStore *store, GError **error);

typedef struct {
	char *store_code;
	char *store_name;
	char *shop_name;
	char *address;
	char *tax_number;
	char *receipt_footer;
	char *time_zone; /* IANA; "UTC" when unset */
	const TillCurrency *currency;
} TillShop;

/* TILL_ERROR_STATE when no snapshot has arrived yet. */
TillShop *till_catalog_shop(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_shop_free(TillShop *shop);

/* The rules to price with now. shopper (nullable): of coupons and single customers, only the use
 * that concerns them is in out->uses; this till's own sales that the central has not counted yet
 * are added. Promotions are kept in memory from one call to the next. The caller owns what out
 * refers to (till_price_rules_clear). */
gboolean till_catalog_rules(TillStore *store, const TillShopper *shopper, TillPriceRules *out,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Promotions this release cannot read and so leaves out, in words; NULL: none. As of the last
 * till_catalog_rules. Caller frees. */
char *till_catalog_rules_trouble(TillStore *store);
/* How far each role may change a price by hand, and the reasons. The caller clears out. */
gboolean till_catalog_discounts(TillStore *store, TillDiscountPolicy *out,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The customer of an id or a loyalty code. TRUE with NULL when nobody has it. */
gboolean till_catalog_customer(TillStore *store, const char *code, TillCustomer **out,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Customers by id, loyalty code or mail in full (mail in any case), by the last seven or more
 * digits of a phone number, by the beginning of first or last name; at most limit, in this order.
 * Array of TillCustomer. */
GPtrArray *till_catalog_customers(TillStore *store, const char *query, guint limit, GError **error);

/* Active staff of this store, by name. Array of TillStaff (with pin_hash). */
GPtrArray *till_catalog_staff(TillStore *store, GError **error);

/* Open exceptions, newest first. */
typedef struct {
	char *id;
	char *code;
	char *severity;
	char *words;
	gint64 raised_ms;
} TillCacheException;

void till_cache_exception_free(gpointer exception);
GPtrArray *till_catalog_exceptions(TillStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillShop, till_shop_free)

G_END_DECLS
