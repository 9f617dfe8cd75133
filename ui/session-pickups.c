/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include <string.h>

#include "pickup-token.h"

/* The board: what is outside, ready, to pick and to send. It is read anew whenever the cache moved;
 * rows that stay are changed in place, so that the list keeps its focus and its scroll. */

static const char *const headings[TILL_PICKUP_GROUPS] = {
    [TILL_PICKUP_GROUP_OUTSIDE] = "Outside now",
    [TILL_PICKUP_GROUP_READY] = "Ready to collect",
    [TILL_PICKUP_GROUP_TO_PICK] = "To pick",
    [TILL_PICKUP_GROUP_SHIP] = "Ship from here",
};

TillSessionPickups *
till_session_pickups_new(void)
{
	TillSessionPickups *pickups = g_new0(TillSessionPickups, 1);

	pickups->rows = g_list_store_new(TILL_TYPE_ROW_ITEM);
	pickups->found = g_list_store_new(TILL_TYPE_ROW_ITEM);
	pickups->heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	pickups->ticks = g_array_new(FALSE, TRUE, sizeof(TillSessionTick));
	g_queue_init(&pickups->scans);
	return pickups;
}

void
till_session_pickups_free(TillSessionPickups *pickups)
{
	g_clear_pointer(&pickups->board, till_pickup_desk_board_free);
	g_clear_pointer(&pickups->open, till_fulfilment_free);
	g_clear_pointer(&pickups->record, till_order_record_free);
	g_clear_pointer(&pickups->pickup, till_session_pickup_free);
	g_clear_pointer(&pickups->answer, till_session_pickup_answer_free);
	g_queue_clear_full(&pickups->scans, g_free);
	g_hash_table_unref(pickups->heard);
	g_array_unref(pickups->ticks);
	g_object_unref(pickups->rows);
	g_object_unref(pickups->found);
	g_free(pickups->filter);
	g_free(pickups->opening);
	g_free(pickups->collector);
	g_free(pickups->checking);
	g_free(pickups->answer_id);
	g_free(pickups->undo_words);
	g_free(pickups);
}

/* ---- which rows ---- */

static gboolean
contains(const char *filter, const char *text)
{
	g_autofree char *folded = g_utf8_casefold(text, -1);

	return strstr(folded, filter) != NULL;
}

static gboolean
is_wanted(const TillSessionPickups *pickups, const TillPickupRow *row)
{
	const TillFulfilment *fulfilment = row->fulfilment;
	const char *filter = pickups->filter;

	return filter == NULL || contains(filter, fulfilment->customer_name) ||
	       contains(filter, fulfilment->number) || contains(filter, fulfilment->place) ||
	       contains(filter, fulfilment->arrival);
}

/* ---- rows ---- */

static TillRowItem *
find_row(TillSessionPickups *pickups, TillRowText which, const char *text)
{
	GListModel *rows = G_LIST_MODEL(pickups->rows);

	for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
		g_autoptr(TillRowItem) row = g_list_model_get_item(rows, i);

		if (strcmp(till_row_item_get(row, which), text) == 0)
			return g_steal_pointer(&row);
	}
	return till_row_item_new(0, NULL);
}

static void
add_heading(TillSession *self, GPtrArray *rows, TillPickupGroup group, guint count)
{
	TillSessionPickups *pickups = self->pickups;
	TillRowItem *row = find_row(pickups, TILL_ROW_HEADING, headings[group]);
	g_autofree char *wait =
	    group == TILL_PICKUP_GROUP_OUTSIDE && pickups->board->median_wait_ms >= 0
		? till_format_wait(pickups->board->median_wait_ms)
		: NULL;
	g_autofree char *note = wait ? g_strdup_printf("%u · median wait today %s", count, wait)
				     : g_strdup_printf("%u", count);

	till_row_item_set(row, TILL_ROW_HEADING, headings[group]);
	till_row_item_set(row, TILL_ROW_NOTE, note);
	g_ptr_array_add(rows, row);
}

static void
add_card(TillSession *self, GPtrArray *rows, const TillPickupRow *from)
{
	char id[TILL_UUID_TEXT];
	TillRowItem *row;

	till_uuid_format(&from->fulfilment->id, id);
	row = find_row(self->pickups, TILL_ROW_KEY, id);
	till_row_item_set(row, TILL_ROW_KEY, id);
	till_session_pickup_fill_row(self, row, from);
	g_ptr_array_add(rows, row);
}

/* Changes only the stretch of the list that differs. */
static void
splice_rows(GListStore *store, GPtrArray *rows)
{
	GListModel *model = G_LIST_MODEL(store);
	guint old = g_list_model_get_n_items(model), first = 0, last = 0;

	for (; first < old && first < rows->len; first++) {
		g_autoptr(TillRowItem) row = g_list_model_get_item(model, first);

		if (row != g_ptr_array_index(rows, first))
			break;
	}
	for (; last < old - first && last < rows->len - first; last++) {
		g_autoptr(TillRowItem) row = g_list_model_get_item(model, old - 1 - last);

		if (row != g_ptr_array_index(rows, rows->len - 1 - last))
			break;
	}
	if (first + last < old || first + last < rows->len)
		g_list_store_splice(store, first, old - first - last, rows->pdata + first,
				    rows->len - first - last);
}

static guint
count_group(TillSession *self, TillPickupGroup group)
{
	const TillPickupBoard *board = self->pickups->board;
	guint count = 0;

	if (self->pickups->filter == NULL)
		return board->counts[group];
	for (guint i = 0; i < board->rows->len; i++) {
		const TillPickupRow *row = g_ptr_array_index(board->rows, i);

		count += row->group == group && is_wanted(self->pickups, row);
	}
	return count;
}

static void
update_rows(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_object_unref);
	TillPickupGroup last = TILL_PICKUP_GROUPS;

	if (pickups->board == NULL || self->format == NULL)
		return;
	for (guint i = 0; i < pickups->board->rows->len; i++) {
		const TillPickupRow *row = g_ptr_array_index(pickups->board->rows, i);

		if (!is_wanted(pickups, row))
			continue;
		if (row->group != last)
			add_heading(self, rows, row->group, count_group(self, row->group));
		last = row->group;
		add_card(self, rows, row);
	}
	splice_rows(pickups->rows, rows);
	g_signal_emit_by_name(self, "pickups-changed");
}

/* ---- arrivals ---- */

static void
tell_arrival(TillSession *self, const TillFulfilment *fulfilment)
{
	const char *name =
	    *fulfilment->customer_name ? fulfilment->customer_name : fulfilment->number;

	if (self->staff_id == NULL) /* the screen is locked: no names on it */
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "A shopper is outside to collect an order.");
	else
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s is outside%s%s", name,
				    *fulfilment->arrival ? " · " : "", fulfilment->arrival);
}

/* Each arrival rings once. Those that were there when the till came up are on the board already. */
static void
hear_arrivals(TillSession *self, gboolean first)
{
	TillSessionPickups *pickups = self->pickups;

	for (guint i = 0; i < pickups->board->rows->len; i++) {
		const TillPickupRow *row = g_ptr_array_index(pickups->board->rows, i);
		const TillFulfilment *fulfilment = row->fulfilment;
		char id[TILL_UUID_TEXT];
		char *arrival;

		if (row->group != TILL_PICKUP_GROUP_OUTSIDE)
			continue;
		arrival =
		    g_strdup_printf("%s %" G_GINT64_FORMAT, till_uuid_format(&fulfilment->id, id),
				    fulfilment->arrived_ms);
		if (g_hash_table_add(pickups->heard, arrival) && !first)
			tell_arrival(self, fulfilment);
	}
}

/* ---- loading ---- */

static void
board_cb(TillPickupBoard *board, const GError *error, gpointer user)
{
	TillSession *self = user;
	TillSessionPickups *pickups = self->pickups;
	gboolean first = pickups->board == NULL;

	pickups->loading = FALSE;
	if (error != NULL) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
		return;
	}
	g_clear_pointer(&pickups->board, till_pickup_desk_board_free);
	pickups->board = board;
	hear_arrivals(self, first);
	update_rows(self);
	if (pickups->load_late)
		till_session_pickups_load(self);
}

void
till_session_pickups_load(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;

	if (self->desk == NULL)
		return;
	if (pickups->loading) {
		pickups->load_late = TRUE;
		return;
	}
	if (pickups->board == NULL)
		till_session_pickups_recall_undo(self);
	pickups->loading = TRUE;
	pickups->load_late = FALSE;
	till_pickup_desk_board_async(self->desk, self, board_cb, self);
	if (pickups->open != NULL && !pickups->busy)
		till_session_pickup_reload(self);
}

/* ---- for the screen ---- */

GListModel *
till_session_pickups_rows(TillSession *self)
{
	return G_LIST_MODEL(self->pickups->rows);
}

void
till_session_pickups_filter(TillSession *self, const char *text)
{
	g_free(self->pickups->filter);
	self->pickups->filter = *text != '\0' ? g_utf8_casefold(text, -1) : NULL;
	if (self->pickups->filter != NULL)
		g_strstrip(self->pickups->filter);
	update_rows(self);
}

void
till_session_pickups_tick(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;

	if (pickups->undo_words != NULL &&
	    till_session_pickup_now(self) >= pickups->undo_until_ms) {
		g_clear_pointer(&pickups->undo_words, g_free);
		g_signal_emit_by_name(self, "pickup-undo");
	}
	for (guint i = 0; pickups->board != NULL && i < pickups->board->rows->len; i++) {
		const TillPickupRow *from = g_ptr_array_index(pickups->board->rows, i);
		char id[TILL_UUID_TEXT];
		g_autoptr(TillRowItem) row = NULL;

		if (from->group != TILL_PICKUP_GROUP_OUTSIDE || self->format == NULL)
			continue;
		row = find_row(pickups, TILL_ROW_KEY, till_uuid_format(&from->fulfilment->id, id));
		till_session_pickup_fill_row(self, row, from);
	}
}

guint
till_session_pickups_outside(TillSession *self)
{
	return self->pickups->board != NULL
		   ? self->pickups->board->counts[TILL_PICKUP_GROUP_OUTSIDE]
		   : 0;
}

const char *const *
till_session_pickups_places(TillSession *self)
{
	static const char *const none[] = {NULL};

	const TillPickupBoard *board = self->pickups->board;

	return board != NULL && board->places != NULL ? (const char *const *)board->places : none;
}

const char *
till_session_pickups_trouble(TillSession *self)
{
	if (self->health.state == TILL_HEALTH_OFFLINE)
		return "Offline: you are not told who arrives, so look outside. Picking, codes and "
		       "handing over work as always.";
	if (self->health.state == TILL_HEALTH_STALE)
		return "Nothing was heard from head office for long: new orders and arrivals may "
		       "be "
		       "missing here.";
	return NULL;
}

void
till_session_pickups_enter(TillSession *self, const char *text)
{
	TillSessionPickups *pickups = self->pickups;
	const TillFulfilment *found = NULL;
	char id[TILL_UUID_TEXT];

	if (*text == '\0' || pickups->board == NULL)
		return;
	if (till_session_pickups_is_code(text)) {
		till_session_pickups_check(self, text);
		return;
	}
	till_session_pickups_filter(self, text);
	for (guint i = 0; i < pickups->board->rows->len && found == NULL; i++) {
		const TillPickupRow *row = g_ptr_array_index(pickups->board->rows, i);

		if (is_wanted(pickups, row))
			found = row->fulfilment;
	}
	if (found != NULL)
		till_session_pickup_open(self, till_uuid_format(&found->id, id));
	else
		till_session_notice(self, TILL_NOTICE_UNKNOWN, FALSE,
				    "No order here has “%s”. Look under Orders, or try fewer "
				    "letters.",
				    text);
}
