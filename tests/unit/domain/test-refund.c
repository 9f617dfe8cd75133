/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-json.h"
#include "refund.h"
#include "till-sample.h"
#include "till-test.h"

#define ROUNDS 100000

/* A line that was sold: quantity, paid, one tax on top or inside, one discount. */
static TillPriced *
create_sold(gint64 quantity_milli, gint64 list_minor, gint64 discount_minor, gboolean weighed)
{
	TillPriceRules rules = till_sample_rules();
	TillPriced *sold = till_price_new(rules.currency);
	TillPricedLine *line = till_price_append_line(sold);
	char promo[] = "p", name[] = "Offer", code[] = "", tax_id[] = "t", words[] = "Tax";
	TillPricedDiscount discount = {.promotion = promo,
				       .version = 1,
				       .name = name,
				       .code = code,
				       .amount_minor = discount_minor};
	TillPricedTax tax = {.tax_id = tax_id,
			     .name = words,
			     .rate_ppm = 88750,
			     .base_minor = list_minor - discount_minor};

	line->line_id = 1;
	line->item = weighed ? till_sample_weighed("apples", 100) : till_sample_item("tee", 100);
	line->code = g_strdup("");
	line->note = g_strdup("");
	line->quantity_milli = quantity_milli;
	line->list_minor = list_minor;
	line->discount_minor = discount_minor;
	if (discount_minor > 0)
		till_price_append_discount(line->discounts, &discount);
	g_assert_true(till_rounding_scale(tax.base_minor, tax.rate_ppm, TILL_PPM,
					  TILL_ROUND_HALF_UP, &tax.amount_minor));
	till_price_append_tax(line->taxes, &tax);
	line->tax_minor = tax.amount_minor;
	line->total_minor = tax.base_minor + tax.amount_minor;
	g_assert_true(till_price_sum(sold, NULL));
	till_price_rules_clear(&rules);
	return sold;
}

static const TillPricedLine *
first(const TillPriced *priced)
{
	return g_ptr_array_index(priced->lines, 0);
}

static void
test_three_for_two_comes_back_one_by_one(void)
{
	g_autoptr(TillPriced) sold = create_sold(3000, 3000, 1000, FALSE);
	g_autoptr(TillRefundLine) line = till_refund_line_new(first(sold));
	g_autoptr(TillPriced) given = till_price_new(sold->currency);

	for (int i = 0; i < 3; i++)
		g_assert_cmpint(till_refund_line_take(line, 1000, given), ==, TILL_REFUND_OK);
	g_assert_true(till_price_sum(given, NULL));
	/* 20.00 and 1.78 of tax: 7.26 each time. */
	g_assert_cmpint(first(given)->total_minor, ==, 726);
	g_assert_cmpint(given->total_minor, ==, sold->total_minor);
	g_assert_cmpint(given->tax_minor, ==, sold->tax_minor);
	g_assert_cmpint(given->discount_minor, ==, sold->discount_minor);
	g_assert_cmpint(given->list_minor, ==, sold->list_minor);
	g_assert_cmpint(till_refund_line_take(line, 1000, given), ==, TILL_REFUND_GONE);
}

static void
test_what_makes_no_sense_is_refused(void)
{
	g_autoptr(TillPriced) sold = create_sold(2000, 2000, 0, FALSE);
	g_autoptr(TillRefundLine) line = till_refund_line_new(first(sold));

	g_assert_cmpint(till_refund_line_take(line, 0, NULL), ==, TILL_REFUND_NOTHING);
	g_assert_cmpint(till_refund_line_take(line, -1000, NULL), ==, TILL_REFUND_NOTHING);
	g_assert_cmpint(till_refund_line_take(line, 500, NULL), ==, TILL_REFUND_PIECES);
	g_assert_cmpint(till_refund_line_take(line, 3000, NULL), ==, TILL_REFUND_GONE);
	g_assert_cmpint(till_refund_line_ease(line, sold->total_minor + 1, NULL), ==,
			TILL_REFUND_WORTH);
	g_assert_cmpint(till_refund_line_left_minor(line), ==, sold->total_minor);
}

static void
test_money_alone_lowers_the_rest(void)
{
	g_autoptr(TillPriced) sold = create_sold(2000, 2000, 0, FALSE);
	g_autoptr(TillRefundLine) line = till_refund_line_new(first(sold));
	g_autoptr(TillPriced) given = till_price_new(sold->currency);

	g_assert_cmpint(till_refund_line_ease(line, 500, given), ==, TILL_REFUND_OK);
	g_assert_cmpint(first(given)->total_minor, ==, 500);
	g_assert_cmpint(first(given)->tax_minor, ==, 41); /* 1.78 · 5.00 / 21.78 */
	g_assert_cmpint(first(given)->quantity_milli, ==, 0);
	g_assert_cmpint(till_refund_line_take(line, 1000, given), ==, TILL_REFUND_OK);
	g_assert_cmpint(till_refund_line_take(line, 1000, given), ==, TILL_REFUND_OK);
	g_assert_true(till_price_sum(given, NULL));
	g_assert_cmpint(given->total_minor, ==, sold->total_minor);
	g_assert_cmpint(given->tax_minor, ==, sold->tax_minor);
	g_assert_cmpint(till_refund_line_left_minor(line), ==, 0);
}

static void
test_money_may_follow_goods(void)
{
	g_autoptr(TillPriced) sold = create_sold(3000, 1000, 0, FALSE);
	g_autoptr(TillRefundLine) line = till_refund_line_new(first(sold));
	g_autoptr(TillPriced) given = till_price_new(sold->currency);
	gint64 rest;

	g_assert_cmpint(till_refund_line_take(line, 1000, given), ==, TILL_REFUND_OK);
	rest = till_refund_line_left_minor(line);
	g_assert_cmpint(till_refund_line_ease(line, rest, given), ==, TILL_REFUND_OK);
	/* The goods may still come back, for nothing. */
	g_assert_cmpint(till_refund_line_take(line, 2000, given), ==, TILL_REFUND_OK);
	g_assert_true(till_price_sum(given, NULL));
	g_assert_cmpint(given->total_minor, ==, sold->total_minor);
	g_assert_cmpint(till_refund_line_ease(line, 1, NULL), ==, TILL_REFUND_WORTH);
}

static gint64
draw_part(GRand *random, const TillRefundLine *line)
{
	gint64 left = till_refund_line_left_milli(line);

	if (till_refund_line_sold(line)->item->weighed)
		return g_rand_int_range(random, 1, (gint32)left + 1);
	return g_rand_int_range(random, 1, (gint32)(left / 1000) + 1) * G_GINT64_CONSTANT(1000);
}

/* One random line brought back in random parts, money alone in between: never more than was paid,
 * no step below zero, and in the end exactly what was paid. */
static void
check_one(GRand *random)
{
	gboolean weighed = g_rand_boolean(random);
	gint64 quantity = weighed ? g_rand_int_range(random, 1, 9000)
				  : g_rand_int_range(random, 1, 12) * G_GINT64_CONSTANT(1000);
	gint64 list = g_rand_int_range(random, 0, 50000);
	gint64 discount = g_rand_int_range(random, 0, (gint32)list + 1);
	g_autoptr(TillPriced) sold = create_sold(quantity, list, discount, weighed);
	g_autoptr(TillRefundLine) line = till_refund_line_new(first(sold));
	g_autoptr(TillPriced) given = till_price_new(sold->currency);
	gint64 paid_back = 0;

	while (till_refund_line_left_milli(line) > 0) {
		gint64 worth = till_refund_line_left_minor(line);
		if (worth > 0 && g_rand_int_range(random, 0, 4) == 0)
			g_assert_cmpint(
			    till_refund_line_ease(
				line, g_rand_int_range(random, 1, (gint32)worth + 1), given),
			    ==, TILL_REFUND_OK);
		else
			g_assert_cmpint(till_refund_line_take(line, draw_part(random, line), given),
					==, TILL_REFUND_OK);
		const TillPricedLine *part = g_ptr_array_index(given->lines, given->lines->len - 1);
		g_assert_cmpint(part->total_minor, >=, 0);
		g_assert_cmpint(part->tax_minor, >=, 0);
		paid_back += part->total_minor;
		g_assert_cmpint(paid_back, <=, sold->total_minor);
		g_assert_cmpint(paid_back + till_refund_line_left_minor(line), ==,
				sold->total_minor);
	}
	g_assert_cmpint(paid_back, ==, sold->total_minor);
	if (given->lines->len > TILL_BASKET_LINES_MAX)
		return;
	g_assert_true(till_price_sum(given, NULL));
	g_assert_cmpint(given->tax_minor, ==, sold->tax_minor);
	g_assert_cmpint(given->discount_minor, ==, sold->discount_minor);
	g_assert_cmpint(given->list_minor, ==, sold->list_minor);
}

static void
test_any_sequence_gives_back_exactly(void)
{
	GRand *random = g_rand_new_with_seed(20261124);

	for (int i = 0; i < ROUNDS; i++)
		check_one(random);
	g_rand_free(random);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/refund/three-for-two-comes-back-one-by-one",
			test_three_for_two_comes_back_one_by_one);
	g_test_add_func("/domain/refund/what-makes-no-sense-is-refused",
			test_what_makes_no_sense_is_refused);
	g_test_add_func("/domain/refund/money-alone-lowers-the-rest",
			test_money_alone_lowers_the_rest);
	g_test_add_func("/domain/refund/money-may-follow-goods", test_money_may_follow_goods);
	g_test_add_func("/domain/refund/any-sequence-gives-back-exactly",
			test_any_sequence_gives_back_exactly);
	return g_test_run();
}
