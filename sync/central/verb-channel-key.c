/* SPDX-License-Identifier: Apache-2.0 */
#include "channel-key.h"
#include "server-log.h"
#include "verbs-private.h"

/* Keys in the registry follow those in the books. */
static gboolean
reload(TillCentral *central, gboolean changed, GError **error)
{
	return changed && till_channel_key_load(central, error);
}

static gboolean
make_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	const char *name = till_json_string(&job->reader, "name", TILL_CHANNEL_NAME_MAX);
	const char *channel = till_json_string(&job->reader, "channel", 16);
	g_autofree char *key = till_channel_key_make(owner, name, channel, &job->error);

	if (!reload(owner, key != NULL, &job->error))
		return FALSE;
	json_array_append_new(job->lines, json_string(key));
	json_object_set_new(job->answer, "key", json_string(key));
	till_server_log("channel-key", "made name=%s channel=%s", name, channel);
	return TRUE;
}

static gboolean
revoke_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	const char *name = till_json_string(&job->reader, "name", TILL_CHANNEL_NAME_MAX);
	g_autofree char *words = g_strdup_printf("The key %s counts no more.", name);

	if (!reload(owner, till_channel_key_revoke(owner, name, &job->error), &job->error))
		return FALSE;
	json_array_append_new(job->lines, json_string(words));
	till_server_log("channel-key", "revoked name=%s", name);
	return TRUE;
}

static gboolean
list_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	g_autoptr(GPtrArray) lines = till_channel_key_list(owner, &job->error);
	json_t *keys = json_array();

	for (guint i = 0; lines != NULL && i < lines->len; i++) {
		json_array_append_new(job->lines, json_string(g_ptr_array_index(lines, i)));
		json_array_append_new(keys, json_string(g_ptr_array_index(lines, i)));
	}
	json_object_set_new(job->answer, "keys", keys);
	return TRUE;
}

void
till_verb_channel_key(TillVerbJob *job)
{
	TillWriterRun run = make_run;

	if (till_json_bool_or(&job->reader, "list", FALSE))
		run = list_run;
	else if (till_json_bool_or(&job->reader, "revoke", FALSE))
		run = revoke_run;
	if (!till_writer_call(job->central->writer, run, job, &job->error))
		return;
}
