/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "file.h"
#include "journal.h"
#include "json.h"

/* The queue on a stick: one JSON line an entry, envelope and exact body, which is enough for the
 * central's people to take it in by hand. Written beside its final name, synced, then renamed: a
 * file that stands there is whole. */

typedef struct {
	char *directory; /* owned */
	char *path;      /* owned until handed over */
	guint count;
	TillRegisterExportCb cb;
	gpointer user;
} ExportJob;

typedef struct {
	GHashTable *unsent; /* of "incarnation.seq"; NULL: every entry */
	FILE *file;         /* borrowed */
	guint count;
} ExportVisit;

static void
free_export_job(gpointer data)
{
	ExportJob *job = data;
	g_free(job->directory);
	g_free(job->path);
	g_free(job);
}

static char *
place(guint64 incarnation, gint64 seq)
{
	char letters[14];
	return g_strdup_printf("%s.%" G_GINT64_FORMAT,
			       till_id_incarnation_format(incarnation, letters), seq);
}

static json_t *
envelope_clock(const TillEntryClock *clock)
{
	return json_pack("{s:I, s:I, s:s, s:I, s:I}", "wall_ms", (json_int_t)clock->wall_ms,
			 "mono_ms", (json_int_t)clock->mono_ms, "boot", clock->boot, "offset_ms",
			 (json_int_t)clock->offset_ms, "unc_ms", (json_int_t)clock->uncertainty_ms);
}

char *
till_register_export_line(const TillEntry *entry)
{
	char letters[14], txn[TILL_UUID_TEXT], body_hash[TILL_HASH_TEXT], chain[TILL_HASH_TEXT];
	gsize body_size = 0;
	const char *body = g_bytes_get_data(entry->body, &body_size);
	g_autofree char *signature =
	    till_crypto_encode(entry->signature.bytes, sizeof entry->signature.bytes);
	g_autoptr(json_t) line = json_pack(
	    "{s:s, s:I, s:s, s:s, s:i, s:s%, s:s, s:s, s:s, s:s, s:I, s:s, s:o}", "incarnation",
	    till_id_incarnation_format(entry->incarnation, letters), "seq", (json_int_t)entry->seq,
	    "txn", till_uuid_format(&entry->txn, txn), "type", entry->type, "ver", entry->version,
	    "body", body, body_size, "bh", till_crypto_hash_format(&entry->body_hash, body_hash),
	    "chain", till_crypto_hash_format(&entry->chain, chain), "sig", signature,
	    "business_date", entry->business_date, "shift", (json_int_t)entry->shift, "cursor",
	    entry->cursor, "clock", envelope_clock(&entry->clock));
	g_assert(line != NULL);
	if (entry->orig_incarnation != 0) {
		g_autofree char *orig = place(entry->orig_incarnation, entry->orig_seq);
		json_object_set_new(line, "orig", json_string(orig));
	}
	return till_json_write(line, NULL);
}

static gboolean
fail_write(GError **error)
{
	g_set_error(error, TILL_ERROR, errno == ENOSPC ? TILL_ERROR_FULL : TILL_ERROR_DISK,
		    "The export could not be written: %s. Try another stick; nothing was removed "
		    "from the till.",
		    g_strerror(errno));
	return FALSE;
}

static gboolean
visit_entry(const TillEntry *entry, gpointer user, GError **error)
{
	ExportVisit *visit = user;
	g_autofree char *key = place(entry->incarnation, entry->seq);
	if (visit->unsent != NULL && !g_hash_table_contains(visit->unsent, key))
		return TRUE;
	g_autofree char *line = till_register_export_line(entry);
	if (fputs(line, visit->file) == EOF || fputc('\n', visit->file) == EOF)
		return fail_write(error);
	visit->count++;
	return TRUE;
}

static GHashTable *
unsent_places(TillStore *store, GError **error)
{
	g_autoptr(GPtrArray) rows = till_journal_list(store, NULL, G_MAXUINT, error);
	if (rows == NULL)
		return NULL;
	GHashTable *unsent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < rows->len; i++) {
		const TillJournalRow *row = g_ptr_array_index(rows, i);
		if (!row->acknowledged)
			g_hash_table_add(unsent, place(row->incarnation, row->seq));
	}
	return unsent;
}

static gboolean
write_entries(TillStore *store, ExportVisit *visit, const char *path, GError **error)
{
	visit->file = fopen(path, "we");
	if (visit->file == NULL)
		return fail_write(error);
	gboolean is_written = till_journal_each(store, visit_entry, visit, error);
	if (is_written && (fflush(visit->file) != 0 || fsync(fileno(visit->file)) != 0))
		is_written = fail_write(error);
	if (fclose(visit->file) != 0 && is_written)
		is_written = fail_write(error);
	return is_written;
}

static char *
export_path(TillStore *store, const char *directory, GError **error)
{
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);
	if (identity == NULL)
		return NULL;
	g_autofree char *moment =
	    till_clock_format_utc(till_clock_wall_ms(till_store_clock(store)));
	g_strdelimit(moment, ":.", '-');
	g_autofree char *name = g_strdup_printf(
	    "tillhouse-unsent-%s-%s-%s.jsonl", identity->store_code, identity->till_number, moment);
	return g_build_filename(directory, name, NULL);
}

static gboolean
run_export(gpointer owner, gpointer data, GError **error)
{
	ExportJob *job = data;
	g_autofree char *path = export_path(owner, job->directory, error);
	if (path == NULL)
		return FALSE;
	g_autofree char *temporary = g_strconcat(path, ".part", NULL);
	g_autoptr(GHashTable) unsent = unsent_places(owner, error);
	if (unsent == NULL)
		return FALSE;

	ExportVisit visit = {.unsent = unsent};
	if (!write_entries(owner, &visit, temporary, error)) {
		(void)unlink(temporary);
		return FALSE;
	}
	if (rename(temporary, path) != 0)
		return fail_write(error);
	job->count = visit.count;
	job->path = g_steal_pointer(&path);
	return till_file_sync_dir(job->directory, error);
}

static void
export_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ExportJob *job = data;
	job->cb(error == NULL ? job->path : NULL, job->count, error, job->user);
}

void
till_register_export_async(TillRegister *reg, const char *directory, gpointer receiver,
			   TillRegisterExportCb cb, gpointer user)
{
	ExportJob *job = g_new0(ExportJob, 1);
	job->directory = g_strdup(directory);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_export, job, free_export_job, receiver,
			 export_done_cb, NULL);
}
