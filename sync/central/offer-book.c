/* SPDX-License-Identifier: Apache-2.0 */
#include "offer-book.h"

#include <string.h>

#include "changes.h"
#include "past.h"
#include "promo-json.h"
#include "server-log.h"

/* Parsed promotions that are kept: more than are at work in a shop at one time. */
#define KEPT_MAX 2000

typedef struct {
	gint64 since;
	TillPromo *promo; /* owned reference; NULL: cannot be read */
} Entry;

struct TillOfferBook {
	GHashTable *entries; /* id and since as text → Entry */
};

static void
free_entry(gpointer data)
{
	Entry *entry = data;

	till_promo_unref(entry->promo);
	g_free(entry);
}

TillOfferBook *
till_offer_book_new(void)
{
	TillOfferBook *book = g_new0(TillOfferBook, 1);

	book->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_entry);
	return book;
}

void
till_offer_book_free(TillOfferBook *book)
{
	if (book == NULL)
		return;
	g_hash_table_unref(book->entries);
	g_free(book);
}

/* A text that one version of one promotion has alone. */
static char *
make_name(const char *id, gint64 since)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " %s", since, id);
}

static const TillPromo *
keep(TillOfferBook *book, char *name, const char *body)
{
	g_autoptr(GError) error = NULL;
	Entry *entry = g_new0(Entry, 1);

	entry->promo = till_promo_json_parse(body, strlen(body), &error);
	if (entry->promo == NULL)
		till_server_log("promotion", "reason=\"%s\"", error->message);
	if (g_hash_table_size(book->entries) >= KEPT_MAX)
		g_hash_table_remove_all(book->entries);
	g_hash_table_insert(book->entries, name, entry);
	return entry->promo;
}

/* The present row, when it held at the number already. NULL without error otherwise. */
static const TillPromo *
find_present(TillOfferBook *book, TillDb *db, const char *id, gint64 number, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT since, body FROM promotion WHERE scope = 'chain' AND id = ?1 AND "
		"since <= ?2");
	const TillPromo *promo = NULL;
	g_autofree char *name = NULL;
	Entry *entry;

	till_db_bind_text(query, 1, id);
	till_db_bind_int(query, 2, number);
	if (!till_db_step(query, error))
		return NULL;
	name = make_name(id, till_db_int(query, 0));
	entry = g_hash_table_lookup(book->entries, name);
	if (entry != NULL)
		promo = entry->promo;
	else
		promo = keep(book, g_steal_pointer(&name), till_db_text(query, 1));
	till_db_reset(query);
	return promo;
}

const TillPromo *
till_offer_book_now(TillOfferBook *book, TillDb *db, const char *id, GError **error)
{
	return find_present(book, db, id, G_MAXINT64, error);
}

const TillPromo *
till_offer_book_at(TillOfferBook *book, TillDb *db, const char *id, gint64 number, GError **error)
{
	g_autoptr(GArray) rows = till_past_rows_new();
	g_autoptr(GError) local = NULL;
	const TillPromo *promo = find_present(book, db, id, number, &local);

	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	if (promo != NULL ||
	    !till_past_about(db, TILL_CHANGES_CHAIN, till_collection_find("promotion"), id, number,
			     rows, error))
		return promo;
	for (guint i = 0; i < rows->len; i++) {
		const TillPastRow *row = &g_array_index(rows, TillPastRow, i);
		g_autofree char *name = make_name(id, row->since);
		Entry *entry = g_hash_table_lookup(book->entries, name);
		if (row->since > number)
			continue;
		if (entry != NULL)
			return entry->promo;
		return keep(book, g_steal_pointer(&name),
			    json_string_value(json_object_get(row->value, "body")));
	}
	return NULL;
}
