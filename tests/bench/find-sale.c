/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "central.h"
#include "crypto.h"
#include "sale.h"
#include "sold-book.h"
#include "till-test.h"

/* How long the central looks for a sale among many: by receipt, by item in its newest page, by
 * amount and time. find-sale [LINES] (10,000,000): ten lines a sale. Minutes and gigabytes, so it
 * runs by hand. One JSON object a line; the yardstick is one row by its primary key in the same
 * file. */

#define LINES_DEFAULT G_GINT64_CONSTANT(10000000)
#define LINES_A_SALE 10
#define SKUS 20000
#define ROUNDS 1000
#define FIRST_MS G_GINT64_CONSTANT(1780000000000)
#define STEP_MS 3000

static gint64
now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* An id that grows with time, as a till makes them. */
static void
make_txn(gint64 sale, guint8 *out)
{
	guint64 ms = (guint64)(FIRST_MS + sale * STEP_MS);

	memset(out, 0, 16);
	for (guint i = 0; i < 6; i++)
		out[i] = (guint8)(ms >> (40 - 8 * i));
	out[6] = 0x70;
	out[8] = 0x80;
	for (guint i = 0; i < 6; i++)
		out[10 + i] = (guint8)((guint64)sale >> (40 - 8 * i));
}

static guint
sku_of(gint64 sale, guint line)
{
	return (guint)((guint64)(sale * LINES_A_SALE + line) * G_GUINT64_CONSTANT(2654435761) %
		       SKUS);
}

static char *
make_receipt(gint64 sale)
{
	return g_strdup_printf("014-01-%010" G_GINT64_FORMAT, sale);
}

static char *
make_body(gint64 sale)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	g_autofree char *receipt = make_receipt(sale);

	for (guint i = 0; i < LINES_A_SALE; i++)
		g_string_append_printf(
		    lines,
		    "%s{\"line\":%u,\"sku\":\"SKU-%05u\",\"name\":\"Thing of the house\","
		    "\"variant\":\"Navy / M\",\"code\":\"\",\"unit\":\"ea\",\"weighed\":false,"
		    "\"tax_class\":\"zero\",\"price_list\":\"base\",\"quantity_milli\":1000,"
		    "\"unit_minor\":100,\"list_minor\":100,\"discount_minor\":0,\"tax_minor\":0,"
		    "\"total_minor\":100,\"taxes\":[]}",
		    i > 0 ? "," : "", i + 1, sku_of(sale, i));
	return g_strdup_printf(
	    "{\"receipt\":\"%s\",\"store\":\"014\",\"till\":\"01\",\"staff\":{\"id\":\"s\","
	    "\"name\":\"S\"},\"currency\":\"USD\",\"opened_ms\":1,\"closed_ms\":%" G_GINT64_FORMAT
	    ",\"lines\":[%s],\"taxes\":[],\"list_minor\":1000,\"discount_minor\":0,\"tax_minor\":0,"
	    "\"total_minor\":1000,\"tenders\":[{\"kind\":\"cash\",\"tendered_minor\":1000,"
	    "\"amount_minor\":1000}],\"change_minor\":0}",
	    receipt, FIRST_MS + sale * STEP_MS, lines->str);
}

static void
run(sqlite3 *books, const char *sql)
{
	char *words = NULL;

	if (sqlite3_exec(books, sql, NULL, NULL, &words) != SQLITE_OK)
		g_error("%s: %s", sql, words);
}

static sqlite3_stmt *
prepare(sqlite3 *books, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(books, sql, -1, &statement, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(books));
	return statement;
}

static void
step(sqlite3_stmt *statement)
{
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_DONE);
	sqlite3_reset(statement);
}

static void
put_sale(gint64 sale, sqlite3_stmt *entry, sqlite3_stmt *head, sqlite3_stmt *line)
{
	g_autofree char *body = make_body(sale);
	g_autofree char *receipt = make_receipt(sale);
	guint8 txn[16];

	make_txn(sale, txn);
	sqlite3_bind_blob(entry, 1, txn, sizeof txn, SQLITE_STATIC);
	sqlite3_bind_blob(entry, 2, body, (int)strlen(body), SQLITE_STATIC);
	step(entry);
	sqlite3_bind_blob(head, 1, txn, sizeof txn, SQLITE_STATIC);
	sqlite3_bind_text(head, 2, receipt, -1, SQLITE_STATIC);
	sqlite3_bind_int64(head, 3, FIRST_MS + sale * STEP_MS);
	/* Amounts differ as much as those of a shop do. */
	sqlite3_bind_int64(head, 4, 500 + sale * 7919 % 20000);
	step(head);
	for (guint i = 0; i < LINES_A_SALE; i++) {
		char sku[16];
		(void)g_snprintf(sku, sizeof sku, "SKU-%05u", sku_of(sale, i));
		sqlite3_bind_blob(line, 1, txn, sizeof txn, SQLITE_STATIC);
		sqlite3_bind_int64(line, 2, i);
		sqlite3_bind_text(line, 3, sku, -1, SQLITE_STATIC);
		step(line);
	}
}

static void
fill(const char *path, gint64 sales)
{
	sqlite3 *books = NULL;
	sqlite3_stmt *entry, *head, *line;

	g_assert_cmpint(sqlite3_open(path, &books), ==, SQLITE_OK);
	run(books, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000");
	run(books, "BEGIN");
	entry = prepare(books, "INSERT INTO entry (txn, terminal, type, version, body_hash, body, "
			       "wall_ms, mono_ms, boot, offset_ms, uncertainty_ms, business_date, "
			       "shift, cursor, arrived_ms, outcome, reason, exceptions, feed_seq) "
			       "VALUES (?1, 1, 'sale', 1, x'00', ?2, 0, 0, '', 0, 0, '', 0, '', 0, "
			       "'applied', '', '', 0)");
	head = prepare(books, "INSERT INTO sale (txn, terminal, store_code, receipt, staff_id, "
			      "business_date, closed_ms, currency, list_minor, discount_minor, "
			      "tax_minor, total_minor, change_minor, rounding_minor) VALUES (?1, "
			      "1, '014', ?2, 's', '', ?3, 'USD', ?4, 0, 0, ?4, 0, 0)");
	line = prepare(books, "INSERT INTO sale_line (txn, line, sku, quantity_milli, moved_milli, "
			      "unit_minor, list_minor, discount_minor, tax_minor, total_minor) "
			      "VALUES (?1, ?2, ?3, 1000, 0, 100, 100, 0, 0, 100)");
	for (gint64 i = 0; i < sales; i++)
		put_sale(i, entry, head, line);
	sqlite3_finalize(entry);
	sqlite3_finalize(head);
	sqlite3_finalize(line);
	run(books, "COMMIT; PRAGMA journal_mode=WAL");
	g_assert_cmpint(sqlite3_close(books), ==, SQLITE_OK);
}

/* --- the questions --- */

typedef enum {
	BY_RECEIPT,
	BY_ITEM,
	BY_AMOUNT,
	BY_KEY,
	WAYS,
} Way;

typedef struct {
	Way way;
	gint64 sales;
	gint64 times[ROUNDS];
	gint64 found;
} Task;

static gint64
look_up_key(TillDb *db, gint64 sale)
{
	TillDbQuery *query = till_db_query(db, "SELECT total_minor FROM sale WHERE txn = ?1");
	guint8 txn[16];
	gint64 total = 0;

	make_txn(sale, txn);
	till_db_bind_blob(query, 1, txn, sizeof txn);
	g_assert_true(till_db_fetch_int(query, 0, &total, NULL));
	return total > 0 ? 1 : 0;
}

static gint64
look_up(TillDb *db, Way way, gint64 sale)
{
	g_autofree char *receipt = make_receipt(sale);
	g_autofree char *sku = g_strdup_printf("SKU-%05u", sku_of(sale, 3));
	TillSoldBookQuestion question = {.receipt = way == BY_RECEIPT ? receipt : "",
					 .customer = "",
					 .sku = way == BY_ITEM ? sku : "",
					 .limit = 20};
	g_autoptr(GPtrArray) list = NULL;
	gint64 before;

	if (way == BY_KEY)
		return look_up_key(db, sale);
	if (way == BY_AMOUNT) {
		question.amount_minor = 500 + sale * 7919 % 20000;
		question.from_ms = FIRST_MS + sale * STEP_MS - 43200000;
		question.to_ms = question.from_ms + 86400000;
	}
	list = till_sold_book_list(db, &question, &before, NULL);
	g_assert_nonnull(list);
	return list->len;
}

static gboolean
task_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Task *task = data;
	TillTestRandom random;

	till_test_random_init(&random, 20261124 + task->way);
	for (guint i = 0; i < ROUNDS; i++) {
		gint64 sale = till_test_random_range(&random, 0, task->sales - 1);
		gint64 begin = now_ns();
		gint64 found = look_up(central->db, task->way, sale);
		task->times[i] = now_ns() - begin;
		g_assert_cmpint(found, >, 0);
		task->found += found;
	}
	return TRUE;
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	const gint64 *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void
tell(Task *task, gint64 yardstick_ns)
{
	static const char *const names[WAYS] = {"receipt", "item, newest 20", "amount in a day",
						"primary key"};

	qsort(task->times, ROUNDS, sizeof *task->times, compare_times);
	gint64 p99 = task->times[ROUNDS * 99 / 100];
	printf("{\"bench\":\"find a sale in the central by %s\", \"lines\":%" G_GINT64_FORMAT
	       ", \"found\":%" G_GINT64_FORMAT ", \"median_ns\":%" G_GINT64_FORMAT
	       ", \"p99_ns\":%" G_GINT64_FORMAT
	       ", \"yardstick\":\"p99 of one row by its key\", \"ratio_milli\":%" G_GINT64_FORMAT
	       "}\n",
	       names[task->way], task->sales * LINES_A_SALE, task->found, task->times[ROUNDS / 2],
	       p99, 1000 * p99 / (yardstick_ns > 0 ? yardstick_ns : p99));
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const Way order[] = {BY_KEY, BY_RECEIPT, BY_ITEM, BY_AMOUNT};
	gint64 lines = argc > 1 ? g_ascii_strtoll(argv[1], NULL, 10) : LINES_DEFAULT;
	gint64 sales = MAX(lines / LINES_A_SALE, 1);
	char *root = till_test_temp_dir();
	g_autofree char *data = g_build_filename(root, "data", NULL);
	g_autofree char *state = g_build_filename(root, "state", NULL);
	g_autofree char *path = g_build_filename(data, "central.db", NULL);
	g_autoptr(GError) error = NULL;
	TillTestClock clock;
	gint64 yardstick_ns = 0;

	till_crypto_init();
	g_setenv("TILLHOUSE_STATE_DIR", state, TRUE);
	till_test_clock_init(&clock, FIRST_MS + sales * STEP_MS);
	till_central_close(till_central_open(data, &clock.clock, &error));
	g_assert_no_error(error);
	fill(path, sales);
	TillCentral *central = till_central_open(data, &clock.clock, &error);
	g_assert_no_error(error);
	for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
		Task task = {.way = order[i], .sales = sales};
		g_assert_true(till_writer_call(central->writer, task_run, &task, NULL));
		tell(&task, yardstick_ns);
		if (order[i] == BY_KEY)
			yardstick_ns = task.times[ROUNDS * 99 / 100];
	}
	till_central_close(central);
	till_test_remove_dir(root);
	g_free(root);
	return 0;
}
