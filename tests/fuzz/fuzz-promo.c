/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "promo-engine.h"
#include "promo-json.h"

#define LINES 4

static const char *const tags[] = {"tee", "summer", NULL};
static const char *const categories[] = {"Clothing/Tops", NULL};

static const TillPromoLine lines[LINES] = {
    {.sku = "tee",
     .tags = tags,
     .categories = categories,
     .unit_minor = 1999,
     .quantity_milli = 5000,
     .amount_minor = 9995,
     .untaxed_minor = 8329},
    {.sku = "mug",
     .brand = "North",
     .unit_minor = 700,
     .quantity_milli = 2000,
     .amount_minor = 1400,
     .minimum_unit_minor = 650,
     .untaxed_minor = 1400},
    {.sku = "cherry",
     .weighed = TRUE,
     .unit_minor = 990,
     .quantity_milli = 640,
     .amount_minor = 634,
     .reduced = TRUE},
    {.sku = "card",
     .unit_minor = 5000,
     .quantity_milli = 1000,
     .amount_minor = 5000,
     .locked = TRUE},
};

/* A promotion that is taken can be worked out: shares sum to discounts, no line is below zero or
 * its minimum, and the locked one is whole. */
static void
check_result(const TillPromoEngineResult *result)
{
	gint64 discount = 0, net = 0;

	for (guint i = 0; i < result->shares->len; i++)
		discount += g_array_index(result->shares, TillPromoEngineShare, i).amount_minor;
	for (guint i = 0; i < LINES; i++) {
		const TillPromoEngineLine *line =
		    &g_array_index(result->lines, TillPromoEngineLine, i);
		g_assert_cmpint(line->net_minor, >=,
				lines[i].minimum_unit_minor * till_promo_pieces(&lines[i]));
		net += line->net_minor;
	}
	g_assert_cmpint(discount, ==, result->discount_minor);
	g_assert_cmpint(net, ==, result->net_minor);
	g_assert_cmpint(g_array_index(result->lines, TillPromoEngineLine, LINES - 1).net_minor, ==,
			5000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const TillPromoEngineCoupon coupon = {.code = "SANTA"};
	static const char *const groups[] = {"staff", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(TillPromo) promo = till_promo_json_parse((const char *)data, size, &error);

	if (promo == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	const TillPromoEngineContext context = {.now_ms = 1000000,
						.currency = "EUR",
						.customer = "c",
						.groups = groups,
						.coupons = &coupon,
						.coupon_count = 1};
	g_autoptr(TillPromoIndex) index = till_promo_index_new(&promo, 1);
	g_autoptr(TillPromoEngineResult) result =
	    till_promo_engine_run(index, lines, LINES, &context, &error);
	g_assert_no_error(error);
	check_result(result);
	return 0;
}
