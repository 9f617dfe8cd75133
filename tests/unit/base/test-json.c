/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <string.h>

#include "error.h"
#include "till-test.h"

static json_t *
parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	json_t *value = till_json_parse(text, strlen(text), 100000, "test text", &error);
	g_assert_no_error(error);
	return value;
}

static void
test_canonical(void)
{
	static const struct {
		const char *text;
		const char *canonical;
	} rows[] = {
	    {" { \"b\" : 1 , \"a\" : [ true , null ] } ", "{\"a\":[true,null],\"b\":1}"},
	    {"{\"name\":\"Caf\\u00e9 \\/ \\\"x\\\"\"}", "{\"name\":\"Café / \\\"x\\\"\"}"},
	    {"[-9223372036854775808,9223372036854775807]",
	     "[-9223372036854775808,9223372036854775807]"},
	    {"{\"B\":1,\"a\":2,\"A\":3}", "{\"A\":3,\"B\":1,\"a\":2}"},
	    {"{\"1.5e3\":\"2.5 {[\\\" 1.5\"}", "{\"1.5e3\":\"2.5 {[\\\" 1.5\"}"},
	    {"[]", "[]"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize size = 0;
		g_autoptr(json_t) value = parse(rows[i].text);
		g_autofree char *text = till_json_write(value, &size);
		g_assert_cmpstr(text, ==, rows[i].canonical);
		g_assert_cmpuint(size, ==, strlen(text));
	}
}

static void
test_malformed(void)
{
	static const struct {
		const char *text;
		TillErrorCode code;
		const char *words;
	} rows[] = {
	    {"", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{", TILL_ERROR_INVALID, "not sound JSON"},
	    {"7", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":1}x", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":1} {}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":1,\"a\":2}", TILL_ERROR_INVALID, "duplicate"},
	    {"{\"a\":1,}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":01}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":+1}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":NaN}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{'a':1}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":\"\\u0000\"}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":\"\\ud800\"}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":\"\xFF\"}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":\"\xC0\x80\"}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":\"line\nfeed\"}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\"a\":9223372036854775808}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"\xEF\xBB\xBF{}", TILL_ERROR_INVALID, "not sound JSON"},
	    {"{\n\"a\":1.0}", TILL_ERROR_INVALID, "at line 2"},
	    {"{\"a\":1e2}", TILL_ERROR_INVALID, "point or an exponent"},
	    {"{\"a\":-0.5}", TILL_ERROR_INVALID, "point or an exponent"},
	    {"[1E400]", TILL_ERROR_INVALID, "point or an exponent"},
	    {"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]", TILL_ERROR_LIMIT, "deeper than 16"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		const char *text = rows[i].text;
		g_test_message("row %" G_GSIZE_FORMAT, i);
		g_assert_null(till_json_parse(text, strlen(text), 1000, "test text", &error));
		till_test_assert_error(error, rows[i].code, rows[i].words);
	}
}

static void
test_bounds(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) deepest = parse("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");
	g_autoptr(json_t) wide = parse("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
	g_assert_cmpuint(json_array_size(deepest), ==, 1);
	g_assert_cmpuint(json_array_size(wide), ==, 18);
	g_assert_null(till_json_parse("[1,2]", 5, 4, "basket file", &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "The basket file is larger than 4 bytes");
	g_assert_null(till_json_parse("[1]\0", 4, 10, "basket file", &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "not sound JSON");
	/* size bounds the read: what lies beyond is another's memory. */
	g_autoptr(json_t) first = till_json_parse("[1]garbage", 3, 10, "test text", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(json_array_size(first), ==, 1);
}

static void
check_noise(const char *text, gsize size)
{
	g_autoptr(GError) error = NULL;
	/* An exact copy, so that a read past the end is a fault that the sanitizer sees. */
	g_autofree char *exact = g_memdup2(text, MAX(size, 1));
	g_autoptr(json_t) value = till_json_parse(exact, size, 10000, "noise", &error);
	g_assert_true((value == NULL) == (error != NULL));
	if (value == NULL) {
		g_assert_true(error->domain == TILL_ERROR);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return;
	}
	gsize written = 0;
	g_autofree char *canonical = till_json_write(value, &written);
	g_autoptr(json_t) again = till_json_parse(canonical, written, 100000, "noise", NULL);
	g_assert_true(json_equal(value, again));
}

/* Every damage of one byte, every truncation, and random edits of a sound message. */
static void
test_noise(void)
{
	static const char seed[] =
	    "{\"lines\":[{\"code\":\"4006381333931\",\"quantity_milli\":2000},{\"note\":"
	    "\"\\u00e9\\n"
	    "\"}],\"coupons\":[null,true,false,-12],\"deep\":[[[[[[{\"x\":[]}]]]]]]}";
	static const char letters[] = "{}[]\",:\\u0123456789.eE-+tfn \n\xC3\xA9\xFF";
	TillTestRandom random;
	till_test_random_init(&random, 16);
	char text[sizeof seed];
	for (gsize size = 0; size < sizeof seed; size++)
		check_noise(seed, size);
	for (int i = 0; i < 30000; i++) {
		memcpy(text, seed, sizeof seed);
		gint64 edits = till_test_random_range(&random, 1, 6);
		for (gint64 j = 0; j < edits; j++) {
			gint64 at = till_test_random_range(&random, 0, sizeof seed - 2);
			text[at] = letters[till_test_random_range(&random, 0, sizeof letters - 2)];
		}
		check_noise(text, sizeof seed - 1);
	}
}

static void
test_reader_reads(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) value = parse(
	    "{\"sku\":\"TEA\",\"qty\":-5,\"on\":true,\"list\":[{\"n\":1},{\"n\":2}],\"none\":null,"
	    "\"sub\":{\"x\":9}}");
	TillJsonReader reader = till_json_reader(value, "basket");
	g_assert_cmpstr(till_json_string(&reader, "sku", 3), ==, "TEA");
	g_assert_cmpstr(till_json_string_or(&reader, "none", 3, "dflt"), ==, "dflt");
	g_assert_null(till_json_string_or(&reader, "absent", 3, NULL));
	g_assert_cmpint(till_json_int(&reader, "qty", -5, 0), ==, -5);
	g_assert_cmpint(till_json_int_or(&reader, "none", 0, 9, 1000), ==, 1000);
	g_assert_true(till_json_bool_or(&reader, "on", FALSE));
	g_assert_true(till_json_bool_or(&reader, "absent", TRUE));
	g_assert_cmpuint(json_array_size(till_json_array(&reader, "list", 2)), ==, 2);
	g_assert_null(till_json_array(&reader, "none", 2));
	g_assert_nonnull(till_json_object(&reader, "sub"));
	g_assert_null(till_json_object(&reader, "none"));
	TillJsonReader second = till_json_reader_item(&reader, "list", 1);
	g_assert_cmpint(till_json_int(&second, "n", 0, 9), ==, 2);
	g_assert_true(till_json_reader_finish(&second, &error));
	g_assert_true(till_json_reader_finish(&reader, &error));
	g_assert_no_error(error);
}

typedef struct {
	const char *json;
	const char *words;
} FaultRow;

static void
read_line(TillJsonReader *line)
{
	till_json_string(line, "sku", 4);
	till_json_int_or(line, "qty", 1, 10, 1);
	till_json_bool_or(line, "void", FALSE);
	till_json_array(line, "notes", 2);
	till_json_object(line, "extra");
	till_json_string_or(line, "name", 2, "");
}

static void
test_reader_names_the_fault(void)
{
	static const FaultRow rows[] = {
	    {"{}", "basket.lines[0].sku is missing"},
	    {"{\"sku\":null}", "basket.lines[0].sku is missing"},
	    {"{\"sku\":5}", "basket.lines[0].sku is not a text"},
	    {"{\"sku\":\"12345\"}", "basket.lines[0].sku is longer than 4 bytes"},
	    {"{\"sku\":\"a\",\"qty\":\"1\"}", "basket.lines[0].qty is not a whole number"},
	    {"{\"sku\":\"a\",\"qty\":0}", "basket.lines[0].qty is not between 1 and 10"},
	    {"{\"sku\":\"a\",\"qty\":11}", "basket.lines[0].qty is not between 1 and 10"},
	    {"{\"sku\":\"a\",\"void\":0}", "basket.lines[0].void is not true or false"},
	    {"{\"sku\":\"a\",\"notes\":{}}", "basket.lines[0].notes is not a list"},
	    {"{\"sku\":\"a\",\"notes\":[1,2,3]}", "basket.lines[0].notes has more than 2 elements"},
	    {"{\"sku\":\"a\",\"extra\":[]}", "basket.lines[0].extra is not an object"},
	    {"{\"sku\":\"a\",\"name\":\"abc\"}", "basket.lines[0].name is longer than 2 bytes"},
	    {"7", "basket.lines[0] is not an object"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = g_strdup_printf("{\"lines\":[%s]}", rows[i].json);
		g_autoptr(json_t) value = parse(text);
		TillJsonReader reader = till_json_reader(value, "basket");
		TillJsonReader line = till_json_reader_item(&reader, "lines", 0);
		read_line(&line);
		till_json_inherit(&reader, &line);
		g_assert_false(till_json_reader_finish(&reader, &error));
		g_assert_cmpstr(error->message, ==, rows[i].words);
		till_test_assert_error(error, TILL_ERROR_INVALID, rows[i].words);
	}
}

static void
test_first_fault_wins_and_silences(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) value = parse("{\"sku\":\"TEA\",\"n\":5,\"list\":[{}],\"sub\":{}}");
	TillJsonReader reader = till_json_reader(value, "");
	till_json_fault(&reader, "currency", "is not a known currency");
	till_json_fault(&reader, "sku", "is second");
	g_assert_cmpstr(till_json_string(&reader, "sku", 9), ==, "");
	g_assert_cmpstr(till_json_string_or(&reader, "sku", 9, "fallback"), ==, "");
	g_assert_cmpint(till_json_int(&reader, "n", 0, 9), ==, 0);
	g_assert_cmpint(till_json_int_or(&reader, "n", 0, 9, 3), ==, 0);
	g_assert_false(till_json_bool_or(&reader, "absent", TRUE));
	g_assert_null(till_json_array(&reader, "list", 9));
	g_assert_null(till_json_object(&reader, "sub"));
	TillJsonReader item = till_json_reader_item(&reader, "list", 0);
	g_assert_false(till_json_reader_finish(&item, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "currency is not a known currency");
	g_assert_false(till_json_reader_finish(&reader, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "currency is not a known currency");
}

static void
test_long_paths_are_cut(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strnfill(500, 'n');
	g_autoptr(json_t) value = parse("{}");
	TillJsonReader reader = till_json_reader(value, name);
	till_json_string(&reader, name, 3);
	g_assert_false(till_json_reader_finish(&reader, &error));
	g_assert_cmpuint(strlen(error->message), <, sizeof reader.fault);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/json/writes-one-canonical-form", test_canonical);
	g_test_add_func("/base/json/refuses-malformed-text", test_malformed);
	g_test_add_func("/base/json/size-and-depth-are-bounded", test_bounds);
	g_test_add_func("/base/json/noise-is-refused-or-round-trips", test_noise);
	g_test_add_func("/base/json/reader-reads-fields", test_reader_reads);
	g_test_add_func("/base/json/reader-names-the-fault", test_reader_names_the_fault);
	g_test_add_func("/base/json/first-fault-wins-and-silences",
			test_first_fault_wins_and_silences);
	g_test_add_func("/base/json/long-paths-are-cut", test_long_paths_are_cut);
	return g_test_run();
}
