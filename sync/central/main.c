/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "central.h"
#include "control-socket.h"
#include "error.h"
#include "json-arena.h"
#include "json.h"
#include "options.h"
#include "serve.h"
#include "text.h"
#include "verbs.h"

/* The composition root of the central: reads the command line, opens the books, runs one verb. */

enum { EXIT_GOOD = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static int
complain(const char *words, int code)
{
	fprintf(stderr, "tillhouse-central: %s\n", words);
	return code;
}

/* Relative paths are the asker's, not those of the central that serves. */
static void
set_path(json_t *question, const char *name, const char *path)
{
	g_autofree char *absolute = g_canonicalize_filename(path, NULL);

	json_object_set_new(question, name, json_string(absolute));
}

/* Where the rules are written before they are printed: an answer of the control socket is too short
 * for them, and whoever holds the books can write beside them. Caller frees. */
static char *
rules_path(const TillOptions *options)
{
	g_autofree char *name = g_strdup_printf("rules-%d.json", (int)getpid());
	g_autofree char *path = g_build_filename(options->data, name, NULL);

	return g_canonicalize_filename(path, NULL);
}

static void
describe_rules(const TillOptions *options, json_t *question)
{
	g_autofree char *path = rules_path(options);

	json_object_set_new(question, "store", json_string(options->arguments[0]));
	json_object_set_new(question, "file", json_string(path));
	if (options->basket != NULL)
		set_path(question, "basket", options->basket);
}

static void
describe_key(const TillOptions *options, json_t *question)
{
	if (options->arguments[0] != NULL)
		json_object_set_new(question, "name", json_string(options->arguments[0]));
	if (options->channel != NULL)
		json_object_set_new(question, "channel", json_string(options->channel));
	json_object_set_new(question, "revoke", json_boolean(options->revoke));
	json_object_set_new(question, "list", json_boolean(options->list));
}

static void
describe_pickup_key(const TillOptions *options, json_t *question)
{
	gint64 id = 0;

	json_object_set_new(question, "what", json_string(options->arguments[0]));
	if (options->arguments[1] != NULL &&
	    till_text_parse_int(options->arguments[1], 0, G_MAXINT64, &id))
		json_object_set_new(question, "id", json_integer(id));
}

static json_t *
make_question(const TillOptions *options)
{
	json_t *question = json_object();

	json_object_set_new(question, "verb", json_string(options->verb));
	if (strcmp(options->verb, "import") == 0) {
		json_object_set_new(question, "kind", json_string(options->arguments[0]));
		set_path(question, "file", options->arguments[1]);
	} else if (strcmp(options->verb, "enrol-code") == 0) {
		json_object_set_new(question, "store", json_string(options->arguments[0]));
	} else if (strcmp(options->verb, "past") == 0) {
		json_object_set_new(question, "id", json_string(options->arguments[1]));
	} else if (strcmp(options->verb, "backup") == 0 ||
		   strcmp(options->verb, "promotion-test") == 0) {
		set_path(question, "file", options->arguments[0]);
	}
	if (strcmp(options->verb, "channel-key") == 0)
		describe_key(options, question);
	if (strcmp(options->verb, "pickup-key") == 0)
		describe_pickup_key(options, question);
	if (strcmp(options->verb, "rules") == 0)
		describe_rules(options, question);
	if (options->prices)
		json_object_set_new(question, "prices", json_true());
	if (options->currency != NULL)
		json_object_set_new(question, "currency", json_string(options->currency));
	if (options->last != 0)
		json_object_set_new(question, "last", json_integer(options->last));
	if (options->store != NULL && strcmp(options->verb, "enrol-code") != 0)
		json_object_set_new(question, "store", json_string(options->store));
	return question;
}

static int
print_rules(const TillOptions *options)
{
	g_autofree char *path = rules_path(options);
	FILE *file = fopen(path, "r");
	char piece[65536];
	gsize size;
	gboolean good = file != NULL;

	while (good && (size = fread(piece, 1, sizeof piece, file)) > 0)
		good = fwrite(piece, 1, size, stdout) == size;
	good = good && ferror(file) == 0 && fflush(stdout) == 0;
	if (file != NULL)
		(void)fclose(file);
	(void)g_unlink(path);
	return good
		   ? EXIT_GOOD
		   : complain("The rules could not be printed. Run it as whoever runs the central, "
			      "and make sure that the output takes them.",
			      EXIT_FAILED);
}

/* What a person or a script reads: lines or the answer itself on stdout, the sentence of a failure
 * on stderr; bad rows go to stderr too, so that a script that reads stdout sees only results. */
static int
print_answer(const TillOptions *options, json_t *answer)
{
	gboolean good = json_is_true(json_object_get(answer, "ok"));
	const char *words = json_string_value(json_object_get(answer, "error"));
	json_t *lines = json_object_get(answer, "lines");
	FILE *out = good ? stdout : stderr;

	for (gsize i = 0; (!options->json || !good) && i < json_array_size(lines); i++)
		fprintf(out, "%s\n", json_string_value(json_array_get(lines, i)));
	if (options->json) {
		g_autofree char *text = NULL;
		json_object_del(answer, "lines");
		text = till_json_write(answer, NULL);
		printf("%s\n", text);
	}
	if (good)
		return EXIT_GOOD;
	return complain(words != NULL ? words : "The central gave no answer.", EXIT_FAILED);
}

/* A mistyped directory must not become empty books that are found to be in order. */
static gboolean
has_books(const TillOptions *options)
{
	g_autofree char *path = g_build_filename(options->data, "central.db", NULL);

	return till_options_begins_books(options) || g_file_test(path, G_FILE_TEST_EXISTS);
}

static int
complain_no_books(const TillOptions *options)
{
	g_autofree char *words = g_strdup_printf(
	    "There are no books in %s. Check --data; import and demo begin new ones.",
	    options->data);

	return complain(words, EXIT_FAILED);
}

/* A central that serves holds the books and is asked; otherwise they are opened here. */
static int
run_verb(const TillOptions *options)
{
	g_autoptr(json_t) question = make_question(options);
	g_autoptr(json_t) answer = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCentral) central =
	    till_central_open(options->data, till_clock_system(), &error);

	if (central != NULL) {
		answer = till_verbs_run(central, question);
	} else if (g_error_matches(error, TILL_ERROR, TILL_ERROR_BUSY)) {
		g_autoptr(GError) asking = NULL;
		answer = till_control_socket_ask(options->data, question, &asking);
		if (answer == NULL && !g_error_matches(asking, TILL_ERROR, TILL_ERROR_NOT_FOUND))
			return complain(asking->message, EXIT_FAILED);
	}
	if (answer == NULL)
		return complain(error->message, EXIT_FAILED);
	if (strcmp(options->verb, "rules") == 0 && json_is_true(json_object_get(answer, "ok")))
		return print_rules(options);
	return print_answer(options, answer);
}

static int
run_serve(const TillOptions *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCentral) central = NULL;

	central = till_central_open(options->data, till_clock_system(), &error);
	if (central == NULL || !till_serve_run(central, options, &error))
		return complain(error->message, EXIT_FAILED);
	return EXIT_GOOD;
}

int
main(int argc, char **argv)
{
	TillOptions options;
	g_autoptr(GError) error = NULL;
	int code;

	setlocale(LC_ALL, "");
	till_crypto_init();
	till_json_arena_install();
	if (!till_options_parse(argc, argv, &options, &error))
		return complain(error->message, EXIT_USAGE);
	if (options.version) {
		printf("tillhouse-central %s\n", TILL_VERSION);
		code = EXIT_GOOD;
	} else if (!has_books(&options)) {
		code = complain_no_books(&options);
	} else if (strcmp(options.verb, "serve") == 0) {
		code = run_serve(&options);
	} else {
		code = run_verb(&options);
	}
	till_options_clear(&options);
	return code;
}
