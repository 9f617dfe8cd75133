/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "item.h"
#include "return-policy.h"
#include "return.h"
#include "sold.h"
#include "store.h"

/* What was sold before and may come back, as this till knows it: the cache's past sales, which tell
 * what came back anywhere, and this till's own journal.
 *
 * An own return counts on top of a cached sale until the feed has told it back (as overlay.h does
 * with stock). Feed numbers mean something inside one epoch only: after a central was restored, a
 * return may for a while count twice, and then too little seems to be left, never too much.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* So many of this till's newest sales are looked through for an item or a customer; older ones have
 * come back by the feed. */
#define TILL_PAST_SHELF_OWN_MAX 200

typedef enum {
	TILL_PAST_SHELF_BY_RECEIPT,
	TILL_PAST_SHELF_BY_TXN,
	TILL_PAST_SHELF_BY_ITEM,     /* SKU */
	TILL_PAST_SHELF_BY_CUSTOMER, /* id */
	TILL_PAST_SHELF_BY_NAME,     /* the beginning of a customer's name, in any case */
	TILL_PAST_SHELF_BY_CARD,     /* last four digits */
} TillPastShelfBy;

/* One row of the cache. */
typedef struct {
	char *receipt; /* of an order that was handed over: its number */
	char *channel, *customer_name;
	gint64 sold_ms;
	gint64 total_minor;
	TillSold *sold; /* NULL: too large for the cache; the central has it */
} TillPastSale;

void till_past_shelf_sale_free(gpointer sale);

/* Newest first, at most limit. from_ms and to_ms (not included; 0: no end) bound when it was sold.
 * Array of TillPastSale. */
GPtrArray *till_past_shelf_find(TillStore *store, TillPastShelfBy by, const char *key,
				gint64 from_ms, gint64 to_ms, guint limit, GError **error);

/* A sale or exchange of this till's own journal, nothing of it come back. TRUE with NULL when the
 * entry of that receipt is neither, or not here. */
gboolean till_past_shelf_own(TillStore *store, const char *receipt, TillSold **out,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest own sales and exchanges that the central has not acknowledged, newest first, of the
 * last TILL_PAST_SHELF_OWN_MAX receipts. Array of TillSold. */
GPtrArray *till_past_shelf_unsent(TillStore *store, GError **error);

/* Puts on sold what this till took back of it. all: every own return; else those that the feed has
 * not told back. */
gboolean till_past_shelf_note_own(TillStore *store, TillSold *sold, gboolean all,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Own returns of a customer since a moment: how many, those without receipt, and what the latter
 * were worth. */
typedef struct {
	guint count;
	guint bare_count;
	gint64 bare_minor;
} TillPastReturns;

gboolean till_past_shelf_returns(TillStore *store, const char *customer, gint64 since_ms,
				 TillPastReturns *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The policy that counts; TILL_ERROR_STATE when none has arrived. The caller owns the reference. */
TillReturnPolicy *till_past_shelf_policy(TillStore *store,
					 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The key that a terminal signed receipts with at a moment; *out_known FALSE: not known here. The
 * moment is by that till's clock, in whole seconds, and may lie up to a day before the central gave
 * out the key. */
gboolean till_past_shelf_key(TillStore *store, const TillUuid *terminal, gint64 at_ms,
			     TillPublicKey *out_key, gboolean *out_known,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "open", "done", "cancelled"; "" when no order of this store has that number. Caller frees. */
char *till_past_shelf_order(TillStore *store, const char *number, GError **error);

/* When the central last took an entry of this till: as of then the feed may be trusted to tell what
 * came back elsewhere. 0: never. −1: error. */
gint64 till_past_shelf_known_ms(TillStore *store, GError **error);

/* Active items of a style with a price here, by name, at most limit. Array of TillItem. */
GPtrArray *till_past_shelf_style(TillStore *store, const char *style, guint limit, GError **error);

G_END_DECLS
