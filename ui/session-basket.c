/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#include <string.h>

#include "quantity.h"

void
till_session_basket_changed(TillSession *self)
{
	g_autoptr(GError) error = NULL;

	/* Another basket is another sale. */
	self->has_txn = FALSE;
	if (self->shop == NULL)
		return;
	g_clear_pointer(&self->priced, till_price_free);
	self->priced = till_session_shopper_price(self, self->basket, &error);
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	if (till_basket_count(self->basket) == 0 && self->cleared == NULL)
		self->opened_ms = 0;
	till_session_rows_update(self);
	till_session_shopper_update(self);
	till_session_set_phase(self, self->phase);
}

/* A change that can no longer be taken back. */
static void
forget_undo(TillSession *self)
{
	self->undo_line = FALSE;
	g_clear_pointer(&self->undo_manual, g_array_unref);
}

void
till_session_basket_take(TillSession *self, TillBasket *basket)
{
	till_basket_free(self->basket);
	self->basket = basket;
	forget_undo(self);
	self->selected_id = 0;
	self->opened_ms = 0;
	if (till_basket_count(basket) > 0) {
		self->selected_id = till_basket_line(basket, till_basket_count(basket) - 1)->id;
		self->opened_ms = till_clock_wall_ms(self->clock);
	}
	self->updating = TRUE;
	g_list_store_remove_all(self->lines);
	till_session_basket_changed(self);
	/* What was used up meanwhile counts for this shopper too. */
	if (self->shop != NULL)
		till_session_shopper_load_rules(self);
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
	forget_undo(self);
	self->undo_line = TRUE;
	select_neighbour(self, index);
	till_session_basket_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, TRUE, "Removed %s", title);
}

void
till_session_basket_clear(TillSession *self)
{
	guint count = till_basket_count(self->basket);

	if (self->phase != TILL_PHASE_SELLING ||
	    (count == 0 && till_shopper_is_plain(till_session_shopper(self))))
		return;
	g_clear_pointer(&self->cleared, till_basket_free);
	self->cleared = g_steal_pointer(&self->basket);
	self->basket = till_basket_new();
	forget_undo(self);
	self->selected_id = 0;
	till_session_basket_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, TRUE, "Cleared %u %s", count,
			    count == 1 ? "line" : "lines");
}

static gboolean
undo_clear(TillSession *self)
{
	/* A sale that has begun since is not overwritten. */
	if (self->cleared == NULL || till_basket_count(self->basket) > 0 ||
	    !till_shopper_is_plain(till_session_shopper(self)))
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
	} else if (till_session_manual_undo(self)) {
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "The price is as it was.");
	} else if (undo_clear(self)) {
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "The sale is back.");
	} else {
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "There is nothing to undo.");
	}
}
