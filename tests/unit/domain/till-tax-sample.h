/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tax-engine.h"

/* Taxes, lines and documents for the tests of the tax engine, and the check of every sum its header
 * promises.
 *
 * Threads: one. */

G_BEGIN_DECLS

TillTaxEngineTax till_tax_sample_percent(const char *id, gint64 rate_ppm, gboolean inclusive);
TillTaxEngineTax till_tax_sample_fixed(const char *id, gint64 amount_minor);
/* Half-up, steps of one minor unit. */
TillTaxEnginePolicy till_tax_sample_policy(TillTaxEngineMethod method);
/* price in parts of a minor unit. */
TillTaxEngineLine till_tax_sample_line(gint64 price, gint64 parts, gint64 quantity_milli,
				       const TillTaxEngineTax *const *taxes, guint count);

/* Fails the test when the engine refuses. Caller frees. */
TillTaxEngineResult *till_tax_sample_compute(TillTaxEnginePolicy policy,
					     const TillTaxEngineLine *lines, guint count,
					     const TillTaxEngineExemption *exemption);
const TillTaxEngineLineResult *till_tax_sample_get_line(const TillTaxEngineResult *result,
							guint index);
const TillTaxEngineShare *till_tax_sample_get_share(const TillTaxEngineResult *result, guint index);

/* Lines, taxes, groups and the document add up. */
void till_tax_sample_check_sums(const TillTaxEngineResult *result);

G_END_DECLS
