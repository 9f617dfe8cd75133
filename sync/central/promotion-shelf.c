/* SPDX-License-Identifier: Apache-2.0 */
#include "promotion-shelf.h"

#include <string.h>

#include "changes.h"
#include "json.h"
#include "promo-json.h"
#include "server-log.h"

struct TillPromotionShelf {
	GHashTable *promos;    /* id, borrowed from its promotion → TillPromo, owned reference */
	TillPromoIndex *index; /* NULL: to be made */
	gint64 seq;            /* of the chain's feed, up to which they are known */
	gboolean known;        /* FALSE: nothing was read yet */
};

TillPromotionShelf *
till_promotion_shelf_new(void)
{
	TillPromotionShelf *shelf = g_new0(TillPromotionShelf, 1);

	shelf->promos =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)till_promo_unref);
	return shelf;
}

void
till_promotion_shelf_free(TillPromotionShelf *shelf)
{
	if (shelf == NULL)
		return;
	g_clear_pointer(&shelf->index, till_promo_index_unref);
	g_hash_table_unref(shelf->promos);
	g_free(shelf);
}

void
till_promotion_shelf_forget(TillPromotionShelf *shelf)
{
	shelf->known = FALSE;
}

/* body NULL: it is gone. */
static void
put(TillPromotionShelf *shelf, const char *id, const char *body)
{
	g_autoptr(GError) error = NULL;
	TillPromo *promo = body != NULL ? till_promo_json_parse(body, strlen(body), &error) : NULL;

	g_clear_pointer(&shelf->index, till_promo_index_unref);
	if (error != NULL)
		till_server_log("promotion-left-out", "id=%s reason=\"%s\"", id, error->message);
	if (promo != NULL)
		g_hash_table_replace(shelf->promos, promo->id, promo);
	else
		g_hash_table_remove(shelf->promos, id);
}

static gboolean
read_all(TillPromotionShelf *shelf, TillDb *db, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT id, body FROM promotion WHERE scope = 'chain'");
	g_autoptr(GError) local = NULL;

	g_hash_table_remove_all(shelf->promos);
	g_clear_pointer(&shelf->index, till_promo_index_unref);
	while (till_db_step(query, &local))
		put(shelf, till_db_text(query, 0), till_db_text(query, 1));
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* The body of a feed's row; NULL: deleted. Caller frees. */
static char *
read_body(const char *value)
{
	g_autoptr(json_t) row = json_loads(value, 0, NULL);

	return g_strdup(json_string_value(json_object_get(row, "body")));
}

static gboolean
read_news(TillPromotionShelf *shelf, TillDb *db, GError **error)
{
	TillDbQuery *query =
	    till_db_query(db, "SELECT key, value FROM feed WHERE scope = 'chain' AND seq > ?1 AND "
			      "collection = 'promotion' ORDER BY seq");
	g_autoptr(GError) local = NULL;

	till_db_bind_int(query, 1, shelf->seq);
	while (till_db_step(query, &local)) {
		g_autofree char *body =
		    till_db_is_null(query, 1) ? NULL : read_body(till_db_text(query, 1));
		put(shelf, till_db_text(query, 0), body);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
refresh(TillPromotionShelf *shelf, TillDb *db, GError **error)
{
	gint64 head;
	gint64 floor;
	gboolean follows;

	if (!till_changes_heads(db, TILL_CHANGES_CHAIN, &head, &floor, error))
		return FALSE;
	follows = shelf->known && shelf->seq >= floor && shelf->seq <= head;
	if (follows && shelf->seq == head)
		return TRUE;
	shelf->known = FALSE;
	if (follows ? !read_news(shelf, db, error) : !read_all(shelf, db, error))
		return FALSE;
	shelf->seq = head;
	shelf->known = TRUE;
	return TRUE;
}

static void
make_index(TillPromotionShelf *shelf)
{
	g_autoptr(GPtrArray) promos = g_ptr_array_sized_new(g_hash_table_size(shelf->promos));
	GHashTableIter iter;
	gpointer promo;

	g_hash_table_iter_init(&iter, shelf->promos);
	while (g_hash_table_iter_next(&iter, NULL, &promo))
		g_ptr_array_add(promos, promo);
	shelf->index = till_promo_index_new((TillPromo *const *)promos->pdata, promos->len);
}

TillPromoIndex *
till_promotion_shelf_index(TillPromotionShelf *shelf, TillDb *db, GError **error)
{
	if (!refresh(shelf, db, error))
		return NULL;
	if (shelf->index == NULL)
		make_index(shelf);
	return shelf->index;
}
