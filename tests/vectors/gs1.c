/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1.h"

#include <string.h>

#include "aim.h"
#include "gtin.h"
#include "registry.h"

/* Element strings, links and scanner output of the GS1 system. The cases write FNC1 as '^'; a
 * caret of the text itself, when it is the first character, is written "\^". */

#define WANTED "bracketed_ais element_string scan_data uri stem symbology data options"

gboolean
till_gs1_vectors_wants(const TillVector *vector)
{
	static const char *const keys[] = {"bracketed_ais", "element_string", "scan_data", "uri",
					   "symbology"};

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (json_object_get(vector->inputs, keys[i]) != NULL)
			return TRUE;
	}
	return FALSE;
}

static char *
with_separators(const char *carets)
{
	return g_strdelimit(g_strdup(carets), "^", TILL_GS1_SEPARATOR);
}

/* Switches of the other program that have a flag here; others put the case out of scope, unless
 * they forbid nothing that the product allows. */
static TillGs1Flags
read_flags(TillVector *vector)
{
	const json_t *options = json_object_get(vector->inputs, "options");
	TillGs1Flags flags = TILL_GS1_STRICT;

	if (options == NULL)
		return flags;
	till_vector_known(vector, options,
			  "PermitConvenienceAlphas PermitZeroSuppressedGTINinDLuris "
			  "PermitUnknownAIs ValidationEnabled:UNKNOWN_AI_NOT_DL_ATTR");
	if (till_vector_flag_or(options, "PermitConvenienceAlphas", FALSE))
		flags |= TILL_GS1_ALPHAS;
	if (till_vector_flag_or(options, "PermitZeroSuppressedGTINinDLuris", FALSE))
		flags |= TILL_GS1_SHORT_GTIN;
	if (till_vector_flag_or(options, "PermitUnknownAIs", FALSE) &&
	    !till_vector_flag_or(options, "ValidationEnabled:UNKNOWN_AI_NOT_DL_ATTR", TRUE))
		flags |= TILL_GS1_FUTURE;
	return flags;
}

/* What the product made of it against what the case says; the element string where there is one. */
static void
compare(TillVector *vector, TillGs1Result result, const TillGs1 *gs1)
{
	gboolean valid = till_vector_flag_or(vector->expected, "valid", FALSE);
	const char *wanted = till_vector_text_or(vector->expected, "element_string", NULL);

	till_vector_known(vector, vector->expected, "valid element_string");
	if (valid != (result == TILL_GS1_OK)) {
		till_vector_fail(vector, "%s: %s", valid ? "refused" : "accepted",
				 till_gs1_words(result));
		return;
	}
	if (wanted == NULL || !valid)
		return;
	g_autofree char *read = till_gs1_elements(gs1);
	g_strdelimit(read, "\x1d", '^');
	if (strcmp(read, wanted) != 0)
		till_vector_fail(vector, "read as %s", read);
}

static void
run_build(TillVector *vector, const char *stem)
{
	const char *text = till_vector_text_or(vector->inputs, "bracketed_ais", "");
	const char *wanted = till_vector_text_or(vector->expected, "uri", NULL);
	gboolean valid = till_vector_flag_or(vector->expected, "valid", FALSE);
	TillGs1Flags flags = read_flags(vector);
	g_autofree char *uri = NULL;
	TillGs1 gs1;
	TillGs1Result result = till_gs1_read_brackets(text, flags, &gs1);

	till_vector_known(vector, vector->expected, "valid uri");
	if (result == TILL_GS1_OK)
		result = till_gs1_link(&gs1, stem, flags, &uri);
	if (valid != (result == TILL_GS1_OK))
		till_vector_fail(vector, "%s: %s", valid ? "refused" : "built",
				 till_gs1_words(result));
	else if (valid && g_strcmp0(uri, wanted) != 0)
		till_vector_fail(vector, "built %s", uri);
}

/* ---- Scanner output ---- */

/* How the other program names the symbols that share an AIM identifier. */
static const struct {
	const char *id;
	const char *names;
} symbols[] = {
    {"]Q1", " QR "},
    {"]Q3", " QR "},
    {"]d1", " DM "},
    {"]d2", " DM "},
    {"]J0", " DotCode "},
    {"]J1", " DotCode "},
    {"]C1", " GS1_128_CCA GS1_128_CCC "},
    {"]e0", " DataBarExpanded DataBarOmni DataBarTruncated DataBarStacked DataBarStackedOmni "
	    "DataBarLimited GS1_128_CCA GS1_128_CCC "},
    {"]E0", " EAN13 UPCA UPCE "},
    {"]E4", " EAN8 "},
};

static gboolean
has_name(gsize symbol, const char *name)
{
	g_autofree char *word = g_strdup_printf(" %s ", name);

	return strstr(symbols[symbol].names, word) != NULL;
}

static gboolean
is_symbol(const char *aim_id, const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
		if (strcmp(symbols[i].id, aim_id) == 0)
			return has_name(i, name);
	}
	return FALSE;
}

/* The message of bars, with its check digit where the case leaves that to the encoder. */
static char *
complete_message(const TillVector *vector, const char *data)
{
	const json_t *options = json_object_get(vector->inputs, "options");

	if (options == NULL || !till_vector_flag_or(options, "AddCheckDigit", FALSE))
		return g_strdup(data);
	return g_strdup_printf("%s%c", data, till_gtin_check_digit(data, strlen(data)));
}

/* The message of a case as an element string: digits of bars are an item, a composite part goes on
 * where the bars end. */
static char *
message_elements(const char *data)
{
	g_auto(GStrv) halves = g_strsplit(data, "|", 2);
	g_autoptr(GString) text = g_string_new(NULL);
	char gtin14[TILL_GTIN_TEXT];

	if (halves[0] != NULL && till_gtin_normalise(halves[0], gtin14) == TILL_GTIN_OK)
		g_string_append_printf(text, "^01%s", gtin14);
	else
		g_string_append(text, halves[0] != NULL ? halves[0] : "");
	if (g_strv_length(halves) == 2)
		g_string_append(text, halves[1]);
	return with_separators(text->str);
}

static void
compare_message(TillVector *vector, const TillAim *aim, const char *text, const TillGs1 *gs1)
{
	const json_t *place =
	    json_object_get(vector->expected, "data") != NULL ? vector->expected : vector->inputs;
	const char *data = till_vector_text_or(place, "data", "");
	const char *name = till_vector_text_or(place, "symbology", "");
	TillGs1 wanted;

	if (!is_symbol(aim->id, name))
		till_vector_fail(vector, "%s is no %s", aim->id, name);
	if (aim->content == TILL_AIM_TEXT) {
		/* The stroke that keeps a caret from being FNC1 is not part of the message. */
		gboolean escaped = data[0] == '\\' && data[strspn(data, "\\")] == '^';
		if (strcmp(text, data + (escaped ? 1 : 0)) != 0)
			till_vector_fail(vector, "read as %s", text);
		return;
	}
	g_autofree char *complete = complete_message(vector, data);
	g_autofree char *message = message_elements(complete);
	if (till_gs1_read(message, TILL_GS1_STRICT, &wanted) != TILL_GS1_OK) {
		till_vector_fail(vector, "the message itself is refused");
		return;
	}
	g_autofree char *read = till_gs1_elements(gs1);
	g_autofree char *meant = till_gs1_elements(&wanted);
	if (strcmp(read, meant) != 0)
		till_vector_fail(vector, "read as %s", read);
}

static void
run_scan(TillVector *vector, const char *scan_data, gboolean valid)
{
	const TillAim *aim = till_aim_find(scan_data);
	TillGs1 gs1 = {0};
	TillGs1Result result = TILL_GS1_NONE;

	if (aim != NULL && aim->content == TILL_AIM_TEXT)
		result = TILL_GS1_OK;
	else if (aim != NULL)
		result = till_gs1_read(scan_data, TILL_GS1_STRICT, &gs1);
	if (valid != (result == TILL_GS1_OK))
		till_vector_fail(vector, "%s: %s", valid ? "refused" : "accepted",
				 till_gs1_words(result));
	else if (valid)
		compare_message(vector, aim, scan_data + TILL_AIM_LENGTH, &gs1);
}

/* What a symbol cannot hold is refused when it comes as its scan. */
static void
run_impossible(TillVector *vector)
{
	const char *name = till_vector_text_or(vector->inputs, "symbology", "");
	g_autofree char *data =
	    complete_message(vector, till_vector_text_or(vector->inputs, "data", ""));

	for (gsize i = 0; i < G_N_ELEMENTS(symbols); i++) {
		if (!has_name(i, name))
			continue;
		g_autofree char *text = g_strconcat(symbols[i].id, data, NULL);
		run_scan(vector, text, !till_vector_flag_or(vector->expected, "error", FALSE));
		return;
	}
	till_vector_out(vector, "symbology \"%s\"", name);
}

static void
run_symbol(TillVector *vector)
{
	const json_t *options = json_object_get(vector->inputs, "options");
	const char *scan_data = till_vector_text_or(vector->expected, "scan_data", NULL);

	till_vector_known(vector, vector->expected, "scan_data error");
	if (options != NULL)
		till_vector_known(vector, options, "AddCheckDigit");
	if (!till_vector_open(vector))
		return;
	if (scan_data != NULL)
		run_scan(vector, scan_data, TRUE);
	else if (strcmp(till_vector_text_or(vector->inputs, "symbology", ""), "DataBarLimited") ==
		 0)
		till_vector_out(vector, "what only DataBar Limited cannot hold");
	else
		run_impossible(vector);
}

void
till_gs1_vectors_run(TillVector *vector)
{
	const char *brackets = till_vector_text_or(vector->inputs, "bracketed_ais", NULL);
	const char *elements = till_vector_text_or(vector->inputs, "element_string", NULL);
	const char *scan_data = till_vector_text_or(vector->inputs, "scan_data", NULL);
	const char *uri = till_vector_text_or(vector->inputs, "uri", NULL);
	const char *stem = till_vector_text_or(vector->inputs, "stem", NULL);
	TillGs1 gs1;

	till_vector_known(vector, vector->inputs, WANTED);
	if (!till_vector_open(vector))
		return;
	if (stem != NULL) {
		run_build(vector, stem);
	} else if (brackets != NULL) {
		TillGs1Flags flags = read_flags(vector);
		compare(vector, till_gs1_read_brackets(brackets, flags, &gs1), &gs1);
	} else if (elements != NULL) {
		g_autofree char *text = with_separators(elements);
		compare(vector, till_gs1_read(text, read_flags(vector), &gs1), &gs1);
	} else if (uri != NULL) {
		compare(vector, till_gs1_read(uri, read_flags(vector), &gs1), &gs1);
	} else if (scan_data != NULL) {
		till_vector_known(vector, vector->expected, "valid symbology data");
		run_scan(vector, scan_data, till_vector_flag_or(vector->expected, "valid", FALSE));
	} else {
		run_symbol(vector);
	}
}
