/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include <string.h>

#include "quantity.h"

/* The order in hand: opening it, ticking its lines by finger or by scan, and the steps that go to
 * the journal. One step is written at a time; what is scanned meanwhile waits. */

#define SCANS_MAX 50

static TillSessionTick *
get_tick(TillSessionPickups *pickups, guint index)
{
	return &g_array_index(pickups->ticks, TillSessionTick, index);
}

static gint64
get_standing(const TillSessionPickups *pickups, guint index, TillOrderState state)
{
	return till_order_quantity(pickups->open->life, index, state);
}

/* ---- which order ---- */

static gboolean
is_same(const TillFulfilment *a, const TillFulfilment *b)
{
	return a != NULL && b != NULL && memcmp(&a->id, &b->id, sizeof a->id) == 0;
}

/* No tick is for more than stands there. */
static void
clip_ticks(TillSessionPickups *pickups)
{
	g_array_set_size(pickups->ticks, pickups->open->lines->len);
	for (guint i = 0; i < pickups->ticks->len; i++) {
		TillSessionTick *tick = get_tick(pickups, i);
		gint64 staged_milli = get_standing(pickups, i, TILL_ORDER_STAGED);

		tick->refused_milli = MIN(tick->refused_milli, staged_milli);
		tick->ticked_milli = MIN(tick->ticked_milli, staged_milli - tick->refused_milli);
	}
}

static void
forget_hand(TillSessionPickups *pickups)
{
	g_array_set_size(pickups->ticks, 0);
	pickups->picking = FALSE;
	pickups->code_seen = FALSE;
	pickups->serial = 0;
	g_clear_pointer(&pickups->collector, g_free);
	g_queue_clear_full(&pickups->scans, g_free);
}

void
till_session_pickup_update(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;

	g_clear_pointer(&pickups->pickup, till_session_pickup_free);
	if (pickups->open != NULL && self->format != NULL)
		pickups->pickup = till_session_pickup_describe(self);
	g_signal_emit_by_name(self, "pickup-changed");
}

void
till_session_pickup_take(TillSession *self, TillFulfilment *fulfilment, TillOrderRecord *record)
{
	TillSessionPickups *pickups = self->pickups;

	if (!is_same(pickups->open, fulfilment))
		forget_hand(pickups);
	g_clear_pointer(&pickups->open, till_fulfilment_free);
	g_clear_pointer(&pickups->record, till_order_record_free);
	pickups->open = fulfilment;
	pickups->record = record;
	if (fulfilment != NULL)
		clip_ticks(pickups);
	till_session_pickup_update(self);
}

static void
opened_cb(TillPickupOpened *opened, const GError *error, gpointer user)
{
	TillSession *self = user;
	TillSessionPickups *pickups = self->pickups;
	g_autofree char *wanted = g_steal_pointer(&pickups->opening);

	if (error != NULL) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
		return;
	}
	if (wanted == NULL) { /* closed meanwhile */
		till_pickup_desk_opened_free(opened);
		return;
	}
	till_session_pickup_take(self, g_steal_pointer(&opened->fulfilment),
				 g_steal_pointer(&opened->record));
	till_pickup_desk_opened_free(opened);
}

void
till_session_pickup_open(TillSession *self, const char *fulfilment)
{
	g_autofree char *id = g_strdup(fulfilment); /* may be the one of the row that goes now */

	g_free(self->pickups->opening);
	self->pickups->opening = g_steal_pointer(&id);
	till_pickup_desk_open_async(self->desk, self->pickups->opening, self, opened_cb, self);
}

void
till_session_pickup_reload(TillSession *self)
{
	char id[TILL_UUID_TEXT];

	if (self->pickups->opening == NULL)
		till_session_pickup_open(self, till_uuid_format(&self->pickups->open->id, id));
}

void
till_session_pickup_close(TillSession *self)
{
	g_clear_pointer(&self->pickups->opening, g_free);
	till_session_pickup_take(self, NULL, NULL);
}

const TillSessionPickup *
till_session_pickup(TillSession *self)
{
	return self->pickups->pickup;
}

/* ---- steps ---- */

void
till_session_pickup_sign(TillSession *self, TillOrderStep *step)
{
	g_free(step->store);
	g_free(step->till);
	g_free(step->staff_id);
	g_free(step->staff_name);
	step->store = g_strdup(self->shop->store_code);
	step->till = g_strdup(self->shop->till_number);
	step->staff_id = g_strdup(self->staff_id);
	step->staff_name = g_strdup(self->staff_name);
	step->at_ms = till_session_pickup_now(self);
	step->offline = self->health.state == TILL_HEALTH_OFFLINE;
}

TillOrderStep *
till_session_pickup_begin(TillSession *self, TillOrderStepKind kind)
{
	TillOrderStep *step = till_order_step_new(kind);

	till_session_pickup_sign(self, step);
	step->order = self->pickups->open->order;
	step->fulfilment = self->pickups->open->id;
	step->version = self->pickups->open->version;
	return step;
}

void
till_session_pickup_add_move(TillOrderStep *step, guint line, TillOrderState from,
			     TillOrderState to, gint64 milli)
{
	TillOrderStepMove move = {.line = line, .from = from, .to = to, .milli = milli};

	if (milli > 0)
		g_array_append_val(step->moves, move);
}

static void
did_cb(TillPickupDone *did, const GError *error, gpointer user)
{
	TillSession *self = user;
	TillSessionPickups *pickups = self->pickups;
	TillSessionPickupDone done = pickups->done;

	pickups->busy = FALSE;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (did->fulfilment != NULL && is_same(pickups->open, did->fulfilment))
		till_session_pickup_take(self, g_steal_pointer(&did->fulfilment),
					 g_steal_pointer(&pickups->record));
	if (done != NULL)
		done(self, error == NULL ? &did->txn : NULL);
	g_clear_pointer(&did, till_pickup_desk_done_free);
	if (error != NULL && pickups->open != NULL)
		till_session_pickup_reload(self);
	till_session_pickups_load(self);
	till_session_pickup_scan_next(self);
}

gboolean
till_session_pickup_do(TillSession *self, TillOrderStep *step, TillSessionPickupDone done)
{
	g_autoptr(TillOrderStep) owned = step;

	if (self->pickups->busy || self->staff_id == NULL)
		return FALSE;
	self->pickups->busy = TRUE;
	self->pickups->done = done;
	till_pickup_desk_do_async(self->desk, owned, self, did_cb, self);
	return TRUE;
}

/* ---- ticking ---- */

/* In picking, a tick moves goods at once: up when pieces are taken, down when they are put back. */
static void
pick(TillSession *self, guint index, gint64 milli, gboolean scanned)
{
	TillSessionPickups *pickups = self->pickups;
	const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, index);
	TillOrderStep *step = till_session_pickup_begin(self, TILL_ORDER_STEP_PICKING);
	g_autofree char *title = till_session_pickup_title(line);

	if (milli > 0)
		till_session_pickup_add_move(step, line->line, TILL_ORDER_ALLOCATED,
					     TILL_ORDER_PICKED, milli);
	else
		till_session_pickup_add_move(step, line->line, TILL_ORDER_PICKED,
					     TILL_ORDER_ALLOCATED, -milli);
	pickups->picking = TRUE;
	if (till_session_pickup_do(self, step, NULL))
		till_session_notice(self, TILL_NOTICE_QUIET, FALSE, "%s %s",
				    milli > 0 ? scanned ? "Scanned" : "Picked" : "Put back", title);
}

static void
tick(TillSession *self, guint index, gint64 milli, gboolean scanned)
{
	TillSessionTick *tick = get_tick(self->pickups, index);
	gint64 room_milli =
	    get_standing(self->pickups, index, TILL_ORDER_STAGED) - tick->refused_milli;

	tick->ticked_milli = CLAMP(tick->ticked_milli + milli, 0, room_milli);
	tick->scanned = scanned;
	till_session_pickup_update(self);
}

static const TillSessionPickupLine *
find_line(const TillSessionPickup *pickup, guint line, guint *out_index)
{
	for (guint i = 0; pickup != NULL && i < pickup->lines->len; i++) {
		const TillSessionPickupLine *found = g_ptr_array_index(pickup->lines, i);

		if (found->line == line) {
			*out_index = i;
			return found;
		}
	}
	return NULL;
}

static void
change(TillSession *self, guint index, gint64 milli, gboolean scanned)
{
	if (self->pickups->pickup->mode == TILL_PICKUP_PICKING)
		pick(self, index, milli, scanned);
	else if (self->pickups->pickup->mode == TILL_PICKUP_HAND_OVER)
		tick(self, index, milli, scanned);
}

void
till_session_pickup_tick(TillSession *self, guint line)
{
	guint index;
	const TillSessionPickupLine *found = find_line(self->pickups->pickup, line, &index);

	if (found == NULL || found->milli == 0)
		return;
	if (found->refused_milli > 0) { /* wanted after all */
		get_tick(self->pickups, index)->refused_milli = 0;
		till_session_pickup_update(self);
	} else if (found->ticked_milli < found->milli) {
		change(self, index, found->milli - found->ticked_milli, FALSE);
	} else {
		change(self, index, -found->ticked_milli, FALSE);
	}
}

void
till_session_pickup_step(TillSession *self, guint line, int pieces)
{
	guint index;
	const TillSessionPickupLine *found = find_line(self->pickups->pickup, line, &index);
	gint64 after_milli;

	if (found == NULL)
		return;
	after_milli = CLAMP(found->ticked_milli + pieces * TILL_QUANTITY_ONE, 0, found->milli);
	if (after_milli != found->ticked_milli)
		change(self, index, after_milli - found->ticked_milli, FALSE);
}

void
till_session_pickup_tick_all(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;

	if (pickups->pickup == NULL || pickups->pickup->mode != TILL_PICKUP_HAND_OVER)
		return;
	for (guint i = 0; i < pickups->ticks->len; i++) {
		TillSessionTick *tick = get_tick(pickups, i);

		tick->ticked_milli =
		    get_standing(pickups, i, TILL_ORDER_STAGED) - tick->refused_milli;
	}
	till_session_pickup_update(self);
}

void
till_session_pickup_switch(TillSession *self)
{
	if (self->pickups->pickup == NULL)
		return;
	self->pickups->picking = self->pickups->pickup->mode != TILL_PICKUP_PICKING;
	till_session_pickup_update(self);
}

/* ---- scanned items ---- */

/* The first line of this item that still wants some; −1: none. */
static int
find_wanting(const TillSessionPickups *pickups, const char *sku, gboolean *out_here)
{
	*out_here = FALSE;
	for (guint i = 0; i < pickups->open->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, i);
		const TillSessionPickupLine *shown = g_ptr_array_index(pickups->pickup->lines, i);

		if (strcmp(line->sku, sku) != 0)
			continue;
		*out_here = TRUE;
		if (shown->ticked_milli + shown->refused_milli < shown->milli)
			return (int)i;
	}
	return -1;
}

static void
take_item(TillSession *self, const TillItem *item)
{
	TillSessionPickups *pickups = self->pickups;
	g_autofree char *title = till_item_title(item);
	const TillSessionPickupLine *shown;
	gint64 room_milli;
	gboolean here;
	int index;

	if (pickups->pickup->mode == TILL_PICKUP_TO_PICK)
		till_session_pickup_switch(self);
	index = find_wanting(pickups, item->sku, &here);
	if (index < 0) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    here ? "No more of %s is wanted here. Put it back."
					 : "%s is not on this order. Put it back.",
				    title);
		return;
	}
	shown = g_ptr_array_index(pickups->pickup->lines, (guint)index);
	room_milli = shown->milli - shown->ticked_milli - shown->refused_milli;
	g_signal_emit_by_name(self, "sound", (guint)TILL_NOTICE_ACCEPTED);
	/* What is weighed is one piece of its own weight. */
	change(self, (guint)index, item->weighed ? room_milli : MIN(room_milli, TILL_QUANTITY_ONE),
	       TRUE);
}

static void
found_cb(TillRegisterFound *found, const GError *error, gpointer user)
{
	TillSession *self = user;

	self->pickups->finding = FALSE;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (self->pickups->pickup == NULL)
		; /* closed meanwhile: the scan was for it */
	else if (found->item != NULL)
		take_item(self, found->item);
	else
		till_session_notice(self, TILL_NOTICE_UNKNOWN, FALSE,
				    "%s is not in the catalogue, and no pickup code.", found->text);
	g_clear_pointer(&found, till_register_found_free);
	till_session_pickup_scan_next(self);
}

void
till_session_pickup_scan_next(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;
	g_autofree char *code = NULL;

	if (pickups->finding || pickups->busy)
		return;
	code = g_queue_pop_head(&pickups->scans);
	if (code == NULL)
		return;
	pickups->finding = TRUE;
	till_register_find_async(self->reg, code, self, found_cb, self);
}

static const TillFulfilment *
find_number(const TillSessionPickups *pickups, const char *code)
{
	for (guint i = 0; pickups->board != NULL && i < pickups->board->rows->len; i++) {
		const TillPickupRow *row = g_ptr_array_index(pickups->board->rows, i);

		if (g_ascii_strcasecmp(row->fulfilment->number, code) == 0)
			return row->fulfilment;
	}
	return NULL;
}

void
till_session_pickups_scan(TillSession *self, const char *code)
{
	TillSessionPickups *pickups = self->pickups;
	const TillFulfilment *named = find_number(pickups, code);
	char id[TILL_UUID_TEXT];

	if (self->staff_id == NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "Sign in first. The scan was not taken.");
	else if (till_session_pickups_is_code(code))
		till_session_pickups_check(self, code);
	else if (named != NULL)
		till_session_pickup_open(self, till_uuid_format(&named->id, id));
	else if (pickups->open == NULL || pickups->pickup->mode == TILL_PICKUP_OVER)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "Open an order first, or scan its pickup code. The item was "
				    "not taken.");
	else if (g_queue_get_length(&pickups->scans) < SCANS_MAX) {
		till_session_pickups_answer_close(self);
		g_queue_push_tail(&pickups->scans, g_strdup(code));
		till_session_pickup_scan_next(self);
	}
}
