/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "db.h"
#include "fulfilment.h"

/* When a store has an order ready, and how long it is kept, by the store's settings:
 *
 *   opening_hours        "mon-fri 09:00-20:00, sat 10:00-18:00"; absent: always
 *   time_zone            of those hours; absent: UTC
 *   pickup_prep_minutes  120: opening time until something to be collected lies ready
 *   ship_prep_minutes    1440: opening time until something to be sent has left
 *   pickup_hold_days     7: days from then on that it is kept
 *   order_kinds          "pickup,ship,carry-out": what the store does; a warehouse has "ship"
 *
 * A setting that makes no sense counts as absent.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	gint64 promise_ms; /* ready, or sent, by */
	gint64 expires_ms; /* kept until; 0: no end */
} TillPromise;

gboolean till_promise_make(TillDb *db, const char *store_code, TillFulfilmentKind kind,
			   gint64 now_ms, TillPromise *out,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Kept until, for another promise of the same kind. */
gboolean till_promise_expiry(TillDb *db, const char *store_code, TillFulfilmentKind kind,
			     gint64 promise_ms, gint64 *out_ms,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a store does this kind of fulfilment. */
gboolean till_promise_does(TillDb *db, const char *store_code, TillFulfilmentKind kind,
			   gboolean *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
