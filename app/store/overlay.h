/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "journal.h"
#include "outbox.h"
#include "shopper.h"
#include "store.h"

/* The terminal's own stock moves and uses of offers that the feed has not told back: shown stock =
 * feed stock + overlay, known use = feed's count + overlay. Private to this layer.
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

/* Adds the uses that concern a shopper (nullable): of promotions by everybody, of promotions by the
 * customer, of the coupons. These are told back by the chain's feed. */
gboolean till_overlay_add_uses(TillStore *store, const TillShopper *shopper, TillPriceUses *uses,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After a commit: an offer was used. */
void till_overlay_add_use(TillStore *store, const TillOfferUse *use);

/* The sums may have changed otherwise: acknowledgements, a cursor, a reopened ledger.
 * They are read anew when next asked for. */
void till_overlay_forget(TillStore *store);

/* Whether an acknowledgement ends a move or a use now, at the cursors. */
gboolean till_overlay_is_ended(TillStore *store, const TillAck *ack);

/* Drops what no longer counts. Changes no sum. */
gboolean till_overlay_prune(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* To be called whenever an epoch may have changed: drops what was acknowledged in another. */
gboolean till_overlay_meet_epoch(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
