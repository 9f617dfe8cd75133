/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt.h"

#include <string.h>

#include "money.h"
#include "quantity.h"
#include "tax-words.h"
#include "text.h"

/* Everything is counted in printed columns, not in bytes or characters: an East Asian wide
 * character takes two, a combining mark none. Every text is cleaned first; a name that carries an
 * escape sequence must not reach a printer. */

#define CLEAN_MAX 400
#define COLUMNS_MIN 24
#define COLUMNS_MAX 80
#define INDENT "  "

typedef struct {
	GString *out;
	int columns;
	const TillCurrency *currency;
} Paper;

static int
measure_char(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

static int
measure(const char *text)
{
	int width = 0;

	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		width += measure_char(g_utf8_get_char(p));
	return width;
}

/* How many bytes of text go on a line of width columns: up to the last space that fits, else (a
 * word longer than the line) as many characters as fit, never a mark without its letter. */
static gsize
find_break(const char *text, int width)
{
	const char *last_space = NULL;
	const char *p = text;
	int used = 0;

	while (*p != '\0') {
		int step = measure_char(g_utf8_get_char(p));
		if (used + step > width)
			break;
		if (*p == ' ')
			last_space = p;
		used += step;
		p = g_utf8_next_char(p);
	}
	if (*p == '\0' || *p == ' ')
		return (gsize)(p - text);
	if (last_space != NULL && last_space > text)
		return (gsize)(last_space - text);
	return p > text ? (gsize)(p - text) : (gsize)(g_utf8_next_char(text) - text);
}

/* Pieces of a text that each fit in width columns; at least one, maybe empty. */
static GPtrArray *
wrap(const char *text, int width)
{
	GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *clean = till_text_clean(text != NULL ? text : "", CLEAN_MAX);
	const char *rest = g_strstrip(clean);

	do {
		gsize size = find_break(rest, width);
		g_ptr_array_add(pieces, g_strchomp(g_strndup(rest, size)));
		rest += size;
		while (*rest == ' ')
			rest++;
	} while (*rest != '\0');
	return pieces;
}

static void
pad(const Paper *paper, int columns)
{
	for (int i = 0; i < columns; i++)
		g_string_append_c(paper->out, ' ');
}

static void
print_rule(const Paper *paper)
{
	for (int i = 0; i < paper->columns; i++)
		g_string_append_c(paper->out, '-');
	g_string_append_c(paper->out, '\n');
}

static void
print_text(const Paper *paper, const char *indent, const char *text)
{
	g_autoptr(GPtrArray) pieces = wrap(text, paper->columns - (int)strlen(indent));

	for (guint i = 0; i < pieces->len; i++)
		g_string_append_printf(paper->out, "%s%s\n", indent,
				       (const char *)g_ptr_array_index(pieces, i));
}

static void
print_centred(const Paper *paper, const char *text)
{
	g_autoptr(GPtrArray) pieces = wrap(text, paper->columns);

	for (guint i = 0; i < pieces->len; i++) {
		const char *piece = g_ptr_array_index(pieces, i);
		if (*piece != '\0')
			pad(paper, (paper->columns - measure(piece)) / 2);
		g_string_append_printf(paper->out, "%s\n", piece);
	}
}

/* Each line of a text on its own, nothing for an empty text. */
static void
print_centred_lines(const Paper *paper, const char *text)
{
	g_auto(GStrv) lines = NULL;

	if (text == NULL || *text == '\0')
		return;
	lines = g_strsplit(text, "\n", 20);
	for (gsize i = 0; lines[i] != NULL; i++)
		print_centred(paper, lines[i]);
}

/* Words at the left, an amount flush right on the last of their lines. */
static void
print_amount(const Paper *paper, const char *indent, const char *words, gint64 amount_minor)
{
	g_autofree char *amount = till_money_format(amount_minor, paper->currency);
	int room = paper->columns - measure(amount) - (int)strlen(indent);
	g_autoptr(GPtrArray) pieces = wrap(words, MAX(room - 1, 1));

	for (guint i = 0; i < pieces->len; i++) {
		const char *piece = g_ptr_array_index(pieces, i);
		g_string_append_printf(paper->out, "%s%s", indent, piece);
		if (i + 1 == pieces->len) {
			pad(paper, room - measure(piece));
			g_string_append(paper->out, amount);
		}
		g_string_append_c(paper->out, '\n');
	}
}

static void
print_heading(const Paper *paper, const TillSale *sale, const TillReceiptStyle *style)
{
	g_autofree char *place = g_strdup_printf("Store %s  Till %s", sale->store, sale->till);
	g_autofree char *number = g_strdup_printf("Receipt %s", sale->receipt);

	print_centred_lines(paper, style->shop_name);
	print_centred_lines(paper, style->shop_address);
	print_centred_lines(paper, style->tax_number);
	print_rule(paper);
	if (style->copy > 0) {
		g_autofree char *copy = g_strdup_printf("*** COPY %u ***", style->copy);
		print_centred(paper, copy);
	}
	print_text(paper, "", number);
	print_text(paper, "", place);
	if (style->local_time != NULL && *style->local_time != '\0')
		print_text(paper, "", style->local_time);
	if (sale->staff_name != NULL && *sale->staff_name != '\0') {
		g_autofree char *staff = g_strdup_printf("Served by %s", sale->staff_name);
		print_text(paper, "", staff);
	}
	print_rule(paper);
}

/* "0.640 kg × 12.50 / kg" or "2 × 14.00"; a single piece needs no such line. */
static char *
describe_quantity(const Paper *paper, const TillPricedLine *line)
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
print_reductions(const Paper *paper, const TillPricedLine *line)
{
	if (line->manual.kind == TILL_MANUAL_PRICE) {
		g_autofree char *was =
		    till_money_format(line->manual.original_minor, paper->currency);
		g_autofree char *words =
		    g_strdup_printf("Price by hand, was %s: %s", was, line->manual.reason);
		print_text(paper, INDENT, words);
	}
	for (guint i = 0; i < line->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(line->discounts, TillPricedDiscount, i);
		g_autofree char *words = describe_discount(discount);
		print_amount(paper, INDENT, words, -discount->amount_minor);
	}
	if (line->discounts->len == 0 && line->discount_minor != 0)
		print_amount(paper, INDENT, "Discount", -line->discount_minor);
}

static void
print_line(const Paper *paper, const TillPricedLine *line)
{
	g_autofree char *title = till_item_title(line->item);
	g_autofree char *quantity = describe_quantity(paper, line);
	g_autofree char *delivery = till_delivery_words(&line->delivery);

	print_amount(paper, "", title, line->list_minor);
	if (quantity != NULL)
		print_text(paper, INDENT, quantity);
	print_reductions(paper, line);
	if (delivery != NULL)
		print_text(paper, INDENT, delivery);
	if (line->note != NULL && *line->note != '\0')
		print_text(paper, INDENT, line->note);
}

/* The taxes on top of the price stand between the sum and the total; those inside are told after
 * it. */
static void
print_totals(const Paper *paper, const TillPriced *priced, const GPtrArray *taxes)
{
	g_autofree char *words = g_strdup_printf("TOTAL %s", paper->currency->code);
	gint64 sum_minor = priced->list_minor - priced->discount_minor;

	print_rule(paper);
	if (sum_minor != priced->total_minor)
		print_amount(paper, "", "Subtotal", sum_minor);
	if (priced->exempted_minor != 0)
		print_amount(paper, "", "Tax not charged", -priced->exempted_minor);
	for (guint i = 0; i < taxes->len; i++) {
		const TillTaxWords *tax = g_ptr_array_index(taxes, i);
		g_autofree char *line = till_tax_words_line(tax);
		if (!tax->inclusive)
			print_amount(paper, "", line, tax->amount_minor);
	}
	print_amount(paper, "", words, priced->total_minor);
}

static void
print_included_taxes(const Paper *paper, const GPtrArray *taxes)
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
			print_rule(paper);
		first = FALSE;
		print_amount(paper, "", words, tax->amount_minor);
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
print_tenders(const Paper *paper, const TillSale *sale)
{
	if (sale->rounding_minor != 0)
		print_amount(paper, "", "Rounding", sale->rounding_minor);
	for (gsize i = 0; i < sale->tender_count; i++)
		print_amount(paper, "", name_tender(sale->tenders[i].kind),
			     sale->tenders[i].tendered_minor);
	if (sale->change_minor != 0)
		print_amount(paper, "", "Change", sale->change_minor);
}

/* What promotions took off altogether, each with its sum; changes by hand as one. */
static void
print_savings(const Paper *paper, const TillPriced *priced)
{
	gint64 by_hand_minor = 0;

	if (priced->discount_minor == 0)
		return;
	print_rule(paper);
	print_amount(paper, "", "You saved", priced->discount_minor);
	for (guint i = 0; i < priced->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(priced->discounts, TillPricedDiscount, i);
		g_autofree char *words = describe_discount(discount);
		if (is_by_hand(discount))
			by_hand_minor += discount->amount_minor;
		else
			print_amount(paper, INDENT, words, discount->amount_minor);
	}
	if (by_hand_minor != 0)
		print_amount(paper, INDENT, "By hand", by_hand_minor);
}

/* Who bought, and by which paper no tax was charged. */
static void
print_shopper(const Paper *paper, const TillPriced *priced)
{
	const TillShopper *shopper =
	    priced->context != NULL ? till_price_context_shopper(priced->context) : NULL;

	if (shopper == NULL ||
	    (shopper->customer == NULL && till_price_context_exemption(priced->context) == NULL))
		return;
	print_rule(paper);
	if (till_price_context_exemption(priced->context) != NULL) {
		g_autofree char *words =
		    g_strdup_printf("Tax exempt, certificate %s", shopper->exemption.certificate);
		print_text(paper, "", words);
	}
	if (shopper->customer != NULL) {
		g_autofree char *masked = till_customer_mask_code(shopper->customer->id);
		g_autofree char *words = g_strdup_printf("Customer %s", masked);
		print_text(paper, "", words);
	}
}

char *
till_receipt_text(const TillSale *sale, const TillReceiptStyle *style)
{
	Paper paper = {
	    .out = g_string_new(NULL),
	    .columns = CLAMP(style->columns, COLUMNS_MIN, COLUMNS_MAX),
	    .currency = sale->priced->currency,
	};

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
		print_rule(&paper);
		print_centred_lines(&paper, style->footer);
	}
	return g_string_free(paper.out, FALSE);
}
