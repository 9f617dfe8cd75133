/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include "error.h"
#include "register.h"

/* What is masked can be read over a shoulder or stay in a log; --reveal says that it may. */

typedef struct {
	char *email;
	char *phone;
	char *loyalty;
} Shown;

static Shown
choose(const TillCustomer *customer, gboolean reveal)
{
	if (reveal)
		return (Shown){g_strdup(customer->email), g_strdup(customer->phone),
			       g_strdup(customer->loyalty)};
	return (Shown){till_customer_mask_email(customer->email),
		       till_customer_mask_phone(customer->phone),
		       till_customer_mask_code(customer->loyalty)};
}

static void
clear(Shown *shown)
{
	g_free(shown->email);
	g_free(shown->phone);
	g_free(shown->loyalty);
}

static json_t *
write_list(char *const *texts)
{
	json_t *list = json_array();
	for (gsize i = 0; texts[i] != NULL; i++)
		json_array_append_new(list, json_string(texts[i]));
	return list;
}

static gboolean
show_customer(const TillVerb *verb, const TillCustomer *customer, GError **error)
{
	gboolean reveal = verb->json && till_arguments_option(verb->arguments, "reveal") != NULL;
	Shown shown = choose(customer, reveal);
	g_autofree char *groups = g_strjoinv(",", customer->groups);
	gboolean is_said;
	if (verb->json) {
		g_autoptr(json_t) answer = json_pack(
		    "{s:s, s:s, s:s, s:s, s:s, s:o, s:I, s:b}", "id", customer->id, "name",
		    customer->name, "email", shown.email, "phone", shown.phone, "loyalty",
		    shown.loyalty, "groups", write_list(customer->groups), "purchases",
		    (json_int_t)customer->purchases, "offers", customer->offers);
		is_said = till_verb_print(answer, error);
	} else {
		is_said = till_verb_say(error, "%s  %s  %s  %s  %s%s%s", customer->id,
					customer->name, shown.email, shown.phone, shown.loyalty,
					*groups != '\0' ? "  " : "", groups);
	}
	clear(&shown);
	return is_said;
}

static gboolean
show_customers(const TillVerb *verb, TillRegister *reg, GError **error)
{
	const char *query = till_arguments_operand(verb->arguments, 0);
	g_autoptr(GPtrArray) customers = till_register_customers(reg, query, error);
	if (customers == NULL)
		return FALSE;
	if (customers->len == 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "Nobody fits %.80s; give an id, a loyalty code, a whole mail address, "
			    "seven digits of a phone number or the beginning of a name.",
			    query);
		return FALSE;
	}
	for (guint i = 0; i < customers->len; i++) {
		if (!show_customer(verb, g_ptr_array_index(customers, i), error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_verb_customer(const TillVerb *verb, GError **error)
{
	if (till_arguments_option(verb->arguments, "reveal") != NULL && !verb->json) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "Only JSON shows everything; write: tillctl --json customer "
				    "QUERY --reveal.");
		return FALSE;
	}
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	TillRegister *reg = till_register_new(store);
	gboolean is_done = show_customers(verb, reg, error);
	till_register_free(reg);
	return is_done;
}
