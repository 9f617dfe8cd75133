/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-record.h"
#include "pickup-desk.h"
#include "register.h"

/* Finding and reading orders of every channel, as far as this store has a part in them. A note is a
 * step (pickup-desk.h).
 *
 * Two forms of each call, as in register.h.
 *
 * Threads: those of the store's creator. */

G_BEGIN_DECLS

#define TILL_ORDER_DESK_MAX 50

typedef struct {
	char *id, *number, *channel, *customer_name, *status, *currency;
	gint64 total_minor, placed_ms;
	/* Of its parts in this store: the state of the first that has something left, else of the
	 * first (fulfilment.h); "" when none is here. */
	char *state;
} TillOrderFound;

void till_order_desk_found_free(gpointer found);
/* Newest first, at most TILL_ORDER_DESK_MAX. By the number or its last digits, the beginning of a
 * word of the name, the last four or more digits of a phone number, the beginning of a mail address
 * or an address in full, the receipt. "": the newest. Array of TillOrderFound. */
GPtrArray *till_order_desk_search(TillRegister *reg, const char *query, GError **error);
typedef void (*TillOrderFoundCb)(GPtrArray *found, const GError *error, gpointer user);
void till_order_desk_search_async(TillRegister *reg, const char *query, gpointer receiver,
				  TillOrderFoundCb cb, gpointer user);
/* Those of a customer. */
GPtrArray *till_order_desk_of_customer(TillRegister *reg, const char *customer, GError **error);
void till_order_desk_of_customer_async(TillRegister *reg, const char *customer, gpointer receiver,
				       TillOrderFoundCb cb, gpointer user);

typedef struct {
	TillOrderRecord *record;
	GPtrArray *fulfilments; /* of TillFulfilment: this store's parts, own steps on top */
	GPtrArray *events;      /* of TillPickupEvent, oldest first */
	gboolean waiting;       /* steps of this till that the central has not told back */
} TillOrderOpened;

void till_order_desk_opened_free(TillOrderOpened *opened);
/* By id, or number in any case. TILL_ERROR_NOT_FOUND. */
TillOrderOpened *till_order_desk_open(TillRegister *reg, const char *id, GError **error);
typedef void (*TillOrderOpenedCb)(TillOrderOpened *opened, const GError *error, gpointer user);
void till_order_desk_open_async(TillRegister *reg, const char *id, gpointer receiver,
				TillOrderOpenedCb cb, gpointer user);

G_END_DECLS
