/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The SQL of cache.db: fixed statements, then a put and a delete for each collection of the feed,
 * made from the one table of collections. Private to this layer.
 *
 * Threads: any (constant). */

G_BEGIN_DECLS

/* All texts in order of statement index; owned by the array. */
GPtrArray *till_cache_sql(void);

G_END_DECLS
