/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

#include <string.h>

#include "text.h"

/* Who buys and what they bring: customer, coupons, tax certificate. Each change prices the basket
 * at once with the rules at hand, and asks the register for those that count for this shopper: how
 * often an offer was used is looked up for them alone. */

/* ---- rules and price ---- */

TillPriced *
till_session_shopper_price(TillSession *self, const TillBasket *basket, GError **error)
{
	return till_register_price(self->reg, self->shop, basket, error);
}

/* What became of a code that was entered, once it was judged by the shopper's own rules. */
static void
tell_coupon(TillSession *self, const char *code)
{
	const TillPromoEngineCouponAnswer *answer = till_session_shopper_answer(self, code);

	if (answer == NULL)
		return; /* taken off again meanwhile */
	if (answer->reason == TILL_PROMO_ENGINE_APPLIED)
		till_session_notice(self, TILL_NOTICE_ACCEPTED, FALSE, "Coupon %s: %s",
				    answer->code, answer->promo->name);
	else
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "Coupon %s: %s",
				    answer->code, till_promo_engine_words(answer->reason));
}

static void
rules_cb(const TillPriceRules *rules, const GError *error, gpointer user)
{
	TillSession *self = user;
	g_autofree char *code = NULL;

	self->rules_asked--;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	if (self->rules_asked > 0 || self->shop == NULL)
		return; /* only the last answer is about this shopper */
	if (error == NULL) {
		till_price_rules_clear(&self->shop->rules);
		till_price_rules_copy(&self->shop->rules, rules);
	}
	till_session_basket_changed(self);
	code = g_steal_pointer(&self->entered);
	if (code != NULL)
		tell_coupon(self, code);
	till_session_scan_next(self);
}

void
till_session_shopper_load_rules(TillSession *self)
{
	self->rules_asked++;
	till_register_rules_async(self->reg, till_basket_get_shopper(self->basket), self, rules_cb,
				  self);
}

/* The shopper is another one, or brings something else. */
static void
shopper_changed(TillSession *self)
{
	till_session_basket_changed(self);
	till_session_shopper_load_rules(self);
}

static gboolean
may_change(TillSession *self)
{
	return self->shop != NULL && self->staff_id != NULL && self->phase != TILL_PHASE_BUSY;
}

static TillShopper *
begin_change(TillSession *self)
{
	till_session_pay_next(self);
	return till_basket_shopper(self->basket);
}

const TillShopper *
till_session_shopper(TillSession *self)
{
	return till_basket_get_shopper(self->basket);
}

/* ---- coupons ---- */

const TillPromoEngineCouponAnswer *
till_session_shopper_answer(TillSession *self, const char *code)
{
	const TillPromoEngineResult *promoted = self->priced ? self->priced->promoted : NULL;

	for (guint i = 0; promoted != NULL && i < promoted->coupons->len; i++) {
		const TillPromoEngineCouponAnswer *answer =
		    &g_array_index(promoted->coupons, TillPromoEngineCouponAnswer, i);

		if (strcmp(answer->code, code) == 0)
			return answer;
	}
	return NULL;
}

/* Whether some promotion has this code, whatever becomes of it; the code in capitals. Asked on a
 * basket of its own, so that a mistyped code leaves the sale as it was. */
static char *
find_code(TillSession *self, const char *text)
{
	g_autoptr(TillBasket) probe = till_basket_new();
	g_autoptr(TillPriced) priced = NULL;
	const TillPromoEngineCouponAnswer *answer;

	if (till_shopper_add_coupon(till_basket_shopper(probe), text) != TILL_SHOPPER_OK)
		return NULL;
	priced = till_session_shopper_price(self, probe, NULL);
	if (priced == NULL || priced->promoted == NULL || priced->promoted->coupons->len == 0)
		return NULL;
	answer = &g_array_index(priced->promoted->coupons, TillPromoEngineCouponAnswer, 0);
	return answer->reason == TILL_PROMO_ENGINE_UNKNOWN ? NULL : g_strdup(answer->code);
}

static void
tell_not_added(TillSession *self, TillShopperResult result, const char *code)
{
	if (result == TILL_SHOPPER_TWICE)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "Coupon %s is in this sale already.", code);
	else
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE,
				    "This sale holds as many coupons as it can. Remove one first.");
}

gboolean
till_session_shopper_try_coupon(TillSession *self, const char *text)
{
	TillShopperResult result;
	g_autofree char *code = NULL;

	if (!may_change(self))
		return FALSE;
	code = find_code(self, text);
	if (code == NULL)
		return FALSE;
	result = till_shopper_add_coupon(begin_change(self), code);
	if (result != TILL_SHOPPER_OK) {
		tell_not_added(self, result, code);
		return TRUE;
	}
	till_session_set_text(self, TILL_TEXT_UNKNOWN_WORDS, NULL);
	g_free(self->entered);
	self->entered = g_steal_pointer(&code);
	shopper_changed(self);
	return TRUE;
}

gboolean
till_session_shopper_enter_coupon(TillSession *self, const char *text)
{
	g_autofree char *clean = till_text_clean(text, 40);

	if (till_session_shopper_try_coupon(self, text))
		return TRUE;
	if (may_change(self))
		till_session_notice(
		    self, TILL_NOTICE_UNKNOWN, FALSE,
		    "There is no offer with the code “%s”. Check it, then try again.",
		    g_strstrip(clean));
	return FALSE;
}

void
till_session_shopper_remove_coupon(TillSession *self, const char *code)
{
	g_autofree char *kept = g_strdup(code);

	if (!may_change(self) || !till_shopper_remove_coupon(begin_change(self), kept))
		return;
	shopper_changed(self);
	till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "Coupon %s is off this sale.", kept);
}

/* ---- customer ---- */

/* "d•••@mail.example · Gold": nothing that may not be read over a shoulder. */
char *
till_session_shopper_describe(const TillCustomer *customer)
{
	g_autofree char *mail = till_customer_mask_email(customer->email ? customer->email : "");
	g_autofree char *phone = till_customer_mask_phone(customer->phone ? customer->phone : "");
	GString *words = g_string_new(*mail != '\0' ? mail : phone);

	for (guint i = 0; customer->groups[i] != NULL; i++) {
		g_autofree char *group = till_format_capital(customer->groups[i]);

		g_string_append_printf(words, "%s%s", words->len > 0 ? " · " : "", group);
	}
	return g_string_free(words, FALSE);
}

static const char *
name_of(const TillCustomer *customer)
{
	return customer->name != NULL && *customer->name != '\0' ? customer->name : customer->id;
}

void
till_session_shopper_update(TillSession *self)
{
	const TillCustomer *customer = till_session_shopper(self)->customer;

	if (customer == NULL) {
		till_session_set_text(self, TILL_TEXT_CUSTOMER_INITIALS, NULL);
		till_session_set_text(self, TILL_TEXT_CUSTOMER_DETAIL, NULL);
		till_session_set_text(self, TILL_TEXT_CUSTOMER_NAME, NULL);
		return;
	}
	till_session_take_text(self, TILL_TEXT_CUSTOMER_INITIALS,
			       till_format_initials(name_of(customer)));
	till_session_take_text(self, TILL_TEXT_CUSTOMER_DETAIL,
			       till_session_shopper_describe(customer));
	till_session_set_text(self, TILL_TEXT_CUSTOMER_NAME, name_of(customer));
}

void
till_session_shopper_set_customer(TillSession *self, const TillCustomer *customer)
{
	g_autofree char *name = customer ? g_strdup(name_of(customer)) : NULL;

	if (!may_change(self))
		return;
	till_shopper_set_customer(begin_change(self), customer);
	till_session_set_text(self, TILL_TEXT_UNKNOWN_WORDS, NULL);
	shopper_changed(self);
	if (name != NULL)
		till_session_notice(self, TILL_NOTICE_ACCEPTED, FALSE, "This sale is for %s.",
				    name);
	else
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE,
				    "The customer is off this sale.");
}

GListModel *
till_session_shopper_found(TillSession *self)
{
	return G_LIST_MODEL(self->found);
}

const TillCustomer *
till_session_shopper_found_at(TillSession *self, guint position)
{
	return self->customers != NULL && position < self->customers->len
		   ? g_ptr_array_index(self->customers, position)
		   : NULL;
}

static void
add_found(TillSession *self, const TillCustomer *customer)
{
	g_autoptr(TillRowItem) row = till_row_item_new(0, NULL);
	g_autofree char *detail = till_session_shopper_describe(customer);

	till_row_item_set(row, TILL_ROW_TITLE, name_of(customer));
	till_row_item_set(row, TILL_ROW_DETAIL, detail);
	till_row_item_set(row, TILL_ROW_KEY, customer->id);
	g_list_store_append(self->found, row);
}

static void
forget_found(TillSession *self)
{
	g_list_store_remove_all(self->found);
	g_clear_pointer(&self->customers, g_ptr_array_unref);
}

static void
customers_cb(GPtrArray *customers, const GError *error, gpointer user)
{
	TillSession *self = user;

	/* Answers come in the order of the questions: only the last one is still wanted. */
	self->customer_searches--;
	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	if (error != NULL || self->customer_searches > 0 || !self->customer_searching) {
		g_clear_pointer(&customers, g_ptr_array_unref);
		return;
	}
	forget_found(self);
	self->customers = customers;
	for (guint i = 0; i < customers->len; i++)
		add_found(self, g_ptr_array_index(customers, i));
	g_signal_emit_by_name(self, "customers-found", customers->len);
}

void
till_session_shopper_search(TillSession *self, const char *query)
{
	g_autofree char *text = g_strstrip(g_strdup(query));

	self->customer_searching = *text != '\0';
	if (!self->customer_searching) {
		forget_found(self);
		return;
	}
	self->customer_searches++;
	till_register_customers_async(self->reg, text, self, customers_cb, self);
}

static void
card_cb(TillCustomer *customer, const GError *error, gpointer user)
{
	TillSession *self = user;
	g_autofree char *code = g_steal_pointer(&self->card);

	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else if (customer != NULL)
		till_session_shopper_set_customer(self, customer);
	else if (self->card_only)
		till_session_notice(self, TILL_NOTICE_UNKNOWN, FALSE, "No customer has this card.");
	else
		till_session_scan_tell_unknown(self, code);
	g_signal_emit_by_name(self, "customers-found", customer != NULL ? 1 : 0);
	g_clear_pointer(&customer, till_customer_unref);
	till_session_scan_next(self);
}

static void
find_card(TillSession *self, const char *code, gboolean only)
{
	if (self->card != NULL)
		return;
	self->card = g_strdup(code);
	self->card_only = only;
	till_register_customer_async(self->reg, code, self, card_cb, self);
}

void
till_session_shopper_scan_card(TillSession *self, const char *code)
{
	find_card(self, code, TRUE);
}

void
till_session_shopper_try_card(TillSession *self, const char *code)
{
	find_card(self, code, FALSE);
}

/* ---- tax certificate ---- */

char **
till_session_shopper_tax_classes(TillSession *self)
{
	return till_tax_table_classes(self->shop->rules.taxes);
}

gboolean
till_session_shopper_set_exemption(TillSession *self, const TillExemption *exemption)
{
	gboolean none = exemption == NULL;

	if (!may_change(self) || !till_shopper_set_exemption(begin_change(self), exemption))
		return FALSE;
	shopper_changed(self);
	if (none)
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE, "Taxes are charged again.");
	else
		till_session_notice(self, TILL_NOTICE_ACCEPTED, FALSE,
				    "Certificate %s is on this sale.",
				    till_session_shopper(self)->exemption.certificate);
	return TRUE;
}

gboolean
till_session_shopper_is_exempt(TillSession *self)
{
	return till_shopper_is_exempt(till_session_shopper(self), till_clock_wall_ms(self->clock));
}
