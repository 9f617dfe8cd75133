/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fixture.h"
#include "identity.h"
#include "outbox.h"

static guint64
current_incarnation(TillStore *store)
{
	g_autoptr(GArray) heads = till_outbox_heads(store, NULL);
	return g_array_index(heads, TillOutboxHead, heads->len - 1).incarnation;
}

static void
assert_counts(TillStore *store, gint64 pending, gint64 sales, gint64 held, gint64 parked)
{
	GError *error = NULL;
	TillOutboxCounts counts;
	gboolean ok = till_outbox_counts(store, &counts, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_assert_cmpint(counts.pending, ==, pending);
	g_assert_cmpint(counts.sales_pending, ==, sales);
	g_assert_cmpint(counts.held, ==, held);
	g_assert_cmpint(counts.parked, ==, parked);
	g_assert_true((counts.oldest_pending_wall_ms != 0) == (pending > 0));
}

static void
acknowledge(TillStore *store, gint64 seq, TillOutcome outcome, gint64 feed_seq)
{
	GError *error = NULL;
	guint64 incarnation = current_incarnation(store);
	g_autoptr(TillEntry) entry = till_journal_find(store, incarnation, seq, &error);
	g_assert_no_error(error);
	char reason[] = "because";
	TillAck ack = {entry->txn, incarnation, seq, outcome, feed_seq, reason, 0};
	gboolean ok = till_outbox_acknowledge(store, &ack, 1, "signature", &error);
	g_assert_no_error(error);
	g_assert_true(ok);
}

static void
assert_batch(TillStore *store, guint64 incarnation, gint64 after_seq, guint max, gint64 first,
	     guint count)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) batch =
	    till_outbox_batch(store, incarnation, after_seq, max, 1 << 20, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(batch->len, ==, count);
	for (guint i = 0; i < count; i++)
		g_assert_cmpint(((TillEntry *)g_ptr_array_index(batch, i))->seq, ==, first + i);
}

static void
drain(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	assert_counts(store, 0, 0, 0, 0);
	assert_batch(store, 0, 0, 10, 0, 0);
	till_fixture_sell_many(store, 5);
	assert_counts(store, 5, 5, 0, 0);
	assert_batch(store, 0, 0, 3, 1, 3);
	acknowledge(store, 1, TILL_OUTCOME_APPLIED, 7);
	acknowledge(store, 2, TILL_OUTCOME_PARKED, 0);
	assert_counts(store, 3, 3, 0, 1);
	assert_batch(store, 0, 0, 10, 3, 3);
	acknowledge(store, 3, TILL_OUTCOME_HELD, 0);
	acknowledge(store, 4, TILL_OUTCOME_DUPLICATE, 8);
	acknowledge(store, 5, TILL_OUTCOME_APPLIED_EXCEPTIONS, 9);
	assert_counts(store, 0, 0, 1, 1);
	assert_batch(store, 0, 0, 10, 0, 0);
	/* A restored server may ask for what it had acknowledged. */
	assert_batch(store, current_incarnation(store), 1, 10, 2, 4);
}

static void
offer_parked(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(GPtrArray) parked = till_outbox_parked(store, 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(parked->len, ==, 1);
	g_assert_cmpint(((TillEntry *)g_ptr_array_index(parked, 0))->seq, ==, 2);
	acknowledge(store, 2, TILL_OUTCOME_APPLIED, 11);
	/* A final outcome stays what it was. */
	acknowledge(store, 1, TILL_OUTCOME_HELD, 0);
	assert_counts(store, 0, 0, 1, 0);
	g_autoptr(GPtrArray) rows = till_journal_list(store, NULL, 10, &error);
	const TillJournalRow *first = g_ptr_array_index(rows, 4);
	g_assert_cmpstr(first->outcome, ==, "applied");
	g_assert_true(first->acknowledged);
}

static void
test_drain(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, drain);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, offer_parked);
	till_fixture_free(fixture);
}

static void
refuse_lies(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	till_fixture_sell_many(store, 2);
	guint64 incarnation = current_incarnation(store);
	g_autoptr(TillEntry) entry = till_journal_find(store, incarnation, 1, NULL);
	TillAck acks[] = {{entry->txn, incarnation, 1, TILL_OUTCOME_APPLIED, 1, NULL, 0},
			  {entry->txn, incarnation, 2, TILL_OUTCOME_APPLIED, 1, NULL, 0}};
	g_assert_false(till_outbox_acknowledge(store, acks, 2, NULL, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "another transaction");
	acks[1].seq = 3;
	g_assert_false(till_outbox_acknowledge(store, acks, 2, NULL, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "never wrote");
	acks[1].incarnation = incarnation + 1;
	g_assert_false(till_outbox_acknowledge(store, acks, 2, NULL, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "never wrote");
	assert_counts(store, 2, 2, 0, 0);
}

static void
test_lies(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, refuse_lies);
	till_fixture_free(fixture);
}

static void
bound_batches(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	till_fixture_sell_many(store, 4);
	g_autoptr(GPtrArray) one = till_outbox_batch(store, 0, 0, 10, 1, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(one->len, ==, 1);
	const TillEntry *entry = g_ptr_array_index(one, 0);
	gsize size = g_bytes_get_size(entry->body);
	g_autoptr(GPtrArray) two = till_outbox_batch(store, 0, 0, 10, size * 2, &error);
	g_assert_cmpuint(two->len, ==, 2);
	g_assert_null(till_outbox_batch(store, 12345, 0, 10, 1000, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "no entry");
}

static void
test_bounds(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, bound_batches);
	till_fixture_free(fixture);
}

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
move_rows(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	till_fixture_sell_many(store, 5);
	acknowledge(store, 1, TILL_OUTCOME_APPLIED, 1);
	acknowledge(store, 2, TILL_OUTCOME_APPLIED, 2);
	guint64 old = current_incarnation(store);
	g_assert_false(till_outbox_reenvelope(store, old, 2, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "earlier incarnation");
	guint64 fresh;
	g_assert_true(till_outbox_new_incarnation(store, "fork", &fresh, &error));
	g_autoptr(TillEntry) before = till_journal_find(store, old, 3, &error);
	g_assert_true(till_outbox_reenvelope(store, old, 2, &error));
	g_assert_no_error(error);
	g_autoptr(TillEntry) after = till_journal_find(store, fresh, 1, &error);
	g_assert_no_error(error);
	g_assert_true(till_uuid_equal(&before->txn, &after->txn));
	g_assert_true(g_bytes_equal(before->body, after->body));
	g_assert_cmpuint(after->orig_incarnation, ==, old);
	g_assert_cmpint(after->orig_seq, ==, 3);
	assert_counts(store, 3, 3, 0, 0);
	assert_batch(store, 0, 0, 10, 1, 3);
	/* Once more changes nothing. */
	g_assert_true(till_outbox_reenvelope(store, old, 2, &error));
	assert_counts(store, 3, 3, 0, 0);
	assert_verifies(store, 8);
}

static void
test_reenvelope(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, move_rows);
	till_fixture_free(fixture);
}

static GPtrArray *kept; /* of TillEntry: what the central has of us */

static void
sell_two(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	till_fixture_sell_many(store, 2);
}

static void
put_back(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	assert_counts(store, 2, 2, 0, 0);
	g_assert_true(till_outbox_restore(store, kept, &error));
	g_assert_no_error(error);
	/* The incarnation lost whole comes back below the current one. */
	g_autoptr(GArray) heads = till_outbox_heads(store, &error);
	g_assert_cmpuint(heads->len, ==, 3);
	g_assert_cmpint(g_array_index(heads, TillOutboxHead, 0).seq, ==, 4);
	g_assert_cmpint(g_array_index(heads, TillOutboxHead, 1).seq, ==, 2);
	g_assert_true(g_array_index(heads, TillOutboxHead, 2).current);
	assert_counts(store, 2, 2, 0, 0);
	assert_verifies(store, 6);
	g_assert_true(till_outbox_restore(store, kept, &error));
	g_assert_no_error(error);
	assert_verifies(store, 6);
}

static void
refuse_forged(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	TillEntry *forged = g_ptr_array_index(kept, 3);
	g_clear_pointer(&forged->body, g_bytes_unref);
	forged->body = g_bytes_new_static("{}", 2);
	g_assert_false(till_outbox_restore(store, kept, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "does not match");
	TillHash chain;
	TillEntry *before = g_ptr_array_index(kept, 2);
	chain = before->chain;
	till_entry_seal(forged, &chain);
	g_assert_false(till_outbox_restore(store, kept, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "signature");
	g_autoptr(GArray) heads = till_outbox_heads(store, &error);
	g_assert_cmpuint(heads->len, ==, 2);
	g_assert_cmpint(g_array_index(heads, TillOutboxHead, 0).seq, ==, 2);
	assert_verifies(store, 2);
}

static void
sell_and_keep(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	guint64 second;
	guint64 first = current_incarnation(store);
	(void)fixture;
	till_fixture_sell_many(store, 2);
	g_assert_true(till_outbox_new_incarnation(store, "test", &second, &error));
	till_fixture_sell_many(store, 2);
	kept = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	for (gint64 seq = 3; seq <= 4; seq++)
		g_ptr_array_add(kept, till_journal_find(store, first, seq, NULL));
	for (gint64 seq = 1; seq <= 2; seq++)
		g_ptr_array_add(kept, till_journal_find(store, second, seq, NULL));
}

/* Two sales, a backup, two more, a new incarnation with two more; then the backup is what is left.
 */
static TillFixture *
new_restored(void)
{
	TillFixture *fixture = till_fixture_new();
	g_autofree char *backup = g_build_filename(fixture->root, "backup", NULL);
	till_fixture_do(fixture, sell_two);
	till_fixture_close(fixture);
	till_fixture_copy(fixture->home, backup);
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_and_keep);
	till_fixture_close(fixture);
	g_free(fixture->home);
	fixture->home = g_steal_pointer(&backup);
	till_fixture_open(fixture);
	return fixture;
}

static void
test_restore(void)
{
	TillFixture *fixture = new_restored();
	till_fixture_do(fixture, put_back);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_free(fixture);
	g_clear_pointer(&kept, g_ptr_array_unref);
}

static void
test_restore_forged(void)
{
	TillFixture *fixture = new_restored();
	till_fixture_do(fixture, refuse_forged);
	till_fixture_free(fixture);
	g_clear_pointer(&kept, g_ptr_array_unref);
}

static void
keep_notes(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_assert_null(till_outbox_note_get(store, "offset_ms", &error));
	g_assert_no_error(error);
	g_assert_true(till_outbox_note_set(store, "offset_ms", "-812", &error));
	g_assert_true(till_outbox_note_set(store, "uncertainty_ms", "40", &error));
	g_autofree char *value = till_outbox_note_get(store, "offset_ms", &error);
	g_assert_cmpstr(value, ==, "-812");
	g_autoptr(TillEntry) entry = till_fixture_sell(store, "TEE-1", 1000, &error);
	g_assert_cmpint(entry->clock.offset_ms, ==, -812);
	g_assert_cmpint(entry->clock.uncertainty_ms, ==, 40);
}

static void
test_notes(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, keep_notes);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/outbox/rows-wait-until-acknowledged", test_drain);
	g_test_add_func("/store/outbox/acknowledgements-of-other-rows-are-refused", test_lies);
	g_test_add_func("/store/outbox/batches-are-bounded", test_bounds);
	g_test_add_func("/store/outbox/rows-of-a-fork-get-a-new-envelope", test_reenvelope);
	g_test_add_func("/store/outbox/lost-rows-are-put-back", test_restore);
	g_test_add_func("/store/outbox/forged-rows-are-not-put-back", test_restore_forged);
	g_test_add_func("/store/outbox/notes-are-kept-and-stamp-entries", test_notes);
	return g_test_run();
}
