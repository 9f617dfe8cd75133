/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "item.h"
#include "json.h"

/* An item inside a parked sale, as it was when it was put aside: all that a price depends on, so
 * that the sale comes back as it was. Stock is not kept. Private to this layer.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* An object with the item's keys; the line's own are added to it. */
json_t *till_parked_item_write(const TillItem *item);
/* Never NULL; faults go to the reader. */
TillItem *till_parked_item_read(TillJsonReader *line);

G_END_DECLS
