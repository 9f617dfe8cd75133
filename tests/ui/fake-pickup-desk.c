/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-pickup-desk.h"

#include <string.h>

#include "error.h"
#include "fake-register-private.h"

#define MINUTE_MS (60 * G_GINT64_CONSTANT(1000))
#define HOUR_MS (60 * MINUTE_MS)

struct TillPickupDesk {
	GPtrArray *fulfilments; /* of TillFulfilment */
	GPtrArray *ids;         /* of char* */
	GHashTable *steps;      /* TillOrderStep by txn */
	TillUuid last_txn;
};

static FakePickupDeskState state;

FakePickupDeskState *
fake_pickup_desk_state(void)
{
	return &state;
}

/* ---- the morning's orders ---- */

typedef struct {
	char *sku, *name, *variant; /* literals: the domain only reads them */
	gint64 milli, min_age;
	TillOrderState stands; /* where its pieces are */
} Line;

typedef struct {
	const char *number, *name;
	TillFulfilmentKind kind;
	gint64 promise_min, expires_min, arrived_min; /* from now; 0: none */
	const char *arrival, *place;
	Line lines[3];
} Order;

static const Order orders[] = {
    {"W-1041",
     "Dana Kowalski",
     TILL_FULFILMENT_PICKUP,
     -60,
     3000,
     -1,
     "Bay 4 · blue hatchback",
     "Shelf C3",
     {{"5530-WHT-L", "Linen shirt", "White / L", 1000, 0, TILL_ORDER_STAGED},
      {"7781", "Canvas tote", "", 1000, 0, TILL_ORDER_STAGED},
      {"2210", "Trail socks", "3 pack", 1000, 0, TILL_ORDER_ALLOCATED}}},
    {"W-1042",
     "Yusuf Demir",
     TILL_FULFILMENT_PICKUP,
     -60,
     3000,
     -4,
     "Bay 1 · grey van",
     "Shelf A1",
     {{"6120", "Enamel mug", "Cream", 5000, 0, TILL_ORDER_STAGED}}},
    {"W-1043",
     "Priya Nair",
     TILL_FULFILMENT_PICKUP,
     -60,
     6000,
     0,
     "",
     "Shelf B2",
     {{"7781", "Canvas tote", "", 1000, 0, TILL_ORDER_STAGED}}},
    {"W-1044",
     "Greta Lindqvist",
     TILL_FULFILMENT_PICKUP,
     -60,
     380,
     0,
     "",
     "Cold locker 3",
     {{"7000", "Sparkling wine", "", 4000, 21, TILL_ORDER_STAGED}}},
    {"W-1045",
     "Lucía Ferrer",
     TILL_FULFILMENT_PICKUP,
     -9000,
     -300,
     0,
     "",
     "Shelf A2",
     {{"9001", "Olive oil soap", "Lavender", 1000, 0, TILL_ORDER_STAGED}}},
    {"A-1046",
     "Amelia Hart",
     TILL_FULFILMENT_PICKUP,
     20,
     3000,
     0,
     "",
     "",
     {{"6120", "Enamel mug", "Cream", 3000, 0, TILL_ORDER_ALLOCATED},
      {"8100", "Sourdough loaf", "", 1000, 0, TILL_ORDER_ALLOCATED}}},
    {"W-1047",
     "Tomas Reyes",
     TILL_FULFILMENT_SHIP,
     200,
     0,
     0,
     "",
     "Packing table",
     {{"4012-NVY-M", "Organic tee", "Navy / M", 2000, 0, TILL_ORDER_STAGED}}},
};

static void
stand(TillFulfilment *fulfilment, guint index, const Line *line)
{
	static const TillOrderState way[] = {TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED,
					     TILL_ORDER_STAGED};

	for (guint i = 0; i + 1 < G_N_ELEMENTS(way) && way[i] != line->stands; i++) {
		TillOrderMove move = {
		    .line = index, .from = way[i], .to = way[i + 1], .milli = line->milli};

		g_assert_cmpint(till_order_move(fulfilment->life, &move, NULL), ==, TILL_ORDER_OK);
	}
}

static void
add_lines(TillFulfilment *fulfilment, const Order *order)
{
	for (guint i = 0; i < G_N_ELEMENTS(order->lines) && order->lines[i].sku != NULL; i++) {
		const Line *from = &order->lines[i];
		TillFulfilmentLine line = {.line = i + 1,
					   .sku = from->sku,
					   .name = from->name,
					   .variant = from->variant,
					   .min_age = from->min_age};

		g_assert_true(till_fulfilment_add_line(fulfilment, &line, from->milli));
		stand(fulfilment, i, from);
	}
}

static void
set_text(char **text, const char *words)
{
	g_free(*text);
	*text = g_strdup(words);
}

static gint64
moment(gint64 minutes)
{
	return minutes != 0 ? state.now_ms + minutes * MINUTE_MS : 0;
}

static TillFulfilment *
make_fulfilment(guint i)
{
	const Order *order = &orders[i];
	TillFulfilment *fulfilment = till_fulfilment_new();

	fulfilment->id.bytes[0] = (guint8)(i + 1);
	fulfilment->order.bytes[1] = (guint8)(i + 1);
	set_text(&fulfilment->number, order->number);
	set_text(&fulfilment->customer_name, order->name);
	set_text(&fulfilment->store, "014");
	set_text(&fulfilment->arrival, order->arrival);
	set_text(&fulfilment->place, order->place);
	fulfilment->kind = order->kind;
	fulfilment->promise_ms = moment(order->promise_min);
	fulfilment->expires_ms = moment(order->expires_min);
	fulfilment->arrived_ms = moment(order->arrived_min);
	fulfilment->version = 1;
	add_lines(fulfilment, order);
	return fulfilment;
}

TillPickupDesk *
fake_pickup_desk_new(gint64 now_ms)
{
	TillPickupDesk *desk = g_new0(TillPickupDesk, 1);

	if (state.last != NULL)
		till_order_step_free(state.last);
	memset(&state, 0, sizeof state);
	state.now_ms = now_ms;
	state.answer = TILL_PICKUP_ANSWER_VALID;
	desk->fulfilments = g_ptr_array_new_with_free_func((GDestroyNotify)till_fulfilment_free);
	desk->ids = g_ptr_array_new_with_free_func(g_free);
	desk->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					    (GDestroyNotify)till_order_step_free);
	for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
		TillFulfilment *fulfilment = make_fulfilment(i);
		char id[TILL_UUID_TEXT];

		g_ptr_array_add(desk->fulfilments, fulfilment);
		g_ptr_array_add(desk->ids, g_strdup(till_uuid_format(&fulfilment->id, id)));
	}
	return desk;
}

void
till_pickup_desk_free(TillPickupDesk *desk)
{
	g_ptr_array_unref(desk->fulfilments);
	g_ptr_array_unref(desk->ids);
	g_hash_table_unref(desk->steps);
	g_clear_pointer(&state.last, till_order_step_free);
	g_free(desk);
}

static TillFulfilment *
find(TillPickupDesk *desk, const char *number_or_id)
{
	for (guint i = 0; i < desk->fulfilments->len; i++) {
		TillFulfilment *fulfilment = g_ptr_array_index(desk->fulfilments, i);

		if (strcmp(fulfilment->number, number_or_id) == 0 ||
		    strcmp(g_ptr_array_index(desk->ids, i), number_or_id) == 0)
			return fulfilment;
	}
	return NULL;
}

const char *
fake_pickup_desk_id(TillPickupDesk *desk, const char *number)
{
	for (guint i = 0; i < desk->fulfilments->len; i++)
		if (find(desk, number) == g_ptr_array_index(desk->fulfilments, i))
			return g_ptr_array_index(desk->ids, i);
	g_assert_not_reached();
}

void
fake_pickup_desk_arrive(TillPickupDesk *desk, const char *number, const char *arrival)
{
	TillFulfilment *fulfilment = find(desk, number);

	fulfilment->arrived_ms = state.now_ms;
	set_text(&fulfilment->arrival, arrival);
}

static Answer *
later(TillPickupDesk *desk, gpointer receiver, GCallback cb, gpointer user, void (*run)(Answer *))
{
	Answer *answer = fake_register_later(NULL, receiver, cb, user, run);

	answer->data = desk;
	return answer;
}

/* ---- the board ---- */

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
	g_ptr_array_unref(board->rows);
	g_strfreev(board->places);
	g_free(board);
}

static TillPickupGroup
choose_group(const TillFulfilment *fulfilment)
{
	if (fulfilment->arrived_ms != 0)
		return TILL_PICKUP_GROUP_OUTSIDE;
	if (fulfilment->kind == TILL_FULFILMENT_SHIP)
		return TILL_PICKUP_GROUP_SHIP;
	return till_order_is_ready(fulfilment->life) ? TILL_PICKUP_GROUP_READY
						     : TILL_PICKUP_GROUP_TO_PICK;
}

static TillPickupExpiry
choose_expiry(const TillFulfilment *fulfilment)
{
	gint64 left_ms = fulfilment->expires_ms - state.now_ms;

	if (fulfilment->expires_ms == 0 || left_ms > TILL_PICKUP_EXPIRES_SOON_MS)
		return TILL_PICKUP_EXPIRY_NONE;
	return left_ms > 0 ? TILL_PICKUP_EXPIRY_SOON : TILL_PICKUP_EXPIRY_OVER;
}

static gint
compare_rows(gconstpointer a, gconstpointer b)
{
	const TillPickupRow *left = *(const TillPickupRow *const *)a;
	const TillPickupRow *right = *(const TillPickupRow *const *)b;

	if (left->group != right->group)
		return left->group < right->group ? -1 : 1;
	if (left->group == TILL_PICKUP_GROUP_OUTSIDE)
		return left->fulfilment->arrived_ms < right->fulfilment->arrived_ms ? -1 : 1;
	return strcmp(left->fulfilment->number, right->fulfilment->number);
}

static void
run_board(Answer *answer)
{
	TillPickupDesk *desk = answer->data;
	TillPickupBoard *board = g_new0(TillPickupBoard, 1);

	board->rows = g_ptr_array_new_with_free_func(free_row);
	board->places = g_strsplit("Shelf C3,Shelf A1,Cold locker 3,Packing table", ",", -1);
	board->median_wait_ms = 161 * G_GINT64_CONSTANT(1000);
	board->now_ms = state.now_ms;
	for (guint i = 0; i < desk->fulfilments->len; i++) {
		const TillFulfilment *fulfilment = g_ptr_array_index(desk->fulfilments, i);
		TillPickupRow *row;

		if (till_order_is_done(fulfilment->life))
			continue;
		row = g_new0(TillPickupRow, 1);
		row->fulfilment = till_fulfilment_copy(fulfilment);
		row->group = choose_group(fulfilment);
		row->expiry = choose_expiry(fulfilment);
		row->gift = strcmp(fulfilment->number, "W-1043") == 0;
		board->counts[row->group]++;
		g_ptr_array_add(board->rows, row);
	}
	g_ptr_array_sort(board->rows, compare_rows);
	((TillPickupBoardCb)answer->cb)(board, NULL, answer->user);
}

void
till_pickup_desk_board_async(TillPickupDesk *desk, gpointer receiver, TillPickupBoardCb cb,
			     gpointer user)
{
	later(desk, receiver, G_CALLBACK(cb), user, run_board);
}

/* ---- one of them ---- */

static TillOrderRecord *
make_record(const TillFulfilment *fulfilment)
{
	TillOrderRecord *record = till_order_record_new();

	record->id = fulfilment->order;
	set_text(&record->number, fulfilment->number);
	set_text(&record->channel, *fulfilment->number == 'A' ? "app" : "web");
	set_text(&record->customer_name, fulfilment->customer_name);
	return record;
}

void
till_pickup_desk_opened_free(TillPickupOpened *opened)
{
	g_clear_pointer(&opened->fulfilment, till_fulfilment_free);
	g_clear_pointer(&opened->record, till_order_record_free);
	g_free(opened);
}

static void
run_open(Answer *answer)
{
	const TillFulfilment *fulfilment = find(answer->data, answer->text);
	g_autoptr(GError) error = NULL;
	TillPickupOpened *opened = NULL;

	if (fulfilment == NULL) {
		error =
		    g_error_new(TILL_ERROR, TILL_ERROR_NOT_FOUND, "No order here has this number.");
	} else {
		opened = g_new0(TillPickupOpened, 1);
		opened->fulfilment = till_fulfilment_copy(fulfilment);
		opened->record = make_record(fulfilment);
	}
	((TillPickupOpenedCb)answer->cb)(opened, error, answer->user);
}

void
till_pickup_desk_open_async(TillPickupDesk *desk, const char *id, gpointer receiver,
			    TillPickupOpenedCb cb, gpointer user)
{
	later(desk, receiver, G_CALLBACK(cb), user, run_open)->text = g_strdup(id);
}

/* ---- codes ---- */

void
till_pickup_desk_checked_free(TillPickupChecked *checked)
{
	till_pickup_answer_clear(&checked->answer);
	g_clear_pointer(&checked->fulfilment, till_fulfilment_free);
	g_clear_pointer(&checked->record, till_order_record_free);
	g_free(checked);
}

static const char *const words[] = {
    [TILL_PICKUP_ANSWER_MALFORMED] = "This is not a whole code. Scan it again.",
    [TILL_PICKUP_ANSWER_VERSION] = "This code was made by another release. Look the order up.",
    [TILL_PICKUP_ANSWER_UNKNOWN_KEY] = "This till does not know the key yet. Look the order up.",
    [TILL_PICKUP_ANSWER_FORGED] = "This code was not made by this shop. Hand nothing over.",
    [TILL_PICKUP_ANSWER_CANCELLED] = "Order W-1041 is cancelled. Hand nothing over.",
    [TILL_PICKUP_ANSWER_COLLECTED] =
	"Order W-1041 was collected at 14:05 today at Harbour Street by Dana Kowalski.",
    [TILL_PICKUP_ANSWER_REPLACED] = "A newer code was given out. Ask for the newest one.",
    [TILL_PICKUP_ANSWER_EXPIRED] = "This code has expired. Ask for a document and look it up.",
    [TILL_PICKUP_ANSWER_OTHER_STORE] = "Order W-1041 waits at Old Town, not here.",
    [TILL_PICKUP_ANSWER_NOT_READY] = "Trail socks is not staged yet.",
    [TILL_PICKUP_ANSWER_UNKNOWN_ORDER] = "The code is good; this till does not know the order yet. "
					 "Check a document before you hand it over.",
    [TILL_PICKUP_ANSWER_VALID] = "Hand over what is at Shelf C3.",
};

static void
run_check(Answer *answer)
{
	const TillFulfilment *dana = find(answer->data, "W-1041");
	TillPickupChecked *checked = g_new0(TillPickupChecked, 1);
	gboolean known = state.answer >= TILL_PICKUP_ANSWER_CANCELLED &&
			 state.answer != TILL_PICKUP_ANSWER_UNKNOWN_ORDER;

	checked->is_code = TRUE;
	checked->answer.kind = state.answer;
	checked->answer.words = g_strdup(words[state.answer]);
	checked->answer.may_hand_over = state.answer == TILL_PICKUP_ANSWER_VALID ||
					state.answer == TILL_PICKUP_ANSWER_UNKNOWN_ORDER;
	checked->token.serial = 3;
	checked->fulfilment = known ? till_fulfilment_copy(dana) : NULL;
	checked->record = known ? make_record(dana) : NULL;
	((TillPickupCheckedCb)answer->cb)(checked, NULL, answer->user);
}

void
till_pickup_desk_check_async(TillPickupDesk *desk, const char *code, gpointer receiver,
			     TillPickupCheckedCb cb, gpointer user)
{
	(void)code;
	later(desk, receiver, G_CALLBACK(cb), user, run_check);
}

/* ---- steps ---- */

void
till_pickup_desk_done_free(TillPickupDone *done)
{
	g_clear_pointer(&done->fulfilment, till_fulfilment_free);
	g_free(done);
}

static TillFulfilment *
find_part(TillPickupDesk *desk, const TillOrderStep *step)
{
	char id[TILL_UUID_TEXT];

	return find(desk, till_uuid_format(&step->fulfilment, id));
}

static gboolean
carry_out(TillPickupDesk *desk, const TillOrderStep *step, const TillUuid *txn, GError **error)
{
	TillFulfilment *fulfilment = find_part(desk, step);
	char id[TILL_UUID_TEXT];

	if (fulfilment == NULL)
		return TRUE;
	if (step->kind == TILL_ORDER_STEP_UNDO)
		return till_fulfilment_undo(
		    fulfilment, step,
		    g_hash_table_lookup(desk->steps, till_uuid_format(&step->reverses, id)), error);
	return till_fulfilment_do(fulfilment, step, txn, error);
}

static void
run_do(Answer *answer)
{
	TillPickupDesk *desk = answer->data;
	TillPickupDone *done = g_new0(TillPickupDone, 1);
	const TillFulfilment *fulfilment = find_part(desk, state.last);
	g_autoptr(GError) error = NULL;
	char id[TILL_UUID_TEXT];

	done->txn.bytes[2] = (guint8)++state.steps;
	if (state.error != NULL)
		error = g_error_new(TILL_ERROR, TILL_ERROR_STATE, "%s", state.error);
	else if (carry_out(desk, state.last, &done->txn, &error))
		g_hash_table_replace(desk->steps, g_strdup(till_uuid_format(&done->txn, id)),
				     till_order_step_copy(state.last));
	if (error != NULL)
		g_clear_pointer(&done, till_pickup_desk_done_free);
	else
		done->fulfilment = fulfilment ? till_fulfilment_copy(fulfilment) : NULL;
	((TillPickupDoneCb)answer->cb)(done, error, answer->user);
}

void
till_pickup_desk_do_async(TillPickupDesk *desk, const TillOrderStep *step, gpointer receiver,
			  TillPickupDoneCb cb, gpointer user)
{
	g_clear_pointer(&state.last, till_order_step_free);
	state.last = till_order_step_copy(step);
	if (state.last->substitute.instead_of != 0 && state.last->substitute.line == 0)
		state.last->substitute.line = 9;
	later(desk, receiver, G_CALLBACK(cb), user, run_do);
}

void
till_pickup_desk_last_free(TillPickupLast *last)
{
	g_free(last->number);
	g_free(last);
}

static void
run_last(Answer *answer)
{
	((TillPickupLastCb)answer->cb)(NULL, NULL, answer->user);
}

void
till_pickup_desk_last_async(TillPickupDesk *desk, gpointer receiver, TillPickupLastCb cb,
			    gpointer user)
{
	later(desk, receiver, G_CALLBACK(cb), user, run_last);
}
