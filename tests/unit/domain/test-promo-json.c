/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-json.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "till-test.h"

static TillPromo *
parse(const char *json, GError **error)
{
	g_autofree char *text = g_strdelimit(g_strdup(json), "'", '"');

	return till_promo_json_parse(text, strlen(text), error);
}

static void
refuse(const char *json, const char *words)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(parse(json, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

#define EFFECT "'effects':[{'kind':'percent','rate_ppm':1}]"

static void
test_all_fields_are_read(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillPromo) promo = parse(
	    "{'id':'summer','version':7,'name':'Summer','stage':'member','priority':-3,"
	    "'stacking':'exclusive','group':'g','currency':'EUR','skip_reduced':true,"
	    "'valid':{'from_ms':5,'to_ms':9,'weekdays':['mon','sun'],'from_minute':600,"
	    "'to_minute':60},'where':{'channels':['web'],'stores':['014','002']},"
	    "'who':{'groups':['staff'],'segments':['gold'],'known_customer':true,'purchase':2},"
	    "'coupon':{'codes':['b','A'],'uses':1,'uses_per_customer':2},"
	    "'needs':[{'items':{'skus':['x']},'quantity':2,'amount_minor':30,'basis':'untaxed',"
	    "'one_line':true}],'excluded':{'tags':['gift-card']},"
	    "'limits':{'per_basket':1,'units':2,'uses':3,'uses_per_customer':4,'budget_minor':5,"
	    "'budget_cut':true},'effects':[{'kind':'amount','on':'set','amount_minor':10,"
	    "'parts':[{'quantity':2,'pick':'cheapest','reward':true}],'cheapest':1,'each':true,"
	    "'cap_minor':8}]}",
	    &error);

	g_assert_no_error(error);
	g_assert_cmpint(promo->version, ==, 7);
	g_assert_cmpint(promo->stage, ==, TILL_PROMO_MEMBER);
	g_assert_cmpuint(promo->weekdays, ==, 0x41);
	g_assert_cmpstr(promo->stores.values[0], ==, "002");
	g_assert_cmpstr(promo->codes.values[1], ==, "B");
	g_assert_cmpint(promo->needs[0].basis, ==, TILL_PROMO_BASIS_UNTAXED);
	g_assert_cmpint(promo->effects[0].parts[0].pick, ==, TILL_PROMO_PICK_CHEAPEST);
	g_assert_cmpint(promo->effects[0].cap_minor, ==, 8);
	g_assert_true(promo->has_excluded && promo->budget_cut && promo->known_customer);
	g_assert_cmpint(promo->uses_per_customer, ==, 4);
}

static void
test_stage_follows_the_effects(void)
{
	g_autoptr(TillPromo) item = parse("{'id':'a','name':'A'," EFFECT "}", NULL);
	g_autoptr(TillPromo) basket = parse(
	    "{'id':'a','name':'A','effects':[{'kind':'amount','on':'basket','amount_minor':1}]}",
	    NULL);

	g_assert_cmpint(item->stage, ==, TILL_PROMO_ITEM);
	g_assert_cmpint(basket->stage, ==, TILL_PROMO_BASKET);
}

static void
test_faults_name_the_field(void)
{
	refuse("{'name':'A'," EFFECT "}", "promotion.id is missing");
	refuse("{'id':'a','name':''," EFFECT "}", "promotion.name is empty");
	refuse("{'id':'a','name':'A'}", "promotion.effects is missing or empty");
	refuse("{'id':'a','name':'A','efects':[]," EFFECT "}",
	       "promotion.efects is not a field this release knows");
	refuse("{'id':'a','name':'A','valid':{'until':1}," EFFECT "}",
	       "promotion.valid.until is not a field");
	refuse("{'id':'a','name':'A','stacking':'maybe'," EFFECT "}",
	       "promotion.stacking is not one of stacks, exclusive, always");
	refuse("{'id':'a','name':'A','effects':[{'kind':'percent','rate_ppm':1000001}]}",
	       "promotion.effects[0].rate_ppm is not between 0 and 1000000");
	refuse("{'id':'a','name':'A','effects':[{'kind':'amount'}]}",
	       "promotion.effects[0].amount_minor is missing");
	refuse("{'id':'a','name':'A','valid':{'weekdays':['funday']}," EFFECT "}",
	       "promotion.valid.weekdays holds something else");
	refuse("{'id':'a','name':'A','valid':{'from_ms':9,'to_ms':9}," EFFECT "}",
	       "promotion.valid.to_ms is not after from_ms");
	refuse("{'id':'a','name':'A','coupon':{}," EFFECT "}", "promotion.coupon.codes is missing");
	refuse("{'id':'a','name':'A','needs':[{}]," EFFECT "}",
	       "promotion.needs[0].quantity or amount_minor is missing");
	refuse("{'id':'a','name':'A','where':{'stores':[14]}," EFFECT "}",
	       "promotion.where.stores holds something that is no text");
}

static void
test_what_does_not_go_together_is_refused(void)
{
	refuse("{'id':'a','name':'A','effects':[{'kind':'percent','on':'set','rate_ppm':1}]}",
	       "effects[0].parts belong to an effect on a set");
	refuse("{'id':'a','name':'A','effects':[{'kind':'percent','rate_ppm':1,'cheapest':1}]}",
	       "effects[0].cheapest belongs to an effect on a set");
	refuse("{'id':'a','name':'A','effects':[{'kind':'percent','on':'basket','rate_ppm':1,"
	       "'from_unit':2}]}",
	       "effects[0].from_unit belongs to an effect on units");
	refuse("{'id':'a','name':'A','group_lines':true," EFFECT "}", "promotion.group is missing");
	refuse("{'id':'a','name':'A','effects':[{'kind':'percent','rate_ppm':1,"
	       "'tiers':{'by':'line_quantity'}}]}",
	       "tiers.by and steps go together");
	refuse("{'id':'a','name':'A','effects':[{'kind':'percent','rate_ppm':1,'tiers':{"
	       "'by':'line_quantity','steps':[{'from':5,'rate_ppm':1},{'from':5,'rate_ppm':2}]}}]}",
	       "steps[1].from is not above");
}

static void
test_lists_refuse_two_with_one_id(void)
{
	g_autofree char *text = g_strdelimit(g_strdup("{'promotions':[{'id':'a','name':'A'," EFFECT
						      "},{'id':'a','name':'B'," EFFECT "}]}"),
					     "'", '"');
	g_autoptr(json_t) object = till_json_parse(text, strlen(text), 9999, "file", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(till_promo_json_read_list(object, "file", &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "file.promotions[1].id stands twice");
	g_assert_true(json_array_remove(json_object_get(object, "promotions"), 1) == 0);
	g_autoptr(GPtrArray) promos = till_promo_json_read_list(object, "file", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(promos->len, ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/promo-json/all-fields-are-read", test_all_fields_are_read);
	g_test_add_func("/domain/promo-json/stage-follows-the-effects",
			test_stage_follows_the_effects);
	g_test_add_func("/domain/promo-json/faults-name-the-field", test_faults_name_the_field);
	g_test_add_func("/domain/promo-json/what-does-not-go-together-is-refused",
			test_what_does_not_go_together_is_refused);
	g_test_add_func("/domain/promo-json/lists-refuse-two-with-one-id",
			test_lists_refuse_two_with_one_id);
	return g_test_run();
}
