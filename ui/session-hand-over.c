/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include "quantity.h"

/* The steps that end a part of an order: staging, sending, handing over, and taking the last
 * hand-over back. */

/* ---- staging and sending ---- */

static void
staged_cb(TillSession *self, const TillUuid *txn)
{
	if (txn == NULL)
		return;
	self->pickups->picking = FALSE;
	till_session_pickup_update(self);
	g_signal_emit_by_name(self, "sound", (guint)TILL_NOTICE_ACCEPTED);
}

void
till_session_pickup_stage(TillSession *self, const char *place)
{
	TillSessionPickups *pickups = self->pickups;
	TillOrderStep *step;

	if (pickups->open == NULL || *place == '\0')
		return;
	step = till_session_pickup_begin(self, TILL_ORDER_STEP_STAGING);
	g_free(step->place);
	step->place = g_strdup(place);
	for (guint i = 0; i < pickups->open->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, i);

		till_session_pickup_add_move(
		    step, line->line, TILL_ORDER_PICKED, TILL_ORDER_STAGED,
		    till_order_quantity(pickups->open->life, i, TILL_ORDER_PICKED));
	}
	if (till_session_pickup_do(self, step, staged_cb))
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "%s is staged at %s.",
				    pickups->open->number, place);
}

void
till_session_pickup_send(TillSession *self, const char *carrier, const char *tracking)
{
	TillSessionPickups *pickups = self->pickups;
	TillOrderStep *step;

	if (pickups->open == NULL)
		return;
	step = till_session_pickup_begin(self, TILL_ORDER_STEP_SHIPPING);
	g_free(step->carrier);
	step->carrier = g_strdup(carrier);
	g_free(step->tracking);
	step->tracking = g_strdup(tracking);
	for (guint i = 0; i < pickups->open->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, i);

		till_session_pickup_add_move(
		    step, line->line, TILL_ORDER_STAGED, TILL_ORDER_SHIPPED,
		    till_order_quantity(pickups->open->life, i, TILL_ORDER_STAGED));
	}
	if (till_session_pickup_do(self, step, staged_cb))
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "%s is on its way.",
				    pickups->open->number);
}

/* ---- what has to be looked at first ---- */

static gint64
find_ticked_age(const TillSessionPickups *pickups)
{
	gint64 age = 0;

	for (guint i = 0; i < pickups->ticks->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, i);

		if (g_array_index(pickups->ticks, TillSessionTick, i).ticked_milli > 0)
			age = MAX(age, line->min_age);
	}
	return age;
}

static char *
format_birthday(TillSession *self, gint64 age)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(self->shop->time_zone);
	g_autoptr(GDateTime) utc =
	    g_date_time_new_from_unix_utc(till_session_pickup_now(self) / 1000);
	g_autoptr(GDateTime) here = zone ? g_date_time_to_timezone(utc, zone) : NULL;
	g_autoptr(GDateTime) born = g_date_time_add_years(here ? here : utc, -(int)age);

	return born ? till_format_date(self->format, g_date_time_to_unix(born) * 1000)
		    : g_strdup("");
}

void
till_session_pickup_check(TillSession *self, TillSessionPickupCheck *out)
{
	TillSessionPickups *pickups = self->pickups;

	*out = (TillSessionPickupCheck){0};
	if (pickups->open == NULL)
		return;
	out->who = !pickups->code_seen;
	out->other = pickups->collector != NULL;
	out->min_age = find_ticked_age(pickups);
	out->born_until = out->min_age > 0 ? format_birthday(self, out->min_age) : g_strdup("");
}

void
till_session_pickup_check_clear(TillSessionPickupCheck *check)
{
	g_clear_pointer(&check->born_until, g_free);
}

gboolean
till_session_pickup_needs_check(TillSession *self)
{
	TillSessionPickupCheck check;
	gboolean needed;

	till_session_pickup_check(self, &check);
	needed = check.who || check.other || check.min_age > 0;
	till_session_pickup_check_clear(&check);
	return needed;
}

void
till_session_pickup_set_collector(TillSession *self, const char *name)
{
	g_free(self->pickups->collector);
	self->pickups->collector = *name != '\0' ? g_strdup(name) : NULL;
	till_session_pickup_update(self);
}

const char *
till_session_pickup_collector(TillSession *self)
{
	return self->pickups->collector ? self->pickups->collector : "";
}

/* ---- handing over ---- */

static void
handed_cb(TillSession *self, const TillUuid *txn)
{
	TillSessionPickups *pickups = self->pickups;

	if (txn == NULL) {
		g_clear_pointer(&pickups->undo_words, g_free);
	} else {
		pickups->undo_txn = *txn;
		pickups->undo_until_ms = till_session_pickup_now(self) + TILL_ORDER_UNDO_MS;
		g_array_set_size(pickups->ticks, 0);
		g_array_set_size(pickups->ticks, pickups->open ? pickups->open->lines->len : 0);
		till_session_pickup_update(self);
		g_signal_emit_by_name(self, "sound", (guint)TILL_NOTICE_ACCEPTED);
	}
	g_signal_emit_by_name(self, "pickup-undo");
}

static char *
describe_checks(const TillSessionPickups *pickups, const char *how, gboolean age_seen)
{
	g_autoptr(GString) checks = g_string_new(NULL);

	if (pickups->code_seen)
		g_string_append(checks, "code,");
	if (how != NULL)
		g_string_append_printf(checks, "%s,", how);
	if (pickups->collector != NULL)
		g_string_append(checks, "other-person-id,");
	if (age_seen)
		g_string_append(checks, "age,");
	if (checks->len > 0)
		g_string_truncate(checks, checks->len - 1);
	return g_strdup(checks->str);
}

static TillOrderStep *
make_hand_over(TillSession *self, gint64 *out_handed_milli)
{
	TillSessionPickups *pickups = self->pickups;
	TillOrderStep *step = till_session_pickup_begin(self, TILL_ORDER_STEP_HAND_OVER);

	*out_handed_milli = 0;
	for (guint i = 0; i < pickups->ticks->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(pickups->open->lines, i);
		const TillSessionTick *tick = &g_array_index(pickups->ticks, TillSessionTick, i);

		*out_handed_milli += till_session_pickup_pieces(tick->ticked_milli);
		till_session_pickup_add_move(step, line->line, TILL_ORDER_STAGED,
					     TILL_ORDER_COLLECTED, tick->ticked_milli);
		till_session_pickup_add_move(step, line->line, TILL_ORDER_STAGED,
					     TILL_ORDER_REFUSED, tick->refused_milli);
	}
	return step;
}

static void
note_undo(TillSession *self, gint64 handed_milli)
{
	TillSessionPickups *pickups = self->pickups;
	const TillFulfilment *open = pickups->open;
	g_autofree char *some = till_format_quantity(self->format, handed_milli);
	g_autofree char *all = till_session_pickup_count(self, till_session_pickup_left(open));

	g_free(pickups->undo_words);
	pickups->undo_order = open->order;
	pickups->undo_fulfilment = open->id;
	pickups->undo_words =
	    g_strdup_printf("Handed over %s of %s · %s", some, all,
			    *open->customer_name ? open->customer_name : open->number);
}

void
till_session_pickup_hand_over(TillSession *self, const char *how, gboolean age_seen)
{
	TillSessionPickups *pickups = self->pickups;
	gint64 handed_milli;
	TillOrderStep *step;

	if (pickups->open == NULL || pickups->busy)
		return;
	step = make_hand_over(self, &handed_milli);
	g_free(step->collected_by);
	step->collected_by =
	    g_strdup(pickups->collector ? pickups->collector : pickups->open->customer_name);
	g_free(step->check);
	step->check = describe_checks(pickups, how, age_seen);
	step->code_serial = pickups->serial;
	note_undo(self, handed_milli);
	if (step->moves->len == 0) {
		till_order_step_free(step);
		return;
	}
	till_session_pickup_do(self, step, handed_cb);
}

static void
unknown_cb(TillSession *self, const TillUuid *txn)
{
	if (txn != NULL)
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE,
				    "Handed over. Head office finds the order when the network is "
				    "back.");
}

void
till_session_pickup_hand_over_unknown(TillSession *self, const TillPickupToken *token)
{
	TillOrderStep *step = till_order_step_new(TILL_ORDER_STEP_HAND_OVER);

	till_session_pickup_sign(self, step);
	step->order = token->order;
	step->fulfilment = token->fulfilment;
	step->code_serial = token->serial;
	step->unknown = TRUE;
	g_free(step->check);
	step->check = g_strdup("code,id");
	till_session_pickup_do(self, step, unknown_cb);
}

/* ---- taking it back ---- */

static void
last_cb(TillPickupLast *last, const GError *error, gpointer user)
{
	TillSession *self = user;
	TillSessionPickups *pickups = self->pickups;

	if (error != NULL || last == NULL)
		return; /* the board's own answer tells the same trouble */
	pickups->undo_txn = last->txn;
	pickups->undo_order = last->order;
	pickups->undo_fulfilment = last->fulfilment;
	pickups->undo_until_ms = last->at_ms + TILL_ORDER_UNDO_MS;
	g_free(pickups->undo_words);
	pickups->undo_words = g_strdup_printf("Handed over %s", last->number);
	till_pickup_desk_last_free(last);
	g_signal_emit_by_name(self, "pickup-undo");
}

void
till_session_pickups_recall_undo(TillSession *self)
{
	till_pickup_desk_last_async(self->desk, self, last_cb, self);
}

const char *
till_session_pickups_undo_words(TillSession *self)
{
	return self->pickups->undo_until_ms > 0 ? self->pickups->undo_words : NULL;
}

static void
undone_cb(TillSession *self, const TillUuid *txn)
{
	if (txn != NULL)
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE,
				    "Taken back. The items are staged again.");
}

void
till_session_pickups_undo(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;
	TillOrderStep *step;

	if (till_session_pickups_undo_words(self) == NULL || pickups->busy)
		return;
	step = till_order_step_new(TILL_ORDER_STEP_UNDO);
	till_session_pickup_sign(self, step);
	step->order = pickups->undo_order;
	step->fulfilment = pickups->undo_fulfilment;
	step->reverses = pickups->undo_txn;
	g_clear_pointer(&pickups->undo_words, g_free);
	g_signal_emit_by_name(self, "pickup-undo");
	till_session_pickup_do(self, step, undone_cb);
}
