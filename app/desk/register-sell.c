/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "error.h"
#include "journal.h"

/* A sale is settled, stamped, committed, and only then shown. The body is built inside the
 * journal's transaction, because the receipt number is made of the row's own number. */

typedef struct {
	TillPriced *priced; /* owned until the sale takes it */
	TillTender tenders[TILL_TENDERS_MAX];
	gsize tender_count;
	TillCashRounding cash_rounding;
	char *staff_id;
	char *staff_name;
	gint64 opened_ms;
	char *cart;
	gint64 cart_version;
	TillUuid txn;
	TillRegisterSold *sold; /* owned until handed over */
	TillRegisterSoldCb cb;
	gpointer user;
} SellJob;

typedef struct {
	TillSale *sale; /* borrowed from the job */
	const TillIdentity *identity;
} SaleStamp;

void
till_register_sold_free(TillRegisterSold *sold)
{
	if (sold == NULL)
		return;
	till_sale_free(sold->sale);
	g_free(sold->receipt);
	g_free(sold->receipt_text);
	g_free(sold);
}

static void
clear_sell_job(SellJob *job)
{
	g_clear_pointer(&job->priced, till_price_free);
	g_clear_pointer(&job->staff_id, g_free);
	g_clear_pointer(&job->staff_name, g_free);
	g_clear_pointer(&job->cart, g_free);
	g_clear_pointer(&job->sold, till_register_sold_free);
}

static void
free_sell_job(gpointer data)
{
	clear_sell_job(data);
	g_free(data);
}

static void
fill_sell_job(SellJob *job, TillRegisterPayment *payment)
{
	g_assert(payment->priced != NULL);
	job->priced = g_steal_pointer(&payment->priced);
	job->tender_count = MIN(payment->tender_count, TILL_TENDERS_MAX);
	if (job->tender_count > 0)
		memcpy(job->tenders, payment->tenders, job->tender_count * sizeof(TillTender));
	job->cash_rounding = payment->cash_rounding;
	job->staff_id = g_strdup(payment->staff_id != NULL ? payment->staff_id : "");
	job->staff_name = g_strdup(payment->staff_name != NULL ? payment->staff_name : "");
	job->opened_ms = payment->opened_ms;
	job->cart = g_strdup(payment->cart);
	job->cart_version = payment->cart_version;
	job->txn = payment->txn;
}

static gint
compare_moves(gconstpointer a, gconstpointer b)
{
	return strcmp(((const TillStockMove *)a)->sku, ((const TillStockMove *)b)->sku);
}

/* One move a SKU, however many lines it stands on; of what is carried out. */
static GArray *
stock_moves(const TillPriced *priced)
{
	GArray *moves = g_array_new(FALSE, FALSE, sizeof(TillStockMove));
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		TillStockMove move = {line->item->sku, -line->quantity_milli};
		if (line->delivery.kind == TILL_DELIVERY_CARRY_OUT)
			g_array_append_val(moves, move);
	}
	g_array_sort(moves, compare_moves);
	guint kept = 0;
	for (guint i = 0; i < moves->len; i++) {
		TillStockMove *move = &g_array_index(moves, TillStockMove, i);
		TillStockMove *last = &g_array_index(moves, TillStockMove, kept > 0 ? kept - 1 : 0);
		if (kept > 0 && strcmp(last->sku, move->sku) == 0)
			last->delta_milli += move->delta_milli;
		else
			g_array_index(moves, TillStockMove, kept++) = *move;
	}
	g_array_set_size(moves, kept);
	return moves;
}

/* What is committed stays for ever and goes to everybody: a body that its own readers would refuse
 * is not sold. */
static GBytes *
checked_bytes(const TillSale *sale, GError **error)
{
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) read_back = till_sale_from_bytes(body, error);
	if (read_back == NULL) {
		g_prefix_error(error, "This sale cannot be booked; nothing was sold: ");
		return NULL;
	}
	return g_steal_pointer(&body);
}

static GBytes *
build_sale(const TillEntry *stamp, gpointer user, GError **error)
{
	SaleStamp *wish = user;
	TillSale *sale = wish->sale;
	g_free(sale->receipt);
	sale->receipt =
	    till_sale_receipt_number(wish->identity->store_code, wish->identity->till_number,
				     stamp->incarnation, stamp->seq);
	sale->closed_ms = stamp->clock.wall_ms;
	if (sale->opened_ms <= 0 || sale->opened_ms > sale->closed_ms)
		sale->opened_ms = sale->closed_ms;
	return checked_bytes(sale, error);
}

static TillSale *
make_sale(SellJob *job, const TillIdentity *identity, const TillTenderSettlement *settlement)
{
	TillSale *sale = till_sale_new();
	sale->store = g_strdup(identity->store_code);
	sale->till = g_strdup(identity->till_number);
	sale->staff_id = g_steal_pointer(&job->staff_id);
	sale->staff_name = g_steal_pointer(&job->staff_name);
	sale->opened_ms = job->opened_ms;
	sale->cart = g_steal_pointer(&job->cart);
	sale->cart_version = job->cart_version;
	sale->priced = g_steal_pointer(&job->priced);
	memcpy(sale->tenders, job->tenders, sizeof sale->tenders);
	sale->tender_count = job->tender_count;
	sale->change_minor = settlement->change_minor;
	sale->rounding_minor = settlement->rounding_minor;
	return sale;
}

/* The entry of an earlier try, recorded although nobody could say so then: that sale stands, with
 * what was tendered for it. */
static gboolean
take_recorded(TillRegisterSold *sold, const TillEntry *entry, GError **error)
{
	TillSale *recorded = till_sale_from_bytes(entry->body, error);
	if (recorded == NULL)
		return FALSE;
	till_sale_free(sold->sale);
	sold->sale = recorded;
	sold->change_minor = recorded->change_minor;
	return TRUE;
}

static gboolean
commit_sale(TillStore *store, TillRegisterSold *sold, const TillIdentity *identity,
	    const TillShop *shop, GError **error)
{
	g_autoptr(GArray) moves = stock_moves(sold->sale->priced);
	g_autoptr(GArray) uses = till_register_private_uses(sold->sale->priced);
	g_autofree char *date = till_register_private_date(
	    till_clock_wall_ms(till_store_clock(store)), shop->time_zone);
	SaleStamp wish = {sold->sale, identity};
	TillJournalDraft draft = {
	    .type = TILL_SALE_TYPE,
	    .version = TILL_SALE_VERSION,
	    .txn = sold->txn,
	    .business_date = date,
	    .build = build_sale,
	    .user = &wish,
	    .receipt_store = identity->store_code,
	    .receipt_till = identity->till_number,
	    .total_minor = sold->sale->priced->total_minor,
	    .moves = (const TillStockMove *)(gpointer)moves->data,
	    .move_count = moves->len,
	    .uses = (const TillOfferUse *)(gpointer)uses->data,
	    .use_count = uses->len,
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, error);
	if (entry == NULL)
		return FALSE;
	if (sold->sale->receipt == NULL && !take_recorded(sold, entry, error))
		return FALSE;
	sold->txn = entry->txn;
	sold->receipt = g_strdup(sold->sale->receipt);
	sold->receipt_text = till_register_private_receipt(shop, sold->sale, 0);
	return TRUE;
}

/* A sale whose first try may be on disk was looked at then; now it only has to be found. */
static gboolean
may_be_sold(TillStore *store, const SellJob *job, GError **error)
{
	static const TillUuid none;
	if (till_journal_is_doubtful(store, &job->txn))
		return TRUE;
	if (!till_uuid_equal(&job->txn, &none)) {
		g_autoptr(TillEntry) before = till_journal_find_txn(store, &job->txn, NULL);
		if (before != NULL)
			return TRUE;
	}
	return till_register_private_check_manual(store, job->priced, error) &&
	       till_register_private_check_coupons(store, job->priced, error);
}

static gboolean
run_sell(gpointer owner, gpointer data, GError **error)
{
	SellJob *job = data;
	if (job->priced->lines->len == 0) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "There is nothing to sell; add a line to the basket.");
		return FALSE;
	}
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);
	if (identity == NULL)
		return FALSE;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;

	TillTenderSettlement settlement = {0};
	job->sold = g_new0(TillRegisterSold, 1);
	job->sold->result =
	    till_tender_settle_rounded(job->priced->total_minor, &job->cash_rounding, job->tenders,
				       job->tender_count, &settlement);
	if (job->sold->result != TILL_TENDER_OK)
		return TRUE;
	if (!may_be_sold(owner, job, error))
		return FALSE;
	job->sold->change_minor = settlement.change_minor;
	job->sold->txn = job->txn;
	job->sold->sale = make_sale(job, identity, &settlement);
	return commit_sale(owner, job->sold, identity, shop, error);
}

static void
sell_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	SellJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->sold) : NULL, error, job->user);
}

TillRegisterSold *
till_register_sell(TillRegister *reg, TillRegisterPayment *payment, GError **error)
{
	SellJob job = {.priced = NULL};
	fill_sell_job(&job, payment);
	TillRegisterSold *sold = NULL;
	if (till_worker_call(till_store_worker(reg->store), run_sell, &job, error))
		sold = g_steal_pointer(&job.sold);
	clear_sell_job(&job);
	return sold;
}

void
till_register_sell_async(TillRegister *reg, TillRegisterPayment *payment, gpointer receiver,
			 TillRegisterSoldCb cb, gpointer user)
{
	SellJob *job = g_new0(SellJob, 1);
	fill_sell_job(job, payment);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_sell, job, free_sell_job, receiver,
			 sell_done_cb, NULL);
}
