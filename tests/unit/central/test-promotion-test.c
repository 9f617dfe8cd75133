/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "file.h"
#include "offer-sale.h"

#define QUESTION "{\"verb\":\"promotion-test\",\"file\":\"%s\"%s}"

typedef struct {
	CentralFixture fixture;
	TestTerminal till;
	char *path;
} Fixture;

static void
sell(Fixture *fixture, const OfferSale *offer)
{
	json_decref(
	    test_terminal_push_one(&fixture->till, 200, offer_sale_entry(&fixture->till, offer)));
}

/* Three sales of a thing at 10.00, of which 30 % were taken off; and one that cannot be judged. */
static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer;

	central_fixture_init(&fixture->fixture, TRUE);
	json_decref(central_fixture_import(&fixture->fixture, "products", OFFER_SALE_ITEM, NULL));
	offer_sale_promotion(&fixture->fixture, "M", "");
	test_terminal_init(&fixture->till, &fixture->fixture);
	json_decref(test_terminal_hello(&fixture->till));
	fixture->path = g_build_filename(fixture->fixture.root, "try.json", NULL);
	json_decref(test_terminal_push_one(&fixture->till, 200,
					   test_terminal_sale(&fixture->till, "MUG-SPK", 1)));
	offer = offer_sale(&fixture->fixture, "M");
	for (int i = 0; i < 3; i++)
		sell(fixture, &offer);
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_free(fixture->path);
	test_terminal_clear(&fixture->till);
	central_fixture_clear(&fixture->fixture);
}

static json_t *
ask(Fixture *fixture, const char *text, const char *rest, const char *fault)
{
	g_assert_true(till_file_write(fixture->path, text, strlen(text), 0600, NULL));
	return central_fixture_verb(&fixture->fixture, fault, QUESTION, fixture->path, rest);
}

static gint64
number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static void
check_total(const json_t *report, gint64 touched, gint64 discount_minor, gint64 change_minor)
{
	const json_t *total = json_array_get(json_object_get(report, "totals"), 0);

	g_assert_cmpint(number(report, "touched"), ==, touched);
	g_assert_cmpint(number(total, "discount_minor"), ==, discount_minor);
	g_assert_cmpint(number(total, "change_minor"), ==, change_minor);
}

static void
test_beside(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	gint64 before = central_fixture_count(&fixture->fixture, "SELECT commits FROM progress");
	g_autoptr(json_t) report =
	    ask(fixture,
		"{\"id\":\"N\",\"name\":\"Ten\",\"valid\":{\"from_ms\":4000000000000},"
		"\"effects\":[{\"kind\":\"percent\",\"rate_ppm\":100000}]}",
		"", NULL);
	const json_t *line = json_array_get(json_object_get(report, "lines"), 0);
	const json_t *sample = json_array_get(json_object_get(report, "samples"), 0);

	g_assert_cmpint(number(report, "sales"), ==, 4);
	g_assert_cmpint(number(report, "unjudged"), ==, 1);
	check_total(report, 3, 3 * 70, -3 * 70);
	g_assert_cmpstr(json_string_value(json_object_get(line, "sku")), ==, "PROBE");
	g_assert_cmpint(number(line, "quantity_milli"), ==, 3000);
	g_assert_cmpuint(json_array_size(json_object_get(report, "samples")), ==, 3);
	g_assert_cmpint(number(sample, "before_minor"), ==, 700);
	g_assert_cmpint(number(sample, "after_minor"), ==, 630);
	g_assert_cmpint(central_fixture_count(&fixture->fixture, "SELECT commits FROM progress"),
			==, before);
}

/* A next version of a promotion takes the place of the one there was. */
static void
test_instead(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) report =
	    ask(fixture,
		"{\"promotions\":[{\"id\":\"M\",\"version\":2,\"name\":\"Twenty\",\"effects\":"
		"[{\"kind\":\"percent\",\"rate_ppm\":200000}]}]}",
		",\"last\":2", NULL);

	g_assert_cmpint(number(report, "sales"), ==, 2);
	check_total(report, 2, 2 * 200, 2 * 100);
}

static void
test_untouched(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	const char *promotion =
	    "{\"id\":\"N\",\"name\":\"Socks\",\"effects\":[{\"kind\":\"percent\",\"rate_ppm\":"
	    "100000,\"items\":{\"skus\":[\"SOCKS\"]}}]}";
	g_autoptr(json_t) report = ask(fixture, promotion, "", NULL);
	g_autoptr(json_t) elsewhere = ask(fixture, promotion, ",\"store\":\"002\"", NULL);

	g_assert_cmpint(number(report, "touched"), ==, 0);
	g_assert_cmpuint(json_array_size(json_object_get(report, "totals")), ==, 0);
	g_assert_cmpint(number(elsewhere, "sales"), ==, 0);
}

static void
test_faults(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	json_decref(ask(fixture, "{\"id\":\"N\",\"name\":\"N\",\"effects\":[]}", "", "effects"));
	json_decref(ask(fixture, "{\"promotions\":[]}", "", "must hold one promotion"));
	json_decref(ask(fixture, "no promotion", "", "promotion"));
	json_decref(ask(fixture,
			"{\"id\":\"N\",\"name\":\"N\",\"effects\":[{\"kind\":\"percent\","
			"\"rate_ppm\":1}]}",
			",\"last\":0", "last"));
	json_decref(
	    central_fixture_verb(&fixture->fixture, "nowhere.json", QUESTION, "/nowhere.json", ""));
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/central/promotion-test/a-new-one-works-beside-those-there-were", test_beside);
	ADD("/central/promotion-test/a-next-version-takes-the-place-of-the-last", test_instead);
	ADD("/central/promotion-test/what-it-does-not-touch-is-said", test_untouched);
	ADD("/central/promotion-test/what-is-wrong-is-named", test_faults);
	return g_test_run();
}
