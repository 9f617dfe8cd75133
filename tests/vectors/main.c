/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "registry.h"

/* vectors DIR: reads every DIR/<folder>/<file>.json whose folder an adapter knows, has the product
 * work out each case, and prints a table per file with the rules that put cases out of scope.
 * Exit 0 all passed, 1 some failed, 2 wrong use, 77 no such directory (skipped). */

#define EXIT_SKIP 77
#define FAILURES_SHOWN 400

typedef struct {
	guint passed, failed, out;
} Tally;

typedef struct {
	Tally all;
	guint elsewhere;   /* read by other programs */
	GHashTable *rules; /* owned: "file: rule" → count */
	GPtrArray *failures;
} Run;

static void
count_case(Run *run, Tally *tally, const char *name, const TillVector *vector)
{
	switch (vector->outcome) {
	case TILL_VECTOR_PASSED:
		tally->passed++;
		return;
	case TILL_VECTOR_FAILED:
		tally->failed++;
		g_ptr_array_add(run->failures,
				g_strdup_printf("%s %s: %s", name, vector->id, vector->words));
		return;
	case TILL_VECTOR_OUT_OF_SCOPE: {
		char *rule = g_strdup_printf("%s: %s", name, vector->words);
		guint seen = GPOINTER_TO_UINT(g_hash_table_lookup(run->rules, rule));
		g_hash_table_insert(run->rules, rule, GUINT_TO_POINTER(seen + 1));
		tally->out++;
		return;
	}
	default:
		g_assert_not_reached();
	}
}

static void
run_case(Run *run, Tally *tally, const char *folder, const char *name, const json_t *item)
{
	TillVector vector = {
	    .id = till_vector_text_or(item, "id", "?"),
	    .source = till_vector_text_or(item, "source", ""),
	    .tags = json_object_get(item, "tags"),
	    .inputs = json_object_get(item, "inputs"),
	    .expected = json_object_get(item, "expected"),
	};
	gboolean elsewhere;
	const TillVectorSet *set = till_registry_find(folder, &vector, &elsewhere);

	if (set == NULL && elsewhere) {
		run->elsewhere++;
		return;
	}
	if (set == NULL)
		till_vector_out(&vector, "no adapter for this system");
	else if (!json_is_object(vector.inputs) || !json_is_object(vector.expected))
		till_vector_out(&vector, "no inputs or no expectation");
	else
		set->run(&vector);
	count_case(run, tally, name, &vector);
	g_free(vector.words);
}

static void
print_row(const char *name, const Tally *tally)
{
	printf("%-36s %7u %7u %7u\n", name, tally->passed, tally->failed, tally->out);
}

static void
run_file(Run *run, const char *root, const char *folder, const char *file)
{
	g_autofree char *path = g_build_filename(root, folder, file, NULL);
	g_autofree char *name = g_strdup_printf("%s/%s", folder, file);
	Tally tally = {0};
	json_error_t fault;
	json_t *list = json_load_file(path, 0, &fault);

	if (!json_is_array(list)) {
		g_ptr_array_add(run->failures, g_strdup_printf("%s: no list of cases: %s", name,
							       list == NULL ? fault.text : ""));
		tally.failed++;
	}
	for (gsize i = 0; i < json_array_size(list); i++)
		run_case(run, &tally, folder, name, json_array_get(list, i));
	json_decref(list);
	if (tally.passed + tally.failed + tally.out > 0)
		print_row(name, &tally);
	run->all.passed += tally.passed;
	run->all.failed += tally.failed;
	run->all.out += tally.out;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_names(const char *path, const char *suffix)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		if (g_str_has_suffix(name, suffix))
			g_ptr_array_add(names, g_strdup(name));
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_ptr_array_sort(names, compare_names);
	return names;
}

static void
print_rules(const Run *run)
{
	g_autoptr(GList) rules =
	    g_list_sort(g_hash_table_get_keys(run->rules), (GCompareFunc)strcmp);

	if (rules != NULL)
		printf("\nOut of scope, by rule:\n");
	for (GList *rule = rules; rule != NULL; rule = rule->next)
		printf("%5u  %s\n", GPOINTER_TO_UINT(g_hash_table_lookup(run->rules, rule->data)),
		       (const char *)rule->data);
}

static void
print_failures(const Run *run)
{
	if (run->failures->len > 0)
		printf("\nFailed:\n");
	for (guint i = 0; i < run->failures->len && i < FAILURES_SHOWN; i++)
		printf("       %s\n", (const char *)g_ptr_array_index(run->failures, i));
}

static void
run_folders(Run *run, const char *root)
{
	g_autoptr(GPtrArray) folders = list_names(root, "");

	for (guint i = 0; i < folders->len; i++) {
		const char *folder = g_ptr_array_index(folders, i);
		if (!till_registry_reads(folder))
			continue;
		g_autofree char *path = g_build_filename(root, folder, NULL);
		g_autoptr(GPtrArray) files = list_names(path, ".json");
		for (guint f = 0; f < files->len; f++)
			run_file(run, root, folder, g_ptr_array_index(files, f));
	}
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "Usage: vectors DIR (a folder like shared/data/vectors)\n");
		return 2;
	}
	if (!g_file_test(argv[1], G_FILE_TEST_IS_DIR)) {
		fprintf(stderr, "vectors: %s is not there; skipped.\n", argv[1]);
		return EXIT_SKIP;
	}
	Run run = {
	    .rules = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	    .failures = g_ptr_array_new_with_free_func(g_free),
	};
	printf("%-36s %7s %7s %7s\n", "set", "passed", "failed", "out");
	run_folders(&run, argv[1]);
	print_row("all", &run.all);
	if (run.elsewhere > 0)
		printf("(%u cases of shared folders are read by other programs)\n", run.elsewhere);
	print_rules(&run);
	print_failures(&run);
	gboolean failed = run.all.failed > 0;
	g_hash_table_unref(run.rules);
	g_ptr_array_unref(run.failures);
	return failed ? 1 : 0;
}
