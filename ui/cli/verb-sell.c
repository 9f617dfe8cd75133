/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "file.h"
#include "line-reader.h"
#include "money.h"
#include "price-trace.h"
#include "register-source.h"
#include "seller.h"

#define BASKET_MAX_BYTES (1024 * 1024)
#define TENDER_TEXT_MAX 64

/* One run of the verb: an open register, the shop it prices for, and how each sale is paid. */
typedef struct {
	const TillVerb *verb;
	TillRegister *reg;                    /* borrowed */
	TillRegisterShop *shop;               /* owned; its rules are those of the last basket */
	TillTender tenders[TILL_TENDERS_MAX]; /* of the command line */
	gsize tender_count;
	gboolean pays_exactly; /* without a tender the shopper pays the total in cash */
	TillSeller who;        /* owned */
} Seller;

typedef struct {
	TillTender tenders[TILL_TENDERS_MAX];
	gsize count;
} Payment;

static gboolean
add_tender(Payment *payment, const char *text, GError **error)
{
	if (payment->count >= TILL_TENDERS_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "A sale takes at most %d tenders; use fewer.", TILL_TENDERS_MAX);
		return FALSE;
	}
	if (!till_tender_parse(text, &payment->tenders[payment->count], error))
		return FALSE;
	payment->count++;
	return TRUE;
}

/* The basket's own "tenders", if it has any. */
static gboolean
read_tenders(const json_t *object, Payment *payment, GError **error)
{
	TillJsonReader reader = till_json_reader(object, "basket");
	json_t *list = till_json_array(&reader, "tenders", TILL_TENDERS_MAX);
	size_t index;
	json_t *text;
	json_array_foreach(list, index, text)
	{
		if (!json_is_string(text) || json_string_length(text) > TENDER_TEXT_MAX) {
			till_json_fault(&reader, "tenders", "must be a list like [\"cash:20000\"]");
			break;
		}
		if (!add_tender(payment, json_string_value(text), error))
			return FALSE;
	}
	return till_json_reader_finish(&reader, error);
}

static gboolean
choose_payment(const Seller *seller, const json_t *object, gint64 total_minor, Payment *payment,
	       GError **error)
{
	gint64 cash_minor = till_tender_in_cash(total_minor, &seller->shop->rules.cash_rounding);

	if (!read_tenders(object, payment, error))
		return FALSE;
	if (payment->count == 0) {
		memcpy(payment->tenders, seller->tenders, sizeof payment->tenders);
		payment->count = seller->tender_count;
	}
	if (payment->count == 0 && seller->pays_exactly && cash_minor > 0) {
		payment->tenders[0] =
		    (TillTender){.kind = TILL_TENDER_CASH, .tendered_minor = cash_minor};
		payment->count = 1;
	}
	if (payment->count > 0 || cash_minor == 0)
		return TRUE;
	g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
			    "Say how the sale is paid; write: tillctl sell FILE --tender "
			    "cash:AMOUNT, in minor units.");
	return FALSE;
}

/* By the rules of now: the use of an offer by the sale before counts. */
static TillPriced *
price_basket(const Seller *seller, const TillBasket *basket, GError **error)
{
	TillRegisterShop *shop = seller->shop;
	till_price_rules_clear(&shop->rules);
	if (!till_register_rules(seller->reg, till_basket_get_shopper(basket), &shop->rules, error))
		return NULL;
	return till_register_price(seller->reg, shop, basket, error);
}

static TillPriced *
price_file(const Seller *seller, const TillBasketFile *file, GError **error)
{
	TillBasketSource source = till_register_source(seller->reg, seller->shop->currency);
	source.staff = seller->who.named ? seller->who.staff_id : NULL;
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, error);
	if (basket == NULL)
		return NULL;
	g_autoptr(TillPriced) priced = price_basket(seller, basket, error);
	gboolean is_changed = FALSE;
	if (priced == NULL || !till_seller_approve(&seller->who, seller->reg, seller->shop, priced,
						   basket, &is_changed, error))
		return NULL;
	return is_changed ? price_basket(seller, basket, error) : g_steal_pointer(&priced);
}

static gboolean
show_sold(const TillVerb *verb, const TillRegisterSold *sold, GError **error)
{
	const TillPriced *priced = sold->sale->priced;
	if (verb->json) {
		char txn[TILL_UUID_TEXT];
		g_autoptr(json_t) answer = till_price_trace_json(priced, FALSE);
		json_object_set_new(answer, "receipt", json_string(sold->receipt));
		json_object_set_new(answer, "change_minor", json_integer(sold->change_minor));
		json_object_set_new(answer, "rounding_minor",
				    json_integer(sold->sale->rounding_minor));
		json_object_set_new(answer, "txn", json_string(till_uuid_format(&sold->txn, txn)));
		return till_verb_print(answer, error);
	}
	g_autofree char *total = till_money_format(priced->total_minor, priced->currency);
	g_autofree char *tax = till_money_format(priced->tax_minor, priced->currency);
	g_autofree char *change = till_money_format(sold->change_minor, priced->currency);
	return till_verb_say(error, "%s  total %s  tax %s  change %s  %s", sold->receipt, total,
			     tax, change, priced->currency->code);
}

static TillRegisterSold *
commit(const Seller *seller, const TillBasketFile *file, TillPriced *priced, const Payment *payment,
       GError **error)
{
	TillRegisterPayment wish = {
	    .priced = priced,
	    .tenders = payment->tenders,
	    .tender_count = payment->count,
	    .cash_rounding = seller->shop->rules.cash_rounding,
	    .staff_id = seller->who.staff_id,
	    .staff_name = seller->who.staff_name,
	    .cart = file->cart,
	    .cart_version = file->cart_version,
	};
	TillRegisterSold *sold = till_register_sell(seller->reg, &wish, error);
	if (sold == NULL || sold->result == TILL_TENDER_OK)
		return sold;
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID, till_tender_words(sold->result));
	till_register_sold_free(sold);
	return NULL;
}

/* Sells one basket and prints it. out_printed is FALSE only when the sale stands but its line could
 * not be printed: then nothing more may be sold. */
static gboolean
sell_text(const Seller *seller, const char *text, gsize size, const char *place,
	  gboolean *out_printed, GError **error)
{
	g_autoptr(json_t) object = till_json_parse(text, size, BASKET_MAX_BYTES, "basket", error);
	if (object == NULL)
		return FALSE;
	g_autoptr(TillBasketFile) file = till_basket_file_from_json(object, error);
	if (file == NULL)
		return FALSE;
	g_autoptr(TillPriced) priced = price_file(seller, file, error);
	Payment payment = {.count = 0};
	if (priced == NULL || !choose_payment(seller, object, priced->total_minor, &payment, error))
		return FALSE;
	till_verb_warn_coupons(priced, place);
	TillRegisterSold *sold = commit(seller, file, g_steal_pointer(&priced), &payment, error);
	if (sold == NULL)
		return FALSE;
	*out_printed = show_sold(seller->verb, sold, error);
	till_register_sold_free(sold);
	return *out_printed;
}

static gboolean
sell_file(const Seller *seller, const char *path, GError **error)
{
	gsize size = 0;
	g_autofree char *text = till_file_read(path, BASKET_MAX_BYTES, &size, error);
	gboolean is_printed = TRUE;
	return text != NULL && sell_text(seller, text, size, "", &is_printed, error);
}

/* A full disk or a lost ledger concerns every basket after it as well. */
static gboolean
is_fatal(const GError *failure)
{
	return g_error_matches(failure, TILL_ERROR, TILL_ERROR_DISK) ||
	       g_error_matches(failure, TILL_ERROR, TILL_ERROR_FULL) ||
	       g_error_matches(failure, TILL_ERROR, TILL_ERROR_CORRUPT);
}

/* FALSE with an error when the run must end here. */
static gboolean
sell_line(const Seller *seller, const TillLineReader *reader, guint64 *bad_count, GError **error)
{
	g_autofree char *place = g_strdup_printf("line %" G_GUINT64_FORMAT ": ", reader->number);
	gboolean is_printed = TRUE;
	GError *failure = NULL;
	if (reader->too_long)
		g_set_error(&failure, TILL_ERROR, TILL_ERROR_LIMIT,
			    "The basket is larger than %d bytes; split it.", BASKET_MAX_BYTES);
	else if (sell_text(seller, reader->line->str, reader->line->len, place, &is_printed,
			   &failure))
		return TRUE;
	if (!is_printed || is_fatal(failure)) {
		g_propagate_prefixed_error(error, failure, "%s", place);
		return FALSE;
	}
	g_printerr("tillctl: %s%s\n", place, failure->message);
	g_error_free(failure);
	(*bad_count)++;
	return TRUE;
}

static gboolean
sell_stream(const Seller *seller, GError **error)
{
	g_auto(TillLineReader) reader = till_line_reader(stdin, BASKET_MAX_BYTES);
	guint64 bad_count = 0;
	while (till_line_reader_next(&reader)) {
		if (!reader.blank && !sell_line(seller, &reader, &bad_count, error))
			return FALSE;
	}
	if (reader.failed) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "Standard input broke off after line %" G_GUINT64_FORMAT
			    "; what was printed is sold.",
			    reader.number);
		return FALSE;
	}
	if (bad_count == 0)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
		    " lines were not sold; mend the lines named above and give them again.",
		    bad_count, reader.number);
	return FALSE;
}

static gboolean
read_options(const TillVerb *verb, Seller *seller, GError **error)
{
	g_autoptr(GPtrArray) texts = till_arguments_all(verb->arguments, "tender");
	Payment payment = {.count = 0};
	for (guint i = 0; i < texts->len; i++) {
		GError *failure = NULL;
		if (!add_tender(&payment, g_ptr_array_index(texts, i), &failure)) {
			g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0, failure->message);
			g_error_free(failure);
			return FALSE;
		}
	}
	memcpy(seller->tenders, payment.tenders, sizeof seller->tenders);
	seller->tender_count = payment.count;
	return TRUE;
}

gboolean
till_verb_sell(const TillVerb *verb, GError **error)
{
	const char *path = till_arguments_operand(verb->arguments, 0);
	gboolean is_stream = strcmp(path, "-") == 0;
	Seller seller = {.verb = verb, .pays_exactly = is_stream};
	if (!read_options(verb, &seller, error))
		return FALSE;
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	seller.reg = till_register_new(store);
	seller.shop = till_register_shop(seller.reg, error);
	gboolean is_done =
	    seller.shop != NULL &&
	    till_seller_read(&seller.who, verb->arguments, seller.reg, error) &&
	    (is_stream ? sell_stream(&seller, error) : sell_file(&seller, path, error));
	till_seller_clear(&seller.who);
	till_register_shop_free(seller.shop);
	till_register_free(seller.reg);
	return is_done;
}
