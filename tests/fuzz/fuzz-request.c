/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "basket-file.h"
#include "json.h"
#include "messages.h"
#include "request.h"
#include "signature.h"

/* Everything a stranger can put into a request: a line with the target, then the body, read as
 * every message. What is refused is refused with a sentence; what is read can be written again. */

static void
read_target(const char *line, gsize size)
{
	g_autofree char *target = g_strndup(line, size);
	g_autoptr(TillRequest) request = till_request_new("GET", target, NULL);
	TillRequestSignature signature;

	g_assert_true(g_str_has_prefix(target, request->path));
	g_assert_true(g_utf8_validate(till_request_query(request, "scope"), -1, NULL));
	if (till_signature_parse(target, &signature))
		g_assert_cmpuint(strlen(signature.terminal), <, sizeof signature.terminal);
}

static void
read_messages(const json_t *json)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillWireHello) hello = till_messages_read_hello(json, &error);
	g_assert_true((hello == NULL) == (error != NULL));
	g_clear_error(&error);
	g_autoptr(TillWirePush) push = till_messages_read_push(json, &error);
	g_assert_true((push == NULL) == (error != NULL));
	g_clear_error(&error);
	g_autoptr(TillWireEnrolRequest) enrol = till_messages_read_enrol_request(json, &error);
	g_assert_true((enrol == NULL) == (error != NULL));
	g_clear_error(&error);
	g_autoptr(TillBasketFile) basket = till_basket_file_from_json(json, &error);
	g_assert_true((basket == NULL) == (error != NULL));
	if (push != NULL) {
		gsize size;
		g_autofree char *text = till_messages_write_push(push, &size);
		g_assert_cmpuint(size, >, 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
	g_autoptr(json_t) json = NULL;

	if (end == NULL)
		return 0;
	read_target(text, (gsize)(end - text));
	json = till_json_parse(end + 1, size - (gsize)(end + 1 - text), TILL_WIRE_BODY_MAX,
			       "request", NULL);
	if (json != NULL)
		read_messages(json);
	return 0;
}
