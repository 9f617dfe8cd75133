/* SPDX-License-Identifier: Apache-2.0 */
#include "return-quote.h"

#include <string.h>

#include "central-fixture.h"
#include "return.h"
#include "sale.h"
#include "till-return-sample.h"

#define SKU "MUG-SPK"
#define DAY_MS G_GINT64_CONSTANT(86400000)

typedef struct {
	CentralFixture central;
	TestTerminal here, there; /* of stores 014 and 002 */
	guint returns;
} Fixture;

static void
begin(Fixture *fixture)
{
	fixture->returns = 0;
	central_fixture_init(&fixture->central, TRUE);
	test_terminal_init(&fixture->here, &fixture->central);
	test_terminal_init_at(&fixture->there, &fixture->central, "002");
	json_decref(test_terminal_hello(&fixture->here));
	json_decref(test_terminal_hello(&fixture->there));
}

/* The books must be sound after every test. */
static void
end(Fixture *fixture)
{
	g_autoptr(json_t) report =
	    central_fixture_verb(&fixture->central, NULL, "{\"verb\":\"check\"}");
	const json_t *problems = json_object_get(report, "problems");

	g_assert_true(json_is_array(problems));
	for (gsize i = 0; i < json_array_size(problems); i++)
		g_test_message("%s", json_string_value(json_array_get(problems, i)));
	g_assert_cmpuint(json_array_size(problems), ==, 0);
	test_terminal_clear(&fixture->here);
	test_terminal_clear(&fixture->there);
	central_fixture_clear(&fixture->central);
}

static gint64
now(const Fixture *fixture)
{
	return till_central_now_ms(fixture->central.central);
}

static TillEntry *
sell(Fixture *fixture, gint64 pieces)
{
	return test_terminal_sale_at(&fixture->here, SKU, pieces, now(fixture) - DAY_MS);
}

static TillSold *
read_sold(const TillEntry *entry)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillSale) sale = till_sale_from_bytes(entry->body, &error);

	g_assert_no_error(error);
	return till_sold_from_sale(sale, &entry->txn);
}

static void
set_text(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

static TillReturn *
make_return(Fixture *fixture, const TillSold *sold, gint64 pieces, const TillPriced *taken)
{
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	TillReturnAsk ask = {.line = 1, .milli = pieces * 1000, .reason = "too small"};
	TillReturnRequest request = {.sold = sold,
				     .policy = policy,
				     .asks = &ask,
				     .ask_count = 1,
				     .taken = taken,
				     .now_ms = now(fixture)};
	g_autoptr(GError) error = NULL;
	g_autoptr(TillReturnQuote) quote = till_return_quote(&request, &error);
	g_autofree char *receipt = g_strdup_printf("014-02-RET-%06u", ++fixture->returns);
	TillReturn *done;

	g_assert_no_error(error);
	g_assert_cmpint(quote->value_minor, >, 0);
	done = till_return_sample_entry(&request, quote);
	set_text(&done->receipt, receipt);
	done->source_txn = sold->txn;
	set_text(&done->source_receipt, sold->receipt);
	set_text(&done->source_store, sold->store);
	done->closed_ms = now(fixture);
	return done;
}

/* Takes done over. */
static TillEntry *
seal(TestTerminal *terminal, TillReturn *done)
{
	g_autoptr(GBytes) body = till_return_to_bytes(done);
	g_autofree char *text = g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));

	till_return_free(done);
	return test_terminal_entry(terminal, TILL_RETURN_TYPE, TILL_RETURN_VERSION, text);
}

static void
push(TestTerminal *terminal, TillEntry *entry, const char *outcome, const char *reason)
{
	g_autoptr(json_t) answer = test_terminal_push_one(terminal, 200, entry);

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, outcome);
	g_assert_cmpstr(test_result_text(answer, 0, "reason"), ==, reason);
}

static gint64
count(Fixture *fixture, const char *sql)
{
	return central_fixture_count(&fixture->central, sql);
}

#define STOCK_SQL(store)                                                                           \
	"SELECT on_hand_milli FROM stock WHERE scope = 'store:" store "' AND sku = '" SKU "'"

static void
test_applied(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	TillEntry *sale;
	gint64 before;

	begin(&fixture);
	before = count(&fixture, STOCK_SQL("014"));
	sale = sell(&fixture, 3);
	sold = read_sold(sale);
	push(&fixture.here, sale, "applied", "");
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, before - 3000);
	push(&fixture.here, seal(&fixture.here, make_return(&fixture, sold, 1, NULL)), "applied",
	     "");
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, before - 2000);
	g_assert_cmpint(count(&fixture, "SELECT json_extract(body, '$.back[0].milli') FROM "
					"past_sale WHERE scope = 'store:014'"),
			==, 1000);
	g_assert_cmpint(count(&fixture, "SELECT amount_minor FROM return_refund"), ==, 100);
	end(&fixture);
}

/* The store that took it back has another stock than the one that sold it; both know. */
static void
test_elsewhere(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	TillEntry *sale;
	gint64 here, there;

	begin(&fixture);
	sale = sell(&fixture, 2);
	sold = read_sold(sale);
	push(&fixture.here, sale, "applied", "");
	here = count(&fixture, STOCK_SQL("014"));
	there = count(&fixture, STOCK_SQL("002"));
	push(&fixture.there, seal(&fixture.there, make_return(&fixture, sold, 2, NULL)), "applied",
	     "");
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, here);
	g_assert_cmpint(count(&fixture, STOCK_SQL("002")), ==, there + 2000);
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM past_sale WHERE json_extract(body, "
					"'$.back[0].milli') = 2000"),
			==, 2);
	end(&fixture);
}

/* Two tills that did not hear of each other: both stand, both stores are told once. */
static void
test_twice(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	TillEntry *sale;
	TillReturn *first, *second;

	begin(&fixture);
	sale = sell(&fixture, 2);
	sold = read_sold(sale);
	first = make_return(&fixture, sold, 2, NULL);
	second = make_return(&fixture, sold, 2, NULL);
	push(&fixture.here, sale, "applied", "");
	push(&fixture.here, seal(&fixture.here, first), "applied", "");
	push(&fixture.there, seal(&fixture.there, second), "applied_exceptions", "");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM exception WHERE code = "
					"'OVER_RETURNED' AND resolved = 0"),
			==, 2);
	g_assert_cmpint(count(&fixture, "SELECT count(DISTINCT scope) FROM exception WHERE code = "
					"'OVER_RETURNED'"),
			==, 2);
	g_assert_cmpint(count(&fixture, "SELECT sum(amount_minor) FROM return_refund"), ==, 400);
	end(&fixture);
}

static void
test_waits(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	TillEntry *sale;
	gint64 there;

	begin(&fixture);
	there = count(&fixture, STOCK_SQL("002"));
	sale = sell(&fixture, 2);
	sold = read_sold(sale);
	push(&fixture.there, seal(&fixture.there, make_return(&fixture, sold, 1, NULL)), "held",
	     "WAITS_FOR");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM exception WHERE code = 'WAITS_FOR' "
					"AND severity = 'info' AND resolved = 0"),
			==, 1);
	till_test_clock_advance(&fixture.central.clock, DAY_MS + 1);
	push(&fixture.there, test_terminal_entry(&fixture.there, "sign-in", 1, "{}"), "applied",
	     "");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM exception WHERE code = 'WAITS_FOR' "
					"AND severity = 'warning'"),
			==, 1);
	g_assert_cmpint(count(&fixture, STOCK_SQL("002")), ==, there);
	push(&fixture.here, sale, "applied", "");
	g_assert_cmpint(count(&fixture, STOCK_SQL("002")), ==, there + 1000);
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM return_wait"), ==, 0);
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM entry WHERE outcome = 'held'"), ==,
			0);
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM exception WHERE code = 'WAITS_FOR' "
					"AND resolved = 0"),
			==, 0);
	end(&fixture);
}

/* A return and its sale in one batch of one till, the return first (by a clone's order, say). */
static void
test_waits_in_batch(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(json_t) answer = NULL;
	TillEntry *sale;
	gint64 before;

	begin(&fixture);
	before = count(&fixture, STOCK_SQL("014"));
	sale = sell(&fixture, 2);
	sold = read_sold(sale);
	g_ptr_array_add(entries, sale);
	g_ptr_array_add(entries, seal(&fixture.here, make_return(&fixture, sold, 1, NULL)));
	g_ptr_array_add(entries, seal(&fixture.here, make_return(&fixture, sold, 1, NULL)));
	answer = test_terminal_push(&fixture.here, 200, entries);
	for (gsize i = 0; i < 3; i++)
		g_assert_cmpstr(test_result_text(answer, i, "outcome"), ==, "applied");
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, before);
	end(&fixture);
}

static void
test_credit_and_intent(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	TillEntry *sale;
	TillReturn *credit, *card;
	TillReturnRefund *refund;

	begin(&fixture);
	sale = sell(&fixture, 3);
	sold = read_sold(sale);
	push(&fixture.here, sale, "applied", "");
	credit = make_return(&fixture, sold, 1, NULL);
	refund = g_ptr_array_index(credit->refunds, 0);
	set_text(&refund->as, "credit");
	set_text(&refund->code, "CR-0000-0000-000A");
	push(&fixture.here, seal(&fixture.here, credit), "applied", "");
	g_assert_cmpint(count(&fixture, "SELECT balance_minor FROM credit WHERE code = "
					"'CR-0000-0000-000A' AND currency = 'USD'"),
			==, 100);
	card = make_return(&fixture, sold, 1, NULL);
	refund = g_ptr_array_index(card->refunds, 0);
	set_text(&refund->as, "card");
	set_text(&refund->reference, "pay-77");
	refund->intent = TRUE;
	push(&fixture.here, seal(&fixture.here, card), "applied_exceptions", "");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM exception WHERE code = "
					"'REFUND_INTENT' AND words LIKE '%1.00 USD%pay-77%'"),
			==, 1);
	end(&fixture);
}

static void
test_aside(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	TillEntry *sale;
	gint64 before;

	begin(&fixture);
	sale = sell(&fixture, 3);
	sold = read_sold(sale);
	push(&fixture.here, sale, "applied", "");
	before = count(&fixture, STOCK_SQL("014"));
	for (guint i = 0; i < 2; i++) {
		TillReturn *done = make_return(&fixture, sold, 1, NULL);
		((TillReturnPart *)g_ptr_array_index(done->parts, 0))->disposition =
		    TILL_RETURN_TO_VENDOR;
		push(&fixture.here, seal(&fixture.here, done), "applied", "");
	}
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, before);
	g_assert_cmpint(count(&fixture, "SELECT milli FROM stock_aside WHERE scope = 'store:014' "
					"AND sku = '" SKU "' AND disposition = 'vendor'"),
			==, 2000);
	end(&fixture);
}

/* One for one; what went out is a sale of its own that comes back in turn. */
static void
test_exchange(void)
{
	Fixture fixture;
	g_autoptr(TillSold) sold = NULL;
	g_autoptr(TillSold) taken = NULL;
	g_autoptr(TillPriced) goods = NULL;
	g_autoptr(TillReturn) kept = NULL;
	TillEntry *sale, *exchange;
	gint64 before;

	begin(&fixture);
	sale = sell(&fixture, 1);
	sold = read_sold(sale);
	push(&fixture.here, sale, "applied", "");
	before = count(&fixture, STOCK_SQL("014"));
	goods = till_price_copy(sold->priced);
	exchange = seal(&fixture.here, make_return(&fixture, sold, 1, goods));
	kept = till_return_from_bytes(exchange->body, NULL);
	taken = till_return_sold(kept, &exchange->txn);
	push(&fixture.here, exchange, "applied", "");
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, before);
	g_assert_cmpint(count(&fixture, "SELECT moved_milli FROM return_taken"), ==, 1000);
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM past_sale WHERE scope = "
					"'store:014'"),
			==, 2);
	push(&fixture.here, seal(&fixture.here, make_return(&fixture, taken, 1, NULL)), "applied",
	     "");
	g_assert_cmpint(count(&fixture, STOCK_SQL("014")), ==, before + 1000);
	end(&fixture);
}

/* Bytes that are no return are kept and held, and nothing else is harmed. */
static void
test_unreadable(void)
{
	Fixture fixture;

	begin(&fixture);
	push(&fixture.here, test_terminal_entry(&fixture.here, TILL_RETURN_TYPE, 1, "{}"), "held",
	     "UNREADABLE");
	push(&fixture.here, test_terminal_entry(&fixture.here, TILL_RETURN_TYPE, 2, "{}"), "held",
	     "NEEDS_UPGRADE");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM return_book"), ==, 0);
	end(&fixture);
}

/* What a store is told of its past ends after so many days, or never begins. */
static void
test_trimmed(void)
{
	Fixture fixture;

	begin(&fixture);
	push(&fixture.here, sell(&fixture, 1), "applied", "");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM past_sale"), ==, 1);
	till_test_clock_advance(&fixture.central.clock, 90 * DAY_MS);
	push(&fixture.here, test_terminal_entry(&fixture.here, "sign-in", 1, "{}"), "applied", "");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM past_sale"), ==, 0);
	json_decref(central_fixture_import(&fixture.central, "settings",
					   "store,name,value\n014,past_sale_days,0\n", NULL));
	push(&fixture.here, sell(&fixture, 1), "applied", "");
	g_assert_cmpint(count(&fixture, "SELECT count(*) FROM past_sale"), ==, 0);
	end(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/returns/goods-and-money-go-back", test_applied);
	g_test_add_func("/central/returns/in-another-store", test_elsewhere);
	g_test_add_func("/central/returns/twice-stands-and-is-told-to-both", test_twice);
	g_test_add_func("/central/returns/one-waits-for-its-sale", test_waits);
	g_test_add_func("/central/returns/with-its-sale-in-one-batch", test_waits_in_batch);
	g_test_add_func("/central/returns/credit-and-card-intent", test_credit_and_intent);
	g_test_add_func("/central/returns/aside-is-counted-apart", test_aside);
	g_test_add_func("/central/returns/an-exchange-comes-back-in-turn", test_exchange);
	g_test_add_func("/central/returns/bytes-that-are-none", test_unreadable);
	g_test_add_func("/central/returns/the-past-has-an-end", test_trimmed);
	return g_test_run();
}
