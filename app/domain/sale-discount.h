/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "json.h"
#include "price.h"

/* Discounts in the body of a sale; sale.c alone includes this. A line names the promotion and the
 * amount, the sale says the rest of each once ("whole") and its sum over the lines.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

json_t *till_sale_discount_write(const GArray *discounts, gboolean whole);
/* Appends what stands under "discounts", which is optional: a sale may have no promotions, or be
 * from before there were any. */
void till_sale_discount_read(TillJsonReader *reader, gboolean whole, GArray *discounts);
/* Gives the discounts of a line the words that the sale says once. */
void till_sale_discount_name(TillJsonReader *reader, GArray *discounts, const GArray *told);
gboolean till_sale_discount_same(const GArray *a, const GArray *b);

G_END_DECLS
