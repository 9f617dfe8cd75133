/* SPDX-License-Identifier: Apache-2.0 */
#include "cart-book.h"

#include <string.h>

#include "changes.h"
#include "counter.h"
#include "error.h"
#include "json.h"
#include "outbox-events.h"

#define COLUMNS "SELECT id, customer, channel, version, status, place, body, updated_ms FROM cart "
#define LIST_MAX 50
/* How many carts that are done are dropped with each that is written. */
#define DROP_ROWS 10
#define DAY_MS G_GINT64_CONSTANT(86400000)
#define DONE_DAYS 30
#define OPEN_DAYS 365

TillBookedCart *
till_cart_book_new(const char *customer, const char *channel)
{
	TillBookedCart *cart = g_new0(TillBookedCart, 1);
	TillUuid id = till_uuid_random();
	char text[TILL_UUID_TEXT];

	cart->id = g_strdup(till_uuid_format(&id, text));
	cart->customer = g_strdup(customer);
	cart->channel = g_strdup(channel);
	cart->status = g_strdup("open");
	cart->place = g_strdup("");
	cart->content = till_cart_new();
	return cart;
}

void
till_cart_book_free(TillBookedCart *cart)
{
	if (cart == NULL)
		return;
	g_free(cart->id);
	g_free(cart->customer);
	g_free(cart->channel);
	g_free(cart->status);
	g_free(cart->place);
	till_cart_free(cart->content);
	g_free(cart);
}

json_t *
till_cart_book_tell(const TillBookedCart *cart)
{
	json_t *told = till_cart_json(cart->content);

	till_json_put_text(told, "id", cart->id);
	till_json_put_text(told, "customer", cart->customer);
	till_json_put_text(told, "channel", cart->channel);
	till_json_put_text(told, "status", cart->status);
	till_json_put_text(told, "place", cart->place);
	till_json_put_int(told, "version", cart->version);
	till_json_put_int(told, "updated_ms", cart->updated_ms);
	return told;
}

static TillBookedCart *
read_cart(TillDbQuery *query, GError **error)
{
	TillBookedCart *cart = g_new0(TillBookedCart, 1);
	const char *body = till_db_text(query, 6);

	cart->id = g_strdup(till_db_text(query, 0));
	cart->customer = g_strdup(till_db_text(query, 1));
	cart->channel = g_strdup(till_db_text(query, 2));
	cart->version = till_db_int(query, 3);
	cart->status = g_strdup(till_db_text(query, 4));
	cart->place = g_strdup(till_db_text(query, 5));
	cart->updated_ms = till_db_int(query, 7);
	cart->content = till_cart_parse(body, strlen(body), error);
	if (cart->content != NULL)
		return cart;
	till_cart_book_free(cart);
	return NULL;
}

TillBookedCart *
till_cart_book_find(TillDb *db, const char *id, GError **error)
{
	TillDbQuery *query = till_db_query(db, COLUMNS "WHERE scope = 'chain' AND id = ?1");
	g_autoptr(GError) local = NULL;
	TillBookedCart *cart = NULL;

	till_db_bind_text(query, 1, id);
	if (till_db_step(query, &local)) {
		cart = read_cart(query, &local);
		till_db_reset(query);
	} else if (local == NULL) {
		g_set_error(&local, TILL_ERROR, TILL_ERROR_NOT_FOUND, "There is no cart \"%.40s\".",
			    id);
	}
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return cart;
}

static void
free_cart(gpointer data)
{
	till_cart_book_free(data);
}

GPtrArray *
till_cart_book_list(TillDb *db, const char *customer, guint count, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, COLUMNS "WHERE scope = 'chain' AND customer = ?1 AND status = 'open' ORDER BY "
			"updated_ms DESC, id LIMIT ?2");
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_cart);
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, customer);
	till_db_bind_int(query, 2, MIN(count, LIST_MAX));
	while (local == NULL && till_db_step(query, &local)) {
		TillBookedCart *cart = read_cart(query, &local);
		if (cart != NULL)
			g_ptr_array_add(list, cart);
		else
			till_db_reset(query);
	}
	if (local == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

/* --- writing --- */

static json_t *
make_row(const TillBookedCart *cart)
{
	g_autoptr(json_t) content = till_cart_json(cart->content);
	g_autofree char *body = till_json_write(content, NULL);
	json_t *row = json_object();

	till_json_put_text(row, "id", cart->id);
	till_json_put_text(row, "customer", cart->customer);
	till_json_put_text(row, "channel", cart->channel);
	till_json_put_int(row, "version", cart->version);
	till_json_put_text(row, "status", cart->status);
	till_json_put_text(row, "place", cart->place);
	till_json_put_text(row, "body", body);
	till_json_put_int(row, "updated_ms", cart->updated_ms);
	return row;
}

/* Carts that were ordered or given up a month ago, and what nobody touched for a year. */
static gboolean
drop_old(TillCentral *central, TillChanges *chain, gint64 now_ms, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT id FROM cart WHERE scope = 'chain' AND ((status <> "
				       "'open' AND updated_ms < ?1) OR updated_ms < ?2) LIMIT ?3");
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	till_db_bind_int(query, 1, now_ms - DONE_DAYS * DAY_MS);
	till_db_bind_int(query, 2, now_ms - OPEN_DAYS * DAY_MS);
	till_db_bind_int(query, 3, DROP_ROWS);
	while (till_db_step(query, &local))
		g_ptr_array_add(ids, g_strdup(till_db_text(query, 0)));
	for (guint i = 0; local == NULL && i < ids->len; i++) {
		if (!till_changes_delete(chain, till_collection_find("cart"),
					 g_ptr_array_index(ids, i), &local))
			break;
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
tell_outbox(TillCentral *central, const TillBookedCart *cart, GError **error)
{
	g_autoptr(json_t) data = till_cart_book_tell(cart);

	return till_outbox_events_add(central->db, "cart.changed", cart->id, data, cart->updated_ms,
				      error);
}

gboolean
till_cart_book_put(TillCentral *central, TillBookedCart *cart, GError **error)
{
	g_autoptr(json_t) row = NULL;
	TillChanges chain;

	cart->version++;
	cart->updated_ms = till_central_now_ms(central);
	row = make_row(cart);
	return till_changes_open(central->db, TILL_CHANGES_CHAIN, &chain, error) &&
	       till_changes_put(&chain, till_collection_find("cart"), row, error) &&
	       drop_old(central, &chain, cart->updated_ms, error) &&
	       till_changes_close(&chain, error) && tell_outbox(central, cart, error);
}

/* --- what tills do --- */

static void
set_text(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
}

/* The SKU behind a line's code; the code itself when nothing has it any more. Caller frees. */
static char *
find_sku(TillCentral *central, const char *code)
{
	g_autoptr(TillItem) item =
	    till_counter_item(central->db, "", code, till_central_now_ms(central), NULL);

	return g_strdup(item != NULL ? item->sku : code);
}

static void
take_sold(TillCentral *central, TillCart *content, const TillCartSold *sold, guint count)
{
	g_autofree gint64 *left = g_new(gint64, count);
	g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < count; i++)
		left[i] = sold[i].milli;
	for (guint i = 0; i < content->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(content->lines, i);
		g_ptr_array_add(codes, g_strdup(line->code));
	}
	for (guint i = 0; i < codes->len; i++) {
		const char *code = g_ptr_array_index(codes, i);
		g_autofree char *sku = find_sku(central, code);
		for (guint j = 0; j < count; j++) {
			if (left[j] > 0 && strcmp(sku, sold[j].sku) == 0)
				left[j] -= till_cart_take(content, code, left[j]);
		}
	}
}

gboolean
till_cart_book_sold(TillCentral *central, const char *id, const TillCartSold *sold, guint count,
		    GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(TillBookedCart) cart = till_cart_book_find(central->db, id, &local);

	if (cart == NULL) {
		if (g_error_matches(local, TILL_ERROR, TILL_ERROR_NOT_FOUND))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (strcmp(cart->status, "open") != 0)
		return TRUE;
	take_sold(central, cart->content, sold, count);
	if (cart->content->lines->len == 0)
		set_text(&cart->status, "ordered");
	set_text(&cart->place, "");
	return till_cart_book_put(central, cart, error);
}

/* Into the customer's open cart, or a new one. */
static TillBookedCart *
find_to_send(TillCentral *central, const TillCartStep *step, GError **error)
{
	g_autoptr(TillCustomer) customer =
	    till_counter_customer(central->db, step->customer, error);
	g_autoptr(GPtrArray) open = NULL;

	if (customer == NULL)
		return NULL;
	if (*step->cart != '\0') {
		TillBookedCart *cart = till_cart_book_find(central->db, step->cart, NULL);
		if (cart != NULL && strcmp(cart->status, "open") == 0 &&
		    strcmp(cart->customer, customer->id) == 0)
			return cart;
		till_cart_book_free(cart);
	}
	open = till_cart_book_list(central->db, customer->id, 1, error);
	if (open == NULL)
		return NULL;
	if (open->len > 0)
		return g_ptr_array_steal_index(open, 0);
	return till_cart_book_new(customer->id, "store");
}

static gboolean
send_lines(TillCentral *central, const TillCartStep *step, GError **error)
{
	g_autoptr(TillBookedCart) cart = find_to_send(central, step, error);

	if (cart == NULL)
		return FALSE;
	for (guint i = 0; i < step->lines->lines->len; i++) {
		if (!till_cart_add(cart->content, g_ptr_array_index(step->lines->lines, i))) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
				    "The shopper's cart is full; not everything could be put in.");
			return FALSE;
		}
	}
	return till_cart_book_put(central, cart, error);
}

static gboolean
take_place(TillCentral *central, const TillCartStep *step, GError **error)
{
	g_autoptr(TillBookedCart) cart = till_cart_book_find(central->db, step->cart, error);
	g_autofree char *place = g_strdup_printf("%s/%s", step->store, step->till);

	if (cart == NULL)
		return FALSE;
	if (strcmp(cart->status, "open") != 0)
		return TRUE;
	if (step->action == TILL_CART_TAKE)
		set_text(&cart->place, place);
	else if (strcmp(cart->place, place) == 0)
		set_text(&cart->place, "");
	else
		return TRUE;
	return till_cart_book_put(central, cart, error);
}

gboolean
till_cart_book_step(TillCentral *central, const TillCartStep *step, GError **error)
{
	return step->action == TILL_CART_SEND ? send_lines(central, step, error)
					      : take_place(central, step, error);
}
