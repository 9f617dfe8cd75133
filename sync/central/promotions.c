/* SPDX-License-Identifier: Apache-2.0 */
#include "promotions.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "promo-json.h"

/* --- versions --- */

/* A promotion of this id that is, or was, in the books. */
typedef struct {
	gboolean found;
	gint64 version;
	char *body; /* owned; NULL: it was ended */
} Known;

static gboolean
find_known(TillDb *db, const char *id, Known *known, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT version, body FROM promotion WHERE scope = 'chain' AND id = ?1 "
		"UNION ALL SELECT version, NULL FROM promotion_ended WHERE id = ?1 "
		"ORDER BY version DESC LIMIT 1");
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, id);
	if (till_db_step(query, &local)) {
		known->found = TRUE;
		known->version = till_db_int(query, 0);
		if (!till_db_is_null(query, 1))
			known->body = g_strdup(till_db_text(query, 1));
		till_db_reset(query);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
refuse_version(const char *what, const char *why, gint64 version, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "%s: %s version %" G_GINT64_FORMAT "; raise its version to %" G_GINT64_FORMAT,
		    what, why, version, version + 1);
	return FALSE;
}

/* Whether two bodies say the same but for the version; unreadable: no. */
static gboolean
is_same_content(const char *stored, const json_t *object)
{
	g_autoptr(json_t) known =
	    till_json_parse(stored, strlen(stored), TILL_PROMO_JSON_MAX, "promotion", NULL);
	g_autoptr(json_t) copy = json_copy((json_t *)(guintptr)object);

	if (!json_is_object(known))
		return FALSE;
	json_object_del(known, "version");
	json_object_del(copy, "version");
	return json_equal(known, copy) != 0;
}

static gboolean
check_version(const TillPromo *promo, const json_t *object, const Known *known, const char *what,
	      GError **error)
{
	if (!known->found || promo->version > known->version)
		return TRUE;
	if (known->body == NULL)
		return refuse_version(what, "it was ended at", known->version, error);
	if (promo->version < known->version)
		return refuse_version(what, "the books have", known->version, error);
	return is_same_content(known->body, object) ||
	       refuse_version(what, "it differs from what the books have as", known->version,
			      error);
}

static gboolean
write_row(TillChanges *changes, const TillPromo *promo, const json_t *object, GError **error)
{
	g_autoptr(json_t) whole = json_copy((json_t *)(guintptr)object);
	g_autoptr(json_t) row = json_object();
	g_autofree char *body = NULL;

	json_object_set_new(whole, "version", json_integer(promo->version));
	body = till_json_write(whole, NULL);
	json_object_set_new(row, "id", json_string(promo->id));
	json_object_set_new(row, "version", json_integer(promo->version));
	json_object_set_new(row, "body", json_string(body));
	return till_changes_put(changes, till_collection_find("promotion"), row, error);
}

static gboolean
forget_end(TillDb *db, const char *id, GError **error)
{
	TillDbQuery *query = till_db_query(db, "DELETE FROM promotion_ended WHERE id = ?1");

	till_db_bind_text(query, 1, id);
	return till_db_run(query, error);
}

gboolean
till_promotions_put(TillChanges *changes, const json_t *object, const char *what,
		    TillPromo **out_promo, GError **error)
{
	TillPromo *promo = till_promo_json_read(object, what, error);
	Known known = {FALSE, 0, NULL};
	gboolean good;

	if (promo == NULL)
		return FALSE;
	good = find_known(changes->db, promo->id, &known, error) &&
	       check_version(promo, object, &known, what, error) &&
	       write_row(changes, promo, object, error) &&
	       (!known.found || known.body != NULL || forget_end(changes->db, promo->id, error));
	g_free(known.body);
	if (good && out_promo != NULL)
		*out_promo = promo;
	else
		till_promo_unref(promo);
	return good;
}

gboolean
till_promotions_end(TillChanges *changes, const char *id, gint64 now_ms, GError **error)
{
	Known known = {FALSE, 0, NULL};
	TillDbQuery *query;
	gboolean is_there;

	if (!find_known(changes->db, id, &known, error))
		return FALSE;
	is_there = known.body != NULL;
	g_free(known.body);
	if (!is_there) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "There is no promotion \"%.64s\".", id);
		return FALSE;
	}
	query = till_db_query(changes->db, "INSERT OR REPLACE INTO promotion_ended "
					   "(id, version, ended_ms) VALUES (?1, ?2, ?3)");
	till_db_bind_text(query, 1, id);
	till_db_bind_int(query, 2, known.version);
	till_db_bind_int(query, 3, now_ms);
	return till_db_run(query, error) &&
	       till_changes_delete(changes, till_collection_find("promotion"), id, error);
}

/* --- what nobody sells --- */

struct TillPromotionsCheck {
	TillDb *db;
	GPtrArray *notes;       /* borrowed */
	GHashTable *categories; /* of char*: every one and those above it; NULL: not read yet */
	guint told;
	guint untold;
};

TillPromotionsCheck *
till_promotions_check_new(TillDb *db, GPtrArray *notes)
{
	TillPromotionsCheck *check = g_new0(TillPromotionsCheck, 1);

	check->db = db;
	check->notes = notes;
	return check;
}

void
till_promotions_check_free(TillPromotionsCheck *check)
{
	if (check == NULL)
		return;
	if (check->untold > 0)
		g_ptr_array_add(
		    check->notes,
		    g_strdup_printf("and %u more that are not in the books", check->untold));
	g_clear_pointer(&check->categories, g_hash_table_unref);
	g_free(check);
}

static void
note(TillPromotionsCheck *check, const TillPromo *promo, const char *what, const char *value)
{
	if (check->told == TILL_PROMOTIONS_NOTES_MAX) {
		check->untold++;
		return;
	}
	check->told++;
	g_ptr_array_add(check->notes,
			g_strdup_printf("promotion \"%s\": there is no %s \"%.100s\" in the books",
					promo->id, what, value));
}

static gboolean
has_row(TillDbQuery *query, const char *value, gboolean *out_found, GError **error)
{
	gint64 found = 0;

	till_db_bind_text(query, 1, value);
	if (!till_db_fetch_int(query, 0, &found, error))
		return FALSE;
	*out_found = found != 0;
	return TRUE;
}

static gboolean
check_rows(TillPromotionsCheck *check, const TillPromo *promo, const TillPromoList *list,
	   const char *what, const char *sql, GError **error)
{
	for (guint i = 0; i < list->count; i++) {
		gboolean found;
		if (!has_row(till_db_query(check->db, sql), list->values[i], &found, error))
			return FALSE;
		if (!found)
			note(check, promo, what, list->values[i]);
	}
	return TRUE;
}

/* "Clothing/Tops" holds, and so does "Clothing". */
static void
add_category(GHashTable *categories, const char *path)
{
	g_autofree char *above = g_strdup(path);

	for (char *slash = above; slash != NULL; slash = strrchr(above, '/')) {
		if (slash != above)
			*slash = '\0';
		if (*above == '\0' || !g_hash_table_add(categories, g_strdup(above)))
			return;
	}
}

static gboolean
read_categories(TillPromotionsCheck *check, GError **error)
{
	TillDbQuery *query;
	g_autoptr(GError) local = NULL;

	if (check->categories != NULL)
		return TRUE;
	check->categories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	query =
	    till_db_query(check->db, "SELECT DISTINCT category FROM item WHERE scope = 'chain'");
	while (till_db_step(query, &local))
		add_category(check->categories, till_db_text(query, 0));
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

#define FIND_SKU "SELECT 1 FROM item WHERE scope = 'chain' AND sku = ?1"
#define FIND_STORE "SELECT 1 FROM store WHERE code = ?1"

static gboolean
check_items(TillPromotionsCheck *check, const TillPromo *promo, const TillPromoItems *items,
	    GError **error)
{
	const TillPromoList *categories = &items->by[TILL_PROMO_BY_CATEGORY];

	if (!check_rows(check, promo, &items->by[TILL_PROMO_BY_SKU], "SKU", FIND_SKU, error))
		return FALSE;
	if (categories->count > 0 && !read_categories(check, error))
		return FALSE;
	for (guint i = 0; i < categories->count; i++) {
		if (!g_hash_table_contains(check->categories, categories->values[i]))
			note(check, promo, "category", categories->values[i]);
	}
	return TRUE;
}

static gboolean
check_effect(TillPromotionsCheck *check, const TillPromo *promo, const TillPromoEffect *effect,
	     GError **error)
{
	TillPromoList gift = {.values = (char **)(guintptr)&effect->gift_sku,
			      .count = effect->gift_sku != NULL ? 1 : 0};

	for (guint i = 0; i < effect->part_count; i++) {
		if (!check_items(check, promo, &effect->parts[i].items, error))
			return FALSE;
	}
	return check_items(check, promo, &effect->items, error) &&
	       check_rows(check, promo, &gift, "SKU", FIND_SKU, error);
}

gboolean
till_promotions_check(TillPromotionsCheck *check, const TillPromo *promo, GError **error)
{
	for (guint i = 0; i < promo->effect_count; i++) {
		if (!check_effect(check, promo, &promo->effects[i], error))
			return FALSE;
	}
	for (guint i = 0; i < promo->need_count; i++) {
		if (!check_items(check, promo, &promo->needs[i].items, error))
			return FALSE;
	}
	return check_items(check, promo, &promo->excluded, error) &&
	       check_rows(check, promo, &promo->stores, "store", FIND_STORE, error);
}
