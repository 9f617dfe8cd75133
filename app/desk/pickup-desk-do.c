/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-desk-private.h"

#include <string.h>

#include "error.h"

#define NEWEST_MAX 1000 /* entries of one minute */

void
till_pickup_desk_done_free(TillPickupDone *done)
{
	if (done == NULL)
		return;
	till_fulfilment_free(done->fulfilment);
	g_free(done);
}

/* ---- Whether it may be done ---- */

static gboolean
deny(GError **error, const char *words)
{
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_DENIED, words);
	return FALSE;
}

static gboolean
was_checked_by(const TillOrderStep *step, const char *way)
{
	g_auto(GStrv) ways = g_strsplit(step->check, ",", -1);

	return g_strv_contains((const char *const *)ways, way);
}

/* The highest age of what leaves with the shopper. */
static gint64
age_of(const TillFulfilment *fulfilment, const TillOrderStep *step)
{
	gint64 age = 0;

	for (guint i = 0; i < step->moves->len; i++) {
		const TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);
		int index = till_fulfilment_find_line(fulfilment, move->line);
		if (index < 0 || move->to != TILL_ORDER_COLLECTED)
			continue;
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, (guint)index);
		age = MAX(age, line->min_age);
	}
	return age;
}

static gboolean
check_known(const TillFulfilment *fulfilment, const TillOrderStep *step, GError **error)
{
	gint64 age = age_of(fulfilment, step);
	gboolean other = *step->collected_by != '\0' && *fulfilment->customer_name != '\0' &&
			 g_ascii_strcasecmp(step->collected_by, fulfilment->customer_name) != 0;
	gboolean id = was_checked_by(step, "id") || was_checked_by(step, "other-person-id");

	if (other && !id)
		return deny(error, "Somebody else collects this order. Look at their ID first, and "
				   "say so.");
	if (!id && !was_checked_by(step, "code") && !was_checked_by(step, "name"))
		return deny(error, "Nobody was checked. Scan the pickup code, or look at an ID.");
	if (age == 0 || was_checked_by(step, "age"))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_DENIED,
		    "Something in this order may be given to people of %" G_GINT64_FORMAT
		    " years or more only. Look at an ID, and say so.",
		    age);
	return FALSE;
}

static gboolean
check_unknown(TillStore *store, const TillPickupTrust *trust, const TillOrderStep *step,
	      GError **error)
{
	gboolean trusts;

	if (!till_order_shelf_trusts_codes(store, &trusts, error))
		return FALSE;
	if (!trusts || !till_pickup_desk_is_trusted(trust, step))
		return deny(error,
			    "This order is not on this till, and its code was not checked here. "
			    "Scan the code again, or ask a manager.");
	if (!was_checked_by(step, "id") && !was_checked_by(step, "other-person-id"))
		return deny(error, "This order is not on this till. Check the shopper's ID against "
				   "the name on the bag, and say so.");
	return TRUE;
}

/* ---- Doing it to the goods ---- */

static gboolean
find_original(TillStore *store, const TillOrderStep *undo, TillOrderStep **out, GError **error)
{
	gboolean undone;
	g_autoptr(TillEntry) entry = till_journal_find_txn(store, &undo->reverses, NULL);
	TillOrderStepKind kind;

	if (entry == NULL || !till_order_step_find(entry->type, &kind)) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
				    "This till has no such step to undo. Undo it where it was "
				    "done.");
		return FALSE;
	}
	*out = till_order_step_from_bytes(entry->type, entry->body, error);
	if (*out == NULL || !till_order_shelf_is_undone(store, &undo->reverses, &undone, error))
		return FALSE;
	if (undone)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
				    till_order_words(TILL_ORDER_UNDONE));
	return !undone;
}

/* Proves that the step can be done before it is written: on the fulfilment as it stands here. */
static gboolean
try_step(TillStore *store, TillFulfilment *fulfilment, const TillOrderStep *step,
	 const TillUuid *txn, GError **error)
{
	g_autoptr(TillOrderStep) original = NULL;

	if (step->kind == TILL_ORDER_STEP_HAND_OVER && !check_known(fulfilment, step, error))
		return FALSE;
	if (step->kind != TILL_ORDER_STEP_UNDO)
		return till_fulfilment_do(fulfilment, step, txn, error);
	return find_original(store, step, &original, error) &&
	       till_fulfilment_undo(fulfilment, step, original, error);
}

static guint
next_line(const TillFulfilment *fulfilment, const TillOrderRecord *record)
{
	guint last = 0;

	for (guint i = 0; i < fulfilment->lines->len; i++)
		last = MAX(last,
			   ((TillFulfilmentLine *)g_ptr_array_index(fulfilment->lines, i))->line);
	for (guint i = 0; record != NULL && i < record->lines->len; i++)
		last =
		    MAX(last, ((TillOrderRecordLine *)g_ptr_array_index(record->lines, i))->line);
	return last + 1;
}

static gboolean
number_substitute(TillStore *store, const TillFulfilment *fulfilment, TillOrderStep *step,
		  GError **error)
{
	g_autoptr(TillOrderRecord) record = NULL;

	if (step->kind != TILL_ORDER_STEP_PICKING || *step->substitute.sku == '\0' ||
	    step->substitute.line != 0)
		return TRUE;
	if (!till_pickup_desk_record(store, &fulfilment->order, &record, error))
		return FALSE;
	step->substitute.line = next_line(fulfilment, record);
	for (guint i = 0; i < step->moves->len; i++) {
		TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);
		if (move->line == 0)
			move->line = step->substitute.line;
	}
	return TRUE;
}

/* ---- Writing it down ---- */

static GBytes *
build_step(const TillEntry *stamp, gpointer user, GError **error)
{
	TillOrderStep *step = user;
	g_autoptr(TillOrderStep) read_back = NULL;

	if (step->at_ms == 0)
		step->at_ms = stamp->clock.wall_ms;
	g_autoptr(GBytes) body = till_order_step_to_bytes(step);
	read_back = till_order_step_from_bytes(stamp->type, body, error);
	return read_back != NULL ? g_steal_pointer(&body) : NULL;
}

static gboolean
write_step(TillStore *store, TillOrderStep *step, TillUuid *out_txn, GError **error)
{
	g_autoptr(TillShop) shop = till_catalog_shop(store, error);

	if (shop == NULL)
		return FALSE;
	g_autofree char *date = till_register_private_date(
	    till_clock_wall_ms(till_store_clock(store)), shop->time_zone);
	TillJournalDraft draft = {
	    .type = till_order_step_type(step->kind),
	    .version = TILL_ORDER_STEP_VERSION,
	    .business_date = date,
	    .build = build_step,
	    .user = step,
	    .fulfilment = &step->fulfilment,
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, error);
	if (entry == NULL)
		return FALSE;
	*out_txn = entry->txn;
	return TRUE;
}

static gboolean
fill_in(TillStore *store, const TillPickupTrust *trust, TillOrderStep *step, GError **error)
{
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);

	if (identity == NULL)
		return FALSE;
	g_free(step->store);
	step->store = g_strdup(identity->store_code);
	g_free(step->till);
	step->till = g_strdup(identity->till_number);
	step->offline = !g_atomic_int_get(&trust->online);
	if (step->at_ms == 0)
		step->at_ms = till_clock_wall_ms(till_store_clock(store));
	return TRUE;
}

static gboolean
judge(TillStore *store, TillPickupJob *job, TillShelfRow *row, GError **error)
{
	static const TillUuid none;
	TillOrderStep *step = job->step;

	if (row == NULL && step->unknown)
		return check_unknown(store, job->trust, step, error);
	if (row == NULL) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
				    "This order is not on this till any more. Look it up again.");
		return FALSE;
	}
	if (step->unknown) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
				    "The order has arrived on this till meanwhile. Open it and "
				    "hand it over line by line.");
		return FALSE;
	}
	step->version = row->fulfilment->version;
	return number_substitute(store, row->fulfilment, step, error) &&
	       try_step(store, row->fulfilment, step, &none, error);
}

static gboolean
run_do(gpointer owner, gpointer data, GError **error)
{
	TillPickupJob *job = data;
	g_autoptr(TillShelfRow) row = NULL;
	TillPickupDone *done = g_new0(TillPickupDone, 1);

	job->answer = done;
	if (!fill_in(owner, job->trust, job->step, error) ||
	    !till_order_shelf_get(owner, &job->step->fulfilment, &row, error) ||
	    !judge(owner, job, row, error) || !write_step(owner, job->step, &done->txn, error))
		return FALSE;
	g_clear_pointer(&row, till_order_shelf_row_free);
	if (!till_order_shelf_get(owner, &job->step->fulfilment, &row, error))
		return FALSE;
	if (row != NULL)
		done->fulfilment = g_steal_pointer(&row->fulfilment);
	return TRUE;
}

static TillPickupJob *
make_do(TillPickupDesk *desk, const TillOrderStep *step)
{
	TillPickupJob *job =
	    till_pickup_desk_job_new(desk, (GDestroyNotify)till_pickup_desk_done_free);

	job->step = till_order_step_copy(step);
	return job;
}

TillPickupDone *
till_pickup_desk_do(TillPickupDesk *desk, const TillOrderStep *step, GError **error)
{
	return till_pickup_desk_job_call(desk, make_do(desk, step), run_do, error);
}

static void
deliver_done(TillPickupJob *job, const GError *error)
{
	((TillPickupDoneCb)job->cb)(error == NULL ? till_pickup_desk_job_steal(job) : NULL, error,
				    job->user);
}

void
till_pickup_desk_do_async(TillPickupDesk *desk, const TillOrderStep *step, gpointer receiver,
			  TillPickupDoneCb cb, gpointer user)
{
	TillPickupJob *job = make_do(desk, step);

	job->deliver = deliver_done;
	job->cb = G_CALLBACK(cb);
	job->user = user;
	till_pickup_desk_job_post(desk, job, run_do, receiver);
}

/* ---- The newest hand-over ---- */

void
till_pickup_desk_last_free(TillPickupLast *last)
{
	if (last == NULL)
		return;
	g_free(last->number);
	g_free(last);
}

static gboolean
take_last(TillStore *store, const TillJournalRow *row, TillPickupJob *job, GError **error)
{
	g_autoptr(TillShelfRow) shelf = NULL;
	gboolean undone;
	g_autoptr(TillEntry) entry = till_journal_find(store, row->incarnation, row->seq, error);

	if (entry == NULL || !till_order_shelf_is_undone(store, &entry->txn, &undone, error))
		return FALSE;
	g_autoptr(TillOrderStep) step = till_order_step_from_bytes(entry->type, entry->body, NULL);
	if (undone || step == NULL)
		return TRUE;
	if (!till_order_shelf_get(store, &step->fulfilment, &shelf, error))
		return FALSE;
	TillPickupLast *last = g_new0(TillPickupLast, 1);
	job->answer = last;
	last->txn = entry->txn;
	last->order = step->order;
	last->fulfilment = step->fulfilment;
	last->at_ms = step->at_ms;
	last->number = g_strdup(shelf != NULL ? shelf->fulfilment->number : "");
	return TRUE;
}

static gboolean
run_last(gpointer owner, gpointer data, GError **error)
{
	TillPickupJob *job = data;
	const char *type = till_order_step_type(TILL_ORDER_STEP_HAND_OVER);
	gint64 since_ms = till_clock_wall_ms(till_store_clock(owner)) - TILL_ORDER_UNDO_MS;
	g_autoptr(GPtrArray) newest = till_journal_list(owner, NULL, NEWEST_MAX, error);

	if (newest == NULL)
		return FALSE;
	for (guint i = 0; i < newest->len; i++) {
		const TillJournalRow *row = g_ptr_array_index(newest, i);
		if (row->wall_ms < since_ms)
			break;
		if (g_str_equal(row->type, type))
			return take_last(owner, row, job, error);
	}
	return TRUE;
}

static TillPickupJob *
make_last(TillPickupDesk *desk)
{
	return till_pickup_desk_job_new(desk, (GDestroyNotify)till_pickup_desk_last_free);
}

TillPickupLast *
till_pickup_desk_last(TillPickupDesk *desk, GError **error)
{
	return till_pickup_desk_job_call(desk, make_last(desk), run_last, error);
}

static void
deliver_last(TillPickupJob *job, const GError *error)
{
	((TillPickupLastCb)job->cb)(error == NULL ? till_pickup_desk_job_steal(job) : NULL, error,
				    job->user);
}

void
till_pickup_desk_last_async(TillPickupDesk *desk, gpointer receiver, TillPickupLastCb cb,
			    gpointer user)
{
	TillPickupJob *job = make_last(desk);

	job->deliver = deliver_last;
	job->cb = G_CALLBACK(cb);
	job->user = user;
	till_pickup_desk_job_post(desk, job, run_last, receiver);
}
