/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "price.h"

/* Prices and taxes from a file instead of the cache: "tillctl price --rules FILE" prices a basket
 * with nothing but two files, so that a rule can be tried, or compared with another program's
 * figures, without a till.
 *
 *   {"currency":"EUR",
 *    "rounding":"half-up",             of price × quantity; half-up if absent
 *    "tax_rounding":"half-up",         as rounding if absent
 *    "tax_method":"line",              or "unit", "document"
 *    "tax_exempt_keeps_price":false,   and every other setting of price-setting.h
 *    "fulfilment":"carry",             which taxes count; carry if absent
 *    "taxes":[{"tax_class":"standard","id":"vat","name":"VAT 21%","rate_ppm":210000,
 *              "inclusive":true}],
 *    "items":[{"sku":"TEE-NVY-M","codes":["4006381333931"],"name":"Organic tee","variant":"Navy /
 * M", "price_minor":2450,"tax_class":"standard","unit":"ea","weighed":false}]}
 *
 * A tax may also have kind ("percent", "division", "fixed"), amount_milli (fixed: thousandths of a
 * minor unit per unit), include_base, base_affected, threshold ("exempt-below", "only-above"),
 * threshold_minor, threshold_per_line, group and fulfilment, which mean what they do in tax.h.
 *
 * sku and price_minor are required of an item; tax_class is "standard", unit "ea", weighed false if
 * absent. Codes are compared as scans are: a UPC-A finds the EAN-13 of the same number. At most 4
 * MiB, 20,000 items, 200 taxes. Unknown keys are ignored.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef struct TillRulesFile TillRulesFile;

TillRulesFile *till_rules_file_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_rules_file_free(TillRulesFile *file);

/* Borrowed. */
const TillPriceRules *till_rules_file_rules(const TillRulesFile *file);
/* As find_item of a TillBasketSource; user is the file. */
TillItem *till_rules_file_find(gpointer user, const char *code, TillVariableCode *out_variable,
			       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRulesFile, till_rules_file_free)

G_END_DECLS
