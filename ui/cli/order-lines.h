/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "arguments.h"
#include "fulfilment.h"
#include "json.h"
#include "register.h"

/* What the verbs about orders share: lines named at a command line ("TEE-1=2", any code of the item
 * before the '='; without it everything that stands there), and a fulfilment as an answer.
 *
 * Threads: main only; looking a code up blocks. */

G_BEGIN_DECLS

/* Adds to step the moves of what every value of option names, of what stands in from; of
 * everything when the option is not given and all is set. TILL_ERROR_STATE: not that much. */
gboolean till_order_lines_move(TillOrderStep *step, const TillFulfilment *fulfilment,
			       TillRegister *reg, const GPtrArray *values, TillOrderState from,
			       TillOrderState to, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of everything there. */
void till_order_lines_move_all(TillOrderStep *step, const TillFulfilment *fulfilment,
			       TillOrderState from, TillOrderState to);

/* New reference. */
json_t *till_order_lines_answer(const TillFulfilment *fulfilment);
/* Prints it as words. */
gboolean till_order_lines_say(const TillFulfilment *fulfilment,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
