/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "allocation.h"
#include "promo-engine-private.h"

static gboolean
share(const TillPromoEngineRun *run, gint64 amount, gint64 *out_shares)
{
	return run->context->policy.spread == TILL_PROMO_ENGINE_FIRST_LINES
		   ? till_allocation_share_first(amount, run->weights, run->count, out_shares)
		   : till_allocation_share(amount, run->weights, run->count, out_shares);
}

/* Lines that cannot bear their share bear what they can and leave the round. */
static gint64
fill_narrow(TillPromoEngineRun *run, const gint64 *round)
{
	gint64 placed = 0;

	for (guint i = 0; i < run->count; i++) {
		if (round[i] <= run->caps[i])
			continue;
		run->shares[i] = run->caps[i];
		run->weights[i] = 0;
		placed += run->caps[i];
	}
	return placed;
}

gint64
till_promo_engine_spread(TillPromoEngineRun *run, gint64 amount)
{
	g_autofree gint64 *round = g_new0(gint64, run->count);
	gint64 bearable = 0;

	memset(run->shares, 0, run->count * sizeof *run->shares);
	for (guint i = 0; i < run->count; i++) {
		run->caps[i] = run->weights[i] > 0 ? MAX(run->caps[i], 0) : 0;
		if (run->caps[i] == 0)
			run->weights[i] = 0;
		bearable += run->caps[i];
	}
	amount = MIN(amount, bearable);
	for (gint64 left = amount; left > 0;) {
		if (!share(run, left, round))
			return 0;
		gint64 placed = fill_narrow(run, round);
		if (placed == 0) {
			for (guint i = 0; i < run->count; i++)
				run->shares[i] += round[i];
			break;
		}
		left -= placed;
	}
	return amount;
}
