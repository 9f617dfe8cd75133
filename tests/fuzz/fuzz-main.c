/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <glib.h>
#include <string.h>

#include "till-test.h"

/* Replays inputs through a fuzz target without libFuzzer: every file named, and every file of every
 * folder named, as it is and then damaged a number of times. The damage depends on the file's name
 * only, so that what fails here fails again.
 *
 *   replay-json [--rounds N] FILE|FOLDER… */

#define INPUT_MAX 4194304

static guint replayed;

/* The target gets memory of exactly the input's size, so that a sanitizer sees one byte too far. */
static void
run_once(const char *data, gsize size)
{
	g_autofree uint8_t *exact = g_memdup2(data, size);

	g_assert_cmpint(LLVMFuzzerTestOneInput(exact, size), ==, 0);
}

static void
damage(TillTestRandom *random, GString *input)
{
	for (gint64 steps = till_test_random_range(random, 1, 8); steps > 0 && input->len > 0;
	     steps--) {
		gssize at = till_test_random_range(random, 0, (gint64)input->len - 1);
		gssize length = till_test_random_range(random, 1, MIN(16, (gint64)input->len - at));
		switch (till_test_random_range(random, 0, 3)) {
		case 0:
			input->str[at] = (char)till_test_random_range(random, 0, 255);
			break;
		case 1:
			g_string_erase(input, at, length);
			break;
		case 2: {
			g_autofree char *piece = g_strndup(input->str + at, (gsize)length);
			g_string_insert_len(input, at, piece, (gssize)strlen(piece));
			break;
		}
		default:
			input->str[at] =
			    (char)(input->str[at] ^ (1 << till_test_random_range(random, 0, 7)));
			break;
		}
	}
}

static void
replay_file(const char *path, gint64 rounds)
{
	g_autofree char *data = NULL;
	g_autofree char *name = g_path_get_basename(path);
	g_autoptr(GError) error = NULL;
	TillTestRandom random;
	gsize size;

	if (!g_file_get_contents(path, &data, &size, &error))
		g_error("%s", error->message);
	g_assert_cmpuint(size, <=, INPUT_MAX);
	g_printerr("%s\n", path);
	run_once(data, size);
	replayed++;
	till_test_random_init(&random, g_str_hash(name));
	for (gint64 i = 0; i < rounds; i++) {
		g_autoptr(GString) input = g_string_new_len(data, (gssize)size);
		damage(&random, input);
		run_once(input->str, input->len);
	}
}

static void
replay(const char *path, gint64 rounds)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	if (dir == NULL) {
		replay_file(path, rounds);
		return;
	}
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);
		replay_file(child, rounds);
	}
}

int
main(int argc, char **argv)
{
	int first = 1;
	gint64 rounds = 0;

	if (argc > 2 && strcmp(argv[1], "--rounds") == 0) {
		rounds = g_ascii_strtoll(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		replay(argv[i], rounds);
	if (replayed == 0) {
		g_printerr("Nothing was replayed; name the files or folders of a corpus.\n");
		return 2;
	}
	g_print("%u inputs replayed, each damaged %" G_GINT64_FORMAT " times\n", replayed, rounds);
	return 0;
}
