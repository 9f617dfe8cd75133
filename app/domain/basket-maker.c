/* SPDX-License-Identifier: Apache-2.0 */
#include "basket-maker.h"

#include "error.h"

typedef struct {
	const TillItem *item; /* borrowed */
	TillVariableCode variable;
} Found;

/* A change by hand keeps its line to itself: no other piece is counted up on it. */
static TillBasketResult
change_line(TillBasket *basket, const TillBasketFileLine *line, const char *staff)
{
	const TillBasketLine *last = till_basket_line(basket, till_basket_count(basket) - 1);
	TillManual manual = line->manual;

	manual.staff = (char *)(guintptr)staff; /* copied by the basket */
	return till_basket_set_manual(basket, last->id, &manual);
}

static gboolean
add_line(TillBasket *basket, const TillBasketFileLine *line, guint index, const Found *found,
	 const TillBasketSource *source, GError **error)
{
	const char *staff = source->staff;
	gboolean by_hand = line->manual.kind != TILL_MANUAL_NONE;
	guint before = till_basket_count(basket);
	if (by_hand && staff == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "basket.lines[%u].manual: nobody is named who changes a price by hand; "
			    "say who, or leave it out.",
			    index);
		return FALSE;
	}
	TillBasketResult result =
	    till_basket_file_add(line, found->item, &found->variable, source->currency, basket);
	if (result == TILL_BASKET_OK && by_hand && till_basket_count(basket) == before) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "basket.lines[%u].manual: this item stands on a line before at its own "
			    "price; put the changed line first.",
			    index);
		return FALSE;
	}
	if (result == TILL_BASKET_OK && by_hand)
		result = change_line(basket, line, staff);
	if (result == TILL_BASKET_OK)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "basket.lines[%u] (%s): %s", index,
		    line->code, till_basket_words(result));
	return FALSE;
}

static gboolean
fill_lines(TillBasket *basket, const TillBasketFile *file, const TillBasketSource *source,
	   GError **error)
{
	for (guint i = 0; i < file->lines->len; i++) {
		const TillBasketFileLine *line = g_ptr_array_index(file->lines, i);
		GError *failure = NULL;
		TillVariableCode variable = {.kind = TILL_VARIABLE_NONE};
		g_autoptr(TillItem) item =
		    source->find_item(source->user, line->code, &variable, &failure);
		if (failure != NULL) {
			g_propagate_prefixed_error(error, failure, "basket.lines[%u]: ", i);
			return FALSE;
		}
		if (item == NULL) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
				    "basket.lines[%u]: no item has the code %s; mend the code, or "
				    "run tillctl sync if it is new.",
				    i, line->code);
			return FALSE;
		}
		Found found = {item, variable};
		if (!add_line(basket, line, i, &found, source, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
fill_customer(TillBasket *basket, const TillBasketFile *file, const TillBasketSource *source,
	      GError **error)
{
	GError *failure = NULL;

	if (*file->customer == '\0' || source->find_customer == NULL)
		return TRUE;
	g_autoptr(TillCustomer) customer =
	    source->find_customer(source->user, file->customer, &failure);
	if (failure != NULL) {
		g_propagate_prefixed_error(error, failure, "basket.customer: ");
		return FALSE;
	}
	if (customer == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "basket.customer: nobody has the id, loyalty code, mail or phone %s; "
			    "mend it, or leave it out.",
			    file->customer);
		return FALSE;
	}
	till_shopper_set_customer(till_basket_shopper(basket), customer);
	return TRUE;
}

TillBasket *
till_basket_maker_build(const TillBasketFile *file, const TillBasketSource *source, GError **error)
{
	g_autoptr(TillBasket) basket = till_basket_new();

	if (!fill_lines(basket, file, source, error))
		return NULL;
	till_shopper_set(till_basket_shopper(basket), &file->shopper);
	if (!fill_customer(basket, file, source, error))
		return NULL;
	return g_steal_pointer(&basket);
}
