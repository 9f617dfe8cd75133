/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "gtin.h"
#include "variable-code.h"

/* The first line is a list of patterns, the second a code. Whatever is read says the same of its
 * own base code but for the value. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);
	char *code = strchr(text, '\n');
	TillVariableCode read, base;
	gint64 amount;

	if (code != NULL)
		*code++ = '\0';
	g_autoptr(TillVariableCodes) codes = till_variable_code_parse(text, NULL);
	if (codes == NULL || code == NULL)
		return 0;
	if (!till_variable_code_read(codes, code, &read)) {
		g_assert_cmpint(read.kind, ==, TILL_VARIABLE_NONE);
		return 0;
	}
	g_assert_cmpint(read.kind, !=, TILL_VARIABLE_NONE);
	g_assert_cmpint(read.value, >=, 0);
	g_assert_cmpuint(strlen(read.base), ==, strlen(code) == 8 ? 8 : 13);
	g_assert_cmpuint(strlen(read.item), <, strlen(read.base));
	if (strlen(read.base) == 13) {
		g_assert_true(till_gtin_check(read.base));
		if (till_variable_code_read(codes, read.base, &base) && base.kind == read.kind)
			g_assert_cmpint(base.value, >=, 0);
	}
	if (till_variable_code_weight(&read, &amount) ||
	    till_variable_code_price(&read, 2, &amount))
		g_assert_cmpint(amount, >, 0);
	return 0;
}
