/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Who works, where and when, in the top bar; pressing it leads to the sign-in, to switch or to
 * lock.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_STAFF_BUTTON (till_staff_button_get_type())
G_DECLARE_FINAL_TYPE(TillStaffButton, till_staff_button, TILL, STAFF_BUTTON, TillView)

G_END_DECLS
