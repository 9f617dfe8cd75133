/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "sale.h"

/* A sale of one mug at 10.00 with one discount, as a till writes it. */
typedef struct {
	const char *store; /* as the till says; the books go by where it is enrolled */
	const char *promotion;
	const char *code;     /* "" */
	const char *customer; /* "" */
	gint64 amount_minor;
	gint64 at_ms;
	gint64 chain; /* number of the feed; −1: as the central has it now */
} Offer;

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

/* rest: members of the promotion besides id, name and effects, each with a comma before it. */
static void
set_promotion(Fixture *fixture, const char *id, const char *rest)
{
	g_autofree char *text = g_strdup_printf(
	    "{\"promotions\":[{\"id\":\"%s\",\"name\":\"Mugs %s\",\"effects\":[{\"kind\":"
	    "\"percent\",\"rate_ppm\":300000}]%s}]}",
	    id, id, rest);

	json_decref(central_fixture_import(&fixture->fixture, "promotions", text, NULL));
}

static gint64
count(Fixture *fixture, const char *sql)
{
	return central_fixture_count(&fixture->fixture, sql);
}

static gint64
chain_head(Fixture *fixture)
{
	return count(fixture, "SELECT head FROM scope WHERE name = 'chain'");
}

static json_t *
make_pricing(Fixture *fixture, const Offer *offer)
{
	gint64 number = offer->chain >= 0 ? offer->chain : chain_head(fixture);
	g_autofree char *cursor =
	    g_strdup_printf("%s.%" G_GINT64_FORMAT, fixture->fixture.central->epoch, number);
	json_t *shopper = json_object();
	json_t *pricing = json_pack("{s:I, s:i, s:i, s:s, s:s, s:s, s:s}", "at_ms",
				    (json_int_t)offer->at_ms, "weekday", 0, "minute", 0, "channel",
				    "store", "store", "014", "chain", cursor, "shop", "");

	if (*offer->customer != '\0')
		json_object_set_new(shopper, "customer", json_pack("{s:s}", "id", offer->customer));
	if (*offer->code != '\0') {
		json_object_set_new(shopper, "coupons", json_pack("[s]", offer->code));
		json_object_set_new(pricing, "coupon_uses",
				    json_pack("[{s:s, s:i, s:i}]", "code", offer->code, "uses", 0,
					      "customer_uses", 0));
	}
	json_object_set_new(pricing, "shopper", shopper);
	return pricing;
}

static TillEntry *
make_sale(Fixture *fixture, TestTerminal *till, const Offer *offer)
{
	gint64 paid = 1000 - offer->amount_minor;
	g_autofree char *receipt =
	    till_sale_receipt_number(offer->store, "01", till->incarnation, till->seq + 1);
	json_t *line = json_pack(
	    "{s:i, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:i, s:i, s:i, s:I, s:i, s:I, s:[], "
	    "s:[{s:s, s:I}]}",
	    "line", 1, "sku", "MUG-SPK", "name", "Mug", "variant", "", "code", "MUG-SPK", "unit",
	    "ea", "weighed", 0, "tax_class", "zero", "price_list", "base", "quantity_milli", 1000,
	    "unit_minor", 1000, "list_minor", 1000, "discount_minor",
	    (json_int_t)offer->amount_minor, "tax_minor", 0, "total_minor", (json_int_t)paid,
	    "taxes", "discounts", "id", offer->promotion, "amount_minor",
	    (json_int_t)offer->amount_minor);
	json_t *discount =
	    json_pack("{s:s, s:i, s:s, s:I}", "id", offer->promotion, "version", 1, "name", "Mugs",
		      "amount_minor", (json_int_t)offer->amount_minor);
	g_autoptr(json_t) body = json_pack(
	    "{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:i, s:i, s:[o], s:[], s:[o], s:i, s:I, s:i, "
	    "s:I, s:[{s:s, s:I, s:I}], s:i, s:o}",
	    "receipt", receipt, "store", offer->store, "till", "01", "staff", "id", "s", "name",
	    "S", "currency", "USD", "opened_ms", 1, "closed_ms", 2, "lines", line, "taxes",
	    "discounts", discount, "list_minor", 1000, "discount_minor",
	    (json_int_t)offer->amount_minor, "tax_minor", 0, "total_minor", (json_int_t)paid,
	    "tenders", "kind", "cash", "tendered_minor", (json_int_t)paid, "amount_minor",
	    (json_int_t)paid, "change_minor", 0, "pricing", make_pricing(fixture, offer));
	g_autofree char *text = NULL;

	if (*offer->code != '\0')
		json_object_set_new(discount, "code", json_string(offer->code));
	text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	return test_terminal_entry(till, TILL_SALE_TYPE, TILL_SALE_VERSION, text);
}

/* Pushes a sale and compares what was raised ("PROMO_LATE"; "": nothing). */
static void
sell(Fixture *fixture, TestTerminal *till, const Offer *offer, const char *raised)
{
	g_autoptr(json_t) answer =
	    test_terminal_push_one(till, 200, make_sale(fixture, till, offer));
	const json_t *result = json_array_get(json_object_get(answer, "results"), 0);
	const json_t *codes = json_object_get(result, "exceptions");

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==,
			*raised != '\0' ? "applied_exceptions" : "applied");
	g_assert_cmpuint(json_array_size(codes), ==, *raised != '\0' ? 1 : 0);
	if (*raised != '\0')
		g_assert_cmpstr(json_string_value(json_array_get(codes, 0)), ==, raised);
}

static Offer
simple_offer(Fixture *fixture, const char *promotion)
{
	return (Offer){.store = "014",
		       .promotion = promotion,
		       .code = "",
		       .customer = "",
		       .amount_minor = 300,
		       .at_ms = till_central_now_ms(fixture->fixture.central),
		       .chain = -1};
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
	Offer offer = simple_offer(fixture, "M");

	set_promotion(fixture, "M", ",\"limits\":{\"uses\":2}");
	sell(fixture, &fixture->till, &offer, "");
	sell(fixture, &fixture->till, &offer, "");
	sell(fixture, &fixture->till, &offer, "PROMO_LATE");
	g_assert_true(words_hold(fixture, "PROMO_LATE", "3.00 off by \"Mugs\" beyond its uses"));
	g_assert_cmpint(count(fixture, "SELECT uses * 10000 + spent_minor FROM promotion_use"), ==,
			30900);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM sale"), ==, 3);
}

/* What comes again counts no more, and a whole batch gives one row of the feed. */
static void
test_again(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	Offer offer = simple_offer(fixture, "M");
	GPtrArray *batch = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	gint64 before;

	set_promotion(fixture, "M", ",\"limits\":{\"budget_minor\":100000}");
	before = chain_head(fixture);
	for (int i = 0; i < 20; i++)
		g_ptr_array_add(batch, make_sale(fixture, &fixture->till, &offer));
	json_decref(test_terminal_push(&fixture->till, 200, g_ptr_array_ref(batch)));
	g_assert_cmpint(chain_head(fixture), ==, before + 1);
	json_decref(test_terminal_push(&fixture->till, 200, batch));
	g_assert_cmpint(chain_head(fixture), ==, before + 1);
	g_assert_cmpint(count(fixture, "SELECT uses FROM promotion_use"), ==, 20);
}

static void
test_unlimited(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	Offer offer = simple_offer(fixture, "M");
	Offer by_hand = simple_offer(fixture, "manual:1");
	Offer unknown = simple_offer(fixture, "NEVER-HEARD-OF");
	gint64 before;

	set_promotion(fixture, "M", "");
	before = chain_head(fixture);
	sell(fixture, &fixture->till, &offer, "");
	sell(fixture, &fixture->till, &by_hand, "");
	sell(fixture, &fixture->till, &unknown, "");
	g_assert_cmpint(chain_head(fixture), ==, before);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM offer_use"), ==, 0);
}

/* Only the part beyond the budget was too much. */
static void
test_budget(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	Offer offer = simple_offer(fixture, "M");

	set_promotion(fixture, "M", ",\"limits\":{\"budget_minor\":400}");
	sell(fixture, &fixture->till, &offer, "");
	sell(fixture, &fixture->till, &offer, "PROMO_LATE");
	g_assert_true(words_hold(fixture, "PROMO_LATE", "2.00 off by \"Mugs\" beyond its budget"));
}

static void
test_customers(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	Offer ann = simple_offer(fixture, "M");
	Offer bob = simple_offer(fixture, "M");

	ann.customer = "ann";
	bob.customer = "bob";
	set_promotion(fixture, "M", ",\"limits\":{\"uses_per_customer\":1}");
	sell(fixture, &fixture->till, &ann, "");
	sell(fixture, &fixture->till, &bob, "");
	sell(fixture, &fixture->till, &ann, "PROMO_LATE");
	g_assert_cmpint(count(fixture, "SELECT uses FROM promotion_use WHERE customer = 'ann'"), ==,
			2);
	g_assert_cmpint(count(fixture, "SELECT uses FROM promotion_use WHERE customer = ''"), ==,
			3);
}

/* Judged by the corrected time: this till's clock is an hour behind. */
static void
test_time(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	Offer offer = simple_offer(fixture, "M");
	gint64 now = till_central_now_ms(fixture->fixture.central);
	g_autofree char *rest =
	    g_strdup_printf(",\"valid\":{\"to_ms\":%" G_GINT64_FORMAT "}", now - 1800000);
	TillEntry *late;
	g_autoptr(json_t) answer = NULL;

	set_promotion(fixture, "M", rest);
	offer.at_ms = now - 3600000;
	sell(fixture, &fixture->till, &offer, "");
	late = make_sale(fixture, &fixture->till, &offer);
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
	Offer offer = simple_offer(fixture, "M");
	gint64 now = till_central_now_ms(fixture->fixture.central);
	g_autofree char *ended =
	    g_strdup_printf(",\"version\":2,\"valid\":{\"to_ms\":%" G_GINT64_FORMAT "}", now - 1);

	set_promotion(fixture, "M", "");
	offer.chain = chain_head(fixture);
	set_promotion(fixture, "M", ended);
	sell(fixture, &fixture->till, &offer, "");
	offer.chain = chain_head(fixture);
	sell(fixture, &fixture->till, &offer, "PROMO_LATE");
}

/* Both stores hear of a code that is good for one sale. */
static void
test_coupon(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	Offer offer = simple_offer(fixture, "M");
	TestTerminal other;

	set_promotion(fixture, "M", ",\"coupon\":{\"codes\":[\"ONCE\"],\"uses\":1}");
	offer.code = "ONCE";
	test_terminal_init_at(&other, &fixture->fixture, "002");
	json_decref(test_terminal_hello(&other));
	sell(fixture, &other, &offer, "");
	sell(fixture, &fixture->till, &offer, "COUPON_OVERUSED");
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
	Offer offer = simple_offer(fixture, "M");

	set_promotion(fixture, "M", ",\"coupon\":{\"codes\":[\"MINE\"],\"uses_per_customer\":1}");
	offer.code = "MINE";
	sell(fixture, &fixture->till, &offer, "");
	offer.customer = "ann";
	sell(fixture, &fixture->till, &offer, "");
	sell(fixture, &fixture->till, &offer, "COUPON_OVERUSED");
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
