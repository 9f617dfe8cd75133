/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry.h"
#include "tax-draft.h"
#include "tax.h"

/* Odoo 19: single lines, documents, documents with a discount on the order, register orders, and a
 * price carried over to other taxes. Its "globally" is our rounding per document. */

#define EXACT_PLACES 6 /* single lines that Odoo does not round are given to this many places */
#define LINE_FIELDS "price_unit quantity discount_percent taxes"
#define TAX_FIELDS                                                                                 \
	"type amount price_included include_base_amount is_base_affected filtered_out "            \
	"repartition_percent group"

static void
read_kind(TillTaxDraft *draft, const json_t *json, TillTaxEngineTax *tax)
{
	const char *type = till_vector_text_or(json, "type", "");

	if (strcmp(type, "percent") == 0)
		tax->kind = TILL_TAX_ENGINE_PERCENT;
	else if (strcmp(type, "division") == 0)
		tax->kind = TILL_TAX_ENGINE_DIVISION;
	else if (strcmp(type, "fixed") == 0)
		tax->kind = TILL_TAX_ENGINE_FIXED;
	else
		till_vector_out(draft->vector, "tax type \"%s\"", type);
	if (tax->kind == TILL_TAX_ENGINE_FIXED)
		tax->amount = till_ratio_whole(
		    till_vector_scaled(draft->vector, json, "amount", draft->exponent));
	else
		tax->rate_ppm = till_vector_scaled(draft->vector, json, "amount", 4);
	if (tax->kind == TILL_TAX_ENGINE_DIVISION && !tax->inclusive && tax->rate_ppm >= TILL_PPM)
		till_vector_out(draft->vector, "a tax on top that is the whole price with tax");
}

/* 100 and −100: the tax is owed and reclaimed by the buyer. */
static void
read_repartition(TillTaxDraft *draft, const json_t *json, TillTaxEngineTax *tax)
{
	const json_t *parts = json_object_get(json, "repartition_percent");

	if (parts == NULL)
		return;
	tax->reverse_charge =
	    json_array_size(parts) == 2 &&
	    till_vector_scaled(draft->vector, json_array_get(parts, 0), NULL, 0) == 100 &&
	    till_vector_scaled(draft->vector, json_array_get(parts, 1), NULL, 0) == -100;
	if (!tax->reverse_charge)
		till_vector_out(draft->vector, "a tax booked in parts other than 100 and -100");
}

/* Odoo's cases carry no ids: the same tax is one with the same fields. A line may hold it twice, as
 * two taxes that are alike. */
static TillTaxEngineTax *
read_tax(TillTaxDraft *draft, const json_t *list, gsize index)
{
	const json_t *json = json_array_get(list, index);
	guint twin = 0;
	gboolean is_new;

	till_vector_known(draft->vector, json, TAX_FIELDS);
	for (gsize i = 0; i < index; i++)
		twin += json_equal(json_array_get(list, i), json);
	g_autofree char *text = json_dumps(json, JSON_SORT_KEYS);
	g_autofree char *id = g_strdup_printf("%s#%u", text != NULL ? text : "", twin);
	TillTaxEngineTax *tax =
	    till_tax_draft_tax(draft, id, till_vector_text_or(json, "group", NULL), &is_new);
	if (!is_new)
		return tax;
	tax->inclusive = till_vector_flag_or(json, "price_included", FALSE);
	tax->include_base = till_vector_flag_or(json, "include_base_amount", FALSE);
	tax->base_affected = till_vector_flag_or(json, "is_base_affected", TRUE);
	read_kind(draft, json, tax);
	read_repartition(draft, json, tax);
	if (till_vector_flag_or(json, "filtered_out", FALSE))
		g_ptr_array_add(draft->exempt, (gpointer)(gsize)tax->id);
	return tax;
}

static guint
read_taxes(TillTaxDraft *draft, const json_t *list,
	   TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX])
{
	gsize count = json_array_size(list);

	if (count > TILL_TAX_ENGINE_TAXES_MAX) {
		till_vector_out(draft->vector, "more than %d taxes on a line",
				TILL_TAX_ENGINE_TAXES_MAX);
		return 0;
	}
	for (gsize i = 0; i < count; i++)
		taxes[i] = read_tax(draft, list, i);
	return (guint)count;
}

static void
read_line(TillTaxDraft *draft, const json_t *line)
{
	TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
	guint count = read_taxes(draft, json_object_get(line, "taxes"), taxes);
	TillVector *vector = draft->vector;

	till_tax_draft_line(draft, till_vector_number(vector, line, "price_unit"),
			    till_vector_number_or(vector, line, "quantity", "1"),
			    till_vector_number_or(vector, line, "discount_percent", "0"),
			    till_ratio_whole(0), taxes, count);
}

/* The unit to count in: the coarsest power of ten of which the precision is a multiple. */
static guint
find_exponent(TillVector *vector, TillRatio precision)
{
	gint64 whole;
	TillRatio scaled = precision;

	for (guint exponent = 0; exponent <= 9; exponent++) {
		if (till_ratio_round(scaled, 1, TILL_ROUND_DOWN, &whole) && whole > 0 &&
		    till_ratio_compare(scaled, till_ratio_whole(whole)) == 0)
			return exponent;
		scaled = till_ratio_multiply(scaled, till_ratio_whole(10));
	}
	till_vector_out(vector, "a precision that is no step of a currency");
	return 0;
}

static TillTaxDraft *
create_draft(TillVector *vector)
{
	const json_t *rounding = json_object_get(vector->inputs, "rounding");
	const char *method = till_vector_text_or(rounding, "method", "per_line");
	TillRatio precision = till_ratio_of(1, 100);

	if (rounding != NULL) {
		till_vector_known(vector, rounding, "method precision");
		precision = till_vector_number_or(vector, rounding, "precision", "0.01");
	}
	guint exponent = find_exponent(vector, precision);
	TillTaxDraft *draft = till_tax_draft_new(vector, exponent);
	draft->policy.step_minor = MAX(1, till_vector_scale_ratio(vector, precision, exponent));
	draft->policy.exempt_keeps_price = TRUE;
	if (strcmp(method, "globally") == 0)
		draft->policy.method = TILL_TAX_ENGINE_PER_DOCUMENT;
	else if (strcmp(method, "per_line") != 0)
		till_vector_out(vector, "rounding method \"%s\"", method);
	return draft;
}

static TillRatio
to_units(const TillTaxDraft *draft, TillRatio minor)
{
	for (guint i = 0; i < draft->exponent; i++)
		minor = till_ratio_divide(minor, till_ratio_whole(10));
	return minor;
}

static void
expect_exact(const TillTaxDraft *draft, const json_t *object, const char *key, TillRatio minor,
	     const char *what)
{
	till_vector_expect_exact(draft->vector, object, key, to_units(draft, minor), EXACT_PLACES,
				 what);
}

/* A reverse charge is listed twice: what is owed, then what is reclaimed. */
static void
check_shares(const TillTaxDraft *draft, const TillTaxEngineResult *result, const json_t *list)
{
	gsize at = 0;

	if (list == NULL)
		return;
	for (guint i = 0; i < result->shares->len; i++) {
		const TillTaxEngineShare *share =
		    &g_array_index(result->shares, TillTaxEngineShare, i);
		TillRatio amount = share->amount;
		for (guint part = 0; part < (share->tax->reverse_charge ? 2 : 1); part++) {
			const json_t *tax = json_array_get(list, at++);
			till_vector_known(draft->vector, tax, "base tax");
			expect_exact(draft, tax, "base", share->base, "a base");
			expect_exact(draft, tax, "tax", amount, "a tax");
			amount = till_ratio_negate(amount);
		}
	}
	if (at != json_array_size(list))
		till_vector_fail(draft->vector, "%u taxes, expected %u", (guint)at,
				 (guint)json_array_size(list));
}

static void
run_single_line(TillVector *vector)
{
	till_vector_known(vector, vector->inputs,
			  "kind price_unit quantity discount_percent taxes rounding currency");
	till_vector_known(vector, vector->expected, "total_excluded total_included taxes");
	g_autoptr(TillTaxDraft) draft = create_draft(vector);
	read_line(draft, vector->inputs);
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return;
	const TillTaxEngineLineResult *line =
	    &g_array_index(result->lines, TillTaxEngineLineResult, 0);
	expect_exact(draft, vector->expected, "total_excluded", line->net, "the net");
	expect_exact(draft, vector->expected, "total_included", line->gross, "the gross");
	check_shares(draft, result, json_object_get(vector->expected, "taxes"));
}

static void
run_reprice(TillVector *vector)
{
	TillTaxEngineTax *from[TILL_TAX_ENGINE_TAXES_MAX], *to[TILL_TAX_ENGINE_TAXES_MAX];

	till_vector_known(vector, vector->inputs, "kind price_unit from_taxes to_taxes");
	till_vector_known(vector, vector->expected, "price_unit");
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, 0);
	guint from_count = read_taxes(draft, json_object_get(vector->inputs, "from_taxes"), from);
	guint to_count = read_taxes(draft, json_object_get(vector->inputs, "to_taxes"), to);
	TillRatio price = till_vector_number(vector, vector->inputs, "price_unit");
	if (!till_vector_open(vector))
		return;
	price = till_tax_engine_reprice(price, (const TillTaxEngineTax *const *)from, from_count,
					(const TillTaxEngineTax *const *)to, to_count);
	expect_exact(draft, vector->expected, "price_unit", price, "the price");
}

static gboolean
read_mode(TillVector *vector, const json_t *object, TillRounding *out)
{
	const char *mode = till_vector_text_or(object, "mode", "");
	g_autofree char *name = g_ascii_strdown(mode, -1);

	if (till_rounding_parse(name, out))
		return TRUE;
	till_vector_out(vector, "rounding mode \"%s\"", mode);
	return FALSE;
}

/* Odoo adds the rounding row to the untaxed amount; the product shows it apart. */
static gint64
round_total(TillTaxDraft *draft, TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *json = json_object_get(vector->inputs, "cash_rounding");
	const char *strategy = till_vector_text_or(json, "strategy", "");
	gboolean to_row = strcmp(strategy, "add_invoice_line") == 0;
	TillRounding rounding;

	if (json == NULL)
		return 0;
	till_vector_known(vector, json, "step mode strategy");
	if (!to_row && strcmp(strategy, "biggest_tax") != 0)
		till_vector_out(vector, "cash rounding strategy \"%s\"", strategy);
	gint64 step_minor = till_vector_scaled(vector, json, "step", draft->exponent);
	if (!read_mode(vector, json, &rounding) || !till_vector_open(vector))
		return 0;
	if (!till_tax_engine_round_total(result, step_minor, rounding,
					 to_row ? TILL_TAX_ENGINE_TO_ROW
						: TILL_TAX_ENGINE_TO_BIGGEST_TAX))
		till_vector_fail(vector, "the total cannot be rounded");
	return to_row ? result->rounding_minor : 0;
}

static void
discount_order(TillTaxDraft *draft, TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *json = json_object_get(vector->inputs, "order_discount");
	const char *type = till_vector_text_or(json, "type", "");
	g_autoptr(GError) error = NULL;
	TillTaxEngineDocument document = till_tax_draft_document(draft);
	gboolean done = TRUE;

	if (json == NULL)
		return;
	till_vector_known(vector, json, "type amount");
	TillRatio amount = till_vector_number(vector, json, "amount");
	if (!till_vector_open(vector))
		return;
	if (strcmp(type, "percent") == 0)
		done = till_tax_engine_discount(
		    &document,
		    till_ratio_divide(till_ratio_subtract(till_ratio_whole(100), amount),
				      till_ratio_whole(100)),
		    result, &error);
	else if (strcmp(type, "fixed") == 0)
		done = till_tax_engine_discount_amount(
		    &document, till_vector_scale_ratio(vector, amount, draft->exponent), result,
		    &error);
	else
		till_vector_out(vector, "order discount \"%s\"", type);
	if (!done)
		till_vector_fail(vector, "%s", error->message);
}

static void
check_groups(const TillTaxDraft *draft, const TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *list = json_object_get(vector->expected, "tax_groups");

	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		const char *name = till_vector_text_or(json, "group", "");
		const TillTaxEngineShare *group = NULL;
		till_vector_known(vector, json, "group base tax");
		for (guint g = 0; g < result->groups->len && group == NULL; g++) {
			const TillTaxEngineShare *one =
			    &g_array_index(result->groups, TillTaxEngineShare, g);
			if (g_strcmp0(one->tax->group, name) == 0)
				group = one;
		}
		if (group == NULL) {
			till_vector_fail(vector, "no group %s", name);
			return;
		}
		g_autofree char *base = g_strdup_printf("the base of %s", name);
		g_autofree char *tax = g_strdup_printf("the tax of %s", name);
		till_vector_expect(vector, json, "base", group->base_minor, draft->exponent, base);
		till_vector_expect(vector, json, "tax", group->amount_minor, draft->exponent, tax);
	}
	if (list != NULL && json_array_size(list) != result->groups->len)
		till_vector_fail(vector, "%u groups, expected %u", result->groups->len,
				 (guint)json_array_size(list));
}

/* Which groups an invoice stacks under which heading is not said in the inputs; what can be held
 * against the figures is that the stack begins at the net, has no gaps and ends at the total. */
static void
check_subtotals(const TillTaxDraft *draft, const TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *list = json_object_get(vector->expected, "subtotals");
	gint64 reached = result->net_minor;

	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		till_vector_known(vector, json, "name base tax");
		till_vector_expect(vector, json, "base", reached, draft->exponent, "a subtotal");
		reached += till_vector_scaled(vector, json, "tax", draft->exponent);
	}
	if (json_array_size(list) > 0 && reached != result->total_minor)
		till_vector_fail(vector, "the subtotals do not end at the total");
}

static void
check_register_lines(const TillTaxDraft *draft, const TillTaxEngineResult *result)
{
	TillVector *vector = draft->vector;
	const json_t *list = json_object_get(vector->expected, "lines");

	for (gsize i = 0; i < json_array_size(list) && i < result->lines->len; i++) {
		const json_t *json = json_array_get(list, i);
		const TillTaxEngineLineResult *line =
		    &g_array_index(result->lines, TillTaxEngineLineResult, i);
		const TillTaxEngineLine *given = &g_array_index(draft->lines, TillTaxEngineLine, i);
		const json_t *taxes = json_object_get(json, "taxes");
		TillRatio unit = till_ratio_divide(till_ratio_whole(line->net_minor),
						   till_ratio_of(given->quantity_milli, 1000));
		till_vector_known(vector, json, "untaxed total taxes unit_excl");
		till_vector_expect(vector, json, "untaxed", line->net_minor, draft->exponent,
				   "a line's net");
		till_vector_expect(vector, json, "total", line->gross_minor, draft->exponent,
				   "a line's total");
		till_vector_expect_exact(vector, json, "unit_excl", to_units(draft, unit), 0,
					 "a unit's net");
		for (guint s = 0; s < line->share_count && s < json_array_size(taxes); s++)
			till_vector_expect(
			    vector, json_array_get(taxes, s), NULL,
			    g_array_index(result->shares, TillTaxEngineShare, line->first_share + s)
				.amount_minor,
			    draft->exponent, "a line's tax");
	}
}

static gboolean
is_decoration(char letter)
{
	return !g_ascii_isdigit(letter) && letter != '.' && letter != '-';
}

/* "$ 1,237.00": the figure counts, how it is dressed does not. */
static void
check_formatted(const TillTaxDraft *draft, const TillTaxEngineResult *result)
{
	const char *text = till_vector_text_or(draft->vector->expected, "formatted_total", NULL);
	g_autoptr(GString) bare = g_string_new(NULL);

	if (text == NULL)
		return;
	for (; *text != '\0'; text++) {
		if (!is_decoration(*text))
			g_string_append_c(bare, *text);
	}
	json_t *figure = json_string(bare->str);
	till_vector_expect(draft->vector, figure, NULL, result->total_minor, draft->exponent,
			   "the total as shown");
	json_decref(figure);
}

/* rate: the company's currency, of which nothing is asked. */
static void
run_document(TillVector *vector)
{
	static const char *const row_keys[] = {"rounding", "cash_rounding", "cash_rounding_base"};
	const json_t *lines = json_object_get(vector->inputs, "lines");

	till_vector_known(vector, vector->inputs,
			  "kind currency lines rounding rate order_discount cash_rounding");
	till_vector_known(vector, vector->expected,
			  "untaxed tax total tax_groups subtotals lines formatted_total "
			  "rounding cash_rounding cash_rounding_base");
	g_autoptr(TillTaxDraft) draft = create_draft(vector);
	for (gsize i = 0; i < json_array_size(lines); i++) {
		till_vector_known(vector, json_array_get(lines, i), LINE_FIELDS);
		read_line(draft, json_array_get(lines, i));
	}
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return;
	discount_order(draft, result);
	gint64 row = round_total(draft, result);
	till_vector_expect(vector, vector->expected, "untaxed", result->net_minor + row,
			   draft->exponent, "untaxed");
	for (gsize i = 0; i < G_N_ELEMENTS(row_keys); i++)
		till_vector_expect(vector, vector->expected, row_keys[i], row, draft->exponent,
				   "the rounding row");
	till_vector_expect(vector, vector->expected, "tax", result->tax_minor, draft->exponent,
			   "tax");
	till_vector_expect(vector, vector->expected, "total", result->total_minor, draft->exponent,
			   "the total");
	check_groups(draft, result);
	check_subtotals(draft, result);
	check_register_lines(draft, result);
	check_formatted(draft, result);
}

void
till_tax_odoo_run(TillVector *vector)
{
	const char *kind = till_vector_text_or(vector->inputs, "kind", "register");

	if (strcmp(kind, "single_line") == 0)
		run_single_line(vector);
	else if (strcmp(kind, "reprice_other_taxes") == 0)
		run_reprice(vector);
	else if (strcmp(kind, "document") == 0 || strcmp(kind, "register") == 0 ||
		 strcmp(kind, "document_with_order_discount") == 0)
		run_document(vector);
	else
		till_vector_out(vector, "kind \"%s\"", kind);
}
