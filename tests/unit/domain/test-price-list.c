/* SPDX-License-Identifier: Apache-2.0 */
#include "price-list.h"

#include "error.h"
#include "price.h"
#include "till-sample.h"
#include "till-test.h"

static void
add(TillPriceList *lists, const char *list, gint64 min_milli, gint64 from_ms, gint64 to_ms,
    gint64 price_minor)
{
	const TillPriceRow row = {.list = list,
				  .min_quantity_milli = min_milli,
				  .valid_from_ms = from_ms,
				  .valid_to_ms = to_ms,
				  .price_minor = price_minor};
	g_autoptr(GError) error = NULL;

	g_assert_true(till_price_list_add(lists, "tee", &row, &error));
	g_assert_no_error(error);
}

static TillPriceList *
create_lists(void)
{
	TillPriceList *lists = till_price_list_new();

	add(lists, "base", 0, 0, 0, 2000);
	add(lists, "base", 10000, 0, 0, 1500);
	add(lists, "store:014", 0, 0, 0, 1900);
	add(lists, "store:014", 0, 1000, 2000, 1700);
	add(lists, "group:staff", 0, 0, 0, 1000);
	return lists;
}

static gint64
find(const TillPriceList *lists, gint64 quantity_milli, gint64 now_ms, const char *group,
     const char *store)
{
	const char *const groups[] = {group, NULL};
	g_auto(GStrv) order = till_price_list_order(groups, store);
	const TillPriceRow *row =
	    till_price_list_find(lists, "tee", quantity_milli, now_ms, (const char *const *)order);

	return row != NULL ? row->price_minor : -1;
}

static void
test_first_list_with_a_row_decides(void)
{
	g_autoptr(TillPriceList) lists = create_lists();

	g_assert_cmpint(find(lists, 1000, 0, NULL, NULL), ==, 2000);
	g_assert_cmpint(find(lists, 1000, 0, NULL, "014"), ==, 1900);
	g_assert_cmpint(find(lists, 1000, 0, "staff", "014"), ==, 1000);
	g_assert_cmpint(find(lists, 1000, 0, "gold", "002"), ==, 2000);
}

static void
test_quantity_and_time_choose_the_row(void)
{
	g_autoptr(TillPriceList) lists = create_lists();

	g_assert_cmpint(find(lists, 9999, 0, NULL, NULL), ==, 2000);
	g_assert_cmpint(find(lists, 10000, 0, NULL, NULL), ==, 1500);
	g_assert_cmpint(find(lists, 1000, 999, NULL, "014"), ==, 1900);
	g_assert_cmpint(find(lists, 1000, 1000, NULL, "014"), ==, 1700);
	g_assert_cmpint(find(lists, 1000, 2000, NULL, "014"), ==, 1900);
}

static void
test_rows_without_sense_are_refused(void)
{
	g_autoptr(TillPriceList) lists = till_price_list_new();
	const TillPriceRow ended = {.list = "base", .valid_from_ms = 5, .valid_to_ms = 5};
	const TillPriceRow below = {.list = "base", .min_quantity_milli = -1};
	g_autoptr(GError) error = NULL;

	g_assert_false(till_price_list_add(lists, "tee", &ended, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "A price of tee in list base");
	g_assert_false(till_price_list_add(lists, "tee", &below, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "check its quantity");
	g_assert_cmpint(find(lists, 1000, 0, NULL, NULL), ==, -1);
}

static void
test_basket_is_priced_by_the_list(void)
{
	static const char *const staff[] = {"staff", NULL};
	const TillPromoEngineContext context = {.groups = staff, .store = "014"};
	TillPriceRules rules = till_sample_rules();
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 2222);
	g_autoptr(TillItem) mug = till_sample_item("mug", 800);
	g_autoptr(GError) error = NULL;

	rules.lists = create_lists();
	rules.context = &context;
	g_assert_cmpint(till_basket_add(basket, tee, "", 2000, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, mug, "", 1000, NULL), ==, TILL_BASKET_OK);
	g_autoptr(TillPriced) priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	const TillPricedLine *line = g_ptr_array_index(priced->lines, 0);
	g_assert_cmpint(line->unit_minor, ==, 1000);
	g_assert_cmpstr(line->item->price_list, ==, "group:staff");
	g_assert_cmpint(priced->list_minor, ==, 2000 + 800);
	till_price_rules_clear(&rules);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/price-list/first-list-with-a-row-decides",
			test_first_list_with_a_row_decides);
	g_test_add_func("/domain/price-list/quantity-and-time-choose-the-row",
			test_quantity_and_time_choose_the_row);
	g_test_add_func("/domain/price-list/rows-without-sense-are-refused",
			test_rows_without_sense_are_refused);
	g_test_add_func("/domain/price-list/basket-is-priced-by-the-list",
			test_basket_is_priced_by_the_list);
	return g_test_run();
}
