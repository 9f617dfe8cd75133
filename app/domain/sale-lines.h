/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "json.h"
#include "price.h"

/* A priced basket inside the body of an entry: currency, lines with their taxes and discounts,
 * sums, and what the price depended on (sale.h lists the fields). Sales have one, and so has each
 * side of a return or an exchange.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Puts the fields into object. */
void till_sale_lines_write(json_t *object, const TillPriced *priced);

/* The basket whose fields stand in the reader's object. NULL when not even its currency is known;
 * the reader then has a fault, as for whatever else is missing, out of bounds or does not add up.
 * The caller owns it. */
TillPriced *till_sale_lines_read(TillJsonReader *reader);

G_END_DECLS
