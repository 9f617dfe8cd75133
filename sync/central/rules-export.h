/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket-file.h"
#include "central.h"

/* The rules of a store as the file that `tillctl price FILE --rules FILE` reads
 * (ui/cli/rules-file.h): settings, taxes, promotions, how often offers were used, items with their
 * codes and prices. So a price can be worked out, or disputed, anywhere without the books.
 *
 * With a basket: its items and its customer only. Without: every item that is sold, and no
 * customers; what is known of people is not given out in bulk.
 *
 * Threads: the writer's, which is kept for as long as it takes. */

G_BEGIN_DECLS

/* Writes the whole file at path, mode 0600. basket: nullable, borrowed. TILL_ERROR_NOT_FOUND when
 * there is no such store, item or customer. */
gboolean till_rules_export(TillCentral *central, const char *store_code,
			   const TillBasketFile *basket, const char *path,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
