/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "register.h"
#include "return-policy.h"
#include "return-quote.h"
#include "return.h"
#include "sold.h"

/* Taking goods back at a till, whatever they were bought by: find what was sold, say what may come
 * back and what for, have it approved, record it. The same calls for a screen and for tillctl.
 *
 * Every amount comes from till_return_quote (return-quote.h). What was sold is looked for in this
 * order: the cache, which knows what came back elsewhere; this till's own journal; the code on the
 * receipt, which proves what was paid without asking anybody. From all of them is taken off what
 * this till took back and the central has not told yet. The central decides in the end: a second
 * return of the same goods elsewhere stays recorded and is raised at both stores.
 *
 * Offline: the caller says whether the central can be asked now (sync's health). If not, the policy
 * limits what may be given (return-policy.h, "offline"), and answers say how old the knowledge is.
 *
 * Threads: as register.h; a receiver that is gone gets no answer. Answers are given over unless it
 * says borrowed. */

G_BEGIN_DECLS

#define TILL_RETURN_DESK_HITS_MAX 50
#define TILL_RETURN_DESK_LINES_MAX 200 /* of goods brought without a receipt */

/* ---- Finding ---- */

typedef enum {
	TILL_RETURN_DESK_CACHE,   /* what the central told this store */
	TILL_RETURN_DESK_JOURNAL, /* this till's own books */
	TILL_RETURN_DESK_CODE,    /* the signed code on the receipt alone */
	TILL_RETURN_DESK_BARE,    /* no receipt */
} TillReturnDeskSource;

/* One of several that fit; find again with its receipt. */
typedef struct {
	char *receipt; /* of an order that was handed over: the order's number */
	char *channel, *store, *customer_name;
	gint64 sold_ms;
	gint64 total_minor;
	char *goods; /* "Organic tee and 2 more" */
} TillReturnDeskHit;

typedef struct {
	/* What was sold, less what came back as far as is known; NULL: none, or one of hits. */
	TillSold *sold;
	TillReturnReceipt by;
	TillReturnDeskSource source;
	gint64 known_ms; /* as of when returns elsewhere are known; 0: not at all */
	gboolean gift;   /* nobody is told names or prices */
	/* Of TillReturnLine, one for each line of sold: what may come back of it and by which rule,
	 * before anything is asked. Rows and words are borrowed from policy. */
	GPtrArray *lines;
	TillReturnPolicy *policy;
	GPtrArray *hits;   /* of TillReturnDeskHit, newest first; empty unless there are several */
	gboolean has_more; /* there are more hits than are told */
	char *words;       /* how it was found, or why not and what to do */
	char *signals;     /* what a second look is worth: "4 returns in 30 days"; "" */
} TillReturnDeskFound;

/* A hit that was chosen is found by its receipt and keeps the by of the list it stood in.
 *
 * Whatever was scanned or typed: a receipt's code or number, an order's number, a customer (id,
 * loyalty code, mail, phone, name), an item (barcode, SKU), or four last digits of a card with a
 * date and an amount ("4242 2026-11-20 54.44", in any order). What does not read as the first two
 * is looked for as all the others. error: the disk; that nothing was found is an answer. */
TillReturnDeskFound *till_return_desk_find(TillRegister *reg, const char *text, gboolean offline,
					   GError **error);
typedef void (*TillReturnDeskFoundCb)(TillReturnDeskFound *found, const GError *error,
				      gpointer user);
void till_return_desk_find_async(TillRegister *reg, const char *text, gboolean offline,
				 gpointer receiver, TillReturnDeskFoundCb cb, gpointer user);
void till_return_desk_found_free(TillReturnDeskFound *found);

/* Goods that somebody brings without any proof. */
typedef struct {
	const char *code; /* as scanned */
	gint64 quantity_milli;
} TillReturnDeskGoods;

/* All copied. */
typedef struct {
	const TillReturnDeskGoods *goods;
	guint count;
	const char *customer_id; /* who brings them */
	gboolean offline;
} TillReturnDeskBare;

/* What they count for: each at the lowest price it had here in the policy's look-back window, as
 * the cached price lists tell (today's where none tells), with today's taxes and without offers.
 * sold is of kind NONE; the customer is needed, and what the policy says of count and amount is
 * looked up in this till's own books. An unknown item or a refusal is an answer in words. */
TillReturnDeskFound *till_return_desk_bare(TillRegister *reg, const TillReturnDeskBare *bare,
					   GError **error);
void till_return_desk_bare_async(TillRegister *reg, const TillReturnDeskBare *bare,
				 gpointer receiver, TillReturnDeskFoundCb cb, gpointer user);

/* ---- What it would give ---- */

/* A line for line exchange of the same style. */
typedef struct {
	guint line;       /* of asks, counted from 0 */
	const char *code; /* of the new item */
} TillReturnDeskSwap;

/* All of it is copied at the call. Either taken or swaps or none of them. */
typedef struct {
	const TillSold *sold; /* as it was found */
	TillReturnReceipt by;
	const TillReturnAsk *asks;
	guint ask_count;
	/* Nullable: goods taken instead, as till_register_price priced them for the shopper. */
	const TillPriced *taken;
	const TillReturnDeskSwap *swaps;
	guint swap_count;
	gboolean as_credit;
	gboolean offline;
	const char *customer_id; /* of a return without receipt or for credit; "" or NULL */
} TillReturnDeskAsked;

typedef struct {
	TillReturnQuote *quote; /* borrows rows and words from policy */
	TillReturnPolicy *policy;
	TillPriced *taken;  /* nullable */
	GArray *swaps;      /* of TillReturnSwap */
	gboolean may;       /* quote->may, and nothing else stands against it */
	char *words;        /* why not; "" */
	gboolean approval;  /* a different person must agree */
	char *approval_why; /* "" */
	TillCashRounding cash_rounding;
} TillReturnDeskQuote;

/* Works it out again with what this till knows now. TILL_ERROR_INVALID with a sentence: a line that
 * is not there, a swap with another style, an unknown item. */
TillReturnDeskQuote *till_return_desk_quote(TillRegister *reg, const TillReturnDeskAsked *asked,
					    GError **error);
typedef void (*TillReturnDeskQuoteCb)(TillReturnDeskQuote *quote, const GError *error,
				      gpointer user);
void till_return_desk_quote_async(TillRegister *reg, const TillReturnDeskAsked *asked,
				  gpointer receiver, TillReturnDeskQuoteCb cb, gpointer user);
void till_return_desk_quote_free(TillReturnDeskQuote *quote);

/* The other sizes and colours of a SKU's style that are sold here, itself left out: array of
 * TillItem with reference, at most 50, by name. */
GPtrArray *till_return_desk_variants(TillRegister *reg, const char *sku, GError **error);
void till_return_desk_variants_async(TillRegister *reg, const char *sku, gpointer receiver,
				     TillRegisterItemsCb cb, gpointer user);

/* ---- A second person ---- */

/* What is to be approved. All copied. */
typedef struct {
	const char *source;   /* receipt or order number; "": without receipt */
	const char *why;      /* TillReturnDeskQuote.approval_why */
	gint64 give_minor;    /* what the shopper would get, exchange included */
	const char *staff_id; /* who asks */
} TillReturnDeskApproval;

/* A manager other than the one who asks lets it pass with their PIN at this till. Every answer but
 * a wait is an "override" row of the journal, of kind "return"; refusals too. TILL_APPROVAL_BEYOND:
 * this person is no manager. Nobody approves what they ask themselves. An approval counts for one
 * return of that source by that person, up to that amount. */
TillRegisterApproval *till_return_desk_approve(TillRegister *reg,
					       const TillReturnDeskApproval *asked,
					       const TillRegisterCredential *credential,
					       GError **error);
void till_return_desk_approve_async(TillRegister *reg, const TillReturnDeskApproval *asked,
				    const TillRegisterCredential *credential, gpointer receiver,
				    TillRegisterApprovalCb cb, gpointer user);

/* ---- Done ---- */

typedef struct {
	TillReturnDeskAsked asked; /* as it was quoted */
	gint64 give_minor;         /* as the quote said, so that nothing else is given */
	gint64 pay_minor;
	const TillTender *tenders; /* copied: what the shopper pays on top */
	gsize tender_count;
	const char *staff_id, *staff_name;
	const char *approved_by; /* id, of till_return_desk_approve; "" or NULL */
	gint64 opened_ms;
	TillUuid txn; /* made once and kept while the same is tried again; all zero: the store's */
} TillReturnDeskCommit;

typedef struct {
	TillTenderResult result; /* when not OK nothing was recorded and the rest is empty */
	TillReturn *entry;       /* owned */
	char *receipt;
	char *receipt_text; /* ready to show: receipt, then the slip of each credit */
	char *code;         /* what the QR code of goods taken holds; "" */
	TillUuid txn;
	gint64 change_minor;
	gint64 cash_minor;   /* to be handed out */
	gint64 credit_minor; /* on the credit slip */
	gint64 intent_minor; /* for the back office to refund */
} TillReturnDeskDone;

/* Quotes once more and records it as one entry: when it answers without error, the return is on
 * disk. Stock of what goes back to the shelf rises, of what was taken falls. TILL_ERROR_INVALID
 * with a sentence, and nothing recorded: the amounts are not those that were shown, it may not come
 * back, or an approval is missing on record. */
TillReturnDeskDone *till_return_desk_commit(TillRegister *reg, const TillReturnDeskCommit *commit,
					    GError **error);
typedef void (*TillReturnDeskDoneCb)(TillReturnDeskDone *done, const GError *error, gpointer user);
void till_return_desk_commit_async(TillRegister *reg, const TillReturnDeskCommit *commit,
				   gpointer receiver, TillReturnDeskDoneCb cb, gpointer user);
void till_return_desk_done_free(TillReturnDeskDone *done);

/* ---- Receipts ---- */

/* The receipt of a sale or exchange of this till without prices, to give away. A return's own text
 * is till_register_receipt's, as a sale's is. Caller frees. */
char *till_return_desk_gift(TillRegister *reg, const char *receipt, guint copy, GError **error);
/* What the QR code of a sale or exchange of this till holds: a URL (receipt-proof.h). Caller frees.
 */
char *till_return_desk_code(TillRegister *reg, const char *receipt, gboolean gift, GError **error);
void till_return_desk_code_async(TillRegister *reg, const char *receipt, gboolean gift,
				 gpointer receiver, TillRegisterTextCb cb, gpointer user);

G_END_DECLS
