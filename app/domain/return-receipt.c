/* SPDX-License-Identifier: Apache-2.0 */
#include "return-receipt.h"

#include <string.h>

#include "quantity.h"
#include "receipt-paper.h"

#define INDENT TILL_RECEIPT_PAPER_INDENT

static void
print_heading(const TillReceiptPaper *paper, const TillReceiptStyle *style, const char *title)
{
	till_receipt_paper_centred_lines(paper, style->shop_name);
	till_receipt_paper_centred_lines(paper, style->shop_address);
	till_receipt_paper_centred_lines(paper, style->tax_number);
	till_receipt_paper_rule(paper);
	if (style->copy > 0) {
		g_autofree char *copy = g_strdup_printf("*** COPY %u ***", style->copy);
		till_receipt_paper_centred(paper, copy);
	}
	till_receipt_paper_centred(paper, title);
}

static void
print_pair(const TillReceiptPaper *paper, const char *what, const char *value)
{
	g_autofree char *words = g_strdup_printf("%s %s", what, value);

	if (*value != '\0')
		till_receipt_paper_text(paper, "", words);
}

static void
print_where(const TillReceiptPaper *paper, const char *store, const char *till,
	    const TillReceiptStyle *style)
{
	g_autofree char *place = g_strdup_printf("Store %s  Till %s", store, till);

	till_receipt_paper_text(paper, "", place);
	if (style->local_time != NULL && *style->local_time != '\0')
		till_receipt_paper_text(paper, "", style->local_time);
}

/* "2 × Organic tee — Navy / M", "0.640 kg Apples". Caller frees. */
static char *
describe_line(const TillPricedLine *line)
{
	g_autofree char *title = till_item_title(line->item);
	g_autofree char *quantity = till_quantity_format(line->quantity_milli);

	if (line->item->weighed)
		return g_strdup_printf("%s %s %s", quantity, line->item->unit, title);
	if (line->quantity_milli == TILL_QUANTITY_ONE)
		return g_steal_pointer(&title);
	return g_strdup_printf("%s × %s", quantity, title);
}

static void
print_parts(const TillReceiptPaper *paper, const TillReturn *entry)
{
	for (guint i = 0; i < entry->parts->len; i++) {
		const TillReturnPart *part = g_ptr_array_index(entry->parts, i);
		const TillPricedLine *line = g_ptr_array_index(entry->given->lines, i);
		g_autofree char *words = describe_line(line);
		g_autofree char *rule = g_strdup_printf("%s %s", part->row, part->words);
		till_receipt_paper_amount(paper, "", words, line->total_minor);
		print_pair(paper, INDENT "Reason:", part->reason);
		till_receipt_paper_text(paper, INDENT, rule);
		if (part->fee_minor != 0)
			till_receipt_paper_amount(paper, INDENT, "Fee", -part->fee_minor);
	}
	till_receipt_paper_rule(paper);
	till_receipt_paper_amount(paper, "", "RETURNED", entry->value_minor);
	if (entry->given->tax_minor != 0)
		till_receipt_paper_amount(paper, INDENT, "of it tax", entry->given->tax_minor);
}

static void
print_taken(const TillReceiptPaper *paper, const TillReturn *entry)
{
	if (entry->taken == NULL)
		return;
	till_receipt_paper_rule(paper);
	till_receipt_paper_text(paper, "", "Taken instead");
	for (guint i = 0; i < entry->taken->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(entry->taken->lines, i);
		g_autofree char *words = describe_line(line);
		till_receipt_paper_amount(paper, "", words, line->total_minor);
	}
	till_receipt_paper_amount(paper, "", "TAKEN", entry->taken->total_minor);
}

/* "Cash", "Store credit CR-…", "To the card ref-1 (the back office refunds it)". Caller frees. */
static char *
describe_refund(const TillReturnRefund *refund)
{
	if (strcmp(refund->as, "cash") == 0)
		return g_strdup("Cash back");
	if (strcmp(refund->as, "credit") == 0)
		return g_strdup_printf("Store credit %s", refund->code);
	return g_strdup_printf("To the %s %s%s", refund->kind, refund->reference,
			       refund->intent ? " (follows)" : "");
}

static void
print_money(const TillReceiptPaper *paper, const TillReturn *entry)
{
	till_receipt_paper_rule(paper);
	for (guint i = 0; i < entry->refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(entry->refunds, i);
		g_autofree char *words = describe_refund(refund);
		till_receipt_paper_amount(paper, "", words, refund->amount_minor);
	}
	if (entry->rounding_minor != 0)
		till_receipt_paper_amount(paper, "", "Rounding", entry->rounding_minor);
	for (gsize i = 0; i < entry->tender_count; i++)
		till_receipt_paper_amount(paper, "", "Paid in cash",
					  entry->tenders[i].tendered_minor);
	if (entry->change_minor != 0)
		till_receipt_paper_amount(paper, "", "Change", entry->change_minor);
}

char *
till_return_receipt_text(const TillReturn *entry, const TillReceiptStyle *style)
{
	TillReceiptPaper paper = till_receipt_paper(entry->given->currency, style->columns);
	gboolean gift = entry->by == TILL_RETURN_BY_GIFT;

	print_heading(&paper, style, entry->taken != NULL ? "EXCHANGE" : "RETURN");
	print_pair(&paper, "Receipt", entry->receipt);
	print_pair(&paper, "Of",
		   *entry->source_receipt != '\0' ? entry->source_receipt : entry->source_order);
	print_where(&paper, entry->store, entry->till, style);
	print_pair(&paper, "Served by", entry->staff_name);
	till_receipt_paper_rule(&paper);
	print_parts(&paper, entry);
	print_taken(&paper, entry);
	print_money(&paper, entry);
	if (!gift && *entry->customer_id != '\0') {
		g_autofree char *masked = till_customer_mask_code(entry->customer_id);
		print_pair(&paper, "Customer", masked);
	}
	print_pair(&paper, "Approved by", entry->approver_name);
	if (style->footer != NULL && *style->footer != '\0') {
		till_receipt_paper_rule(&paper);
		till_receipt_paper_centred_lines(&paper, style->footer);
	}
	return g_string_free(paper.out, FALSE);
}

char *
till_return_receipt_slip(const TillReturn *entry, const TillReceiptStyle *style)
{
	TillReceiptPaper paper = till_receipt_paper(entry->given->currency, style->columns);
	const char *code = "";
	gint64 amount_minor = 0;

	for (guint i = 0; i < entry->refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(entry->refunds, i);
		if (strcmp(refund->as, "credit") != 0)
			continue;
		code = refund->code;
		amount_minor += refund->amount_minor;
	}
	if (amount_minor == 0)
		return g_string_free(paper.out, FALSE);
	print_heading(&paper, style, "STORE CREDIT");
	till_receipt_paper_centred(&paper, code);
	print_where(&paper, entry->store, entry->till, style);
	print_pair(&paper, "Return", entry->receipt);
	till_receipt_paper_rule(&paper);
	till_receipt_paper_amount(&paper, "", entry->given->currency->code, amount_minor);
	till_receipt_paper_rule(&paper);
	till_receipt_paper_centred(&paper, "Whoever brings this slip may spend it.");
	return g_string_free(paper.out, FALSE);
}

char *
till_return_receipt_gift(const TillSold *sold, const TillReceiptStyle *style)
{
	TillReceiptPaper paper = till_receipt_paper(sold->priced->currency, style->columns);

	print_heading(&paper, style, "GIFT RECEIPT");
	print_pair(&paper, "Receipt", sold->receipt);
	print_where(&paper, sold->store, sold->till, style);
	till_receipt_paper_rule(&paper);
	for (guint i = 0; i < sold->priced->lines->len; i++) {
		g_autofree char *words = describe_line(g_ptr_array_index(sold->priced->lines, i));
		till_receipt_paper_text(&paper, "", words);
	}
	if (style->footer != NULL && *style->footer != '\0') {
		till_receipt_paper_rule(&paper);
		till_receipt_paper_centred_lines(&paper, style->footer);
	}
	return g_string_free(paper.out, FALSE);
}
