/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include "parked.h"

/* ---- Putting a sale aside ---- */

typedef struct {
	TillBasket *basket; /* owned */
	char *label;
	char *staff_name;
	gint64 total_minor;
	TillRegisterDoneCb cb;
	gpointer user;
} ParkJob;

static void
free_park_job(gpointer data)
{
	ParkJob *job = data;
	till_basket_free(job->basket);
	g_free(job->label);
	g_free(job->staff_name);
	g_free(job);
}

/* While lines are being added every one carries a note, so that equal items on two lines stay two
 * lines; the notes they really have come last. Lines come out of a valid basket and so always fit.
 */
static TillBasket *
copy_basket(const TillBasket *basket)
{
	TillBasket *copy = till_basket_new();
	for (guint i = 0; i < till_basket_count(basket); i++) {
		const TillBasketLine *line = till_basket_line(basket, i);
		guint id = 0;
		TillBasketResult added =
		    till_basket_add(copy, line->item, line->code, line->quantity_milli, &id);
		g_assert(added == TILL_BASKET_OK);
		(void)till_basket_set_note(copy, id, "-");
	}
	for (guint i = 0; i < till_basket_count(basket); i++) {
		const TillBasketLine *line = till_basket_line(basket, i);
		guint id = till_basket_line(copy, i)->id;
		(void)till_basket_set_note(copy, id, line->note);
		(void)till_basket_set_manual(copy, id, &line->manual);
		(void)till_basket_set_embedded(copy, id, line->embedded_minor);
		(void)till_basket_set_delivery(copy, id, &line->delivery);
	}
	till_shopper_set(till_basket_shopper(copy), till_basket_get_shopper(basket));
	return copy;
}

static gboolean
run_park(gpointer owner, gpointer data, GError **error)
{
	ParkJob *job = data;
	return till_parked_add(owner, job->basket, job->label, job->staff_name, job->total_minor,
			       error);
}

static void
park_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ParkJob *job = data;
	job->cb(error, job->user);
}

void
till_register_park_async(TillRegister *reg, const TillRegisterParking *parking, gpointer receiver,
			 TillRegisterDoneCb cb, gpointer user)
{
	ParkJob *job = g_new0(ParkJob, 1);
	job->basket = copy_basket(parking->basket);
	job->label = g_strdup(parking->label != NULL ? parking->label : "");
	job->staff_name = g_strdup(parking->staff_name != NULL ? parking->staff_name : "");
	job->total_minor = parking->total_minor;
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_park, job, free_park_job, receiver,
			 park_done_cb, NULL);
}

/* ---- What is aside ---- */

typedef struct {
	GPtrArray *rows; /* of TillRegisterParked, owned until handed over */
	TillRegisterParkedCb cb;
	gpointer user;
} ParkedJob;

void
till_register_parked_free(gpointer parked)
{
	TillRegisterParked *row = parked;
	if (row == NULL)
		return;
	g_free(row->id);
	g_free(row->label);
	g_free(row->staff_name);
	g_free(row);
}

static void
free_parked_job(gpointer data)
{
	ParkedJob *job = data;
	g_clear_pointer(&job->rows, g_ptr_array_unref);
	g_free(job);
}

static gboolean
run_parked(gpointer owner, gpointer data, GError **error)
{
	ParkedJob *job = data;
	g_autoptr(GPtrArray) stored = till_parked_list(owner, error);
	if (stored == NULL)
		return FALSE;
	job->rows = g_ptr_array_new_with_free_func(till_register_parked_free);
	for (guint i = 0; i < stored->len; i++) {
		const TillParkedRow *row = g_ptr_array_index(stored, i);
		TillRegisterParked *shown = g_new0(TillRegisterParked, 1);
		shown->id = g_strdup(row->id);
		shown->label = g_strdup(row->label);
		shown->staff_name = g_strdup(row->staff_name);
		shown->parked_ms = row->parked_ms;
		shown->line_count = row->line_count;
		shown->total_minor = row->total_minor;
		g_ptr_array_add(job->rows, shown);
	}
	return TRUE;
}

static void
parked_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ParkedJob *job = data;
	job->cb(g_steal_pointer(&job->rows), error, job->user);
}

void
till_register_parked_async(TillRegister *reg, gpointer receiver, TillRegisterParkedCb cb,
			   gpointer user)
{
	ParkedJob *job = g_new0(ParkedJob, 1);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_parked, job, free_parked_job, receiver,
			 parked_done_cb, NULL);
}

/* ---- Taking it back ---- */

typedef struct {
	char *id;           /* owned */
	TillBasket *basket; /* owned until handed over */
	TillRegisterBasketCb cb;
	gpointer user;
} RecallJob;

static void
free_recall_job(gpointer data)
{
	RecallJob *job = data;
	g_free(job->id);
	till_basket_free(job->basket);
	g_free(job);
}

static gboolean
run_recall(gpointer owner, gpointer data, GError **error)
{
	RecallJob *job = data;
	job->basket = till_parked_take(owner, job->id, error);
	return job->basket != NULL;
}

static void
recall_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	RecallJob *job = data;
	job->cb(g_steal_pointer(&job->basket), error, job->user);
}

void
till_register_recall_async(TillRegister *reg, const char *id, gpointer receiver,
			   TillRegisterBasketCb cb, gpointer user)
{
	RecallJob *job = g_new0(RecallJob, 1);
	job->id = g_strdup(id);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_recall, job, free_recall_job, receiver,
			 recall_done_cb, NULL);
}
