/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "promo-engine.h"
#include "vector.h"

/* A basket and promotions while an adapter fills them in; amounts in minor units of 10^−exponent.
 * Promotions go through the product's own JSON form.
 *
 * Threads: one. */

G_BEGIN_DECLS

#define TILL_PROMO_DRAFT_NOW_MS 1000000

typedef struct {
	TillVector *vector; /* borrowed */
	guint exponent;
	GArray *lines;     /* of TillPromoLine */
	GPtrArray *promos; /* of TillPromo, owned */
	GArray *coupons;   /* of TillPromoEngineCoupon */
	GArray *usage;     /* of TillPromoEngineUsage */
	GPtrArray *kept;   /* owned texts and lists that the others point to */
	/* Half-up unless changed; lists of texts may point into the case. */
	TillPromoEngineContext context;
} TillPromoDraft;

TillPromoDraft *till_promo_draft_new(TillVector *vector, guint exponent);
void till_promo_draft_free(TillPromoDraft *draft);

/* A copy of a text, or a list of one text, that lives as long as the draft. */
const char *till_promo_draft_keep(TillPromoDraft *draft, const char *text);
const char *const *till_promo_draft_keep_list(TillPromoDraft *draft, const char *text);

/* A line of amount minor units altogether; sku is copied. */
TillPromoLine *till_promo_draft_line(TillPromoDraft *draft, const char *sku, gint64 amount_minor,
				     gint64 pieces);
/* Sets the categories from a list of names, nullable. */
void till_promo_draft_categories(TillPromoDraft *draft, TillPromoLine *line, const json_t *names);

/* Adds a promotion; takes json, which needs neither id (they are numbered in the order of calls)
 * nor, when name is given, a name. Returns its id. */
const char *till_promo_draft_promo(TillPromoDraft *draft, const char *name, json_t *json);
void till_promo_draft_coupon(TillPromoDraft *draft, const char *code, gint64 uses,
			     gint64 customer_uses);
void till_promo_draft_usage(TillPromoDraft *draft, const char *id, gint64 uses, gint64 spent_minor);

/* {name: [value]} or, with a list, {name: [its texts]}: an items selector. */
json_t *till_promo_draft_items(const char *name, const char *value);
json_t *till_promo_draft_items_list(const char *name, const json_t *values);

/* NULL and the case failed when the engine refuses. */
TillPromoEngineResult *till_promo_draft_run(TillPromoDraft *draft);

/* What all promotions took off a line; what one discount of the result did (0: nothing). */
gint64 till_promo_draft_discount(const TillPromoEngineResult *result, guint line);
gint64 till_promo_draft_share(const TillPromoEngineResult *result, guint discount, guint line);
/* Pieces of all gifts. */
gint64 till_promo_draft_gifts(const TillPromoEngineResult *result);
/* A rate in percent as ppm. */
gint64 till_promo_draft_ppm(TillVector *vector, const json_t *object, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromoDraft, till_promo_draft_free)

G_END_DECLS
