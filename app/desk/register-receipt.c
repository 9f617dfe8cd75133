/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "journal.h"

typedef struct {
	char *receipt; /* owned */
	guint copy;
	char *text; /* owned until handed over */
	TillRegisterTextCb cb;
	gpointer user;
} ReceiptJob;

static void
free_receipt_job(gpointer data)
{
	ReceiptJob *job = data;
	g_free(job->receipt);
	g_free(job->text);
	g_free(job);
}

/* A return has a receipt too. */
static gboolean
write_return(TillStore *store, ReceiptJob *job, const TillEntry *entry, GError **error)
{
	g_autoptr(TillReturn) body = till_return_from_bytes(entry->body, error);
	g_autoptr(TillShop) shop = body != NULL ? till_catalog_shop(store, error) : NULL;
	if (shop == NULL)
		return FALSE;
	job->text = till_return_desk_private_text(shop, body, job->copy);
	return TRUE;
}

static gboolean
run_receipt(gpointer owner, gpointer data, GError **error)
{
	ReceiptJob *job = data;
	g_autoptr(TillEntry) entry = till_journal_find_receipt(owner, job->receipt, error);
	if (entry == NULL)
		return FALSE;
	if (strcmp(entry->type, TILL_RETURN_TYPE) == 0)
		return write_return(owner, job, entry, error);
	if (strcmp(entry->type, TILL_SALE_TYPE) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "%s is no sale or return; look it up with journal show.", job->receipt);
		return FALSE;
	}
	g_autoptr(TillSale) sale = till_sale_from_bytes(entry->body, error);
	if (sale == NULL)
		return FALSE;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;
	job->text = till_register_private_receipt(shop, sale, job->copy);
	return TRUE;
}

static void
receipt_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ReceiptJob *job = data;
	job->cb(job->text, error, job->user);
}

char *
till_register_receipt(TillRegister *reg, const char *receipt, guint copy, GError **error)
{
	g_autofree char *number = g_strdup(receipt);
	ReceiptJob job = {.receipt = number, .copy = copy};
	if (!till_worker_call(till_store_worker(reg->store), run_receipt, &job, error))
		return NULL;
	return job.text;
}

void
till_register_receipt_async(TillRegister *reg, const char *receipt, guint copy, gpointer receiver,
			    TillRegisterTextCb cb, gpointer user)
{
	ReceiptJob *job = g_new0(ReceiptJob, 1);
	job->receipt = g_strdup(receipt);
	job->copy = copy;
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_receipt, job, free_receipt_job,
			 receiver, receipt_done_cb, NULL);
}
