/* SPDX-License-Identifier: Apache-2.0 */
#include "fulfilment.h"

#include <string.h>

#include "item.h"
#include "json.h"
#include "quantity.h"

#define ID_MAX 64
#define WORD_MAX 32
#define ARRIVAL_MAX 200
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

static json_t *
write_line(const TillFulfilment *fulfilment, guint index)
{
	const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, index);
	json_t *object = json_object();
	json_t *standing = json_object();

	till_json_put_int(object, "line", line->line);
	till_json_put_text(object, "sku", line->sku);
	till_json_put_text(object, "name", line->name);
	till_json_put_text(object, "variant", line->variant);
	if (line->min_age > 0)
		till_json_put_int(object, "min_age", line->min_age);
	if (line->substitute_for > 0)
		till_json_put_int(object, "substitute_for", line->substitute_for);
	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		gint64 milli = till_order_quantity(fulfilment->life, index, state);
		if (milli > 0)
			till_json_put_int(standing, till_order_state_name(state), milli);
	}
	json_object_set_new(object, "standing", standing);
	return object;
}

static json_t *
write_parts(const TillFulfilment *fulfilment, const GArray *parts)
{
	json_t *list = json_array();

	for (guint i = 0; i < parts->len; i++) {
		const TillOrderPart *part = &g_array_index(parts, TillOrderPart, i);
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, part->line);
		json_t *object = json_object();
		till_json_put_int(object, "line", line->line);
		till_json_put_int(object, "collected_milli", part->collected_milli);
		till_json_put_int(object, "refused_milli", part->refused_milli);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_hand_over(const TillFulfilment *fulfilment, const TillFulfilmentHandOver *hand_over)
{
	json_t *object = json_object();

	put_uuid(object, "txn", &hand_over->txn);
	till_json_put_int(object, "at_ms", hand_over->at_ms);
	till_json_put_text(object, "store", hand_over->store);
	till_json_put_text(object, "till", hand_over->till);
	till_json_put_text(object, "staff", hand_over->staff);
	till_json_put_text(object, "collected_by", hand_over->collected_by);
	till_json_put_text(object, "check", hand_over->check);
	json_object_set_new(object, "lines", write_parts(fulfilment, hand_over->parts));
	if (hand_over->undone)
		till_json_put_bool(object, "undone", TRUE);
	return object;
}

char *
till_fulfilment_body(const TillFulfilment *fulfilment, gsize *out_size)
{
	g_autoptr(json_t) body = json_object();
	json_t *lines = json_array();
	json_t *hand_overs = json_array();

	for (guint i = 0; i < fulfilment->lines->len; i++)
		json_array_append_new(lines, write_line(fulfilment, i));
	for (guint i = 0; i < fulfilment->hand_overs->len; i++)
		json_array_append_new(
		    hand_overs,
		    write_hand_over(fulfilment, g_ptr_array_index(fulfilment->hand_overs, i)));
	till_json_put_text(body, "store", fulfilment->store);
	json_object_set_new(body, "lines", lines);
	json_object_set_new(body, "hand_overs", hand_overs);
	return till_json_write(body, out_size);
}

json_t *
till_fulfilment_row(const TillFulfilment *fulfilment)
{
	json_t *row = json_object();
	gsize size;
	g_autofree char *body = till_fulfilment_body(fulfilment, &size);

	put_uuid(row, "id", &fulfilment->id);
	put_uuid(row, "order_id", &fulfilment->order);
	till_json_put_text(row, "number", fulfilment->number);
	till_json_put_text(row, "customer_name", fulfilment->customer_name);
	till_json_put_text(row, "kind", till_fulfilment_kind_name(fulfilment->kind));
	till_json_put_text(row, "state",
			   till_fulfilment_state_name(till_fulfilment_state(fulfilment)));
	till_json_put_int(row, "promise_ms", fulfilment->promise_ms);
	till_json_put_int(row, "expires_ms", fulfilment->expires_ms);
	till_json_put_int(row, "arrived_ms", fulfilment->arrived_ms);
	till_json_put_text(row, "arrival", fulfilment->arrival);
	till_json_put_text(row, "place", fulfilment->place);
	till_json_put_int(row, "serial", fulfilment->serial);
	till_json_put_int(row, "version", fulfilment->version);
	till_json_put_int(row, "updated_ms", fulfilment->updated_ms);
	till_json_put_text(row, "body", body);
	return row;
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
take_time(TillJsonReader *reader, const char *name)
{
	return till_json_int_or(reader, name, 0, TIME_MAX_MS, 0);
}

/* A state that this release does not know would lose what stands there, so it is refused. */
static void
take_standing(TillJsonReader *parent, gint64 *milli)
{
	json_t *object = till_json_object(parent, "standing");
	const char *name;
	json_t *value;

	if (object == NULL) {
		till_json_fault(parent, "standing", "is missing");
		return;
	}
	TillJsonReader reader = till_json_reader(object, parent->path);
	json_object_foreach(object, name, value)
	{
		TillOrderState state;
		if (!till_order_find_state(name, &state))
			till_json_fault(&reader, "standing", "names a state nobody knows");
		else
			milli[state] = till_json_int(&reader, name, 0, TILL_QUANTITY_MAX_MILLI);
	}
	till_json_inherit(parent, &reader);
}

static void
take_line(TillJsonReader *parent, gsize index, TillFulfilment *fulfilment)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	gint64 milli[TILL_ORDER_STATES] = {0};
	TillFulfilmentLine line = {0};

	line.line = (guint)till_json_int(&reader, "line", 1, TILL_ORDER_LINES_MAX);
	take_word(&reader, "sku", TILL_SKU_MAX, &line.sku);
	take_text(&reader, "name", TEXT_MAX, &line.name);
	take_text(&reader, "variant", TEXT_MAX, &line.variant);
	line.min_age = till_json_int_or(&reader, "min_age", 0, AGE_MAX, 0);
	line.substitute_for =
	    (guint)till_json_int_or(&reader, "substitute_for", 0, TILL_ORDER_LINES_MAX, 0);
	take_standing(&reader, milli);
	if (reader.fault[0] == '\0' && !till_fulfilment_restore_line(fulfilment, &line, milli))
		till_json_fault(&reader, "standing",
				"is no quantity at all or too much, or the line stands twice");
	till_json_inherit(parent, &reader);
	g_free(line.sku);
	g_free(line.name);
	g_free(line.variant);
}

static void
take_part(TillJsonReader *parent, gsize index, const TillFulfilment *fulfilment, GArray *parts)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	guint line = (guint)till_json_int(&reader, "line", 1, TILL_ORDER_LINES_MAX);
	int at = till_fulfilment_find_line(fulfilment, line);
	TillOrderPart part = {(guint)at, 0, 0};

	part.collected_milli =
	    till_json_int_or(&reader, "collected_milli", 0, TILL_QUANTITY_MAX_MILLI, 0);
	part.refused_milli =
	    till_json_int_or(&reader, "refused_milli", 0, TILL_QUANTITY_MAX_MILLI, 0);
	if (at < 0)
		till_json_fault(&reader, "line", "is not of this fulfilment");
	else
		g_array_append_val(parts, part);
	till_json_inherit(parent, &reader);
}

static void
take_hand_over(TillJsonReader *parent, gsize index, TillFulfilment *fulfilment)
{
	TillJsonReader reader = till_json_reader_item(parent, "hand_overs", index);
	TillFulfilmentHandOver *hand_over = till_fulfilment_add_hand_over(fulfilment);
	const json_t *lines = till_json_array(&reader, "lines", TILL_ORDER_LINES_MAX);

	take_uuid(&reader, "txn", &hand_over->txn);
	hand_over->at_ms = take_time(&reader, "at_ms");
	take_text(&reader, "store", WORD_MAX, &hand_over->store);
	take_text(&reader, "till", WORD_MAX, &hand_over->till);
	take_text(&reader, "staff", TEXT_MAX, &hand_over->staff);
	take_text(&reader, "collected_by", TEXT_MAX, &hand_over->collected_by);
	take_text(&reader, "check", ID_MAX, &hand_over->check);
	for (gsize i = 0; i < json_array_size(lines); i++)
		take_part(&reader, i, fulfilment, hand_over->parts);
	hand_over->undone = till_json_bool_or(&reader, "undone", FALSE);
	till_json_inherit(parent, &reader);
}

static gboolean
take_body(const char *text, TillFulfilment *fulfilment, GError **error)
{
	g_autoptr(json_t) body =
	    till_json_parse(text, strlen(text), TILL_FULFILMENT_BODY_MAX, "fulfilment", error);

	if (body == NULL)
		return FALSE;
	TillJsonReader reader = till_json_reader(body, "fulfilment");
	const json_t *lines = till_json_array(&reader, "lines", TILL_ORDER_LINES_MAX);
	const json_t *hand_overs =
	    till_json_array(&reader, "hand_overs", TILL_FULFILMENT_HAND_OVERS_MAX);
	take_word(&reader, "store", WORD_MAX, &fulfilment->store);
	if (json_array_size(lines) == 0)
		till_json_fault(&reader, "lines", "are missing");
	for (gsize i = 0; i < json_array_size(lines) && reader.fault[0] == '\0'; i++)
		take_line(&reader, i, fulfilment);
	for (gsize i = 0; i < json_array_size(hand_overs) && reader.fault[0] == '\0'; i++)
		take_hand_over(&reader, i, fulfilment);
	return till_json_reader_finish(&reader, error);
}

TillFulfilment *
till_fulfilment_read(const json_t *row, GError **error)
{
	g_autoptr(TillFulfilment) fulfilment = till_fulfilment_new();
	TillJsonReader reader = till_json_reader(row, "fulfilment");

	take_uuid(&reader, "id", &fulfilment->id);
	take_uuid(&reader, "order_id", &fulfilment->order);
	take_word(&reader, "number", WORD_MAX, &fulfilment->number);
	take_text(&reader, "customer_name", TEXT_MAX, &fulfilment->customer_name);
	if (!till_fulfilment_find_kind(till_json_string(&reader, "kind", WORD_MAX),
				       &fulfilment->kind))
		till_json_fault(&reader, "kind", "is none this release knows");
	fulfilment->promise_ms = take_time(&reader, "promise_ms");
	fulfilment->expires_ms = take_time(&reader, "expires_ms");
	fulfilment->arrived_ms = take_time(&reader, "arrived_ms");
	fulfilment->updated_ms = take_time(&reader, "updated_ms");
	take_text(&reader, "arrival", ARRIVAL_MAX, &fulfilment->arrival);
	take_text(&reader, "place", TILL_ORDER_STEP_PLACE_MAX, &fulfilment->place);
	fulfilment->serial = (guint16)till_json_int_or(&reader, "serial", 0, G_MAXUINT16, 0);
	fulfilment->version = till_json_int_or(&reader, "version", 0, G_MAXINT32, 1);
	const char *body = till_json_string(&reader, "body", TILL_FULFILMENT_BODY_MAX);
	if (!till_json_reader_finish(&reader, error) || !take_body(body, fulfilment, error))
		return NULL;
	return g_steal_pointer(&fulfilment);
}
