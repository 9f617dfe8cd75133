/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "past-shelf.h"

/* Goods without a receipt are worth what they cost least, so that nobody gains by leaving the
 * receipt at home. */

#define DAY_MS G_GINT64_CONSTANT(86400000)

typedef struct {
	GArray *goods;     /* of TillReturnDeskGoods with owned codes */
	char *customer_id; /* owned */
	gboolean offline;
	TillReturnDeskFound *found; /* owned until handed over */
	TillReturnDeskFoundCb cb;
	gpointer user;
} BareJob;

gboolean
till_return_desk_private_bare(TillStore *store, const TillReturnPolicy *policy,
			      const char *customer, gint64 amount_minor, char **out_words,
			      GError **error)
{
	TillPastReturns before;
	gint64 since_ms =
	    till_clock_wall_ms(till_store_clock(store)) - policy->window_days * DAY_MS;
	*out_words = NULL;
	if (!policy->no_receipt)
		*out_words = g_strdup("Nothing comes back without a receipt. Look for the sale by "
				      "customer or item.");
	else if (*customer == '\0')
		*out_words = g_strdup("Without a receipt it must be known who brings it. Find the "
				      "customer first.");
	if (*out_words != NULL)
		return TRUE;
	if (!till_past_shelf_returns(store, customer, since_ms, &before, error))
		return FALSE;
	if (policy->count_max > 0 && before.bare_count >= (guint)MIN(policy->count_max, G_MAXINT32))
		*out_words =
		    g_strdup_printf("This customer brought goods back without a receipt %u times "
				    "in %" G_GINT64_FORMAT " days, which is as often as may be.",
				    before.bare_count, policy->window_days);
	else if (policy->amount_max_minor > 0 &&
		 before.bare_minor + amount_minor > policy->amount_max_minor)
		*out_words = g_strdup("That is more than one customer may bring back without a "
				      "receipt. Take less of it, or find the receipt.");
	return TRUE;
}

/* The lowest that anybody paid for it here since then, or pays today. */
static gint64
lowest_price(const TillItem *item, gint64 since_ms, gint64 now_ms)
{
	guint count = 0;
	gint64 lowest = item->price_minor;
	const TillPriceRow *rows =
	    item->prices != NULL ? till_price_list_rows(item->prices, item->sku, &count) : NULL;
	for (guint i = 0; i < count; i++) {
		gboolean is_open = rows[i].valid_to_ms == 0 || rows[i].valid_to_ms > since_ms;
		if (g_str_has_prefix(rows[i].list, "group:") || !is_open ||
		    rows[i].valid_from_ms > now_ms)
			continue;
		lowest = MIN(lowest, rows[i].price_minor);
	}
	return lowest;
}

static TillItem *
at_lowest(const TillItem *item, gint64 since_ms, gint64 now_ms)
{
	gint64 price_minor = lowest_price(item, since_ms, now_ms);
	TillItem *copy = till_item_with_price(item, price_minor, item->price_list);
	if (copy != item)
		g_clear_pointer(&copy->prices, till_price_list_unref);
	return copy;
}

static void
say(TillReturnDeskFound *found, const char *code, const char *words)
{
	g_free(found->words);
	found->words = g_strdup_printf("%s: %s", code, words);
}

/* FALSE without error: said in words. */
static gboolean
add_goods(TillStore *store, BareJob *job, const TillReturnDeskGoods *goods, TillBasket *basket,
	  GError **error)
{
	TillScan scan = till_scan_read(goods->code);
	g_autoptr(TillItem) item = NULL;
	gint64 now_ms = till_clock_wall_ms(till_store_clock(store));
	gint64 since_ms = now_ms - job->found->policy->look_back_days * DAY_MS;
	if (!till_catalog_find(store, &scan, &item, error))
		return FALSE;
	if (item == NULL) {
		say(job->found, goods->code, "there is no such item.");
		return FALSE;
	}
	g_autoptr(TillItem) low = at_lowest(item, since_ms, now_ms);
	TillBasketResult result =
	    till_basket_add(basket, low, goods->code, goods->quantity_milli, NULL);
	if (result != TILL_BASKET_OK)
		say(job->found, goods->code, till_basket_words(result));
	return result == TILL_BASKET_OK;
}

/* Today's taxes, no offers, no customer's prices. */
static TillPriced *
price_goods(TillStore *store, const TillBasket *basket, GError **error)
{
	TillPriceRules rules = {0};
	if (!till_catalog_rules(store, NULL, &rules, error))
		return NULL;
	g_clear_pointer(&rules.promos, till_promo_index_unref);
	g_clear_pointer(&rules.lists, till_price_list_unref);
	TillPriced *priced = till_price_basket(basket, &rules, error);
	till_price_rules_clear(&rules);
	return priced;
}

static TillSold *
make_sold(TillStore *store, const BareJob *job, TillPriced *priced, GError **error)
{
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);
	char kind[] = "credit";
	TillSoldPayment payment = {
	    .kind = kind, .paid_minor = priced->total_minor, .value_minor = priced->total_minor};
	TillSold *sold = till_sold_new(TILL_SOLD_NONE, priced);
	if (identity == NULL) {
		till_sold_free(sold);
		return NULL;
	}
	till_sold_add_payment(sold, &payment);
	g_free(sold->channel);
	sold->channel = g_strdup("store");
	g_free(sold->store);
	sold->store = g_strdup(identity->store_code);
	g_free(sold->till);
	sold->till = g_strdup(identity->till_number);
	g_free(sold->customer_id);
	sold->customer_id = g_strdup(job->customer_id);
	sold->sold_ms = till_clock_wall_ms(till_store_clock(store));
	return sold;
}

static gboolean
add_lines(TillStore *store, BareJob *job)
{
	TillReturnDeskFound *found = job->found;
	TillReturnDeskWish wish = {
	    .sold = found->sold, .by = TILL_RETURN_BY_NONE, .offline = job->offline};
	TillReturnRequest request =
	    till_return_desk_private_request(store, &wish, found->policy, NULL);
	for (guint i = 0; i < found->sold->priced->lines->len; i++)
		g_ptr_array_add(found->lines, till_return_quote_line(&request, i));
	return TRUE;
}

static gboolean
value_goods(TillStore *store, BareJob *job, GError **error)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(GError) failure = NULL;
	for (guint i = 0; i < job->goods->len; i++) {
		if (add_goods(store, job, &g_array_index(job->goods, TillReturnDeskGoods, i),
			      basket, &failure))
			continue;
		if (failure != NULL)
			g_propagate_error(error, g_steal_pointer(&failure));
		return *job->found->words != '\0';
	}
	TillPriced *priced = price_goods(store, basket, error);
	if (priced == NULL)
		return FALSE;
	job->found->sold = make_sold(store, job, priced, error);
	if (job->found->sold == NULL)
		return FALSE;
	g_free(job->found->words);
	job->found->words = g_strdup("Without a receipt: at the lowest price of late.");
	return add_lines(store, job);
}

static gboolean
run_bare(gpointer owner, gpointer data, GError **error)
{
	BareJob *job = data;
	TillReturnDeskFound *found = job->found = till_return_desk_private_found();
	char *refusal = NULL;
	found->by = TILL_RETURN_BY_NONE;
	found->source = TILL_RETURN_DESK_BARE;
	found->policy = till_past_shelf_policy(owner, error);
	if (found->policy == NULL ||
	    !till_return_desk_private_bare(owner, found->policy, job->customer_id, 0, &refusal,
					   error))
		return FALSE;
	if (refusal == NULL &&
	    (job->goods->len == 0 || job->goods->len > TILL_RETURN_DESK_LINES_MAX))
		refusal = g_strdup("Scan what comes back.");
	if (refusal == NULL)
		return value_goods(owner, job, error);
	g_free(found->words);
	found->words = refusal;
	return TRUE;
}

static void
clear_goods(gpointer data)
{
	g_free((gpointer)(guintptr)((TillReturnDeskGoods *)data)->code);
}

static BareJob *
create_job(const TillReturnDeskBare *bare)
{
	BareJob *job = g_new0(BareJob, 1);
	job->customer_id = g_strdup(bare->customer_id != NULL ? bare->customer_id : "");
	job->offline = bare->offline;
	job->goods = g_array_new(FALSE, TRUE, sizeof(TillReturnDeskGoods));
	g_array_set_clear_func(job->goods, clear_goods);
	for (guint i = 0; i < MIN(bare->count, TILL_RETURN_DESK_LINES_MAX + 1); i++) {
		TillReturnDeskGoods copy = bare->goods[i];
		copy.code = g_strdup(copy.code != NULL ? copy.code : "");
		g_array_append_val(job->goods, copy);
	}
	return job;
}

static void
free_bare_job(gpointer data)
{
	BareJob *job = data;
	g_array_unref(job->goods);
	g_free(job->customer_id);
	till_return_desk_found_free(job->found);
	g_free(job);
}

TillReturnDeskFound *
till_return_desk_bare(TillRegister *reg, const TillReturnDeskBare *bare, GError **error)
{
	BareJob *job = create_job(bare);
	TillReturnDeskFound *found = NULL;
	if (till_worker_call(till_store_worker(reg->store), run_bare, job, error))
		found = g_steal_pointer(&job->found);
	free_bare_job(job);
	return found;
}

static void
bare_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	BareJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->found) : NULL, error, job->user);
}

void
till_return_desk_bare_async(TillRegister *reg, const TillReturnDeskBare *bare, gpointer receiver,
			    TillReturnDeskFoundCb cb, gpointer user)
{
	BareJob *job = create_job(bare);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_bare, job, free_bare_job, receiver,
			 bare_done_cb, NULL);
}
