/* SPDX-License-Identifier: Apache-2.0 */
#include "messages-entry.h"

#include <string.h>

#include "fields.h"

/* Keys stand in the order of the alphabet, so that the text equals the canonical form of the same
 * JSON value. */

/* How many bytes each byte needs inside a JSON string. */
static gsize
escaped_size(const guint8 *bytes, gsize size)
{
	gsize total = size;

	for (gsize i = 0; i < size; i++) {
		guint8 byte = bytes[i];
		if (byte == '"' || byte == '\\')
			total += 1;
		else if (byte < 0x20)
			total += 5;
	}
	return total;
}

static char *
put_control(char *out, guint8 byte)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char shorts[] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

	*out++ = '\\';
	if (byte < sizeof shorts && shorts[byte] != 0) {
		*out++ = shorts[byte];
		return out;
	}
	out[0] = 'u';
	out[1] = '0';
	out[2] = '0';
	out[3] = hex[byte >> 4];
	out[4] = hex[byte & 15];
	return out + 5;
}

void
till_messages_append_string(GString *text, const void *data, gsize size)
{
	const guint8 *bytes = data;
	gsize start = text->len;

	/* Reserve the worst case once, then write without checks: this runs over every byte of
	 * every sale. */
	g_string_set_size(text, start + escaped_size(bytes, size) + 2);
	char *out = text->str + start;
	*out++ = '"';
	for (gsize i = 0; i < size; i++) {
		guint8 byte = bytes[i];
		if (G_UNLIKELY(byte < 0x20)) {
			out = put_control(out, byte);
			continue;
		}
		if (byte == '"' || byte == '\\')
			*out++ = '\\';
		*out++ = (char)byte;
	}
	*out++ = '"';
	g_string_truncate(text, (gsize)(out - text->str));
}

static void
append_key_text(GString *text, const char *key, const char *value)
{
	g_string_append(text, key);
	till_messages_append_string(text, value, strlen(value));
}

void
till_messages_append_int(GString *text, const char *key, gint64 value)
{
	char digits[24];
	gsize at = sizeof digits;
	guint64 rest = value < 0 ? -(guint64)value : (guint64)value;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		digits[--at] = '-';
	g_string_append(text, key);
	g_string_append_len(text, digits + at, (gssize)(sizeof digits - at));
}

/* JSON text can carry a body only when it is UTF-8 without NUL. */
static gboolean
is_text(const char *bytes, gsize size)
{
	return g_utf8_validate_len(bytes, size, NULL) && memchr(bytes, 0, size) == NULL;
}

static void
append_body(GString *text, GBytes *body)
{
	gsize size = 0;
	const char *bytes;

	if (body == NULL)
		return;
	bytes = g_bytes_get_data(body, &size);
	if (is_text(bytes, size)) {
		g_string_append(text, "\"body\":");
		till_messages_append_string(text, bytes, size);
	} else {
		g_autofree char *encoded = till_crypto_encode(bytes, size);
		append_key_text(text, "\"body_base64\":", encoded);
	}
	g_string_append_c(text, ',');
}

static void
append_clock(GString *text, const TillEntryClock *clock)
{
	append_key_text(text, ",\"clock\":{\"boot\":", clock->boot);
	till_messages_append_int(text, ",\"mono_ms\":", clock->mono_ms);
	till_messages_append_int(text, ",\"offset_ms\":", clock->offset_ms);
	till_messages_append_int(text, ",\"uncertainty_ms\":", clock->uncertainty_ms);
	till_messages_append_int(text, ",\"wall_ms\":", clock->wall_ms);
	g_string_append_c(text, '}');
}

void
till_messages_append_entry(GString *text, const TillEntry *entry)
{
	char hex[TILL_HASH_TEXT];
	char letters[14];
	char uuid[TILL_UUID_TEXT];
	g_autofree char *signature =
	    till_crypto_encode(entry->signature.bytes, sizeof entry->signature.bytes);

	g_string_append_c(text, '{');
	append_body(text, entry->body);
	append_key_text(text, "\"body_hash\":", till_crypto_hash_format(&entry->body_hash, hex));
	append_key_text(text, ",\"business_date\":", entry->business_date);
	append_key_text(text, ",\"chain\":", till_crypto_hash_format(&entry->chain, hex));
	append_clock(text, &entry->clock);
	append_key_text(text, ",\"cursor\":", entry->cursor);
	append_key_text(
	    text, ",\"incarnation\":", till_id_incarnation_format(entry->incarnation, letters));
	if (entry->orig_incarnation != 0) {
		append_key_text(text, ",\"orig\":{\"incarnation\":",
				till_id_incarnation_format(entry->orig_incarnation, letters));
		till_messages_append_int(text, ",\"seq\":", entry->orig_seq);
		g_string_append_c(text, '}');
	}
	till_messages_append_int(text, ",\"seq\":", entry->seq);
	till_messages_append_int(text, ",\"shift\":", entry->shift);
	append_key_text(text, ",\"signature\":", signature);
	append_key_text(text, ",\"txn\":", till_uuid_format(&entry->txn, uuid));
	append_key_text(text, ",\"type\":", entry->type);
	till_messages_append_int(text, ",\"version\":", entry->version);
	g_string_append_c(text, '}');
}

static void
read_clock(TillJsonReader *entry_reader, TillEntryClock *clock)
{
	TillJsonReader reader = till_fields_inner(entry_reader, "clock");
	clock->wall_ms = till_json_int(&reader, "wall_ms", G_MININT64, G_MAXINT64);
	clock->mono_ms = till_json_int(&reader, "mono_ms", G_MININT64, G_MAXINT64);
	clock->offset_ms = till_json_int_or(&reader, "offset_ms", G_MININT64, G_MAXINT64, 0);
	clock->uncertainty_ms = till_json_int_or(&reader, "uncertainty_ms", -1, G_MAXINT64, -1);
	g_strlcpy(clock->boot, till_json_string_or(&reader, "boot", sizeof clock->boot - 1, ""),
		  sizeof clock->boot);
	till_json_inherit(entry_reader, &reader);
}

static void
read_orig(TillJsonReader *entry_reader, TillEntry *entry)
{
	if (till_json_object(entry_reader, "orig") == NULL)
		return;
	TillJsonReader reader = till_fields_inner(entry_reader, "orig");
	if (!till_id_incarnation_parse(till_json_string(&reader, "incarnation", 13),
				       &entry->orig_incarnation))
		till_json_fault(&reader, "incarnation", "is not an incarnation of 13 letters");
	entry->orig_seq = till_json_int(&reader, "seq", 1, G_MAXINT64);
	till_json_inherit(entry_reader, &reader);
}

/* Base64url of any length up to the body's limit. */
static GBytes *
decode_body(const char *text)
{
	gsize length = strlen(text);
	gsize size = length / 4 * 3 + (length % 4 == 0 ? 0 : length % 4 - 1);
	g_autofree guint8 *bytes = g_malloc(size + 1);

	if (!till_crypto_decode(text, bytes, size))
		return NULL;
	return g_bytes_new_take(g_steal_pointer(&bytes), size);
}

static void
read_body(TillJsonReader *reader, TillEntry *entry)
{
	const json_t *text = json_object_get(reader->object, "body");
	const char *encoded;

	if (json_is_string(text)) {
		if (json_string_length(text) > TILL_ENTRY_BODY_MAX)
			till_json_fault(reader, "body", "is too long");
		else
			entry->body =
			    g_bytes_new(json_string_value(text), json_string_length(text));
		return;
	}
	if (text != NULL && !json_is_null(text)) {
		till_json_fault(reader, "body", "is not a text");
		return;
	}
	encoded = till_json_string_or(reader, "body_base64", TILL_ENTRY_BODY_MAX / 3 * 4 + 4, "");
	if (encoded[0] == '\0')
		return;
	entry->body = decode_body(encoded);
	if (entry->body == NULL)
		till_json_fault(reader, "body_base64", "is not base64url");
}

static void
read_hash(TillJsonReader *reader, const char *name, TillHash *out)
{
	if (!till_crypto_hash_parse(till_json_string(reader, name, TILL_HASH_TEXT - 1), out))
		till_json_fault(reader, name, "is not a hash of 64 hex digits");
}

static void
read_ids(TillJsonReader *reader, TillEntry *entry)
{
	if (!till_id_incarnation_parse(till_json_string(reader, "incarnation", 13),
				       &entry->incarnation))
		till_json_fault(reader, "incarnation", "is not an incarnation of 13 letters");
	if (!till_uuid_parse(till_json_string(reader, "txn", TILL_UUID_TEXT - 1), &entry->txn))
		till_json_fault(reader, "txn", "is not a UUID");
	g_strlcpy(entry->type, till_json_string(reader, "type", TILL_ENTRY_TYPE_MAX),
		  sizeof entry->type);
	if (!till_entry_type_valid(entry->type))
		till_json_fault(reader, "type", "is not an entry type");
	if (!till_crypto_decode(till_json_string(reader, "signature", 86), entry->signature.bytes,
				sizeof entry->signature.bytes))
		till_json_fault(reader, "signature", "is not a signature in base64url");
}

TillEntry *
till_messages_read_entry_from(TillJsonReader *reader)
{
	TillEntry *entry = till_entry_new();

	read_ids(reader, entry);
	read_hash(reader, "body_hash", &entry->body_hash);
	read_hash(reader, "chain", &entry->chain);
	entry->seq = till_json_int(reader, "seq", 1, G_MAXINT64);
	entry->version = (int)till_json_int(reader, "version", 1, G_MAXINT32);
	entry->shift = till_json_int_or(reader, "shift", 0, G_MAXINT64, 0);
	g_strlcpy(entry->business_date,
		  till_json_string_or(reader, "business_date", sizeof entry->business_date - 1, ""),
		  sizeof entry->business_date);
	g_strlcpy(entry->cursor,
		  till_json_string_or(reader, "cursor", sizeof entry->cursor - 1, ""),
		  sizeof entry->cursor);
	read_clock(reader, &entry->clock);
	read_orig(reader, entry);
	read_body(reader, entry);
	return entry;
}

json_t *
till_messages_write_entry(const TillEntry *entry)
{
	g_autoptr(GString) text = g_string_new(NULL);

	till_messages_append_entry(text, entry);
	json_t *json = json_loadb(text->str, text->len, JSON_REJECT_DUPLICATES, NULL);
	g_assert(json != NULL);
	return json;
}

TillEntry *
till_messages_read_entry(const json_t *json, GError **error)
{
	TillJsonReader reader = till_json_reader(json, "entry");
	g_autoptr(TillEntry) entry = till_messages_read_entry_from(&reader);

	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&entry) : NULL;
}

char *
till_messages_write_journal(GPtrArray *entries, gsize *out_size)
{
	GString *text = g_string_sized_new(4096);

	g_string_append(text, "{\"entries\":[");
	till_messages_append_entries(text, entries);
	g_string_append(text, "]}");
	*out_size = text->len;
	return g_string_free(text, FALSE);
}

void
till_messages_append_entries(GString *text, GPtrArray *entries)
{
	for (guint i = 0; i < entries->len; i++) {
		if (i > 0)
			g_string_append_c(text, ',');
		till_messages_append_entry(text, g_ptr_array_index(entries, i));
	}
}

GPtrArray *
till_messages_read_entries(TillJsonReader *reader)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	const json_t *array = till_json_array(reader, "entries", TILL_WIRE_BATCH_ENTRIES);

	if (array == NULL)
		till_json_fault(reader, "entries", "is missing");
	for (gsize i = 0; i < json_array_size(array) && reader->fault[0] == '\0'; i++) {
		TillJsonReader item = till_json_reader_item(reader, "entries", i);
		g_ptr_array_add(entries, till_messages_read_entry_from(&item));
		till_json_inherit(reader, &item);
	}
	return entries;
}

GPtrArray *
till_messages_read_journal(const json_t *json, GError **error)
{
	TillJsonReader reader = till_json_reader(json, "journal");
	g_autoptr(GPtrArray) entries = till_messages_read_entries(&reader);

	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&entries) : NULL;
}
