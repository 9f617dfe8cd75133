/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "enrol-code.h"

/* A code that is taken reads the same once it is written without its adornments. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char secret[9], ca[17], secret_again[9], ca_again[17];
	g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);

	if (!till_enrol_code_parse(text, secret, ca))
		return 0;
	g_assert_cmpuint(strlen(secret), ==, 8);
	g_assert_true(ca[0] == '\0' || strlen(ca) == 16);
	g_autofree char *plain = g_strconcat(secret, ca, NULL);
	g_assert_true(till_enrol_code_parse(plain, secret_again, ca_again));
	g_assert_cmpstr(secret, ==, secret_again);
	g_assert_cmpstr(ca, ==, ca_again);
	return 0;
}
