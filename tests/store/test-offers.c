/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "catalog.h"
#include "feed.h"
#include "fixture.h"
#include "outbox.h"

#define TEN_OFF(id, words)                                                                         \
	"{\"id\":\"" id "\",\"body\":\"{\\\"id\\\":\\\"" id "\\\",\\\"name\\\":\\\"" words         \
	"\\\",\\\"effects\\\":[{\\\"kind\\\":\\\"percent\\\",\\\"rate_ppm\\\":100000}]}\"}"

static void
feed_basics(TillStore *store)
{
	const char *const page[] = {
	    "setting", "currency",   "{\"name\":\"currency\",\"value\":\"EUR\"}",
	    "setting", "store_code", "{\"name\":\"store_code\",\"value\":\"014\"}",
	    NULL};
	till_fixture_feed(store, "store:014", page);
}

static TillPriceRules
read_rules(TillStore *store, const TillShopper *shopper)
{
	TillPriceRules rules = {0};
	GError *error = NULL;
	gboolean is_read = till_catalog_rules(store, shopper, &rules, &error);
	g_assert_no_error(error);
	g_assert_true(is_read);
	return rules;
}

static guint
count_promotions(TillStore *store)
{
	TillPriceRules rules = read_rules(store, NULL);
	guint count = till_promo_index_count(rules.promos);
	till_price_rules_clear(&rules);
	return count;
}

static void
assert_trouble(TillStore *store, const char *words)
{
	g_autofree char *trouble = till_catalog_rules_trouble(store);
	if (words == NULL)
		g_assert_null(trouble);
	else
		g_assert_nonnull(strstr(trouble != NULL ? trouble : "", words));
}

/* ---- promotions ---- */

static void
keep_promotions(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_basics(store);
	const char *const page[] = {"promotion", "a", TEN_OFF("a", "Spring"),
				    "promotion", "b", TEN_OFF("b", "Summer"),
				    NULL};
	till_fixture_feed(store, "chain", page);
	g_assert_cmpuint(count_promotions(store), ==, 2);
	/* Nothing is read again while promotions stay. */
	TillPriceRules before = read_rules(store, NULL);
	const char *const other[] = {"setting", "shop_name",
				     "{\"name\":\"shop_name\",\"value\":\"J\"}", NULL};
	till_fixture_feed(store, "store:014", other);
	TillPriceRules after = read_rules(store, NULL);
	g_assert_true(before.promos == after.promos);
	g_assert_cmpstr(before.chain_cursor, ==, after.chain_cursor);
	g_assert_cmpstr(before.shop_cursor, !=, after.shop_cursor);
	g_assert_true(g_str_has_suffix(after.chain_cursor, ".2"));
	g_assert_true(g_str_has_suffix(after.shop_cursor, ".3"));
	till_price_rules_clear(&after);

	const char *const change[] = {
	    "promotion", "a", NULL, "promotion", "b", TEN_OFF("b", "High summer"), NULL};
	till_fixture_feed(store, "chain", change);
	TillPriceRules now = read_rules(store, NULL);
	g_assert_cmpuint(till_promo_index_count(now.promos), ==, 1);
	/* Who priced by the old ones still holds them. */
	g_assert_cmpuint(till_promo_index_count(before.promos), ==, 2);
	till_price_rules_clear(&now);
	till_price_rules_clear(&before);
}

static void
test_promotions_are_kept(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, keep_promotions);
	till_fixture_free(fixture);
}

static void
leave_out(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_basics(store);
	const char *const page[] = {
	    "promotion",
	    "good",
	    TEN_OFF("good", "Spring"),
	    "promotion",
	    "future",
	    "{\"id\":\"future\",\"body\":\"{\\\"id\\\":\\\"future\\\",\\\"name\\\":\\\"By moon\\\","
	    "\\\"moon\\\":\\\"full\\\",\\\"effects\\\":[{\\\"kind\\\":\\\"percent\\\","
	    "\\\"rate_ppm\\\":100000}]}\"}",
	    "promotion",
	    "alias",
	    "{\"id\":\"alias\",\"body\":\"{\\\"id\\\":\\\"good\\\",\\\"name\\\":\\\"Twice\\\","
	    "\\\"effects\\\":[{\\\"kind\\\":\\\"percent\\\",\\\"rate_ppm\\\":900000}]}\"}",
	    NULL};
	till_fixture_feed(store, "chain", page);
	g_assert_cmpuint(count_promotions(store), ==, 1);
	assert_trouble(store, "2 promotions cannot be read");
	assert_trouble(store, "Update this program");
	const char *const mend[] = {
	    "promotion", "alias", NULL, "promotion", "future", TEN_OFF("future", "By day"), NULL};
	till_fixture_feed(store, "chain", mend);
	g_assert_cmpuint(count_promotions(store), ==, 2);
	assert_trouble(store, NULL);
}

static void
test_unreadable_is_left_out(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, leave_out);
	till_fixture_free(fixture);
}

static void
see_after_restart(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_assert_cmpuint(count_promotions(store), ==, 2);
}

static void
test_promotions_after_restart(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, keep_promotions);
	const char *sql = "INSERT INTO promotion VALUES ('d', 1, '{\"id\":\"d\",\"name\":\"D\","
			  "\"effects\":[{\"kind\":\"percent\",\"rate_ppm\":1000}]}')";
	till_fixture_close(fixture);
	g_assert_true(till_fixture_edit(fixture, "cache.db", sql));
	till_fixture_open(fixture);
	till_fixture_do(fixture, see_after_restart);
	till_fixture_free(fixture);
}

/* ---- prices ---- */

static void
read_prices(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_basics(store);
	const char *const page[] = {
	    "item",
	    "P",
	    "{\"sku\":\"P\",\"name\":\"Pear\"}",
	    "price",
	    "1",
	    "{\"list\":\"base\",\"sku\":\"P\",\"price_minor\":100}",
	    "price",
	    "2",
	    "{\"list\":\"base\",\"sku\":\"P\",\"min_quantity_milli\":10000,\"price_minor\":80}",
	    "price",
	    "3",
	    "{\"list\":\"group:gold\",\"sku\":\"P\",\"price_minor\":70}",
	    "price",
	    "4",
	    "{\"list\":\"group:staff\",\"sku\":\"P\",\"price_minor\":50}",
	    "price",
	    "5",
	    "{\"list\":\"store:014\",\"sku\":\"P\",\"price_minor\":95}",
	    "price",
	    "6",
	    "{\"list\":\"store:099\",\"sku\":\"P\",\"price_minor\":1}",
	    "price",
	    "7",
	    "{\"list\":\"group:gold\",\"sku\":\"Q\",\"price_minor\":2}",
	    "price",
	    "8",
	    "{\"list\":\"group:gold\",\"sku\":\"P\",\"min_quantity_milli\":5000,"
	    "\"valid_from_ms\":200,\"valid_to_ms\":100,\"price_minor\":3}",
	    NULL};
	till_fixture_feed(store, "chain", page);
	TillScan scan = till_scan_read("P");
	g_autoptr(TillItem) item = NULL;
	GError *error = NULL;
	g_assert_true(till_catalog_find(store, &scan, &item, &error));
	g_assert_no_error(error);
	guint count;
	const TillPriceRow *rows = till_price_list_rows(item->prices, "P", &count);
	gint64 sum_minor = 0;
	for (guint i = 0; i < count; i++)
		sum_minor += rows[i].price_minor;
	/* Neither another store's, nor another item's, nor the row that ends before it begins. */
	g_assert_cmpuint(count, ==, 5);
	g_assert_cmpint(sum_minor, ==, 395);
	g_assert_cmpint(item->price_minor, ==, 95);
	g_assert_cmpint(item->as_of, ==, 9);
}

static void
test_items_carry_their_prices(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, read_prices);
	till_fixture_free(fixture);
}

/* ---- uses ---- */

static TillShopper
make_shopper(const char *customer_id)
{
	TillShopper shopper = {0};
	g_autoptr(TillCustomer) customer = till_customer_new();
	customer->id = g_strdup(customer_id);
	customer->name = g_strdup("Dana");
	if (*customer_id != '\0')
		till_shopper_set_customer(&shopper, customer);
	g_assert_cmpint(till_shopper_add_coupon(&shopper, "take5"), ==, TILL_SHOPPER_OK);
	return shopper;
}

static void
assert_uses(TillStore *store, const char *customer, gint64 promotion, gint64 spent_minor,
	    gint64 coupon)
{
	TillShopper shopper = make_shopper(customer);
	TillPriceRules rules = read_rules(store, &shopper);
	TillPriceUse offer =
	    till_price_uses_find(rules.uses, TILL_PRICE_USES_PROMOTION, "summer", customer);
	TillPriceUse code =
	    till_price_uses_find(rules.uses, TILL_PRICE_USES_COUPON, "TAKE5", customer);
	g_assert_cmpint(offer.uses, ==, promotion);
	g_assert_cmpint(offer.spent_minor, ==, spent_minor);
	g_assert_cmpint(code.uses, ==, coupon);
	till_price_rules_clear(&rules);
	till_shopper_clear(&shopper);
}

static GBytes *
build_body(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)user;
	(void)error;
	return g_bytes_new("{}", 2);
}

/* A sale of 3.00 off for a customer, with the coupon. */
static void
use_offers(TillStore *store, const char *customer)
{
	GError *error = NULL;
	const TillOfferUse uses[] = {
	    {TILL_PRICE_USES_PROMOTION, "summer", customer, {1, 300}},
	    {TILL_PRICE_USES_COUPON, "TAKE5", customer, {1, 0}},
	};
	TillJournalDraft draft = {
	    .type = "sale",
	    .version = 1,
	    .business_date = "2026-11-23",
	    .build = build_body,
	    .uses = uses,
	    .use_count = G_N_ELEMENTS(uses),
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, &error);
	g_assert_no_error(error);
	g_assert_nonnull(entry);
}

static void
acknowledge(TillStore *store, gint64 seq, TillOutcome outcome, gint64 chain_seq)
{
	GError *error = NULL;
	g_autoptr(GArray) heads = till_outbox_heads(store, &error);
	guint64 incarnation = g_array_index(heads, TillOutboxHead, heads->len - 1).incarnation;
	g_autoptr(TillEntry) entry = till_journal_find(store, incarnation, seq, &error);
	g_assert_no_error(error);
	TillAck ack = {entry->txn, incarnation, seq, outcome, 0, NULL, chain_seq};
	g_assert_true(till_outbox_acknowledge(store, &ack, 1, NULL, &error));
	g_assert_no_error(error);
}

static void
tell_uses(TillStore *store, const char *promotion, const char *promotion_of_customer,
	  const char *coupon)
{
	const char *const page[] = {"promotion_use",
				    "summer\x1f",
				    promotion,
				    "promotion_use",
				    "summer\x1f"
				    "c-1",
				    promotion_of_customer,
				    "coupon_use",
				    "TAKE5\x1f",
				    coupon,
				    NULL};
	till_fixture_feed(store, "chain", page);
}

static void
count_uses(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_basics(store);
	assert_uses(store, "", 0, 0, 0);
	tell_uses(store, "{\"promotion\":\"summer\",\"uses\":7,\"spent_minor\":2100}",
		  "{\"promotion\":\"summer\",\"customer\":\"c-1\",\"uses\":2,\"spent_minor\":600}",
		  "{\"code\":\"TAKE5\",\"uses\":4}");
	assert_uses(store, "", 7, 2100, 4);
	assert_uses(store, "c-1", 2, 600, 0);
	assert_uses(store, "c-2", 0, 0, 0);
	use_offers(store, "c-1");
	use_offers(store, "");
	assert_uses(store, "", 9, 2700, 6);
	assert_uses(store, "c-1", 3, 900, 1);
	assert_uses(store, "c-2", 0, 0, 0);
}

static void
count_on(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	/* A restart forgives nothing. */
	assert_uses(store, "", 9, 2700, 6);
	assert_uses(store, "c-1", 3, 900, 1);
	/* Acknowledged, told up to number 6; the cursor stands at 3. */
	acknowledge(store, 1, TILL_OUTCOME_APPLIED, 6);
	assert_uses(store, "", 9, 2700, 6);
	/* The feed tells it: it counts once. */
	tell_uses(store, "{\"promotion\":\"summer\",\"uses\":8,\"spent_minor\":2400}",
		  "{\"promotion\":\"summer\",\"customer\":\"c-1\",\"uses\":3,\"spent_minor\":900}",
		  "{\"code\":\"TAKE5\",\"uses\":5}");
	assert_uses(store, "", 9, 2700, 6);
	assert_uses(store, "c-1", 3, 900, 0);
	/* What a person must look at first has no effect at the central. */
	acknowledge(store, 2, TILL_OUTCOME_HELD, 0);
	assert_uses(store, "", 9, 2700, 6);
	/* The feed was ahead of the acknowledgement. */
	tell_uses(store, "{\"promotion\":\"summer\",\"uses\":9,\"spent_minor\":2700}",
		  "{\"promotion\":\"summer\",\"customer\":\"c-1\",\"uses\":3,\"spent_minor\":900}",
		  "{\"code\":\"TAKE5\",\"uses\":6}");
	assert_uses(store, "", 10, 3000, 7);
	acknowledge(store, 2, TILL_OUTCOME_APPLIED, 9);
	assert_uses(store, "", 9, 2700, 6);
}

static void
see_counted(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	assert_uses(store, "", 9, 2700, 6);
	assert_uses(store, "c-1", 3, 900, 0);
}

static void
test_own_uses_count_until_told_back(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, count_uses);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, count_on);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, see_counted);
	till_fixture_free(fixture);
}

/* Another epoch's numbers mean nothing: what was acknowledged is in its counts, the rest is not. */
static void
change_epoch(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_basics(store);
	tell_uses(store, "{\"promotion\":\"summer\"}",
		  "{\"promotion\":\"summer\",\"customer\":\"c-1\"}", "{\"code\":\"TAKE5\"}");
	use_offers(store, "");
	use_offers(store, "");
	acknowledge(store, 1, TILL_OUTCOME_APPLIED, 500);
	assert_uses(store, "", 2, 600, 2);
}

static void
see_other_epoch(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	const char *const page[] = {"setting", "x", "{\"name\":\"x\",\"value\":\"y\"}", NULL};
	till_fixture_feed(store, "store:014", page);
	assert_uses(store, "", 1, 300, 1);
}

static void
test_another_epoch(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, change_epoch);
	till_fixture_close(fixture);
	g_assert_true(till_fixture_edit(fixture, "cache.db",
					"UPDATE cursor SET epoch = 'other' WHERE scope = 'chain'"));
	till_fixture_open(fixture);
	till_fixture_do(fixture, see_other_epoch);
	till_fixture_free(fixture);
}

/* ---- customers ---- */

static void
assert_found(TillStore *store, const char *query, const char *ids)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) found = till_catalog_customers(store, query, 20, &error);
	g_autoptr(GString) joined = g_string_new(NULL);
	g_assert_no_error(error);
	for (guint i = 0; i < found->len; i++)
		g_string_append_printf(joined, "%s%s", i == 0 ? "" : " ",
				       ((TillCustomer *)g_ptr_array_index(found, i))->id);
	g_assert_cmpstr(joined->str, ==, ids);
}

static void
find_customers(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	feed_basics(store);
	const char *const page[] = {
	    "customer",
	    "c-1",
	    "{\"id\":\"c-1\",\"name\":\"Dana Kowalski\",\"email\":\"Dana@Mail.example\","
	    "\"phone\":\"+1 (845) 555-0142\",\"loyalty\":\"JR-77\",\"groups\":\"gold, staff\","
	    "\"segments\":\"runner\",\"purchases\":4,\"offers\":false}",
	    "customer",
	    "c-2",
	    "{\"id\":\"c-2\",\"name\":\"Daniel Mora\",\"phone\":\"0845.555.0199\"}",
	    "customer",
	    "c-3",
	    "{\"id\":\"c-3\",\"name\":\"Mona Danvers\",\"loyalty\":\"c-1\"}",
	    NULL};
	till_fixture_feed(store, "chain", page);
	assert_found(store, "c-1", "c-1");
	assert_found(store, "JR-77", "c-1");
	assert_found(store, "jr-77", "");
	assert_found(store, " dana@mail.EXAMPLE ", "c-1");
	assert_found(store, "dana@mail", "");
	assert_found(store, "555-0142", "c-1");
	assert_found(store, "(845) 555 0199", "c-2");
	assert_found(store, "+1 845 555 0142", "c-1");
	assert_found(store, "555-014", "");
	assert_found(store, "44 845 555 0142", "");
	assert_found(store, "dan", "c-1 c-2 c-3");
	assert_found(store, "Dana K", "c-1");
	assert_found(store, "mo", "c-2 c-3");
	assert_found(store, "%", "");
	assert_found(store, "", "");
	GError *error = NULL;
	g_autoptr(GPtrArray) one = till_catalog_customers(store, "dan", 1, &error);
	g_assert_cmpuint(one->len, ==, 1);

	g_autoptr(TillCustomer) dana = NULL;
	g_assert_true(till_catalog_customer(store, "JR-77", &dana, &error));
	g_assert_cmpstr(dana->name, ==, "Dana Kowalski");
	g_assert_cmpstr(dana->groups[1], ==, "staff");
	g_assert_cmpstr(dana->segments[0], ==, "runner");
	g_assert_cmpint(dana->purchases, ==, 4);
	g_assert_false(dana->offers);
	g_autoptr(TillCustomer) nobody = NULL;
	g_assert_true(till_catalog_customer(store, "Dana Kowalski", &nobody, &error));
	g_assert_no_error(error);
	g_assert_null(nobody);
}

static void
test_customers(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, find_customers);
	till_fixture_free(fixture);
}

/* ---- limits ---- */

static void
read_limits(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	GError *error = NULL;
	TillDiscountPolicy policy = {0};
	g_assert_false(till_catalog_discounts(store, &policy, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "not arrived");
	feed_basics(store);
	const char *const page[] = {
	    "setting", "1", "{\"name\":\"discount_limit.associate\",\"value\":\"5%,4.00\"}",
	    "setting", "2", "{\"name\":\"discount_limit.curbside\",\"value\":\"rather much\"}",
	    "setting", "3", "{\"name\":\"discount_reasons\",\"value\":\"stain,seam\"}",
	    NULL};
	till_fixture_feed(store, "store:014", page);
	g_assert_true(till_catalog_discounts(store, &policy, &error));
	g_assert_no_error(error);
	g_assert_cmpint(policy.limits[TILL_ROLE_ASSOCIATE].percent_ppm, ==, 50000);
	g_assert_cmpint(policy.limits[TILL_ROLE_ASSOCIATE].amount_minor, ==, 400);
	/* What makes no sense gives nobody more than the default. */
	g_assert_cmpint(policy.limits[TILL_ROLE_CURBSIDE].amount_minor, ==, 0);
	g_assert_cmpint(policy.limits[TILL_ROLE_MANAGER].amount_minor, ==, G_MAXINT64);
	g_assert_cmpstr(policy.reasons[1], ==, "seam");
	till_discount_policy_clear(&policy);
}

static void
test_limits(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, read_limits);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/store/offers/promotions-are-kept", test_promotions_are_kept);
	g_test_add_func("/store/offers/the-unreadable-is-left-out", test_unreadable_is_left_out);
	g_test_add_func("/store/offers/promotions-after-a-restart", test_promotions_after_restart);
	g_test_add_func("/store/offers/items-carry-their-prices", test_items_carry_their_prices);
	g_test_add_func("/store/offers/own-uses-count-until-told-back",
			test_own_uses_count_until_told_back);
	g_test_add_func("/store/offers/another-epoch", test_another_epoch);
	g_test_add_func("/store/offers/customers", test_customers);
	g_test_add_func("/store/offers/limits", test_limits);
	return g_test_run();
}
