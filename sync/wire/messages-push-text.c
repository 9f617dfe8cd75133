/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "messages-entry.h"

/* The short way to read a push: its text as this program writes it, key after key, without JSON
 * values in between. Parsing a batch the general way costs ten times as much as writing it, and
 * most of a central's work is reading batches.
 *
 * Whatever is not exactly that form (other order, spaces, keys of a newer release, odd escapes,
 * anything out of bounds) is left to the general reader, which decides and finds the words. So this
 * file may only ever accept what that one accepts, with the same result; the fuzz target "push"
 * compares them. */

typedef struct {
	const char *at;
	const char *end;
} Cursor;

static gboolean
skip(Cursor *cursor, const char *literal, gsize size)
{
	if ((gsize)(cursor->end - cursor->at) < size || memcmp(cursor->at, literal, size) != 0)
		return FALSE;
	cursor->at += size;
	return TRUE;
}

#define SKIP(cursor, literal) skip(cursor, literal, sizeof(literal) - 1)

static gboolean
take_int(Cursor *cursor, gint64 min, gint64 max, gint64 *out)
{
	gboolean is_negative = SKIP(cursor, "-");
	const char *first = cursor->at;
	gint64 value = 0;

	/* Towards the negative, where there is room for one more. */
	while (cursor->at < cursor->end && g_ascii_isdigit(*cursor->at)) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, *cursor->at - '0', &value))
			return FALSE;
		cursor->at++;
	}
	gsize digits = (gsize)(cursor->at - first);
	if (digits == 0 || (*first == '0' && (digits > 1 || is_negative)) ||
	    (!is_negative && value == G_MININT64))
		return FALSE;
	*out = is_negative ? value : -value;
	return *out >= min && *out <= max;
}

/* A text of printable ASCII without escapes, shorter than size. */
static gboolean
take_text(Cursor *cursor, char *out, gsize size)
{
	gsize length = 0;

	if (!SKIP(cursor, "\""))
		return FALSE;
	while (cursor->at < cursor->end && *cursor->at != '"') {
		char c = *cursor->at++;
		if (c < 0x20 || c == 0x7f || c == '\\' || length + 1 >= size)
			return FALSE;
		out[length++] = c;
	}
	out[length] = '\0';
	return SKIP(cursor, "\"");
}

static gboolean
take_hash(Cursor *cursor, TillHash *out)
{
	char text[TILL_HASH_TEXT];

	return take_text(cursor, text, sizeof text) && till_crypto_hash_parse(text, out);
}

static gboolean
take_incarnation(Cursor *cursor, guint64 *out)
{
	char text[14];

	return take_text(cursor, text, sizeof text) && till_id_incarnation_parse(text, out);
}

/* One of the escapes that till_messages_append_string writes; cursor stands behind the backslash.
 * 0: another. */
static char
take_escape(Cursor *cursor)
{
	static const char plain[] = "\"\\bfnrt";
	static const char meant[] = "\"\\\b\f\n\r\t";

	if (cursor->at == cursor->end)
		return 0;
	char c = *cursor->at++;
	const char *found = c != '\0' ? strchr(plain, c) : NULL;
	if (found != NULL)
		return meant[found - plain];
	if (c != 'u' || !SKIP(cursor, "00") || cursor->end - cursor->at < 2)
		return 0;
	int high = g_ascii_xdigit_value(cursor->at[0]);
	int low = g_ascii_xdigit_value(cursor->at[1]);
	cursor->at += 2;
	if (high < 0 || high > 1 || low < 0)
		return 0;
	return (char)((high << 4) | low);
}

/* The first quote behind an even number of backslashes. NULL: the text does not end. */
static const char *
find_close(const Cursor *cursor)
{
	const char *quote = cursor->at;

	while ((quote = memchr(quote, '"', (gsize)(cursor->end - quote))) != NULL) {
		const char *run = quote;
		while (run > cursor->at && run[-1] == '\\')
			run--;
		if ((quote - run) % 2 == 0)
			return quote;
		quote++;
	}
	return NULL;
}

/* Undoes the escapes up to close, into out, where there is room. FALSE: not as the writer writes.
 * out_bits: the bits set in any byte. */
static gboolean
copy_plain(Cursor *cursor, const char *close, char *out, gsize *out_length, guint8 *out_bits)
{
	Cursor inside = {cursor->at, close};
	char *to = out;
	guint8 bits = 0;

	while (inside.at < close) {
		char c = *inside.at++;
		if (c == '\\') {
			if (SKIP(&inside, "\""))
				c = '"';
			else
				c = take_escape(&inside);
			if (c == 0)
				return FALSE;
		} else if ((guint8)c < 0x20) {
			return FALSE;
		}
		bits |= (guint8)c;
		*to++ = c;
	}
	*out_length = (gsize)(to - out);
	*out_bits = bits;
	return TRUE;
}

/* The exact bytes of a body. */
static gboolean
take_body(Cursor *cursor, GBytes **out)
{
	/* The end first, so that the bytes need one allocation. */
	const char *close = find_close(cursor);
	gsize length;
	guint8 bits;

	if (close == NULL)
		return FALSE;
	g_autofree char *bytes = g_malloc((gsize)(close - cursor->at) + 1);
	if (!copy_plain(cursor, close, bytes, &length, &bits) || length > TILL_ENTRY_BODY_MAX)
		return FALSE;
	/* Most bodies are ASCII throughout, and that is UTF-8. */
	if (bits >= 0x80 && !g_utf8_validate_len(bytes, length, NULL))
		return FALSE;
	cursor->at = close + 1;
	*out = g_bytes_new_take(g_steal_pointer(&bytes), length);
	return TRUE;
}

static gboolean
take_clock(Cursor *cursor, TillEntryClock *clock)
{
	return SKIP(cursor, ",\"clock\":{\"boot\":") &&
	       take_text(cursor, clock->boot, sizeof clock->boot) &&
	       SKIP(cursor, ",\"mono_ms\":") &&
	       take_int(cursor, G_MININT64, G_MAXINT64, &clock->mono_ms) &&
	       SKIP(cursor, ",\"offset_ms\":") &&
	       take_int(cursor, G_MININT64, G_MAXINT64, &clock->offset_ms) &&
	       SKIP(cursor, ",\"uncertainty_ms\":") &&
	       take_int(cursor, -1, G_MAXINT64, &clock->uncertainty_ms) &&
	       SKIP(cursor, ",\"wall_ms\":") &&
	       take_int(cursor, G_MININT64, G_MAXINT64, &clock->wall_ms) && SKIP(cursor, "}");
}

static gboolean
take_orig(Cursor *cursor, TillEntry *entry)
{
	if (!SKIP(cursor, ",\"orig\":{\"incarnation\":"))
		return TRUE;
	return take_incarnation(cursor, &entry->orig_incarnation) && SKIP(cursor, ",\"seq\":") &&
	       take_int(cursor, 1, G_MAXINT64, &entry->orig_seq) && SKIP(cursor, "}");
}

static gboolean
take_kind(Cursor *cursor, TillEntry *entry)
{
	char signature[87];
	char txn[TILL_UUID_TEXT];
	gint64 version = 0;

	if (!SKIP(cursor, ",\"signature\":") || !take_text(cursor, signature, sizeof signature) ||
	    !till_crypto_decode(signature, entry->signature.bytes, sizeof entry->signature.bytes))
		return FALSE;
	if (!SKIP(cursor, ",\"txn\":") || !take_text(cursor, txn, sizeof txn) ||
	    !till_uuid_parse(txn, &entry->txn))
		return FALSE;
	if (!SKIP(cursor, ",\"type\":") || !take_text(cursor, entry->type, sizeof entry->type) ||
	    !till_entry_type_valid(entry->type))
		return FALSE;
	if (!SKIP(cursor, ",\"version\":") || !take_int(cursor, 1, G_MAXINT32, &version))
		return FALSE;
	entry->version = (int)version;
	return SKIP(cursor, "}");
}

static gboolean
take_entry(Cursor *cursor, TillEntry *entry)
{
	if (SKIP(cursor, "{\"body\":\"")) {
		if (!take_body(cursor, &entry->body) || !SKIP(cursor, ","))
			return FALSE;
	} else if (!SKIP(cursor, "{")) {
		return FALSE;
	}
	return SKIP(cursor, "\"body_hash\":") && take_hash(cursor, &entry->body_hash) &&
	       SKIP(cursor, ",\"business_date\":") &&
	       take_text(cursor, entry->business_date, sizeof entry->business_date) &&
	       SKIP(cursor, ",\"chain\":") && take_hash(cursor, &entry->chain) &&
	       take_clock(cursor, &entry->clock) && SKIP(cursor, ",\"cursor\":") &&
	       take_text(cursor, entry->cursor, sizeof entry->cursor) &&
	       SKIP(cursor, ",\"incarnation\":") && take_incarnation(cursor, &entry->incarnation) &&
	       take_orig(cursor, entry) && SKIP(cursor, ",\"seq\":") &&
	       take_int(cursor, 1, G_MAXINT64, &entry->seq) && SKIP(cursor, ",\"shift\":") &&
	       take_int(cursor, 0, G_MAXINT64, &entry->shift) && take_kind(cursor, entry);
}

static gboolean
take_entries(Cursor *cursor, GPtrArray *entries)
{
	do {
		TillEntry *entry = till_entry_new();
		g_ptr_array_add(entries, entry);
		if (entries->len > TILL_WIRE_BATCH_ENTRIES || !take_entry(cursor, entry))
			return FALSE;
	} while (SKIP(cursor, ","));
	return TRUE;
}

static gboolean
take_tail(Cursor *cursor, TillWirePush *push)
{
	char session[65];

	if (!SKIP(cursor, "],\"incarnation\":") || !take_incarnation(cursor, &push->incarnation) ||
	    push->incarnation == 0 || !SKIP(cursor, ",\"proto\":1,\"queue\":{\"held\":") ||
	    !take_int(cursor, 0, G_MAXINT64, &push->held) || !SKIP(cursor, ",\"oldest_s\":") ||
	    !take_int(cursor, 0, G_MAXINT64, &push->oldest_s) || !SKIP(cursor, ",\"parked\":") ||
	    !take_int(cursor, 0, G_MAXINT64, &push->parked) || !SKIP(cursor, ",\"pending\":") ||
	    !take_int(cursor, 0, G_MAXINT64, &push->pending) || !SKIP(cursor, "},\"session\":") ||
	    !take_text(cursor, session, sizeof session) || session[0] == '\0' || !SKIP(cursor, "}"))
		return FALSE;
	push->session = g_strdup(session);
	return cursor->at == cursor->end;
}

TillWirePush *
till_messages_take_push_text(const char *text, gsize size)
{
	g_autoptr(TillWirePush) push = g_new0(TillWirePush, 1);
	Cursor cursor = {text, text + size};

	G_STATIC_ASSERT(TILL_WIRE_PROTOCOL == 1);
	push->entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	if (!SKIP(&cursor, "{\"base\":{\"chain\":") || !take_hash(&cursor, &push->base_chain) ||
	    !SKIP(&cursor, ",\"seq\":") ||
	    !take_int(&cursor, 0, TILL_MESSAGES_BASE_MAX, &push->base_seq) ||
	    !SKIP(&cursor, "},\"entries\":[") || !take_entries(&cursor, push->entries) ||
	    !take_tail(&cursor, push))
		return NULL;
	return g_steal_pointer(&push);
}
