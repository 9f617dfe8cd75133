/* SPDX-License-Identifier: Apache-2.0 */
#include "salvage-record.h"

#include <string.h>

#define VARINT_BYTES_MAX 9
#define SERIAL_ZERO 8
#define SERIAL_ONE 9
#define SERIAL_BYTES 12 /* from here on: blobs (even) and texts (odd) */

gboolean
till_salvage_record_varint(const guint8 **at, const guint8 *end, guint64 *out)
{
	guint64 value = 0;
	for (guint i = 0; i < VARINT_BYTES_MAX && *at < end; i++) {
		guint8 byte = *(*at)++;
		if (i == VARINT_BYTES_MAX - 1) {
			*out = value << 8 | byte;
			return TRUE;
		}
		value = value << 7 | (byte & 0x7f);
		if ((byte & 0x80) == 0) {
			*out = value;
			return TRUE;
		}
	}
	return FALSE;
}

/* Two's complement, big end first. */
static gint64
get_integer(const guint8 *data, gsize size)
{
	guint64 value = size > 0 && (data[0] & 0x80) != 0 ? G_MAXUINT64 : 0;
	for (gsize i = 0; i < size; i++)
		value = value << 8 | data[i];
	return (gint64)value;
}

static gboolean
read_value(guint64 serial, const guint8 **at, const guint8 *end, TillSalvageValue *out)
{
	static const guint8 integer_sizes[] = {0, 1, 2, 3, 4, 6, 8};
	*out = (TillSalvageValue){.kind = TILL_SALVAGE_NULL};
	if (serial == 0)
		return TRUE;
	if (serial == SERIAL_ZERO || serial == SERIAL_ONE) {
		out->kind = TILL_SALVAGE_INTEGER;
		out->integer = serial == SERIAL_ONE;
		return TRUE;
	}
	if (serial >= G_N_ELEMENTS(integer_sizes) && serial < SERIAL_BYTES)
		return FALSE;
	guint64 size = serial < SERIAL_BYTES ? integer_sizes[serial] : (serial - SERIAL_BYTES) / 2;
	if (size > (guint64)(end - *at))
		return FALSE;
	if (serial < SERIAL_BYTES) {
		out->kind = TILL_SALVAGE_INTEGER;
		out->integer = get_integer(*at, (gsize)size);
	} else {
		out->kind = serial % 2 == 0 ? TILL_SALVAGE_BLOB : TILL_SALVAGE_TEXT;
		out->data = *at;
		out->size = (gsize)size;
	}
	*at += size;
	return TRUE;
}

gboolean
till_salvage_record_split(TillSalvageRecord *record)
{
	const guint8 *start = record->payload->data;
	const guint8 *end = start + record->payload->len;
	const guint8 *types = start;
	guint64 header;
	if (!till_salvage_record_varint(&types, end, &header) || header > record->payload->len ||
	    start + header < types)
		return FALSE;
	const guint8 *types_end = start + header;
	const guint8 *values = types_end;
	record->count = 0;
	while (types < types_end) {
		guint64 serial;
		if (record->count == TILL_SALVAGE_COLUMNS_MAX ||
		    !till_salvage_record_varint(&types, types_end, &serial) ||
		    !read_value(serial, &values, end, &record->values[record->count]))
			return FALSE;
		record->count++;
	}
	return values == end;
}

static gboolean
is_plain_text(const TillSalvageValue *value)
{
	return value->kind == TILL_SALVAGE_TEXT && memchr(value->data, 0, value->size) == NULL &&
	       g_utf8_validate((const char *)value->data, (gssize)value->size, NULL);
}

static gboolean
is_blob(const TillSalvageValue *value, gsize size)
{
	return value->kind == TILL_SALVAGE_BLOB && value->size == size;
}

static gboolean
fits_letter(const TillSalvageValue *value, char letter)
{
	switch (letter) {
	case 'i':
		return value->kind == TILL_SALVAGE_INTEGER;
	case 'n':
		return value->kind == TILL_SALVAGE_INTEGER || value->kind == TILL_SALVAGE_NULL;
	case 'r':
		return value->kind == TILL_SALVAGE_NULL;
	case 't':
		return is_plain_text(value);
	case 'U':
		return is_blob(value, 16);
	case 'B':
		return is_blob(value, 32);
	case 'S':
		return is_blob(value, 64);
	case 'b':
		return value->kind == TILL_SALVAGE_BLOB;
	default:
		g_assert_not_reached();
	}
}

gboolean
till_salvage_record_fits(const TillSalvageRecord *record, const char *shape)
{
	if (record->count != strlen(shape))
		return FALSE;
	for (guint i = 0; i < record->count; i++) {
		if (!fits_letter(&record->values[i], shape[i]))
			return FALSE;
	}
	return TRUE;
}

char *
till_salvage_record_text(const TillSalvageRecord *record, guint column)
{
	const TillSalvageValue *value = &record->values[column];
	return g_strndup((const char *)value->data, value->size);
}

void
till_salvage_record_clear(TillSalvageRecord *record)
{
	g_clear_pointer(&record->payload, g_byte_array_unref);
}
