/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "central.h"
#include "webhook-message.h"

/* Each event on its way to each receiver, as rows: what is due, what came of a try, when the next
 * one is, what is dead, what is old.
 *
 *   queued → waiting → delivered        queued: behind another of the same webhook and subject
 *                    → dead → waiting   after the last try, or the end of its webhook; again by
 * hand
 *
 * Waits between tries grow: 5 s, 1 min, 5 min, 30 min, 2 h, 8 h, 24 h, each a little longer by
 * chance, so that receivers that come back are not run over; what the receiver itself asks for
 * (Retry-After) counts when it is longer, up to a day. Delivered rows are kept for 30 days, dead
 * ones for a year.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

#define TILL_DELIVERIES_TRIES 8
#define TILL_DELIVERIES_PAGE 100

typedef struct {
	gint64 number;
	char webhook[TILL_UUID_TEXT];
	TillWebhookEvent event; /* its texts are owned by the delivery */
	gint64 tries;           /* so far */
} TillWebhookDelivery;

void till_deliveries_free_one(TillWebhookDelivery *delivery);

/* Appends the first of a webhook's deliveries that are due, at most limit. */
gboolean till_deliveries_due(TillDb *db, const char *webhook, gint64 now_ms, guint limit,
			     GPtrArray *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When the next one of the webhook falls due that is not due yet; G_MAXINT64: none. */
gboolean till_deliveries_next_ms(TillDb *db, const char *webhook, gint64 now_ms, gint64 *out,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What came of one try. */
typedef struct {
	gint64 number;
	int status;           /* HTTP's; 0: no answer came */
	gint64 retry_after_s; /* 0: nothing asked for */
	const char *reason;   /* in words; "" when it went well */
	gint64 wait_max_ms;   /* waits are no longer than this, whatever the table says */
} TillDeliveryOutcome;

/* Writes it down; nothing when its webhook was deleted meanwhile. Status 410 ends the webhook. */
gboolean till_deliveries_note(TillCentral *central, const TillDeliveryOutcome *outcome,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* At most TILL_DELIVERIES_PAGE of a webhook with numbers behind after; state "": all. New
 * reference. */
json_t *till_deliveries_list(TillDb *db, const char *webhook, const char *state, gint64 after,
			     GError **error);

/* A dead one starts over. TILL_ERROR_NOT_FOUND, TILL_ERROR_STATE (not dead, or its webhook ended).
 */
gboolean till_deliveries_retry(TillCentral *central, const char *webhook, gint64 number,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes some of what is old. */
gboolean till_deliveries_prune(TillDb *db, gint64 now_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillWebhookDelivery, till_deliveries_free_one)

G_END_DECLS
