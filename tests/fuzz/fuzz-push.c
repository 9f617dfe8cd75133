/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "messages.h"

/* What is read as a push is written and read again as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	gsize once_size, twice_size;

	till_crypto_init();
	g_autoptr(json_t) json =
	    till_json_parse((const char *)data, size, TILL_WIRE_BODY_MAX, "push", &error);
	if (json == NULL)
		return 0;
	g_autoptr(TillWirePush) push = till_messages_read_push(json, &error);
	g_assert_true((push == NULL) == (error != NULL));
	if (push == NULL)
		return 0;
	g_assert_cmpuint(push->entries->len, <=, TILL_WIRE_BATCH_ENTRIES);
	g_autofree char *once = till_messages_write_push(push, &once_size);
	g_autoptr(json_t) again =
	    till_json_parse(once, once_size, 4 * TILL_WIRE_BODY_MAX, "push", &error);
	g_assert_no_error(error);
	g_autoptr(TillWirePush) second = till_messages_read_push(again, &error);
	g_assert_no_error(error);
	g_autofree char *twice = till_messages_write_push(second, &twice_size);
	g_assert_cmpuint(once_size, ==, twice_size);
	g_assert_cmpstr(once, ==, twice);
	return 0;
}
