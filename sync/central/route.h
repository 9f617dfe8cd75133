/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "auth.h"
#include "central.h"
#include "request.h"

/* Every path the central answers, in one table: method, pattern, who may ask, how much may be sent,
 * what runs.
 *
 * Threads: any; handlers run where the table says. */

G_BEGIN_DECLS

typedef enum {
	TILL_ROUTE_HERE,    /* on the caller's thread: touches no database, never blocks */
	TILL_ROUTE_WRITER,  /* on the writer, answered after its commit */
	TILL_ROUTE_ASIDE,   /* on a thread of its own, one at a time: takes its time */
	TILL_ROUTE_SNAPSHOT /* by the snapshot builder */
} TillRoutePlace;

/* Fills response. FALSE: undo what was written (the response still goes out). */
typedef gboolean (*TillRouteRun)(TillCentral *central, TillRequest *request,
				 TillResponse *response);
/* Reads the body into request->message, off the writer. FALSE: response holds the problem. */
typedef gboolean (*TillRoutePrepare)(TillCentral *central, TillRequest *request,
				     TillResponse *response);

/* Goes on with the request on the HTTP thread while it waits for the writer; what it shares with
 * run it must guard. */
typedef void (*TillRouteMeanwhile)(TillCentral *central, TillRequest *request);

typedef struct {
	const char *method;
	const char *pattern; /* "/v1/t/{terminal}/push" */
	TillAuthRole role;
	gboolean metered;
	gsize body_max;
	TillRoutePlace place;
	TillRoutePrepare prepare; /* nullable */
	TillRouteRun run;
	TillRouteMeanwhile meanwhile; /* nullable; WRITER only */
} TillRoute;

const TillRoute *till_route_table(gsize *out_count);

/* The route of a request, its arguments filled in; NULL with a 404 or 405 problem in response. */
const TillRoute *till_route_find(TillRequest *request, TillResponse *response);

/* Exactly once, from any thread, maybe before till_route_start returns. */
typedef void (*TillRouteDone)(gpointer user);

/* Authenticates, prepares and runs. Request and response stay the caller's and must live until
 * done. */
void till_route_start(TillCentral *central, const TillRoute *route, TillRequest *request,
		      TillResponse *response, TillRouteDone done, gpointer user);

/* All of the above, waiting for the answer: for tests and tools. */
void till_route_handle(TillCentral *central, TillRequest *request, TillResponse *response);

G_END_DECLS
