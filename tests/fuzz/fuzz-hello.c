/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "messages.h"

/* A hello that is taken has heads in their bounds, and is written back as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;

	till_crypto_init();
	g_autoptr(json_t) json =
	    till_json_parse((const char *)data, size, TILL_WIRE_BODY_MAX, "hello", &error);
	if (json == NULL)
		return 0;
	g_autoptr(TillWireHello) hello = till_messages_read_hello(json, &error);
	g_assert_true((hello == NULL) == (error != NULL));
	if (hello == NULL)
		return 0;
	g_assert_cmpuint(hello->heads->len, <=, TILL_WIRE_HEADS_MAX);
	g_autoptr(json_t) once = till_messages_write_hello(hello);
	g_autoptr(TillWireHello) second = till_messages_read_hello(once, &error);
	g_assert_no_error(error);
	g_autoptr(json_t) twice = till_messages_write_hello(second);
	g_assert_true(json_equal(once, twice));
	return 0;
}
