/* SPDX-License-Identifier: Apache-2.0 */
#include "manual.h"

#include <string.h>

#include "error.h"
#include "price.h"
#include "sale.h"
#include "till-sample.h"
#include "till-test.h"

static TillManual
make(TillManualKind kind, gint64 value)
{
	static char reason[] = "damaged", staff[] = "ana", approver[] = "ben";

	return (TillManual){.kind = kind,
			    .value = value,
			    .reason = reason,
			    .staff = staff,
			    .approved_by = approver};
}

/* Two tees at 20.00 with a change by hand; class "zero" has no tax. */
static TillPriced *
price_with(TillManualKind kind, gint64 value, TillBasket **out_basket)
{
	TillPriceRules rules = till_sample_rules();
	TillBasket *basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 2000);
	TillManual manual = make(kind, value);
	g_autoptr(GError) error = NULL;
	guint line;

	g_free(tee->tax_class);
	tee->tax_class = g_strdup("zero");
	g_assert_cmpint(till_basket_add(basket, tee, "", 2000, &line), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, line, &manual), ==, TILL_BASKET_OK);
	TillPriced *priced = till_price_basket(basket, &rules, &error);
	g_assert_no_error(error);
	till_price_rules_clear(&rules);
	if (out_basket != NULL)
		*out_basket = basket;
	else
		till_basket_free(basket);
	return priced;
}

static void
test_price_replaces_the_list_price(void)
{
	g_autoptr(TillPriced) priced = price_with(TILL_MANUAL_PRICE, 1500, NULL);
	const TillPricedLine *line = g_ptr_array_index(priced->lines, 0);

	g_assert_cmpint(line->unit_minor, ==, 1500);
	g_assert_cmpint(line->manual.original_minor, ==, 2000);
	g_assert_cmpint(priced->total_minor, ==, 3000);
	g_assert_cmpint(priced->discount_minor, ==, 0);
}

static void
test_amount_and_percent_come_off_the_line(void)
{
	g_autoptr(TillPriced) amount = price_with(TILL_MANUAL_AMOUNT, 700, NULL);
	g_autoptr(TillPriced) percent = price_with(TILL_MANUAL_PERCENT, 125000, NULL);
	const TillPricedDiscount *row = &g_array_index(amount->discounts, TillPricedDiscount, 0);

	g_assert_cmpint(amount->total_minor, ==, 3300);
	g_assert_cmpstr(row->promotion, ==, "manual:1");
	g_assert_cmpstr(row->name, ==, "damaged");
	g_assert_cmpint(percent->total_minor, ==, 3500);
}

static void
test_line_stays_apart_and_can_be_taken_back(void)
{
	TillBasket *basket;
	g_autoptr(TillPriced) priced = price_with(TILL_MANUAL_PRICE, 1500, &basket);
	g_autoptr(TillItem) tee = till_sample_item("tee", 2000);
	guint line;

	g_free(tee->tax_class);
	tee->tax_class = g_strdup("zero");
	g_assert_cmpint(till_basket_add(basket, tee, "", 1000, &line), ==, TILL_BASKET_OK);
	g_assert_cmpuint(line, ==, 2);
	g_assert_cmpint(till_basket_set_manual(basket, 1, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_line(basket, 0)->manual.kind, ==, TILL_MANUAL_NONE);
	till_basket_free(basket);
}

static void
test_changes_without_sense_are_refused(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) tee = till_sample_item("tee", 2000);
	TillManual more = make(TILL_MANUAL_PERCENT, 1000001), mute = make(TILL_MANUAL_PRICE, 1);
	char nothing[] = "";
	guint line;

	mute.reason = nothing;
	g_assert_cmpint(till_basket_add(basket, tee, "", 1000, &line), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, line, &more), ==, TILL_BASKET_BAD_MANUAL);
	g_assert_cmpint(till_basket_set_manual(basket, line, &mute), ==, TILL_BASKET_BAD_MANUAL);
	g_assert_cmpint(till_basket_set_manual(basket, 9, NULL), ==, TILL_BASKET_NO_LINE);
}

static void
test_limits_say_when_a_second_person_is_asked(void)
{
	const TillManualLimit limit = {.percent_ppm = 100000, .amount_minor = 500};
	const TillManualLimit none = {.percent_ppm = G_MAXINT64, .amount_minor = G_MAXINT64};

	g_assert_false(till_manual_needs_approval(&limit, 2000, 1800));
	g_assert_true(till_manual_needs_approval(&limit, 2000, 1799));
	g_assert_true(till_manual_needs_approval(&limit, 20000, 19499));
	g_assert_false(till_manual_needs_approval(&limit, 2000, 2500));
	g_assert_false(till_manual_needs_approval(&none, 2000, 0));
}

static void
test_sale_keeps_who_and_why(void)
{
	static const gint64 values[] = {0, 1500, 700, 125000};

	for (guint kind = TILL_MANUAL_PRICE; kind <= TILL_MANUAL_PERCENT; kind++) {
		TillPriced *priced = price_with(kind, values[kind], NULL);
		g_autoptr(TillSale) sale = till_sample_sale(priced, priced->total_minor);
		g_autoptr(GBytes) bytes = till_sale_to_bytes(sale);
		g_autoptr(GError) error = NULL;
		g_autoptr(TillSale) again = till_sale_from_bytes(bytes, &error);

		g_assert_no_error(error);
		const TillPricedLine *line = g_ptr_array_index(again->priced->lines, 0);
		g_assert_cmpint(line->manual.kind, ==, kind);
		g_assert_cmpstr(line->manual.reason, ==, "damaged");
		g_assert_cmpstr(line->manual.approved_by, ==, "ben");
		g_autoptr(GBytes) twice = till_sale_to_bytes(again);
		g_assert_true(g_bytes_equal(bytes, twice));
	}
}

static void
test_sale_with_another_price_than_it_says_is_refused(void)
{
	TillPriced *priced = price_with(TILL_MANUAL_PRICE, 1500, NULL);
	g_autoptr(TillSale) sale = till_sample_sale(priced, priced->total_minor);
	g_autoptr(GBytes) bytes = till_sale_to_bytes(sale);
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	g_auto(GStrv) parts = g_strsplit(text, "\"value\":1500", 2);
	g_autoptr(GError) error = NULL;

	g_assert_cmpuint(g_strv_length(parts), ==, 2);
	g_autofree char *changed = g_strjoinv("\"value\":1400", parts);
	g_autoptr(GBytes) body = g_bytes_new(changed, strlen(changed));
	g_assert_null(till_sale_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "unit_minor is not the price given");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/manual/price-replaces-the-list-price",
			test_price_replaces_the_list_price);
	g_test_add_func("/domain/manual/amount-and-percent-come-off-the-line",
			test_amount_and_percent_come_off_the_line);
	g_test_add_func("/domain/manual/line-stays-apart-and-can-be-taken-back",
			test_line_stays_apart_and_can_be_taken_back);
	g_test_add_func("/domain/manual/changes-without-sense-are-refused",
			test_changes_without_sense_are_refused);
	g_test_add_func("/domain/manual/limits-say-when-a-second-person-is-asked",
			test_limits_say_when_a_second_person_is_asked);
	g_test_add_func("/domain/manual/sale-keeps-who-and-why", test_sale_keeps_who_and_why);
	g_test_add_func("/domain/manual/sale-with-another-price-than-it-says-is-refused",
			test_sale_with_another_price_than_it_says_is_refused);
	return g_test_run();
}
