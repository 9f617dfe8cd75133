/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include "error.h"
#include "money.h"
#include "quantity.h"
#include "register.h"

static json_t *
stock_answer(const TillItem *item, const char *store_code)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:I, s:b, s:I, s:s}", "sku", item->sku, "name",
			 item->name, "variant", item->variant, "unit", item->unit, "has_stock",
			 item->has_stock, "stock_milli", (json_int_t)item->stock_milli, "has_price",
			 item->has_price, "price_minor", (json_int_t)item->price_minor, "store",
			 store_code);
}

static gboolean
say_stock(const TillItem *item, const TillRegisterShop *shop, GError **error)
{
	g_autofree char *title = till_item_title(item);
	g_autofree char *price = till_money_format(item->price_minor, shop->currency);
	g_autofree char *stock = till_quantity_format(item->stock_milli);
	return till_verb_say(
	    error, "%s  %s  %s %s  %s %s in store %s", item->sku, title,
	    item->has_price ? price : "no price", item->has_price ? shop->currency->code : "",
	    item->has_stock ? stock : "stock is not counted for it,", item->unit, shop->store_code);
}

static gboolean
show_item(const TillVerb *verb, TillRegister *reg, const TillRegisterShop *shop, GError **error)
{
	const char *code = till_arguments_operand(verb->arguments, 0);
	TillRegisterFound *found = till_register_find(reg, code, error);
	if (found == NULL)
		return FALSE;
	g_autoptr(TillItem) item = g_steal_pointer(&found->item);
	till_register_found_free(found);
	if (item == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "No item has the code %.80s; check it, or run tillctl sync if it is "
			    "new.",
			    code);
		return FALSE;
	}
	if (!verb->json)
		return say_stock(item, shop, error);
	g_autoptr(json_t) answer = stock_answer(item, shop->store_code);
	return till_verb_print(answer, error);
}

gboolean
till_verb_stock(const TillVerb *verb, GError **error)
{
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	TillRegister *reg = till_register_new(store);
	TillRegisterShop *shop = till_register_shop(reg, error);
	gboolean is_done = shop != NULL && show_item(verb, reg, shop, error);
	till_register_shop_free(shop);
	till_register_free(reg);
	return is_done;
}
