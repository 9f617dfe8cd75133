/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "past-shelf.h"

/* ---- Wishes ---- */

static void
clear_ask(gpointer data)
{
	g_free((gpointer)(guintptr)((TillReturnAsk *)data)->reason);
}

static void
clear_swap(gpointer data)
{
	g_free((gpointer)(guintptr)((TillReturnDeskSwap *)data)->code);
}

void
till_return_desk_private_wish(TillReturnDeskWish *out, const TillReturnDeskAsked *asked)
{
	*out = (TillReturnDeskWish){
	    .by = asked->by, .as_credit = asked->as_credit, .offline = asked->offline};
	out->sold = till_sold_copy(asked->sold);
	out->customer_id = g_strdup(asked->customer_id != NULL ? asked->customer_id : "");
	out->taken = asked->taken != NULL ? till_price_copy(asked->taken) : NULL;
	out->asks = g_array_new(FALSE, TRUE, sizeof(TillReturnAsk));
	g_array_set_clear_func(out->asks, clear_ask);
	for (guint i = 0; i < MIN(asked->ask_count, TILL_RETURN_ASKS_MAX + 1); i++) {
		TillReturnAsk ask = asked->asks[i];
		ask.reason = g_strdup(ask.reason != NULL ? ask.reason : "");
		g_array_append_val(out->asks, ask);
	}
	out->swaps = g_array_new(FALSE, TRUE, sizeof(TillReturnDeskSwap));
	g_array_set_clear_func(out->swaps, clear_swap);
	for (guint i = 0; i < MIN(asked->swap_count, TILL_RETURN_ASKS_MAX); i++) {
		TillReturnDeskSwap swap = asked->swaps[i];
		swap.code = g_strdup(swap.code != NULL ? swap.code : "");
		g_array_append_val(out->swaps, swap);
	}
}

void
till_return_desk_private_clear(TillReturnDeskWish *wish)
{
	g_clear_pointer(&wish->sold, till_sold_free);
	g_clear_pointer(&wish->taken, till_price_free);
	g_clear_pointer(&wish->asks, g_array_unref);
	g_clear_pointer(&wish->swaps, g_array_unref);
	g_clear_pointer(&wish->customer_id, g_free);
}

/* ---- What was sold ---- */

const char *
till_return_desk_private_source(const TillSold *sold)
{
	return *sold->receipt != '\0' ? sold->receipt : sold->order;
}

gboolean
till_return_desk_private_look(TillStore *store, const char *receipt, TillSold **out,
			      TillReturnDeskSource *out_source, gboolean *out_large, GError **error)
{
	g_autoptr(TillSold) sold = NULL;
	g_autoptr(GPtrArray) rows =
	    till_past_shelf_find(store, TILL_PAST_SHELF_BY_RECEIPT, receipt, 0, 0, 1, error);
	*out = NULL;
	*out_source = TILL_RETURN_DESK_CACHE;
	if (rows == NULL)
		return FALSE;
	if (rows->len > 0)
		sold = g_steal_pointer(&((TillPastSale *)g_ptr_array_index(rows, 0))->sold);
	if (sold == NULL) {
		*out_source = TILL_RETURN_DESK_JOURNAL;
		if (!till_past_shelf_own(store, receipt, &sold, error))
			return FALSE;
	}
	if (out_large != NULL)
		*out_large = rows->len > 0 && sold == NULL;
	if (sold != NULL &&
	    !till_past_shelf_note_own(store, sold, *out_source == TILL_RETURN_DESK_JOURNAL, error))
		return FALSE;
	*out = g_steal_pointer(&sold);
	return TRUE;
}

/* What only a code told came back at this till or is not known to have. */
static void
forget_back(TillSold *sold)
{
	memset(sold->back_milli, 0, sold->priced->lines->len * sizeof(gint64));
	for (guint i = 0; i < sold->payments->len; i++) {
		TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		payment->back_minor = 0;
		payment->given_minor = 0;
	}
}

gboolean
till_return_desk_private_refresh(TillStore *store, TillSold **sold, GError **error)
{
	TillReturnDeskSource source;
	TillSold *known = NULL;
	const char *number = till_return_desk_private_source(*sold);
	if ((*sold)->kind == TILL_SOLD_NONE)
		return TRUE;
	if (*number != '\0' &&
	    !till_return_desk_private_look(store, number, &known, &source, NULL, error))
		return FALSE;
	if (known != NULL) {
		till_sold_free(*sold);
		*sold = known;
		return TRUE;
	}
	forget_back(*sold);
	return till_past_shelf_note_own(store, *sold, TRUE, error);
}

TillItem *
till_return_desk_private_item(gpointer store, const char *sku)
{
	TillScan scan = {.kind = TILL_SCAN_OTHER};
	TillItem *item = NULL;
	g_strlcpy(scan.text, sku, sizeof scan.text);
	if (!till_catalog_find(store, &scan, &item, NULL))
		return NULL;
	return item;
}

TillReturnRequest
till_return_desk_private_request(TillStore *store, const TillReturnDeskWish *wish,
				 const TillReturnPolicy *policy, const TillCashRounding *rounding)
{
	return (TillReturnRequest){.sold = wish->sold,
				   .by = wish->by,
				   .policy = policy,
				   .as_credit = wish->as_credit,
				   .offline = wish->offline,
				   .now_ms = till_clock_wall_ms(till_store_clock(store)),
				   .cash_rounding = rounding,
				   .find_item = till_return_desk_private_item,
				   .user = store};
}

/* ---- Answers ---- */

static void
free_hit(gpointer data)
{
	TillReturnDeskHit *hit = data;
	g_free(hit->receipt);
	g_free(hit->channel);
	g_free(hit->store);
	g_free(hit->customer_name);
	g_free(hit->goods);
	g_free(hit);
}

TillReturnDeskFound *
till_return_desk_private_found(void)
{
	TillReturnDeskFound *found = g_new0(TillReturnDeskFound, 1);
	found->lines = g_ptr_array_new_with_free_func(till_return_quote_line_free);
	found->hits = g_ptr_array_new_with_free_func(free_hit);
	found->words = g_strdup("");
	found->signals = g_strdup("");
	return found;
}

void
till_return_desk_found_free(TillReturnDeskFound *found)
{
	if (found == NULL)
		return;
	till_sold_free(found->sold);
	g_ptr_array_unref(found->lines);
	g_ptr_array_unref(found->hits);
	g_clear_pointer(&found->policy, till_return_policy_unref);
	g_free(found->words);
	g_free(found->signals);
	g_free(found);
}

/* ---- Other sizes ---- */

#define VARIANTS_MAX 50

typedef struct {
	char *sku;        /* owned */
	GPtrArray *items; /* owned until handed over */
	TillRegisterItemsCb cb;
	gpointer user;
} VariantsJob;

static void
free_variants_job(gpointer data)
{
	VariantsJob *job = data;
	g_free(job->sku);
	g_clear_pointer(&job->items, g_ptr_array_unref);
	g_free(job);
}

static gboolean
run_variants(gpointer owner, gpointer data, GError **error)
{
	VariantsJob *job = data;
	g_autoptr(TillItem) item = till_return_desk_private_item(owner, job->sku);
	job->items =
	    till_past_shelf_style(owner, item != NULL ? item->style : "", VARIANTS_MAX, error);
	for (guint i = 0; job->items != NULL && i < job->items->len; i++) {
		const TillItem *other = g_ptr_array_index(job->items, i);
		if (strcmp(other->sku, job->sku) == 0)
			g_ptr_array_remove_index(job->items, i--);
	}
	return job->items != NULL;
}

static void
variants_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	VariantsJob *job = data;
	job->cb(g_steal_pointer(&job->items), error, job->user);
}

GPtrArray *
till_return_desk_variants(TillRegister *reg, const char *sku, GError **error)
{
	g_autofree char *copy = g_strdup(sku);
	VariantsJob job = {.sku = copy};
	if (!till_worker_call(till_store_worker(reg->store), run_variants, &job, error))
		return NULL;
	return job.items;
}

void
till_return_desk_variants_async(TillRegister *reg, const char *sku, gpointer receiver,
				TillRegisterItemsCb cb, gpointer user)
{
	VariantsJob *job = g_new0(VariantsJob, 1);
	job->sku = g_strdup(sku);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_variants, job, free_variants_job,
			 receiver, variants_done_cb, NULL);
}
