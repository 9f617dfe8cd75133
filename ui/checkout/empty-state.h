/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What the lines card says before the first item.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_EMPTY_STATE (till_empty_state_get_type())
G_DECLARE_FINAL_TYPE(TillEmptyState, till_empty_state, TILL, EMPTY_STATE, TillView)

G_END_DECLS
