/* SPDX-License-Identifier: Apache-2.0 */
#include "cash-rounding.h"

#include "currency.h"
#include "till-test.h"

#define SETTLEMENTS 100000

static TillCashRoundingSettlement
settle(gint64 total_minor, TillCashRounding policy, TillCashRoundingTender *tenders, gsize count)
{
	TillCashRoundingSettlement settlement;

	g_assert_true(till_cash_rounding_settle(total_minor, &policy, tenders, count, &settlement));
	return settlement;
}

static gint64
pay_cash(gint64 total_minor, TillCashRounding policy)
{
	TillCashRoundingTender tender = {.cash = TRUE, .fills = TRUE};
	TillCashRoundingSettlement settlement = settle(total_minor, policy, &tender, 1);

	g_assert_true(settlement.settled);
	g_assert_cmpint(settlement.payment_rounding_minor, ==, tender.amount_minor - total_minor);
	return tender.amount_minor;
}

static void
test_refund_gives_back_what_was_paid_96721(void)
{
	/* odoo#96721: 7.50 rounded down to 7.00 was given back as 8.00. */
	TillCashRounding down = {100, TILL_ROUND_DOWN, FALSE};
	TillCashRounding up = {100, TILL_ROUND_UP, TRUE};
	TillCashRounding floor = {5, TILL_ROUND_FLOOR, FALSE};

	g_assert_cmpint(pay_cash(750, down), ==, 700);
	g_assert_cmpint(pay_cash(-750, down), ==, -700);
	g_assert_cmpint(pay_cash(750, up), ==, 800);
	g_assert_cmpint(pay_cash(-750, up), ==, -800);
	g_assert_cmpint(pay_cash(198, floor), ==, 195);
	g_assert_cmpint(pay_cash(-198, floor), ==, -195);
}

static void
test_card_is_not_rounded(void)
{
	TillCashRounding policy = {5, TILL_ROUND_HALF_UP, FALSE};
	TillCashRoundingTender tenders[] = {{.amount_minor = 68}, {.cash = TRUE, .fills = TRUE}};
	TillCashRoundingTender card = {.fills = TRUE};
	TillCashRoundingSettlement settlement = settle(1572, policy, tenders, 1);

	g_assert_false(settlement.settled);
	g_assert_cmpint(settlement.remaining_minor, ==, 1504);
	g_assert_cmpint(settlement.payment_rounding_minor, ==, 0);
	settlement = settle(1572, policy, tenders, 2);
	g_assert_cmpint(tenders[1].amount_minor, ==, 1505);
	g_assert_cmpint(settlement.payment_rounding_minor, ==, 1);
	settlement = settle(1572, policy, &card, 1);
	g_assert_cmpint(card.amount_minor, ==, 1572);
	g_assert_cmpint(settlement.payment_rounding_minor, ==, 0);
}

static void
test_rounding_falls_on_change(void)
{
	TillCashRounding policy = {5, TILL_ROUND_HALF_UP, FALSE};
	TillCashRoundingTender cash = {.cash = TRUE, .amount_minor = 2000};
	TillCashRoundingSettlement settlement = settle(1572, policy, &cash, 1);

	g_assert_cmpint(settlement.change_minor, ==, 430);
	g_assert_cmpint(settlement.payment_rounding_minor, ==, 0);
	g_assert_cmpint(settlement.change_rounding_minor, ==, -2);
	/* Too much by card comes back in coins. */
	TillCashRoundingTender card = {.amount_minor = 2000};
	settlement = settle(1572, policy, &card, 1);
	g_assert_cmpint(settlement.change_minor, ==, 430);
	g_assert_cmpint(settlement.change_rounding_minor, ==, -2);
}

static void
test_steps(void)
{
	g_assert_true(till_cash_rounding_step_valid(1));
	g_assert_true(till_cash_rounding_step_valid(25));
	g_assert_true(till_cash_rounding_step_valid(500));
	g_assert_false(till_cash_rounding_step_valid(3));
	g_assert_false(till_cash_rounding_step_valid(0));
	g_assert_false(till_cash_rounding_step_valid(-5));
}

static void
test_exact_only(void)
{
	gint64 rounded = 77;

	g_assert_cmpint(till_cash_rounding_round(till_ratio_whole(105), 5, NULL, &rounded), ==,
			TILL_CASH_ROUNDING_OK);
	g_assert_cmpint(rounded, ==, 105);
	g_assert_cmpint(till_cash_rounding_round(till_ratio_of(1051, 10), 5, NULL, &rounded), ==,
			TILL_CASH_ROUNDING_INEXACT);
	g_assert_cmpint(till_cash_rounding_round(till_ratio_whole(105), 3, NULL, &rounded), ==,
			TILL_CASH_ROUNDING_BAD_STEP);
	g_assert_cmpint(rounded, ==, 105);
}

static void
test_table_is_sound(void)
{
	gsize count;
	const TillCashRoundingRule *rules = till_cash_rounding_table(&count);

	g_assert_cmpuint(count, >, 20);
	for (gsize i = 0; i < count; i++) {
		g_assert_nonnull(till_currency_find(rules[i].currency));
		g_assert_true(till_cash_rounding_step_valid(rules[i].step_minor));
		g_assert_cmpstr(rules[i].source, !=, "");
		g_assert_true(till_cash_rounding_find(rules[i].country, rules[i].currency,
						      rules[i].variant) == &rules[i]);
	}
	g_assert_cmpint(till_cash_rounding_find("CA", "CAD", "")->step_minor, ==, 5);
	g_assert_cmpint(till_cash_rounding_find("NZ", NULL, "")->rounding, ==,
			TILL_ROUND_HALF_DOWN);
	g_assert_null(till_cash_rounding_find("US", "USD", ""));
	g_assert_null(till_cash_rounding_find("FI", "FIM", ""));
}

static void
test_limits(void)
{
	TillCashRounding bad = {3, TILL_ROUND_HALF_UP, FALSE};
	TillCashRounding good = {5, TILL_ROUND_HALF_UP, FALSE};
	TillCashRoundingTender tender = {.cash = TRUE, .amount_minor = G_MAXINT64};
	TillCashRoundingSettlement settlement = {.due_minor = 42};

	g_assert_false(till_cash_rounding_settle(100, &bad, &tender, 1, &settlement));
	g_assert_false(till_cash_rounding_settle(100, &good, &tender, 1, &settlement));
	g_assert_false(till_cash_rounding_settle(G_MININT64, &good, &tender, 0, &settlement));
	g_assert_cmpint(settlement.due_minor, ==, 42);
}

/* total + rounding = Σ tenders − change, mirrored for returns, never off by a step or more. */
static void
check_settlement(gint64 total, TillCashRounding policy, const TillCashRoundingTender *tenders,
		 gsize count, const TillCashRoundingSettlement *settlement)
{
	gint64 paid = 0;
	gint64 rounding = settlement->payment_rounding_minor + settlement->change_rounding_minor;

	for (gsize i = 0; i < count; i++)
		paid += tenders[i].amount_minor;
	g_assert_cmpint(ABS(rounding), <, MAX(policy.step_minor, 1));
	if (settlement->settled) {
		g_assert_cmpint(total + rounding, ==, paid - settlement->change_minor);
		g_assert_cmpint(settlement->remaining_minor, ==, 0);
	} else {
		g_assert_cmpint(rounding, ==, 0);
		g_assert_cmpint(settlement->due_minor - paid, ==, settlement->remaining_minor);
	}
}

static void
test_random_settlements(void)
{
	static const gint64 steps[] = {1, 5, 10, 50, 100, 1000};
	TillTestRandom random;

	till_test_random_init(&random, 96721);
	for (guint i = 0; i < SETTLEMENTS; i++) {
		TillCashRounding policy = {
		    steps[till_test_random_range(&random, 0, G_N_ELEMENTS(steps) - 1)],
		    (TillRounding)till_test_random_range(&random, 0, TILL_ROUND_FLOOR),
		    till_test_random_range(&random, 0, 1) == 1};
		gint64 total = till_test_random_range(&random, 0, 50000);
		TillCashRoundingTender tenders[4] = {{0}}, mirror[4];
		gsize count = (gsize)till_test_random_range(&random, 1, 4);

		for (gsize t = 0; t < count; t++) {
			tenders[t].cash = till_test_random_range(&random, 0, 1) == 1;
			tenders[t].fills = t + 1 == count && till_test_random_range(&random, 0, 1);
			tenders[t].amount_minor = till_test_random_range(&random, 0, 30000);
			mirror[t] = tenders[t];
			mirror[t].amount_minor = -tenders[t].amount_minor;
		}
		TillCashRoundingSettlement sale = settle(total, policy, tenders, count);
		check_settlement(total, policy, tenders, count, &sale);
		if (total == 0)
			continue; /* nothing is neither a sale nor a return */
		TillCashRoundingSettlement slip = settle(-total, policy, mirror, count);
		g_assert_cmpint(slip.change_minor, ==, -sale.change_minor);
		g_assert_cmpint(slip.payment_rounding_minor, ==, -sale.payment_rounding_minor);
		g_assert_cmpint(slip.change_rounding_minor, ==, -sale.change_rounding_minor);
		g_assert_cmpint(slip.remaining_minor, ==, -sale.remaining_minor);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/cash-rounding/refund-gives-back-what-was-paid-96721",
			test_refund_gives_back_what_was_paid_96721);
	g_test_add_func("/domain/cash-rounding/card-is-not-rounded", test_card_is_not_rounded);
	g_test_add_func("/domain/cash-rounding/rounding-falls-on-change",
			test_rounding_falls_on_change);
	g_test_add_func("/domain/cash-rounding/steps-make-round-sums", test_steps);
	g_test_add_func("/domain/cash-rounding/exact-only", test_exact_only);
	g_test_add_func("/domain/cash-rounding/table-is-sound", test_table_is_sound);
	g_test_add_func("/domain/cash-rounding/limits", test_limits);
	g_test_add_func("/domain/cash-rounding/random-settlements-balance",
			test_random_settlements);
	return g_test_run();
}
