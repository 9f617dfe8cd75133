/* SPDX-License-Identifier: Apache-2.0 */
#include "order-words.h"

#include "quantity.h"
#include "rules.h"

/* Longer lists say how many more there are. */
#define NAMES_MAX 4

typedef struct {
	TillOrderChange *change;
	const TillFulfilment *before, *after;
	const TillOrderStep *step;
	gint64 at_ms;
} Telling;

static void
tell(const Telling *telling, const char *kind, const char *words)
{
	till_order_change_tell(telling->change, &(TillOrderEvent){.kind = kind,
								  .words = words,
								  .who = telling->step->staff_name,
								  .channel = "store",
								  .fulfilment = &telling->after->id,
								  .at_ms = telling->at_ms});
}

static gint64
count_before(const Telling *telling, guint line, TillOrderState state)
{
	int index = till_fulfilment_find_line(telling->before, line);

	return index < 0 ? 0 : till_order_quantity(telling->before->life, (guint)index, state);
}

/* "2 × Organic tee, 1 × Canvas bag": what came to stand in a state; NULL: nothing. Caller frees. */
static char *
list_moved(const Telling *telling, TillOrderState state)
{
	GString *words = g_string_new(NULL);
	guint names = 0;

	for (guint i = 0; i < telling->after->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(telling->after->lines, i);
		gint64 milli = till_order_quantity(telling->after->life, i, state) -
			       count_before(telling, line->line, state);
		g_autofree char *quantity = till_quantity_format(MAX(milli, 0));
		if (milli <= 0)
			continue;
		if (++names <= NAMES_MAX)
			g_string_append_printf(words, "%s%s × %s", names > 1 ? ", " : "", quantity,
					       line->name);
	}
	if (names > NAMES_MAX)
		g_string_append_printf(words, " and %u more", names - NAMES_MAX);
	return g_string_free(words, names == 0);
}

static void
tell_moved(const Telling *telling, TillOrderState state, const char *kind, const char *format)
{
	g_autofree char *what = list_moved(telling, state);
	g_autofree char *words = NULL;

	if (what == NULL)
		return;
	words = g_strdup_printf("%s: %s.", format, what);
	tell(telling, kind, words);
}

static void
tell_picking(const Telling *telling)
{
	gboolean began = till_fulfilment_state(telling->before) == TILL_FULFILMENT_TO_PICK;
	gboolean waits = till_fulfilment_count(telling->after, TILL_ORDER_ALLOCATED) > 0;

	if (began)
		tell(telling, "picking", "Picking began.");
	if (!waits && till_fulfilment_count(telling->before, TILL_ORDER_ALLOCATED) > 0)
		tell(telling, "picked", "All that was found is picked.");
	tell_moved(telling, TILL_ORDER_SHORT, "short", "Not found");
	tell_moved(telling, TILL_ORDER_CANCELLED, "cancelled", "Given up");
	if (telling->step->substitute.line > 0) {
		g_autofree char *quantity =
		    till_quantity_format(telling->step->substitute.quantity_milli);
		g_autofree char *words = g_strdup_printf("%s × %s in its place.", quantity,
							 telling->step->substitute.name);
		tell(telling, "substituted", words);
	}
}

static void
tell_staging(const Telling *telling)
{
	gboolean ready = till_order_is_ready(telling->after->life);
	g_autofree char *words = *telling->step->place != '\0'
				     ? g_strdup_printf("Lies at %s.", telling->step->place)
				     : g_strdup("Lies ready.");

	tell(telling, "staged", words);
	if (ready && !till_order_is_ready(telling->before->life))
		tell(telling, "ready", "Everything is ready.");
}

static void
tell_hand_over(const Telling *telling)
{
	gboolean done = till_order_is_done(telling->after->life);
	g_autofree char *what = list_moved(telling, TILL_ORDER_COLLECTED);
	g_autofree char *words = NULL;

	words = g_strdup_printf(
	    "Given to %s: %s%s%s.",
	    *telling->step->collected_by != '\0' ? telling->step->collected_by : "the shopper",
	    what != NULL ? what : "nothing", *telling->step->check != '\0' ? "; checked by " : "",
	    telling->step->check);
	tell_moved(telling, TILL_ORDER_RETURNED, "refused", "Not taken");
	tell(telling, done ? "handed-over" : "part-handed-over", words);
}

static void
tell_shipping(const Telling *telling)
{
	const TillOrderStep *step = telling->step;
	g_autofree char *what = list_moved(telling, TILL_ORDER_SHIPPED);
	g_autofree char *words =
	    g_strdup_printf("Sent: %s%s%s%s%s.", what != NULL ? what : "nothing",
			    *step->carrier != '\0' ? " by " : "", step->carrier,
			    *step->tracking != '\0' ? ", " : "", step->tracking);

	tell(telling, "shipped", words);
}

static void
tell_put_back(const Telling *telling)
{
	const char *reason = telling->step->reason;
	g_autofree char *words =
	    *reason != '\0' ? g_strdup_printf("Put back: %s.", reason) : g_strdup("Put back.");

	tell(telling, "put-back", words);
	tell_moved(telling, TILL_ORDER_CANCELLED, "cancelled", "Given up");
}

void
till_order_words_tell(TillOrderChange *change, const TillFulfilment *before,
		      const TillFulfilment *after, const TillOrderStep *step, gint64 at_ms)
{
	const Telling telling = {change, before, after, step, at_ms};

	switch (step->kind) {
	case TILL_ORDER_STEP_PICKING:
		tell_picking(&telling);
		break;
	case TILL_ORDER_STEP_STAGING:
		tell_staging(&telling);
		break;
	case TILL_ORDER_STEP_HAND_OVER:
		tell_hand_over(&telling);
		break;
	case TILL_ORDER_STEP_SHIPPING:
		tell_shipping(&telling);
		break;
	case TILL_ORDER_STEP_PUT_BACK:
		tell_put_back(&telling);
		break;
	case TILL_ORDER_STEP_UNDO:
		tell(&telling, "undone", "The last step was taken back.");
		break;
	case TILL_ORDER_STEP_NOTE:
		tell(&telling, "note", step->words);
		break;
	case TILL_ORDER_STEP_KINDS:
	default:
		break;
	}
}

/* "24 Nov 17:05" by the store's clock. Caller frees. */
static char *
format_time(TillCentral *central, const char *store_code, gint64 at_ms)
{
	g_autofree char *name = till_rules_setting(central->db, store_code, "time_zone", "", NULL);
	g_autoptr(GTimeZone) zone =
	    name != NULL && *name != '\0' ? g_time_zone_new_identifier(name) : NULL;
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
	g_autoptr(GDateTime) local =
	    utc != NULL && zone != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
	char *text = NULL;

	if (local != NULL)
		text = g_date_time_format(local, "%d %b %H:%M");
	else if (utc != NULL)
		text = g_date_time_format(utc, "%d %b %H:%M UTC");
	return text != NULL ? text : g_strdup("an unknown time");
}

char *
till_order_words_given(TillCentral *central, const TillFulfilment *fulfilment,
		       const TillFulfilmentHandOver *given, const TillOrderStep *step)
{
	g_autofree char *when = format_time(central, given->store, given->at_ms);

	return g_strdup_printf("%s was handed over twice: by %s, till %s of %s, %s, to %s; and by "
			       "%s, till %s of %s.",
			       fulfilment->number, given->staff, given->till, given->store, when,
			       *given->collected_by != '\0' ? given->collected_by : "the shopper",
			       step->staff_name, step->till, step->store);
}
