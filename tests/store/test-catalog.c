/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "catalog.h"
#include "feed.h"
#include "fixture.h"
#include "outbox.h"

#define DAY_MS (G_GINT64_CONSTANT(24) * 3600 * 1000)

static TillItem *
find(TillStore *store, const char *code)
{
	GError *error = NULL;
	TillScan scan = till_scan_read(code);
	TillItem *item = NULL;
	gboolean ok = till_catalog_find(store, &scan, &item, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	return item;
}

static void
assert_sku(TillStore *store, const char *code, const char *sku)
{
	g_autoptr(TillItem) item = find(store, code);
	g_assert_cmpstr(item == NULL ? NULL : item->sku, ==, sku);
}

static void
find_codes(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {
	    "barcode",
	    "04006381333931",
	    "{\"code\":\"04006381333931\",\"sku\":\"MARK-1\"}",
	    "item",
	    "MARK-1",
	    "{\"sku\":\"MARK-1\",\"name\":\"Marker\",\"variant\":\"Black\",\"brand\":\"Inkwell\","
	    "\"category\":\"Office\",\"tax_class\":\"reduced\"}",
	    "barcode",
	    "OLD-77",
	    "{\"code\":\"OLD-77\",\"sku\":\"MARK-1\"}",
	    "item",
	    "APPLE",
	    "{\"sku\":\"APPLE\",\"name\":\"Apple\",\"plu\":\"4015\","
	    "\"weighed\":true,\"unit\":\"kg\",\"stocked\":false}",
	    "item",
	    "4015X",
	    "{\"sku\":\"4015X\",\"name\":\"Cable\",\"active\":false}",
	    NULL};
	till_fixture_feed(store, "chain", page);
	assert_sku(store, "4006381333931", "MARK-1");
	assert_sku(store, "04006381333931", "MARK-1");
	assert_sku(store, "]E04006381333931", "MARK-1");
	assert_sku(store, "OLD-77", "MARK-1");
	assert_sku(store, "MARK-1", "MARK-1");
	assert_sku(store, "mark-1", "MARK-1");
	assert_sku(store, "4015", "APPLE");
	assert_sku(store, "4016", NULL);
	g_autoptr(TillItem) marker = find(store, "MARK-1");
	g_assert_cmpstr(marker->variant, ==, "Black");
	g_assert_cmpstr(marker->tax_class, ==, "reduced");
	g_assert_cmpstr(marker->unit, ==, "ea");
	g_assert_cmpstr(marker->price_list, ==, "");
	g_assert_false(marker->has_price);
	g_assert_false(marker->has_stock);
	g_autoptr(TillItem) apple = find(store, "4015");
	g_assert_true(apple->weighed);
	g_autoptr(TillItem) cable = find(store, "4015X");
	g_assert_false(cable->active);
	g_assert_cmpint(till_catalog_count(store, NULL), ==, 2);
}

static void
test_find(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, find_codes);
	till_fixture_free(fixture);
}

static void
put_price(TillStore *store, const char *list, gint64 min, gint64 from, gint64 to, gint64 minor)
{
	g_autofree char *value = g_strdup_printf(
	    "{\"list\":\"%s\",\"sku\":\"P\",\"min_quantity_milli\":%" G_GINT64_FORMAT
	    ",\"valid_from_ms\":%" G_GINT64_FORMAT ",\"valid_to_ms\":%" G_GINT64_FORMAT
	    ",\"price_minor\":%" G_GINT64_FORMAT "}",
	    list, min, from, to, minor);
	const char *const page[] = {"price", "k", value, NULL};
	till_fixture_feed(store, "chain", page);
}

static void
assert_price(TillStore *store, gint64 minor, const char *list)
{
	g_autoptr(TillItem) item = find(store, "P");
	g_assert_true(item->has_price);
	g_assert_cmpint(item->price_minor, ==, minor);
	g_assert_cmpstr(item->price_list, ==, list);
}

static void
choose_prices(TillStore *store, TillFixture *fixture)
{
	gint64 now = TILL_FIXTURE_NOW_MS;
	const char *const page[] = {
	    "item",    "P",          "{\"sku\":\"P\",\"name\":\"Pear\"}",
	    "setting", "store_code", "{\"name\":\"store_code\",\"value\":\"014\"}",
	    NULL};
	till_fixture_feed(store, "chain", page);
	put_price(store, "base", 0, 0, 0, 100);
	put_price(store, "store:099", 0, 0, 0, 1);
	assert_price(store, 100, "base");
	/* A quantity break above one piece does not apply to one piece. */
	put_price(store, "base", 10000, 0, 0, 70);
	assert_price(store, 100, "base");
	put_price(store, "base", 0, now - DAY_MS, now + DAY_MS, 90);
	assert_price(store, 90, "base");
	put_price(store, "base", 0, now + DAY_MS, 0, 80);
	assert_price(store, 90, "base");
	put_price(store, "store:014", 0, now - 2 * DAY_MS, now - DAY_MS, 5);
	assert_price(store, 90, "base");
	put_price(store, "store:014", 0, now, now + DAY_MS, 95);
	assert_price(store, 95, "store:014");
	till_test_clock_advance(&fixture->clock, DAY_MS - 1);
	assert_price(store, 95, "store:014");
	till_test_clock_advance(&fixture->clock, 1);
	assert_price(store, 80, "base");
	const char *const other[] = {"setting", "price_list",
				     "{\"name\":\"price_list\",\"value\":\"store:099\"}", NULL};
	till_fixture_feed(store, "chain", other);
	/* Another store's list in its place is read as this store's own. */
	assert_price(store, 1, "store:014");
}

static void
test_prices(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, choose_prices);
	till_fixture_free(fixture);
}

static void
assert_stock(TillStore *store, gint64 milli)
{
	g_autoptr(TillItem) item = find(store, "S");
	g_assert_true(item->has_stock);
	g_assert_cmpint(item->stock_milli, ==, milli);
}

static void
set_stock(TillStore *store, gint64 milli)
{
	g_autofree char *value =
	    g_strdup_printf("{\"sku\":\"S\",\"on_hand_milli\":%" G_GINT64_FORMAT "}", milli);
	const char *const page[] = {"stock", "S", value, NULL};
	till_fixture_feed(store, "store:014", page);
}

static void
acknowledge(TillStore *store, const TillEntry *entry, TillOutcome outcome, gint64 feed_seq)
{
	GError *error = NULL;
	TillAck ack = {entry->txn, entry->incarnation, entry->seq, outcome, feed_seq, NULL, 0};
	g_assert_true(till_outbox_acknowledge(store, &ack, 1, NULL, &error));
	g_assert_no_error(error);
}

static void
overlay_stock(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"item", "S", "{\"sku\":\"S\",\"name\":\"Soap\"}", NULL};
	till_fixture_feed(store, "chain", page);
	set_stock(store, 10000);
	assert_stock(store, 10000);
	g_autoptr(TillEntry) first = till_fixture_sell(store, "S", 2000, NULL);
	g_autoptr(TillEntry) second = till_fixture_sell(store, "S", 1000, NULL);
	assert_stock(store, 7000);
	/* The central told it applied the first; its effect shows in feed number 2, which is still
	 * to come. */
	acknowledge(store, first, TILL_OUTCOME_APPLIED, 2);
	assert_stock(store, 7000);
	set_stock(store, 8000);
	assert_stock(store, 7000);
	acknowledge(store, second, TILL_OUTCOME_HELD, 0);
	assert_stock(store, 7000);
	acknowledge(store, second, TILL_OUTCOME_APPLIED, 3);
	assert_stock(store, 7000);
	set_stock(store, 7000);
	assert_stock(store, 7000);
	g_autoptr(TillEntry) third = till_fixture_sell(store, "S", -500, NULL);
	assert_stock(store, 7500);
	acknowledge(store, third, TILL_OUTCOME_DUPLICATE, 0);
	assert_stock(store, 7000);
}

static void
test_overlay(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, overlay_stock);
	till_fixture_free(fixture);
}

static void
read_shop(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_assert_null(till_catalog_shop(store, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "not arrived");
	const char *const page[] = {"setting",
				    "currency",
				    "{\"name\":\"currency\",\"value\":\"EUR\"}",
				    "setting",
				    "shop_name",
				    "{\"name\":\"shop_name\",\"value\":\"Juniper & Rye\"}",
				    "setting",
				    "rounding",
				    "{\"name\":\"rounding\",\"value\":\"half-even\"}",
				    "tax",
				    "standard\x1fvat",
				    "{\"tax_class\":\"standard\",\"id\":\"vat\",\"name\":"
				    "\"VAT 21%\",\"rate_ppm\":210000,\"inclusive\":true}",
				    "tax",
				    "standard\x1f"
				    "eco",
				    "{\"tax_class\":\"standard\",\"id\":\"eco\",\"name\":\"Eco\","
				    "\"rate_ppm\":1000,\"inclusive\":false,\"ordinal\":1}",
				    NULL};
	till_fixture_feed(store, "store:014", page);
	g_autoptr(TillShop) shop = till_catalog_shop(store, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(shop->shop_name, ==, "Juniper & Rye");
	g_assert_cmpstr(shop->time_zone, ==, "UTC");
	g_assert_cmpstr(shop->currency->code, ==, "EUR");
	TillPriceRules rules;
	g_assert_true(till_catalog_rules(store, NULL, &rules, &error));
	g_assert_no_error(error);
	g_assert_cmpint(rules.rounding, ==, TILL_ROUND_HALF_EVEN);
	guint count;
	const TillTax *taxes = till_tax_table_find(rules.taxes, "standard", &count);
	g_assert_cmpuint(count, ==, 2);
	g_assert_cmpstr(taxes[0].id, ==, "vat");
	g_assert_cmpint(taxes[0].rate_ppm, ==, 210000);
	g_assert_true(taxes[0].inclusive);
	till_price_rules_clear(&rules);
}

static void
assert_variable(TillStore *store, const char *code, const char *sku, gint64 value)
{
	GError *error = NULL;
	TillScan scan = till_scan_read(code);
	TillVariableCode variable;
	g_autoptr(TillItem) item = NULL;
	g_assert_true(till_catalog_find_variable(store, &scan, &variable, &item, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(item == NULL ? NULL : item->sku, ==, sku);
	g_assert_cmpint(variable.value, ==, value);
	g_assert_cmpint(variable.kind != TILL_VARIABLE_NONE, ==, sku != NULL);
}

static void
find_labels(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {
	    "barcode",
	    "02100777000000",
	    "{\"code\":\"02100777000000\",\"sku\":\"HAM\"}",
	    "item",
	    "HAM",
	    "{\"sku\":\"HAM\",\"name\":\"Ham\",\"weighed\":true}",
	    "item",
	    "APPLE",
	    "{\"sku\":\"APPLE\",\"name\":\"Apple\",\"plu\":\"4131\",\"weighed\":true}",
	    "item",
	    "00088",
	    "{\"sku\":\"00088\",\"name\":\"Olives\",\"weighed\":true}",
	    NULL};
	const char *const patterns[] = {"setting", "variable_codes",
					"{\"name\":\"variable_codes\",\"value\":"
					"\"weight:21.....{NNDDD}.,price:02.....{NNNDD}.\"}",
					NULL};
	till_fixture_feed(store, "chain", page);
	assert_variable(store, "0204131003002", NULL, 0); /* no patterns yet */
	till_fixture_feed(store, "store:014", patterns);
	assert_variable(store, "0204131003002", "APPLE", 300);
	assert_variable(store, "204131003002", "APPLE", 300);
	assert_variable(store, "2100777006408", "HAM", 640);
	assert_variable(store, "2100088006401", "00088", 640);
	assert_variable(store, "2100099006407", NULL, 0); /* nobody's digits */
	assert_variable(store, "2100777000000", NULL, 0); /* nothing inside: an ordinary code */
	assert_sku(store, "2100777000000", "HAM");
}

static void
test_labels(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, find_labels);
	till_fixture_free(fixture);
}

static void
refuse_tax_of_tomorrow(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillPriceRules rules = {0};
	(void)fixture;
	const char *const page[] = {"setting",
				    "currency",
				    "{\"name\":\"currency\",\"value\":\"EUR\"}",
				    "tax",
				    "standard\x1f"
				    "vat",
				    "{\"tax_class\":\"standard\",\"id\":\"vat\",\"name\":"
				    "\"VAT\",\"rate_ppm\":210000,\"inclusive\":true,"
				    "\"kind\":\"sliding\"}",
				    NULL};
	till_fixture_feed(store, "store:014", page);
	g_assert_false(till_catalog_rules(store, NULL, &rules, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "kind \"sliding\"");
	const char *const mended[] = {"tax",
				      "standard\x1f"
				      "vat",
				      "{\"tax_class\":\"standard\",\"id\":\"vat\",\"name\":"
				      "\"VAT\",\"rate_ppm\":210000,\"inclusive\":true}",
				      "setting",
				      "tax_method",
				      "{\"name\":\"tax_method\",\"value\":\"by guess\"}",
				      NULL};
	till_fixture_feed(store, "store:014", mended);
	g_assert_false(till_catalog_rules(store, NULL, &rules, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "tax_method");
}

static void
test_tax_of_tomorrow(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, refuse_tax_of_tomorrow);
	till_fixture_free(fixture);
}

static void
test_shop(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, read_shop);
	till_fixture_free(fixture);
}

static void
read_people(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	const char *const page[] = {
	    "staff",
	    "s2",
	    "{\"id\":\"s2\",\"name\":\"Zoe\",\"role\":\"manager\",\"pin_hash\":\"h\"}",
	    "staff",
	    "s1",
	    "{\"id\":\"s1\",\"name\":\"Ines Moreau\",\"role\":\"associate\","
	    "\"pin_hash\":\"$argon2id$\"}",
	    "staff",
	    "s3",
	    "{\"id\":\"s3\",\"name\":\"Gone\",\"role\":\"associate\",\"pin_hash\":\"h\","
	    "\"active\":false}",
	    "staff",
	    "s4",
	    "{\"id\":\"s4\",\"name\":\"Later\",\"role\":\"oracle\",\"pin_hash\":\"h\"}",
	    "exception",
	    "e1",
	    "{\"id\":\"e1\",\"code\":\"STOCK_OVERSOLD\",\"severity\":\"warning\","
	    "\"words\":\"Recount\",\"raised_ms\":1}",
	    "exception",
	    "e2",
	    "{\"id\":\"e2\",\"code\":\"X\",\"severity\":\"info\",\"words\":\"w\","
	    "\"raised_ms\":2,\"resolved\":true}",
	    "exception",
	    "e3",
	    "{\"id\":\"e3\",\"code\":\"Y\",\"severity\":\"critical\","
	    "\"words\":\"w\",\"raised_ms\":3}",
	    NULL};
	till_fixture_feed(store, "store:014", page);
	g_autoptr(GPtrArray) people = till_catalog_staff(store, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(people->len, ==, 2);
	const TillStaff *first = g_ptr_array_index(people, 0);
	g_assert_cmpstr(first->name, ==, "Ines Moreau");
	g_assert_cmpstr(first->pin_hash, ==, "$argon2id$");
	g_autoptr(GPtrArray) open = till_catalog_exceptions(store, &error);
	g_assert_cmpuint(open->len, ==, 2);
	const TillCacheException *newest = g_ptr_array_index(open, 0);
	g_assert_cmpstr(newest->code, ==, "Y");
}

static void
test_people(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, read_people);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/catalog/codes-are-barcode-then-sku-then-plu", test_find);
	g_test_add_func("/store/catalog/the-price-is-the-store-s-own-and-valid-now", test_prices);
	g_test_add_func("/store/catalog/own-sales-come-off-stock-until-told-back", test_overlay);
	g_test_add_func("/store/catalog/shop-and-rules-come-from-settings", test_shop);
	g_test_add_func("/store/catalog/labels-find-their-item", test_labels);
	g_test_add_func("/store/catalog/a-tax-it-does-not-know-is-refused", test_tax_of_tomorrow);
	g_test_add_func("/store/catalog/active-staff-and-open-exceptions-are-listed", test_people);
	return g_test_run();
}
