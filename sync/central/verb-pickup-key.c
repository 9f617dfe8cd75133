/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-key.h"
#include "verbs-private.h"

static gboolean
rotate_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	g_autofree char *words = NULL;
	guint16 id;

	if (!till_pickup_key_rotate(owner, &id, &job->error))
		return FALSE;
	words = g_strdup_printf("Key %u is told to all tills; codes are signed with it an hour "
				"from now. Older keys count until they are retired.",
				id);
	json_array_append_new(job->lines, json_string(words));
	json_object_set_new(job->answer, "id", json_integer(id));
	return TRUE;
}

static gboolean
retire_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	gint64 id = till_json_int(&job->reader, "id", 1, G_MAXUINT16);
	g_autofree char *words = g_strdup_printf("Codes of key %" G_GINT64_FORMAT
						 " are taken no more. Shoppers who hold one need a "
						 "new code.",
						 id);

	if (!till_pickup_key_retire(owner, id, &job->error))
		return FALSE;
	json_array_append_new(job->lines, json_string(words));
	return TRUE;
}

static gboolean
list_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	g_autoptr(GPtrArray) lines = till_pickup_key_list(owner, &job->error);

	for (guint i = 0; lines != NULL && i < lines->len; i++)
		json_array_append_new(job->lines, json_string(g_ptr_array_index(lines, i)));
	return TRUE;
}

void
till_verb_pickup_key(TillVerbJob *job)
{
	const char *what = till_json_string(&job->reader, "what", 16);
	TillWriterRun run = list_run;

	if (g_str_equal(what, "rotate"))
		run = rotate_run;
	else if (g_str_equal(what, "retire"))
		run = retire_run;
	if (!till_writer_call(job->central->writer, run, job, &job->error))
		return;
}
