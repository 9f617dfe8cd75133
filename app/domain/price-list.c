/* SPDX-License-Identifier: Apache-2.0 */
#include "price-list.h"

#include <string.h>

#include "error.h"
#include "money.h"

struct TillPriceList {
	GHashTable *rows;    /* SKU (owned) → GArray of TillPriceRow (owned) */
	GStringChunk *names; /* of lists, each once */
};

static void
free_rows(gpointer data)
{
	g_array_free(data, TRUE);
}

static void
clear_lists(gpointer data)
{
	TillPriceList *lists = data;

	g_hash_table_unref(lists->rows);
	g_string_chunk_free(lists->names);
}

TillPriceList *
till_price_list_new(void)
{
	TillPriceList *lists = g_atomic_rc_box_new0(TillPriceList);

	lists->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rows);
	lists->names = g_string_chunk_new(256);
	return lists;
}

TillPriceList *
till_price_list_ref(TillPriceList *lists)
{
	return g_atomic_rc_box_acquire(lists);
}

void
till_price_list_unref(TillPriceList *lists)
{
	if (lists != NULL)
		g_atomic_rc_box_release_full(lists, clear_lists);
}

static gboolean
check_row(const char *sku, const TillPriceRow *row, GError **error)
{
	if (row->min_quantity_milli >= 0 &&
	    (row->valid_to_ms == 0 || row->valid_to_ms > row->valid_from_ms) &&
	    row->price_minor >= -TILL_MONEY_MAX_MINOR && row->price_minor <= TILL_MONEY_MAX_MINOR)
		return TRUE;
	g_set_error(
	    error, TILL_ERROR, TILL_ERROR_INVALID,
	    "A price of %s in list %s makes no sense; check its quantity, dates and amount.", sku,
	    row->list);
	return FALSE;
}

gboolean
till_price_list_add(TillPriceList *lists, const char *sku, const TillPriceRow *row, GError **error)
{
	GArray *rows = g_hash_table_lookup(lists->rows, sku);
	TillPriceRow copy = *row;

	if (!check_row(sku, row, error))
		return FALSE;
	if (rows == NULL) {
		rows = g_array_new(FALSE, FALSE, sizeof(TillPriceRow));
		g_hash_table_insert(lists->rows, g_strdup(sku), rows);
	}
	copy.list = g_string_chunk_insert_const(lists->names, row->list);
	g_array_append_val(rows, copy);
	return TRUE;
}

static gboolean
counts(const TillPriceRow *row, const char *list, gint64 quantity_milli, gint64 now_ms)
{
	return row->min_quantity_milli <= quantity_milli && row->valid_from_ms <= now_ms &&
	       (row->valid_to_ms == 0 || row->valid_to_ms > now_ms) && strcmp(row->list, list) == 0;
}

static gboolean
is_better(const TillPriceRow *row, const TillPriceRow *than)
{
	if (than == NULL)
		return TRUE;
	if (row->min_quantity_milli != than->min_quantity_milli)
		return row->min_quantity_milli > than->min_quantity_milli;
	if (row->valid_from_ms != than->valid_from_ms)
		return row->valid_from_ms > than->valid_from_ms;
	return row->price_minor < than->price_minor;
}

const TillPriceRow *
till_price_list_find(const TillPriceList *lists, const char *sku, gint64 quantity_milli,
		     gint64 now_ms, const char *const *order)
{
	const GArray *rows = g_hash_table_lookup(lists->rows, sku);
	const TillPriceRow *best = NULL;

	for (guint l = 0; rows != NULL && best == NULL && order[l] != NULL; l++) {
		for (guint i = 0; i < rows->len; i++) {
			const TillPriceRow *row = &g_array_index(rows, TillPriceRow, i);
			if (counts(row, order[l], quantity_milli, now_ms) && is_better(row, best))
				best = row;
		}
	}
	return best;
}

const TillPriceRow *
till_price_list_rows(const TillPriceList *lists, const char *sku, guint *out_count)
{
	const GArray *rows = g_hash_table_lookup(lists->rows, sku);

	*out_count = rows != NULL ? rows->len : 0;
	return rows != NULL ? (const TillPriceRow *)(gconstpointer)rows->data : NULL;
}

char **
till_price_list_order(const char *const *groups, const char *store)
{
	GPtrArray *order = g_ptr_array_new();

	for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
		g_ptr_array_add(order, g_strdup_printf("group:%s", groups[i]));
	if (store != NULL)
		g_ptr_array_add(order, g_strdup_printf("store:%s", store));
	g_ptr_array_add(order, g_strdup(TILL_PRICE_LIST_BASE));
	g_ptr_array_add(order, NULL);
	return (char **)g_ptr_array_free(order, FALSE);
}
