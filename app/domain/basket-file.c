/* SPDX-License-Identifier: Apache-2.0 */
#include "basket-file.h"

#include "error.h"
#include "json.h"
#include "quantity.h"
#include "scan.h"

#define SIZE_MAX_BYTES ((gsize)1024 * 1024)
#define CODE_MAX 512 /* a code of goods: longer ones are none */
#define CUSTOMER_MAX 128
#define CART_MAX 64
#define NOTE_BYTES_MAX ((gsize)4 * TILL_NOTE_MAX)

static void
free_line(gpointer data)
{
	TillBasketFileLine *line = data;

	g_free(line->code);
	g_free(line->note);
	till_manual_clear(&line->manual);
	g_free(line);
}

static TillBasketFile *
create_file(void)
{
	TillBasketFile *file = g_new0(TillBasketFile, 1);

	file->lines = g_ptr_array_new_with_free_func(free_line);
	return file;
}

static void
read_line(TillJsonReader *reader, gsize index, TillBasketFile *file)
{
	TillJsonReader item = till_json_reader_item(reader, "lines", index);
	TillBasketFileLine *line = g_new0(TillBasketFileLine, 1);

	line->code = g_strdup(till_json_string(&item, "code", CODE_MAX));
	line->quantity_milli =
	    till_json_int_or(&item, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI, 0);
	line->note = g_strdup(till_json_string_or(&item, "note", NOTE_BYTES_MAX, ""));
	line->delivery = till_delivery_read(&item);
	till_manual_read_wish(&item, &line->manual);
	if (*line->code == '\0')
		till_json_fault(&item, "code", "is empty");
	till_json_inherit(reader, &item);
	g_ptr_array_add(file->lines, line);
}

static void
read_coupon(TillJsonReader *reader, const json_t *value, TillBasketFile *file)
{
	TillShopperResult result =
	    till_shopper_add_coupon(&file->shopper, json_string_value(value));

	if (result == TILL_SHOPPER_BAD)
		till_json_fault(reader, "coupons", "holds something that is no code");
}

static void
read_cart(TillJsonReader *parent, TillBasketFile *file)
{
	const json_t *object = till_json_object(parent, "cart");

	file->cart = g_strdup("");
	if (object == NULL)
		return;
	TillJsonReader reader = till_json_reader(object, "basket.cart");
	g_free(file->cart);
	file->cart = g_strdup(till_json_string(&reader, "id", CART_MAX));
	file->cart_version = till_json_int_or(&reader, "version", 0, G_MAXINT64, 0);
	till_json_inherit(parent, &reader);
}

TillBasketFile *
till_basket_file_from_json(const json_t *object, GError **error)
{
	g_autoptr(TillBasketFile) file = create_file();
	TillJsonReader reader = till_json_reader(object, "basket");
	const json_t *lines = till_json_array(&reader, "lines", TILL_BASKET_LINES_MAX);
	const json_t *coupons = till_json_array(&reader, "coupons", TILL_SHOPPER_COUPONS_MAX);

	if (lines == NULL)
		till_json_fault(&reader, "lines", "is missing");
	for (gsize i = 0; i < json_array_size(lines); i++)
		read_line(&reader, i, file);
	for (gsize i = 0; i < json_array_size(coupons); i++)
		read_coupon(&reader, json_array_get(coupons, i), file);
	till_shopper_read_exemption(&reader, &file->shopper);
	file->customer = g_strdup(till_json_string_or(&reader, "customer", CUSTOMER_MAX, ""));
	read_cart(&reader, file);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&file);
}

TillBasketFile *
till_basket_file_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object =
	    till_json_parse(text, size, SIZE_MAX_BYTES, "basket file", error);

	return object != NULL ? till_basket_file_from_json(object, error) : NULL;
}

void
till_basket_file_free(TillBasketFile *file)
{
	if (file == NULL)
		return;
	g_ptr_array_free(file->lines, TRUE);
	till_shopper_clear(&file->shopper);
	g_free(file->customer);
	g_free(file->cart);
	g_free(file);
}

TillBasketResult
till_basket_file_add(const TillBasketFileLine *line, const TillItem *item,
		     const TillVariableCode *variable, const TillCurrency *currency,
		     TillBasket *basket)
{
	TillScan scan = till_scan_read(line->code);
	gint64 quantity_milli = line->quantity_milli;
	guint id = 0;

	if (quantity_milli == 0 && variable->kind == TILL_VARIABLE_NONE)
		quantity_milli = till_scan_quantity(line->code, item);
	TillBasketResult result =
	    variable->kind == TILL_VARIABLE_NONE
		? till_basket_add_delivered(basket, item, scan.text, quantity_milli,
					    &line->delivery, &id)
		: till_basket_add_scanned(basket, item, scan.text, variable, currency->exponent,
					  quantity_milli, &id);
	if (result == TILL_BASKET_OK && *line->note != '\0')
		result = till_basket_set_note(basket, id, line->note);
	if (result == TILL_BASKET_OK && line->delivery.kind != TILL_DELIVERY_CARRY_OUT)
		result = till_basket_set_delivery(basket, id, &line->delivery);
	return result;
}
