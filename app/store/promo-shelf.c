/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-shelf.h"

#include <string.h>

#include "promo-json.h"

struct TillPromoShelf {
	GHashTable *promos;    /* id (the promotion's own) → TillPromo, owned reference */
	GHashTable *faults;    /* id → why it cannot be read, both owned */
	TillPromoIndex *index; /* owned reference; NULL: to be made */
};

static TillPromoShelf *
create_shelf(void)
{
	TillPromoShelf *shelf = g_new0(TillPromoShelf, 1);

	shelf->promos =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)till_promo_unref);
	shelf->faults = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return shelf;
}

void
till_promo_shelf_free(TillPromoShelf *shelf)
{
	if (shelf == NULL)
		return;
	g_hash_table_unref(shelf->promos);
	g_hash_table_unref(shelf->faults);
	till_promo_index_unref(shelf->index);
	g_free(shelf);
}

static TillPromo *
read_promo(const char *id, const char *body, char **out_fault)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(TillPromo) promo = till_promo_json_parse(body, strlen(body), &failure);

	if (promo == NULL) {
		*out_fault = g_strdup(failure->message);
		return NULL;
	}
	if (strcmp(promo->id, id) != 0) {
		*out_fault = g_strdup_printf("its text says it is %s.", promo->id);
		return NULL;
	}
	return g_steal_pointer(&promo);
}

void
till_promo_shelf_put(TillPromoShelf *shelf, const char *id, const char *body)
{
	char *fault = NULL;

	g_clear_pointer(&shelf->index, till_promo_index_unref);
	g_hash_table_remove(shelf->promos, id);
	g_hash_table_remove(shelf->faults, id);
	if (body == NULL)
		return;
	TillPromo *promo = read_promo(id, body, &fault);
	if (promo != NULL) {
		g_hash_table_insert(shelf->promos, promo->id, promo);
		return;
	}
	g_message("Promotion %s is left out: %s", id, fault);
	g_hash_table_insert(shelf->faults, g_strdup(id), fault);
}

TillPromoShelf *
till_promo_shelf_load(TillCache *cache, GError **error)
{
	TillDatabase *database = &cache->database;
	g_autoptr(TillPromoShelf) shelf = create_shelf();
	sqlite3_stmt *all = till_database_statement(database, TILL_CACHE_PROMOTIONS);
	int step = SQLITE_DONE;

	while ((step = till_database_step(database, all, error)) == SQLITE_ROW)
		till_promo_shelf_put(shelf, till_database_text(all, 0), till_database_text(all, 1));
	return step == SQLITE_DONE ? g_steal_pointer(&shelf) : NULL;
}

TillPromoIndex *
till_promo_shelf_index(TillPromoShelf *shelf)
{
	if (shelf->index == NULL) {
		guint count = 0;
		g_autofree gpointer *promos =
		    g_malloc0_n(MAX(g_hash_table_size(shelf->promos), 1), sizeof(gpointer));
		GHashTableIter iter;
		g_hash_table_iter_init(&iter, shelf->promos);
		while (g_hash_table_iter_next(&iter, NULL, &promos[count]))
			count++;
		shelf->index = till_promo_index_new((TillPromo *const *)promos, count);
	}
	return shelf->index;
}

static const char *
first_fault(const TillPromoShelf *shelf)
{
	GHashTableIter iter;
	gpointer id;
	const char *first = NULL;

	g_hash_table_iter_init(&iter, shelf->faults);
	while (g_hash_table_iter_next(&iter, &id, NULL)) {
		if (first == NULL || strcmp(id, first) < 0)
			first = id;
	}
	return first;
}

char *
till_promo_shelf_trouble(const TillPromoShelf *shelf)
{
	guint count = g_hash_table_size(shelf->faults);
	const char *first = first_fault(shelf);

	if (count == 0)
		return NULL;
	return g_strdup_printf("%u promotion%s cannot be read by this release and %s left out; %s: "
			       "%s Update this program or mend it at the central.",
			       count, count == 1 ? "" : "s", count == 1 ? "is" : "are", first,
			       (const char *)g_hash_table_lookup(shelf->faults, first));
}
