/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-fixture.h"

#include <string.h>

#include "order-desk.h"
#include "outbox.h"

/* The pickup and order desks over a cache that a feed filled and a journal of their own. */

static void
assert_refused(TillPickupFixture *fixture, const TillOrderStep *step, int code, const char *words)
{
	GError *error = NULL;

	g_assert_null(till_pickup_desk_do(fixture->desk, step, &error));
	till_test_assert_error(error, code, words);
}

static void
stage_all(TillPickupFixture *fixture)
{
	g_autoptr(TillOrderStep) pick = till_pickup_fixture_make_move(
	    TILL_ORDER_STEP_PICKING, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED);
	g_autoptr(TillOrderStep) stage = till_pickup_fixture_make_move(
	    TILL_ORDER_STEP_STAGING, TILL_ORDER_PICKED, TILL_ORDER_STAGED);

	till_pickup_fixture_must_do(fixture, pick);
	till_pickup_fixture_must_do(fixture, stage);
}

static TillOrderStep *
make_hand_over(void)
{
	TillOrderStep *step = till_pickup_fixture_make_move(
	    TILL_ORDER_STEP_HAND_OVER, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED);

	till_pickup_fixture_put_text(&step->check, "code,age");
	return step;
}

static TillPickupOpened *
open_part(TillPickupFixture *fixture, const char *id)
{
	g_autoptr(GError) error = NULL;
	TillPickupOpened *opened = till_pickup_desk_open(fixture->desk, id, &error);

	g_assert_no_error(error);
	return opened;
}

static void
assert_state(TillPickupFixture *fixture, const char *state, gboolean waiting)
{
	TillPickupOpened *opened = open_part(fixture, "w-1042");

	g_assert_cmpstr(till_fulfilment_state_name(till_fulfilment_state(opened->fulfilment)), ==,
			state);
	g_assert_cmpint(opened->waiting, ==, waiting);
	till_pickup_desk_opened_free(opened);
}

static void
test_steps(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(TillOrderStep) give = make_hand_over();
	g_autoptr(TillOrderStep) undo = till_pickup_fixture_make_step(TILL_ORDER_STEP_UNDO);

	assert_state(&fixture, "to-pick", FALSE);
	assert_refused(&fixture, give, TILL_ERROR_STATE, "not that much");
	stage_all(&fixture);
	assert_state(&fixture, "ready", TRUE);
	till_pickup_fixture_put_text(&give->check, "");
	assert_refused(&fixture, give, TILL_ERROR_DENIED, "Nobody was checked");
	till_pickup_fixture_put_text(&give->check, "code");
	assert_refused(&fixture, give, TILL_ERROR_DENIED, "18 years");
	till_pickup_fixture_put_text(&give->check, "code,age");
	till_pickup_fixture_put_text(&give->collected_by, "Leo Kowalski");
	assert_refused(&fixture, give, TILL_ERROR_DENIED, "Somebody else");
	till_pickup_fixture_put_text(&give->check, "code,age,other-person-id");
	undo->reverses = till_pickup_fixture_must_do(&fixture, give);
	assert_state(&fixture, "done", TRUE);
	till_test_clock_advance(&fixture.base->fixture->clock, TILL_ORDER_UNDO_MS);
	till_pickup_fixture_must_do(&fixture, undo);
	assert_state(&fixture, "ready", TRUE);
	assert_refused(&fixture, undo, TILL_ERROR_STATE, "undone already");
	till_pickup_fixture_close(&fixture);
}

static void
test_undo_comes_too_late(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderStep) give = make_hand_over();
	g_autoptr(TillOrderStep) undo = till_pickup_fixture_make_step(TILL_ORDER_STEP_UNDO);

	stage_all(&fixture);
	undo->reverses = till_pickup_fixture_must_do(&fixture, give);
	TillPickupLast *last = till_pickup_desk_last(fixture.desk, &error);
	g_assert_true(till_uuid_equal(&last->txn, &undo->reverses));
	g_assert_cmpstr(last->number, ==, "W-1042");
	till_pickup_desk_last_free(last);
	till_test_clock_advance(&fixture.base->fixture->clock, TILL_ORDER_UNDO_MS + 1);
	assert_refused(&fixture, undo, TILL_ERROR_STATE, "a minute only");
	g_assert_null(till_pickup_desk_last(fixture.desk, &error));
	g_assert_no_error(error);
	till_pickup_fixture_close(&fixture);
}

static void
test_substitute_gets_a_number(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(TillOrderStep) step = till_pickup_fixture_make_step(TILL_ORDER_STEP_PICKING);

	till_order_step_add_move(step, 2, TILL_ORDER_ALLOCATED, TILL_ORDER_SHORT, ONE);
	till_order_step_add_move(step, 2, TILL_ORDER_SHORT, TILL_ORDER_CANCELLED, ONE);
	till_order_step_add_move(step, 0, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE);
	till_pickup_fixture_put_text(&step->substitute.sku, "GIN-2");
	till_pickup_fixture_put_text(&step->substitute.name, "Other gin");
	step->substitute.quantity_milli = ONE;
	step->substitute.instead_of = 2;
	till_pickup_fixture_must_do(&fixture, step);
	TillPickupOpened *opened = open_part(&fixture, PART_ID);
	int index = till_fulfilment_find_line(opened->fulfilment, 3);
	g_assert_cmpint(index, >=, 0);
	g_assert_cmpint(
	    till_order_quantity(opened->fulfilment->life, (guint)index, TILL_ORDER_PICKED), ==,
	    ONE);
	till_pickup_desk_opened_free(opened);
	till_pickup_fixture_close(&fixture);
}

/* ---- The board ---- */

static void
add_rows(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_autoptr(TillFulfilment) sent =
	    till_pickup_fixture_make_part(SENT_ID, "014", TILL_FULFILMENT_SHIP, TILL_ORDER_STAGED);
	g_autoptr(TillFulfilment) past = till_pickup_fixture_make_part(
	    PAST_ID, "014", TILL_FULFILMENT_PICKUP, TILL_ORDER_STAGED);
	past->expires_ms = TILL_FIXTURE_NOW_MS - 1;
	till_pickup_fixture_put_text(&past->place, "Shelf A1");
	till_pickup_fixture_feed_part(store, sent);
	till_pickup_fixture_feed_part(store, past);
}

static void
add_arrival(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_autoptr(TillFulfilment) part = till_pickup_fixture_make_part(
	    PART_ID, "014", TILL_FULFILMENT_PICKUP, TILL_ORDER_STAGED);
	part->arrived_ms = TILL_FIXTURE_NOW_MS - 90000;
	till_pickup_fixture_put_text(&part->arrival, "Bay 4");
	till_pickup_fixture_feed_part(store, part);
}

static const TillPickupRow *
row_at(const TillPickupBoard *board, guint index)
{
	return g_ptr_array_index(board->rows, index);
}

static void
test_board(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(GError) error = NULL;

	till_fixture_do(fixture.base->fixture, add_rows);
	till_fixture_do(fixture.base->fixture, add_arrival);
	TillPickupBoard *board = till_pickup_desk_board(fixture.desk, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(board->rows->len, ==, 3);
	g_assert_cmpint(row_at(board, 0)->group, ==, TILL_PICKUP_GROUP_OUTSIDE);
	g_assert_cmpint(row_at(board, 1)->group, ==, TILL_PICKUP_GROUP_READY);
	g_assert_cmpint(row_at(board, 2)->group, ==, TILL_PICKUP_GROUP_SHIP);
	g_assert_cmpuint(board->counts[TILL_PICKUP_GROUP_OUTSIDE], ==, 1);
	g_assert_cmpuint(board->counts[TILL_PICKUP_GROUP_TO_PICK], ==, 0);
	g_assert_true(row_at(board, 0)->gift);
	g_assert_true(row_at(board, 0)->split);
	g_assert_cmpint(row_at(board, 0)->min_age, ==, 18);
	g_assert_cmpuint(row_at(board, 0)->items, ==, 3);
	g_assert_cmpuint(row_at(board, 0)->items_done, ==, 3);
	g_assert_cmpint(row_at(board, 1)->expiry, ==, TILL_PICKUP_EXPIRY_OVER);
	g_assert_cmpstr(board->places[0], ==, "Shelf A1");
	g_assert_null(board->places[1]);
	g_assert_cmpint(board->median_wait_ms, ==, -1);
	till_pickup_desk_board_free(board);
	till_pickup_fixture_close(&fixture);
}

static void
test_wait_ends_with_the_hand_over(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderStep) give = make_hand_over();

	till_fixture_do(fixture.base->fixture, add_arrival);
	till_pickup_fixture_must_do(&fixture, give);
	TillPickupBoard *board = till_pickup_desk_board(fixture.desk, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(board->rows->len, ==, 0);
	g_assert_cmpint(board->median_wait_ms, ==, 90000);
	till_pickup_desk_board_free(board);
	till_pickup_fixture_close(&fixture);
}

/* ---- Told back, and held ---- */

static void
acknowledge(TillStore *store, TillOutcome outcome, gint64 feed_seq)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) entries = till_outbox_batch(store, 0, 0, 100, 1000000, &error);

	g_assert_no_error(error);
	for (guint i = 0; i < entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(entries, i);
		TillAck ack = {.txn = entry->txn,
			       .incarnation = entry->incarnation,
			       .seq = entry->seq,
			       .outcome = outcome,
			       .feed_seq = feed_seq};
		g_assert_true(till_outbox_acknowledge(store, &ack, 1, NULL, &error));
	}
}

static void
acknowledge_ahead(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	acknowledge(store, TILL_OUTCOME_APPLIED, 1000);
}

static void
acknowledge_behind(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	acknowledge(store, TILL_OUTCOME_APPLIED, 1);
}

static void
acknowledge_held(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	acknowledge(store, TILL_OUTCOME_HELD, 0);
}

static void
test_own_steps_until_told_back(void)
{
	static const struct {
		TillFixtureBody body;
		const char *state;
	} cases[] = {{acknowledge_ahead, "ready"},
		     {acknowledge_behind, "to-pick"},
		     {acknowledge_held, "to-pick"}};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		TillPickupFixture fixture = till_pickup_fixture_open();
		stage_all(&fixture);
		till_fixture_do(fixture.base->fixture, cases[i].body);
		assert_state(&fixture, cases[i].state, g_str_equal(cases[i].state, "ready"));
		till_pickup_fixture_close(&fixture);
	}
}

/* ---- Codes ---- */

static char *
make_code(const char *order, const char *part, guint16 serial, gint64 not_after_s)
{
	TillPickupToken token = {.key_id = 7, .serial = serial, .not_after_s = not_after_s};
	char text[TILL_PICKUP_TOKEN_TEXT];

	till_pickup_fixture_set_id(&token.order, order);
	till_pickup_fixture_set_id(&token.fulfilment, part);
	till_pickup_token_make(&token, till_pickup_fixture_signing_key(), text);
	return till_pickup_token_url("https://shop.example", text);
}

static TillPickupAnswerKind
check(TillPickupFixture *fixture, const char *code, gboolean *out_may)
{
	g_autoptr(GError) error = NULL;
	TillPickupChecked *checked = till_pickup_desk_check(fixture->desk, code, &error);

	g_assert_no_error(error);
	g_assert_true(checked->is_code);
	g_assert_nonnull(checked->answer.words);
	TillPickupAnswerKind kind = checked->answer.kind;
	*out_may = checked->answer.may_hand_over;
	till_pickup_desk_checked_free(checked);
	return kind;
}

static void
test_codes(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	const gint64 later_s = TILL_FIXTURE_NOW_MS / 1000 + 3600;
	g_autoptr(GError) error = NULL;
	g_autofree char *good = make_code(ORDER_ID, PART_ID, 1, later_s);
	g_autofree char *old = make_code(ORDER_ID, PART_ID, 1, later_s - 7200);
	g_autofree char *far = make_code(ORDER_ID, FAR_ID, 1, later_s);
	g_autofree char *early = make_code(ORDER_ID, PART_ID, 0, later_s);
	gboolean may;

	g_assert_cmpint(check(&fixture, good, &may), ==, TILL_PICKUP_ANSWER_NOT_READY);
	g_assert_false(may);
	g_assert_cmpint(check(&fixture, old, &may), ==, TILL_PICKUP_ANSWER_EXPIRED);
	g_assert_cmpint(check(&fixture, early, &may), ==, TILL_PICKUP_ANSWER_REPLACED);
	g_assert_cmpint(check(&fixture, far, &may), ==, TILL_PICKUP_ANSWER_OTHER_STORE);
	stage_all(&fixture);
	g_assert_cmpint(check(&fixture, good, &may), ==, TILL_PICKUP_ANSWER_VALID);
	g_assert_true(may);
	g_autoptr(TillOrderStep) give = make_hand_over();
	till_pickup_fixture_must_do(&fixture, give);
	g_assert_cmpint(check(&fixture, good, &may), ==, TILL_PICKUP_ANSWER_COLLECTED);
	TillPickupChecked *item = till_pickup_desk_check(fixture.desk, "4006381333931", &error);
	g_assert_false(item->is_code);
	till_pickup_desk_checked_free(item);
	till_pickup_fixture_close(&fixture);
}

static void
trust_codes(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"setting", "pickup_hand_over_unknown",
				    "{\"name\":\"pickup_hand_over_unknown\",\"value\":\"yes\"}",
				    NULL};
	till_fixture_feed(store, "store:014", page);
}

static void
test_unknown_orders(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autofree char *code = make_code(SENT_ID, PAST_ID, 1, TILL_FIXTURE_NOW_MS / 1000 + 3600);
	g_autoptr(TillOrderStep) give = till_pickup_fixture_make_step(TILL_ORDER_STEP_HAND_OVER);
	gboolean may;

	till_pickup_fixture_set_id(&give->order, SENT_ID);
	till_pickup_fixture_set_id(&give->fulfilment, PAST_ID);
	give->unknown = TRUE;
	till_pickup_fixture_put_text(&give->check, "code");
	g_assert_cmpint(check(&fixture, code, &may), ==, TILL_PICKUP_ANSWER_UNKNOWN_ORDER);
	g_assert_false(may);
	assert_refused(&fixture, give, TILL_ERROR_DENIED, "not on this till");
	till_fixture_do(fixture.base->fixture, trust_codes);
	assert_refused(&fixture, give, TILL_ERROR_DENIED, "not checked here");
	till_pickup_desk_set_online(fixture.desk, TRUE);
	g_assert_cmpint(check(&fixture, code, &may), ==, TILL_PICKUP_ANSWER_UNKNOWN_ORDER);
	g_assert_false(may);
	till_pickup_desk_set_online(fixture.desk, FALSE);
	g_assert_cmpint(check(&fixture, code, &may), ==, TILL_PICKUP_ANSWER_UNKNOWN_ORDER);
	g_assert_true(may);
	assert_refused(&fixture, give, TILL_ERROR_DENIED, "ID");
	till_pickup_fixture_put_text(&give->check, "code,id");
	till_pickup_fixture_must_do(&fixture, give);
	/* An order that is here goes line by line. */
	till_pickup_fixture_set_id(&give->order, ORDER_ID);
	till_pickup_fixture_set_id(&give->fulfilment, PART_ID);
	assert_refused(&fixture, give, TILL_ERROR_STATE, "line by line");
	till_pickup_fixture_close(&fixture);
}

/* ---- Orders ---- */

static guint
count_found(TillPickupFixture *fixture, const char *query)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) found = till_order_desk_search(fixture->base->reg, query, &error);

	g_assert_no_error(error);
	return found->len;
}

static void
test_orders(void)
{
	static const char *const hits[] = {"",     "w-1042", "1042", "kowal",
					   "Dana", "dana@",  "1234", "+49 30 555 1234"};
	static const char *const misses[] = {"x", "234", "owalski", "555", "W-104"};
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderStep) note = till_pickup_fixture_make_step(TILL_ORDER_STEP_NOTE);

	for (gsize i = 0; i < G_N_ELEMENTS(hits); i++)
		g_assert_cmpuint(count_found(&fixture, hits[i]), ==, 1);
	for (gsize i = 0; i < G_N_ELEMENTS(misses); i++)
		g_assert_cmpuint(count_found(&fixture, misses[i]), ==, 0);
	till_pickup_fixture_put_text(&note->words, "Rings at the back door");
	till_pickup_fixture_must_do(&fixture, note);
	TillOrderOpened *opened = till_order_desk_open(fixture.base->reg, "w-1042", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(opened->fulfilments->len, ==, 1);
	g_assert_cmpuint(opened->events->len, ==, 2);
	const TillPickupEvent *last = g_ptr_array_index(opened->events, 1);
	g_assert_cmpstr(last->words, ==, "Rings at the back door");
	g_assert_cmpstr(last->who, ==, "Ines Moreau");
	g_assert_true(last->waiting);
	till_order_desk_opened_free(opened);
	g_assert_null(till_order_desk_open(fixture.base->reg, "W-9", &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	till_pickup_fixture_close(&fixture);
}

/* ---- Answers that come later ---- */

typedef struct {
	gboolean done;
	TillFulfilmentState state;
} Answer;

static void
done_cb(TillPickupDone *done, const GError *error, gpointer user)
{
	Answer *answer = user;

	g_assert_no_error(error);
	answer->state = till_fulfilment_state(done->fulfilment);
	answer->done = TRUE;
	till_pickup_desk_done_free(done);
}

static void
test_answers_on_the_main_context(void)
{
	TillPickupFixture fixture = till_pickup_fixture_open();
	g_autoptr(TillOrderStep) pick = till_pickup_fixture_make_move(
	    TILL_ORDER_STEP_PICKING, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED);
	Answer answer = {0};

	till_pickup_desk_do_async(fixture.desk, pick, NULL, done_cb, &answer);
	till_test_wait(&answer.done);
	g_assert_cmpint(answer.state, ==, TILL_FULFILMENT_PICKING);
	till_pickup_fixture_close(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/desk/pickups/steps", test_steps);
	g_test_add_func("/desk/pickups/undo-comes-too-late", test_undo_comes_too_late);
	g_test_add_func("/desk/pickups/substitute-gets-a-number", test_substitute_gets_a_number);
	g_test_add_func("/desk/pickups/board", test_board);
	g_test_add_func("/desk/pickups/wait-ends-with-the-hand-over",
			test_wait_ends_with_the_hand_over);
	g_test_add_func("/desk/pickups/own-steps-until-told-back", test_own_steps_until_told_back);
	g_test_add_func("/desk/pickups/codes", test_codes);
	g_test_add_func("/desk/pickups/unknown-orders", test_unknown_orders);
	g_test_add_func("/desk/pickups/orders", test_orders);
	g_test_add_func("/desk/pickups/answers-on-the-main-context",
			test_answers_on_the_main_context);
	return g_test_run();
}
