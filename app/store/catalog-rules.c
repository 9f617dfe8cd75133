/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog.h"

#include "error.h"
#include "overlay.h"
#include "promo-shelf.h"
#include "shop.h"
#include "store-private.h"

/* What does not depend on the shopper is read once after each change of the cache and kept; the use
 * of offers is put together for each asking, of the cache's counts and this till's own. */

static gboolean
load_rules(TillStore *store, GError **error)
{
	TillPriceRules rules = {0};
	if (store->promos == NULL) {
		store->promos = till_promo_shelf_load(&store->cache, error);
		if (store->promos == NULL)
			return FALSE;
	}
	if (!till_shop_load_rules(store, &rules, error))
		return FALSE;
	rules.promos = till_promo_index_ref(till_promo_shelf_index(store->promos));
	till_price_rules_clear(&store->rules);
	store->rules = rules;
	store->rules_known = TRUE;
	return TRUE;
}

/* Adds every row of a query of (key, customer, uses, spent). */
static gboolean
add_uses(TillStore *store, sqlite3_stmt *query, TillPriceUsesKind kind, TillPriceUses *uses,
	 GError **error)
{
	int step = SQLITE_DONE;
	while ((step = till_database_step(&store->cache.database, query, error)) == SQLITE_ROW) {
		TillPriceUse use = {sqlite3_column_int64(query, 2), sqlite3_column_int64(query, 3)};
		till_price_uses_add(uses, kind, till_database_text(query, 0),
				    till_database_text(query, 1), &use);
	}
	return step == SQLITE_DONE;
}

static gboolean
add_told_uses(TillStore *store, const TillShopper *shopper, const char *customer,
	      TillPriceUses *uses, GError **error)
{
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *all = till_database_statement(database, TILL_CACHE_PROMOTION_USES);
	if (!add_uses(store, all, TILL_PRICE_USES_PROMOTION, uses, error))
		return FALSE;
	sqlite3_stmt *own = till_database_statement(database, TILL_CACHE_PROMOTION_USES_OF);
	till_database_bind_text(own, 1, customer);
	if (!add_uses(store, own, TILL_PRICE_USES_PROMOTION, uses, error))
		return FALSE;
	guint count = 0;
	const char *const *codes = shopper != NULL ? till_shopper_coupons(shopper, &count) : NULL;
	for (guint i = 0; i < count; i++) {
		sqlite3_stmt *coupon = till_database_statement(database, TILL_CACHE_COUPON_USES);
		till_database_bind_text(coupon, 1, codes[i]);
		till_database_bind_text(coupon, 2, customer);
		if (!add_uses(store, coupon, TILL_PRICE_USES_COUPON, uses, error))
			return FALSE;
	}
	return TRUE;
}

typedef struct {
	TillStore *store;
	const TillShopper *shopper;
	TillPriceUses *uses; /* owned; the result */
} UsesJob;

static gboolean
collect_uses(gpointer data, GError **error)
{
	UsesJob *job = data;
	const TillCustomer *customer = job->shopper != NULL ? job->shopper->customer : NULL;
	const char *id = customer != NULL ? customer->id : "";
	return add_told_uses(job->store, job->shopper, id, job->uses, error) &&
	       till_overlay_add_uses(job->store, job->shopper, job->uses, error);
}

gboolean
till_catalog_rules(TillStore *store, const TillShopper *shopper, TillPriceRules *out,
		   GError **error)
{
	if (!till_store_check_cache(store, error) ||
	    (!store->rules_known && !load_rules(store, error)))
		return FALSE;
	UsesJob job = {store, shopper, till_price_uses_new()};
	if (!till_cache_read(&store->cache, collect_uses, &job, error)) {
		till_price_uses_unref(job.uses);
		return FALSE;
	}
	till_price_rules_copy(out, &store->rules);
	out->uses = job.uses;
	g_strlcpy(out->chain_cursor, store->cache.chain_cursor, sizeof out->chain_cursor);
	if (store->cache.store_epoch[0] != '\0')
		g_snprintf(out->shop_cursor, sizeof out->shop_cursor, "%s.%" G_GINT64_FORMAT,
			   store->cache.store_epoch, store->cache.store_seq);
	return TRUE;
}

char *
till_catalog_rules_trouble(TillStore *store)
{
	till_store_assert_thread(store);
	return store->promos != NULL ? till_promo_shelf_trouble(store->promos) : NULL;
}

void
till_catalog_forget(TillStore *store, gboolean promotions)
{
	till_price_rules_clear(&store->rules);
	store->rules_known = FALSE;
	if (promotions)
		g_clear_pointer(&store->promos, till_promo_shelf_free);
}

/* ---- By hand ---- */

/* A setting that makes no sense leaves the careful default. */
static gboolean
load_limit(TillStore *store, TillRole role, TillDiscountPolicy *policy,
	   const TillCurrency *currency, GError **error)
{
	g_autofree char *name = till_discount_policy_limit_name(role);
	g_autofree char *text = till_cache_setting(&store->cache, name, "", error);
	if (text == NULL)
		return FALSE;
	if (!till_discount_policy_set_limit(policy, role, text, currency))
		g_message(
		    "The setting %s is \"%s\", which is no limit like \"10%%,20.00\"; the usual "
		    "one stands. Mend it at the central.",
		    name, text);
	return TRUE;
}

gboolean
till_catalog_discounts(TillStore *store, TillDiscountPolicy *out, GError **error)
{
	g_autoptr(TillShop) shop = till_shop_load(store, error);
	if (shop == NULL)
		return FALSE;
	g_autofree char *reasons = till_cache_setting(&store->cache, "discount_reasons", "", error);
	if (reasons == NULL)
		return FALSE;
	till_discount_policy_init(out, shop->currency);
	for (guint role = 0; role < TILL_ROLE_COUNT; role++) {
		if (load_limit(store, role, out, shop->currency, error))
			continue;
		till_discount_policy_clear(out);
		return FALSE;
	}
	if (!till_discount_policy_set_reasons(out, reasons))
		g_message("The setting discount_reasons is too long; the usual reasons stand.");
	return TRUE;
}
