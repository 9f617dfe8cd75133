/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket-maker.h"
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
 *    "store":"014", "channel":"store", "time_zone":"UTC", "at_ms":…,   of the sale; now if absent
 *    "taxes":[{"tax_class":"standard","id":"vat","name":"VAT 21%","rate_ppm":210000,
 *              "inclusive":true}],
 *    "promotions":[…],                 promo-json.h
 *    "customers":[{"id":"c-1","name":"…","email":"…","phone":"…","loyalty":"…","groups":["gold"],
 *                  "segments":[],"purchases":3,"offers":true}],
 *    "promotion_uses":[{"promotion":"…","customer":"","uses":3,"spent_minor":900}],
 *    "coupon_uses":[{"code":"…","customer":"","uses":1}],
 *    "items":[{"sku":"TEE-NVY-M","codes":["4006381333931"],"name":"Organic tee","variant":"Navy /
 * M", "price_minor":2450,"tax_class":"standard","unit":"ea","weighed":false,"style":"TEE",
 *              "category":"Clothing/Tops","tags":"organic","brand":"…",
 *              "prices":[{"list":"group:gold","min_quantity_milli":3000,"valid_from_ms":0,
 *                         "valid_to_ms":0,"price_minor":2200}]}]}
 *
 * `tillhouse-central rules STORE` writes such a file from its books.
 *
 * A tax may also have kind ("percent", "division", "fixed"), amount_milli (fixed: thousandths of a
 * minor unit per unit), include_base, base_affected, threshold ("exempt-below", "only-above"),
 * threshold_minor, threshold_per_line, group and fulfilment, which mean what they do in tax.h.
 *
 * sku and a price are required of an item: price_minor for everybody, or rows of price lists, of
 * which the one that counts is taken (price-list.h); tax_class is "standard", unit "ea", weighed
 * false if absent. Codes are compared as scans are: a UPC-A finds the EAN-13 of the same number. At
 * most 512 MiB, 2,000,000 items, 2,000 taxes. Unknown keys are ignored, but in promotions.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef struct TillRulesFile TillRulesFile;

/* now_ms: the moment to price at when the file says none. */
TillRulesFile *till_rules_file_load(const char *path, gint64 now_ms,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_rules_file_free(TillRulesFile *file);

/* Borrowed. */
const TillPriceRules *till_rules_file_rules(const TillRulesFile *file);
/* When, where and through which channel; texts borrowed. */
const TillPriceMoment *till_rules_file_moment(const TillRulesFile *file);
/* The file's items and customers; file is borrowed. */
TillBasketSource till_rules_file_source(TillRulesFile *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRulesFile, till_rules_file_free)

G_END_DECLS
