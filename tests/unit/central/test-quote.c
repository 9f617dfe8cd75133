/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "changes.h"

/* JSON with ' for ". Caller frees. */
static char *
json_text(const char *text)
{
	return g_strdelimit(g_strdup(text), "'", '"');
}

typedef struct {
	CentralFixture central;
	TestTerminal terminal;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	central_fixture_init(&fixture->central, TRUE);
	test_terminal_init(&fixture->terminal, &fixture->central);
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	test_terminal_clear(&fixture->terminal);
	central_fixture_clear(&fixture->central);
}

static json_t *
ask(Fixture *fixture, int status, const char *target, const char *basket)
{
	g_autofree char *body = json_text(basket);

	return test_terminal_ask(&fixture->terminal, status, "POST", target, body, strlen(body));
}

static void
check_total(Fixture *fixture, const char *basket, gint64 list, gint64 discount)
{
	g_autoptr(json_t) answer = ask(fixture, 200, "/v1/quote", basket);

	g_test_message("%s", basket);
	g_assert_cmpint(json_integer_value(json_object_get(answer, "list_minor")), ==, list);
	g_assert_cmpint(json_integer_value(json_object_get(answer, "discount_minor")), ==,
			discount);
}

static void
import(Fixture *fixture, const char *kind, const char *text)
{
	g_autofree char *file = json_text(text);

	json_decref(central_fixture_import(&fixture->central, kind, file, NULL));
}

#define MUG "{'lines':[{'code':'MUG-SPK'}]"
#define HALF                                                                                       \
	"{'promotions':[{'id':'mugs','version':%d,'name':'Mugs','effects':[{'kind':'percent',"     \
	"'rate_ppm':%d,'items':{'skus':['MUG-SPK']}}]}]}"

static void
import_mugs(Fixture *fixture, int version, int rate_ppm)
{
	g_autofree char *text = g_strdup_printf(HALF, version, rate_ppm);

	import(fixture, "promotions", text);
}

/* Promotions are kept between quotes, and each change of them is in the next quote. */
static void
test_changes(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(GString) many = g_string_new("list,sku,price\n");

	import(fixture, "prices", "list,sku,price\nbase,MUG-SPK,20.00\n");
	check_total(fixture, MUG "}", 2000, 0);
	import_mugs(fixture, 1, 500000);
	check_total(fixture, MUG "}", 2000, 1000);
	import_mugs(fixture, 2, 100000);
	check_total(fixture, MUG "}", 2000, 200);
	/* A bulk change leaves no rows in the feed to follow. */
	for (int i = 0; i < 20001; i++)
		g_string_append_printf(many, "base,BULK-%d,1.00\n", i);
	g_string_append(many, "base,MUG-SPK,30.00\n");
	json_decref(central_fixture_import(&fixture->central, "prices", many->str, NULL));
	import_mugs(fixture, 3, 200000);
	check_total(fixture, MUG "}", 3000, 600);
	/* What was not imported in the end is not in the next quote either. */
	json_decref(central_fixture_import(
	    &fixture->central, "promotions",
	    "{\"promotions\":[{\"id\":\"mugs\",\"version\":4,\"name\":\"M\",\"effects\":[{\"kind\":"
	    "\"percent\",\"rate_ppm\":1}]},{\"id\":\"bad\"}]}",
	    "1 fault"));
	check_total(fixture, MUG "}", 3000, 600);
	import(fixture, "settings", "store,name,value\n014,promo_never_tags,never\n");
	import(fixture, "products", "sku,name,tags,price\nMUG-SPK,Mug,never,30.00\n");
	check_total(fixture, MUG "}", 3000, 0);
}

static void
test_customers(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	import(fixture, "customers",
	       "id,name,email,phone,loyalty,groups,purchases\n"
	       "x-1,Xenia,Xenia@Mail.example,+1 (555) 777-00,XX1,silver,5\n");
	import(fixture, "prices",
	       "list,sku,price,min_quantity\nbase,MUG-SPK,20.00,\ngroup:silver,MUG-SPK,18.00,\n"
	       "group:silver,MUG-SPK,15.00,3\n");
	check_total(fixture, MUG "}", 2000, 0);
	check_total(fixture, MUG ",'customer':'x-1'}", 1800, 0);
	check_total(fixture, MUG ",'customer':'XX1'}", 1800, 0);
	check_total(fixture, MUG ",'customer':'xenia@mail.EXAMPLE'}", 1800, 0);
	check_total(fixture, MUG ",'customer':'+1555 77700'}", 1800, 0);
	check_total(fixture,
		    "{'lines':[{'code':'MUG-SPK','quantity_milli':3000}],'customer':'x-1'}", 4500,
		    0);
	json_decref(ask(fixture, 404, "/v1/quote", MUG ",'customer':'nobody'}"));
}

/* --- coupons and their use --- */

typedef struct {
	const char *collection;
	const char *text;
} Row;

static gboolean
put_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	const Row *row = data;
	g_autofree char *text = json_text(row->text);
	g_autoptr(json_t) value = json_loads(text, 0, NULL);
	TillChanges changes;

	g_assert_true(
	    till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, NULL) &&
	    till_changes_put(&changes, till_collection_find(row->collection), value, NULL) &&
	    till_changes_close(&changes, NULL));
	return TRUE;
}

static void
put(Fixture *fixture, const char *collection, const char *text)
{
	Row row = {collection, text};

	g_assert_true(till_writer_call(fixture->central.central->writer, put_run, &row, NULL));
}

static void
check_coupon(Fixture *fixture, const char *basket, const char *reason)
{
	g_autoptr(json_t) answer = ask(fixture, 200, "/v1/quote", basket);
	const json_t *coupon = json_array_get(json_object_get(answer, "coupons"), 0);

	g_test_message("%s", basket);
	g_assert_cmpstr(json_string_value(json_object_get(coupon, "reason")), ==, reason);
}

static void
test_coupons(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	import(fixture, "promotions",
	       "{'promotions':[{'id':'once','name':'Once','coupon':{'codes':['ONCE','TWICE'],"
	       "'uses':1,'uses_per_customer':1},'limits':{'uses':3},'effects':[{'kind':'amount',"
	       "'amount_minor':100,'on':'basket'}]}]}");
	check_coupon(fixture, MUG ",'coupons':['once ']}", "no_customer");
	check_coupon(fixture, MUG ",'coupons':['once '],'customer':'c-0002'}", "applied");
	check_coupon(fixture, MUG ",'coupons':['NONE']}", "unknown");
	put(fixture, "coupon_use", "{'code':'ONCE','uses':1}");
	check_coupon(fixture, MUG ",'coupons':['once'],'customer':'c-0002'}", "used_up");
	check_coupon(fixture, MUG ",'coupons':['twice'],'customer':'c-0001'}", "applied");
	put(fixture, "coupon_use", "{'code':'TWICE','customer':'c-0001','uses':1}");
	check_coupon(fixture, MUG ",'coupons':['twice'],'customer':'c-0001'}", "used_by_customer");
	check_coupon(fixture, MUG ",'coupons':['twice'],'customer':'c-0002'}", "applied");
	put(fixture, "promotion_use", "{'promotion':'once','uses':3,'spent_minor':300}");
	check_coupon(fixture, MUG ",'coupons':['twice'],'customer':'c-0002'}", "used_up");
}

/* --- place, time, trace --- */

static void
test_moments(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) here = NULL;
	g_autoptr(json_t) web = NULL;
	g_autoptr(json_t) traced = NULL;
	const json_t *line;

	/* The fixture's clock shows a Wednesday, 11:06 in London, 06:06 in New York. */
	import(
	    fixture, "promotions",
	    "{'promotions':[{'id':'early','name':'Early','valid':{'weekdays':['wed'],"
	    "'from_minute':360,'to_minute':420},'effects':[{'kind':'percent','rate_ppm':100000}]},"
	    "{'id':'web','name':'Web','where':{'channels':['web']},'effects':[{'kind':'percent',"
	    "'rate_ppm':200000}]}]}");
	import(fixture, "settings", "store,name,value\n014,time_zone,America/New_York\n");
	here = ask(fixture, 200, "/v1/quote", MUG "}");
	g_assert_cmpuint(json_array_size(json_object_get(here, "discounts")), ==, 1);
	g_assert_null(json_object_get(here, "considered"));
	web = ask(fixture, 200, "/v1/quote?channel=web", MUG "}");
	g_assert_cmpuint(json_array_size(json_object_get(web, "discounts")), ==, 2);
	import(fixture, "settings", "store,name,value\n014,time_zone,Europe/London\n");
	traced = ask(fixture, 200, "/v1/quote?trace=1", MUG "}");
	g_assert_cmpuint(json_array_size(json_object_get(traced, "discounts")), ==, 0);
	g_assert_cmpuint(json_array_size(json_object_get(traced, "considered")), >=, 2);
	line = json_array_get(json_object_get(traced, "lines"), 0);
	g_assert_cmpuint(json_array_size(json_object_get(line, "trace")), >=, 2);
	json_decref(ask(fixture, 400, "/v1/quote?channel=moon", MUG "}"));
	json_decref(ask(fixture, 404, "/v1/quote?store=none", MUG "}"));
	json_decref(ask(fixture, 400, "/v1/quote",
			"{'lines':[{'code':'MUG-SPK',"
			"'quantity_milli':500}]}"));
	json_decref(ask(fixture, 404, "/v1/quote", "{'lines':[{'code':'NONE'}]}"));
}

static void
test_certificate(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) taxed = ask(fixture, 200, "/v1/quote", MUG "}");
	g_autoptr(json_t) exempt =
	    ask(fixture, 200, "/v1/quote", MUG ",'exemption':{'certificate':'EX-1'}}");
	g_autoptr(json_t) expired = ask(fixture, 200, "/v1/quote",
					MUG ",'exemption':{'certificate':'EX-1','valid_to_ms':1}}");
	gint64 tax = json_integer_value(json_object_get(taxed, "tax_minor"));

	g_assert_cmpint(tax, >, 0);
	g_assert_cmpint(json_integer_value(json_object_get(exempt, "tax_minor")), ==, 0);
	g_assert_cmpint(json_integer_value(json_object_get(expired, "tax_minor")), ==, tax);
}

/* Books that an older release filled may hold what this one does not take for a promotion. */
static void
test_unreadable(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	put(fixture, "promotion", "{'id':'old','version':1,'body':'{}'}");
	import(fixture, "prices", "list,sku,price\nbase,MUG-SPK,20.00\n");
	check_total(fixture, MUG "}", 2000, 0);
	import_mugs(fixture, 1, 500000);
	check_total(fixture, MUG "}", 2000, 1000);
}

/* The offers of the demo chain, one of each kind, as its README tells them. */
static void
test_demo(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	static const struct {
		const char *basket;
		gint64 list, discount;
	} rows[] = {
	    {"{'lines':[{'code':'CARDI-CHA-S'}]}", 8900, 1335},
	    {"{'lines':[{'code':'TEE-NAV-M'}]}", 2400, 0},
	    {"{'lines':[{'code':'TEE-NAV-M'},{'code':'TEE-WHI-S'}]}", 4800, 960},
	    {"{'lines':[{'code':'SOAP-OAT','quantity_milli':2000},{'code':'SOAP-PINE'}]}", 2550,
	     850},
	    {"{'lines':[{'code':'MUG-INK'},{'code':'BOWL-SPK'},{'code':'PLATE-SPK'}]}", 5900, 1000},
	    {"{'lines':[{'code':'THROW-HER'},{'code':'VASE-SM'}]}", 12100, 1000},
	    /* Of the two coffee offers the better one. */
	    {"{'lines':[{'code':'COFFEE-1K'}]}", 3900, 400},
	    {"{'lines':[{'code':'COFFEE-1K'},{'code':'COFFEE-250'}]}", 5050, 505},
	    {MUG ",'customer':'JR100001'}", 1600, 80},
	    {MUG ",'customer':'JR100003'}", 1600, 160},
	    {MUG ",'coupons':['HELLO-7K2Q']}", 1600, 240},
	    {MUG ",'coupons':['RYE5']}", 1600, 0},
	    {"{'lines':[{'code':'MUG-SPK','quantity_milli':2000}],'coupons':['RYE5']}", 3200, 500},
	    {"{'lines':[{'code':'LINEN-SKY-S'}],'coupons':['LINEN25']}", 5900, 0},
	    /* 3 × 9.75 from three on for gold members, 10 % off, then 5 %. */
	    {"{'lines':[{'code':'COFFEE-250','quantity_milli':3000}],'customer':'c-0001'}", 2925,
	     425},
	    {"{'lines':[{'code':'GIFT-50'}],'customer':'c-0001','coupons':['HELLO-7K2Q']}", 5000,
	     0},
	    {"{'lines':[{'code':'WATER-500','quantity_milli':6000}]}", 630, 0},
	    {"{'lines':[{'code':'BREAD-RYE'}]}", 590, 0},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		check_total(fixture, rows[i].basket, rows[i].list, rows[i].discount);
	check_coupon(fixture, "{'lines':[{'code':'LINEN-SKY-S'}],'coupons':['LINEN25']}",
		     "expired");
	/* 17:30 in Port Ellery. */
	till_test_clock_advance(&fixture->central.clock, 41000000);
	check_total(fixture, "{'lines':[{'code':'BREAD-RYE'}]}", 590, 177);
}

static void
test_demo_gifts(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) candle =
	    ask(fixture, 200, "/v1/quote", "{'lines':[{'code':'CANDLE-JUN'}]}");
	g_autoptr(json_t) coffee =
	    ask(fixture, 200, "/v1/quote", "{'lines':[{'code':'COFFEE-250'}],'customer':'c-0002'}");
	g_autoptr(json_t) tee = ask(fixture, 200, "/v1/quote", "{'lines':[{'code':'TEE-NAV-M'}]}");

	g_assert_cmpuint(json_array_size(json_object_get(candle, "gifts")), ==, 1);
	g_assert_cmpuint(json_array_size(json_object_get(coffee, "points")), ==, 1);
	g_assert_cmpstr(json_string_value(json_array_get(json_object_get(tee, "hints"), 0)), ==,
			"1 more for 20 % off two tees or more");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/central/quote/a-change-of-promotions-is-in-the-next-one", Fixture, NULL,
		   set_up, test_changes, tear_down);
	g_test_add("/central/quote/a-customer-is-found-and-priced-by-their-groups", Fixture, NULL,
		   set_up, test_customers, tear_down);
	g_test_add("/central/quote/coupons-count-how-often-they-were-used", Fixture, NULL, set_up,
		   test_coupons, tear_down);
	g_test_add("/central/quote/hour-channel-and-trace-are-those-asked-for", Fixture, NULL,
		   set_up, test_moments, tear_down);
	g_test_add("/central/quote/a-certificate-takes-the-tax-off", Fixture, NULL, set_up,
		   test_certificate, tear_down);
	g_test_add("/central/quote/an-unreadable-promotion-is-left-out", Fixture, NULL, set_up,
		   test_unreadable, tear_down);
	g_test_add("/central/quote/the-demo-has-an-offer-of-each-kind", Fixture, NULL, set_up,
		   test_demo, tear_down);
	g_test_add("/central/quote/the-demo-has-gifts-points-and-hints", Fixture, NULL, set_up,
		   test_demo_gifts, tear_down);
	return g_test_run();
}
