/* SPDX-License-Identifier: Apache-2.0 */
#include "tax.h"

#include "error.h"
#include "till-test.h"

static TillTax
make_tax(char *id, gint64 rate_ppm)
{
	static char name[] = "Some tax";

	return (TillTax){.id = id, .name = name, .rate_ppm = rate_ppm};
}

static void
test_inclusive(void)
{
	TillTaxSplit split;

	g_assert_true(till_tax_split(12000, 200000, TRUE, TILL_ROUND_HALF_UP, &split));
	g_assert_cmpint(split.net_minor, ==, 10000);
	g_assert_cmpint(split.tax_minor, ==, 2000);
	g_assert_cmpint(split.gross_minor, ==, 12000);
	g_assert_true(till_tax_split(999, 70000, TRUE, TILL_ROUND_HALF_UP, &split));
	g_assert_cmpint(split.tax_minor, ==, 65); /* 65.355… */
	g_assert_cmpint(split.net_minor, ==, 934);
}

static void
test_exclusive(void)
{
	TillTaxSplit split;

	g_assert_true(till_tax_split(15900, 88750, FALSE, TILL_ROUND_HALF_UP, &split));
	g_assert_cmpint(split.net_minor, ==, 15900);
	g_assert_cmpint(split.tax_minor, ==, 1411); /* 1411.125 */
	g_assert_cmpint(split.gross_minor, ==, 17311);
}

static void
test_rounding_is_the_policy(void)
{
	TillTaxSplit split;

	g_assert_true(till_tax_split(50, 50000, FALSE, TILL_ROUND_HALF_UP, &split));
	g_assert_cmpint(split.tax_minor, ==, 3);
	g_assert_true(till_tax_split(50, 50000, FALSE, TILL_ROUND_HALF_EVEN, &split));
	g_assert_cmpint(split.tax_minor, ==, 2);
	g_assert_true(till_tax_split(50, 50000, FALSE, TILL_ROUND_DOWN, &split));
	g_assert_cmpint(split.tax_minor, ==, 2);
}

static void
test_refusals(void)
{
	TillTaxSplit split = {7, 7, 7};

	g_assert_false(till_tax_split(1, -1, FALSE, TILL_ROUND_UP, &split));
	g_assert_false(till_tax_split(1, 10 * TILL_PPM + 1, FALSE, TILL_ROUND_UP, &split));
	g_assert_false(till_tax_split(G_MAXINT64, TILL_PPM, FALSE, TILL_ROUND_UP, &split));
	g_assert_false(till_tax_split(G_MININT64, 1, TRUE, TILL_ROUND_UP, &split));
	g_assert_cmpint(split.gross_minor, ==, 7);
}

static void
test_random_splits(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 20);
	for (int i = 0; i < 100000; i++) {
		gint64 amount = till_test_random_range(&random, -100000000, 100000000);
		gint64 rate = till_test_random_range(&random, 0, i % 2 ? 300000 : 10 * TILL_PPM);
		gboolean inclusive = i % 3 == 0;
		TillRounding rounding = (TillRounding)till_test_random_range(
		    &random, TILL_ROUND_HALF_UP, TILL_ROUND_FLOOR);
		TillTaxSplit split, mirror;
		g_assert_true(till_tax_split(amount, rate, inclusive, rounding, &split));
		g_assert_true(till_tax_split(-amount, rate, inclusive, rounding, &mirror));
		g_assert_cmpint(split.net_minor + split.tax_minor, ==, split.gross_minor);
		g_assert_cmpint(inclusive ? split.gross_minor : split.net_minor, ==, amount);
		g_assert_cmpint(mirror.tax_minor, ==, -split.tax_minor);
		g_assert_cmpint(mirror.net_minor, ==, -split.net_minor);
		g_assert_true(amount >= 0 ? split.tax_minor >= 0 : split.tax_minor <= 0);
	}
}

static void
test_table_names_its_classes(void)
{
	g_autoptr(TillTaxTable) table = till_tax_table_new(TILL_ROUND_HALF_UP);
	char id[] = "vat";
	TillTax tax = make_tax(id, 190000);
	g_auto(GStrv) none = till_tax_table_classes(table);
	g_auto(GStrv) classes = NULL;

	g_assert_null(none[0]);
	g_assert_true(till_tax_table_add(table, "standard", &tax, NULL));
	g_assert_true(till_tax_table_add(table, "books", &tax, NULL));
	classes = till_tax_table_classes(table);
	g_assert_cmpuint(g_strv_length(classes), ==, 2);
	g_assert_cmpstr(classes[0], ==, "books");
	g_assert_cmpstr(classes[1], ==, "standard");
}

static void
test_table_keeps_order(void)
{
	g_autoptr(TillTaxTable) table = till_tax_table_new(TILL_ROUND_HALF_EVEN);
	char federal_id[] = "gst", local_id[] = "qst";
	TillTax federal = make_tax(federal_id, 50000);
	TillTax local = make_tax(local_id, 99750);
	guint count;

	g_assert_true(till_tax_table_add(table, "standard", &federal, NULL));
	g_assert_true(till_tax_table_add(table, "standard", &local, NULL));
	g_assert_true(till_tax_table_add(table, "books", &federal, NULL));
	federal_id[0] = '?'; /* the table keeps its own words */
	const TillTax *taxes = till_tax_table_find(table, "standard", &count);
	g_assert_cmpuint(count, ==, 2);
	g_assert_cmpstr(taxes[0].id, ==, "gst");
	g_assert_cmpstr(taxes[1].id, ==, "qst");
	g_assert_cmpint(till_tax_table_rounding(table), ==, TILL_ROUND_HALF_EVEN);
	till_tax_table_find(table, "nothing", &count);
	g_assert_cmpuint(count, ==, 0);
	till_tax_table_find(table, NULL, &count);
	g_assert_cmpuint(count, ==, 0);
}

static void
test_table_refusals(void)
{
	g_autoptr(TillTaxTable) table = till_tax_table_new(TILL_ROUND_HALF_UP);
	g_autoptr(TillTaxTable) second = till_tax_table_ref(table);
	char id[] = "vat";
	TillTax tax = make_tax(id, 200000);
	TillTax negative = make_tax(id, -10 * TILL_PPM - 1);
	TillTax huge = make_tax(id, 10 * TILL_PPM + 1);
	GError *error = NULL;

	g_assert_true(till_tax_table_add(second, "standard", &tax, NULL));
	g_assert_false(till_tax_table_add(table, "standard", &tax, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "stands twice");
	g_assert_false(till_tax_table_add(table, "other", &negative, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "rate");
	g_assert_false(till_tax_table_add(table, "other", &huge, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "rate");
}

static void
assert_row_refused(TillTaxRow row, const char *words)
{
	g_autoptr(TillTaxTable) table = till_tax_table_new(TILL_ROUND_HALF_UP);
	GError *error = NULL;

	g_assert_false(till_tax_table_add_row(table, &row, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static TillTaxRow
make_row(const char *kind, gint64 rate_ppm)
{
	static char id[] = "t", name[] = "T";

	return (TillTaxRow){.tax_class = "standard",
			    .kind = kind,
			    .threshold = "",
			    .tax = {.id = id, .name = name, .rate_ppm = rate_ppm}};
}

static void
test_rows_say_what_they_are(void)
{
	static char boat[] = "boat";
	TillTaxRow row = make_row("levy", 0);

	assert_row_refused(row, "kind \"levy\", which this release");
	row = make_row("percent", 0);
	row.threshold = "sometimes";
	assert_row_refused(row, "threshold \"sometimes\"");
	row = make_row("percent", 0);
	row.tax.fulfilment = boat;
	assert_row_refused(row, "fulfilment \"boat\"");
	row = make_row("fixed", 1);
	assert_row_refused(row, "has a rate as well");
	row = make_row("percent", 1);
	row.tax.amount_milli = 1;
	assert_row_refused(row, "amount for each unit as well");
	row = make_row("fixed", 0);
	row.tax.amount_milli = -1;
	assert_row_refused(row, "below zero");
	row = make_row("division", TILL_PPM);
	assert_row_refused(row, "whole price");
	row = make_row("percent", 1);
	row.tax.threshold_minor = 100;
	assert_row_refused(row, "does not say what it does");
	row.threshold = "only-above";
	row.tax.threshold_minor = -1;
	assert_row_refused(row, "threshold that is below zero");
}

static void
test_plain_is_percentages_alone(void)
{
	TillTaxRow rows[] = {make_row("percent", 1),  make_row("percent", -1),
			     make_row("division", 1), make_row("fixed", 0),
			     make_row("percent", 1),  make_row("percent", 1)};

	rows[4].threshold = "exempt-below";
	rows[5].tax.base_affected = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TillTaxTable) table = till_tax_table_new(TILL_ROUND_HALF_UP);
		g_assert_true(till_tax_table_is_plain(table));
		g_assert_true(till_tax_table_add_row(table, &rows[i], NULL));
		g_assert_cmpint(till_tax_table_is_plain(table), ==, i == 0);
	}
}

static void
test_table_is_for_one_fulfilment(void)
{
	static char ship[] = "ship";
	g_autoptr(TillTaxTable) carried = till_tax_table_new(TILL_ROUND_HALF_UP);
	g_autoptr(TillTaxTable) shipped = till_tax_table_new_for(TILL_ROUND_HALF_UP, "ship");
	TillTaxRow row = make_row("percent", 1);
	guint count;

	row.tax.fulfilment = ship;
	g_assert_true(till_tax_table_add_row(carried, &row, NULL));
	g_assert_true(till_tax_table_add_row(shipped, &row, NULL));
	till_tax_table_find(carried, "standard", &count);
	g_assert_cmpuint(count, ==, 0);
	till_tax_table_find(shipped, "standard", &count);
	g_assert_cmpuint(count, ==, 1);
}

static void
test_class_holds_so_many(void)
{
	g_autoptr(TillTaxTable) table = till_tax_table_new(TILL_ROUND_HALF_UP);
	GError *error = NULL;

	for (guint i = 0; i < TILL_TAX_ENGINE_TAXES_MAX; i++) {
		g_autofree char *id = g_strdup_printf("t%u", i);
		TillTax tax = make_tax(id, 1);
		g_assert_true(till_tax_table_add(table, "standard", &tax, NULL));
	}
	TillTax last = make_tax((char[]){"last"}, 1);
	g_assert_false(till_tax_table_add(table, "standard", &last, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "more than a line");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/tax/inside-the-price", test_inclusive);
	g_test_add_func("/domain/tax/on-top-of-the-price", test_exclusive);
	g_test_add_func("/domain/tax/rounding-is-the-policy's", test_rounding_is_the_policy);
	g_test_add_func("/domain/tax/refuses-overflow-and-odd-rates", test_refusals);
	g_test_add_func("/domain/tax/random-splits-add-up-and-mirror", test_random_splits);
	g_test_add_func("/domain/tax/table-names-its-classes", test_table_names_its_classes);
	g_test_add_func("/domain/tax/table-keeps-classes-and-order", test_table_keeps_order);
	g_test_add_func("/domain/tax/table-refuses-repeats-and-odd-rates", test_table_refusals);
	g_test_add_func("/domain/tax/rows-say-what-they-are", test_rows_say_what_they_are);
	g_test_add_func("/domain/tax/plain-is-percentages-alone", test_plain_is_percentages_alone);
	g_test_add_func("/domain/tax/table-is-for-one-fulfilment",
			test_table_is_for_one_fulfilment);
	g_test_add_func("/domain/tax/class-holds-so-many", test_class_holds_so_many);
	return g_test_run();
}
