/* SPDX-License-Identifier: Apache-2.0 */
#include "return-desk-private.h"

#include <string.h>

#include "error.h"
#include "past-shelf.h"
#include "receipt-proof.h"
#include "text.h"

/* A code or a number names one sale; everything else is looked for in every way it may be meant,
 * and what fits is told as a list unless it is one. */

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define SIGNAL_DAYS 30
#define SIGNAL_COUNT 3
#define TEXT_MAX ((gsize)TILL_SCAN_INPUT_MAX)

typedef struct {
	char *text; /* owned */
	gboolean offline;
	TillReturnDeskFound *found; /* owned until handed over */
	TillReturnDeskFoundCb cb;
	gpointer user;
} FindJob;

static void
say(TillReturnDeskFound *found, const char *words)
{
	g_free(found->words);
	found->words = g_strdup(words);
}

/* ---- One sale ---- */

/* A code tells SKUs only, an old sale names of old; today's catalogue has more for the rules. */
static void
name_goods(TillStore *store, TillSold *sold)
{
	for (guint i = 0; i < sold->priced->lines->len; i++) {
		TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		TillItem *item = till_return_desk_private_item(store, line->item->sku);
		if (item != NULL && item->weighed == line->item->weighed) {
			till_item_unref(line->item);
			line->item = item;
		} else if (item != NULL) {
			till_item_unref(item);
		}
	}
}

static void
add_lines(TillStore *store, TillReturnDeskFound *found, gboolean offline)
{
	TillReturnDeskWish wish = {.sold = found->sold, .by = found->by, .offline = offline};
	TillReturnRequest request =
	    till_return_desk_private_request(store, &wish, found->policy, NULL);
	for (guint i = 0; i < found->sold->priced->lines->len; i++) {
		TillReturnLine *line = till_return_quote_line(&request, i);
		if (line->left_milli == 0) {
			g_free(line->refusal);
			line->refusal = g_strdup("All of it has come back.");
		}
		g_ptr_array_add(found->lines, line);
	}
}

static gboolean
add_signals(TillStore *store, TillReturnDeskFound *found, GError **error)
{
	TillPastReturns returns;
	gint64 since_ms = till_clock_wall_ms(till_store_clock(store)) - SIGNAL_DAYS * DAY_MS;
	if (!till_past_shelf_returns(store, found->sold->customer_id, since_ms, &returns, error))
		return FALSE;
	if (returns.count < SIGNAL_COUNT)
		return TRUE;
	g_free(found->signals);
	found->signals = g_strdup_printf("This customer brought goods back %u times in %d days "
					 "at this till.",
					 returns.count, SIGNAL_DAYS);
	return TRUE;
}

/* sold is given over. */
static gboolean
take_sold(TillStore *store, TillReturnDeskFound *found, TillSold *sold, gboolean offline,
	  GError **error)
{
	static const char *const words[] = {
	    [TILL_RETURN_DESK_CACHE] = "Known to the shop.",
	    [TILL_RETURN_DESK_JOURNAL] = "Sold at this till. What came back at others is told "
					 "once the central has it.",
	    [TILL_RETURN_DESK_CODE] = "Proven by the code on the receipt. What came back "
				      "elsewhere is not known here.",
	    [TILL_RETURN_DESK_BARE] = "Without a receipt: at the lowest price of late.",
	};
	found->sold = sold;
	found->gift = found->by == TILL_RETURN_BY_GIFT;
	found->sold->gift = found->gift;
	say(found, words[found->source]);
	if (found->source == TILL_RETURN_DESK_CACHE)
		found->known_ms = till_past_shelf_known_ms(store, error);
	if (found->known_ms < 0)
		return FALSE;
	found->policy = till_past_shelf_policy(store, error);
	if (found->policy == NULL)
		return FALSE;
	name_goods(store, found->sold);
	add_lines(store, found, offline);
	return add_signals(store, found, error);
}

static gboolean
find_number(TillStore *store, FindJob *job, const char *number, TillReturnReceipt by,
	    GError **error)
{
	TillReturnDeskFound *found = job->found;
	TillSold *sold = NULL;
	gboolean is_large = FALSE;
	if (!till_return_desk_private_look(store, number, &sold, &found->source, &is_large, error))
		return FALSE;
	found->by = by;
	if (sold != NULL)
		return take_sold(store, found, sold, job->offline, error);
	say(found, is_large
		       ? "This sale is too long to be known here. Scan the code on its receipt, or "
			 "ask the back office."
		       : "This receipt is not known here. Scan the code on it, or look for the "
			 "sale by customer or item.");
	return TRUE;
}

static gboolean
find_order(TillStore *store, FindJob *job, const char *number, GError **error)
{
	if (!find_number(store, job, number, TILL_RETURN_BY_ORDER, error))
		return FALSE;
	if (job->found->sold != NULL)
		return TRUE;
	g_autofree char *status = till_past_shelf_order(store, number, error);
	if (status == NULL)
		return FALSE;
	if (strcmp(status, "cancelled") == 0)
		say(job->found, "This order was cancelled: nothing was handed over.");
	else if (*status != '\0')
		say(job->found, "Nothing of this order was handed over yet. Put it back at the "
				"pickups, or cancel it.");
	else
		say(job->found, "This order is not known here. Look for it by customer or item.");
	return TRUE;
}

/* ---- The code on a receipt ---- */

static gboolean
check_signature(TillStore *store, const TillReceiptProof *proof, TillReturnDeskFound *found,
		gboolean *out_sound, GError **error)
{
	char terminal[TILL_UUID_TEXT];
	TillPublicKey key;
	gboolean is_known = FALSE;
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);
	*out_sound = FALSE;
	if (identity == NULL)
		return FALSE;
	till_uuid_format(&proof->terminal, terminal);
	if (g_ascii_strcasecmp(terminal, identity->terminal_id) == 0) {
		const TillSigningKey *own = till_identity_key(store, error);
		if (own == NULL)
			return FALSE;
		key = *till_crypto_key_public(own);
		is_known = TRUE;
	} else if (!till_past_shelf_key(store, &proof->terminal, proof->sold_ms, &key, &is_known,
					error)) {
		return FALSE;
	}
	*out_sound = is_known && till_receipt_proof_check(proof, &key);
	if (!is_known)
		say(found, "This till cannot check this receipt's code yet. Connect it to the "
			   "network and scan again, or find the sale by its number.");
	else if (!*out_sound)
		say(found, "This receipt's code was not made by us. Give nothing back for it; find "
			   "the sale by customer or item.");
	return TRUE;
}

static gboolean
take_proof(TillStore *store, FindJob *job, TillReceiptProof *proof, GError **error)
{
	TillReturnDeskFound *found = job->found;
	TillSold *sold = NULL;
	found->by = proof->gift ? TILL_RETURN_BY_GIFT : TILL_RETURN_BY_RECEIPT;
	if (!till_return_desk_private_look(store, proof->receipt, &sold, &found->source, NULL,
					   error))
		return FALSE;
	if (sold != NULL && !till_receipt_proof_matches(proof, sold)) {
		till_sold_free(sold);
		say(found, "This receipt says other than our books. Give nothing back for it, and "
			   "show it to the back office.");
		return TRUE;
	}
	if (sold != NULL)
		return take_sold(store, found, sold, job->offline, error);
	if (proof->sold == NULL) {
		say(found, proof->gift
			       ? "A gift receipt of ours, but its prices are not known "
				 "here. Connect the till, or take it back without receipt."
			       : "A receipt of ours, but too long for its code. Connect the "
				 "till, or find the sale by its number.");
		return TRUE;
	}
	found->source = TILL_RETURN_DESK_CODE;
	sold = g_steal_pointer(&proof->sold);
	if (till_past_shelf_note_own(store, sold, TRUE, error))
		return take_sold(store, found, sold, job->offline, error);
	till_sold_free(sold);
	return FALSE;
}

static gboolean
find_code(TillStore *store, FindJob *job, const char *code, GError **error)
{
	g_autoptr(GError) failure = NULL;
	gboolean is_sound = FALSE;
	g_autoptr(TillReceiptProof) proof = till_receipt_proof_read(code, &failure);
	if (proof == NULL) {
		say(job->found, failure->message);
		return TRUE;
	}
	if (!check_signature(store, proof, job->found, &is_sound, error))
		return FALSE;
	return !is_sound || take_proof(store, job, proof, error);
}

/* ---- Several ---- */

static char *
describe_goods(const TillSold *sold)
{
	const TillPricedLine *first = g_ptr_array_index(sold->priced->lines, 0);
	g_autofree char *title = till_item_title(first->item);
	if (sold->priced->lines->len == 1)
		return g_steal_pointer(&title);
	return g_strdup_printf("%s and %u more", title, sold->priced->lines->len - 1);
}

static gboolean
is_listed(const GPtrArray *hits, const char *receipt)
{
	for (guint i = 0; i < hits->len; i++) {
		const TillReturnDeskHit *hit = g_ptr_array_index(hits, i);
		if (strcmp(hit->receipt, receipt) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
add_hit(TillReturnDeskFound *found, TillReturnDeskHit hit, const TillSold *sold)
{
	if (is_listed(found->hits, hit.receipt))
		return;
	if (found->hits->len == TILL_RETURN_DESK_HITS_MAX) {
		found->has_more = TRUE;
		return;
	}
	TillReturnDeskHit *copy = g_new0(TillReturnDeskHit, 1);
	*copy = hit;
	copy->receipt = g_strdup(hit.receipt);
	copy->channel = g_strdup(hit.channel);
	copy->store = g_strdup(sold != NULL ? sold->store : "");
	copy->customer_name = g_strdup(hit.customer_name);
	copy->goods = sold != NULL ? describe_goods(sold) : g_strdup("");
	g_ptr_array_add(found->hits, copy);
}

static gboolean
add_rows(TillStore *store, TillReturnDeskFound *found, TillPastShelfBy by, const char *key,
	 GError **error)
{
	g_autoptr(GPtrArray) rows =
	    till_past_shelf_find(store, by, key, 0, 0, TILL_RETURN_DESK_HITS_MAX + 1, error);
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const TillPastSale *row = g_ptr_array_index(rows, i);
		TillReturnDeskHit hit = {.receipt = row->receipt,
					 .channel = row->channel,
					 .customer_name = row->customer_name,
					 .sold_ms = row->sold_ms,
					 .total_minor = row->total_minor};
		add_hit(found, hit, row->sold);
	}
	return rows != NULL;
}

/* What a person may have meant by a text, other than a number. */
typedef struct {
	TillItem *item;       /* owned; nullable */
	GPtrArray *customers; /* of TillCustomer, owned */
} Meaning;

static gboolean
fits(const TillSold *sold, const Meaning *meaning)
{
	for (guint i = 0; i < meaning->customers->len; i++) {
		const TillCustomer *customer = g_ptr_array_index(meaning->customers, i);
		if (strcmp(customer->id, sold->customer_id) == 0)
			return TRUE;
	}
	for (guint i = 0; meaning->item != NULL && i < sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		if (strcmp(line->item->sku, meaning->item->sku) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
add_unsent(TillStore *store, TillReturnDeskFound *found, const Meaning *meaning, GError **error)
{
	g_autoptr(GPtrArray) all = till_past_shelf_unsent(store, error);
	for (guint i = 0; all != NULL && i < all->len; i++) {
		const TillSold *sold = g_ptr_array_index(all, i);
		TillReturnDeskHit hit = {.receipt = sold->receipt,
					 .channel = sold->channel,
					 .customer_name = sold->customer_name,
					 .sold_ms = sold->sold_ms,
					 .total_minor = sold->priced->total_minor};
		if (fits(sold, meaning))
			add_hit(found, hit, sold);
	}
	return all != NULL;
}

static gboolean
add_meant(TillStore *store, FindJob *job, Meaning *meaning, GError **error)
{
	TillScan scan = till_scan_read(job->text);
	if (!till_catalog_find(store, &scan, &meaning->item, error))
		return FALSE;
	meaning->customers =
	    till_catalog_customers(store, job->text, TILL_REGISTER_CUSTOMERS_MAX, error);
	if (meaning->customers == NULL || !add_unsent(store, job->found, meaning, error))
		return FALSE;
	for (guint i = 0; i < meaning->customers->len; i++) {
		const TillCustomer *customer = g_ptr_array_index(meaning->customers, i);
		if (!add_rows(store, job->found, TILL_PAST_SHELF_BY_CUSTOMER, customer->id, error))
			return FALSE;
	}
	return (meaning->item == NULL ||
		add_rows(store, job->found, TILL_PAST_SHELF_BY_ITEM, meaning->item->sku, error)) &&
	       add_rows(store, job->found, TILL_PAST_SHELF_BY_NAME, job->text, error);
}

/* ---- Card, day and amount ---- */

typedef struct {
	char last4[5];
	gint64 day_ms; /* −1: not said */
	gint64 amount_minor;
} Card;

static void
read_word(const char *word, const TillShop *shop, Card *card)
{
	gint64 amount;
	g_autofree char *moment = g_strdup_printf("%sT00:00:00Z", word);
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(shop->time_zone);
	g_autoptr(GDateTime) day = strlen(word) == 10 && word[4] == '-'
				       ? g_date_time_new_from_iso8601(moment, NULL)
				       : NULL;
	if (day != NULL) {
		g_autoptr(GDateTime) local =
		    zone != NULL ? g_date_time_new(zone, g_date_time_get_year(day),
						   g_date_time_get_month(day),
						   g_date_time_get_day_of_month(day), 0, 0, 0)
				 : g_date_time_ref(day);
		card->day_ms = local != NULL ? g_date_time_to_unix(local) * 1000 : -1;
	} else if (strlen(word) == 4 && till_text_is_digits(word)) {
		g_strlcpy(card->last4, word, sizeof card->last4);
	} else if (strchr(word, '.') != NULL &&
		   till_text_parse_decimal(word, shop->currency->exponent, &amount)) {
		card->amount_minor = amount;
	}
}

/* All three, or it is no card. */
static gboolean
read_card(const char *text, const TillShop *shop, Card *out)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", 8);
	*out = (Card){.day_ms = -1, .amount_minor = -1};
	for (gsize i = 0; words[i] != NULL; i++)
		read_word(words[i], shop, out);
	return out->last4[0] != '\0' && out->day_ms >= 0 && out->amount_minor >= 0;
}

static gboolean
add_card(TillStore *store, TillReturnDeskFound *found, const Card *card, GError **error)
{
	/* A day at the store may be an hour longer or shorter than most. */
	g_autoptr(GPtrArray) rows =
	    till_past_shelf_find(store, TILL_PAST_SHELF_BY_CARD, card->last4, card->day_ms,
				 card->day_ms + DAY_MS + DAY_MS / 24, 500, error);
	for (guint i = 0; rows != NULL && i < rows->len; i++) {
		const TillPastSale *row = g_ptr_array_index(rows, i);
		TillReturnDeskHit hit = {.receipt = row->receipt,
					 .channel = row->channel,
					 .customer_name = row->customer_name,
					 .sold_ms = row->sold_ms,
					 .total_minor = row->total_minor};
		if (row->total_minor == card->amount_minor)
			add_hit(found, hit, row->sold);
	}
	return rows != NULL;
}

static gint
compare_hits(gconstpointer a, gconstpointer b)
{
	const TillReturnDeskHit *left = *(TillReturnDeskHit *const *)a;
	const TillReturnDeskHit *right = *(TillReturnDeskHit *const *)b;
	return (left->sold_ms < right->sold_ms) - (left->sold_ms > right->sold_ms);
}

/* One hit is the answer; several are a list. */
static gboolean
settle_hits(TillStore *store, FindJob *job, GError **error)
{
	TillReturnDeskFound *found = job->found;
	found->by = TILL_RETURN_BY_ORDER;
	if (found->hits->len == 1) {
		const TillReturnDeskHit *hit = g_ptr_array_index(found->hits, 0);
		g_autofree char *receipt = g_strdup(hit->receipt);
		g_ptr_array_set_size(found->hits, 0);
		return find_number(store, job, receipt, TILL_RETURN_BY_ORDER, error);
	}
	g_ptr_array_sort(found->hits, compare_hits);
	if (found->hits->len == 0)
		say(found,
		    "Nothing that was sold here of late fits. Scan the code on the receipt, or "
		    "take it back without receipt.");
	else
		say(found, found->has_more ? "Several sales fit, and there are more: say it closer."
					   : "Several sales fit: choose one.");
	return TRUE;
}

static gboolean
find_meant(TillStore *store, FindJob *job, GError **error)
{
	Meaning meaning = {0};
	Card card;
	g_autoptr(TillShop) shop = till_catalog_shop(store, error);
	gboolean is_done =
	    shop != NULL &&
	    (read_card(job->text, shop, &card) ? add_card(store, job->found, &card, error)
					       : add_meant(store, job, &meaning, error)) &&
	    settle_hits(store, job, error);
	g_clear_pointer(&meaning.item, till_item_unref);
	g_clear_pointer(&meaning.customers, g_ptr_array_unref);
	return is_done;
}

/* ---- The job ---- */

static gboolean
run_find(gpointer owner, gpointer data, GError **error)
{
	FindJob *job = data;
	char code[TILL_RECEIPT_PROOF_TEXT_MAX + 1];
	job->found = till_return_desk_private_found();
	if (strlen(job->text) > TEXT_MAX) {
		say(job->found, "That is too long for anything we print. Scan it again.");
		return TRUE;
	}
	if (till_receipt_proof_find(job->text, code))
		return find_code(owner, job, code, error);
	TillScan scan = till_scan_read(job->text);
	switch (scan.kind) {
	case TILL_SCAN_RECEIPT:
		return find_number(owner, job, scan.text, TILL_RETURN_BY_RECEIPT, error);
	case TILL_SCAN_ORDER:
		return find_order(owner, job, scan.text, error);
	case TILL_SCAN_CREDIT:
		say(job->found, "This is a store credit: it pays, and does not come back.");
		return TRUE;
	case TILL_SCAN_REFUSED:
		say(job->found, "Type or scan what the goods were bought by.");
		return TRUE;
	case TILL_SCAN_GTIN:
	case TILL_SCAN_PLU:
	case TILL_SCAN_OTHER:
	case TILL_SCAN_GS1:
	case TILL_SCAN_LINK:
	case TILL_SCAN_RECEIPT_CODE:
	default:
		return find_meant(owner, job, error);
	}
}

static void
free_find_job(gpointer data)
{
	FindJob *job = data;
	g_free(job->text);
	till_return_desk_found_free(job->found);
	g_free(job);
}

static FindJob *
create_job(const char *text, gboolean offline)
{
	FindJob *job = g_new0(FindJob, 1);
	job->text = g_strstrip(g_strdup(text));
	job->offline = offline;
	return job;
}

TillReturnDeskFound *
till_return_desk_find(TillRegister *reg, const char *text, gboolean offline, GError **error)
{
	FindJob *job = create_job(text, offline);
	TillReturnDeskFound *found = NULL;
	if (till_worker_call(till_store_worker(reg->store), run_find, job, error))
		found = g_steal_pointer(&job->found);
	free_find_job(job);
	return found;
}

static void
find_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	FindJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->found) : NULL, error, job->user);
}

void
till_return_desk_find_async(TillRegister *reg, const char *text, gboolean offline,
			    gpointer receiver, TillReturnDeskFoundCb cb, gpointer user)
{
	FindJob *job = create_job(text, offline);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_find, job, free_find_job, receiver,
			 find_done_cb, NULL);
}
