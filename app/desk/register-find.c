/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

/* ---- By code ---- */

typedef struct {
	char *code;               /* owned */
	TillRegisterFound *found; /* owned until handed over */
	TillRegisterFoundCb cb;
	gpointer user;
} FindJob;

void
till_register_found_free(TillRegisterFound *found)
{
	if (found == NULL)
		return;
	g_free(found->text);
	if (found->item != NULL)
		till_item_unref(found->item);
	g_free(found);
}

static void
free_find_job(gpointer data)
{
	FindJob *job = data;
	g_free(job->code);
	till_register_found_free(job->found);
	g_free(job);
}

static gboolean
run_find(gpointer owner, gpointer data, GError **error)
{
	FindJob *job = data;
	TillScan scan = till_scan_read(job->code);
	job->found = g_new0(TillRegisterFound, 1);
	job->found->refused = scan.kind == TILL_SCAN_REFUSED;
	job->found->text = g_strdup(job->found->refused ? job->code : scan.text);
	if (job->found->refused)
		return TRUE;
	if (!till_catalog_find_variable(owner, &scan, &job->found->variable, &job->found->item,
					error))
		return FALSE;
	return job->found->item != NULL ||
	       till_catalog_find(owner, &scan, &job->found->item, error);
}

static void
find_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	FindJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->found) : NULL, error, job->user);
}

TillRegisterFound *
till_register_find(TillRegister *reg, const char *code, GError **error)
{
	g_autofree char *copy = g_strdup(code);
	FindJob job = {.code = copy};
	if (till_worker_call(till_store_worker(reg->store), run_find, &job, error))
		return job.found;
	till_register_found_free(job.found);
	return NULL;
}

void
till_register_find_async(TillRegister *reg, const char *code, gpointer receiver,
			 TillRegisterFoundCb cb, gpointer user)
{
	FindJob *job = g_new0(FindJob, 1);
	job->code = g_strdup(code);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_find, job, free_find_job, receiver,
			 find_done_cb, NULL);
}

/* ---- By words ---- */

typedef struct {
	char *query; /* owned */
	guint limit;
	GPtrArray *items; /* of TillItem, owned until handed over */
	TillRegisterItemsCb cb;
	gpointer user;
} SearchJob;

static void
free_search_job(gpointer data)
{
	SearchJob *job = data;
	g_free(job->query);
	g_clear_pointer(&job->items, g_ptr_array_unref);
	g_free(job);
}

static gboolean
run_search(gpointer owner, gpointer data, GError **error)
{
	SearchJob *job = data;
	job->items = till_catalog_search(owner, job->query, job->limit, error);
	return job->items != NULL;
}

static void
search_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	SearchJob *job = data;
	job->cb(g_steal_pointer(&job->items), error, job->user);
}

GPtrArray *
till_register_search(TillRegister *reg, const char *query, guint limit, GError **error)
{
	g_autofree char *copy = g_strdup(query);
	SearchJob job = {.query = copy, .limit = limit};
	if (!till_worker_call(till_store_worker(reg->store), run_search, &job, error))
		return NULL;
	return job.items;
}

void
till_register_search_async(TillRegister *reg, const char *query, guint limit, gpointer receiver,
			   TillRegisterItemsCb cb, gpointer user)
{
	SearchJob *job = g_new0(SearchJob, 1);
	job->query = g_strdup(query);
	job->limit = limit;
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_search, job, free_search_job, receiver,
			 search_done_cb, NULL);
}
