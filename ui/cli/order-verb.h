/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pickup-desk.h"
#include "seller.h"
#include "verb.h"

/* What the verbs pickup and order share: the desk, who does it, and writing a step.
 *
 * Threads: main only; all of it blocks. */

G_BEGIN_DECLS

typedef struct {
	const TillVerb *verb;
	TillPickupDesk *desk;
	TillRegister *reg;
	TillSeller staff;
} TillOrderVerb;

typedef gboolean (*TillOrderVerbBody)(const TillOrderVerb *self, GError **error);
/* Opens the home and the desk, reads who does it, and runs body. */
gboolean till_order_verb_run(const TillVerb *verb, TillOrderVerbBody body,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an option was given. */
gboolean till_order_verb_has(const TillOrderVerb *self, const char *option);
void till_order_verb_put_text(char **field, const char *text);
/* A step by whoever runs the verb. */
TillOrderStep *till_order_verb_make_step(const TillOrderVerb *self, TillOrderStepKind kind,
					 const TillUuid *order, const TillUuid *fulfilment);
/* Writes it and prints how the order stands then. */
gboolean till_order_verb_do_step(const TillOrderVerb *self, const TillOrderStep *step,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
