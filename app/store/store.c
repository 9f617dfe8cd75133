/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#include <glib/gstdio.h>
#include <string.h>

#include "error.h"
#include "file.h"
#include "journal-verify.h"
#include "outbox.h"
#include "overlay.h"
#include "place.h"
#include "store-private.h"

/* Opening and closing run as jobs of the store's own worker, so that each connection lives on one
 * thread from its first call to its last.
 *
 * Upkeep (checkpoints, the witness' sync, pruning the stock overlay, a look at the free space) runs
 * when the thread has been idle for a while, and by a job of its own when the WAL has grown or a
 * minute is over: never inside an append, whose caller is waiting with a customer. */

#define IDLE_MS 2000
#define WAL_PAGES_MAX 1000
#define WAL_PAGES_KEPT 8
#define WITNESS_SYNC_MS (60 * 1000)
#define FREE_BYTES_MIN (G_GUINT64_CONSTANT(1) << 30) /* 1 GiB: warned below it */
#define BYTES_PER_MB 1000000

void
till_store_assert_thread(TillStore *store)
{
	g_assert(till_worker_is_current(store->worker));
}

gboolean
till_store_check_ledger(TillStore *store, GError **error)
{
	till_store_assert_thread(store);
	if (till_ledger_is_open(&store->ledger))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
		    "ledger.db could not be opened again after a disk error. Check the disk and "
		    "start the till again.");
	return FALSE;
}

gboolean
till_store_check_cache(TillStore *store, GError **error)
{
	till_store_assert_thread(store);
	if (store->cache.database.handle != NULL)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
		    "cache.db could not be opened. Check the disk and start the till again.");
	return FALSE;
}

static void
replace_words(TillStore *store, char **words, const char *text)
{
	pthread_mutex_lock(&store->guard);
	g_free(*words);
	*words = g_strdup(text);
	pthread_mutex_unlock(&store->guard);
}

void
till_store_set_trouble(TillStore *store, const char *words)
{
	replace_words(store, &store->trouble, words);
}

void
till_store_set_alarm(TillStore *store, const char *words)
{
	replace_words(store, &store->alarm, words);
}

char *
till_store_trouble(TillStore *store)
{
	pthread_mutex_lock(&store->guard);
	const char *lasting = store->alarm != NULL ? store->alarm : store->shortage;
	char *words = g_strdup(store->trouble != NULL ? store->trouble : lasting);
	pthread_mutex_unlock(&store->guard);
	return words;
}

/* A disk that fills up is told of while there is still room to sell. */
static void
watch_free_space(TillStore *store)
{
	guint64 free_bytes = 0;
	g_autoptr(GError) failure = NULL;
	g_autofree char *words = NULL;
	if (!till_file_free_bytes(store->home, &free_bytes, &failure))
		words = g_strdup(failure->message);
	else if (free_bytes < FREE_BYTES_MIN)
		words = g_strdup_printf("Only %" G_GUINT64_FORMAT
					" MB are free on this till's disk. Selling goes on; make "
					"room before the disk is full.",
					free_bytes / BYTES_PER_MB);
	replace_words(store, &store->shortage, words);
}

void
till_store_set_committed(TillStore *store, TillStoreCommitted committed, gpointer user)
{
	pthread_mutex_lock(&store->guard);
	store->committed = committed;
	store->committed_user = user;
	pthread_mutex_unlock(&store->guard);
}

static void
tell_committed(TillStore *store)
{
	pthread_mutex_lock(&store->guard);
	TillStoreCommitted committed = store->committed;
	gpointer user = store->committed_user;
	pthread_mutex_unlock(&store->guard);
	if (committed != NULL)
		committed(user);
}

void
till_store_catalog_cursor(TillStore *store, char *out)
{
	g_strlcpy(out, store->cache.chain_cursor, sizeof store->cache.chain_cursor);
}

static gboolean
is_witness_due(TillStore *store)
{
	return till_clock_mono_ms(store->clock) - store->witness_synced_ms >= WITNESS_SYNC_MS;
}

static gboolean
sync_witness(TillStore *store, GError **error)
{
	if (store->witness == NULL)
		return TRUE;
	store->witness_synced_ms = till_clock_mono_ms(store->clock);
	return till_witness_sync(store->witness, error);
}

/* The first commit after a checkpoint has to sync the WAL's new header before its pages: two syncs.
 * The note is that commit, so that the next sale needs one. What it leaves in the WAL is not worth
 * another checkpoint. */
static gboolean
settle_ledger(TillStore *store, GError **error)
{
	return till_overlay_prune(store, error) &&
	       till_database_checkpoint(&store->ledger.database, error) &&
	       till_journal_verify_note(store, error);
}

static gboolean
keep_up(TillStore *store, GError **error)
{
	if (store->ledger.database.wal_pages > WAL_PAGES_KEPT && !settle_ledger(store, error))
		return FALSE;
	if (store->cache.database.handle != NULL &&
	    !till_database_checkpoint(&store->cache.database, error))
		return FALSE;
	return !is_witness_due(store) || sync_witness(store, error);
}

static void
run_upkeep_cb(gpointer owner)
{
	TillStore *store = owner;
	g_autoptr(GError) failure = NULL;
	store->upkeep_posted = FALSE;
	watch_free_space(store);
	if (!keep_up(store, &failure))
		till_store_set_trouble(store, failure->message);
}

static gboolean
run_upkeep(gpointer owner, gpointer data, GError **error)
{
	(void)data;
	(void)error;
	run_upkeep_cb(owner);
	return TRUE;
}

void
till_store_request_upkeep(TillStore *store)
{
	gboolean is_due = store->ledger.database.wal_pages > WAL_PAGES_MAX ||
			  store->cache.database.wal_pages > WAL_PAGES_MAX || is_witness_due(store);
	if (!is_due || store->upkeep_posted)
		return;
	store->upkeep_posted = TRUE;
	till_worker_post(store->worker, run_upkeep, NULL, NULL, NULL, NULL, NULL);
}

static void
move_witness(TillStore *store)
{
	if (store->witness == NULL)
		return;
	const TillIncarnation *current = till_ledger_current(&store->ledger);
	TillWitnessHead head = {current->id, current->seq, current->chain};
	g_autoptr(GError) failure = NULL;
	if (!till_witness_write(store->witness, &head, &failure))
		till_store_set_alarm(store, failure->message);
}

void
till_store_after_append(TillStore *store)
{
	till_store_set_trouble(store, NULL);
	move_witness(store);
	till_store_request_upkeep(store);
	tell_committed(store);
}

/* Why this ledger must not go on with its numbers; NULL when it may. Static words. */
static const char *
suspect(TillStore *store, const TillWitnessHead *seen, const char *fingerprint)
{
	const TillIncarnation *current = till_ledger_current(&store->ledger);
	if (strcmp(current->fingerprint, fingerprint) != 0)
		return "copied home or other machine";
	if (seen->incarnation == 0)
		return NULL;
	const TillIncarnation *known = till_ledger_find(&store->ledger, seen->incarnation);
	if (known == NULL || seen->seq > known->seq)
		return "restored backup, or writes were lost";
	TillHash chain;
	if (!till_outbox_chain_at(store, seen->incarnation, seen->seq, &chain, NULL) ||
	    !till_crypto_hash_equal(&chain, &seen->chain))
		return "journal differs from what this machine saw";
	return NULL;
}

gboolean
till_store_meet_witness(TillStore *store, GError **error)
{
	TillWitnessHead seen = {0};
	g_autoptr(GError) failure = NULL;
	g_autofree char *directory = till_witness_directory();
	g_autofree char *fingerprint = till_identity_fingerprint(store);
	store->witness =
	    till_witness_open(directory, store->identity->terminal_id, &seen, &failure);
	/* Selling goes on without a witness; a restored backup would then be found by the central.
	 */
	if (store->witness == NULL)
		till_store_set_alarm(store, failure->message);
	store->witness_synced_ms = till_clock_mono_ms(store->clock);
	const char *reason = suspect(store, &seen, fingerprint);
	guint64 incarnation;
	if (reason != NULL) {
		if (!till_outbox_new_incarnation(store, reason, &incarnation, error))
			return FALSE;
		g_message("This till numbers its entries anew: %s", reason);
	}
	move_witness(store);
	return TRUE;
}

static gboolean
load_identity(TillStore *store, GError **error)
{
	g_autoptr(GError) failure = NULL;
	store->identity = till_identity_load(store, &failure);
	if (store->identity != NULL)
		return till_store_meet_witness(store, error);
	if (g_error_matches(failure, TILL_ERROR, TILL_ERROR_STATE))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

/* New ids go on above the newest one, although the clock may have gone back since: the first 48
 * bits of a version 7 id are its milliseconds. */
static gboolean
resume_ids(TillStore *store, GError **error)
{
	g_autoptr(GPtrArray) rows = till_journal_list(store, NULL, 1, error);
	if (rows == NULL)
		return FALSE;
	if (rows->len == 0)
		return TRUE;
	const TillJournalRow *newest = g_ptr_array_index(rows, 0);
	const guint8 *bytes = newest->txn.bytes;
	if (bytes[6] >> 4 != 7)
		return TRUE;
	for (gsize i = 0; i < 6; i++)
		store->uuids.last_ms = store->uuids.last_ms << 8 | bytes[i];
	store->uuids.counter = (guint16)((bytes[6] & 0x0f) << 8 | bytes[7]);
	return TRUE;
}

/* SQLite takes an empty file for a new database and throws its log away, which would forget in
 * silence whose till this is. */
static gboolean
demand_content(TillStore *store, const char *ledger, GError **error)
{
	GStatBuf status;
	g_autofree char *key = g_build_filename(store->home, "device.key", NULL);
	if (g_stat(ledger, &status) != 0 || status.st_size > 0 ||
	    !g_file_test(key, G_FILE_TEST_EXISTS))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
		    "ledger.db is empty although this till has a key. " TILL_DATABASE_RECOVER);
	return FALSE;
}

static gboolean
open_databases(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	(void)data;
	gboolean is_set_aside = FALSE;
	g_autofree char *path = g_build_filename(store->home, "ledger.db", NULL);
	gint64 now_ms = till_clock_wall_ms(store->clock);
	if (!demand_content(store, path, error) ||
	    !till_ledger_open(&store->ledger, path, now_ms, error) ||
	    !till_cache_open(&store->cache, store->home, &is_set_aside, error) ||
	    !till_file_sync_dir(store->home, error))
		return FALSE;
	watch_free_space(store);
	if (is_set_aside)
		till_store_set_trouble(store, "The catalogue could not be read, was set aside and "
					      "is fetched anew.");
	return till_parked_release(store, error) && load_identity(store, error) &&
	       resume_ids(store, error) && till_journal_verify_tail(store, error) &&
	       till_overlay_meet_epoch(store, error);
}

static gboolean
close_databases(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	(void)data;
	g_autoptr(GError) failure = NULL;
	if (till_ledger_is_open(&store->ledger) && !till_journal_verify_note(store, &failure))
		g_message("Closing: %s", failure->message);
	g_clear_error(&failure);
	if (!sync_witness(store, &failure))
		g_message("Closing: %s", failure->message);
	till_ledger_close(&store->ledger);
	till_cache_close(&store->cache);
	(void)error;
	return TRUE;
}

static void
free_store(TillStore *store)
{
	if (store->worker != NULL) {
		gboolean closed = till_worker_call(store->worker, close_databases, NULL, NULL);
		g_assert(closed);
	}
	g_clear_pointer(&store->worker, till_worker_free);
	if (store->lock >= 0)
		till_file_unlock(store->lock);
	g_clear_pointer(&store->identity, till_identity_free);
	g_clear_pointer(&store->key, till_crypto_key_free);
	g_clear_pointer(&store->witness, till_witness_free);
	till_overlay_forget(store);
	till_catalog_forget(store, TRUE);
	pthread_mutex_destroy(&store->guard);
	g_free(store->trouble);
	g_free(store->alarm);
	g_free(store->shortage);
	g_free(store->home_warning);
	g_free(store->home);
	g_free(store);
}

static gboolean
find_home(const char *home, TillStoreFlags flags, GError **error)
{
	g_autofree char *ledger = g_build_filename(home, "ledger.db", NULL);
	if (g_file_test(ledger, G_FILE_TEST_EXISTS))
		return TRUE;
	if ((flags & TILL_STORE_CREATE) != 0)
		return till_file_make_dir(home, error);
	g_set_error(
	    error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
	    "There is no till at %s. Make one with: tillctl --home %s enrol URL --code CODE", home,
	    home);
	return FALSE;
}

TillStore *
till_store_open(const char *home, TillStoreFlags flags, const char *holder, const TillClock *clock,
		GMainContext *completions, GError **error)
{
	g_assert(home != NULL && holder != NULL && clock != NULL);
	till_crypto_init();
	g_autofree char *warning = NULL;
	if (!find_home(home, flags, error) || !till_place_check(home, &warning, error))
		return NULL;
	TillStore *store = g_new0(TillStore, 1);
	pthread_mutex_init(&store->guard, NULL);
	store->home = g_strdup(home);
	store->home_warning = g_steal_pointer(&warning);
	store->clock = clock;
	g_autofree char *lock = g_build_filename(home, "lock", NULL);
	store->lock = till_file_lock(lock, holder, error);
	if (store->lock < 0) {
		free_store(store);
		return NULL;
	}
	store->worker = till_worker_new("till-store", store, completions);
	if (!till_worker_call(store->worker, open_databases, NULL, error)) {
		free_store(store);
		return NULL;
	}
	till_worker_set_idle(store->worker, IDLE_MS, run_upkeep_cb);
	return store;
}

void
till_store_close(TillStore *store)
{
	if (store != NULL)
		free_store(store);
}

TillWorker *
till_store_worker(TillStore *store)
{
	return store->worker;
}

const char *
till_store_home(TillStore *store)
{
	return store->home;
}

const char *
till_store_home_warning(TillStore *store)
{
	return store->home_warning;
}

const TillClock *
till_store_clock(TillStore *store)
{
	return store->clock;
}
