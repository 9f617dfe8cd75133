/* SPDX-License-Identifier: Apache-2.0 */
#include "till-return-sample.h"

#include <string.h>

#include "tax.h"
#include "till-sample.h"

/* Written with ' for ". */
static const char policy_text[] =
    "{'id':'returns','version':3,'rows':["
    "{'id':'R-1','words':'Final sale stays sold.','when':{'items':{'tags':['final-sale']}},"
    "'allow':false},"
    "{'id':'R-2','words':'Defective goods come back for two years.','when':{'conditions':"
    "['defective'],'days_to':730},'disposition':'vendor'},"
    "{'id':'R-3','words':'Opened: 15 % fee.','when':{'conditions':['opened'],'days_to':14},"
    "'fee_ppm':150000,'approval':true,'disposition':'damaged'},"
    "{'id':'R-6','words':'Worn goods are exchanged.','when':{'conditions':['worn'],'days_to':30},"
    "'as':'exchange'},"
    "{'id':'R-4','words':'Thirty days with a receipt.','when':{'receipts':['receipt','order',"
    "'gift'],'days_to':30}},"
    "{'id':'R-5','words':'After thirty days: credit.','when':{'receipts':['receipt','order'],"
    "'days_from':31,'days_to':90},'as':'credit'},"
    "{'id':'R-7','words':'Without a receipt: credit.','when':{'receipts':['none'],'conditions':"
    "['new']}}],"
    "'cash':{'max_minor':50000,'approval_from_minor':20000},"
    "'no_receipt':{'allow':true,'count_max':3},"
    "'offline':{'amount_max_minor':20000,'approval_from_minor':5000,'credit_from_minor':10000}}";

TillReturnPolicy *
till_return_sample_policy(void)
{
	g_autofree char *text = g_strdelimit(g_strdup(policy_text), "'", '"');
	g_autoptr(GError) error = NULL;
	TillReturnPolicy *policy = till_return_policy_parse(text, strlen(text), &error);

	g_assert_no_error(error);
	return policy;
}

void
till_return_sample_line(TillPriced *priced, const char *sku, gint64 quantity_milli,
			gint64 list_minor, gint64 discount_minor)
{
	TillPricedLine *line = till_price_append_line(priced);
	char promo[] = "p", name[] = "Offer", code[] = "", tax_id[] = "t", words[] = "Tax";
	TillPricedDiscount discount = {.promotion = promo,
				       .version = 1,
				       .name = name,
				       .code = code,
				       .amount_minor = discount_minor};
	TillPricedTax tax = {.tax_id = tax_id,
			     .name = words,
			     .rate_ppm = 88750,
			     .base_minor = list_minor - discount_minor};

	line->line_id = priced->lines->len;
	line->item =
	    quantity_milli % 1000 != 0 ? till_sample_weighed(sku, 100) : till_sample_item(sku, 100);
	line->code = g_strdup("");
	line->note = g_strdup("");
	line->quantity_milli = quantity_milli;
	line->unit_minor = 100;
	line->list_minor = list_minor;
	line->discount_minor = discount_minor;
	if (discount_minor > 0)
		till_price_append_discount(line->discounts, &discount);
	g_assert_true(till_rounding_scale(tax.base_minor, tax.rate_ppm, TILL_PPM,
					  TILL_ROUND_HALF_UP, &tax.amount_minor));
	till_price_append_tax(line->taxes, &tax);
	line->tax_minor = tax.amount_minor;
	line->total_minor = tax.base_minor + tax.amount_minor;
}

static void
pay(TillSold *sold, const char *kind, const char *reference, gint64 paid, gint64 value)
{
	g_autofree char *own_kind = g_strdup(kind);
	g_autofree char *own_reference = g_strdup(reference);
	TillSoldPayment payment = {
	    .kind = own_kind, .reference = own_reference, .paid_minor = paid, .value_minor = value};

	if (value > 0)
		till_sold_add_payment(sold, &payment);
}

static void
pay_cash(TillSold *sold, gint64 value, gint64 step_minor)
{
	gint64 paid = value;

	g_assert_true(till_rounding_to_step(value, step_minor, TILL_ROUND_HALF_UP, &paid));
	pay(sold, "cash", "", paid, value);
}

static TillPriced *
new_priced(void)
{
	return till_price_new(till_currency_find("USD"));
}

TillSold *
till_return_sample_sold(GRand *random, gint64 step_minor)
{
	TillPriced *priced = new_priced();
	guint count = (guint)g_rand_int_range(random, 1, 5);
	TillSold *sold;
	gint64 rest;

	for (guint i = 0; i < count; i++) {
		g_autofree char *sku = g_strdup_printf("sku-%u", i);
		gint64 list = g_rand_int_range(random, 0, 9000);
		till_return_sample_line(priced, sku,
					g_rand_boolean(random) ? g_rand_int_range(random, 1, 3000)
							       : g_rand_int_range(random, 1, 6) *
								     G_GINT64_CONSTANT(1000),
					list, g_rand_int_range(random, 0, (gint32)list + 1));
	}
	g_assert_true(till_price_sum(priced, NULL));
	sold = till_sold_new(TILL_SOLD_SALE, priced);
	rest = priced->total_minor;
	for (guint i = 0; i < 2 && g_rand_boolean(random); i++) {
		gint64 part = g_rand_int_range(random, 0, (gint32)rest + 1);
		pay(sold, i == 0 ? "card" : "gift-card", "ref-1", part, part);
		rest -= part;
	}
	pay_cash(sold, rest, step_minor);
	return sold;
}

TillSold *
till_return_sample_small(void)
{
	TillPriced *priced = new_priced();
	TillSold *sold;

	till_return_sample_line(priced, "SHIRT", 3000, 6000, 2000);
	till_return_sample_line(priced, "MUG", 1000, 1000, 0);
	g_assert_true(till_price_sum(priced, NULL));
	sold = till_sold_new(TILL_SOLD_SALE, priced);
	pay(sold, "cash", "", 2722, 2722);
	pay(sold, "card", "ref-1", 2722, 2722);
	return sold;
}

static void
set_text(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

TillReturn *
till_return_sample_entry(const TillReturnRequest *request, TillReturnQuote *quote)
{
	TillReturn *entry = till_return_new();

	set_text(&entry->receipt, "014-02-K7Q-000124");
	set_text(&entry->store, "014");
	set_text(&entry->till, "02");
	set_text(&entry->staff_id, "s-1");
	entry->by = request->by;
	entry->given = till_price_copy(quote->given);
	for (guint i = 0; i < quote->parts->len; i++)
		till_return_add_part(entry, g_ptr_array_index(quote->parts, i));
	entry->fee_minor = quote->fee_minor;
	entry->value_minor = quote->value_minor;
	for (guint i = 0; i < quote->refunds->len; i++)
		till_return_add_refund(entry->refunds, g_ptr_array_index(quote->refunds, i));
	for (guint i = 0; i < quote->carried->len; i++)
		till_return_add_refund(entry->carried, g_ptr_array_index(quote->carried, i));
	if (request->taken != NULL)
		entry->taken = till_price_copy(request->taken);
	if (quote->pay_minor > 0) {
		entry->tender_count = 1;
		entry->tenders[0] = (TillTender){.kind = TILL_TENDER_CASH,
						 .tendered_minor = quote->pay_minor,
						 .amount_minor = quote->pay_minor};
	}
	return entry;
}
