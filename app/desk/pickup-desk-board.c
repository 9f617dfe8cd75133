/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-desk-private.h"

#include <string.h>

#include "quantity.h"

static void
free_row(gpointer data)
{
	TillPickupRow *row = data;

	till_fulfilment_free(row->fulfilment);
	g_free(row);
}

void
till_pickup_desk_board_free(TillPickupBoard *board)
{
	if (board == NULL)
		return;
	g_clear_pointer(&board->rows, g_ptr_array_unref);
	g_strfreev(board->places);
	g_free(board);
}

/* ---- A row ---- */

static guint
count_pieces(gint64 milli)
{
	if (milli % TILL_QUANTITY_ONE != 0)
		return 1;
	return (guint)(milli / TILL_QUANTITY_ONE);
}

static void
count_items(const TillFulfilment *fulfilment, TillPickupRow *row)
{
	static const TillOrderState done[] = {TILL_ORDER_STAGED, TILL_ORDER_COLLECTED,
					      TILL_ORDER_SHIPPED, TILL_ORDER_REFUSED,
					      TILL_ORDER_RETURNED};

	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		gint64 done_milli = 0;
		for (gsize k = 0; k < G_N_ELEMENTS(done); k++)
			done_milli += till_order_quantity(fulfilment->life, i, done[k]);
		row->items +=
		    count_pieces(till_order_ordered(fulfilment->life, i) -
				 till_order_quantity(fulfilment->life, i, TILL_ORDER_CANCELLED));
		row->items_done += count_pieces(done_milli);
		if (till_order_left(fulfilment->life, i) > 0)
			row->min_age = MAX(row->min_age, line->min_age);
	}
}

static TillPickupGroup
choose_group(const TillFulfilment *fulfilment)
{
	if (fulfilment->kind == TILL_FULFILMENT_SHIP)
		return TILL_PICKUP_GROUP_SHIP;
	if (fulfilment->arrived_ms > 0)
		return TILL_PICKUP_GROUP_OUTSIDE;
	return till_fulfilment_state(fulfilment) == TILL_FULFILMENT_READY
		   ? TILL_PICKUP_GROUP_READY
		   : TILL_PICKUP_GROUP_TO_PICK;
}

static TillPickupExpiry
judge_expiry(const TillFulfilment *fulfilment, gint64 now_ms)
{
	if (fulfilment->expires_ms == 0 ||
	    fulfilment->expires_ms > now_ms + TILL_PICKUP_EXPIRES_SOON_MS)
		return TILL_PICKUP_EXPIRY_NONE;
	return fulfilment->expires_ms > now_ms ? TILL_PICKUP_EXPIRY_SOON : TILL_PICKUP_EXPIRY_OVER;
}

static TillPickupRow *
make_row(TillShelfRow *from, gint64 now_ms)
{
	TillPickupRow *row = g_new0(TillPickupRow, 1);

	row->fulfilment = g_steal_pointer(&from->fulfilment);
	row->group = choose_group(row->fulfilment);
	row->expiry = judge_expiry(row->fulfilment, now_ms);
	row->gift = from->gift;
	row->split = from->split;
	row->waiting = from->waiting;
	count_items(row->fulfilment, row);
	return row;
}

/* What a group is sorted by: smaller comes first, none last. */
static gint64
key_of(const TillPickupRow *row)
{
	gint64 key = row->fulfilment->promise_ms;

	if (row->group == TILL_PICKUP_GROUP_OUTSIDE)
		key = row->fulfilment->arrived_ms;
	else if (row->group == TILL_PICKUP_GROUP_READY)
		key = row->fulfilment->expires_ms;
	return key != 0 ? key : G_MAXINT64;
}

static gint
compare_rows_cb(gconstpointer a, gconstpointer b)
{
	const TillPickupRow *left = *(const TillPickupRow *const *)a;
	const TillPickupRow *right = *(const TillPickupRow *const *)b;
	gint64 left_key = key_of(left);
	gint64 right_key = key_of(right);

	if (left->group != right->group)
		return left->group < right->group ? -1 : 1;
	if (left_key != right_key)
		return left_key < right_key ? -1 : 1;
	return strcmp(left->fulfilment->number, right->fulfilment->number);
}

/* ---- The board ---- */

static gint
compare_waits_cb(gconstpointer a, gconstpointer b)
{
	gint64 left = *(const gint64 *)a;
	gint64 right = *(const gint64 *)b;

	return left < right ? -1 : left > right;
}

/* The wait that ended last, of those with their own hand-over not told back yet. */
static void
add_own_wait(GArray *waits, const TillShelfRow *row)
{
	const GPtrArray *done = row->fulfilment->hand_overs;
	const TillFulfilmentHandOver *last =
	    done->len > 0 ? g_ptr_array_index(done, done->len - 1) : NULL;

	if (!row->waiting || row->arrived_ms == 0 || row->fulfilment->arrived_ms != 0 ||
	    last == NULL || last->undone)
		return;
	gint64 wait_ms = MAX(last->at_ms - row->arrived_ms, 0);
	g_array_append_val(waits, wait_ms);
}

static gint64
take_median(GArray *waits)
{
	if (waits->len == 0)
		return -1;
	g_array_sort(waits, compare_waits_cb);
	return g_array_index(waits, gint64, (waits->len - 1) / 2);
}

static gint64
midnight(gint64 now_ms, const char *time_zone)
{
	g_autoptr(GDateTime) now = till_register_private_local(now_ms, time_zone);
	gint64 since_ms =
	    ((gint64)g_date_time_get_hour(now) * 60 + g_date_time_get_minute(now)) * 60000 +
	    (gint64)g_date_time_get_second(now) * 1000;

	return now_ms - now_ms % 1000 - since_ms;
}

static gint
compare_updated_cb(gconstpointer a, gconstpointer b)
{
	const TillPickupRow *left = *(const TillPickupRow *const *)a;
	const TillPickupRow *right = *(const TillPickupRow *const *)b;

	if (left->fulfilment->updated_ms == right->fulfilment->updated_ms)
		return strcmp(left->fulfilment->place, right->fulfilment->place);
	return left->fulfilment->updated_ms > right->fulfilment->updated_ms ? -1 : 1;
}

static char **
list_places(const GPtrArray *rows)
{
	g_autoptr(GPtrArray) newest = g_ptr_array_new();
	g_autoptr(GStrvBuilder) places = g_strv_builder_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < rows->len; i++)
		g_ptr_array_add(newest, g_ptr_array_index(rows, i));
	g_ptr_array_sort(newest, compare_updated_cb);
	for (guint i = 0; i < newest->len; i++) {
		const TillPickupRow *row = g_ptr_array_index(newest, i);
		char *place = row->fulfilment->place;
		if (*place == '\0' || g_hash_table_size(seen) == TILL_PICKUP_PLACES_MAX)
			continue;
		if (g_hash_table_add(seen, place))
			g_strv_builder_add(places, place);
	}
	return g_strv_builder_end(places);
}

static void
add_rows(TillPickupBoard *board, GPtrArray *shelf, const char *store_code, GArray *waits)
{
	for (guint i = 0; i < shelf->len; i++) {
		TillShelfRow *from = g_ptr_array_index(shelf, i);
		if (!g_str_equal(from->fulfilment->store, store_code))
			continue;
		add_own_wait(waits, from);
		if (till_order_is_done(from->fulfilment->life))
			continue;
		TillPickupRow *row = make_row(from, board->now_ms);
		board->counts[row->group]++;
		g_ptr_array_add(board->rows, row);
	}
	g_ptr_array_sort(board->rows, compare_rows_cb);
}

static gboolean
run_board(gpointer owner, gpointer data, GError **error)
{
	TillPickupJob *job = data;
	TillPickupBoard *board = g_new0(TillPickupBoard, 1);
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);

	job->answer = board;
	if (identity == NULL)
		return FALSE;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;
	board->now_ms = till_clock_wall_ms(till_store_clock(owner));
	g_autoptr(GPtrArray) shelf = till_order_shelf_open(owner, TILL_PICKUP_BOARD_MAX, error);
	if (shelf == NULL)
		return FALSE;
	g_autoptr(GArray) waits =
	    till_order_shelf_waits(owner, midnight(board->now_ms, shop->time_zone), error);
	if (waits == NULL)
		return FALSE;
	board->rows = g_ptr_array_new_with_free_func(free_row);
	add_rows(board, shelf, identity->store_code, waits);
	board->places = list_places(board->rows);
	board->median_wait_ms = take_median(waits);
	return TRUE;
}

static TillPickupJob *
make_board(TillPickupDesk *desk)
{
	return till_pickup_desk_job_new(desk, (GDestroyNotify)till_pickup_desk_board_free);
}

TillPickupBoard *
till_pickup_desk_board(TillPickupDesk *desk, GError **error)
{
	return till_pickup_desk_job_call(desk, make_board(desk), run_board, error);
}

static void
deliver_board(TillPickupJob *job, const GError *error)
{
	((TillPickupBoardCb)job->cb)(error == NULL ? till_pickup_desk_job_steal(job) : NULL, error,
				     job->user);
}

void
till_pickup_desk_board_async(TillPickupDesk *desk, gpointer receiver, TillPickupBoardCb cb,
			     gpointer user)
{
	TillPickupJob *job = make_board(desk);

	job->deliver = deliver_board;
	job->cb = G_CALLBACK(cb);
	job->user = user;
	till_pickup_desk_job_post(desk, job, run_board, receiver);
}
