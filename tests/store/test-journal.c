/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"
#include "identity.h"
#include "ledger-row.h"
#include "outbox.h"

static void
assert_verifies(TillStore *store, gint64 rows)
{
	GError *error = NULL;
	TillJournalCheck check;
	gboolean ok = till_journal_verify(store, &check, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_assert_cmpstr(check.problem, ==, NULL);
	g_assert_cmpint(check.rows, ==, rows);
	till_journal_check_clear(&check);
}

static void
append_three(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillHash chain;
	const TillSigningKey *key = till_identity_key(store, &error);
	g_assert_no_error(error);
	for (gint64 seq = 1; seq <= 3; seq++) {
		g_autoptr(TillEntry) entry = till_fixture_sell(store, "TEE-1", 1000, &error);
		g_assert_no_error(error);
		g_assert_cmpint(entry->seq, ==, seq);
		if (seq == 1)
			till_entry_genesis(entry->incarnation, &chain);
		g_assert_cmpstr(till_entry_fault(entry, &chain), ==, NULL);
		g_assert_true(till_crypto_verify(till_crypto_key_public(key), &entry->chain,
						 sizeof entry->chain, &entry->signature));
		g_assert_cmpint(entry->clock.wall_ms, ==, TILL_FIXTURE_NOW_MS);
		chain = entry->chain;
	}
	g_assert_cmpuint(fixture->committed, ==, 3);
	assert_verifies(store, 3);
}

static void
test_append(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, append_three);
	till_fixture_free(fixture);
}

static void
append_fourth(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(TillEntry) entry = till_fixture_sell(store, "TEE-1", 1000, &error);
	g_assert_no_error(error);
	g_assert_cmpint(entry->seq, ==, 4);
	assert_verifies(store, 4);
}

static void
test_reopen(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, append_three);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, append_fourth);
	g_autofree char *trouble = till_store_trouble(fixture->store);
	g_assert_cmpstr(trouble, ==, NULL);
	till_fixture_free(fixture);
}

static void
refuse_unenrolled(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_assert_null(till_fixture_sell(store, "TEE-1", 1000, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "not enrolled");
	g_assert_null(till_identity_load(store, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "tillctl");
}

static void
test_unenrolled(void)
{
	TillFixture *fixture = till_fixture_new_empty();
	till_fixture_open(fixture);
	till_fixture_do(fixture, refuse_unenrolled);
	till_fixture_free(fixture);
}

static GBytes *
build_fixed(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)error;
	return g_bytes_new(user, strlen(user));
}

static void
repeat_txn(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	char body[] = "{\"a\":1}";
	char other[] = "{\"a\":2}";
	TillJournalDraft draft = {.type = "no-sale",
				  .version = 1,
				  .txn = till_uuid_random(),
				  .business_date = "2026-11-23",
				  .build = build_fixed,
				  .user = body};
	g_autoptr(TillEntry) first = till_journal_append(store, &draft, &error);
	g_assert_no_error(error);
	draft.user = other;
	g_autoptr(TillEntry) second = till_journal_append(store, &draft, &error);
	g_assert_no_error(error);
	g_assert_cmpint(second->seq, ==, first->seq);
	g_assert_true(g_bytes_equal(first->body, second->body));
	assert_verifies(store, 1);
}

static void
test_same_txn(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, repeat_txn);
	till_fixture_free(fixture);
}

static GBytes *
build_nothing(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)user;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "no body today");
	return NULL;
}

static GBytes *
build_huge(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)user;
	(void)error;
	return g_bytes_new_take(g_malloc0(TILL_ENTRY_BODY_MAX + 1), TILL_ENTRY_BODY_MAX + 1);
}

static void
refuse_bodies(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	TillJournalDraft draft = {
	    .type = "sale", .version = 1, .business_date = "2026-11-23", .build = build_nothing};
	g_assert_null(till_journal_append(store, &draft, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "no body today");
	draft.build = build_huge;
	g_assert_null(till_journal_append(store, &draft, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "too large");
	g_autoptr(TillEntry) next = till_fixture_sell(store, "TEE-1", 1000, &error);
	g_assert_no_error(error);
	g_assert_cmpint(next->seq, ==, 1);
}

static void
test_refused_body(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, refuse_bodies);
	till_fixture_free(fixture);
}

static GBytes *
build_receipt(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)user;
	(void)error;
	char text[14];
	till_id_incarnation_format(stamp->incarnation, text);
	g_autofree char *body = g_strdup_printf(
	    "{\"receipt\":\"014-02-%.3s-%06" G_GINT64_FORMAT "\"}", text, stamp->seq);
	return g_bytes_new(body, strlen(body));
}

static void
find_things(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	TillJournalDraft draft = {.type = "sale",
				  .version = 1,
				  .business_date = "2026-11-23",
				  .build = build_receipt,
				  .receipt_store = "014",
				  .receipt_till = "02",
				  .total_minor = 777};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) rows = till_journal_list(store, "sale", 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, ==, 1);
	const TillJournalRow *row = g_ptr_array_index(rows, 0);
	g_assert_cmpint(row->total_minor, ==, 777);
	g_assert_false(row->acknowledged);
	g_autoptr(TillEntry) by_receipt = till_journal_find_receipt(store, row->receipt, &error);
	g_assert_no_error(error);
	g_assert_true(till_uuid_equal(&by_receipt->txn, &entry->txn));
	g_autoptr(TillEntry) by_txn = till_journal_find_txn(store, &entry->txn, &error);
	g_assert_cmpint(by_txn->seq, ==, 1);
	g_assert_null(till_journal_find(store, entry->incarnation, 2, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "no entry");
	g_assert_null(till_journal_find_receipt(store, "015-02-AAA-000001", &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "015-02-AAA-000001");
	g_autoptr(GPtrArray) none = till_journal_list(store, "shift-open", 10, &error);
	g_assert_cmpuint(none->len, ==, 0);
}

static void
test_find(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, find_things);
	till_fixture_free(fixture);
}

static void
test_triggers(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, append_three);
	till_fixture_close(fixture);
	g_assert_false(till_fixture_edit(fixture, "ledger.db", "UPDATE journal SET shift = 9"));
	g_assert_false(till_fixture_edit(fixture, "ledger.db", "DELETE FROM journal"));
	g_assert_false(till_fixture_edit(
	    fixture, "ledger.db",
	    "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 2"));
	/* A row after a gap. */
	g_assert_false(till_fixture_edit(
	    fixture, "ledger.db",
	    "INSERT INTO journal SELECT position + 5, ordinal, seq + 5, randomblob(16), type, "
	    "version, receipt, total_minor, wall_ms, mono_ms, boot, offset_ms, uncertainty_ms, "
	    "business_date, shift, cursor, orig_incarnation, orig_seq, body_hash, chain, "
	    "signature, body FROM journal WHERE seq = 3"));
	till_fixture_open(fixture);
	till_fixture_do(fixture, append_fourth);
	till_fixture_free(fixture);
}

static char *found_problem;

static void
find_problem(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillJournalCheck check;
	(void)fixture;
	gboolean ok = till_journal_verify(store, &check, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	found_problem = g_strdup(check.problem);
	till_journal_check_clear(&check);
}

/* An edit by hand, with the triggers dropped, must be named by verify. */
static void
assert_tampering_found(const char *edit, const char *words)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, append_three);
	till_fixture_close(fixture);
	g_autofree char *sql = g_strconcat("DROP TRIGGER journal_never_changes;"
					   "DROP TRIGGER journal_never_shrinks;",
					   edit, NULL);
	g_assert_true(till_fixture_edit(fixture, "ledger.db", sql));
	till_fixture_open(fixture);
	till_fixture_do(fixture, find_problem);
	g_assert_nonnull(found_problem);
	if (strstr(found_problem, words) == NULL)
		g_error("\"%s\" says nothing of \"%s\"", found_problem, words);
	g_clear_pointer(&found_problem, g_free);
	till_fixture_free(fixture);
}

static void
test_tampered(void)
{
	assert_tampering_found("UPDATE journal SET body = x'7b7d' WHERE seq = 2", "does not match");
	assert_tampering_found("UPDATE journal SET signature = zeroblob(64) WHERE seq = 2",
			       "signature");
	assert_tampering_found("DELETE FROM journal WHERE seq = 1", "missing");
	assert_tampering_found("UPDATE journal SET type = 'no-sale' WHERE seq = 3",
			       "does not follow");
	assert_tampering_found("UPDATE journal SET chain = zeroblob(32) WHERE seq = 1",
			       "does not follow");
}

static void
test_tampered_tail(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, append_three);
	till_fixture_close(fixture);
	g_assert_true(till_fixture_edit(fixture, "ledger.db",
					"DELETE FROM note WHERE name = 'verified_position';"
					"DROP TRIGGER journal_never_changes;"
					"UPDATE journal SET body = x'7b7d' WHERE seq = 3"));
	till_fixture_open(fixture);
	g_autofree char *trouble = till_store_trouble(fixture->store);
	g_assert_nonnull(trouble);
	g_assert_nonnull(strstr(trouble, "changed from outside"));
	till_fixture_free(fixture);
}

static void
sell_with_clock_back(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	g_autoptr(TillEntry) first = till_fixture_sell(store, "TEE-1", 1000, &error);
	till_test_clock_set_wall(&fixture->clock, TILL_FIXTURE_NOW_MS - 3600000);
	g_autoptr(TillEntry) second = till_fixture_sell(store, "TEE-1", 1000, &error);
	g_assert_no_error(error);
	g_assert_cmpint(memcmp(&first->txn, &second->txn, sizeof first->txn), <, 0);
	g_assert_cmpint(second->seq, ==, first->seq + 1);
}

static void
sell_after_restart(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) rows = till_journal_list(store, NULL, 1, &error);
	const TillJournalRow *newest = g_ptr_array_index(rows, 0);
	(void)fixture;
	g_autoptr(TillEntry) next = till_fixture_sell(store, "TEE-1", 1000, &error);
	g_assert_no_error(error);
	g_assert_cmpint(memcmp(&newest->txn, &next->txn, sizeof next->txn), <, 0);
}

static void
test_clock_back(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_with_clock_back);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_after_restart);
	till_fixture_free(fixture);
}

static gboolean
count_until_two(const TillEntry *entry, gpointer user, GError **error)
{
	guint *count = user;
	g_assert_cmpint(entry->seq, ==, ++*count);
	if (*count < 2)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT, "enough");
	return FALSE;
}

static void
visit_each(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	guint count = 0;
	(void)fixture;
	till_fixture_sell_many(store, 5);
	g_assert_false(till_journal_each(store, count_until_two, &count, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "enough");
	g_assert_cmpuint(count, ==, 2);
}

static void
test_each(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, visit_each);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/journal/appends-are-numbered-chained-and-signed", test_append);
	g_test_add_func("/store/journal/numbers-go-on-after-a-restart", test_reopen);
	g_test_add_func("/store/journal/a-till-without-identity-records-nothing", test_unenrolled);
	g_test_add_func("/store/journal/the-same-transaction-is-recorded-once", test_same_txn);
	g_test_add_func("/store/journal/a-refused-body-leaves-no-gap", test_refused_body);
	g_test_add_func("/store/journal/entries-are-found-by-number-txn-and-receipt", test_find);
	g_test_add_func("/store/journal/rows-cannot-be-changed-deleted-or-skipped", test_triggers);
	g_test_add_func("/store/journal/edits-by-hand-are-named-by-verify", test_tampered);
	g_test_add_func("/store/journal/edits-of-the-tail-are-seen-at-open", test_tampered_tail);
	g_test_add_func("/store/journal/ids-rise-though-the-clock-goes-back", test_clock_back);
	g_test_add_func("/store/journal/visiting-stops-when-told", test_each);
	return g_test_run();
}
