/* SPDX-License-Identifier: Apache-2.0 */
#include "promo.h"

#include <stdlib.h>
#include <string.h>

#include "quantity.h"

void
till_promo_list_clear(TillPromoList *list)
{
	g_clear_pointer(&list->values, g_strfreev);
	list->count = 0;
}

void
till_promo_items_clear(TillPromoItems *items)
{
	for (guint i = 0; i < TILL_PROMO_BY_COUNT; i++)
		till_promo_list_clear(&items->by[i]);
}

static void
clear_effect(TillPromoEffect *effect)
{
	till_promo_items_clear(&effect->items);
	for (guint i = 0; i < effect->part_count; i++)
		till_promo_items_clear(&effect->parts[i].items);
	g_free(effect->parts);
	g_free(effect->tiers);
	g_free(effect->gift_sku);
}

static void
clear_promo(gpointer data)
{
	TillPromo *promo = data;

	g_free(promo->id);
	g_free(promo->name);
	g_free(promo->group);
	g_free(promo->currency);
	till_promo_list_clear(&promo->channels);
	till_promo_list_clear(&promo->stores);
	till_promo_list_clear(&promo->groups);
	till_promo_list_clear(&promo->segments);
	till_promo_list_clear(&promo->codes);
	for (guint i = 0; i < promo->need_count; i++)
		till_promo_items_clear(&promo->needs[i].items);
	g_free(promo->needs);
	till_promo_items_clear(&promo->excluded);
	for (guint i = 0; i < promo->effect_count; i++)
		clear_effect(&promo->effects[i]);
	g_free(promo->effects);
}

TillPromo *
till_promo_new(void)
{
	TillPromo *promo = g_atomic_rc_box_new0(TillPromo);

	promo->version = 1;
	return promo;
}

TillPromo *
till_promo_ref(const TillPromo *promo)
{
	/* Only the count changes, which lies outside the promotion; its content stays constant. */
	union {
		const TillPromo *constant;
		TillPromo *counted;
	} view = {.constant = promo};

	return g_atomic_rc_box_acquire(view.counted);
}

void
till_promo_unref(TillPromo *promo)
{
	if (promo != NULL)
		g_atomic_rc_box_release_full(promo, clear_promo);
}

gint64
till_promo_pieces(const TillPromoLine *line)
{
	return line->weighed ? 1 : line->quantity_milli / TILL_QUANTITY_ONE;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
till_promo_list_take(TillPromoList *list, char **values)
{
	till_promo_list_clear(list);
	list->values = values;
	list->count = values != NULL ? g_strv_length(values) : 0;
	if (list->count > 1)
		qsort(values, list->count, sizeof *values, compare_texts);
}

gboolean
till_promo_list_has(const TillPromoList *list, const char *value)
{
	return value != NULL && list->count > 0 &&
	       bsearch(&value, list->values, list->count, sizeof *list->values, compare_texts) !=
		   NULL;
}

static gboolean
list_has_any(const TillPromoList *list, const char *const *values)
{
	for (guint i = 0; values != NULL && values[i] != NULL; i++) {
		if (till_promo_list_has(list, values[i]))
			return TRUE;
	}
	return FALSE;
}

/* A path is found by itself and by each of its parents. */
static gboolean
list_has_path(const TillPromoList *list, const char *path)
{
	g_autofree char *head = g_strdup(path);

	for (char *slash = head; slash != NULL; slash = strrchr(head, '/')) {
		if (slash != head)
			*slash = '\0';
		if (till_promo_list_has(list, head))
			return TRUE;
		if (slash == head && *head == '/')
			return FALSE;
	}
	return FALSE;
}

static gboolean
list_has_category(const TillPromoList *list, const TillPromoLine *line)
{
	for (guint i = 0; line->categories != NULL && line->categories[i] != NULL; i++) {
		if (list_has_path(list, line->categories[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
list_has_line(const TillPromoItems *items, TillPromoBy by, const TillPromoLine *line)
{
	const TillPromoList *list = &items->by[by];

	switch (by) {
	case TILL_PROMO_BY_SKU:
		return till_promo_list_has(list, line->sku);
	case TILL_PROMO_BY_STYLE:
		return till_promo_list_has(list, line->style);
	case TILL_PROMO_BY_BRAND:
		return till_promo_list_has(list, line->brand);
	case TILL_PROMO_BY_TAG:
		return list_has_any(list, line->tags);
	case TILL_PROMO_BY_CATEGORY:
		return list_has_category(list, line);
	case TILL_PROMO_BY_COUNT:
	default:
		g_assert_not_reached();
	}
}

gboolean
till_promo_items_is_narrow(const TillPromoItems *items)
{
	for (guint i = 0; i < TILL_PROMO_BY_COUNT; i++) {
		if (items->by[i].count > 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
till_promo_items_match(const TillPromoItems *items, const TillPromoLine *line, gint64 unit_minor,
		       gboolean reduced)
{
	gboolean found = FALSE, asked = FALSE;

	if (unit_minor < items->price_min_minor ||
	    (items->price_max_minor > 0 && unit_minor > items->price_max_minor) ||
	    (items->skip_reduced && reduced))
		return FALSE;
	for (guint by = 0; by < TILL_PROMO_BY_COUNT; by++) {
		if (items->by[by].count == 0)
			continue;
		asked = TRUE;
		if (list_has_line(items, by, line))
			found = TRUE;
		else if (!items->any)
			return FALSE;
	}
	return found || !asked;
}

int
till_promo_compare(const TillPromo *a, const TillPromo *b)
{
	if (a->stage != b->stage)
		return a->stage < b->stage ? -1 : 1;
	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	int ids = strcmp(a->id, b->id);
	return (ids > 0) - (ids < 0);
}
