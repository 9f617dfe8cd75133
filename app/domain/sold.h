/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "cash-rounding.h"
#include "id.h"
#include "price.h"
#include "sale.h"

/* What may come back: one sale or one order as it was paid, and what of it came back before. The
 * one form in which a till's journal, its cache, the central and the code on a receipt tell it, so
 * that a return is worked out the same wherever the sale was found.
 *
 * JSON (in the cache and in what the central answers):
 *   kind "sale" | "order" | "none", txn?, receipt?, order?, channel, store, till, customer? {id,
 *   name}, sold_ms, delivered_ms, gift?, goods {currency, lines […], …} (sale-lines.h),
 *   payments [{kind, reference, paid_minor, value_minor, back_minor, given_minor}],
 *   back [{line, milli}]
 * "none": goods that somebody brings without proof; its payment is a credit.
 *
 * Of each payment two amounts are kept: the money that changed hands, and the value of goods it
 * stands for. They differ by the rounding of cash, which a return mirrors: when all of the value
 * has come back, all of the money has.
 *
 * Threads: any (pure); belongs to whoever made it. */

G_BEGIN_DECLS

#define TILL_SOLD_PAYMENTS_MAX 40

typedef enum {
	TILL_SOLD_SALE,
	TILL_SOLD_ORDER,
	TILL_SOLD_NONE,
	TILL_SOLD_KINDS,
} TillSoldKind;

typedef struct {
	char *kind;         /* "cash", "card", "gift-card", "credit" */
	char *reference;    /* what a card payment or a credit is known by; "" */
	gint64 paid_minor;  /* ≥ 0: money */
	gint64 value_minor; /* of goods: paid less the rounding of cash */
	gint64 back_minor;  /* of value_minor, come back */
	gint64 given_minor; /* of paid_minor, given back */
} TillSoldPayment;

typedef struct {
	TillSoldKind kind;
	TillUuid txn; /* of the sale's entry, or the order's id; zeros: not known */
	char *receipt, *order, *channel, *store, *till, *customer_id, *customer_name; /* "" */
	gint64 sold_ms;
	gint64 delivered_ms; /* 0: handed over when sold */
	gboolean gift;       /* asked for by a gift receipt: nobody is told names or prices */
	TillPriced *priced;
	GPtrArray *payments; /* of TillSoldPayment */
	gint64 *back_milli;  /* owned: per line of priced */
} TillSold;

/* Takes priced over. */
TillSold *till_sold_new(TillSoldKind kind, TillPriced *priced);
void till_sold_free(TillSold *sold);
TillSold *till_sold_copy(const TillSold *sold);
/* What a sale's body says, nothing of it come back. The rounding of cash is put on its cash. */
TillSold *till_sold_from_sale(const TillSale *sale, const TillUuid *txn);

TillSold *till_sold_read(const json_t *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *till_sold_json(const TillSold *sold);

/* Appends; copies its texts. */
void till_sold_add_payment(TillSold *sold, const TillSoldPayment *payment);
/* The index of a line by its number; −1: none. */
int till_sold_find_line(const TillSold *sold, guint line_id);
/* Notes that so much came back, at most what is left: more is cut off, and FALSE tells of it. */
gboolean till_sold_note_back(TillSold *sold, guint index, gint64 milli);

/* The money that goes back with so much more value of a payment, the mirror of how it was paid: all
 * the value brings all the money. Where cash was rounded, what is given is what coins can pay.
 * rounding (nullable) is asked for cash only; FALSE as_cash: the amount needs no coins. */
gint64 till_sold_money(const TillSoldPayment *payment, gint64 value_minor,
		       const TillCashRounding *rounding, gboolean as_cash);

/* "sale"; and back, FALSE: no such kind. */
const char *till_sold_kind_name(TillSoldKind kind);
gboolean till_sold_find_kind(const char *name, TillSoldKind *out) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSold, till_sold_free)

G_END_DECLS
