/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-lines.h"

#include "basket.h"
#include "error.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "sale-discount.h"
#include "sale-tax.h"

/* Sums are computed anew by the pricing engine's own function and compared, so that lines whose
 * numbers do not add up are never read. */

#define CODE_MAX 128
#define ID_MAX 64
#define WORD_MAX 32
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define NOTE_BYTES_MAX ((gsize)4 * TILL_NOTE_MAX)
#define LINE_TAXES_MAX TILL_TAX_ENGINE_TAXES_MAX
#define SALE_TAXES_MAX 200
#define LINE_ID_MAX G_MAXINT32

/* --- writing --- */

static json_t *
write_line(const TillPricedLine *line)
{
	json_t *object = json_object();

	till_json_put_int(object, "line", line->line_id);
	till_json_put_text(object, "sku", line->item->sku);
	till_json_put_text(object, "name", line->item->name);
	till_json_put_text(object, "variant", line->item->variant);
	till_json_put_text(object, "code", line->code);
	till_json_put_text(object, "unit", line->item->unit);
	till_json_put_bool(object, "weighed", line->item->weighed);
	till_json_put_text(object, "tax_class", line->item->tax_class);
	till_json_put_text(object, "price_list", line->item->price_list);
	if (line->item->as_of > 0)
		till_json_put_int(object, "as_of", line->item->as_of);
	till_json_put_int(object, "quantity_milli", line->quantity_milli);
	till_json_put_int(object, "unit_minor", line->unit_minor);
	if (line->embedded_minor != 0)
		till_json_put_int(object, "embedded_minor", line->embedded_minor);
	till_json_put_int(object, "list_minor", line->list_minor);
	till_json_put_int(object, "discount_minor", line->discount_minor);
	if (line->exempted_minor != 0)
		till_json_put_int(object, "exempted_minor", line->exempted_minor);
	till_json_put_int(object, "tax_minor", line->tax_minor);
	till_json_put_int(object, "total_minor", line->total_minor);
	if (line->note != NULL && *line->note != '\0')
		till_json_put_text(object, "note", line->note);
	till_delivery_write(object, &line->delivery);
	json_object_set_new(object, "taxes", till_sale_tax_write(line->taxes));
	if (line->manual.kind != TILL_MANUAL_NONE)
		json_object_set_new(object, "manual", till_manual_write(&line->manual));
	if (line->discounts->len > 0)
		json_object_set_new(object, "discounts",
				    till_sale_discount_write(line->discounts, FALSE));
	return object;
}

void
till_sale_lines_write(json_t *body, const TillPriced *priced)
{
	json_t *lines = json_array();

	for (guint i = 0; i < priced->lines->len; i++)
		json_array_append_new(lines, write_line(g_ptr_array_index(priced->lines, i)));
	json_object_set_new(body, "lines", lines);
	json_object_set_new(body, "taxes", till_sale_tax_write(priced->taxes));
	if (priced->discounts->len > 0)
		json_object_set_new(body, "discounts",
				    till_sale_discount_write(priced->discounts, TRUE));
	till_json_put_text(body, "currency", priced->currency->code);
	till_json_put_int(body, "list_minor", priced->list_minor);
	till_json_put_int(body, "discount_minor", priced->discount_minor);
	if (priced->exempted_minor != 0)
		till_json_put_int(body, "exempted_minor", priced->exempted_minor);
	till_json_put_int(body, "tax_minor", priced->tax_minor);
	till_json_put_int(body, "total_minor", priced->total_minor);
	if (priced->context != NULL)
		json_object_set_new(body, "pricing",
				    till_price_context_write(priced->context, priced->promoted));
}

/* --- reading --- */

static char *
read_text(TillJsonReader *reader, const char *name, gsize max_bytes)
{
	return g_strdup(till_json_string(reader, name, max_bytes));
}

static gint64
read_amount(TillJsonReader *reader, const char *name)
{
	return till_json_int(reader, name, -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR);
}

static gint64
read_amount_or_none(TillJsonReader *reader, const char *name)
{
	return till_json_int_or(reader, name, -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR, 0);
}

static TillItem *
read_item(TillJsonReader *reader)
{
	TillItem *item = till_item_new();

	item->sku = read_text(reader, "sku", TILL_SKU_MAX);
	if (*item->sku == '\0')
		till_json_fault(reader, "sku", "is empty");
	item->name = read_text(reader, "name", TEXT_MAX);
	item->variant = read_text(reader, "variant", TEXT_MAX);
	item->unit = read_text(reader, "unit", WORD_MAX);
	item->weighed = till_json_bool_or(reader, "weighed", FALSE);
	item->tax_class = read_text(reader, "tax_class", WORD_MAX);
	item->price_list = read_text(reader, "price_list", ID_MAX);
	item->price_minor = read_amount(reader, "unit_minor");
	item->has_price = TRUE;
	item->active = TRUE;
	item->as_of = till_json_int_or(reader, "as_of", 0, G_MAXINT64, 0);
	/* What a receipt does not need is not in a sale. */
	item->style = g_strdup("");
	item->category = g_strdup("");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	return item;
}

/* The line alone: what is paid is the list price less the discount and the tax inside it that an
 * exempt shopper does not pay, and taxes on top. */
static void
check_line(TillJsonReader *reader, const TillPricedLine *line)
{
	gint64 tax = 0;
	gint64 on_top = 0;
	gint64 discount = 0;
	gboolean certificate = FALSE;

	for (guint i = 0; i < line->taxes->len; i++) {
		const TillPricedTax *row = &g_array_index(line->taxes, TillPricedTax, i);
		tax += row->amount_minor;
		on_top += row->inclusive ? 0 : row->amount_minor;
		certificate |= row->inclusive && row->exempt == TILL_PRICED_TAX_CERTIFICATE;
	}
	for (guint i = 0; i < line->discounts->len; i++)
		discount += g_array_index(line->discounts, TillPricedDiscount, i).amount_minor;
	if (line->embedded_minor != 0 && line->embedded_minor != line->list_minor)
		till_json_fault(reader, "list_minor", "is not the price of the label");
	if (line->discounts->len > 0 && discount != line->discount_minor)
		till_json_fault(reader, "discount_minor", "is not the sum of the line's discounts");
	if (tax != line->tax_minor)
		till_json_fault(reader, "tax_minor", "is not the sum of the line's taxes");
	if (line->exempted_minor != 0 && !certificate)
		till_json_fault(reader, "exempted_minor", "stands on a line without an exempt tax");
	if (line->list_minor - line->discount_minor - line->exempted_minor + on_top !=
	    line->total_minor)
		till_json_fault(reader, "total_minor",
				"is not the list amount less discount, with taxes on top");
	if (!line->item->weighed && line->quantity_milli % TILL_QUANTITY_ONE != 0)
		till_json_fault(reader, "quantity_milli", "is no whole number of pieces");
}

static void
read_line(TillJsonReader *parent, gsize index, TillPriced *priced, GHashTable *ids)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	TillPricedLine *line = till_price_append_line(priced);

	line->line_id = (guint)till_json_int(&reader, "line", 1, LINE_ID_MAX);
	line->item = read_item(&reader);
	line->code = read_text(&reader, "code", CODE_MAX);
	line->note = g_strdup(till_json_string_or(&reader, "note", NOTE_BYTES_MAX, ""));
	line->delivery = till_delivery_read(&reader);
	line->quantity_milli = till_json_int(&reader, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	line->unit_minor = line->item->price_minor;
	line->embedded_minor =
	    till_json_int_or(&reader, "embedded_minor", 1, TILL_MONEY_MAX_MINOR, 0);
	line->list_minor = read_amount(&reader, "list_minor");
	line->discount_minor = till_json_int(&reader, "discount_minor", 0, TILL_MONEY_MAX_MINOR);
	line->exempted_minor = read_amount_or_none(&reader, "exempted_minor");
	line->tax_minor = read_amount(&reader, "tax_minor");
	line->total_minor = read_amount(&reader, "total_minor");
	till_sale_tax_read(&reader, LINE_TAXES_MAX, line->taxes);
	till_sale_discount_read(&reader, FALSE, line->discounts);
	till_manual_read(&reader, &line->manual);
	if (line->manual.kind == TILL_MANUAL_PRICE && line->manual.value != line->unit_minor)
		till_json_fault(&reader, "unit_minor", "is not the price given by hand");
	check_line(&reader, line);
	if (!g_hash_table_add(ids, GUINT_TO_POINTER(line->line_id)))
		till_json_fault(&reader, "line", "stands twice");
	till_json_inherit(parent, &reader);
}

static void
read_lines(TillJsonReader *reader, TillPriced *priced)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
	gsize count = json_array_size(till_json_array(reader, "lines", TILL_BASKET_LINES_MAX));

	if (count == 0)
		till_json_fault(reader, "lines", "is missing or empty");
	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++)
		read_line(reader, i, priced, ids);
}

static void
check_sum(TillJsonReader *reader, const char *name, gint64 sum_minor)
{
	if (read_amount(reader, name) != sum_minor)
		till_json_fault(reader, name, "is not the sum of the lines");
}

static void
read_totals(TillJsonReader *reader, TillPriced *priced)
{
	g_autoptr(TillPriced) told = till_price_new(priced->currency);

	till_sale_tax_read(reader, SALE_TAXES_MAX, told->taxes);
	till_sale_discount_read(reader, TRUE, told->discounts);
	for (guint i = 0; i < priced->lines->len && reader->fault[0] == '\0'; i++)
		till_sale_discount_name(
		    reader, ((TillPricedLine *)g_ptr_array_index(priced->lines, i))->discounts,
		    told->discounts);
	if (reader->fault[0] != '\0')
		return;
	if (!till_price_sum(priced, NULL)) {
		till_json_fault(reader, "lines", "add up to more than any sale may");
		return;
	}
	check_sum(reader, "list_minor", priced->list_minor);
	check_sum(reader, "discount_minor", priced->discount_minor);
	if (read_amount_or_none(reader, "exempted_minor") != priced->exempted_minor)
		till_json_fault(reader, "exempted_minor", "is not the sum of the lines");
	check_sum(reader, "tax_minor", priced->tax_minor);
	check_sum(reader, "total_minor", priced->total_minor);
	if (!till_sale_discount_same(told->discounts, priced->discounts))
		till_json_fault(reader, "discounts", "are not the sums of the lines' discounts");
	if (!till_sale_tax_same(told->taxes, priced->taxes))
		till_json_fault(reader, "taxes", "are not the sums of the lines' taxes");
}

TillPriced *
till_sale_lines_read(TillJsonReader *reader)
{
	const TillCurrency *currency =
	    till_currency_find(till_json_string(reader, "currency", WORD_MAX));
	TillPriced *priced;

	if (currency == NULL) {
		till_json_fault(reader, "currency", "is not an ISO 4217 code");
		return NULL;
	}
	priced = till_price_new(currency);
	priced->context = till_price_context_read(reader, "pricing");
	read_lines(reader, priced);
	read_totals(reader, priced);
	return priced;
}
