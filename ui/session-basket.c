/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#include <string.h>

#include "quantity.h"

/* ---- what the screen shows of the basket ---- */

static char *
describe_line(TillSession *self, const TillBasketLine *line)
{
	g_autofree char *quantity = NULL;
	g_autofree char *price = NULL;

	if (!line->item->weighed)
		return g_strdup_printf("SKU %s", line->item->sku);
	quantity = till_format_item_quantity(self->format, line->item, line->quantity_milli);
	price = till_format_money(self->format, line->item->price_minor);
	return g_strdup_printf("%s × %s / %s", quantity, price, line->item->unit);
}

static void
fill_row(TillSession *self, TillRowItem *row, const TillBasketLine *line,
	 const TillPricedLine *priced)
{
	g_autofree char *title = till_item_title(line->item);
	g_autofree char *detail = describe_line(self, line);
	g_autofree char *quantity =
	    till_format_item_quantity(self->format, line->item, line->quantity_milli);
	g_autofree char *chip = till_session_search_stock(self, line->item, line->quantity_milli);
	g_autofree char *price = NULL;
	g_autofree char *total = NULL;

	if (priced != NULL) {
		price = till_format_money(self->format, priced->unit_minor);
		/* As shown on the shelf: tax on top stands in the totals. */
		total =
		    till_format_money(self->format, priced->list_minor - priced->discount_minor);
	}
	till_row_item_set(row, TILL_ROW_TITLE, title);
	till_row_item_set(row, TILL_ROW_DETAIL, detail);
	till_row_item_set(row, TILL_ROW_QUANTITY, quantity);
	till_row_item_set(row, TILL_ROW_PRICE, price ? price : "—");
	till_row_item_set(row, TILL_ROW_TOTAL, total ? total : "—");
	till_row_item_set(row, TILL_ROW_CHIP, chip);
	till_row_item_set(row, TILL_ROW_NOTE, line->note);
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

static void
update_totals(TillSession *self)
{
	gint64 pieces;

	if (self->priced == NULL) {
		till_session_set_text(self, TILL_TEXT_SUBTOTAL, "—");
		till_session_set_text(self, TILL_TEXT_TOTAL, "—");
		return;
	}
	pieces = self->priced->items_milli / TILL_QUANTITY_ONE;
	till_session_take_text(self, TILL_TEXT_SUBTOTAL_LABEL,
			       g_strdup_printf("Subtotal · %" G_GINT64_FORMAT " %s", pieces,
					       pieces == 1 ? "item" : "items"));
	till_session_take_text(self, TILL_TEXT_SUBTOTAL,
			       till_format_money(self->format, self->priced->list_minor -
								   self->priced->discount_minor));
	till_session_take_text(self, TILL_TEXT_TOTAL,
			       till_format_money(self->format, self->priced->total_minor));
}

void
till_session_basket_changed(TillSession *self)
{
	g_autoptr(GError) error = NULL;

	/* Another basket is another sale. */
	self->has_txn = FALSE;
	if (self->shop == NULL)
		return;
	g_clear_pointer(&self->priced, till_price_free);
	self->priced = till_price_basket(self->basket, &self->shop->rules, &error);
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	if (till_basket_count(self->basket) == 0 && self->cleared == NULL)
		self->opened_ms = 0;
	self->updating = TRUE;
	update_rows(self);
	self->updating = FALSE;
	update_totals(self);
	till_session_set_phase(self, self->phase);
}

void
till_session_basket_take(TillSession *self, TillBasket *basket)
{
	till_basket_free(self->basket);
	self->basket = basket;
	self->undo_line = FALSE;
	self->selected_id = 0;
	self->opened_ms = 0;
	if (till_basket_count(basket) > 0) {
		self->selected_id = till_basket_line(basket, till_basket_count(basket) - 1)->id;
		self->opened_ms = till_clock_wall_ms(self->clock);
	}
	self->updating = TRUE;
	g_list_store_remove_all(self->lines);
	till_session_basket_changed(self);
}

gboolean
till_session_basket_told(TillSession *self, TillBasketResult result, const char *title)
{
	if (result == TILL_BASKET_OK)
		return TRUE;
	till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s: %s", title,
			    till_basket_words(result));
	return FALSE;
}

/* ---- changing it ---- */

guint
till_session_basket_selected(TillSession *self)
{
	return self->selected_id;
}

void
till_session_basket_select(TillSession *self, guint line_id)
{
	/* While rows come and go a list moves its selection by itself: that is nobody's choice. */
	if (!self->updating)
		self->selected_id = line_id;
}

const TillBasketLine *
till_session_basket_line(TillSession *self, guint line_id)
{
	return till_basket_find(self->basket, line_id);
}

void
till_session_basket_set_quantity(TillSession *self, guint line_id, gint64 quantity_milli)
{
	const TillBasketLine *line = till_basket_find(self->basket, line_id);
	g_autofree char *title = NULL;

	if (line == NULL || self->phase != TILL_PHASE_SELLING)
		return;
	title = till_item_title(line->item);
	self->selected_id = line_id;
	if (!till_session_basket_told(
		self, till_basket_set_quantity(self->basket, line_id, quantity_milli), title))
		return;
	till_session_basket_changed(self);
}

void
till_session_basket_step(TillSession *self, guint line_id, int pieces)
{
	const TillBasketLine *line = till_basket_find(self->basket, line_id);
	gint64 quantity_milli;

	if (line == NULL || line->item->weighed)
		return;
	quantity_milli = line->quantity_milli + (gint64)pieces * TILL_QUANTITY_ONE;
	if (quantity_milli <= 0)
		till_session_basket_void(self, line_id);
	else
		till_session_basket_set_quantity(self, line_id, quantity_milli);
}

void
till_session_basket_set_note(TillSession *self, guint line_id, const char *note)
{
	if (self->phase != TILL_PHASE_SELLING)
		return;
	if (till_session_basket_told(self, till_basket_set_note(self->basket, line_id, note),
				     "Note"))
		till_session_basket_changed(self);
}

static void
select_neighbour(TillSession *self, guint index)
{
	guint count = till_basket_count(self->basket);

	self->selected_id =
	    count == 0 ? 0 : till_basket_line(self->basket, MIN(index, count - 1))->id;
}

void
till_session_basket_void(TillSession *self, guint line_id)
{
	const TillBasketLine *line = till_basket_find(self->basket, line_id);
	g_autofree char *title = NULL;
	guint index = 0;

	if (line == NULL || self->phase != TILL_PHASE_SELLING)
		return;
	title = till_item_title(line->item);
	while (till_basket_line(self->basket, index) != line)
		index++;
	if (!till_session_basket_told(self, till_basket_void(self->basket, line_id), title))
		return;
	self->undo_line = TRUE;
	select_neighbour(self, index);
	till_session_basket_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, TRUE, "Removed %s", title);
}

void
till_session_basket_clear(TillSession *self)
{
	guint count = till_basket_count(self->basket);

	if (count == 0 || self->phase != TILL_PHASE_SELLING)
		return;
	g_clear_pointer(&self->cleared, till_basket_free);
	self->cleared = g_steal_pointer(&self->basket);
	self->basket = till_basket_new();
	self->undo_line = FALSE;
	self->selected_id = 0;
	till_session_basket_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, TRUE, "Cleared %u %s", count,
			    count == 1 ? "line" : "lines");
}

static gboolean
undo_clear(TillSession *self)
{
	/* A sale that has begun since is not overwritten. */
	if (self->cleared == NULL || till_basket_count(self->basket) > 0)
		return FALSE;
	if (self->phase == TILL_PHASE_PAID)
		till_session_pay_next(self);
	till_session_basket_take(self, g_steal_pointer(&self->cleared));
	return TRUE;
}

void
till_session_basket_undo(TillSession *self)
{
	guint line_id = 0;

	if (self->phase == TILL_PHASE_BUSY)
		return;
	if (self->undo_line && till_basket_undo_void(self->basket, &line_id)) {
		self->selected_id = line_id;
		till_session_basket_changed(self);
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "The line is back.");
	} else if (undo_clear(self)) {
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "The sale is back.");
	} else {
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "There is nothing to undo.");
	}
}
