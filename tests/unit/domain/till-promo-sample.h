/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "promo-engine.h"

/* A basket and promotions for the tests of the promotion engine, written as short texts.
 *
 * Threads: the test's own. */

G_BEGIN_DECLS

typedef struct {
	GArray *lines;                  /* of TillPromoLine */
	GPtrArray *promos;              /* of TillPromo, owned */
	GPtrArray *kept;                /* owned texts the lines point to */
	TillPromoEngineContext context; /* half-up, EUR, store 014, a Monday at noon */
	GArray *coupons;                /* of TillPromoEngineCoupon */
} TillPromoSample;

TillPromoSample *till_promo_sample_new(void);
void till_promo_sample_free(TillPromoSample *sample);

/* A line of pieces. words: "tee" is SKU, tag and category at once. */
TillPromoLine *till_promo_sample_line(TillPromoSample *sample, const char *words, gint64 unit_minor,
				      gint64 pieces);
/* A promotion from JSON written with ' for "; id, name and effects as everywhere. */
const TillPromo *till_promo_sample_promo(TillPromoSample *sample, const char *json);
void till_promo_sample_coupon(TillPromoSample *sample, const char *code, gint64 uses,
			      gint64 customer_uses);

/* Runs the engine; the test fails when it refuses. */
TillPromoEngineResult *till_promo_sample_run(TillPromoSample *sample);
/* Runs it and answers what is to be paid. */
gint64 till_promo_sample_pay(TillPromoSample *sample);
/* What is paid for one line of a result. */
gint64 till_promo_sample_net(const TillPromoEngineResult *result, guint line);
/* The first refusal of a promotion; NULL when it was not refused. */
const TillPromoEngineRefusal *till_promo_sample_refusal(const TillPromoEngineResult *result,
							const char *id);

/* Fails unless lines, shares, discounts and totals of a result agree with one another. */
void till_promo_sample_check(const TillPromoSample *sample, const TillPromoEngineResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromoSample, till_promo_sample_free)

G_END_DECLS
