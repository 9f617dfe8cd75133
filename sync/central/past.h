/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "collection.h"
#include "db.h"

/* The rows that prices and returns depend on (item, price, tax, setting, promotion, return_policy),
 * as they were at any number of their scope's feed.
 *
 * A row holds from the number under which it was told until the number under which it was replaced
 * or deleted. The present one knows its since; changes.h keeps each that it replaces here. Rows
 * that were there before this was kept hold since 0. History never ends: a till that was dark for a
 * year must still be understood.
 *
 * What held at a number that the feed has reached never changes, so it may be read in pieces with
 * other work in between.
 *
 * Threads: the writer's; rows belong to whoever asked. */

G_BEGIN_DECLS

#define TILL_PAST_VALUE_MAX (1024 * 1024) /* bytes of a kept row */

typedef struct {
	char *key;     /* owned; of the feed */
	json_t *value; /* owned; the collection's columns */
	gint64 since;  /* included */
	gint64 until;  /* not included; 0: it holds still */
} TillPastRow;

/* An array of TillPastRow that owns its rows. */
GArray *till_past_rows_new(void);

/* Whether rows of a collection are kept when they change. */
gboolean till_past_keeps(const TillCollection *collection);

/* Keeps a row that is being replaced or deleted under the number until. */
gboolean till_past_keep(TillDb *db, const char *scope, const TillCollection *collection,
			const TillPastRow *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every row about something (a SKU's item or prices; else by the first column of the key) that held
 * at the number or later, appended to rows; 0: all there ever were. First those that were replaced,
 * by key and time, then those that hold still. */
gboolean till_past_about(TillDb *db, const char *scope, const TillCollection *collection,
			 const char *about, gint64 number, GArray *rows,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* At most count rows, those whose first column of the key is above after ("": from the first). */
typedef struct {
	const char *after;
	guint count;
} TillPastPiece;

/* A piece of what holds now and held at the number, in the order of its key. Where a key
 * has more columns than one, all must be taken at once. */
gboolean till_past_present(TillDb *db, const char *scope, const TillCollection *collection,
			   gint64 number, const TillPastPiece *piece, GArray *rows,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What held at the number and does not now. To be read after the pieces of the present: a row that
 * changed meanwhile may then stand in both, never in none. */
gboolean till_past_gone(TillDb *db, const char *scope, const TillCollection *collection,
			gint64 number, GArray *rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The numbers between which the promotions, taxes or settings of a scope were what they were at one
 * of them. */
typedef struct {
	gint64 from; /* included */
	gint64 to;   /* not included; 0: they have not changed since */
} TillPastSpan;

gboolean till_past_span(TillDb *db, const char *scope, const TillCollection *collection,
			gint64 number, TillPastSpan *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
