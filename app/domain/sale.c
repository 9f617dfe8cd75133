/* SPDX-License-Identifier: Apache-2.0 */
#include "sale.h"

#include <string.h>

#include "entry.h"
#include "error.h"
#include "id.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "sale-discount.h"
#include "sale-tax.h"

/* Writing lists every field once, reading lists it once more with its bounds. Reading trusts
 * nothing: the bytes may come from a till that somebody took home. Sums are computed anew by the
 * pricing engine's own function and compared, so that a body whose numbers do not add up never
 * becomes a TillSale. */

#define CODE_MAX 128
#define ID_MAX 64
#define WORD_MAX 32
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define NOTE_BYTES_MAX ((gsize)4 * TILL_NOTE_MAX)
#define LINE_TAXES_MAX TILL_TAX_ENGINE_TAXES_MAX
#define SALE_TAXES_MAX 200
#define LINE_ID_MAX G_MAXINT32
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

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
	json_object_set_new(object, "taxes", till_sale_tax_write(line->taxes));
	if (line->manual.kind != TILL_MANUAL_NONE)
		json_object_set_new(object, "manual", till_manual_write(&line->manual));
	if (line->discounts->len > 0)
		json_object_set_new(object, "discounts",
				    till_sale_discount_write(line->discounts, FALSE));
	return object;
}

static void
write_priced(json_t *body, const TillPriced *priced)
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

static json_t *
write_tenders(const TillSale *sale)
{
	json_t *list = json_array();

	for (gsize i = 0; i < sale->tender_count; i++) {
		const TillTender *tender = &sale->tenders[i];
		json_t *object = json_object();
		till_json_put_text(object, "kind", till_tender_name(tender->kind));
		till_json_put_int(object, "tendered_minor", tender->tendered_minor);
		till_json_put_int(object, "amount_minor", tender->amount_minor);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_body(const TillSale *sale)
{
	json_t *body = json_object();
	json_t *staff = json_object();

	till_json_put_text(body, "receipt", sale->receipt);
	till_json_put_text(body, "store", sale->store);
	till_json_put_text(body, "till", sale->till);
	till_json_put_text(staff, "id", sale->staff_id);
	till_json_put_text(staff, "name", sale->staff_name);
	json_object_set_new(body, "staff", staff);
	till_json_put_int(body, "opened_ms", sale->opened_ms);
	till_json_put_int(body, "closed_ms", sale->closed_ms);
	if (sale->parked_from != NULL && *sale->parked_from != '\0')
		till_json_put_text(body, "parked_from", sale->parked_from);
	write_priced(body, sale->priced);
	json_object_set_new(body, "tenders", write_tenders(sale));
	till_json_put_int(body, "change_minor", sale->change_minor);
	if (sale->rounding_minor != 0)
		till_json_put_int(body, "rounding_minor", sale->rounding_minor);
	return body;
}

/* --- reading --- */

static char *
read_text(TillJsonReader *reader, const char *name, gsize max_bytes)
{
	return g_strdup(till_json_string(reader, name, max_bytes));
}

static char *
read_word(TillJsonReader *reader, const char *name, gsize max_bytes)
{
	char *text = read_text(reader, name, max_bytes);

	if (*text == '\0')
		till_json_fault(reader, name, "is empty");
	return text;
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

static gint64
read_positive(TillJsonReader *reader, const char *name, gint64 min)
{
	return till_json_int(reader, name, min, TILL_MONEY_MAX_MINOR);
}

static gsize
read_count(TillJsonReader *reader, const char *name, gsize max)
{
	const json_t *list = till_json_array(reader, name, max);

	if (list == NULL)
		till_json_fault(reader, name, "is missing");
	return json_array_size(list);
}

static TillItem *
read_item(TillJsonReader *reader)
{
	TillItem *item = till_item_new();

	item->sku = read_word(reader, "sku", TILL_SKU_MAX);
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
	line->quantity_milli = till_json_int(&reader, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	line->unit_minor = line->item->price_minor;
	line->embedded_minor =
	    till_json_int_or(&reader, "embedded_minor", 1, TILL_MONEY_MAX_MINOR, 0);
	line->list_minor = read_amount(&reader, "list_minor");
	line->discount_minor = read_positive(&reader, "discount_minor", 0);
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
	gsize count = read_count(reader, "lines", TILL_BASKET_LINES_MAX);

	if (count == 0)
		till_json_fault(reader, "lines", "is empty");
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

static void
read_tender(TillJsonReader *parent, gsize index, TillTender *out)
{
	TillJsonReader reader = till_json_reader_item(parent, "tenders", index);
	const char *kind = till_json_string(&reader, "kind", WORD_MAX);

	if (!till_tender_find(kind, &out->kind))
		till_json_fault(&reader, "kind", "is not a tender this release knows");
	out->tendered_minor = read_positive(&reader, "tendered_minor", 1);
	out->amount_minor = read_positive(&reader, "amount_minor", 0);
	till_json_inherit(parent, &reader);
}

/* Settles the same tenders once more: whatever differs was not made by a till. */
static void
check_tenders(TillJsonReader *reader, const TillSale *sale)
{
	TillTender tenders[TILL_TENDERS_MAX];
	gint64 change_minor;

	memcpy(tenders, sale->tenders, sizeof tenders);
	if (till_tender_settle(sale->priced->total_minor + sale->rounding_minor, tenders,
			       sale->tender_count, &change_minor) != TILL_TENDER_OK) {
		till_json_fault(reader, "tenders", "do not cover the total");
		return;
	}
	for (gsize i = 0; i < sale->tender_count; i++) {
		if (tenders[i].amount_minor != sale->tenders[i].amount_minor)
			till_json_fault(reader, "tenders",
					"do not count what is left after change");
	}
	if (change_minor != sale->change_minor)
		till_json_fault(reader, "change_minor",
				"is not what was handed over less the total and its rounding");
}

static void
read_tenders(TillJsonReader *reader, TillSale *sale)
{
	sale->tender_count = read_count(reader, "tenders", TILL_TENDERS_MAX);
	for (gsize i = 0; i < sale->tender_count; i++)
		read_tender(reader, i, &sale->tenders[i]);
	sale->change_minor = read_positive(reader, "change_minor", 0);
	sale->rounding_minor =
	    till_json_int_or(reader, "rounding_minor", 1 - TILL_CASH_ROUNDING_STEP_MAX,
			     TILL_CASH_ROUNDING_STEP_MAX - 1, 0);
	if (sale->priced != NULL && reader->fault[0] == '\0')
		check_tenders(reader, sale);
}

static void
read_heading(TillJsonReader *reader, TillSale *sale)
{
	sale->receipt = read_word(reader, "receipt", ID_MAX);
	sale->store = read_word(reader, "store", WORD_MAX);
	sale->till = read_word(reader, "till", WORD_MAX);
	sale->opened_ms = till_json_int(reader, "opened_ms", 0, TIME_MAX_MS);
	sale->closed_ms = till_json_int(reader, "closed_ms", 0, TIME_MAX_MS);
	sale->parked_from = g_strdup(till_json_string_or(reader, "parked_from", ID_MAX, ""));

	TillJsonReader staff = till_json_reader(till_json_object(reader, "staff"), "sale.staff");
	sale->staff_id = read_word(&staff, "id", ID_MAX);
	sale->staff_name = read_text(&staff, "name", TEXT_MAX);
	till_json_inherit(reader, &staff);
}

static void
read_priced(TillJsonReader *reader, TillSale *sale)
{
	const TillCurrency *currency =
	    till_currency_find(till_json_string(reader, "currency", WORD_MAX));

	if (currency == NULL) {
		till_json_fault(reader, "currency", "is not an ISO 4217 code");
		return;
	}
	sale->priced = till_price_new(currency);
	sale->priced->context = till_price_context_read(reader, "pricing");
	read_lines(reader, sale->priced);
	read_totals(reader, sale->priced);
}

/* --- public --- */

TillSale *
till_sale_new(void)
{
	return g_new0(TillSale, 1);
}

void
till_sale_free(TillSale *sale)
{
	if (sale == NULL)
		return;
	g_free(sale->receipt);
	g_free(sale->store);
	g_free(sale->till);
	g_free(sale->staff_id);
	g_free(sale->staff_name);
	g_free(sale->parked_from);
	till_price_free(sale->priced);
	g_free(sale);
}

GBytes *
till_sale_to_bytes(const TillSale *sale)
{
	g_autoptr(json_t) body = write_body(sale);
	gsize size;
	char *text = till_json_write(body, &size);

	return g_bytes_new_take(text, size);
}

TillSale *
till_sale_from_bytes(GBytes *body, GError **error)
{
	g_autoptr(TillSale) sale = till_sale_new();
	gsize size;
	const char *text = g_bytes_get_data(body, &size);
	g_autoptr(json_t) object =
	    till_json_parse(text != NULL ? text : "", size, TILL_ENTRY_BODY_MAX, "sale", error);

	if (object == NULL)
		return NULL;
	TillJsonReader reader = till_json_reader(object, "sale");
	read_heading(&reader, sale);
	read_priced(&reader, sale);
	read_tenders(&reader, sale);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&sale);
}

char *
till_sale_receipt_number(const char *store, const char *till, guint64 incarnation, gint64 seq)
{
	char letters[14];

	till_id_incarnation_format(incarnation, letters);
	return g_strdup_printf("%s-%s-%.3s-%06" G_GINT64_FORMAT, store, till, letters, seq);
}
