/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books.h"
#include "central.h"
#include "entry.h"
#include "messages.h"
#include "order-step.h"

/* What tills did to parts of orders, entered in the books: goods, stock, promises, timeline.
 *
 * The central has the last word, but never says that something did not happen: a step that fits no
 * more is held, with an exception that says why in words.
 *
 *   ORDER_ALREADY_FULFILLED  a hand-over of what was handed over before: raised where both were
 *                            done, with who gave out what, when, to whom; stock stays as it is
 *   ORDER_MOVED_ON           any other step that does not fit where the goods are now
 *   ORDER_UNKNOWN            no such order or part. It is not tried again by itself: orders are
 * made here, and one that this central does not know was lost with a database that was put back
 *
 * What a store could not find and asks another for goes to one that has it; where none has,
 * ORDER_SHORT tells the store that somebody has to decide. What was refused at the counter is a
 * return and stays in stock.
 *
 * Threads: the writer's; inside the transaction of an inbox. */

G_BEGIN_DECLS

/* All borrowed. */
typedef struct {
	TillCentral *central;
	const TillTerminal *terminal;
	TillChanges *changes; /* of the terminal's store, open */
	TillBooks *books;     /* of it */
	gint64 now_ms;
} TillOrderSteps;

/* Whether an entry is one of these, in a version this program knows. */
gboolean till_order_steps_is(const TillEntry *entry);

/* Does the step, or holds it: sets outcome, reason and feed number of result, and raises the
 * exception of a held one. FALSE with TILL_ERROR_STATE when it breaks a rule of the tables, with
 * another error when the database failed; nothing of it is then in memory. */
gboolean till_order_steps_take(const TillOrderSteps *steps, const TillEntry *entry,
			       const TillOrderStep *step, TillWireResult *result,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
