/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cache.h"
#include "item.h"
#include "store.h"

/* One item as the cache holds it, with the price that applies now and the stock as it is to be
 * shown. Private to this layer.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* Steps an item query once. TRUE with NULL when there is no row. */
gboolean till_catalog_item_take(TillStore *store, sqlite3_stmt *query, TillItem **out,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The item of a row id; TRUE with NULL when it is gone. */
gboolean till_catalog_item_load(TillStore *store, gint64 id, TillItem **out,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
