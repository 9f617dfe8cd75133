/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "item.h"

/* Items with all their prices as tills knew them at a number of the chain's feed, for whoever
 * prices sales again. Read through the writer in small visits and kept: a bounded number of SKUs,
 * of each its last few versions.
 *
 * Threads: one at a time, never the writer's; blocks while it asks. */

G_BEGIN_DECLS

typedef struct TillItemVersions TillItemVersions;

/* central: borrowed, with a writer. */
TillItemVersions *till_item_versions_new(TillCentral *central);
void till_item_versions_free(TillItemVersions *versions);

typedef struct {
	const char *sku;
	gint64 number;
} TillItemQuestion;

/* Asks the writer for what is not known yet. After it those of one sale can be found; of a long
 * list a SKU's oldest versions may have made way for later ones. */
gboolean till_item_versions_load(TillItemVersions *versions, const TillItemQuestion *questions,
				 guint count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One that was made ready; without a price of its own, so that one found in its lists can be told
 * (TILL_ITEM_VERSIONS_NO_LIST). NULL: it was not there, or the feed has not come so far. Borrowed
 * until the next load. */
#define TILL_ITEM_VERSIONS_NO_LIST ""
const TillItem *till_item_versions_find(TillItemVersions *versions, const char *sku, gint64 number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillItemVersions, till_item_versions_free)

G_END_DECLS
