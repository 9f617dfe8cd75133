/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Short help in the app: scanning, cash, parking, offline, power cut.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_HELP_PAGE (till_help_page_get_type())
G_DECLARE_FINAL_TYPE(TillHelpPage, till_help_page, TILL, HELP_PAGE, TillView)

G_END_DECLS
