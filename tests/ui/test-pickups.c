/* SPDX-License-Identifier: Apache-2.0 */
/* Pickups over a desk without a disk: what a person does at the board, and what then stands on the
 * screen and in the step that is written. */
#include <string.h>

#include "pickup-detail.h"
#include "pickups-view.h"
#include "row-item.h"
#include "session-pickups.h"
#include "window-fixture.h"

static void
begin(WindowFixture *fixture)
{
	window_sign_in(fixture);
	window_act(fixture, "win.surface", "pickups");
}

static void
open_order(WindowFixture *fixture, const char *number)
{
	till_session_pickup_open(fixture->session, fake_pickup_desk_id(fixture->desk, number));
	window_settle();
	g_assert_nonnull(till_session_pickup(fixture->session));
}

static const TillSessionPickup *
get_pickup(WindowFixture *fixture)
{
	return till_session_pickup(fixture->session);
}

static const TillSessionPickupLine *
get_line(WindowFixture *fixture, guint index)
{
	return g_ptr_array_index(get_pickup(fixture)->lines, index);
}

static gint64
sum_moves(TillOrderState from, TillOrderState to)
{
	const TillOrderStep *step = fake_pickup_desk_state()->last;
	gint64 milli = 0;

	for (guint i = 0; i < step->moves->len; i++) {
		const TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);

		if (move->from == from && move->to == to)
			milli += move->milli;
	}
	return milli;
}

/* ---- board ---- */

static char *
list_rows(WindowFixture *fixture)
{
	GListModel *rows = till_session_pickups_rows(fixture->session);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
		g_autoptr(TillRowItem) row = g_list_model_get_item(rows, i);
		const char *heading = till_row_item_get(row, TILL_ROW_HEADING);

		g_string_append_printf(text, "%s%s%s|", *heading ? "# " : "", heading,
				       till_row_item_get(row, TILL_ROW_TITLE));
	}
	return g_string_free(text, FALSE);
}

static void
test_board(WindowFixture *fixture, gconstpointer data)
{
	g_autofree char *rows = NULL;

	(void)data;
	begin(fixture);
	rows = list_rows(fixture);
	g_assert_cmpstr(
	    rows, ==,
	    "# Outside now|Yusuf Demir|Dana Kowalski|# Ready to collect|Priya Nair|"
	    "Greta Lindqvist|Lucía Ferrer|# To pick|Amelia Hart|# Ship from here|Tomas Reyes|");
	g_assert_true(window_says(fixture, "2 · median wait today 2:41"));
	g_assert_true(window_says(fixture, "4:00 · hurry"));
	g_assert_true(window_says(fixture, "1:00"));
	g_assert_true(window_says(fixture, "Bay 4 · blue hatchback · 2 of 3 items · Shelf C3"));
	g_assert_true(window_says(fixture, "expired"));
	g_assert_cmpuint(till_session_pickups_outside(fixture->session), ==, 2);
}

static void
test_wait_ticks(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	fixture->clock.wall_ms += 65000;
	till_session_pickups_tick(fixture->session);
	window_settle();
	g_assert_true(window_says(fixture, "2:05"));
	g_assert_true(window_says(fixture, "5:05 · hurry"));
	fixture->clock.wall_ms += 60000;
	till_session_pickups_tick(fixture->session);
	window_settle();
	g_assert_true(window_says(fixture, "6:05 · late"));
}

static void
test_field_filters_and_opens(WindowFixture *fixture, gconstpointer data)
{
	g_autofree char *rows = NULL;

	(void)data;
	begin(fixture);
	till_window_typed(fixture->window, "priya");
	window_settle();
	rows = list_rows(fixture);
	g_assert_cmpstr(rows, ==, "# Ready to collect|Priya Nair|");
	till_session_pickups_enter(fixture->session, "priya");
	window_settle();
	g_assert_cmpstr(get_pickup(fixture)->name, ==, "Priya Nair");
	till_session_pickups_enter(fixture->session, "nobody of that name");
	window_settle();
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "status"), "nobody"));
}

static void
notice_cb(TillSession *session, guint kind, const char *words, gboolean undo, GString *heard)
{
	(void)session;
	(void)undo;
	if (kind == TILL_NOTICE_ATTENTION)
		g_string_append_printf(heard, "%s|", words);
}

static void
test_arrival_rings_once(WindowFixture *fixture, gconstpointer data)
{
	g_autoptr(GString) heard = g_string_new(NULL);

	(void)data;
	begin(fixture);
	g_signal_connect(fixture->session, "notice", G_CALLBACK(notice_cb), heard);
	fake_pickup_desk_arrive(fixture->desk, "W-1043", "Bay 2");
	till_session_pickups_load(fixture->session);
	window_settle();
	till_session_pickups_load(fixture->session);
	window_settle();
	g_assert_cmpstr(heard->str, ==, "Priya Nair is outside · Bay 2|");
	g_assert_cmpuint(till_session_pickups_outside(fixture->session), ==, 3);
	g_string_truncate(heard, 0);
	window_act(fixture, "win.lock", NULL);
	fake_pickup_desk_arrive(fixture->desk, "W-1045", "Bay 3");
	till_session_pickups_load(fixture->session);
	window_settle();
	g_assert_cmpstr(heard->str, ==, "A shopper is outside to collect an order.|");
	g_signal_handlers_disconnect_by_data(fixture->session, heard);
}

static void
test_offline_says_so(WindowFixture *fixture, gconstpointer data)
{
	TillHealth health = {.state = TILL_HEALTH_OFFLINE};

	(void)data;
	begin(fixture);
	g_assert_null(till_session_pickups_trouble(fixture->session));
	till_session_set_health(fixture->session, &health);
	window_settle();
	g_assert_true(window_says(fixture, till_session_pickups_trouble(fixture->session)));
}

/* ---- handing over ---- */

static void
test_ticks_and_scans(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1041");
	g_assert_false(get_pickup(fixture)->can_go);
	window_scan(fixture, "96385074"); /* the linen shirt */
	g_assert_cmpstr(get_line(fixture, 0)->words, ==, "scanned");
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Hand over 1 of 3");
	window_press(fixture, "pickup.tick-all");
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Hand over 2 of 3");
	g_assert_true(window_says(fixture, "1 item stays on the order"));
	g_assert_cmpstr(get_line(fixture, 2)->words, ==, "not picked yet");
	till_session_pickup_tick(fixture->session, 3); /* is not here */
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Hand over 2 of 3");
	window_scan(fixture, "96385074");
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "status"), "No more"));
	window_scan(fixture, "6120");
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "status"), "not on this"));
	g_assert_cmpuint(window_count_lines(fixture), ==, 0); /* nothing went into a sale */
}

static void
test_pieces_of_a_line(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1042");
	till_session_pickup_step(fixture->session, 1, 2);
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Hand over 2 of 5");
	till_session_pickup_step(fixture->session, 1, 9);
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Hand over 5 items");
	till_session_pickup_step(fixture->session, 1, -9);
	g_assert_false(get_pickup(fixture)->can_go);
}

static void
test_hand_over_asks_who(WindowFixture *fixture, gconstpointer data)
{
	const TillOrderStep *step;

	(void)data;
	begin(fixture);
	open_order(fixture, "W-1041");
	till_session_pickup_tick_all(fixture->session);
	window_press(fixture, "pickup.go");
	g_assert_false(gtk_widget_get_sensitive(window_find_action(fixture, "check.take")));
	g_assert_cmpuint(fake_pickup_desk_state()->steps, ==, 0);
	window_act(fixture, "win.close-sheet", NULL);
	till_session_pickup_hand_over(fixture->session, "name", FALSE);
	window_settle();
	step = fake_pickup_desk_state()->last;
	g_assert_cmpint(step->kind, ==, TILL_ORDER_STEP_HAND_OVER);
	g_assert_cmpstr(step->check, ==, "name");
	g_assert_cmpstr(step->staff_id, ==, "s1");
	g_assert_cmpint(sum_moves(TILL_ORDER_STAGED, TILL_ORDER_COLLECTED), ==, 2000);
	g_assert_cmpstr(get_line(fixture, 0)->words, ==, "collected");
	g_assert_cmpuint(till_session_pickups_outside(fixture->session), ==, 1);
}

static void
test_age_is_checked(WindowFixture *fixture, gconstpointer data)
{
	TillSessionPickupCheck check;

	(void)data;
	begin(fixture);
	open_order(fixture, "W-1044");
	g_assert_true(window_says(fixture, "ID check: 21 years or older"));
	till_session_pickup_tick_all(fixture->session);
	till_session_pickup_check(fixture->session, &check);
	g_assert_cmpint(check.min_age, ==, 21);
	g_assert_cmpstr(check.born_until, ==, "Nov 23, 2005");
	till_session_pickup_check_clear(&check);
	till_session_pickup_hand_over(fixture->session, "id", TRUE);
	window_settle();
	g_assert_cmpstr(fake_pickup_desk_state()->last->check, ==, "id,age");
}

static void
test_undo_for_a_minute(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1042");
	till_session_pickup_tick_all(fixture->session);
	till_session_pickup_hand_over(fixture->session, "id", FALSE);
	window_settle();
	g_assert_true(window_says(fixture, "Handed over 5 of 5 items · Yusuf Demir"));
	window_press(fixture, "pickups.undo");
	g_assert_cmpint(fake_pickup_desk_state()->last->kind, ==, TILL_ORDER_STEP_UNDO);
	g_assert_null(till_session_pickups_undo_words(fixture->session));
	g_assert_cmpint(get_line(fixture, 0)->milli, ==, 5000);
	till_session_pickup_tick_all(fixture->session);
	till_session_pickup_hand_over(fixture->session, "id", FALSE);
	window_settle();
	fixture->clock.wall_ms += TILL_ORDER_UNDO_MS;
	till_session_pickups_tick(fixture->session);
	g_assert_null(till_session_pickups_undo_words(fixture->session));
}

static void
test_failed_step_is_told(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1042");
	till_session_pickup_tick_all(fixture->session);
	fake_pickup_desk_state()->error = "The disk is full. Nothing was handed over.";
	till_session_pickup_hand_over(fixture->session, "id", FALSE);
	window_settle();
	g_assert_true(window_says(fixture, "The disk is full. Nothing was handed over."));
	g_assert_null(till_session_pickups_undo_words(fixture->session));
	g_assert_cmpint(get_line(fixture, 0)->ticked_milli, ==, 5000);
}

/* ---- codes ---- */

static void
test_code_opens_its_order(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture); /* Checkout is shown */
	window_scan(fixture, FAKE_PICKUP_CODE);
	g_assert_nonnull(window_find_type(fixture, TILL_TYPE_PICKUPS_VIEW));
	g_assert_cmpstr(get_pickup(fixture)->name, ==, "Dana Kowalski");
	g_assert_true(window_says(fixture, "Code is good"));
	g_assert_true(window_says(fixture, "Code verified"));
	window_act(fixture, "win.back", NULL);
	g_assert_null(till_session_pickups_answer(fixture->session));
	g_assert_nonnull(get_pickup(fixture));
	till_session_pickup_tick_all(fixture->session);
	window_press(fixture, "pickup.go"); /* nothing more is asked */
	g_assert_cmpstr(fake_pickup_desk_state()->last->check, ==, "code");
	g_assert_cmpuint(fake_pickup_desk_state()->last->code_serial, ==, 3);
}

static void
test_each_answer_has_its_card(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	for (guint i = 0; i < TILL_PICKUP_ANSWER_VALID; i++) {
		const TillSessionPickupAnswer *answer;

		fake_pickup_desk_state()->answer = (TillPickupAnswerKind)i;
		window_scan(fixture, FAKE_PICKUP_CODE);
		answer = till_session_pickups_answer(fixture->session);
		g_assert_nonnull(answer);
		g_assert_cmpstr(answer->tone, !=, "good");
		g_assert_true(window_says(fixture, answer->title));
		g_assert_true(window_says(fixture, answer->words));
		g_assert_null(get_pickup(fixture)); /* nothing opens by itself */
		window_press(fixture, "code.close");
		g_assert_null(till_session_pickups_answer(fixture->session));
	}
}

static void
test_unknown_order_by_signature(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	fake_pickup_desk_state()->answer = TILL_PICKUP_ANSWER_UNKNOWN_ORDER;
	window_scan(fixture, FAKE_PICKUP_CODE);
	window_press_labelled(fixture, "Hand over, ID seen");
	g_assert_true(fake_pickup_desk_state()->last->unknown);
	g_assert_cmpstr(fake_pickup_desk_state()->last->check, ==, "code,id");
}

/* ---- picking and sending ---- */

static void
test_pick_and_stage(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "A-1046");
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Start picking");
	window_press(fixture, "pickup.go");
	g_assert_cmpint(get_pickup(fixture)->mode, ==, TILL_PICKUP_PICKING);
	window_scan(fixture, "0012345678905"); /* a mug */
	g_assert_cmpstr(get_line(fixture, 0)->words, ==, "1 of 3 picked");
	till_session_pickup_tick(fixture->session, 1);
	window_settle();
	till_session_pickup_tick(fixture->session, 2);
	window_settle();
	g_assert_cmpuint(fake_pickup_desk_state()->steps, ==, 3);
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Stage at…");
	window_press(fixture, "pickup.go");
	window_press_labelled(fixture, "Shelf C3");
	g_assert_cmpstr(fake_pickup_desk_state()->last->place, ==, "Shelf C3");
	g_assert_cmpint(sum_moves(TILL_ORDER_PICKED, TILL_ORDER_STAGED), ==, 4000);
	g_assert_cmpint(get_pickup(fixture)->mode, ==, TILL_PICKUP_HAND_OVER);
}

static void
test_scans_while_busy_wait(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "A-1046");
	for (guint i = 0; i < 3; i++)
		till_window_scan(fixture->window, "0012345678905");
	window_settle();
	g_assert_cmpint(get_line(fixture, 0)->ticked_milli, ==, 3000);
	g_assert_cmpuint(fake_pickup_desk_state()->steps, ==, 3);
}

static void
test_send(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1047");
	window_press(fixture, "pickup.go");
	till_window_typed(fixture->window, "x");
	till_session_pickup_send(fixture->session, "Post", "RR1");
	window_settle();
	g_assert_cmpstr(fake_pickup_desk_state()->last->tracking, ==, "RR1");
	g_assert_cmpint(sum_moves(TILL_ORDER_STAGED, TILL_ORDER_SHIPPED), ==, 2000);
	g_assert_cmpint(get_pickup(fixture)->mode, ==, TILL_PICKUP_OVER);
}

/* ---- problems ---- */

static void
test_short_pick_asks_what_next(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "A-1046");
	window_press(fixture, "pickup.problem");
	g_signal_emit_by_name(window_find_action(fixture, "problem.choose"), "clicked");
	window_settle();
	g_assert_true(window_says(fixture, "Which item?"));
	window_press(fixture, "problem.line");
	g_assert_cmpint(sum_moves(TILL_ORDER_ALLOCATED, TILL_ORDER_SHORT), ==, 3000);
	g_assert_cmpstr(fake_pickup_desk_state()->last->reason, ==, "not-found");
	g_assert_true(window_says(fixture, "What is to become of what is missing?"));
	g_assert_true(window_says(fixture, "Ask another store"));
	till_session_problem_solve(fixture->session, TILL_PROBLEM_CANCEL_LINE, 1, NULL);
	window_settle();
	g_assert_cmpint(sum_moves(TILL_ORDER_SHORT, TILL_ORDER_CANCELLED), ==, 3000);
}

static void
test_substitute(WindowFixture *fixture, gconstpointer data)
{
	g_autoptr(TillRowItem) row = NULL;

	(void)data;
	begin(fixture);
	open_order(fixture, "A-1046");
	till_session_problem_solve(fixture->session, TILL_PROBLEM_NOT_FOUND, 2, NULL);
	window_settle();
	till_session_problem_scan(fixture->session, "7781");
	window_settle();
	row = g_list_model_get_item(till_session_problem_found(fixture->session), 0);
	till_session_problem_solve(fixture->session, TILL_PROBLEM_SUBSTITUTE, 2,
				   till_row_item_get_item(row));
	window_settle();
	g_assert_cmpstr(fake_pickup_desk_state()->last->substitute.sku, ==, "7781");
	g_assert_cmpuint(get_pickup(fixture)->lines->len, ==, 3);
	g_assert_nonnull(strstr(get_line(fixture, 2)->detail, "instead of Sourdough loaf"));
}

static void
test_refused_goes_back_with_the_hand_over(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1041");
	till_session_problem_solve(fixture->session, TILL_PROBLEM_REFUSED, 1, NULL);
	g_assert_cmpstr(get_line(fixture, 0)->words, ==, "not wanted, goes back");
	g_assert_cmpstr(get_pickup(fixture)->primary, ==, "Take back 1 item");
	till_session_pickup_tick(fixture->session, 2);
	till_session_pickup_hand_over(fixture->session, "id", FALSE);
	window_settle();
	g_assert_cmpint(sum_moves(TILL_ORDER_STAGED, TILL_ORDER_REFUSED), ==, 1000);
	g_assert_cmpint(sum_moves(TILL_ORDER_STAGED, TILL_ORDER_COLLECTED), ==, 1000);
}

static void
test_somebody_else_collects(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	begin(fixture);
	open_order(fixture, "W-1042");
	till_session_pickup_set_collector(fixture->session, "Ana Lee");
	till_session_pickup_tick_all(fixture->session);
	till_session_pickup_hand_over(fixture->session, "id", FALSE);
	window_settle();
	g_assert_cmpstr(fake_pickup_desk_state()->last->collected_by, ==, "Ana Lee");
	g_assert_cmpstr(fake_pickup_desk_state()->last->check, ==, "id,other-person-id");
}

static void
test_expired_is_put_back(WindowFixture *fixture, gconstpointer data)
{
	g_autoptr(GPtrArray) none = NULL;

	(void)data;
	begin(fixture);
	open_order(fixture, "W-1042");
	none = till_session_problem_lines(fixture->session, TILL_PROBLEM_EXPIRED);
	g_assert_cmpuint(none->len, ==, 0);
	open_order(fixture, "W-1045");
	till_session_problem_solve(fixture->session, TILL_PROBLEM_EXPIRED, 0, NULL);
	window_settle();
	g_assert_cmpstr(fake_pickup_desk_state()->last->reason, ==, "expired");
	g_assert_cmpint(get_pickup(fixture)->mode, ==, TILL_PICKUP_OVER);
}

/* ---- one column ---- */

static void
test_handheld(WindowFixture *fixture, gconstpointer data)
{
	TillPickupsView *view;
	int minimum;

	(void)data;
	window_sign_in(fixture);
	window_resize(fixture, 480, 760);
	view = TILL_PICKUPS_VIEW(window_find_type(fixture, TILL_TYPE_PICKUPS_VIEW));
	g_assert_nonnull(view);
	g_assert_null(window_find_type(fixture, TILL_TYPE_PICKUP_DETAIL));
	open_order(fixture, "W-1041");
	g_assert_true(till_pickups_view_in_detail(view));
	g_assert_nonnull(window_find_type(fixture, TILL_TYPE_PICKUP_DETAIL));
	window_press(fixture, "win.back");
	g_assert_false(till_pickups_view_in_detail(view));
	window_act(fixture, "win.surface", "checkout"); /* Pickups alone */
	g_assert_nonnull(window_find_type(fixture, TILL_TYPE_PICKUPS_VIEW));
	gtk_widget_measure(GTK_WIDGET(fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &minimum,
			   NULL, NULL, NULL);
	g_assert_cmpint(minimum, <=, 480);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(WindowFixture *fixture, gconstpointer data);
	} tests[] = {
	    {"/pickups/board", test_board},
	    {"/pickups/wait-ticks", test_wait_ticks},
	    {"/pickups/field-filters-and-opens", test_field_filters_and_opens},
	    {"/pickups/arrival-rings-once", test_arrival_rings_once},
	    {"/pickups/offline-says-so", test_offline_says_so},
	    {"/pickups/ticks-and-scans", test_ticks_and_scans},
	    {"/pickups/pieces-of-a-line", test_pieces_of_a_line},
	    {"/pickups/hand-over-asks-who", test_hand_over_asks_who},
	    {"/pickups/age-is-checked", test_age_is_checked},
	    {"/pickups/undo-for-a-minute", test_undo_for_a_minute},
	    {"/pickups/failed-step-is-told", test_failed_step_is_told},
	    {"/pickups/code-opens-its-order", test_code_opens_its_order},
	    {"/pickups/each-answer-has-its-card", test_each_answer_has_its_card},
	    {"/pickups/unknown-order-by-signature", test_unknown_order_by_signature},
	    {"/pickups/pick-and-stage", test_pick_and_stage},
	    {"/pickups/scans-while-busy-wait", test_scans_while_busy_wait},
	    {"/pickups/send", test_send},
	    {"/pickups/short-pick-asks-what-next", test_short_pick_asks_what_next},
	    {"/pickups/substitute", test_substitute},
	    {"/pickups/refused-goes-back", test_refused_goes_back_with_the_hand_over},
	    {"/pickups/somebody-else-collects", test_somebody_else_collects},
	    {"/pickups/expired-is-put-back", test_expired_is_put_back},
	    {"/pickups/handheld", test_handheld},
	};

	window_init(&argc, &argv);
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].name, WindowFixture, NULL, window_set_up, tests[i].run,
			   window_tear_down);
	return g_test_run();
}
