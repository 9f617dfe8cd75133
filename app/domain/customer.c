/* SPDX-License-Identifier: Apache-2.0 */
#include "customer.h"

#include <string.h>

#define MASK "•••"
#define PHONE_TAIL 4

static void
clear_customer(gpointer data)
{
	TillCustomer *customer = data;

	g_free(customer->id);
	g_free(customer->name);
	g_free(customer->email);
	g_free(customer->phone);
	g_free(customer->loyalty);
	g_strfreev(customer->groups);
	g_strfreev(customer->segments);
}

TillCustomer *
till_customer_new(void)
{
	TillCustomer *customer = g_atomic_rc_box_new0(TillCustomer);

	customer->groups = g_new0(char *, 1);
	customer->segments = g_new0(char *, 1);
	customer->offers = TRUE;
	return customer;
}

TillCustomer *
till_customer_ref(const TillCustomer *customer)
{
	/* Only the count changes, which lies outside. */
	union {
		const TillCustomer *constant;
		TillCustomer *counted;
	} view = {.constant = customer};

	g_assert(customer != NULL);
	return g_atomic_rc_box_acquire(view.counted);
}

void
till_customer_unref(TillCustomer *customer)
{
	if (customer != NULL)
		g_atomic_rc_box_release_full(customer, clear_customer);
}

char **
till_customer_split(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ",", -1);
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; parts[i] != NULL && list->len < TILL_CUSTOMER_LIST_MAX; i++) {
		g_strstrip(parts[i]);
		if (parts[i][0] != '\0')
			g_ptr_array_add(list, g_strdup(parts[i]));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

const char *const *
till_customer_segments(const TillCustomer *customer)
{
	static const char *const none[] = {NULL};

	return customer->offers ? (const char *const *)customer->segments : none;
}

char *
till_customer_mask_email(const char *email)
{
	const char *at = email != NULL ? strchr(email, '@') : NULL;

	if (at == NULL || at == email || !g_utf8_validate(email, -1, NULL))
		return g_strdup("");
	g_autofree char *first = g_utf8_substring(email, 0, 1);
	return g_strconcat(first, MASK, at, NULL);
}

char *
till_customer_mask_phone(const char *phone)
{
	char tail[PHONE_TAIL + 1] = "";
	guint count = 0;

	for (gsize i = phone != NULL ? strlen(phone) : 0; i > 0 && count < PHONE_TAIL; i--) {
		if (g_ascii_isdigit(phone[i - 1]))
			tail[PHONE_TAIL - 1 - count++] = phone[i - 1];
	}
	return count == PHONE_TAIL ? g_strconcat(MASK " ", tail, NULL) : g_strdup("");
}

char *
till_customer_mask_code(const char *code)
{
	if (code == NULL || *code == '\0' || !g_utf8_validate(code, -1, NULL))
		return g_strdup("");
	glong length = g_utf8_strlen(code, -1);
	glong shown = MIN((glong)PHONE_TAIL, length / 2);
	g_autofree char *tail = g_utf8_substring(code, length - shown, length);
	return g_strconcat(MASK " ", tail, NULL);
}

char *
till_customer_bare_phone(const char *phone)
{
	GString *bare = g_string_new(NULL);

	for (const char *p = phone; *p != '\0'; p++) {
		if (strchr(" -()", *p) == NULL)
			g_string_append_c(bare, *p);
	}
	return g_string_free(bare, FALSE);
}
