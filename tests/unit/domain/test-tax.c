/* SPDX-License-Identifier: Apache-2.0 */
#include "tax.h"

#include "error.h"
#include "till-test.h"

static TillTax
make_tax(char *id, gint64 rate_ppm)
{
	static char name[] = "Some tax";

	return (TillTax){id, name, rate_ppm, FALSE};
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
	TillTax negative = make_tax(id, -1);
	TillTax huge = make_tax(id, 10 * TILL_PPM + 1);
	GError *error = NULL;

	g_assert_true(till_tax_table_add(second, "standard", &tax, NULL));
	g_assert_false(till_tax_table_add(table, "standard", &tax, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "twice");
	g_assert_false(till_tax_table_add(table, "other", &negative, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "rate");
	g_assert_false(till_tax_table_add(table, "other", &huge, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "rate");
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
	g_test_add_func("/domain/tax/table-keeps-classes-and-order", test_table_keeps_order);
	g_test_add_func("/domain/tax/table-refuses-repeats-and-odd-rates", test_table_refusals);
	return g_test_run();
}
