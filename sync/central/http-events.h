/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"

/* The streams of server-sent events of one server. A suspended connection does not notice that its
 * client went away, so each is resumed at every heartbeat and writes a comment; a dead one then
 * fails and is dropped.
 *
 * Threads: any; one thread of its own keeps the heartbeat. */

G_BEGIN_DECLS

typedef struct TillHttpEvents TillHttpEvents;
struct MHD_Response;
struct MHD_Connection;

TillHttpEvents *till_http_events_new(TillCentral *central);
/* Wakes and ends all streams. */
void till_http_events_stop(TillHttpEvents *events);
/* After the daemon is gone. */
void till_http_events_free(TillHttpEvents *events);

/* The body of an event stream for a terminal's scopes ("a,b"). Owned by the caller
 * (MHD_destroy_response). */
struct MHD_Response *till_http_events_open(TillHttpEvents *events,
					   struct MHD_Connection *connection, const char *scopes);

/* The same for one fulfilment of a store's scope: tells each version of it that comes after the one
 * that is known. Many streams of one fulfilment are ended at once. */
struct MHD_Response *till_http_events_watch(TillHttpEvents *events,
					    struct MHD_Connection *connection, const char *scope,
					    const char *fulfilment, gint64 version);

/* The central committed: looks which heads moved and wakes the streams that care. Writer only. */
void till_http_events_committed(TillHttpEvents *events);

G_END_DECLS
