/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "messages.h"

/* Both readers must agree, and what they read is written as one form that both read again. */
static char *
write_once(const TillWirePush *push)
{
	gsize size;
	char *text = till_messages_write_push(push, &size);

	g_assert_cmpuint(strlen(text), ==, size);
	return text;
}

static TillWirePush *
read_generally(const char *data, gsize size)
{
	g_autoptr(json_t) json = till_json_parse(data, size, TILL_WIRE_BODY_MAX, "push", NULL);

	return json != NULL ? till_messages_read_push(json, NULL) : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	const char *bytes = size > 0 ? (const char *)data : "";

	till_crypto_init();
	g_autoptr(TillWirePush) push = till_messages_parse_push(bytes, size, &error);
	g_autoptr(TillWirePush) general = read_generally(bytes, size);
	g_assert_true((push == NULL) == (error != NULL));
	g_assert_true((push == NULL) == (general == NULL));
	if (push == NULL)
		return 0;
	g_assert_cmpuint(push->entries->len, <=, TILL_WIRE_BATCH_ENTRIES);
	g_autofree char *once = write_once(push);
	g_autofree char *other = write_once(general);
	g_assert_cmpstr(once, ==, other);
	if (strlen(once) > TILL_WIRE_BODY_MAX)
		return 0;
	g_autoptr(TillWirePush) second = till_messages_parse_push(once, strlen(once), &error);
	g_assert_no_error(error);
	g_autofree char *twice = write_once(second);
	g_assert_cmpstr(once, ==, twice);
	return 0;
}
