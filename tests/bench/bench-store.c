/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalog.h"
#include "catalogue.h"
#include "feed.h"
#include "fixture.h"
#include "store-private.h"

/* The store's figures, each beside a yardstick taken in the same run, one JSON object a line:
 *   {"bench":…, "value_ns":…, "yardstick":…, "yardstick_ns":…, "ratio_milli":…}
 * Work and yardstick alternate, so that a busy neighbour slows both. Medians unless named
 * otherwise. */

#define COMMITS 400
#define LOOKUPS 20000
#define QUERIES 400
#define SMALL 1000
#define LARGE 1000000

typedef struct {
	guint count; /* SKUs in the cache */
	gint64 find_ns;
	gint64 bare_ns;
	gint64 find_p99_ns;
	gint64 scan_ns;
	gint64 scan_p99_ns;
} Lookup;

static Lookup lookups[2];
static guint lookup_run;

static gint64
now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

static gint
compare_numbers(gconstpointer a, gconstpointer b)
{
	gint64 left = *(const gint64 *)a;
	gint64 right = *(const gint64 *)b;
	return left < right ? -1 : left > right;
}

static gint64
percentile(GArray *samples, guint percent)
{
	g_array_sort(samples, compare_numbers);
	return g_array_index(samples, gint64, (samples->len - 1) * percent / 100);
}

static void
print(const char *bench, gint64 value_ns, const char *yardstick, gint64 yardstick_ns)
{
	g_print("{\"bench\":\"%s\",\"value_ns\":%" G_GINT64_FORMAT
		",\"yardstick\":\"%s\",\"yardstick_ns\":%" G_GINT64_FORMAT
		",\"ratio_milli\":%" G_GINT64_FORMAT "}\n",
		bench, value_ns, yardstick, yardstick_ns,
		yardstick_ns == 0 ? 0 : value_ns * 1000 / yardstick_ns);
}

/* A sale's body of the usual size: five lines. */
static GBytes *
build_sale(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)user;
	(void)error;
	gsize size = 2600;
	char *text = g_malloc(size);
	memset(text, 'x', size);
	return g_bytes_new_take(text, size);
}

static void
sell(TillStore *store, guint n)
{
	GError *error = NULL;
	char skus[5][15];
	TillStockMove moves[5];
	for (guint i = 0; i < 5; i++) {
		till_catalogue_sku((n * 5 + i) % SMALL, skus[i]);
		moves[i] = (TillStockMove){skus[i], -1000};
	}
	TillJournalDraft draft = {.type = "sale",
				  .version = 1,
				  .business_date = "2026-11-23",
				  .build = build_sale,
				  .receipt_store = "014",
				  .receipt_till = "02",
				  .total_minor = 6543,
				  .moves = moves,
				  .move_count = 5};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, &error);
	g_assert_no_error(error);
}

static void
bench_commit(TillStore *store, TillFixture *fixture)
{
	g_autofree char *path = g_build_filename(fixture->home, "yardstick", NULL);
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char block[4096];
	memset(block, 'y', sizeof block);
	g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GArray) bare = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint i = 0; i < COMMITS; i++) {
		gint64 begin = now_ns();
		ssize_t written = write(file, block, sizeof block);
		int synced = fdatasync(file);
		gint64 middle = now_ns();
		g_assert_true(written == (ssize_t)sizeof block && synced == 0);
		sell(store, i);
		gint64 end = now_ns();
		gint64 bare_ns = middle - begin;
		gint64 ours_ns = end - middle;
		g_array_append_val(bare, bare_ns);
		g_array_append_val(ours, ours_ns);
	}
	close(file);
	print("commit a sale", percentile(ours, 50), "append 4 KiB + fdatasync",
	      percentile(bare, 50));
	print("commit a sale, p99", percentile(ours, 99), "append 4 KiB + fdatasync, p99",
	      percentile(bare, 99));
}

static gint64
time_find(TillStore *store, const char *gtin)
{
	TillScan scan = till_scan_read(gtin);
	TillItem *item = NULL;
	gint64 begin = now_ns();
	gboolean found = till_catalog_find(store, &scan, &item, NULL);
	gint64 taken = now_ns() - begin;
	g_assert_true(found && item != NULL && item->has_price && item->has_stock);
	till_item_unref(item);
	return taken;
}

static gint64
time_bare(sqlite3_stmt *bare, const char *gtin)
{
	gint64 begin = now_ns();
	sqlite3_bind_text(bare, 1, gtin, -1, SQLITE_STATIC);
	int step = sqlite3_step(bare);
	gint64 taken = now_ns() - begin;
	g_assert_cmpint(step, ==, SQLITE_ROW);
	sqlite3_reset(bare);
	return taken;
}

static void
bench_lookup(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	Lookup *result = &lookups[lookup_run];
	sqlite3_stmt *bare = NULL;
	int prepared =
	    sqlite3_prepare_v2(store->cache.database.handle,
			       "SELECT sku FROM barcode WHERE code = ?1", -1, &bare, NULL);
	g_assert_cmpint(prepared, ==, SQLITE_OK);
	g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GArray) yard = g_array_new(FALSE, FALSE, sizeof(gint64));
	TillTestRandom random;
	till_test_random_init(&random, 7);
	for (guint i = 0; i < LOOKUPS; i++) {
		char gtin[15];
		till_catalogue_gtin((guint)till_test_random_range(&random, 0, result->count - 1),
				    gtin);
		gint64 find_ns = time_find(store, gtin);
		till_catalogue_gtin((guint)till_test_random_range(&random, 0, result->count - 1),
				    gtin);
		gint64 bare_ns = time_bare(bare, gtin);
		/* The first tenth warms the caches. */
		if (i < LOOKUPS / 10)
			continue;
		g_array_append_val(ours, find_ns);
		g_array_append_val(yard, bare_ns);
	}
	sqlite3_finalize(bare);
	result->find_ns = percentile(ours, 50);
	result->find_p99_ns = percentile(ours, 99);
	result->bare_ns = percentile(yard, 50);
}

typedef struct {
	TillScan scan;
	TillItem *item;
} Asked;

static gboolean
answer(gpointer owner, gpointer data, GError **error)
{
	Asked *asked = data;
	return till_catalog_find(owner, &asked->scan, &asked->item, error);
}

/* The whole way of the product: text of a scan, over to the store thread and back, into the basket,
 * priced. */
static gint64
time_scan(TillFixture *fixture, const TillPriceRules *rules, const char *gtin)
{
	GError *error = NULL;
	gint64 begin = now_ns();
	Asked asked = {.scan = till_scan_read(gtin)};
	gboolean found =
	    till_worker_call(till_store_worker(fixture->store), answer, &asked, &error);
	g_autoptr(TillBasket) basket = till_basket_new();
	TillBasketResult added = till_basket_add(basket, asked.item, gtin, 0, NULL);
	g_autoptr(TillPriced) priced = till_price_basket(basket, rules, &error);
	gint64 taken = now_ns() - begin;
	g_assert_no_error(error);
	g_assert_true(found && added == TILL_BASKET_OK && priced != NULL);
	till_item_unref(asked.item);
	return taken;
}

static void
bench_scan(TillFixture *fixture)
{
	Lookup *result = &lookups[lookup_run];
	TillPriceRules rules = {.currency = till_currency_find("USD"),
				.taxes = till_tax_table_new(TILL_ROUND_HALF_UP),
				.rounding = TILL_ROUND_HALF_UP};
	g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(gint64));
	TillTestRandom random;
	till_test_random_init(&random, 13);
	for (guint i = 0; i < LOOKUPS; i++) {
		char gtin[15];
		till_catalogue_gtin((guint)till_test_random_range(&random, 0, result->count - 1),
				    gtin);
		gint64 taken = time_scan(fixture, &rules, gtin);
		if (i >= LOOKUPS / 10)
			g_array_append_val(samples, taken);
	}
	result->scan_ns = percentile(samples, 50);
	result->scan_p99_ns = percentile(samples, 99);
	till_price_rules_clear(&rules);
}

/* What a person types to find an item: one to three of its words, in any order, the last one cut.
 */
static char *
make_query(TillTestRandom *random, guint count)
{
	g_autofree char *name =
	    till_catalogue_name((guint)till_test_random_range(random, 0, count - 1));
	g_auto(GStrv) words = g_strsplit(name, " ", -1);
	gint64 have = g_strv_length(words);
	GString *query = g_string_new(NULL);
	gint64 wanted = till_test_random_range(random, 1, MIN(3, have));
	for (gint64 i = 0; i < wanted; i++)
		g_string_append_printf(query, "%s%s", i == 0 ? "" : " ",
				       words[till_test_random_range(random, 0, have - 1)]);
	return g_string_free(query, FALSE);
}

static gint64
time_search(TillStore *store, const char *query)
{
	GError *error = NULL;
	gint64 begin = now_ns();
	g_autoptr(GPtrArray) items = till_catalog_search(store, query, 50, &error);
	gint64 taken = now_ns() - begin;
	g_assert_no_error(error);
	return taken;
}

static gint64
time_fts(sqlite3_stmt *bare, const char *query)
{
	g_autofree char *last =
	    g_utf8_casefold(strrchr(query, ' ') == NULL ? query : strrchr(query, ' ') + 1, -1);
	if (*last == '\0')
		return 0;
	g_autofree char *match = g_strdup_printf("\"%s\" *", last);
	gint64 begin = now_ns();
	sqlite3_bind_text(bare, 1, match, -1, SQLITE_STATIC);
	while (sqlite3_step(bare) == SQLITE_ROW)
		continue;
	gint64 taken = now_ns() - begin;
	sqlite3_reset(bare);
	return taken;
}

typedef struct {
	GArray *ours;
	GArray *yard;
	gint64 worst_ns;
	char *worst;
} Typing;

static void
type_query(TillStore *store, sqlite3_stmt *bare, const char *query, Typing *typing)
{
	for (const char *at = query; *at != '\0'; at = g_utf8_next_char(at)) {
		g_autofree char *typed = g_strndup(query, (gsize)(g_utf8_next_char(at) - query));
		gint64 ours_ns = time_search(store, typed);
		gint64 yard_ns = time_fts(bare, typed);
		g_array_append_val(typing->ours, ours_ns);
		if (yard_ns > 0)
			g_array_append_val(typing->yard, yard_ns);
		if (ours_ns <= typing->worst_ns)
			continue;
		typing->worst_ns = ours_ns;
		g_free(typing->worst);
		typing->worst = g_strdup(typed);
	}
}

static void
bench_search(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	sqlite3_stmt *bare = NULL;
	int prepared = sqlite3_prepare_v2(store->cache.database.handle,
					  "SELECT rowid FROM item_words WHERE item_words MATCH ?1 "
					  "LIMIT 50",
					  -1, &bare, NULL);
	g_assert_cmpint(prepared, ==, SQLITE_OK);
	Typing typing = {.ours = g_array_new(FALSE, FALSE, sizeof(gint64)),
			 .yard = g_array_new(FALSE, FALSE, sizeof(gint64))};
	TillTestRandom random;
	till_test_random_init(&random, 11);
	for (guint i = 0; i < QUERIES; i++) {
		g_autofree char *query = make_query(&random, LARGE);
		type_query(store, bare, query, &typing);
	}
	sqlite3_finalize(bare);
	print("search as you type at 1000000 names, p50", percentile(typing.ours, 50),
	      "bare FTS5 prefix query, p50", percentile(typing.yard, 50));
	print("search as you type at 1000000 names, p99", percentile(typing.ours, 99),
	      "bare FTS5 prefix query, p99", percentile(typing.yard, 99));
	g_printerr("slowest keystroke: \"%s\", %" G_GINT64_FORMAT " us of %u\n", typing.worst,
		   typing.worst_ns / 1000, typing.ours->len);
	g_array_unref(typing.ours);
	g_array_unref(typing.yard);
	g_free(typing.worst);
}

static char *snapshot;

static void
swap_in(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	GError *error = NULL;
	TillHash hash;
	gint64 begin = now_ns();
	g_assert_true(till_crypto_hash_file(snapshot, &hash, NULL));
	gint64 hashed = now_ns();
	gboolean ok = till_feed_check(snapshot, &hash, &error);
	gint64 checked = now_ns();
	g_assert_no_error(error);
	g_assert_true(ok);
	ok = till_feed_take(store, snapshot, &error);
	gint64 taken = now_ns();
	g_assert_no_error(error);
	g_assert_true(ok);
	g_autofree char *name =
	    g_strdup_printf("check a snapshot of %u SKUs", lookups[lookup_run].count);
	print(name, checked - hashed, "hash of the same file", hashed - begin);
	print("swap it in", taken - checked, "hash of the same file", hashed - begin);
}

static void
write_apart(const char *path, guint count)
{
	int status = -1;
	g_autofree char *number = g_strdup_printf("%u", count);
	const char *const argv[] = {"/proc/self/exe", "--write", path, number, NULL};
	gboolean ran = g_spawn_sync(NULL, (char **)(guintptr)argv, NULL, 0, NULL, NULL, NULL, NULL,
				    &status, NULL);
	g_assert_true(ran && status == 0);
}

/* kept: a snapshot to use again, made when absent; NULL: made for this run only. In a process of
 * its own, so that the memory it takes is not counted. */
static void
load(TillFixture *fixture, guint run, guint count, const char *kept)
{
	lookup_run = run;
	lookups[run].count = count;
	snapshot = g_build_filename(fixture->home, "snapshot.db", NULL);
	if (kept == NULL || !g_file_test(kept, G_FILE_TEST_EXISTS))
		write_apart(kept == NULL ? snapshot : kept, count);
	if (kept != NULL)
		till_fixture_copy(kept, snapshot);
	till_fixture_do(fixture, swap_in);
	g_clear_pointer(&snapshot, g_free);
}

static gint64
resident_kib(void)
{
	g_autofree char *status = NULL;
	if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
		return 0;
	const char *line = strstr(status, "VmRSS:");
	return line == NULL ? 0 : g_ascii_strtoll(line + strlen("VmRSS:"), NULL, 10);
}

static void
bench_open(TillFixture *fixture)
{
	till_fixture_close(fixture);
	gint64 begin = now_ns();
	till_fixture_open(fixture);
	gint64 taken = now_ns() - begin;
	print("open the store at 1000000 SKUs", taken, "none", 0);
}

/* bench-store [FILE]: FILE keeps the large snapshot from run to run. */
int
main(int argc, char **argv)
{
	g_setenv("TILL_SOURCE_ROOT", SOURCE_ROOT, FALSE);
	if (argc == 4 && strcmp(argv[1], "--write") == 0) {
		till_catalogue_write(argv[2], (guint)strtoul(argv[3], NULL, 10));
		return 0;
	}
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, bench_commit);
	load(fixture, 0, SMALL, NULL);
	till_fixture_do(fixture, bench_lookup);
	bench_scan(fixture);
	load(fixture, 1, LARGE, argc > 1 ? argv[1] : NULL);
	gint64 before_kib = resident_kib();
	bench_open(fixture);
	till_fixture_do(fixture, bench_lookup);
	bench_scan(fixture);
	print("scan to priced line at 1000000 SKUs", lookups[1].scan_ns,
	      "scan to priced line at 1000 SKUs", lookups[0].scan_ns);
	print("scan to priced line at 1000000 SKUs, p99", lookups[1].scan_p99_ns,
	      "scan to priced line at 1000 SKUs, p99", lookups[0].scan_p99_ns);
	print("code to item at 1000 SKUs", lookups[0].find_ns, "bare point look-up",
	      lookups[0].bare_ns);
	print("code to item at 1000000 SKUs", lookups[1].find_ns, "bare point look-up",
	      lookups[1].bare_ns);
	print("code to item at 1000000 SKUs, p99", lookups[1].find_p99_ns,
	      "code to item at 1000 SKUs, p99", lookups[0].find_p99_ns);
	print("code to item at 1000000 SKUs", lookups[1].find_ns, "code to item at 1000 SKUs",
	      lookups[0].find_ns);
	till_fixture_do(fixture, bench_search);
	g_print("{\"bench\":\"resident memory at 1000000 SKUs\",\"kib\":%" G_GINT64_FORMAT
		",\"before_kib\":%" G_GINT64_FORMAT "}\n",
		resident_kib(), before_kib);
	till_fixture_free(fixture);
	return 0;
}
