/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include "file.h"
#include "money.h"
#include "quantity.h"
#include "register-source.h"
#include "rules-file.h"
#include "tax-words.h"

#define BASKET_MAX_BYTES (1024 * 1024)

static gboolean
say_line(const TillPricedLine *line, const TillCurrency *currency, GError **error)
{
	g_autofree char *quantity = till_quantity_format(line->quantity_milli);
	g_autofree char *unit = till_money_format(line->unit_minor, currency);
	g_autofree char *total = till_money_format(line->total_minor, currency);
	g_autofree char *title = till_item_title(line->item);
	if (!till_verb_say(error, "%s x %s  %s  %s", quantity, title, unit, total))
		return FALSE;
	if (line->discount_minor == 0)
		return TRUE;
	g_autofree char *discount = till_money_format(line->discount_minor, currency);
	return till_verb_say(error, "  discount -%s", discount);
}

static gboolean
say_priced(const TillPriced *priced, GError **error)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		if (!say_line(g_ptr_array_index(priced->lines, i), priced->currency, error))
			return FALSE;
	}
	g_autoptr(GPtrArray) taxes = till_tax_words(priced);
	for (guint i = 0; i < taxes->len; i++) {
		const TillTaxWords *tax = g_ptr_array_index(taxes, i);
		g_autofree char *words = till_tax_words_line(tax);
		g_autofree char *amount = till_money_format(tax->amount_minor, priced->currency);
		if (!till_verb_say(error, "%s %s%s", words, amount,
				   tax->inclusive ? " (included)" : ""))
			return FALSE;
	}
	g_autofree char *total = till_money_format(priced->total_minor, priced->currency);
	return till_verb_say(error, "total %s %s", total, priced->currency->code);
}

static gboolean
price_and_show(const TillVerb *verb, const TillBasketFile *file, const TillBasketSource *source,
	       const TillPriceRules *rules, GError **error)
{
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, source, error);
	if (basket == NULL)
		return FALSE;
	g_autoptr(TillPriced) priced = till_price_basket(basket, rules, error);
	if (priced == NULL)
		return FALSE;
	if (!verb->json)
		return say_priced(priced, error);
	g_autoptr(json_t) answer = till_verb_priced(priced);
	return till_verb_print(answer, error);
}

static gboolean
price_by_file(const TillVerb *verb, const TillBasketFile *file, const char *path, GError **error)
{
	g_autoptr(TillRulesFile) rules = till_rules_file_load(path, error);
	if (rules == NULL)
		return FALSE;
	TillBasketSource source = {.find_item = till_rules_file_find, .user = rules};
	return price_and_show(verb, file, &source, till_rules_file_rules(rules), error);
}

static gboolean
price_by_cache(const TillVerb *verb, const TillBasketFile *file, GError **error)
{
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	TillRegister *reg = till_register_new(store);
	TillRegisterShop *shop = till_register_shop(reg, error);
	TillBasketSource source = till_register_source(reg);
	gboolean is_done = shop != NULL && price_and_show(verb, file, &source, &shop->rules, error);
	till_register_shop_free(shop);
	till_register_free(reg);
	return is_done;
}

gboolean
till_verb_price(const TillVerb *verb, GError **error)
{
	const char *path = till_arguments_operand(verb->arguments, 0);
	const char *rules = till_arguments_option(verb->arguments, "rules");
	gsize size = 0;
	g_autofree char *text = till_file_read(path, BASKET_MAX_BYTES, &size, error);
	if (text == NULL)
		return FALSE;
	g_autoptr(TillBasketFile) file = till_basket_file_parse(text, size, error);
	if (file == NULL)
		return FALSE;
	return rules != NULL ? price_by_file(verb, file, rules, error)
			     : price_by_cache(verb, file, error);
}
