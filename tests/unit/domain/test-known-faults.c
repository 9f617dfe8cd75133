/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cash-rounding.h"
#include "money.h"
#include "promo-json.h"
#include "receipt.h"
#include "refund.h"
#include "till-sample.h"
#include "till-test.h"

/* Figures that tills in use got wrong by a unit, named by the public report. What they are here
 * must hold on the screen, on paper and on the way back. */

static TillPriceRules
make_rules(const char *currency, gint64 rate_ppm, gboolean inclusive)
{
	static char id[] = "vat", name[] = "VAT";
	const TillTax tax = {.id = id, .name = name, .rate_ppm = rate_ppm, .inclusive = inclusive};
	TillPriceRules rules = {.currency = till_currency_find(currency),
				.rounding = TILL_ROUND_HALF_UP};
	g_autoptr(GError) error = NULL;

	rules.taxes = till_tax_table_new(TILL_ROUND_HALF_UP);
	g_assert_true(till_tax_table_add(rules.taxes, "standard", &tax, &error));
	g_assert_no_error(error);
	return rules;
}

static TillPriced *
price_one(const TillPriceRules *rules, TillItem *item, gint64 quantity_milli)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(till_basket_add(basket, item, "", quantity_milli, NULL), ==,
			TILL_BASKET_OK);
	TillPriced *priced = till_price_basket(basket, rules, &error);
	g_assert_no_error(error);
	return priced;
}

/* Gives a line back in parts; their sum. */
static gint64
give_back(const TillPriced *sold, gint64 part_milli)
{
	g_autoptr(TillRefundLine) line = till_refund_line_new(g_ptr_array_index(sold->lines, 0));
	g_autoptr(TillPriced) given = till_price_new(sold->currency);
	g_autoptr(GError) error = NULL;

	while (till_refund_line_left_milli(line) > 0)
		g_assert_cmpint(
		    till_refund_line_take(line, MIN(part_milli, till_refund_line_left_milli(line)),
					  given),
		    ==, TILL_REFUND_OK);
	g_assert_true(till_price_sum(given, &error));
	return given->total_minor;
}

/* odoo/odoo#9249: sold for 16.79 (14.595 and 15 % on top), given back as 16.78; 13.28 as 13.27. The
 * half that decides is reached by weight, since a price has two decimals here. */
static void
test_sold_and_given_back(void)
{
	static const struct {
		gint64 unit_minor, rate_ppm, total_minor;
	} cases[] = {{973, 150000, 1679}, {885, 0, 1328}};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		TillPriceRules rules = make_rules("EUR", cases[i].rate_ppm, FALSE);
		g_autoptr(TillItem) item = till_sample_weighed("GOLD", cases[i].unit_minor);
		gint64 mirror;
		g_autoptr(TillPriced) sold = price_one(&rules, item, 1500);
		const TillPricedLine *line = g_ptr_array_index(sold->lines, 0);
		g_assert_cmpint(sold->total_minor, ==, cases[i].total_minor);
		g_assert_cmpint(give_back(sold, 1500), ==, cases[i].total_minor);
		g_assert_cmpint(give_back(sold, 700), ==, cases[i].total_minor);
		g_assert_cmpint(give_back(sold, 7), ==, cases[i].total_minor);
		g_assert_true(till_money_times_quantity(-cases[i].unit_minor, 1500,
							TILL_ROUND_HALF_UP, &mirror));
		g_assert_cmpint(mirror, ==, -line->list_minor);
		till_price_rules_clear(&rules);
	}
}

/* odoo/odoo#96721: 7.50, cash rounded down to whole units: 7.00 paid, 8.00 given back. */
static void
test_cash_comes_back_as_it_was_paid(void)
{
	const TillCashRounding down = {.step_minor = 100, .rounding = TILL_ROUND_DOWN};
	TillCashRoundingTender paid = {.cash = TRUE, .fills = TRUE};
	TillCashRoundingTender back = {.cash = TRUE, .fills = TRUE};
	TillCashRoundingSettlement sale, refund;

	g_assert_true(till_cash_rounding_settle(750, &down, &paid, 1, &sale));
	g_assert_true(till_cash_rounding_settle(-750, &down, &back, 1, &refund));
	g_assert_true(sale.settled && refund.settled);
	g_assert_cmpint(paid.amount_minor, ==, 700);
	g_assert_cmpint(back.amount_minor, ==, -700);
	g_assert_cmpint(sale.payment_rounding_minor, ==, -50);
	g_assert_cmpint(refund.payment_rounding_minor, ==, 50);
}

/* opensourcepos/opensourcepos#1437: 5 % inside, 10 % off each line; the screen said 1004.80, the
 * payment had to be 1004.81. The report has the totals only, the lines are ours. */
static void
test_what_is_shown_pays(void)
{
	static const char json[] = "{\"promotions\":[{\"id\":\"ten\",\"name\":\"10 %\","
				   "\"effects\":[{\"kind\":\"percent\",\"on\":\"lines\","
				   "\"rate_ppm\":100000}]}]}";
	static const struct {
		const char *sku;
		gint64 unit_minor, pieces;
	} goods[] = {{"A", 13950, 3}, {"B", 19999, 2}, {"C", 29798, 1}};
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) object = json_loads(json, 0, NULL);
	g_autoptr(GPtrArray) promos = till_promo_json_read_list(object, "rules", &error);
	TillPriceRules rules = make_rules("CAD", 50000, TRUE);
	const TillPriceMoment moment = {.channel = TILL_CHANNEL_STORE, .store = "014"};
	gint64 base_minor = 0, change_minor;

	g_assert_no_error(error);
	rules.promos = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
	for (gsize i = 0; i < G_N_ELEMENTS(goods); i++) {
		g_autoptr(TillItem) item = till_sample_item(goods[i].sku, goods[i].unit_minor);
		g_assert_cmpint(till_basket_add(basket, item, "", goods[i].pieces * 1000, NULL), ==,
				TILL_BASKET_OK);
	}
	g_autoptr(TillPriced) priced = till_price_for(basket, &rules, &moment, &error);
	g_assert_no_error(error);
	g_assert_cmpint(priced->total_minor, ==, 100481);
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		base_minor += line->total_minor - line->tax_minor;
	}
	g_assert_cmpint(base_minor + priced->tax_minor, ==, 100481);
	TillTender exact = {.kind = TILL_TENDER_CASH, .tendered_minor = 100481};
	g_assert_cmpint(till_tender_settle(priced->total_minor, &exact, 1, &change_minor), ==,
			TILL_TENDER_OK);
	g_assert_cmpint(change_minor, ==, 0);
	exact.tendered_minor = 100480;
	g_assert_cmpint(till_tender_settle(priced->total_minor, &exact, 1, &change_minor), !=,
			TILL_TENDER_OK);
	till_price_rules_clear(&rules);
}

/* OCA/l10n-italy#3721: 16.36 and 10 % on top are 18.00 on the screen, 17.99 on paper. */
static void
test_paper_says_what_the_screen_says(void)
{
	TillPriceRules rules = make_rules("EUR", 100000, FALSE);
	g_autoptr(TillItem) item = till_sample_item("VINO", 1636);
	const TillReceiptStyle style = {.columns = TILL_RECEIPT_COLUMNS};
	TillPriced *priced = price_one(&rules, item, 1000);

	g_assert_cmpint(priced->total_minor, ==, 1800);
	g_autoptr(TillSale) sale = till_sample_sale(priced, 1800);
	g_autofree char *text = till_receipt_text(sale, &style);
	g_assert_nonnull(strstr(text, "TOTAL EUR                            18.00\n"));
	g_assert_null(strstr(text, "17.99"));
	till_price_rules_clear(&rules);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/known-faults/sold-and-given-back", test_sold_and_given_back);
	g_test_add_func("/domain/known-faults/cash-comes-back-as-it-was-paid",
			test_cash_comes_back_as_it_was_paid);
	g_test_add_func("/domain/known-faults/what-is-shown-pays", test_what_is_shown_pays);
	g_test_add_func("/domain/known-faults/paper-says-what-the-screen-says",
			test_paper_says_what_the_screen_says);
	return g_test_run();
}
