/* SPDX-License-Identifier: Apache-2.0 */
#include "till-promo-sample.h"

#define NAMED(rest) "{'id':'p','name':'Offer'," rest "}"
#define OFF20 "'effects':[{'kind':'percent','rate_ppm':200000}]"

static void
test_percent_is_rounded_per_line(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 999, 10);
	till_promo_sample_promo(sample, NAMED("'effects':[{'kind':'percent','rate_ppm':150000}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 9990 - 1499);
	sample->context.policy.round_per_unit = TRUE;
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 9990 - 1500);
}

static void
test_amount_per_unit_stops_at_zero(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "mug", 2000, 3);
	till_promo_sample_promo(sample, NAMED("'effects':[{'kind':'amount','amount_minor':3000}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 0);
}

static void
test_fixed_price_never_raises(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 2500, 2);
	till_promo_sample_line(sample, "sock", 300, 1);
	till_promo_sample_promo(sample,
				NAMED("'effects':[{'kind':'fixed_price','price_minor':1000}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 2 * 1000 + 300);
}

static void
test_weighed_amount_is_per_kilogram(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	TillPromoLine *line = till_promo_sample_line(sample, "cherry", 1000, 1);

	line->weighed = TRUE;
	line->quantity_milli = 640;
	line->amount_minor = 640;
	till_promo_sample_promo(sample,
				NAMED("'effects':[{'kind':'fixed_price','price_minor':750}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 480);
}

static void
test_second_unit_at_half_price(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 1000, 5);
	till_promo_sample_promo(
	    sample,
	    NAMED("'effects':[{'kind':'percent','rate_ppm':500000,'from_unit':2,'units':1}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 4500);
}

static void
test_three_for_two_gives_the_cheapest_of_each_set(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 1000, 2);
	till_promo_sample_line(sample, "tee", 800, 2);
	till_promo_sample_line(sample, "tee", 500, 3);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'percent','on':'set','rate_ppm':1000000,'cheapest':1,"
			  "'parts':[{'items':{'tags':['tee']},'quantity':3}]}]"));
	/* 10, 10, 8 | 8, 5, 5 | 5 */
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 2000 + 1600 + 1500 - 800 - 500);
}

static void
test_n_for_a_price(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	g_autoptr(TillPromoEngineResult) result = NULL;

	till_promo_sample_line(sample, "sock", 400, 7);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'fixed_price','on':'set','price_minor':1000,"
			  "'parts':[{'items':{'tags':['sock']},'quantity':3}]}]"));
	result = till_promo_sample_run(sample);
	g_assert_cmpint(result->net_minor, ==, 2 * 1000 + 400);
	g_assert_cmpint(g_array_index(result->discounts, TillPromoEngineDiscount, 0).sets, ==, 2);
}

static void
test_buy_and_get_leaves_units_for_the_other_part(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	/* "Any item" would like the dear tee best, but only a tee can be the reward. */
	till_promo_sample_line(sample, "tee", 2000, 1);
	till_promo_sample_line(sample, "sock", 500, 1);
	till_promo_sample_promo(sample,
				NAMED("'effects':[{'kind':'percent','on':'set','rate_ppm':500000,"
				      "'parts':[{'quantity':1},"
				      "{'items':{'tags':['tee']},'quantity':1,'reward':true}]}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 1000 + 500);
}

static void
test_units_of_one_bundle_are_in_no_other(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 1000, 3);
	till_promo_sample_promo(
	    sample,
	    "{'id':'a','name':'A','effects':[{'kind':'amount','on':'set','amount_minor':500,"
	    "'parts':[{'items':{'tags':['tee']},'quantity':2}]}]}");
	till_promo_sample_promo(
	    sample,
	    "{'id':'b','name':'B','effects':[{'kind':'amount','on':'set','amount_minor':500,"
	    "'parts':[{'items':{'skus':['tee']},'quantity':2}]}]}");
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 2500);
}

static void
test_sets_are_counted_for_the_best_total(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	/* Ten units: 4 for less 4.00 and 3 for less 3.00. In order: 8.00; best: 4 + 3 + 3. */
	till_promo_sample_line(sample, "tee", 400, 10);
	till_promo_sample_promo(
	    sample,
	    "{'id':'a','name':'A','effects':[{'kind':'amount','on':'set','amount_minor':400,"
	    "'parts':[{'items':{'tags':['tee']},'quantity':4}]}]}");
	till_promo_sample_promo(
	    sample,
	    "{'id':'b','name':'B','effects':[{'kind':'amount','on':'set','amount_minor':300,"
	    "'parts':[{'items':{'tags':['tee']},'quantity':3}]}]}");
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 4000 - 1000);
}

static void
test_mix_and_match_set_price_is_shared_by_cost(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	g_autoptr(TillPromoEngineResult) result = NULL;

	till_promo_sample_line(sample, "main", 900, 1);
	till_promo_sample_line(sample, "side", 300, 1);
	till_promo_sample_line(sample, "drink", 250, 1);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'fixed_price','on':'set','price_minor':1000,'parts':["
			  "{'items':{'tags':['main']}},{'items':{'tags':['side']}},"
			  "{'items':{'tags':['drink']}}]}]"));
	result = till_promo_sample_run(sample);
	g_assert_cmpint(result->net_minor, ==, 1000);
	/* 4.50 off 9.00, 3.00, 2.50: 2.793, 0.931, 0.776 */
	g_assert_cmpint(till_promo_sample_net(result, 0), ==, 900 - 279);
	g_assert_cmpint(till_promo_sample_net(result, 1), ==, 300 - 93);
	g_assert_cmpint(till_promo_sample_net(result, 2), ==, 250 - 78);
}

static void
test_tiers_by_quantity_and_amount(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 1000, 5);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'percent','tiers':{'by':'line_quantity','steps':["
			  "{'from':2,'rate_ppm':50000},{'from':5,'rate_ppm':100000},"
			  "{'from':10,'rate_ppm':200000}]}}]"));
	till_promo_sample_promo(
	    sample, "{'id':'q','name':'Q','effects':[{'kind':'amount','on':'basket','tiers':{"
		    "'by':'basket_amount','steps':[{'from':4500,'amount_minor':300},"
		    "{'from':4501,'amount_minor':900}]}}]}");
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 4500 - 300);
}

static void
test_basket_discount_goes_by_largest_remainder(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	g_autoptr(TillPromoEngineResult) result = NULL;

	till_promo_sample_line(sample, "a", 100, 1);
	till_promo_sample_line(sample, "b", 100, 1);
	till_promo_sample_line(sample, "c", 101, 1);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'amount','on':'basket','amount_minor':100}]"));
	result = till_promo_sample_run(sample);
	g_assert_cmpint(till_promo_sample_net(result, 0), ==, 67);
	g_assert_cmpint(till_promo_sample_net(result, 1), ==, 67);
	g_assert_cmpint(till_promo_sample_net(result, 2), ==, 67);
}

static void
test_minimum_price_sends_the_rest_to_other_lines(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	g_autoptr(TillPromoEngineResult) result = NULL;

	till_promo_sample_line(sample, "tee", 5000, 2)->minimum_unit_minor = 4500;
	till_promo_sample_line(sample, "mug", 2000, 2);
	till_promo_sample_line(sample, "cup", 4000, 1);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'amount','on':'basket','amount_minor':2700}]"));
	result = till_promo_sample_run(sample);
	g_assert_cmpint(till_promo_sample_net(result, 0), ==, 9000);
	g_assert_cmpint(till_promo_sample_net(result, 1), ==, 4000 - 850);
	g_assert_cmpint(till_promo_sample_net(result, 2), ==, 4000 - 850);
}

static void
test_cheapest_unit_only(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "a", 1999, 2);
	till_promo_sample_line(sample, "b", 10999, 1);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'percent','on':'cheapest','rate_ppm':150000}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 3998 + 10999 - 300);
}

static void
test_stages_work_in_order(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	/* Given last, works first: 100.00 - 20 % = 80.00, then 10.00 off. */
	till_promo_sample_line(sample, "mug", 10000, 1);
	till_promo_sample_promo(sample,
				"{'id':'a','name':'A','priority':99,"
				"'effects':[{'kind':'amount','on':'basket','amount_minor':1000}]}");
	till_promo_sample_promo(sample, "{'id':'b','name':'B'," OFF20 "}");
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 7000);
}

static void
test_exclusive_against_all_others(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "mug", 10000, 1);
	till_promo_sample_promo(sample,
				"{'id':'a','name':'A','stacking':'exclusive','priority':5,"
				"'effects':[{'kind':'amount','on':'basket','amount_minor':1000}]}");
	till_promo_sample_promo(sample, "{'id':'b','name':'B'," OFF20 "}");
	till_promo_sample_promo(sample,
				"{'id':'c','name':'C','stacking':'always',"
				"'effects':[{'kind':'amount','on':'basket','amount_minor':100}]}");
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 7900);
	sample->context.policy.choice = TILL_PROMO_ENGINE_FIRST;
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 8900);
}

static void
test_best_of_a_group(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	g_autoptr(TillPromoEngineResult) result = NULL;

	till_promo_sample_line(sample, "tee", 3000, 1);
	till_promo_sample_promo(sample, "{'id':'a','name':'A','group':'g','priority':9,"
					"'effects':[{'kind':'percent','rate_ppm':110000}]}");
	till_promo_sample_promo(sample, "{'id':'b','name':'B','group':'g',"
					"'effects':[{'kind':'percent','rate_ppm':130000}]}");
	result = till_promo_sample_run(sample);
	g_assert_cmpint(result->net_minor, ==, 3000 - 390);
	g_assert_cmpint(till_promo_sample_refusal(result, "a")->reason, ==,
			TILL_PROMO_ENGINE_BEATEN);
}

static void
test_ties_go_by_priority_then_id(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 3000, 1);
	till_promo_sample_promo(sample, "{'id':'b','name':'B','group':'g'," OFF20 "}");
	till_promo_sample_promo(sample, "{'id':'c','name':'C','group':'g'," OFF20 "}");
	till_promo_sample_promo(sample,
				"{'id':'a','name':'A','group':'g','priority':-1," OFF20 "}");
	g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);
	g_assert_cmpuint(result->discounts->len, ==, 1);
	g_assert_cmpstr(g_array_index(result->discounts, TillPromoEngineDiscount, 0).promo->id, ==,
			"b");
}

static void
test_best_of_a_group_on_each_line(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	g_autoptr(TillPromoEngineResult) result = NULL;

	till_promo_sample_line(sample, "tee", 3000, 1);
	till_promo_sample_line(sample, "sock", 400, 1);
	till_promo_sample_promo(sample, "{'id':'a','name':'A','group':'g','group_lines':true,"
					"'effects':[{'kind':'percent','rate_ppm':100000}]}");
	till_promo_sample_promo(sample, "{'id':'b','name':'B','group':'g','group_lines':true,"
					"'effects':[{'kind':'amount','amount_minor':100}]}");
	result = till_promo_sample_run(sample);
	g_assert_cmpint(till_promo_sample_net(result, 0), ==, 2700);
	g_assert_cmpint(till_promo_sample_net(result, 1), ==, 300);
	g_assert_cmpuint(result->discounts->len, ==, 2);
}

static void
test_excluded_lines_are_left_alone(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	const char *const never[] = {"gift-card", NULL};

	till_promo_sample_line(sample, "tee", 1000, 1);
	till_promo_sample_line(sample, "gift-card", 5000, 1);
	till_promo_sample_line(sample, "final-sale", 1000, 1);
	till_promo_sample_line(sample, "hat", 1000, 1)->reduced = TRUE;
	till_promo_sample_line(sample, "cap", 1000, 1)->locked = TRUE;
	till_promo_sample_promo(
	    sample, NAMED("'skip_reduced':true,'excluded':{'categories':['final-sale']}," OFF20));
	sample->context.policy.never_tags = never;
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 9000 - 200);
}

static void
test_shelf_price_makes_a_line_reduced(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 2000, 1);
	till_promo_sample_line(sample, "mug", 4000, 1);
	till_promo_sample_promo(sample,
				"{'id':'s','name':'S','stage':'shelf','effects':[{'kind':'percent',"
				"'rate_ppm':250000,'items':{'skus':['tee']}}]}");
	till_promo_sample_promo(sample, NAMED("'skip_reduced':true,'effects':[{'kind':'percent',"
					      "'rate_ppm':500000}]"));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 1500 + 2000);
}

static void
test_gift_and_points(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "cabinet", 32000, 7);
	till_promo_sample_promo(
	    sample, NAMED("'effects':[{'kind':'gift','on':'set','sku':'bin','quantity':1,"
			  "'parts':[{'items':{'skus':['cabinet']},'quantity':3}]}]"));
	till_promo_sample_promo(sample, "{'id':'x','name':'X','effects':[{'kind':'points',"
					"'rate_ppm':2000000}]}");
	g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);
	g_assert_cmpint(result->discount_minor, ==, 0);
	g_assert_cmpuint(result->gifts->len, ==, 1);
	g_assert_cmpint(g_array_index(result->gifts, TillPromoEngineGift, 0).quantity, ==, 2);
	g_assert_cmpint(g_array_index(result->points, TillPromoEnginePoints, 0).amount_minor, ==,
			7 * 32000);
}

static void
test_units_limit_takes_the_dearest(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "sock", 500, 4);
	till_promo_sample_line(sample, "tee", 2000, 2);
	till_promo_sample_promo(sample, NAMED("'limits':{'units':3}," OFF20));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 6000 - 800 - 100);
}

static void
test_budget_is_refused_or_cut(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	const TillPromoEngineUsage used = {.promotion = "p", .spent_minor = 950};

	till_promo_sample_line(sample, "tee", 1000, 1);
	sample->context.usage = &used;
	sample->context.usage_count = 1;
	till_promo_sample_promo(sample, NAMED("'limits':{'budget_minor':1000}," OFF20));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 1000);
	g_ptr_array_set_size(sample->promos, 0);
	till_promo_sample_promo(sample,
				NAMED("'limits':{'budget_minor':1000,'budget_cut':true}," OFF20));
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 950);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/promo-engine/percent-is-rounded-per-line",
			test_percent_is_rounded_per_line);
	g_test_add_func("/domain/promo-engine/amount-per-unit-stops-at-zero",
			test_amount_per_unit_stops_at_zero);
	g_test_add_func("/domain/promo-engine/fixed-price-never-raises",
			test_fixed_price_never_raises);
	g_test_add_func("/domain/promo-engine/weighed-amount-is-per-kilogram",
			test_weighed_amount_is_per_kilogram);
	g_test_add_func("/domain/promo-engine/second-unit-at-half-price",
			test_second_unit_at_half_price);
	g_test_add_func("/domain/promo-engine/three-for-two-gives-the-cheapest-of-each-set",
			test_three_for_two_gives_the_cheapest_of_each_set);
	g_test_add_func("/domain/promo-engine/n-for-a-price", test_n_for_a_price);
	g_test_add_func("/domain/promo-engine/buy-and-get-leaves-units-for-the-other-part",
			test_buy_and_get_leaves_units_for_the_other_part);
	g_test_add_func("/domain/promo-engine/units-of-one-bundle-are-in-no-other",
			test_units_of_one_bundle_are_in_no_other);
	g_test_add_func("/domain/promo-engine/sets-are-counted-for-the-best-total",
			test_sets_are_counted_for_the_best_total);
	g_test_add_func("/domain/promo-engine/mix-and-match-set-price-is-shared-by-cost",
			test_mix_and_match_set_price_is_shared_by_cost);
	g_test_add_func("/domain/promo-engine/tiers-by-quantity-and-amount",
			test_tiers_by_quantity_and_amount);
	g_test_add_func("/domain/promo-engine/basket-discount-goes-by-largest-remainder",
			test_basket_discount_goes_by_largest_remainder);
	g_test_add_func("/domain/promo-engine/minimum-price-sends-the-rest-to-other-lines",
			test_minimum_price_sends_the_rest_to_other_lines);
	g_test_add_func("/domain/promo-engine/cheapest-unit-only", test_cheapest_unit_only);
	g_test_add_func("/domain/promo-engine/stages-work-in-order", test_stages_work_in_order);
	g_test_add_func("/domain/promo-engine/exclusive-against-all-others",
			test_exclusive_against_all_others);
	g_test_add_func("/domain/promo-engine/best-of-a-group", test_best_of_a_group);
	g_test_add_func("/domain/promo-engine/ties-go-by-priority-then-id",
			test_ties_go_by_priority_then_id);
	g_test_add_func("/domain/promo-engine/best-of-a-group-on-each-line",
			test_best_of_a_group_on_each_line);
	g_test_add_func("/domain/promo-engine/excluded-lines-are-left-alone",
			test_excluded_lines_are_left_alone);
	g_test_add_func("/domain/promo-engine/shelf-price-makes-a-line-reduced",
			test_shelf_price_makes_a_line_reduced);
	g_test_add_func("/domain/promo-engine/gift-and-points", test_gift_and_points);
	g_test_add_func("/domain/promo-engine/units-limit-takes-the-dearest",
			test_units_limit_takes_the_dearest);
	g_test_add_func("/domain/promo-engine/budget-is-refused-or-cut",
			test_budget_is_refused_or_cut);
	return g_test_run();
}
