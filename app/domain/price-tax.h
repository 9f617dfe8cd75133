/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "price.h"

/* The step of pricing that works out the taxes of a whole document; of the files of pricing alone.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Fills in taxes, tax_minor and total_minor of every line from what is paid for it. FALSE with
 * TILL_ERROR_LIMIT or TILL_ERROR_INVALID as tax-engine.h says. */
gboolean till_price_tax(TillPriced *priced, const TillPriceRules *rules,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What of an amount paid for a line is left without the taxes inside it, each line rounded by
 * itself; the amount where it cannot be worked out. */
gint64 till_price_tax_net(const TillPricedLine *line, gint64 paid_minor, const TillTaxTable *taxes);

G_END_DECLS
