/* SPDX-License-Identifier: Apache-2.0 */
#include "price-tax.h"

#include <string.h>

#include "quantity.h"

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
find_tax(Document *document, const TillTax *from, const char *tax_class)
{
	for (guint i = 0; i < document->known->len; i++) {
		const Known *known = g_ptr_array_index(document->known, i);
		if (known->from == from)
			return &known->tax;
	}
	Known *known = g_new0(Known, 1);
	known->from = from;
	known->tax = (TillTaxEngineTax){
	    .id = from->id,
	    .group = *from->group != '\0' ? from->group : NULL,
	    .tax_class = tax_class,
	    .kind = from->kind,
	    .rate_ppm = from->rate_ppm,
	    .amount = till_ratio_of(from->amount_milli, TILL_QUANTITY_ONE),
	    .inclusive = from->inclusive,
	    .include_base = from->include_base,
	    .base_affected = from->base_affected,
	    .threshold = from->threshold,
	    .threshold_per_line = from->threshold_per_line,
	    .threshold_minor = from->threshold_minor,
	};
	g_ptr_array_add(document->known, known);
	return &known->tax;
}

static void
add_line(Document *document, const TillPricedLine *from, gint64 paid_minor,
	 const TillTaxTable *table)
{
	guint count;
	const TillTax *taxes = till_tax_table_find(table, from->item->tax_class, &count);
	const TillTaxEngineTax **list = g_new0(const TillTaxEngineTax *, count + 1);

	g_ptr_array_add(document->lists, list);
	for (guint i = 0; i < count; i++)
		list[i] = find_tax(document, &taxes[i], from->item->tax_class);
	TillTaxEngineLine line = {
	    .amount = till_ratio_whole(paid_minor),
	    .quantity_milli = from->quantity_milli,
	    .taxes = list,
	    .tax_count = count,
	};
	g_array_append_val(document->lines, line);
}

static const TillTaxEngineShare *
find_share(const TillTaxEngineResult *result, const TillTaxEngineLineResult *line, const char *id)
{
	for (guint i = 0; i < line->share_count; i++) {
		const TillTaxEngineShare *share =
		    &g_array_index(result->shares, TillTaxEngineShare, line->first_share + i);
		if (strcmp(share->tax->id, id) == 0)
			return share;
	}
	return NULL;
}

/* The remark of a threshold is said only where the tax was not charged because of it. Caller frees.
 */
static char *
make_name(const TillTax *tax, TillPricedTaxExempt exempt)
{
	const char *remark = strstr(tax->name, TILL_TAX_REMARK);

	if (remark == NULL || tax->threshold == TILL_TAX_ENGINE_NO_THRESHOLD ||
	    exempt == TILL_PRICED_TAX_BELOW_THRESHOLD)
		return g_strdup(tax->name);
	return g_strndup(tax->name, (gsize)(remark - tax->name));
}

/* A tax that is not among the line's shares was not charged: it is covered by the certificate, or
 * the price does not reach its threshold. */
static void
take_tax(TillPricedLine *line, const TillTax *tax, const TillTaxEngineShare *share,
	 gboolean covered, gint64 net_minor)
{
	TillPricedTaxExempt exempt = TILL_PRICED_TAX_CHARGED;

	if (share == NULL)
		exempt = covered ? TILL_PRICED_TAX_CERTIFICATE : TILL_PRICED_TAX_BELOW_THRESHOLD;
	g_autofree char *name = make_name(tax, exempt);
	TillPricedTax priced = {
	    .tax_id = tax->id,
	    .name = name,
	    .rate_ppm = tax->rate_ppm,
	    .inclusive = tax->inclusive,
	    .kind = tax->kind,
	    .amount_milli = tax->amount_milli,
	    .group = tax->group,
	    .exempt = exempt,
	    .base_minor = share != NULL ? share->base_minor : net_minor,
	    .amount_minor = share != NULL ? share->amount_minor : 0,
	};
	till_price_append_tax(line->taxes, &priced);
	line->tax_minor += priced.amount_minor;
	line->total_minor += tax->inclusive ? 0 : priced.amount_minor;
}

/* What is left of the price without the taxes inside it that an exempt shopper does not pay. */
static void
take_exempted(TillPricedLine *line, const TillTaxEngineLineResult *from)
{
	gint64 paid_minor = from->net_minor;

	for (guint i = 0; i < line->taxes->len; i++) {
		const TillPricedTax *tax = &g_array_index(line->taxes, TillPricedTax, i);
		paid_minor += tax->inclusive ? tax->amount_minor : 0;
	}
	line->exempted_minor = line->list_minor - line->discount_minor - paid_minor;
	line->total_minor -= line->exempted_minor;
}

static void
take_line(TillPricedLine *line, const TillPriceRules *rules, const TillTaxEngineDocument *document,
	  const TillTaxEngineResult *result, guint index)
{
	const TillTaxEngineLineResult *from =
	    &g_array_index(result->lines, TillTaxEngineLineResult, index);
	gboolean comes_off = FALSE;
	guint count;
	const TillTax *taxes = till_tax_table_find(rules->taxes, line->item->tax_class, &count);

	line->total_minor = line->list_minor - line->discount_minor;
	for (guint i = 0; i < count; i++) {
		gboolean covered =
		    till_tax_engine_covers(document->exemption, document->lines[index].taxes[i]);
		take_tax(line, &taxes[i], find_share(result, from, taxes[i].id), covered,
			 from->net_minor);
		comes_off |= covered && taxes[i].inclusive;
	}
	if (comes_off && !document->policy.exempt_keeps_price)
		take_exempted(line, from);
}

static Document
create_document(void)
{
	return (Document){
	    .known = g_ptr_array_new_with_free_func(g_free),
	    .lists = g_ptr_array_new_with_free_func(g_free),
	    .lines = g_array_new(FALSE, FALSE, sizeof(TillTaxEngineLine)),
	};
}

static void
clear_document(Document *document)
{
	g_ptr_array_free(document->known, TRUE);
	g_ptr_array_free(document->lists, TRUE);
	g_array_free(document->lines, TRUE);
}

static TillTaxEngineDocument
describe(const Document *document, const TillTaxTable *table)
{
	return (TillTaxEngineDocument){
	    .policy = {.rounding = till_tax_table_rounding(table),
		       .step_minor = 1,
		       .difference = TILL_TAX_ENGINE_NET_IS_REST},
	    .lines = (const TillTaxEngineLine *)(gconstpointer)document->lines->data,
	    .line_count = document->lines->len,
	};
}

gboolean
till_price_tax(TillPriced *priced, const TillPriceRules *rules, GError **error)
{
	Document document = create_document();

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		add_line(&document, line, line->list_minor - line->discount_minor, rules->taxes);
	}
	TillTaxEngineDocument whole = describe(&document, rules->taxes);
	whole.policy.method = rules->tax_policy.method;
	whole.policy.exempt_keeps_price = rules->tax_policy.exempt_keeps_price;
	whole.exemption = rules->exemption;
	g_autoptr(TillTaxEngineResult) result = till_tax_engine_compute(&whole, error);
	for (guint i = 0; result != NULL && i < priced->lines->len; i++)
		take_line(g_ptr_array_index(priced->lines, i), rules, &whole, result, i);
	clear_document(&document);
	return result != NULL;
}

gint64
till_price_tax_net(const TillPricedLine *line, gint64 paid_minor, const TillTaxTable *taxes)
{
	Document document = create_document();
	gint64 net_minor = paid_minor;

	add_line(&document, line, paid_minor, taxes);
	TillTaxEngineDocument whole = describe(&document, taxes);
	g_autoptr(TillTaxEngineResult) result = till_tax_engine_compute(&whole, NULL);
	if (result != NULL)
		net_minor = g_array_index(result->lines, TillTaxEngineLineResult, 0).net_minor;
	clear_document(&document);
	return net_minor;
}
