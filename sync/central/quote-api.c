/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "basket-file.h"
#include "channel-key.h"
#include "error.h"
#include "price-trace.h"
#include "quote.h"

/* Prices a basket with the till's own engine from the central's tables: what any channel is told is
 * what the counter would ask. */

gboolean
till_quote_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	request->message = till_basket_file_parse(text, size, &error);
	if (request->message == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	request->message_free = (GDestroyNotify)till_basket_file_free;
	return TRUE;
}

TillPriced *
till_quote_api_price(TillCentral *central, const char *store_code, const TillBasketFile *file,
		     GError **error)
{
	TillQuote quote = {.central = central,
			   .store_code = store_code,
			   .channel = TILL_CHANNEL_STORE,
			   .fulfilment = TILL_TAX_CARRY};

	return till_quote_price(&quote, file, error);
}

/* Who has a key asks for its channel; head office may ask for any. NULL: response holds the
 * problem.
 */
static const char *
settle_channel(const TillRequest *request, TillResponse *response)
{
	const char *asked = till_request_query(request, "channel");
	const char *own = request->key.name[0] != '\0' ? request->key.channel : TILL_CHANNEL_OFFICE;
	gboolean any = strcmp(own, TILL_CHANNEL_OFFICE) == 0;

	if (*asked == '\0')
		return any ? TILL_CHANNEL_STORE : own;
	if (!till_channel_key_is_channel(asked)) {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "There is no channel \"%.40s\"; use store, web, app, chat, "
				      "social or support.",
				      asked);
		return NULL;
	}
	if (any || strcmp(asked, own) == 0)
		return asked;
	till_response_problem(response, TILL_PROBLEM_FORBIDDEN,
			      "This key asks for the channel %s only.", own);
	return NULL;
}

gboolean
till_quote_api_quote(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *store = till_request_query(request, "store");
	const char *channel = settle_channel(request, response);
	gboolean trace = strcmp(till_request_query(request, "trace"), "1") == 0;
	TillQuote quote = {.central = central,
			   .store_code = *store != '\0' ? store : request->terminal.store_code,
			   .channel = channel,
			   .fulfilment = TILL_TAX_CARRY};
	g_autoptr(TillPriced) priced = NULL;
	g_autoptr(GError) error = NULL;
	json_t *answer;

	if (channel == NULL)
		return TRUE;
	if (*quote.store_code == '\0') {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Say for which store: /v1/quote?store=CODE.");
		return TRUE;
	}
	priced = till_quote_price(&quote, request->message, &error);
	if (priced == NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = till_price_trace_json(priced, trace);
	json_object_set_new(answer, "store", json_string(quote.store_code));
	json_object_set_new(answer, "at_ms", json_integer(quote.moment.now_ms));
	till_response_json(response, answer);
	return TRUE;
}
