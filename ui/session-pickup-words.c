/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include <string.h>

#include "quantity.h"

/* How the order in hand stands, in words: its head, what stays, what is next. */

#define STAYS_NAMED_MAX 3

void
till_session_pickup_free(TillSessionPickup *pickup)
{
	if (pickup == NULL)
		return;
	g_free(pickup->id);
	g_free(pickup->order);
	g_free(pickup->name);
	g_free(pickup->summary);
	g_free(pickup->code);
	g_free(pickup->code_tone);
	g_free(pickup->check);
	g_free(pickup->check_tone);
	g_free(pickup->place);
	g_free(pickup->stays_title);
	g_free(pickup->stays);
	g_free(pickup->primary);
	g_free(pickup->second);
	g_ptr_array_unref(pickup->lines);
	g_free(pickup);
}

/* ---- the order in hand: its head ---- */

static TillSessionPickupMode
choose_mode(const TillSessionPickups *pickups)
{
	const TillFulfilment *open = pickups->open;
	gint64 staged_milli = till_fulfilment_count(open, TILL_ORDER_STAGED);
	gint64 picked_milli = till_fulfilment_count(open, TILL_ORDER_PICKED);
	gint64 open_milli = picked_milli + till_fulfilment_count(open, TILL_ORDER_ALLOCATED);

	if (till_order_is_done(open->life))
		return TILL_PICKUP_OVER;
	if (open_milli > 0 && (pickups->picking || (staged_milli == 0 && picked_milli > 0)))
		return TILL_PICKUP_PICKING;
	if (staged_milli > 0)
		return open->kind == TILL_FULFILMENT_SHIP ? TILL_PICKUP_SEND
							  : TILL_PICKUP_HAND_OVER;
	return TILL_PICKUP_TO_PICK;
}

static const char *
name_channel(const char *channel)
{
	static const struct {
		const char *channel, *words;
	} channels[] = {{"web", "Web order"},         {"app", "App order"},
			{"chat", "Chat order"},       {"social", "Social order"},
			{"support", "Support order"}, {"store", "Store order"}};

	for (guint i = 0; i < G_N_ELEMENTS(channels); i++)
		if (strcmp(channels[i].channel, channel) == 0)
			return channels[i].words;
	return "Order";
}

static char *
describe_payment(TillSession *self, const TillOrderRecord *record)
{
	gint64 due_minor = till_order_record_due(record);
	g_autofree char *due = till_format_money(self->format, ABS(due_minor));

	if (due_minor > 0)
		return g_strdup_printf("%s still to pay", due);
	if (due_minor < 0)
		return g_strdup_printf("%s to give back", due);
	return g_strdup(strcmp(record->channel, "store") == 0 ? "paid in store" : "paid online");
}

static char *
describe_summary(TillSession *self)
{
	const TillSessionPickups *pickups = self->pickups;
	const TillOrderRecord *record = pickups->record;
	g_autoptr(GString) words = g_string_new(NULL);
	g_autofree char *payment = record ? describe_payment(self, record) : NULL;

	g_string_printf(words, "%s %s", record ? name_channel(record->channel) : "Order",
			pickups->open->number);
	till_session_pickup_join(words, payment);
	till_session_pickup_join(words, pickups->open->arrival);
	if (record != NULL && record->gift)
		till_session_pickup_join(words, "gift: name no prices");
	if (record != NULL && record->fulfilments->len > 1)
		till_session_pickup_join(words, "part of a split order");
	if (pickups->collector != NULL) {
		g_autofree char *who = g_strdup_printf("%s collects", pickups->collector);

		till_session_pickup_join(words, who);
	}
	return g_strdup(words->str);
}

static void
describe_code(TillSession *self, TillSessionPickup *out)
{
	const TillSessionPickups *pickups = self->pickups;
	gboolean offline = self->health.state == TILL_HEALTH_OFFLINE;
	g_autofree char *when = NULL;

	out->code_tone = g_strdup("plain");
	if (out->mode == TILL_PICKUP_HAND_OVER && pickups->code_seen) {
		out->code = g_strdup(offline ? "Code verified offline" : "Code verified");
		g_free(out->code_tone);
		out->code_tone = g_strdup("good");
	} else if (out->mode == TILL_PICKUP_HAND_OVER) {
		out->code = g_strdup("No code shown yet");
	} else if (out->mode != TILL_PICKUP_OVER) {
		when = till_session_pickup_when(self, pickups->open, FALSE);
		out->code = when ? till_format_capital(when) : g_strdup("");
	} else {
		out->code = g_strdup("");
	}
}

static void
describe_check(TillSession *self, TillSessionPickup *out)
{
	gint64 age = till_fulfilment_min_age(self->pickups->open);

	if (out->mode != TILL_PICKUP_HAND_OVER) {
		out->check = g_strdup("");
	} else if (age > 0) {
		out->check = g_strdup_printf("ID check: %" G_GINT64_FORMAT " years or older", age);
		out->check_tone = g_strdup("warn");
	} else {
		out->check = g_strdup("ID check: no age items");
		out->check_tone = g_strdup("plain");
	}
}

static char *
describe_place(TillSession *self, TillSessionPickupMode mode)
{
	const TillFulfilment *open = self->pickups->open;
	g_autofree char *count = till_session_pickup_count(self, till_session_pickup_left(open));
	const char *next = mode == TILL_PICKUP_SEND ? "goes with the carrier"
						    : "tick what you hand over, or scan it";

	switch (mode) {
	case TILL_PICKUP_HAND_OVER:
	case TILL_PICKUP_SEND:
		if (*open->place == '\0')
			return till_format_capital(next);
		return g_markup_printf_escaped("Staged at <b>%s</b> · %s", open->place, next);
	case TILL_PICKUP_TO_PICK:
		if (till_fulfilment_count(open, TILL_ORDER_ALLOCATED) == 0)
			return g_strdup("Nothing can be picked now: see what each line waits for.");
		return g_strdup_printf("%s to pick", count);
	case TILL_PICKUP_PICKING:
		return g_strdup("Scan each item as you take it, or tick it");
	case TILL_PICKUP_OVER:
		return g_strdup(till_fulfilment_state(open) == TILL_FULFILMENT_CANCELLED
				    ? "This order is cancelled. Nothing is to be handed over."
				    : "Everything is done. Nothing is left on this order.");
	}
	g_assert_not_reached();
}

/* ---- the order in hand: what stays, and what is next ---- */

static void
describe_stays(TillSession *self, TillSessionPickup *out)
{
	const TillSessionPickups *pickups = self->pickups;
	g_autoptr(GString) names = g_string_new(NULL);
	g_autofree char *count = NULL;
	gint64 stays_milli = 0;
	guint named = 0;

	for (guint i = 0; i < out->lines->len && out->mode == TILL_PICKUP_HAND_OVER; i++) {
		const TillSessionPickupLine *line = g_ptr_array_index(out->lines, i);
		gint64 left_milli =
		    till_session_pickup_pieces(till_order_left(pickups->open->life, i) -
					       line->ticked_milli - line->refused_milli);

		stays_milli += left_milli;
		if (left_milli > 0 && named++ < STAYS_NAMED_MAX)
			g_string_append_printf(names, "%s%s", named > 1 ? ", " : "", line->title);
	}
	if (stays_milli == 0 || stays_milli == till_session_pickup_left(pickups->open)) {
		out->stays_title = g_strdup("");
		out->stays = g_strdup("");
		return;
	}
	count = till_session_pickup_count(self, stays_milli);
	out->stays_title = g_strdup_printf("%s %s on the order", count,
					   stays_milli == TILL_QUANTITY_ONE ? "stays" : "stay");
	out->stays = g_strdup_printf("%s%s. %s is told, and nothing is charged again.", names->str,
				     named > STAYS_NAMED_MAX ? " and more" : "",
				     *pickups->open->customer_name ? pickups->open->customer_name
								   : "The shopper");
}

static void
describe_hand_over(TillSession *self, TillSessionPickup *out)
{
	g_autofree char *all =
	    till_format_quantity(self->format, till_session_pickup_left(self->pickups->open));
	g_autofree char *some = NULL;
	g_autofree char *count = NULL;
	gint64 ticked_milli = 0, refused_milli = 0;

	for (guint i = 0; i < out->lines->len; i++) {
		const TillSessionPickupLine *line = g_ptr_array_index(out->lines, i);

		ticked_milli += till_session_pickup_pieces(line->ticked_milli);
		refused_milli += till_session_pickup_pieces(line->refused_milli);
	}
	some = till_format_quantity(self->format, ticked_milli);
	count = till_session_pickup_count(self, ticked_milli ? ticked_milli : refused_milli);
	out->can_go = ticked_milli + refused_milli > 0;
	if (ticked_milli == 0 && refused_milli > 0)
		out->primary = g_strdup_printf("Take back %s", count);
	else if (ticked_milli == 0)
		out->primary = g_strdup("Hand over");
	else if (ticked_milli == till_session_pickup_left(self->pickups->open))
		out->primary = g_strdup_printf("Hand over %s", count);
	else
		out->primary = g_strdup_printf("Hand over %s of %s", some, all);
}

static void
describe_staging(TillSession *self, TillSessionPickup *out)
{
	const TillFulfilment *open = self->pickups->open;
	gint64 picked_milli = till_fulfilment_count(open, TILL_ORDER_PICKED);
	gint64 all_milli = picked_milli + till_fulfilment_count(open, TILL_ORDER_ALLOCATED);
	g_autofree char *picked = till_format_quantity(self->format, picked_milli);
	g_autofree char *all = till_format_quantity(self->format, all_milli);

	out->can_go = picked_milli > 0;
	out->primary = picked_milli == all_milli || picked_milli == 0
			   ? g_strdup("Stage at…")
			   : g_strdup_printf("Stage %s of %s at…", picked, all);
}

static void
describe_next(TillSession *self, TillSessionPickup *out)
{
	const TillFulfilment *open = self->pickups->open;
	gboolean more = till_fulfilment_count(open, TILL_ORDER_ALLOCATED) +
			    till_fulfilment_count(open, TILL_ORDER_PICKED) >
			0;

	out->second = g_strdup("");
	switch (out->mode) {
	case TILL_PICKUP_TO_PICK:
		out->primary = g_strdup("Start picking");
		out->can_go = more;
		return;
	case TILL_PICKUP_PICKING:
		describe_staging(self, out);
		if (till_fulfilment_count(open, TILL_ORDER_STAGED) == 0)
			return;
		g_free(out->second);
		out->second =
		    g_strdup(open->kind == TILL_FULFILMENT_SHIP ? "To send" : "Hand over");
		return;
	case TILL_PICKUP_SEND:
		out->primary = g_strdup("Send");
		out->can_go = TRUE;
		break;
	case TILL_PICKUP_HAND_OVER:
		describe_hand_over(self, out);
		break;
	case TILL_PICKUP_OVER:
		out->primary = g_strdup("");
		return;
	}
	if (more) {
		g_free(out->second);
		out->second = g_strdup("Pick the rest");
	}
}

TillSessionPickup *
till_session_pickup_describe(TillSession *self)
{
	const TillFulfilment *open = self->pickups->open;
	TillSessionPickup *out = g_new0(TillSessionPickup, 1);
	char id[TILL_UUID_TEXT];

	till_uuid_format(&open->id, id);
	out->id = g_strdup(id);
	till_uuid_format(&open->order, id);
	out->order = g_strdup(id);
	out->mode = choose_mode(self->pickups);
	out->name = g_strdup(*open->customer_name ? open->customer_name : open->number);
	out->summary = describe_summary(self);
	describe_code(self, out);
	describe_check(self, out);
	out->place = describe_place(self, out->mode);
	out->lines = g_ptr_array_new_with_free_func(till_session_pickup_line_free);
	for (guint i = 0; i < open->lines->len; i++)
		g_ptr_array_add(out->lines, till_session_pickup_line(self, out->mode, i));
	describe_stays(self, out);
	describe_next(self, out);
	return out;
}
