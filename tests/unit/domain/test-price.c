/* SPDX-License-Identifier: Apache-2.0 */
#include "price.h"

#include "error.h"
#include "money.h"
#include "till-sample.h"
#include "till-test.h"

static void
add(TillBasket *basket, const char *sku, const char *tax_class, gint64 price_minor,
    gint64 quantity_milli, gboolean weighed)
{
	g_autoptr(TillItem) item =
	    weighed ? till_sample_weighed(sku, price_minor) : till_sample_item(sku, price_minor);

	g_free(item->tax_class);
	item->tax_class = g_strdup(tax_class);
	g_assert_cmpint(till_basket_add(basket, item, sku, quantity_milli, NULL), ==,
			TILL_BASKET_OK);
}

static TillPriced *
price(const TillBasket *basket)
{
	TillPriceRules rules = till_sample_rules();
	g_autoptr(GError) error = NULL;
	TillPriced *priced = till_price_basket(basket, &rules, &error);

	till_price_rules_clear(&rules);
	g_assert_no_error(error);
	g_assert_nonnull(priced);
	return priced;
}

static const TillPricedLine *
get_line(const TillPriced *priced, guint index)
{
	g_assert_cmpuint(index, <, priced->lines->len);
	return g_ptr_array_index(priced->lines, index);
}

static const TillPricedTax *
get_tax(const GArray *taxes, guint index)
{
	g_assert_cmpuint(index, <, taxes->len);
	return &g_array_index(taxes, TillPricedTax, index);
}

static void
test_empty(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillPriced) priced = price(basket);

	g_assert_cmpint(priced->total_minor, ==, 0);
	g_assert_cmpuint(priced->taxes->len, ==, 0);
	g_assert_cmpint(priced->items_milli, ==, 0);
}

static void
test_on_top(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();

	add(basket, "A", "standard", 7950, 2000, FALSE);
	g_autoptr(TillPriced) priced = price(basket);
	const TillPricedLine *line = get_line(priced, 0);
	g_assert_cmpint(line->unit_minor, ==, 7950);
	g_assert_cmpint(line->list_minor, ==, 15900);
	g_assert_cmpint(line->tax_minor, ==, 1411);
	g_assert_cmpint(line->total_minor, ==, 17311);
	g_assert_cmpint(get_tax(line->taxes, 0)->base_minor, ==, 15900);
	g_assert_cmpstr(get_tax(line->taxes, 0)->name, ==, "Sales tax 8.875%");
	g_assert_cmpint(priced->total_minor, ==, 17311);
	g_assert_cmpint(priced->items_milli, ==, 2000);
}

static void
test_inside(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();

	add(basket, "C", "reduced", 1250, 640, TRUE);
	g_autoptr(TillPriced) priced = price(basket);
	const TillPricedLine *line = get_line(priced, 0);
	g_assert_cmpint(line->list_minor, ==, 800);
	g_assert_cmpint(line->total_minor, ==, 800);
	g_assert_cmpint(line->tax_minor, ==, 52);
	g_assert_cmpint(get_tax(line->taxes, 0)->base_minor, ==, 748);
	g_assert_cmpint(priced->items_milli, ==, 1000);
}

static void
test_several_taxes(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();

	add(basket, "A", "double", 9999, 1000, FALSE);
	add(basket, "B", "stacked", 9999, 1000, FALSE);
	g_autoptr(TillPriced) priced = price(basket);
	const TillPricedLine *on_top = get_line(priced, 0);
	const TillPricedLine *inside = get_line(priced, 1);
	g_assert_cmpint(get_tax(on_top->taxes, 0)->amount_minor, ==, 500);
	g_assert_cmpint(get_tax(on_top->taxes, 1)->amount_minor, ==, 997);
	g_assert_cmpint(on_top->total_minor, ==, 9999 + 1497);
	/* 9999 · 14/114 = 1227.9…: rounded once, then shared 10 to 4. */
	g_assert_cmpint(inside->tax_minor, ==, 1228);
	g_assert_cmpint(get_tax(inside->taxes, 0)->amount_minor, ==, 877);
	g_assert_cmpint(get_tax(inside->taxes, 1)->amount_minor, ==, 351);
	g_assert_cmpint(get_tax(inside->taxes, 0)->base_minor, ==, 8771);
	g_assert_cmpint(inside->total_minor, ==, 9999);
	g_assert_cmpuint(priced->taxes->len, ==, 4);
}

static void
test_sums_per_tax(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();

	add(basket, "A", "reduced", 999, 1000, FALSE);
	add(basket, "B", "zero", 500, 1000, FALSE);
	add(basket, "C", "standard", 1000, 1000, FALSE);
	add(basket, "D", "reduced", 999, 1000, FALSE);
	g_autoptr(TillPriced) priced = price(basket);
	g_assert_cmpuint(priced->taxes->len, ==, 2);
	g_assert_cmpstr(get_tax(priced->taxes, 0)->tax_id, ==, "vat-low");
	g_assert_cmpint(get_tax(priced->taxes, 0)->amount_minor, ==, 130);
	g_assert_cmpint(get_tax(priced->taxes, 0)->base_minor, ==, 1868);
	g_assert_cmpstr(get_tax(priced->taxes, 1)->tax_id, ==, "sales");
	g_assert_cmpuint(get_line(priced, 1)->taxes->len, ==, 0);
}

static void
test_limits(void)
{
	g_autoptr(TillBasket) line = till_basket_new();
	g_autoptr(TillBasket) sum = till_basket_new();
	g_autoptr(TillBasket) taxed = till_basket_new();
	TillPriceRules rules = till_sample_rules();
	GError *error = NULL;

	add(line, "A", "zero", TILL_MONEY_MAX_MINOR, 2000, FALSE);
	g_assert_null(till_price_basket(line, &rules, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "A");
	add(sum, "A", "zero", TILL_MONEY_MAX_MINOR, 1000, FALSE);
	add(sum, "B", "zero", 1, 1000, FALSE);
	g_assert_null(till_price_basket(sum, &rules, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "total");
	add(taxed, "A", "standard", TILL_MONEY_MAX_MINOR, 1000, FALSE);
	g_assert_null(till_price_basket(taxed, &rules, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "A");
	till_price_rules_clear(&rules);
}

static void
assert_equal(const TillPriced *a, const TillPriced *b)
{
	g_assert_cmpint(a->list_minor, ==, b->list_minor);
	g_assert_cmpint(a->discount_minor, ==, b->discount_minor);
	g_assert_cmpint(a->tax_minor, ==, b->tax_minor);
	g_assert_cmpint(a->total_minor, ==, b->total_minor);
	g_assert_cmpint(a->items_milli, ==, b->items_milli);
	g_assert_cmpuint(a->taxes->len, ==, b->taxes->len);
}

static void
test_copy(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();

	add(basket, "A", "double", 9999, 3000, FALSE);
	add(basket, "B", "reduced", 1250, 640, TRUE);
	TillPriced *priced = price(basket);
	g_autoptr(TillPriced) copy = till_price_copy(priced);
	assert_equal(priced, copy);
	till_price_free(priced);
	g_assert_cmpstr(get_line(copy, 1)->item->sku, ==, "B");
	g_assert_cmpstr(get_tax(copy->taxes, 1)->name, ==, "QST 9.975%");
	g_assert_cmpstr(get_tax(get_line(copy, 0)->taxes, 0)->tax_id, ==, "gst");
	g_assert_true(till_price_sum(copy, NULL));
	g_assert_cmpuint(copy->taxes->len, ==, 3);
}

/* What must hold for every priced basket, whatever is in it. */
static void
check_sound(const TillPriced *priced)
{
	gint64 list = 0, tax = 0, total = 0, by_tax = 0;

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = get_line(priced, i);
		gint64 line_tax = 0, on_top = 0;
		for (guint k = 0; k < line->taxes->len; k++) {
			const TillPricedTax *row = get_tax(line->taxes, k);
			line_tax += row->amount_minor;
			on_top += row->inclusive ? 0 : row->amount_minor;
			g_assert_cmpint(row->amount_minor, >=, 0);
			if (line->taxes->len == 1 && row->inclusive)
				g_assert_cmpint(row->base_minor + row->amount_minor, ==,
						line->total_minor);
		}
		g_assert_cmpint(line_tax, ==, line->tax_minor);
		g_assert_cmpint(line->list_minor - line->discount_minor + on_top, ==,
				line->total_minor);
		list += line->list_minor;
		tax += line->tax_minor;
		total += line->total_minor;
	}
	for (guint k = 0; k < priced->taxes->len; k++)
		by_tax += get_tax(priced->taxes, k)->amount_minor;
	g_assert_cmpint(list, ==, priced->list_minor);
	g_assert_cmpint(tax, ==, priced->tax_minor);
	g_assert_cmpint(total, ==, priced->total_minor);
	g_assert_cmpint(by_tax, ==, priced->tax_minor);
}

typedef struct {
	gint64 price_minor, quantity_milli;
	guint tax_class;
	gboolean weighed;
} Pick;

static const char *const tax_classes[] = {"standard", "reduced", "full",
					  "double",   "stacked", "zero"};

static Pick
pick_random(TillTestRandom *random)
{
	Pick pick = {
	    .price_minor = till_test_random_range(random, 0, 99999),
	    .tax_class = (guint)till_test_random_range(random, 0, G_N_ELEMENTS(tax_classes) - 1),
	    .weighed = till_test_random_range(random, 0, 3) == 0,
	};

	pick.quantity_milli = pick.weighed ? till_test_random_range(random, 1, 9999)
					   : 1000 * till_test_random_range(random, 1, 12);
	return pick;
}

static TillBasket *
fill(const Pick *picks, guint count, gboolean reversed)
{
	TillBasket *basket = till_basket_new();

	for (guint i = 0; i < count; i++) {
		guint at = reversed ? count - 1 - i : i;
		g_autofree char *sku = g_strdup_printf("S%u", at);
		add(basket, sku, tax_classes[picks[at].tax_class], picks[at].price_minor,
		    picks[at].quantity_milli, picks[at].weighed);
	}
	return basket;
}

static void
test_random_baskets(void)
{
	TillPriceRules rules = till_sample_rules();
	TillTestRandom random;

	till_test_random_init(&random, 173);
	for (int i = 0; i < 100000; i++) {
		Pick picks[6];
		guint count = (guint)till_test_random_range(&random, 1, G_N_ELEMENTS(picks));
		for (guint k = 0; k < count; k++)
			picks[k] = pick_random(&random);
		g_autoptr(TillBasket) basket = fill(picks, count, FALSE);
		g_autoptr(TillBasket) reversed = fill(picks, count, TRUE);
		rules.rounding = (TillRounding)(i % (TILL_ROUND_FLOOR + 1));
		g_autoptr(TillPriced) priced = till_price_basket(basket, &rules, NULL);
		g_autoptr(TillPriced) backwards = till_price_basket(reversed, &rules, NULL);
		check_sound(priced);
		assert_equal(priced, backwards);
	}
	till_price_rules_clear(&rules);
}

/* Runs at every scan. The best of many runs, so that a busy machine does not fail it. */
static void
test_speed(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	TillPriceRules rules = till_sample_rules();
	gint64 best_us = G_MAXINT64;

	for (int i = 0; i < 100; i++) {
		g_autofree char *sku = g_strdup_printf("S%d", i);
		add(basket, sku, tax_classes[i % G_N_ELEMENTS(tax_classes)], 1999, 2000, FALSE);
	}
	for (int i = 0; i < 100; i++) {
		gint64 start_us = g_get_monotonic_time();
		g_autoptr(TillPriced) priced = till_price_basket(basket, &rules, NULL);
		best_us = MIN(best_us, g_get_monotonic_time() - start_us);
		g_assert_nonnull(priced);
	}
	till_price_rules_clear(&rules);
	g_test_message("100 lines in %" G_GINT64_FORMAT " us", best_us);
	g_assert_cmpint(best_us, <, 1000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/price/empty-basket-costs-nothing", test_empty);
	g_test_add_func("/domain/price/tax-on-top", test_on_top);
	g_test_add_func("/domain/price/tax-inside-a-weighed-line", test_inside);
	g_test_add_func("/domain/price/several-taxes-on-one-line", test_several_taxes);
	g_test_add_func("/domain/price/sums-per-tax-in-order-of-use", test_sums_per_tax);
	g_test_add_func("/domain/price/refuses-amounts-past-the-limit", test_limits);
	g_test_add_func("/domain/price/copy-stands-alone", test_copy);
	g_test_add_func("/domain/price/random-baskets-add-up-in-any-order", test_random_baskets);
	g_test_add_func("/domain/price/hundred-lines-in-under-a-millisecond", test_speed);
	return g_test_run();
}
