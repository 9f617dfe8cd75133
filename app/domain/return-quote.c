/* SPDX-License-Identifier: Apache-2.0 */
#include "return-quote.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "quantity.h"
#include "refund.h"
#include "return-pay.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)

typedef struct {
	const TillReturnRequest *request;
	TillReturnQuote *quote;
	gint64 *accepted_milli; /* per line of the source: by asks before */
	gint64 value_minor[3];  /* per TillReturnAs */
	GString *why;           /* an approval is needed */
} Work;

void
till_return_quote_line_free(gpointer data)
{
	TillReturnLine *line = data;

	if (line == NULL)
		return;
	g_free(line->refusal);
	g_free(line);
}

void
till_return_quote_free(TillReturnQuote *quote)
{
	if (quote == NULL)
		return;
	g_ptr_array_unref(quote->lines);
	g_ptr_array_unref(quote->parts);
	g_ptr_array_unref(quote->carried);
	g_ptr_array_unref(quote->refunds);
	till_price_free(quote->given);
	g_free(quote->approval_why);
	g_free(quote->trouble);
	g_free(quote);
}

/* --- one line --- */

static gint64
count_days(const TillReturnRequest *request)
{
	gint64 since = MAX(request->sold->sold_ms, request->sold->delivered_ms);

	/* A clock that was set back does not make a sale of tomorrow. */
	return MAX(request->now_ms - since, 0) / DAY_MS;
}

/* The policy's answer about a part, by what today's catalogue says the goods are. */
static TillReturnAnswer
judge(const TillReturnRequest *request, const TillPricedLine *part, TillReturnCondition condition)
{
	g_autoptr(TillItem) item =
	    request->find_item != NULL ? request->find_item(request->user, part->item->sku) : NULL;
	const TillItem *known = item != NULL ? item : part->item;
	g_auto(GStrv) tags = g_strsplit(known->tags, ",", -1);
	const char *const categories[] = {known->category, NULL};
	TillPromoLine goods = {.sku = part->item->sku,
			       .style = known->style,
			       .brand = known->brand,
			       .tags = (const char *const *)tags,
			       .categories = categories,
			       .unit_minor = part->unit_minor,
			       .quantity_milli = part->quantity_milli,
			       .weighed = part->item->weighed,
			       .amount_minor = MAX(part->total_minor, 0),
			       .reduced = part->discount_minor > 0};
	TillReturnQuestion question = {.goods = &goods,
				       .condition = condition,
				       .receipt = request->by,
				       .channel = request->sold->channel,
				       .days = count_days(request),
				       .amount_minor = part->total_minor,
				       .offline = request->offline};

	return till_return_policy_judge(request->policy, &question);
}

static gint64
find_left(const Work *work, guint index)
{
	const TillPricedLine *sold = g_ptr_array_index(work->request->sold->priced->lines, index);

	return sold->quantity_milli - work->request->sold->back_milli[index] -
	       work->accepted_milli[index];
}

/* The part of a line that is asked for, as a line of out. */
static TillRefundResult
take_part(const Work *work, guint index, gint64 milli, TillPriced *out)
{
	const TillPricedLine *sold = g_ptr_array_index(work->request->sold->priced->lines, index);
	g_autoptr(TillRefundLine) line = till_refund_line_new(sold);
	gint64 before = work->request->sold->back_milli[index] + work->accepted_milli[index];

	if (before > 0 && till_refund_line_take(line, before, NULL) != TILL_REFUND_OK)
		return TILL_REFUND_GONE;
	return till_refund_line_take(line, milli, out);
}

static TillReturnLine *
look_at(const Work *work, const TillReturnAsk *ask, guint index, TillPriced *out)
{
	TillReturnLine *line = g_new0(TillReturnLine, 1);
	TillRefundResult result;

	line->line = ask->line;
	line->left_milli = find_left(work, index);
	line->days = count_days(work->request);
	result = take_part(work, index, ask->milli, out);
	if (result != TILL_REFUND_OK) {
		line->refusal = g_strdup(till_refund_words(result));
		return line;
	}
	const TillPricedLine *part = g_ptr_array_index(out->lines, out->lines->len - 1);
	line->amount_minor = part->total_minor;
	line->answer = judge(work->request, part, ask->condition);
	line->disposition = ask->is_disposed ? ask->disposition : line->answer.disposition;
	if (!line->answer.allow)
		line->refusal = g_strdup(line->answer.words);
	else if (line->answer.reason && (ask->reason == NULL || *ask->reason == '\0'))
		line->refusal = g_strdup("Choose why it comes back.");
	return line;
}

/* --- all lines --- */

static void
note_approval(Work *work, const TillReturnAnswer *answer)
{
	g_autofree char *words = NULL;

	if (!answer->approval)
		return;
	words = g_strdup_printf("%s %s", answer->row->id, answer->words);
	if (strstr(work->why->str, words) != NULL)
		return;
	g_string_append_printf(work->why, "%s%s", work->why->len > 0 ? "; " : "", words);
}

/* The part joins what is given back under a number of its own. */
static void
accept_part(Work *work, const TillReturnAsk *ask, guint index, const TillReturnLine *line,
	    TillPriced *out)
{
	TillPricedLine *part = g_ptr_array_steal_index(out->lines, out->lines->len - 1);
	TillReturnPart *record = g_new0(TillReturnPart, 1);

	part->line_id = work->quote->given->lines->len + 1;
	g_ptr_array_add(work->quote->given->lines, part);
	work->accepted_milli[index] += ask->milli;
	*record = (TillReturnPart){.line = part->line_id,
				   .of = ask->line,
				   .condition = ask->condition,
				   .disposition = line->disposition,
				   .reason = g_strdup(ask->reason != NULL ? ask->reason : ""),
				   .row = g_strdup(line->answer.row->id),
				   .words = g_strdup(line->answer.words),
				   .fee_minor = line->answer.fee_minor};
	g_ptr_array_add(work->quote->parts, record);
	work->quote->fee_minor += line->answer.fee_minor;
	work->value_minor[work->request->as_credit && line->answer.as == TILL_RETURN_AS_ORIGINAL
			      ? TILL_RETURN_AS_CREDIT
			      : line->answer.as] += part->total_minor - line->answer.fee_minor;
	note_approval(work, &line->answer);
}

static gboolean
answer_ask(Work *work, const TillReturnAsk *ask, GError **error)
{
	int index = till_sold_find_line(work->request->sold, ask->line);
	g_autoptr(TillPriced) out = NULL;
	TillReturnLine *line;

	if (index < 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Line %u is not on this sale; find the sale again.", ask->line);
		return FALSE;
	}
	out = till_price_new(work->request->sold->priced->currency);
	line = look_at(work, ask, (guint)index, out);
	g_ptr_array_add(work->quote->lines, line);
	if (line->refusal == NULL)
		accept_part(work, ask, (guint)index, line, out);
	else
		work->quote->may = FALSE;
	return TRUE;
}

static TillReturnQuote *
new_quote(const TillReturnRequest *request)
{
	TillReturnQuote *quote = g_new0(TillReturnQuote, 1);

	quote->lines = g_ptr_array_new_with_free_func(till_return_quote_line_free);
	quote->parts = till_return_parts_new();
	quote->given = till_price_new(request->sold->priced->currency);
	quote->may = TRUE;
	return quote;
}

static void
finish(Work *work)
{
	TillReturnQuote *quote = work->quote;
	TillReturnPay pay = {.sold = work->request->sold,
			     .policy = work->request->policy,
			     .cash_rounding = work->request->cash_rounding,
			     .taken_minor = quote->taken_minor,
			     .original_minor = work->value_minor[TILL_RETURN_AS_ORIGINAL],
			     .credit_minor = work->value_minor[TILL_RETURN_AS_CREDIT],
			     .exchange_minor = work->value_minor[TILL_RETURN_AS_EXCHANGE]};
	TillReturnPaid paid = till_return_pay(&pay);

	quote->value_minor = quote->given->total_minor - quote->fee_minor;
	quote->carried = paid.carried;
	quote->refunds = paid.refunds;
	quote->give_minor = paid.give_minor;
	quote->pay_minor = paid.pay_minor;
	quote->lost_minor = paid.lost_minor;
	if (paid.lost_minor > 0)
		quote->trouble = g_strdup(
		    "Some of this can only be exchanged. Take more goods, or bring less back.");
	if (paid.unpaid_minor > 0)
		quote->trouble = g_strdup("More than was paid would go back. Take back less, or "
					  "cancel the order line.");
	if (paid.approval) {
		g_string_append(work->why, work->why->len > 0 ? "; " : "");
		g_string_append(work->why, "cash above what one person may give");
	}
	quote->may = quote->may && quote->trouble == NULL;
	quote->approval = work->why->len > 0;
}

TillReturnQuote *
till_return_quote(const TillReturnRequest *request, GError **error)
{
	g_autoptr(TillReturnQuote) quote = NULL;
	g_autofree gint64 *accepted = g_new0(gint64, MAX(request->sold->priced->lines->len, 1));
	g_autoptr(GString) why = g_string_new(NULL);
	Work work = {.request = request, .accepted_milli = accepted, .why = why};

	if (request->ask_count == 0 || request->ask_count > TILL_RETURN_ASKS_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Choose what comes back: from one line to %d.", TILL_RETURN_ASKS_MAX);
		return NULL;
	}
	quote = work.quote = new_quote(request);
	quote->carried = till_return_refunds_new();
	quote->refunds = till_return_refunds_new();
	for (guint i = 0; i < request->ask_count; i++) {
		if (!answer_ask(&work, &request->asks[i], error))
			return NULL;
	}
	if (!till_price_sum(quote->given, error))
		return NULL;
	if (request->taken != NULL)
		quote->taken_minor = request->taken->total_minor;
	g_ptr_array_unref(quote->carried);
	g_ptr_array_unref(quote->refunds);
	finish(&work);
	quote->approval_why = g_string_free(g_steal_pointer(&why), FALSE);
	return g_steal_pointer(&quote);
}

TillReturnLine *
till_return_quote_line(const TillReturnRequest *request, guint index)
{
	const TillPricedLine *sold = g_ptr_array_index(request->sold->priced->lines, index);
	g_autofree gint64 *accepted = g_new0(gint64, request->sold->priced->lines->len);
	Work work = {.request = request, .accepted_milli = accepted};
	g_autoptr(TillPriced) out = till_price_new(request->sold->priced->currency);
	gint64 left = find_left(&work, index);
	TillReturnAsk ask = {.line = sold->line_id,
			     .milli = sold->item->weighed ? left : MIN(left, TILL_QUANTITY_ONE),
			     .condition = TILL_RETURN_NEW,
			     .reason = "not asked yet"};

	return look_at(&work, &ask, index, out);
}

void
till_return_quote_swap(TillPriced *taken, const TillPricedLine *returned, TillItem *item,
		       const char *code)
{
	TillPricedLine *line = till_price_append_line(taken);

	line->line_id = taken->lines->len;
	line->item = till_item_ref(item);
	line->code = g_strdup(code);
	line->note = g_strdup("");
	line->quantity_milli = returned->quantity_milli;
	line->unit_minor = returned->unit_minor;
	line->list_minor = returned->list_minor;
	line->discount_minor = returned->discount_minor;
	line->tax_minor = returned->tax_minor;
	line->total_minor = returned->total_minor;
	for (guint i = 0; i < returned->taxes->len; i++)
		till_price_append_tax(line->taxes,
				      &g_array_index(returned->taxes, TillPricedTax, i));
	for (guint i = 0; i < returned->discounts->len; i++)
		till_price_append_discount(
		    line->discounts, &g_array_index(returned->discounts, TillPricedDiscount, i));
}

/* --- as JSON --- */

static json_t *
write_line(const TillReturnLine *line)
{
	const TillReturnRow *row = line->answer.row;
	json_t *object = json_object();

	till_json_put_int(object, "line", line->line);
	till_json_put_int(object, "left_milli", line->left_milli);
	till_json_put_int(object, "days", line->days);
	till_json_put_bool(object, "allow", line->refusal == NULL);
	if (line->refusal != NULL)
		till_json_put_text(object, "refusal", line->refusal);
	till_json_put_int(object, "amount_minor", line->amount_minor);
	till_json_put_int(object, "fee_minor", line->answer.fee_minor);
	till_json_put_text(object, "as", till_return_as_names[line->answer.as]);
	till_json_put_bool(object, "approval", line->answer.approval);
	till_json_put_text(object, "row", row != NULL ? row->id : "");
	till_json_put_text(object, "words", line->answer.words);
	till_json_put_text(object, "disposition", till_return_disposition_names[line->disposition]);
	return object;
}

json_t *
till_return_quote_json(const TillReturnQuote *quote)
{
	json_t *object = json_object();
	json_t *lines = json_array();

	for (guint i = 0; i < quote->lines->len; i++)
		json_array_append_new(lines, write_line(g_ptr_array_index(quote->lines, i)));
	json_object_set_new(object, "lines", lines);
	till_json_put_int(object, "returned_minor", quote->given->total_minor);
	till_json_put_int(object, "tax_minor", quote->given->tax_minor);
	till_json_put_int(object, "discount_minor", quote->given->discount_minor);
	till_json_put_int(object, "fee_minor", quote->fee_minor);
	till_json_put_int(object, "value_minor", quote->value_minor);
	till_json_put_int(object, "taken_minor", quote->taken_minor);
	till_json_put_int(object, "give_minor", quote->give_minor);
	till_json_put_int(object, "pay_minor", quote->pay_minor);
	json_object_set_new(object, "refunds", till_return_refunds_json(quote->refunds));
	json_object_set_new(object, "carried", till_return_refunds_json(quote->carried));
	till_json_put_bool(object, "may", quote->may);
	if (quote->trouble != NULL)
		till_json_put_text(object, "trouble", quote->trouble);
	till_json_put_bool(object, "approval", quote->approval);
	till_json_put_text(object, "approval_why", quote->approval_why);
	return object;
}
