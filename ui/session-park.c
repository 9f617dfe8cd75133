/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

/* Putting a sale aside and taking it up again. While the register works the phase is BUSY, so that
 * no line is added to a basket that is already on its way. */

static void recall_now(TillSession *self);

static char *
make_label(TillSession *self)
{
	guint count = till_basket_count(self->basket);
	g_autofree char *title = till_item_title(till_basket_line(self->basket, 0)->item);

	if (count == 1)
		return g_strdup(title);
	return g_strdup_printf("%s + %u more", title, count - 1);
}

static void
add_parked(TillSession *self, const TillRegisterParked *parked)
{
	g_autoptr(TillRowItem) row = till_row_item_new(0, NULL);
	g_autofree char *time = till_format_time(self->format, parked->parked_ms);
	g_autofree char *total = till_format_money(self->format, parked->total_minor);
	g_autofree char *detail =
	    g_strdup_printf("%u %s · parked %s by %s", parked->line_count,
			    parked->line_count == 1 ? "line" : "lines", time, parked->staff_name);

	till_row_item_set(row, TILL_ROW_TITLE, parked->label);
	till_row_item_set(row, TILL_ROW_DETAIL, detail);
	till_row_item_set(row, TILL_ROW_TOTAL, total);
	till_row_item_set(row, TILL_ROW_KEY, parked->id);
	g_list_store_append(self->parked, row);
}

static void
parked_cb(GPtrArray *rows, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (error == NULL && self->format != NULL) {
		g_list_store_remove_all(self->parked);
		for (guint i = 0; i < rows->len; i++)
			add_parked(self, g_ptr_array_index(rows, i));
		till_session_take_text(self, TILL_TEXT_RECALL_LABEL,
				       g_strdup_printf("Recall · %u", rows->len));
		g_signal_emit_by_name(self, "parked-changed");
	}
	g_clear_pointer(&rows, g_ptr_array_unref);
}

void
till_session_basket_load_parked(TillSession *self)
{
	till_register_parked_async(self->reg, self, parked_cb, self);
}

GListModel *
till_session_basket_parked(TillSession *self)
{
	return G_LIST_MODEL(self->parked);
}

static void
park_cb(const GError *error, gpointer user)
{
	TillSession *self = user;

	till_session_set_phase(self, TILL_PHASE_SELLING);
	till_session_basket_load_parked(self);
	if (error != NULL) {
		g_clear_pointer(&self->recall_id, g_free);
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
		till_session_scan_next(self);
		return;
	}
	till_session_basket_take(self, till_basket_new());
	till_session_notice(self, TILL_NOTICE_PLAIN, FALSE,
			    "The sale is parked. Recall brings it back.");
	if (self->recall_id != NULL)
		recall_now(self);
	else
		till_session_scan_next(self);
}

void
till_session_basket_park(TillSession *self)
{
	g_autofree char *label = NULL;

	if (self->phase != TILL_PHASE_SELLING || till_basket_count(self->basket) == 0)
		return;
	if (self->finding || self->priced == NULL || self->staff_id == NULL)
		return;
	label = make_label(self);
	till_session_set_phase(self, TILL_PHASE_BUSY);
	TillRegisterParking parking = {.basket = self->basket,
				       .label = label,
				       .staff_name = self->staff_name,
				       .total_minor = self->priced->total_minor};
	till_register_park_async(self->reg, &parking, self, park_cb, self);
}

static void
recalled_cb(TillBasket *basket, const GError *error, gpointer user)
{
	TillSession *self = user;

	till_session_set_phase(self, TILL_PHASE_SELLING);
	till_session_basket_load_parked(self);
	if (error != NULL) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	} else {
		till_session_basket_take(self, basket);
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "The parked sale is back.");
	}
	till_session_scan_next(self);
}

static void
recall_now(TillSession *self)
{
	g_autofree char *id = g_steal_pointer(&self->recall_id);

	if (self->phase == TILL_PHASE_PAID)
		till_session_pay_next(self);
	till_session_set_phase(self, TILL_PHASE_BUSY);
	till_register_recall_async(self->reg, id, self, recalled_cb, self);
}

void
till_session_basket_recall(TillSession *self, const char *parked_id)
{
	if (self->phase == TILL_PHASE_BUSY || self->finding)
		return;
	g_free(self->recall_id);
	self->recall_id = g_strdup(parked_id);
	if (till_basket_count(self->basket) > 0)
		till_session_basket_park(self);
	else
		recall_now(self);
}
