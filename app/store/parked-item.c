/* SPDX-License-Identifier: Apache-2.0 */
#include "parked-item.h"

#include "money.h"

#define TEXT_MAX 1024
#define PRICES_MAX 1000 /* rows of one SKU in all lists */

static json_t *
write_prices(const TillItem *item)
{
	json_t *list = json_array();
	guint count;
	const TillPriceRow *rows = till_price_list_rows(item->prices, item->sku, &count);
	for (guint i = 0; i < MIN(count, PRICES_MAX); i++) {
		json_t *row = json_object();
		till_json_put_text(row, "list", rows[i].list);
		till_json_put_int(row, "min_quantity_milli", rows[i].min_quantity_milli);
		till_json_put_int(row, "valid_from_ms", rows[i].valid_from_ms);
		till_json_put_int(row, "valid_to_ms", rows[i].valid_to_ms);
		till_json_put_int(row, "price_minor", rows[i].price_minor);
		json_array_append_new(list, row);
	}
	return list;
}

json_t *
till_parked_item_write(const TillItem *item)
{
	json_t *object = json_object();
	till_json_put_text(object, "sku", item->sku);
	till_json_put_text(object, "name", item->name);
	till_json_put_text(object, "variant", item->variant);
	till_json_put_text(object, "style", item->style);
	till_json_put_text(object, "category", item->category);
	till_json_put_text(object, "tags", item->tags);
	till_json_put_text(object, "brand", item->brand);
	till_json_put_text(object, "unit", item->unit);
	json_object_set_new(object, "weighed", json_boolean(item->weighed));
	till_json_put_text(object, "tax_class", item->tax_class);
	till_json_put_int(object, "price_minor", item->price_minor);
	json_object_set_new(object, "has_price", json_boolean(item->has_price));
	till_json_put_text(object, "price_list", item->price_list);
	json_object_set_new(object, "active", json_boolean(item->active));
	till_json_put_int(object, "as_of", item->as_of);
	if (item->prices != NULL)
		json_object_set_new(object, "prices", write_prices(item));
	return object;
}

static TillPriceRow
read_price(TillJsonReader *reader)
{
	return (TillPriceRow){
	    .list = till_json_string(reader, "list", TEXT_MAX),
	    .min_quantity_milli = till_json_int(reader, "min_quantity_milli", 0, G_MAXINT64),
	    .valid_from_ms = till_json_int(reader, "valid_from_ms", G_MININT64, G_MAXINT64),
	    .valid_to_ms = till_json_int(reader, "valid_to_ms", G_MININT64, G_MAXINT64),
	    .price_minor =
		till_json_int(reader, "price_minor", -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR),
	};
}

static void
read_prices(TillJsonReader *line, TillItem *item)
{
	const json_t *rows = till_json_array(line, "prices", PRICES_MAX);
	if (rows == NULL)
		return;
	item->prices = till_price_list_new();
	for (gsize i = 0; i < json_array_size(rows) && line->fault[0] == '\0'; i++) {
		TillJsonReader reader = till_json_reader_item(line, "prices", i);
		TillPriceRow row = read_price(&reader);
		if (reader.fault[0] == '\0' &&
		    !till_price_list_add(item->prices, item->sku, &row, NULL))
			till_json_fault(&reader, "price_minor", "or its time makes no sense");
		till_json_inherit(line, &reader);
	}
}

TillItem *
till_parked_item_read(TillJsonReader *line)
{
	TillItem *item = till_item_new();
	item->sku = g_strdup(till_json_string(line, "sku", TEXT_MAX));
	item->name = g_strdup(till_json_string(line, "name", TEXT_MAX));
	item->variant = g_strdup(till_json_string(line, "variant", TEXT_MAX));
	item->style = g_strdup(till_json_string(line, "style", TEXT_MAX));
	item->category = g_strdup(till_json_string(line, "category", TEXT_MAX));
	item->tags = g_strdup(till_json_string(line, "tags", TEXT_MAX));
	item->brand = g_strdup(till_json_string(line, "brand", TEXT_MAX));
	item->unit = g_strdup(till_json_string(line, "unit", TEXT_MAX));
	item->weighed = till_json_bool_or(line, "weighed", FALSE);
	item->tax_class = g_strdup(till_json_string(line, "tax_class", TEXT_MAX));
	item->price_minor =
	    till_json_int(line, "price_minor", -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR);
	item->has_price = till_json_bool_or(line, "has_price", FALSE);
	item->price_list = g_strdup(till_json_string(line, "price_list", TEXT_MAX));
	item->active = till_json_bool_or(line, "active", TRUE);
	item->as_of = till_json_int_or(line, "as_of", 0, G_MAXINT64, 0);
	read_prices(line, item);
	return item;
}
