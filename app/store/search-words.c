/* SPDX-License-Identifier: Apache-2.0 */
#include "search-words.h"

#include <string.h>

#include "text.h"

#define QUERY_CHARS_MAX 100

static gboolean
is_ascii(const char *text)
{
	for (const char *at = text; *at != '\0'; at++) {
		if ((guchar)*at >= 0x80)
			return FALSE;
	}
	return TRUE;
}

char *
till_search_words_fold(const char *text)
{
	return is_ascii(text) ? g_ascii_strdown(text, -1) : till_text_fold(text);
}

static gboolean
is_word_char(gunichar character)
{
	return character < 0x80 ? g_ascii_isalnum((char)character) : g_unichar_isalnum(character);
}

/* The next run of letters and digits at or after at; its length is 0 at the end of the text. */
static const char *
next_word(const char *at, gsize *out_length)
{
	while (*at != '\0' && !is_word_char(g_utf8_get_char(at)))
		at = g_utf8_next_char(at);
	const char *end = at;
	while (*end != '\0' && is_word_char(g_utf8_get_char(end)))
		end = g_utf8_next_char(end);
	*out_length = (gsize)(end - at);
	return at;
}

void
till_search_words_read(TillSearchWords *out, const char *query)
{
	*out = (TillSearchWords){0};
	out->text = g_strstrip(till_text_clean(query, QUERY_CHARS_MAX));
	g_autofree char *folded = till_text_fold(out->text);
	out->folded = g_strdup(g_strstrip(folded));
	gsize length;
	const char *at = next_word(out->folded, &length);
	for (; length > 0 && out->word_count < TILL_SEARCH_WORDS_MAX;
	     at = next_word(at + length, &length))
		out->words[out->word_count++] = g_strndup(at, length);
	g_auto(GStrv) pieces = g_strsplit_set(out->text, " \t", -1);
	for (char **piece = pieces; *piece != NULL && out->piece_count < TILL_SEARCH_WORDS_MAX;
	     piece++) {
		if (**piece != '\0')
			out->pieces[out->piece_count++] = g_strdup(*piece);
	}
}

void
till_search_words_clear(TillSearchWords *words)
{
	for (guint i = 0; i < words->word_count; i++)
		g_free(words->words[i]);
	for (guint i = 0; i < words->piece_count; i++)
		g_free(words->pieces[i]);
	g_free(words->text);
	g_free(words->folded);
	*words = (TillSearchWords){0};
}

char *
till_search_words_match(const TillSearchWords *words, gboolean prefix, glong chars_min)
{
	g_autoptr(GString) match = g_string_new(NULL);
	for (guint i = 0; i < words->word_count; i++) {
		if (g_utf8_strlen(words->words[i], -1) >= chars_min)
			g_string_append_printf(match, "%s\"%s\"%s", match->len == 0 ? "" : " AND ",
					       words->words[i], prefix ? " *" : "");
	}
	return match->len == 0 ? NULL : g_string_free(g_steal_pointer(&match), FALSE);
}

static gboolean
has_word(const char *folded, const char *word, gboolean whole)
{
	gsize wanted = strlen(word);
	gsize length;
	const char *at = next_word(folded, &length);
	for (; length > 0; at = next_word(at + length, &length)) {
		if ((whole ? length == wanted : length >= wanted) && memcmp(at, word, wanted) == 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
till_search_words_in(const TillSearchWords *words, const char *folded, gboolean whole)
{
	for (guint i = 0; i < words->word_count; i++) {
		if (!has_word(folded, words->words[i], whole))
			return FALSE;
	}
	return TRUE;
}
