/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-engine.h"

#include "error.h"
#include "till-tax-sample.h"
#include "till-test.h"

/* Fixtures: figures that other people's tills got wrong in public. */

static void
test_refund_mirrors_sale_9249(void)
{
	/* odoo#9249: 14 at 1.0425 with 15 % sold for 16.79, taken back for 16.78. */
	TillTaxEngineTax tax = till_tax_sample_percent("vat", 150000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[] = {till_tax_sample_line(10425, 100, 14000, taxes, 1),
				     till_tax_sample_line(10425, 100, -14000, taxes, 1),
				     till_tax_sample_line(44250, 100, 3000, taxes, 0),
				     till_tax_sample_line(44250, 100, -3000, taxes, 0)};
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), lines, 4, NULL);

	g_assert_cmpint(till_tax_sample_get_line(result, 0)->gross_minor, ==, 1679);
	g_assert_cmpint(till_tax_sample_get_line(result, 1)->gross_minor, ==, -1679);
	g_assert_cmpint(till_tax_sample_get_line(result, 2)->gross_minor, ==, 1328);
	g_assert_cmpint(till_tax_sample_get_line(result, 3)->gross_minor, ==, -1328);
	g_assert_cmpint(result->total_minor, ==, 0);
	till_tax_sample_check_sums(result);
}

static void
test_paper_equals_screen_3721(void)
{
	/* l10n-italy#3721: 16.36 with 10 % on top was 18.00 on the screen, 17.99 on paper. */
	TillTaxEngineTax tax = till_tax_sample_percent("iva", 100000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine line = till_tax_sample_line(1636, 1, 1000, taxes, 1);

	for (int method = TILL_TAX_ENGINE_PER_LINE; method <= TILL_TAX_ENGINE_PER_DOCUMENT;
	     method++) {
		g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
		    till_tax_sample_policy((TillTaxEngineMethod)method), &line, 1, NULL);
		g_assert_cmpint(result->total_minor, ==, 1800);
		g_assert_cmpint(result->tax_minor, ==, 164);
		till_tax_sample_check_sums(result);
	}
}

static void
test_payable_equals_sum_of_lines_1437(void)
{
	/* opensourcepos#1437: 10 % off each line and tax inside; the screen asked for 1004.80, the
	 * sale for 1004.81. What is shown for the lines is what is to be paid. */
	static const gint64 prices[] = {19999, 4995, 74950, 2495, 1249, 7955};
	TillTaxEngineTax tax = till_tax_sample_percent("gst", 50000, TRUE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[G_N_ELEMENTS(prices)];
	gint64 shown = 0;

	for (guint i = 0; i < G_N_ELEMENTS(prices); i++) {
		lines[i] = till_tax_sample_line(prices[i], 1, 1000, taxes, 1);
		lines[i].amount = till_tax_engine_amount(prices[i], 1, 1000, 100000);
	}
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), lines, G_N_ELEMENTS(prices), NULL);
	for (guint i = 0; i < G_N_ELEMENTS(prices); i++)
		shown += till_tax_sample_get_line(result, i)->gross_minor;
	g_assert_cmpint(result->total_minor, ==, shown);
	till_tax_sample_check_sums(result);
}

static void
test_prices_with_tax_add_up(void)
{
	/* odoo#230726: 28.90 at 22 % and 1.25 at 10 % inside became 30.14; odoo#2594: three times
	 * 1.10 with 5 % inside became 3.31; odoo#71606: 9.95 became 9.96. */
	TillTaxEngineTax high = till_tax_sample_percent("22", 220000, TRUE);
	TillTaxEngineTax low = till_tax_sample_percent("10", 100000, TRUE);
	TillTaxEngineTax five = till_tax_sample_percent("5", 50000, TRUE);
	TillTaxEngineTax belgian = till_tax_sample_percent("21", 210000, TRUE);
	const TillTaxEngineTax *taxes[] = {&high, &low, &five, &belgian};
	TillTaxEngineLine italian[] = {till_tax_sample_line(2890, 1, 1000, &taxes[0], 1),
				       till_tax_sample_line(125, 1, 1000, &taxes[1], 1)};
	TillTaxEngineLine three = till_tax_sample_line(110, 1, 1000, &taxes[2], 1);
	TillTaxEngineLine equal[] = {three, three, three};
	TillTaxEngineLine mixed[] = {till_tax_sample_line(315, 1, 2000, &taxes[3], 1),
				     till_tax_sample_line(360, 1, 1000, &taxes[3], 1),
				     till_tax_sample_line(5, 1, 1000, &taxes[3], 1)};
	TillTaxEnginePolicy policy = till_tax_sample_policy(TILL_TAX_ENGINE_PER_DOCUMENT);

	g_autoptr(TillTaxEngineResult) first = till_tax_sample_compute(policy, italian, 2, NULL);
	g_assert_cmpint(first->total_minor, ==, 3015);
	g_assert_cmpint(first->tax_minor, ==, 532); /* 5.21 + 0.11: each tax is a sum of its own */
	till_tax_sample_check_sums(first);
	g_autoptr(TillTaxEngineResult) second = till_tax_sample_compute(policy, equal, 3, NULL);
	g_assert_cmpint(second->total_minor, ==, 330);
	g_assert_cmpint(second->tax_minor, ==, 16);
	till_tax_sample_check_sums(second);
	g_autoptr(TillTaxEngineResult) third = till_tax_sample_compute(policy, mixed, 3, NULL);
	g_assert_cmpint(third->total_minor, ==, 995);
	till_tax_sample_check_sums(third);
}

static void
test_register_and_invoice_agree_6224(void)
{
	/* odoo#6224: the same basket, 11.33 by line at the till and 11.34 by document on the
	 * invoice. One policy, one answer; both are known. */
	TillTaxEngineTax tax = till_tax_sample_percent("21", 210000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[] = {till_tax_sample_line(148, 1, 4000, taxes, 1),
				     till_tax_sample_line(152, 1, 1000, taxes, 1),
				     till_tax_sample_line(154, 1, 1000, taxes, 1),
				     till_tax_sample_line(39, 1, 1000, taxes, 1)};
	g_autoptr(TillTaxEngineResult) by_line = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), lines, 4, NULL);
	g_autoptr(TillTaxEngineResult) by_document = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_DOCUMENT), lines, 4, NULL);

	g_assert_cmpint(by_line->total_minor, ==, 1133);
	g_assert_cmpint(by_line->tax_minor, ==, 196);
	g_assert_cmpint(by_document->total_minor, ==, 1134);
	g_assert_cmpint(by_document->tax_minor, ==, 197);
	till_tax_sample_check_sums(by_document);
}

static void
test_whole_currency_14673(void)
{
	/* odoo#14673: 90 × 300 and 13 × 840 pesos, 19 % inside, came to 37919. */
	TillTaxEngineTax tax = till_tax_sample_percent("19", 190000, TRUE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[] = {till_tax_sample_line(300, 1, 90000, taxes, 1),
				     till_tax_sample_line(840, 1, 13000, taxes, 1)};
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_DOCUMENT), lines, 2, NULL);

	g_assert_cmpint(result->total_minor, ==, 37920);
	till_tax_sample_check_sums(result);
}

/* Rules. */

static void
test_compound_and_side_by_side(void)
{
	TillTaxEngineTax first = till_tax_sample_percent("first", 100000, FALSE);
	TillTaxEngineTax second = till_tax_sample_percent("second", 200000, FALSE);
	const TillTaxEngineTax *taxes[] = {&first, &second};
	TillTaxEngineLine line = till_tax_sample_line(10000, 1, 1000, taxes, 2);
	TillTaxEnginePolicy policy = till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE);

	g_autoptr(TillTaxEngineResult) beside = till_tax_sample_compute(policy, &line, 1, NULL);
	g_assert_cmpint(beside->tax_minor, ==, 3000);
	first.include_base = TRUE;
	g_autoptr(TillTaxEngineResult) compound = till_tax_sample_compute(policy, &line, 1, NULL);
	g_assert_cmpint(compound->tax_minor, ==, 3200);
	g_assert_cmpint(till_tax_sample_get_share(compound, 1)->base_minor, ==, 11000);
	second.base_affected = FALSE;
	g_autoptr(TillTaxEngineResult) deaf = till_tax_sample_compute(policy, &line, 1, NULL);
	g_assert_cmpint(deaf->tax_minor, ==, 3000);
}

static void
test_two_inside_share_a_base(void)
{
	TillTaxEngineTax first = till_tax_sample_percent("first", 100000, TRUE);
	TillTaxEngineTax second = till_tax_sample_percent("second", 100000, TRUE);
	const TillTaxEngineTax *taxes[] = {&first, &second};
	TillTaxEngineLine line = till_tax_sample_line(12000, 1, 1000, taxes, 2);
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);

	g_assert_cmpint(result->net_minor, ==, 10000);
	g_assert_cmpint(till_tax_sample_get_share(result, 0)->amount_minor, ==, 1000);
	g_assert_cmpint(till_tax_sample_get_share(result, 1)->amount_minor, ==, 1000);
	g_assert_cmpint(till_tax_sample_get_share(result, 1)->base_minor, ==, 10000);
}

static void
test_tax_on_tax_inside(void)
{
	TillTaxEngineTax first = till_tax_sample_percent("first", 100000, TRUE);
	TillTaxEngineTax second = till_tax_sample_percent("second", 100000, TRUE);
	const TillTaxEngineTax *taxes[] = {&first, &second};
	TillTaxEngineLine line = till_tax_sample_line(12100, 1, 1000, taxes, 2);

	first.include_base = second.include_base = TRUE;
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpint(result->net_minor, ==, 10000);
	g_assert_cmpint(till_tax_sample_get_share(result, 0)->amount_minor, ==, 1000);
	g_assert_cmpint(till_tax_sample_get_share(result, 1)->amount_minor, ==, 1100);
	g_assert_cmpint(till_tax_sample_get_share(result, 1)->base_minor, ==, 11000);
}

static void
test_group_counts_a_line_once(void)
{
	TillTaxEngineTax state = till_tax_sample_percent("state", 40000, FALSE);
	TillTaxEngineTax city = till_tax_sample_percent("city", 45000, FALSE);
	const TillTaxEngineTax *taxes[] = {&state, &city};
	TillTaxEngineLine line = till_tax_sample_line(10000, 1, 1000, taxes, 2);

	state.group = city.group = "sales";
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpuint(result->groups->len, ==, 1);
	const TillTaxEngineShare *group = &g_array_index(result->groups, TillTaxEngineShare, 0);
	g_assert_cmpint(group->base_minor, ==, 10000);
	g_assert_cmpint(group->amount_minor, ==, 850);
}

static void
test_cents_go_to_the_largest_remainder(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("vat", 100000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[] = {till_tax_sample_line(104, 1, 1000, taxes, 1),
				     till_tax_sample_line(107, 1, 1000, taxes, 1),
				     till_tax_sample_line(0, 1, 1000, taxes, 1)};
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_DOCUMENT), lines, 3, NULL);

	g_assert_cmpint(result->tax_minor, ==, 21); /* 10.4 + 10.7 */
	g_assert_cmpint(till_tax_sample_get_line(result, 0)->tax_minor, ==, 10);
	g_assert_cmpint(till_tax_sample_get_line(result, 1)->tax_minor, ==, 11);
	g_assert_cmpint(till_tax_sample_get_line(result, 2)->tax_minor, ==, 0);
}

static void
test_division(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("icms", 200000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine line = till_tax_sample_line(8000, 1, 1000, taxes, 1);

	tax.kind = TILL_TAX_ENGINE_DIVISION;
	g_autoptr(TillTaxEngineResult) on_top = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpint(on_top->total_minor, ==, 10000); /* 20 % of what is paid */
	tax.inclusive = TRUE;
	g_autoptr(TillTaxEngineResult) inside = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpint(inside->tax_minor, ==, 1600);
	g_assert_cmpint(inside->total_minor, ==, 8000);
}

static void
test_impossible_rate_is_refused(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("all", 1000000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine line = till_tax_sample_line(8000, 1, 1000, taxes, 1);
	TillTaxEngineDocument document = {till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line,
					  1, NULL};
	g_autoptr(GError) error = NULL;

	tax.kind = TILL_TAX_ENGINE_DIVISION;
	g_assert_null(till_tax_engine_compute(&document, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "taxes of this document");
	tax.rate_ppm = 10000001;
	g_assert_null(till_tax_engine_compute(&document, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "1000 %");
}

static void
test_same_tax_twice_is_refused(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("vat", 200000, FALSE);
	TillTaxEngineTax twin = tax;
	const TillTaxEngineTax *taxes[] = {&tax, &twin};
	TillTaxEngineLine line = till_tax_sample_line(8000, 1, 1000, taxes, 2);
	TillTaxEngineDocument document = {till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line,
					  1, NULL};
	g_autoptr(GError) error = NULL;

	g_assert_null(till_tax_engine_compute(&document, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "twice");
}

static void
test_huge_amount_is_refused(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("vat", 200000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine line = till_tax_sample_line(G_MAXINT64, 1, 9000, taxes, 1);
	g_autoptr(GError) error = NULL;

	for (int method = TILL_TAX_ENGINE_PER_LINE; method <= TILL_TAX_ENGINE_PER_DOCUMENT;
	     method++) {
		TillTaxEngineDocument document = {
		    till_tax_sample_policy((TillTaxEngineMethod)method), &line, 1, NULL};
		g_assert_null(till_tax_engine_compute(&document, &error));
		till_test_assert_error(error, TILL_ERROR_LIMIT, "too large");
	}
}

static void
test_exempt_below_threshold(void)
{
	/* Clothing in New York: free below 110.00 a piece, taxed as a whole from there on. */
	TillTaxEngineTax tax = till_tax_sample_percent("ny", 88750, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[] = {till_tax_sample_line(10999, 1, 3000, taxes, 1),
				     till_tax_sample_line(11000, 1, 1000, taxes, 1)};

	tax.threshold = TILL_TAX_ENGINE_EXEMPT_BELOW;
	tax.threshold_minor = 11000;
	g_autoptr(TillTaxEngineResult) by_unit = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), lines, 2, NULL);
	g_assert_cmpint(till_tax_sample_get_line(by_unit, 0)->tax_minor, ==, 0);
	g_assert_cmpuint(till_tax_sample_get_line(by_unit, 0)->share_count, ==, 0);
	g_assert_cmpint(till_tax_sample_get_line(by_unit, 1)->tax_minor, ==, 976);
	tax.threshold_per_line = TRUE;
	g_autoptr(TillTaxEngineResult) by_line = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), lines, 2, NULL);
	g_assert_cmpint(till_tax_sample_get_line(by_line, 0)->tax_minor, ==, 2928);
}

static void
test_only_above_threshold(void)
{
	/* Clothing in Massachusetts: 6.25 % on what a piece costs above 175.00. */
	TillTaxEngineTax tax = till_tax_sample_percent("ma", 62500, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine line = till_tax_sample_line(20000, 1, 2000, taxes, 1);

	tax.threshold = TILL_TAX_ENGINE_ONLY_ABOVE;
	tax.threshold_minor = 17500;
	g_autoptr(TillTaxEngineResult) on_top = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpint(on_top->tax_minor, ==, 313); /* 6.25 % of 50.00, 312.5 */
	g_assert_cmpint(till_tax_sample_get_share(on_top, 0)->base_minor, ==, 5000);
	tax.inclusive = TRUE;
	g_autoptr(TillTaxEngineResult) inside = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpint(inside->tax_minor, ==, 294); /* 50.00 · 6.25 / 106.25 */
	g_assert_cmpint(inside->total_minor, ==, 40000);
	line = till_tax_sample_line(17500, 1, 2000, taxes, 1);
	g_autoptr(TillTaxEngineResult) at = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);
	g_assert_cmpint(at->tax_minor, ==, 0);
}

static void
test_exemption_clears_what_it_covers(void)
{
	static const char *const ids[] = {"vat"};
	static const char *const classes[] = {"food"};
	TillTaxEngineTax vat = till_tax_sample_percent("vat", 200000, TRUE);
	TillTaxEngineTax city = till_tax_sample_percent("city", 100000, FALSE);
	TillTaxEngineTax food = till_tax_sample_percent("food-tax", 50000, FALSE);
	const TillTaxEngineTax *taxes[] = {&vat, &city, &food};
	TillTaxEngineLine line = till_tax_sample_line(12000, 1, 1000, taxes, 3);
	TillTaxEngineExemption by_id = {.tax_ids = ids, .tax_id_count = 1};
	TillTaxEngineExemption by_class = {.tax_classes = classes, .tax_class_count = 1};
	TillTaxEngineExemption all = {.all = TRUE};
	TillTaxEnginePolicy policy = till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE);

	food.tax_class = "food";
	g_autoptr(TillTaxEngineResult) off = till_tax_sample_compute(policy, &line, 1, &by_id);
	g_assert_cmpint(off->net_minor, ==, 10000); /* the VAT came off the price */
	g_assert_cmpint(off->tax_minor, ==, 1500);
	till_tax_sample_check_sums(off);
	policy.exempt_keeps_price = TRUE;
	g_autoptr(TillTaxEngineResult) kept = till_tax_sample_compute(policy, &line, 1, &by_id);
	g_assert_cmpint(kept->net_minor, ==, 12000);
	g_assert_cmpint(kept->tax_minor, ==, 1800);
	g_autoptr(TillTaxEngineResult) class_off =
	    till_tax_sample_compute(policy, &line, 1, &by_class);
	g_assert_cmpint(class_off->tax_minor, ==, 3000);
	policy.exempt_keeps_price = FALSE;
	g_autoptr(TillTaxEngineResult) none = till_tax_sample_compute(policy, &line, 1, &all);
	g_assert_cmpint(none->tax_minor, ==, 0);
	g_assert_cmpint(none->total_minor, ==, 10000);
}

static void
test_units_are_rounded_one_by_one(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("vat", 100000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine line = till_tax_sample_line(4595, 1, 3000, taxes, 1);
	g_autoptr(TillTaxEngineResult) by_unit = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_UNIT), &line, 1, NULL);
	g_autoptr(TillTaxEngineResult) by_line = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), &line, 1, NULL);

	g_assert_cmpint(by_unit->tax_minor, ==, 1380); /* 3 × 4.60 */
	g_assert_cmpint(by_line->tax_minor, ==, 1379); /* 13.785 */
	/* 10.00 over three units is 3.34 and twice 3.33. */
	line.amount = till_ratio_whole(1000);
	g_autoptr(TillTaxEngineResult) uneven = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_UNIT), &line, 1, NULL);
	g_assert_cmpint(uneven->net_minor, ==, 1000);
	g_assert_cmpint(uneven->tax_minor, ==, 99);
	till_tax_sample_check_sums(uneven);
}

static void
test_rounding_row_keeps_marked_prices(void)
{
	TillTaxEngineTax first = till_tax_sample_percent("cgst", 90000, TRUE);
	TillTaxEngineTax second = till_tax_sample_percent("sgst", 90000, TRUE);
	const TillTaxEngineTax *taxes[] = {&first, &second};
	TillTaxEngineLine line = till_tax_sample_line(150000, 1, 1000, taxes, 2);
	TillTaxEnginePolicy policy = till_tax_sample_policy(TILL_TAX_ENGINE_PER_DOCUMENT);
	g_autoptr(GError) error = NULL;

	policy.difference = TILL_TAX_ENGINE_ROUNDING_ROW;
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(policy, &line, 1, NULL);
	g_assert_cmpint(result->net_minor, ==, 127119);
	g_assert_cmpint(result->tax_minor, ==, 22882);
	g_assert_cmpint(result->rounding_minor, ==, -1);
	g_assert_cmpint(result->total_minor, ==, 150000);
	till_tax_sample_check_sums(result);
	TillTaxEngineDocument document = {policy, &line, 1, NULL};
	g_assert_true(till_tax_engine_discount(&document, till_ratio_of(9, 10), result, &error));
	g_assert_cmpint(result->total_minor, ==, 135000);
	g_assert_cmpint(result->net_minor, ==, 114407);
	g_assert_cmpint(result->tax_minor, ==, 20594);
	g_assert_cmpint(result->rounding_minor, ==, -1);
	till_tax_sample_check_sums(result);
}

/* A large basket of mixed rates and weighed goods, summed over the document. */
static void
test_many_rates_still_add_up(void)
{
	static const gint64 rates[] = {210000, 60000, 88750, 100000, 55000, 250000,
				       190000, 73500, 99750, 50000,  70000, 220000};
	static const char *const ids[] = {"a", "b", "c", "d", "e", "f",
					  "g", "h", "i", "j", "k", "l"};
	TillTaxEngineTax taxes[G_N_ELEMENTS(rates)];
	const TillTaxEngineTax *lists[999][3];
	TillTaxEngineLine lines[999];
	TillTestRandom random;

	till_test_random_init(&random, 14673);
	for (guint i = 0; i < G_N_ELEMENTS(rates); i++)
		taxes[i] = till_tax_sample_percent(ids[i], rates[i], TRUE);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		guint first = (guint)till_test_random_range(&random, 0, G_N_ELEMENTS(rates) - 1);
		for (guint t = 0; t < 3; t++)
			lists[i][t] = &taxes[(first + 5 * t) % G_N_ELEMENTS(rates)];
		lines[i] = till_tax_sample_line(till_test_random_range(&random, 1, 10000000), 1,
						till_test_random_range(&random, 1, 99999), lists[i],
						(guint)till_test_random_range(&random, 1, 3));
	}
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(
	    till_tax_sample_policy(TILL_TAX_ENGINE_PER_DOCUMENT), lines, G_N_ELEMENTS(lines), NULL);
	till_tax_sample_check_sums(result);
}

static void
test_half_even(void)
{
	TillTaxEngineTax tax = till_tax_sample_percent("vat", 50000, FALSE);
	const TillTaxEngineTax *taxes[] = {&tax};
	TillTaxEngineLine lines[] = {till_tax_sample_line(50, 1, 1000, taxes, 1),
				     till_tax_sample_line(70, 1, -1000, taxes, 1)};
	TillTaxEnginePolicy policy = till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE);

	policy.rounding = TILL_ROUND_HALF_EVEN;
	g_autoptr(TillTaxEngineResult) result = till_tax_sample_compute(policy, lines, 2, NULL);
	g_assert_cmpint(till_tax_sample_get_line(result, 0)->tax_minor, ==, 2);  /* 2.5 */
	g_assert_cmpint(till_tax_sample_get_line(result, 1)->tax_minor, ==, -4); /* −3.5 */
}

static void
test_discount_spares_levies(void)
{
	TillTaxEngineTax deposit = till_tax_sample_fixed("deposit", 100);
	TillTaxEngineTax vat = till_tax_sample_percent("vat", 210000, FALSE);
	const TillTaxEngineTax *taxes[] = {&deposit, &vat};
	TillTaxEngineLine lines[] = {till_tax_sample_line(1679, 1, 1000, taxes, 2),
				     till_tax_sample_line(1679, 1, 1000, taxes, 2)};
	TillTaxEngineDocument document = {till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE), lines,
					  2, NULL};
	g_autoptr(GError) error = NULL;

	deposit.include_base = TRUE;
	g_autoptr(TillTaxEngineResult) result = till_tax_engine_compute(&document, &error);
	g_assert_no_error(error);
	g_assert_true(till_tax_engine_discount(&document, till_ratio_of(98, 100), result, &error));
	g_assert_cmpint(result->total_minor, ==, 4225);
	g_assert_cmpint(till_tax_sample_get_share(result, 0)->amount_minor, ==, 100);
	g_assert_cmpint(till_tax_sample_get_share(result, 0)->base_minor, ==, 1679);
	till_tax_sample_check_sums(result);
	g_autoptr(TillTaxEngineResult) second = till_tax_engine_compute(&document, &error);
	g_assert_true(till_tax_engine_discount_amount(&document, 306, second, &error));
	g_assert_cmpint(second->total_minor, ==, 4000);
	till_tax_sample_check_sums(second);
	g_assert_false(till_tax_engine_discount_amount(&document, 400000, second, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "more than");
	g_assert_false(till_tax_engine_discount(&document, till_ratio_of(11, 10), second, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "percentage");
	g_assert_cmpint(second->total_minor, ==, 4000);
}

static void
test_total_rounded_to_row_or_tax(void)
{
	TillTaxEngineTax vat = till_tax_sample_percent("vat", 190000, FALSE);
	const TillTaxEngineTax *taxes[] = {&vat};
	TillTaxEngineLine line = till_tax_sample_line(999, 1, 1000, taxes, 1);
	TillTaxEnginePolicy policy = till_tax_sample_policy(TILL_TAX_ENGINE_PER_LINE);

	g_autoptr(TillTaxEngineResult) row = till_tax_sample_compute(policy, &line, 1, NULL);
	g_assert_true(
	    till_tax_engine_round_total(row, 5, TILL_ROUND_HALF_UP, TILL_TAX_ENGINE_TO_ROW));
	g_assert_cmpint(row->total_minor, ==, 1190); /* 11.89 */
	g_assert_cmpint(row->rounding_minor, ==, 1);
	g_assert_cmpint(row->tax_minor, ==, 190);
	g_autoptr(TillTaxEngineResult) tax = till_tax_sample_compute(policy, &line, 1, NULL);
	g_assert_true(till_tax_engine_round_total(tax, 5, TILL_ROUND_HALF_UP,
						  TILL_TAX_ENGINE_TO_BIGGEST_TAX));
	g_assert_cmpint(tax->total_minor, ==, 1190);
	g_assert_cmpint(tax->tax_minor, ==, 191);
	g_assert_false(
	    till_tax_engine_round_total(tax, 0, TILL_ROUND_HALF_UP, TILL_TAX_ENGINE_TO_ROW));
	till_tax_sample_check_sums(tax);
}

static void
test_reprice(void)
{
	TillTaxEngineTax high = till_tax_sample_percent("21", 210000, TRUE);
	TillTaxEngineTax low = till_tax_sample_percent("6", 60000, TRUE);
	TillTaxEngineTax top = till_tax_sample_percent("15", 150000, FALSE);
	const TillTaxEngineTax *from[] = {&high}, *to[] = {&low}, *on_top[] = {&top};
	TillRatio price = till_tax_engine_reprice(till_ratio_whole(12100), from, 1, to, 1);

	g_assert_cmpint(till_ratio_compare(price, till_ratio_whole(10600)), ==, 0);
	price = till_tax_engine_reprice(till_ratio_whole(10000), on_top, 1, to, 1);
	g_assert_cmpint(till_ratio_compare(price, till_ratio_whole(10000)), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/tax-engine/refund-mirrors-sale-9249",
			test_refund_mirrors_sale_9249);
	g_test_add_func("/domain/tax-engine/paper-equals-screen-3721",
			test_paper_equals_screen_3721);
	g_test_add_func("/domain/tax-engine/payable-equals-sum-of-lines-1437",
			test_payable_equals_sum_of_lines_1437);
	g_test_add_func("/domain/tax-engine/prices-with-tax-add-up", test_prices_with_tax_add_up);
	g_test_add_func("/domain/tax-engine/register-and-invoice-agree-6224",
			test_register_and_invoice_agree_6224);
	g_test_add_func("/domain/tax-engine/whole-currency-14673", test_whole_currency_14673);
	g_test_add_func("/domain/tax-engine/compound-and-side-by-side",
			test_compound_and_side_by_side);
	g_test_add_func("/domain/tax-engine/two-inside-share-a-base", test_two_inside_share_a_base);
	g_test_add_func("/domain/tax-engine/tax-on-tax-inside", test_tax_on_tax_inside);
	g_test_add_func("/domain/tax-engine/group-counts-a-line-once",
			test_group_counts_a_line_once);
	g_test_add_func("/domain/tax-engine/cents-go-to-the-largest-remainder",
			test_cents_go_to_the_largest_remainder);
	g_test_add_func("/domain/tax-engine/division", test_division);
	g_test_add_func("/domain/tax-engine/impossible-rate-is-refused",
			test_impossible_rate_is_refused);
	g_test_add_func("/domain/tax-engine/same-tax-twice-is-refused",
			test_same_tax_twice_is_refused);
	g_test_add_func("/domain/tax-engine/huge-amount-is-refused", test_huge_amount_is_refused);
	g_test_add_func("/domain/tax-engine/exempt-below-threshold", test_exempt_below_threshold);
	g_test_add_func("/domain/tax-engine/only-above-threshold", test_only_above_threshold);
	g_test_add_func("/domain/tax-engine/exemption-clears-what-it-covers",
			test_exemption_clears_what_it_covers);
	g_test_add_func("/domain/tax-engine/units-are-rounded-one-by-one",
			test_units_are_rounded_one_by_one);
	g_test_add_func("/domain/tax-engine/rounding-row-keeps-marked-prices",
			test_rounding_row_keeps_marked_prices);
	g_test_add_func("/domain/tax-engine/many-rates-still-add-up", test_many_rates_still_add_up);
	g_test_add_func("/domain/tax-engine/half-even", test_half_even);
	g_test_add_func("/domain/tax-engine/discount-spares-levies", test_discount_spares_levies);
	g_test_add_func("/domain/tax-engine/total-rounded-to-row-or-tax",
			test_total_rounded_to_row_or_tax);
	g_test_add_func("/domain/tax-engine/reprice-keeps-the-net", test_reprice);
	return g_test_run();
}
