/* SPDX-License-Identifier: Apache-2.0 */
#include "offer-sale.h"

#include <string.h>

#include "sale.h"

OfferSale
offer_sale(CentralFixture *fixture, const char *promotion)
{
	return (OfferSale){.promotion = promotion,
			   .code = "",
			   .customer = "",
			   .unit_minor = 1000,
			   .amount_minor = 300,
			   .version = 1,
			   .at_ms = till_central_now_ms(fixture->central),
			   .chain = -1,
			   .shop = -1,
			   .as_of = -1};
}

void
offer_sale_promotion(CentralFixture *fixture, const char *id, const char *rest)
{
	g_autofree char *text = g_strdup_printf(
	    "{\"promotions\":[{\"id\":\"%s\",\"name\":\"Mugs %s\",\"effects\":[{\"kind\":"
	    "\"percent\",\"rate_ppm\":300000}]%s}]}",
	    id, id, rest);

	json_decref(central_fixture_import(fixture, "promotions", text, NULL));
}

gint64
offer_sale_head(CentralFixture *fixture, const char *scope)
{
	g_autofree char *sql = g_strdup_printf("SELECT head FROM scope WHERE name = '%s'", scope);

	return central_fixture_count(fixture, sql);
}

static char *
make_cursor(CentralFixture *fixture, const OfferSale *offer, const char *scope, gint64 number)
{
	const char *epoch = offer->epoch != NULL ? offer->epoch : fixture->central->epoch;

	return g_strdup_printf("%s.%" G_GINT64_FORMAT, epoch,
			       number >= 0 ? number : offer_sale_head(fixture, scope));
}

static json_t *
make_pricing(CentralFixture *fixture, const OfferSale *offer)
{
	g_autofree char *chain = make_cursor(fixture, offer, "chain", offer->chain);
	g_autofree char *shop = make_cursor(fixture, offer, "store:014", offer->shop);
	json_t *shopper = json_object();
	json_t *pricing = json_pack("{s:I, s:i, s:i, s:s, s:s, s:s, s:s}", "at_ms",
				    (json_int_t)offer->at_ms, "weekday", 0, "minute", 0, "channel",
				    "store", "store", "014", "chain", chain, "shop", shop);

	if (*offer->customer != '\0')
		json_object_set_new(shopper, "customer", json_pack("{s:s}", "id", offer->customer));
	if (*offer->code != '\0') {
		json_object_set_new(shopper, "coupons", json_pack("[s]", offer->code));
		json_object_set_new(pricing, "coupon_uses",
				    json_pack("[{s:s, s:i, s:i}]", "code", offer->code, "uses", 0,
					      "customer_uses", 0));
	}
	json_object_set_new(pricing, "shopper", shopper);
	return pricing;
}

static json_t *
make_line(CentralFixture *fixture, const OfferSale *offer)
{
	gint64 as_of = offer->as_of >= 0 ? offer->as_of : offer_sale_head(fixture, "chain");
	json_t *line = json_pack(
	    "{s:i, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:i, s:I, s:I, s:I, s:i, s:I, s:[]}",
	    "line", 1, "sku", "PROBE", "name", "Probe", "variant", "", "code", "PROBE", "unit",
	    "ea", "weighed", 0, "tax_class", "untaxed", "price_list", "base", "quantity_milli",
	    1000, "unit_minor", (json_int_t)offer->unit_minor, "list_minor",
	    (json_int_t)offer->unit_minor, "discount_minor", (json_int_t)offer->amount_minor,
	    "tax_minor", 0, "total_minor", (json_int_t)(offer->unit_minor - offer->amount_minor),
	    "taxes");

	if (as_of > 0)
		json_object_set_new(line, "as_of", json_integer(as_of));
	if (*offer->promotion != '\0')
		json_object_set_new(line, "discounts",
				    json_pack("[{s:s, s:I}]", "id", offer->promotion,
					      "amount_minor", (json_int_t)offer->amount_minor));
	return line;
}

static json_t *
make_discounts(const OfferSale *offer)
{
	json_t *discount = json_pack("{s:s, s:I, s:s, s:I}", "id", offer->promotion, "version",
				     (json_int_t)offer->version, "name", "Mugs", "amount_minor",
				     (json_int_t)offer->amount_minor);

	if (*offer->code != '\0')
		json_object_set_new(discount, "code", json_string(offer->code));
	return json_pack("[o]", discount);
}

TillEntry *
offer_sale_entry(TestTerminal *till, const OfferSale *offer)
{
	json_int_t paid = offer->unit_minor - offer->amount_minor;
	g_autofree char *receipt =
	    till_sale_receipt_number("014", "01", till->incarnation, till->seq + 1);
	g_autoptr(json_t) body = json_pack(
	    "{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:i, s:i, s:[o], s:[], s:I, s:I, s:i, s:I, "
	    "s:[{s:s, s:I, s:I}], s:i, s:o}",
	    "receipt", receipt, "store", "014", "till", "01", "staff", "id", "s", "name", "S",
	    "currency", "USD", "opened_ms", 1, "closed_ms", 2, "lines",
	    make_line(till->fixture, offer), "taxes", "list_minor", (json_int_t)offer->unit_minor,
	    "discount_minor", (json_int_t)offer->amount_minor, "tax_minor", 0, "total_minor", paid,
	    "tenders", "kind", "cash", "tendered_minor", paid, "amount_minor", paid, "change_minor",
	    0, "pricing", make_pricing(till->fixture, offer));
	g_autofree char *text = NULL;

	if (*offer->promotion != '\0')
		json_object_set_new(body, "discounts", make_discounts(offer));
	text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
	return test_terminal_entry(till, TILL_SALE_TYPE, TILL_SALE_VERSION, text);
}
