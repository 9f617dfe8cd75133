/* SPDX-License-Identifier: Apache-2.0 */
#include "central-fixture.h"
#include "verdict.h"

#include <string.h>

#include "reading.h"

static void
check_books(CentralFixture *fixture, gint64 sales)
{
	g_autoptr(json_t) answer = central_fixture_verb(fixture, NULL, "{\"verb\":\"check\"}");

	g_assert_cmpint(json_integer_value(json_object_get(answer, "sales")), ==, sales);
}

static void
test_once(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TillEntry *sale;
	GPtrArray *again;
	g_autoptr(json_t) first = NULL;
	g_autoptr(json_t) second = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	sale = test_terminal_sale(&terminal, "MUG-SPK", 2);
	again = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_ptr_array_add(again, sale);
	first = test_terminal_push(&terminal, 200, g_ptr_array_ref(again));
	g_assert_cmpstr(test_result_text(first, 0, "outcome"), ==, "applied");
	second = test_terminal_push(&terminal, 200, again);
	g_assert_cmpstr(test_result_text(second, 0, "outcome"), ==, "duplicate");
	check_books(&fixture, 1);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT on_hand_milli FROM stock WHERE "
							"scope = 'store:014' AND sku = 'MUG-SPK'"),
			==, 13000);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
test_oversold(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	g_autoptr(json_t) answer = NULL;
	g_autoptr(json_t) later = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	answer =
	    test_terminal_push_one(&terminal, 200, test_terminal_sale(&terminal, "MUG-SPK", 16));
	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, "applied_exceptions");
	later = test_terminal_push_one(&terminal, 200, test_terminal_sale(&terminal, "MUG-SPK", 1));
	g_assert_cmpstr(test_result_text(later, 0, "outcome"), ==, "applied");
	/* Stock that nobody keeps cannot run out. */
	json_decref(test_terminal_push_one(&terminal, 200,
					   test_terminal_sale(&terminal, "NOT-STOCKED", 5)));
	g_assert_cmpint(central_fixture_count(&fixture,
					      "SELECT count(*) FROM exception WHERE scope = "
					      "'store:014' AND code = 'STOCK_OVERSOLD'"),
			==, 1);
	check_books(&fixture, 3);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
check_held(TestTerminal *terminal, TillEntry *entry, const char *reason)
{
	g_autoptr(json_t) answer = test_terminal_push_one(terminal, 200, entry);

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, "held");
	g_assert_cmpstr(test_result_text(answer, 0, "reason"), ==, reason);
}

static void
test_held(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TillEntry *forged;
	g_autoptr(json_t) good = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	check_held(&terminal, test_terminal_entry(&terminal, "moon-phase", 1, "{}"),
		   "NEEDS_UPGRADE");
	check_held(&terminal, test_terminal_entry(&terminal, "sale", 2, "{}"), "NEEDS_UPGRADE");
	check_held(&terminal, test_terminal_entry(&terminal, "sale", 1, "{\"lines\":1}"),
		   "UNREADABLE");
	forged = test_terminal_sale(&terminal, "MUG-SPK", 1);
	forged->signature.bytes[0] ^= 1;
	check_held(&terminal, forged, "BAD_SIGNATURE");
	good = test_terminal_push_one(&terminal, 200,
				      test_terminal_entry(&terminal, "sign-in", 1, "{}"));
	g_assert_cmpstr(test_result_text(good, 0, "outcome"), ==, "applied");
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT count(*) FROM exception WHERE resolved = 0"),
	    ==, 4);
	check_books(&fixture, 0);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
test_conflict(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TillEntry *first;
	TillEntry *second;
	TillUuid txn;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	first = test_terminal_sale(&terminal, "MUG-SPK", 1);
	txn = first->txn;
	json_decref(test_terminal_push_one(&terminal, 200, first));
	second = test_terminal_sale(&terminal, "MUG-SPK", 2);
	second->txn = txn;
	till_entry_seal(second, &g_array_index(terminal.chains, TillHash, 1));
	till_crypto_sign(terminal.key, second->chain.bytes, sizeof second->chain.bytes,
			 &second->signature);
	g_array_index(terminal.chains, TillHash, 2) = second->chain;
	terminal.chain = second->chain;
	check_held(&terminal, second, "ID_CONFLICT");
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM sale"), ==, 1);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
test_gap(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TillEntry *first;
	TillEntry *second;
	g_autoptr(json_t) problem = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	first = test_terminal_sale(&terminal, "MUG-SPK", 1);
	second = test_terminal_sale(&terminal, "MUG-SPK", 1);
	problem = test_terminal_push_one(&terminal, 409, second);
	g_assert_cmpint(json_integer_value(json_object_get(problem, "expected")), ==, 1);
	json_decref(test_terminal_push_one(&terminal, 200, first));
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
test_session(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	g_autofree char *old = NULL;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	old = g_strdup(terminal.session);
	json_decref(test_terminal_hello(&terminal));
	g_assert_cmpstr(old, !=, terminal.session);
	g_free(terminal.session);
	terminal.session = g_steal_pointer(&old);
	json_decref(
	    test_terminal_push_one(&terminal, 409, test_terminal_sale(&terminal, "MUG-SPK", 1)));
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static void
check_verdict(TestTerminal *terminal, const char *wanted, gboolean blocked)
{
	g_autoptr(json_t) answer = test_terminal_hello(terminal);
	const json_t *head = json_array_get(json_object_get(answer, "heads"), 0);

	g_assert_cmpstr(json_string_value(json_object_get(head, "verdict")), ==, wanted);
	g_assert_cmpint(json_is_true(json_object_get(answer, "blocked")), ==, blocked);
}

static void
test_clone(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TestTerminal copy;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	check_verdict(&terminal, "resume", FALSE);
	json_decref(
	    test_terminal_push_one(&terminal, 200, test_terminal_sale(&terminal, "MUG-SPK", 1)));
	copy = terminal;
	copy.session = g_strdup(terminal.session);
	copy.chains = g_array_copy(terminal.chains);
	copy.fingerprint = "second machine";
	json_decref(
	    test_terminal_push_one(&terminal, 200, test_terminal_sale(&terminal, "MUG-SPK", 1)));
	/* The copy lacks a row that is here: restored, as far as one can see. */
	check_verdict(&copy, "rollback", FALSE);
	/* The first speaks again: two are alive. */
	check_verdict(&terminal, "resume", TRUE);
	json_decref(
	    test_terminal_push_one(&terminal, 200, test_terminal_sale(&terminal, "MUG-SPK", 1)));
	till_entry_free(test_terminal_sale(&copy, "BOWL-SPK", 1));
	check_verdict(&copy, "fork", TRUE);
	g_assert_cmpint(central_fixture_count(&fixture,
					      "SELECT count(*) FROM exception WHERE code IN "
					      "('RESTORED_BACKUP', 'CLONE_SUSPECTED')"),
			==, 2);
	check_books(&fixture, 3);
	g_free(copy.session);
	g_array_unref(copy.chains);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

static gboolean
forbid_run(gpointer owner, gpointer data G_GNUC_UNUSED)
{
	TillCentral *central = owner;

	return till_db_run(till_db_query(central->db, "CREATE TRIGGER refuse BEFORE INSERT ON sale "
						      "WHEN new.total_minor = 1300 BEGIN SELECT "
						      "RAISE(ABORT, 'no thirteen'); END"),
			   NULL);
}

/* A sale the tables refuse is undone alone, after the batch was tried as a whole. */
static void
test_refused_by_table(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(json_t) answer = NULL;

	central_fixture_init(&fixture, TRUE);
	g_assert_true(till_writer_call(fixture.central->writer, forbid_run, NULL, NULL));
	test_terminal_init(&terminal, &fixture);
	json_decref(test_terminal_hello(&terminal));
	g_ptr_array_add(entries, test_terminal_sale(&terminal, "MUG-SPK", 1));
	g_ptr_array_add(entries, test_terminal_sale(&terminal, "MUG-SPK", 13));
	g_ptr_array_add(entries, test_terminal_sale(&terminal, "MUG-SPK", 2));
	answer = test_terminal_push(&terminal, 200, entries);
	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, "applied");
	g_assert_cmpstr(test_result_text(answer, 1, "reason"), ==, "UNREADABLE");
	g_assert_cmpstr(test_result_text(answer, 2, "outcome"), ==, "applied");
	check_books(&fixture, 2);
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

/* A crash is what a mapped file with a name in it looks like at the next start. */
static void
crash_while_reading(CentralFixture *fixture, const TillUuid *txn)
{
	g_autofree char *path = g_build_filename(fixture->data, "reading", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(TillUuid));
	TillReading *reading;

	reading = till_reading_open(path, left, &error);
	g_assert_no_error(error);
	g_assert_cmpint(till_reading_begin(reading, txn), >=, 0);
	till_reading_close(reading);
	central_fixture_restart(fixture);
}

static void
test_poison(void)
{
	CentralFixture fixture;
	TestTerminal terminal;
	TillEntry *sale;

	central_fixture_init(&fixture, TRUE);
	test_terminal_init(&terminal, &fixture);
	sale = test_terminal_sale(&terminal, "MUG-SPK", 1);
	crash_while_reading(&fixture, &sale->txn);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT sum(crashes) FROM attempt"), ==, 1);
	crash_while_reading(&fixture, &sale->txn);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT sum(crashes) FROM attempt"), ==, 2);
	central_fixture_restart(&fixture);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT sum(crashes) FROM attempt"), ==, 2);
	json_decref(test_terminal_hello(&terminal));
	check_held(&terminal, sale, "UNREADABLE");
	test_terminal_clear(&terminal);
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/journal/the-same-sale-twice-counts-once", test_once);
	g_test_add_func("/central/journal/selling-below-zero-is-applied-and-told-once",
			test_oversold);
	g_test_add_func("/central/journal/what-cannot-be-applied-is-held-and-nobody-waits",
			test_held);
	g_test_add_func("/central/journal/a-sale-the-tables-refuse-is-held-alone",
			test_refused_by_table);
	g_test_add_func("/central/journal/one-id-with-two-bodies-is-held", test_conflict);
	g_test_add_func("/central/journal/a-gap-names-the-number-to-go-on-with", test_gap);
	g_test_add_func("/central/journal/the-newest-session-wins", test_session);
	g_test_add_func("/central/journal/a-clone-is-found-and-its-sales-go-on", test_clone);
	g_test_add_func("/central/journal/an-entry-that-crashed-us-twice-is-kept-raw", test_poison);
	return g_test_run();
}
