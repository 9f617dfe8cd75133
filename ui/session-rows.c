/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#include <string.h>

#include "money.h"
#include "quantity.h"

/* What the screen shows of the basket: a row for each line, kept in step with it, and the totals.
 */

#define GROUP_LIST "group:" /* a price list for members of a group */

static char *
describe_line(TillSession *self, const TillBasketLine *line, gint64 unit_minor)
{
	g_autofree char *quantity = NULL;
	g_autofree char *price = NULL;

	if (!line->item->weighed)
		return g_strdup_printf("SKU %s", line->item->sku);
	quantity = till_format_item_quantity(self->format, line->item, line->quantity_milli);
	price = till_format_money(self->format, unit_minor);
	return g_strdup_printf("%s × %s / %s", quantity, price, line->item->unit);
}

char *
till_session_manual_words(TillSession *self, const TillManual *manual)
{
	g_autofree char *figure = NULL;
	g_autofree char *reason = till_format_capital(manual->reason ? manual->reason : "");

	switch (manual->kind) {
	case TILL_MANUAL_NONE:
		return NULL;
	case TILL_MANUAL_PRICE:
		return g_strdup_printf("Price by hand · %s", reason);
	case TILL_MANUAL_AMOUNT:
		figure = till_format_money(self->format, manual->value);
		return g_strdup_printf("%s off · %s", figure, reason);
	case TILL_MANUAL_PERCENT:
		figure = till_format_percent(self->format, manual->value);
		return g_strdup_printf("%s off · %s", figure, reason);
	}
	g_assert_not_reached();
}

/* The price of one unit that the shopper does not pay: the one a person replaced, or the shop's
 * where a member's is lower. FALSE when there is none. */
static gboolean
find_other_price(const TillBasketLine *line, const TillPricedLine *priced, gint64 *out_minor)
{
	if (priced->manual.kind == TILL_MANUAL_PRICE)
		*out_minor = priced->manual.original_minor;
	else
		*out_minor = line->item->price_minor;
	return *out_minor > priced->unit_minor ||
	       (priced->manual.kind == TILL_MANUAL_PRICE && *out_minor != priced->unit_minor);
}

static gint64
times(TillSession *self, gint64 unit_minor, gint64 quantity_milli)
{
	gint64 minor = 0;

	return till_money_times_quantity(unit_minor, quantity_milli, self->shop->rules.rounding,
					 &minor)
		   ? minor
		   : 0;
}

/* "Gold price", where a group's list gave the price. */
static char *
describe_list(const TillPricedLine *line)
{
	const char *list = line->item->price_list;
	g_autofree char *group = NULL;

	if (line->manual.kind == TILL_MANUAL_PRICE || list == NULL ||
	    !g_str_has_prefix(list, GROUP_LIST))
		return NULL;
	group = till_format_capital(list + strlen(GROUP_LIST));
	return g_strdup_printf("%s price", group);
}

static void
fill_reasons(TillRowItem *row, const TillPricedLine *line)
{
	g_autoptr(GPtrArray) reasons = g_ptr_array_new();
	g_autofree char *list = describe_list(line);

	if (list != NULL)
		g_ptr_array_add(reasons, list);
	for (guint i = 0; i < line->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(line->discounts, TillPricedDiscount, i);

		if (!g_str_has_prefix(discount->promotion, TILL_PRICE_MANUAL_PREFIX))
			g_ptr_array_add(reasons, discount->name);
	}
	g_ptr_array_add(reasons, NULL);
	till_row_item_set_reasons(row, (char **)reasons->pdata);
}

/* As shown on the shelf: tax on top stands in the totals. */
static void
fill_prices(TillSession *self, TillRowItem *row, const TillBasketLine *line,
	    const TillPricedLine *priced)
{
	g_autofree char *price = till_format_money(self->format, priced->unit_minor);
	gint64 left_minor = priced->list_minor - priced->discount_minor;
	g_autofree char *total = till_format_money(self->format, left_minor);
	gint64 full_minor = priced->list_minor;
	g_autofree char *was_price = NULL;
	g_autofree char *was_total = NULL;
	gint64 other_minor;

	if (find_other_price(line, priced, &other_minor)) {
		was_price = till_format_money(self->format, other_minor);
		full_minor = times(self, other_minor, priced->quantity_milli);
	}
	if (full_minor > left_minor)
		was_total = till_format_money(self->format, full_minor);
	till_row_item_set(row, TILL_ROW_PRICE, price);
	till_row_item_set(row, TILL_ROW_TOTAL, total);
	till_row_item_set(row, TILL_ROW_WAS_PRICE, was_price);
	till_row_item_set(row, TILL_ROW_WAS_TOTAL, was_total);
}

static void
fill_row(TillSession *self, TillRowItem *row, const TillBasketLine *line,
	 const TillPricedLine *priced)
{
	g_autofree char *title = till_item_title(line->item);
	g_autofree char *detail =
	    describe_line(self, line, priced ? priced->unit_minor : line->item->price_minor);
	g_autofree char *quantity =
	    till_format_item_quantity(self->format, line->item, line->quantity_milli);
	g_autofree char *chip = till_session_search_stock(self, line->item, line->quantity_milli);
	g_autofree char *hand = till_session_manual_words(self, &line->manual);

	till_row_item_set(row, TILL_ROW_TITLE, title);
	till_row_item_set(row, TILL_ROW_DETAIL, detail);
	till_row_item_set(row, TILL_ROW_QUANTITY, quantity);
	till_row_item_set(row, TILL_ROW_CHIP, chip);
	till_row_item_set(row, TILL_ROW_HAND, hand);
	till_row_item_set(row, TILL_ROW_NOTE, line->note);
	if (priced != NULL) {
		fill_prices(self, row, line, priced);
		fill_reasons(row, priced);
		return;
	}
	till_row_item_set(row, TILL_ROW_PRICE, "—");
	till_row_item_set(row, TILL_ROW_TOTAL, "—");
	till_row_item_set(row, TILL_ROW_WAS_PRICE, NULL);
	till_row_item_set(row, TILL_ROW_WAS_TOTAL, NULL);
	till_row_item_set_reasons(row, NULL);
}

static TillRowItem *
get_row(TillSession *self, guint index)
{
	g_autoptr(TillRowItem) row = g_list_model_get_item(G_LIST_MODEL(self->lines), index);

	return row; /* the store keeps it alive */
}

/* Rows of lines that are gone leave one by one, so that the list does not jump. */
static void
drop_voided(TillSession *self, guint index, guint wanted_id)
{
	TillRowItem *row = get_row(self, index);

	while (row != NULL && till_row_item_get_id(row) != wanted_id &&
	       till_basket_find(self->basket, till_row_item_get_id(row)) == NULL) {
		g_list_store_remove(self->lines, index);
		row = get_row(self, index);
	}
}

static void
update_rows(TillSession *self)
{
	guint count = till_basket_count(self->basket);

	for (guint i = 0; i < count; i++) {
		const TillBasketLine *line = till_basket_line(self->basket, i);
		const TillPricedLine *priced =
		    self->priced ? g_ptr_array_index(self->priced->lines, i) : NULL;
		TillRowItem *row;

		drop_voided(self, i, line->id);
		row = get_row(self, i);
		if (row == NULL || till_row_item_get_id(row) != line->id ||
		    till_row_item_get_item(row) != line->item) {
			g_autoptr(TillRowItem) fresh = till_row_item_new(line->id, line->item);

			fill_row(self, fresh, line, priced);
			g_list_store_insert(self->lines, i, fresh);
			continue;
		}
		fill_row(self, row, line, priced);
	}
	if (g_list_model_get_n_items(G_LIST_MODEL(self->lines)) > count)
		g_list_store_splice(self->lines, count,
				    g_list_model_get_n_items(G_LIST_MODEL(self->lines)) - count,
				    NULL, 0);
}

/* What the shopper does not pay: discounts, and prices below those of the shop. */
static gint64
sum_savings(TillSession *self)
{
	gint64 saved_minor = self->priced->discount_minor;

	for (guint i = 0; i < self->priced->lines->len; i++) {
		const TillPricedLine *priced = g_ptr_array_index(self->priced->lines, i);
		gint64 other_minor;

		if (find_other_price(till_basket_line(self->basket, i), priced, &other_minor))
			saved_minor +=
			    times(self, other_minor, priced->quantity_milli) - priced->list_minor;
	}
	return saved_minor;
}

static void
update_savings(TillSession *self)
{
	gint64 saved_minor = sum_savings(self);
	g_autofree char *saved = till_format_money(self->format, saved_minor);

	till_session_take_text(self, TILL_TEXT_SAVED,
			       saved_minor > 0 ? g_strdup_printf("You save %s", saved) : NULL);
}

static void
update_totals(TillSession *self)
{
	gint64 pieces;

	if (self->priced == NULL) {
		till_session_set_text(self, TILL_TEXT_SUBTOTAL, "—");
		till_session_set_text(self, TILL_TEXT_TOTAL, "—");
		till_session_set_text(self, TILL_TEXT_SAVED, NULL);
		return;
	}
	pieces = self->priced->items_milli / TILL_QUANTITY_ONE;
	till_session_take_text(self, TILL_TEXT_SUBTOTAL_LABEL,
			       g_strdup_printf("Subtotal · %" G_GINT64_FORMAT " %s", pieces,
					       pieces == 1 ? "item" : "items"));
	till_session_take_text(self, TILL_TEXT_SUBTOTAL,
			       till_format_money(self->format, self->priced->list_minor));
	till_session_take_text(self, TILL_TEXT_TOTAL,
			       till_format_money(self->format, self->priced->total_minor));
	update_savings(self);
}

void
till_session_rows_update(TillSession *self)
{
	self->updating = TRUE;
	update_rows(self);
	self->updating = FALSE;
	update_totals(self);
}
