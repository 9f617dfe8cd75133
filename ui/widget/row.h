/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "row-item.h"

/* The base of widgets that show one TillRowItem in a list: the item as a property for the template
 * to bind to, and the item's words as the name of the list row around it (GTK 4.8 gives list rows
 * none).
 *
 * TillPlainRow shows title, detail, chip and total; other rows bring their own template.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_ROW (till_row_get_type())
G_DECLARE_DERIVABLE_TYPE(TillRow, till_row, TILL, ROW, GtkWidget)

struct _TillRowClass {
	GtkWidgetClass parent_class;
	/* The item or its words changed; nullable. */
	void (*changed)(TillRow *self, TillRowItem *item);
};

TillRowItem *till_row_get_item(TillRow *self); /* borrowed, nullable */

#define TILL_TYPE_PLAIN_ROW (till_plain_row_get_type())
G_DECLARE_FINAL_TYPE(TillPlainRow, till_plain_row, TILL, PLAIN_ROW, TillRow)

G_END_DECLS
