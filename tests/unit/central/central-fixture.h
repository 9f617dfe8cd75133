/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "central.h"
#include "entry.h"
#include "messages.h"
#include "request.h"
#include "till-test.h"

/* A central in a temporary directory, without sockets, and a terminal that signs.
 *
 * Threads: the test's own. */

G_BEGIN_DECLS

typedef struct {
	char *root; /* temporary; holds data/ and state/ */
	char *data;
	TillTestClock clock;
	TillCentral *central;
} CentralFixture;

/* demo: with the demo chain in the books. */
void central_fixture_init(CentralFixture *fixture, gboolean demo);
void central_fixture_clear(CentralFixture *fixture);
/* Closes and opens it, as a restart would. */
void central_fixture_restart(CentralFixture *fixture);

/* A verb; asserts that it went well unless fault is given, which then must be part of what was
 * said. Caller owns the answer. */
json_t *central_fixture_verb(CentralFixture *fixture, const char *fault, const char *format, ...);
/* Imports text of a kind the same way. */
json_t *central_fixture_import(CentralFixture *fixture, const char *kind, const char *text,
			       const char *fault);
/* The first column of the first row of a question to the books; FALSE: no row. */
gint64 central_fixture_count(CentralFixture *fixture, const char *sql);

typedef struct {
	CentralFixture *fixture; /* borrowed */
	TillSigningKey *key;
	char *terminal_id;
	char *session;
	const char *fingerprint;
	guint64 incarnation;
	gint64 seq; /* of the last entry made */
	TillHash chain;
	GArray *chains; /* of TillHash: value after each number, genesis first */
	TillUuidSource ids;
} TestTerminal;

/* Enrols at store 014. */
void test_terminal_init(TestTerminal *terminal, CentralFixture *fixture);
void test_terminal_init_at(TestTerminal *terminal, CentralFixture *fixture, const char *store);
/* Once more, with the same key: a new terminal. */
void test_terminal_enrol(TestTerminal *terminal, const char *store);
void test_terminal_clear(TestTerminal *terminal);

/* Signs and asks; status must be as wanted. Caller owns the answer (NULL when it is no JSON). */
json_t *test_terminal_ask(TestTerminal *terminal, int status, const char *method,
			  const char *target, const void *body, gsize size);
/* Says hello with one head. Caller owns the answer; the session is kept. */
json_t *test_terminal_hello(TestTerminal *terminal);

/* The next entry of the chain, sealed and signed. Caller frees. */
TillEntry *test_terminal_entry(TestTerminal *terminal, const char *type, int version,
			       const char *body);
/* A sale of so many pieces of a SKU at 1.00 each. Caller frees. */
TillEntry *test_terminal_sale(TestTerminal *terminal, const char *sku, gint64 pieces);
/* The same, sold at a moment. */
TillEntry *test_terminal_sale_at(TestTerminal *terminal, const char *sku, gint64 pieces,
				 gint64 closed_ms);
/* Pushes entries (taken over) that continue the row before the first of them. Caller owns the
 * answer. */
json_t *test_terminal_push(TestTerminal *terminal, int status, GPtrArray *entries);
json_t *test_terminal_push_one(TestTerminal *terminal, int status, TillEntry *entry);

/* A text member of results[index]. Borrowed. */
const char *test_result_text(const json_t *answer, gsize index, const char *name);

G_END_DECLS
