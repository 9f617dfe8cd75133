/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* How the sale's lines become what is to pay: subtotal, a row for each promotion, what people took
 * off, taxes in words; then the coupons and the tax certificate with what became of them, gifts,
 * and what the shopper narrowly misses. Coupons and certificate can be taken off here.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_TOTALS_LIST (till_totals_list_get_type())
G_DECLARE_FINAL_TYPE(TillTotalsList, till_totals_list, TILL, TOTALS_LIST, TillView)

G_END_DECLS
