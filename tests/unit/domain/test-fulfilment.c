/* SPDX-License-Identifier: Apache-2.0 */
#include "fulfilment.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "quantity.h"
#include "till-test.h"

#define ONE TILL_QUANTITY_ONE
#define SEQUENCES 20000

static const TillUuid first_txn = {{1}};
static const TillUuid second_txn = {{2}};

static void
put_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

static void
add_line(TillFulfilment *fulfilment, guint line, const char *sku, gint64 milli, gint64 min_age)
{
	g_autofree char *name = g_strdup_printf("Item %s", sku);
	g_autofree char *code = g_strdup(sku);
	g_autofree char *variant = g_strdup("M");
	const TillFulfilmentLine made = {line, code, name, variant, min_age, 0};

	g_assert_true(till_fulfilment_add_line(fulfilment, &made, milli));
}

/* Two tees and a bottle that asks for an age, lines 1 and 3 of an order. */
static TillFulfilment *
make_fulfilment(void)
{
	TillFulfilment *fulfilment = till_fulfilment_new();

	fulfilment->id.bytes[15] = 2;
	fulfilment->order.bytes[15] = 1;
	put_text(&fulfilment->number, "W-1042");
	put_text(&fulfilment->customer_name, "Ana Ruiz");
	put_text(&fulfilment->store, "014");
	fulfilment->promise_ms = 1000;
	fulfilment->expires_ms = 9000;
	fulfilment->serial = 1;
	fulfilment->version = 3;
	add_line(fulfilment, 1, "TEE", 2 * ONE, 0);
	add_line(fulfilment, 3, "GIN", ONE, 18);
	return fulfilment;
}

static TillOrderStep *
make_step(TillOrderStepKind kind, gint64 at_ms)
{
	TillOrderStep *step = till_order_step_new(kind);

	put_text(&step->store, "014");
	put_text(&step->till, "2");
	put_text(&step->staff_id, "s-1");
	put_text(&step->staff_name, "Mara");
	step->fulfilment.bytes[15] = 2;
	step->order.bytes[15] = 1;
	step->at_ms = at_ms;
	return step;
}

static void
must_do(TillFulfilment *fulfilment, const TillOrderStep *step, const TillUuid *txn)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(till_fulfilment_do(fulfilment, step, txn, &error));
	g_assert_no_error(error);
}

static char *
write_down(const TillFulfilment *fulfilment)
{
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	gsize size;

	return till_json_write(row, &size);
}

/* Refused with words, and nothing has changed. */
static void
assert_refused(TillFulfilment *fulfilment, const TillOrderStep *step, const char *words)
{
	GError *error = NULL;
	g_autofree char *before = write_down(fulfilment);

	g_assert_false(till_fulfilment_do(fulfilment, step, &second_txn, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, words);
	g_autofree char *after = write_down(fulfilment);
	g_assert_cmpstr(before, ==, after);
}

static void
assert_not_undone(TillFulfilment *fulfilment, const TillOrderStep *undo,
		  const TillOrderStep *original, const char *words)
{
	GError *error = NULL;
	g_autofree char *before = write_down(fulfilment);

	g_assert_false(till_fulfilment_undo(fulfilment, undo, original, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, words);
	g_autofree char *after = write_down(fulfilment);
	g_assert_cmpstr(before, ==, after);
}

static void
move_all(TillFulfilment *fulfilment, TillOrderStepKind kind, TillOrderState from, TillOrderState to)
{
	g_autoptr(TillOrderStep) step = make_step(kind, 10);

	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		gint64 milli = till_order_quantity(fulfilment->life, i, from);
		if (milli > 0)
			till_order_step_add_move(step, line->line, from, to, milli);
	}
	if (kind == TILL_ORDER_STEP_STAGING)
		put_text(&step->place, "Shelf C3");
	must_do(fulfilment, step, &first_txn);
}

static TillFulfilment *
make_staged(void)
{
	TillFulfilment *fulfilment = make_fulfilment();

	move_all(fulfilment, TILL_ORDER_STEP_PICKING, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED);
	move_all(fulfilment, TILL_ORDER_STEP_STAGING, TILL_ORDER_PICKED, TILL_ORDER_STAGED);
	return fulfilment;
}

static void
assert_state(const TillFulfilment *fulfilment, const char *name)
{
	g_assert_cmpstr(till_fulfilment_state_name(till_fulfilment_state(fulfilment)), ==, name);
}

static void
test_the_whole_way(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_fulfilment();

	assert_state(fulfilment, "to-pick");
	g_assert_cmpint(till_fulfilment_min_age(fulfilment), ==, 0);
	move_all(fulfilment, TILL_ORDER_STEP_PICKING, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED);
	assert_state(fulfilment, "picking");
	g_assert_cmpint(till_fulfilment_count(fulfilment, TILL_ORDER_PICKED), ==, 3 * ONE);
	g_assert_cmpint(till_fulfilment_min_age(fulfilment), ==, 0);
	move_all(fulfilment, TILL_ORDER_STEP_STAGING, TILL_ORDER_PICKED, TILL_ORDER_STAGED);
	assert_state(fulfilment, "ready");
	g_assert_cmpstr(fulfilment->place, ==, "Shelf C3");
	g_assert_cmpint(till_fulfilment_min_age(fulfilment), ==, 18);
	g_assert_cmpint(fulfilment->version, ==, 5);
	g_assert_cmpint(fulfilment->updated_ms, ==, 10);
	move_all(fulfilment, TILL_ORDER_STEP_HAND_OVER, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED);
	assert_state(fulfilment, "done");
}

static void
test_states(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_staged();
	g_autoptr(TillOrderStep) back = make_step(TILL_ORDER_STEP_PUT_BACK, 20);
	g_autoptr(TillOrderStep) give = make_step(TILL_ORDER_STEP_HAND_OVER, 30);
	g_autoptr(TillFulfilment) sent = make_staged();
	g_autoptr(TillFulfilment) dropped = make_staged();

	till_order_step_add_move(back, 3, TILL_ORDER_STAGED, TILL_ORDER_PICKED, ONE);
	must_do(fulfilment, back, &first_txn);
	assert_state(fulfilment, "picking");
	till_order_step_add_move(give, 1, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, ONE);
	must_do(fulfilment, give, &first_txn);
	assert_state(fulfilment, "part");
	move_all(fulfilment, TILL_ORDER_STEP_STAGING, TILL_ORDER_PICKED, TILL_ORDER_STAGED);
	assert_state(fulfilment, "ready");
	move_all(sent, TILL_ORDER_STEP_SHIPPING, TILL_ORDER_STAGED, TILL_ORDER_SHIPPED);
	assert_state(sent, "done");
	move_all(dropped, TILL_ORDER_STEP_PUT_BACK, TILL_ORDER_STAGED, TILL_ORDER_CANCELLED);
	assert_state(dropped, "cancelled");
}

static void
test_hand_over_with_a_refusal(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_staged();
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_HAND_OVER, 500);

	fulfilment->arrived_ms = 400;
	put_text(&fulfilment->arrival, "Bay 4");
	till_order_step_add_move(step, 1, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, ONE);
	till_order_step_add_move(step, 1, TILL_ORDER_STAGED, TILL_ORDER_REFUSED, ONE);
	put_text(&step->collected_by, "Omar Haddad");
	put_text(&step->check, "other-person-id");
	must_do(fulfilment, step, &first_txn);
	const TillFulfilmentHandOver *done = g_ptr_array_index(fulfilment->hand_overs, 0);
	const TillOrderPart *part = &g_array_index(done->parts, TillOrderPart, 0);
	g_assert_cmpuint(done->parts->len, ==, 1);
	g_assert_cmpint(part->collected_milli, ==, ONE);
	g_assert_cmpint(part->refused_milli, ==, ONE);
	g_assert_cmpstr(done->collected_by, ==, "Omar Haddad");
	g_assert_cmpstr(done->check, ==, "other-person-id");
	g_assert_cmpstr(done->staff, ==, "Mara");
	g_assert_true(till_uuid_equal(&done->txn, &first_txn));
	g_assert_cmpint(till_order_quantity(fulfilment->life, 0, TILL_ORDER_RETURNED), ==, ONE);
	g_assert_cmpint(till_order_quantity(fulfilment->life, 0, TILL_ORDER_REFUSED), ==, 0);
	g_assert_cmpint(fulfilment->arrived_ms, ==, 0);
	g_assert_cmpstr(fulfilment->arrival, ==, "");
	assert_state(fulfilment, "ready"); /* the bottle */
}

static void
test_undo_of_a_hand_over(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_staged();
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_HAND_OVER, 1000);
	g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO, 1001 + TILL_ORDER_UNDO_MS);
	g_autoptr(GError) error = NULL;

	till_order_step_add_move(step, 1, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, ONE);
	till_order_step_add_move(step, 3, TILL_ORDER_STAGED, TILL_ORDER_REFUSED, ONE);
	undo->reverses = first_txn;
	assert_not_undone(fulfilment, undo, step, "nothing to undo");
	must_do(fulfilment, step, &first_txn);
	assert_not_undone(fulfilment, undo, step, "minute");
	undo->at_ms = 1000 + TILL_ORDER_UNDO_MS;
	/* Read anew from its row, as the next program finds it. */
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	g_autoptr(TillFulfilment) again = till_fulfilment_read(row, &error);
	g_assert_no_error(error);
	g_assert_true(till_fulfilment_undo(again, undo, step, &error));
	g_assert_no_error(error);
	g_assert_cmpint(till_fulfilment_count(again, TILL_ORDER_STAGED), ==, 3 * ONE);
	g_assert_true(((TillFulfilmentHandOver *)g_ptr_array_index(again->hand_overs, 0))->undone);
	assert_not_undone(again, undo, step, "undone already");
	/* The same goods can be handed over again, and that undone by its own id. */
	step->at_ms = undo->at_ms;
	must_do(again, step, &second_txn);
	undo->reverses = second_txn;
	g_assert_true(till_fulfilment_undo(again, undo, step, &error));
	assert_state(again, "ready");
}

static void
test_undo_of_other_steps(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_fulfilment();
	g_autoptr(TillOrderStep) pick = make_step(TILL_ORDER_STEP_PICKING, 1000);
	g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO, 2000);
	g_autoptr(TillOrderStep) note = make_step(TILL_ORDER_STEP_NOTE, 1000);
	g_autoptr(GError) error = NULL;

	till_order_step_add_move(pick, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, 2 * ONE);
	undo->reverses = first_txn;
	must_do(fulfilment, pick, &first_txn);
	g_assert_true(till_fulfilment_undo(fulfilment, undo, pick, &error));
	assert_state(fulfilment, "to-pick");
	assert_not_undone(fulfilment, undo, pick, "moved on");
	must_do(fulfilment, pick, &first_txn);
	move_all(fulfilment, TILL_ORDER_STEP_STAGING, TILL_ORDER_PICKED, TILL_ORDER_STAGED);
	assert_not_undone(fulfilment, undo, pick, "moved on");
	assert_not_undone(fulfilment, undo, note, "nothing to undo");
	assert_not_undone(fulfilment, undo, undo, "nothing to undo");
}

static void
test_substitute(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_fulfilment();
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_PICKING, 1000);
	g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO, 2000);
	g_autoptr(GError) error = NULL;

	till_order_step_add_move(step, 3, TILL_ORDER_ALLOCATED, TILL_ORDER_SHORT, ONE);
	till_order_step_add_move(step, 3, TILL_ORDER_SHORT, TILL_ORDER_CANCELLED, ONE);
	till_order_step_add_move(step, 4, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE);
	step->substitute.line = 4;
	step->substitute.instead_of = 3;
	step->substitute.quantity_milli = ONE;
	put_text(&step->substitute.sku, "GIN-2");
	put_text(&step->substitute.name, "Other gin");
	must_do(fulfilment, step, &first_txn);
	const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, 2);
	g_assert_cmpuint(line->line, ==, 4);
	g_assert_cmpuint(line->substitute_for, ==, 3);
	g_assert_cmpint(line->min_age, ==, 18);
	g_assert_cmpint(till_order_quantity(fulfilment->life, 2, TILL_ORDER_PICKED), ==, ONE);
	assert_refused(fulfilment, step, "no such line"); /* line 4 is there */
	undo->reverses = first_txn;
	g_assert_true(till_fulfilment_undo(fulfilment, undo, step, &error));
	g_assert_cmpint(till_order_quantity(fulfilment->life, 1, TILL_ORDER_ALLOCATED), ==, ONE);
	g_assert_cmpint(till_order_quantity(fulfilment->life, 2, TILL_ORDER_CANCELLED), ==, ONE);
	assert_state(fulfilment, "to-pick");
}

static void
test_unknown_hand_over(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_fulfilment();
	g_autoptr(TillOrderStep) pick = make_step(TILL_ORDER_STEP_PICKING, 10);
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_HAND_OVER, 1000);
	g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO, 2000);
	g_autoptr(GError) error = NULL;

	till_order_step_add_move(pick, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE);
	must_do(fulfilment, pick, &second_txn);
	step->unknown = TRUE;
	must_do(fulfilment, step, &first_txn);
	assert_state(fulfilment, "done");
	g_assert_cmpint(till_fulfilment_count(fulfilment, TILL_ORDER_COLLECTED), ==, 3 * ONE);
	assert_refused(fulfilment, step, "Nothing was chosen");
	undo->reverses = first_txn;
	g_assert_true(till_fulfilment_undo(fulfilment, undo, step, &error));
	assert_state(fulfilment, "ready");
}

static void
test_refusals(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_fulfilment();
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_PICKING, 10);
	g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO, 20);
	g_autoptr(TillOrderStep) note = make_step(TILL_ORDER_STEP_NOTE, 20);

	assert_refused(fulfilment, step, "Nothing was chosen");
	assert_refused(fulfilment, undo, "nothing to undo");
	till_order_step_add_move(step, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE);
	till_order_step_add_move(step, 3, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE + 1);
	assert_refused(fulfilment, step, "not that much");
	till_order_step_add_move(step, 2, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE);
	assert_refused(fulfilment, step, "no such line");
	step->order.bytes[0] = 7;
	assert_refused(fulfilment, step, "another order than W-1042");
	g_autofree char *before = write_down(fulfilment);
	must_do(fulfilment, note, &first_txn);
	g_autofree char *after = write_down(fulfilment);
	g_assert_cmpstr(before, ==, after);
}

static void
test_limits(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_fulfilment();
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_HAND_OVER, 10);
	g_autoptr(TillFulfilment) large = till_fulfilment_new();
	g_autofree char *name = g_strnfill(780, 'n');
	TillFulfilmentLine line = {.sku = name, .name = name, .variant = name};
	gboolean added = TRUE;

	line.line = 1;
	g_assert_false(till_fulfilment_add_line(fulfilment, &line, ONE)); /* there already */
	line.line = 9;
	g_assert_false(till_fulfilment_add_line(fulfilment, &line, 0));
	g_assert_false(till_fulfilment_add_line(fulfilment, &line, TILL_QUANTITY_MAX_MILLI + 1));
	for (guint i = 0; i < TILL_FULFILMENT_HAND_OVERS_MAX; i++)
		g_assert_nonnull(till_fulfilment_add_hand_over(fulfilment));
	g_assert_null(till_fulfilment_add_hand_over(fulfilment));
	for (guint i = 0; added; i++) {
		line.line = i + 1;
		added = till_fulfilment_add_line(large, &line, ONE);
	}
	g_assert_cmpuint(large->lines->len, ==, TILL_ORDER_LINES_MAX);
	step->kind = TILL_ORDER_STEP_PICKING;
	large->id = step->fulfilment;
	large->order = step->order;
	till_order_step_add_move(step, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, ONE);
	assert_refused(large, step, "hold no more");
}

static void
test_round_trip(void)
{
	g_autoptr(TillFulfilment) fulfilment = make_staged();
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_HAND_OVER, 500);
	g_autoptr(GError) error = NULL;

	till_order_step_add_move(step, 3, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, 400);
	put_text(&step->collected_by, "Ana");
	must_do(fulfilment, step, &first_txn);
	fulfilment->arrived_ms = 77;
	put_text(&fulfilment->arrival, "Bay 4 · blue");
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	g_assert_cmpstr(json_string_value(json_object_get(row, "state")), ==, "ready");
	g_autoptr(TillFulfilment) again = till_fulfilment_read(row, &error);
	g_assert_no_error(error);
	g_autoptr(TillFulfilment) copy = till_fulfilment_copy(again);
	g_autofree char *first = write_down(fulfilment);
	g_autofree char *second = write_down(copy);
	g_assert_cmpstr(first, ==, second);
	g_assert_cmpstr(copy->arrival, ==, "Bay 4 · blue");
	g_assert_cmpint(copy->arrived_ms, ==, 77);
	g_assert_cmpint(till_fulfilment_find_line(copy, 3), ==, 1);
	g_assert_cmpint(till_fulfilment_find_line(copy, 2), ==, -1);
	g_assert_cmpint(copy->kind, ==, TILL_FULFILMENT_PICKUP);
}

static void
assert_row_refused(const char *column, json_t *value, const char *words)
{
	g_autoptr(TillFulfilment) fulfilment = make_staged();
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	GError *error = NULL;

	g_test_message("%s, %s", column, words);
	json_object_set_new(row, column, value);
	g_assert_null(till_fulfilment_read(row, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_refused_rows(void)
{
	static const char line[] = "{\"store\":\"014\",\"lines\":[{\"line\":1,\"sku\":\"T\",%s}]}";
	static const char *const bodies[][2] = {
	    {"{}", "store"},
	    {"{\"store\":\"014\",\"lines\":[]}", "lines"},
	    {"{\"store\":\"\",\"lines\":[]}", "store"},
	    {"[]", "object"},
	    {"{\"store\":\"014\",\"lines\":[{\"line\":0}]}", "line"},
	};
	static const char *const standings[][2] = {
	    {"\"x\":1", "standing"},
	    {"\"standing\":{}", "standing"},
	    {"\"standing\":{\"staged\":0}", "standing"},
	    {"\"standing\":{\"lost\":1}", "standing"},
	    {"\"standing\":{\"staged\":-1}", "staged"},
	    {"\"standing\":{\"staged\":9999999999,\"picked\":1}", "standing"},
	    {"\"standing\":{\"staged\":1},\"min_age\":151", "min_age"},
	    {"\"standing\":{\"staged\":1},\"substitute_for\":501", "substitute_for"},
	    {"\"standing\":{\"staged\":1}},{\"line\":1,\"sku\":\"T\",\"standing\":{\"staged\":1}",
	     "twice"},
	    {"\"standing\":{\"staged\":1}}],\"hand_overs\":[{\"txn\":\"x\"", "txn"},
	    {"\"standing\":{\"staged\":1}}],\"hand_overs\":[{\"txn\":"
	     "\"0199d3c2-0000-7000-8000-000000000001\",\"lines\":[{\"line\":2}]",
	     "hand_overs[0].lines[0].line"},
	};

	assert_row_refused("id", json_string("7"), "id");
	assert_row_refused("order_id", json_null(), "order_id");
	assert_row_refused("number", json_string(""), "number");
	assert_row_refused("kind", json_string("drone"), "kind");
	assert_row_refused("arrived_ms", json_integer(-1), "arrived_ms");
	assert_row_refused("serial", json_integer(65536), "serial");
	assert_row_refused("place",
			   json_string("A place whose name is so long that no sign on a "
				       "shelf could ever show it whole"),
			   "place");
	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++)
		assert_row_refused("body", json_string(bodies[i][0]), bodies[i][1]);
	for (gsize i = 0; i < G_N_ELEMENTS(standings); i++) {
		g_auto(GStrv) halves = g_strsplit(line, "%s", 2);
		g_autofree char *body = g_strconcat(halves[0], standings[i][0], halves[1], NULL);
		assert_row_refused("body", json_string(body), standings[i][1]);
	}
}

static void
test_kinds(void)
{
	TillFulfilmentKind kind;

	for (guint i = 0; i < TILL_FULFILMENT_KINDS; i++) {
		g_assert_true(till_fulfilment_find_kind(till_fulfilment_kind_name(i), &kind));
		g_assert_cmpint(kind, ==, (int)i);
	}
	g_assert_false(till_fulfilment_find_kind("drone", &kind));
}

/* ---- Any sequence of steps ---- */

static void
check_sums(const TillFulfilment *fulfilment)
{
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < fulfilment->lines->len; i++) {
		gint64 sum = 0;
		for (guint state = 0; state < TILL_ORDER_STATES; state++)
			sum += till_order_quantity(fulfilment->life, i, state);
		g_assert_cmpint(sum, ==, till_order_ordered(fulfilment->life, i));
	}
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	g_autoptr(TillFulfilment) again = till_fulfilment_read(row, &error);
	g_assert_no_error(error);
	g_assert_cmpint(till_fulfilment_state(again), ==, till_fulfilment_state(fulfilment));
}

static TillOrderStep *
make_random_step(TillTestRandom *random, gint64 at_ms)
{
	TillOrderStep *step = make_step(
	    (TillOrderStepKind)till_test_random_range(random, 0, TILL_ORDER_STEP_PUT_BACK), at_ms);
	gint64 moves = MAX(till_test_random_range(random, -2, 2), 1);

	for (gint64 i = 0; i < moves; i++) {
		TillOrderState from = TILL_ORDER_ORDERED, to = TILL_ORDER_ORDERED;
		while (!till_order_step_may_move(step->kind, from, to)) {
			from = (guint)till_test_random_range(random, 0, TILL_ORDER_STATES - 1);
			to = (guint)till_test_random_range(random, 0, TILL_ORDER_STATES - 1);
		}
		till_order_step_add_move(step, till_test_random_range(random, 0, 1) ? 1 : 3, from,
					 to, till_test_random_range(random, 1, 2) * ONE);
	}
	step->unknown =
	    step->kind == TILL_ORDER_STEP_HAND_OVER && till_test_random_range(random, 0, 5) == 0;
	return step;
}

static void
test_any_sequence_adds_up(void)
{
	TillTestRandom random;
	guint done = 0, undone = 0;

	till_test_random_init(&random, 77);
	for (guint sequence = 0; sequence < SEQUENCES; sequence++) {
		g_autoptr(TillFulfilment) fulfilment =
		    sequence % 2 ? make_staged() : make_fulfilment();
		g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO, 50);
		for (guint i = 0; i < 12; i++) {
			g_autoptr(TillOrderStep) step = make_random_step(&random, i * 10);
			g_autoptr(TillFulfilment) before = till_fulfilment_copy(fulfilment);
			if (!till_fulfilment_do(fulfilment, step, &first_txn, NULL))
				continue;
			done++;
			undo->reverses = first_txn;
			if (till_test_random_range(&random, 0, 3) != 0)
				continue;
			/* At once, undoing finds the goods where they were left. */
			g_assert_true(till_fulfilment_undo(fulfilment, undo, step, NULL));
			undone++;
			for (guint k = 0; !step->unknown && k < before->lines->len; k++)
				for (guint state = 0; state < TILL_ORDER_STATES; state++)
					g_assert_cmpint(
					    till_order_quantity(before->life, k, state), ==,
					    till_order_quantity(fulfilment->life, k, state));
		}
		check_sums(fulfilment);
	}
	g_test_message("%u steps, %u undone", done, undone);
	g_assert_cmpuint(done, >, SEQUENCES);
	g_assert_cmpuint(undone, >, SEQUENCES / 10);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/fulfilment/the-whole-way", test_the_whole_way);
	g_test_add_func("/domain/fulfilment/states", test_states);
	g_test_add_func("/domain/fulfilment/hand-over-with-a-refusal",
			test_hand_over_with_a_refusal);
	g_test_add_func("/domain/fulfilment/undo-of-a-hand-over", test_undo_of_a_hand_over);
	g_test_add_func("/domain/fulfilment/undo-of-other-steps", test_undo_of_other_steps);
	g_test_add_func("/domain/fulfilment/substitute", test_substitute);
	g_test_add_func("/domain/fulfilment/unknown-hand-over", test_unknown_hand_over);
	g_test_add_func("/domain/fulfilment/refusals-change-nothing", test_refusals);
	g_test_add_func("/domain/fulfilment/limits", test_limits);
	g_test_add_func("/domain/fulfilment/round-trip", test_round_trip);
	g_test_add_func("/domain/fulfilment/refused-rows", test_refused_rows);
	g_test_add_func("/domain/fulfilment/kinds", test_kinds);
	g_test_add_func("/domain/fulfilment/any-sequence-adds-up", test_any_sequence_adds_up);
	return g_test_run();
}
