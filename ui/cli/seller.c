/* SPDX-License-Identifier: Apache-2.0 */
#include "seller.h"

#include <string.h>

#include "error.h"
#include "file.h"

#define PROGRAM "tillctl"
#define PIN_FILE_MAX 64

static gboolean
find_staff(TillSeller *out, const char *id, TillRegister *reg, GError **error)
{
	g_autoptr(GPtrArray) people = till_register_people(reg, error);
	if (people == NULL)
		return FALSE;
	for (guint i = 0; i < people->len; i++) {
		const TillRegisterPerson *person = g_ptr_array_index(people, i);
		if (strcmp(person->id, id) != 0)
			continue;
		out->staff_id = g_strdup(person->id);
		out->staff_name = g_strdup(person->name);
		out->role = person->role;
		out->named = TRUE;
		return TRUE;
	}
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "Nobody with the id %.64s works at this store; look at the staff list.", id);
	return FALSE;
}

static gboolean
read_pin(TillSeller *out, const char *path, GError **error)
{
	gsize size = 0;
	out->pin = till_file_read(path, PIN_FILE_MAX, &size, error);
	if (out->pin == NULL)
		return FALSE;
	out->pin[strcspn(out->pin, "\r\n")] = '\0';
	return TRUE;
}

gboolean
till_seller_read(TillSeller *out, const TillArguments *arguments, TillRegister *reg, GError **error)
{
	const char *staff = till_arguments_option(arguments, "staff");
	const char *path = till_arguments_option(arguments, "pin-file");
	out->approver_id = till_arguments_option(arguments, "approve");
	if ((out->approver_id == NULL) != (path == NULL)) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "An approval needs a person and a PIN; write: --approve ID "
				    "--pin-file FILE.");
		return FALSE;
	}
	if (staff != NULL ? !find_staff(out, staff, reg, error) : FALSE)
		return FALSE;
	if (staff == NULL) {
		out->staff_id = g_strdup(PROGRAM);
		out->staff_name = g_strdup(PROGRAM);
	}
	return path == NULL || read_pin(out, path, error);
}

void
till_seller_clear(TillSeller *seller)
{
	if (seller->pin != NULL)
		explicit_bzero(seller->pin, strlen(seller->pin));
	g_clear_pointer(&seller->pin, g_free);
	g_clear_pointer(&seller->staff_id, g_free);
	g_clear_pointer(&seller->staff_name, g_free);
}

static gboolean
ask(const TillSeller *seller, TillRegister *reg, const TillRegisterOverride *asked, GError **error)
{
	const TillRegisterCredential credential = {seller->approver_id, seller->pin,
						   strlen(seller->pin)};
	TillRegisterApproval *approval = till_register_approve(reg, asked, &credential, error);
	if (approval == NULL)
		return FALSE;
	gboolean is_approved = approval->result == TILL_APPROVAL_OK;
	if (!is_approved)
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "Line %u (%s): %s",
			    asked->line_id, asked->sku, approval->words);
	till_register_approval_free(approval);
	return is_approved;
}

static gboolean
approve_line(const TillSeller *seller, TillRegister *reg, const TillRegisterOverride *asked,
	     TillBasket *basket, GError **error)
{
	if (seller->approver_id == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Line %u (%s): %s may not change a price so far alone; name who lets "
			    "it pass with --approve ID --pin-file FILE.",
			    asked->line_id, asked->sku, seller->staff_name);
		return FALSE;
	}
	if (!ask(seller, reg, asked, error))
		return FALSE;
	TillManual manual = asked->manual;
	manual.approved_by = (char *)(guintptr)seller->approver_id; /* copied by the basket */
	return till_basket_set_manual(basket, asked->line_id, &manual) == TILL_BASKET_OK;
}

gboolean
till_seller_approve(const TillSeller *seller, TillRegister *reg, const TillRegisterShop *shop,
		    const TillPriced *priced, TillBasket *basket, gboolean *out_changed,
		    GError **error)
{
	*out_changed = FALSE;
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		TillRegisterOverride asked = {.sku = line->item->sku, .line_id = line->line_id};
		asked.manual = line->manual; /* borrowed for the asking */
		till_discount_policy_measure(line, &asked.list_minor, &asked.paid_minor);
		if (line->manual.kind == TILL_MANUAL_NONE ||
		    !till_discount_policy_needs_approval(&shop->discounts, seller->role,
							 asked.list_minor, asked.paid_minor))
			continue;
		if (!approve_line(seller, reg, &asked, basket, error))
			return FALSE;
		*out_changed = TRUE;
	}
	return TRUE;
}
