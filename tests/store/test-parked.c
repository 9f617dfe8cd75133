/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "parked.h"
#include "signin.h"

static TillItem *
make_item(const char *sku, gint64 price_minor)
{
	TillItem *item = till_item_new();
	item->sku = g_strdup(sku);
	item->name = g_strdup("Café “noir”");
	item->variant = g_strdup("250 g");
	item->style = g_strdup("");
	item->category = g_strdup("Food/Coffee");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup("ea");
	item->tax_class = g_strdup("reduced");
	item->price_minor = price_minor;
	item->has_price = TRUE;
	item->price_list = g_strdup("base");
	item->active = TRUE;
	return item;
}

static char *parked_id;

static void
park(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) coffee = make_item("COF-1", 895);
	g_autoptr(TillItem) tea = make_item("TEA-1", 450);
	guint id;
	/* The same item on two lines, the first with a note. */
	till_basket_add(basket, coffee, "4006381333931", 2000, &id);
	till_basket_set_note(basket, id, "ground");
	till_basket_add(basket, coffee, "4006381333931", 1000, &id);
	char reason[] = "dented";
	const TillManual dented = {.kind = TILL_MANUAL_AMOUNT, .value = 100, .reason = reason};
	g_assert_cmpint(till_basket_set_manual(basket, id, &dented), ==, TILL_BASKET_OK);
	till_basket_add(basket, tea, "", 3000, &id);
	g_assert_cmpint(till_basket_set_embedded(basket, id, 1350), ==, TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_count(basket), ==, 3);
	g_assert_true(till_parked_add(store, basket, "blue coat", "Ines", 4035, &error));
	g_assert_no_error(error);
	g_autoptr(GPtrArray) rows = till_parked_list(store, &error);
	g_assert_cmpuint(rows->len, ==, 1);
	const TillParkedRow *row = g_ptr_array_index(rows, 0);
	g_assert_cmpstr(row->label, ==, "blue coat");
	g_assert_cmpuint(row->line_count, ==, 3);
	g_assert_cmpint(row->total_minor, ==, 4035);
	g_assert_cmpint(row->parked_ms, ==, TILL_FIXTURE_NOW_MS);
	parked_id = g_strdup(row->id);
}

static void
recall(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(TillBasket) basket = till_parked_take(store, parked_id, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(till_basket_count(basket), ==, 3);
	const TillBasketLine *first = till_basket_line(basket, 0);
	const TillBasketLine *second = till_basket_line(basket, 1);
	g_assert_cmpstr(first->note, ==, "ground");
	g_assert_cmpstr(second->note, ==, "");
	g_assert_cmpint(first->manual.kind, ==, TILL_MANUAL_NONE);
	g_assert_cmpint(first->embedded_minor, ==, 0);
	g_assert_cmpint(till_basket_line(basket, 2)->embedded_minor, ==, 1350);
	g_assert_cmpint(second->manual.value, ==, 100);
	g_assert_cmpstr(second->manual.reason, ==, "dented");
	g_assert_cmpint(first->quantity_milli, ==, 2000);
	g_assert_cmpstr(first->code, ==, "4006381333931");
	g_assert_cmpint(second->item->price_minor, ==, 895);
	g_assert_cmpstr(second->item->name, ==, "Café “noir”");
	g_assert_null(till_parked_take(store, parked_id, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "no longer there");
	g_autoptr(GPtrArray) rows = till_parked_list(store, &error);
	g_assert_cmpuint(rows->len, ==, 0);
}

static void
test_park(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, park);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, recall);
	g_clear_pointer(&parked_id, g_free);
	till_fixture_free(fixture);
}

/* All that its price depends on. */
static void
park_for_customer(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) coffee = make_item("COF-1", 895);
	g_autoptr(TillCustomer) dana = till_customer_new();
	const TillPriceRow rows[] = {{"base", 0, 0, 0, 895}, {"group:gold", 5000, 10, 20, 795}};
	char number[] = "NY-7";
	const TillExemption exemption = {.certificate = number, .valid_to_ms = 99};
	TillShopper *shopper = till_basket_shopper(basket);
	coffee->as_of = 41;
	coffee->prices = till_price_list_new();
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_true(till_price_list_add(coffee->prices, "COF-1", &rows[i], &error));
	dana->id = g_strdup("c-1");
	dana->name = g_strdup("Dana Kowalski");
	dana->phone = g_strdup("555 0142 000");
	g_strfreev(dana->groups);
	dana->groups = till_customer_split("gold");
	till_shopper_set_customer(shopper, dana);
	g_assert_cmpint(till_shopper_add_coupon(shopper, "TAKE5"), ==, TILL_SHOPPER_OK);
	g_assert_true(till_shopper_set_exemption(shopper, &exemption));
	till_basket_add(basket, coffee, "", 0, NULL);
	g_assert_true(till_parked_add(store, basket, "", "Ines", 895, &error));
	g_assert_no_error(error);
	g_autoptr(GPtrArray) list = till_parked_list(store, &error);
	parked_id = g_strdup(((TillParkedRow *)g_ptr_array_index(list, 0))->id);
}

static void
recall_for_customer(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	guint count;
	(void)fixture;
	g_autoptr(TillBasket) basket = till_parked_take(store, parked_id, &error);
	g_assert_no_error(error);
	const TillItem *item = till_basket_line(basket, 0)->item;
	const TillPriceRow *rows = till_price_list_rows(item->prices, "COF-1", &count);
	g_assert_cmpint(item->as_of, ==, 41);
	g_assert_cmpuint(count, ==, 2);
	g_assert_cmpstr(rows[1].list, ==, "group:gold");
	g_assert_cmpint(rows[1].min_quantity_milli, ==, 5000);
	g_assert_cmpint(rows[1].valid_from_ms, ==, 10);
	g_assert_cmpint(rows[1].valid_to_ms, ==, 20);
	g_assert_cmpint(rows[1].price_minor, ==, 795);
	const TillShopper *shopper = till_basket_get_shopper(basket);
	g_assert_cmpstr(shopper->customer->id, ==, "c-1");
	g_assert_cmpstr(shopper->customer->name, ==, "Dana Kowalski");
	g_assert_cmpstr(shopper->customer->groups[0], ==, "gold");
	/* A stolen till tells no number. */
	g_assert_cmpstr(shopper->customer->phone, ==, "");
	g_assert_cmpstr(till_shopper_coupons(shopper, &count)[0], ==, "TAKE5");
	g_assert_cmpstr(shopper->exemption.certificate, ==, "NY-7");
	g_assert_cmpint(shopper->exemption.valid_to_ms, ==, 99);
}

static void
test_park_for_customer(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, park_for_customer);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, recall_for_customer);
	g_clear_pointer(&parked_id, g_free);
	till_fixture_free(fixture);
}

static guint
count_parked(TillStore *store)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) rows = till_parked_list(store, &error);
	g_assert_no_error(error);
	return rows->len;
}

static void
take(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) rows = till_parked_list(store, &error);
	(void)fixture;
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, ==, 1);
	const TillParkedRow *row = g_ptr_array_index(rows, 0);
	g_autoptr(TillBasket) basket = till_parked_take(store, row->id, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(till_basket_count(basket), ==, 3);
	g_assert_cmpuint(count_parked(store), ==, 0);
}

static void
pay(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(TillEntry) entry = till_fixture_sell(store, "COF-1", 3000, &error);
	g_assert_no_error(error);
}

static void
expect_nothing_parked(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_assert_cmpuint(count_parked(store), ==, 0);
}

/* What a crash leaves behind: the files as they lie there while the till is open. */
static void
crash(TillFixture *fixture)
{
	g_autofree char *copy = g_strconcat(fixture->root, "/crashed", NULL);
	till_fixture_copy(fixture->home, copy);
	till_fixture_close(fixture);
	g_free(fixture->home);
	fixture->home = g_steal_pointer(&copy);
	till_fixture_open(fixture);
}

static void
test_recalled_survives_a_crash(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, park);
	g_clear_pointer(&parked_id, g_free);
	till_fixture_do(fixture, take);
	crash(fixture);
	till_fixture_do(fixture, take);
	till_fixture_do(fixture, pay);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, expect_nothing_parked);
	till_fixture_free(fixture);
}

static void
test_recalled_and_parked_again(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, park);
	g_clear_pointer(&parked_id, g_free);
	till_fixture_do(fixture, take);
	till_fixture_do(fixture, park);
	g_clear_pointer(&parked_id, g_free);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, take);
	till_fixture_free(fixture);
}

static void
fail_thrice(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillSigninFailures failures = {9, 9};
	(void)fixture;
	g_assert_true(till_signin_failures_get(store, "s-014-03", &failures, &error));
	g_assert_cmpuint(failures.count, ==, 0);
	g_assert_cmpint(failures.until_ms, ==, 0);
	failures = (TillSigninFailures){3, TILL_FIXTURE_NOW_MS + 5000};
	g_assert_true(till_signin_failures_set(store, "s-014-03", failures, &error));
	g_assert_no_error(error);
}

static void
remember(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	TillSigninFailures failures;
	(void)fixture;
	g_assert_true(till_signin_failures_get(store, "s-014-03", &failures, &error));
	g_assert_cmpuint(failures.count, ==, 3);
	g_assert_cmpint(failures.until_ms, ==, TILL_FIXTURE_NOW_MS + 5000);
	g_assert_true(till_signin_failures_get(store, "s-014-04", &failures, &error));
	g_assert_cmpuint(failures.count, ==, 0);
}

static void
test_signin(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, fail_thrice);
	till_fixture_close(fixture);
	till_fixture_open(fixture);
	till_fixture_do(fixture, remember);
	till_fixture_free(fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/parked/a-sale-comes-back-as-it-was-and-once", test_park);
	g_test_add_func("/store/parked/shopper-and-prices-come-back", test_park_for_customer);
	g_test_add_func("/store/parked/a-recalled-sale-outlives-a-crash-until-it-is-paid",
			test_recalled_survives_a_crash);
	g_test_add_func("/store/parked/a-recalled-sale-parked-again-is-one-sale",
			test_recalled_and_parked_again);
	g_test_add_func("/store/signin/wrong-pins-outlive-a-restart", test_signin);
	return g_test_run();
}
