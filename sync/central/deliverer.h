/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "outgoing-http.h"

/* Carries what is in the outbox to those who asked for it.
 *
 * Its thread takes what is due in short visits to the writer, calls the receivers, and writes down
 * what came of it. A receiver gets at most four calls at a time, and one at a time after a failure
 * until one goes well, so that a dead one holds nobody else up. A central that stops in the middle
 * of a call makes it again after the next start: at least once, the same id each time.
 *
 * Threads: new, start, stop, free the creator's; committed and poke the writer's. */

G_BEGIN_DECLS

/* Waits between two tries are never longer than the table of deliveries.h says. */
#define TILL_DELIVERER_WAIT_MS (G_GINT64_CONSTANT(24) * 3600 * 1000)
#define TILL_DELIVERER_PATIENCE_MS 15000

typedef struct {
	TillOutgoingHttpOptions http;
	gint64 wait_max_ms; /* between two tries */
} TillDelivererOptions;

/* central: borrowed. Nothing is sent yet, private networks are closed. */
TillDeliverer *till_deliverer_new(TillCentral *central);
/* From now on events are carried. options: copied, but http.ca_file borrowed. */
void till_deliverer_start(TillDeliverer *deliverer, const TillDelivererOptions *options);
/* Drops what is under way; while there still is a writer. */
void till_deliverer_stop(TillDeliverer *deliverer);
void till_deliverer_free(TillDeliverer *deliverer);

gboolean till_deliverer_private_too(const TillDeliverer *deliverer);

/* A commit: there may be new events. */
void till_deliverer_committed(TillDeliverer *deliverer);
/* What is being written makes something due again. */
void till_deliverer_poke(TillDeliverer *deliverer);

G_END_DECLS
