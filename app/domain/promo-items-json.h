/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "json.h"
#include "promo.h"

/* What the readers of rule files share: which goods a rule is about, and words and lists in it.
 * promo-json.c and return-policy-json.c alone include this.
 *
 * A field that this release does not know is refused, not passed over: it may be a condition.
 *
 * Threads: any (pure). Faults go to the reader. */

G_BEGIN_DECLS

/* Fails on a key outside known ("items quantity"). */
void till_promo_items_json_keys(TillJsonReader *reader, const char *known);
/* A part of the object; absent: empty (borrowed), so that all its fields have their defaults. */
TillJsonReader till_promo_items_json_part(TillJsonReader *parent, const char *name,
					  const char *known, json_t *empty);
/* The index of a word in words (NULL-terminated; "" is no word); fallback when absent. */
guint till_promo_items_json_word(TillJsonReader *reader, const char *name, const char *const *words,
				 guint fallback);
/* A list of texts of at most 200 bytes; absent or empty: not asked. */
void till_promo_items_json_list(TillJsonReader *reader, const char *name, gboolean capitals,
				TillPromoList *out);
/* {skus, styles, brands, tags, categories, any, price_min_minor, price_max_minor, skip_reduced}. */
void till_promo_items_json_read(TillJsonReader *parent, const char *name, TillPromoItems *out);

G_END_DECLS
