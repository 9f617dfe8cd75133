/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <string.h>

#include "api.h"
#include "changes.h"
#include "code-svg.h"
#include "error.h"
#include "order-book.h"
#include "page-words.h"
#include "pickup-key.h"
#include "status-page.h"

#include "till-central-resources.h"

/* The page that a shopper's link opens. The token in it is all that lets anybody in: its signature
 * is checked before the books are asked, and each fulfilment has an allowance of its own. */

#define HTML "text/html; charset=utf-8"
#define POLICY                                                                                     \
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "            \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#define WRONG_CODES "wrong codes"

typedef struct {
	TillBookedOrder *order;
	TillFulfilment *fulfilment; /* borrowed from order */
	TillStatusStore store;
	char scope[TILL_CHANGES_SCOPE_MAX];
} Found;

static void
clear_found(Found *found)
{
	till_order_book_free(found->order);
	till_status_page_clear_store(&found->store);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, clear_found)

static void
set_body(TillResponse *response, int status, const char *content_type, char *text)
{
	till_response_clear(response);
	response->status = status;
	response->content_type = content_type;
	response->body = g_bytes_new_take(text, strlen(text));
	till_response_header(response, "X-Content-Type-Options", "nosniff");
}

static void
set_page(TillResponse *response, int status, char *html, const char *language)
{
	set_body(response, status, HTML, html);
	till_response_header(response, "Content-Security-Policy", POLICY);
	till_response_header(response, "Referrer-Policy", "no-referrer");
	till_response_header(response, "Content-Language", language);
	till_response_header(response, "Vary", "Accept-Language");
}

static void
set_trouble(TillRequest *request, TillResponse *response, int status, const char *why)
{
	const char *language =
	    till_page_words_choose(till_request_header(request, "accept-language"), NULL);

	set_page(response, status, till_status_page_trouble(why, language), language);
	if (status == 429)
		response->retry_after_s = 2;
}

/* --- the token --- */

static gboolean
refuse(TillRequest *request, TillResponse *response, TillPickupCheck check)
{
	if (check == TILL_PICKUP_EXPIRED)
		set_trouble(request, response, 410, "late");
	else
		set_trouble(request, response, 404, "bad");
	return FALSE;
}

gboolean
till_page_api_read(TillCentral *central, TillRequest *request, TillResponse *response)
{
	TillPickupToken *token = g_new0(TillPickupToken, 1);
	gint64 mono_ms = till_clock_mono_ms(central->clock);
	char text[TILL_PICKUP_TOKEN_TEXT];
	g_autofree char *bucket = NULL;
	char id[TILL_UUID_TEXT];
	TillPickupCheck check = TILL_PICKUP_MALFORMED;

	request->message = token;
	request->message_free = g_free;
	if (till_pickup_token_find(request->arguments[0], text))
		check = till_pickup_key_ring_check(central->pickup_ring, text,
						   till_central_now_ms(central), token);
	bucket = check == TILL_PICKUP_VALID
		     ? g_strconcat("page ", till_uuid_format(&token->fulfilment, id), NULL)
		     : g_strdup(WRONG_CODES);
	if (!till_registry_allow(central->registry, bucket, mono_ms)) {
		set_trouble(request, response, 429, "many");
		return FALSE;
	}
	return check == TILL_PICKUP_VALID || refuse(request, response, check);
}

/* --- the books --- */

static char *
read_setting(TillCentral *central, const char *scope, const char *name)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT value FROM setting WHERE scope = ?1 AND name = ?2");
	char *value;

	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, name);
	if (!till_db_step(query, NULL))
		return g_strdup("");
	value = g_strdup(till_db_text(query, 0));
	till_db_reset(query);
	return value;
}

static void
read_store(TillCentral *central, Found *found)
{
	till_changes_scope(found->fulfilment->store, found->scope);
	found->store.shop_name = read_setting(central, found->scope, "shop_name");
	found->store.name = read_setting(central, found->scope, "store_name");
	found->store.address = read_setting(central, found->scope, "address");
	found->store.time_zone = read_setting(central, found->scope, "time_zone");
}

/* FALSE: response says why. */
static gboolean
find(TillCentral *central, TillRequest *request, TillResponse *response, Found *out)
{
	const TillPickupToken *token = request->message;
	g_autoptr(GError) error = NULL;
	char id[TILL_UUID_TEXT];

	out->order =
	    till_order_book_find(central->db, till_uuid_format(&token->fulfilment, id), &error);
	if (out->order == NULL && !g_error_matches(error, TILL_ERROR, TILL_ERROR_NOT_FOUND)) {
		till_response_error(response, error);
		return FALSE;
	}
	if (out->order != NULL)
		out->fulfilment = till_order_book_fulfilment(out->order, &token->fulfilment);
	if (out->fulfilment == NULL || !till_uuid_equal(&token->order, &out->fulfilment->order))
		set_trouble(request, response, 404, "bad");
	else if (token->serial < till_pickup_key_serial(out->fulfilment))
		set_trouble(request, response, 410, "old");
	else
		read_store(central, out);
	return response->status == 0;
}

/* --- answers --- */

static gboolean
is_shown(const TillFulfilment *fulfilment)
{
	TillFulfilmentState state = till_fulfilment_state(fulfilment);

	return fulfilment->kind == TILL_FULFILMENT_PICKUP && state != TILL_FULFILMENT_DONE &&
	       state != TILL_FULFILMENT_CANCELLED;
}

/* The code that is shown is the link that was opened. */
static char *
draw(TillCentral *central, const Found *found, const char *token, const char *language,
     GError **error)
{
	g_autofree char *url = till_pickup_token_url(central->public_url, token);
	g_autofree char *title = till_page_words_put(till_page_words_table(language), "code_title",
						     "number", found->fulfilment->number);

	return till_code_svg_make(url, title, error);
}

static const char *
choose_language(const TillRequest *request, const Found *found)
{
	return till_page_words_choose(till_request_header(request, "accept-language"),
				      found->order->record->language);
}

gboolean
till_page_api_page(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_auto(Found) found = {NULL};
	g_autoptr(GError) error = NULL;
	g_autofree char *svg = NULL;
	char token[TILL_PICKUP_TOKEN_TEXT];
	TillStatusView view = {.now_ms = till_central_now_ms(central)};

	if (!find(central, request, response, &found))
		return TRUE;
	if (!till_pickup_token_find(request->arguments[0], token))
		return TRUE;
	view.language = choose_language(request, &found);
	if (is_shown(found.fulfilment)) {
		svg = draw(central, &found, token, view.language, &error);
		if (svg == NULL) {
			till_response_error(response, error);
			return TRUE;
		}
	}
	view.fulfilment = found.fulfilment;
	view.record = found.order->record;
	view.store = &found.store;
	view.token = token;
	view.svg = svg;
	set_page(response, 200, till_status_page_make(&view), view.language);
	return TRUE;
}

gboolean
till_page_api_code(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_auto(Found) found = {NULL};
	g_autoptr(GError) error = NULL;
	char token[TILL_PICKUP_TOKEN_TEXT];
	char *svg;

	if (!find(central, request, response, &found) ||
	    !till_pickup_token_find(request->arguments[0], token))
		return TRUE;
	svg = draw(central, &found, token, choose_language(request, &found), &error);
	if (svg == NULL)
		till_response_error(response, error);
	else
		set_body(response, 200, "image/svg+xml", svg);
	return TRUE;
}

gboolean
till_page_api_events(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_auto(Found) found = {NULL};
	char id[TILL_UUID_TEXT];

	if (!find(central, request, response, &found))
		return TRUE;
	response->status = 200;
	response->kind = TILL_RESPONSE_EVENTS;
	response->content_type = "text/event-stream";
	response->path = g_strdup(found.scope);
	response->watch = g_strdup(till_uuid_format(&found.fulfilment->id, id));
	response->watch_version = found.fulfilment->version;
	return TRUE;
}

static void
set_resource(TillResponse *response, const char *path, const char *content_type)
{
	till_response_clear(response);
	response->status = 200;
	response->content_type = content_type;
	response->body = g_resource_lookup_data(till_central_get_resource(), path,
						G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_assert(response->body != NULL);
	till_response_header(response, "X-Content-Type-Options", "nosniff");
}

gboolean
till_page_api_style(TillCentral *central G_GNUC_UNUSED, TillRequest *request G_GNUC_UNUSED,
		    TillResponse *response)
{
	set_resource(response, "/tillhouse/central/web/status.css", "text/css; charset=utf-8");
	return TRUE;
}

gboolean
till_page_api_script(TillCentral *central G_GNUC_UNUSED, TillRequest *request G_GNUC_UNUSED,
		     TillResponse *response)
{
	set_resource(response, "/tillhouse/central/web/status.js",
		     "text/javascript; charset=utf-8");
	return TRUE;
}
