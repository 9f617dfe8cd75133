/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "fake-register-private.h"
#include "promo-json.h"
#include "text.h"

static void
add_tax(TillTaxTable *table, const char *tax_class)
{
	char id[] = "us-ny-sales", name[] = "Sales tax 8.875%";
	TillTax tax = {.id = id, .name = name, .rate_ppm = 88750};
	g_autoptr(GError) error = NULL;
	gboolean added = till_tax_table_add(table, tax_class, &tax, &error);

	g_assert(added);
}

static const char promotions[] =
    "{\"promotions\": ["
    "{\"id\": \"tees\", \"name\": \"Buy 2 tees, 20% off\", \"effects\": [{\"kind\": \"percent\","
    " \"on\": \"set\", \"rate_ppm\": 200000, \"parts\": [{\"quantity\": 2,"
    " \"items\": {\"skus\": [\"4012-NVY-M\"]}}]}]},"
    "{\"id\": \"mugs\", \"name\": \"Mugs: 3 for the price of 2\", \"effects\": [{\"kind\": "
    "\"percent\","
    " \"on\": \"set\", \"rate_ppm\": 1000000, \"cheapest\": 1, \"parts\": [{\"quantity\": 3,"
    " \"items\": {\"skus\": [\"6120\"]}}]}]},"
    "{\"id\": \"gold\", \"name\": \"Gold member 5%\", \"stage\": \"member\","
    " \"who\": {\"groups\": [\"gold\"]},"
    " \"effects\": [{\"kind\": \"percent\", \"on\": \"basket\", \"rate_ppm\": 50000}]},"
    "{\"id\": \"spring\", \"name\": \"Spring at home 10%\", \"coupon\": {\"codes\": "
    "[\"SPRING10\"]},"
    " \"effects\": [{\"kind\": \"percent\", \"rate_ppm\": 100000,"
    " \"items\": {\"categories\": [\"Home\"]}}]},"
    "{\"id\": \"old\", \"name\": \"Five off\", \"coupon\": {\"codes\": [\"OLD5\"]},"
    " \"valid\": {\"to_ms\": 1767225600000},"
    " \"effects\": [{\"kind\": \"amount\", \"on\": \"basket\", \"amount_minor\": 500}]},"
    "{\"id\": \"soap\", \"name\": \"Soap with 150.00\", \"needs\": [{\"amount_minor\": 15000}],"
    " \"effects\": [{\"kind\": \"gift\", \"sku\": \"9001\", \"quantity\": 1}]}"
    "]}";

static TillPromoIndex *
make_promotions(void)
{
	g_autoptr(GError) error = NULL;
	json_t *object = json_loads(promotions, 0, NULL);
	g_autoptr(GPtrArray) list = till_promo_json_read_list(object, "promotions", &error);
	TillPromoIndex *index;

	g_assert_no_error(error);
	index = till_promo_index_new((TillPromo *const *)list->pdata, list->len);
	json_decref(object);
	return index;
}

void
fake_register_fill_rules(TillPriceRules *rules)
{
	rules->currency = till_currency_find("USD");
	rules->taxes = till_tax_table_new(TILL_ROUND_HALF_UP);
	add_tax(rules->taxes, "standard");
	rules->promos = make_promotions();
	rules->cash_rounding.step_minor = fake_register_state()->cash_step_minor;
}

static void
run_rules(Answer *answer)
{
	TillPriceRules rules = {0};

	fake_register_fill_rules(&rules);
	((TillRegisterRulesCb)answer->cb)(&rules, NULL, answer->user);
	till_price_rules_clear(&rules);
}

void
till_register_rules_async(TillRegister *reg, const TillShopper *shopper, gpointer receiver,
			  TillRegisterRulesCb cb, gpointer user)
{
	(void)shopper;
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_rules);
}

void
till_register_moment(TillRegister *reg, const TillRegisterShop *shop, TillPriceMoment *out)
{
	(void)reg;
	*out = (TillPriceMoment){.now_ms = FAKE_REGISTER_OPENED_MS,
				 .minute = 872,
				 .channel = TILL_CHANNEL_STORE,
				 .store = shop->store_code};
}

TillPriced *
till_register_price(TillRegister *reg, const TillRegisterShop *shop, const TillBasket *basket,
		    GError **error)
{
	TillPriceMoment moment;

	till_register_moment(reg, shop, &moment);
	return till_price_for(basket, &shop->rules, &moment, error);
}

/* ---- customers ---- */

static void
run_customer(Answer *answer)
{
	TillCustomer *found = NULL;

	for (guint i = 0; i < answer->reg->customers->len; i++) {
		TillCustomer *customer = g_ptr_array_index(answer->reg->customers, i);

		if (strcmp(customer->loyalty, answer->text) == 0)
			found = till_customer_ref(customer);
	}
	((TillRegisterCustomerCb)answer->cb)(found, NULL, answer->user);
}

void
till_register_customer_async(TillRegister *reg, const char *code, gpointer receiver,
			     TillRegisterCustomerCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_customer)->text =
	    g_strdup(code);
}

static void
run_customers(Answer *answer)
{
	GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)till_customer_unref);
	g_autofree char *wanted = till_text_fold(answer->text);

	for (guint i = 0; i < answer->reg->customers->len; i++) {
		TillCustomer *customer = g_ptr_array_index(answer->reg->customers, i);
		g_autofree char *folded = till_text_fold(customer->name);

		if (strstr(folded, wanted) != NULL || strcmp(customer->email, answer->text) == 0)
			g_ptr_array_add(found, till_customer_ref(customer));
	}
	((TillRegisterCustomersCb)answer->cb)(found, NULL, answer->user);
}

void
till_register_customers_async(TillRegister *reg, const char *query, gpointer receiver,
			      TillRegisterCustomersCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_customers)->text =
	    g_strdup(query);
}

/* ---- changing a price by hand ---- */

void
till_register_approval_free(TillRegisterApproval *approval)
{
	if (approval == NULL)
		return;
	g_free(approval->words);
	g_free(approval->approved_by);
	g_free(approval->approver_name);
	g_free(approval);
}

static void
run_approve(Answer *answer)
{
	TillRegisterApproval *approval = g_new0(TillRegisterApproval, 1);
	gboolean right = strcmp(answer->text, "s2 4321") == 0;

	fake_register_state()->approvals++;
	approval->result = right ? TILL_APPROVAL_OK : TILL_APPROVAL_WRONG;
	approval->words = g_strdup(right ? "" : "That PIN is not right. Try again.");
	approval->approved_by = g_strdup(right ? "s2" : "");
	approval->approver_name = g_strdup(right ? "Tomas Reyes" : "");
	((TillRegisterApprovalCb)answer->cb)(approval, NULL, answer->user);
}

void
till_register_approve_async(TillRegister *reg, const TillRegisterOverride *asked,
			    const TillRegisterCredential *credential, gpointer receiver,
			    TillRegisterApprovalCb cb, gpointer user)
{
	(void)asked;
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_approve)->text =
	    g_strdup_printf("%s %.*s", credential->staff_id, (int)credential->length,
			    credential->pin);
}

static void
add_customer(TillRegister *reg, const char *id, const char *name, const char *email,
	     const char *loyalty, const char *groups)
{
	TillCustomer *customer = till_customer_new();

	customer->id = g_strdup(id);
	customer->name = g_strdup(name);
	customer->email = g_strdup(email);
	customer->phone = g_strdup("");
	customer->loyalty = g_strdup(loyalty);
	g_strfreev(customer->groups);
	customer->groups = till_customer_split(groups);
	g_ptr_array_add(reg->customers, customer);
}

void
fake_register_add_customers(TillRegister *reg)
{
	add_customer(reg, "c1", "Dana Kowalski", "dana@mail.example", "LOY-1001", "gold");
	add_customer(reg, "c2", "Noah Bergström", "noah.bergstrom@mail.example", "LOY-1002", "");
}
