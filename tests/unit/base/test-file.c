/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "till-test.h"

typedef struct {
	char *dir;
	char *path;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->dir = till_test_temp_dir();
	fixture->path = g_build_filename(fixture->dir, "file", NULL);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	till_test_remove_dir(fixture->dir);
	g_free(fixture->dir);
	g_free(fixture->path);
}

static int
mode_of(const char *path)
{
	struct stat status;
	g_assert_cmpint(stat(path, &status), ==, 0);
	return (int)(status.st_mode & 07777);
}

static void
test_write_and_read(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	gsize size = 0;
	g_assert_true(till_file_write(fixture->path, "old", 3, 0600, &error));
	g_assert_true(till_file_write(fixture->path, "new\0er", 6, 0644, &error));
	g_autofree char *text = till_file_read(fixture->path, 6, &size, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(text, (int)size, "new\0er", 6);
	g_assert_cmpint(text[6], ==, 0);
	g_assert_cmpint(mode_of(fixture->path), ==, 0644);
	g_autofree char *temporary = g_strconcat(fixture->path, ".tmp", NULL);
	g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
}

static void
test_leftover_is_replaced(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *temporary = g_strconcat(fixture->path, ".tmp", NULL);
	g_assert_true(g_file_set_contents(temporary, "half of one", -1, NULL));
	g_assert_true(till_file_write(fixture->path, "whole", 5, 0600, &error));
	g_autofree char *text = till_file_read(fixture->path, 100, NULL, &error);
	g_assert_cmpstr(text, ==, "whole");
	g_assert_cmpint(mode_of(fixture->path), ==, 0600);
}

static void
test_failed_write_leaves_the_old_one(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *inside = g_build_filename(fixture->path, "below", NULL);
	g_assert_cmpint(g_mkdir(fixture->path, 0700), ==, 0);
	g_assert_cmpint(g_mkdir(inside, 0700), ==, 0);
	/* A directory that is not empty cannot be renamed over. */
	g_assert_false(till_file_write(fixture->path, "x", 1, 0600, &error));
	till_test_assert_error(error, TILL_ERROR_DISK, "Could not write");
	g_assert_true(g_file_test(inside, G_FILE_TEST_IS_DIR));
	g_autofree char *temporary = g_strconcat(fixture->path, ".tmp", NULL);
	g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
}

/* A limit on file size stands in for a disk that fails half-way through. */
static void
test_write_failing_half_way(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *big = g_strnfill(50000, 'x');
	g_autofree char *temporary = g_strconcat(fixture->path, ".tmp", NULL);
	struct rlimit before;
	g_assert_true(till_file_write(fixture->path, "old", 3, 0600, &error));
	g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
	struct rlimit tight = {.rlim_cur = 10000, .rlim_max = before.rlim_max};
	(void)signal(SIGXFSZ, SIG_IGN);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &tight), ==, 0);
	gboolean ok = till_file_write(fixture->path, big, 50000, 0600, &error);
	g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
	g_assert_false(ok);
	till_test_assert_error(error, TILL_ERROR_DISK, "Could not write");
	g_autofree char *text = till_file_read(fixture->path, 100, NULL, &error);
	g_assert_cmpstr(text, ==, "old");
	g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
}

static void
test_read_is_bounded(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *big = g_strnfill(200000, 'x');
	gsize size = 7;
	g_assert_true(g_file_set_contents(fixture->path, big, 200000, NULL));
	g_assert_null(till_file_read(fixture->path, 199999, &size, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "larger than 199999 bytes");
	g_assert_cmpuint(size, ==, 7);
	g_autofree char *text = till_file_read(fixture->path, 200000, &size, &error);
	g_assert_cmpstr(text, ==, big);
	g_assert_cmpuint(size, ==, 200000);
}

static void
test_absent_file(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_assert_null(till_file_read(fixture->path, 10, NULL, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, fixture->path);
	g_assert_null(till_file_read(fixture->dir, 10, NULL, &error));
	till_test_assert_error(error, TILL_ERROR_DISK, "Is a directory");
}

static void
test_make_dir(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *deep = g_build_filename(fixture->dir, "a", "b", "c", NULL);
	g_assert_true(till_file_make_dir(deep, &error));
	g_assert_true(till_file_make_dir(deep, &error));
	g_assert_no_error(error);
	g_assert_cmpint(mode_of(deep), ==, 0700);
}

static void
test_make_dir_over_file(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_assert_true(g_file_set_contents(fixture->path, "", 0, NULL));
	g_autofree char *below = g_build_filename(fixture->path, "below", NULL);
	g_assert_false(till_file_make_dir(below, &error));
	till_test_assert_error(error, TILL_ERROR_DISK, "File exists");
}

static void
test_lock_names_its_holder(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	int first = till_file_lock(fixture->path, "tillhouse", &error);
	g_assert_no_error(error);
	g_assert_cmpint(first, >=, 0);
	g_assert_cmpint(till_file_lock(fixture->path, "tillctl", &error), ==, -1);
	g_autofree char *words = g_strdup_printf("tillhouse (process %d)", (int)getpid());
	till_test_assert_error(error, TILL_ERROR_BUSY, words);
	till_file_unlock(first);
	int second = till_file_lock(fixture->path, "tillctl", &error);
	g_assert_no_error(error);
	till_file_unlock(second);
	till_file_unlock(-1);
}

static void
test_hostile_holder_words_are_cleaned(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *long_words = g_strnfill(5000, 'w');
	int first = till_file_lock(fixture->path, "tillhouse", &error);
	g_assert_cmpint(truncate(fixture->path, 0), ==, 0);
	g_assert_cmpint(write(first, "\x1B[2J\xFF", 5), ==, 5);
	g_assert_cmpint((int)write(first, long_words, 5000), ==, 5000);
	g_assert_cmpint(till_file_lock(fixture->path, "tillctl", &error), ==, -1);
	g_assert_null(strchr(error->message, 0x1B));
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
	g_assert_cmpuint(strlen(error->message), <, 500);
	till_test_assert_error(error, TILL_ERROR_BUSY, "is held by");
	till_file_unlock(first);
}

static void
test_lock_ends_with_its_process(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	g_autofree char *command = g_strdup_printf("exec flock -n -x '%s' true", fixture->path);
	int status = -1;
	g_autofree char *quoted = g_shell_quote(command);
	g_autofree char *line = g_strdup_printf("sh -c %s", quoted);
	int held = till_file_lock(fixture->path, "test", &error);
	g_assert_true(g_spawn_command_line_sync(line, NULL, NULL, &status, NULL));
	g_assert_cmpint(status, !=, 0);
	till_file_unlock(held);
	g_assert_true(g_spawn_command_line_sync(line, NULL, NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
}

static void
test_free_bytes(Fixture *fixture, gconstpointer data)
{
	(void)data;
	g_autoptr(GError) error = NULL;
	guint64 bytes = 0;
	g_assert_true(till_file_free_bytes(fixture->dir, &bytes, &error));
	g_assert_cmpuint(bytes, >, 0);
	g_assert_false(till_file_free_bytes(fixture->path, &bytes, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "free space");
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/base/file/writes-whole-and-reads-back", test_write_and_read);
	add("/base/file/a-leftover-of-a-crash-is-replaced", test_leftover_is_replaced);
	add("/base/file/a-failed-write-leaves-the-old-one", test_failed_write_leaves_the_old_one);
	add("/base/file/a-write-that-fails-half-way-leaves-the-old-one",
	    test_write_failing_half_way);
	add("/base/file/reading-is-bounded", test_read_is_bounded);
	add("/base/file/an-absent-file-is-told", test_absent_file);
	add("/base/file/makes-directories-and-parents", test_make_dir);
	add("/base/file/makes-no-directory-over-a-file", test_make_dir_over_file);
	add("/base/file/a-lock-names-its-holder", test_lock_names_its_holder);
	add("/base/file/hostile-words-of-a-holder-are-cleaned",
	    test_hostile_holder_words_are_cleaned);
	add("/base/file/another-process-respects-the-lock", test_lock_ends_with_its_process);
	add("/base/file/measures-free-space", test_free_bytes);
	return g_test_run();
}
