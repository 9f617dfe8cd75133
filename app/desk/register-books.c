/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "journal.h"
#include "outbox.h"

#define WAITING_MAX 50
#define WAITING_BYTES (4 * 1024 * 1024)
#define RECENT_MAX 20

typedef struct {
	TillRegisterBooks *books; /* owned until handed over */
	TillRegisterBooksCb cb;
	gpointer user;
} BooksJob;

void
till_register_entry_free(gpointer entry)
{
	TillRegisterEntry *row = entry;
	if (row == NULL)
		return;
	g_free(row->receipt);
	g_free(row->type);
	g_free(row->outcome);
	g_free(row);
}

static void
free_exception(gpointer exception)
{
	TillRegisterException *row = exception;
	g_free(row->code);
	g_free(row->severity);
	g_free(row->words);
	g_free(row);
}

void
till_register_books_free(TillRegisterBooks *books)
{
	if (books == NULL)
		return;
	g_clear_pointer(&books->waiting, g_ptr_array_unref);
	g_clear_pointer(&books->recent, g_ptr_array_unref);
	g_clear_pointer(&books->exceptions, g_ptr_array_unref);
	g_free(books->trouble);
	g_free(books->home);
	g_free(books);
}

static void
free_books_job(gpointer data)
{
	BooksJob *job = data;
	till_register_books_free(job->books);
	g_free(job);
}

/* The queue's rows carry bodies, not list columns; a sale tells its own number and total. */
static void
add_waiting(GPtrArray *waiting, const TillEntry *entry)
{
	TillRegisterEntry *row = g_new0(TillRegisterEntry, 1);
	row->type = g_strdup(entry->type);
	row->wall_ms = entry->clock.wall_ms;
	row->outcome = g_strdup("");
	g_autoptr(TillSale) sale = NULL;
	if (strcmp(entry->type, TILL_SALE_TYPE) == 0)
		sale = till_sale_from_bytes(entry->body, NULL);
	row->receipt = g_strdup(sale != NULL ? sale->receipt : "");
	row->total_minor = sale != NULL ? sale->priced->total_minor : 0;
	g_ptr_array_add(waiting, row);
}

static gboolean
load_waiting(TillStore *store, GPtrArray *waiting, GError **error)
{
	g_autoptr(GPtrArray) batch =
	    till_outbox_batch(store, 0, 0, WAITING_MAX, WAITING_BYTES, error);
	if (batch == NULL)
		return FALSE;
	for (guint i = 0; i < batch->len; i++)
		add_waiting(waiting, g_ptr_array_index(batch, i));
	return TRUE;
}

static gboolean
load_recent(TillStore *store, GPtrArray *recent, GError **error)
{
	g_autoptr(GPtrArray) rows = till_journal_list(store, TILL_SALE_TYPE, RECENT_MAX, error);
	if (rows == NULL)
		return FALSE;
	for (guint i = 0; i < rows->len; i++) {
		const TillJournalRow *stored = g_ptr_array_index(rows, i);
		TillRegisterEntry *row = g_new0(TillRegisterEntry, 1);
		row->receipt = g_strdup(stored->receipt);
		row->type = g_strdup(stored->type);
		row->outcome = g_strdup(stored->outcome);
		row->total_minor = stored->total_minor;
		row->wall_ms = stored->wall_ms;
		row->acknowledged = stored->acknowledged;
		g_ptr_array_add(recent, row);
	}
	return TRUE;
}

static gboolean
load_exceptions(TillStore *store, GPtrArray *exceptions, GError **error)
{
	g_autoptr(GPtrArray) rows = till_catalog_exceptions(store, error);
	if (rows == NULL)
		return FALSE;
	for (guint i = 0; i < rows->len; i++) {
		const TillCacheException *stored = g_ptr_array_index(rows, i);
		TillRegisterException *row = g_new0(TillRegisterException, 1);
		row->code = g_strdup(stored->code);
		row->severity = g_strdup(stored->severity);
		row->words = g_strdup(stored->words);
		row->raised_ms = stored->raised_ms;
		g_ptr_array_add(exceptions, row);
	}
	return TRUE;
}

static gboolean
run_books(gpointer owner, gpointer data, GError **error)
{
	BooksJob *job = data;
	TillRegisterBooks *books = g_new0(TillRegisterBooks, 1);
	job->books = books;
	books->waiting = g_ptr_array_new_with_free_func(till_register_entry_free);
	books->recent = g_ptr_array_new_with_free_func(till_register_entry_free);
	books->exceptions = g_ptr_array_new_with_free_func(free_exception);
	books->home = g_strdup(till_store_home_warning(owner));
	books->trouble = till_store_trouble(owner);
	if (books->trouble == NULL)
		books->trouble = till_catalog_rules_trouble(owner);
	return load_waiting(owner, books->waiting, error) &&
	       load_recent(owner, books->recent, error) &&
	       load_exceptions(owner, books->exceptions, error);
}

static void
books_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	BooksJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->books) : NULL, error, job->user);
}

void
till_register_books_async(TillRegister *reg, gpointer receiver, TillRegisterBooksCb cb,
			  gpointer user)
{
	BooksJob *job = g_new0(BooksJob, 1);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_books, job, free_books_job, receiver,
			 books_done_cb, NULL);
}
