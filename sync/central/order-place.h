/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "order-book.h"
#include "order-request.h"

/* Placing an order: its lines priced by the tills' own engine for the channel and for the store and
 * kind of its first part, its goods promised (order-source.h), its number given, its payments
 * noted; all in the caller's transaction.
 *
 * Numbers: a letter of the channel and one gapless count for all of them, from 1001: W web, A app,
 * C chat, S social, P support, T store.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef struct {
	const char *channel; /* of channel-key.h */
	const char *who;     /* for the timeline */
	const char *receipt; /* of a sale that it was ordered in; "" */
} TillOrderPlacer;

/* The order that was placed. NULL with error (TILL_ERROR_INVALID names the field); or, with none,
 * with the SKUs in out_missing of which not enough can be promised (of char*, the caller's; NULL
 * else). */
TillBookedOrder *till_order_place(TillCentral *central, const TillOrderRequest *request,
				  const TillOrderPlacer *placer, GPtrArray **out_missing,
				  GError **error);

/* The next number for an order of a channel that is about to be written. NULL with error. Caller
 * frees. */
char *till_order_place_number(TillCentral *central, const char *channel, GError **error);

G_END_DECLS
