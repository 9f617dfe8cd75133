/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fake-central.h"
#include "json.h"
#include "problem.h"

/* What the two halves of the fake central share: its state, and the answers it gives when nothing
 * is wrong.
 *
 * Threads: connection threads, under the server's lock. */

G_BEGIN_DECLS

typedef struct {
	char *part;
	FakeFault fault;
	guint times;
	gint64 number;
} FakeFaultRow;

struct FakeCentral {
	FakeHttp *http;
	/* all below under the server's lock */
	char server_id[TILL_UUID_TEXT];
	char terminal_id[TILL_UUID_TEXT];
	char store_id[TILL_UUID_TEXT];
	TillSigningKey *key;
	TillPublicKey terminal_key;
	guint life;
	guint sessions;
	gint64 time_ms;
	GHashTable *rows;  /* incarnation (as text) → GPtrArray of TillEntry */
	GHashTable *feeds; /* scope → GPtrArray of TillWireFeedRow */
	GPtrArray *log;    /* of "METHOD target" */
	GArray *faults;    /* of Fault */
	guint largest_batch;
	char *snapshot_path;
	gboolean code_used;
};

/* The right answer; fault only for those that change what push says. */
void fake_protocol_route(FakeCentral *central, const FakeRequest *request,
			 const FakeFaultRow *fault, FakeResponse *response);
void fake_protocol_problem(FakeResponse *response, TillProblemKind kind, const char *key,
			   gint64 number);
void fake_protocol_text(FakeResponse *response, int status, const char *type, const char *text);
GPtrArray *fake_protocol_rows(FakeCentral *central, guint64 incarnation);
GPtrArray *fake_protocol_feed(FakeCentral *central, const char *scope);

G_END_DECLS
