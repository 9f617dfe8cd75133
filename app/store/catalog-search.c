/* SPDX-License-Identifier: Apache-2.0 */
#include "catalog.h"

#include <string.h>

#include "catalog-item.h"
#include "search-words.h"
#include "store-private.h"
#include "text.h"

/* Search as you type. Ranking every hit of a short prefix costs most of a second at 1,000,000
 * items, so a bounded number of candidates is taken and ranked here. Each source yields one rank or
 * better, the best source first, and the next is asked only while there are fewer candidates than
 * wanted:
 *
 *   codes      exact code, then SKUs and barcodes that begin with a piece of the query
 *   heads      names in order from the folded query on: whole name, then names that start with it
 *   words      every word of the query is a word of the item
 *   prefixes   every word of the query begins a word of the item
 *
 * So the costly last source is asked for rare beginnings only, where it is quick. */

#define LIMIT_MAX 50
#define CODES_MAX 60
#define HEADS_MAX 100
#define WORDS_MAX 200
#define PREFIXES_MAX 200
#define CODE_PIECE_MIN 2
#define LONG_WORD 3

static const char ANY_WORD[] = "";

typedef enum { RANK_CODE, RANK_NAME, RANK_HEAD, RANK_WORDS, RANK_PREFIXES, RANK_NONE } Rank;

typedef struct {
	gint64 id;
	Rank rank;
	glong length; /* of the name, in characters */
	char *name;   /* owned, folded */
} Candidate;

typedef struct {
	TillStore *store;
	TillSearchWords query;
	TillItem *exact; /* owned, nullable: the item whose code the query is */
	guint limit;
	GArray *candidates; /* of Candidate */
	GHashTable *seen;   /* ids of candidates as gint64, owned */
	GPtrArray *items;   /* of TillItem: the answer */
} Search;

static void
clear_candidate(gpointer candidate)
{
	g_free(((Candidate *)candidate)->name);
}

/* Collects the ids of a query's rows before any other statement runs. */
static GArray *
collect_ids(TillDatabase *database, sqlite3_stmt *query, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, query, error)) == SQLITE_ROW) {
		gint64 id = sqlite3_column_int64(query, 0);
		g_array_append_val(ids, id);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&ids) : NULL;
}

/* Whether each piece of the query begins the SKU or is found among the words; a piece that is the
 * beginning of a barcode was checked by the index that found the item. */
static gboolean
fits_pieces(const TillSearchWords *query, const char *sku, const char *words, const char *by_code)
{
	for (guint i = 0; i < query->piece_count; i++) {
		const char *piece = query->pieces[i];
		if (piece == by_code || g_ascii_strncasecmp(sku, piece, strlen(piece)) == 0)
			continue;
		TillSearchWords one;
		till_search_words_read(&one, piece);
		gboolean fits = till_search_words_in(&one, words, FALSE);
		till_search_words_clear(&one);
		if (!fits)
			return FALSE;
	}
	return TRUE;
}

static Rank
rank_text(const TillSearchWords *query, const char *name, const char *words)
{
	if (strcmp(name, query->folded) == 0)
		return RANK_NAME;
	if (*query->folded != '\0' && g_str_has_prefix(name, query->folded))
		return RANK_HEAD;
	if (query->word_count == 0)
		return RANK_NONE;
	return till_search_words_in(query, words, TRUE) ? RANK_WORDS : RANK_PREFIXES;
}

/* Judges the item of an id. by_code: the piece of the query whose code index found it; ANY_WORD
 * when it is to be compared with the whole query; NULL when the words were matched by an index of
 * words.
 */
static gboolean
consider(Search *search, gint64 id, const char *by_code, GError **error)
{
	TillDatabase *database = &search->store->cache.database;
	sqlite3_stmt *text = till_database_statement(database, TILL_CACHE_ITEM_TEXT);
	till_database_bind_int(text, 1, id);
	int step = till_database_step(database, text, error);
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	const char *sku = till_database_text(text, 0);
	g_autofree char *joined =
	    g_strjoin(" ", till_database_text(text, 1), till_database_text(text, 2),
		      till_database_text(text, 3), NULL);
	g_autofree char *words = till_search_words_fold(joined);
	g_autofree char *name = till_search_words_fold(till_database_text(text, 1));
	Rank rank = rank_text(&search->query, name, words);
	if (g_ascii_strcasecmp(sku, search->query.text) == 0)
		rank = RANK_CODE;
	else if (by_code != NULL && !fits_pieces(&search->query, sku, words, by_code))
		rank = RANK_NONE;
	else if (by_code != NULL && rank == RANK_NONE)
		rank = RANK_PREFIXES;
	sqlite3_reset(text);
	if (rank == RANK_NONE)
		return TRUE;
	glong length = g_utf8_strlen(name, -1);
	Candidate candidate = {id, rank, length, g_steal_pointer(&name)};
	g_array_append_val(search->candidates, candidate);
	g_hash_table_add(search->seen, g_memdup2(&id, sizeof id));
	return TRUE;
}

static gboolean
consider_ids(Search *search, GArray *ids, const char *by_code, GError **error)
{
	for (guint i = 0; i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);
		if (!g_hash_table_contains(search->seen, &id) &&
		    !consider(search, id, by_code, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
consider_all(Search *search, sqlite3_stmt *query, const char *by_code, GError **error)
{
	g_autoptr(GArray) ids = collect_ids(&search->store->cache.database, query, error);
	if (ids == NULL)
		return FALSE;
	return consider_ids(search, ids, by_code, error);
}

/* Rows of a code index that begin with a text. */
static gboolean
consider_codes_from(Search *search, guint statement, const char *begin, const char *piece,
		    GError **error)
{
	/* Above every code that begins so: the largest character of Unicode. */
	g_autofree char *end = g_strconcat(begin, "\xf4\x8f\xbf\xbf", NULL);
	sqlite3_stmt *from = till_database_statement(&search->store->cache.database, statement);
	till_database_bind_text(from, 1, begin);
	till_database_bind_text(from, 2, end);
	till_database_bind_int(from, 3, CODES_MAX);
	return consider_all(search, from, piece, error);
}

/* GTINs are stored in 14 digits; what is printed, or typed without its own zeros, begins after up
 * to six of them. */
static gboolean
consider_barcodes(Search *search, const char *piece, GError **error)
{
	static const char zeros[] = "000000";
	for (gsize skip = sizeof zeros; skip > 0; skip--) {
		g_autofree char *begin = g_strconcat(zeros + skip - 1, piece, NULL);
		if (!consider_codes_from(search, TILL_CACHE_BARCODES_FROM, begin, piece, error))
			return FALSE;
		if (!till_text_is_digits(piece))
			break;
	}
	return TRUE;
}

static gboolean
consider_exact(Search *search, GError **error)
{
	TillDatabase *database = &search->store->cache.database;
	GArray *candidates = search->candidates;
	if (search->exact == NULL || !search->exact->active)
		return TRUE;
	sqlite3_stmt *by_sku = till_database_statement(database, TILL_CACHE_ITEM_BY_SKU);
	till_database_bind_text(by_sku, 1, search->exact->sku);
	g_autoptr(GArray) ids = collect_ids(database, by_sku, error);
	if (ids == NULL || !consider_ids(search, ids, NULL, error))
		return FALSE;
	for (guint i = 0; i < candidates->len; i++)
		g_array_index(candidates, Candidate, i).rank = RANK_CODE;
	return TRUE;
}

static gboolean
consider_codes(Search *search, GError **error)
{
	if (!consider_exact(search, error))
		return FALSE;
	for (guint i = 0; i < search->query.piece_count; i++) {
		const char *piece = search->query.pieces[i];
		if (strlen(piece) < CODE_PIECE_MIN)
			continue;
		if (!consider_codes_from(search, TILL_CACHE_SKUS_FROM, piece, piece, error) ||
		    !consider_barcodes(search, piece, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
consider_heads(Search *search, GError **error)
{
	const char *begin = search->query.folded;
	if (*begin == '\0')
		return TRUE;
	g_autofree char *end = g_strconcat(begin, "\xf4\x8f\xbf\xbf", NULL);
	sqlite3_stmt *heads =
	    till_database_statement(&search->store->cache.database, TILL_CACHE_HEADS);
	till_database_bind_text(heads, 1, begin);
	till_database_bind_text(heads, 2, end);
	till_database_bind_int(heads, 3, HEADS_MAX);
	return consider_all(search, heads, NULL, error);
}

/* Whether a source that yields rank at best can add nothing. */
static gboolean
has_enough(const Search *search, Rank rank)
{
	guint better = 0;
	for (guint i = 0; i < search->candidates->len; i++)
		better += g_array_index(search->candidates, Candidate, i).rank < rank;
	return better >= search->limit;
}

static sqlite3_stmt *
match_words(Search *search, const char *match, guint max)
{
	sqlite3_stmt *words =
	    till_database_statement(&search->store->cache.database, TILL_CACHE_WORDS);
	till_database_bind_text(words, 1, match);
	till_database_bind_int(words, 2, max);
	return words;
}

static gboolean
consider_whole_words(Search *search, GError **error)
{
	g_autofree char *match = till_search_words_match(&search->query, FALSE, 1);
	if (match == NULL || has_enough(search, RANK_WORDS))
		return TRUE;
	return consider_all(search, match_words(search, match, WORDS_MAX), NULL, error);
}

/* "kelro t" holds a rare word and one letter that half the catalogue has: stepping the long list of
 * the one beside the short list of the other is what costs. So the long words are asked for alone
 * and the short ones compared here; only when that ran into its bound without finding enough is the
 * whole question put. */
static gboolean
consider_prefixes(Search *search, GError **error)
{
	g_autofree char *all = till_search_words_match(&search->query, TRUE, 1);
	g_autofree char *rare = till_search_words_match(&search->query, TRUE, LONG_WORD);
	if (all == NULL || has_enough(search, RANK_PREFIXES))
		return TRUE;
	if (rare != NULL && strcmp(rare, all) != 0) {
		TillDatabase *database = &search->store->cache.database;
		sqlite3_stmt *words = match_words(search, rare, PREFIXES_MAX);
		g_autoptr(GArray) ids = collect_ids(database, words, error);
		if (ids == NULL || !consider_ids(search, ids, ANY_WORD, error))
			return FALSE;
		if (ids->len < PREFIXES_MAX || has_enough(search, RANK_NONE))
			return TRUE;
	}
	return consider_all(search, match_words(search, all, PREFIXES_MAX), NULL, error);
}

static gint
compare_candidates(gconstpointer a, gconstpointer b)
{
	const Candidate *left = a;
	const Candidate *right = b;
	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	if (left->length != right->length)
		return left->length < right->length ? -1 : 1;
	int names = strcmp(left->name, right->name);
	if (names != 0)
		return names;
	return left->id < right->id ? -1 : left->id > right->id;
}

static gboolean
load_best(Search *search, GError **error)
{
	g_array_sort(search->candidates, compare_candidates);
	for (guint i = 0; i < search->candidates->len && search->items->len < search->limit; i++) {
		const Candidate *best = &g_array_index(search->candidates, Candidate, i);
		TillItem *item = NULL;
		if (!till_catalog_item_load(search->store, best->id, &item, error))
			return FALSE;
		if (item != NULL)
			g_ptr_array_add(search->items, item);
	}
	return TRUE;
}

static gboolean
run_search(gpointer data, GError **error)
{
	Search *search = data;
	return consider_codes(search, error) && consider_heads(search, error) &&
	       consider_whole_words(search, error) && consider_prefixes(search, error) &&
	       load_best(search, error);
}

GPtrArray *
till_catalog_search(TillStore *store, const char *query, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	Search search = {.store = store, .limit = MIN(limit, LIMIT_MAX)};
	till_search_words_read(&search.query, query);
	TillScan scan = till_scan_read(search.query.text);
	search.candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
	g_array_set_clear_func(search.candidates, clear_candidate);
	search.seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	search.items = g_ptr_array_new_with_free_func((GDestroyNotify)till_item_unref);
	if (!till_catalog_find(store, &scan, &search.exact, error) ||
	    !till_cache_read(&store->cache, run_search, &search, error))
		g_clear_pointer(&search.items, g_ptr_array_unref);
	g_clear_pointer(&search.exact, till_item_unref);
	g_hash_table_unref(search.seen);
	g_array_unref(search.candidates);
	till_search_words_clear(&search.query);
	return search.items;
}
