/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "json.h"
#include "price.h"

/* Taxes in the body of a sale; and in every other answer that shows a priced basket. A row is {id,
 * name, rate_ppm, inclusive, base_minor, amount_minor}, and where they differ from nothing also
 * kind
 * ("division", "fixed"), amount_milli (of a fixed one), group, exempt ("threshold", "certificate":
 * not charged, base_minor is what was sold without).
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

json_t *till_sale_tax_write(const GArray *taxes);
/* Appends what stands under "taxes", which is required; at most max rows. */
void till_sale_tax_read(TillJsonReader *reader, gsize max, GArray *taxes);
gboolean till_sale_tax_same(const GArray *a, const GArray *b);

G_END_DECLS
