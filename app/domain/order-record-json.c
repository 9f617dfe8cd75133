/* SPDX-License-Identifier: Apache-2.0 */
#include "order-record.h"

#include <string.h>

#include "currency.h"
#include "fulfilment.h"
#include "item.h"
#include "json.h"
#include "money.h"
#include "order.h"
#include "quantity.h"

#define ID_MAX 64
#define WORD_MAX 32
#define CHANNEL_MAX 16
#define EMAIL_MAX 254
#define REFERENCE_MAX 200
#define AGE_MAX 150
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

/* ---- Writing ---- */

static void
put_uuid(json_t *object, const char *name, const TillUuid *id)
{
	char text[TILL_UUID_TEXT];

	till_json_put_text(object, name, till_uuid_format(id, text));
}

static void
put_text_if(json_t *object, const char *name, const char *text)
{
	if (*text != '\0')
		till_json_put_text(object, name, text);
}

static void
put_int_if(json_t *object, const char *name, gint64 value)
{
	if (value != 0)
		till_json_put_int(object, name, value);
}

static json_t *
write_line(gconstpointer data)
{
	const TillOrderRecordLine *line = data;
	json_t *object = json_object();

	till_json_put_int(object, "line", line->line);
	till_json_put_text(object, "sku", line->sku);
	till_json_put_text(object, "name", line->name);
	till_json_put_text(object, "variant", line->variant);
	till_json_put_int(object, "quantity_milli", line->quantity_milli);
	till_json_put_int(object, "unit_minor", line->unit_minor);
	till_json_put_int(object, "list_minor", line->list_minor);
	till_json_put_int(object, "discount_minor", line->discount_minor);
	till_json_put_int(object, "tax_minor", line->tax_minor);
	till_json_put_int(object, "total_minor", line->total_minor);
	put_int_if(object, "min_age", line->min_age);
	put_int_if(object, "substitute_for", line->substitute_for);
	put_int_if(object, "cancelled_milli", line->cancelled_milli);
	return object;
}

static json_t *
write_payment(gconstpointer data)
{
	const TillOrderRecordPayment *payment = data;
	json_t *object = json_object();

	till_json_put_text(object, "kind", payment->kind);
	till_json_put_text(object, "reference", payment->reference);
	till_json_put_int(object, "amount_minor", payment->amount_minor);
	till_json_put_int(object, "at_ms", payment->at_ms);
	return object;
}

static json_t *
write_fulfilment(gconstpointer data)
{
	const TillOrderRecordFulfilment *fulfilment = data;
	json_t *object = json_object();
	json_t *lines = json_array();

	put_uuid(object, "id", &fulfilment->id);
	till_json_put_text(object, "kind", fulfilment->kind);
	till_json_put_text(object, "store", fulfilment->store);
	for (guint i = 0; i < fulfilment->parts->len; i++) {
		const TillOrderRecordPart *part =
		    &g_array_index(fulfilment->parts, TillOrderRecordPart, i);
		json_t *line = json_object();
		till_json_put_int(line, "line", part->line);
		till_json_put_int(line, "quantity_milli", part->quantity_milli);
		json_array_append_new(lines, line);
	}
	json_object_set_new(object, "lines", lines);
	return object;
}

static void
put_list(json_t *object, const char *name, const GPtrArray *list, json_t *(*write)(gconstpointer))
{
	json_t *array = json_array();

	for (guint i = 0; i < list->len; i++)
		json_array_append_new(array, write(g_ptr_array_index(list, i)));
	json_object_set_new(object, name, array);
}

static void
put_people(json_t *object, const TillOrderRecord *record)
{
	json_t *contact = json_object();

	if (*record->customer_id != '\0' || *record->customer_name != '\0') {
		json_t *customer = json_object();
		till_json_put_text(customer, "id", record->customer_id);
		till_json_put_text(customer, "name", record->customer_name);
		json_object_set_new(object, "customer", customer);
	}
	put_text_if(contact, "email", record->email);
	put_text_if(contact, "phone", record->phone);
	put_text_if(contact, "language", record->language);
	if (json_object_size(contact) > 0)
		json_object_set(object, "contact", contact);
	json_decref(contact);
}

json_t *
till_order_record_json(const TillOrderRecord *record)
{
	json_t *object = json_object();

	put_uuid(object, "id", &record->id);
	till_json_put_text(object, "number", record->number);
	till_json_put_text(object, "channel", record->channel);
	till_json_put_text(object, "status", record->status);
	till_json_put_int(object, "version", record->version);
	till_json_put_text(object, "currency", record->currency);
	till_json_put_int(object, "placed_ms", record->placed_ms);
	put_people(object, record);
	if (record->gift)
		till_json_put_bool(object, "gift", TRUE);
	put_text_if(object, "receipt", record->receipt);
	put_list(object, "lines", record->lines, write_line);
	till_json_put_int(object, "discount_minor", record->discount_minor);
	till_json_put_int(object, "tax_minor", record->tax_minor);
	till_json_put_int(object, "shipping_minor", record->shipping_minor);
	till_json_put_int(object, "total_minor", record->total_minor);
	put_list(object, "payments", record->payments, write_payment);
	put_list(object, "fulfilments", record->fulfilments, write_fulfilment);
	return object;
}

/* ---- Reading ---- */

static void
take_text(TillJsonReader *reader, const char *name, gsize max_bytes, char **out)
{
	g_free(*out);
	*out = g_strdup(till_json_string_or(reader, name, max_bytes, ""));
}

static void
take_word(TillJsonReader *reader, const char *name, gsize max_bytes, char **out)
{
	take_text(reader, name, max_bytes, out);
	if (**out == '\0')
		till_json_fault(reader, name, "is empty");
}

static void
take_uuid(TillJsonReader *reader, const char *name, TillUuid *out)
{
	if (!till_uuid_parse(till_json_string(reader, name, TILL_UUID_TEXT - 1), out))
		till_json_fault(reader, name, "is not an id");
}

static gint64
take_amount(TillJsonReader *reader, const char *name)
{
	return till_json_int(reader, name, 0, TILL_MONEY_MAX_MINOR);
}

static void
take_line(TillJsonReader *parent, gsize index, TillOrderRecord *record)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	guint number = (guint)till_json_int(&reader, "line", 1, TILL_ORDER_LINES_MAX);
	gboolean twice = till_order_record_line(record, number) != NULL;
	TillOrderRecordLine *line = till_order_record_add_line(record);

	line->line = number;
	take_word(&reader, "sku", TILL_SKU_MAX, &line->sku);
	take_text(&reader, "name", TEXT_MAX, &line->name);
	take_text(&reader, "variant", TEXT_MAX, &line->variant);
	line->quantity_milli = till_json_int(&reader, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	line->unit_minor = take_amount(&reader, "unit_minor");
	line->list_minor = take_amount(&reader, "list_minor");
	line->discount_minor = take_amount(&reader, "discount_minor");
	line->tax_minor = take_amount(&reader, "tax_minor");
	line->total_minor = take_amount(&reader, "total_minor");
	line->min_age = till_json_int_or(&reader, "min_age", 0, AGE_MAX, 0);
	line->substitute_for =
	    (guint)till_json_int_or(&reader, "substitute_for", 0, TILL_ORDER_LINES_MAX, 0);
	line->cancelled_milli =
	    till_json_int_or(&reader, "cancelled_milli", 0, TILL_QUANTITY_MAX_MILLI, 0);
	if (twice)
		till_json_fault(&reader, "line", "stands twice");
	if (line->cancelled_milli > line->quantity_milli)
		till_json_fault(&reader, "cancelled_milli", "is more than the line");
	if (line->discount_minor > line->list_minor)
		till_json_fault(&reader, "discount_minor", "is more than the line costs");
	if (line->total_minor > line->list_minor - line->discount_minor + line->tax_minor)
		till_json_fault(&reader, "total_minor",
				"is more than the list amount less discount, with tax on top");
	till_json_inherit(parent, &reader);
}

static void
take_payment(TillJsonReader *parent, gsize index, TillOrderRecord *record)
{
	TillJsonReader reader = till_json_reader_item(parent, "payments", index);
	TillOrderRecordPayment *payment = till_order_record_add_payment(record);

	take_word(&reader, "kind", WORD_MAX, &payment->kind);
	take_text(&reader, "reference", REFERENCE_MAX, &payment->reference);
	payment->amount_minor =
	    till_json_int(&reader, "amount_minor", -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR);
	payment->at_ms = till_json_int_or(&reader, "at_ms", 0, TIME_MAX_MS, 0);
	till_json_inherit(parent, &reader);
}

static void
take_part(TillJsonReader *parent, gsize index, TillOrderRecordFulfilment *fulfilment)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	TillOrderRecordPart part;

	part.line = (guint)till_json_int(&reader, "line", 1, TILL_ORDER_LINES_MAX);
	part.quantity_milli = till_json_int(&reader, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	till_json_inherit(parent, &reader);
	g_array_append_val(fulfilment->parts, part);
}

static void
take_fulfilment(TillJsonReader *parent, gsize index, TillOrderRecord *record)
{
	TillJsonReader reader = till_json_reader_item(parent, "fulfilments", index);
	const json_t *lines = till_json_array(&reader, "lines", TILL_ORDER_RECORD_LINES_MAX);
	TillOrderRecordFulfilment *fulfilment = till_order_record_add_fulfilment(record);
	TillFulfilmentKind kind;

	take_uuid(&reader, "id", &fulfilment->id);
	take_word(&reader, "kind", WORD_MAX, &fulfilment->kind);
	take_word(&reader, "store", WORD_MAX, &fulfilment->store);
	if (!till_fulfilment_find_kind(fulfilment->kind, &kind))
		till_json_fault(&reader, "kind", "is none this release knows");
	for (gsize i = 0; i < json_array_size(lines); i++)
		take_part(&reader, i, fulfilment);
	till_json_inherit(parent, &reader);
}

/* No store is to bring what nobody ordered, nor more of it. */
static void
check_parts(TillJsonReader *reader, const TillOrderRecord *record)
{
	gint64 milli[TILL_ORDER_LINES_MAX + 1] = {0};

	for (guint i = 0; i < record->fulfilments->len; i++) {
		const TillOrderRecordFulfilment *fulfilment =
		    g_ptr_array_index(record->fulfilments, i);
		for (guint k = 0; k < fulfilment->parts->len; k++) {
			const TillOrderRecordPart *part =
			    &g_array_index(fulfilment->parts, TillOrderRecordPart, k);
			const TillOrderRecordLine *line =
			    till_order_record_line(record, part->line);
			milli[part->line] += part->quantity_milli;
			if (line == NULL)
				till_json_fault(reader, "fulfilments",
						"bring a line that is not there");
			else if (milli[part->line] > line->quantity_milli)
				till_json_fault(reader, "fulfilments",
						"bring more of a line than there is");
		}
	}
}

static void
check_sums(TillJsonReader *reader, const TillOrderRecord *record)
{
	gint64 discount_minor = 0;
	gint64 tax_minor = 0;
	gint64 total_minor = record->shipping_minor;

	for (guint i = 0; i < record->lines->len; i++) {
		const TillOrderRecordLine *line = g_ptr_array_index(record->lines, i);
		discount_minor += line->discount_minor;
		tax_minor += line->tax_minor;
		total_minor += line->total_minor;
	}
	if (discount_minor != record->discount_minor)
		till_json_fault(reader, "discount_minor", "is not the sum of the lines");
	if (tax_minor != record->tax_minor)
		till_json_fault(reader, "tax_minor", "is not the sum of the lines");
	if (total_minor != record->total_minor)
		till_json_fault(reader, "total_minor", "is not the sum of the lines and shipping");
}

static void
take_list(TillJsonReader *reader, const char *name, gsize max, TillOrderRecord *record,
	  void (*take)(TillJsonReader *, gsize, TillOrderRecord *))
{
	gsize count = json_array_size(till_json_array(reader, name, max));

	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++)
		take(reader, i, record);
}

static void
take_child(TillJsonReader *parent, const char *name, const char *path, TillJsonReader *out)
{
	const json_t *object = till_json_object(parent, name);

	*out = (TillJsonReader){.object = NULL};
	if (object != NULL)
		*out = till_json_reader(object, path);
}

static void
take_people(TillJsonReader *reader, TillOrderRecord *record)
{
	TillJsonReader child;

	take_child(reader, "customer", "order.customer", &child);
	if (child.object != NULL) {
		take_text(&child, "id", ID_MAX, &record->customer_id);
		take_text(&child, "name", TEXT_MAX, &record->customer_name);
		if (*record->customer_id == '\0' && *record->customer_name == '\0')
			till_json_fault(&child, "id", "is missing, as is the name");
		till_json_inherit(reader, &child);
	}
	take_child(reader, "contact", "order.contact", &child);
	if (child.object != NULL) {
		take_text(&child, "email", EMAIL_MAX, &record->email);
		take_text(&child, "phone", WORD_MAX, &record->phone);
		take_text(&child, "language", WORD_MAX, &record->language);
		till_json_inherit(reader, &child);
	}
}

static void
take_heading(TillJsonReader *reader, TillOrderRecord *record)
{
	static const char *const statuses[] = {"open", "done", "cancelled", NULL};

	take_uuid(reader, "id", &record->id);
	take_word(reader, "number", WORD_MAX, &record->number);
	take_text(reader, "channel", CHANNEL_MAX, &record->channel);
	take_word(reader, "status", CHANNEL_MAX, &record->status);
	if (!g_strv_contains(statuses, record->status))
		till_json_fault(reader, "status", "is none this release knows");
	record->version = till_json_int(reader, "version", 0, G_MAXINT32);
	take_word(reader, "currency", CHANNEL_MAX, &record->currency);
	if (till_currency_find(record->currency) == NULL)
		till_json_fault(reader, "currency", "is not an ISO 4217 code");
	record->placed_ms = till_json_int(reader, "placed_ms", 0, TIME_MAX_MS);
	take_people(reader, record);
	record->gift = till_json_bool_or(reader, "gift", FALSE);
	take_text(reader, "receipt", ID_MAX, &record->receipt);
	record->discount_minor = take_amount(reader, "discount_minor");
	record->tax_minor = take_amount(reader, "tax_minor");
	record->shipping_minor =
	    till_json_int_or(reader, "shipping_minor", 0, TILL_MONEY_MAX_MINOR, 0);
	record->total_minor = take_amount(reader, "total_minor");
}

TillOrderRecord *
till_order_record_read(const json_t *object, GError **error)
{
	g_autoptr(TillOrderRecord) record = till_order_record_new();
	TillJsonReader reader = till_json_reader(object, "order");

	take_heading(&reader, record);
	take_list(&reader, "lines", TILL_ORDER_RECORD_LINES_MAX, record, take_line);
	take_list(&reader, "payments", TILL_ORDER_RECORD_PAYMENTS_MAX, record, take_payment);
	take_list(&reader, "fulfilments", TILL_ORDER_RECORD_FULFILMENTS_MAX, record,
		  take_fulfilment);
	if (record->lines->len == 0)
		till_json_fault(&reader, "lines", "are missing");
	if (reader.fault[0] == '\0') {
		check_parts(&reader, record);
		check_sums(&reader, record);
	}
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&record);
}

TillOrderRecord *
till_order_record_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object =
	    till_json_parse(text, size, TILL_ORDER_RECORD_MAX, "order", error);

	return object != NULL ? till_order_record_read(object, error) : NULL;
}
