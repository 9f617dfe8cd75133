/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry.h"
#include "sylius-cart.h"
#include "tax-draft.h"

/* Sylius: one tax per category, inside or on top, rounded per line ("item") or per unit; its
 * decimal calculator does not round units, which leaves the rounding to the line. */

#define EXPONENT TILL_SYLIUS_CART_EXPONENT

static const json_t *
find_category(const TillVector *vector, const TillSyliusLine *line)
{
	const json_t *categories = json_object_get(vector->inputs, "tax_categories");
	const char *name = till_vector_text_or(line->product, "tax_category", NULL);

	return name != NULL ? json_object_get(categories, name) : NULL;
}

/* Whether units are rounded: said by the strategy, taken back by the calculator of a category. */
static void
choose_method(TillTaxDraft *draft, const TillSyliusCart *cart)
{
	TillVector *vector = draft->vector;
	const char *strategy = till_vector_text_or(vector->inputs, "tax_strategy", "item");
	guint decimal = 0, taxed = 0;

	if (strcmp(strategy, "item") != 0 && strcmp(strategy, "unit") != 0)
		till_vector_out(vector, "tax strategy \"%s\"", strategy);
	for (guint i = 0; i < cart->lines->len; i++) {
		const json_t *category =
		    find_category(vector, &g_array_index(cart->lines, TillSyliusLine, i));
		const char *calculator = till_vector_text_or(category, "calculator", "default");
		if (category == NULL)
			continue;
		taxed++;
		decimal += strcmp(calculator, "decimal") == 0;
		if (strcmp(calculator, "decimal") != 0 && strcmp(calculator, "default") != 0)
			till_vector_out(vector, "tax calculator \"%s\"", calculator);
	}
	if (strcmp(strategy, "unit") != 0 || (taxed > 0 && decimal == taxed))
		return;
	if (decimal > 0)
		till_vector_out(vector, "two tax calculators in one basket");
	draft->policy.method = TILL_TAX_ENGINE_PER_UNIT;
}

static void
read_line(TillTaxDraft *draft, const TillSyliusLine *line)
{
	TillVector *vector = draft->vector;
	const json_t *category = find_category(vector, line);
	TillTaxEngineTax *tax = NULL;

	till_vector_known(vector, line->product, "name price variants categories tax_category");
	if (category != NULL) {
		till_vector_known(vector, category,
				  "name rate_percent included_in_price calculator");
		tax = till_tax_draft_percent(
		    draft, till_vector_text_or(line->product, "tax_category", ""),
		    till_vector_number(vector, category, "rate_percent"),
		    till_vector_flag_or(category, "included_in_price", FALSE));
	}
	till_tax_draft_line(draft, till_ratio_of(line->price_minor, 100),
			    till_ratio_whole(line->quantity), till_ratio_whole(0),
			    till_ratio_of(line->discount_minor, 100), &tax, tax != NULL ? 1 : 0);
}

static gint64
sum_tax(const TillTaxEngineResult *result, gboolean inclusive)
{
	gint64 sum = 0;

	for (guint i = 0; i < result->taxes->len; i++) {
		const TillTaxEngineShare *total =
		    &g_array_index(result->taxes, TillTaxEngineShare, i);
		if (total->tax->inclusive == inclusive)
			sum += total->amount_minor;
	}
	return sum;
}

static void
check_lines(const TillSyliusCart *cart, const TillTaxEngineResult *result)
{
	TillVector *vector = cart->vector;
	const json_t *list = json_object_get(vector->expected, "lines");

	till_vector_expect(vector, vector->expected, "line_count", cart->lines->len, 0,
			   "the number of lines");
	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *json = json_array_get(list, i);
		const char *name = till_vector_text_or(json, "product", "");
		guint at = 0;
		till_vector_known(vector, json, "product line_total line_discount");
		while (at < cart->lines->len &&
		       strcmp(g_array_index(cart->lines, TillSyliusLine, at).name, name) != 0)
			at++;
		if (at == cart->lines->len) {
			till_vector_fail(vector, "no line of %s", name);
			return;
		}
		till_vector_expect(
		    vector, json, "line_total",
		    g_array_index(result->lines, TillTaxEngineLineResult, at).gross_minor, EXPONENT,
		    "a line's total");
		till_vector_expect(vector, json, "line_discount",
				   g_array_index(cart->lines, TillSyliusLine, at).discount_minor,
				   EXPONENT, "a line's discount");
	}
}

void
till_tax_sylius_run(TillVector *vector)
{
	gint64 discount_minor = 0;

	till_vector_known(vector, vector->inputs,
			  "products promotions catalog_promotions customer "
			  "customer_history cart_steps tax_categories tax_strategy");
	till_vector_known(vector, vector->expected,
			  "total discount tax_added tax_included line_count lines");
	g_autoptr(TillSyliusCart) cart = till_sylius_cart_new(vector);
	g_autoptr(TillPromoEngineResult) promoted = till_sylius_promote_run(cart);
	if (promoted == NULL)
		return;
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);
	choose_method(draft, cart);
	for (guint i = 0; i < cart->lines->len; i++) {
		const TillSyliusLine *line = &g_array_index(cart->lines, TillSyliusLine, i);
		discount_minor += line->discount_minor;
		read_line(draft, line);
	}
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return;
	till_vector_expect(vector, vector->expected, "total", result->total_minor, EXPONENT,
			   "the total");
	till_vector_expect(vector, vector->expected, "discount", discount_minor, EXPONENT,
			   "the discount");
	till_vector_expect(vector, vector->expected, "tax_added", sum_tax(result, FALSE), EXPONENT,
			   "the tax added");
	till_vector_expect(vector, vector->expected, "tax_included", sum_tax(result, TRUE),
			   EXPONENT, "the tax inside");
	check_lines(cart, result);
}
