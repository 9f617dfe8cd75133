/* SPDX-License-Identifier: Apache-2.0 */
#include "past-sales.h"

#include <string.h>

#include "json.h"
#include "rules.h"
#include "text.h"

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define DAYS_DEFAULT "90"
#define DAYS_MAX 3650
#define BODY_MAX 65536

gboolean
till_past_sales_limit(TillDb *db, const char *store_code, gint64 now_ms, gint64 *out_ms,
		      GError **error)
{
	g_autofree char *text =
	    till_rules_setting(db, store_code, "past_sale_days", DAYS_DEFAULT, error);
	gint64 days;

	if (text == NULL)
		return FALSE;
	if (!till_text_parse_int(text, 0, DAYS_MAX, &days))
		days = 90;
	*out_ms = days > 0 ? now_ms - days * DAY_MS : G_MAXINT64;
	return TRUE;
}

/* The last digits of the first card; "": none was used, or it has none. */
static const char *
card_digits(const TillSold *sold)
{
	for (guint i = 0; i < sold->payments->len; i++) {
		const TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		gsize size = strlen(payment->reference);
		if (strcmp(payment->kind, "card") != 0 || size < 4)
			continue;
		if (strspn(payment->reference + size - 4, "0123456789") == 4)
			return payment->reference + size - 4;
	}
	return "";
}

static json_t *
make_row(const TillSold *sold)
{
	g_autoptr(json_t) body = till_sold_json(sold);
	gsize size = 0;
	g_autofree char *text = till_json_write(body, &size);
	char txn[TILL_UUID_TEXT];
	json_t *row = json_object();

	till_json_put_text(row, "receipt", *sold->receipt != '\0' ? sold->receipt : sold->order);
	till_json_put_text(row, "txn", till_uuid_format(&sold->txn, txn));
	till_json_put_text(row, "channel", sold->channel);
	till_json_put_int(row, "sold_ms", sold->sold_ms);
	till_json_put_text(row, "customer", sold->customer_id);
	till_json_put_text(row, "customer_name", sold->customer_name);
	till_json_put_text(row, "card_last4", card_digits(sold));
	till_json_put_int(row, "total_minor", sold->priced->total_minor);
	till_json_put_text(row, "body", size <= BODY_MAX ? text : "");
	return row;
}

gboolean
till_past_sales_put(TillChanges *changes, const TillSold *sold, gint64 limit_ms, GError **error)
{
	g_autoptr(json_t) row = NULL;

	if (sold->sold_ms < limit_ms || (*sold->receipt == '\0' && *sold->order == '\0'))
		return TRUE;
	row = make_row(sold);
	return till_changes_put(changes, till_collection_find("past_sale"), row, error);
}

gboolean
till_past_sales_trim(TillChanges *changes, gint64 limit_ms, GError **error)
{
	TillDbQuery *query = till_db_query(
	    changes->db,
	    "SELECT receipt FROM past_sale WHERE scope = ?1 AND sold_ms < ?2 LIMIT ?3");
	g_autoptr(GPtrArray) receipts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_int(query, 2, limit_ms);
	till_db_bind_int(query, 3, TILL_PAST_SALES_TRIM);
	while (till_db_step(query, &local))
		g_ptr_array_add(receipts, g_strdup(till_db_text(query, 0)));
	for (guint i = 0; local == NULL && i < receipts->len; i++) {
		if (!till_changes_delete(changes, till_collection_find("past_sale"),
					 g_ptr_array_index(receipts, i), error))
			return FALSE;
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}
