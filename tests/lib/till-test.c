/* SPDX-License-Identifier: Apache-2.0 */
#include "till-test.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

#define WAIT_MAX_S 30
#define OPEN_DIRS_MAX 16

const char *
till_test_shared_data(const char *relative)
{
	const char *root = g_getenv("TILL_SHARED_DATA");
	if (root == NULL || root[0] == '\0')
		return NULL;
	g_autofree char *path = g_build_filename(root, relative, NULL);
	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_intern_string(path) : NULL;
}

char *
till_test_source_path(const char *relative)
{
	const char *root = g_getenv("TILL_SOURCE_ROOT");
	g_assert_nonnull(root);
	return g_build_filename(root, relative, NULL);
}

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *
till_test_schema(const char *folder, int *out_version)
{
	g_autofree char *path = till_test_source_path(folder);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GString *all = g_string_new(NULL);

	g_assert_nonnull(dir);
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
		g_ptr_array_add(names, (gpointer)(guintptr)g_intern_string(name));
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *file = g_build_filename(path, g_ptr_array_index(names, i), NULL);
		g_autofree char *text = NULL;
		gboolean is_read = g_file_get_contents(file, &text, NULL, NULL);
		g_assert_true(is_read);
		g_string_append(all, text);
	}
	*out_version = (int)names->len;
	return g_string_free(all, FALSE);
}

char *
till_test_temp_dir(void)
{
	g_autoptr(GError) error = NULL;
	char *path = g_dir_make_tmp("till-test-XXXXXX", &error);
	g_assert_no_error(error);
	return path;
}

static int
remove_entry_cb(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

void
till_test_remove_dir(const char *path)
{
	int result = nftw(path, remove_entry_cb, OPEN_DIRS_MAX, FTW_DEPTH | FTW_PHYS);
	g_assert_cmpint(result, ==, 0);
}

json_t *
till_test_load_json(const char *path)
{
	json_error_t error;
	json_t *value = json_load_file(path, JSON_DECODE_ANY, &error);
	if (value == NULL)
		g_error("%s, line %d: %s", path, error.line, error.text);
	return value;
}

static gint64
read_wall_cb(gpointer user)
{
	return __atomic_load_n(&((TillTestClock *)user)->wall_ms, __ATOMIC_SEQ_CST);
}

static gint64
read_mono_cb(gpointer user)
{
	return __atomic_load_n(&((TillTestClock *)user)->mono_ms, __ATOMIC_SEQ_CST);
}

void
till_test_clock_init(TillTestClock *clock, gint64 wall_ms)
{
	clock->clock = (TillClock){.wall_ms = read_wall_cb, .mono_ms = read_mono_cb, .user = clock};
	clock->wall_ms = wall_ms;
	clock->mono_ms = 0;
}

void
till_test_clock_advance(TillTestClock *clock, gint64 ms)
{
	g_assert_cmpint(ms, >=, 0);
	__atomic_add_fetch(&clock->wall_ms, ms, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&clock->mono_ms, ms, __ATOMIC_SEQ_CST);
}

void
till_test_clock_set_wall(TillTestClock *clock, gint64 wall_ms)
{
	__atomic_store_n(&clock->wall_ms, wall_ms, __ATOMIC_SEQ_CST);
}

void
till_test_random_init(TillTestRandom *random, guint64 seed)
{
	random->state = seed;
}

guint64
till_test_random_next(TillTestRandom *random)
{
	random->state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	guint64 mixed = random->state;
	mixed = (mixed ^ (mixed >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
	return mixed ^ (mixed >> 31);
}

gint64
till_test_random_range(TillTestRandom *random, gint64 min, gint64 max)
{
	g_assert_cmpint(min, <=, max);
	guint64 span = (guint64)max - (guint64)min + 1;
	guint64 number = till_test_random_next(random);
	return (gint64)((guint64)min + (span == 0 ? number : number % span));
}

void
till_test_random_bytes(TillTestRandom *random, void *out, gsize size)
{
	guint8 *bytes = out;
	for (gsize i = 0; i < size; i++)
		bytes[i] = (guint8)till_test_random_next(random);
}

static gboolean
time_out_cb(gpointer user)
{
	(void)user;
	g_error("what the test waits for did not happen within %d s", WAIT_MAX_S);
	return G_SOURCE_REMOVE;
}

void
till_test_wait(const gboolean *flag)
{
	guint guard = g_timeout_add_seconds(WAIT_MAX_S, time_out_cb, NULL);
	while (!*flag)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(guard);
}

void
till_test_check_error(const char *where, GError **error, int code, const char *words)
{
	if (*error == NULL)
		g_error("%s: no error where one was expected", where);
	if (!g_error_matches(*error, TILL_ERROR, code) || strstr((*error)->message, words) == NULL)
		g_error("%s: expected error %d with \"%s\", got %s %d: %s", where, code, words,
			g_quark_to_string((*error)->domain), (*error)->code, (*error)->message);
	g_clear_error(error);
}
