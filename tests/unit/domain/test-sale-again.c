/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-again.h"

#include <string.h>

#include "till-test.h"

/* Four lines, and one that was voided: a shirt counted alone because of its note, the same shirt
 * with 2.00 off by hand, pears by weight, and pears with a price on their label that is final. Tax
 * of 10 % on top. */

static TillItem *
make_item(const char *sku, gint64 price_minor, gboolean weighed)
{
	TillItem *item = till_item_new();

	item->sku = g_strdup(sku);
	item->name = g_strdup(sku);
	item->variant = g_strdup("");
	item->style = g_strdup("");
	item->category = g_strdup("");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup(weighed ? "kg" : "ea");
	item->tax_class = g_strdup("full");
	item->price_list = g_strdup("base");
	item->price_minor = price_minor;
	item->weighed = weighed;
	item->has_price = TRUE;
	item->active = TRUE;
	return item;
}

static TillPriceRules
make_rules(void)
{
	TillPriceRules rules = {.currency = till_currency_find("USD"),
				.taxes = till_tax_table_new(TILL_ROUND_HALF_UP)};
	char id[] = "tax";
	TillTax tax = {.id = id, .name = id, .rate_ppm = 100000};

	g_assert_true(till_tax_table_add(rules.taxes, "full", &tax, NULL));
	return rules;
}

typedef struct {
	TillPriceRules rules;
	GPtrArray *items; /* of each line */
	TillSale *sale;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(TillItem) shirt = make_item("SHIRT", 2000, FALSE);
	g_autoptr(TillItem) pears = make_item("PEARS", 399, TRUE);
	g_autoptr(TillBasket) basket = till_basket_new();
	char reason[] = "stain", staff[] = "ann", none[] = "";
	TillManual manual = {.kind = TILL_MANUAL_AMOUNT,
			     .value = 200,
			     .reason = reason,
			     .staff = staff,
			     .approved_by = none};
	guint id;

	fixture->rules = make_rules();
	g_assert_cmpint(till_basket_add(basket, shirt, "", 1000, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_note(basket, id, "gift"), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, pears, "", 500, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_void(basket, id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, shirt, "", 1000, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, id, &manual), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, pears, "", 640, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, pears, "", 333, &id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_embedded(basket, id, 135), ==, TILL_BASKET_OK);
	fixture->sale = till_sale_new();
	fixture->sale->priced = till_price_basket(basket, &fixture->rules, NULL);
	fixture->items = g_ptr_array_new_with_free_func((GDestroyNotify)till_item_unref);
	g_ptr_array_add(fixture->items, till_item_ref(shirt));
	g_ptr_array_add(fixture->items, till_item_ref(shirt));
	g_ptr_array_add(fixture->items, till_item_ref(pears));
	g_ptr_array_add(fixture->items, till_item_ref(pears));
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	till_sale_free(fixture->sale);
	g_ptr_array_unref(fixture->items);
	till_price_rules_clear(&fixture->rules);
}

static TillPricedLine *
line(Fixture *fixture, guint index)
{
	return g_ptr_array_index(fixture->sale->priced->lines, index);
}

/* words: what must be said; NULL: nothing differs. */
static void
check(Fixture *fixture, const char *words, gint64 amount_minor)
{
	g_autoptr(TillBasket) basket = till_sale_again_basket(fixture->sale, fixture->items);
	g_autoptr(TillPriced) again = till_price_basket(basket, &fixture->rules, NULL);
	TillSaleDifference difference = {.words = NULL};
	gboolean differs = till_sale_again_differs(fixture->sale, again, &difference);

	g_assert_cmpint(differs, ==, words != NULL);
	g_assert_cmpstr(difference.words, ==, words);
	g_assert_cmpint(difference.amount_minor, ==, amount_minor);
	till_sale_difference_clear(&difference);
}

/* Line numbers have a gap, lines of one thing stay apart, and what was done by hand is kept. */
static void
test_same(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_assert_cmpuint(line(fixture, 2)->line_id, ==, 4);
	g_assert_cmpint(line(fixture, 3)->list_minor, ==, 135);
	g_assert_cmpint(fixture->sale->priced->discount_minor, ==, 200);
	check(fixture, NULL, 0);
}

static void
test_price(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(TillItem) dearer = make_item("PEARS", 499, TRUE);

	g_ptr_array_remove_index(fixture->items, 2);
	g_ptr_array_insert(fixture->items, 2, till_item_ref(dearer));
	/* 0.640 × 4.99 is 3.19, not 2.55; with tax 3.51, not 2.81. */
	check(fixture, "line 3 (PEARS): price 3.99, should be 4.99", -70);
}

static void
test_discount(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillPricedDiscount *discount =
	    &g_array_index(line(fixture, 1)->discounts, TillPricedDiscount, 0);

	discount->amount_minor = 300;
	check(fixture, "line 2 (SHIRT): \"manual:3\" takes off 3.00, should be 2.00", 0);
}

static void
test_unknown_discount(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	char id[] = "GHOST", none[] = "";
	TillPricedDiscount ghost = {
	    .promotion = id, .version = 1, .name = id, .code = none, .amount_minor = 1};

	till_price_append_discount(line(fixture, 0)->discounts, &ghost);
	check(fixture, "line 1 (SHIRT): \"GHOST\" takes off 0.01, should be 0.00", 0);
}

static void
test_tax(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_array_index(line(fixture, 0)->taxes, TillPricedTax, 0).amount_minor = 199;
	check(fixture, "line 1 (SHIRT): tax \"tax\" 1.99, should be 2.00", 0);
	g_array_set_size(line(fixture, 0)->taxes, 0);
	check(fixture, "line 1 (SHIRT): taxes 0, should be 1", 0);
}

static void
test_totals(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autofree char *words = NULL;
	gint64 total = fixture->sale->priced->total_minor;

	fixture->sale->priced->total_minor = total + 1;
	words = g_strdup_printf("total %d.%02d, should be %d.%02d", (int)(total + 1) / 100,
				(int)(total + 1) % 100, (int)total / 100, (int)total % 100);
	check(fixture, words, 1);
}

/* It could not have been sold so. */
static void
test_impossible(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(TillItem) counted = make_item("PEARS", 399, FALSE);

	g_ptr_array_remove_index(fixture->items, 2);
	g_ptr_array_insert(fixture->items, 2, till_item_ref(counted));
	g_assert_null(till_sale_again_basket(fixture->sale, fixture->items));
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/domain/sale-again/the-same-basket-has-the-same-price", test_same);
	ADD("/domain/sale-again/another-price-is-named-with-both-figures", test_price);
	ADD("/domain/sale-again/another-discount-is-named", test_discount);
	ADD("/domain/sale-again/a-discount-nobody-gives-is-named", test_unknown_discount);
	ADD("/domain/sale-again/another-tax-is-named", test_tax);
	ADD("/domain/sale-again/totals-are-compared-too", test_totals);
	ADD("/domain/sale-again/what-could-not-be-sold-has-no-basket", test_impossible);
	return g_test_run();
}
