/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "changes.h"
#include "promo.h"

/* Promotions in the books: judged before they come in, versioned, ended for good.
 *
 * A row's body is the whole promotion as canonical JSON (promo-json.h) with its id and version. The
 * version rises whenever the content changes, so that a sale that names id and version names what
 * it was priced by; one that was ended comes back with a higher version only.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

/* Judges a promotion and writes it. what names it in errors ("promotion \"summer\""); object is
 * borrowed. out_promo (nullable): the promotion as read; the caller owns the reference.
 * TILL_ERROR_INVALID: it is no promotion; TILL_ERROR_STATE: its version does not fit what is or was
 * in the books; both sentences are for whoever wrote it. Anything else is the database's. */
gboolean till_promotions_put(TillChanges *changes, const json_t *object, const char *what,
			     TillPromo **out_promo, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes it out and tells the feed. TILL_ERROR_NOT_FOUND when it is not there. */
gboolean till_promotions_end(TillChanges *changes, const char *id, gint64 now_ms,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the books know, to tell what a promotion names and nobody sells. */
typedef struct TillPromotionsCheck TillPromotionsCheck;

/* notes: of char*, borrowed; at most TILL_PROMOTIONS_NOTES_MAX are added. */
#define TILL_PROMOTIONS_NOTES_MAX 200
TillPromotionsCheck *till_promotions_check_new(TillDb *db, GPtrArray *notes);
/* Ends with "and 17 more" when there were too many. */
void till_promotions_check_free(TillPromotionsCheck *check);
/* Adds a note for each SKU, category and store that is not in the books. */
gboolean till_promotions_check(TillPromotionsCheck *check, const TillPromo *promo,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
