/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "sale-again.h"
#include "sale.h"

/* Prices finished sales again with what their tills had: each item as of the number at which it was
 * read, promotions, taxes and settings as of the cursors of the sale, and the sale's own moment,
 * shopper and knowledge of uses. What a person did by hand and what a scale said is taken over.
 *
 * What cannot be judged is no fault of the sale: it says nothing of its pricing (made before there
 * were promotions), it was made under another epoch (the central was restored since), it names
 * numbers the feed never reached, or what it was priced with is not known or not understood here.
 *
 * Threads: one at a time, never the writer's; blocks while it asks it. */

G_BEGIN_DECLS

typedef struct TillRepricer TillRepricer;

/* central: borrowed, with a writer. */
TillRepricer *till_repricer_new(TillCentral *central);
void till_repricer_free(TillRepricer *repricer);

/* A sale from the books; what it points to belongs to whoever made it. */
typedef struct {
	TillUuid txn;
	gint64 number;    /* of its entry */
	char *store_code; /* of the terminal that made it */
	TillSale *sale;   /* NULL: cannot be read (any more), so it cannot be judged */
} TillRepricerSale;

/* Asks the writer once for the items of many sales, which are then judged without it. */
gboolean till_repricer_prepare(TillRepricer *repricer, const TillRepricerSale *sales, guint count,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The sale priced again, with one more promotion (nullable; in place of one with its id). NULL
 * without error: it cannot be judged. The caller frees it. */
TillPriced *till_repricer_price(TillRepricer *repricer, const TillRepricerSale *sale,
				TillPromo *extra, GError **error);

typedef enum {
	TILL_REPRICER_UNJUDGED,
	TILL_REPRICER_SAME,
	TILL_REPRICER_DIFFERS,
} TillRepricerVerdict;

/* out_difference: cleared by the caller when the verdict is TILL_REPRICER_DIFFERS. FALSE only when
 * the database failed. */
gboolean till_repricer_judge(TillRepricer *repricer, const TillRepricerSale *sale,
			     TillRepricerVerdict *out_verdict, TillSaleDifference *out_difference,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRepricer, till_repricer_free)

G_END_DECLS
