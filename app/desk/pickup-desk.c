/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-desk-private.h"

#include "error.h"

TillPickupDesk *
till_pickup_desk_new(TillStore *store)
{
	TillPickupDesk *desk = g_new0(TillPickupDesk, 1);

	g_assert(store != NULL);
	desk->store = store;
	desk->trust = g_atomic_rc_box_new0(TillPickupTrust);
	return desk;
}

void
till_pickup_desk_free(TillPickupDesk *desk)
{
	if (desk == NULL)
		return;
	g_atomic_rc_box_release(desk->trust);
	g_free(desk);
}

void
till_pickup_desk_set_online(TillPickupDesk *desk, gboolean online)
{
	g_atomic_int_set(&desk->trust->online, online);
}

/* ---- Jobs ---- */

TillPickupJob *
till_pickup_desk_job_new(TillPickupDesk *desk, GDestroyNotify free_answer)
{
	TillPickupJob *job = g_new0(TillPickupJob, 1);

	job->trust = g_atomic_rc_box_acquire(desk->trust);
	job->free_answer = free_answer;
	return job;
}

void
till_pickup_desk_job_free(gpointer data)
{
	TillPickupJob *job = data;

	if (job->answer != NULL)
		job->free_answer(job->answer);
	g_atomic_rc_box_release(job->trust);
	till_order_step_free(job->step);
	g_free(job->text);
	g_free(job);
}

gpointer
till_pickup_desk_job_steal(TillPickupJob *job)
{
	return g_steal_pointer(&job->answer);
}

gpointer
till_pickup_desk_job_call(TillPickupDesk *desk, TillPickupJob *job, TillWorkerRun run,
			  GError **error)
{
	gboolean done = till_worker_call(till_store_worker(desk->store), run, job, error);
	gpointer answer = done ? till_pickup_desk_job_steal(job) : NULL;

	till_pickup_desk_job_free(job);
	return answer;
}

static void
done_cb(gpointer data, const GError *error, gpointer user)
{
	TillPickupJob *job = data;

	(void)user;
	job->deliver(job, error);
}

void
till_pickup_desk_job_post(TillPickupDesk *desk, TillPickupJob *job, TillWorkerRun run,
			  gpointer receiver)
{
	till_worker_post(till_store_worker(desk->store), run, job, till_pickup_desk_job_free,
			 receiver, done_cb, NULL);
}

/* ---- One fulfilment ---- */

static void
free_event(gpointer data)
{
	TillPickupEvent *event = data;

	g_free(event->channel);
	g_free(event->who);
	g_free(event->kind);
	g_free(event->words);
	g_free(event);
}

GPtrArray *
till_pickup_desk_events(TillStore *store, const TillUuid *order, GError **error)
{
	g_autoptr(GPtrArray) told = till_order_shelf_events(store, order, error);
	GPtrArray *events;

	if (told == NULL)
		return NULL;
	events = g_ptr_array_new_with_free_func(free_event);
	for (guint i = 0; i < told->len; i++) {
		TillShelfEvent *from = g_ptr_array_index(told, i);
		TillPickupEvent *event = g_new0(TillPickupEvent, 1);
		event->at_ms = from->at_ms;
		event->channel = g_steal_pointer(&from->channel);
		event->who = g_steal_pointer(&from->who);
		event->kind = g_steal_pointer(&from->kind);
		event->words = g_steal_pointer(&from->words);
		event->waiting = from->waiting;
		g_ptr_array_add(events, event);
	}
	return events;
}

gboolean
till_pickup_desk_record(TillStore *store, const TillUuid *order, TillOrderRecord **out,
			GError **error)
{
	char id[TILL_UUID_TEXT];

	return till_order_shelf_record(store, till_uuid_format(order, id), out, error);
}

void
till_pickup_desk_opened_free(TillPickupOpened *opened)
{
	if (opened == NULL)
		return;
	till_fulfilment_free(opened->fulfilment);
	till_order_record_free(opened->record);
	g_clear_pointer(&opened->events, g_ptr_array_unref);
	g_free(opened);
}

static gboolean
is_left(const TillShelfRow *row)
{
	return !till_order_is_done(row->fulfilment->life);
}

/* Of this store's parts the first with something left, else the first. NULL: none here. */
static TillShelfRow *
choose_part(GPtrArray *parts, const char *store_code)
{
	int chosen = -1;

	for (guint i = 0; i < parts->len; i++) {
		const TillShelfRow *row = g_ptr_array_index(parts, i);
		if (!g_str_equal(row->fulfilment->store, store_code))
			continue;
		if (chosen < 0 ||
		    (!is_left(g_ptr_array_index(parts, (guint)chosen)) && is_left(row)))
			chosen = (int)i;
	}
	return chosen >= 0 ? g_ptr_array_steal_index(parts, (guint)chosen) : NULL;
}

static gboolean
find_by_order(TillStore *store, const char *id, TillShelfRow **out, GError **error)
{
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);
	g_autoptr(TillOrderRecord) record = NULL;
	char order[TILL_UUID_TEXT];

	if (identity == NULL || !till_order_shelf_record(store, id, &record, error))
		return FALSE;
	if (record == NULL)
		return TRUE;
	g_autoptr(GPtrArray) parts =
	    till_order_shelf_parts(store, till_uuid_format(&record->id, order), error);
	if (parts == NULL)
		return FALSE;
	*out = choose_part(parts, identity->store_code);
	return TRUE;
}

static gboolean
find_row(TillStore *store, const char *id, TillShelfRow **out, GError **error)
{
	TillUuid uuid;

	*out = NULL;
	if (till_uuid_parse(id, &uuid) && !till_order_shelf_get(store, &uuid, out, error))
		return FALSE;
	if (*out == NULL && !find_by_order(store, id, out, error))
		return FALSE;
	if (*out != NULL)
		return TRUE;
	g_set_error(
	    error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
	    "This store has no part of an order %s. Look the number up again, or wait until "
	    "the till has asked the central.",
	    id);
	return FALSE;
}

static gboolean
run_open(gpointer owner, gpointer data, GError **error)
{
	TillPickupJob *job = data;
	g_autoptr(TillShelfRow) row = NULL;
	TillPickupOpened *opened = g_new0(TillPickupOpened, 1);

	job->answer = opened;
	if (!find_row(owner, job->text, &row, error))
		return FALSE;
	opened->fulfilment = g_steal_pointer(&row->fulfilment);
	opened->waiting = row->waiting;
	opened->events = till_pickup_desk_events(owner, &opened->fulfilment->order, error);
	return opened->events != NULL &&
	       till_pickup_desk_record(owner, &opened->fulfilment->order, &opened->record, error);
}

static TillPickupJob *
make_open(TillPickupDesk *desk, const char *id)
{
	TillPickupJob *job =
	    till_pickup_desk_job_new(desk, (GDestroyNotify)till_pickup_desk_opened_free);

	job->text = g_strdup(id);
	return job;
}

TillPickupOpened *
till_pickup_desk_open(TillPickupDesk *desk, const char *id, GError **error)
{
	return till_pickup_desk_job_call(desk, make_open(desk, id), run_open, error);
}

static void
deliver_opened(TillPickupJob *job, const GError *error)
{
	((TillPickupOpenedCb)job->cb)(error == NULL ? till_pickup_desk_job_steal(job) : NULL, error,
				      job->user);
}

void
till_pickup_desk_open_async(TillPickupDesk *desk, const char *id, gpointer receiver,
			    TillPickupOpenedCb cb, gpointer user)
{
	TillPickupJob *job = make_open(desk, id);

	job->deliver = deliver_opened;
	job->cb = G_CALLBACK(cb);
	job->user = user;
	till_pickup_desk_job_post(desk, job, run_open, receiver);
}
