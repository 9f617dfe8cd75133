/* SPDX-License-Identifier: Apache-2.0 */
#include "item.h"

#include <string.h>

/* The count lives in front of the item (GLib's atomic box), so that the struct holds facts only. */

static void
clear_item(gpointer data)
{
	TillItem *item = data;

	g_free(item->sku);
	g_free(item->name);
	g_free(item->variant);
	g_free(item->style);
	g_free(item->category);
	g_free(item->tags);
	g_free(item->brand);
	g_free(item->unit);
	g_free(item->tax_class);
	g_free(item->price_list);
	till_price_list_unref(item->prices);
}

TillItem *
till_item_new(void)
{
	return g_atomic_rc_box_new0(TillItem);
}

TillItem *
till_item_ref(const TillItem *item)
{
	/* Only the count changes, which lies outside the item; its content stays constant. */
	union {
		const TillItem *constant;
		TillItem *counted;
	} view = {.constant = item};

	g_assert(item != NULL);
	return g_atomic_rc_box_acquire(view.counted);
}

void
till_item_unref(TillItem *item)
{
	if (item != NULL)
		g_atomic_rc_box_release_full(item, clear_item);
}

static gboolean
is_priced_so(const TillItem *item, gint64 price_minor, const char *price_list)
{
	return item->has_price && item->price_minor == price_minor && item->price_list != NULL &&
	       strcmp(item->price_list, price_list) == 0;
}

TillItem *
till_item_with_price(const TillItem *item, gint64 price_minor, const char *price_list)
{
	TillItem *copy;

	if (is_priced_so(item, price_minor, price_list))
		return till_item_ref(item);
	copy = till_item_new();
	*copy = *item;
	copy->sku = g_strdup(item->sku);
	copy->name = g_strdup(item->name);
	copy->variant = g_strdup(item->variant);
	copy->style = g_strdup(item->style);
	copy->category = g_strdup(item->category);
	copy->tags = g_strdup(item->tags);
	copy->brand = g_strdup(item->brand);
	copy->unit = g_strdup(item->unit);
	copy->tax_class = g_strdup(item->tax_class);
	copy->price_list = g_strdup(price_list);
	copy->prices = item->prices != NULL ? till_price_list_ref(item->prices) : NULL;
	copy->price_minor = price_minor;
	copy->has_price = TRUE;
	return copy;
}

char *
till_item_title(const TillItem *item)
{
	const char *name = item->name != NULL ? item->name : "";

	if (item->variant == NULL || *item->variant == '\0')
		return g_strdup(name);
	return g_strdup_printf("%s — %s", name, item->variant);
}
