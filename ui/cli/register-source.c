/* SPDX-License-Identifier: Apache-2.0 */
#include "register-source.h"

#include "error.h"

static TillItem *
find_item(gpointer user, const char *code, TillVariableCode *out_variable, GError **error)
{
	TillRegisterFound *found = till_register_find(user, code, error);
	if (found == NULL)
		return NULL;
	TillItem *item = g_steal_pointer(&found->item);
	*out_variable = found->variable;
	if (found->refused)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "the code is empty, too long or holds control characters.");
	till_register_found_free(found);
	return item;
}

/* One person, or nobody is taken: a name that fits several does not decide a price. */
static TillCustomer *
find_customer(gpointer user, const char *text, GError **error)
{
	GError *failure = NULL;
	TillCustomer *exact = till_register_customer(user, text, &failure);
	if (exact != NULL)
		return exact;
	if (failure != NULL) {
		g_propagate_error(error, failure);
		return NULL;
	}
	g_autoptr(GPtrArray) found = till_register_customers(user, text, error);
	if (found == NULL || found->len == 0)
		return NULL;
	if (found->len == 1)
		return till_customer_ref(g_ptr_array_index(found, 0));
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "%u people fit %.80s; look with tillctl customer and give the id.", found->len,
		    text);
	return NULL;
}

TillBasketSource
till_register_source(TillRegister *reg, const TillCurrency *currency)
{
	return (TillBasketSource){.find_item = find_item,
				  .find_customer = find_customer,
				  .user = reg,
				  .currency = currency};
}
