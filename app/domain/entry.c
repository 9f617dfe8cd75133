/* SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"

#include <string.h>

#define GENESIS_WORDS "tillhouse-genesis"
#define INTEGER_BYTES 8

/* prev ‖ seq ‖ txn ‖ length of type ‖ type ‖ version ‖ body hash, at its longest. */
#define CHAIN_BYTES_MAX                                                                            \
	(TILL_HASH_BYTES + INTEGER_BYTES + sizeof(TillUuid) + 1 + TILL_ENTRY_TYPE_MAX +            \
	 INTEGER_BYTES + TILL_HASH_BYTES)

static guint8 *
put_bytes(guint8 *to, const void *bytes, gsize size)
{
	memcpy(to, bytes, size);
	return to + size;
}

static guint8 *
put_integer(guint8 *to, guint64 value)
{
	guint64 big_endian = GUINT64_TO_BE(value);

	return put_bytes(to, &big_endian, INTEGER_BYTES);
}

static void
hash_body(const TillEntry *entry, TillHash *out)
{
	gsize size;
	const void *data = g_bytes_get_data(entry->body, &size);

	till_crypto_hash(data, size, out);
}

TillEntry *
till_entry_new(void)
{
	return g_new0(TillEntry, 1);
}

void
till_entry_free(TillEntry *entry)
{
	if (entry == NULL)
		return;
	g_clear_pointer(&entry->body, g_bytes_unref);
	g_free(entry);
}

void
till_entry_genesis(guint64 incarnation, TillHash *out_chain)
{
	guint8 bytes[sizeof GENESIS_WORDS - 1 + INTEGER_BYTES];
	guint8 *end = put_bytes(bytes, GENESIS_WORDS, sizeof GENESIS_WORDS - 1);

	end = put_integer(end, incarnation);
	till_crypto_hash(bytes, (gsize)(end - bytes), out_chain);
}

void
till_entry_seal(TillEntry *entry, const TillHash *prev_chain)
{
	g_assert(entry->body != NULL && entry->seq >= 1 && till_entry_type_valid(entry->type));
	hash_body(entry, &entry->body_hash);
	till_entry_chain(prev_chain, entry->seq, &entry->txn, entry->type, entry->version,
			 &entry->body_hash, &entry->chain);
}

static gboolean
has_date_shape(const char *text)
{
	static const char shape[] = "0000-00-00";

	if (strlen(text) != sizeof shape - 1)
		return FALSE;
	for (gsize i = 0; i < sizeof shape - 1; i++) {
		if (shape[i] == '-' ? text[i] != '-' : !g_ascii_isdigit(text[i]))
			return FALSE;
	}
	return TRUE;
}

static const char *
find_field_fault(const TillEntry *entry)
{
	if (entry->seq < 1)
		return "its number is not above zero";
	if (!till_entry_type_valid(entry->type))
		return "its type is not a word of a-z and '-'";
	if (entry->version < 1)
		return "its version is not above zero";
	if (entry->body == NULL || g_bytes_get_size(entry->body) == 0)
		return "its body is missing";
	if (g_bytes_get_size(entry->body) > TILL_ENTRY_BODY_MAX)
		return "its body is larger than any entry may be";
	if (!has_date_shape(entry->business_date))
		return "its business date is not a date";
	return NULL;
}

const char *
till_entry_fault(const TillEntry *entry, const TillHash *prev_chain)
{
	const char *fault = find_field_fault(entry);
	TillHash hash;

	if (fault != NULL)
		return fault;
	hash_body(entry, &hash);
	if (!till_crypto_hash_equal(&hash, &entry->body_hash))
		return "its body does not match its hash";
	till_entry_chain(prev_chain, entry->seq, &entry->txn, entry->type, entry->version,
			 &entry->body_hash, &hash);
	if (!till_crypto_hash_equal(&hash, &entry->chain))
		return "it does not follow from the entry before it";
	return NULL;
}

void
till_entry_chain(const TillHash *prev_chain, gint64 seq, const TillUuid *txn, const char *type,
		 int version, const TillHash *body_hash, TillHash *out_chain)
{
	guint8 bytes[CHAIN_BYTES_MAX];
	gsize type_length = strlen(type);
	guint8 length_byte = (guint8)type_length;
	guint8 *end = bytes;

	g_assert(type_length <= TILL_ENTRY_TYPE_MAX);
	end = put_bytes(end, prev_chain->bytes, TILL_HASH_BYTES);
	end = put_integer(end, (guint64)seq);
	end = put_bytes(end, txn->bytes, sizeof txn->bytes);
	end = put_bytes(end, &length_byte, 1);
	end = put_bytes(end, type, type_length);
	end = put_integer(end, (guint64)(gint64)version);
	end = put_bytes(end, body_hash->bytes, TILL_HASH_BYTES);
	till_crypto_hash(bytes, (gsize)(end - bytes), out_chain);
}

gboolean
till_entry_type_valid(const char *type)
{
	gsize length = strlen(type);

	return length >= 1 && length <= TILL_ENTRY_TYPE_MAX && g_ascii_islower(type[0]) &&
	       strspn(type, "abcdefghijklmnopqrstuvwxyz-") == length;
}
