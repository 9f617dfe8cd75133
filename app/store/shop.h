/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "catalog.h"

/* The settings behind till_catalog_shop and till_catalog_rules. Private to this layer.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* TILL_ERROR_STATE before the first snapshot. */
TillShop *till_shop_load(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Currency, rounding and taxes of what is carried home. out is written only when all could be read.
 */
gboolean till_shop_load_rules(TillStore *store, TillPriceRules *out,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
