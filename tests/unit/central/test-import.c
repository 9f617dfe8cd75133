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
	bad(&fixture, "taxes",
	    "store,tax_class,id,name,rate_percent,inclusive\n014,a,b,c,-1001,no\n", "rate beyond");
	bad(&fixture, "taxes",
	    "store,tax_class,id,name,rate_percent,inclusive\n014,a,b,c,1,perhaps\n", "inclusive");
	bad(&fixture, "staff", "store,id,name,role,pin\n014,x,X,king,1234\n", "role is");
	bad(&fixture, "staff", "store,id,name,role,pin\n014,x,X,manager,12\n", "4 to 8 digits");
	bad(&fixture, "promotions", "id,body\np,{\n", "body");
	bad(&fixture, "prices", "list,sku,price\nbase,A,1,2\n", "4 cells");
	bad(&fixture, "promotions", "id,body\np,\"{\"\"a\"\":1}\"\n", "a is not a field");
	good(&fixture, "customers", "id,name,email\nc,C,c@mail.example\n");
	good(&fixture, "settings", "store,name,value\n*,receipt_footer,Bye\n");
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT count(*) FROM setting WHERE value = 'Bye'"), ==,
	    3);
	central_fixture_clear(&fixture);
}

/* --- promotions --- */

/* JSON with ' for ", to be read here. Caller frees. */
static char *
json_text(const char *text)
{
	return g_strdelimit(g_strdup(text), "'", '"');
}

/* All that was said, one after the other, with ' for ". Caller frees. */
static char *
said(const json_t *answer)
{
	const json_t *lines = json_object_get(answer, "lines");
	GString *text = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(lines); i++)
		g_string_append_printf(text, "%s\n", json_string_value(json_array_get(lines, i)));
	return g_strdelimit(g_string_free(text, FALSE), "\"", '\'');
}

static char *
tees(const char *more)
{
	g_autofree char *text = g_strdup_printf(
	    "{'promotions':[{'id':'tees','name':'Tees 20','effects':[{'kind':'percent',"
	    "'rate_ppm':200000,'items':{'styles':['TEE']}}]%s}]}",
	    more);

	return json_text(text);
}

static gint64
version_of(CentralFixture *fixture, const char *id)
{
	g_autofree char *sql = g_strdup_printf(
	    "SELECT coalesce(max(version), 0) FROM promotion WHERE id = '%s' AND version = "
	    "json_extract(body, '$.version') AND id = json_extract(body, '$.id')",
	    id);

	return central_fixture_count(fixture, sql);
}

static gint64
chain_head(CentralFixture *fixture)
{
	return central_fixture_count(fixture, "SELECT head FROM scope WHERE name = 'chain'");
}

static void
test_promotion_versions(void)
{
	CentralFixture fixture;
	g_autofree char *first = tees("");
	g_autofree char *other = tees(",'priority':3");
	g_autofree char *second = tees(",'priority':3,'version':2");
	gint64 head;

	central_fixture_init(&fixture, TRUE);
	good(&fixture, "promotions", first);
	g_assert_cmpint(version_of(&fixture, "tees"), ==, 1);
	head = chain_head(&fixture);
	good(&fixture, "promotions", first);
	g_assert_cmpint(chain_head(&fixture), ==, head);
	bad(&fixture, "promotions", other,
	    "differs from what the books have as version 1; raise its version to 2");
	good(&fixture, "promotions", second);
	g_assert_cmpint(version_of(&fixture, "tees"), ==, 2);
	bad(&fixture, "promotions", first, "the books have version 2; raise its version to 3");
	/* The table says the same in its own way. */
	good(&fixture, "promotions",
	     "id,version,body\ntees,3,\"{\"\"name\"\":\"\"T\"\",\"\"effects\"\":"
	     "[{\"\"kind\"\":\"\"points\"\",\"\"rate_ppm\"\":2000000}]}\"\n");
	g_assert_cmpint(version_of(&fixture, "tees"), ==, 3);
	bad(&fixture, "promotions", "id,body\nx,\"{\"\"id\"\":\"\"y\"\"}\"\n", "id of the body");
	central_fixture_clear(&fixture);
}

/* Each bad promotion is told by its name and field, and the good one does not come in either. */
static void
test_promotion_faults(void)
{
	static const char *const told[] = {
	    "promotion 'steep'.effects[0].rate_ppm", "promotions[2].id is missing",
	    "promotion 'who'.who.group is not a field", "promotion 'good' stands twice"};
	CentralFixture fixture;
	g_autofree char *file =
	    json_text("{'promotions':["
		      "{'id':'good','name':'G','effects':[{'kind':'percent','rate_ppm':1}]},"
		      "{'id':'steep','name':'S','effects':[{'kind':'percent','rate_ppm':1000001}]},"
		      "{'name':'N','effects':[]},"
		      "{'id':'who','name':'W','who':{'group':[]},'effects':[{'kind':'points',"
		      "'rate_ppm':1}]},"
		      "{'id':'good','name':'G','effects':[{'kind':'percent','rate_ppm':1}]}]}");
	g_autoptr(json_t) answer = NULL;
	g_autofree char *text = NULL;

	central_fixture_init(&fixture, TRUE);
	answer = central_fixture_import(&fixture, "promotions", file, "4 faults");
	text = said(answer);
	for (gsize i = 0; i < G_N_ELEMENTS(told); i++)
		g_assert_nonnull(strstr(text, told[i]));
	g_assert_cmpint(version_of(&fixture, "good"), ==, 0);
	bad(&fixture, "promotions", "{\"promotions\":{}}", "promotions is missing or not a list");
	bad(&fixture, "promotions", "{\"promotions\":[", "not sound JSON");
	central_fixture_clear(&fixture);
}

/* What it names and nobody sells is no fault, but worth a word. */
static void
test_promotion_notes(void)
{
	static const char *const told[] = {"SKU 'MUGG'", "SKU 'BAGG'", "category 'Clothes'",
					   "store '999'"};
	CentralFixture fixture;
	g_autofree char *file =
	    json_text("{'promotions':[{'id':'p','name':'P','where':{'stores':['014','999']},"
		      "'needs':[{'items':{'skus':['MUG-SPK','MUGG']},'quantity':1}],"
		      "'effects':[{'kind':'percent','rate_ppm':1,'items':{'categories':['Clothing',"
		      "'Clothing/Tops','Clothes']}},{'kind':'gift','sku':'BAGG'}]}]}");
	g_autoptr(json_t) answer = NULL;
	g_autofree char *text = NULL;

	central_fixture_init(&fixture, TRUE);
	answer = central_fixture_import(&fixture, "promotions", file, NULL);
	text = said(answer);
	for (gsize i = 0; i < G_N_ELEMENTS(told); i++)
		g_assert_nonnull(strstr(text, told[i]));
	g_assert_null(strstr(text, "MUG-SPK"));
	g_assert_null(strstr(text, "'014'"));
	g_assert_null(strstr(text, "Tops"));
	central_fixture_clear(&fixture);
}

/* --- prices and customers --- */

static void
test_price_lists(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	good(&fixture, "stores",
	     "code,name,currency,time_zone\nNY,New York,USD,America/New_York\n");
	good(&fixture, "prices",
	     "list,sku,price,min_quantity,valid_from,valid_to\n"
	     "base,A,2.00,,,\n"
	     "group:gold,A,1.80,3,2026-12-01,2026-12-24\n"
	     "store:NY,A,1.90,,2026-12-01T18:30,2026-12-01T20:00\n");
	/* Midnight of New York is five in the morning of UTC; the last day counts whole. */
	g_assert_cmpint(central_fixture_count(
			    &fixture,
			    "SELECT count(*) FROM price WHERE list = 'group:gold' AND "
			    "min_quantity_milli = 3000 AND "
			    "valid_from_ms = strftime('%s', '2026-12-01 05:00:00') * 1000 AND "
			    "valid_to_ms = strftime('%s', '2026-12-25 05:00:00') * 1000"),
			==, 1);
	g_assert_cmpint(central_fixture_count(
			    &fixture,
			    "SELECT count(*) FROM price WHERE list = 'store:NY' AND "
			    "valid_from_ms = strftime('%s', '2026-12-01 23:30:00') * 1000 AND "
			    "valid_to_ms = strftime('%s', '2026-12-02 01:00:00') * 1000"),
			==, 1);
	bad(&fixture, "prices", "list,sku,price\noutlet,A,1.00\n", "not base, store:CODE or group");
	bad(&fixture, "prices", "list,sku,price\ngroup:,A,1.00\n", "not base, store:CODE or group");
	bad(&fixture, "prices", "list,sku,price,valid_to\nbase,A,1.00,soon\n", "not a date like");
	bad(&fixture, "prices",
	    "list,sku,price,valid_from,valid_to\nbase,A,1.00,2026-12-02,2026-12-01\n",
	    "ends before it begins");
	bad(&fixture, "prices", "list,sku,price,valid_to\nbase,A,1.00,\nbase,A,1.10,2027-01-01\n",
	    "are those of line 2");
	bad(&fixture, "prices",
	    "list,sku,price,valid_from,valid_from_ms\nbase,A,1.00,2026-12-02,5\n", "both given");
	central_fixture_clear(&fixture);
}

static gint64
count_customers(CentralFixture *fixture, const char *where)
{
	g_autofree char *sql =
	    g_strdup_printf("SELECT count(*) FROM customer WHERE id = 'x' AND %s", where);

	return central_fixture_count(fixture, sql);
}

static void
test_customers(void)
{
	CentralFixture fixture;
	g_autoptr(GString) many = g_string_new("id,name,groups\nx,X,\"");

	central_fixture_init(&fixture, FALSE);
	good(&fixture, "customers",
	     "id,name,groups,segments,purchases,offers\nx,X,\"gold, staff,\",lapsed,7,no\n");
	g_assert_cmpint(count_customers(&fixture, "groups = 'gold,staff' AND segments = 'lapsed' "
						  "AND purchases = 7 AND offers = 0"),
			==, 1);
	/* A file that does not speak of these leaves them. */
	good(&fixture, "customers", "id,name,phone\nx,Y,+1 555 0100\n");
	g_assert_cmpint(count_customers(&fixture, "groups = 'gold,staff' AND offers = 0"), ==, 1);
	good(&fixture, "customers", "id,name,groups\nx,Y,\n");
	g_assert_cmpint(count_customers(&fixture, "groups = '' AND purchases = 7"), ==, 1);
	bad(&fixture, "customers", "id,name,purchases\nx,Y,many\n", "not a whole number");
	bad(&fixture, "customers", "id,name,offers\nx,Y,perhaps\n", "neither true nor false");
	for (guint i = 0; i < 51; i++)
		g_string_append_printf(many, "g%u,", i);
	g_string_append(many, "\"\n");
	bad(&fixture, "customers", many->str, "more than 50");
	central_fixture_clear(&fixture);
}

/* --- taxes --- */

#define TAX_HEADER                                                                                 \
	"store,tax_class,id,name,rate_percent,inclusive,kind,amount,include_base,base_affected,"   \
	"threshold,threshold_amount,threshold_per_line,tax_group,fulfilment\n"

/* Each fault of a tax names the line and what is wrong with it; one bad row and none is taken. */
static void
test_bad_taxes(void)
{
	static const struct {
		const char *row, *fault;
	} rows[] = {
	    {"014,a,b,c,1,no,levy,,,,,,,,\n", "kind \\\"levy\\\""},
	    {"014,a,b,c,1,no,,0.05,,,,,,,\n", "amount for each unit as well"},
	    {"014,a,b,c,1,no,fixed,0.05,,,,,,,\n", "has a rate as well"},
	    {"014,a,b,c,,no,fixed,five,,,,,,,\n", "amount is \\\"five\\\", not an amount in USD"},
	    {"014,a,b,c,,no,fixed,0.000001,,,,,,,\n", "amount is"},
	    {"014,a,b,c,,no,fixed,-1,,,,,,,\n", "below zero"},
	    {"014,a,b,c,,no,,,,,,,,,\n", "rate_percent is empty"},
	    {"014,a,b,c,100,no,division,,,,,,,,\n", "whole price"},
	    {"014,a,b,c,1,no,,,often,,,,,,\n", "include_base is"},
	    {"014,a,b,c,1,no,,,,often,,,,,\n", "base_affected is"},
	    {"014,a,b,c,1,no,,,,,sometimes,,,,\n", "threshold \\\"sometimes\\\""},
	    {"014,a,b,c,1,no,,,,,,110.00,,,\n", "does not say what it does"},
	    {"014,a,b,c,1,no,,,,,only-above,lots,,,\n", "threshold_amount is"},
	    {"014,a,b,c,1,no,,,,,only-above,1,never,,\n", "threshold_per_line is"},
	    {"014,a,b,c,1,no,,,,,,,,,boat\n", "fulfilment \\\"boat\\\""},
	};
	CentralFixture fixture;

	central_fixture_init(&fixture, TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text =
		    g_strconcat(TAX_HEADER "014,a,good,c,1,no,,,,,,,,,\n", rows[i].row, NULL);
		bad(&fixture, "taxes", text, "line 3: ");
		bad(&fixture, "taxes", text, rows[i].fault);
	}
	central_fixture_clear(&fixture);
}

static void
test_taxes_of_every_kind(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, TRUE);
	good(&fixture, "taxes",
	     TAX_HEADER "014,soda,sugar,Sugar levy,,no,fixed,0.125,,,,,,,\n"
			"014,soda,gst,GST,5,no,,,yes,,,,,Taxes,carry\n"
			"014,soda,qst,QST,9.975,no,,,,yes,only-above,20.00,yes,Taxes,\n");
	g_assert_cmpint(central_fixture_count(&fixture,
					      "SELECT amount_milli FROM tax WHERE id = 'sugar' AND "
					      "kind = 'fixed' AND rate_ppm = 0"),
			==, 12500);
	g_assert_cmpint(central_fixture_count(&fixture,
					      "SELECT include_base FROM tax WHERE id = 'gst' AND "
					      "tax_group = 'Taxes' AND fulfilment = 'carry'"),
			==, 1);
	g_assert_cmpint(
	    central_fixture_count(&fixture, "SELECT threshold_minor FROM tax WHERE id = 'qst' AND "
					    "base_affected = 1 AND threshold = 'only-above' AND "
					    "threshold_per_line = 1"),
	    ==, 2000);
	good(&fixture, "stores", "code,name,currency\nNL,Utrecht,EUR\n");
	bad(&fixture, "taxes", TAX_HEADER "*,soda,sugar,Sugar levy,,no,fixed,0.125,,,,,,,\n",
	    "has an amount for stores of");
	good(&fixture, "settings", "store,name,value\n014,tax_method,document\n");
	bad(&fixture, "settings", "store,name,value\n014,tax_method,guess\n", "tax_method");
	bad(&fixture, "stores", "code,name,currency,tax_exempt_keeps_price\n014,H,USD,maybe\n",
	    "tax_exempt_keeps_price");
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
	g_test_add_func("/central/import/a-promotion-that-changes-raises-its-version",
			test_promotion_versions);
	g_test_add_func("/central/import/each-bad-promotion-is-named-with-its-field",
			test_promotion_faults);
	g_test_add_func("/central/import/what-a-promotion-names-and-nobody-sells-is-told",
			test_promotion_notes);
	g_test_add_func("/central/import/price-lists-have-groups-breaks-and-dates",
			test_price_lists);
	g_test_add_func("/central/import/customers-keep-the-standing-a-file-leaves-out",
			test_customers);
	g_test_add_func("/central/import/amounts-have-the-decimals-of-their-currency",
			test_currencies);
	g_test_add_func("/central/import/pins-are-never-kept", test_pins);
	g_test_add_func("/central/import/bulk-raises-the-floor-of-the-feed", test_bulk);
	g_test_add_func("/central/import/headers-are-compared-without-their-dress", test_headers);
	g_test_add_func("/central/import/bad-taxes", test_bad_taxes);
	g_test_add_func("/central/import/taxes-of-every-kind", test_taxes_of_every_kind);
	return g_test_run();
}
