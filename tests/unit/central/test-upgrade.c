/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "central-fixture.h"

/* Rows of every table that later releases changed, as the first one wrote them. */
#define OLD_ROWS                                                                                   \
	"INSERT INTO store VALUES ('014', 'id-014', 'Harbour Street', 2);"                         \
	"INSERT INTO scope VALUES ('chain', 40, 12);"                                              \
	"INSERT INTO customer VALUES ('chain', 'c-1', 'Dana', 'dana@mail.example', '', 'JR1');"    \
	"INSERT INTO price VALUES ('chain', 'base', 'A', 0, 0, 0, 1250);"                          \
	"INSERT INTO tax VALUES ('store:014', 'standard', 'vat', 'VAT', 210000, 1, 0);"            \
	"INSERT INTO sale VALUES (x'01', 1, '014', 'r', 's', '2026-11-23', 1, 'USD', 5, 0, 0, 5, " \
	"0);"                                                                                      \
	"INSERT INTO promotion VALUES ('chain', 'p', 3, '{}');"

static sqlite3 *
open_file(const char *path)
{
	sqlite3 *handle = NULL;

	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	return handle;
}

static char *
ask(const char *path, const char *sql)
{
	sqlite3 *handle = open_file(path);
	sqlite3_stmt *statement = NULL;
	char *answer = NULL;

	g_assert_cmpint(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		answer = g_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
	return answer;
}

static char *
read_schema(const char *path)
{
	return ask(path, "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema "
			 "WHERE sql IS NOT NULL ORDER BY type, name)");
}

static void
close_central(CentralFixture *fixture)
{
	g_clear_pointer(&fixture->central, till_central_close);
}

static void
open_central(CentralFixture *fixture)
{
	g_autoptr(GError) error = NULL;

	fixture->central = till_central_open(fixture->data, &fixture->clock.clock, &error);
	g_assert_no_error(error);
}

/* Books as the first release made them, with rows. */
static void
put_old_books(const char *path)
{
	g_autofree char *file = g_build_filename(g_getenv("TILL_SOURCE_ROOT"),
						 "sync/central/schema/0001-central.sql", NULL);
	g_autofree char *schema = NULL;
	sqlite3 *handle;

	g_assert_true(g_file_get_contents(file, &schema, NULL, NULL));
	g_assert_cmpint(g_unlink(path), ==, 0);
	handle = open_file(path);
	g_assert_cmpint(sqlite3_exec(handle, schema, NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(handle, OLD_ROWS "PRAGMA user_version = 1", NULL, NULL, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
}

static void
test_old_books(void)
{
	CentralFixture fixture;
	g_autofree char *path = NULL;
	g_autofree char *fresh = NULL;
	g_autofree char *upgraded = NULL;
	g_autofree char *row = NULL;
	g_autofree char *tax = NULL;
	g_autofree char *rounding = NULL;

	central_fixture_init(&fixture, FALSE);
	path = g_build_filename(fixture.data, "central.db", NULL);
	close_central(&fixture);
	fresh = read_schema(path);
	put_old_books(path);
	open_central(&fixture);
	json_decref(
	    central_fixture_import(&fixture, "prices", "list,sku,price\nbase,A,9.00\n", NULL));
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT head FROM scope WHERE name = 'chain'"), ==, 41);
	close_central(&fixture);
	upgraded = read_schema(path);
	g_assert_cmpstr(upgraded, ==, fresh);
	row = ask(path, "SELECT name || groups || segments || purchases || offers FROM customer");
	g_assert_cmpstr(row, ==, "Dana01");
	tax = ask(path,
		  "SELECT rate_ppm || kind || amount_milli || threshold || fulfilment FROM tax");
	g_assert_cmpstr(tax, ==, "210000percent0");
	rounding = ask(path, "SELECT total_minor || ',' || rounding_minor FROM sale");
	g_assert_cmpstr(rounding, ==, "5,0");
	open_central(&fixture);
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/upgrade/books-of-the-first-release", test_old_books);
	return g_test_run();
}
