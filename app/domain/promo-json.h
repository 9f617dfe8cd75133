/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "promo.h"

/* Promotions as JSON: the body of a row of the `promotion` collection, and of the files given to
 * `import promotions` and `--rules` ({"promotions": [ … ]}).
 *
 * Only id, name and effects are required. Amounts end _minor, rates _ppm, times _ms; quantities are
 * pieces. A field this release does not know is refused, not passed over: a till that does not
 * understand a condition must not give the discount.
 *
 *   id, version (1), name            words for the shopper
 *   stage      "shelf", "item", "set", "basket" or "member"; by default what the effects are on
 *   priority   higher first (0)
 *   stacking   "stacks" (default), "exclusive", "always"
 *   group      at most one of a group applies; group_lines: at most one to each line
 *   currency   amounts are in it; in another shop the promotion does not apply
 *   valid      {from_ms, to_ms, weekdays ["mon" …], from_minute, to_minute}
 *   where      {channels [], stores []}
 *   who        {groups [], segments [], known_customer, purchase}
 *   coupon     {codes [], uses, uses_per_customer}
 *   needs      [{items, quantity, amount_minor, basis "net" | "list" | "untaxed", one_line}]
 *   excluded   items; skip_reduced
 *   limits     {per_basket, units, uses, uses_per_customer, budget_minor, budget_cut}
 *   effects    [{kind, on, …}]
 *
 *   kind "percent" with rate_ppm, "amount" with amount_minor, "fixed_price" with price_minor,
 *        "gift" with sku and quantity, "points" with rate_ppm (2000000 doubles)
 *   on   "units" (default), "lines", "cheapest", "set", "basket"
 *   items {skus, styles, brands, tags, categories, any, price_min_minor, price_max_minor,
 *        skip_reduced}: which lines; a set has parts [{items, quantity, reward, pick}] instead
 *   from_unit, units, cap_minor, cheapest, each; tiers {by, steps [{from, rate_ppm | amount_minor |
 *        price_minor}]} where by is "line_quantity", "line_amount", "items_quantity",
 *        "items_amount" or "basket_amount"; pick is "dearest" (default), "cheapest" or "first"
 *
 * Threads: any (pure). Errors are TILL_ERROR_INVALID and name the field. */

G_BEGIN_DECLS

#define TILL_PROMO_JSON_MAX 65536          /* one promotion */
#define TILL_PROMO_JSON_FILE_MAX 268435456 /* a file of them */
#define TILL_PROMO_JSON_COUNT_MAX 200000

/* One promotion from its text. */
TillPromo *till_promo_json_parse(const char *text, gsize size,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One promotion from an object; path names it in errors ("promotion"). */
TillPromo *till_promo_json_read(const json_t *object, const char *path,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The array "promotions" of an object, absent: none. Refuses two with one id. The caller owns the
 * array, whose free function drops the references. */
GPtrArray *till_promo_json_read_list(const json_t *object, const char *what,
				     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
