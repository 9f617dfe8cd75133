/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "price.h"

/* A store's settings that pricing reads, the one list for till, central, files and imports. Each is
 * a text; one that is not set leaves the rules as they are.
 *
 *   rounding                  of price × quantity: half-up (till_rounding_name)
 *   tax_rounding              of taxes, the same words; goes into tax_policy.rounding
 *   tax_method                line, unit, document
 *   tax_exempt_keeps_price    true, false
 *   promo_rounding            of discounts, the same words as rounding
 *   promo_round_per_unit      true, false
 *   promo_choice              best, first: of promotions that exclude each other
 *   promo_percent             rest, price: what a percentage is of
 *   promo_spread              largest-remainder, first-lines: where odd units go
 *   promo_limited             evenly, on-limited: what limited units of a line cost
 *   promo_minimum_line        no line is reduced below it: 0.01, in the rules' currency
 *   promo_never_tags          lines no promotion touches: gift-card,final-sale
 *   cash_rounding_country     the usual practice of a country (cash-rounding.h), in the rules'
 *                             currency: CH
 *   cash_rounding_minor       the smallest coin, in minor units; the rest stays as the country's
 *   cash_rounding_mode        how cash is rounded, the same words as rounding
 *   cash_rounding_all         true, false: whatever pays is rounded
 *   variable_codes            patterns of codes with a weight or price inside (variable-code.h)
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* In the order they are to be applied. Static, NULL-terminated. */
const char *const *till_price_setting_names(void);

/* Sets in rules what a setting says. FALSE (TILL_ERROR_INVALID) with a sentence when it says
 * nothing known; a name that is not in the list is no fault and does nothing. */
gboolean till_price_setting_apply(TillPriceRules *rules, const char *name, const char *value,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
