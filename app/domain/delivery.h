/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "json.h"

/* How goods that are paid at a counter reach the shopper: carried out, as nearly all are; or, when
 * this store does not have them, sent home, or fetched at another store. What is not carried out
 * takes nothing from this store's stock; the central makes an order of it when the sale arrives
 * (order-record.h).
 *
 * JSON, where a line has one: fulfilment {kind "ship" | "pickup", store}. store: who sends it, ""
 * to let the central choose; or where it is fetched, which is never left out. Absent: carried out.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_DELIVERY_STORE_MAX 16 /* bytes */

typedef enum {
	TILL_DELIVERY_CARRY_OUT,
	TILL_DELIVERY_SHIP,
	TILL_DELIVERY_PICKUP,
} TillDeliveryKind;

/* Zeroed: carried out. */
typedef struct {
	TillDeliveryKind kind;
	char store[TILL_DELIVERY_STORE_MAX + 1]; /* code; "" */
} TillDelivery;

/* FALSE: a store is missing or too long; *out is untouched. */
gboolean till_delivery_make(TillDeliveryKind kind, const char *store,
			    TillDelivery *out) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_delivery_equal(const TillDelivery *a, const TillDelivery *b);

/* "ship", "pickup", "carry-out": the kind of a fulfilment. Static. */
const char *till_delivery_name(TillDeliveryKind kind);
/* "Sent home", "To be fetched at 021"; NULL: carried out, nothing to say. Caller frees. */
char *till_delivery_words(const TillDelivery *delivery);

/* Puts "fulfilment" into a line's object, if it has one. */
void till_delivery_write(json_t *line, const TillDelivery *delivery);
/* Reads a line's "fulfilment"; faults go to the reader. */
TillDelivery till_delivery_read(TillJsonReader *line);

G_END_DECLS
