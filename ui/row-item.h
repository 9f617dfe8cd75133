/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "item.h"

/* A row of any list on screen: a sale's line, a search result, a parked sale, a waiting entry. It
 * holds words ready to show, as properties that row widgets bind to, and the id that an action
 * needs.
 *
 * Threads: main. */

G_BEGIN_DECLS

typedef enum {
	TILL_ROW_TITLE,    /* "Organic tee — Navy / M" */
	TILL_ROW_DETAIL,   /* "SKU 4012-NVY-M" */
	TILL_ROW_QUANTITY, /* "2", "0.640 kg" */
	TILL_ROW_PRICE,
	TILL_ROW_TOTAL,
	TILL_ROW_CHIP,      /* "Last 1 in store"; "" hides it */
	TILL_ROW_HAND,      /* what a person changed: "10% off · Damaged"; "" hides it */
	TILL_ROW_WAS_PRICE, /* another price than the one that counts; "" hides it */
	TILL_ROW_WAS_TOTAL, /* before anything came off; "" hides it */
	TILL_ROW_NOTE,      /* "" hides it */
	TILL_ROW_HEADING,   /* the row only names those below it: "Ready to collect" */
	TILL_ROW_TONE,      /* how good its chip is: "good", "warn", "bad", "plain" */
	TILL_ROW_KEY,       /* id of a parked sale, receipt number */
	TILL_ROW_TEXTS,
} TillRowText;

#define TILL_TYPE_ROW_ITEM (till_row_item_get_type())
G_DECLARE_FINAL_TYPE(TillRowItem, till_row_item, TILL, ROW_ITEM, GObject)

/* id: line id; 0 where there is none. item: nullable, referenced. */
TillRowItem *till_row_item_new(guint id, const TillItem *item);
guint till_row_item_get_id(TillRowItem *self);
const TillItem *till_row_item_get_item(TillRowItem *self); /* borrowed */

/* NULL counts as "". Notifies when the words change. */
void till_row_item_set(TillRowItem *self, TillRowText which, const char *text);
const char *till_row_item_get(TillRowItem *self, TillRowText which); /* borrowed */

/* Why a line costs less: the names of its offers, in order; NULL counts as none. Copied. */
void till_row_item_set_reasons(TillRowItem *self, char **reasons);
const char *const *till_row_item_get_reasons(TillRowItem *self); /* borrowed, never NULL */

/* The row as one sentence for a screen reader. Caller frees. */
char *till_row_item_dup_words(TillRowItem *self);

G_END_DECLS
