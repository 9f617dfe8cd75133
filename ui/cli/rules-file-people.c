/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "money.h"
#include "rules-file-private.h"

#define CUSTOMERS_MAX 1000000
#define USES_MAX 2000000
#define COUNT_MAX G_MAXINT32
#define EMAIL_MAX 254
#define NAME_BYTES_MAX ((gsize)4 * TILL_NAME_MAX)

/* --- customers --- */

static void
read_names(TillJsonReader *reader, const char *field, char ***list)
{
	json_t *array = till_json_array(reader, field, TILL_CUSTOMER_LIST_MAX);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gsize index;
	json_t *value;

	json_array_foreach(array, index, value)
	{
		if (!json_is_string(value))
			till_json_fault(reader, field, "must be a list of texts");
		else
			g_ptr_array_add(names, g_strdup(json_string_value(value)));
	}
	g_ptr_array_add(names, NULL);
	g_strfreev(*list);
	*list = (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

static char *
read_text(TillJsonReader *reader, const char *field, gsize max_bytes)
{
	return g_strdup(till_json_string_or(reader, field, max_bytes, ""));
}

static void
read_customer(TillRulesFile *file, TillJsonReader *parent, gsize index)
{
	TillJsonReader reader = till_json_reader_item(parent, "customers", index);
	TillCustomer *customer = till_customer_new();

	customer->id = g_strdup(till_json_string(&reader, "id", TILL_CUSTOMER_ID_MAX));
	customer->name = read_text(&reader, "name", NAME_BYTES_MAX);
	customer->email = read_text(&reader, "email", EMAIL_MAX);
	customer->phone = read_text(&reader, "phone", TILL_CUSTOMER_ID_MAX);
	customer->loyalty = read_text(&reader, "loyalty", TILL_CUSTOMER_ID_MAX);
	read_names(&reader, "groups", &customer->groups);
	read_names(&reader, "segments", &customer->segments);
	customer->purchases = till_json_int_or(&reader, "purchases", 0, COUNT_MAX, 0);
	customer->offers = till_json_bool_or(&reader, "offers", TRUE);
	till_json_inherit(parent, &reader);
	g_ptr_array_add(file->customers, customer);
}

void
till_rules_file_read_customers(TillRulesFile *file, TillJsonReader *reader)
{
	gsize count = json_array_size(till_json_array(reader, "customers", CUSTOMERS_MAX));

	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++)
		read_customer(file, reader, i);
}

static gboolean
fits(const TillCustomer *customer, guint way, const char *text)
{
	if (way == 0)
		return strcmp(customer->id, text) == 0;
	if (way == 1)
		return strcmp(customer->loyalty, text) == 0;
	if (way == 2)
		return g_ascii_strcasecmp(customer->email, text) == 0;
	g_autofree char *known = till_customer_bare_phone(customer->phone);
	g_autofree char *asked = till_customer_bare_phone(text);
	return strcmp(known, asked) == 0;
}

/* In the order in which the central looks, too. */
TillCustomer *
till_rules_file_find_customer(gpointer user, const char *text, GError **error)
{
	const TillRulesFile *file = user;

	(void)error;
	for (guint way = 0; way < 4; way++) {
		for (guint i = 0; i < file->customers->len; i++) {
			const TillCustomer *customer = g_ptr_array_index(file->customers, i);
			if (fits(customer, way, text))
				return till_customer_ref(customer);
		}
	}
	return NULL;
}

/* --- uses --- */

static void
read_use(TillPriceUses *uses, TillJsonReader *parent, TillPriceUsesKind kind, gsize index)
{
	gboolean coupon = kind == TILL_PRICE_USES_COUPON;
	TillJsonReader reader =
	    till_json_reader_item(parent, coupon ? "coupon_uses" : "promotion_uses", index);
	const char *key = till_json_string(&reader, coupon ? "code" : "promotion", 64);
	const char *customer = till_json_string_or(&reader, "customer", TILL_CUSTOMER_ID_MAX, "");
	TillPriceUse use = {
	    .uses = till_json_int_or(&reader, "uses", 0, COUNT_MAX, 0),
	    .spent_minor = till_json_int_or(&reader, "spent_minor", 0, TILL_MONEY_MAX_MINOR, 0),
	};

	if (reader.fault[0] == '\0')
		till_price_uses_add(uses, kind, key, customer, &use);
	till_json_inherit(parent, &reader);
}

void
till_rules_file_read_uses(TillRulesFile *file, TillJsonReader *reader)
{
	gsize promotions = json_array_size(till_json_array(reader, "promotion_uses", USES_MAX));
	gsize coupons = json_array_size(till_json_array(reader, "coupon_uses", USES_MAX));

	file->rules.uses = till_price_uses_new();
	for (gsize i = 0; i < promotions && reader->fault[0] == '\0'; i++)
		read_use(file->rules.uses, reader, TILL_PRICE_USES_PROMOTION, i);
	for (gsize i = 0; i < coupons && reader->fault[0] == '\0'; i++)
		read_use(file->rules.uses, reader, TILL_PRICE_USES_COUPON, i);
}
