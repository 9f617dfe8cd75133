/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "changes.h"
#include "sold.h"

/* What a store is told of its own past (collection "past_sale"), so that its tills can take goods
 * back without the network: so many days of it as the setting "past_sale_days" says (90; 0: none).
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

/* Rows that go in one transaction at most, so that no push waits for them. */
#define TILL_PAST_SALES_TRIM 100

/* Sales before this moment are not told; G_MAXINT64: none are. */
gboolean till_past_sales_limit(TillDb *db, const char *store_code, gint64 now_ms, gint64 *out_ms,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tells the store whose scope is open, unless it was too long ago. */
gboolean till_past_sales_put(TillChanges *changes, const TillSold *sold, gint64 limit_ms,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes away what is older. */
gboolean till_past_sales_trim(TillChanges *changes, gint64 limit_ms,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
