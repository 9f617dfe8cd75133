/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "crypto.h"
#include "layout.h"

static void
good(CentralFixture *fixture, const char *kind, const char *text)
{
	json_decref(central_fixture_import(fixture, kind, text, NULL));
}

static void
bad(CentralFixture *fixture, const char *kind, const char *text, const char *fault)
{
	gint64 before = central_fixture_count(fixture, "SELECT coalesce(sum(head), 0) FROM scope");

	json_decref(central_fixture_import(fixture, kind, text, fault));
	g_assert_cmpint(central_fixture_count(fixture, "SELECT coalesce(sum(head), 0) FROM scope"),
			==, before);
}

static void
test_plain(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	good(&fixture, "stores", "code,name,currency\nS1,One,USD\n");
	good(&fixture, "products",
	     "sku,name,variant,category,weighed,plu,barcodes,price,stock,tax_class\n"
	     "A,Apple,,Fruit,yes,4131,,1.5,2.5,zero\n"
	     "B,Box,Red,,no,,4006381333931|0036000291452,12.00,7,standard\n");
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT price_minor FROM price WHERE sku = 'A'"), ==,
	    150);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT on_hand_milli FROM stock WHERE sku = 'A'"), ==,
	    2500);
	g_assert_cmpint(central_fixture_count(
			    &fixture, "SELECT count(*) FROM barcode WHERE sku = 'B' AND code IN "
				      "('04006381333931', '00036000291452')"),
			==, 2);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT weighed FROM item WHERE plu = '4131'"), ==, 1);
	central_fixture_clear(&fixture);
}

/* The same file again is no change, so no till hears of it. */
static void
test_twice(void)
{
	CentralFixture fixture;
	gint64 head;

	central_fixture_init(&fixture, TRUE);
	head = central_fixture_count(&fixture, "SELECT sum(head) FROM scope");
	json_decref(central_fixture_verb(&fixture, NULL, "{\"verb\":\"demo\"}"));
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT sum(head) FROM scope"), ==, head);
	good(&fixture, "prices", "list,sku,price\nbase,MUG-SPK,17.00\n");
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT sum(head) FROM scope"), ==,
			head + 1);
	json_decref(central_fixture_verb(&fixture, NULL, "{\"verb\":\"check\"}"));
	central_fixture_clear(&fixture);
}

static void
test_bad_rows(void)
{
	CentralFixture fixture;
	g_autoptr(json_t) answer = NULL;
	g_autofree char *text = NULL;

	central_fixture_init(&fixture, TRUE);
	answer = central_fixture_import(&fixture, "products",
					"sku,name,price,barcode\n"
					"OK,Fine,1.00,\n"
					"P,Price,1.001,\n"
					"N,,2.00,\n"
					"C,Check,1.00,4006381333932\n"
					"OK,Again,1.00,\n"
					"S,Short\n"
					"Q,Neg,-1.00,\n",
					"6 faults");
	text = json_dumps(json_object_get(answer, "lines"), 0);
	for (guint line = 3; line <= 8; line++) {
		g_autofree char *words = g_strdup_printf("line %u: ", line);
		g_assert_nonnull(strstr(text, words));
	}
	g_assert_null(strstr(text, "line 2: "));
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT count(*) FROM item WHERE sku = 'OK'"), ==, 0);
	central_fixture_clear(&fixture);
}

static void
test_other_kinds(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, TRUE);
	bad(&fixture, "stock", "store,sku,on_hand\nnone,A,1\n", "no store");
	bad(&fixture, "stock", "store,sku\n014,A\n", "on_hand");
	bad(&fixture, "stores", "code,name,currency\nlow er,X,USD\n", "code is");
	bad(&fixture, "stores", "code,name,currency\nX,X,ZZZ\n", "currency is");
	bad(&fixture, "stores", "code,name,currency,time_zone\nX,X,USD,Moon/Base\n",
	    "time_zone is");
	bad(&fixture, "taxes", "store,tax_class,id,name,rate_percent,inclusive\n014,a,b,c,-1,no\n",
	    "rate_percent");
	bad(&fixture, "taxes",
	    "store,tax_class,id,name,rate_percent,inclusive\n014,a,b,c,1,perhaps\n", "inclusive");
	bad(&fixture, "staff", "store,id,name,role,pin\n014,x,X,king,1234\n", "role is");
	bad(&fixture, "staff", "store,id,name,role,pin\n014,x,X,manager,12\n", "4 to 8 digits");
	bad(&fixture, "promotions", "id,body\np,{\n", "body");
	bad(&fixture, "prices", "list,sku,price\nbase,A,1,2\n", "4 cells");
	good(&fixture, "promotions", "id,body\np,\"{\"\"a\"\":1}\"\n");
	good(&fixture, "customers", "id,name,email\nc,C,c@mail.example\n");
	good(&fixture, "settings", "store,name,value\n*,receipt_footer,Bye\n");
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT count(*) FROM setting WHERE value = 'Bye'"), ==,
	    3);
	central_fixture_clear(&fixture);
}

/* Amounts follow the currency of their list: three decimals in dinars, none in yen. */
static void
test_currencies(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	good(&fixture, "stores", "code,name,currency\nK,Kuwait,KWD\nJ,Japan,JPY\n");
	good(&fixture, "prices", "list,sku,price\nstore:K,A,1.234\nstore:J,A,120\n");
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT price_minor FROM price WHERE list = 'store:K'"),
	    ==, 1234);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT price_minor FROM price WHERE list = 'store:J'"),
	    ==, 120);
	bad(&fixture, "prices", "list,sku,price\nstore:J,A,1.5\n", "not an amount in JPY");
	central_fixture_clear(&fixture);
}

static void
test_pins(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, TRUE);
	g_assert_cmpint(
	    central_fixture_count(&fixture,
				  "SELECT count(*) FROM staff WHERE pin_hash LIKE '$argon2id$%'"),
	    ==, 6);
	g_assert_cmpint(central_fixture_count(
			    &fixture, "SELECT count(*) FROM feed WHERE value LIKE '%1414%' AND "
				      "collection = 'staff' AND value NOT LIKE '%argon2id%'"),
			==, 0);
	central_fixture_clear(&fixture);
}

/* Twenty thousand rows are not told one by one. */
static void
test_bulk(void)
{
	CentralFixture fixture;
	g_autoptr(GString) text = g_string_new("sku,name,price\n");

	central_fixture_init(&fixture, TRUE);
	for (int i = 0; i < 20001; i++)
		g_string_append_printf(text, "BULK-%d,Thing %d,1.00\n", i, i);
	good(&fixture, "products", text->str);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT head - floor FROM scope WHERE name = 'chain'"),
	    ==, 0);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT count(*) FROM feed WHERE scope = 'chain'"), ==,
	    0);
	json_decref(central_fixture_verb(&fixture, NULL, "{\"verb\":\"check\"}"));
	central_fixture_clear(&fixture);
}

static void
check_header(const char *header, const char *wanted)
{
	g_autofree char *name = till_layout_normalise(header);

	g_assert_cmpstr(name, ==, wanted);
}

static void
test_headers(void)
{
	check_header("Variant SKU", "variant_sku");
	check_header(" Price USD ", "price_usd");
	check_header("name:en", "name");
	check_header("Price Test region [USD]", "price_test_region_usd");
	check_header("", "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/import/a-plain-list-fills-item-barcode-price-and-stock",
			test_plain);
	g_test_add_func("/central/import/the-same-file-again-changes-nothing", test_twice);
	g_test_add_func("/central/import/every-bad-row-is-named-and-nothing-imported",
			test_bad_rows);
	g_test_add_func("/central/import/each-kind-names-what-is-wrong", test_other_kinds);
	g_test_add_func("/central/import/amounts-have-the-decimals-of-their-currency",
			test_currencies);
	g_test_add_func("/central/import/pins-are-never-kept", test_pins);
	g_test_add_func("/central/import/bulk-raises-the-floor-of-the-feed", test_bulk);
	g_test_add_func("/central/import/headers-are-compared-without-their-dress", test_headers);
	return g_test_run();
}
