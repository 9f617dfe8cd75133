/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "error.h"
#include "json.h"
#include "money.h"
#include "sold-book.h"
#include "text.h"

/* Finding what was sold, to take it back: by receipt, customer, item, or amount and time. */

#define PAGE_DEFAULT 20
#define PAGE_MAX 50
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999)

/* A parameter that is a whole number; fallback when absent. FALSE: response holds the problem. */
static gboolean
read_number(const TillRequest *request, const char *name, gint64 max, gint64 fallback, gint64 *out,
	    TillResponse *response)
{
	const char *text = till_request_query(request, name);

	*out = fallback;
	if (*text == '\0' || till_text_parse_int(text, 0, max, out))
		return TRUE;
	till_response_problem(response, TILL_PROBLEM_INVALID,
			      "%s is a whole number from 0 to %" G_GINT64_FORMAT ".", name, max);
	return FALSE;
}

static gboolean
read_question(const TillRequest *request, TillSoldBookQuestion *out, TillResponse *response)
{
	gint64 limit;

	*out = (TillSoldBookQuestion){.receipt = till_request_query(request, "receipt"),
				      .customer = till_request_query(request, "customer"),
				      .sku = till_request_query(request, "sku")};
	if (!read_number(request, "amount", TILL_MONEY_MAX_MINOR, 0, &out->amount_minor,
			 response) ||
	    !read_number(request, "from", TIME_MAX_MS, 0, &out->from_ms, response) ||
	    !read_number(request, "to", TIME_MAX_MS, 0, &out->to_ms, response) ||
	    !read_number(request, "before", TIME_MAX_MS, 0, &out->before_ms, response) ||
	    !read_number(request, "limit", PAGE_MAX, PAGE_DEFAULT, &limit, response))
		return FALSE;
	out->limit = (guint)MAX(limit, 1);
	if (*out->receipt != '\0' || *out->customer != '\0' || *out->sku != '\0' ||
	    *till_request_query(request, "amount") != '\0')
		return TRUE;
	till_response_problem(response, TILL_PROBLEM_INVALID,
			      "Say what to look for: receipt, customer, sku, or amount.");
	return FALSE;
}

/* Whoever holds a gift receipt is told neither prices nor names. */
static json_t *
tell_gift(const TillSold *sold)
{
	json_t *object = json_object();
	json_t *lines = json_array();
	char txn[TILL_UUID_TEXT];

	till_json_put_text(object, "kind", till_sold_kind_name(sold->kind));
	till_json_put_text(object, "txn", till_uuid_format(&sold->txn, txn));
	till_json_put_text(object, "receipt", sold->receipt);
	till_json_put_text(object, "channel", sold->channel);
	till_json_put_text(object, "store", sold->store);
	till_json_put_int(object, "sold_ms", sold->sold_ms);
	till_json_put_bool(object, "gift", TRUE);
	for (guint i = 0; i < sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		json_t *row = json_object();
		till_json_put_int(row, "line", line->line_id);
		till_json_put_text(row, "sku", line->item->sku);
		till_json_put_text(row, "name", line->item->name);
		till_json_put_text(row, "variant", line->item->variant);
		till_json_put_int(row, "quantity_milli", line->quantity_milli);
		till_json_put_int(row, "back_milli", sold->back_milli[i]);
		json_array_append_new(lines, row);
	}
	json_object_set_new(object, "lines", lines);
	return object;
}

gboolean
till_sales_api_find(TillCentral *central, TillRequest *request, TillResponse *response)
{
	gboolean gift = strcmp(till_request_query(request, "gift"), "1") == 0;
	g_autoptr(GPtrArray) list = NULL;
	g_autoptr(GError) error = NULL;
	TillSoldBookQuestion question;
	gint64 before = 0;
	json_t *answer, *sales;

	if (!read_question(request, &question, response))
		return TRUE;
	if (gift && *question.receipt == '\0') {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "A gift receipt is found by its number only: receipt.");
		return TRUE;
	}
	list = till_sold_book_list(central->db, &question, &before, &error);
	if (list == NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = json_object();
	sales = json_array();
	for (guint i = 0; i < list->len; i++) {
		const TillSold *sold = g_ptr_array_index(list, i);
		json_array_append_new(sales, gift ? tell_gift(sold) : till_sold_json(sold));
	}
	json_object_set_new(answer, "sales", sales);
	if (before > 0)
		till_json_put_int(answer, "before", before);
	till_response_json(response, answer);
	return TRUE;
}
