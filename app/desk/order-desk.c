/* SPDX-License-Identifier: Apache-2.0 */
#include "order-desk.h"

#include "error.h"
#include "pickup-desk-private.h"

/* ---- Finding ---- */

typedef struct {
	char *text; /* owned */
	gboolean of_customer;
	GPtrArray *found; /* of TillOrderFound, owned until handed over */
	TillOrderFoundCb cb;
	gpointer user;
} FindJob;

void
till_order_desk_found_free(gpointer found)
{
	TillOrderFound *self = found;

	if (self == NULL)
		return;
	g_free(self->id);
	g_free(self->number);
	g_free(self->channel);
	g_free(self->customer_name);
	g_free(self->status);
	g_free(self->currency);
	g_free(self->state);
	g_free(self);
}

static void
free_find_job(gpointer data)
{
	FindJob *job = data;

	g_free(job->text);
	g_clear_pointer(&job->found, g_ptr_array_unref);
	g_free(job);
}

/* Of the parts here the first with something left, else the first. */
static const char *
choose_state(const GPtrArray *parts, const char *store_code)
{
	const TillShelfRow *chosen = NULL;

	for (guint i = 0; i < parts->len; i++) {
		const TillShelfRow *row = g_ptr_array_index(parts, i);
		if (!g_str_equal(row->fulfilment->store, store_code))
			continue;
		if (chosen == NULL || (till_order_is_done(chosen->fulfilment->life) &&
				       !till_order_is_done(row->fulfilment->life)))
			chosen = row;
	}
	return chosen != NULL
		   ? till_fulfilment_state_name(till_fulfilment_state(chosen->fulfilment))
		   : "";
}

static gboolean
add_found(TillStore *store, TillShelfOrder *order, const char *store_code, GPtrArray *found,
	  GError **error)
{
	g_autoptr(GPtrArray) parts = till_order_shelf_parts(store, order->id, error);

	if (parts == NULL)
		return FALSE;
	TillOrderFound *made = g_new0(TillOrderFound, 1);
	made->id = g_steal_pointer(&order->id);
	made->number = g_steal_pointer(&order->number);
	made->channel = g_steal_pointer(&order->channel);
	made->customer_name = g_steal_pointer(&order->customer_name);
	made->status = g_steal_pointer(&order->status);
	made->currency = g_steal_pointer(&order->currency);
	made->total_minor = order->total_minor;
	made->placed_ms = order->placed_ms;
	made->state = g_strdup(choose_state(parts, store_code));
	g_ptr_array_add(found, made);
	return TRUE;
}

static gboolean
run_find(gpointer owner, gpointer data, GError **error)
{
	FindJob *job = data;
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);

	if (identity == NULL)
		return FALSE;
	g_autoptr(GPtrArray) orders =
	    job->of_customer
		? till_order_shelf_of_customer(owner, job->text, TILL_ORDER_DESK_MAX, error)
		: till_order_shelf_search(owner, job->text, TILL_ORDER_DESK_MAX, error);
	if (orders == NULL)
		return FALSE;
	job->found = g_ptr_array_new_with_free_func(till_order_desk_found_free);
	for (guint i = 0; i < orders->len; i++) {
		if (!add_found(owner, g_ptr_array_index(orders, i), identity->store_code,
			       job->found, error))
			return FALSE;
	}
	return TRUE;
}

static void
found_cb(gpointer data, const GError *error, gpointer user)
{
	FindJob *job = data;

	(void)user;
	job->cb(error == NULL ? g_steal_pointer(&job->found) : NULL, error, job->user);
}

static FindJob *
make_find(const char *text, gboolean of_customer)
{
	FindJob *job = g_new0(FindJob, 1);

	job->text = g_strdup(text);
	job->of_customer = of_customer;
	return job;
}

static GPtrArray *
call_find(TillRegister *reg, FindJob *job, GError **error)
{
	gboolean done = till_worker_call(till_store_worker(reg->store), run_find, job, error);
	GPtrArray *found = done ? g_steal_pointer(&job->found) : NULL;

	free_find_job(job);
	return found;
}

GPtrArray *
till_order_desk_search(TillRegister *reg, const char *query, GError **error)
{
	return call_find(reg, make_find(query, FALSE), error);
}

GPtrArray *
till_order_desk_of_customer(TillRegister *reg, const char *customer, GError **error)
{
	return call_find(reg, make_find(customer, TRUE), error);
}

void
till_order_desk_search_async(TillRegister *reg, const char *query, gpointer receiver,
			     TillOrderFoundCb cb, gpointer user)
{
	FindJob *job = make_find(query, FALSE);

	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_find, job, free_find_job, receiver,
			 found_cb, NULL);
}

void
till_order_desk_of_customer_async(TillRegister *reg, const char *customer, gpointer receiver,
				  TillOrderFoundCb cb, gpointer user)
{
	FindJob *job = make_find(customer, TRUE);

	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_find, job, free_find_job, receiver,
			 found_cb, NULL);
}

/* ---- One of them ---- */

typedef struct {
	char *id;                /* owned */
	TillOrderOpened *opened; /* owned until handed over */
	TillOrderOpenedCb cb;
	gpointer user;
} OpenJob;

void
till_order_desk_opened_free(TillOrderOpened *opened)
{
	if (opened == NULL)
		return;
	till_order_record_free(opened->record);
	g_clear_pointer(&opened->fulfilments, g_ptr_array_unref);
	g_clear_pointer(&opened->events, g_ptr_array_unref);
	g_free(opened);
}

static void
free_open_job(gpointer data)
{
	OpenJob *job = data;

	g_free(job->id);
	till_order_desk_opened_free(job->opened);
	g_free(job);
}

static gboolean
add_parts(TillStore *store, TillOrderOpened *opened, GError **error)
{
	char id[TILL_UUID_TEXT];
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);

	if (identity == NULL)
		return FALSE;
	g_autoptr(GPtrArray) parts =
	    till_order_shelf_parts(store, till_uuid_format(&opened->record->id, id), error);
	if (parts == NULL)
		return FALSE;
	opened->fulfilments = g_ptr_array_new_with_free_func((GDestroyNotify)till_fulfilment_free);
	for (guint i = 0; i < parts->len; i++) {
		TillShelfRow *row = g_ptr_array_index(parts, i);
		opened->waiting |= row->waiting;
		if (g_str_equal(row->fulfilment->store, identity->store_code))
			g_ptr_array_add(opened->fulfilments, g_steal_pointer(&row->fulfilment));
	}
	return TRUE;
}

static gboolean
run_open(gpointer owner, gpointer data, GError **error)
{
	OpenJob *job = data;
	TillOrderOpened *opened = g_new0(TillOrderOpened, 1);

	job->opened = opened;
	if (!till_order_shelf_record(owner, job->id, &opened->record, error))
		return FALSE;
	if (opened->record == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "This till has no order %s. Look the number up again, or wait until "
			    "the till has asked the central.",
			    job->id);
		return FALSE;
	}
	opened->events = till_pickup_desk_events(owner, &opened->record->id, error);
	return opened->events != NULL && add_parts(owner, opened, error);
}

TillOrderOpened *
till_order_desk_open(TillRegister *reg, const char *id, GError **error)
{
	OpenJob *job = g_new0(OpenJob, 1);

	job->id = g_strdup(id);
	gboolean done = till_worker_call(till_store_worker(reg->store), run_open, job, error);
	TillOrderOpened *opened = done ? g_steal_pointer(&job->opened) : NULL;
	free_open_job(job);
	return opened;
}

static void
opened_cb(gpointer data, const GError *error, gpointer user)
{
	OpenJob *job = data;

	(void)user;
	job->cb(error == NULL ? g_steal_pointer(&job->opened) : NULL, error, job->user);
}

void
till_order_desk_open_async(TillRegister *reg, const char *id, gpointer receiver,
			   TillOrderOpenedCb cb, gpointer user)
{
	OpenJob *job = g_new0(OpenJob, 1);

	job->id = g_strdup(id);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_open, job, free_open_job, receiver,
			 opened_cb, NULL);
}
