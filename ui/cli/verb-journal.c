/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "journal.h"
#include "order-step.h"
#include "recover.h"
#include "register.h"
#include "text.h"

#define LIST_DEFAULT 50
#define LIST_MAX 1000000

/* Each part is a job on the store thread that prints as it goes: the program has nothing else to
 * do. */

typedef struct {
	const TillVerb *verb;
	gint64 limit;
	FILE *file;             /* of export; borrowed */
	gint64 count;           /* of export */
	TillJournalCheck check; /* of verify */
} JournalJob;

/* ---- list ---- */

/* What a step of an order was; "" of anything else. */
static char *
describe(const TillEntry *entry)
{
	TillOrderStepKind kind;
	g_autoptr(TillOrderStep) step =
	    till_order_step_find(entry->type, &kind)
		? till_order_step_from_bytes(entry->type, entry->body, NULL)
		: NULL;
	return step != NULL ? till_order_step_words(step) : g_strdup("");
}

static char *
describe_row(TillStore *store, const TillJournalRow *row)
{
	TillOrderStepKind kind;
	if (!till_order_step_find(row->type, &kind))
		return g_strdup("");
	g_autoptr(TillEntry) entry = till_journal_find(store, row->incarnation, row->seq, NULL);
	return entry != NULL ? describe(entry) : g_strdup("");
}

static gboolean
show_row(TillStore *store, const TillVerb *verb, const TillJournalRow *row, GError **error)
{
	char letters[14], txn[TILL_UUID_TEXT];
	till_id_incarnation_format(row->incarnation, letters);
	till_uuid_format(&row->txn, txn);
	g_autofree char *time = till_clock_format_utc(row->wall_ms);
	g_autofree char *words = describe_row(store, row);
	if (!verb->json)
		return till_verb_say(
		    error, "%s %6" G_GINT64_FORMAT " %s %-8s %s %s%s", letters, row->seq, time,
		    row->type, row->acknowledged ? row->outcome : "waiting", row->receipt, words);
	g_autoptr(json_t) object = json_pack(
	    "{s:s, s:I, s:s, s:s, s:s, s:I, s:I, s:b, s:s, s:s}", "incarnation", letters, "seq",
	    (json_int_t)row->seq, "txn", txn, "type", row->type, "receipt", row->receipt,
	    "total_minor", (json_int_t)row->total_minor, "wall_ms", (json_int_t)row->wall_ms,
	    "acknowledged", row->acknowledged, "outcome", row->outcome, "words", words);
	return till_verb_print(object, error);
}

static gboolean
run_list(gpointer owner, gpointer data, GError **error)
{
	JournalJob *job = data;
	const char *type = till_arguments_option(job->verb->arguments, "type");
	g_autoptr(GPtrArray) rows = till_journal_list(owner, type, (guint)job->limit, error);
	if (rows == NULL)
		return FALSE;
	for (guint i = 0; i < rows->len; i++) {
		if (!show_row(owner, job->verb, g_ptr_array_index(rows, i), error))
			return FALSE;
	}
	return TRUE;
}

/* ---- show ---- */

typedef struct {
	gint64 seq;
	TillEntry *entry; /* of the newest incarnation that has the number: the last one seen */
} SeqSearch;

static gboolean
keep_seq(const TillEntry *entry, gpointer user, GError **error)
{
	(void)error;
	SeqSearch *search = user;
	if (entry->seq != search->seq)
		return TRUE;
	TillEntry *copy = till_entry_new();
	*copy = *entry;
	copy->body = g_bytes_ref(entry->body);
	g_clear_pointer(&search->entry, till_entry_free);
	search->entry = copy;
	return TRUE;
}

static TillEntry *
find_seq(TillStore *store, gint64 seq, GError **error)
{
	SeqSearch search = {.seq = seq};
	if (!till_journal_each(store, keep_seq, &search, error)) {
		g_clear_pointer(&search.entry, till_entry_free);
		return NULL;
	}
	if (search.entry == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "The journal has no row %" G_GINT64_FORMAT
			    "; tillctl journal list shows what there is.",
			    seq);
	return search.entry;
}

static TillEntry *
find_entry(TillStore *store, const char *what, GError **error)
{
	TillUuid txn;
	gint64 seq;
	if (till_text_parse_int(what, 1, G_MAXINT64, &seq))
		return find_seq(store, seq, error);
	if (till_uuid_parse(what, &txn))
		return till_journal_find_txn(store, &txn, error);
	return till_journal_find_receipt(store, what, error);
}

static gboolean
run_show(gpointer owner, gpointer data, GError **error)
{
	JournalJob *job = data;
	const char *what = till_arguments_operand(job->verb->arguments, 1);
	g_autoptr(TillEntry) entry = find_entry(owner, what, error);
	if (entry == NULL)
		return FALSE;
	g_autofree char *line = till_register_export_line(entry);
	if (job->verb->json)
		return till_verb_say(error, "%s", line);
	gsize size = 0;
	const char *body = g_bytes_get_data(entry->body, &size);
	g_autofree char *time = till_clock_format_utc(entry->clock.wall_ms);
	g_autofree char *words = describe(entry);
	return till_verb_say(error, "%s %" G_GINT64_FORMAT " version %d, %s%s%s\n%.*s", entry->type,
			     entry->seq, entry->version, time, *words != '\0' ? ": " : "", words,
			     (int)size, body);
}

/* ---- export ---- */

static gboolean
fail_export(GError **error)
{
	g_set_error(error, TILL_ERROR, errno == ENOSPC ? TILL_ERROR_FULL : TILL_ERROR_DISK,
		    "The export could not be written: %s. Choose another place; the journal is as "
		    "it was.",
		    g_strerror(errno));
	return FALSE;
}

static gboolean
export_entry(const TillEntry *entry, gpointer user, GError **error)
{
	JournalJob *job = user;
	g_autofree char *line = till_register_export_line(entry);
	if (fputs(line, job->file) == EOF || fputc('\n', job->file) == EOF)
		return fail_export(error);
	job->count++;
	return TRUE;
}

static gboolean
run_export(gpointer owner, gpointer data, GError **error)
{
	JournalJob *job = data;
	const char *path = till_arguments_operand(job->verb->arguments, 1);
	gboolean is_stdout = path == NULL || strcmp(path, "-") == 0;
	job->file = is_stdout ? stdout : fopen(path, "we");
	if (job->file == NULL)
		return fail_export(error);
	gboolean is_done = till_journal_each(owner, export_entry, job, error);
	if (is_done && fflush(job->file) != 0)
		is_done = fail_export(error);
	if (is_stdout)
		return is_done;
	if (fclose(job->file) != 0 && is_done)
		return fail_export(error);
	return is_done &&
	       till_verb_say(error, "%" G_GINT64_FORMAT " rows written to %s", job->count, path);
}

/* ---- verify ---- */

static gboolean
run_verify(gpointer owner, gpointer data, GError **error)
{
	JournalJob *job = data;
	return till_journal_verify(owner, &job->check, error);
}

static gboolean
show_check(const TillVerb *verb, const TillJournalCheck *check, GError **error)
{
	char head[TILL_HASH_TEXT];
	till_crypto_hash_format(&check->head, head);
	gboolean is_said;
	if (verb->json) {
		g_autoptr(json_t) answer =
		    json_pack("{s:b, s:I, s:s, s:s}", "ok", check->problem == NULL, "rows",
			      (json_int_t)check->rows, "head", head, "problem",
			      check->problem != NULL ? check->problem : "");
		is_said = till_verb_print(answer, error);
	} else {
		is_said =
		    till_verb_say(error, "%" G_GINT64_FORMAT " rows, head %s: %s", check->rows,
				  head, check->problem != NULL ? check->problem : "all good");
	}
	if (!is_said || check->problem == NULL)
		return is_said;
	g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
		    "The journal is damaged: %s Stop selling on this till and run: tillctl journal "
		    "recover",
		    check->problem);
	return FALSE;
}

/* ---- recover ---- */

static gboolean
say_recovery(const TillRecovery *recovery, GError **error)
{
	char letters[14];
	if (!till_verb_say(error,
			   "%" G_GINT64_FORMAT " rows saved, %" G_GINT64_FORMAT
			   " unreadable; the damaged file is kept as %s",
			   recovery->salvaged, recovery->unreadable, recovery->damaged_file))
		return FALSE;
	if (recovery->incarnation == 0)
		return till_verb_say(error, "%" G_GINT64_FORMAT " unsent rows are in %s",
				     recovery->exported, recovery->export_file);
	if (!till_verb_say(error,
			   "The till numbers its rows anew as %s; %" G_GINT64_FORMAT
			   " rows behind a gap have their number from it, and %" G_GINT64_FORMAT
			   " parked sales are there.",
			   till_id_incarnation_format(recovery->incarnation, letters),
			   recovery->renumbered, recovery->parked))
		return FALSE;
	return till_verb_say(error, "%s",
			     recovery->unreadable > 0
				 ? "What the central has of the unreadable rows comes back with: "
				   "tillctl sync --until-empty. Compare the paper receipts with "
				   "the rest."
				 : "Nothing is lost. Go on with: tillctl sync --until-empty");
}

static gboolean
show_recovery(const TillVerb *verb, const TillRecovery *recovery, GError **error)
{
	char letters[14];
	gboolean is_whole = recovery->incarnation != 0;
	if (!verb->json)
		return say_recovery(recovery, error);
	g_autoptr(json_t) answer = json_pack(
	    "{s:b, s:I, s:I, s:I, s:I, s:I, s:s, s:s}", "ok", is_whole, "rows",
	    (json_int_t)recovery->rows, "salvaged", (json_int_t)recovery->salvaged, "unreadable",
	    (json_int_t)recovery->unreadable, "renumbered", (json_int_t)recovery->renumbered,
	    "parked", (json_int_t)recovery->parked, "incarnation",
	    is_whole ? till_id_incarnation_format(recovery->incarnation, letters) : "",
	    "damaged_file", recovery->damaged_file);
	if (!is_whole) {
		till_json_put_text(answer, "export_file", recovery->export_file);
		till_json_put_int(answer, "exported", recovery->exported);
	}
	return till_verb_print(answer, error);
}

static gboolean
recover(const TillVerb *verb, GError **error)
{
	TillRecovery recovery;
	gboolean is_done = till_recover_run(verb->home, "tillctl journal", till_clock_system(),
					    till_register_export_line, &recovery, error) &&
			   show_recovery(verb, &recovery, error);
	if (is_done && recovery.incarnation == 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "Who this till is could not be read. Keep %s: head office takes those "
			    "sales in by hand. Then enrol the till anew: tillctl --home %s enrol "
			    "URL --code CODE",
			    recovery.export_file, verb->home);
		is_done = FALSE;
	}
	till_recover_clear(&recovery);
	return is_done;
}

/* ---- The verb ---- */

static gboolean
run_part(const TillVerb *verb, JournalJob *job, TillWorkerRun run, GError **error)
{
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	return store != NULL && till_worker_call(till_store_worker(store), run, job, error);
}

static gboolean
refuse_part(const char *part, GError **error)
{
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
		    "The journal cannot be asked \"%.40s\"; write: tillctl journal "
		    "list|show WHAT|verify|export [FILE]|recover.",
		    part);
	return FALSE;
}

gboolean
till_verb_journal(const TillVerb *verb, GError **error)
{
	const char *part = till_arguments_operand(verb->arguments, 0);
	gboolean has_operand = till_arguments_operand(verb->arguments, 1) != NULL;
	JournalJob job = {.verb = verb};
	if (!till_arguments_integer(verb->arguments, "limit", 1, LIST_MAX, LIST_DEFAULT, &job.limit,
				    error))
		return FALSE;
	if (strcmp(part, "list") == 0 && !has_operand)
		return run_part(verb, &job, run_list, error);
	if (strcmp(part, "show") == 0 && has_operand)
		return run_part(verb, &job, run_show, error);
	if (strcmp(part, "export") == 0)
		return run_part(verb, &job, run_export, error);
	if (strcmp(part, "recover") == 0 && !has_operand)
		return recover(verb, error);
	if (strcmp(part, "verify") != 0 || has_operand)
		return refuse_part(part, error);
	if (!run_part(verb, &job, run_verify, error))
		return FALSE;
	gboolean is_good = show_check(verb, &job.check, error);
	till_journal_check_clear(&job.check);
	return is_good;
}
