/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "outbox.h"
#include "place.h"
#include "recover-private.h"
#include "salvage-log.h"
#include "store-private.h"

/* The damaged file gets its second name first, and its log follows; only then does the new ledger
 * take the first name, in one step. So at every moment ledger.db is one or the other, and a log
 * never lies beside a file that it does not belong to. A run that was cut short is known by the
 * second name of the same file. */

#define DAMAGED_PREFIX "ledger.db.damaged-"

typedef struct {
	const char *home;
	const TillClock *clock;
	TillRecoverLine line;
	TillRecovery *out;
	char *ledger;        /* owned: HOME/ledger.db */
	char *log;           /* owned: its log, wherever that lies */
	char *fresh;         /* owned: where the new ledger is made */
	char *damaged;       /* owned: the second name */
	gboolean is_again;   /* the second name is there already */
	TillSigningKey *key; /* nullable: lost */
	TillSalvage *salvage;
} Job;

void
till_recover_clear(TillRecovery *recovery)
{
	g_clear_pointer(&recovery->damaged_file, g_free);
	g_clear_pointer(&recovery->export_file, g_free);
}

static gboolean
fail(const char *verb, const char *path, int number, GError **error)
{
	g_set_error(error, TILL_ERROR, number == ENOSPC ? TILL_ERROR_FULL : TILL_ERROR_DISK,
		    "Could not %s %s: %s. The damaged ledger is where it was; mend that and run "
		    "the same again.",
		    verb, path, g_strerror(number));
	return FALSE;
}

/* ---- Names ---- */

/* The second name that an earlier run gave this very file; NULL when there is none. */
static char *
find_second_name(const Job *job)
{
	GStatBuf own;
	GStatBuf other;
	g_autoptr(GDir) dir = g_dir_open(job->home, 0, NULL);
	if (dir == NULL || g_stat(job->ledger, &own) != 0)
		return NULL;
	const char *name;
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(job->home, name, NULL);
		if (g_str_has_prefix(name, DAMAGED_PREFIX) && g_stat(path, &other) == 0 &&
		    other.st_ino == own.st_ino && other.st_dev == own.st_dev)
			return g_steal_pointer(&path);
	}
	return NULL;
}

static void
choose_names(Job *job)
{
	job->ledger = g_build_filename(job->home, "ledger.db", NULL);
	job->fresh = g_build_filename(job->home, "ledger.db.recovered", NULL);
	job->log = g_strconcat(job->ledger, "-wal", NULL);
	job->damaged = find_second_name(job);
	job->is_again = job->damaged != NULL;
	if (job->is_again) {
		g_autofree char *moved = g_strconcat(job->damaged, "-wal", NULL);
		if (g_file_test(moved, G_FILE_TEST_EXISTS)) {
			g_free(job->log);
			job->log = g_steal_pointer(&moved);
		}
		return;
	}
	g_autofree char *moment = till_clock_format_utc(till_clock_wall_ms(job->clock));
	g_strdelimit(moment, ":.", '-');
	g_autofree char *name = g_strconcat(DAMAGED_PREFIX, moment, NULL);
	job->damaged = g_build_filename(job->home, name, NULL);
}

/* ---- Is it damaged? ---- */

static gboolean
is_empty(const char *path)
{
	GStatBuf status;
	return g_stat(path, &status) == 0 && status.st_size == 0;
}

/* TRUE when the ledger is damaged: its log is torn, SQLite finds a fault, or rows are missing or
 * not what they were, or it does not see rows that are there. FALSE without error: it is sound. */
static gboolean
is_damaged(Job *job, GError **error)
{
	g_autoptr(GError) failure = NULL;
	gint64 seen = 0;
	if (is_empty(job->ledger) || job->is_again || till_salvage_log_is_torn(job->log))
		return TRUE;
	if (till_database_judge(&till_ledger_kind, job->ledger, "SELECT count(*) FROM journal",
				&seen, &failure))
		return job->salvage->sound != seen || job->salvage->unreadable != 0;
	if (g_error_matches(failure, TILL_ERROR, TILL_ERROR_CORRUPT))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&failure));
	return FALSE;
}

static gboolean
demand_damage(Job *job, const GError *key_failure, GError **error)
{
	g_autoptr(GError) failure = NULL;
	if (is_damaged(job, &failure))
		return TRUE;
	if (failure != NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	else if (key_failure != NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "The ledger is sound and was left as it is, but the key is not: %s",
			    key_failure->message);
	else
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "The ledger is sound: %" G_GINT64_FORMAT
			    " rows, all of them readable. Nothing was changed; start the till.",
			    job->salvage->sound);
	return FALSE;
}

/* ---- The unsent rows of a till that is none any more ---- */

static GHashTable *
settled_positions(const TillSalvage *salvage)
{
	GHashTable *settled = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	GPtrArray *acks = salvage->tables[TILL_SALVAGE_ACK];
	for (guint i = 0; i < acks->len; i++) {
		const TillSalvageRecord *ack = g_ptr_array_index(acks, i);
		if (ack->values[1].integer != TILL_OUTCOME_PARKED)
			g_hash_table_add(settled, g_memdup2(&ack->rowid, sizeof ack->rowid));
	}
	return settled;
}

static gboolean
export_row(Job *job, const TillSalvageRow *row, FILE *file, GError **error)
{
	g_autoptr(TillEntry) entry = till_salvage_entry(job->salvage, row);
	if (entry == NULL)
		return TRUE;
	g_autofree char *line = job->line(entry);
	if (fputs(line, file) == EOF || fputc('\n', file) == EOF)
		return fail("write", job->out->export_file, errno, error);
	job->out->exported++;
	return TRUE;
}

static gboolean
export_rows(Job *job, FILE *file, GError **error)
{
	g_autoptr(GHashTable) settled = settled_positions(job->salvage);
	for (guint i = 0; i < job->salvage->rows->len; i++) {
		const TillSalvageRow *row = &g_array_index(job->salvage->rows, TillSalvageRow, i);
		gint64 position = till_ledger_position(row->ordinal, row->seq);
		if (row->is_sound && !g_hash_table_contains(settled, &position) &&
		    !export_row(job, row, file, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
export_unsent(Job *job, GError **error)
{
	job->out->export_file = g_strconcat(job->damaged, ".unsent.jsonl", NULL);
	FILE *file = fopen(job->out->export_file, "we");
	if (file == NULL)
		return fail("make", job->out->export_file, errno, error);
	gboolean is_written = export_rows(job, file, error);
	if (is_written && (fflush(file) != 0 || fsync(fileno(file)) != 0))
		is_written = fail("write", job->out->export_file, errno, error);
	if (fclose(file) != 0 && is_written)
		is_written = fail("write", job->out->export_file, errno, error);
	return is_written;
}

/* ---- Putting the new ledger in place ---- */

static gboolean
set_aside(Job *job, GError **error)
{
	g_autofree char *log = g_strconcat(job->ledger, "-wal", NULL);
	g_autofree char *log_aside = g_strconcat(job->damaged, "-wal", NULL);
	if (!job->is_again && link(job->ledger, job->damaged) != 0)
		return fail("keep the damaged file as", job->damaged, errno, error);
	if (!till_file_sync_dir(job->home, error))
		return FALSE;
	if (rename(log, log_aside) != 0 && errno != ENOENT)
		return fail("keep the damaged file as", log_aside, errno, error);
	job->out->damaged_file = g_strdup(job->damaged);
	return till_file_sync_dir(job->home, error);
}

static gboolean
install(Job *job, GError **error)
{
	if (!set_aside(job, error))
		return FALSE;
	if (rename(job->fresh, job->ledger) != 0)
		return fail("put in place", job->ledger, errno, error);
	return till_file_sync_dir(job->home, error);
}

/* The witness goes on from the new incarnation; one that cannot be written only means that the till
 * begins yet another at its next start. */
static void
move_witness(TillWitness *witness, const TillIncarnation *head)
{
	TillWitnessHead seen = {head->id, head->seq, head->chain};
	g_autoptr(GError) failure = NULL;
	if (witness != NULL && (!till_witness_write(witness, &seen, &failure) ||
				!till_witness_sync(witness, &failure)))
		g_message("Recovering: %s", failure->message);
}

static TillWitness *
meet_witness(Job *job)
{
	TillWitnessHead seen = {0};
	g_autoptr(GError) failure = NULL;
	if (job->salvage->identity == NULL)
		return NULL;
	g_autofree char *directory = till_witness_directory();
	TillWitness *witness =
	    till_witness_open(directory, job->salvage->identity->terminal_id, &seen, &failure);
	if (witness == NULL)
		g_message("Recovering: %s", failure->message);
	else
		till_salvage_meet_witness(job->salvage, seen.incarnation, seen.seq);
	return witness;
}

static gboolean
rebuild(Job *job, TillWitness *witness, GError **error)
{
	TillRecoverSource source = {job->salvage, job->key, job->clock};
	TillIncarnation head;
	g_autofree char *stale_log = g_strconcat(job->fresh, "-wal", NULL);
	(void)g_unlink(job->fresh);
	(void)g_unlink(stale_log);
	if (!till_recover_build(&source, job->fresh, &head, job->out, error) ||
	    !install(job, error))
		return FALSE;
	move_witness(witness, &head);
	job->out->incarnation = head.id;
	return TRUE;
}

static gboolean
give_up_identity(Job *job, GError **error)
{
	if (!export_unsent(job, error) || !set_aside(job, error))
		return FALSE;
	if (g_unlink(job->ledger) != 0)
		return fail("take away", job->ledger, errno, error);
	return till_file_sync_dir(job->home, error);
}

static gboolean
recover(Job *job, GError **error)
{
	g_autoptr(GError) key_failure = NULL;
	g_autofree char *key_path = g_build_filename(job->home, "device.key", NULL);
	choose_names(job);
	job->key = till_crypto_key_load(key_path, FALSE, &key_failure);
	job->salvage =
	    till_salvage_read(job->ledger, job->log,
			      job->key == NULL ? NULL : till_crypto_key_public(job->key), error);
	if (job->salvage == NULL || !demand_damage(job, key_failure, error))
		return FALSE;
	g_autoptr(TillWitness) witness = meet_witness(job);
	job->out->salvaged = job->salvage->sound;
	job->out->unreadable = job->salvage->unreadable;
	job->out->rows = job->salvage->sound + job->salvage->unreadable;
	return job->key != NULL && job->salvage->identity != NULL ? rebuild(job, witness, error)
								  : give_up_identity(job, error);
}

gboolean
till_recover_run(const char *home, const char *holder, const TillClock *clock, TillRecoverLine line,
		 TillRecovery *out, GError **error)
{
	*out = (TillRecovery){0};
	till_crypto_init();
	g_autofree char *warning = NULL;
	if (!till_place_check(home, &warning, error))
		return FALSE;
	g_autofree char *lock_path = g_build_filename(home, "lock", NULL);
	int lock = till_file_lock(lock_path, holder, error);
	if (lock < 0)
		return FALSE;
	Job job = {.home = home, .clock = clock, .line = line, .out = out};
	gboolean is_done = recover(&job, error);
	till_file_unlock(lock);
	till_salvage_free(job.salvage);
	till_crypto_key_free(job.key);
	g_free(job.ledger);
	g_free(job.log);
	g_free(job.fresh);
	g_free(job.damaged);
	return is_done;
}
