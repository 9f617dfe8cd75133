/* SPDX-License-Identifier: Apache-2.0 */
#include "price-tax.h"

#include <string.h>

typedef struct {
	const TillTax *from;  /* borrowed: the table's */
	TillTaxEngineTax tax; /* the same for the engine */
} Known;

typedef struct {
	GPtrArray
	    *known; /* of Known, owned: lines share taxes, and the engine tells them by place */
	GPtrArray *lists; /* of lists of TillTaxEngineTax, owned */
	GArray *lines;    /* of TillTaxEngineLine */
} Document;

static const TillTaxEngineTax *
find_tax(Document *document, const TillTax *from)
{
	for (guint i = 0; i < document->known->len; i++) {
		const Known *known = g_ptr_array_index(document->known, i);
		if (known->from == from)
			return &known->tax;
	}
	Known *known = g_new0(Known, 1);
	known->from = from;
	known->tax.id = from->id;
	known->tax.kind = TILL_TAX_ENGINE_PERCENT;
	known->tax.rate_ppm = from->rate_ppm;
	known->tax.inclusive = from->inclusive;
	known->tax.amount = till_ratio_whole(0);
	g_ptr_array_add(document->known, known);
	return &known->tax;
}

static void
add_line(Document *document, const TillPricedLine *from, const TillTaxTable *table)
{
	guint count;
	const TillTax *taxes = till_tax_table_find(table, from->item->tax_class, &count);
	const TillTaxEngineTax **list = g_new0(const TillTaxEngineTax *, count + 1);

	g_ptr_array_add(document->lists, list);
	for (guint i = 0; i < count; i++)
		list[i] = find_tax(document, &taxes[i]);
	TillTaxEngineLine line = {
	    .amount = till_ratio_whole(from->list_minor - from->discount_minor),
	    .quantity_milli = from->quantity_milli,
	    .taxes = list,
	    .tax_count = count,
	};
	g_array_append_val(document->lines, line);
}

static const char *
find_name(const TillTaxTable *table, const TillPricedLine *line, const TillTaxEngineTax *tax)
{
	guint count;
	const TillTax *taxes = till_tax_table_find(table, line->item->tax_class, &count);

	for (guint i = 0; i < count; i++) {
		if (strcmp(taxes[i].id, tax->id) == 0)
			return taxes[i].name;
	}
	return tax->id;
}

static void
take_line(TillPricedLine *line, const TillTaxEngineResult *result, guint index,
	  const TillTaxTable *table)
{
	const TillTaxEngineLineResult *from =
	    &g_array_index(result->lines, TillTaxEngineLineResult, index);

	line->total_minor = line->list_minor - line->discount_minor;
	for (guint i = 0; i < from->share_count; i++) {
		const TillTaxEngineShare *share =
		    &g_array_index(result->shares, TillTaxEngineShare, from->first_share + i);
		g_autofree char *id = g_strdup(share->tax->id);
		g_autofree char *name = g_strdup(find_name(table, line, share->tax));
		TillPricedTax tax = {
		    .tax_id = id,
		    .name = name,
		    .rate_ppm = share->tax->rate_ppm,
		    .inclusive = share->tax->inclusive,
		    .base_minor = share->base_minor,
		    .amount_minor = share->amount_minor,
		};
		till_price_append_tax(line->taxes, &tax);
		line->tax_minor += share->amount_minor;
		line->total_minor += share->tax->inclusive ? 0 : share->amount_minor;
	}
}

gboolean
till_price_tax(TillPriced *priced, const TillPriceRules *rules, GError **error)
{
	g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineLine));
	Document document = {.known = known, .lists = lists, .lines = lines};

	for (guint i = 0; i < priced->lines->len; i++)
		add_line(&document, g_ptr_array_index(priced->lines, i), rules->taxes);
	TillTaxEngineDocument whole = {
	    .policy = rules->tax_policy,
	    .lines = (const TillTaxEngineLine *)(gconstpointer)lines->data,
	    .line_count = lines->len,
	    .exemption = rules->exemption,
	};
	whole.policy.step_minor = 1;
	whole.policy.difference = TILL_TAX_ENGINE_NET_IS_REST;
	whole.policy.exempt_keeps_price = TRUE;
	g_autoptr(TillTaxEngineResult) result = till_tax_engine_compute(&whole, error);
	if (result == NULL)
		return FALSE;
	for (guint i = 0; i < priced->lines->len; i++)
		take_line(g_ptr_array_index(priced->lines, i), result, i, rules->taxes);
	return TRUE;
}
