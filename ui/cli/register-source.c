/* SPDX-License-Identifier: Apache-2.0 */
#include "register-source.h"

#include "error.h"

static TillItem *
find_item(gpointer user, const char *code, GError **error)
{
	TillRegisterFound *found = till_register_find(user, code, error);
	if (found == NULL)
		return NULL;
	TillItem *item = g_steal_pointer(&found->item);
	if (found->refused)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "the code is empty, too long or holds control characters.");
	till_register_found_free(found);
	return item;
}

TillBasketSource
till_register_source(TillRegister *reg)
{
	return (TillBasketSource){.find_item = find_item, .user = reg};
}
