/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The languages of pages for shoppers: which one a reader gets, its words, its dates and amounts.
 *
 * All words stand in one file (web/words.json), a table a language, each with the same names. A
 * word may hold {n}, {store} and the like, filled by put; of a plural there is one word for one
 * thing
 * ("items_one") and one for any other number ("items_other"), which is what both languages know.
 *
 * Threads: any. */

G_BEGIN_DECLS

/* The language that fits an Accept-Language header best, by RFC 4647 look-up: ranges in the order
 * of their weights, each shortened from its end until a table has it; else fallback when there is a
 * table for it, else English. Static. */
const char *till_page_words_choose(const char *accept_language, const char *fallback);

/* The languages there are, NULL-terminated. Static. */
const char *const *till_page_words_languages(void);

/* The table of a language that there is. Borrowed, for ever. */
const json_t *till_page_words_table(const char *language);

/* A word; name itself when it is missing. Borrowed. */
const char *till_page_words_get(const json_t *table, const char *name);
/* A word with {key} replaced. Caller frees. */
char *till_page_words_put(const json_t *table, const char *name, const char *key,
			  const char *value);
/* The word for so many things, with {n} replaced. Caller frees. */
char *till_page_words_count(const json_t *table, const char *name, gint64 count);

/* "Tue 24 Nov, 6:30 PM", "today, 6:30 PM", "hoy, 18:30": in a time zone ("America/New_York"; UTC
 * when it is none). Caller frees. */
char *till_page_words_time(const json_t *table, gint64 at_ms, gint64 now_ms, const char *zone);

/* "24.00 USD", "24,00 USD". Caller frees. */
char *till_page_words_money(const json_t *table, gint64 minor, const char *currency);
/* "2", "1.25": thousandths. Caller frees. */
char *till_page_words_quantity(const json_t *table, gint64 milli);

G_END_DECLS
