/* SPDX-License-Identifier: Apache-2.0 */
#include "price-uses.h"

#include <string.h>

/* One table; its keys are "p" or "c", the customer and the key, which no customer id can hold the
 * separator of. */
#define SEPARATOR "\x1f"

struct TillPriceUses {
	GHashTable *table; /* text (owned) → TillPriceUse (owned) */
};

static void
clear_uses(gpointer data)
{
	TillPriceUses *uses = data;

	g_hash_table_unref(uses->table);
}

static char *
make_key(TillPriceUsesKind kind, const char *key, const char *customer)
{
	return g_strconcat(kind == TILL_PRICE_USES_PROMOTION ? "p" : "c", customer, SEPARATOR, key,
			   NULL);
}

TillPriceUses *
till_price_uses_new(void)
{
	TillPriceUses *uses = g_atomic_rc_box_new0(TillPriceUses);

	uses->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return uses;
}

TillPriceUses *
till_price_uses_ref(TillPriceUses *uses)
{
	return g_atomic_rc_box_acquire(uses);
}

void
till_price_uses_unref(TillPriceUses *uses)
{
	if (uses != NULL)
		g_atomic_rc_box_release_full(uses, clear_uses);
}

void
till_price_uses_add(TillPriceUses *uses, TillPriceUsesKind kind, const char *key,
		    const char *customer, const TillPriceUse *use)
{
	g_autofree char *name = make_key(kind, key, customer);
	TillPriceUse *known = g_hash_table_lookup(uses->table, name);

	if (known == NULL) {
		known = g_new0(TillPriceUse, 1);
		g_hash_table_insert(uses->table, g_steal_pointer(&name), known);
	}
	known->uses += use->uses;
	known->spent_minor += use->spent_minor;
}

TillPriceUse
till_price_uses_find(const TillPriceUses *uses, TillPriceUsesKind kind, const char *key,
		     const char *customer)
{
	TillPriceUse use = {0};

	if (uses == NULL)
		return use;
	g_autofree char *name = make_key(kind, key, customer);
	const TillPriceUse *known = g_hash_table_lookup(uses->table, name);
	if (known == NULL)
		return use;
	use.uses = MAX(known->uses, (gint64)0);
	use.spent_minor = MAX(known->spent_minor, (gint64)0);
	return use;
}

static gint
compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
till_price_uses_promotions(const TillPriceUses *uses)
{
	GPtrArray *list = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	if (uses == NULL)
		return list;
	g_hash_table_iter_init(&iter, uses->table);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		const char *text = name;
		if (g_str_has_prefix(text, "p" SEPARATOR))
			g_ptr_array_add(list, (gpointer)(guintptr)(text + strlen("p" SEPARATOR)));
	}
	g_ptr_array_sort(list, compare_texts);
	return list;
}
