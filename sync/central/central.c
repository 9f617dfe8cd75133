/* SPDX-License-Identifier: Apache-2.0 */
#include "central.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "auditor.h"
#include "channel-key.h"
#include "deliverer.h"
#include "error.h"
#include "file.h"
#include "id.h"
#include "offer-book.h"
#include "pickup-key.h"
#include "place.h"
#include "promotion-shelf.h"
#include "reading.h"
#include "server-log.h"
#include "snapshots.h"
#include "text.h"
#include "webhooks.h"

#include "till-central-resources.h"

/* Written at most this often, and when closing: the witness may lag, never lead. */
#define WITNESS_EVERY_MS 1000
/* An entry in hand at so many crashes is not read again. */
#define CRASHES_MAX 2
#define SCHEMA_DIR "/tillhouse/central/schema/"

gint64
till_central_now_ms(const TillCentral *central)
{
	return till_clock_wall_ms(central->clock);
}

char *
till_central_meta(TillCentral *central, const char *name, const char *fallback, GError **error)
{
	TillDbQuery *query = till_db_query(central->db, "SELECT value FROM meta WHERE name = ?1");
	g_autoptr(GError) local = NULL;
	char *value = NULL;

	till_db_bind_text(query, 1, name);
	if (till_db_step(query, &local)) {
		value = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	return value != NULL ? value : g_strdup(fallback);
}

gboolean
till_central_set_meta(TillCentral *central, const char *name, const char *value, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "INSERT INTO meta (name, value) VALUES (?1, ?2) "
				       "ON CONFLICT (name) DO UPDATE SET value = ?2");

	till_db_bind_text(query, 1, name);
	till_db_bind_text(query, 2, value);
	return till_db_run(query, error);
}

gboolean
till_central_read_cursor(const TillCentral *central, const char *text, gint64 *out_seq)
{
	const char *dot = strrchr(text, '.');

	return dot != NULL && strlen(central->epoch) == (gsize)(dot - text) &&
	       strncmp(text, central->epoch, (gsize)(dot - text)) == 0 &&
	       till_text_parse_int(dot + 1, 0, G_MAXINT64, out_seq);
}

static char *
make_witness_path(const char *server_id)
{
	const char *dir = g_getenv("TILLHOUSE_STATE_DIR");
	g_autofree char *name = g_strdup_printf("central-%s", server_id);

	if (dir != NULL && *dir != '\0')
		return g_build_filename(dir, name, NULL);
	return g_build_filename(g_get_user_state_dir(), "tillhouse", name, NULL);
}

/* 0 when there is none: a first start, or a machine that never saw this database. */
static gint64
read_witness(const char *path)
{
	g_autofree char *text = till_file_read(path, 64, NULL, NULL);
	gint64 commits = 0;

	if (text == NULL || !till_text_parse_int(g_strstrip(text), 0, G_MAXINT64, &commits))
		return 0;
	return commits;
}

static void
write_witness(TillCentral *central, gint64 commits)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "\n", commits);
	g_autofree char *dir = g_path_get_dirname(central->witness_path);
	g_autoptr(GError) error = NULL;

	central->witness_mono_ms = till_clock_mono_ms(central->clock);
	if (!till_file_make_dir(dir, &error) ||
	    !till_file_write(central->witness_path, text, strlen(text), 0600, &error))
		till_server_log("witness-not-written", "reason=\"%s\"", error->message);
}

static gboolean
count_commits(TillCentral *central, gint64 *out, GError **error)
{
	return till_db_fetch_int(till_db_query(central->db, "SELECT commits FROM progress"), 0, out,
				 error);
}

static void
committed_cb(gpointer owner)
{
	TillCentral *central = owner;
	gint64 commits;

	if (central->committed != NULL)
		central->committed(central, central->committed_user);
	till_auditor_wake(central->auditor);
	till_deliverer_committed(central->deliverer);
	if (till_clock_mono_ms(central->clock) - central->witness_mono_ms < WITNESS_EVERY_MS)
		return;
	if (count_commits(central, &commits, NULL))
		write_witness(central, commits);
}

static void
undone_cb(gpointer owner)
{
	TillCentral *central = owner;

	till_promotion_shelf_forget(central->promotions);
}

/* Both are read by terminals to notice a restored central. */
static gboolean
mint_incarnation(TillCentral *central, GError **error)
{
	till_id_incarnation_format(till_id_incarnation(), central->server_incarnation);
	till_id_incarnation_format(till_id_incarnation(), central->epoch);
	return till_central_set_meta(central, "server_incarnation", central->server_incarnation,
				     error) &&
	       till_central_set_meta(central, "epoch", central->epoch, error) &&
	       till_central_set_meta(central, "restored", "0", error);
}

static gboolean
load_identity(TillCentral *central, GError **error)
{
	g_autofree char *id = till_central_meta(central, "server_id", "", error);
	g_autofree char *incarnation = till_central_meta(central, "server_incarnation", "", NULL);
	g_autofree char *epoch = till_central_meta(central, "epoch", "", NULL);
	g_autofree char *restored = till_central_meta(central, "restored", "0", NULL);
	gint64 commits;

	if (id == NULL || incarnation == NULL || epoch == NULL || restored == NULL)
		return FALSE;
	if (*id == '\0') {
		TillUuid fresh = till_uuid_random();
		till_uuid_format(&fresh, central->server_id);
		central->witness_path = make_witness_path(central->server_id);
		return till_central_set_meta(central, "server_id", central->server_id, error) &&
		       mint_incarnation(central, error);
	}
	g_strlcpy(central->server_id, id, sizeof central->server_id);
	g_strlcpy(central->server_incarnation, incarnation, sizeof central->server_incarnation);
	g_strlcpy(central->epoch, epoch, sizeof central->epoch);
	central->witness_path = make_witness_path(central->server_id);
	if (!count_commits(central, &commits, error))
		return FALSE;
	if (strcmp(restored, "1") == 0 || read_witness(central->witness_path) > commits) {
		till_server_log("restored", "commits=%" G_GINT64_FORMAT, commits);
		return mint_incarnation(central, error);
	}
	return TRUE;
}

static gboolean
load_terminals(TillCentral *central, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT number, terminal_id, store_code, till_number, "
				       "public_key, revoked FROM terminal");
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local)) {
		TillTerminal terminal = {.number = till_db_int(query, 0)};
		g_strlcpy(terminal.terminal_id, till_db_text(query, 1),
			  sizeof terminal.terminal_id);
		g_strlcpy(terminal.store_code, till_db_text(query, 2), sizeof terminal.store_code);
		g_strlcpy(terminal.till_number, till_db_text(query, 3),
			  sizeof terminal.till_number);
		till_db_copy_blob(query, 4, terminal.key.bytes, sizeof terminal.key.bytes);
		terminal.revoked = till_db_int(query, 5) != 0;
		till_registry_put(central->registry, &terminal);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return TRUE;
}

static gboolean
count_crash(TillCentral *central, const TillUuid *txn, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "INSERT INTO attempt (txn, crashes) VALUES (?1, 1) "
				       "ON CONFLICT (txn) DO UPDATE SET crashes = crashes + 1");

	till_db_bind_blob(query, 1, txn->bytes, sizeof txn->bytes);
	return till_db_run(query, error);
}

/* What the last process had in hand when it died is counted before anything is served. */
static gboolean
count_crashes(TillCentral *central, GError **error)
{
	g_autofree char *path = g_build_filename(central->dir, "reading", NULL);
	g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(TillUuid));

	central->reading = till_reading_open(path, left, error);
	if (central->reading == NULL)
		return FALSE;
	for (guint i = 0; i < left->len; i++) {
		if (!count_crash(central, &g_array_index(left, TillUuid, i), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
load_poison(TillCentral *central, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT txn FROM attempt WHERE crashes >= ?1");
	g_autoptr(GError) local = NULL;

	till_db_bind_int(query, 1, CRASHES_MAX);
	while (till_db_step(query, &local)) {
		TillUuid txn;
		till_db_copy_blob(query, 0, txn.bytes, sizeof txn.bytes);
		g_ptr_array_add(central->poison, g_memdup2(&txn, sizeof txn));
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
load_books(TillCentral *central, GError **error)
{
	if (!till_db_begin(central->db, error))
		return FALSE;
	if (!load_identity(central, error) || !load_terminals(central, error) ||
	    !till_channel_key_load(central, error) || !till_pickup_key_load(central, error) ||
	    !count_crashes(central, error) || !load_poison(central, error)) {
		till_db_rollback(central->db);
		return FALSE;
	}
	if (!till_db_commit(central->db, error))
		return FALSE;
	till_reading_forget(central->reading);
	return TRUE;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The numbered texts of the books' schema, in order, NULL-terminated. Caller frees. */
static char **
read_schemas(GError **error)
{
	g_auto(GStrv) names = g_resource_enumerate_children(till_central_get_resource(), SCHEMA_DIR,
							    G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

	if (names == NULL)
		return NULL;
	qsort(names, g_strv_length(names), sizeof *names, compare_names);
	for (char **name = names; *name != NULL; name++) {
		g_autofree char *path = g_strconcat(SCHEMA_DIR, *name, NULL);
		g_autoptr(GBytes) text = g_resource_lookup_data(
		    till_central_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
		if (text == NULL)
			return NULL;
		g_ptr_array_add(texts, g_strdup(g_bytes_get_data(text, NULL)));
	}
	g_ptr_array_add(texts, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
}

static gboolean
open_books(TillCentral *central, GError **error)
{
	g_autofree char *path = g_build_filename(central->dir, "central.db", NULL);
	g_autofree char *key_path = g_build_filename(central->dir, "server.key", NULL);
	g_auto(GStrv) schemas = read_schemas(error);

	if (schemas == NULL)
		return FALSE;
	central->db = till_db_open(path, (const char *const *)schemas, error);
	if (central->db == NULL)
		return FALSE;
	central->key = till_crypto_key_load(key_path, TRUE, error);
	return central->key != NULL &&
	       till_webhooks_load_key(central->dir, central->webhooks_key, error) &&
	       load_books(central, error);
}

static int
lock_dir(const char *dir, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "lock", NULL);

	return till_file_lock(path, "tillhouse-central", error);
}

TillCentral *
till_central_open(const char *dir, const TillClock *clock, GError **error)
{
	g_autoptr(TillCentral) central = g_new0(TillCentral, 1);

	central->lock = -1;
	central->dir = g_strdup(dir);
	central->clock = clock;
	central->ca_pem = g_strdup("");
	central->public_url = g_strdup("http://127.0.0.1");
	central->pickup_ring = till_pickup_key_ring_new();
	central->registry = till_registry_new();
	central->poison = g_ptr_array_new_with_free_func(g_free);
	central->offer_book = till_offer_book_new();
	if (!till_file_make_dir(dir, error) || !till_place_check(dir, &central->dir_warning, error))
		return NULL;
	if (central->dir_warning != NULL)
		till_server_log("home", "warning=\"%s\"", central->dir_warning);
	central->lock = lock_dir(dir, error);
	if (central->lock < 0 || !open_books(central, error))
		return NULL;
	central->auditor = till_auditor_new(central);
	central->deliverer = till_deliverer_new(central);
	central->promotions = till_promotion_shelf_new();
	central->writer = till_writer_new(central->db, central, committed_cb);
	till_writer_set_undone(central->writer, undone_cb);
	central->snapshots = till_snapshots_new(central, error);
	if (central->snapshots == NULL)
		return NULL;
	return g_steal_pointer(&central);
}

void
till_central_close(TillCentral *central)
{
	gint64 commits;

	if (central == NULL)
		return;
	/* The builder, the auditor's thread and the deliverer's ask the writer, which wakes them.
	 */
	till_snapshots_free(central->snapshots);
	if (central->auditor != NULL)
		till_auditor_stop(central->auditor);
	if (central->deliverer != NULL)
		till_deliverer_stop(central->deliverer);
	till_writer_free(central->writer);
	till_auditor_free(central->auditor);
	till_deliverer_free(central->deliverer);
	if (central->db != NULL && central->writer != NULL) {
		till_db_own(central->db);
		if (count_commits(central, &commits, NULL))
			write_witness(central, commits);
	}
	till_promotion_shelf_free(central->promotions);
	till_db_close(central->db);
	till_reading_close(central->reading);
	till_crypto_key_free(central->key);
	till_registry_free(central->registry);
	g_ptr_array_unref(central->poison);
	till_offer_book_free(central->offer_book);
	if (central->lock >= 0)
		till_file_unlock(central->lock);
	g_free(central->witness_path);
	till_pickup_key_ring_free(central->pickup_ring);
	g_free(central->public_url);
	g_free(central->ca_pem);
	g_free(central->dir_warning);
	g_free(central->dir);
	g_free(central);
}
