/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

/* Sells on an enrolled home, as the product does, for tests that break the disk or kill the process
 * from outside: store-driver HOME COUNT One line per sale, written out at once: "ok SEQ TXN" when
 * it may be told to the shopper, "error CODE WORDS" when not. Then "trouble WORDS" if the store has
 * any, and "end". */

typedef struct {
	guint count;
} Work;

static gboolean
sell_all(gpointer owner, gpointer data, GError **error)
{
	const Work *work = data;
	(void)error;
	for (guint i = 0; i < work->count; i++) {
		g_autoptr(GError) failure = NULL;
		g_autoptr(TillEntry) entry = till_fixture_sell(owner, "TEE-1", 1000, &failure);
		char txn[TILL_UUID_TEXT];
		if (entry != NULL)
			printf("ok %" G_GINT64_FORMAT " %s\n", entry->seq,
			       till_uuid_format(&entry->txn, txn));
		else
			printf("error %d %s\n", failure->code, failure->message);
		fflush(stdout);
	}
	return TRUE;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (argc != 3)
		return 2;
	Work work = {(guint)strtoul(argv[2], NULL, 10)};
	TillStore *store =
	    till_store_open(argv[1], 0, "store-driver", till_clock_system(), NULL, &error);
	if (store == NULL) {
		printf("refused %s\n", error->message);
		return 1;
	}
	if (!till_worker_call(till_store_worker(store), sell_all, &work, &error))
		return 1;
	g_autofree char *trouble = till_store_trouble(store);
	if (trouble != NULL)
		printf("trouble %s\n", trouble);
	till_store_close(store);
	printf("end\n");
	return 0;
}
