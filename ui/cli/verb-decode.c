/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <string.h>

#include "code-reader-process.h"
#include "error.h"

static gboolean
choose_stages(const TillVerb *verb, gboolean *out_all, GError **error)
{
	const char *stages = till_arguments_option(verb->arguments, "stages");

	*out_all = stages == NULL || strcmp(stages, "all") == 0;
	if (*out_all || strcmp(stages, "raw") == 0)
		return TRUE;
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
		    "There are no stages \"%.20s\"; write --stages raw or --stages all.", stages);
	return FALSE;
}

/* The line of a picture that was looked at. */
static json_t *
describe(const GPtrArray *codes, gint64 ms)
{
	json_t *list = json_array();

	for (guint i = 0; i < codes->len; i++)
		json_array_append_new(list, till_code_to_json(g_ptr_array_index(codes, i)));
	return json_pack("{s:I, s:o}", "ms", (json_int_t)ms, "codes", list);
}

/* FALSE when the line could not be printed, or when no picture can be read at all. */
static gboolean
decode(TillCodeReaderProcess *reader, const char *path, gboolean all_stages, guint *out_failed,
       GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autofree char *shown = g_utf8_make_valid(path, -1);
	gint64 ms = 0;
	g_autoptr(GPtrArray) codes =
	    till_code_reader_process_read_picture(reader, path, all_stages, &ms, &failure);
	if (g_error_matches(failure, TILL_ERROR, TILL_ERROR_NOT_FOUND)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	g_autoptr(json_t) line =
	    codes != NULL ? describe(codes, ms) : json_pack("{s:s}", "error", failure->message);
	if (codes == NULL)
		(*out_failed)++;
	json_object_set_new(line, "file", json_string(shown));
	return till_verb_print(line, error);
}

gboolean
till_verb_decode(const TillVerb *verb, GError **error)
{
	const TillCodeReaderProcessConfig config = {0};
	guint failed = 0, count = 0;
	const char *path;
	gboolean all_stages;

	if (!choose_stages(verb, &all_stages, error))
		return FALSE;
	g_autoptr(TillCodeReaderProcess) reader = till_code_reader_process_new(&config);
	while ((path = till_arguments_operand(verb->arguments, count)) != NULL) {
		if (!decode(reader, path, all_stages, &failed, error))
			return FALSE;
		count++;
	}
	if (failed > 0)
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "%u of %u files could not be looked at; their lines say why.", failed,
			    count);
	return failed == 0;
}
