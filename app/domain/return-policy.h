/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "promo.h"

/* What may come back, and how: an ordered table of rows, of which the first that matches decides,
 * and limits around it. One policy for every channel; the row that decided is quoted to the shopper
 * and kept with the return.
 *
 * JSON ({"policy": {…}} in a file; a field that this release does not know is refused):
 *   id, version (1)
 *   rows [{id "R-4", words, when {items {…} (promo-json.h), conditions [], channels [], receipts
 * [], days_from, days_to}, allow (true), as "original" | "credit" | "exchange", fee_ppm, fee_minor,
 *     approval, reason (true), disposition "shelf" | "damaged" | "vendor" | "repair"}]
 *   cash {max_minor, approval_from_minor}            cash to one shopper at once; 0: no bound
 *   no_receipt {allow (false), approval (true), look_back_days (60), window_days (90), count_max,
 *     amount_max_minor}
 *   offline {amount_max_minor, approval_from_minor, credit_from_minor}      0: no bound
 *   claw_back (false)
 * conditions are "new", "opened", "worn", "damaged", "defective"; receipts "receipt", "gift",
 * "order", "none"; channels as elsewhere. Empty lists ask nothing. days count from purchase or
 * delivery, both ends included; days_to -1 (default): without end.
 *
 * Threads: any; constant once read, reference-counted. */

G_BEGIN_DECLS

#define TILL_RETURN_ROWS_MAX 500
#define TILL_RETURN_POLICY_MAX 262144 /* bytes */

typedef enum {
	TILL_RETURN_NEW,
	TILL_RETURN_OPENED,
	TILL_RETURN_WORN,
	TILL_RETURN_DAMAGED,
	TILL_RETURN_DEFECTIVE,
	TILL_RETURN_CONDITIONS,
} TillReturnCondition;

typedef enum {
	TILL_RETURN_BY_RECEIPT,
	TILL_RETURN_BY_GIFT,  /* a receipt without prices */
	TILL_RETURN_BY_ORDER, /* found by order, customer or card */
	TILL_RETURN_BY_NONE,
	TILL_RETURN_RECEIPTS,
} TillReturnReceipt;

typedef enum {
	TILL_RETURN_AS_ORIGINAL, /* to the tenders that paid */
	TILL_RETURN_AS_CREDIT,
	TILL_RETURN_AS_EXCHANGE, /* other goods only */
} TillReturnAs;

typedef enum {
	TILL_RETURN_TO_SHELF,
	TILL_RETURN_TO_DAMAGED,
	TILL_RETURN_TO_VENDOR,
	TILL_RETURN_TO_REPAIR,
} TillReturnDisposition;

typedef struct {
	char *id;
	char *words; /* for the shopper */
	TillPromoItems items;
	guint conditions; /* bit by bit; 0: any */
	guint receipts;   /* likewise */
	TillPromoList channels;
	gint64 days_from;
	gint64 days_to; /* included; −1: without end */
	gboolean allow;
	TillReturnAs as;
	gint64 fee_ppm; /* restocking fee: of what would be given back */
	gint64 fee_minor;
	gboolean approval;
	gboolean reason; /* a reason is asked */
	TillReturnDisposition disposition;
} TillReturnRow;

typedef struct TillReturnPolicy TillReturnPolicy;
struct TillReturnPolicy {
	char *id;
	gint64 version;
	GArray *rows; /* of TillReturnRow */
	gint64 cash_max_minor;
	gint64 cash_approval_from_minor;
	gboolean no_receipt;
	gboolean no_receipt_approval;
	gint64 look_back_days;
	gint64 window_days;
	gint64 count_max;
	gint64 amount_max_minor;
	gint64 offline_max_minor;
	gint64 offline_approval_from_minor;
	gint64 offline_credit_from_minor;
	gboolean claw_back;
};

/* NULL with TILL_ERROR_INVALID that names the field. */
TillReturnPolicy *till_return_policy_parse(const char *text, gsize size,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillReturnPolicy *till_return_policy_read(const json_t *object,
					  GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillReturnPolicy *till_return_policy_ref(TillReturnPolicy *policy);
void till_return_policy_unref(TillReturnPolicy *policy);

/* One line that somebody brings back. Borrowed. */
typedef struct {
	/* The goods as the catalogue knows them; unit_minor is what one was paid for. */
	const TillPromoLine *goods;
	TillReturnCondition condition;
	TillReturnReceipt receipt;
	const char *channel; /* where it was bought */
	gint64 days;         /* since purchase or delivery, whichever is later */
	gint64 amount_minor; /* that would be given back */
	gboolean offline;    /* the central could not be asked what came back elsewhere */
} TillReturnQuestion;

typedef struct {
	const TillReturnRow *row; /* borrowed from the policy; NULL: none matched */
	gboolean allow;
	TillReturnAs as;
	gint64 fee_minor; /* never more than the amount */
	gboolean approval;
	gboolean reason;
	TillReturnDisposition disposition;
	const char *words; /* borrowed or static: the answer in a sentence */
} TillReturnAnswer;

TillReturnAnswer till_return_policy_judge(const TillReturnPolicy *policy,
					  const TillReturnQuestion *question);

/* The names used in JSON, NULL-terminated, in the order of the enums. Static. */
extern const char *const till_return_condition_names[];
extern const char *const till_return_receipt_names[];
extern const char *const till_return_as_names[];
extern const char *const till_return_disposition_names[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillReturnPolicy, till_return_policy_unref)

G_END_DECLS
