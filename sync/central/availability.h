/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "db.h"

/* What a store can promise of an item: on hand − reserved − safety.
 *
 * Safety is the store's setting "safety_stock_milli" (0): what is kept back for those who stand in
 * the shop. An item whose stock is not kept is always there; one whose stock is kept and of which
 * the store has no row is not.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	gboolean counted; /* FALSE: always there */
	gint64 on_hand_milli;
	gint64 reserved_milli;
	gint64 safety_milli;
	gint64 available_milli; /* may be below zero */
} TillAvailability;

/* sku: known (an unknown one is not there). */
gboolean till_availability_read(TillDb *db, const char *store_code, const char *sku,
				TillAvailability *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
