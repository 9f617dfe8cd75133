/* SPDX-License-Identifier: Apache-2.0 */
#include "sale-tax.h"

#include <string.h>

#include "money.h"

#define ID_MAX 64
#define WORD_MAX 32
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define RATE_MAX_PPM ((gint64)10 * TILL_PPM)

static const char *const exempt_names[] = {
    [TILL_PRICED_TAX_CHARGED] = "",
    [TILL_PRICED_TAX_BELOW_THRESHOLD] = "threshold",
    [TILL_PRICED_TAX_CERTIFICATE] = "certificate",
};

static json_t *
write_tax(const TillPricedTax *tax)
{
	json_t *object = json_object();

	till_json_put_text(object, "id", tax->tax_id);
	till_json_put_text(object, "name", tax->name);
	till_json_put_int(object, "rate_ppm", tax->rate_ppm);
	json_object_set_new(object, "inclusive", json_boolean(tax->inclusive));
	till_json_put_int(object, "base_minor", tax->base_minor);
	till_json_put_int(object, "amount_minor", tax->amount_minor);
	if (tax->kind != TILL_TAX_ENGINE_PERCENT)
		till_json_put_text(object, "kind", till_tax_kind_name(tax->kind));
	if (tax->amount_milli != 0)
		till_json_put_int(object, "amount_milli", tax->amount_milli);
	if (tax->group != NULL && *tax->group != '\0')
		till_json_put_text(object, "group", tax->group);
	if (tax->exempt != TILL_PRICED_TAX_CHARGED)
		till_json_put_text(object, "exempt", exempt_names[tax->exempt]);
	return object;
}

json_t *
till_sale_tax_write(const GArray *taxes)
{
	json_t *list = json_array();

	for (guint i = 0; i < taxes->len; i++)
		json_array_append_new(list, write_tax(&g_array_index(taxes, TillPricedTax, i)));
	return list;
}

static gboolean
has_tax(const GArray *taxes, const TillPricedTax *tax)
{
	for (guint i = 0; i < taxes->len; i++) {
		if (till_price_is_same_tax(&g_array_index(taxes, TillPricedTax, i), tax))
			return TRUE;
	}
	return FALSE;
}

/* A kind decides which figures a tax has, so one of a newer release is not guessed at. */
static void
read_kind(TillJsonReader *reader, TillPricedTax *tax)
{
	const char *kind = till_json_string_or(reader, "kind", WORD_MAX, "percent");

	if (!till_tax_kind_parse(kind, &tax->kind))
		till_json_fault(reader, "kind", "is not a kind of tax this release knows");
	tax->rate_ppm = till_json_int(reader, "rate_ppm", -RATE_MAX_PPM, RATE_MAX_PPM);
	tax->amount_milli =
	    till_json_int_or(reader, "amount_milli", 0, TILL_TAX_AMOUNT_MAX_MILLI, 0);
	if (tax->kind == TILL_TAX_ENGINE_FIXED && tax->rate_ppm != 0)
		till_json_fault(reader, "rate_ppm", "stands beside an amount for each unit");
	if (tax->kind != TILL_TAX_ENGINE_FIXED && tax->amount_milli != 0)
		till_json_fault(reader, "amount_milli", "stands beside a rate");
}

static void
read_exempt(TillJsonReader *reader, TillPricedTax *tax)
{
	const char *exempt = till_json_string_or(reader, "exempt", WORD_MAX, "");

	for (gsize i = 0; i < G_N_ELEMENTS(exempt_names); i++) {
		if (strcmp(exempt_names[i], exempt) != 0)
			continue;
		tax->exempt = (TillPricedTaxExempt)i;
		if (tax->exempt != TILL_PRICED_TAX_CHARGED && tax->amount_minor != 0)
			till_json_fault(reader, "amount_minor", "is charged although it is exempt");
		return;
	}
	till_json_fault(reader, "exempt", "is not a reason this release knows");
}

static void
read_tax(TillJsonReader *parent, gsize index, GArray *taxes)
{
	TillJsonReader reader = till_json_reader_item(parent, "taxes", index);
	g_autofree char *id = g_strdup(till_json_string(&reader, "id", ID_MAX));
	g_autofree char *name = g_strdup(till_json_string(&reader, "name", TEXT_MAX));
	g_autofree char *group = g_strdup(till_json_string_or(&reader, "group", ID_MAX, ""));
	TillPricedTax tax = {
	    .tax_id = id,
	    .name = name,
	    .group = group,
	    .inclusive = till_json_bool_or(&reader, "inclusive", FALSE),
	    .base_minor =
		till_json_int(&reader, "base_minor", -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR),
	    .amount_minor =
		till_json_int(&reader, "amount_minor", -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR),
	};

	read_kind(&reader, &tax);
	read_exempt(&reader, &tax);
	if (*id == '\0')
		till_json_fault(&reader, "id", "is empty");
	if (has_tax(taxes, &tax))
		till_json_fault(&reader, "id", "stands twice");
	till_json_inherit(parent, &reader);
	till_price_append_tax(taxes, &tax);
}

void
till_sale_tax_read(TillJsonReader *reader, gsize max, GArray *taxes)
{
	const json_t *list = till_json_array(reader, "taxes", max);

	if (list == NULL)
		till_json_fault(reader, "taxes", "is missing");
	for (gsize i = 0; i < json_array_size(list); i++)
		read_tax(reader, i, taxes);
}

gboolean
till_sale_tax_same(const GArray *a, const GArray *b)
{
	if (a->len != b->len)
		return FALSE;
	for (guint i = 0; i < a->len; i++) {
		const TillPricedTax *left = &g_array_index(a, TillPricedTax, i);
		const TillPricedTax *right = &g_array_index(b, TillPricedTax, i);
		if (!till_price_is_same_tax(left, right) || strcmp(left->name, right->name) != 0 ||
		    strcmp(left->group, right->group) != 0 ||
		    left->base_minor != right->base_minor ||
		    left->amount_minor != right->amount_minor)
			return FALSE;
	}
	return TRUE;
}
