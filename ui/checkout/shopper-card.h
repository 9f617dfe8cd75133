/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Who the sale is for: the customer (masked, since others see the screen), and the doors to what a
 * shopper may bring: a customer's card, a coupon, a tax certificate.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SHOPPER_CARD (till_shopper_card_get_type())
G_DECLARE_FINAL_TYPE(TillShopperCard, till_shopper_card, TILL, SHOPPER_CARD, TillView)

G_END_DECLS
