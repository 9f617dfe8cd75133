/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "db.h"

/* What happened, written down in the same transaction as its cause, for programs elsewhere that
 * asked to be told (webhooks.h): what was rolled back is never told, what was committed always is.
 *
 * Of what nobody asked for nothing is kept. Events of one subject reach each receiver in the order
 * in which they were added; subjects do not wait for each other.
 *
 * Threads: the writer's, inside a transaction. */

G_BEGIN_DECLS

#define TILL_OUTBOX_EVENTS_DATA_MAX (128 * 1024) /* bytes of JSON; a bigger event is refused */
#define TILL_OUTBOX_EVENTS_SUBJECT_MAX 128

/* Whether there are events of this type: order.placed, order.changed, order.cancelled,
 * fulfilment.ready, fulfilment.outside, fulfilment.handed-over, fulfilment.shipped,
 * fulfilment.expired, cart.changed, exception.raised, stock.changed. */
gboolean till_outbox_events_type_known(const char *type);

/* All types, NULL-terminated. Static. */
const char *const *till_outbox_events_types(void);

/* type: a known one (asserted). subject: what it is about and in whose order it is told: the
 * order's id, the cart's, "014/TEE-M" for stock. data: the event's own object, borrowed. at_ms:
 * when it happened. TILL_ERROR_LIMIT when data is too large. */
gboolean till_outbox_events_add(TillDb *db, const char *type, const char *subject,
				const json_t *data, gint64 at_ms,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
