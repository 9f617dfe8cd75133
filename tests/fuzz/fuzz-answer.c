/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "messages.h"

/* What a hostile central may answer: every reader of the terminal over the same bytes. Each gives a
 * message or an error, never both and never neither. */

#define TRY(type, reader)                                                                          \
	do {                                                                                       \
		g_autoptr(GError) error = NULL;                                                    \
		g_autoptr(type) message = till_messages_read_##reader(json, &error);               \
		g_assert_true((message == NULL) == (error != NULL));                               \
	} while (0)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char scope[64];
	gint64 head;

	till_crypto_init();
	g_autoptr(json_t) json =
	    till_json_parse((const char *)data, size, TILL_WIRE_BODY_MAX, "central's answer", NULL);
	if (json == NULL)
		return 0;
	TRY(TillWireCa, ca);
	TRY(TillWireEnrolAnswer, enrol_answer);
	TRY(TillWireEnrolRequest, enrol_request);
	TRY(TillWireHelloAnswer, hello_answer);
	TRY(TillWirePushAnswer, push_answer);
	TRY(TillEntry, entry);
	TRY(GPtrArray, journal);
	if (till_messages_read_hint(json, scope, &head))
		g_assert_true(strlen(scope) < sizeof scope && head >= 0);
	return 0;
}
