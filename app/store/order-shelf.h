/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fulfilment.h"
#include "order-record.h"
#include "pickup-token.h"
#include "store.h"

/* Orders as this till knows them: what the feed told, with the till's own steps on top.
 *
 * A step counts from its commit until the store's cursor has passed the feed number that its
 * acknowledgement named, as a stock move does (overlay.h). One that the central holds counts no
 * longer: somebody else was first, and an exception says so. A step that no longer fits what the
 * feed told is passed over; the central will hold it.
 *
 * Threads: store. */

G_BEGIN_DECLS

#define TILL_ORDER_SHELF_EVENTS_MAX 500

typedef struct {
	TillFulfilment *fulfilment; /* of any store: look at its store */
	gboolean gift, split;       /* as its order says; FALSE while that is not here */
	gboolean waiting;           /* own steps are on top */
	gint64 arrived_ms;          /* as the feed told: own hand-overs end it above */
} TillShelfRow;

void till_order_shelf_row_free(gpointer row);

/* Those that may have something left to do, by promise, at most limit by the feed's word; those of
 * own steps besides. Array of TillShelfRow. A row that cannot be read is left out and logged. */
GPtrArray *till_order_shelf_open(TillStore *store, guint limit, GError **error);
/* One; *out NULL when it is not here. */
gboolean till_order_shelf_get(TillStore *store, const TillUuid *fulfilment, TillShelfRow **out,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All parts of an order, by id. Array of TillShelfRow. */
GPtrArray *till_order_shelf_parts(TillStore *store, const char *order, GError **error);

/* An order by id, else by number in any case; *out NULL when it is not here. */
gboolean till_order_shelf_record(TillStore *store, const char *id, TillOrderRecord **out,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	gint64 at_ms;
	char *channel, *who, *kind, *words;
	gboolean waiting; /* an own step */
} TillShelfEvent;

void till_order_shelf_event_free(gpointer event);
/* The timeline of an order, oldest first. Array of TillShelfEvent. */
GPtrArray *till_order_shelf_events(TillStore *store, const TillUuid *order, GError **error);

/* Each wait that ended since then, in milliseconds. GArray of gint64. */
GArray *till_order_shelf_waits(TillStore *store, gint64 since_ms, GError **error);

typedef struct {
	char *id, *number, *channel, *customer_name, *status, *currency;
	gint64 total_minor, placed_ms;
} TillShelfOrder;

void till_order_shelf_order_free(gpointer order);
/* Newest first, at most limit: by number, its digits, receipt, the beginning of a word of the name
 * or of the mail address, the end of the phone number (four digits or more); "": all. Looks at the
 * newest 2000 orders, and at the one of that number however old. Array of TillShelfOrder. */
GPtrArray *till_order_shelf_search(TillStore *store, const char *query, guint limit,
				   GError **error);
GPtrArray *till_order_shelf_of_customer(TillStore *store, const char *customer, guint limit,
					GError **error);

/* The keys that pickup codes may be signed with, the newest TILL_PICKUP_KEYS_MAX. */
gboolean till_order_shelf_keys(TillStore *store, TillPickupKeys *out,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The setting "pickup_hand_over_unknown". */
gboolean till_order_shelf_trusts_codes(TillStore *store, gboolean *out,
				       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an own step was taken back already: looks at the newest entries, since nothing older than
 * a minute can be undone. */
gboolean till_order_shelf_is_undone(TillStore *store, const TillUuid *txn, gboolean *out,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillShelfRow, till_order_shelf_row_free)

G_END_DECLS
