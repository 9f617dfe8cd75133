/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-shelf.h"
#include "pickup-desk.h"
#include "register-private.h"

/* What the files of the pickup desk share. As in the register, a use case is a job that runs on the
 * store thread; what jobs need besides the store is counted, so a desk may go while they are under
 * way.
 *
 * Threads: TillPickupTrust store, but for online, which is atomic; all else the desk's. */

G_BEGIN_DECLS

#define TILL_PICKUP_TRUSTED_MAX 8

/* Codes of orders that are not here, checked lately: these alone may be handed over unseen. */
typedef struct {
	gint online; /* atomic */
	TillPickupToken tokens[TILL_PICKUP_TRUSTED_MAX];
	guint next;
} TillPickupTrust;

struct TillPickupDesk {
	TillStore *store;       /* borrowed: outlives the desk and its jobs */
	TillPickupTrust *trust; /* an atomic box */
};

/* One use case: run on the store thread leaves its answer in answer, which is handed over or freed.
 */
typedef struct TillPickupJob TillPickupJob;
struct TillPickupJob {
	TillPickupTrust *trust; /* a reference */
	char *text;             /* asked: an id or a code; nullable */
	TillOrderStep *step;    /* asked; nullable */
	gpointer answer;
	GDestroyNotify free_answer;
	void (*deliver)(TillPickupJob *job, const GError *error);
	GCallback cb;
	gpointer user;
};

TillPickupJob *till_pickup_desk_job_new(TillPickupDesk *desk, GDestroyNotify free_answer);
void till_pickup_desk_job_free(gpointer job);
gpointer till_pickup_desk_job_steal(TillPickupJob *job);
/* Runs it and waits; frees it. The answer, or NULL with error. */
gpointer till_pickup_desk_job_call(TillPickupDesk *desk, TillPickupJob *job, TillWorkerRun run,
				   GError **error);
void till_pickup_desk_job_post(TillPickupDesk *desk, TillPickupJob *job, TillWorkerRun run,
			       gpointer receiver);

/* Store thread: the timeline of an order. Array of TillPickupEvent. */
GPtrArray *till_pickup_desk_events(TillStore *store, const TillUuid *order, GError **error);
/* Whether the record of a row is here. FALSE with error only on failure. */
gboolean till_pickup_desk_record(TillStore *store, const TillUuid *order, TillOrderRecord **out,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_pickup_desk_is_trusted(const TillPickupTrust *trust, const TillOrderStep *step);

G_END_DECLS
