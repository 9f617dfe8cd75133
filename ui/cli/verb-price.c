/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include "clock.h"
#include "file.h"
#include "money.h"
#include "price-trace.h"
#include "quantity.h"
#include "register-source.h"
#include "rules-file.h"
#include "tax-words.h"

#define BASKET_MAX_BYTES (1024 * 1024)

/* A line, then what made its price another one than the list's. */
static gboolean
say_line(const TillPriced *priced, guint index, GError **error)
{
	const TillPricedLine *line = g_ptr_array_index(priced->lines, index);
	g_autofree char *quantity = till_quantity_format(line->quantity_milli);
	g_autofree char *unit = till_money_format(line->unit_minor, priced->currency);
	g_autofree char *total = till_money_format(line->total_minor, priced->currency);
	g_autofree char *title = till_item_title(line->item);
	g_autoptr(GArray) steps = till_price_trace_line(priced, index);
	if (!till_verb_say(error, "%s x %s  %s  %s", quantity, title, unit, total))
		return FALSE;
	for (guint i = 0; i < steps->len; i++) {
		const TillPriceStep *step = &g_array_index(steps, TillPriceStep, i);
		g_autofree char *amount = till_money_format(step->amount_minor, priced->currency);
		if ((step->kind == TILL_PRICE_STEP_OVERRIDE ||
		     step->kind == TILL_PRICE_STEP_DISCOUNT) &&
		    !till_verb_say(error, "  %s  %s", step->words, amount))
			return FALSE;
	}
	return TRUE;
}

static gboolean
say_taxes(const TillPriced *priced, GError **error)
{
	g_autoptr(GPtrArray) taxes = till_tax_words(priced);
	for (guint i = 0; i < taxes->len; i++) {
		const TillTaxWords *tax = g_ptr_array_index(taxes, i);
		g_autofree char *words = till_tax_words_line(tax);
		g_autofree char *amount = till_money_format(tax->amount_minor, priced->currency);
		if (!till_verb_say(error, "%s %s%s", words, amount,
				   tax->inclusive ? " (included)" : ""))
			return FALSE;
	}
	return TRUE;
}

/* Coupons and what they did, then what is nearly reached. */
static gboolean
say_offers(const TillPriced *priced, GError **error)
{
	const GArray *coupons = priced->promoted != NULL ? priced->promoted->coupons : NULL;
	g_auto(GStrv) hints = till_price_hints(priced, G_MAXUINT);
	for (guint i = 0; coupons != NULL && i < coupons->len; i++) {
		const TillPromoEngineCouponAnswer *answer =
		    &g_array_index(coupons, TillPromoEngineCouponAnswer, i);
		if (!till_verb_say(error, "coupon %s: %s", answer->code,
				   answer->reason == TILL_PROMO_ENGINE_APPLIED
				       ? answer->promo->name
				       : till_promo_engine_words(answer->reason)))
			return FALSE;
	}
	for (gsize i = 0; hints[i] != NULL; i++) {
		if (!till_verb_say(error, "hint: %s", hints[i]))
			return FALSE;
	}
	return TRUE;
}

static gboolean
say_priced(const TillPriced *priced, GError **error)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		if (!say_line(priced, i, error))
			return FALSE;
	}
	if (priced->discount_minor != 0) {
		g_autofree char *saved =
		    till_money_format(priced->discount_minor, priced->currency);
		if (!till_verb_say(error, "saved %s", saved))
			return FALSE;
	}
	g_autofree char *total = till_money_format(priced->total_minor, priced->currency);
	return say_taxes(priced, error) &&
	       till_verb_say(error, "total %s %s", total, priced->currency->code) &&
	       say_offers(priced, error);
}

static gboolean
show_priced(const TillVerb *verb, const TillPriced *priced, GError **error)
{
	if (!verb->json)
		return say_priced(priced, error);
	g_autoptr(json_t) answer = till_price_trace_json(priced, TRUE);
	return till_verb_print(answer, error);
}

static gboolean
price_by_file(const TillVerb *verb, const TillBasketFile *file, const char *path, GError **error)
{
	g_autoptr(TillRulesFile) rules =
	    till_rules_file_load(path, till_clock_wall_ms(till_clock_system()), error);
	if (rules == NULL)
		return FALSE;
	TillBasketSource source = till_rules_file_source(rules);
	source.staff = verb->name; /* a price asked for by hand is tried, not given */
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, error);
	if (basket == NULL)
		return FALSE;
	g_autoptr(TillPriced) priced = till_price_for(basket, till_rules_file_rules(rules),
						      till_rules_file_moment(rules), error);
	return priced != NULL && show_priced(verb, priced, error);
}

static gboolean
price_by_register(const TillVerb *verb, const TillBasketFile *file, TillRegister *reg,
		  TillRegisterShop *shop, GError **error)
{
	TillBasketSource source = till_register_source(reg, shop->currency);
	source.staff = verb->name; /* a price asked for by hand is tried, not given */
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, error);
	if (basket == NULL)
		return FALSE;
	till_price_rules_clear(&shop->rules);
	if (!till_register_rules(reg, till_basket_get_shopper(basket), &shop->rules, error))
		return FALSE;
	g_autoptr(TillPriced) priced = till_register_price(reg, shop, basket, error);
	return priced != NULL && show_priced(verb, priced, error);
}

static gboolean
price_by_cache(const TillVerb *verb, const TillBasketFile *file, GError **error)
{
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	TillRegister *reg = till_register_new(store);
	TillRegisterShop *shop = till_register_shop(reg, error);
	gboolean is_done = shop != NULL && price_by_register(verb, file, reg, shop, error);
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
