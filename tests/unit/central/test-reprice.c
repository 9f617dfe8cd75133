/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "auditor.h"
#include "offer-sale.h"

#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct {
	CentralFixture fixture;
	TestTerminal till;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	central_fixture_init(&fixture->fixture, TRUE);
	json_decref(central_fixture_import(&fixture->fixture, "products", OFFER_SALE_ITEM, NULL));
	offer_sale_promotion(&fixture->fixture, "M", "");
	test_terminal_init(&fixture->till, &fixture->fixture);
	json_decref(test_terminal_hello(&fixture->till));
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	test_terminal_clear(&fixture->till);
	central_fixture_clear(&fixture->fixture);
}

static void
sell(Fixture *fixture, const OfferSale *offer)
{
	g_autoptr(json_t) answer =
	    test_terminal_push_one(&fixture->till, 200, offer_sale_entry(&fixture->till, offer));

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, "applied");
}

static void
check_counts(const json_t *answer, gint64 repriced, gint64 unjudged, gint64 mismatched)
{
	g_assert_cmpint(json_integer_value(json_object_get(answer, "repriced")), ==, repriced);
	g_assert_cmpint(json_integer_value(json_object_get(answer, "unjudged")), ==, unjudged);
	g_assert_cmpint(json_integer_value(json_object_get(answer, "mismatched")), ==, mismatched);
}

static void
check(Fixture *fixture, gint64 repriced, gint64 unjudged, gint64 mismatched)
{
	g_autoptr(json_t) answer =
	    central_fixture_verb(&fixture->fixture, NULL, "{\"verb\":\"check\"}");

	check_counts(answer, repriced, unjudged, mismatched);
	g_assert_cmpint(central_fixture_count(&fixture->fixture,
					      "SELECT count(*) FROM exception WHERE code = "
					      "'PRICE_MISMATCH' AND scope = 'store:014'"),
			==, mismatched);
}

static void
test_same(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");

	sell(fixture, &offer);
	check(fixture, 1, 0, 0);
	sell(fixture, &offer);
	check(fixture, 2, 0, 0);
}

/* Price, promotion and taxes change while a till goes on with what it has. */
static void
test_past(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");

	offer.chain = offer.as_of = offer_sale_head(&fixture->fixture, "chain");
	offer.shop = offer_sale_head(&fixture->fixture, "store:014");
	json_decref(central_fixture_import(&fixture->fixture, "prices",
					   "list,sku,price\nbase,PROBE,12.00\n", NULL));
	offer_sale_promotion(&fixture->fixture, "M", ",\"version\":2,\"valid\":{\"to_ms\":1000}");
	json_decref(central_fixture_import(
	    &fixture->fixture, "taxes",
	    "store,tax_class,id,name,rate_percent,inclusive\n014,untaxed,t,Tax,10,false\n", NULL));
	sell(fixture, &offer);
	check(fixture, 1, 0, 0);
}

/* Each figure that differs is told once, however often the books are checked. */
static void
test_differs(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale cheap = offer_sale(&fixture->fixture, "M");
	OfferSale generous = offer_sale(&fixture->fixture, "M");
	OfferSale forgetful = offer_sale(&fixture->fixture, "");
	gint64 head;

	cheap.unit_minor = 900;
	cheap.amount_minor = 270;
	generous.amount_minor = 301;
	forgetful.amount_minor = 0;
	sell(fixture, &cheap);
	sell(fixture, &generous);
	sell(fixture, &forgetful);
	check(fixture, 3, 0, 3);
	g_assert_cmpint(
	    central_fixture_count(&fixture->fixture,
				  "SELECT count(*) FROM exception WHERE instr(words, "
				  "'line 1 (PROBE): price 9.00, should be 10.00') + instr(words, "
				  "'\"M\" takes off 3.01, should be 3.00') + instr(words, "
				  "'\"M\" takes off 0.00, should be 3.00') > 0"),
	    ==, 3);
	head = offer_sale_head(&fixture->fixture, "store:014");
	check(fixture, 3, 0, 3);
	central_fixture_restart(&fixture->fixture);
	check(fixture, 3, 0, 3);
	g_assert_cmpint(offer_sale_head(&fixture->fixture, "store:014"), ==, head);
	g_assert_cmpint(central_fixture_count(&fixture->fixture, "SELECT count(*) FROM sale"), ==,
			3);
}

static void
test_unjudged(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale restored = offer_sale(&fixture->fixture, "M");
	OfferSale ahead = offer_sale(&fixture->fixture, "M");
	OfferSale undated = offer_sale(&fixture->fixture, "M");
	OfferSale early = offer_sale(&fixture->fixture, "M");

	restored.epoch = "0000000000000";
	ahead.chain = 1000000;
	undated.as_of = 0;
	early.as_of = 1; /* there was no such item yet */
	sell(fixture, &restored);
	sell(fixture, &ahead);
	sell(fixture, &undated);
	sell(fixture, &early);
	json_decref(test_terminal_push_one(&fixture->till, 200,
					   test_terminal_sale(&fixture->till, "MUG-SPK", 1)));
	check(fixture, 0, 5, 0);
}

/* Looking at everything once more writes nothing. */
static void
test_review(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale good = offer_sale(&fixture->fixture, "M");
	OfferSale bad = offer_sale(&fixture->fixture, "M");
	g_autoptr(json_t) answer = NULL;
	gint64 head;

	bad.amount_minor = 500;
	for (int i = 0; i < 120; i++)
		sell(fixture, i == 110 ? &bad : &good);
	check(fixture, 120, 0, 1);
	head = offer_sale_head(&fixture->fixture, "store:014");
	answer =
	    central_fixture_verb(&fixture->fixture, NULL, "{\"verb\":\"check\",\"prices\":true}");
	check_counts(answer, 120, 0, 1);
	g_assert_cmpuint(json_array_size(json_object_get(answer, "differences")), ==, 1);
	g_assert_cmpint(offer_sale_head(&fixture->fixture, "store:014"), ==, head);
}

/* The header was passed over long before its body came. */
static void
test_late_body(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	TillEntry *entry;
	g_autoptr(GBytes) body = NULL;
	g_autofree char *target = NULL;
	char hash[TILL_HASH_TEXT];

	offer.amount_minor = 400;
	entry = offer_sale_entry(&fixture->till, &offer);
	body = g_steal_pointer(&entry->body);
	till_crypto_hash_format(&entry->body_hash, hash);
	target = g_strdup_printf("/v1/t/%s/body/%s", fixture->till.terminal_id, hash);
	json_decref(test_terminal_push_one(&fixture->till, 200, entry));
	offer.amount_minor = 300;
	sell(fixture, &offer);
	check(fixture, 1, 0, 0);
	json_decref(test_terminal_ask(&fixture->till, 200, "PUT", target,
				      g_bytes_get_data(body, NULL), g_bytes_get_size(body)));
	check(fixture, 2, 0, 1);
}

/* A serving central does it by itself. */
static void
test_background(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	OfferSale offer = offer_sale(&fixture->fixture, "M");
	gint64 end = g_get_monotonic_time() + PATIENCE_US;
	gint64 raised = 0;

	till_auditor_start(fixture->fixture.central->auditor);
	offer.amount_minor = 100;
	sell(fixture, &offer);
	while (raised == 0 && g_get_monotonic_time() < end) {
		raised = central_fixture_count(&fixture->fixture, "SELECT mismatched FROM reprice");
		g_usleep(1000);
	}
	g_assert_cmpint(raised, ==, 1);
	check(fixture, 1, 0, 1);
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/central/reprice/a-sale-priced-as-it-should-be-says-nothing", test_same);
	ADD("/central/reprice/what-changed-later-is-no-difference", test_past);
	ADD("/central/reprice/one-unit-of-difference-is-told-once", test_differs);
	ADD("/central/reprice/what-cannot-be-judged-is-counted-and-not-told", test_unjudged);
	ADD("/central/reprice/everything-can-be-looked-at-again", test_review);
	ADD("/central/reprice/a-body-that-comes-late-is-judged-too", test_late_body);
	ADD("/central/reprice/it-goes-on-in-the-background", test_background);
	return g_test_run();
}
