/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include "quantity.h"

/* How an order stands, in the words of the board. */

#define WAIT_GOOD_MS (3 * 60 * G_GINT64_CONSTANT(1000)) /* what a shopper outside is promised */
#define WAIT_BAD_MS (6 * 60 * G_GINT64_CONSTANT(1000))
#define DUE_SOON_MS (30 * 60 * G_GINT64_CONSTANT(1000))

gint64
till_session_pickup_now(TillSession *self)
{
	return till_clock_wall_ms(self->clock);
}

char *
till_session_pickup_title(const TillFulfilmentLine *line)
{
	if (*line->variant == '\0')
		return g_strdup(line->name);
	return g_strdup_printf("%s — %s", line->name, line->variant);
}

char *
till_session_pickup_count(TillSession *self, gint64 milli)
{
	g_autofree char *figure = till_format_quantity(self->format, milli);

	return g_strdup_printf("%s %s", figure, milli == TILL_QUANTITY_ONE ? "item" : "items");
}

gint64
till_session_pickup_pieces(gint64 milli)
{
	return milli % TILL_QUANTITY_ONE != 0 ? TILL_QUANTITY_ONE : milli;
}

gint64
till_session_pickup_left(const TillFulfilment *fulfilment)
{
	gint64 left_milli = 0;

	for (guint i = 0; i < till_order_count(fulfilment->life); i++)
		left_milli += till_session_pickup_pieces(till_order_left(fulfilment->life, i));
	return left_milli;
}

static gint64
count_staged(const TillFulfilment *fulfilment)
{
	gint64 staged_milli = 0;

	for (guint i = 0; i < till_order_count(fulfilment->life); i++)
		staged_milli += till_session_pickup_pieces(
		    till_order_quantity(fulfilment->life, i, TILL_ORDER_STAGED));
	return staged_milli;
}

/* "3 items", or "2 of 3 items" while something is missing. */
static char *
describe_count(TillSession *self, const TillFulfilment *fulfilment)
{
	gint64 here_milli = count_staged(fulfilment);
	gint64 left_milli = till_session_pickup_left(fulfilment);
	g_autofree char *all = till_session_pickup_count(self, left_milli);
	g_autofree char *here = till_format_quantity(self->format, here_milli);

	if (here_milli == 0 || here_milli == left_milli)
		return g_steal_pointer(&all);
	return g_strdup_printf("%s of %s", here, all);
}

void
till_session_pickup_join(GString *words, const char *part)
{
	if (part == NULL || *part == '\0')
		return;
	if (words->len > 0)
		g_string_append(words, " · ");
	g_string_append(words, part);
}

static void
fill_outside(TillSession *self, TillRowItem *row, const TillFulfilment *fulfilment)
{
	gint64 wait_ms = till_session_pickup_now(self) - fulfilment->arrived_ms;
	g_autofree char *wait = till_format_wait(wait_ms);
	g_autofree char *chip = wait_ms < WAIT_GOOD_MS  ? g_strdup(wait)
				: wait_ms < WAIT_BAD_MS ? g_strdup_printf("%s · hurry", wait)
							: g_strdup_printf("%s · late", wait);

	till_row_item_set(row, TILL_ROW_CHIP, chip);
	till_row_item_set(row, TILL_ROW_TONE,
			  wait_ms < WAIT_GOOD_MS  ? "good"
			  : wait_ms < WAIT_BAD_MS ? "warn"
						  : "bad");
}

static void
fill_held(TillRowItem *row, const TillPickupRow *from)
{
	static const struct {
		const char *words, *tone;
	} chips[] = {
	    [TILL_PICKUP_EXPIRY_NONE] = {"ready", "good"},
	    [TILL_PICKUP_EXPIRY_SOON] = {"expires", "warn"},
	    [TILL_PICKUP_EXPIRY_OVER] = {"expired", "bad"},
	};

	till_row_item_set(row, TILL_ROW_CHIP, chips[from->expiry].words);
	till_row_item_set(row, TILL_ROW_TONE, chips[from->expiry].tone);
}

static void
fill_work(TillSession *self, TillRowItem *row, const TillFulfilment *fulfilment)
{
	gint64 left_ms = fulfilment->promise_ms - till_session_pickup_now(self);
	gboolean promised = fulfilment->promise_ms != 0;
	gboolean begun = till_fulfilment_state(fulfilment) == TILL_FULFILMENT_PICKING;
	gboolean staged = till_fulfilment_count(fulfilment, TILL_ORDER_STAGED) > 0;
	const char *words = staged ? "to send" : begun ? "picking" : "to pick";
	g_autofree char *chip = NULL;

	if (promised && left_ms <= 0)
		chip = g_strdup_printf("%s · late", words);
	else if (promised && left_ms < DUE_SOON_MS)
		chip = g_strdup_printf("%s · soon", words);
	else
		chip = g_strdup(words);
	till_row_item_set(row, TILL_ROW_CHIP, chip);
	till_row_item_set(row, TILL_ROW_TONE,
			  promised && left_ms <= 0            ? "bad"
			  : promised && left_ms < DUE_SOON_MS ? "warn"
			  : begun || staged                   ? "info"
							      : "plain");
}

char *
till_session_pickup_when(TillSession *self, const TillFulfilment *fulfilment, gboolean ready)
{
	gint64 moment_ms = ready ? fulfilment->expires_ms : fulfilment->promise_ms;
	g_autofree char *near = NULL;

	if (moment_ms == 0 || fulfilment->arrived_ms != 0)
		return NULL;
	near = till_format_near(self->format, moment_ms, till_session_pickup_now(self));
	if (ready && moment_ms <= till_session_pickup_now(self))
		return g_strdup_printf("was held until %s", near);
	return g_strdup_printf("%s %s",
			       ready                                      ? "held until"
			       : fulfilment->kind == TILL_FULFILMENT_SHIP ? "send by"
									  : "ready by",
			       near);
}

void
till_session_pickup_fill_row(TillSession *self, TillRowItem *row, const TillPickupRow *from)
{
	const TillFulfilment *fulfilment = from->fulfilment;
	gboolean named = *fulfilment->customer_name != '\0';
	gboolean ready = from->group == TILL_PICKUP_GROUP_READY;
	g_autoptr(GString) detail = g_string_new(NULL);
	g_autofree char *count = describe_count(self, fulfilment);
	g_autofree char *when = till_session_pickup_when(self, fulfilment, ready);

	till_row_item_set(row, TILL_ROW_TITLE,
			  named ? fulfilment->customer_name : fulfilment->number);
	if (fulfilment->arrived_ms != 0)
		till_session_pickup_join(detail, fulfilment->arrival);
	else if (!ready && named)
		till_session_pickup_join(detail, fulfilment->number);
	till_session_pickup_join(detail, count);
	till_session_pickup_join(detail, fulfilment->place);
	till_session_pickup_join(detail, when);
	till_session_pickup_join(detail, from->gift ? "gift" : NULL);
	till_session_pickup_join(detail, from->split ? "part of a split order" : NULL);
	till_session_pickup_join(detail, from->waiting ? "not sent yet" : NULL);
	till_row_item_set(row, TILL_ROW_DETAIL, detail->str);
	if (from->group == TILL_PICKUP_GROUP_OUTSIDE)
		fill_outside(self, row, fulfilment);
	else if (ready)
		fill_held(row, from);
	else
		fill_work(self, row, fulfilment);
}
