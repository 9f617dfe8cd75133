/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "basket-file.h"
#include "basket-maker.h"
#include "channel-key.h"
#include "counter.h"
#include "error.h"
#include "price-trace.h"
#include "rules.h"

/* Prices a basket with the till's own engine from the central's tables: what any channel is told is
 * what the counter would ask. */

typedef struct {
	TillCentral *central;
	const char *store_code;
	TillPriceMoment moment;
	TillPriceRules rules;
} Quote;

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

static TillItem *
find_item(gpointer user, const char *code, TillVariableCode *out_variable, GError **error)
{
	const Quote *quote = user;

	*out_variable = (TillVariableCode){.kind = TILL_VARIABLE_NONE};
	if (quote->rules.variable_codes != NULL) {
		TillItem *item = till_counter_variable(quote->central->db, quote->store_code, code,
						       quote->moment.now_ms,
						       quote->rules.variable_codes, out_variable);
		if (item != NULL)
			return item;
	}
	return till_counter_item(quote->central->db, quote->store_code, code, quote->moment.now_ms,
				 error);
}

static TillCustomer *
find_customer(gpointer user, const char *text, GError **error)
{
	const Quote *quote = user;

	return till_counter_customer(quote->central->db, text, error);
}

static TillPriced *
price(Quote *quote, const TillBasketFile *file, GError **error)
{
	TillBasketSource source = {find_item, find_customer, quote, NULL, quote->rules.currency};
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, error);

	if (basket == NULL)
		return NULL;
	quote->rules.uses =
	    till_rules_uses(quote->central->db, till_basket_get_shopper(basket), error);
	if (quote->rules.uses == NULL)
		return NULL;
	return till_price_for(basket, &quote->rules, &quote->moment, error);
}

static TillPriced *
make_quote(Quote *quote, const TillBasketFile *file, const char *channel, GError **error)
{
	TillPriced *priced = NULL;

	if (till_rules_moment(quote->central, quote->store_code, channel, &quote->moment, error) &&
	    till_rules_read(quote->central, quote->store_code, TILL_TAX_CARRY, &quote->rules,
			    error))
		priced = price(quote, file, error);
	till_price_rules_clear(&quote->rules);
	return priced;
}

TillPriced *
till_quote_api_price(TillCentral *central, const char *store_code, const TillBasketFile *file,
		     GError **error)
{
	Quote quote = {.central = central, .store_code = store_code};

	return make_quote(&quote, file, TILL_CHANNEL_STORE, error);
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
	Quote quote = {.central = central,
		       .store_code = *store != '\0' ? store : request->terminal.store_code};
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
	priced = make_quote(&quote, request->message, channel, &error);
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
