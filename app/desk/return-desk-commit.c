/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "store-credit.h"

/* A return is worked out once more, held against what was shown, and recorded as one entry; only
 * then is anything given. Its receipt number is made inside the journal's transaction, as a
 * sale's. */

typedef struct {
	TillReturnDeskWish wish;
	gint64 give_minor, pay_minor;
	TillTender tenders[TILL_TENDERS_MAX];
	gsize tender_count;
	char *staff_id, *staff_name, *approved_by; /* owned */
	gint64 opened_ms;
	TillUuid txn;
	TillReturnDeskDone *done; /* owned until handed over */
	TillReturnDeskDoneCb cb;
	gpointer user;
} CommitJob;

typedef struct {
	TillReturn *entry; /* borrowed */
	const TillIdentity *identity;
} Stamp;

void
till_return_desk_done_free(TillReturnDeskDone *done)
{
	if (done == NULL)
		return;
	till_return_free(done->entry);
	g_free(done->receipt);
	g_free(done->receipt_text);
	g_free(done->code);
	g_free(done);
}

static char *
copy_text(const char *text)
{
	return g_strdup(text != NULL ? text : "");
}

static CommitJob *
create_job(const TillReturnDeskCommit *commit)
{
	CommitJob *job = g_new0(CommitJob, 1);
	till_return_desk_private_wish(&job->wish, &commit->asked);
	job->give_minor = commit->give_minor;
	job->pay_minor = commit->pay_minor;
	job->tender_count = MIN(commit->tender_count, TILL_TENDERS_MAX);
	if (job->tender_count > 0)
		memcpy(job->tenders, commit->tenders, job->tender_count * sizeof(TillTender));
	job->staff_id = copy_text(commit->staff_id);
	job->staff_name = copy_text(commit->staff_name);
	job->approved_by = copy_text(commit->approved_by);
	job->opened_ms = commit->opened_ms;
	job->txn = commit->txn;
	return job;
}

static void
free_commit_job(gpointer data)
{
	CommitJob *job = data;
	till_return_desk_private_clear(&job->wish);
	g_free(job->staff_id);
	g_free(job->staff_name);
	g_free(job->approved_by);
	till_return_desk_done_free(job->done);
	g_free(job);
}

static gboolean
refuse(GError **error, const char *words)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "%s Nothing was recorded.", words);
	return FALSE;
}

/* ---- Looked at once more ---- */

static gboolean
check_approval(TillStore *store, const CommitJob *job, const TillReturnDeskQuote *quote,
	       GError **error)
{
	TillReturnDeskApproval asked = {.source = till_return_desk_private_source(job->wish.sold),
					.give_minor = job->give_minor,
					.staff_id = job->staff_id};
	gboolean is_approved = FALSE;
	if (!quote->approval)
		return TRUE;
	if (*job->approved_by == '\0')
		return refuse(error, "Somebody else has to approve this return first.");
	if (!till_return_desk_private_approved(store, &asked, job->approved_by, &is_approved,
					       error))
		return FALSE;
	return is_approved ||
	       refuse(error, "The approval of this return is not on record; ask for it again.");
}

static gboolean
check(TillStore *store, const CommitJob *job, const TillReturnDeskQuote *quote, GError **error)
{
	if (!quote->may)
		return refuse(error,
			      *quote->words != '\0' ? quote->words : "It may not come back.");
	if (quote->quote->give_minor != job->give_minor ||
	    quote->quote->pay_minor != job->pay_minor)
		return refuse(error, "The amounts have changed since they were shown; look at them "
				     "again.");
	if (quote->taken != NULL &&
	    (!till_register_private_check_manual(store, quote->taken, error) ||
	     !till_register_private_check_coupons(store, quote->taken, error)))
		return FALSE;
	return check_approval(store, job, quote, error);
}

/* ---- The entry ---- */

static void
set_text(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

static void
fill_source(TillReturn *entry, const TillSold *sold)
{
	entry->source = sold->kind;
	entry->source_txn = sold->txn;
	set_text(&entry->source_receipt, sold->receipt);
	set_text(&entry->source_order, sold->order);
	set_text(&entry->source_channel, sold->channel);
	set_text(&entry->source_store, sold->store);
	entry->source_sold_ms = sold->sold_ms;
}

/* The bearer of a gift is not its giver. */
static void
fill_people(TillReturn *entry, const CommitJob *job, const TillStaff *approver,
	    const TillReturnDeskQuote *quote)
{
	const TillSold *sold = job->wish.sold;
	set_text(&entry->staff_id, job->staff_id);
	set_text(&entry->staff_name, job->staff_name);
	if (*job->wish.customer_id != '\0') {
		set_text(&entry->customer_id, job->wish.customer_id);
	} else if (job->wish.by != TILL_RETURN_BY_GIFT) {
		set_text(&entry->customer_id, sold->customer_id);
		set_text(&entry->customer_name, sold->customer_name);
	}
	if (!quote->approval || approver == NULL)
		return;
	set_text(&entry->approved_by, approver->id);
	set_text(&entry->approver_name, approver->name);
	set_text(&entry->approved_why, quote->approval_why);
}

/* One credit, however many payments it comes from. */
static void
fill_refunds(TillReturn *entry, const TillReturnQuote *quote)
{
	char code[TILL_STORE_CREDIT_TEXT] = "";
	for (guint i = 0; i < quote->refunds->len; i++) {
		TillReturnRefund refund = *(TillReturnRefund *)g_ptr_array_index(quote->refunds, i);
		if (strcmp(refund.as, "credit") == 0) {
			if (*code == '\0')
				till_store_credit_make(code);
			refund.code = code;
		}
		till_return_add_refund(entry->refunds, &refund);
	}
	for (guint i = 0; i < quote->carried->len; i++)
		till_return_add_refund(entry->carried, g_ptr_array_index(quote->carried, i));
}

static TillReturn *
make_entry(const CommitJob *job, const TillReturnDeskQuote *quote,
	   const TillTenderSettlement *settlement, const TillIdentity *identity)
{
	TillReturn *entry = till_return_new();
	set_text(&entry->store, identity->store_code);
	set_text(&entry->till, identity->till_number);
	entry->opened_ms = job->opened_ms;
	entry->by = job->wish.by;
	entry->offline = job->wish.offline;
	set_text(&entry->policy_id, quote->policy->id);
	entry->policy_version = quote->policy->version;
	fill_source(entry, job->wish.sold);
	entry->given = till_price_copy(quote->quote->given);
	for (guint i = 0; i < quote->quote->parts->len; i++)
		till_return_add_part(entry, g_ptr_array_index(quote->quote->parts, i));
	entry->fee_minor = quote->quote->fee_minor;
	entry->value_minor = quote->quote->value_minor;
	entry->taken = quote->taken != NULL ? till_price_copy(quote->taken) : NULL;
	g_array_append_vals(entry->swaps, quote->swaps->data, quote->swaps->len);
	fill_refunds(entry, quote->quote);
	memcpy(entry->tenders, job->tenders, sizeof entry->tenders);
	entry->tender_count = job->tender_count;
	entry->change_minor = settlement->change_minor;
	entry->rounding_minor = settlement->rounding_minor;
	return entry;
}

static GBytes *
build_return(const TillEntry *stamp, gpointer user, GError **error)
{
	Stamp *wish = user;
	TillReturn *entry = wish->entry;
	g_autofree char *receipt =
	    till_sale_receipt_number(wish->identity->store_code, wish->identity->till_number,
				     stamp->incarnation, stamp->seq);
	set_text(&entry->receipt, receipt);
	entry->closed_ms = stamp->clock.wall_ms;
	if (entry->opened_ms <= 0 || entry->opened_ms > entry->closed_ms)
		entry->opened_ms = entry->closed_ms;
	g_autoptr(GBytes) body = till_return_to_bytes(entry);
	g_autoptr(TillReturn) read_back = till_return_from_bytes(body, error);
	if (read_back == NULL) {
		g_prefix_error(error, "This return cannot be booked; nothing was recorded: ");
		return NULL;
	}
	return g_steal_pointer(&body);
}

/* ---- What it moves ---- */

static void
add_move(GArray *moves, const char *sku, gint64 delta_milli)
{
	for (guint i = 0; i < moves->len; i++) {
		TillStockMove *move = &g_array_index(moves, TillStockMove, i);
		if (strcmp(move->sku, sku) == 0) {
			move->delta_milli += delta_milli;
			return;
		}
	}
	TillStockMove move = {sku, delta_milli};
	g_array_append_val(moves, move);
}

/* Only what goes back to the shelf can be sold again. One move a SKU. */
static GArray *
stock_moves(const TillReturn *entry)
{
	GArray *moves = g_array_new(FALSE, FALSE, sizeof(TillStockMove));
	for (guint i = 0; i < entry->parts->len; i++) {
		const TillReturnPart *part = g_ptr_array_index(entry->parts, i);
		const TillPricedLine *line = g_ptr_array_index(entry->given->lines, i);
		if (part->disposition == TILL_RETURN_TO_SHELF)
			add_move(moves, line->item->sku, line->quantity_milli);
	}
	for (guint i = 0; entry->taken != NULL && i < entry->taken->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(entry->taken->lines, i);
		if (line->delivery.kind == TILL_DELIVERY_CARRY_OUT)
			add_move(moves, line->item->sku, -line->quantity_milli);
	}
	return moves;
}

/* ---- The record ---- */

static void
sum_given(TillReturnDeskDone *done)
{
	for (guint i = 0; i < done->entry->refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(done->entry->refunds, i);
		if (strcmp(refund->as, "cash") == 0)
			done->cash_minor += refund->amount_minor;
		else if (strcmp(refund->as, "credit") == 0)
			done->credit_minor += refund->amount_minor;
		else
			done->intent_minor += refund->amount_minor;
	}
}

static gboolean
fill_done(TillStore *store, TillReturnDeskDone *done, const TillEntry *entry, const TillShop *shop,
	  GError **error)
{
	g_autoptr(TillSold) taken = till_return_sold(done->entry, &entry->txn);
	done->txn = entry->txn;
	done->receipt = g_strdup(done->entry->receipt);
	done->change_minor = done->entry->change_minor;
	sum_given(done);
	done->receipt_text = till_return_desk_private_text(shop, done->entry, 0);
	done->code = taken != NULL ? till_return_desk_private_code(store, taken, FALSE, error)
				   : g_strdup("");
	return done->code != NULL;
}

/* The entry of an earlier try that was recorded although nobody could say so then stands, with the
 * code of its credit. */
static gboolean
take_recorded(TillReturnDeskDone *done, const TillEntry *entry, GError **error)
{
	TillReturn *recorded = till_return_from_bytes(entry->body, error);
	if (recorded == NULL)
		return FALSE;
	till_return_free(done->entry);
	done->entry = recorded;
	return TRUE;
}

static gboolean
append(TillStore *store, CommitJob *job, const TillIdentity *identity, const TillShop *shop,
       GError **error)
{
	TillReturnDeskDone *done = job->done;
	g_autoptr(GArray) moves = stock_moves(done->entry);
	g_autoptr(GArray) uses = done->entry->taken != NULL
				     ? till_register_private_uses(done->entry->taken)
				     : g_array_new(FALSE, FALSE, sizeof(TillOfferUse));
	g_autofree char *date = till_register_private_date(
	    till_clock_wall_ms(till_store_clock(store)), shop->time_zone);
	Stamp stamp = {done->entry, identity};
	TillJournalDraft draft = {
	    .type = TILL_RETURN_TYPE,
	    .version = TILL_RETURN_VERSION,
	    .txn = job->txn,
	    .business_date = date,
	    .build = build_return,
	    .user = &stamp,
	    .receipt_store = identity->store_code,
	    .receipt_till = identity->till_number,
	    .total_minor = job->pay_minor - job->give_minor,
	    .moves = (const TillStockMove *)(gpointer)moves->data,
	    .move_count = moves->len,
	    .uses = (const TillOfferUse *)(gpointer)uses->data,
	    .use_count = uses->len,
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, error);
	if (entry == NULL)
		return FALSE;
	if (*done->entry->receipt == '\0' && !take_recorded(done, entry, error))
		return FALSE;
	return fill_done(store, done, entry, shop, error);
}

static gboolean
record(TillStore *store, CommitJob *job, const TillReturnDeskQuote *quote,
       const TillIdentity *identity, GError **error)
{
	TillTenderSettlement settlement = {0};
	job->done = g_new0(TillReturnDeskDone, 1);
	job->done->result = till_tender_settle_rounded(
	    job->pay_minor, &quote->cash_rounding, job->tenders, job->tender_count, &settlement);
	if (job->done->result != TILL_TENDER_OK)
		return TRUE;
	g_autoptr(TillShop) shop = till_catalog_shop(store, error);
	g_autoptr(GPtrArray) staff = shop != NULL ? till_catalog_staff(store, error) : NULL;
	if (staff == NULL)
		return FALSE;
	job->done->entry = make_entry(job, quote, &settlement, identity);
	fill_people(job->done->entry, job,
		    till_register_private_find_member(staff, job->approved_by), quote);
	return append(store, job, identity, shop, error);
}

/* What an earlier try recorded is only told again. */
static gboolean
find_recorded(TillStore *store, CommitJob *job, gboolean *out_is, GError **error)
{
	static const TillUuid none;
	*out_is = FALSE;
	if (till_uuid_equal(&job->txn, &none))
		return TRUE;
	g_autoptr(TillEntry) before = till_journal_find_txn(store, &job->txn, NULL);
	if (before == NULL)
		return TRUE;
	g_autoptr(TillShop) shop = till_catalog_shop(store, error);
	job->done = g_new0(TillReturnDeskDone, 1);
	*out_is = TRUE;
	return shop != NULL && take_recorded(job->done, before, error) &&
	       fill_done(store, job->done, before, shop, error);
}

static gboolean
run_commit(gpointer owner, gpointer data, GError **error)
{
	CommitJob *job = data;
	gboolean is_recorded = FALSE;
	if (!find_recorded(owner, job, &is_recorded, error))
		return FALSE;
	if (is_recorded)
		return TRUE;
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);
	TillReturnDeskQuote *quote =
	    identity != NULL ? till_return_desk_private_quote(owner, &job->wish, error) : NULL;
	gboolean is_done = quote != NULL && check(owner, job, quote, error) &&
			   record(owner, job, quote, identity, error);
	till_return_desk_quote_free(quote);
	return is_done;
}

TillReturnDeskDone *
till_return_desk_commit(TillRegister *reg, const TillReturnDeskCommit *commit, GError **error)
{
	CommitJob *job = create_job(commit);
	TillReturnDeskDone *done = NULL;
	if (till_worker_call(till_store_worker(reg->store), run_commit, job, error))
		done = g_steal_pointer(&job->done);
	free_commit_job(job);
	return done;
}

static void
commit_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	CommitJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->done) : NULL, error, job->user);
}

void
till_return_desk_commit_async(TillRegister *reg, const TillReturnDeskCommit *commit,
			      gpointer receiver, TillReturnDeskDoneCb cb, gpointer user)
{
	CommitJob *job = create_job(commit);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_commit, job, free_commit_job, receiver,
			 commit_done_cb, NULL);
}
