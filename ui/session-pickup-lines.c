/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include "quantity.h"

/* The lines of the order in hand, in words. */

void
till_session_pickup_line_free(gpointer data)
{
	TillSessionPickupLine *line = data;

	g_free(line->title);
	g_free(line->detail);
	g_free(line->words);
	g_free(line->tone);
	g_free(line);
}

static const char *
describe_elsewhere(const TillOrder *life, guint index, const char **out_tone)
{
	static const struct {
		TillOrderState state;
		const char *words, *tone;
	} places[] = {
	    {TILL_ORDER_SHORT, "not found", "bad"},
	    {TILL_ORDER_PICKED, "picked, not staged yet", "plain"},
	    {TILL_ORDER_ALLOCATED, "not picked yet", "plain"},
	    {TILL_ORDER_ORDERED, "not in store yet", "plain"},
	    {TILL_ORDER_STAGED, "ready", "good"},
	    {TILL_ORDER_COLLECTED, "collected", "good"},
	    {TILL_ORDER_SHIPPED, "sent", "good"},
	    {TILL_ORDER_RETURNED, "not taken, returned", "plain"},
	    {TILL_ORDER_REFUSED, "not taken", "plain"},
	    {TILL_ORDER_CANCELLED, "cancelled", "plain"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		if (till_order_quantity(life, index, places[i].state) > 0) {
			*out_tone = places[i].tone;
			return places[i].words;
		}
	*out_tone = "plain";
	return "";
}

/* What a line that can be ticked says of itself. */
static char *
describe_ticks(TillSession *self, const TillSessionPickupLine *line, const TillSessionTick *tick,
	       gboolean picking, const char **out_tone)
{
	g_autofree char *ticked = till_format_quantity(self->format, line->ticked_milli);
	g_autofree char *all = till_format_quantity(self->format, line->milli);
	const char *done = picking ? "picked" : tick->scanned ? "scanned" : "ticked";

	*out_tone = "good";
	if (line->refused_milli > 0) {
		*out_tone = "warn";
		return g_strdup("not wanted, goes back");
	}
	if (line->ticked_milli >= line->milli)
		return g_strdup(done);
	*out_tone = "plain";
	if (line->ticked_milli > 0)
		return g_strdup_printf("%s of %s %s", ticked, all, done);
	if (line->milli != TILL_QUANTITY_ONE)
		return g_strdup_printf(picking ? "%s to pick" : "%s here", all);
	return g_strdup(picking ? "to pick" : "");
}

static char *
describe_line(TillSession *self, const TillFulfilment *fulfilment, guint index)
{
	const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, index);
	gint64 ordered_milli = till_order_ordered(fulfilment->life, index);
	int instead = till_fulfilment_find_line(fulfilment, line->substitute_for);
	g_autoptr(GString) words = g_string_new("SKU ");

	g_string_append(words, line->sku);
	if (ordered_milli != TILL_QUANTITY_ONE) {
		g_autofree char *ordered = till_format_quantity(self->format, ordered_milli);

		g_string_append_printf(words, " · %s ordered", ordered);
	}
	if (line->min_age > 0)
		g_string_append_printf(words, " · from %" G_GINT64_FORMAT " years on",
				       line->min_age);
	if (line->substitute_for != 0 && instead >= 0)
		g_string_append_printf(
		    words, " · instead of %s",
		    ((TillFulfilmentLine *)g_ptr_array_index(fulfilment->lines, instead))->name);
	return g_strdup(words->str);
}

static void
count_line(TillSessionPickupMode mode, const TillOrder *life, guint index,
	   const TillSessionTick *tick, TillSessionPickupLine *out)
{
	gint64 picked_milli = till_order_quantity(life, index, TILL_ORDER_PICKED);

	if (mode == TILL_PICKUP_PICKING) {
		out->ticked_milli = picked_milli;
		out->milli = picked_milli + till_order_quantity(life, index, TILL_ORDER_ALLOCATED);
	} else if (mode == TILL_PICKUP_HAND_OVER) {
		out->milli = till_order_quantity(life, index, TILL_ORDER_STAGED);
		out->ticked_milli = tick->ticked_milli;
		out->refused_milli = tick->refused_milli;
	}
}

TillSessionPickupLine *
till_session_pickup_line(TillSession *self, TillSessionPickupMode mode, guint index)
{
	TillSessionPickups *pickups = self->pickups;
	const TillFulfilmentLine *from = g_ptr_array_index(pickups->open->lines, index);
	const TillSessionTick *tick = &g_array_index(pickups->ticks, TillSessionTick, index);
	TillSessionPickupLine *line = g_new0(TillSessionPickupLine, 1);
	const char *tone;

	line->line = from->line;
	line->title = till_session_pickup_title(from);
	line->detail = describe_line(self, pickups->open, index);
	count_line(mode, pickups->open->life, index, tick, line);
	line->words = line->milli > 0
			  ? describe_ticks(self, line, tick, mode == TILL_PICKUP_PICKING, &tone)
			  : g_strdup(describe_elsewhere(pickups->open->life, index, &tone));
	line->tone = g_strdup(tone);
	return line;
}
