/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <string.h>

#include "db.h"
#include "error.h"
#include "till-test.h"
#include "writer.h"

static const char *const schemas[] = {
    "CREATE TABLE progress (commits INTEGER NOT NULL);"
    "INSERT INTO progress VALUES (0);"
    "CREATE TABLE thing (name TEXT PRIMARY KEY) STRICT",
    "ALTER TABLE thing ADD COLUMN size INTEGER NOT NULL DEFAULT 7", NULL};
static const char *const first_schema[] = {"CREATE TABLE old (a)", NULL};

typedef struct {
	char *dir;
	char *path;
	TillDb *db;
} Fixture;

static void
open_db(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(GError) error = NULL;

	fixture->dir = till_test_temp_dir();
	fixture->path = g_build_filename(fixture->dir, "books.db", NULL);
	fixture->db = till_db_open(fixture->path, schemas, &error);
	g_assert_no_error(error);
}

static void
close_db(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	till_db_close(fixture->db);
	till_test_remove_dir(fixture->dir);
	g_free(fixture->path);
	g_free(fixture->dir);
}

static gint64
count(TillDb *db)
{
	gint64 value = -1;

	g_assert_true(
	    till_db_fetch_int(till_db_query(db, "SELECT count(*) FROM thing"), 0, &value, NULL));
	return value;
}

static gboolean
put(TillDb *db, const char *name, GError **error)
{
	TillDbQuery *query = till_db_query(db, "INSERT INTO thing (name) VALUES (?1)");

	till_db_bind_text(query, 1, name);
	return till_db_run(query, error);
}

static void
test_upgrade(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	gint64 size = 0;

	g_assert_true(put(fixture->db, "a", NULL));
	g_assert_true(till_db_fetch_int(till_db_query(fixture->db, "SELECT size FROM thing"), 0,
					&size, NULL));
	g_assert_cmpint(size, ==, 7);
}

static void
test_newer(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	GError *error = NULL;
	TillDb *db;

	g_clear_pointer(&fixture->db, till_db_close);
	db = till_db_open(fixture->path, first_schema, &error);
	g_assert_null(db);
	till_test_assert_error(error, TILL_ERROR_NEWER, "newer release");
}

static void
test_exclusive(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_assert_true(put(fixture->db, "a", NULL));
	/* A second connection would wait five seconds for the lock; that it cannot have it is read
	 * from the file's own list of locks: no shared-memory file is there, so no second reader
	 * can join. */
	g_autofree char *shm = g_strconcat(fixture->path, "-shm", NULL);
	g_assert_false(g_file_test(shm, G_FILE_TEST_EXISTS));
}

static void
test_constraint(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	GError *error = NULL;

	g_assert_true(till_db_begin(fixture->db, NULL));
	g_assert_true(put(fixture->db, "a", NULL));
	g_assert_true(till_db_savepoint(fixture->db, "entry", NULL));
	g_assert_true(put(fixture->db, "b", NULL));
	g_assert_false(put(fixture->db, "a", &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_STATE);
	g_clear_error(&error);
	g_assert_true(till_db_release(fixture->db, "entry", FALSE, NULL));
	g_assert_true(till_db_commit(fixture->db, NULL));
	g_assert_cmpint(count(fixture->db), ==, 1);
}

static void
test_backup(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autofree char *copy = g_build_filename(fixture->dir, "copy.db", NULL);
	g_autoptr(GError) error = NULL;
	TillDb *db;

	g_assert_true(put(fixture->db, "a", NULL));
	g_assert_true(
	    till_db_backup(fixture->db, copy, "INSERT INTO thing (name) VALUES ('mark')", &error));
	g_assert_no_error(error);
	g_assert_null(till_db_complaint(fixture->db));
	db = till_db_open(copy, schemas, &error);
	g_assert_no_error(error);
	g_assert_cmpint(count(db), ==, 2);
	g_assert_cmpint(count(fixture->db), ==, 1);
	till_db_close(db);
}

/* --- the writer --- */

typedef struct {
	const char *name;
	gboolean keep;
} Put;

static gboolean
put_run(gpointer owner, gpointer data)
{
	const Put *job = data;

	return put(owner, job->name, NULL) && job->keep;
}

typedef struct {
	TillWriter *writer;
	int number;
} Poster;

static void *
post_many(void *user)
{
	Poster *poster = user;

	for (int i = 0; i < 50; i++) {
		g_autofree char *name = g_strdup_printf("%d-%d", poster->number, i);
		Put job = {name, i % 2 == 0};
		g_assert_true(till_writer_call(poster->writer, put_run, &job, NULL));
	}
	return NULL;
}

/* Jobs of a group are kept or undone each for itself, whoever shares their transaction. */
static void
test_group(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillWriter *writer = till_writer_new(fixture->db, fixture->db, NULL);
	Poster posters[4];
	pthread_t threads[4];

	for (int i = 0; i < 4; i++) {
		posters[i] = (Poster){writer, i};
		g_assert_cmpint(pthread_create(&threads[i], NULL, post_many, &posters[i]), ==, 0);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	till_writer_free(writer);
	till_db_own(fixture->db);
	g_assert_cmpint(count(fixture->db), ==, 100);
}

static gboolean
slow_run(gpointer owner G_GNUC_UNUSED, gpointer data)
{
	pthread_mutex_t *gate = data;

	pthread_mutex_lock(gate);
	pthread_mutex_unlock(gate);
	return TRUE;
}

static void
ignore_cb(gpointer data G_GNUC_UNUSED, const GError *error)
{
	g_assert_no_error(error);
}

/* While one job holds the writer, the others gather; they then share one transaction. */
static void
test_shared_commit(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillWriter *writer = till_writer_new(fixture->db, fixture->db, NULL);
	static const Put jobs[] = {{"a", TRUE}, {"b", TRUE}, {"c", TRUE}};
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	gint64 commits = 0;

	pthread_mutex_lock(&gate);
	till_writer_post(writer, slow_run, ignore_cb, &gate);
	for (gsize i = 0; i < G_N_ELEMENTS(jobs); i++)
		till_writer_post(writer, put_run, ignore_cb, (gpointer)(guintptr)&jobs[i]);
	pthread_mutex_unlock(&gate);
	till_writer_free(writer);
	till_db_own(fixture->db);
	g_assert_cmpint(count(fixture->db), ==, 3);
	g_assert_true(till_db_fetch_int(till_db_query(fixture->db, "SELECT commits FROM progress"),
					0, &commits, NULL));
	g_assert_cmpint(commits, ==, 1);
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, open_db, function, close_db)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/central/db/schemas-run-in-order", test_upgrade);
	ADD("/central/db/a-newer-file-is-left-alone", test_newer);
	ADD("/central/db/one-connection-needs-no-shared-memory", test_exclusive);
	ADD("/central/db/a-savepoint-undoes-only-itself", test_constraint);
	ADD("/central/db/a-backup-is-whole-and-marked", test_backup);
	ADD("/central/writer/jobs-are-kept-or-undone-each", test_group);
	ADD("/central/writer/jobs-that-wait-share-one-commit", test_shared_commit);
	return g_test_run();
}
