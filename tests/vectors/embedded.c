/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "gs1.h"
#include "gtin.h"
#include "registry.h"
#include "variable-code.h"

/* Codes with a value inside, by the shop's own patterns, and dates of element strings. */

/* Day 00 is read on its own; a century is the one nearest to when the cases were written. */
#define CASES_YEAR 2026

gboolean
till_embedded_wants(const TillVector *vector)
{
	static const char *const keys[] = {"rules", "rule", "gs1_date"};

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (json_object_get(vector->inputs, keys[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

/* --- dates --- */

static gboolean
read_date(const char *digits, char *out, gsize size)
{
	g_autofree char *elements = g_strconcat("]C117", digits, NULL);
	TillGs1 gs1;
	GDate date;

	if (till_gs1_read(elements, 0, &gs1) != TILL_GS1_OK ||
	    !till_gs1_date(&gs1, "17", CASES_YEAR, &date))
		return FALSE;
	return g_date_strftime(out, size, "%Y-%m-%d", &date) > 0;
}

static void
run_date(TillVector *vector)
{
	const char *digits = till_vector_text_or(vector->inputs, "gs1_date", "");
	const char *wanted = till_vector_text_or(vector->expected, "date", "");
	char date[32] = "";

	till_vector_known(vector, vector->inputs, "gs1_date");
	till_vector_known(vector, vector->expected, "date error");
	(void)read_date(digits, date, sizeof date);
	if (strcmp(date, wanted) != 0)
		till_vector_fail(vector, "date \"%s\", not \"%s\"", date, wanted);
}

/* --- patterns --- */

static gsize
count_digits(TillVector *vector, const char *encoding)
{
	if (strcmp(encoding, "ean8") == 0)
		return 8;
	if (strcmp(encoding, "ean13") == 0)
		return 13;
	if (strcmp(encoding, "upca") == 0)
		return 12;
	till_vector_out(vector, "encoding \"%s\"", encoding);
	return 0;
}

/* The rules as the store's setting; NULL when there is one without a value: then the code is an
 * ordinary one. A price, because only prices may have more than three decimals. */
static char *
join_patterns(TillVector *vector)
{
	const json_t *rules = json_object_get(vector->inputs, "rules");
	GString *text = g_string_new(NULL);
	gboolean ordinary = FALSE;

	for (gsize i = 0; i < json_array_size(rules); i++) {
		const json_t *rule = json_array_get(rules, i);
		const char *pattern = till_vector_text_or(rule, "pattern", "");
		till_vector_known(vector, rule, "encoding pattern");
		ordinary |= strchr(pattern, '{') == NULL;
		g_string_append_printf(text, "%sprice:%s", i > 0 ? "," : "", pattern);
	}
	return g_string_free(text, ordinary);
}

static void
expect_base(TillVector *vector, const char *base)
{
	const char *wanted = till_vector_text_or(vector->expected, "base_code", base);

	if (strcmp(base, wanted) != 0)
		till_vector_fail(vector, "base code %s, not %s", base, wanted);
}

static gboolean
is_refused(const TillVector *vector)
{
	return strcmp(till_vector_text_or(vector->expected, "type", ""), "error") == 0;
}

static void
run_ordinary(TillVector *vector, const char *code, const char *encoding)
{
	gboolean accepted = strlen(code) == count_digits(vector, encoding) && till_gtin_check(code);

	if (accepted == is_refused(vector))
		till_vector_fail(vector, accepted ? "accepted" : "refused");
	expect_base(vector, code);
}

static void
run_patterns(TillVector *vector, const char *code, const char *patterns)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillVariableCodes) codes = till_variable_code_parse(patterns, &error);
	TillVariableCode read;

	if (codes == NULL) {
		till_vector_fail(vector, "%s", error->message);
		return;
	}
	if (till_variable_code_read(codes, code, &read) == is_refused(vector))
		till_vector_fail(vector, is_refused(vector) ? "accepted" : "refused");
	expect_base(vector, is_refused(vector) ? code : read.base);
	till_vector_expect(vector, vector->expected, "value", read.value, read.decimals, "value");
}

void
till_embedded_run(TillVector *vector)
{
	const json_t *rules = json_object_get(vector->inputs, "rules");
	const char *code = till_vector_text_or(vector->inputs, "barcode", "");
	const char *encoding =
	    till_vector_text_or(json_array_get(rules, 0), "encoding", "without rules");

	if (json_object_get(vector->inputs, "gs1_date") != NULL) {
		run_date(vector);
		return;
	}
	if (json_object_get(vector->inputs, "rule") != NULL) {
		till_vector_out(vector, "a rule for an AI");
		return;
	}
	till_vector_known(vector, vector->inputs, "rules barcode");
	till_vector_known(vector, vector->expected, "type encoding base_code value");
	g_autofree char *patterns = join_patterns(vector);
	if (patterns != NULL)
		run_patterns(vector, code, patterns);
	else
		run_ordinary(vector, code, encoding);
}
