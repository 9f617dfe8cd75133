/* SPDX-License-Identifier: Apache-2.0 */
#include "basket-maker.h"

#include "error.h"
#include "register.h"

static gboolean
add_line(TillBasket *basket, const TillBasketFileLine *line, guint index, const TillItem *item,
	 GError **error)
{
	TillBasketResult result = till_basket_file_add(line, item, basket);
	if (result == TILL_BASKET_OK)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "basket.lines[%u] (%s): %s", index,
		    line->code, till_basket_words(result));
	return FALSE;
}

TillBasket *
till_basket_maker_build(const TillBasketFile *file, TillBasketMakerFind find, gpointer user,
			GError **error)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	for (guint i = 0; i < file->lines->len; i++) {
		const TillBasketFileLine *line = g_ptr_array_index(file->lines, i);
		GError *failure = NULL;
		g_autoptr(TillItem) item = find(user, line->code, &failure);
		if (failure != NULL) {
			g_propagate_prefixed_error(error, failure, "basket.lines[%u]: ", i);
			return NULL;
		}
		if (item == NULL) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
				    "basket.lines[%u]: no item has the code %s; mend the code, or "
				    "run tillctl sync if it is new.",
				    i, line->code);
			return NULL;
		}
		if (!add_line(basket, line, i, item, error))
			return NULL;
	}
	return g_steal_pointer(&basket);
}

TillItem *
till_basket_maker_find_register(gpointer user, const char *code, GError **error)
{
	TillRegisterFound *found = till_register_find(user, code, error);
	if (found == NULL)
		return NULL;
	TillItem *item = g_steal_pointer(&found->item);
	if (found->refused)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "the code is empty, too long or holds control characters.");
	till_register_found_free(found);
	return item;
}
