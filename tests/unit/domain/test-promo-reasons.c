/* SPDX-License-Identifier: Apache-2.0 */
#include "till-promo-sample.h"

#define OFF20 "'effects':[{'kind':'percent','rate_ppm':200000}]"

static TillPromoSample *
create_sample(const char *rest)
{
	TillPromoSample *sample = till_promo_sample_new();
	g_autofree char *json = g_strdup_printf("{'id':'p','name':'Offer',%s}", rest);

	till_promo_sample_line(sample, "tee", 1000, 1);
	till_promo_sample_promo(sample, json);
	return sample;
}

static TillPromoEngineReason
find_reason(TillPromoSample *sample)
{
	g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);
	const TillPromoEngineRefusal *refusal = till_promo_sample_refusal(result, "p");

	return refusal != NULL ? refusal->reason : TILL_PROMO_ENGINE_APPLIED;
}

static TillPromoEngineReason
answer_to(TillPromoSample *sample)
{
	g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);

	g_assert_cmpuint(result->coupons->len, ==, sample->coupons->len);
	return g_array_index(result->coupons, TillPromoEngineCouponAnswer, 0).reason;
}

static void
test_validity(void)
{
	g_autoptr(TillPromoSample) sample =
	    create_sample("'valid':{'from_ms':1000,'to_ms':2000}," OFF20);

	sample->context.now_ms = 999;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_NOT_YET);
	sample->context.now_ms = 1000;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_APPLIED);
	sample->context.now_ms = 2000;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_EXPIRED);
}

static void
test_hours_pass_midnight_with_their_day(void)
{
	g_autoptr(TillPromoSample) sample =
	    create_sample("'valid':{'weekdays':['fri'],'from_minute':1320,'to_minute':120}," OFF20);

	sample->context.weekday = 4;
	sample->context.minute = 1330;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_APPLIED);
	sample->context.minute = 60;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_NOT_NOW);
	sample->context.weekday = 5;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_APPLIED);
	sample->context.minute = 120;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_NOT_NOW);
}

static void
test_place_and_customer(void)
{
	const char *const groups[] = {"staff", NULL};
	g_autoptr(TillPromoSample) sample = create_sample(
	    "'where':{'stores':['014']},'who':{'groups':['staff'],'purchase':1}," OFF20);

	/* Looked up by group: without one the promotion is not even seen. */
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 1000);
	sample->context.groups = groups;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_NO_CUSTOMER);
	sample->context.customer = "c1";
	sample->context.purchases = 1;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_NOT_FOR_CUSTOMER);
	sample->context.purchases = 0;
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_APPLIED);
	sample->context.store = "002";
	g_assert_cmpint(find_reason(sample), ==, TILL_PROMO_ENGINE_NOT_HERE);
}

static void
test_coupons_say_why_not(void)
{
	g_autoptr(TillPromoSample) sample =
	    create_sample("'coupon':{'codes':['SANTA'],'uses':2,'uses_per_customer':1}," OFF20);

	till_promo_sample_coupon(sample, "rudolf", 0, 0);
	g_assert_cmpint(answer_to(sample), ==, TILL_PROMO_ENGINE_UNKNOWN);
	g_array_set_size(sample->coupons, 0);
	till_promo_sample_coupon(sample, "santa", 1, 1);
	g_assert_cmpint(answer_to(sample), ==, TILL_PROMO_ENGINE_NO_CUSTOMER);
	sample->context.customer = "c1";
	g_assert_cmpint(answer_to(sample), ==, TILL_PROMO_ENGINE_USED_BY_CUSTOMER);
	g_array_index(sample->coupons, TillPromoEngineCoupon, 0).customer_uses = 0;
	g_assert_cmpint(answer_to(sample), ==, TILL_PROMO_ENGINE_APPLIED);
	g_array_index(sample->coupons, TillPromoEngineCoupon, 0).uses = 2;
	g_assert_cmpint(answer_to(sample), ==, TILL_PROMO_ENGINE_USED_UP);
	g_assert_cmpstr(till_promo_engine_words(TILL_PROMO_ENGINE_USED_UP), !=, NULL);
}

static void
test_beaten_coupon_says_so(void)
{
	g_autoptr(TillPromoSample) sample =
	    create_sample("'group':'g','coupon':{'codes':['TEN']},"
			  "'effects':[{'kind':'percent','rate_ppm':100000}]");

	till_promo_sample_promo(sample, "{'id':'q','name':'Q','group':'g'," OFF20 "}");
	till_promo_sample_coupon(sample, "TEN", 0, 0);
	g_assert_cmpint(answer_to(sample), ==, TILL_PROMO_ENGINE_BEATEN);
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 800);
}

static void
test_near_misses_count_what_is_missing(void)
{
	g_autoptr(TillPromoSample) sample =
	    create_sample("'needs':[{'items':{'tags':['tee']},'quantity':2}]," OFF20);
	g_autoptr(TillPromoEngineResult) result = NULL;
	g_autofree char *words = NULL, *amount = NULL, *set = NULL, *far = NULL;

	till_promo_sample_promo(sample,
				"{'id':'q','name':'Ten off','needs':[{'amount_minor':1250}],"
				"'effects':[{'kind':'percent','rate_ppm':100000}]}");
	till_promo_sample_promo(sample, "{'id':'s','name':'3 for 2','effects':[{'kind':'percent',"
					"'on':'set','rate_ppm':1000000,'cheapest':1,'parts':[{"
					"'items':{'tags':['tee']},'quantity':3}]}]}");
	till_promo_sample_promo(sample, "{'id':'t','name':'Far','needs':[{'amount_minor':9000}],"
					"'effects':[{'kind':'percent','rate_ppm':100000}]}");
	result = till_promo_sample_run(sample);
	words = till_promo_engine_near_words(till_promo_sample_refusal(result, "p"), 2);
	g_assert_cmpstr(words, ==, "1 more for Offer");
	amount = till_promo_engine_near_words(till_promo_sample_refusal(result, "q"), 2);
	g_assert_cmpstr(amount, ==, "2.50 more for Ten off");
	set = till_promo_engine_near_words(till_promo_sample_refusal(result, "s"), 2);
	g_assert_cmpstr(set, ==, "2 more for 3 for 2");
	far = till_promo_engine_near_words(till_promo_sample_refusal(result, "t"), 2);
	g_assert_null(far);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/promo-reasons/validity", test_validity);
	g_test_add_func("/domain/promo-reasons/hours-pass-midnight-with-their-day",
			test_hours_pass_midnight_with_their_day);
	g_test_add_func("/domain/promo-reasons/place-and-customer", test_place_and_customer);
	g_test_add_func("/domain/promo-reasons/coupons-say-why-not", test_coupons_say_why_not);
	g_test_add_func("/domain/promo-reasons/beaten-coupon-says-so", test_beaten_coupon_says_so);
	g_test_add_func("/domain/promo-reasons/near-misses-count-what-is-missing",
			test_near_misses_count_what_is_missing);
	return g_test_run();
}
