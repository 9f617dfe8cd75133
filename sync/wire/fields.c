/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <string.h>

#include "crypto.h"
#include "id.h"

static json_t *
write_value(const TillField *field, gconstpointer member)
{
	char hash[TILL_HASH_TEXT];
	char letters[14];
	g_autofree char *key = NULL;

	switch (field->kind) {
	case TILL_FIELD_STRING:
	case TILL_FIELD_UUID: {
		const char *text = *(char *const *)member;
		return json_string(text != NULL ? text : "");
	}
	case TILL_FIELD_INT:
		return json_integer(*(const gint64 *)member);
	case TILL_FIELD_BOOL:
		return json_boolean(*(const gboolean *)member);
	case TILL_FIELD_HASH:
		return json_string(till_crypto_hash_format(member, hash));
	case TILL_FIELD_KEY:
		key = till_crypto_encode(member, TILL_PUBLIC_KEY_BYTES);
		return json_string(key);
	case TILL_FIELD_INCARNATION:
		return json_string(till_id_incarnation_format(*(const guint64 *)member, letters));
	case TILL_FIELD_PARENT:
		if (*(const guint64 *)member == 0)
			return json_string("");
		return json_string(till_id_incarnation_format(*(const guint64 *)member, letters));
	default:
		g_assert_not_reached();
	}
}

void
till_fields_write(json_t *object, const TillField *fields, gsize count, gconstpointer message)
{
	for (gsize i = 0; i < count; i++) {
		const guint8 *member = (const guint8 *)message + fields[i].offset;
		json_object_set_new(object, fields[i].name, write_value(&fields[i], member));
	}
}

static char *
read_string(TillJsonReader *reader, const TillField *field)
{
	const char *text = field->min > 0
			       ? till_json_string(reader, field->name, (gsize)field->max)
			       : till_json_string_or(reader, field->name, (gsize)field->max, "");

	if (reader->fault[0] == '\0' && strlen(text) < (gsize)field->min)
		till_json_fault(reader, field->name, "is too short");
	return g_strdup(text);
}

static char *
read_uuid(TillJsonReader *reader, const TillField *field)
{
	const char *text = till_json_string(reader, field->name, TILL_UUID_TEXT - 1);
	TillUuid id;

	if (!till_uuid_parse(text, &id))
		till_json_fault(reader, field->name, "is not a UUID");
	return g_strdup(text);
}

static guint64
read_incarnation(TillJsonReader *reader, const TillField *field)
{
	guint64 incarnation = 0;
	const char *text = field->kind == TILL_FIELD_PARENT
			       ? till_json_string_or(reader, field->name, 13, "")
			       : till_json_string(reader, field->name, 13);

	if (field->kind == TILL_FIELD_PARENT && text[0] == '\0')
		return 0;
	if (!till_id_incarnation_parse(text, &incarnation) || incarnation == 0) {
		till_json_fault(reader, field->name, "is not an incarnation of 13 letters");
		return 0;
	}
	return incarnation;
}

static void
read_hash(TillJsonReader *reader, const TillField *field, TillHash *hash)
{
	const char *text = till_json_string(reader, field->name, TILL_HASH_TEXT - 1);

	if (!till_crypto_hash_parse(text, hash))
		till_json_fault(reader, field->name, "is not a hash of 64 hex digits");
}

static void
read_key(TillJsonReader *reader, const TillField *field, TillPublicKey *key)
{
	const char *text = till_json_string(reader, field->name, 43);

	if (!till_crypto_decode(text, key->bytes, sizeof key->bytes))
		till_json_fault(reader, field->name, "is not a public key in base64url");
}

void
till_fields_read(TillJsonReader *reader, const TillField *fields, gsize count, gpointer message)
{
	for (gsize i = 0; i < count; i++) {
		const TillField *field = &fields[i];
		gpointer member = (guint8 *)message + field->offset;

		switch (field->kind) {
		case TILL_FIELD_STRING:
			*(char **)member = read_string(reader, field);
			break;
		case TILL_FIELD_UUID:
			*(char **)member = read_uuid(reader, field);
			break;
		case TILL_FIELD_INT:
			*(gint64 *)member =
			    till_json_int(reader, field->name, field->min, field->max);
			break;
		case TILL_FIELD_BOOL:
			*(gboolean *)member = till_json_bool_or(reader, field->name, FALSE);
			break;
		case TILL_FIELD_HASH:
			read_hash(reader, field, member);
			break;
		case TILL_FIELD_KEY:
			read_key(reader, field, member);
			break;
		case TILL_FIELD_INCARNATION:
		case TILL_FIELD_PARENT:
			*(guint64 *)member = read_incarnation(reader, field);
			break;
		default:
			g_assert_not_reached();
		}
	}
}

void
till_fields_clear(const TillField *fields, gsize count, gpointer message)
{
	for (gsize i = 0; i < count; i++) {
		if (fields[i].kind != TILL_FIELD_STRING && fields[i].kind != TILL_FIELD_UUID)
			continue;
		char **member = (char **)((guint8 *)message + fields[i].offset);
		g_clear_pointer(member, g_free);
	}
}

TillJsonReader
till_fields_inner(TillJsonReader *parent, const char *name)
{
	char path[sizeof parent->path];
	const json_t *object = till_json_object(parent, name);

	(void)g_snprintf(path, sizeof path, "%s.%s", parent->path, name);
	if (object == NULL)
		till_json_fault(parent, name, "is missing");
	TillJsonReader inner = till_json_reader(object, path);
	if (parent->fault[0] != '\0')
		memcpy(inner.fault, parent->fault, sizeof inner.fault);
	return inner;
}
