/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The checkout surface: the sale's lines, what may be done with them, and the pay card.
 *
 * Actions "checkout.": step(line,pieces), edit(line), void, note, park, recall, clear, next,
 * search-unknown, dismiss-unknown.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_CHECKOUT_VIEW (till_checkout_view_get_type())
G_DECLARE_FINAL_TYPE(TillCheckoutView, till_checkout_view, TILL, CHECKOUT_VIEW, TillView)

G_END_DECLS
