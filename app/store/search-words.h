/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A typed query taken apart, and how well a text answers it. Private to this layer.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_SEARCH_WORDS_MAX 8

typedef struct {
	char *text;                         /* trimmed, as typed */
	char *folded;                       /* accents and case gone */
	char *words[TILL_SEARCH_WORDS_MAX]; /* of folded: letters and digits only; owned */
	guint word_count;
	char *pieces[TILL_SEARCH_WORDS_MAX]; /* of text, split at white space; owned */
	guint piece_count;
} TillSearchWords;

/* At most 100 characters are looked at. */
void till_search_words_read(TillSearchWords *out, const char *query);
void till_search_words_clear(TillSearchWords *words);

/* The fold every comparison uses; plain ASCII, which is most of a catalogue, goes a short way.
 * Caller frees. */
char *till_search_words_fold(const char *text);

/* "\"red\" AND \"tee\"": every word of at least chars_min characters whole, or with prefix set as a
 * beginning. NULL when there is none. Caller frees. */
char *till_search_words_match(const TillSearchWords *words, gboolean prefix, glong chars_min);

/* TRUE when each word of the query is the beginning of a word of folded (whole: is one of them). */
gboolean till_search_words_in(const TillSearchWords *words, const char *folded, gboolean whole);

G_END_DECLS
