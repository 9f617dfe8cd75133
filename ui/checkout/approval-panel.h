/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A second person lets something pass, at this till: who they are, and their PIN on the pad, whose
 * digits stay there until the answer (pin-pad.h).
 *
 * Signal "submitted" (): a person is chosen and OK was pressed.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_APPROVAL_PANEL (till_approval_panel_get_type())
G_DECLARE_FINAL_TYPE(TillApprovalPanel, till_approval_panel, TILL, APPROVAL_PANEL, TillView)

/* question: what is asked, as a heading. people: of TillRegisterPerson, those who may say yes. */
void till_approval_panel_ask(TillApprovalPanel *self, const char *question,
			     const GPtrArray *people);
/* Who is chosen; NULL: nobody. Borrowed. */
const char *till_approval_panel_get_person(TillApprovalPanel *self);
/* The digits, borrowed until the next call. */
const char *till_approval_panel_borrow_pin(TillApprovalPanel *self, gsize *out_length);
/* The pad is locked while an answer is on its way. */
void till_approval_panel_set_waiting(TillApprovalPanel *self, gboolean waiting);
/* A no, in words; the digits are wiped and may be typed again. */
void till_approval_panel_refuse(TillApprovalPanel *self, const char *words);

G_END_DECLS
