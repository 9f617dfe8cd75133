/* SPDX-License-Identifier: Apache-2.0 */
#include "cart-shelf.h"

#include <string.h>

#include "store-private.h"

void
till_cart_shelf_cart_free(gpointer cart)
{
	TillShelfCart *self = cart;
	if (self == NULL)
		return;
	g_free(self->id);
	g_free(self->customer);
	g_free(self->channel);
	g_free(self->place);
	till_cart_free(self->cart);
	g_free(self);
}

static TillShelfCart *
read_cart(sqlite3_stmt *row, GError **error)
{
	const char *body = till_database_text(row, 5);
	g_autoptr(TillShelfCart) cart = g_new0(TillShelfCart, 1);
	cart->id = g_strdup(till_database_text(row, 0));
	cart->customer = g_strdup(till_database_text(row, 1));
	cart->channel = g_strdup(till_database_text(row, 2));
	cart->version = sqlite3_column_int64(row, 3);
	cart->place = g_strdup(till_database_text(row, 4));
	cart->updated_ms = sqlite3_column_int64(row, 6);
	cart->cart = till_cart_parse(body, strlen(body), error);
	return cart->cart != NULL ? g_steal_pointer(&cart) : NULL;
}

GPtrArray *
till_cart_shelf_of_customer(TillStore *store, const char *customer, guint limit, GError **error)
{
	if (!till_store_check_cache(store, error))
		return NULL;
	TillDatabase *database = &store->cache.database;
	g_autoptr(GPtrArray) carts = g_ptr_array_new_with_free_func(till_cart_shelf_cart_free);
	sqlite3_stmt *query = till_database_statement(database, TILL_CACHE_CARTS_OF_CUSTOMER);
	till_database_bind_text(query, 1, customer);
	till_database_bind_int(query, 2, limit);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, query, error)) == SQLITE_ROW) {
		g_autoptr(GError) failure = NULL;
		TillShelfCart *cart = read_cart(query, &failure);
		if (cart != NULL)
			g_ptr_array_add(carts, cart);
		else
			g_message("Cart %s of the feed is left out: %s",
				  till_database_text(query, 0), failure->message);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&carts) : NULL;
}

gboolean
till_cart_shelf_get(TillStore *store, const char *id, TillShelfCart **out, GError **error)
{
	if (!till_store_check_cache(store, error))
		return FALSE;
	TillDatabase *database = &store->cache.database;
	sqlite3_stmt *query = till_database_statement(database, TILL_CACHE_CART_BY_ID);
	till_database_bind_text(query, 1, id);
	int step = till_database_step(database, query, error);
	*out = NULL;
	if (step != SQLITE_ROW)
		return step == SQLITE_DONE;
	*out = read_cart(query, error);
	sqlite3_reset(query);
	return *out != NULL;
}
