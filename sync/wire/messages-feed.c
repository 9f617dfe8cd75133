/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

#include "fields.h"

#define SCOPE_MAX 63

static const TillField page_fields[] = {
    TILL_FIELD_TEXT(TillWireFeedPage, scope, 1, SCOPE_MAX),
    TILL_FIELD_TEXT(TillWireFeedPage, epoch, 1, 39),
    TILL_FIELD_NUMBER(TillWireFeedPage, next, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWireFeedPage, head, 0, G_MAXINT64),
    TILL_FIELD_NUMBER(TillWireFeedPage, floor, 0, G_MAXINT64),
    TILL_FIELD_OF(TillWireFeedPage, up_to_date, TILL_FIELD_BOOL),
};

static const TillField row_fields[] = {
    TILL_FIELD_NUMBER(TillWireFeedRow, seq, 1, G_MAXINT64),
    TILL_FIELD_TEXT(TillWireFeedRow, collection, 1, 63),
    TILL_FIELD_TEXT(TillWireFeedRow, key, 1, 255),
};

#define FIELDS(table) table, G_N_ELEMENTS(table)

json_t *
till_messages_write_hint(const char *scope, gint64 head)
{
	json_t *json = json_object();

	json_object_set_new(json, "scope", json_string(scope));
	json_object_set_new(json, "head", json_integer(head));
	return json;
}

gboolean
till_messages_read_hint(const json_t *json, char *out_scope, gint64 *out_head)
{
	TillJsonReader reader = till_json_reader(json, "hint");
	const char *scope = till_json_string(&reader, "scope", SCOPE_MAX);
	gint64 head = till_json_int(&reader, "head", 0, G_MAXINT64);

	if (!till_json_reader_finish(&reader, NULL))
		return FALSE;
	g_strlcpy(out_scope, scope, SCOPE_MAX + 1);
	*out_head = head;
	return TRUE;
}

json_t *
till_messages_write_feed_page(const TillWireFeedPage *message)
{
	json_t *json = json_object();
	json_t *rows = json_array();

	till_fields_write(json, FIELDS(page_fields), message);
	for (guint i = 0; i < message->rows->len; i++) {
		const TillWireFeedRow *row = g_ptr_array_index(message->rows, i);
		json_t *item = json_object();
		till_fields_write(item, FIELDS(row_fields), row);
		if (row->value != NULL)
			json_object_set(item, "value", row->value);
		else
			json_object_set_new(item, "value", json_null());
		json_array_append_new(rows, item);
	}
	json_object_set_new(json, "rows", rows);
	return json;
}

static TillWireFeedRow *
read_row(TillJsonReader *reader)
{
	TillWireFeedRow *row = g_new0(TillWireFeedRow, 1);
	json_t *value = json_object_get(reader->object, "value");

	till_fields_read(reader, FIELDS(row_fields), row);
	if (value == NULL)
		till_json_fault(reader, "value", "is missing");
	else if (!json_is_null(value))
		row->value = json_incref(value);
	return row;
}

/* Numbers rise without gaps; what is left out of a page cannot be told from what was lost. */
static void
check_numbers(TillJsonReader *reader, const TillWireFeedPage *page)
{
	for (guint i = 0; i < page->rows->len; i++) {
		const TillWireFeedRow *row = g_ptr_array_index(page->rows, i);
		if (row->seq != page->next - (gint64)(page->rows->len - 1 - i))
			till_json_fault(reader, "rows", "are not numbered one by one up to next");
	}
	if (page->next > page->head)
		till_json_fault(reader, "next", "is beyond head");
	if (page->up_to_date && page->next != page->head)
		till_json_fault(reader, "up_to_date", "is said before the head is reached");
}

TillWireFeedPage *
till_messages_read_feed_page(const json_t *json, GError **error)
{
	g_autoptr(TillWireFeedPage) page = g_new0(TillWireFeedPage, 1);
	TillJsonReader reader = till_json_reader(json, "feed");

	till_fields_read(&reader, FIELDS(page_fields), page);
	page->rows = g_ptr_array_new_with_free_func(till_messages_free_feed_row);
	const json_t *rows = till_json_array(&reader, "rows", TILL_WIRE_FEED_ROWS);
	if (rows == NULL)
		till_json_fault(&reader, "rows", "is missing");
	for (gsize i = 0; i < json_array_size(rows) && reader.fault[0] == '\0'; i++) {
		TillJsonReader item = till_json_reader_item(&reader, "rows", i);
		g_ptr_array_add(page->rows, read_row(&item));
		till_json_inherit(&reader, &item);
	}
	if (reader.fault[0] == '\0')
		check_numbers(&reader, page);
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&page) : NULL;
}

void
till_messages_free_feed_row(gpointer row)
{
	TillWireFeedRow *feed_row = row;

	if (feed_row == NULL)
		return;
	till_fields_clear(FIELDS(row_fields), feed_row);
	g_clear_pointer(&feed_row->value, json_decref);
	g_free(feed_row);
}

void
till_messages_free_feed_page(TillWireFeedPage *message)
{
	till_fields_clear(FIELDS(page_fields), message);
	g_clear_pointer(&message->rows, g_ptr_array_unref);
	g_free(message);
}
