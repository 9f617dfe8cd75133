/* SPDX-License-Identifier: Apache-2.0 */
#include "cart.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "till-test.h"

#define ONE TILL_QUANTITY_ONE

static TillCart *
parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	TillCart *cart = till_cart_parse(text, strlen(text), &error);

	g_assert_no_error(error);
	return cart;
}

static char *
write_down(const TillCart *cart)
{
	g_autoptr(json_t) object = till_cart_json(cart);
	gsize size;

	return till_json_write(object, &size);
}

static void
assert_refused(const char *text, const char *words)
{
	GError *error = NULL;

	g_test_message("%s", text);
	g_assert_null(till_cart_parse(text, strlen(text), &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static gboolean
add(TillCart *cart, const char *code, gint64 milli, const char *note, gint64 seen_minor)
{
	g_autofree char *copy = g_strdup(code);
	g_autofree char *words = g_strdup(note);
	const TillCartLine line = {copy, milli, NULL, words, seen_minor};

	return till_cart_add(cart, &line);
}

static const TillCartLine *
line_at(const GPtrArray *lines, guint index)
{
	return g_ptr_array_index(lines, index);
}

static void
test_round_trip(void)
{
	g_autoptr(TillCart) cart =
	    parse("{\"lines\":[{\"code\":\"TEE\",\"quantity_milli\":2000,\"name\":\"Organic tee\","
		  "\"note\":\"Gift\",\"seen_minor\":1500},{\"code\":\"SOCK\"}],"
		  "\"coupons\":[\"take5\",\"TAKE5\"],\"later\":1}");
	g_autofree char *once = write_down(cart);
	g_autoptr(TillCart) again = parse(once);
	g_autofree char *twice = write_down(again);

	g_assert_cmpstr(once, ==, twice);
	g_assert_cmpuint(again->lines->len, ==, 2);
	g_assert_cmpstr(line_at(again->lines, 0)->code, ==, "TEE");
	g_assert_cmpstr(line_at(again->lines, 0)->name, ==, "Organic tee");
	g_assert_cmpstr(line_at(again->lines, 0)->note, ==, "Gift");
	g_assert_cmpint(line_at(again->lines, 0)->quantity_milli, ==, 2 * ONE);
	g_assert_cmpint(line_at(again->lines, 0)->seen_minor, ==, 1500);
	g_assert_cmpint(line_at(again->lines, 1)->quantity_milli, ==, ONE);
	g_assert_cmpint(line_at(again->lines, 1)->seen_minor, ==, -1);
	g_assert_cmpuint(again->coupons->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(again->coupons, 0), ==, "TAKE5");
}

static void
test_lines_of_one_thing_are_one(void)
{
	g_autoptr(TillCart) cart = till_cart_new();

	g_assert_true(add(cart, "TEE", ONE, "", 1500));
	g_assert_true(add(cart, "TEE", ONE, "Gift", -1));
	g_assert_true(add(cart, "TEE", 2 * ONE, NULL, 1600));
	g_assert_true(add(cart, "TEE", ONE, "", -1));
	g_assert_cmpuint(cart->lines->len, ==, 2);
	g_assert_cmpint(line_at(cart->lines, 0)->quantity_milli, ==, 4 * ONE);
	g_assert_cmpint(line_at(cart->lines, 0)->seen_minor, ==, 1600);
	g_assert_cmpint(line_at(cart->lines, 1)->quantity_milli, ==, ONE);
}

static void
test_what_is_not_added(void)
{
	g_autoptr(TillCart) cart = till_cart_new();
	g_autofree char *fits = g_strnfill(128, '1');
	g_autofree char *more = g_strnfill(129, '1');

	g_assert_false(add(cart, "TEE", 0, "", -1));
	g_assert_false(add(cart, "TEE", -ONE, "", -1));
	g_assert_false(add(cart, "TEE", TILL_QUANTITY_MAX_MILLI + 1, "", -1));
	g_assert_false(add(cart, "", ONE, "", -1));
	g_assert_false(add(cart, "T\nE", ONE, "", -1));
	g_assert_false(add(cart, "\xff", ONE, "", -1));
	g_assert_false(add(cart, more, ONE, "", -1));
	g_assert_cmpuint(cart->lines->len, ==, 0);
	g_assert_true(add(cart, fits, TILL_QUANTITY_MAX_MILLI, "two\nlines", -1));
	g_assert_cmpstr(line_at(cart->lines, 0)->note, ==, "two lines");
	g_assert_false(add(cart, fits, 1, "two\nlines", -1));
	g_assert_cmpint(line_at(cart->lines, 0)->quantity_milli, ==, TILL_QUANTITY_MAX_MILLI);
}

/* However it was filled, it can be written and read. */
static void
test_full(void)
{
	g_autoptr(TillCart) many = till_cart_new();
	g_autoptr(TillCart) wide = till_cart_new();
	g_autofree char *quotes = g_strnfill(200, '"');
	gboolean added = TRUE;

	for (guint i = 0; i < TILL_CART_LINES_MAX; i++) {
		g_autofree char *code = g_strdup_printf("%032u", i);
		g_assert_true(add(many, code, TILL_QUANTITY_MAX_MILLI, "", TILL_MONEY_MAX_MINOR));
	}
	g_assert_false(add(many, "MORE", ONE, "", -1));
	g_assert_true(add(many, "00000000000000000000000000000000", 1, "", -1) == FALSE);
	for (guint i = 0; added; i++) {
		g_autofree char *code = g_strdup_printf("\"%u", i);
		added = add(wide, code, ONE, quotes, -1);
	}
	g_assert_cmpuint(wide->lines->len, >, 50);
	g_autofree char *first = write_down(many);
	g_autofree char *second = write_down(wide);
	till_cart_free(parse(first));
	till_cart_free(parse(second));
}

static void
test_take(void)
{
	g_autoptr(TillCart) cart = till_cart_new();

	g_assert_true(add(cart, "TEE", ONE, "", -1));
	g_assert_true(add(cart, "SOCK", ONE, "", -1));
	g_assert_true(add(cart, "TEE", 2 * ONE, "Gift", -1));
	g_assert_cmpint(till_cart_take(cart, "GIN", ONE), ==, 0);
	g_assert_cmpint(till_cart_take(cart, "TEE", 0), ==, 0);
	g_assert_cmpint(till_cart_take(cart, "TEE", 2 * ONE), ==, 2 * ONE);
	g_assert_cmpuint(cart->lines->len, ==, 2);
	g_assert_cmpstr(line_at(cart->lines, 0)->code, ==, "SOCK");
	g_assert_cmpint(line_at(cart->lines, 1)->quantity_milli, ==, ONE);
	g_assert_cmpint(till_cart_take(cart, "TEE", 5 * ONE), ==, ONE);
	g_assert_cmpuint(cart->lines->len, ==, 1);
}

static void
test_changes(void)
{
	g_autoptr(TillCart) before = parse("{\"lines\":[{\"code\":\"TEE\",\"quantity_milli\":2000},"
					   "{\"code\":\"TEE\",\"note\":\"Gift\"},{\"code\":"
					   "\"SOCK\"},{\"code\":\"CAP\"}]}");
	g_autoptr(TillCart) after = parse("{\"lines\":[{\"code\":\"CAP\"},{\"code\":\"TEE\"},"
					  "{\"code\":\"GIN\",\"quantity_milli\":500}]}");
	g_autoptr(GPtrArray) changes = till_cart_changes(before, after);
	g_autoptr(GPtrArray) none = till_cart_changes(after, after);

	g_assert_cmpuint(none->len, ==, 0);
	g_assert_cmpuint(changes->len, ==, 3);
	g_assert_cmpstr(line_at(changes, 0)->code, ==, "TEE");
	g_assert_cmpint(line_at(changes, 0)->quantity_milli, ==, -2 * ONE);
	g_assert_cmpstr(line_at(changes, 1)->code, ==, "SOCK");
	g_assert_cmpint(line_at(changes, 1)->quantity_milli, ==, -ONE);
	g_assert_cmpstr(line_at(changes, 2)->code, ==, "GIN");
	g_assert_cmpint(line_at(changes, 2)->quantity_milli, ==, 500);
}

/* What one side sold and the other added since: taking the sold lines off leaves the rest. */
static void
test_nothing_is_lost_between_two_writers(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 11);
	for (guint round = 0; round < 2000; round++) {
		g_autoptr(TillCart) web = till_cart_new();
		gint64 want[3] = {0}, sold[3] = {0};
		for (guint i = 0; i < 12; i++) {
			guint item = (guint)till_test_random_range(&random, 0, 2);
			g_autofree char *code = g_strdup_printf("SKU-%u", item);
			gint64 milli = till_test_random_range(&random, 1, 3) * ONE;
			if (till_test_random_range(&random, 0, 2) == 0) {
				sold[item] += till_cart_take(web, code, milli);
				continue;
			}
			g_assert_true(add(web, code, milli, milli == ONE ? "Gift" : "", -1));
			want[item] += milli;
		}
		for (guint item = 0; item < 3; item++) {
			g_autofree char *code = g_strdup_printf("SKU-%u", item);
			g_assert_cmpint(till_cart_take(web, code, G_MAXINT64), ==,
					want[item] - sold[item]);
		}
		g_assert_cmpuint(web->lines->len, ==, 0);
	}
}

static void
test_refused_carts(void)
{
	assert_refused("", "cart");
	assert_refused("[]", "object");
	assert_refused("{}", "lines");
	assert_refused("{\"lines\":[7]}", "lines[0]");
	assert_refused("{\"lines\":[{}]}", "lines[0].code");
	assert_refused("{\"lines\":[{\"code\":\"\"}]}", "lines[0].code");
	assert_refused("{\"lines\":[{\"code\":\"A\\tB\"}]}", "lines[0].code");
	assert_refused("{\"lines\":[{\"code\":\"A\",\"quantity_milli\":0}]}", "quantity_milli");
	assert_refused("{\"lines\":[{\"code\":\"A\",\"seen_minor\":-2}]}", "seen_minor");
	assert_refused("{\"lines\":[],\"coupons\":[7]}", "coupons");
	assert_refused("{\"lines\":[{\"code\":\"A\",\"quantity_milli\":9999999999},"
		       "{\"code\":\"A\"}]}",
		       "lines[1].code");
}

static TillCartStep *
make_step(TillCartAction action)
{
	TillCartStep *step = till_cart_step_new(action);

	g_free(step->store);
	step->store = g_strdup("014");
	g_free(step->till);
	step->till = g_strdup("2");
	g_free(step->staff_id);
	step->staff_id = g_strdup("s-1");
	step->at_ms = 77;
	return step;
}

static TillCartStep *
assert_round_trip(const TillCartStep *step)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) once = till_cart_step_to_bytes(step);
	TillCartStep *again = till_cart_step_from_bytes(once, &error);

	g_assert_no_error(error);
	g_autoptr(GBytes) twice = till_cart_step_to_bytes(again);
	g_assert_true(g_bytes_equal(once, twice));
	return again;
}

static void
assert_step_refused(const TillCartStep *step, const char *words)
{
	GError *error = NULL;
	g_autoptr(GBytes) body = till_cart_step_to_bytes(step);

	g_assert_null(till_cart_step_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_steps(void)
{
	g_autoptr(TillCartStep) take = make_step(TILL_CART_TAKE);
	g_autoptr(TillCartStep) release = make_step(TILL_CART_RELEASE);
	g_autoptr(TillCartStep) send = make_step(TILL_CART_SEND);

	assert_step_refused(take, "cart");
	assert_step_refused(release, "cart");
	assert_step_refused(send, "customer");
	g_free(take->cart);
	take->cart = g_strdup("c-1");
	take->version = 4;
	g_autoptr(TillCartStep) taken = assert_round_trip(take);
	g_assert_cmpint(taken->version, ==, 4);
	g_assert_cmpstr(taken->cart, ==, "c-1");
	g_free(release->cart);
	release->cart = g_strdup("c-1");
	g_autoptr(TillCartStep) released = assert_round_trip(release);
	g_assert_cmpint(released->action, ==, TILL_CART_RELEASE);
	g_free(send->customer);
	send->customer = g_strdup("u-1");
	assert_step_refused(send, "lines");
	g_assert_true(add(send->lines, "TEE", ONE, "", 1500));
	g_autoptr(TillCartStep) sent = assert_round_trip(send);
	g_assert_cmpuint(sent->lines->lines->len, ==, 1);
	g_assert_cmpstr(sent->customer, ==, "u-1");
	g_assert_cmpstr(sent->cart, ==, "");
}

static void
test_refused_steps(void)
{
	static const char *const bodies[][2] = {
	    {"", "cart"},
	    {"[]", "object"},
	    {"{}", "action"},
	    {"{\"action\":\"steal\"}", "action"},
	    {"{\"action\":\"take\",\"store\":\"014\",\"till\":\"2\",\"at_ms\":1}", "staff"},
	};
	GError *error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autoptr(GBytes) body = g_bytes_new(bodies[i][0], strlen(bodies[i][0]));
		g_assert_null(till_cart_step_from_bytes(body, &error));
		till_test_assert_error(error, TILL_ERROR_INVALID, bodies[i][1]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/cart/round-trip", test_round_trip);
	g_test_add_func("/domain/cart/lines-of-one-thing-are-one", test_lines_of_one_thing_are_one);
	g_test_add_func("/domain/cart/what-is-not-added", test_what_is_not_added);
	g_test_add_func("/domain/cart/full", test_full);
	g_test_add_func("/domain/cart/take", test_take);
	g_test_add_func("/domain/cart/changes", test_changes);
	g_test_add_func("/domain/cart/nothing-is-lost-between-two-writers",
			test_nothing_is_lost_between_two_writers);
	g_test_add_func("/domain/cart/refused-carts", test_refused_carts);
	g_test_add_func("/domain/cart/steps", test_steps);
	g_test_add_func("/domain/cart/refused-steps", test_refused_steps);
	return g_test_run();
}
