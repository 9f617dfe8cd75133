/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tax-engine.h"
#include "vector.h"

/* A document for the tax engine while an adapter fills it in: owns the taxes and lines, and counts
 * in minor units of 10^−exponent.
 *
 * Threads: one. */

G_BEGIN_DECLS

typedef struct {
	TillVector *vector; /* borrowed */
	guint exponent;
	TillTaxEnginePolicy policy; /* per line, half-up, steps of 1 unless changed */
	GPtrArray *taxes;           /* of TillTaxEngineTax, owned */
	GArray *lines;              /* of TillTaxEngineLine; their lists of taxes are owned */
	GPtrArray *exempt;          /* of const char*, borrowed: ids */
	TillTaxEngineExemption exemption;
} TillTaxDraft;

TillTaxDraft *till_tax_draft_new(TillVector *vector, guint exponent);
void till_tax_draft_free(TillTaxDraft *draft);

/* The tax of that id: known already, or new with everything zero. out_is_new nullable. */
TillTaxEngineTax *till_tax_draft_tax(TillTaxDraft *draft, const char *id, const char *group,
				     gboolean *out_is_new);
/* A percent tax by its rate in percent. */
TillTaxEngineTax *till_tax_draft_percent(TillTaxDraft *draft, const char *id, TillRatio percent,
					 gboolean inclusive);

/* Appends a line of price (in whole currency units, exact) × quantity less discount percent and
 * less an amount. taxes: count of them. */
void till_tax_draft_line(TillTaxDraft *draft, TillRatio price, TillRatio quantity,
			 TillRatio discount_percent, TillRatio less, TillTaxEngineTax *const *taxes,
			 guint count);

/* Points into the draft. */
TillTaxEngineDocument till_tax_draft_document(TillTaxDraft *draft);
/* NULL and the case failed when the engine refuses. */
TillTaxEngineResult *till_tax_draft_compute(TillTaxDraft *draft);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillTaxDraft, till_tax_draft_free)

G_END_DECLS
