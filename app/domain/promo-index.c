/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-index.h"

#include <string.h>

/* One table per kind of key; a key's texts are borrowed from the promotions, which the index holds.
 * Kinds 0 to TILL_PROMO_BY_COUNT - 1 are those of a line. */
enum {
	BY_COUPON = TILL_PROMO_BY_COUNT,
	BY_GROUP,
	BY_SEGMENT,
	BY_STORE,
	KINDS,
};

struct TillPromoIndex {
	GPtrArray *promos;         /* owned references */
	GHashTable *tables[KINDS]; /* const char* → GPtrArray of TillPromo, borrowed */
	GPtrArray *always;         /* borrowed */
};

static void
add_key(TillPromoIndex *index, guint kind, char *key, TillPromo *promo)
{
	GPtrArray *list = g_hash_table_lookup(index->tables[kind], key);

	if (list == NULL) {
		list = g_ptr_array_new();
		g_hash_table_insert(index->tables[kind], key, list);
	}
	g_ptr_array_add(list, promo);
}

static void
add_list(TillPromoIndex *index, guint kind, const TillPromoList *list, TillPromo *promo)
{
	for (guint i = 0; i < list->count; i++)
		add_key(index, kind, list->values[i], promo);
}

/* The narrowest list that a line must be on; TILL_PROMO_BY_COUNT when there is none. */
static guint
find_kind(const TillPromoItems *items)
{
	guint kind = 0;

	while (kind < TILL_PROMO_BY_COUNT && items->by[kind].count == 0)
		kind++;
	return kind;
}

/* Under one list when all of them must hold, under every list when one is enough. */
static void
add_items(TillPromoIndex *index, const TillPromoItems *items, TillPromo *promo)
{
	guint kind = find_kind(items);

	if (!items->any) {
		add_list(index, kind, &items->by[kind], promo);
		return;
	}
	for (; kind < TILL_PROMO_BY_COUNT; kind++)
		add_list(index, kind, &items->by[kind], promo);
}

static void
prefer(const TillPromoItems **best, const TillPromoItems *items)
{
	if (!till_promo_items_is_narrow(items))
		return;
	if (*best == NULL || find_kind(items) < find_kind(*best))
		*best = items;
}

/* A thing the effect cannot do without. NULL: it may touch any line. */
static const TillPromoItems *
find_effect_anchor(const TillPromoEffect *effect)
{
	const TillPromoItems *best = NULL;

	if (effect->part_count == 0) {
		prefer(&best, &effect->items);
		return best;
	}
	for (guint i = 0; i < effect->part_count; i++)
		prefer(&best, &effect->parts[i].items);
	return best;
}

static gboolean
has_anchored_effects(const TillPromo *promo)
{
	for (guint i = 0; i < promo->effect_count; i++) {
		if (find_effect_anchor(&promo->effects[i]) == NULL)
			return FALSE;
	}
	return promo->effect_count > 0;
}

static void
add_by_buyer(TillPromoIndex *index, TillPromo *promo)
{
	if (promo->groups.count > 0)
		add_list(index, BY_GROUP, &promo->groups, promo);
	else if (promo->segments.count > 0)
		add_list(index, BY_SEGMENT, &promo->segments, promo);
	else if (promo->stores.count > 0)
		add_list(index, BY_STORE, &promo->stores, promo);
	else
		g_ptr_array_add(index->always, promo);
}

static void
add_promo(TillPromoIndex *index, TillPromo *promo)
{
	const TillPromoItems *best = NULL;

	if (promo->codes.count > 0) {
		add_list(index, BY_COUPON, &promo->codes, promo);
		return;
	}
	for (guint i = 0; i < promo->need_count; i++)
		prefer(&best, &promo->needs[i].items);
	if (best != NULL) {
		add_items(index, best, promo);
		return;
	}
	if (!has_anchored_effects(promo)) {
		add_by_buyer(index, promo);
		return;
	}
	for (guint i = 0; i < promo->effect_count; i++)
		add_items(index, find_effect_anchor(&promo->effects[i]), promo);
}

static void
keep_newest(GHashTable *newest, TillPromo *promo)
{
	const TillPromo *other = g_hash_table_lookup(newest, promo->id);

	if (other == NULL || other->version < promo->version)
		g_hash_table_replace(newest, promo->id, promo);
}

static void
free_index(gpointer data)
{
	TillPromoIndex *index = data;

	for (guint i = 0; i < KINDS; i++)
		g_hash_table_unref(index->tables[i]);
	g_ptr_array_free(index->always, TRUE);
	g_ptr_array_free(index->promos, TRUE);
}

static void
free_list(gpointer data)
{
	g_ptr_array_free(data, TRUE);
}

TillPromoIndex *
till_promo_index_new(TillPromo *const *promos, guint count)
{
	TillPromoIndex *index = g_atomic_rc_box_new0(TillPromoIndex);
	g_autoptr(GHashTable) newest = g_hash_table_new(g_str_hash, g_str_equal);

	index->promos = g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);
	index->always = g_ptr_array_new();
	for (guint i = 0; i < KINDS; i++)
		index->tables[i] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_list);
	for (guint i = 0; i < count; i++)
		keep_newest(newest, promos[i]);
	for (guint i = 0; i < count; i++) {
		if (g_hash_table_lookup(newest, promos[i]->id) != promos[i])
			continue;
		g_ptr_array_add(index->promos, till_promo_ref(promos[i]));
		add_promo(index, promos[i]);
	}
	return index;
}

TillPromoIndex *
till_promo_index_ref(TillPromoIndex *index)
{
	return g_atomic_rc_box_acquire(index);
}

void
till_promo_index_unref(TillPromoIndex *index)
{
	if (index != NULL)
		g_atomic_rc_box_release_full(index, free_index);
}

guint
till_promo_index_count(const TillPromoIndex *index)
{
	return index->promos->len;
}

static void
find_key(const TillPromoIndex *index, guint kind, const char *key, GPtrArray *found)
{
	const GPtrArray *list = key != NULL ? g_hash_table_lookup(index->tables[kind], key) : NULL;

	for (guint i = 0; list != NULL && i < list->len; i++)
		g_ptr_array_add(found, g_ptr_array_index(list, i));
}

static void
find_keys(const TillPromoIndex *index, guint kind, const char *const *keys, GPtrArray *found)
{
	for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
		find_key(index, kind, keys[i], found);
}

static void
find_category(const TillPromoIndex *index, const char *path, GPtrArray *found)
{
	g_autofree char *head = g_strdup(path);
	char *slash;

	find_key(index, TILL_PROMO_BY_CATEGORY, head, found);
	while ((slash = strrchr(head, '/')) != NULL) {
		*slash = '\0';
		find_key(index, TILL_PROMO_BY_CATEGORY, head, found);
	}
}

static void
find_line(const TillPromoIndex *index, const TillPromoLine *line, GPtrArray *found)
{
	find_key(index, TILL_PROMO_BY_SKU, line->sku, found);
	find_key(index, TILL_PROMO_BY_STYLE, line->style, found);
	find_key(index, TILL_PROMO_BY_BRAND, line->brand, found);
	find_keys(index, TILL_PROMO_BY_TAG, line->tags, found);
	for (guint i = 0; line->categories != NULL && line->categories[i] != NULL; i++)
		find_category(index, line->categories[i], found);
}

static int
compare_promos(gconstpointer a, gconstpointer b)
{
	return till_promo_compare(*(const TillPromo *const *)a, *(const TillPromo *const *)b);
}

static void
drop_repeats(GPtrArray *found)
{
	guint kept = 0;

	g_ptr_array_sort(found, compare_promos);
	for (guint i = 0; i < found->len; i++) {
		if (kept == 0 || g_ptr_array_index(found, kept - 1) != g_ptr_array_index(found, i))
			found->pdata[kept++] = g_ptr_array_index(found, i);
	}
	g_ptr_array_set_size(found, (int)kept);
}

GPtrArray *
till_promo_index_collect(const TillPromoIndex *index, const TillPromoLine *lines, guint count,
			 const TillPromoIndexKeys *keys)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < count; i++)
		find_line(index, &lines[i], found);
	find_keys(index, BY_COUPON, keys->codes, found);
	find_keys(index, BY_GROUP, keys->groups, found);
	find_keys(index, BY_SEGMENT, keys->segments, found);
	find_key(index, BY_STORE, keys->store, found);
	for (guint i = 0; i < index->always->len; i++)
		g_ptr_array_add(found, g_ptr_array_index(index->always, i));
	drop_repeats(found);
	return found;
}
