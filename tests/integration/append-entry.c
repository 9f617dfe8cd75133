/* SPDX-License-Identifier: Apache-2.0 */

/* append-entry HOME TYPE VERSION: writes standard input as the body of one journal row, whatever it
 * holds. How tests come by rows that no till of this release would write: of a later one, or
 * spoilt. */

#include <stdio.h>

#include "crypto.h"
#include "journal.h"
#include "store.h"
#include "text.h"

#define BODY_MAX (400 * 1024)

static GBytes *
build_body(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)error;
	return g_bytes_ref(user);
}

static gboolean
run_append(gpointer owner, gpointer data, GError **error)
{
	g_autoptr(TillEntry) entry = till_journal_append(owner, data, error);
	return entry != NULL;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	gint64 version = 0;

	if (argc != 4 || !till_text_parse_int(argv[3], 1, G_MAXINT, &version)) {
		g_printerr("append-entry: write append-entry HOME TYPE VERSION < BODY.\n");
		return 2;
	}
	till_crypto_init();
	g_autofree char *text = g_malloc(BODY_MAX);
	gsize size = fread(text, 1, BODY_MAX, stdin);
	g_autoptr(GBytes) body = g_bytes_new(text, size);
	g_autoptr(TillStore) store =
	    till_store_open(argv[1], 0, "append-entry", till_clock_system(), NULL, &error);
	TillJournalDraft draft = {
	    .type = argv[2],
	    .version = (int)version,
	    .business_date = "2026-11-23",
	    .build = build_body,
	    .user = body,
	};
	if (store == NULL ||
	    !till_worker_call(till_store_worker(store), run_append, &draft, &error)) {
		g_printerr("append-entry: %s\n", error->message);
		return 1;
	}
	return 0;
}
