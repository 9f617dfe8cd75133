/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What went wrong, with which line, and what is to become of it: one question after the other, and
 * only those that make sense for the order in hand.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_PROBLEM_SHEET (till_problem_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillProblemSheet, till_problem_sheet, TILL, PROBLEM_SHEET, TillView)

G_END_DECLS
