/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "promo-engine.h"
#include "promo-json.h"

/* What promotions cost: a basket of 100 lines, 10 promotions that touch it, and more and more that
 * do not. One JSON object a line; ratio_milli is to the run with 10 promotions altogether, taken in
 * turns with it, so that a busy neighbour slows both. Medians. */

#define LINES 100
#define TOUCHING 10
#define ROUNDS 201

static gint64
now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Ten kinds, so that every path is in the figure; the others ask for SKUs that are not here. */
static char *
make_promotion(guint number)
{
	static const char *const effects[] = {
	    "{\"kind\":\"percent\",\"rate_ppm\":100000,\"items\":{\"skus\":[\"%s\"]}}",
	    "{\"kind\":\"amount\",\"amount_minor\":50,\"items\":{\"skus\":[\"%s\"]}}",
	    "{\"kind\":\"fixed_price\",\"price_minor\":900,\"items\":{\"skus\":[\"%s\"]}}",
	    "{\"kind\":\"percent\",\"on\":\"set\",\"rate_ppm\":1000000,\"cheapest\":1,\"parts\":[{"
	    "\"items\":{\"skus\":[\"%s\"]},\"quantity\":3}]}",
	    "{\"kind\":\"amount\",\"on\":\"basket\",\"amount_minor\":500,\"items\":{\"skus\":[\"%"
	    "s\"]}}",
	};
	g_autofree char *sku = number < TOUCHING ? g_strdup_printf("here-%u", number * 7)
						 : g_strdup_printf("elsewhere-%u", number);
	g_auto(GStrv) parts = g_strsplit(effects[number % G_N_ELEMENTS(effects)], "%s", 2);
	g_autofree char *effect = g_strjoinv(sku, parts);

	return g_strdup_printf(
	    "{\"id\":\"p%06u\",\"name\":\"Offer %u\",\"group\":\"%s\",\"effects\":[%s]}", number,
	    number, number % 5 == 0 ? "best" : "", effect);
}

static TillPromoIndex *
make_index(guint count)
{
	g_autoptr(GPtrArray) promos =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);

	for (guint i = 0; i < count; i++) {
		g_autofree char *json = make_promotion(i);
		g_autoptr(GError) error = NULL;
		TillPromo *promo = till_promo_json_parse(json, strlen(json), &error);
		g_assert_no_error(error);
		g_ptr_array_add(promos, promo);
	}
	return till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
}

#define CONTENDERS 12
#define CONTENDED 40 /* lines */

/* One of a group each, or bundles for the same units. */
static TillPromoIndex *
make_contenders(gboolean bundles)
{
	g_autoptr(GPtrArray) promos =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);

	for (guint i = 0; i < CONTENDERS; i++) {
		g_autofree char *json =
		    bundles
			? g_strdup_printf(
			      "{\"id\":\"b%u\",\"name\":\"B\",\"limits\":{\"per_basket\":1},"
			      "\"effects\":[{\"kind\":\"amount\",\"on\":\"set\","
			      "\"amount_minor\":%u,\"parts\":[{\"items\":{\"tags\":[\"cotton\"]},"
			      "\"quantity\":%u}]}]}",
			      i, 100 + 31 * i, 3 + i)
			: g_strdup_printf(
			      "{\"id\":\"g%u\",\"name\":\"G\",\"group\":\"g%u\",\"effects\":[{"
			      "\"kind\":\"percent\",\"rate_ppm\":%u,\"items\":{\"tags\":["
			      "\"summer\"]}"
			      "}]}",
			      i, i % 4, 50000 + 7000 * i);
		g_autoptr(GError) error = NULL;
		TillPromo *promo = till_promo_json_parse(json, strlen(json), &error);
		g_assert_no_error(error);
		g_ptr_array_add(promos, promo);
	}
	return till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
}

typedef struct {
	TillPromoLine lines[LINES];
	char *skus[LINES];
} Basket;

static void
fill_basket(Basket *basket)
{
	static const char *const categories[] = {"Clothing/Tops/Tees", NULL};
	static const char *const tags[] = {"summer", "cotton", NULL};

	for (guint i = 0; i < LINES; i++) {
		gint64 unit = 500 + 37 * (gint64)i, pieces = 1 + i % 4;
		basket->skus[i] = g_strdup_printf("here-%u", i);
		basket->lines[i] = (TillPromoLine){.sku = basket->skus[i],
						   .brand = "North",
						   .tags = tags,
						   .categories = categories,
						   .unit_minor = unit,
						   .quantity_milli = pieces * 1000,
						   .amount_minor = unit * pieces};
	}
}

static gint64
price_once(const TillPromoIndex *index, const Basket *basket, guint lines, gboolean *out_exact)
{
	const TillPromoEngineContext context = {.now_ms = 1, .currency = "EUR"};
	g_autoptr(GError) error = NULL;
	gint64 begin = now_ns();
	g_autoptr(TillPromoEngineResult) result =
	    till_promo_engine_run(index, basket->lines, lines, &context, &error);

	g_assert_no_error(error);
	g_assert_cmpint(result->discount_minor, >, 0);
	if (out_exact != NULL)
		*out_exact = result->exact;
	return now_ns() - begin;
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	const gint64 *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static gint64
median(gint64 *times)
{
	qsort(times, ROUNDS, sizeof *times, compare_times);
	return times[ROUNDS / 2];
}

static void
time_contenders(const Basket *basket, const TillPromoIndex *few, gboolean bundles)
{
	g_autoptr(TillPromoIndex) index = make_contenders(bundles);
	gint64 times[ROUNDS], yardstick[ROUNDS];
	gboolean exact = FALSE;

	for (guint i = 0; i < ROUNDS; i++) {
		times[i] = price_once(index, basket, CONTENDED, &exact);
		yardstick[i] = price_once(few, basket, CONTENDED, NULL);
	}
	gint64 value = median(times), bare = median(yardstick);
	printf(
	    "{\"bench\":\"12 %s on 40 lines\", \"exact\":%s, \"value_ns\":%" G_GINT64_FORMAT
	    ", \"yardstick\":\"10 that mostly do not contend\", \"yardstick_ns\":%" G_GINT64_FORMAT
	    ", \"ratio_milli\":%" G_GINT64_FORMAT "}\n",
	    bundles ? "bundles for the same units" : "promotions in 4 groups",
	    exact ? "true" : "false", value, bare, 1000 * value / bare);
}

int
main(void)
{
	static const guint counts[] = {10, 100, 1000, 10000, 100000};
	g_autoptr(TillPromoIndex) few = make_index(TOUCHING);
	Basket basket;

	fill_basket(&basket);
	for (gsize c = 0; c < G_N_ELEMENTS(counts); c++) {
		g_autoptr(TillPromoIndex) index = make_index(counts[c]);
		gint64 times[ROUNDS], yardstick[ROUNDS];
		for (guint i = 0; i < ROUNDS; i++) {
			times[i] = price_once(index, &basket, LINES, NULL);
			yardstick[i] = price_once(few, &basket, LINES, NULL);
		}
		gint64 value = median(times), bare = median(yardstick);
		printf("{\"bench\":\"promotions on 100 lines\", \"promotions\":%u, "
		       "\"touching\":%d, \"value_ns\":%" G_GINT64_FORMAT
		       ", \"yardstick\":\"the 10 that touch it alone\", "
		       "\"yardstick_ns\":%" G_GINT64_FORMAT ", \"ratio_milli\":%" G_GINT64_FORMAT
		       "}\n",
		       counts[c], TOUCHING, value, bare, 1000 * value / bare);
	}
	time_contenders(&basket, few, FALSE);
	time_contenders(&basket, few, TRUE);
	for (guint i = 0; i < LINES; i++)
		g_free(basket.skus[i]);
	return 0;
}
