/* SPDX-License-Identifier: Apache-2.0 */
#include "order-step.h"

#include <string.h>

#include "error.h"
#include "quantity.h"
#include "till-test.h"

#define HEAD                                                                                       \
	"\"store\":\"014\",\"till\":\"2\",\"staff\":{\"id\":\"s-1\",\"name\":\"Mara\"},"           \
	"\"order\":\"0199d3c2-0000-7000-8000-000000000001\","                                      \
	"\"fulfilment\":\"0199d3c2-0000-7000-8000-000000000002\",\"at_ms\":5,\"version\":3"
#define PICK "{\"line\":1,\"from\":\"allocated\",\"to\":\"picked\",\"milli\":1000}"

static TillOrderStep *
read_step(const char *type, const char *text, GError **error)
{
	g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));

	return till_order_step_from_bytes(type, body, error);
}

static void
assert_refused(const char *type, const char *fields, const char *words)
{
	g_autofree char *text = g_strdup_printf("{" HEAD "%s}", fields);
	GError *error = NULL;

	g_test_message("%s %s", type, text);
	g_assert_null(read_step(type, text, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
put_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

static TillOrderStep *
make_step(TillOrderStepKind kind)
{
	TillOrderStep *step = till_order_step_new(kind);

	put_text(&step->store, "014");
	put_text(&step->till, "2");
	put_text(&step->staff_id, "s-1");
	put_text(&step->staff_name, "Mara");
	step->order.bytes[15] = 1;
	step->fulfilment.bytes[15] = 2;
	step->at_ms = 1234;
	step->version = 7;
	return step;
}

/* Written, read and written again it is the same; so is its copy. */
static TillOrderStep *
assert_round_trip(const TillOrderStep *step)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) once = till_order_step_to_bytes(step);
	TillOrderStep *again =
	    till_order_step_from_bytes(till_order_step_type(step->kind), once, &error);

	g_assert_no_error(error);
	g_autoptr(GBytes) twice = till_order_step_to_bytes(again);
	g_assert_true(g_bytes_equal(once, twice));
	g_autoptr(TillOrderStep) copy = till_order_step_copy(again);
	g_autoptr(GBytes) thrice = till_order_step_to_bytes(copy);
	g_assert_true(g_bytes_equal(once, thrice));
	return again;
}

static void
test_hand_over_round_trip(void)
{
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_HAND_OVER);

	till_order_step_add_move(step, 1, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED, 2000);
	till_order_step_add_move(step, 2, TILL_ORDER_STAGED, TILL_ORDER_REFUSED, 640);
	put_text(&step->collected_by, "Ana \"B\" Ruiz");
	put_text(&step->check, "code,other-person-id,age");
	step->code_serial = 65535;
	step->offline = TRUE;
	g_autoptr(TillOrderStep) again = assert_round_trip(step);
	const TillOrderStepMove *move = &g_array_index(again->moves, TillOrderStepMove, 1);
	g_assert_cmpuint(again->moves->len, ==, 2);
	g_assert_cmpuint(move->line, ==, 2);
	g_assert_cmpint(move->from, ==, TILL_ORDER_STAGED);
	g_assert_cmpint(move->to, ==, TILL_ORDER_REFUSED);
	g_assert_cmpint(move->milli, ==, 640);
	g_assert_cmpstr(again->collected_by, ==, "Ana \"B\" Ruiz");
	g_assert_cmpstr(again->check, ==, "code,other-person-id,age");
	g_assert_cmpuint(again->code_serial, ==, 65535);
	g_assert_true(again->offline);
	g_assert_false(again->unknown);
	g_assert_true(till_uuid_equal(&again->order, &step->order));
	g_assert_true(till_uuid_equal(&again->fulfilment, &step->fulfilment));
	g_assert_cmpint(again->at_ms, ==, 1234);
	g_assert_cmpint(again->version, ==, 7);
	g_assert_cmpstr(again->staff_name, ==, "Mara");
}

static void
test_picking_round_trip(void)
{
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_PICKING);

	till_order_step_add_move(step, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_SHORT, 1000);
	till_order_step_add_move(step, 1, TILL_ORDER_SHORT, TILL_ORDER_CANCELLED, 1000);
	step->substitute.line = 4;
	put_text(&step->substitute.sku, "SOCK-2");
	put_text(&step->substitute.name, "Trail socks");
	put_text(&step->substitute.variant, "M");
	step->substitute.quantity_milli = 1000;
	step->substitute.instead_of = 1;
	put_text(&step->reason, "not-found");
	g_autoptr(TillOrderStep) again = assert_round_trip(step);
	g_assert_cmpuint(again->substitute.line, ==, 4);
	g_assert_cmpstr(again->substitute.sku, ==, "SOCK-2");
	g_assert_cmpstr(again->substitute.name, ==, "Trail socks");
	g_assert_cmpstr(again->substitute.variant, ==, "M");
	g_assert_cmpint(again->substitute.quantity_milli, ==, 1000);
	g_assert_cmpuint(again->substitute.instead_of, ==, 1);
	g_assert_cmpstr(again->reason, ==, "not-found");
}

static void
test_other_round_trips(void)
{
	g_autoptr(TillOrderStep) staging = make_step(TILL_ORDER_STEP_STAGING);
	g_autoptr(TillOrderStep) shipping = make_step(TILL_ORDER_STEP_SHIPPING);
	g_autoptr(TillOrderStep) undo = make_step(TILL_ORDER_STEP_UNDO);
	g_autoptr(TillOrderStep) note = make_step(TILL_ORDER_STEP_NOTE);

	till_order_step_add_move(staging, 1, TILL_ORDER_PICKED, TILL_ORDER_STAGED, 1000);
	put_text(&staging->place, "Shelf C3");
	g_autoptr(TillOrderStep) staged = assert_round_trip(staging);
	g_assert_cmpstr(staged->place, ==, "Shelf C3");
	till_order_step_add_move(shipping, 1, TILL_ORDER_STAGED, TILL_ORDER_SHIPPED, 1000);
	put_text(&shipping->carrier, "Post");
	put_text(&shipping->tracking, "XY 12");
	g_autoptr(TillOrderStep) shipped = assert_round_trip(shipping);
	g_assert_cmpstr(shipped->carrier, ==, "Post");
	g_assert_cmpstr(shipped->tracking, ==, "XY 12");
	undo->reverses.bytes[0] = 9;
	g_autoptr(TillOrderStep) undone = assert_round_trip(undo);
	g_assert_true(till_uuid_equal(&undone->reverses, &undo->reverses));
	put_text(&note->words, "Rings at the back door");
	g_autoptr(TillOrderStep) noted = assert_round_trip(note);
	g_assert_cmpstr(noted->words, ==, "Rings at the back door");
}

/* What belongs to another kind of step is not carried along. */
static void
test_foreign_fields_are_dropped(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderStep) step =
	    read_step("picking",
		      "{" HEAD ",\"moves\":[" PICK "],\"place\":\"C3\",\"unknown\":true,"
		      "\"words\":\"x\",\"tracking\":\"T\",\"later\":[1]}",
		      &error);

	g_assert_no_error(error);
	g_assert_cmpstr(step->place, ==, "");
	g_assert_cmpstr(step->words, ==, "");
	g_assert_false(step->unknown);
}

/* Each kind against each pair of states: the table of the header and nothing else. */
static void
test_every_move(void)
{
	static const char *const made[TILL_ORDER_STEP_KINDS] = {
	    "allocated>picked allocated>short picked>allocated picked>short short>allocated "
	    "short>ordered short>cancelled",
	    "picked>staged",
	    "staged>collected staged>refused",
	    "staged>shipped",
	    "staged>picked picked>allocated staged>cancelled picked>cancelled "
	    "allocated>cancelled",
	    "",
	    ""};
	guint count = 0;

	for (guint kind = 0; kind < TILL_ORDER_STEP_KINDS; kind++) {
		g_auto(GStrv) list = g_strsplit(made[kind], " ", -1);
		for (guint pair = 0; pair < TILL_ORDER_STATES * TILL_ORDER_STATES; pair++) {
			TillOrderState from = pair / TILL_ORDER_STATES;
			TillOrderState to = pair % TILL_ORDER_STATES;
			g_autofree char *words = g_strdup_printf(
			    "%s>%s", till_order_state_name(from), till_order_state_name(to));
			gboolean may = till_order_step_may_move(kind, from, to);
			g_assert_cmpint(may, ==, g_strv_contains((const char *const *)list, words));
			/* No step asks for what no order can do. */
			g_assert_true(!may || till_order_may_move(from, to));
			count += may ? 1 : 0;
		}
	}
	g_assert_cmpuint(count, ==, 16);
}

static void
test_refused_moves(void)
{
	assert_refused("picking", "", "moves");
	assert_refused("picking", ",\"moves\":[]", "moves");
	assert_refused("picking", ",\"moves\":[7]", "moves[0]");
	assert_refused("picking",
		       ",\"moves\":[{\"line\":0,\"from\":\"allocated\",\"to\":\"picked\","
		       "\"milli\":1}]",
		       "line");
	assert_refused("picking",
		       ",\"moves\":[{\"line\":501,\"from\":\"allocated\",\"to\":\"picked\","
		       "\"milli\":1}]",
		       "line");
	assert_refused("picking",
		       ",\"moves\":[{\"line\":1,\"from\":\"shelf\",\"to\":\"picked\",\"milli\":1}]",
		       "from");
	assert_refused("picking",
		       ",\"moves\":[{\"line\":1,\"from\":\"allocated\",\"to\":\"picked\","
		       "\"milli\":0}]",
		       "milli");
	assert_refused("picking",
		       ",\"moves\":[{\"line\":1,\"from\":\"allocated\",\"to\":\"picked\","
		       "\"milli\":10000000000}]",
		       "milli");
	assert_refused("staging", ",\"place\":\"C3\",\"moves\":[" PICK "]", "moves[0].to");
	assert_refused("hand-over", ",\"unknown\":true,\"moves\":[" PICK "]", "moves");
	assert_refused(
	    "order-undo",
	    ",\"reverses\":\"0199d3c2-0000-7000-8000-000000000009\",\"moves\":[" PICK "]", "moves");
	assert_refused("order-note", ",\"words\":\"x\",\"moves\":[" PICK "]", "moves");
}

static void
test_too_many_moves(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderStep) step = make_step(TILL_ORDER_STEP_PICKING);

	for (guint i = 0; i < TILL_ORDER_STEP_MOVES_MAX; i++)
		till_order_step_add_move(step, i + 1, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, 1);
	till_order_step_free(assert_round_trip(step));
	till_order_step_add_move(step, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, 1);
	g_autoptr(GBytes) body = till_order_step_to_bytes(step);
	g_assert_null(till_order_step_from_bytes("picking", body, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
}

static void
assert_text_bound(const char *type, const char *fields, const char *name, gsize max)
{
	g_autofree char *fits = g_strnfill(max, 'a');
	g_autofree char *more = g_strnfill(max + 1, 'a');
	g_autofree char *good = g_strdup_printf("{" HEAD "%s,\"%s\":\"%s\"}", fields, name, fits);
	g_autofree char *bad = g_strdup_printf("%s,\"%s\":\"%s\"", fields, name, more);
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderStep) step = read_step(type, good, &error);

	g_assert_no_error(error);
	g_assert_nonnull(step);
	assert_refused(type, bad, name);
}

static void
test_text_bounds(void)
{
	static const char staged[] =
	    ",\"moves\":[{\"line\":1,\"from\":\"picked\",\"to\":\"staged\",\"milli\":1}]";
	static const char given[] =
	    ",\"moves\":[{\"line\":1,\"from\":\"staged\",\"to\":\"collected\",\"milli\":1}]";
	static const char sent[] =
	    ",\"moves\":[{\"line\":1,\"from\":\"staged\",\"to\":\"shipped\",\"milli\":1}]";

	assert_text_bound("staging", staged, "place", TILL_ORDER_STEP_PLACE_MAX);
	assert_text_bound("hand-over", given, "collected_by", 800);
	assert_text_bound("shipping", sent, "carrier", 64);
	assert_text_bound("shipping", sent, "tracking", 100);
	assert_text_bound("picking", ",\"moves\":[" PICK "]", "reason", 64);
	assert_text_bound("order-note", "", "words", TILL_ORDER_STEP_WORDS_MAX);
	assert_refused("staging", staged, "place");
	assert_refused("order-note", "", "words");
	assert_refused("order-undo", "", "reverses");
	assert_refused("order-undo", ",\"reverses\":\"00000000-0000-0000-0000-000000000000\"",
		       "reverses");
	assert_refused("hand-over", ",\"unknown\":true,\"code\":65536", "code");
	assert_refused("hand-over", ",\"unknown\":true,\"check\":\"guess\"", "check");
	assert_refused("hand-over", ",\"unknown\":true,\"check\":\"id,id\"", "check");
	assert_refused("hand-over", ",\"unknown\":true,\"check\":\"id,\"", "check");
}

static void
test_refused_substitutes(void)
{
	static const char format[] =
	    ",\"substitute\":{\"line\":%s,\"sku\":\"%s\",\"name\":\"N\",\"variant\":\"\","
	    "\"quantity_milli\":%s,\"for\":%s}";
	static const char *const cases[][5] = {
	    {"0", "S", "1", "1", "line"}, {"501", "S", "1", "1", "line"},
	    {"2", "", "1", "1", "sku"},   {"2", "S", "0", "1", "quantity_milli"},
	    {"2", "S", "1", "0", "for"},  {"2", "S", "1", "2", "for"}};
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fields =
		    g_strdup_printf(format, cases[i][0], cases[i][1], cases[i][2], cases[i][3]);
		assert_refused("picking", fields, cases[i][4]);
	}
	/* A substitute alone is a picking. */
	g_autofree char *fields = g_strdup_printf(format, "2", "S", "1000", "1");
	g_autofree char *text = g_strdup_printf("{" HEAD "%s}", fields);
	g_autoptr(TillOrderStep) step = read_step("picking", text, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(step->substitute.line, ==, 2);
}

static void
test_refused_bodies(void)
{
	static const char *const bodies[] = {"", "[]", "{}", "{" HEAD, "{" HEAD "}x"};
	GError *error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_assert_null(read_step("order-note", bodies[i], &error));
		till_test_assert_error(error, TILL_ERROR_INVALID, "step");
	}
	g_assert_null(read_step("sale", "{" HEAD "}", &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "sale");
}

static void
test_types(void)
{
	TillOrderStepKind kind;

	for (guint i = 0; i < TILL_ORDER_STEP_KINDS; i++) {
		g_assert_true(till_order_step_find(till_order_step_type(i), &kind));
		g_assert_cmpint(kind, ==, (int)i);
	}
	g_assert_false(till_order_step_find("sale", &kind));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/order-step/hand-over-round-trip", test_hand_over_round_trip);
	g_test_add_func("/domain/order-step/picking-round-trip", test_picking_round_trip);
	g_test_add_func("/domain/order-step/other-round-trips", test_other_round_trips);
	g_test_add_func("/domain/order-step/foreign-fields-are-dropped",
			test_foreign_fields_are_dropped);
	g_test_add_func("/domain/order-step/every-move", test_every_move);
	g_test_add_func("/domain/order-step/refused-moves", test_refused_moves);
	g_test_add_func("/domain/order-step/too-many-moves", test_too_many_moves);
	g_test_add_func("/domain/order-step/text-bounds", test_text_bounds);
	g_test_add_func("/domain/order-step/refused-substitutes", test_refused_substitutes);
	g_test_add_func("/domain/order-step/refused-bodies", test_refused_bodies);
	g_test_add_func("/domain/order-step/types", test_types);
	return g_test_run();
}
