/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#include "scan.h"
#include "text.h"

/* Scans are answered one at a time and in order. A scan waits while another is looked up, while the
 * register commits the sale before it, while a weight is asked for, and while a shopper's rules are
 * on their way.
 *
 * What a code is, is asked in this order: an item, a coupon that some promotion knows, a customer's
 * card. */

static const TillVariableCode ordinary = {.kind = TILL_VARIABLE_NONE};

void
till_session_scan_tell_unknown(TillSession *self, const char *code)
{
	g_autofree char *clean = till_text_clean(code, 40);

	till_session_take_text(self, TILL_TEXT_UNKNOWN_WORDS,
			       g_strdup_printf("%s is not in the catalogue.", clean));
	till_session_notice(self, TILL_NOTICE_UNKNOWN, FALSE,
			    "%s is not in the catalogue. Search for it by name.", clean);
}

static void
begin_sale(TillSession *self)
{
	if (self->phase == TILL_PHASE_PAID)
		till_session_pay_next(self);
	if (self->opened_ms == 0)
		self->opened_ms = till_clock_wall_ms(self->clock);
}

static char *
describe_price(TillSession *self, guint line_id)
{
	const TillBasketLine *line = till_basket_find(self->basket, line_id);
	const TillItem *item = line->item;
	g_autofree char *price = till_format_money(self->format, item->price_minor);
	g_autofree char *quantity = NULL;

	if (line->embedded_minor != 0)
		return till_format_money(self->format, line->embedded_minor);
	if (!item->weighed)
		return g_steal_pointer(&price);
	quantity = till_format_item_quantity(self->format, item, line->quantity_milli);
	return g_strdup_printf("%s × %s", quantity, price);
}

static void
add_item(TillSession *self, const TillItem *item, const char *code,
	 const TillVariableCode *variable, gint64 quantity_milli)
{
	g_autofree char *title = till_item_title(item);
	g_autofree char *price = NULL;
	TillBasketResult result;
	guint line_id = 0;

	begin_sale(self);
	result = till_basket_add_scanned(self->basket, item, code, variable,
					 self->shop->currency->exponent, quantity_milli, &line_id);
	if (!till_session_basket_told(self, result, title))
		return;
	self->selected_id = line_id;
	till_session_set_text(self, TILL_TEXT_UNKNOWN_WORDS, NULL);
	till_session_basket_changed(self);
	price = describe_price(self, line_id);
	till_session_notice(self, TILL_NOTICE_ACCEPTED, FALSE, "Added %s · %s", title, price);
}

/* A code that says how much or at which price asks nobody for a weight. */
static void
take_found(TillSession *self, const TillRegisterFound *found)
{
	if (found->variable.kind == TILL_VARIABLE_NONE || self->shop == NULL)
		till_session_scan_item(self, found->item, found->text);
	else
		add_item(self, found->item, found->text, &found->variable, 0);
}

static void
found_cb(TillRegisterFound *found, const GError *error, gpointer user)
{
	TillSession *self = user;

	self->finding = FALSE;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (found->refused)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "That scan is not a code of goods. Scan it again.");
	else if (found->item != NULL)
		take_found(self, found);
	else if (!till_session_shopper_try_coupon(self, found->text))
		till_session_shopper_try_card(self, found->text);
	g_clear_pointer(&found, till_register_found_free);
	till_session_set_phase(self, self->phase);
	till_session_scan_next(self);
}

void
till_session_scan_next(TillSession *self)
{
	g_autofree char *code = NULL;

	if (self->finding || self->phase == TILL_PHASE_BUSY || self->weighing != NULL ||
	    self->card != NULL || self->rules_asked > 0)
		return;
	code = g_queue_pop_head(&self->scans);
	if (code == NULL)
		return;
	self->finding = TRUE;
	till_register_find_async(self->reg, code, self, found_cb, self);
}

void
till_session_scan_code(TillSession *self, const char *code)
{
	if (self->staff_id == NULL) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "Sign in first. The scan was not taken.");
		return;
	}
	if (g_queue_get_length(&self->scans) >= TILL_SESSION_SCANS_MAX) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "Too many scans wait. Let the till catch up, then scan again.");
		return;
	}
	g_queue_push_tail(&self->scans, g_strdup(code));
	till_session_scan_next(self);
}

void
till_session_scan_item(TillSession *self, const TillItem *item, const char *code)
{
	if (self->shop == NULL || self->phase == TILL_PHASE_BUSY || self->weighing != NULL)
		return;
	gint64 measured_milli = till_scan_quantity(code, item);
	if (!item->weighed || !item->has_price || measured_milli > 0) {
		add_item(self, item, code, &ordinary, measured_milli);
		return;
	}
	self->weighing = till_item_ref(item);
	g_free(self->weighing_code);
	self->weighing_code = g_strdup(code);
	g_signal_emit_by_name(self, "ask-weight");
}

void
till_session_scan_dismiss(TillSession *self)
{
	till_session_set_text(self, TILL_TEXT_UNKNOWN_WORDS, NULL);
}

const TillItem *
till_session_scan_weighing(TillSession *self)
{
	return self->weighing;
}

void
till_session_scan_weight(TillSession *self, gint64 quantity_milli)
{
	g_autoptr(TillItem) item = g_steal_pointer(&self->weighing);

	if (item == NULL)
		return;
	if (quantity_milli > 0)
		add_item(self, item, self->weighing_code, &ordinary, quantity_milli);
	till_session_scan_next(self);
}
