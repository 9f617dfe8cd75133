/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <glib.h>
#include <string.h>

#include "gs1.h"
#include "gtin.h"

static void
check_same(const TillGs1 *a, const TillGs1 *b)
{
	g_assert_cmpuint(a->count, ==, b->count);
	for (guint i = 0; i < a->count; i++) {
		const char *value = till_gs1_find(b, a->elements[i].ai);
		g_assert_cmpstr(till_gs1_value(a, i), ==, value);
	}
}

/* What is taken is within bounds, has right check digits and means the same in each other form. */
static void
check_forms(const TillGs1 *gs1)
{
	g_autofree char *brackets = till_gs1_brackets(gs1, G_MAXSIZE);
	g_autofree char *uri = NULL;
	char gtin[TILL_GTIN_TEXT];
	TillGs1 again;

	g_assert_cmpuint(gs1->count, >, 0);
	g_assert_cmpuint(gs1->count, <=, TILL_GS1_ELEMENTS_MAX);
	if (till_gs1_find(gs1, "01") != NULL)
		g_assert_true(till_gs1_gtin(gs1, gtin));
	if (till_gs1_read_brackets(brackets, TILL_GS1_FUTURE, &again) == TILL_GS1_OK)
		check_same(gs1, &again);
	else
		g_assert_cmpuint(strlen(brackets), >, TILL_GS1_TEXT_MAX);
	if (till_gs1_link(gs1, "https://a", TILL_GS1_FUTURE, &uri) == TILL_GS1_OK &&
	    strlen(uri) <= TILL_GS1_TEXT_MAX) {
		g_assert_cmpint(till_gs1_read(uri, TILL_GS1_FUTURE, &again), ==, TILL_GS1_OK);
		check_same(gs1, &again);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size > 0 ? (const char *)data : "", size);
	TillGs1Flags all = TILL_GS1_ALPHAS | TILL_GS1_SHORT_GTIN | TILL_GS1_FUTURE;
	TillGs1 gs1;

	TillGs1Result strict = till_gs1_read(text, TILL_GS1_STRICT, &gs1);
	if (strict == TILL_GS1_OK) {
		g_autofree char *elements = till_gs1_elements(&gs1);
		TillGs1 again;
		check_forms(&gs1);
		if (strlen(elements) <= TILL_GS1_TEXT_MAX) {
			g_assert_cmpint(till_gs1_read(elements, TILL_GS1_STRICT, &again), ==,
					TILL_GS1_OK);
			check_same(&gs1, &again);
		}
	}
	TillGs1Result lenient = till_gs1_read(text, all, &gs1);
	if (lenient == TILL_GS1_OK)
		check_forms(&gs1);
	else
		g_assert_cmpint(strict, !=, TILL_GS1_OK);
	g_assert_nonnull(till_gs1_words(lenient));
	return 0;
}
