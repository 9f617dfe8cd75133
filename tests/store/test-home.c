/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "fixture.h"
#include "identity.h"
#include "outbox.h"

static void
sell_five(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	till_fixture_sell_many(store, 5);
}

static void
sell_one(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	till_fixture_sell_many(store, 1);
}

static guint incarnations;
static guint64 parent;
static gint64 parent_seq;

static void
read_heads(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(GArray) heads = till_outbox_heads(store, &error);
	g_assert_no_error(error);
	const TillOutboxHead *last = &g_array_index(heads, TillOutboxHead, heads->len - 1);
	g_assert_true(last->current);
	incarnations = heads->len;
	parent = last->parent_incarnation;
	parent_seq = last->parent_seq;
}

static void
assert_incarnations(TillFixture *fixture, guint count)
{
	till_fixture_do(fixture, read_heads);
	g_assert_cmpuint(incarnations, ==, count);
}

/* Every receipt number of a ledger, one a line. */
static char *
list_receipts(const char *home)
{
	g_autofree char *path = g_build_filename(home, "ledger.db", NULL);
	return till_fixture_ask(path, "SELECT group_concat(receipt, char(10)) FROM journal");
}

static void
assert_no_receipt_twice(const char *first, const char *second, gsize shared)
{
	g_auto(GStrv) a = g_strsplit(first, "\n", -1);
	g_auto(GStrv) b = g_strsplit(second, "\n", -1);
	gsize same = 0;
	for (char **receipt = a; *receipt != NULL; receipt++)
		same += g_strv_contains((const char *const *)b, *receipt);
	g_assert_cmpuint(same, ==, shared);
}

static void
test_second_start(void)
{
	TillFixture *fixture = till_fixture_new();
	GError *error = till_fixture_open_refused(fixture);
	till_test_assert_error(error, TILL_ERROR_BUSY, "test, process 1");
	till_fixture_do(fixture, sell_one);
	till_fixture_free(fixture);
}

static void
test_no_home(void)
{
	TillFixture *fixture = till_fixture_new_empty();
	GError *error = till_fixture_open_refused(fixture);
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "enrol");
	g_assert_false(g_file_test(fixture->home, G_FILE_TEST_EXISTS));
	till_fixture_free(fixture);
}

static void
refuse_second_identity(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(TillIdentity) identity = till_identity_load(store, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(identity->till_number, ==, "02");
	g_assert_false(till_identity_save(store, identity, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "already belongs");
}

static void
test_identity(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, refuse_second_identity);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, refuse_second_identity);
	assert_incarnations(fixture, 1);
	till_fixture_free(fixture);
}

static void
test_lost_key(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_close(fixture);
	g_autofree char *key = g_build_filename(fixture->home, "device.key", NULL);
	GStatBuf status;
	g_assert_cmpint(g_stat(key, &status), ==, 0);
	g_assert_cmpuint(status.st_mode & 0777, ==, 0600);
	g_assert_cmpint(g_unlink(key), ==, 0);
	GError *error = till_fixture_open_refused(fixture);
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "device.key");
	g_assert_false(g_file_test(key, G_FILE_TEST_EXISTS));
	till_fixture_free(fixture);
}

static void
test_copy(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *original = fixture->home;
	g_autofree char *copy = g_build_filename(fixture->root, "copy", NULL);
	till_fixture_copy(original, copy);
	fixture->home = g_strdup(copy);
	till_fixture_open(fixture);
	assert_incarnations(fixture, 2);
	g_assert_cmpint(parent_seq, ==, 5);
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *theirs = list_receipts(copy);
	g_free(fixture->home);
	fixture->home = g_strdup(original);
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *ours = list_receipts(original);
	assert_no_receipt_twice(ours, theirs, 5);
	till_fixture_free(fixture);
}

/* The same file comes back with the bytes of an earlier day: inode and machine are the same, only
 * the witness knows. */
static void
restore_in_place(TillFixture *fixture, const char *backup)
{
	g_autofree char *ledger = g_build_filename(fixture->home, "ledger.db", NULL);
	g_autofree char *bytes = NULL;
	gsize size;
	GError *error = NULL;
	g_assert_true(g_file_get_contents(backup, &bytes, &size, &error));
	FILE *file = fopen(ledger, "r+");
	g_assert_nonnull(file);
	g_assert_cmpint(ftruncate(fileno(file), 0), ==, 0);
	g_assert_cmpuint(fwrite(bytes, 1, size, file), ==, size);
	g_assert_cmpint(fclose(file), ==, 0);
}

static void
test_restored(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *ledger = g_build_filename(fixture->home, "ledger.db", NULL);
	g_autofree char *backup = g_build_filename(fixture->root, "backup.db", NULL);
	till_fixture_copy(ledger, backup);
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_five);
	assert_incarnations(fixture, 1);
	till_fixture_close(fixture);
	g_autofree char *before = list_receipts(fixture->home);
	restore_in_place(fixture, backup);
	till_fixture_open(fixture);
	assert_incarnations(fixture, 2);
	g_assert_cmpint(parent_seq, ==, 5);
	g_assert_cmpuint(parent, !=, 0);
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *after = list_receipts(fixture->home);
	assert_no_receipt_twice(before, after, 5);
	till_fixture_free(fixture);
}

/* Restored, and as many sales made without a witness as had been lost: only the chain tells. */
static void
test_diverged(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *ledger = g_build_filename(fixture->home, "ledger.db", NULL);
	g_autofree char *backup = g_build_filename(fixture->root, "backup.db", NULL);
	g_autofree char *other = g_build_filename(fixture->root, "other", NULL);
	till_fixture_copy(ledger, backup);
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_one);
	till_fixture_close(fixture);
	restore_in_place(fixture, backup);
	g_setenv("TILLHOUSE_STATE_DIR", other, TRUE);
	till_fixture_open(fixture);
	assert_incarnations(fixture, 1);
	till_fixture_do(fixture, sell_one);
	till_fixture_close(fixture);
	g_setenv("TILLHOUSE_STATE_DIR", fixture->state, TRUE);
	till_fixture_open(fixture);
	assert_incarnations(fixture, 2);
	till_fixture_free(fixture);
}

static void
test_torn_witness(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *witness =
	    g_build_filename(fixture->state, "0199d3c2-0000-7000-8000-000000000102.witness", NULL);
	g_assert_true(g_file_test(witness, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_set_contents(witness, "tillhouse-witness-1 00", -1, NULL));
	till_fixture_open(fixture);
	assert_incarnations(fixture, 1);
	till_fixture_free(fixture);
}

static void
test_newer_ledger(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_close(fixture);
	g_autofree char *path = g_build_filename(fixture->home, "ledger.db", NULL);
	g_autofree char *version = till_fixture_ask(path, "PRAGMA user_version");
	g_autofree char *restore = g_strconcat("PRAGMA user_version = ", version, NULL);
	g_assert_true(till_fixture_edit(fixture, "ledger.db", "PRAGMA user_version = 99"));
	GError *error = till_fixture_open_refused(fixture);
	till_test_assert_error(error, TILL_ERROR_NEWER, "Update this program");
	g_assert_true(till_fixture_edit(fixture, "ledger.db", restore));
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_one);
	till_fixture_free(fixture);
}

static void
overwrite(const char *path, long offset, gsize size)
{
	g_autofree guint8 *noise = g_malloc(size);
	memset(noise, 0x5a, size);
	FILE *file = fopen(path, "r+");
	g_assert_nonnull(file);
	g_assert_cmpint(fseek(file, offset, SEEK_SET), ==, 0);
	g_assert_cmpuint(fwrite(noise, 1, size, file), ==, size);
	g_assert_cmpint(fclose(file), ==, 0);
}

static void
test_corrupt_ledger(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_five);
	till_fixture_close(fixture);
	g_autofree char *ledger = g_build_filename(fixture->home, "ledger.db", NULL);
	g_autofree char *sizes = till_fixture_ask(ledger, "PRAGMA page_count");
	gint64 pages = g_ascii_strtoll(sizes, NULL, 10);
	/* Somewhere in the trees, and then the very beginning. */
	overwrite(ledger, (long)(pages / 2) * 4096, 8192);
	TillHash before;
	TillHash after;
	g_assert_true(till_crypto_hash_file(ledger, &before, NULL));
	GError *error = till_fixture_open_refused(fixture);
	till_test_assert_error(error, TILL_ERROR_CORRUPT, "left as it is");
	g_assert_true(till_crypto_hash_file(ledger, &after, NULL));
	g_assert_true(till_crypto_hash_equal(&before, &after));
	overwrite(ledger, 0, 64);
	error = till_fixture_open_refused(fixture);
	till_test_assert_error(error, TILL_ERROR_CORRUPT, "ledger.db");
	till_fixture_free(fixture);
}

static void
assert_cache_made_anew(TillFixture *fixture)
{
	g_autofree char *aside = g_build_filename(fixture->home, "cache.db.set-aside", NULL);
	till_fixture_open(fixture);
	g_assert_true(g_file_test(aside, G_FILE_TEST_EXISTS));
	g_autofree char *trouble = till_store_trouble(fixture->store);
	g_assert_nonnull(strstr(trouble, "set aside"));
	till_fixture_do(fixture, sell_one);
	g_autofree char *none = till_store_trouble(fixture->store);
	g_assert_cmpstr(none, ==, NULL);
	till_fixture_close(fixture);
	g_assert_cmpint(g_unlink(aside), ==, 0);
}

static void
test_corrupt_cache(void)
{
	TillFixture *fixture = till_fixture_new();
	g_autofree char *cache = g_build_filename(fixture->home, "cache.db", NULL);
	till_fixture_close(fixture);
	overwrite(cache, 0, 64);
	assert_cache_made_anew(fixture);
	g_assert_true(till_fixture_edit(fixture, "cache.db", "PRAGMA user_version = 99"));
	assert_cache_made_anew(fixture);
	/* A foreign schema must not come to run under trusted_schema. */
	g_assert_true(till_fixture_edit(fixture, "cache.db",
					"CREATE TRIGGER evil AFTER INSERT ON setting BEGIN "
					"DELETE FROM setting; END"));
	assert_cache_made_anew(fixture);
	g_assert_cmpint(g_unlink(cache), ==, 0);
	till_fixture_open(fixture);
	till_fixture_do(fixture, sell_one);
	assert_incarnations(fixture, 1);
	till_fixture_free(fixture);
}

static void
test_settings(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, sell_one);
	g_autofree char *shm = g_build_filename(fixture->home, "ledger.db-shm", NULL);
	g_autofree char *wal = g_build_filename(fixture->home, "ledger.db-wal", NULL);
	/* Exclusive before WAL: no shared memory file is ever made. */
	g_assert_false(g_file_test(shm, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(wal, G_FILE_TEST_EXISTS));
	till_fixture_close(fixture);
	g_assert_false(g_file_test(wal, G_FILE_TEST_EXISTS));
	g_autofree char *ledger = g_build_filename(fixture->home, "ledger.db", NULL);
	g_autofree char *mode = till_fixture_ask(ledger, "PRAGMA journal_mode");
	g_assert_cmpstr(mode, ==, "wal");
	g_autofree char *loose = till_fixture_ask(
	    ledger, "SELECT group_concat(name) FROM pragma_table_list WHERE schema = 'main' AND "
		    "name NOT LIKE 'sqlite_%' AND NOT strict");
	g_assert_cmpstr(loose, ==, "");
	till_fixture_free(fixture);
}

static void
renew_many(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(GHashTable) letters =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (int i = 0; i < 100; i++) {
		guint64 incarnation;
		char text[14];
		gboolean made = till_outbox_new_incarnation(store, "test", &incarnation, &error);
		g_assert_no_error(error);
		g_assert_true(made);
		till_id_incarnation_format(incarnation, text);
		g_assert_true(g_hash_table_add(letters, g_strndup(text, 3)));
	}
	till_fixture_sell_many(store, 1);
}

static void
test_letters(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, renew_many);
	assert_incarnations(fixture, 101);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/opening/a-second-start-is-refused-with-the-holder",
			test_second_start);
	g_test_add_func("/store/opening/no-till-there-is-said-and-nothing-made", test_no_home);
	g_test_add_func("/store/opening/an-identity-is-kept-and-given-once", test_identity);
	g_test_add_func("/store/opening/a-lost-key-is-not-replaced", test_lost_key);
	g_test_add_func("/store/opening/a-copied-home-numbers-anew", test_copy);
	g_test_add_func("/store/opening/a-restored-ledger-numbers-anew", test_restored);
	g_test_add_func("/store/opening/a-ledger-that-went-another-way-numbers-anew",
			test_diverged);
	g_test_add_func("/store/opening/a-torn-witness-is-no-suspicion", test_torn_witness);
	g_test_add_func("/store/opening/a-newer-ledger-is-refused-and-kept", test_newer_ledger);
	g_test_add_func("/store/opening/a-damaged-ledger-is-left-as-it-is", test_corrupt_ledger);
	g_test_add_func("/store/opening/a-damaged-cache-is-set-aside", test_corrupt_cache);
	g_test_add_func("/store/opening/files-are-exclusive-wal-and-strict", test_settings);
	g_test_add_func("/store/opening/no-letters-are-given-twice", test_letters);
	return g_test_run();
}
