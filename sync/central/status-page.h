/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fulfilment.h"
#include "order-record.h"

/* The page on which a shopper sees where an order is, shows its pickup code and says "I'm outside":
 * one HTML document, complete without JavaScript.
 *
 * Nothing on it comes from a third party and nothing of it is kept; whoever has the link sees what
 * the goods are and which store has them, prices unless they are a gift, and no more of the shopper
 * than the name to bring an ID for.
 *
 * Threads: any. */

G_BEGIN_DECLS

/* What the store says of itself; texts are owned. */
typedef struct {
	char *shop_name, *name, *address, *time_zone;
} TillStatusStore;

void till_status_page_clear_store(TillStatusStore *store);

typedef struct {
	const TillFulfilment *fulfilment;
	const TillOrderRecord *record;
	const TillStatusStore *store;
	const char *token; /* as in the link */
	const char *svg;   /* of its code; NULL: shown no more */
	const char *language;
	gint64 now_ms;
} TillStatusView;

/* Caller frees. */
char *till_status_page_make(const TillStatusView *view);

/* Why there is no order to see: "bad" (no code of ours), "old" (there is a newer one), "late" (it
 * has run out), "many" (asked too often). Says nothing about any order. Caller frees. */
char *till_status_page_trouble(const char *why, const char *language);

/* "Bay 4 · blue hatchback" from what a shopper typed, cleaned and bounded; in English, for the
 * store's board. And back, for the form. Caller frees. */
char *till_status_page_arrival(const char *bay, const char *car);
void till_status_page_split_arrival(const char *arrival, char **out_bay, char **out_car);

G_END_DECLS
