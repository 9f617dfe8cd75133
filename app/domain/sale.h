/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "price.h"
#include "tender.h"

/* A finished sale: the body of a "sale" entry, version 1. The whole priced basket with its
 * allocations is in it, and nothing later recomputes it: receipt, report, return and central read
 * these bytes.
 *
 * JSON keys (amounts *_minor, quantities *_milli, times *_ms):
 *   receipt, store, till, staff{id,name}, currency, opened_ms, closed_ms, parked_from?,
 *   cart? {id, version},
 *   lines[{line, sku, name, variant, code, unit, weighed, tax_class, price_list, quantity_milli,
 *     unit_minor, embedded_minor?, list_minor, discount_minor, exempted_minor?, tax_minor,
 * total_minor, note?, as_of?, fulfilment?,
 * taxes[{id,name,rate_ppm,inclusive,base_minor,amount_minor,kind?,amount_milli?,group?, exempt?}],
 * discounts?[{id,amount_minor}], manual?{kind,value,original_minor?,reason,staff,approved_by?}}],
 *   taxes[…], discounts?[{id,version,name,code?,amount_minor}], list_minor, discount_minor,
 *   exempted_minor?, tax_minor, total_minor, pricing?, tenders[{kind, tendered_minor,
 *   amount_minor}], change_minor, rounding_minor?
 *
 * fulfilment: of what is not carried out (delivery.h). embedded_minor: the price that the code of
 * its label said, which is list_minor then.
 *
 * taxes: kind is "percent" when absent; exempt ("threshold", "certificate") says why a tax was not
 * charged on base_minor. exempted_minor: tax inside the price that did not have to be paid.
 *
 * discounts: what promotions took off, and people ("manual:<line>"); the sale names each once, with
 * its sum over the lines. manual: a price or discount given by hand. as_of: the feed's number when
 * the item was read. pricing: what else the price depended on (price-context.h); a sale made before
 * there were promotions has none.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_SALE_TYPE "sale"
#define TILL_SALE_VERSION 1

typedef struct {
	char *receipt; /* "014-02-K7Q-000123" */
	char *store;   /* store code */
	char *till;    /* till number as text */
	char *staff_id;
	char *staff_name;
	gint64 opened_ms;
	gint64 closed_ms;
	char *parked_from; /* id of the parked sale it was recalled from; NULL or "" when none */
	char *cart;        /* id of the shopper's cart that it came of (cart.h); NULL or "": none */
	gint64 cart_version; /* as it was brought in */
	TillPriced *priced;  /* owned */
	TillTender tenders[TILL_TENDERS_MAX];
	gsize tender_count;
	gint64 change_minor;
	gint64 rounding_minor; /* of cash to what coins can pay, signed: Σ tenders = total + it */
} TillSale;

TillSale *till_sale_new(void);
void till_sale_free(TillSale *sale);

/* Canonical bytes of the body. */
GBytes *till_sale_to_bytes(const TillSale *sale);

/* Reads and checks a body: sums of lines equal totals, tenders cover the total, change is right.
 * NULL with TILL_ERROR_INVALID and the field. */
TillSale *till_sale_from_bytes(GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "store-till-LLL-000123": LLL are the first three letters of the incarnation, so that a restored
 * or cloned terminal cannot print a number twice; the last part is the entry's seq. Caller frees.
 */
char *till_sale_receipt_number(const char *store, const char *till, guint64 incarnation,
			       gint64 seq);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillSale, till_sale_free)

G_END_DECLS
