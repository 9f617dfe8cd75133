/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fake-http.h"
#include "messages.h"

/* A central in memory that keeps what it is sent and misbehaves when told: the other end for tests
 * of the sync thread.
 *
 * It checks what the real one checks (signatures, chains, numbers) and judges hellos the same way,
 * so that a client that satisfies it has kept its side of the protocol.
 *
 * Threads: the test's; a central is driven by its own connection threads. */

G_BEGIN_DECLS

typedef enum {
	FAKE_FAULT_DROP,          /* cut before acting */
	FAKE_FAULT_SWALLOW,       /* act, then cut without answering */
	FAKE_FAULT_CUT_ANSWER,    /* act, send half of the answer */
	FAKE_FAULT_HANG,          /* never answer */
	FAKE_FAULT_INTERNAL,      /* 500 */
	FAKE_FAULT_BUSY,          /* 503, Retry-After: number when > 0 */
	FAKE_FAULT_TOO_LARGE,     /* 413 */
	FAKE_FAULT_FORBIDDEN,     /* 403 */
	FAKE_FAULT_SESSION,       /* 409 */
	FAKE_FAULT_GONE,          /* 410 */
	FAKE_FAULT_PROXY,         /* 502 with a page, by somebody in between */
	FAKE_FAULT_PORTAL,        /* 200 with a page */
	FAKE_FAULT_STRANGER,      /* act, answer with another central's id */
	FAKE_FAULT_GARBAGE,       /* ours, but no JSON */
	FAKE_FAULT_LIE_SIGNATURE, /* push: keep nothing, acknowledge with a wrong signature */
	FAKE_FAULT_LIE_HEAD,      /* push: keep nothing, acknowledge the old head */
	FAKE_FAULT_POISON,        /* push that holds the body of seq number: 500 */
} FakeFault;

typedef struct FakeCentral FakeCentral;

FakeCentral *fake_central_new(void);
void fake_central_free(FakeCentral *central);
void fake_central_stop(FakeCentral *central);
void fake_central_start(FakeCentral *central);

char *fake_central_url(FakeCentral *central); /* caller frees */
const char *fake_central_id(FakeCentral *central);
const char *fake_central_terminal(FakeCentral *central);
const TillPublicKey *fake_central_key(FakeCentral *central);
void fake_central_trust(FakeCentral *central, const TillPublicKey *terminal_key);

/* The next `times` requests whose "METHOD target" contains part go wrong. */
void fake_central_fault(FakeCentral *central, const char *part, FakeFault fault, guint times,
			gint64 number);
void fake_central_clear_faults(FakeCentral *central);

/* How many requests contained part, faulty ones too. */
guint fake_central_count(FakeCentral *central, const char *part);

/* Rows kept of an incarnation, and of all; how often the busiest row was taken as new. */
guint fake_central_rows(FakeCentral *central, guint64 incarnation);
guint fake_central_facts(FakeCentral *central); /* different transactions with a body */
guint fake_central_largest_batch(FakeCentral *central);

/* A backup of an earlier day is put back: rows of every incarnation after seq are gone, the
 * server's incarnation is another one. */
void fake_central_restore(FakeCentral *central, gint64 seq);

/* The feed: adds one row to a scope. Snapshots hand out the file at path. */
void fake_central_feed(FakeCentral *central, const char *scope, const char *collection,
		       const char *key, json_t *value);
void fake_central_snapshot(FakeCentral *central, const char *path);
void fake_central_hint(FakeCentral *central, const char *scope, gint64 head);
void fake_central_beat(FakeCentral *central);
guint fake_central_listeners(FakeCentral *central);
/* Milliseconds added to the server's time. */
void fake_central_set_time(FakeCentral *central, gint64 time_ms);
/* The one code that enrols. */
#define FAKE_CENTRAL_CODE "K7QF-93XM"

G_END_DECLS
