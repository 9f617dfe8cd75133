/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api-help.h"
#include "api.h"
#include "cart-book.h"
#include "counter.h"
#include "error.h"
#include "order-request.h"

/* Carts as resources. What a cart costs, whoever shows it asks /v1/quote. */

#define PAGE_ROWS 50

/* A body as it was read. */
typedef struct {
	TillCart *content;
	char *customer;
} Asked;

static void
free_asked(gpointer data)
{
	Asked *asked = data;

	till_cart_free(asked->content);
	g_free(asked->customer);
	g_free(asked);
}

gboolean
till_carts_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	Asked *asked = g_new0(Asked, 1);
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	request->message = asked;
	request->message_free = free_asked;
	asked->content = till_order_request_cart_parse(text, size, &asked->customer, &error);
	if (asked->content == NULL)
		till_response_error(response, error);
	return response->status == 0;
}

static gboolean
answer(TillResponse *response, const TillBookedCart *cart)
{
	till_response_json(response, till_cart_book_tell(cart));
	till_api_tag(response, cart->version);
	return TRUE;
}

/* Whose it is, by any of their names. FALSE with error. */
static gboolean
set_customer(TillCentral *central, TillBookedCart *cart, const char *text, GError **error)
{
	g_autoptr(TillCustomer) customer = NULL;

	if (*text == '\0')
		return TRUE;
	customer = till_counter_customer(central->db, text, error);
	if (customer == NULL)
		return FALSE;
	g_free(cart->customer);
	cart->customer = g_strdup(customer->id);
	return TRUE;
}

static void
move_content(TillBookedCart *cart, Asked *asked)
{
	till_cart_free(cart->content);
	cart->content = g_steal_pointer(&asked->content);
}

gboolean
till_carts_api_create(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(TillBookedCart) cart = till_cart_book_new("", till_api_channel(request));
	Asked *asked = request->message;
	g_autoptr(GError) error = NULL;

	move_content(cart, asked);
	if (!set_customer(central, cart, asked->customer, &error) ||
	    !till_cart_book_put(central, cart, &error)) {
		till_api_fail(response, error);
		return FALSE;
	}
	till_api_created(response, "/v1/carts/", cart->id, till_cart_book_tell(cart));
	till_api_tag(response, cart->version);
	return TRUE;
}

gboolean
till_carts_api_list(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *text = till_request_query(request, "customer");
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCustomer) customer = NULL;
	g_autoptr(GPtrArray) carts = NULL;
	json_t *list;
	json_t *told;

	if (*text == '\0') {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Say whose: /v1/carts?customer=ID, loyalty code, mail or "
				      "phone.");
		return TRUE;
	}
	customer = till_counter_customer(central->db, text, &error);
	if (customer != NULL)
		carts = till_cart_book_list(central->db, customer->id, PAGE_ROWS, &error);
	if (carts == NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	list = json_array();
	for (guint i = 0; i < carts->len; i++)
		json_array_append_new(list, till_cart_book_tell(g_ptr_array_index(carts, i)));
	told = json_object();
	json_object_set_new(told, "carts", list);
	till_response_json(response, told);
	return TRUE;
}

gboolean
till_carts_api_one(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedCart) cart =
	    till_cart_book_find(central->db, request->arguments[0], &error);

	if (cart != NULL)
		return answer(response, cart);
	till_response_error(response, error);
	return TRUE;
}

/* The cart that is to be changed, at the version that was meant. NULL: response says why not. */
static TillBookedCart *
find_to_change(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedCart) cart =
	    till_cart_book_find(central->db, request->arguments[0], &error);

	if (cart == NULL)
		till_response_error(response, error);
	else if (!till_api_check_version(request, cart->version, response))
		return NULL;
	else if (strcmp(cart->status, "open") != 0)
		till_response_problem(response, TILL_PROBLEM_STATE,
				      "This cart is %s; begin a new one.", cart->status);
	return response->status == 0 ? g_steal_pointer(&cart) : NULL;
}

gboolean
till_carts_api_put(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(TillBookedCart) cart = find_to_change(central, request, response);
	Asked *asked = request->message;
	g_autoptr(GError) error = NULL;

	if (cart == NULL)
		return FALSE;
	move_content(cart, asked);
	if (!set_customer(central, cart, asked->customer, &error) ||
	    !till_cart_book_put(central, cart, &error)) {
		till_api_fail(response, error);
		return FALSE;
	}
	return answer(response, cart);
}

gboolean
till_carts_api_drop(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(TillBookedCart) cart = find_to_change(central, request, response);
	g_autoptr(GError) error = NULL;

	if (cart == NULL)
		return FALSE;
	g_free(cart->status);
	cart->status = g_strdup("gone");
	if (!till_cart_book_put(central, cart, &error)) {
		till_api_fail(response, error);
		return FALSE;
	}
	return answer(response, cart);
}
