/* SPDX-License-Identifier: Apache-2.0 */
#include "sale.h"

#include <string.h>

#include "entry.h"
#include "error.h"
#include "id.h"
#include "json.h"
#include "money.h"
#include "till-sample.h"
#include "till-test.h"

static TillSale *
read_back(GBytes *body)
{
	g_autoptr(GError) error = NULL;
	TillSale *sale = till_sale_from_bytes(body, &error);

	g_assert_no_error(error);
	g_assert_nonnull(sale);
	return sale;
}

static void
check_round_trip(const TillSale *sale)
{
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) back = read_back(body);
	g_autoptr(GBytes) again = till_sale_to_bytes(back);

	g_assert_true(g_bytes_equal(body, again));
}

static void
test_round_trip(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) back = read_back(body);
	const TillPricedLine *line = g_ptr_array_index(back->priced->lines, 0);

	check_round_trip(sale);
	g_assert_cmpstr(back->receipt, ==, "014-02-K7Q-000123");
	g_assert_cmpstr(back->staff_name, ==, "Ines Moreau");
	g_assert_cmpint(back->closed_ms, ==, sale->closed_ms);
	g_assert_cmpint(back->priced->total_minor, ==, sale->priced->total_minor);
	g_assert_cmpint(back->priced->items_milli, ==, sale->priced->items_milli);
	g_assert_cmpint(back->change_minor, ==, sale->change_minor);
	g_assert_cmpstr(line->item->variant, ==, "Navy / M");
	g_assert_cmpstr(line->code, ==, "4006381333931");
	g_assert_cmpint(line->quantity_milli, ==, 2000);
}

static void
test_its_cart_is_kept(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	g_autoptr(GError) error = NULL;

	sale->cart = g_strdup("0199d3c2-0000-7000-8000-000000000007");
	sale->cart_version = 3;
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) back = till_sale_from_bytes(body, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(back->cart, ==, sale->cart);
	g_assert_cmpint(back->cart_version, ==, 3);
}

static void
test_parked_from(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	g_autoptr(GBytes) plain = till_sale_to_bytes(sale);
	gsize size;

	g_assert_null(g_strstr_len(g_bytes_get_data(plain, &size), -1, "parked_from"));
	sale->parked_from = g_strdup("0199d3c2-0000-7000-8000-000000000001");
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(TillSale) back = read_back(body);
	g_assert_cmpstr(back->parked_from, ==, sale->parked_from);
	check_round_trip(sale);
}

/* The whole body, so that a change of the format cannot go unseen: journals keep it for years. */
static void
test_exact_bytes(void)
{
	static const char expected[] =
	    "{\"change_minor\":70,\"closed_ms\":1795444385456,\"currency\":\"USD\",\"discount_"
	    "minor\":0,"
	    "\"lines\":[{\"code\":\"4001\",\"discount_minor\":0,\"line\":1,\"list_minor\":2000,"
	    "\"name\":\"Thing A\",\"price_list\":\"base\",\"quantity_milli\":2000,\"sku\":\"A\","
	    "\"tax_class\":\"full\",\"tax_minor\":333,\"taxes\":[{\"amount_minor\":333,"
	    "\"base_minor\":1667,\"id\":\"vat\",\"inclusive\":true,\"name\":\"VAT 20%\","
	    "\"rate_ppm\":200000}],\"total_minor\":2000,\"unit\":\"ea\",\"unit_minor\":1000,"
	    "\"variant\":\"\",\"weighed\":false}],\"list_minor\":2000,\"opened_ms\":1795444325123,"
	    "\"receipt\":\"014-02-K7Q-000123\",\"staff\":{\"id\":\"s-014-03\","
	    "\"name\":\"Ines Moreau\"},\"store\":\"014\",\"tax_minor\":333,\"taxes\":[{"
	    "\"amount_minor\":333,\"base_minor\":1667,\"id\":\"vat\",\"inclusive\":true,"
	    "\"name\":\"VAT 20%\",\"rate_ppm\":200000}],\"tenders\":[{\"amount_minor\":2000,"
	    "\"kind\":\"cash\",\"tendered_minor\":2070}],\"till\":\"02\",\"total_minor\":2000}";
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) item = till_sample_item("A", 1000);
	TillPriceRules rules = till_sample_rules();

	g_free(item->tax_class);
	item->tax_class = g_strdup("full");
	g_assert_cmpint(till_basket_add(basket, item, "4001", 2000, NULL), ==, TILL_BASKET_OK);
	g_autoptr(TillSale) sale = till_sample_sale(till_price_basket(basket, &rules, NULL), 2070);
	till_price_rules_clear(&rules);
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autofree char *text = g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
	g_assert_cmpstr(text, ==, expected);
}

static void
assert_refused(const char *text, const char *words)
{
	g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
	GError *error = NULL;

	g_assert_null(till_sale_from_bytes(body, &error));
	g_test_message("%s", error->message);
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

/* A sound body with one piece of text replaced everywhere must be refused, and say why. */
static void
assert_change_refused(const char *from, const char *to, const char *words)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(GString) text =
	    g_string_new_len(g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));

	g_assert_cmpuint(g_string_replace(text, from, to, 0), >, 0);
	assert_refused(text->str, words);
}

static void
test_not_a_sale(void)
{
	assert_refused("", "sale");
	assert_refused("[]", "object");
	assert_refused("{}", "receipt");
	assert_refused("{\"receipt\":\"1\",\"receipt\":\"2\"}", "sale");
}

static void
test_changed_sums(void)
{
	assert_change_refused("\"change_minor\":5068", "\"change_minor\":5069", "change_minor");
	assert_change_refused("\"total_minor\":3049", "\"total_minor\":3050", "total_minor");
	assert_change_refused("\"amount_minor\":249", "\"amount_minor\":250", "tax");
	assert_change_refused("\"base_minor\":2800", "\"base_minor\":2801", "taxes");
	assert_change_refused("\"tendered_minor\":10000", "\"tendered_minor\":10", "tenders");
	assert_change_refused("\"tendered_minor\":10000", "\"tendered_minor\":0", "tendered_minor");
	assert_change_refused("\"list_minor\":2800", "\"list_minor\":2801", "minor");
	assert_change_refused("\"quantity_milli\":2000", "\"quantity_milli\":2001",
			      "quantity_milli");
}

static void
test_changed_fields(void)
{
	assert_change_refused("\"currency\":\"USD\"", "\"currency\":\"USX\"", "currency");
	assert_change_refused("\"kind\":\"cash\"", "\"kind\":\"shells\"", "kind");
	assert_change_refused("\"line\":3", "\"line\":1", "lines[2].line");
	assert_change_refused("\"line\":3", "\"line\":0", "lines[2].line");
	assert_change_refused("\"quantity_milli\":640", "\"quantity_milli\":0", "lines[1]");
	assert_change_refused("\"quantity_milli\":640", "\"quantity_milli\":-640", "lines[1]");
	assert_change_refused("\"sku\":\"MUG\"", "\"sku\":\"\"", "lines[2].sku");
	assert_change_refused("\"sku\":\"MUG\"", "\"sku\":7", "lines[2].sku");
	assert_change_refused("\"rate_ppm\":70000", "\"rate_ppm\":10000001", "rate_ppm");
	assert_change_refused("\"unit_minor\":995", "\"unit_minor\":9007199254740992",
			      "unit_minor");
	assert_change_refused("\"discount_minor\":0", "\"discount_minor\":-1", "discount_minor");
	assert_change_refused("\"opened_ms\":1", "\"opened_ms\":-1", "opened_ms");
	assert_change_refused("\"staff\":{", "\"stuff\":{", "staff");
	assert_change_refused("\"tenders\":[", "\"tinders\":[", "tenders");
	assert_change_refused("\"lines\":[", "\"lanes\":[", "lines");
	assert_change_refused("\"total_minor\":3049", "\"total_minor\":30.48", "");
}

static TillSale *
make_rounded_sale(void)
{
	static const TillCashRounding fives = {.step_minor = 5, .rounding = TILL_ROUND_HALF_UP};
	TillSale *sale = till_sample_small_sale();
	TillTenderSettlement settlement;

	g_assert_cmpint(sale->priced->total_minor, ==, 4932);
	g_assert_cmpint(till_tender_settle_rounded(4932, &fives, sale->tenders, 1, &settlement), ==,
			TILL_TENDER_OK);
	sale->change_minor = settlement.change_minor;
	sale->rounding_minor = settlement.rounding_minor;
	return sale;
}

static void
assert_rounding_refused(const char *value, const char *words)
{
	g_autoptr(TillSale) sale = make_rounded_sale();
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_autoptr(GString) text =
	    g_string_new_len(g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));

	g_assert_cmpuint(g_string_replace(text, "\"rounding_minor\":-2", value, 0), ==, 1);
	assert_refused(text->str, words);
}

static void
test_cash_rounding(void)
{
	g_autoptr(TillSale) sale = make_rounded_sale();

	g_assert_cmpint(sale->rounding_minor, ==, -2);
	g_assert_cmpint(sale->change_minor, ==, 10000 - 4930);
	check_round_trip(sale);
	assert_rounding_refused("\"rounding_minor\":-1", "tenders");
	assert_rounding_refused("\"rounding_minor\":0", "tenders");
	assert_rounding_refused("\"rounding_minor\":-1000000", "rounding_minor");
}

static void
test_long_texts(void)
{
	static const struct {
		const char *from, *field;
	} rows[] = {{"\"sku\":\"MUG\"", "sku"},         {"\"name\":\"Thing MUG\"", "name"},
		    {"\"note\":\"Gift wrap\"", "note"}, {"\"store\":\"014\"", "store"},
		    {"\"code\":\"MUG\"", "code"},       {"\"name\":\"Ines Moreau\"", "name"}};
	g_autofree char *filler = g_strnfill(801, 'x');

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *to = g_strdup_printf("\"%s\":\"%s\"", rows[i].field, filler);
		assert_change_refused(rows[i].from, to, rows[i].field);
	}
}

static void
test_no_lines(void)
{
	TillPriced *priced = till_price_new(till_currency_find("USD"));
	g_autoptr(TillSale) sale = till_sample_sale(priced, 100);
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	GError *error = NULL;

	g_assert_null(till_sale_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "lines");
}

static TillSale *
make_long_sale(guint count)
{
	TillPriced *priced = till_price_new(till_currency_find("USD"));

	for (guint i = 0; i < count; i++) {
		TillPricedLine *line = till_price_append_line(priced);
		line->line_id = i + 1;
		line->item = till_sample_weighed("X", 1);
		line->code = g_strdup("");
		line->note = g_strdup("");
		line->quantity_milli = 1000;
		line->unit_minor = line->list_minor = line->total_minor = 1;
	}
	if (count <= TILL_BASKET_LINES_MAX)
		g_assert_true(till_price_sum(priced, NULL));
	else
		priced->list_minor = priced->total_minor = count;
	return till_sample_sale(priced, 1000);
}

static void
test_line_count(void)
{
	g_autoptr(TillSale) longest = make_long_sale(TILL_BASKET_LINES_MAX);
	g_autoptr(TillSale) longer = make_long_sale(TILL_BASKET_LINES_MAX + 1);
	g_autoptr(GBytes) body = till_sale_to_bytes(longer);
	GError *error = NULL;

	check_round_trip(longest);
	g_assert_null(till_sale_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "lines");
}

static void
test_huge_amounts(void)
{
	TillPriced *priced = till_price_new(till_currency_find("USD"));
	GError *error = NULL;

	for (guint i = 0; i < 900; i++) {
		TillPricedLine *line = till_price_append_line(priced);
		line->line_id = i + 1;
		line->item = till_sample_item("X", TILL_MONEY_MAX_MINOR);
		line->code = g_strdup("");
		line->note = g_strdup("");
		line->quantity_milli = 1000;
		line->unit_minor = line->list_minor = line->total_minor = TILL_MONEY_MAX_MINOR;
	}
	g_autoptr(TillSale) sale = till_sample_sale(priced, 100);
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	g_assert_null(till_sale_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "lines");
}

static void
test_too_large(void)
{
	g_autofree char *filler = g_strnfill(TILL_ENTRY_BODY_MAX, ' ');
	g_autofree char *text = g_strconcat("{}", filler, NULL);
	g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
	GError *error = NULL;

	g_assert_null(till_sale_from_bytes(body, &error));
	till_test_assert_error(error, TILL_ERROR_LIMIT, "sale");
}

/* Any body that is taken at all is taken as it is: what is written again is what was read. */
static void
test_random_damage(void)
{
	g_autoptr(TillSale) sale = till_sample_small_sale();
	g_autoptr(GBytes) body = till_sale_to_bytes(sale);
	gsize size;
	const char *sound = g_bytes_get_data(body, &size);
	TillTestRandom random;
	guint taken = 0;

	till_test_random_init(&random, 512);
	for (int i = 0; i < 10000; i++) {
		g_autofree char *text = g_memdup2(sound, size);
		gsize at = (gsize)till_test_random_range(&random, 0, (gint64)size - 1);
		text[at] = (char)till_test_random_range(&random, ' ', '~');
		g_autoptr(GBytes) damaged = g_bytes_new(text, size);
		g_autoptr(TillSale) read = till_sale_from_bytes(damaged, NULL);
		if (read == NULL)
			continue;
		taken++;
		g_assert_true(till_price_sum(read->priced, NULL));
		g_assert_cmpint(read->priced->total_minor, >=, 0);
		check_round_trip(read);
	}
	/* Letters of names may change unseen; most of the body may not. */
	g_assert_cmpuint(taken, <, 5000);
}

static void
test_receipt_number(void)
{
	guint64 incarnation;

	g_assert_true(till_id_incarnation_parse("0K7Q000000001", &incarnation));
	g_autofree char *number = till_sale_receipt_number("014", "02", incarnation, 123);
	g_autofree char *large = till_sale_receipt_number("014", "02", incarnation, 12345678);
	g_assert_cmpstr(number, ==, "014-02-0K7-000123");
	g_assert_cmpstr(large, ==, "014-02-0K7-12345678");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/sale/bytes-round-trip", test_round_trip);
	g_test_add_func("/domain/sale/parked-from-is-kept-when-there", test_parked_from);
	g_test_add_func("/domain/sale/its-cart-is-kept", test_its_cart_is_kept);
	g_test_add_func("/domain/sale/body-is-exactly-this", test_exact_bytes);
	g_test_add_func("/domain/sale/refuses-what-is-no-sale", test_not_a_sale);
	g_test_add_func("/domain/sale/refuses-sums-that-do-not-add-up", test_changed_sums);
	g_test_add_func("/domain/sale/refuses-fields-out-of-bounds", test_changed_fields);
	g_test_add_func("/domain/sale/refuses-long-texts", test_long_texts);
	g_test_add_func("/domain/sale/refuses-a-sale-of-nothing", test_no_lines);
	g_test_add_func("/domain/sale/takes-a-full-basket-and-no-more", test_line_count);
	g_test_add_func("/domain/sale/refuses-sums-past-the-limit", test_huge_amounts);
	g_test_add_func("/domain/sale/refuses-large-bodies", test_too_large);
	g_test_add_func("/domain/sale/random-damage-is-refused-or-harmless", test_random_damage);
	g_test_add_func("/domain/sale/receipt-number-carries-the-incarnation", test_receipt_number);
	g_test_add_func("/domain/sale/cash-rounding-is-kept-and-checked", test_cash_rounding);
	return g_test_run();
}
