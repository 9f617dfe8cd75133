/* SPDX-License-Identifier: Apache-2.0 */
#include "cash-rounding.h"

#include <string.h>

#include "currency.h"
#include "registry.h"
#include "tax-draft.h"

/* Cash rounding: two money libraries, a register, and the rules of countries. */

#define EXPONENT 2 /* of the register's cases and the rules' */

/* "HalfUp", "HALF-UP", "half_up" → half-up. */
static gboolean
read_mode(TillVector *vector, const char *mode, TillRounding *out)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (const char *letter = mode; *letter != '\0'; letter++) {
		if (g_ascii_isupper(*letter) && letter > mode && g_ascii_islower(letter[-1]))
			g_string_append_c(name, '-');
		g_string_append_c(name, *letter == '_' ? '-' : g_ascii_tolower(*letter));
	}
	if (till_rounding_parse(name->str, out))
		return TRUE;
	till_vector_out(vector, "rounding mode \"%s\"", mode);
	return FALSE;
}

static TillRatio
to_minor(TillRatio amount, guint exponent)
{
	for (guint i = 0; i < exponent; i++)
		amount = till_ratio_multiply(amount, till_ratio_whole(10));
	return amount;
}

static guint
find_exponent(TillVector *vector)
{
	const char *code = till_vector_text_or(vector->inputs, "currency", "");
	const TillCurrency *currency = till_currency_find(code);

	if (currency == NULL)
		till_vector_out(vector, "currency \"%s\" is not in ISO 4217", code);
	return currency != NULL ? currency->exponent : 0;
}

static TillCashRoundingResult
name_error(const char *words)
{
	if (strstr(words, "step") != NULL)
		return TILL_CASH_ROUNDING_BAD_STEP;
	return strstr(words, "rounding needed") != NULL ? TILL_CASH_ROUNDING_INEXACT
							: TILL_CASH_ROUNDING_OK;
}

void
till_cash_rounding_brick_run(TillVector *vector)
{
	const char *mode = till_vector_text_or(vector->inputs, "mode", "");
	const char *error = till_vector_text_or(vector->expected, "error", NULL);
	gboolean exact = strcmp(mode, "Unnecessary") == 0;
	TillRounding rounding = TILL_ROUND_HALF_UP;
	gint64 rounded = 0;

	till_vector_known(vector, vector->inputs, "currency step_minor amount mode");
	till_vector_known(vector, vector->expected, "amount error");
	guint exponent = find_exponent(vector);
	gint64 step_minor = till_vector_scaled(vector, vector->inputs, "step_minor", 0);
	TillRatio amount = till_vector_number(vector, vector->inputs, "amount");
	if ((!exact && !read_mode(vector, mode, &rounding)) || !till_vector_open(vector))
		return;
	TillCashRoundingResult result = till_cash_rounding_round(
	    to_minor(amount, exponent), step_minor, exact ? NULL : &rounding, &rounded);
	if (error != NULL && name_error(error) == TILL_CASH_ROUNDING_OK)
		till_vector_out(vector, "an error the product has no word for");
	else if (result != (error != NULL ? name_error(error) : TILL_CASH_ROUNDING_OK))
		till_vector_fail(vector, "answered: %s", till_cash_rounding_words(result));
	else if (error == NULL)
		till_vector_expect(vector, vector->expected, "amount", rounded, exponent,
				   "the amount");
}

void
till_cash_rounding_ruby_run(TillVector *vector)
{
	TillRounding rounding = TILL_ROUND_HALF_UP;
	gint64 rounded = 0;

	till_vector_known(vector, vector->inputs, "currency amount_minor smallest_coin_minor");
	till_vector_known(vector, vector->expected, "amount_minor");
	TillRatio amount = till_vector_number(vector, vector->inputs, "amount_minor");
	gint64 step_minor = till_vector_scaled(vector, vector->inputs, "smallest_coin_minor", 0);
	if (!till_vector_open(vector))
		return;
	TillCashRoundingResult result =
	    till_cash_rounding_round(amount, step_minor, &rounding, &rounded);
	if (result != TILL_CASH_ROUNDING_OK)
		till_vector_fail(vector, "answered: %s", till_cash_rounding_words(result));
	till_vector_expect(vector, vector->expected, "amount_minor", rounded, 0, "the amount");
}

static void
read_policy(TillVector *vector, TillCashRounding *out)
{
	const json_t *json = json_object_get(vector->inputs, "rounding");
	const char *scope = till_vector_text_or(json, "applies_to", "");

	till_vector_known(vector, json, "step mode applies_to");
	if (strcmp(till_vector_text_or(json, "step", ""), "none") == 0)
		return;
	out->step_minor = till_vector_scaled(vector, json, "step", EXPONENT);
	out->all_tenders = strcmp(scope, "all_methods") == 0;
	if (!out->all_tenders && strcmp(scope, "cash_only") != 0)
		till_vector_out(vector, "rounding applies to \"%s\"", scope);
	read_mode(vector, till_vector_text_or(json, "mode", ""), &out->rounding);
}

static gsize
read_tenders(TillVector *vector, TillCashRoundingTender tenders[TILL_CASH_ROUNDING_TENDERS_MAX])
{
	const json_t *list = json_object_get(vector->inputs, "payments");
	gsize count = json_array_size(list);

	if (count > TILL_CASH_ROUNDING_TENDERS_MAX) {
		till_vector_out(vector, "more payments than the product takes");
		return 0;
	}
	for (gsize i = 0; i < count; i++) {
		const json_t *json = json_array_get(list, i);
		const char *method = till_vector_text_or(json, "method", "");
		till_vector_known(vector, json, "method amount");
		tenders[i].cash = strcmp(method, "cash") == 0;
		tenders[i].fills = strcmp(till_vector_text_or(json, "amount", ""), "auto") == 0;
		tenders[i].amount_minor =
		    tenders[i].fills ? 0 : till_vector_scaled(vector, json, "amount", EXPONENT);
	}
	return count;
}

/* Odoo counts change as money that leaves the drawer: negative in a sale. */
static void
check_settlement(TillVector *vector, const TillCashRoundingSettlement *settlement,
		 const TillCashRoundingTender *tenders, gsize count)
{
	const json_t *expected = vector->expected;
	const json_t *amounts = json_object_get(expected, "payment_amounts");
	const json_t *settled = json_object_get(expected, "order_settled");

	till_vector_expect(vector, expected, "order_due", settlement->due_minor, EXPONENT,
			   "what is due");
	till_vector_expect(vector, expected, "remaining_due", settlement->remaining_minor, EXPONENT,
			   "what remains");
	till_vector_expect(vector, expected, "change_due", -settlement->change_minor, EXPONENT,
			   "the change");
	till_vector_expect(vector, expected, "applied_rounding", settlement->payment_rounding_minor,
			   EXPONENT, "the rounding");
	if (settled != NULL && json_is_true(settled) != settlement->settled)
		till_vector_fail(vector, settlement->settled ? "settled too early" : "not settled");
	if (amounts != NULL && json_array_size(amounts) != count)
		till_vector_fail(vector, "a payment is missing");
	for (gsize i = 0; i < json_array_size(amounts) && i < count; i++)
		till_vector_expect(vector, json_array_get(amounts, i), NULL,
				   tenders[i].amount_minor, EXPONENT, "a payment");
}

void
till_cash_rounding_odoo_run(TillVector *vector)
{
	TillCashRoundingTender tenders[TILL_CASH_ROUNDING_TENDERS_MAX] = {{0}};
	TillCashRoundingSettlement settlement;
	TillCashRounding policy = {0};

	till_vector_known(vector, vector->inputs, "order_total rounding payments");
	till_vector_known(vector, vector->expected,
			  "payment_amounts applied_rounding change_due order_settled remaining_due "
			  "order_due");
	read_policy(vector, &policy);
	gsize count = read_tenders(vector, tenders);
	gint64 total_minor = till_vector_scaled(vector, vector->inputs, "order_total", EXPONENT);
	if (!till_vector_open(vector))
		return;
	if (!till_cash_rounding_settle(total_minor, &policy, tenders, count, &settlement))
		till_vector_fail(vector, "cannot be settled");
	else
		check_settlement(vector, &settlement, tenders, count);
}

/* What a register's maker calls a rule, and whose rule it is. */
static const struct {
	const char *mode;
	const char *country;
	const char *variant;
} makers[] = {
    {"IF1", "AU", ""},
    {"IF 1", "AU", ""},
    {"IF2", "NZ", "half-up"},
    {"IF 2", "NZ", "half-up"},
    {"Australian", "AU", ""},
    {"Canadian", "CA", ""},
    {"Danish", "DK", ""},
    {"Finnish", "FI", ""},
    {"Malaysian", "MY", ""},
    {"New Zealand (A)", "NZ", "half-up"},
    {"New Zealand (B)", "NZ", ""},
    {"Swedish", "SE", "1992"},
    {"Swedish (old)", "SE", "1992"},
    {"Singaporean", "SG", ""},
    {"South Africa", "ZA", ""},
    {"Round to 5 yen", "JP", "5-yen"},
    {"Round to 10 yen", "JP", "10-yen"},
    {"Norway", "NO", ""},
    {"New Swedish", "SE", ""},
};

static void
run_maker_rule(TillVector *vector, const char *mode)
{
	const TillCashRoundingRule *rule = NULL;
	gboolean change =
	    strcmp(till_vector_text_or(vector->inputs, "applies_to", "total"), "change") == 0;
	gint64 rounded = 0;

	till_vector_known(vector, vector->inputs,
			  "mode applies_to ending_minor ending_unit not_rounded");
	till_vector_known(vector, vector->expected, "ending_minor");
	for (gsize i = 0; i < G_N_ELEMENTS(makers); i++) {
		if (strcmp(makers[i].mode, mode) == 0)
			rule = till_cash_rounding_find(makers[i].country, NULL, makers[i].variant);
	}
	if (rule == NULL)
		till_vector_out(vector, "register mode \"%s\"", mode);
	TillRatio ending = till_vector_number(vector, vector->inputs, "ending_minor");
	if (!till_vector_open(vector))
		return;
	if (till_cash_rounding_round(ending, rule->step_minor,
				     change ? &rule->change_rounding : &rule->rounding,
				     &rounded) != TILL_CASH_ROUNDING_OK)
		till_vector_fail(vector, "cannot be rounded");
	till_vector_expect(vector, vector->expected, "ending_minor", rounded, 0, "the ending");
}

/* The rule of a country; a case that names a step or a way with halves asks for that variant. */
static const TillCashRoundingRule *
find_rule(TillVector *vector)
{
	const char *country = till_vector_text_or(vector->inputs, "country", "");
	const char *currency = till_vector_text_or(vector->inputs, "currency", "");
	gint64 step_minor = till_vector_scaled_or(vector, vector->inputs, "step", EXPONENT, 0);
	g_autofree char *nation = g_strndup(country, 2);
	gsize count;
	const TillCashRoundingRule *rules = till_cash_rounding_table(&count);

	for (gsize i = 0; i < count; i++) {
		gboolean half_up = rules[i].rounding == TILL_ROUND_HALF_UP;
		gboolean half_down = rules[i].rounding == TILL_ROUND_HALF_DOWN;
		if (strcmp(rules[i].country, nation) != 0 ||
		    (*currency != '\0' && strcmp(rules[i].currency, currency) != 0) ||
		    (step_minor != 0 && rules[i].step_minor != step_minor) ||
		    (till_vector_has_tag(vector, "half_up") && !half_up) ||
		    (till_vector_has_tag(vector, "half_down") && !half_down))
			continue;
		return &rules[i];
	}
	till_vector_out(vector, "no rule for %s %s", country, currency);
	return NULL;
}

/* The total of lines with a tax on top, rounded once: what stands before the cash is rounded. */
static gint64
compute_total(TillVector *vector)
{
	const json_t *lines = json_object_get(vector->inputs, "lines");
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);

	draft->policy.method = TILL_TAX_ENGINE_PER_DOCUMENT;
	TillTaxEngineTax *tax = till_tax_draft_percent(
	    draft, "tax", till_vector_number_or(vector, vector->inputs, "tax_percent_added", "0"),
	    FALSE);
	for (gsize i = 0; i < json_array_size(lines); i++)
		till_tax_draft_line(
		    draft, till_vector_number(vector, json_array_get(lines, i), NULL),
		    till_ratio_whole(1), till_ratio_whole(0), till_ratio_whole(0), &tax, 1);
	g_autoptr(TillTaxEngineResult) result = till_tax_draft_compute(draft);
	if (result == NULL)
		return 0;
	till_vector_expect(vector, vector->inputs, "total", result->total_minor, EXPONENT,
			   "the total");
	return result->total_minor;
}

static gint64
read_total(TillVector *vector)
{
	if (json_object_get(vector->inputs, "amount") != NULL)
		return till_vector_scaled(vector, vector->inputs, "amount", EXPONENT);
	if (json_object_get(vector->inputs, "lines") != NULL)
		return compute_total(vector);
	return till_vector_scaled(vector, vector->inputs, "total", EXPONENT);
}

void
till_cash_rounding_rules_run(TillVector *vector)
{
	const char *mode = till_vector_text_or(vector->inputs, "mode", NULL);
	const char *payment = till_vector_text_or(vector->inputs, "payment", "cash");
	TillCashRoundingSettlement settlement;
	TillCashRounding policy = {0};

	if (mode != NULL) {
		run_maker_rule(vector, mode);
		return;
	}
	till_vector_known(vector, vector->inputs,
			  "country region province state currency payment last_digit amount step "
			  "lines tax_percent_added total");
	till_vector_known(vector, vector->expected, "amount rounding");
	const TillCashRoundingRule *rule = find_rule(vector);
	gint64 total_minor = read_total(vector);
	if (!till_vector_open(vector))
		return;
	policy = (TillCashRounding){.step_minor = rule->step_minor, .rounding = rule->rounding};
	TillCashRoundingTender tender = {.cash = strcmp(payment, "cash") == 0, .fills = TRUE};
	if (!till_cash_rounding_settle(total_minor, &policy, &tender, 1, &settlement))
		till_vector_fail(vector, "cannot be settled");
	till_vector_expect(vector, vector->expected, "amount", tender.amount_minor, EXPONENT,
			   "what is paid");
	till_vector_expect(vector, vector->expected, "rounding", settlement.payment_rounding_minor,
			   EXPONENT, "the rounding");
}
