/* SPDX-License-Identifier: Apache-2.0 */
#include "id.h"

#include <string.h>

#include "crypto.h"

#define UUID_CHARS 36
#define COUNTER_MAX 0x0fff
#define INCARNATION_CHARS 13

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static gboolean
is_hyphen_place(int index)
{
	return index == 8 || index == 13 || index == 18 || index == 23;
}

/* A fresh millisecond starts at a random place in the lower half, so that ids do not tell how many
 * were made, while half of the range stays free to count up. */
static void
advance(TillUuidSource *source, gint64 now_ms)
{
	if (now_ms > source->last_ms) {
		guint16 start;
		till_crypto_random(&start, sizeof start);
		source->last_ms = now_ms;
		source->counter = (guint16)(start & (COUNTER_MAX >> 1));
	} else if (source->counter < COUNTER_MAX) {
		source->counter++;
	} else {
		source->last_ms++;
		source->counter = 0;
	}
}

static void
set_version(TillUuid *id, guint8 version)
{
	id->bytes[6] = (guint8)((id->bytes[6] & 0x0f) | (version << 4));
	id->bytes[8] = (guint8)((id->bytes[8] & 0x3f) | 0x80);
}

TillUuid
till_uuid_next(TillUuidSource *source, gint64 now_ms)
{
	g_assert(source != NULL);
	TillUuid id;
	advance(source, now_ms);
	till_crypto_random(id.bytes, sizeof id.bytes);
	for (int i = 0; i < 6; i++)
		id.bytes[i] = (guint8)((guint64)source->last_ms >> (40 - 8 * i));
	id.bytes[6] = (guint8)(source->counter >> 8);
	id.bytes[7] = (guint8)(source->counter & 0xff);
	set_version(&id, 7);
	return id;
}

TillUuid
till_uuid_random(void)
{
	TillUuid id;
	till_crypto_random(id.bytes, sizeof id.bytes);
	set_version(&id, 4);
	return id;
}

char *
till_uuid_format(const TillUuid *id, char *text)
{
	static const char digits[] = "0123456789abcdef";
	char *out = text;
	for (gsize i = 0; i < sizeof id->bytes; i++) {
		if (is_hyphen_place((int)(out - text)))
			*out++ = '-';
		*out++ = digits[id->bytes[i] >> 4];
		*out++ = digits[id->bytes[i] & 0x0f];
	}
	*out = '\0';
	return text;
}

gboolean
till_uuid_parse(const char *text, TillUuid *out_id)
{
	if (text == NULL || strnlen(text, UUID_CHARS + 1) != UUID_CHARS)
		return FALSE;
	TillUuid id = {{0}};
	int digits = 0;
	for (int i = 0; i < UUID_CHARS; i++) {
		if (is_hyphen_place(i)) {
			if (text[i] != '-')
				return FALSE;
			continue;
		}
		int value = g_ascii_xdigit_value(text[i]);
		if (value < 0)
			return FALSE;
		id.bytes[digits / 2] = (guint8)((id.bytes[digits / 2] << 4) | value);
		digits++;
	}
	*out_id = id;
	return TRUE;
}

gboolean
till_uuid_equal(const TillUuid *a, const TillUuid *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

guint64
till_id_incarnation(void)
{
	guint64 incarnation = 0;
	while (incarnation == 0)
		till_crypto_random(&incarnation, sizeof incarnation);
	return incarnation;
}

char *
till_id_incarnation_format(guint64 incarnation, char *text)
{
	for (int i = INCARNATION_CHARS - 1; i >= 0; i--) {
		text[i] = crockford[incarnation & 0x1f];
		incarnation >>= 5;
	}
	text[INCARNATION_CHARS] = '\0';
	return text;
}

gboolean
till_id_incarnation_parse(const char *text, guint64 *out)
{
	if (text == NULL || strnlen(text, INCARNATION_CHARS + 1) != INCARNATION_CHARS)
		return FALSE;
	guint64 incarnation = 0;
	for (int i = 0; i < INCARNATION_CHARS; i++) {
		const char *place = strchr(crockford, text[i]);
		if (place == NULL)
			return FALSE;
		guint64 value = (guint64)(place - crockford);
		if (i == 0 && value > 0x0f)
			return FALSE; /* thirteen characters hold 65 bits: the first has four */
		incarnation = (incarnation << 5) | value;
	}
	if (incarnation == 0)
		return FALSE;
	*out = incarnation;
	return TRUE;
}
