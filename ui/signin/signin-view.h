/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Who works here: a tile for each person and the PIN pad. Shown at the start, after a lock, and to
 * switch; a sale in hand waits behind it.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SIGNIN_VIEW (till_signin_view_get_type())
G_DECLARE_FINAL_TYPE(TillSigninView, till_signin_view, TILL, SIGNIN_VIEW, TillView)

G_END_DECLS
