/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What a pickup code said, large: icon, colour, title, what to do. It lies over the surface until
 * somebody closes it; a good one goes by itself.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_CODE_CARD (till_code_card_get_type())
G_DECLARE_FINAL_TYPE(TillCodeCard, till_code_card, TILL, CODE_CARD, TillView)

#define TILL_CODE_CARD_VALID_MS 2500

G_END_DECLS
