/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "id.h"

/* An order as every channel sees it: who ordered what, what was paid, and who brings which part of
 * it. Where the goods of each part stand is the fulfilment's own record (fulfilment.h), which
 * changes at every step; this one changes when lines, money or parts do.
 *
 * JSON (the body of a "sales_order" row, and inside what the central answers and tells):
 *   id, number "W-1042", channel, status "open" | "done" | "cancelled", version, currency,
 *   placed_ms, customer? {id, name} (id "": a name alone), contact? {email, phone, language},
 * gift?, receipt?, lines [{line, sku, name, variant, quantity_milli, unit_minor, list_minor,
 * discount_minor, tax_minor, total_minor, min_age?, substitute_for?, cancelled_milli?}],
 *   discount_minor, tax_minor, shipping_minor, total_minor,
 *   payments [{kind, reference, amount_minor, at_ms}]      a refund's amount is below zero
 *   fulfilments [{id, kind, store, lines [{line, quantity_milli}]}]
 * Lines are numbered from 1 and never renumbered, each number once. The order's discount and tax
 * are the sums over its lines, total_minor the sum of its lines and shipping; nothing of that
 * changes when something is given up (cancelled_milli): what is owed does. gift: nothing that is
 * shown to the bearer of its code names a price. receipt: of the sale that it was ordered in at a
 * counter.
 *
 * Threads: any (pure); a record belongs to whoever made it. */

G_BEGIN_DECLS

#define TILL_ORDER_RECORD_LINES_MAX 200
#define TILL_ORDER_RECORD_FULFILMENTS_MAX 20
#define TILL_ORDER_RECORD_PAYMENTS_MAX 50
#define TILL_ORDER_RECORD_MAX 65536 /* bytes of JSON */

typedef struct {
	guint line; /* 1… */
	char *sku, *name, *variant;
	gint64 quantity_milli;
	gint64 unit_minor, list_minor, discount_minor, tax_minor, total_minor;
	gint64 min_age;         /* years; 0: none */
	guint substitute_for;   /* line that it stands in for; 0: none */
	gint64 cancelled_milli; /* of quantity_milli: given up, by anybody */
} TillOrderRecordLine;

typedef struct {
	char *kind, *reference; /* "card" and what the provider calls it */
	gint64 amount_minor;
	gint64 at_ms;
} TillOrderRecordPayment;

typedef struct {
	guint line;
	gint64 quantity_milli;
} TillOrderRecordPart;

typedef struct {
	TillUuid id;
	char *kind;    /* "pickup", "ship", "carry-out" */
	char *store;   /* code */
	GArray *parts; /* of TillOrderRecordPart */
} TillOrderRecordFulfilment;

typedef struct {
	TillUuid id;
	char *number, *channel, *status, *currency;
	gint64 version;
	gint64 placed_ms;
	char *customer_id, *customer_name;        /* "" */
	char *email, *phone, *language, *receipt; /* "" */
	gboolean gift;
	GPtrArray *lines;       /* of TillOrderRecordLine */
	GPtrArray *payments;    /* of TillOrderRecordPayment */
	GPtrArray *fulfilments; /* of TillOrderRecordFulfilment */
	gint64 discount_minor, tax_minor, shipping_minor, total_minor;
} TillOrderRecord;

/* Empty, with texts "" and empty arrays. */
TillOrderRecord *till_order_record_new(void);
void till_order_record_free(TillOrderRecord *record);

/* NULL with TILL_ERROR_INVALID that names the field: bounds, sums that do not add up, a part of a
 * line that is not there, parts of a line that are more than the line. */
TillOrderRecord *till_order_record_parse(const char *text, gsize size,
					 GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillOrderRecord *till_order_record_read(const json_t *object,
					GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* New reference. */
json_t *till_order_record_json(const TillOrderRecord *record);

/* A new line, payment or fulfilment with empty texts, for whoever makes a record. Borrowed. */
TillOrderRecordLine *till_order_record_add_line(TillOrderRecord *record);
TillOrderRecordPayment *till_order_record_add_payment(TillOrderRecord *record);
TillOrderRecordFulfilment *till_order_record_add_fulfilment(TillOrderRecord *record);

/* By its number; NULL: none. Borrowed. */
TillOrderRecordLine *till_order_record_line(const TillOrderRecord *record, guint line);
/* The total less each line's share of what was given up of it (half away from zero, as a return
 * gives back); an order given up wholly owes no shipping either. */
gint64 till_order_record_owed(const TillOrderRecord *record);
/* Σ payments, and what is still to be paid (below zero: to be given back). */
gint64 till_order_record_paid(const TillOrderRecord *record);
gint64 till_order_record_due(const TillOrderRecord *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderRecord, till_order_record_free)

G_END_DECLS
