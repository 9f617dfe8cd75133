/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#define STOCK_FEW_MILLI 3000 /* from here down the stock is worth a word */

char *
till_session_search_stock(TillSession *self, const TillItem *item, gint64 wanted_milli)
{
	g_autofree char *left = NULL;

	if (!item->has_stock || item->weighed)
		return NULL;
	if (item->stock_milli <= 0)
		return g_strdup("None left in store");
	if (item->stock_milli > STOCK_FEW_MILLI && item->stock_milli >= wanted_milli)
		return NULL;
	left = till_format_item_quantity(self->format, item, item->stock_milli);
	return g_strdup_printf(
	    item->stock_milli < wanted_milli ? "Only %s in store" : "Last %s in store", left);
}

TillRowItem *
till_session_search_row(TillSession *self, const TillItem *item)
{
	TillRowItem *row = till_row_item_new(0, item);
	g_autofree char *title = till_item_title(item);
	g_autofree char *detail = NULL;
	g_autofree char *price = NULL;
	g_autofree char *chip = till_session_search_stock(self, item, 0);

	if (item->category[0] != '\0')
		detail = g_strdup_printf("SKU %s · %s", item->sku, item->category);
	else
		detail = g_strdup_printf("SKU %s", item->sku);
	if (item->has_price) {
		g_autofree char *money = till_format_money(self->format, item->price_minor);

		price = item->weighed ? g_strdup_printf("%s / %s", money, item->unit)
				      : g_steal_pointer(&money);
	}
	till_row_item_set(row, TILL_ROW_TITLE, title);
	till_row_item_set(row, TILL_ROW_DETAIL, detail);
	till_row_item_set(row, TILL_ROW_TOTAL, price ? price : "No price");
	till_row_item_set(row, TILL_ROW_CHIP, chip);
	return row;
}

GListModel *
till_session_search_results(TillSession *self)
{
	return G_LIST_MODEL(self->results);
}

static void
results_cb(GPtrArray *items, const GError *error, gpointer user)
{
	TillSession *self = user;

	/* Answers come in the order of the questions: only the last one is still wanted. */
	self->searches--;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	if (error == NULL && self->searches == 0 && self->searching && self->format != NULL) {
		g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_object_unref);

		for (guint i = 0; i < items->len; i++)
			g_ptr_array_add(rows,
					till_session_search_row(self, g_ptr_array_index(items, i)));
		g_list_store_splice(self->results, 0,
				    g_list_model_get_n_items(G_LIST_MODEL(self->results)),
				    rows->pdata, rows->len);
	}
	g_clear_pointer(&items, g_ptr_array_unref);
}

void
till_session_search_run(TillSession *self, const char *query)
{
	self->searching = *query != '\0';
	if (!self->searching) {
		g_list_store_remove_all(self->results);
		return;
	}
	self->searches++;
	till_register_search_async(self->reg, query, TILL_SESSION_RESULTS_MAX, self, results_cb,
				   self);
}

static void
add_result(TillSession *self, guint position)
{
	g_autoptr(TillRowItem) row = g_list_model_get_item(G_LIST_MODEL(self->results), position);

	if (row != NULL)
		till_session_scan_item(self, till_row_item_get_item(row), "");
}

static void
typed_cb(TillRegisterFound *found, const GError *error, gpointer user)
{
	TillSession *self = user;
	g_autofree char *text = g_steal_pointer(&self->typed);
	guint count = g_list_model_get_n_items(G_LIST_MODEL(self->results));

	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (found->item != NULL)
		till_session_scan_item(self, found->item, found->text);
	else if (self->typed_position < count)
		add_result(self, self->typed_position);
	else
		till_session_notice(self, TILL_NOTICE_UNKNOWN, FALSE,
				    "Nothing matches “%s”. Try fewer letters or another word.",
				    text);
	g_clear_pointer(&found, till_register_found_free);
}

void
till_session_search_enter(TillSession *self, const char *text, guint position)
{
	if (*text == '\0' || self->typed != NULL || self->phase == TILL_PHASE_BUSY)
		return;
	self->typed = g_strdup(text);
	self->typed_position = position;
	till_register_find_async(self->reg, text, self, typed_cb, self);
}
