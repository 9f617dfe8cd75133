/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "offer-sale.h"

typedef struct {
	CentralFixture fixture;
	TestTerminal till;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	central_fixture_init(&fixture->fixture, TRUE);
	test_terminal_init(&fixture->till, &fixture->fixture);
	json_decref(test_terminal_hello(&fixture->till));
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) answer =
	    central_fixture_verb(&fixture->fixture, NULL, "{\"verb\":\"check\"}");

	g_assert_cmpuint(json_array_size(json_object_get(answer, "problems")), ==, 0);
	test_terminal_clear(&fixture->till);
	central_fixture_clear(&fixture->fixture);
}

static gint64
count(Fixture *fixture, const char *sql)
{
	return central_fixture_count(&fixture->fixture, sql);
}

/* Pushes a sale and compares what was raised ("PROMO_LATE"; "": nothing). */
static void
sell(TestTerminal *till, const OfferSale *offer, const char *raised)
{
	g_autoptr(json_t) answer = test_terminal_push_one(till, 200, offer_sale_entry(till, offer));
	const json_t *result = json_array_get(json_object_get(answer, "results"), 0);
	const json_t *codes = json_object_get(result, "exceptions");

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==,
			*raised != '\0' ? "applied_exceptions" : "applied");
	g_assert_cmpuint(json_array_size(codes), ==, *raised != '\0' ? 1 : 0);
	if (*raised != '\0')
		g_assert_cmpstr(json_string_value(json_array_get(codes, 0)), ==, raised);
}

static gboolean
words_hold(Fixture *fixture, const char *code, const char *words)
{
	g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM exception WHERE code = '%s' "
					       "AND instr(words, '%s') > 0",
					       code, words);

	return count(fixture, sql) == 1;
}

static void
test_uses(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");

	offer_sale_promotion(&fixture->fixture, "M", ",\"limits\":{\"uses\":2}");
	sell(&fixture->till, &offer, "");
	sell(&fixture->till, &offer, "");
	sell(&fixture->till, &offer, "PROMO_LATE");
	g_assert_true(words_hold(fixture, "PROMO_LATE", "3.00 off by \"Mugs\" beyond its uses"));
	g_assert_cmpint(count(fixture, "SELECT uses * 10000 + spent_minor FROM promotion_use"), ==,
			30900);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM sale"), ==, 3);
}

/* What comes again counts no more, and a whole batch gives one row of the feed. */
static void
test_again(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	GPtrArray *batch = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	gint64 before;

	offer_sale_promotion(&fixture->fixture, "M", ",\"limits\":{\"budget_minor\":100000}");
	before = offer_sale_head(&fixture->fixture, "chain");
	for (int i = 0; i < 20; i++)
		g_ptr_array_add(batch, offer_sale_entry(&fixture->till, &offer));
	json_decref(test_terminal_push(&fixture->till, 200, g_ptr_array_ref(batch)));
	g_assert_cmpint(offer_sale_head(&fixture->fixture, "chain"), ==, before + 1);
	json_decref(test_terminal_push(&fixture->till, 200, batch));
	g_assert_cmpint(offer_sale_head(&fixture->fixture, "chain"), ==, before + 1);
	g_assert_cmpint(count(fixture, "SELECT uses FROM promotion_use"), ==, 20);
}

static void
test_unlimited(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	OfferSale by_hand = offer_sale(&fixture->fixture, "manual:1");
	OfferSale unknown = offer_sale(&fixture->fixture, "NEVER-HEARD-OF");
	gint64 before;

	offer_sale_promotion(&fixture->fixture, "M", "");
	before = offer_sale_head(&fixture->fixture, "chain");
	sell(&fixture->till, &offer, "");
	sell(&fixture->till, &by_hand, "");
	sell(&fixture->till, &unknown, "");
	g_assert_cmpint(offer_sale_head(&fixture->fixture, "chain"), ==, before);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM offer_use"), ==, 0);
}

/* Only the part beyond the budget was too much. */
static void
test_budget(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");

	offer_sale_promotion(&fixture->fixture, "M", ",\"limits\":{\"budget_minor\":400}");
	sell(&fixture->till, &offer, "");
	sell(&fixture->till, &offer, "PROMO_LATE");
	g_assert_true(words_hold(fixture, "PROMO_LATE", "2.00 off by \"Mugs\" beyond its budget"));
}

static void
test_customers(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale ann = offer_sale(&fixture->fixture, "M");
	OfferSale bob = offer_sale(&fixture->fixture, "M");

	ann.customer = "ann";
	bob.customer = "bob";
	offer_sale_promotion(&fixture->fixture, "M", ",\"limits\":{\"uses_per_customer\":1}");
	sell(&fixture->till, &ann, "");
	sell(&fixture->till, &bob, "");
	sell(&fixture->till, &ann, "PROMO_LATE");
	g_assert_cmpint(count(fixture, "SELECT uses FROM promotion_use WHERE customer = 'ann'"), ==,
			2);
	g_assert_cmpint(count(fixture, "SELECT uses FROM promotion_use WHERE customer = ''"), ==,
			3);
}

/* Judged by the corrected time: this till's clock is an hour behind. */
static void
test_time(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	gint64 now = till_central_now_ms(fixture->fixture.central);
	g_autofree char *rest =
	    g_strdup_printf(",\"valid\":{\"to_ms\":%" G_GINT64_FORMAT "}", now - 1800000);
	TillEntry *late;
	g_autoptr(json_t) answer = NULL;

	offer_sale_promotion(&fixture->fixture, "M", rest);
	offer.at_ms = now - 3600000;
	sell(&fixture->till, &offer, "");
	late = offer_sale_entry(&fixture->till, &offer);
	late->clock.offset_ms = 3600000;
	late->clock.uncertainty_ms = 500;
	answer = test_terminal_push_one(&fixture->till, 200, late);
	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, "applied_exceptions");
	g_assert_true(words_hold(fixture, "PROMO_LATE", "after it had ended"));
}

/* What a till could not know is no fault of its sale. */
static void
test_known_version(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	gint64 now = till_central_now_ms(fixture->fixture.central);
	g_autofree char *ended =
	    g_strdup_printf(",\"version\":2,\"valid\":{\"to_ms\":%" G_GINT64_FORMAT "}", now - 1);

	offer_sale_promotion(&fixture->fixture, "M", "");
	offer.chain = offer_sale_head(&fixture->fixture, "chain");
	offer_sale_promotion(&fixture->fixture, "M", ended);
	sell(&fixture->till, &offer, "");
	offer.chain = offer_sale_head(&fixture->fixture, "chain");
	sell(&fixture->till, &offer, "PROMO_LATE");
}

/* Both stores hear of a code that is good for one sale. */
static void
test_coupon(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	TestTerminal other;

	offer_sale_promotion(&fixture->fixture, "M",
			     ",\"coupon\":{\"codes\":[\"ONCE\"],\"uses\":1}");
	offer.code = "ONCE";
	test_terminal_init_at(&other, &fixture->fixture, "002");
	json_decref(test_terminal_hello(&other));
	sell(&other, &offer, "");
	sell(&fixture->till, &offer, "COUPON_OVERUSED");
	g_assert_cmpint(count(fixture, "SELECT uses FROM coupon_use WHERE code = 'ONCE'"), ==, 2);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM exception WHERE code = "
				       "'COUPON_OVERUSED' AND scope IN ('store:014', 'store:002') "
				       "AND instr(words, 'in store 014') > 0"),
			==, 2);
	test_terminal_clear(&other);
}

static void
test_coupon_customer(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");

	offer_sale_promotion(&fixture->fixture, "M",
			     ",\"coupon\":{\"codes\":[\"MINE\"],\"uses_per_customer\":1}");
	offer.code = "MINE";
	sell(&fixture->till, &offer, "");
	offer.customer = "ann";
	sell(&fixture->till, &offer, "");
	sell(&fixture->till, &offer, "COUPON_OVERUSED");
	g_assert_cmpint(count(fixture, "SELECT uses FROM coupon_use WHERE customer = 'ann'"), ==,
			2);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/central/offers/a-use-beyond-the-limit-stands-and-is-told", test_uses);
	ADD("/central/offers/a-sale-counts-once-and-a-batch-tells-the-feed-once", test_again);
	ADD("/central/offers/what-has-no-limit-is-not-counted", test_unlimited);
	ADD("/central/offers/beyond-the-budget-only-the-rest-is-too-much", test_budget);
	ADD("/central/offers/uses-are-counted-for-each-customer", test_customers);
	ADD("/central/offers/an-ended-offer-is-judged-by-the-corrected-time", test_time);
	ADD("/central/offers/the-rules-that-the-till-had-decide", test_known_version);
	ADD("/central/offers/a-code-used-twice-is-told-to-both-stores", test_coupon);
	ADD("/central/offers/a-code-is-counted-for-each-customer", test_coupon_customer);
	return g_test_run();
}
