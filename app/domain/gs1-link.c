/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "gs1-table.h"
#include "gs1.h"

/* Digital Link URIs: the path is read from its end, two parts at a time, until a primary key is
 * met; what stands before it is the domain owner's own. */

#define PATH_ELEMENTS_MAX 6 /* a key and more qualifiers than any has */
#define COMPRESSED_LENGTH_MIN 12

typedef struct {
	const char *text; /* borrowed, not ended by NUL */
	gsize length;
} Piece;

typedef struct {
	Piece path, query;
} Uri;

typedef struct {
	char ai[5];
	Piece value;
} PathElement;

static gsize
find_path(const char *uri)
{
	static const char *const schemes[] = {"http://", "https://", "HTTP://", "HTTPS://"};

	for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
		if (!g_str_has_prefix(uri, schemes[i]))
			continue;
		gsize start = strlen(schemes[i]);
		gsize domain = strcspn(uri + start, "/?#");
		gboolean sound =
		    strspn(uri + start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789-._~:[]@%") >= domain;
		return domain > 0 && sound ? start + domain : 0;
	}
	return 0;
}

/* RFC 3986: what may stand in a URI at all. */
static gboolean
is_uri_text(const char *text)
{
	for (; *text != '\0'; text++) {
		if (!g_ascii_isalnum(*text) && strchr("-._~:/?#[]@!$&'()*+,;=%", *text) == NULL)
			return FALSE;
	}
	return TRUE;
}

static TillGs1Result
split_uri(const char *text, Uri *out)
{
	gsize start = find_path(text);

	if (start == 0 || !is_uri_text(text))
		return TILL_GS1_LINK;
	text += start;
	gsize length = strcspn(text, "#");
	gsize path = strcspn(text, "?#");
	out->path = (Piece){text, path};
	out->query = (Piece){text + path, length - path};
	if (out->query.length > 0)
		out->query = (Piece){text + path + 1, length - path - 1};
	return TILL_GS1_OK;
}

/* *out_text: limit + 1 bytes. Values with a NUL inside are refused as damaged. */
static TillGs1Result
decode(Piece piece, gboolean plus_is_space, char *out_text, gsize *out_length)
{
	gsize length = 0;

	for (gsize i = 0; i < piece.length; i++) {
		char letter = piece.text[i];
		if (letter == '+' && plus_is_space)
			letter = ' ';
		if (letter == '%') {
			if (i + 2 >= piece.length || !g_ascii_isxdigit(piece.text[i + 1]) ||
			    !g_ascii_isxdigit(piece.text[i + 2]))
				return TILL_GS1_LINK;
			letter = (char)(g_ascii_xdigit_value(piece.text[i + 1]) * 16 +
					g_ascii_xdigit_value(piece.text[i + 2]));
			i += 2;
		}
		if (letter == '\0')
			return TILL_GS1_CHARACTER;
		out_text[length++] = letter;
	}
	*out_length = length;
	return TILL_GS1_OK;
}

static TillGs1Result
add_value(TillGs1 *gs1, const char *ai, Piece piece, gboolean in_query, TillGs1Flags flags)
{
	char value[TILL_GS1_TEXT_MAX + 1];
	char padded[15] = "00000000000000";
	gsize length = 0;
	TillGs1Result result = decode(piece, in_query, value, &length);

	if (result != TILL_GS1_OK)
		return result;
	if (strcmp(ai, "01") == 0 && (flags & TILL_GS1_SHORT_GTIN) != 0 &&
	    (length == 8 || length == 12 || length == 13)) {
		memcpy(padded + 14 - length, value, length);
		return till_gs1_add(gs1, ai, padded, 14, TILL_GS1_STRICT);
	}
	return till_gs1_add(gs1, ai, value, length, in_query ? flags : TILL_GS1_STRICT);
}

/* ---- Path ---- */

/* The identifier a path part names, also by the words of the first editions; "": none. */
static void
name_path_part(Piece part, TillGs1Flags flags, char *out_ai)
{
	static const struct {
		const char *word;
		const char *ai;
	} words[] = {
	    {"gtin", "01"},
	    {"itip", "8006"},
	    {"gmn", "8013"},
	    {"cpid", "8010"},
	    {"shipto", "410"},
	    {"billto", "411"},
	    {"purchasedfrom", "412"},
	    {"shipfor", "413"},
	    {"gln", "414"},
	    {"payto", "415"},
	    {"glnprod", "416"},
	    {"gsrnp", "8017"},
	    {"gsrn", "8018"},
	    {"gcn", "255"},
	    {"sscc", "00"},
	    {"gdti", "253"},
	    {"ginc", "401"},
	    {"gsin", "402"},
	    {"grai", "8003"},
	    {"giai", "8004"},
	    {"cpv", "22"},
	    {"lot", "10"},
	    {"ser", "21"},
	    {"glnx", "254"},
	    {"cpsn", "8011"},
	    {"srin", "8019"},
	    {"refno", "8020"},
	};

	out_ai[0] = '\0';
	if (part.length >= 2 && part.length <= 4 && g_ascii_isdigit(part.text[0])) {
		memcpy(out_ai, part.text, part.length);
		out_ai[part.length] = '\0';
		return;
	}
	for (gsize i = 0; (flags & TILL_GS1_ALPHAS) != 0 && i < G_N_ELEMENTS(words); i++) {
		if (strlen(words[i].word) == part.length &&
		    memcmp(words[i].word, part.text, part.length) == 0)
			g_strlcpy(out_ai, words[i].ai, 5);
	}
}

/* Takes the last part off a path that begins with a slash; FALSE: there is none left. */
static gboolean
pop_part(Piece *path, Piece *out_part)
{
	gsize length = path->length;

	if (length == 0)
		return FALSE;
	while (length > 0 && path->text[length - 1] != '/')
		length--;
	*out_part = (Piece){path->text + length, path->length - length};
	path->length = length > 0 ? length - 1 : 0;
	return TRUE;
}

/* The end of the path backwards: elements[count − 1] is the key. */
static TillGs1Result
read_path(Piece path, TillGs1Flags flags, PathElement *elements, guint *out_count)
{
	for (guint i = 0; i < PATH_ELEMENTS_MAX; i++) {
		Piece name;
		PathElement *element = &elements[i];
		if (!pop_part(&path, &element->value) || !pop_part(&path, &name))
			return TILL_GS1_NO_KEY;
		name_path_part(name, flags, element->ai);
		const TillGs1Row *row = till_gs1_table_exact(element->ai);
		if (row == NULL)
			return TILL_GS1_NO_KEY;
		*out_count = i + 1;
		if (row->qualifiers != NULL)
			return TILL_GS1_OK;
	}
	return TILL_GS1_NO_KEY;
}

/* Where in the alternative that begins at list (up to '|' or the end) an identifier stands, counted
 * from 1; 0: not in it. */
static guint
find_qualifier(const char *list, const char *ai)
{
	guint place = 1;

	for (;; place++) {
		gsize length = strcspn(list, ",|");
		if (length > 0 && strlen(ai) == length && memcmp(list, ai, length) == 0)
			return place;
		if (list[length] != ',')
			return 0;
		list += length + 1;
	}
}

static const char *
next_alternative(const char *list)
{
	const char *bar = strchr(list, '|');

	return bar != NULL ? bar + 1 : NULL;
}

/* Whether the qualifiers, last first, follow one of the key's orders. */
static gboolean
is_path_order(const PathElement *elements, guint count)
{
	const TillGs1Row *key = till_gs1_table_exact(elements[count - 1].ai);

	for (const char *list = key->qualifiers; list != NULL; list = next_alternative(list)) {
		guint last = 0;
		guint left = count - 1;
		for (; left > 0; left--) {
			guint place = find_qualifier(list, elements[left - 1].ai);
			if (place <= last)
				break;
			last = place;
		}
		if (left == 0)
			return TRUE;
	}
	return FALSE;
}

static TillGs1Result
add_path(TillGs1 *gs1, const PathElement *elements, guint count, TillGs1Flags flags)
{
	if (!is_path_order(elements, count))
		return TILL_GS1_PATH;
	for (guint i = count; i > 0; i--) {
		const PathElement *element = &elements[i - 1];
		TillGs1Result result = add_value(gs1, element->ai, element->value, FALSE, flags);
		if (result != TILL_GS1_OK)
			return result;
	}
	return TILL_GS1_OK;
}

/* The links of the compressed form are one part of file-safe base 64 whose first bits are the
 * digits of an item's or a parcel's identifier, which makes the first letter an A. */
static gboolean
is_compressed(Piece path)
{
	Piece part = {0};

	if (!pop_part(&path, &part) || part.length < COMPRESSED_LENGTH_MIN || part.text[0] != 'A')
		return FALSE;
	for (gsize i = 0; i < part.length; i++) {
		if (!g_ascii_isalnum(part.text[i]) && part.text[i] != '-' && part.text[i] != '_')
			return FALSE;
	}
	return TRUE;
}

/* ---- Query ---- */

/* Identifiers are all of digits; other keys ("linkType") are for whoever serves the link. */
static gboolean
is_all_digits(Piece piece)
{
	for (gsize i = 0; i < piece.length; i++) {
		if (!g_ascii_isdigit(piece.text[i]))
			return FALSE;
	}
	return piece.length > 0;
}

static TillGs1Result
add_attribute(TillGs1 *gs1, Piece pair, TillGs1Flags flags)
{
	const char *sign = memchr(pair.text, '=', pair.length);
	char ai[5] = "";

	if (sign == NULL)
		return TILL_GS1_OK;
	Piece key = {pair.text, (gsize)(sign - pair.text)};
	if (!is_all_digits(key))
		return TILL_GS1_OK;
	if (key.length > 4)
		return TILL_GS1_UNKNOWN;
	memcpy(ai, key.text, key.length);
	const TillGs1Row *row = till_gs1_table_exact(ai);
	if (row != NULL && row->no_attribute)
		return TILL_GS1_NO_ATTRIBUTE;
	if (till_gs1_find(gs1, ai) != NULL)
		return TILL_GS1_CONTRADICTS;
	Piece value = {sign + 1, pair.length - key.length - 1};
	return add_value(gs1, ai, value, TRUE, flags);
}

static TillGs1Result
add_query(TillGs1 *gs1, Piece query, TillGs1Flags flags)
{
	while (query.length > 0) {
		gsize length = 0;
		while (length < query.length && query.text[length] != '&' &&
		       query.text[length] != ';')
			length++;
		TillGs1Result result = add_attribute(gs1, (Piece){query.text, length}, flags);
		if (result != TILL_GS1_OK)
			return result;
		length = MIN(length + 1, query.length);
		query = (Piece){query.text + length, query.length - length};
	}
	return TILL_GS1_OK;
}

TillGs1Result
till_gs1_read_link(const char *uri, TillGs1Flags flags, TillGs1 *out_gs1)
{
	PathElement elements[PATH_ELEMENTS_MAX];
	Uri parts = {0};
	guint count = 0;

	memset(out_gs1, 0, sizeof *out_gs1);
	if (strnlen(uri, TILL_GS1_TEXT_MAX + 1) > TILL_GS1_TEXT_MAX)
		return TILL_GS1_TOO_LONG;
	TillGs1Result result = split_uri(uri, &parts);
	if (result == TILL_GS1_OK)
		result = read_path(parts.path, flags, elements, &count);
	if (result == TILL_GS1_NO_KEY && is_compressed(parts.path))
		return TILL_GS1_COMPRESSED;
	if (result == TILL_GS1_OK)
		result = add_path(out_gs1, elements, count, flags);
	if (result == TILL_GS1_OK)
		result = add_query(out_gs1, parts.query, flags);
	return result;
}

/* ---- Building ---- */

static void
append_encoded(GString *uri, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *value != '\0'; value++) {
		guchar byte = (guchar)*value;
		if (g_ascii_isalnum(*value) || strchr("-._~", *value) != NULL) {
			g_string_append_c(uri, *value);
			continue;
		}
		g_string_append_c(uri, '%');
		g_string_append_c(uri, hex[byte >> 4]);
		g_string_append_c(uri, hex[byte & 15]);
	}
}

static guint
count_matches(const TillGs1 *gs1, const char *list)
{
	guint matches = 0;

	for (guint i = 0; i < gs1->count; i++)
		matches += find_qualifier(list, gs1->elements[i].ai) > 0 ? 1 : 0;
	return matches;
}

/* The alternative with the most qualifiers that are there; the first of equals. */
static const char *
choose_alternative(const TillGs1 *gs1, const char *qualifiers)
{
	const char *best = qualifiers;

	for (const char *list = qualifiers; list != NULL; list = next_alternative(list)) {
		if (count_matches(gs1, list) > count_matches(gs1, best))
			best = list;
	}
	return best;
}

static void
append_path(GString *uri, const TillGs1 *gs1, guint key, const char *list)
{
	g_string_append_printf(uri, "/%s/", gs1->elements[key].ai);
	append_encoded(uri, till_gs1_value(gs1, key));
	for (guint place = 1; place <= PATH_ELEMENTS_MAX; place++) {
		for (guint i = 0; i < gs1->count; i++) {
			if (find_qualifier(list, gs1->elements[i].ai) != place)
				continue;
			g_string_append_printf(uri, "/%s/", gs1->elements[i].ai);
			append_encoded(uri, till_gs1_value(gs1, i));
		}
	}
}

static gboolean
is_fixed(const char *ai)
{
	const TillGs1Row *row = till_gs1_table_exact(ai);

	return row != NULL && till_gs1_table_fixed(ai, row) > 0;
}

/* Those of fixed length first, as in a symbol, where they need no separator. */
static TillGs1Result
append_query(GString *uri, const TillGs1 *gs1, guint key, const char *list, TillGs1Flags flags)
{
	char sign = '?';

	for (guint i = 0; i < 2 * gs1->count; i++) {
		guint index = i % gs1->count;
		const char *ai = gs1->elements[index].ai;
		const TillGs1Row *row = till_gs1_table_exact(ai);
		if (index == key || find_qualifier(list, ai) > 0 ||
		    is_fixed(ai) != (i < gs1->count))
			continue;
		if (row != NULL ? row->no_attribute : (flags & TILL_GS1_FUTURE) == 0)
			return TILL_GS1_NO_ATTRIBUTE;
		g_string_append_printf(uri, "%c%s=", sign, ai);
		append_encoded(uri, till_gs1_value(gs1, index));
		sign = '&';
	}
	return TILL_GS1_OK;
}

static gboolean
find_key(const TillGs1 *gs1, guint *out_index)
{
	for (guint i = 0; i < gs1->count; i++) {
		const TillGs1Row *row = till_gs1_table_exact(gs1->elements[i].ai);
		if (row != NULL && row->qualifiers != NULL) {
			*out_index = i;
			return TRUE;
		}
	}
	return FALSE;
}

TillGs1Result
till_gs1_link(const TillGs1 *gs1, const char *stem, TillGs1Flags flags, char **out_uri)
{
	guint key = 0;

	if (!find_key(gs1, &key))
		return TILL_GS1_NO_KEY;
	const TillGs1Row *row = till_gs1_table_exact(gs1->elements[key].ai);
	const char *list = choose_alternative(gs1, row->qualifiers);
	g_autoptr(GString) uri = g_string_new(stem);
	if (g_str_has_suffix(stem, "/"))
		g_string_truncate(uri, uri->len - 1);
	append_path(uri, gs1, key, list);
	TillGs1Result result = append_query(uri, gs1, key, list, flags);
	if (result == TILL_GS1_OK)
		*out_uri = g_string_free(g_steal_pointer(&uri), FALSE);
	return result;
}
