/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "outbox.h"
#include "store.h"

/* The terminal's own stock moves that the feed has not told back: shown stock = feed stock +
 * overlay. Private to this layer.
 *
 * A move counts until the central's acknowledgement names a feed number and the store's cursor has
 * passed it. Feed numbers mean something inside one epoch only: a snapshot of another epoch already
 * holds what was acknowledged.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* Sum of the moves of a SKU still to be told back. */
gboolean till_overlay_sum(TillStore *store, const char *sku, gint64 *out_milli,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After a commit: a move was added. */
void till_overlay_add(TillStore *store, const char *sku, gint64 delta_milli);

/* The sums may have changed otherwise: acknowledgements, the store's cursor, a reopened ledger.
 * They are read anew when next asked for. */
void till_overlay_forget(TillStore *store);

/* Whether an acknowledgement of this kind ends a move now, at the store's cursor. */
gboolean till_overlay_is_ended(TillStore *store, TillOutcome outcome, gint64 feed_seq);

/* Drops what no longer counts. Changes no sum. */
gboolean till_overlay_prune(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* To be called whenever the store's epoch may have changed: drops acknowledged moves of another
 * epoch. */
gboolean till_overlay_meet_epoch(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
