/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* A scanned code that is in no catalogue, and what to do about it.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_UNKNOWN_CARD (till_unknown_card_get_type())
G_DECLARE_FINAL_TYPE(TillUnknownCard, till_unknown_card, TILL, UNKNOWN_CARD, TillView)

G_END_DECLS
