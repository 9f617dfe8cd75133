/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "catalog.h"

/* The settings behind till_catalog_shop and till_catalog_rules. Private to this layer.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* TILL_ERROR_STATE before the first snapshot. */
TillShop *till_shop_load(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The taxes by class, rounded as the shop says. */
TillTaxTable *till_shop_load_taxes(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A rounding mode by its setting; half-up when unset. */
gboolean till_shop_load_rounding(TillStore *store, const char *setting, TillRounding *out,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
