/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "catalog.h"
#include "feed.h"
#include "fixture.h"

static char *
dup_name(TillStore *store, const char *sku)
{
	GError *error = NULL;
	TillScan scan = till_scan_read(sku);
	g_autoptr(TillItem) item = NULL;
	gboolean ok = till_catalog_find(store, &scan, &item, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	return item == NULL ? NULL : g_strdup(item->name);
}

static void
assert_name(TillStore *store, const char *sku, const char *name)
{
	g_autofree char *found = dup_name(store, sku);
	g_assert_cmpstr(found, ==, name);
}

static void
assert_cursor(TillStore *store, const char *scope, const char *epoch, gint64 seq)
{
	GError *error = NULL;
	TillFeedCursor cursor;
	g_assert_true(till_feed_cursor(store, scope, &cursor, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(cursor.epoch, ==, epoch);
	g_assert_cmpint(cursor.seq, ==, seq);
}

static void
apply_rows(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	assert_cursor(store, "chain", "", 0);
	const char *const page[] = {
	    "item",     "A", "{\"sku\":\"A\",\"name\":\"Apron\",\"invented\":[1,{}]}",
	    "hologram", "x", "{\"whatever\":1}",
	    "item",     "B", "{\"sku\":\"B\",\"name\":\"Bowl\",\"active\":true}",
	    NULL};
	till_fixture_feed(store, "chain", page);
	assert_cursor(store, "chain", "epoch-1", 3);
	assert_name(store, "A", "Apron");
	const char *const next[] = {
	    "item", "A", "{\"sku\":\"A\",\"name\":\"Apron, blue\"}", "item", "B", NULL, NULL};
	till_fixture_feed(store, "chain", next);
	assert_cursor(store, "chain", "epoch-1", 5);
	assert_name(store, "A", "Apron, blue");
	assert_name(store, "B", NULL);
	g_assert_cmpint(till_catalog_count(store, NULL), ==, 1);
}

static void
still_there(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	assert_cursor(store, "chain", "epoch-1", 5);
	assert_name(store, "A", "Apron, blue");
}

static void
test_apply(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, apply_rows);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, still_there);
	till_fixture_free(fixture);
}

static void
assert_refused(TillStore *store, GPtrArray *rows, const char *epoch, gint64 next, int code,
	       const char *words)
{
	GError *error = NULL;
	g_assert_false(till_feed_apply(store, "chain", epoch, rows, next, &error));
	till_test_assert_error(error, code, words);
	assert_cursor(store, "chain", "epoch-1", 1);
	assert_name(store, "A", "Apron");
	assert_name(store, "B", NULL);
}

static void
refuse_disorder(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"item", "A", "{\"sku\":\"A\",\"name\":\"Apron\"}", NULL};
	till_fixture_feed(store, "chain", page);
	g_autoptr(GPtrArray) gap = till_fixture_rows();
	till_fixture_add_row(gap, 3, "item", "B", "{\"sku\":\"B\",\"name\":\"Bowl\"}");
	assert_refused(store, gap, "epoch-1", 3, TILL_ERROR_STATE, "snapshot");
	g_autoptr(GPtrArray) again = till_fixture_rows();
	till_fixture_add_row(again, 1, "item", "B", "{\"sku\":\"B\",\"name\":\"Bowl\"}");
	assert_refused(store, again, "epoch-1", 1, TILL_ERROR_STATE, "left a number out");
	g_autoptr(GPtrArray) good = till_fixture_rows();
	till_fixture_add_row(good, 2, "item", "B", "{\"sku\":\"B\",\"name\":\"Bowl\"}");
	assert_refused(store, good, "epoch-2", 2, TILL_ERROR_STATE, "begun anew");
	assert_refused(store, good, "epoch-1", 9, TILL_ERROR_STATE, "where it says");
	assert_refused(store, good, "", 2, TILL_ERROR_INVALID, "epoch");
}

static void
test_disorder(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, refuse_disorder);
	till_fixture_free(fixture);
}

static void
refuse_one(TillStore *store, const char *collection, const char *key, const char *value,
	   const char *words)
{
	g_autoptr(GPtrArray) rows = till_fixture_rows();
	till_fixture_add_row(rows, 2, "item", "B", "{\"sku\":\"B\",\"name\":\"Bowl\"}");
	till_fixture_add_row(rows, 3, collection, key, value);
	assert_refused(store, rows, "epoch-1", 3, TILL_ERROR_INVALID, words);
}

static void
refuse_bad_rows(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"item", "A", "{\"sku\":\"A\",\"name\":\"Apron\"}", NULL};
	till_fixture_feed(store, "chain", page);
	refuse_one(store, "item", "C", "{\"sku\":\"C\"}", "name is missing");
	refuse_one(store, "item", "C", "{\"sku\":\"C\",\"name\":7}", "name is not a text");
	refuse_one(store, "item", "C", "{\"sku\":\"C\",\"name\":\"x\",\"active\":1}", "wrong kind");
	refuse_one(store, "price", "p", "{\"list\":\"base\",\"sku\":\"C\"}", "price_minor");
	refuse_one(store, "price", "base", NULL, "parts");
	refuse_one(store, "price",
		   "base\x1f"
		   "C\x1fone\x1f"
		   "0",
		   NULL, "not a number");
	g_autofree char *name = g_strnfill(300, 'x');
	g_autofree char *huge = g_strdup_printf("{\"sku\":\"C\",\"name\":\"%s\"}", name);
	refuse_one(store, "item", "C", huge, "too long");
}

static void
test_bad_rows(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, refuse_bad_rows);
	till_fixture_free(fixture);
}

static void
fill_chain(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {
	    "item",    "A",        "{\"sku\":\"A\",\"name\":\"Apron\"}",
	    "stock",   "A",        "{\"sku\":\"A\",\"on_hand_milli\":5000}",
	    "setting", "currency", "{\"name\":\"currency\",\"value\":\"USD\"}",
	    NULL};
	till_fixture_feed(store, "chain", page);
}

/* A snapshot as the central makes one: the same schema, other rows and cursors. */
static char *
make_snapshot(TillFixture *fixture, const char *sql)
{
	char *path = g_build_filename(fixture->home, "snapshot.db", NULL);
	g_autofree char *schema = till_fixture_cache_schema(0);
	sqlite3 *handle = NULL;
	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(handle, schema, NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(handle,
				     "INSERT INTO item (sku, name) VALUES ('A', 'Anvil');"
				     "INSERT INTO setting VALUES ('currency', 'EUR');"
				     "INSERT INTO cursor VALUES ('chain', 'epoch-2', 40);"
				     "INSERT INTO cursor VALUES ('store:014', 'epoch-2', 7);",
				     NULL, NULL, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
	return path;
}

/* The cache of the first release, with rows that later ones gave more columns. */
static void
put_old_cache(TillFixture *fixture)
{
	g_autofree char *path = g_build_filename(fixture->home, "cache.db", NULL);
	g_autofree char *schema = till_fixture_cache_schema(1);
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_true(till_fixture_edit(fixture, "cache.db", schema));
	g_assert_true(till_fixture_edit(
	    fixture, "cache.db",
	    "INSERT INTO item (sku, name) VALUES ('A', 'Anvil');"
	    "INSERT INTO customer VALUES ('c-1', 'Dana Kowalski', 'dana@mail.example', '', 'JR1');"
	    "INSERT INTO promotion VALUES ('p', 3, '{}');"
	    "INSERT INTO setting VALUES ('currency', 'EUR');"
	    "INSERT INTO tax VALUES ('standard', 'vat', 'VAT 21%', 210000, 1, 0);"
	    "INSERT INTO cursor VALUES ('chain', 'epoch-1', 40);"
	    "INSERT INTO cursor VALUES ('store:014', 'epoch-1', 7);"));
}

static void
see_upgraded(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	assert_name(store, "A", "Anvil");
	/* What the first release passed over comes with a whole new cache, which this asks for. */
	assert_cursor(store, "chain", "upgraded", 40);
	assert_cursor(store, "store:014", "epoch-1", 7);
	/* Taxes of that release are percentages, and sell until then. */
	TillPriceRules rules;
	GError *error = NULL;
	guint count;
	g_assert_true(till_catalog_rules(store, NULL, &rules, &error));
	g_assert_no_error(error);
	const TillTax *taxes = till_tax_table_find(rules.taxes, "standard", &count);
	g_assert_cmpuint(count, ==, 1);
	g_assert_cmpint(taxes[0].rate_ppm, ==, 210000);
	g_assert_true(till_tax_table_is_plain(rules.taxes));
	till_price_rules_clear(&rules);
}

static void
test_old_cache(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_close(fixture);
	put_old_cache(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, see_upgraded);
	till_fixture_close(fixture);
	g_autofree char *aside = g_build_filename(fixture->home, "cache.db.set-aside", NULL);
	g_assert_false(g_file_test(aside, G_FILE_TEST_EXISTS));
	g_autofree char *path = g_build_filename(fixture->home, "cache.db", NULL);
	g_autofree char *row = till_fixture_ask(
	    path, "SELECT name || groups || segments || purchases || offers FROM customer");
	g_assert_cmpstr(row, ==, "Dana Kowalski01");
	g_autofree char *used = till_fixture_ask(
	    path,
	    "SELECT (SELECT count(*) FROM promotion_use) + (SELECT count(*) FROM coupon_use)");
	g_assert_cmpstr(used, ==, "0");
	till_fixture_free(fixture);
}

static void
take_uses(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {
	    "customer",
	    "c-1",
	    "{\"id\":\"c-1\",\"name\":\"Dana\",\"groups\":\"gold,staff\",\"offers\":false}",
	    "promotion_use",
	    "summer\x1f",
	    "{\"promotion\":\"summer\",\"uses\":3,\"spent_minor\":900}",
	    "promotion_use",
	    "summer\x1f"
	    "c-1",
	    "{\"promotion\":\"summer\",\"customer\":\"c-1\",\"uses\":1}",
	    "coupon_use",
	    "TAKE5\x1f",
	    "{\"code\":\"TAKE5\",\"uses\":1}",
	    "promotion_use",
	    "summer\x1f",
	    NULL,
	    NULL};
	till_fixture_feed(store, "chain", page);
}

static void
test_uses(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, take_uses);
	till_fixture_close(fixture);
	g_autofree char *path = g_build_filename(fixture->home, "cache.db", NULL);
	g_autofree char *customer =
	    till_fixture_ask(path, "SELECT groups || purchases || offers FROM customer");
	g_assert_cmpstr(customer, ==, "gold,staff00");
	g_autofree char *left = till_fixture_ask(
	    path, "SELECT group_concat(promotion || customer || uses || spent_minor) FROM "
		  "promotion_use");
	g_assert_cmpstr(left, ==, "summerc-110");
	g_autofree char *coupon =
	    till_fixture_ask(path, "SELECT code || customer || uses FROM coupon_use");
	g_assert_cmpstr(coupon, ==, "TAKE51");
	till_fixture_free(fixture);
}

static void
assert_swap_refused(TillStore *store, const char *path, const TillHash *hash, const char *words)
{
	GError *error = NULL;
	g_assert_false(till_feed_swap(store, path, hash, &error));
	g_assert_nonnull(error);
	if (strstr(error->message, words) == NULL)
		g_error("\"%s\" says nothing of \"%s\"", error->message, words);
	g_clear_error(&error);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	assert_name(store, "A", "Apron");
	assert_cursor(store, "chain", "epoch-1", 3);
}

static void
refuse_snapshot(TillStore *store, TillFixture *fixture, const char *sql, const char *words)
{
	g_autofree char *path = make_snapshot(fixture, sql);
	TillHash hash;
	g_assert_true(till_crypto_hash_file(path, &hash, NULL));
	assert_swap_refused(store, path, &hash, words);
}

static void
refuse_snapshots(TillStore *store, TillFixture *fixture)
{
	refuse_snapshot(store, fixture, "PRAGMA user_version = 99", "Update this program");
	refuse_snapshot(store, fixture, "DROP TABLE promotion", "tables");
	refuse_snapshot(store, fixture, "CREATE VIEW extra AS SELECT 1", "tables");
	refuse_snapshot(store, fixture, "DELETE FROM cursor", "up to where");
	g_autofree char *path = make_snapshot(fixture, "SELECT 1");
	TillHash hash = {{0}};
	assert_swap_refused(store, path, &hash, "as it was sent");
	g_assert_true(
	    g_file_set_contents(path, "not a database, but long enough to look", -1, NULL));
	g_assert_true(till_crypto_hash_file(path, &hash, NULL));
	assert_swap_refused(store, path, &hash, "not a database");
}

static void
test_bad_snapshot(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, fill_chain);
	till_fixture_do(fixture, refuse_snapshots);
	till_fixture_free(fixture);
}

static void
damage_snapshot(TillStore *store, TillFixture *fixture)
{
	g_autofree char *path = make_snapshot(
	    fixture, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
		     "2000) INSERT INTO barcode SELECT printf('%014d', i), 'A' FROM n");
	FILE *file = fopen(path, "r+");
	g_assert_nonnull(file);
	g_autofree char *root =
	    till_fixture_ask(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'barcode'");
	gint64 page = g_ascii_strtoll(root, NULL, 10);
	g_assert_cmpint(fseek(file, (long)((page - 1) * 4096 + 3), SEEK_SET), ==, 0);
	g_assert_cmpuint(fwrite("\x7f\x7f", 1, 2, file), ==, 2);
	g_assert_cmpint(fclose(file), ==, 0);
	TillHash hash;
	g_assert_true(till_crypto_hash_file(path, &hash, NULL));
	assert_swap_refused(store, path, &hash, "damaged");
}

static void
test_damaged_snapshot(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, fill_chain);
	till_fixture_do(fixture, damage_snapshot);
	till_fixture_free(fixture);
}

static void
swap_in(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	g_autofree char *path = make_snapshot(fixture, "SELECT 1");
	TillHash hash;
	g_assert_true(till_crypto_hash_file(path, &hash, NULL));
	gboolean ok = till_feed_swap(store, path, &hash, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	assert_name(store, "A", "Anvil");
	assert_cursor(store, "chain", "epoch-2", 40);
	assert_cursor(store, "store:014", "epoch-2", 7);
	g_autoptr(TillEntry) entry = till_fixture_sell(store, "A", 1000, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(entry->cursor, ==, "epoch-2.40");
	const char *const page[] = {"item", "B", "{\"sku\":\"B\",\"name\":\"Bell\"}", NULL};
	till_fixture_feed(store, "chain", page);
	assert_cursor(store, "chain", "epoch-2", 41);
}

static void
see_swapped(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	assert_name(store, "B", "Bell");
}

static void
test_swap(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, fill_chain);
	till_fixture_do(fixture, swap_in);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, see_swapped);
	till_fixture_free(fixture);
}

#define PAST_ONE                                                                                   \
	"{\"receipt\":\"014-02-1\",\"sold_ms\":10,\"body\":\"{\\\"goods\\\":{\\\"lines\\\":["      \
	"{\\\"sku\\\":\\\"A\\\"},{\\\"sku\\\":\\\"B\\\"},{\\\"sku\\\":\\\"A\\\"},7]}}\"}"
#define PAST_TWO                                                                                   \
	"{\"receipt\":\"014-02-2\",\"sold_ms\":20,\"body\":\"{\\\"goods\\\":{\\\"lines\\\":["      \
	"{\\\"sku\\\":\\\"A\\\"}]}}\"}"
#define PAST_TWO_CHANGED                                                                           \
	"{\"receipt\":\"014-02-2\",\"sold_ms\":21,\"body\":\"{\\\"goods\\\":{\\\"lines\\\":["      \
	"{\\\"sku\\\":\\\"B\\\"}]}}\"}"
#define PAST_LARGE "{\"receipt\":\"014-02-3\",\"sold_ms\":30}"
#define PAST_BROKEN "{\"receipt\":\"014-02-4\",\"sold_ms\":40,\"body\":\"{no\"}"

static void
feed_past(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"past_sale", "014-02-1",  PAST_ONE,         "past_sale",
				    "014-02-2",  PAST_TWO,    "past_sale",      "014-02-3",
				    PAST_LARGE,  "past_sale", "014-02-4",       PAST_BROKEN,
				    "past_sale", "014-02-2",  PAST_TWO_CHANGED, NULL};
	till_fixture_feed(store, "store:014", page);
}

static void
forget_past(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"past_sale", "014-02-1", NULL, NULL};
	till_fixture_feed(store, "store:014", page);
}

static void
assert_past_items(TillFixture *fixture, const char *wanted)
{
	till_fixture_close(fixture);
	g_autofree char *path = g_build_filename(fixture->home, "cache.db", NULL);
	g_autofree char *items = till_fixture_ask(
	    path, "SELECT group_concat(sku || sold_ms || ':' || receipt, ' ') FROM "
		  "(SELECT * FROM past_sale_item ORDER BY sku, sold_ms)");
	g_assert_cmpstr(items, ==, wanted);
	till_fixture_open(fixture);
}

/* The table of past sales keeps its own index of items, whatever is written to it. */
static void
test_past_items(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, feed_past);
	assert_past_items(fixture, "A10:014-02-1 B10:014-02-1 B21:014-02-2");
	till_fixture_do(fixture, forget_past);
	assert_past_items(fixture, "B21:014-02-2");
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/feed/rows-and-cursor-arrive-together", test_apply);
	g_test_add_func("/store/feed/a-page-that-does-not-continue-is-refused", test_disorder);
	g_test_add_func("/store/feed/a-bad-row-takes-its-page-back", test_bad_rows);
	g_test_add_func("/store/feed/uses-of-offers-come-and-go", test_uses);
	g_test_add_func("/store/feed/an-old-cache-is-upgraded-and-asks-for-a-whole-one",
			test_old_cache);
	g_test_add_func("/store/feed/a-bad-snapshot-leaves-the-old-one", test_bad_snapshot);
	g_test_add_func("/store/feed/a-damaged-snapshot-leaves-the-old-one", test_damaged_snapshot);
	g_test_add_func("/store/feed/a-good-snapshot-is-swapped-in-whole", test_swap);
	g_test_add_func("/store/feed/past-sales-are-found-by-item", test_past_items);
	return g_test_run();
}
