/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-discount.h"

#include <string.h>

#include "money.h"

#define ID_MAX 64
#define COUPON_MAX 200
#define TEXT_MAX (4 * (gsize)TILL_NAME_MAX) /* names are counted in characters at their source */

json_t *
till_sale_discount_write(const GArray *discounts, gboolean whole)
{
	json_t *list = json_array();

	for (guint i = 0; i < discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(discounts, TillPricedDiscount, i);
		json_t *object = json_object();
		till_json_put_text(object, "id", discount->promotion);
		till_json_put_int(object, "amount_minor", discount->amount_minor);
		if (whole) {
			till_json_put_int(object, "version", discount->version);
			till_json_put_text(object, "name", discount->name);
		}
		if (whole && discount->code != NULL && *discount->code != '\0')
			till_json_put_text(object, "code", discount->code);
		json_array_append_new(list, object);
	}
	return list;
}

static const TillPricedDiscount *
find_discount(const GArray *discounts, const char *promotion)
{
	for (guint i = 0; i < discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(discounts, TillPricedDiscount, i);
		if (strcmp(discount->promotion, promotion) == 0)
			return discount;
	}
	return NULL;
}

static void
read_discount(TillJsonReader *parent, gsize index, gboolean whole, GArray *discounts)
{
	TillJsonReader reader = till_json_reader_item(parent, "discounts", index);
	g_autofree char *id = g_strdup(till_json_string(&reader, "id", ID_MAX));
	g_autofree char *name =
	    whole ? g_strdup(till_json_string(&reader, "name", TEXT_MAX)) : g_strdup("");
	g_autofree char *code = g_strdup(till_json_string_or(&reader, "code", COUPON_MAX, ""));
	TillPricedDiscount discount = {
	    .promotion = id,
	    .version = whole ? till_json_int(&reader, "version", 1, G_MAXINT64) : 1,
	    .name = name,
	    .code = code,
	    .amount_minor = till_json_int(&reader, "amount_minor", 1, TILL_MONEY_MAX_MINOR),
	};

	if (*id == '\0')
		till_json_fault(&reader, "id", "is empty");
	if (find_discount(discounts, id) != NULL)
		till_json_fault(&reader, "id", "stands twice");
	till_json_inherit(parent, &reader);
	till_price_append_discount(discounts, &discount);
}

void
till_sale_discount_read(TillJsonReader *reader, gboolean whole, GArray *discounts)
{
	gsize count =
	    json_array_size(till_json_array(reader, "discounts", TILL_PRICE_DISCOUNTS_MAX));

	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++)
		read_discount(reader, i, whole, discounts);
}

void
till_sale_discount_name(TillJsonReader *reader, GArray *discounts, const GArray *told)
{
	for (guint i = 0; i < discounts->len; i++) {
		TillPricedDiscount *discount = &g_array_index(discounts, TillPricedDiscount, i);
		const TillPricedDiscount *whole = find_discount(told, discount->promotion);
		if (whole == NULL) {
			till_json_fault(reader, "discounts", "do not name one of a line");
			return;
		}
		g_free(discount->name);
		g_free(discount->code);
		discount->version = whole->version;
		discount->name = g_strdup(whole->name);
		discount->code = g_strdup(whole->code);
	}
}

gboolean
till_sale_discount_same(const GArray *a, const GArray *b)
{
	if (a->len != b->len)
		return FALSE;
	for (guint i = 0; i < a->len; i++) {
		const TillPricedDiscount *left = &g_array_index(a, TillPricedDiscount, i);
		const TillPricedDiscount *right = &g_array_index(b, TillPricedDiscount, i);
		if (strcmp(left->promotion, right->promotion) != 0 ||
		    left->amount_minor != right->amount_minor)
			return FALSE;
	}
	return TRUE;
}
