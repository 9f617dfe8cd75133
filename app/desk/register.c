/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include "parked.h"
#include "receipt.h"

TillRegister *
till_register_new(TillStore *store)
{
	g_assert(store != NULL);
	TillRegister *reg = g_new0(TillRegister, 1);
	reg->store = store;
	return reg;
}

void
till_register_free(TillRegister *reg)
{
	g_free(reg);
}

/* ---- The shop ---- */

typedef struct {
	TillRegisterShop *shop; /* owned until handed over */
	TillRegisterShopCb cb;
	gpointer user;
} ShopJob;

void
till_register_shop_free(TillRegisterShop *shop)
{
	if (shop == NULL)
		return;
	g_free(shop->store_code);
	g_free(shop->store_name);
	g_free(shop->shop_name);
	g_free(shop->till_number);
	g_free(shop->terminal_id);
	g_free(shop->time_zone);
	g_free(shop->trouble);
	g_free(shop->home);
	g_free(shop->rules_trouble);
	till_discount_policy_clear(&shop->discounts);
	till_price_rules_clear(&shop->rules);
	g_free(shop);
}

static void
free_shop_job(gpointer data)
{
	ShopJob *job = data;
	till_register_shop_free(job->shop);
	g_free(job);
}

static gboolean
count_shop(TillStore *store, TillRegisterShop *shop, GError **error)
{
	shop->item_count = till_catalog_count(store, error);
	if (shop->item_count < 0)
		return FALSE;
	g_autoptr(GPtrArray) staff = till_catalog_staff(store, error);
	if (staff == NULL)
		return FALSE;
	shop->staff_count = staff->len;
	g_autoptr(GPtrArray) parked = till_parked_list(store, error);
	if (parked == NULL)
		return FALSE;
	shop->parked_count = parked->len;
	return TRUE;
}

static gboolean
run_shop(gpointer owner, gpointer data, GError **error)
{
	ShopJob *job = data;
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);
	if (identity == NULL)
		return FALSE;
	g_autoptr(TillShop) told = till_catalog_shop(owner, error);
	if (told == NULL)
		return FALSE;

	TillRegisterShop *shop = g_new0(TillRegisterShop, 1);
	job->shop = shop;
	shop->store_code = g_strdup(identity->store_code);
	shop->store_name = g_strdup(told->store_name);
	shop->shop_name = g_strdup(told->shop_name);
	shop->till_number = g_strdup(identity->till_number);
	shop->terminal_id = g_strdup(identity->terminal_id);
	shop->time_zone = g_strdup(told->time_zone);
	shop->currency = told->currency;
	shop->trouble = till_store_trouble(owner);
	shop->home = g_strdup(till_store_home_warning(owner));
	if (!till_catalog_rules(owner, NULL, &shop->rules, error) ||
	    !till_catalog_discounts(owner, &shop->discounts, error))
		return FALSE;
	shop->rules_trouble = till_catalog_rules_trouble(owner);
	return count_shop(owner, shop, error);
}

static void
shop_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ShopJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->shop) : NULL, error, job->user);
}

TillRegisterShop *
till_register_shop(TillRegister *reg, GError **error)
{
	ShopJob job = {.shop = NULL};
	if (till_worker_call(till_store_worker(reg->store), run_shop, &job, error))
		return job.shop;
	till_register_shop_free(job.shop);
	return NULL;
}

void
till_register_shop_async(TillRegister *reg, gpointer receiver, TillRegisterShopCb cb, gpointer user)
{
	ShopJob *job = g_new0(ShopJob, 1);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_shop, job, free_shop_job, receiver,
			 shop_done_cb, NULL);
}

/* ---- Time and paper ---- */

GDateTime *
till_register_private_local(gint64 wall_ms, const char *time_zone)
{
	g_autoptr(GTimeZone) zone = NULL;
	if (time_zone != NULL && *time_zone != '\0')
		zone = g_time_zone_new_identifier(time_zone);
	if (zone == NULL)
		zone = g_time_zone_new_utc();
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(wall_ms / 1000);
	if (utc == NULL)
		utc = g_date_time_new_from_unix_utc(0);
	return g_date_time_to_timezone(utc, zone);
}

/* The month is spelled here, not by the process's locale: a reprint must not change with it. */
char *
till_register_local_time(gint64 wall_ms, const char *time_zone)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	g_autoptr(GDateTime) moment = till_register_private_local(wall_ms, time_zone);
	return g_strdup_printf("%d %s %d %02d:%02d", g_date_time_get_day_of_month(moment),
			       months[g_date_time_get_month(moment) - 1],
			       g_date_time_get_year(moment), g_date_time_get_hour(moment),
			       g_date_time_get_minute(moment));
}

char *
till_register_private_date(gint64 wall_ms, const char *time_zone)
{
	g_autoptr(GDateTime) moment = till_register_private_local(wall_ms, time_zone);
	return g_strdup_printf("%04d-%02d-%02d", g_date_time_get_year(moment),
			       g_date_time_get_month(moment), g_date_time_get_day_of_month(moment));
}

char *
till_register_private_receipt(const TillShop *shop, const TillSale *sale, guint copy)
{
	g_autofree char *local_time = till_register_local_time(sale->closed_ms, shop->time_zone);
	TillReceiptStyle style = {
	    .shop_name = shop->shop_name,
	    .shop_address = shop->address,
	    .tax_number = shop->tax_number,
	    .footer = shop->receipt_footer,
	    .local_time = local_time,
	    .columns = TILL_RECEIPT_COLUMNS,
	    .copy = copy,
	};
	return till_receipt_text(sale, &style);
}
