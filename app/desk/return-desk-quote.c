/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "past-shelf.h"

typedef struct {
	TillReturnDeskWish wish;
	TillReturnDeskQuote *quote; /* owned until handed over */
	TillReturnDeskQuoteCb cb;
	gpointer user;
} QuoteJob;

void
till_return_desk_quote_free(TillReturnDeskQuote *quote)
{
	if (quote == NULL)
		return;
	g_clear_pointer(&quote->quote, till_return_quote_free);
	g_clear_pointer(&quote->policy, till_return_policy_unref);
	till_price_free(quote->taken);
	g_array_unref(quote->swaps);
	g_free(quote->words);
	g_free(quote->approval_why);
	g_free(quote);
}

/* ---- Line for line ---- */

static gboolean
refuse(GError **error, const char *code, const char *words)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "%s: %s", code, words);
	return FALSE;
}

/* The item of a swap's code, of the same style as what it replaces. */
static gboolean
find_swap(TillStore *store, const char *code, const char *sku, TillItem **out, GError **error)
{
	TillScan scan = till_scan_read(code);
	g_autoptr(TillItem) item = NULL;
	g_autoptr(TillItem) old = till_return_desk_private_item(store, sku);
	if (!till_catalog_find(store, &scan, &item, error))
		return FALSE;
	if (item == NULL)
		return refuse(error, code, "there is no such item; scan what is taken instead.");
	if (old == NULL || *old->style == '\0' || strcmp(old->style, item->style) != 0 ||
	    strcmp(item->sku, sku) == 0 || item->weighed)
		return refuse(error, code,
			      "it is no other size or colour of what came back; sell it as goods "
			      "taken instead.");
	*out = g_steal_pointer(&item);
	return TRUE;
}

static gboolean
add_swap(TillStore *store, const TillReturnDeskSwap *swap, TillReturnDeskQuote *answer,
	 GError **error)
{
	const TillPriced *given = answer->quote->given;
	g_autoptr(TillItem) item = NULL;
	TillReturnSwap record = {0};
	if (swap->line >= given->lines->len)
		return refuse(error, swap->code, "its line is not among what comes back.");
	const TillPricedLine *old = g_ptr_array_index(given->lines, swap->line);
	if (!find_swap(store, swap->code, old->item->sku, &item, error))
		return FALSE;
	till_return_quote_swap(answer->taken, old, item, item->sku);
	record.line = answer->taken->lines->len;
	record.instead_of = old->line_id;
	g_array_append_val(answer->swaps, record);
	return TRUE;
}

/* Needs what comes back as it stands without them; swaps of a line that may not come back wait
 * until it may. */
static gboolean
add_swaps(TillStore *store, const TillReturnDeskWish *wish, TillReturnDeskQuote *answer,
	  GError **error)
{
	if (wish->swaps->len == 0 || answer->quote->given->lines->len < wish->asks->len)
		return TRUE;
	answer->taken = till_price_new(wish->sold->priced->currency);
	for (guint i = 0; i < wish->swaps->len; i++) {
		if (!add_swap(store, &g_array_index(wish->swaps, TillReturnDeskSwap, i), answer,
			      error))
			return FALSE;
	}
	return till_price_sum(answer->taken, error);
}

/* ---- The whole ---- */

static gboolean
ask(TillStore *store, const TillReturnDeskWish *wish, TillReturnDeskQuote *answer, GError **error)
{
	TillReturnRequest request =
	    till_return_desk_private_request(store, wish, answer->policy, &answer->cash_rounding);
	request.asks = (const TillReturnAsk *)(gpointer)wish->asks->data;
	request.ask_count = wish->asks->len;
	request.taken = answer->taken;
	g_clear_pointer(&answer->quote, till_return_quote_free);
	answer->quote = till_return_quote(&request, error);
	return answer->quote != NULL;
}

static void
add_approval(TillReturnDeskQuote *answer, const char *why)
{
	char *all = *answer->approval_why == '\0'
			? g_strdup(why)
			: g_strdup_printf("%s; %s", answer->approval_why, why);
	g_free(answer->approval_why);
	answer->approval_why = all;
	answer->approval = TRUE;
}

/* What stands against it as a whole. */
static gboolean
judge(TillStore *store, const TillReturnDeskWish *wish, TillReturnDeskQuote *answer, GError **error)
{
	const TillReturnQuote *quote = answer->quote;
	g_autofree char *bare = NULL;
	answer->may = quote->may;
	if (quote->trouble != NULL)
		answer->words = g_strdup(quote->trouble);
	if (quote->approval)
		add_approval(answer, quote->approval_why);
	if (wish->by == TILL_RETURN_BY_NONE) {
		if (!till_return_desk_private_bare(store, answer->policy, wish->customer_id,
						   quote->value_minor, &bare, error))
			return FALSE;
		if (answer->policy->no_receipt_approval)
			add_approval(answer, "no receipt");
	}
	if (bare != NULL) {
		answer->may = FALSE;
		g_free(answer->words);
		answer->words = g_steal_pointer(&bare);
	}
	if (answer->words == NULL)
		answer->words =
		    g_strdup(answer->may ? "" : "Not all of it may come back; see its lines.");
	return TRUE;
}

TillReturnDeskQuote *
till_return_desk_private_quote(TillStore *store, TillReturnDeskWish *wish, GError **error)
{
	TillPriceRules rules = {0};
	TillReturnDeskQuote *answer = g_new0(TillReturnDeskQuote, 1);
	answer->swaps = g_array_new(FALSE, TRUE, sizeof(TillReturnSwap));
	answer->approval_why = g_strdup("");
	answer->policy = till_past_shelf_policy(store, error);
	gboolean is_done = answer->policy != NULL &&
			   till_return_desk_private_refresh(store, &wish->sold, error) &&
			   till_catalog_rules(store, NULL, &rules, error);
	if (is_done) {
		answer->cash_rounding = rules.cash_rounding;
		till_price_rules_clear(&rules);
		answer->taken = wish->taken != NULL ? till_price_copy(wish->taken) : NULL;
		is_done = ask(store, wish, answer, error) &&
			  add_swaps(store, wish, answer, error) &&
			  (answer->swaps->len == 0 || ask(store, wish, answer, error)) &&
			  judge(store, wish, answer, error);
	}
	if (is_done)
		return answer;
	till_return_desk_quote_free(answer);
	return NULL;
}

static gboolean
run_quote(gpointer owner, gpointer data, GError **error)
{
	QuoteJob *job = data;
	job->quote = till_return_desk_private_quote(owner, &job->wish, error);
	return job->quote != NULL;
}

static void
free_quote_job(gpointer data)
{
	QuoteJob *job = data;
	till_return_desk_private_clear(&job->wish);
	till_return_desk_quote_free(job->quote);
	g_free(job);
}

static void
quote_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	QuoteJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->quote) : NULL, error, job->user);
}

TillReturnDeskQuote *
till_return_desk_quote(TillRegister *reg, const TillReturnDeskAsked *asked, GError **error)
{
	QuoteJob *job = g_new0(QuoteJob, 1);
	TillReturnDeskQuote *quote = NULL;
	till_return_desk_private_wish(&job->wish, asked);
	if (till_worker_call(till_store_worker(reg->store), run_quote, job, error))
		quote = g_steal_pointer(&job->quote);
	free_quote_job(job);
	return quote;
}

void
till_return_desk_quote_async(TillRegister *reg, const TillReturnDeskAsked *asked, gpointer receiver,
			     TillReturnDeskQuoteCb cb, gpointer user)
{
	QuoteJob *job = g_new0(QuoteJob, 1);
	till_return_desk_private_wish(&job->wish, asked);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_quote, job, free_quote_job, receiver,
			 quote_done_cb, NULL);
}
