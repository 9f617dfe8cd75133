/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "fulfilment.h"
#include "order-request.h"
#include "promise.h"

/* Where the goods of an order come from.
 *
 * A part that names its store comes from there, if the store does that kind and has the goods. A
 * part that names none comes from the first store that has all of it, by promise and then by code;
 * something to be sent may come from several stores if none has it all (order-plan.h), something to
 * be collected may not: nobody should have to drive to two shops without having said so. A part
 * that names no kind is collected where it names a store, else sent. Lines of one item are one
 * line; what no part names goes to the part without lines.
 *
 * Threads: the writer's; changes nothing. */

G_BEGIN_DECLS

/* A line of the order to be: each item once. */
typedef struct {
	char *code, *sku, *name, *variant;
	gint64 quantity_milli;
} TillOrderWanted;

typedef struct {
	TillFulfilmentKind kind;
	char *store;
	GArray *parts; /* of TillOrderRecordPart; line: index in wanted + 1 */
	TillPromise promise;
} TillOrderSourced;

typedef struct {
	GPtrArray *wanted;  /* of TillOrderWanted */
	GPtrArray *sourced; /* of TillOrderSourced */
	GPtrArray *missing; /* of char*: SKUs of which there is not enough, each once */
} TillOrderSource;

TillOrderSource *till_order_source_new(void);
void till_order_source_free(TillOrderSource *source);

/* Which items are wanted. FALSE with TILL_ERROR_NOT_FOUND or TILL_ERROR_INVALID and the field. */
gboolean till_order_source_read(TillOrderSource *source, TillCentral *central,
				const TillCart *content, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Which store brings what. line_of: for each line of the content its place in wanted is found by
 * item, so that parts may count the content's lines. FALSE with error; or with none and something
 * missing. */
gboolean till_order_source_find(TillOrderSource *source, TillCentral *central,
				const TillCart *content, const GPtrArray *parts,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for goods that are wanted already and a kind: at another store than not_in, all from
 * one. needs: of TillOrderRecordPart as in sourced. NULL without error: no store has them. Caller
 * frees the code. */
char *till_order_source_elsewhere(TillOrderSource *source, TillCentral *central,
				  TillFulfilmentKind kind, const GArray *needs, const char *not_in,
				  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillOrderSource, till_order_source_free)

G_END_DECLS
