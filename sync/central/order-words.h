/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "order-change.h"
#include "order-step.h"

/* What a step is in the timeline of its order, in words for whoever reads it next.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

/* Adds the events of a step that was done: what changed between before and after. */
void till_order_words_tell(TillOrderChange *change, const TillFulfilment *before,
			   const TillFulfilment *after, const TillOrderStep *step, gint64 at_ms);

/* Why a second hand-over cannot stand: who gave out the goods, where, when and to whom. Caller
 * frees. */
char *till_order_words_given(TillCentral *central, const TillFulfilment *fulfilment,
			     const TillFulfilmentHandOver *given, const TillOrderStep *step);

G_END_DECLS
