/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt.h"

#include <string.h>

#include "money.h"
#include "quantity.h"
#include "receipt-paper.h"
#include "tax-words.h"

#define INDENT TILL_RECEIPT_PAPER_INDENT

static void
print_heading(const TillReceiptPaper *paper, const TillSale *sale, const TillReceiptStyle *style)
{
	g_autofree char *place = g_strdup_printf("Store %s  Till %s", sale->store, sale->till);
	g_autofree char *number = g_strdup_printf("Receipt %s", sale->receipt);

	till_receipt_paper_centred_lines(paper, style->shop_name);
	till_receipt_paper_centred_lines(paper, style->shop_address);
	till_receipt_paper_centred_lines(paper, style->tax_number);
	till_receipt_paper_rule(paper);
	if (style->copy > 0) {
		g_autofree char *copy = g_strdup_printf("*** COPY %u ***", style->copy);
		till_receipt_paper_centred(paper, copy);
	}
	till_receipt_paper_text(paper, "", number);
	till_receipt_paper_text(paper, "", place);
	if (style->local_time != NULL && *style->local_time != '\0')
		till_receipt_paper_text(paper, "", style->local_time);
	if (sale->staff_name != NULL && *sale->staff_name != '\0') {
		g_autofree char *staff = g_strdup_printf("Served by %s", sale->staff_name);
		till_receipt_paper_text(paper, "", staff);
	}
	till_receipt_paper_rule(paper);
}

/* "0.640 kg × 12.50 / kg" or "2 × 14.00"; a single piece needs no such line. */
static char *
describe_quantity(const TillReceiptPaper *paper, const TillPricedLine *line)
{
	g_autofree char *quantity = till_quantity_format(line->quantity_milli);
	g_autofree char *unit_price = till_money_format(line->unit_minor, paper->currency);
	const char *unit = line->item->unit;
	gboolean pieces = unit == NULL || *unit == '\0' || strcmp(unit, "ea") == 0;

	if (pieces && line->quantity_milli == TILL_QUANTITY_ONE)
		return NULL;
	if (pieces)
		return g_strdup_printf("%s × %s", quantity, unit_price);
	return g_strdup_printf("%s %s × %s / %s", quantity, unit, unit_price, unit);
}

static gboolean
is_by_hand(const TillPricedDiscount *discount)
{
	return g_str_has_prefix(discount->promotion, TILL_PRICE_MANUAL_PREFIX);
}

/* "3 for 2 on tees", "Spring sale (coupon SPRING10)", "By hand: stain". Caller frees. */
static char *
describe_discount(const TillPricedDiscount *discount)
{
	if (is_by_hand(discount))
		return g_strdup_printf("By hand: %s", discount->name);
	if (discount->code == NULL || *discount->code == '\0')
		return g_strdup(discount->name);
	return g_strdup_printf("%s (coupon %s)", discount->name, discount->code);
}

/* What was set instead of the list price, and what came off. A sale of a release without words has
 * the sum alone. */
static void
print_reductions(const TillReceiptPaper *paper, const TillPricedLine *line)
{
	if (line->manual.kind == TILL_MANUAL_PRICE) {
		g_autofree char *was =
		    till_money_format(line->manual.original_minor, paper->currency);
		g_autofree char *words =
		    g_strdup_printf("Price by hand, was %s: %s", was, line->manual.reason);
		till_receipt_paper_text(paper, INDENT, words);
	}
	for (guint i = 0; i < line->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(line->discounts, TillPricedDiscount, i);
		g_autofree char *words = describe_discount(discount);
		till_receipt_paper_amount(paper, INDENT, words, -discount->amount_minor);
	}
	if (line->discounts->len == 0 && line->discount_minor != 0)
		till_receipt_paper_amount(paper, INDENT, "Discount", -line->discount_minor);
}

static void
print_line(const TillReceiptPaper *paper, const TillPricedLine *line)
{
	g_autofree char *title = till_item_title(line->item);
	g_autofree char *quantity = describe_quantity(paper, line);
	g_autofree char *delivery = till_delivery_words(&line->delivery);

	till_receipt_paper_amount(paper, "", title, line->list_minor);
	if (quantity != NULL)
		till_receipt_paper_text(paper, INDENT, quantity);
	print_reductions(paper, line);
	if (delivery != NULL)
		till_receipt_paper_text(paper, INDENT, delivery);
	if (line->note != NULL && *line->note != '\0')
		till_receipt_paper_text(paper, INDENT, line->note);
}

/* The taxes on top of the price stand between the sum and the total; those inside are told after
 * it. */
static void
print_totals(const TillReceiptPaper *paper, const TillPriced *priced, const GPtrArray *taxes)
{
	g_autofree char *words = g_strdup_printf("TOTAL %s", paper->currency->code);
	gint64 sum_minor = priced->list_minor - priced->discount_minor;

	till_receipt_paper_rule(paper);
	if (sum_minor != priced->total_minor)
		till_receipt_paper_amount(paper, "", "Subtotal", sum_minor);
	if (priced->exempted_minor != 0)
		till_receipt_paper_amount(paper, "", "Tax not charged", -priced->exempted_minor);
	for (guint i = 0; i < taxes->len; i++) {
		const TillTaxWords *tax = g_ptr_array_index(taxes, i);
		g_autofree char *line = till_tax_words_line(tax);
		if (!tax->inclusive)
			till_receipt_paper_amount(paper, "", line, tax->amount_minor);
	}
	till_receipt_paper_amount(paper, "", words, priced->total_minor);
}

static void
print_included_taxes(const TillReceiptPaper *paper, const GPtrArray *taxes)
{
	gboolean first = TRUE;

	for (guint i = 0; i < taxes->len; i++) {
		const TillTaxWords *tax = g_ptr_array_index(taxes, i);
		if (!tax->inclusive)
			continue;
		g_autofree char *line = till_tax_words_line(tax);
		g_autofree char *base = till_money_format(tax->base_minor, paper->currency);
		g_autofree char *words = g_strdup_printf("Includes %s on %s", line, base);
		if (first)
			till_receipt_paper_rule(paper);
		first = FALSE;
		till_receipt_paper_amount(paper, "", words, tax->amount_minor);
	}
}

static const char *
name_tender(TillTenderKind kind)
{
	switch (kind) {
	case TILL_TENDER_CASH:
		return "Cash";
	default:
		g_assert_not_reached();
	}
}

static void
print_tenders(const TillReceiptPaper *paper, const TillSale *sale)
{
	if (sale->rounding_minor != 0)
		till_receipt_paper_amount(paper, "", "Rounding", sale->rounding_minor);
	for (gsize i = 0; i < sale->tender_count; i++)
		till_receipt_paper_amount(paper, "", name_tender(sale->tenders[i].kind),
					  sale->tenders[i].tendered_minor);
	if (sale->change_minor != 0)
		till_receipt_paper_amount(paper, "", "Change", sale->change_minor);
}

/* What promotions took off altogether, each with its sum; changes by hand as one. */
static void
print_savings(const TillReceiptPaper *paper, const TillPriced *priced)
{
	gint64 by_hand_minor = 0;

	if (priced->discount_minor == 0)
		return;
	till_receipt_paper_rule(paper);
	till_receipt_paper_amount(paper, "", "You saved", priced->discount_minor);
	for (guint i = 0; i < priced->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(priced->discounts, TillPricedDiscount, i);
		g_autofree char *words = describe_discount(discount);
		if (is_by_hand(discount))
			by_hand_minor += discount->amount_minor;
		else
			till_receipt_paper_amount(paper, INDENT, words, discount->amount_minor);
	}
	if (by_hand_minor != 0)
		till_receipt_paper_amount(paper, INDENT, "By hand", by_hand_minor);
}

/* Who bought, and by which paper no tax was charged. */
static void
print_shopper(const TillReceiptPaper *paper, const TillPriced *priced)
{
	const TillShopper *shopper =
	    priced->context != NULL ? till_price_context_shopper(priced->context) : NULL;

	if (shopper == NULL ||
	    (shopper->customer == NULL && till_price_context_exemption(priced->context) == NULL))
		return;
	till_receipt_paper_rule(paper);
	if (till_price_context_exemption(priced->context) != NULL) {
		g_autofree char *words =
		    g_strdup_printf("Tax exempt, certificate %s", shopper->exemption.certificate);
		till_receipt_paper_text(paper, "", words);
	}
	if (shopper->customer != NULL) {
		g_autofree char *masked = till_customer_mask_code(shopper->customer->id);
		g_autofree char *words = g_strdup_printf("Customer %s", masked);
		till_receipt_paper_text(paper, "", words);
	}
}

char *
till_receipt_text(const TillSale *sale, const TillReceiptStyle *style)
{
	TillReceiptPaper paper = till_receipt_paper(sale->priced->currency, style->columns);

	g_autoptr(GPtrArray) taxes = till_tax_words(sale->priced);

	print_heading(&paper, sale, style);
	for (guint i = 0; i < sale->priced->lines->len; i++)
		print_line(&paper, g_ptr_array_index(sale->priced->lines, i));
	print_totals(&paper, sale->priced, taxes);
	print_tenders(&paper, sale);
	print_included_taxes(&paper, taxes);
	print_savings(&paper, sale->priced);
	print_shopper(&paper, sale->priced);
	if (style->footer != NULL && *style->footer != '\0') {
		till_receipt_paper_rule(&paper);
		till_receipt_paper_centred_lines(&paper, style->footer);
	}
	return g_string_free(paper.out, FALSE);
}
