/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "currency.h"
#include "price.h"
#include "promo-draft.h"
#include "quantity.h"
#include "refund.h"
#include "registry.h"
#include "return-quote.h"

/* The goods of a case are priced by the engine that prices every sale, and taken back by
 * refund.h.
 *
 * Solidus takes pieces of a line back. Sylius gives the money of single units back, in one sum or
 * in parts: each line is first taken apart into pieces, each of which is then a sold line of its
 * own that is eased by what it is worth, or by the amount. */

#define EXPONENT 2
#define SHIPPING "shipping"
#define UNITS_MAX 500

typedef struct {
	TillVector *vector; /* borrowed */
	TillBasket *basket;
	TillTaxTable *taxes;
	GPtrArray *promos; /* of TillPromo */
	GPtrArray *kept;   /* owned texts */
	TillPriced *priced;
	TillPriced *pieces; /* each with a quantity of one; names as the SKU */
	GPtrArray *units;   /* of TillRefundLine, one for each of pieces */
	TillPriced *given;
	gboolean all;      /* everything was asked for */
	const char *fault; /* borrowed: the product's refusal; NULL: none */
} Draft;

static void
free_draft(Draft *draft)
{
	till_basket_free(draft->basket);
	till_tax_table_unref(draft->taxes);
	g_ptr_array_unref(draft->promos);
	g_ptr_array_unref(draft->kept);
	g_clear_pointer(&draft->units, g_ptr_array_unref);
	till_price_free(draft->priced);
	till_price_free(draft->pieces);
	till_price_free(draft->given);
	g_free(draft);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Draft, free_draft)

static Draft *
new_draft(TillVector *vector)
{
	Draft *draft = g_new0(Draft, 1);
	const TillCurrency *currency = till_currency_find("USD");

	draft->vector = vector;
	draft->basket = till_basket_new();
	draft->taxes = till_tax_table_new(TILL_ROUND_HALF_UP);
	draft->promos = g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);
	draft->kept = g_ptr_array_new_with_free_func(g_free);
	draft->pieces = till_price_new(currency);
	draft->given = till_price_new(currency);
	draft->units = g_ptr_array_new_with_free_func((GDestroyNotify)till_refund_line_free);
	return draft;
}

/* --- the sale --- */

static TillItem *
make_item(const char *name, gint64 price_minor)
{
	TillItem *item = till_item_new();

	item->sku = g_strdup(name);
	item->name = g_strdup(name);
	item->variant = g_strdup("");
	item->style = g_strdup("");
	item->category = g_strdup("");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup("ea");
	item->tax_class = g_strdup(name);
	item->price_list = g_strdup("base");
	item->price_minor = price_minor;
	item->has_price = TRUE;
	item->active = TRUE;
	return item;
}

/* The tax is the class's only one; its name is the rate as the case shows it, "10%". */
static void
read_tax(Draft *draft, const json_t *object, const char *tax_class)
{
	const char *percent = till_vector_text_or(object, "tax_percent", "0");
	g_autofree char *name = g_strdup_printf("%s%%", percent);
	g_autofree char *id = g_strdup_printf("tax %s", percent);
	g_autoptr(GError) error = NULL;
	TillTax tax = {.id = id,
		       .name = name,
		       .rate_ppm = till_vector_scaled(draft->vector, object, "tax_percent", 4),
		       .inclusive = till_vector_flag_or(object, "tax_included", FALSE)};

	if (!till_tax_table_add(draft->taxes, tax_class, &tax, &error))
		till_vector_out(draft->vector, "tax: %s", error->message);
}

static void
add_goods(Draft *draft, const char *name, gint64 price_minor, gint64 pieces)
{
	g_autoptr(TillItem) item = make_item(name, price_minor);

	if (!till_vector_open(draft->vector))
		return;
	if (pieces > UNITS_MAX ||
	    till_basket_add(draft->basket, item, "", pieces * TILL_QUANTITY_ONE, NULL) !=
		TILL_BASKET_OK)
		till_vector_out(draft->vector, "goods the basket does not take");
}

static void
read_lines(Draft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *lines = json_object_get(vector->inputs, "lines");

	for (gsize i = 0; i < json_array_size(lines); i++) {
		const json_t *line = json_array_get(lines, i);
		const char *name = till_vector_text_or(line, "product", "line");
		till_vector_known(vector, line, "product price quantity tax_percent tax_included");
		if (json_object_get(line, "tax_percent") != NULL)
			read_tax(draft, line, name);
		add_goods(draft, name, till_vector_scaled(vector, line, "price", EXPONENT),
			  till_vector_scaled(vector, line, "quantity", 0));
	}
}

/* What is delivered is a line like any other. */
static void
read_shipping(Draft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *tax = json_object_get(vector->inputs, "shipping_tax");

	if (json_object_get(vector->inputs, "shipping") == NULL)
		return;
	if (tax != NULL) {
		till_vector_known(vector, tax, "tax_percent tax_included");
		read_tax(draft, tax, SHIPPING);
	}
	add_goods(draft, SHIPPING, till_vector_scaled(vector, vector->inputs, "shipping", EXPONENT),
		  1);
}

static TillPromoIndex *
read_promotion(Draft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *promotion = json_object_get(vector->inputs, "promotion");
	g_autoptr(TillPromoDraft) promos = till_promo_draft_new(vector, EXPONENT);
	json_t *json;

	if (promotion == NULL)
		return NULL;
	till_vector_known(vector, promotion, "target type value if_quantity_min");
	if (strcmp(till_vector_text_or(promotion, "target", ""), "order") != 0 ||
	    strcmp(till_vector_text_or(promotion, "type", ""), "fixed") != 0) {
		till_vector_out(vector, "a promotion that is not an amount off the order");
		return NULL;
	}
	json = json_pack("{s:[{s:s, s:s, s:I}]}", "effects", "kind", "amount", "on", "basket",
			 "amount_minor",
			 (json_int_t)till_vector_scaled(vector, promotion, "value", EXPONENT));
	if (json_object_get(promotion, "if_quantity_min") != NULL)
		json_object_set_new(json, "needs",
				    json_pack("[{s:I}]", "quantity",
					      (json_int_t)till_vector_scaled(
						  vector, promotion, "if_quantity_min", 0)));
	(void)till_promo_draft_promo(promos, "Offer", json);
	return till_promo_index_new((TillPromo *const *)promos->promos->pdata, promos->promos->len);
}

static gboolean
price(Draft *draft)
{
	TillPriceRules rules = {.currency = till_currency_find("USD"),
				.taxes = draft->taxes,
				.rounding = TILL_ROUND_HALF_UP};
	g_autoptr(TillPromoIndex) promos = NULL;
	g_autoptr(GError) error = NULL;

	read_lines(draft);
	read_shipping(draft);
	promos = read_promotion(draft);
	if (!till_vector_open(draft->vector))
		return FALSE;
	rules.promos = promos;
	draft->priced = till_price_basket(draft->basket, &rules, &error);
	if (draft->priced == NULL)
		till_vector_fail(draft->vector, "not priced: %s", error->message);
	return draft->priced != NULL;
}

/* --- Sylius: money of single units --- */

static void
take_apart(Draft *draft)
{
	for (guint i = 0; i < draft->priced->lines->len; i++) {
		g_autoptr(TillRefundLine) line =
		    till_refund_line_new(g_ptr_array_index(draft->priced->lines, i));
		while (till_refund_line_take(line, TILL_QUANTITY_ONE, draft->pieces) ==
		       TILL_REFUND_OK)
			continue;
		if (till_refund_line_left_milli(line) != 0)
			till_vector_fail(draft->vector, "a line does not come apart");
	}
	for (guint i = 0; i < draft->pieces->lines->len; i++)
		g_ptr_array_add(draft->units,
				till_refund_line_new(g_ptr_array_index(draft->pieces->lines, i)));
}

/* NULL and the case failed: there is none. number from 1. */
static TillRefundLine *
find_unit(Draft *draft, const char *name, gint64 number)
{
	for (guint i = 0; i < draft->units->len; i++) {
		TillRefundLine *unit = g_ptr_array_index(draft->units, i);
		if (strcmp(till_refund_line_sold(unit)->item->sku, name) == 0 && --number == 0)
			return unit;
	}
	till_vector_fail(draft->vector, "no such unit of %s", name);
	return NULL;
}

static void
ease(Draft *draft, TillRefundLine *unit, gint64 amount_minor)
{
	TillRefundResult result;

	if (unit == NULL)
		return;
	result = till_refund_line_ease(unit, amount_minor, draft->given);
	if (result != TILL_REFUND_OK)
		draft->fault = till_refund_words(result);
}

static void
ease_whole(Draft *draft, TillRefundLine *unit)
{
	if (unit != NULL)
		ease(draft, unit, till_refund_line_left_minor(unit));
}

static void
play_one(Draft *draft, const json_t *step)
{
	TillVector *vector = draft->vector;
	const char *name = till_vector_text_or(step, "product", "");
	const json_t *units = json_object_get(step, "units");

	till_vector_known(vector, step, "product units unit amount");
	for (gsize i = 0; i < json_array_size(units); i++)
		ease_whole(draft,
			   find_unit(draft, name, json_integer_value(json_array_get(units, i))));
	if (units == NULL)
		ease(draft, find_unit(draft, name, till_vector_scaled(vector, step, "unit", 0)),
		     till_vector_scaled(vector, step, "amount", EXPONENT));
}

static void
play(Draft *draft, const json_t *steps)
{
	draft->all = json_is_string(steps) && strcmp(json_string_value(steps), "all") == 0;
	if (json_is_string(steps) && !draft->all)
		till_vector_out(draft->vector, "refund \"%s\"", json_string_value(steps));
	for (guint i = 0; draft->all && i < draft->units->len; i++)
		ease_whole(draft, g_ptr_array_index(draft->units, i));
	for (gsize i = 0; i < json_array_size(steps); i++)
		play_one(draft, json_array_get(steps, i));
}

/* --- what is expected --- */

static void
check_fault(const Draft *draft)
{
	static const struct {
		const char *theirs;
		TillRefundResult ours;
		gboolean free; /* nothing was ever paid */
	} faults[] = {
	    {"unit already refunded", TILL_REFUND_NOTHING, FALSE},
	    {"more than the unit total", TILL_REFUND_WORTH, FALSE},
	    {"free order cannot be refunded", TILL_REFUND_NOTHING, TRUE},
	};
	TillVector *vector = draft->vector;
	const char *wanted = till_vector_text_or(vector->expected, "error", NULL);

	if (wanted == NULL && draft->fault != NULL)
		till_vector_fail(vector, "refused: %s", draft->fault);
	if (wanted == NULL)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
		if (strcmp(faults[i].theirs, wanted) != 0)
			continue;
		if (g_strcmp0(draft->fault, till_refund_words(faults[i].ours)) != 0 ||
		    faults[i].free != (draft->priced->total_minor == 0))
			till_vector_fail(vector, "not refused as \"%s\"", wanted);
		return;
	}
	till_vector_out(vector, "error \"%s\"", wanted);
}

/* The state of the order's payment is what is left of it. */
static void
check_state(const Draft *draft)
{
	TillVector *vector = draft->vector;
	const char *wanted = till_vector_text_or(vector->expected, "payment_state", NULL);
	gint64 left = 0;

	for (guint i = 0; i < draft->units->len; i++)
		left += till_refund_line_left_minor(g_ptr_array_index(draft->units, i));
	if (wanted == NULL)
		return;
	const char *state = left == 0                           ? "refunded"
			    : left < draft->priced->total_minor ? "partially_refunded"
								: "paid";
	if (strcmp(state, wanted) != 0)
		till_vector_fail(vector, "the payment is %s", state);
}

static gint64
net_minor(const TillPricedLine *line)
{
	return line->total_minor - line->tax_minor;
}

/* One row of a credit note: the parts of a product that are alike, the first group that is not
 * shown yet. FALSE: there is none. */
static gboolean
sum_alike(const Draft *draft, const char *name, GHashTable *shown, TillPricedLine *out)
{
	const TillPricedLine *first = NULL;

	*out = (TillPricedLine){0};
	for (guint i = 0; i < draft->given->lines->len; i++) {
		TillPricedLine *line = g_ptr_array_index(draft->given->lines, i);
		if (strcmp(line->item->sku, name) != 0 || g_hash_table_contains(shown, line))
			continue;
		first = first != NULL ? first : line;
		if (line->total_minor != first->total_minor || line->tax_minor != first->tax_minor)
			continue;
		g_hash_table_add(shown, line);
		out->total_minor += line->total_minor;
		out->tax_minor += line->tax_minor;
		out->quantity_milli += TILL_QUANTITY_ONE;
	}
	return first != NULL;
}

static void
check_row(const Draft *draft, const json_t *row, const char *name, GHashTable *shown)
{
	TillVector *vector = draft->vector;
	TillPricedLine sum;

	till_vector_known(vector, row, "product quantity net tax gross");
	if (!sum_alike(draft, name, shown, &sum)) {
		till_vector_fail(vector, "nothing of %s came back", name);
		return;
	}
	till_vector_expect(vector, row, "quantity", sum.quantity_milli, 3, "a row's quantity");
	till_vector_expect(vector, row, "net", net_minor(&sum), EXPONENT, "a row's net");
	till_vector_expect(vector, row, "tax", sum.tax_minor, EXPONENT, "a row's tax");
	till_vector_expect(vector, row, "gross", sum.total_minor, EXPONENT, "a row's total");
}

/* Each part that came back must stand in one row, and no more. */
static void
check_rows(const Draft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *rows = json_object_get(vector->expected, "lines");
	const json_t *shipping = json_object_get(vector->expected, "shipping");
	g_autoptr(GHashTable) shown = g_hash_table_new(NULL, NULL);

	if (rows == NULL)
		return;
	for (gsize i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		check_row(draft, row, till_vector_text_or(row, "product", ""), shown);
	}
	if (shipping != NULL)
		check_row(draft, shipping, SHIPPING, shown);
	if (till_vector_open(vector) && g_hash_table_size(shown) != draft->given->lines->len)
		till_vector_fail(vector, "more came back than is expected");
}

static void
check_taxes(const Draft *draft)
{
	TillVector *vector = draft->vector;
	const json_t *wanted = json_object_get(vector->expected, "tax_items");
	const char *name;
	json_t *amount;

	if (wanted == NULL)
		return;
	if (json_object_size(wanted) != draft->given->taxes->len)
		till_vector_fail(vector, "%u taxes came back", draft->given->taxes->len);
	json_object_foreach((json_t *)(gsize)wanted, name, amount)
	{
		gint64 sum = -1;
		for (guint i = 0; i < draft->given->taxes->len; i++) {
			const TillPricedTax *tax =
			    &g_array_index(draft->given->taxes, TillPricedTax, i);
			if (strcmp(tax->name, name) == 0)
				sum = tax->amount_minor;
		}
		till_vector_expect(vector, wanted, name, sum, EXPONENT, "a tax");
	}
}

static void
check_totals(const Draft *draft)
{
	static const char *const totals[] = {"refunded_total", "unit_refunded", "total"};
	TillVector *vector = draft->vector;
	const TillPriced *given = draft->given;

	for (gsize i = 0; i < G_N_ELEMENTS(totals); i++)
		till_vector_expect(vector, vector->expected, totals[i], given->total_minor,
				   EXPONENT, "what was given back");
	till_vector_expect(vector, vector->expected, "net_total",
			   given->total_minor - given->tax_minor, EXPONENT, "its net");
	till_vector_expect(vector, vector->expected, "tax_total", given->tax_minor, EXPONENT,
			   "its tax");
}

void
till_refunds_sylius_run(TillVector *vector)
{
	g_autoptr(Draft) draft = new_draft(vector);

	till_vector_known(vector, vector->inputs,
			  "lines promotion shipping shipping_tax refunded_before refund");
	till_vector_known(vector, vector->expected,
			  "refunded_total unit_refunded error payment_state lines shipping "
			  "tax_items total net_total tax_total");
	if (!price(draft))
		return;
	take_apart(draft);
	play(draft, json_object_get(vector->inputs, "refunded_before"));
	if (draft->fault != NULL)
		till_vector_fail(vector, "refused before: %s", draft->fault);
	play(draft, json_object_get(vector->inputs, "refund"));
	if (!till_price_sum(draft->given, NULL))
		till_vector_fail(vector, "what came back has no sum");
	check_fault(draft);
	check_state(draft);
	check_totals(draft);
	check_rows(draft);
	check_taxes(draft);
}

/* --- Solidus: pieces of a line --- */

/* The same goods taken instead: all that came back pays for them. */
static gint64
exchange(Draft *draft, gint64 milli)
{
	static const char policy_text[] =
	    "{\"id\":\"returns\",\"rows\":[{\"id\":\"R-1\",\"words\":\"Yes.\"}]}";
	g_autoptr(TillReturnPolicy) policy =
	    till_return_policy_parse(policy_text, strlen(policy_text), NULL);
	g_autoptr(TillSold) sold = till_sold_new(TILL_SOLD_SALE, till_price_copy(draft->priced));
	TillReturnAsk ask = {.line = 1, .milli = milli, .reason = "exchange"};
	TillReturnRequest request = {.sold = sold, .policy = policy, .asks = &ask, .ask_count = 1};
	char card[] = "card", reference[] = "1";
	TillSoldPayment payment = {.kind = card,
				   .reference = reference,
				   .paid_minor = draft->priced->total_minor,
				   .value_minor = draft->priced->total_minor};

	till_sold_add_payment(sold, &payment);
	g_autoptr(TillReturnQuote) first = till_return_quote(&request, NULL);
	g_autoptr(TillPriced) taken = till_price_new(draft->priced->currency);
	if (!first->may) {
		const TillReturnLine *line = g_ptr_array_index(first->lines, 0);
		till_vector_fail(draft->vector, "refused: %s",
				 line->refusal != NULL ? line->refusal : first->trouble);
		return 0;
	}
	const TillPricedLine *back = g_ptr_array_index(first->given->lines, 0);
	till_return_quote_swap(taken, back, back->item, "");
	if (!till_price_sum(taken, NULL))
		till_vector_fail(draft->vector, "what is taken has no sum");
	request.taken = taken;
	g_autoptr(TillReturnQuote) quote = till_return_quote(&request, NULL);
	if (!quote->may || quote->pay_minor != 0)
		till_vector_fail(draft->vector, "the exchange is not even");
	return quote->give_minor;
}

void
till_refunds_solidus_run(TillVector *vector)
{
	g_autoptr(Draft) draft = new_draft(vector);
	gint64 milli = till_vector_scaled(vector, vector->inputs, "refund_units", 3);
	gint64 given_minor;

	till_vector_known(vector, vector->inputs, "lines exchange refund_units");
	till_vector_known(vector, vector->expected, "refund");
	if (!price(draft))
		return;
	if (till_vector_flag_or(vector->inputs, "exchange", FALSE)) {
		given_minor = exchange(draft, milli);
	} else {
		g_autoptr(TillRefundLine) line =
		    till_refund_line_new(g_ptr_array_index(draft->priced->lines, 0));
		TillRefundResult result = till_refund_line_take(line, milli, draft->given);
		if (result != TILL_REFUND_OK || !till_price_sum(draft->given, NULL))
			till_vector_fail(vector, "refused: %s", till_refund_words(result));
		given_minor = draft->given->total_minor;
	}
	till_vector_expect(vector, vector->expected, "refund", given_minor, EXPONENT,
			   "what is given back");
}
