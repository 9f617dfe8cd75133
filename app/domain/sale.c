/* SPDX-License-Identifier: Apache-2.0 */
#include "sale.h"

#include <string.h>

#include "entry.h"
#include "error.h"
#include "id.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "sale-lines.h"

/* Writing lists every field once, reading lists it once more with its bounds. Reading trusts
 * nothing: the bytes may come from a till that somebody took home. */

#define ID_MAX 64
#define WORD_MAX 32
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

/* --- writing --- */

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
write_cart(const TillSale *sale)
{
	json_t *cart = json_object();

	till_json_put_text(cart, "id", sale->cart);
	till_json_put_int(cart, "version", sale->cart_version);
	return cart;
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
	if (sale->cart != NULL && *sale->cart != '\0')
		json_object_set_new(body, "cart", write_cart(sale));
	till_sale_lines_write(body, sale->priced);
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
read_cart(TillJsonReader *parent, TillSale *sale)
{
	if (till_json_object(parent, "cart") == NULL)
		return;
	TillJsonReader reader = till_json_reader(till_json_object(parent, "cart"), "sale.cart");
	sale->cart = read_word(&reader, "id", ID_MAX);
	sale->cart_version = till_json_int(&reader, "version", 0, G_MAXINT64);
	till_json_inherit(parent, &reader);
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
	read_cart(reader, sale);

	TillJsonReader staff = till_json_reader(till_json_object(reader, "staff"), "sale.staff");
	sale->staff_id = read_word(&staff, "id", ID_MAX);
	sale->staff_name = read_text(&staff, "name", TEXT_MAX);
	till_json_inherit(reader, &staff);
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
	g_free(sale->cart);
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
	sale->priced = till_sale_lines_read(&reader);
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
