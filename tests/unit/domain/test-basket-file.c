/* SPDX-License-Identifier: Apache-2.0 */
#include "basket-file.h"
#include "basket-maker.h"
#include "basket.h"

#include <string.h>

#include "error.h"
#include "quantity.h"
#include "till-sample.h"
#include "till-test.h"

static TillBasketFile *
parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	TillBasketFile *file = till_basket_file_parse(text, strlen(text), &error);

	g_assert_no_error(error);
	g_assert_nonnull(file);
	return file;
}

static void
assert_refused(const char *text, const char *words)
{
	GError *error = NULL;

	g_test_message("%s", text);
	g_assert_null(till_basket_file_parse(text, strlen(text), &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_whole(void)
{
	g_autoptr(TillBasketFile) file = parse(
	    "{\"lines\":[{\"code\":\"4006381333931\",\"quantity_milli\":2000,\"note\":\"Gift\"},"
	    "{\"code\":\"TEE\"}],\"coupons\":[\" take5\",\"TAKE5\"],"
	    "\"exemption\":{\"certificate\":\"EX-7\",\"valid_to_ms\":5,\"tax_classes\":["
	    "\"clothing\"]},"
	    "\"customer\":\"c-1\",\"later\":[1]}");
	const TillBasketFileLine *first = g_ptr_array_index(file->lines, 0);
	const TillBasketFileLine *second = g_ptr_array_index(file->lines, 1);

	g_assert_cmpuint(file->lines->len, ==, 2);
	g_assert_cmpstr(first->code, ==, "4006381333931");
	g_assert_cmpint(first->quantity_milli, ==, 2000);
	g_assert_cmpstr(first->note, ==, "Gift");
	g_assert_cmpint(second->quantity_milli, ==, 0);
	g_assert_cmpstr(second->note, ==, "");
	g_assert_cmpuint(file->shopper.coupons->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(file->shopper.coupons, 0), ==, "TAKE5");
	g_assert_cmpstr(file->shopper.exemption.certificate, ==, "EX-7");
	g_assert_cmpint(file->shopper.exemption.valid_to_ms, ==, 5);
	g_assert_cmpstr(file->shopper.exemption.tax_classes[0], ==, "clothing");
	g_assert_cmpstr(file->customer, ==, "c-1");
}

static void
test_least(void)
{
	g_autoptr(TillBasketFile) file = parse("{\"lines\":[]}");

	g_assert_cmpuint(file->lines->len, ==, 0);
	g_assert_true(till_shopper_is_plain(&file->shopper));
	g_assert_cmpstr(file->customer, ==, "");
}

static void
test_refusals(void)
{
	assert_refused("", "basket file");
	assert_refused("[]", "object");
	assert_refused("{}", "lines");
	assert_refused("{\"lines\":{}}", "lines");
	assert_refused("{\"lines\":[7]}", "lines[0]");
	assert_refused("{\"lines\":[{}]}", "lines[0].code");
	assert_refused("{\"lines\":[{\"code\":\"\"}]}", "lines[0].code");
	assert_refused("{\"lines\":[{\"code\":4011}]}", "lines[0].code");
	assert_refused("{\"lines\":[{\"code\":\"A\"},{\"code\":\"B\",\"quantity_milli\":0}]}",
		       "lines[1].quantity_milli");
	assert_refused("{\"lines\":[{\"code\":\"A\",\"quantity_milli\":-1}]}", "quantity_milli");
	assert_refused("{\"lines\":[{\"code\":\"A\",\"quantity_milli\":1.5}]}", "");
	assert_refused("{\"lines\":[{\"code\":\"A\",\"quantity_milli\":10000000000}]}",
		       "quantity_milli");
	assert_refused("{\"lines\":[],\"coupons\":[7]}", "coupons");
	assert_refused("{\"lines\":[],\"coupons\":\"A\"}", "coupons");
	assert_refused("{\"lines\":[],\"coupons\":[\" \"]}", "coupons");
	assert_refused("{\"lines\":[],\"customer\":7}", "customer");
	assert_refused("{\"lines\":[],\"exemption\":{}}", "exemption.certificate");
	assert_refused("{\"lines\":[],\"exemption\":{\"certificate\":\" \"}}", "exemption");
	assert_refused("{\"lines\":[],\"lines\":[]}", "basket file");
}

static char *
make_long(guint lines)
{
	GString *text = g_string_new("{\"lines\":[");

	for (guint i = 0; i < lines; i++)
		g_string_append(text, i > 0 ? ",{\"code\":\"A\"}" : "{\"code\":\"A\"}");
	g_string_append(text, "]}");
	return g_string_free(text, FALSE);
}

static void
test_bounds(void)
{
	g_autofree char *longest = make_long(TILL_BASKET_LINES_MAX);
	g_autofree char *longer = make_long(TILL_BASKET_LINES_MAX + 1);
	g_autofree char *code = g_strnfill(513, 'A');
	g_autofree char *coded = g_strdup_printf("{\"lines\":[{\"code\":\"%s\"}]}", code);
	g_autofree char *blanks = g_strnfill(1024 * 1024, ' ');
	g_autofree char *large = g_strconcat("{\"lines\":[]}", blanks, NULL);
	g_autoptr(TillBasketFile) file = parse(longest);
	GError *error = NULL;

	g_assert_cmpuint(file->lines->len, ==, TILL_BASKET_LINES_MAX);
	assert_refused(longer, "lines");
	assert_refused(coded, "lines[0].code");
	g_assert_null(till_basket_file_parse(large, strlen(large), &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "basket file");
}

static TillItem *
find_tee(gpointer user, const char *code, TillVariableCode *out_variable, GError **error)
{
	(void)out_variable;
	(void)user;
	(void)error;
	return till_sample_item(code, 2000);
}

/* What is asked for by hand is done for whoever the reader names, and never approved by a file. */
static void
test_changes_by_hand(void)
{
	static const char text[] =
	    "{\"lines\":[{\"code\":\"TEE\",\"manual\":{\"kind\":\"percent\",\"value\":250000,"
	    "\"reason\":\"stain\",\"staff\":\"boss\",\"approved_by\":\"boss\"}},{\"code\":\"TEE\"}]"
	    "}";
	static const char late[] = "{\"lines\":[{\"code\":\"TEE\"},{\"code\":\"TEE\",\"manual\":{"
				   "\"kind\":\"price\",\"value\":1,\"reason\":\"x\"}}]}";
	static const char *const wrong[] = {
	    "{\"lines\":[{\"code\":\"A\",\"manual\":{\"kind\":\"half\",\"value\":1,\"reason\":"
	    "\"x\"}}]}",
	    "{\"lines\":[{\"code\":\"A\",\"manual\":{\"kind\":\"price\",\"value\":1}}]}",
	    "{\"lines\":[{\"code\":\"A\",\"manual\":{\"kind\":\"percent\",\"value\":1000001,"
	    "\"reason\":"
	    "\"x\"}}]}",
	};
	TillBasketSource source = {
	    .find_item = find_tee, .staff = "ana", .currency = till_currency_find("USD")};
	GError *error = NULL;
	g_autoptr(TillBasketFile) file = till_basket_file_parse(text, strlen(text), &error);
	g_assert_no_error(error);
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
	const TillManual *manual = &till_basket_line(basket, 0)->manual;
	g_assert_cmpint(manual->kind, ==, TILL_MANUAL_PERCENT);
	g_assert_cmpint(manual->value, ==, 250000);
	g_assert_cmpstr(manual->staff, ==, "ana");
	g_assert_cmpstr(manual->approved_by, ==, "");
	g_assert_cmpint(till_basket_line(basket, 1)->manual.kind, ==, TILL_MANUAL_NONE);
	source.staff = NULL;
	g_assert_null(till_basket_maker_build(file, &source, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "basket.lines[0].manual");
	source.staff = "ana";
	g_autoptr(TillBasketFile) second = till_basket_file_parse(late, strlen(late), &error);
	g_assert_null(till_basket_maker_build(second, &source, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "put the changed line first");
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_assert_null(till_basket_file_parse(wrong[i], strlen(wrong[i]), &error));
		till_test_assert_error(error, TILL_ERROR_INVALID, "basket.lines[0].manual");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/basket-file/reads-every-field", test_whole);
	g_test_add_func("/domain/basket-file/needs-lines-only", test_least);
	g_test_add_func("/domain/basket-file/refusals-name-the-field", test_refusals);
	g_test_add_func("/domain/basket-file/is-bounded", test_bounds);
	g_test_add_func("/domain/basket-file/changes-by-hand", test_changes_by_hand);
	return g_test_run();
}
