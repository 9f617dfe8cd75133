/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-index.h"

#include <string.h>

#include "till-promo-sample.h"

#define OFF "'kind':'percent','rate_ppm':1"

static GPtrArray *
collect(TillPromoSample *sample, const TillPromoIndexKeys *keys)
{
	g_autoptr(TillPromoIndex) index =
	    till_promo_index_new((TillPromo *const *)sample->promos->pdata, sample->promos->len);

	return till_promo_index_collect(index, (const TillPromoLine *)(gpointer)sample->lines->data,
					sample->lines->len, keys);
}

static void
assert_found(TillPromoSample *sample, const TillPromoIndexKeys *keys, const char *ids)
{
	g_autoptr(GPtrArray) found = collect(sample, keys);
	g_autoptr(GString) text = g_string_new("");

	for (guint i = 0; i < found->len; i++)
		g_string_append(text, ((const TillPromo *)g_ptr_array_index(found, i))->id);
	g_assert_cmpstr(text->str, ==, ids);
}

static void
test_lines_find_what_can_touch_them(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	const TillPromoIndexKeys keys = {0};
	const char *const categories[] = {"Clothing/Tops/Tees", NULL};
	TillPromoLine *line = till_promo_sample_line(sample, "tee", 1000, 1);

	line->categories = categories;
	line->brand = "North";
	till_promo_sample_promo(sample, "{'id':'a','name':'A','effects':[{" OFF
					",'items':{'skus':['tee','mug']}}]}");
	till_promo_sample_promo(sample, "{'id':'b','name':'B','effects':[{" OFF
					",'items':{'skus':['mug']}}]}");
	till_promo_sample_promo(sample, "{'id':'c','name':'C','effects':[{" OFF
					",'items':{'categories':['Clothing']}}]}");
	till_promo_sample_promo(sample, "{'id':'d','name':'D','effects':[{" OFF
					",'items':{'categories':['Cloth']}}]}");
	till_promo_sample_promo(sample, "{'id':'e','name':'E','effects':[{" OFF
					",'items':{'any':true,'skus':['mug'],"
					"'brands':['North']}}]}");
	till_promo_sample_promo(sample, "{'id':'f','name':'F','effects':[{" OFF "}]}");
	assert_found(sample, &keys, "acef");
}

static void
test_buyers_and_coupons_find_theirs(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();
	const char *const groups[] = {"staff", NULL}, *const codes[] = {"SANTA", NULL};
	const TillPromoIndexKeys nobody = {.store = "002"};
	const TillPromoIndexKeys keys = {.store = "014", .groups = groups, .codes = codes};

	till_promo_sample_line(sample, "tee", 1000, 1);
	till_promo_sample_promo(
	    sample, "{'id':'a','name':'A','who':{'groups':['staff']},'effects':[{" OFF "}]}");
	till_promo_sample_promo(
	    sample, "{'id':'b','name':'B','coupon':{'codes':['santa']},'effects':[{" OFF "}]}");
	till_promo_sample_promo(
	    sample, "{'id':'c','name':'C','where':{'stores':['014']},'effects':[{" OFF "}]}");
	assert_found(sample, &nobody, "");
	assert_found(sample, &keys, "abc");
}

static void
test_newest_version_of_an_id_stands(void)
{
	g_autoptr(TillPromoSample) sample = till_promo_sample_new();

	till_promo_sample_line(sample, "tee", 1000, 1);
	till_promo_sample_promo(sample, "{'id':'a','version':2,'name':'A','effects':[{'kind':"
					"'percent','rate_ppm':100000}]}");
	till_promo_sample_promo(sample, "{'id':'a','version':1,'name':'A','effects':[{'kind':"
					"'percent','rate_ppm':500000}]}");
	g_assert_cmpint(till_promo_sample_pay(sample), ==, 900);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/promo-index/lines-find-what-can-touch-them",
			test_lines_find_what_can_touch_them);
	g_test_add_func("/domain/promo-index/buyers-and-coupons-find-theirs",
			test_buyers_and_coupons_find_theirs);
	g_test_add_func("/domain/promo-index/newest-version-of-an-id-stands",
			test_newest_version_of_an_id_stands);
	return g_test_run();
}
