/* SPDX-License-Identifier: Apache-2.0 */
#include "till-sample.h"

TillItem *
till_sample_item(const char *sku, gint64 price_minor)
{
	TillItem *item = till_item_new();

	item->sku = g_strdup(sku);
	item->name = g_strdup_printf("Thing %s", sku);
	item->variant = g_strdup("");
	item->style = g_strdup("");
	item->category = g_strdup("Things");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup("ea");
	item->tax_class = g_strdup("standard");
	item->price_list = g_strdup("base");
	item->price_minor = price_minor;
	item->has_price = TRUE;
	item->active = TRUE;
	return item;
}

TillItem *
till_sample_weighed(const char *sku, gint64 price_minor)
{
	TillItem *item = till_sample_item(sku, price_minor);

	g_free(item->unit);
	item->unit = g_strdup("kg");
	item->weighed = TRUE;
	return item;
}

static void
add_tax(TillTaxTable *table, const char *tax_class, const char *id, const char *name,
	gint64 rate_ppm, gboolean inclusive)
{
	g_autofree char *own_id = g_strdup(id);
	g_autofree char *own_name = g_strdup(name);
	TillTax tax = {
	    .id = own_id, .name = own_name, .rate_ppm = rate_ppm, .inclusive = inclusive};
	g_autoptr(GError) error = NULL;

	g_assert_true(till_tax_table_add(table, tax_class, &tax, &error));
	g_assert_no_error(error);
}

TillPriceRules
till_sample_rules(void)
{
	TillTaxTable *table = till_tax_table_new(TILL_ROUND_HALF_UP);

	add_tax(table, "standard", "sales", "Sales tax 8.875%", 88750, FALSE);
	add_tax(table, "reduced", "vat-low", "VAT 7%", 70000, TRUE);
	add_tax(table, "full", "vat", "VAT 20%", 200000, TRUE);
	add_tax(table, "double", "gst", "GST 5%", 50000, FALSE);
	add_tax(table, "double", "qst", "QST 9.975%", 99750, FALSE);
	add_tax(table, "stacked", "state", "State 10%", 100000, TRUE);
	add_tax(table, "stacked", "city", "City 4%", 40000, TRUE);
	return (TillPriceRules){
	    .currency = till_currency_find("USD"), .taxes = table, .rounding = TILL_ROUND_HALF_UP};
}

TillSale *
till_sample_sale(TillPriced *priced, gint64 tendered_minor)
{
	TillSale *sale = till_sale_new();

	sale->receipt = g_strdup("014-02-K7Q-000123");
	sale->store = g_strdup("014");
	sale->till = g_strdup("02");
	sale->staff_id = g_strdup("s-014-03");
	sale->staff_name = g_strdup("Ines Moreau");
	sale->opened_ms = G_GINT64_CONSTANT(1795444325123);
	sale->closed_ms = G_GINT64_CONSTANT(1795444385456);
	sale->priced = priced;
	sale->tenders[0].kind = TILL_TENDER_CASH;
	sale->tenders[0].tendered_minor = tendered_minor;
	sale->tender_count = 1;
	g_assert_cmpint(
	    till_tender_settle(priced->total_minor, sale->tenders, 1, &sale->change_minor), ==,
	    TILL_TENDER_OK);
	return sale;
}

TillSale *
till_sample_small_sale(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("TEE-NAVY-M", 1400);
	g_autoptr(TillItem) coffee = till_sample_weighed("COFFEE", 1250);
	g_autoptr(TillItem) mug = till_sample_item("MUG", 995);
	TillPriceRules rules = till_sample_rules();
	guint line_id;

	g_free(tee->name);
	tee->name = g_strdup("Organic tee");
	g_free(tee->variant);
	tee->variant = g_strdup("Navy / M");
	g_free(coffee->tax_class);
	coffee->tax_class = g_strdup("reduced");
	g_assert_cmpint(till_basket_add(basket, tee, "4006381333931", 2000, NULL), ==,
			TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, coffee, "", 640, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, mug, "MUG", 0, &line_id), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_note(basket, line_id, "Gift wrap"), ==, TILL_BASKET_OK);
	TillPriced *priced = till_price_basket(basket, &rules, NULL);
	till_price_rules_clear(&rules);
	g_assert_nonnull(priced);
	return till_sample_sale(priced, 10000);
}
