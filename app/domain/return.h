/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "return-policy.h"
#include "sold.h"
#include "tender.h"

/* A finished return or exchange: the body of a "return" entry, version 1. Like a sale it holds
 * everything that was said and given, and nothing later recomputes it.
 *
 * JSON (amounts above zero go to the shopper, but for taken and tenders):
 *   receipt, store, till, staff {id, name}, opened_ms, closed_ms, currency, by ("receipt" | "gift"
 * | "order" | "none"), offline?, customer? {id, name}, policy {id, version}? source {kind, txn,
 * receipt, order, channel, store, sold_ms} given {lines …}                    what came back,
 * priced as it was paid; lines numbered from 1 parts [{line, of, condition, disposition, reason,
 * row, words, fee_minor}] of: line of the source; one for each line of given fee_minor, value_minor
 * what is owed to the shopper: given less fees taken? {lines …}                   exchange: what
 * goes out instead swaps? [{line, for}]               line of taken that keeps the price of that
 * line of given carried? [{payment, kind, reference, value_minor}]   what of the payments pays for
 * taken refunds [{payment, kind, reference, value_minor, amount_minor, as, state, code?}] payment:
 * index in the source's payments; as: "cash", "card", "credit"…; state: "given", or "intent" for a
 * card that the back office refunds; code: of a credit that was issued tenders?, change_minor?,
 * rounding_minor?             when the shopper pays on top approval? {id, name, why}
 *
 * Sums that hold: given.total = fee + value; value = Σ refunds.value + Σ carried; taken.total = Σ
 * carried + what was paid on top. What was taken is a sale of its own for a later return: its
 * payments are the carried parts and the tenders.
 *
 * Threads: any (pure); belongs to whoever made it. */

G_BEGIN_DECLS

#define TILL_RETURN_TYPE "return"
#define TILL_RETURN_VERSION 1
#define TILL_RETURN_REASON_MAX 64 /* bytes: "too small" */

typedef struct {
	guint line; /* of given */
	guint of;   /* of the source */
	TillReturnCondition condition;
	TillReturnDisposition disposition;
	char *reason;
	char *row, *words; /* of the policy, as it was told */
	gint64 fee_minor;
} TillReturnPart;

typedef struct {
	guint line;       /* of taken */
	guint instead_of; /* of given */
} TillReturnSwap;

typedef struct {
	guint payment; /* index in the source's payments */
	char *kind, *reference;
	gint64 value_minor;  /* of goods */
	gint64 amount_minor; /* money, of carried parts too */
	char *as;            /* "cash", "card", "credit"; of carried parts "" */
	gboolean intent;     /* somebody has to give it later */
	char *code;          /* of a credit; "" */
} TillReturnRefund;

typedef struct {
	char *receipt, *store, *till, *staff_id, *staff_name; /* of the return itself */
	gint64 opened_ms, closed_ms;
	TillReturnReceipt by;
	gboolean offline;
	char *customer_id, *customer_name; /* "" */
	char *policy_id;                   /* "" */
	gint64 policy_version;
	TillSoldKind source;
	TillUuid source_txn;
	char *source_receipt, *source_order, *source_channel, *source_store;
	gint64 source_sold_ms;
	TillPriced *given;
	GPtrArray *parts; /* of TillReturnPart */
	gint64 fee_minor, value_minor;
	TillPriced *taken;  /* NULL: no exchange */
	GArray *swaps;      /* of TillReturnSwap */
	GPtrArray *carried; /* of TillReturnRefund */
	GPtrArray *refunds; /* of TillReturnRefund */
	TillTender tenders[TILL_TENDERS_MAX];
	gsize tender_count;
	gint64 change_minor, rounding_minor;
	char *approved_by, *approver_name, *approved_why; /* "" */
} TillReturn;

/* Empty, with texts "" and empty arrays; given and taken NULL. */
TillReturn *till_return_new(void);
void till_return_free(TillReturn *entry);
/* Appends; copies its texts. */
void till_return_add_part(TillReturn *entry, const TillReturnPart *part);
void till_return_add_refund(GPtrArray *refunds, const TillReturnRefund *refund);
GPtrArray *till_return_parts_new(void);
GPtrArray *till_return_refunds_new(void);
/* Refunds or carried parts as they stand in a body. New reference. */
json_t *till_return_refunds_json(const GPtrArray *refunds);

/* Canonical bytes of the body. */
GBytes *till_return_to_bytes(const TillReturn *entry);
/* Reads and checks a body, sums and all. NULL with TILL_ERROR_INVALID and the field. */
TillReturn *till_return_from_bytes(GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts on sold what this return took from it: quantities, values and money. FALSE: more came back
 * than was left, or more money went than was paid (both are cut off at what was there). */
gboolean till_return_note(const TillReturn *entry, TillSold *sold);
/* What was taken, as a sale of its own that may come back; NULL: nothing was. */
TillSold *till_return_sold(const TillReturn *entry, const TillUuid *txn);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillReturn, till_return_free)

G_END_DECLS
