/* SPDX-License-Identifier: Apache-2.0 */
#include "tender.h"

#include "error.h"
#include "money.h"
#include "till-test.h"

#define QUICK_MAX 5

static void
test_change(void)
{
	TillTender tenders[] = {{TILL_TENDER_CASH, 20000, 0}};
	gint64 change = -1;

	g_assert_cmpint(till_tender_settle(17311, tenders, 1, &change), ==, TILL_TENDER_OK);
	g_assert_cmpint(change, ==, 2689);
	g_assert_cmpint(tenders[0].amount_minor, ==, 17311);
}

static void
test_change_comes_off_the_last(void)
{
	TillTender tenders[] = {
	    {TILL_TENDER_CASH, 10000, 0}, {TILL_TENDER_CASH, 5000, 0}, {TILL_TENDER_CASH, 500, 0}};
	gint64 change;

	g_assert_cmpint(till_tender_settle(14000, tenders, 3, &change), ==, TILL_TENDER_OK);
	g_assert_cmpint(change, ==, 1500);
	g_assert_cmpint(tenders[0].amount_minor, ==, 10000);
	g_assert_cmpint(tenders[1].amount_minor, ==, 4000);
	g_assert_cmpint(tenders[2].amount_minor, ==, 0);
}

static void
test_short_and_invalid(void)
{
	TillTender tenders[] = {{TILL_TENDER_CASH, 100, 55}};
	TillTender zero[] = {{TILL_TENDER_CASH, 0, 0}};
	TillTender huge[] = {{TILL_TENDER_CASH, TILL_MONEY_MAX_MINOR + 1, 0}};
	gint64 change = -1;

	g_assert_cmpint(till_tender_settle(101, tenders, 1, &change), ==, TILL_TENDER_SHORT);
	g_assert_cmpint(till_tender_settle(101, NULL, 0, &change), ==, TILL_TENDER_SHORT);
	g_assert_cmpint(till_tender_settle(0, zero, 1, &change), ==, TILL_TENDER_INVALID);
	g_assert_cmpint(till_tender_settle(1, huge, 1, &change), ==, TILL_TENDER_INVALID);
	g_assert_cmpint(till_tender_settle(-1, tenders, 1, &change), ==, TILL_TENDER_INVALID);
	g_assert_cmpint(change, ==, -1);
	g_assert_cmpint(tenders[0].amount_minor, ==, 55);
}

static void
test_nothing_to_pay(void)
{
	gint64 change = -1;

	g_assert_cmpint(till_tender_settle(0, NULL, 0, &change), ==, TILL_TENDER_OK);
	g_assert_cmpint(change, ==, 0);
}

static void
test_random_settlements(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 20);
	for (int i = 0; i < 100000; i++) {
		TillTender tenders[TILL_TENDERS_MAX];
		gsize count = (gsize)till_test_random_range(&random, 0, TILL_TENDERS_MAX);
		gint64 total = till_test_random_range(&random, 0, 100000);
		gint64 handed = 0, counted = 0, change = -1;
		for (gsize k = 0; k < count; k++) {
			tenders[k] = (TillTender){TILL_TENDER_CASH,
						  till_test_random_range(&random, 1, 20000), -1};
			handed += tenders[k].tendered_minor;
		}
		TillTenderResult result = till_tender_settle(total, tenders, count, &change);
		g_assert_cmpint(result, ==, handed < total ? TILL_TENDER_SHORT : TILL_TENDER_OK);
		if (result != TILL_TENDER_OK)
			continue;
		for (gsize k = 0; k < count; k++) {
			counted += tenders[k].amount_minor;
			g_assert_cmpint(tenders[k].amount_minor, >=, 0);
			g_assert_cmpint(tenders[k].amount_minor, <=, tenders[k].tendered_minor);
		}
		g_assert_cmpint(counted, ==, total);
		g_assert_cmpint(handed - change, ==, total);
	}
}

static void
test_parse(void)
{
	static const char *const bad[] = {
	    "",         "cash",     "cash:", "cash:0",   "cash:-5",   "cash:1.5",
	    "Cash:100", "card:100", ":100",  "cash:1e3", "cash :100", "cash:99999999999999999"};
	TillTender tender = {TILL_TENDER_CASH, 7, 7};
	GError *error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_assert_false(till_tender_parse(bad[i], &tender, &error));
		till_test_assert_error(error, TILL_ERROR_INVALID, "cash:");
	}
	g_assert_cmpint(tender.tendered_minor, ==, 7);
	g_assert_true(till_tender_parse("cash:20000", &tender, NULL));
	g_assert_cmpint(tender.tendered_minor, ==, 20000);
	g_assert_cmpint(tender.amount_minor, ==, 0);
	g_assert_cmpstr(till_tender_name(tender.kind), ==, "cash");
}

static void
test_quick_cash(void)
{
	static const struct {
		const char *currency;
		gint64 amounts[QUICK_MAX];
	} rows[] = {
	    {"USD", {17311, 17500, 18000, 20000, 50000}},
	    {"USD", {320, 400, 500, 1000, 2000}},
	    {"USD", {4200, 4500, 5000, 10000, 20000}},
	    {"USD", {20000, 50000, 100000, 200000, 500000}},
	    {"EUR", {1230, 1300, 1500, 2000, 5000}},
	    {"EUR", {79, 100, 500, 1000, 2000}},
	    {"JPY", {1731, 2000, 5000, 10000, 20000}},
	    {"JPY", {730, 1000, 5000, 10000, 20000}},
	    {"KWD", {3750, 4000, 5000, 10000, 20000}},
	    {"CLF", {12345, 20000, 50000, 100000, 200000}},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 out[QUICK_MAX];
		g_test_message("%s %" G_GINT64_FORMAT, rows[i].currency, rows[i].amounts[0]);
		g_assert_cmpuint(till_tender_quick_cash(rows[i].amounts[0],
							till_currency_find(rows[i].currency), out,
							QUICK_MAX),
				 ==, QUICK_MAX);
		for (gsize k = 0; k < QUICK_MAX; k++)
			g_assert_cmpint(out[k], ==, rows[i].amounts[k]);
	}
}

static void
test_quick_cash_edges(void)
{
	const TillCurrency *usd = till_currency_find("USD");
	gint64 out[QUICK_MAX] = {0, -7, -7};

	g_assert_cmpuint(till_tender_quick_cash(0, usd, out, QUICK_MAX), ==, 1);
	g_assert_cmpint(out[0], ==, 0);
	g_assert_cmpuint(till_tender_quick_cash(999, usd, out, 1), ==, 1);
	g_assert_cmpint(out[1], ==, -7);
	g_assert_cmpuint(till_tender_quick_cash(TILL_MONEY_MAX_MINOR, usd, out, QUICK_MAX), ==, 1);
	g_assert_cmpint(out[1], ==, -7);
}

static void
test_random_quick_cash(void)
{
	TillTestRandom random;
	gsize currencies;
	const TillCurrency *table = till_currency_table(&currencies);

	till_test_random_init(&random, 5);
	for (int i = 0; i < 100000; i++) {
		gint64 out[QUICK_MAX];
		gint64 total = till_test_random_range(&random, 1, i % 2 ? 100000 : 100000000);
		gsize count = till_tender_quick_cash(
		    total, &table[till_test_random_range(&random, 0, (gint64)currencies - 1)], out,
		    QUICK_MAX);
		g_assert_cmpuint(count, ==, QUICK_MAX);
		g_assert_cmpint(out[0], ==, total);
		for (gsize k = 1; k < count; k++)
			g_assert_cmpint(out[k], >, out[k - 1]);
	}
}

static const TillCashRounding fives = {.step_minor = 5, .rounding = TILL_ROUND_HALF_UP};

static void
assert_rounded(gint64 total_minor, gint64 cash_minor, gint64 change_minor, gint64 rounding_minor)
{
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = cash_minor};
	TillTenderSettlement settlement;

	g_assert_cmpint(till_tender_settle_rounded(total_minor, &fives, &tender, 1, &settlement),
			==, TILL_TENDER_OK);
	g_assert_cmpint(settlement.change_minor, ==, change_minor);
	g_assert_cmpint(settlement.rounding_minor, ==, rounding_minor);
	g_assert_cmpint(tender.amount_minor, ==, total_minor + rounding_minor);
}

static void
test_cash_is_rounded(void)
{
	TillTender small = {.kind = TILL_TENDER_CASH, .tendered_minor = 1000};
	TillTenderSettlement settlement;

	assert_rounded(1002, 1000, 0, -2);
	assert_rounded(1003, 1005, 0, 2);
	assert_rounded(1003, 2000, 995, 2);
	assert_rounded(1005, 1010, 5, 0);
	g_assert_cmpint(till_tender_settle_rounded(1003, &fives, &small, 1, &settlement), ==,
			TILL_TENDER_SHORT);
	g_assert_cmpint(till_tender_in_cash(1003, &fives), ==, 1005);
	g_assert_cmpint(till_tender_in_cash(1003, NULL), ==, 1003);
	g_assert_cmpint(till_tender_settle_rounded(2, &fives, NULL, 0, &settlement), ==,
			TILL_TENDER_OK);
	g_assert_cmpint(settlement.rounding_minor, ==, -2);
	g_assert_cmpint(till_tender_settle_rounded(3, &fives, NULL, 0, &settlement), ==,
			TILL_TENDER_SHORT);
}

static void
test_words(void)
{
	for (int result = TILL_TENDER_OK; result <= TILL_TENDER_INVALID; result++)
		g_assert_true(g_str_has_suffix(till_tender_words((TillTenderResult)result), "."));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/tender/change-comes-off-cash", test_change);
	g_test_add_func("/domain/tender/change-comes-off-the-last-first",
			test_change_comes_off_the_last);
	g_test_add_func("/domain/tender/short-and-invalid-leave-outputs", test_short_and_invalid);
	g_test_add_func("/domain/tender/zero-total-needs-no-tender", test_nothing_to_pay);
	g_test_add_func("/domain/tender/random-settlements-add-up", test_random_settlements);
	g_test_add_func("/domain/tender/command-line-words", test_parse);
	g_test_add_func("/domain/tender/quick-cash-follows-notes", test_quick_cash);
	g_test_add_func("/domain/tender/quick-cash-at-the-edges", test_quick_cash_edges);
	g_test_add_func("/domain/tender/random-quick-cash-rises", test_random_quick_cash);
	g_test_add_func("/domain/tender/cash-is-rounded", test_cash_is_rounded);
	g_test_add_func("/domain/tender/words-are-sentences", test_words);
	return g_test_run();
}
