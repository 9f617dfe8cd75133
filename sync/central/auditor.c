/* SPDX-License-Identifier: Apache-2.0 */
#include "auditor.h"

#include <pthread.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "exceptions.h"
#include "money.h"
#include "sale-reader.h"
#include "server-log.h"

/* While pushes come, so many parts of time are theirs for one of ours. */
#define PUSHES_SHARE 4
#define PAUSE_MAX_US 2000000
/* After the database failed it is asked again. */
#define RETRY_US 5000000
#define NICENESS 10
#define DIFFERENCES_MAX 100
#define WORDS_MAX 100

struct TillAuditor {
	TillCentral *central;   /* borrowed */
	TillRepricer *repricer; /* whoever holds work */
	pthread_mutex_t work;   /* one judges at a time */
	pthread_t thread;
	gboolean started; /* the creator's */
	pthread_mutex_t lock;
	pthread_cond_t awake;
	guint commits; /* guarded by lock; seen since the start */
	gboolean stop; /* guarded by lock */
};

/* A batch that was judged, on its way into the books. */
typedef struct {
	TillSaleReaderBatch *batch;
	TillAuditorReport counts; /* of this batch */
	GPtrArray *mismatches;    /* of Mismatch */
	GError *error;
} Judged;

typedef struct {
	const TillRepricerSale *sale;
	char *words;
} Mismatch;

static void
free_mismatch(gpointer data)
{
	Mismatch *mismatch = data;

	g_free(mismatch->words);
	g_free(mismatch);
}

TillAuditor *
till_auditor_new(TillCentral *central)
{
	TillAuditor *auditor = g_new0(TillAuditor, 1);

	auditor->central = central;
	auditor->repricer = till_repricer_new(central);
	pthread_mutex_init(&auditor->work, NULL);
	pthread_mutex_init(&auditor->lock, NULL);
	pthread_cond_init(&auditor->awake, NULL);
	return auditor;
}

void
till_auditor_stop(TillAuditor *auditor)
{
	pthread_mutex_lock(&auditor->lock);
	auditor->stop = TRUE;
	pthread_cond_signal(&auditor->awake);
	pthread_mutex_unlock(&auditor->lock);
	if (auditor->started)
		pthread_join(auditor->thread, NULL);
	auditor->started = FALSE;
}

void
till_auditor_free(TillAuditor *auditor)
{
	if (auditor == NULL)
		return;
	till_repricer_free(auditor->repricer);
	pthread_cond_destroy(&auditor->awake);
	pthread_mutex_destroy(&auditor->lock);
	pthread_mutex_destroy(&auditor->work);
	g_free(auditor);
}

void
till_auditor_wake(TillAuditor *auditor)
{
	pthread_mutex_lock(&auditor->lock);
	auditor->commits++;
	pthread_cond_signal(&auditor->awake);
	pthread_mutex_unlock(&auditor->lock);
}

void
till_auditor_report_clear(TillAuditorReport *report)
{
	g_clear_pointer(&report->differences, g_ptr_array_unref);
}

/* --- judging a batch --- */

static char *
make_words(const TillSale *sale, const TillSaleDifference *difference)
{
	return g_strdup_printf("%s, %.*s. The sale stands; tell head office.", sale->receipt,
			       WORDS_MAX, difference->words);
}

static gboolean
judge_one(TillAuditor *auditor, const TillRepricerSale *sale, Judged *judged, GError **error)
{
	TillSaleDifference difference = {.words = NULL};
	TillRepricerVerdict verdict;
	Mismatch *mismatch;

	if (!till_repricer_judge(auditor->repricer, sale, &verdict, &difference, error))
		return FALSE;
	if (verdict == TILL_REPRICER_UNJUDGED) {
		judged->counts.unjudged++;
		return TRUE;
	}
	judged->counts.repriced++;
	if (verdict == TILL_REPRICER_SAME)
		return TRUE;
	judged->counts.mismatched++;
	mismatch = g_new0(Mismatch, 1);
	mismatch->sale = sale;
	mismatch->words = make_words(sale->sale, &difference);
	g_ptr_array_add(judged->mismatches, mismatch);
	till_server_log("price-mismatch", "receipt=%s amount=%" G_GINT64_FORMAT " words=\"%s\"",
			sale->sale->receipt, difference.amount_minor, difference.words);
	till_sale_difference_clear(&difference);
	return TRUE;
}

/* Fills judged, which the caller clears in any case. */
static gboolean
judge_batch(TillAuditor *auditor, TillSaleReaderBatch *batch, Judged *judged, GError **error)
{
	*judged = (Judged){.batch = batch};
	judged->mismatches = g_ptr_array_new_with_free_func(free_mismatch);
	if (!till_sale_reader_next(auditor->central, batch, error) ||
	    !till_repricer_prepare(auditor->repricer,
				   (const TillRepricerSale *)(gconstpointer)batch->sales->data,
				   batch->sales->len, error))
		return FALSE;
	for (guint i = 0; i < batch->sales->len; i++) {
		if (!judge_one(auditor, &g_array_index(batch->sales, TillRepricerSale, i), judged,
			       error))
			return FALSE;
	}
	return TRUE;
}

static void
clear_judged(Judged *judged)
{
	g_ptr_array_unref(judged->mismatches);
	till_sale_reader_clear(judged->batch);
}

/* --- into the books --- */

static gboolean
raise_mismatch(TillCentral *central, const Mismatch *mismatch, GError **error)
{
	char txn[TILL_UUID_TEXT];
	TillException exception = {.code = "PRICE_MISMATCH",
				   .subject = till_uuid_format(&mismatch->sale->txn, txn),
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = mismatch->words,
				   .txn = txn,
				   .raised_ms = till_central_now_ms(central)};

	return till_exceptions_raise_for(central->db, mismatch->sale->store_code, &exception,
					 error);
}

/* Those of the batch only: another may have come meanwhile. */
static gboolean
forget_late(TillCentral *central, const TillSaleReaderBatch *batch, GError **error)
{
	if (batch->order != TILL_SALE_READER_LATE)
		return TRUE;
	for (guint i = 0; i < batch->numbers->len; i++) {
		TillDbQuery *query =
		    till_db_query(central->db, "DELETE FROM reprice_late WHERE number = ?1");
		till_db_bind_int(query, 1, g_array_index(batch->numbers, gint64, i));
		if (!till_db_run(query, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
move_mark(TillCentral *central, const Judged *judged, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "UPDATE reprice SET mark = max(mark, ?1), repriced = repriced + ?2, "
			 "unjudged = unjudged + ?3, mismatched = mismatched + ?4");
	gboolean late = judged->batch->order == TILL_SALE_READER_LATE;

	till_db_bind_int(query, 1, late ? 0 : judged->batch->last);
	till_db_bind_int(query, 2, judged->counts.repriced);
	till_db_bind_int(query, 3, judged->counts.unjudged);
	till_db_bind_int(query, 4, judged->counts.mismatched);
	return till_db_run(query, error);
}

static gboolean
enter_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Judged *judged = data;

	for (guint i = 0; i < judged->mismatches->len; i++) {
		if (!raise_mismatch(central, g_ptr_array_index(judged->mismatches, i),
				    &judged->error))
			return FALSE;
	}
	return forget_late(central, judged->batch, &judged->error) &&
	       move_mark(central, judged, &judged->error);
}

static gboolean
enter_judged(TillAuditor *auditor, Judged *judged, GError **error)
{
	if (!till_writer_call(auditor->central->writer, enter_run, judged, error))
		return FALSE;
	if (judged->error == NULL)
		return TRUE;
	g_propagate_error(error, judged->error);
	return FALSE;
}

typedef struct {
	gint64 mark;
	gint64 late; /* entries that wait */
	gint64 last; /* entry there is */
	TillAuditorReport report;
	GError *error;
} State;

static gboolean
state_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	State *state = data;
	TillDbQuery *query = till_db_query(
	    central->db,
	    "SELECT mark, repriced, unjudged, mismatched, (SELECT count(*) FROM "
	    "reprice_late), (SELECT coalesce(max(number), 0) FROM entry) FROM reprice");

	if (!till_db_step(query, &state->error))
		return TRUE;
	state->mark = till_db_int(query, 0);
	state->report.repriced = till_db_int(query, 1);
	state->report.unjudged = till_db_int(query, 2);
	state->report.mismatched = till_db_int(query, 3);
	state->late = till_db_int(query, 4);
	state->last = till_db_int(query, 5);
	till_db_reset(query);
	return TRUE;
}

static gboolean
read_state(TillAuditor *auditor, State *state, GError **error)
{
	*state = (State){0};
	if (!till_writer_call(auditor->central->writer, state_run, state, error))
		return FALSE;
	if (state->error == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&state->error));
	return FALSE;
}

/* One batch, late bodies first. out_more: there may be another. */
static gboolean
take_batch(TillAuditor *auditor, gboolean *out_more, GError **error)
{
	TillSaleReaderBatch batch = {.order = TILL_SALE_READER_AFTER};
	Judged judged;
	State state;
	gboolean good;

	*out_more = FALSE;
	if (!read_state(auditor, &state, error))
		return FALSE;
	if (state.late == 0 && state.mark >= state.last)
		return TRUE;
	batch.number = state.mark;
	if (state.late > 0) {
		batch.order = TILL_SALE_READER_LATE;
		batch.number = 0;
	}
	good =
	    judge_batch(auditor, &batch, &judged, error) && enter_judged(auditor, &judged, error);
	clear_judged(&judged);
	*out_more = good;
	return good;
}

gboolean
till_auditor_catch_up(TillAuditor *auditor, TillAuditorReport *out, GError **error)
{
	gboolean more = TRUE;
	gboolean good = TRUE;
	State state;

	while (good && more) {
		pthread_mutex_lock(&auditor->work);
		good = take_batch(auditor, &more, error);
		pthread_mutex_unlock(&auditor->work);
	}
	if (!good || !read_state(auditor, &state, error))
		return FALSE;
	*out = state.report;
	return TRUE;
}

static void
add_counts(TillAuditorReport *report, const Judged *judged)
{
	report->repriced += judged->counts.repriced;
	report->unjudged += judged->counts.unjudged;
	report->mismatched += judged->counts.mismatched;
	for (guint i = 0; i < judged->mismatches->len && report->differences->len < DIFFERENCES_MAX;
	     i++) {
		const Mismatch *mismatch = g_ptr_array_index(judged->mismatches, i);
		g_ptr_array_add(report->differences, g_strdup(mismatch->words));
	}
}

gboolean
till_auditor_review(TillAuditor *auditor, TillAuditorReport *out, GError **error)
{
	TillSaleReaderBatch batch = {.order = TILL_SALE_READER_AFTER};
	gboolean good = TRUE;
	gboolean more = TRUE;

	*out = (TillAuditorReport){.repriced = 0};
	out->differences = g_ptr_array_new_with_free_func(g_free);
	while (good && more) {
		Judged judged;
		pthread_mutex_lock(&auditor->work);
		good = judge_batch(auditor, &batch, &judged, error);
		pthread_mutex_unlock(&auditor->work);
		if (good)
			add_counts(out, &judged);
		more = batch.last > batch.number;
		batch.number = batch.last;
		clear_judged(&judged);
	}
	return good;
}

/* --- in the background --- */

/* Sleeps unless it is time to end; a commit does not wake it. */
static void
pause_for(TillAuditor *auditor, gint64 pause_us)
{
	gint64 until_ms = till_clock_wall_ms(till_clock_system()) + pause_us / 1000;
	struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

	pthread_mutex_lock(&auditor->lock);
	while (!auditor->stop) {
		if (pthread_cond_timedwait(&auditor->awake, &auditor->lock, &until) != 0)
			break;
	}
	pthread_mutex_unlock(&auditor->lock);
}

/* Waits for a commit beyond those seen. FALSE: it is time to end. */
static gboolean
wait_for_commit(TillAuditor *auditor, guint *inout_seen)
{
	gboolean stop;

	pthread_mutex_lock(&auditor->lock);
	while (!auditor->stop && auditor->commits == *inout_seen)
		pthread_cond_wait(&auditor->awake, &auditor->lock);
	*inout_seen = auditor->commits;
	stop = auditor->stop;
	pthread_mutex_unlock(&auditor->lock);
	return !stop;
}

static guint
count_commits(TillAuditor *auditor)
{
	guint commits;

	pthread_mutex_lock(&auditor->lock);
	commits = auditor->commits;
	pthread_mutex_unlock(&auditor->lock);
	return commits;
}

static gboolean
is_stopping(TillAuditor *auditor)
{
	gboolean stop;

	pthread_mutex_lock(&auditor->lock);
	stop = auditor->stop;
	pthread_mutex_unlock(&auditor->lock);
	return stop;
}

/* A batch, and the pause it owes. FALSE: nothing is left for now. */
static gboolean
work_once(TillAuditor *auditor)
{
	gint64 began_us = g_get_monotonic_time();
	guint before = count_commits(auditor);
	g_autoptr(GError) error = NULL;
	gboolean more = FALSE;
	gint64 pause_us = 0;
	gboolean good;

	pthread_mutex_lock(&auditor->work);
	good = take_batch(auditor, &more, &error);
	pthread_mutex_unlock(&auditor->work);
	if (!good) {
		till_server_log("reprice", "reason=\"%s\"", error->message);
		pause_for(auditor, RETRY_US);
		return TRUE;
	}
	/* One of the commits is our own. */
	if (more && count_commits(auditor) - before > 1)
		pause_us = MIN(PUSHES_SHARE * (g_get_monotonic_time() - began_us), PAUSE_MAX_US);
	if (pause_us > 0)
		pause_for(auditor, pause_us);
	return more;
}

static void *
thread_main(void *user)
{
	TillAuditor *auditor = user;
	guint seen = 0;

	/* Of this thread alone; where it may not be lowered the pauses must do. */
	if (setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS) != 0)
		till_server_log("reprice", "reason=\"its priority cannot be lowered\"");
	do {
		while (!is_stopping(auditor) && work_once(auditor))
			;
	} while (wait_for_commit(auditor, &seen));
	return NULL;
}

void
till_auditor_start(TillAuditor *auditor)
{
	int result = pthread_create(&auditor->thread, NULL, thread_main, auditor);

	g_assert(result == 0);
	pthread_setname_np(auditor->thread, "auditor");
	auditor->started = TRUE;
}
