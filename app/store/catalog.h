/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "item.h"
#include "price.h"
#include "scan.h"
#include "staff.h"
#include "store.h"

/* Reading the cache: items by code, search as you type, the shop's settings, staff.
 *
 * Prices: the store's own list before "base"; among rows of a list the one valid now with the
 * largest min_quantity not above one piece, newest valid_from first. Stock shown = feed stock − own
 * sales the feed has not yet told back.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* The item for a code: barcode, then SKU, then PLU. NULL without error when nothing matches. */
gboolean till_catalog_find(TillStore *store, const TillScan *scan, TillItem **out_item,
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

/* The rules to price with now. */
gboolean till_catalog_rules(TillStore *store, TillPriceRules *out,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

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
