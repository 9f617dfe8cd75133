/* SPDX-License-Identifier: Apache-2.0 */
#include "basket.h"

#include <string.h>

#include "money.h"
#include "quantity.h"
#include "rounding.h"
#include "text.h"

typedef struct {
	TillBasketLine *line; /* owned */
	guint index;          /* where it stood */
} VoidedLine;

struct TillBasket {
	GPtrArray *lines;  /* of TillBasketLine, owned */
	GPtrArray *voided; /* of VoidedLine, owned; the last one is undone first */
	guint last_line_id;
	TillShopper shopper;
};

static void
free_line(gpointer data)
{
	TillBasketLine *line = data;

	if (line == NULL)
		return;
	till_item_unref(line->item);
	g_free(line->code);
	g_free(line->note);
	till_manual_clear(&line->manual);
	g_free(line);
}

static void
free_voided(gpointer data)
{
	VoidedLine *voided = data;

	free_line(voided->line);
	g_free(voided);
}

static TillBasketLine *
get_line(const TillBasket *basket, guint index)
{
	return g_ptr_array_index(basket->lines, index);
}

static gboolean
find_index(const TillBasket *basket, guint line_id, guint *out_index)
{
	for (guint i = 0; i < basket->lines->len; i++) {
		if (get_line(basket, i)->id == line_id) {
			*out_index = i;
			return TRUE;
		}
	}
	return FALSE;
}

static TillBasketResult
check_quantity(const TillItem *item, gint64 quantity_milli)
{
	if (quantity_milli <= 0 || quantity_milli > TILL_QUANTITY_MAX_MILLI)
		return TILL_BASKET_QUANTITY;
	if (!item->weighed && quantity_milli % TILL_QUANTITY_ONE != 0)
		return TILL_BASKET_NOT_PIECES;
	return TILL_BASKET_OK;
}

/* Counting up keeps one price a line: an item that was repriced since it was first scanned starts a
 * line. */
static TillBasketLine *
find_same(const TillBasket *basket, const TillItem *item, const TillDelivery *delivery)
{
	for (guint i = 0; i < basket->lines->len && !item->weighed; i++) {
		TillBasketLine *line = get_line(basket, i);
		if (*line->note == '\0' && line->manual.kind == TILL_MANUAL_NONE &&
		    line->embedded_minor == 0 && till_delivery_equal(&line->delivery, delivery) &&
		    line->item->price_minor == item->price_minor &&
		    g_strcmp0(line->item->sku, item->sku) == 0 &&
		    g_strcmp0(line->item->tax_class, item->tax_class) == 0)
			return line;
	}
	return NULL;
}

static TillBasketLine *
append_line(TillBasket *basket, const TillItem *item, const char *code, gint64 quantity_milli)
{
	TillBasketLine *line = g_new0(TillBasketLine, 1);

	line->id = ++basket->last_line_id;
	line->item = till_item_ref(item);
	line->code = g_strdup(code != NULL ? code : "");
	line->quantity_milli = quantity_milli;
	line->note = g_strdup("");
	g_ptr_array_add(basket->lines, line);
	return line;
}

TillBasket *
till_basket_new(void)
{
	TillBasket *basket = g_new0(TillBasket, 1);

	basket->lines = g_ptr_array_new_with_free_func(free_line);
	basket->voided = g_ptr_array_new_with_free_func(free_voided);
	return basket;
}

void
till_basket_free(TillBasket *basket)
{
	if (basket == NULL)
		return;
	g_ptr_array_free(basket->lines, TRUE);
	g_ptr_array_free(basket->voided, TRUE);
	till_shopper_clear(&basket->shopper);
	g_free(basket);
}

guint
till_basket_count(const TillBasket *basket)
{
	return basket->lines->len;
}

const TillBasketLine *
till_basket_line(const TillBasket *basket, guint index)
{
	g_assert(index < basket->lines->len);
	return get_line(basket, index);
}

const TillBasketLine *
till_basket_find(const TillBasket *basket, guint line_id)
{
	guint index;

	return find_index(basket, line_id, &index) ? get_line(basket, index) : NULL;
}

TillBasketResult
till_basket_add(TillBasket *basket, const TillItem *item, const char *code, gint64 quantity_milli,
		guint *out_line_id)
{
	static const TillDelivery carried;

	return till_basket_add_delivered(basket, item, code, quantity_milli, &carried, out_line_id);
}

TillBasketResult
till_basket_add_delivered(TillBasket *basket, const TillItem *item, const char *code,
			  gint64 quantity_milli, const TillDelivery *delivery, guint *out_line_id)
{
	if (!item->has_price)
		return TILL_BASKET_NO_PRICE;
	if (quantity_milli == 0 && item->weighed)
		return TILL_BASKET_NEEDS_WEIGHT;
	if (quantity_milli == 0)
		quantity_milli = TILL_QUANTITY_ONE;
	TillBasketResult result = check_quantity(item, quantity_milli);
	if (result != TILL_BASKET_OK)
		return result;

	TillBasketLine *line = find_same(basket, item, delivery);
	if (line != NULL && line->quantity_milli > TILL_QUANTITY_MAX_MILLI - quantity_milli)
		return TILL_BASKET_QUANTITY;
	if (line == NULL && basket->lines->len >= TILL_BASKET_LINES_MAX)
		return TILL_BASKET_FULL;
	if (line != NULL)
		line->quantity_milli += quantity_milli;
	else
		line = append_line(basket, item, code, quantity_milli);
	line->delivery = *delivery;
	if (out_line_id != NULL)
		*out_line_id = line->id;
	return TILL_BASKET_OK;
}

static TillBasketResult
derive_quantity(const TillItem *item, gint64 embedded_minor, gint64 *out_milli)
{
	if (!item->weighed) {
		*out_milli = TILL_QUANTITY_ONE;
		return TILL_BASKET_OK;
	}
	if (item->price_minor <= 0 ||
	    !till_rounding_scale(embedded_minor, TILL_QUANTITY_ONE, item->price_minor,
				 TILL_ROUND_HALF_UP, out_milli))
		return TILL_BASKET_NO_PRICE;
	*out_milli = MAX(*out_milli, (gint64)1);
	return TILL_BASKET_OK;
}

/* What the label says: how much, and at which price (0: none). */
static TillBasketResult
read_label(const TillItem *item, const TillVariableCode *variable, int exponent, gint64 *out_milli,
	   gint64 *out_minor)
{
	TillBasketResult result = TILL_BASKET_OK;

	*out_milli = *out_minor = 0;
	if (!item->has_price)
		return TILL_BASKET_NO_PRICE;
	if (variable->kind == TILL_VARIABLE_PRICE) {
		if (!till_variable_code_price(variable, exponent, out_minor) ||
		    *out_minor > TILL_MONEY_MAX_MINOR)
			return TILL_BASKET_BAD_EMBEDDED;
		result = derive_quantity(item, *out_minor, out_milli);
	} else if (!till_variable_code_weight(variable, out_milli)) {
		return TILL_BASKET_NEEDS_WEIGHT;
	}
	return result == TILL_BASKET_OK ? check_quantity(item, *out_milli) : result;
}

TillBasketResult
till_basket_add_scanned(TillBasket *basket, const TillItem *item, const char *code,
			const TillVariableCode *variable, int exponent, gint64 quantity_milli,
			guint *out_line_id)
{
	gint64 label_milli, label_minor;

	if (variable->kind == TILL_VARIABLE_NONE)
		return till_basket_add(basket, item, code, quantity_milli, out_line_id);
	if (quantity_milli != 0)
		return TILL_BASKET_EMBEDDED;
	TillBasketResult result = read_label(item, variable, exponent, &label_milli, &label_minor);
	if (result != TILL_BASKET_OK)
		return result;
	if (basket->lines->len >= TILL_BASKET_LINES_MAX)
		return TILL_BASKET_FULL;
	TillBasketLine *line = append_line(basket, item, code, label_milli);
	line->embedded_minor = label_minor;
	if (out_line_id != NULL)
		*out_line_id = line->id;
	return TILL_BASKET_OK;
}

TillBasketResult
till_basket_set_embedded(TillBasket *basket, guint line_id, gint64 embedded_minor)
{
	guint index;

	if (!find_index(basket, line_id, &index))
		return TILL_BASKET_NO_LINE;
	if (embedded_minor < 0 || embedded_minor > TILL_MONEY_MAX_MINOR)
		return TILL_BASKET_BAD_EMBEDDED;
	get_line(basket, index)->embedded_minor = embedded_minor;
	return TILL_BASKET_OK;
}

TillBasketResult
till_basket_set_quantity(TillBasket *basket, guint line_id, gint64 quantity_milli)
{
	guint index;

	if (!find_index(basket, line_id, &index))
		return TILL_BASKET_NO_LINE;
	TillBasketLine *line = get_line(basket, index);
	if (line->embedded_minor != 0)
		return TILL_BASKET_EMBEDDED;
	TillBasketResult result = check_quantity(line->item, quantity_milli);
	if (result == TILL_BASKET_OK)
		line->quantity_milli = quantity_milli;
	return result;
}

TillBasketResult
till_basket_set_note(TillBasket *basket, guint line_id, const char *note)
{
	guint index;

	if (!find_index(basket, line_id, &index))
		return TILL_BASKET_NO_LINE;
	TillBasketLine *line = get_line(basket, index);
	g_free(line->note);
	line->note = till_text_clean(note != NULL ? note : "", TILL_NOTE_MAX);
	return TILL_BASKET_OK;
}

TillBasketResult
till_basket_set_delivery(TillBasket *basket, guint line_id, const TillDelivery *delivery)
{
	guint index;

	if (!find_index(basket, line_id, &index))
		return TILL_BASKET_NO_LINE;
	get_line(basket, index)->delivery = *delivery;
	return TILL_BASKET_OK;
}

TillBasketResult
till_basket_set_manual(TillBasket *basket, guint line_id, const TillManual *manual)
{
	static const TillManual none = {0};
	guint index;

	if (!find_index(basket, line_id, &index))
		return TILL_BASKET_NO_LINE;
	if (manual != NULL && !till_manual_is_sound(manual))
		return TILL_BASKET_BAD_MANUAL;
	till_manual_set(&get_line(basket, index)->manual, manual != NULL ? manual : &none);
	return TILL_BASKET_OK;
}

TillBasketResult
till_basket_void(TillBasket *basket, guint line_id)
{
	guint index;

	if (!find_index(basket, line_id, &index))
		return TILL_BASKET_NO_LINE;
	if (basket->voided->len >= TILL_BASKET_LINES_MAX)
		g_ptr_array_remove_index(basket->voided, 0);
	VoidedLine *voided = g_new0(VoidedLine, 1);
	voided->line = g_ptr_array_steal_index(basket->lines, index);
	voided->index = index;
	g_ptr_array_add(basket->voided, voided);
	return TILL_BASKET_OK;
}

gboolean
till_basket_undo_void(TillBasket *basket, guint *out_line_id)
{
	if (basket->voided->len == 0 || basket->lines->len >= TILL_BASKET_LINES_MAX)
		return FALSE;
	VoidedLine *voided = g_ptr_array_steal_index(basket->voided, basket->voided->len - 1);
	TillBasketLine *line = g_steal_pointer(&voided->line);
	guint index = MIN(voided->index, basket->lines->len);
	free_voided(voided);
	g_ptr_array_insert(basket->lines, (int)index, line);
	if (out_line_id != NULL)
		*out_line_id = line->id;
	return TRUE;
}

/* Line ids go on counting: a late answer for the basket before must not hit a line of the next. */
void
till_basket_clear(TillBasket *basket)
{
	g_ptr_array_set_size(basket->lines, 0);
	g_ptr_array_set_size(basket->voided, 0);
	till_shopper_clear(&basket->shopper);
}

TillShopper *
till_basket_shopper(TillBasket *basket)
{
	return &basket->shopper;
}

const TillShopper *
till_basket_get_shopper(const TillBasket *basket)
{
	return &basket->shopper;
}

const char *
till_basket_words(TillBasketResult result)
{
	switch (result) {
	case TILL_BASKET_OK:
		return "Added to the basket.";
	case TILL_BASKET_FULL:
		return "The basket holds 500 lines and is full; finish this sale and start "
		       "another.";
	case TILL_BASKET_QUANTITY:
		return "This quantity is not possible; type a number from 0.001 to 9,999,999.";
	case TILL_BASKET_NO_PRICE:
		return "This item has no price in this store; ask head office to set one.";
	case TILL_BASKET_NEEDS_WEIGHT:
		return "This item is sold by weight; put it on the scale or type its weight.";
	case TILL_BASKET_NO_LINE:
		return "This line is no longer in the basket; scan the item again.";
	case TILL_BASKET_NOT_PIECES:
		return "This item is sold by the piece; type a whole number.";
	case TILL_BASKET_BAD_MANUAL:
		return "This price or discount is not possible; give a reason and an amount the "
		       "item can bear.";
	case TILL_BASKET_EMBEDDED:
		return "The quantity is in the code of its label; scan another label or void the "
		       "line.";
	case TILL_BASKET_BAD_EMBEDDED:
		return "The label says a price that cannot be paid here; weigh the item or type "
		       "its price.";
	default:
		g_assert_not_reached();
	}
}
