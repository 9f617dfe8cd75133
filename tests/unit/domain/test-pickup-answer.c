/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-answer.h"

#include <string.h>

/* What the tests change of a pickup that would be fine. */
typedef struct {
	TillPickupToken token;
	TillPickupKnown known;
	TillPickupPolicy policy;
	TillPickupCheck check;
	gboolean is_known;
} Pickup;

static Pickup
make_sound(void)
{
	Pickup pickup = {
	    .token = {.key_id = 1, .serial = 2, .order = {{1}}, .fulfilment = {{2}}},
	    .known = {.number = "W-1042",
		      .store_code = "014",
		      .store_name = "Harbor",
		      .serial = 2,
		      .collected_at = "14:05 today",
		      .collected_in = "Harbor",
		      .collected_by = "Mia Chen",
		      .missing = "Linen shirt",
		      .staged_at = "Shelf B3"},
	    .policy = {.store_code = "014", .offline = TRUE, .hand_over_unknown = TRUE},
	    .check = TILL_PICKUP_VALID,
	    .is_known = TRUE,
	};

	pickup.known.order = pickup.token.order;
	pickup.known.fulfilment = pickup.token.fulfilment;
	return pickup;
}

static void
expect(const Pickup *pickup, TillPickupAnswerKind kind, gboolean hand_over, const char *words)
{
	TillPickupAnswer answer =
	    till_pickup_answer_give(pickup->check, &pickup->token,
				    pickup->is_known ? &pickup->known : NULL, &pickup->policy);

	g_test_message("%s", answer.words);
	g_assert_cmpint(answer.kind, ==, kind);
	g_assert_cmpint(answer.may_hand_over, ==, hand_over);
	g_assert_cmpint(answer.needs_id, ==, hand_over && kind == TILL_PICKUP_ANSWER_UNKNOWN_ORDER);
	g_assert_nonnull(strstr(answer.words, words));
	till_pickup_answer_clear(&answer);
	g_assert_null(answer.words);
}

static void
test_valid(void)
{
	Pickup pickup = make_sound();

	expect(&pickup, TILL_PICKUP_ANSWER_VALID, TRUE,
	       "Order W-1042 is ready. It lies at Shelf B3. Hand it over.");
	pickup.known.staged_at = "";
	expect(&pickup, TILL_PICKUP_ANSWER_VALID, TRUE, "Order W-1042 is ready. Hand it over.");
}

static void
test_what_the_token_says_comes_first(void)
{
	static const struct {
		TillPickupCheck check;
		TillPickupAnswerKind kind;
	} rows[] = {
	    {TILL_PICKUP_MALFORMED, TILL_PICKUP_ANSWER_MALFORMED},
	    {TILL_PICKUP_VERSION, TILL_PICKUP_ANSWER_VERSION},
	    {TILL_PICKUP_UNKNOWN_KEY, TILL_PICKUP_ANSWER_UNKNOWN_KEY},
	    {TILL_PICKUP_FORGED, TILL_PICKUP_ANSWER_FORGED},
	};
	Pickup pickup = make_sound();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		pickup.check = rows[i].check;
		pickup.is_known = TRUE;
		expect(&pickup, rows[i].kind, FALSE, till_pickup_token_words(rows[i].check));
		pickup.is_known = FALSE;
		expect(&pickup, rows[i].kind, FALSE, "ind the order");
	}
}

static void
test_already_collected_says_when_where_by_whom(void)
{
	Pickup pickup = make_sound();

	pickup.known.collected = TRUE;
	expect(&pickup, TILL_PICKUP_ANSWER_COLLECTED, FALSE,
	       "Order W-1042 was already collected at 14:05 today in Harbor by Mia Chen.");
	pickup.known.collected_at = pickup.known.collected_in = pickup.known.collected_by = "";
	expect(&pickup, TILL_PICKUP_ANSWER_COLLECTED, FALSE,
	       "Order W-1042 was already collected. Hand nothing over");
	pickup.check = TILL_PICKUP_EXPIRED;
	expect(&pickup, TILL_PICKUP_ANSWER_COLLECTED, FALSE, "already collected");
}

static void
test_other_store_says_which(void)
{
	Pickup pickup = make_sound();

	pickup.policy.store_code = "015";
	expect(&pickup, TILL_PICKUP_ANSWER_OTHER_STORE, FALSE, "waits in Harbor, not here");
	pickup.known.store_name = "";
	expect(&pickup, TILL_PICKUP_ANSWER_OTHER_STORE, FALSE, "waits in 014, not here");
}

static void
test_not_ready_says_what_is_missing(void)
{
	Pickup pickup = make_sound();

	pickup.known.missing_lines = 1;
	expect(&pickup, TILL_PICKUP_ANSWER_NOT_READY, FALSE, "one line is missing, Linen shirt.");
	pickup.known.missing_lines = 3;
	expect(&pickup, TILL_PICKUP_ANSWER_NOT_READY, FALSE,
	       "3 lines are missing, Linen shirt first. Pick it now");
	pickup.known.staged_lines = 1;
	expect(&pickup, TILL_PICKUP_ANSWER_NOT_READY, TRUE, "hand over the rest");
}

static void
test_replaced_and_expired(void)
{
	Pickup pickup = make_sound();

	pickup.known.serial = 3;
	expect(&pickup, TILL_PICKUP_ANSWER_REPLACED, FALSE, "A newer code");
	/* The till's cache may be behind the shopper's page. */
	pickup.known.serial = 1;
	expect(&pickup, TILL_PICKUP_ANSWER_VALID, TRUE, "ready");
	pickup.check = TILL_PICKUP_EXPIRED;
	expect(&pickup, TILL_PICKUP_ANSWER_EXPIRED, FALSE, "run out");
	pickup.is_known = FALSE;
	expect(&pickup, TILL_PICKUP_ANSWER_EXPIRED, FALSE, "run out");
}

static void
test_unknown_order_by_policy(void)
{
	Pickup pickup = make_sound();

	pickup.is_known = FALSE;
	expect(&pickup, TILL_PICKUP_ANSWER_UNKNOWN_ORDER, TRUE, "ID");
	pickup.policy.hand_over_unknown = FALSE;
	expect(&pickup, TILL_PICKUP_ANSWER_UNKNOWN_ORDER, FALSE, "Ask a manager");
	pickup.policy = (TillPickupPolicy){.store_code = "014", .hand_over_unknown = TRUE};
	expect(&pickup, TILL_PICKUP_ANSWER_UNKNOWN_ORDER, FALSE, "asked the central");
}

/* A cache row that is not the token's own proves nothing. */
static void
test_another_order_is_unknown(void)
{
	Pickup pickup = make_sound();

	pickup.policy.hand_over_unknown = FALSE;
	pickup.known.order.bytes[15] = 1;
	expect(&pickup, TILL_PICKUP_ANSWER_UNKNOWN_ORDER, FALSE, "does not have the order");
	pickup = make_sound();
	pickup.policy.hand_over_unknown = FALSE;
	pickup.known.fulfilment.bytes[15] = 1;
	expect(&pickup, TILL_PICKUP_ANSWER_UNKNOWN_ORDER, FALSE, "does not have the order");
}

/* All reasons at once: each is told once those before it are gone. */
static void
test_order_of_reasons(void)
{
	Pickup pickup = make_sound();

	pickup.check = TILL_PICKUP_EXPIRED;
	pickup.known.cancelled = pickup.known.collected = TRUE;
	pickup.known.serial = 9;
	pickup.known.missing_lines = 1;
	pickup.policy.store_code = "015";
	expect(&pickup, TILL_PICKUP_ANSWER_CANCELLED, FALSE, "was cancelled");
	pickup.known.cancelled = FALSE;
	expect(&pickup, TILL_PICKUP_ANSWER_COLLECTED, FALSE, "already");
	pickup.known.collected = FALSE;
	expect(&pickup, TILL_PICKUP_ANSWER_REPLACED, FALSE, "newer");
	pickup.known.serial = 2;
	expect(&pickup, TILL_PICKUP_ANSWER_EXPIRED, FALSE, "run out");
	pickup.check = TILL_PICKUP_VALID;
	expect(&pickup, TILL_PICKUP_ANSWER_OTHER_STORE, FALSE, "not here");
	pickup.policy.store_code = "014";
	expect(&pickup, TILL_PICKUP_ANSWER_NOT_READY, FALSE, "missing");
	pickup.known.missing_lines = 0;
	expect(&pickup, TILL_PICKUP_ANSWER_VALID, TRUE, "ready");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/pickup-answer/valid", test_valid);
	g_test_add_func("/domain/pickup-answer/the-token-speaks-first",
			test_what_the_token_says_comes_first);
	g_test_add_func("/domain/pickup-answer/collected-says-when-where-by-whom",
			test_already_collected_says_when_where_by_whom);
	g_test_add_func("/domain/pickup-answer/other-store-says-which",
			test_other_store_says_which);
	g_test_add_func("/domain/pickup-answer/not-ready-says-what-is-missing",
			test_not_ready_says_what_is_missing);
	g_test_add_func("/domain/pickup-answer/replaced-and-expired", test_replaced_and_expired);
	g_test_add_func("/domain/pickup-answer/unknown-order-by-policy",
			test_unknown_order_by_policy);
	g_test_add_func("/domain/pickup-answer/another-order-is-unknown",
			test_another_order_is_unknown);
	g_test_add_func("/domain/pickup-answer/order-of-reasons", test_order_of_reasons);
	return g_test_run();
}
