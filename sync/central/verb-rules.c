/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "file.h"
#include "rules-export.h"
#include "verbs-private.h"

#define BASKET_MAX_BYTES ((gsize)1024 * 1024)

/* NULL without error when no basket was named. */
static TillBasketFile *
read_basket(TillVerbJob *job)
{
	const char *path = till_json_string_or(&job->reader, "basket", 4096, "");
	g_autofree char *text = NULL;
	gsize size = 0;

	if (*path == '\0')
		return NULL;
	text = till_file_read(path, BASKET_MAX_BYTES, &size, &job->error);
	return text != NULL ? till_basket_file_parse(text, size, &job->error) : NULL;
}

static gboolean
rules_run(gpointer owner, gpointer data)
{
	TillVerbJob *job = data;
	const char *store = till_json_string(&job->reader, "store", 16);
	const char *path = till_json_string(&job->reader, "file", 4096);
	g_autoptr(TillBasketFile) basket = read_basket(job);

	return job->error == NULL && till_rules_export(owner, store, basket, path, &job->error);
}

void
till_verb_rules(TillVerbJob *job)
{
	if (!till_writer_call(job->central->writer, rules_run, job, &job->error))
		return;
}
