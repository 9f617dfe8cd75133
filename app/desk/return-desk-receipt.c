/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "past-shelf.h"
#include "receipt-proof.h"
#include "return-receipt.h"

typedef struct {
	char *receipt; /* owned */
	gboolean gift, code;
	guint copy;
	char *text; /* owned until handed over */
	TillRegisterTextCb cb;
	gpointer user;
} ReceiptJob;

static TillReceiptStyle
make_style(const TillShop *shop, const char *local_time, guint copy)
{
	return (TillReceiptStyle){.shop_name = shop->shop_name,
				  .shop_address = shop->address,
				  .tax_number = shop->tax_number,
				  .footer = shop->receipt_footer,
				  .local_time = local_time,
				  .columns = TILL_RECEIPT_COLUMNS,
				  .copy = copy};
}

char *
till_return_desk_private_text(const TillShop *shop, const TillReturn *entry, guint copy)
{
	g_autofree char *time = till_register_local_time(entry->closed_ms, shop->time_zone);
	TillReceiptStyle style = make_style(shop, time, copy);
	g_autofree char *receipt = till_return_receipt_text(entry, &style);
	g_autofree char *slip = till_return_receipt_slip(entry, &style);
	return *slip == '\0' ? g_steal_pointer(&receipt) : g_strconcat(receipt, "\n", slip, NULL);
}

char *
till_return_desk_private_code(TillStore *store, const TillSold *sold, gboolean gift, GError **error)
{
	TillUuid terminal;
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);
	const TillSigningKey *key = identity != NULL ? till_identity_key(store, error) : NULL;
	if (key == NULL)
		return NULL;
	if (!till_uuid_parse(identity->terminal_id, &terminal)) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_CORRUPT,
				    "This till's own number makes no sense; enrol it anew.");
		return NULL;
	}
	g_autofree char *text = till_receipt_proof_make(sold, &terminal, gift, key);
	return till_receipt_proof_url(identity->server_url, text);
}

static gboolean
write_sold(TillStore *store, ReceiptJob *job, const TillShop *shop, GError **error)
{
	g_autoptr(TillSold) sold = NULL;
	if (!till_past_shelf_own(store, job->receipt, &sold, error))
		return FALSE;
	if (sold == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "%s is no sale of this till; look it up with journal list.",
			    job->receipt);
		return FALSE;
	}
	if (job->code) {
		job->text = till_return_desk_private_code(store, sold, job->gift, error);
		return job->text != NULL;
	}
	g_autofree char *time = till_register_local_time(sold->sold_ms, shop->time_zone);
	TillReceiptStyle style = make_style(shop, time, job->copy);
	job->text = till_return_receipt_gift(sold, &style);
	return TRUE;
}

static gboolean
run_receipt(gpointer owner, gpointer data, GError **error)
{
	ReceiptJob *job = data;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;
	return write_sold(owner, job, shop, error);
}

static char *
run_now(TillRegister *reg, ReceiptJob *job, const char *receipt, GError **error)
{
	g_autofree char *number = g_strdup(receipt);
	job->receipt = number;
	if (!till_worker_call(till_store_worker(reg->store), run_receipt, job, error))
		return NULL;
	return job->text;
}

char *
till_return_desk_gift(TillRegister *reg, const char *receipt, guint copy, GError **error)
{
	ReceiptJob job = {.gift = TRUE, .copy = copy};
	return run_now(reg, &job, receipt, error);
}

char *
till_return_desk_code(TillRegister *reg, const char *receipt, gboolean gift, GError **error)
{
	ReceiptJob job = {.gift = gift, .code = TRUE};
	return run_now(reg, &job, receipt, error);
}

static void
free_receipt_job(gpointer data)
{
	ReceiptJob *job = data;
	g_free(job->receipt);
	g_free(job->text);
	g_free(job);
}

static void
receipt_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	ReceiptJob *job = data;
	job->cb(job->text, error, job->user);
}

void
till_return_desk_code_async(TillRegister *reg, const char *receipt, gboolean gift,
			    gpointer receiver, TillRegisterTextCb cb, gpointer user)
{
	ReceiptJob *job = g_new0(ReceiptJob, 1);
	job->receipt = g_strdup(receipt);
	job->gift = gift;
	job->code = TRUE;
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_receipt, job, free_receipt_job,
			 receiver, receipt_done_cb, NULL);
}
