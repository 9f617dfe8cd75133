/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "vector.h"

/* The adapters this program has. To add one: write its file, name its function here, put a row into
 * registry.c and the file into tests/meson.build.
 *
 * Threads: one. */

G_BEGIN_DECLS

void till_tax_odoo_run(TillVector *vector);
void till_tax_sylius_run(TillVector *vector);
void till_tax_vendure_run(TillVector *vector);
void till_tax_solidus_run(TillVector *vector);
void till_tax_erpnext_run(TillVector *vector);
void till_tax_medusa_run(TillVector *vector);
void till_promo_sylius_run(TillVector *vector);
void till_promo_sylius_prices_run(TillVector *vector);
gboolean till_promo_sylius_prices_wants(const TillVector *vector);
void till_promo_solidus_run(TillVector *vector);
void till_promo_saleor_run(TillVector *vector);
void till_promo_vendure_run(TillVector *vector);
void till_promo_medusa_run(TillVector *vector);
void till_promo_odoo_run(TillVector *vector);
void till_cash_rounding_brick_run(TillVector *vector);
void till_cash_rounding_ruby_run(TillVector *vector);
void till_cash_rounding_odoo_run(TillVector *vector);
void till_cash_rounding_rules_run(TillVector *vector);
void till_allocation_run(TillVector *vector);
void till_rounding_run(TillVector *vector);
void till_refunds_sylius_run(TillVector *vector);
void till_refunds_solidus_run(TillVector *vector);
void till_check_digits_run(TillVector *vector);
gboolean till_check_digits_wants(const TillVector *vector);
void till_gs1_vectors_run(TillVector *vector);
gboolean till_gs1_vectors_wants(const TillVector *vector);
void till_embedded_run(TillVector *vector);
gboolean till_embedded_wants(const TillVector *vector);

/* The set a case belongs to; NULL when no adapter reads it. out_elsewhere: the folder is shared
 * with other programs, and the case is one of theirs. */
const TillVectorSet *till_registry_find(const char *folder, const TillVector *vector,
					gboolean *out_elsewhere);
/* Whether any adapter reads a folder: others are passed over without a word. */
gboolean till_registry_reads(const char *folder);

G_END_DECLS
