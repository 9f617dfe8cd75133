/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-engine.h"

#include <string.h>

#include "till-tax-sample.h"
#include "till-test.h"

#define LINES_MAX 12
#define DOCUMENTS 100000

/* Properties, on random documents. */

typedef struct {
	TillTaxEngineTax taxes[5];
	const TillTaxEngineTax *lists[LINES_MAX][5];
	TillTaxEngineLine lines[LINES_MAX];
	guint count;
} Sample;

static const char *const sample_ids[] = {"a", "b", "c", "d", "e"};
static const gint64 sample_rates[] = {210000, 60000,  88750,  100000, 5000,  250000,
				      190000, 150000, 180000, 0,      55000, 73500};

static void
make_taxes(TillTestRandom *random, Sample *sample)
{
	for (guint i = 0; i < G_N_ELEMENTS(sample->taxes); i++) {
		TillTaxEngineTax *tax = &sample->taxes[i];
		*tax = till_tax_sample_percent(
		    sample_ids[i],
		    sample_rates[till_test_random_range(random, 0, G_N_ELEMENTS(sample_rates) - 1)],
		    till_test_random_range(random, 0, 1) == 1);
		tax->group = i < 2 ? "low" : NULL;
		tax->include_base = till_test_random_range(random, 0, 2) == 0;
		tax->base_affected = till_test_random_range(random, 0, 3) > 0;
		if (i == 3) {
			tax->kind = TILL_TAX_ENGINE_FIXED;
			tax->amount = till_ratio_of(till_test_random_range(random, 0, 250), 10);
		} else if (i == 4) {
			tax->kind = TILL_TAX_ENGINE_DIVISION;
			tax->reverse_charge = till_test_random_range(random, 0, 9) == 0;
		}
	}
}

static void
make_sample(TillTestRandom *random, Sample *sample)
{
	make_taxes(random, sample);
	sample->count = (guint)till_test_random_range(random, 1, LINES_MAX);
	for (guint i = 0; i < sample->count; i++) {
		gint64 quantity = till_test_random_range(random, -6, 12) * 1000;
		guint taxes = 0;
		if (till_test_random_range(random, 0, 4) == 0)
			quantity += till_test_random_range(random, 1, 999);
		for (guint t = 0; t < G_N_ELEMENTS(sample->taxes); t++) {
			if (till_test_random_range(random, 0, 2) == 0)
				sample->lists[i][taxes++] = &sample->taxes[t];
		}
		sample->lines[i] = till_tax_sample_line(till_test_random_range(random, 0, 300000),
							10, quantity, sample->lists[i], taxes);
	}
}

static TillTaxEnginePolicy
make_random_policy(TillTestRandom *random)
{
	TillTaxEnginePolicy policy =
	    till_tax_sample_policy((TillTaxEngineMethod)till_test_random_range(random, 0, 2));

	policy.rounding = (TillRounding)till_test_random_range(random, 0, TILL_ROUND_FLOOR);
	policy.step_minor = till_test_random_range(random, 0, 5) == 0 ? 5 : 1;
	policy.difference = (TillTaxEngineDifference)till_test_random_range(random, 0, 1);
	return policy;
}

static void
check_mirror(TillTaxEnginePolicy policy, const Sample *sample, const TillTaxEngineResult *result)
{
	TillTaxEngineLine lines[LINES_MAX];

	for (guint i = 0; i < sample->count; i++) {
		lines[i] = sample->lines[i];
		lines[i].amount = till_ratio_negate(lines[i].amount);
		lines[i].quantity_milli = -lines[i].quantity_milli;
	}
	g_autoptr(TillTaxEngineResult) mirror =
	    till_tax_sample_compute(policy, lines, sample->count, NULL);
	g_assert_cmpint(mirror->net_minor, ==, -result->net_minor);
	g_assert_cmpint(mirror->tax_minor, ==, -result->tax_minor);
	g_assert_cmpint(mirror->total_minor, ==, -result->total_minor);
	for (guint i = 0; policy.method != TILL_TAX_ENGINE_PER_DOCUMENT && i < sample->count; i++)
		g_assert_cmpint(till_tax_sample_get_line(mirror, i)->gross_minor, ==,
				-till_tax_sample_get_line(result, i)->gross_minor);
}

static void
check_shuffled(TillTestRandom *random, TillTaxEnginePolicy policy, const Sample *sample,
	       const TillTaxEngineResult *result)
{
	TillTaxEngineLine lines[LINES_MAX];

	memcpy(lines, sample->lines, sizeof(lines));
	for (guint i = sample->count; i-- > 1;) {
		guint other = (guint)till_test_random_range(random, 0, i);
		TillTaxEngineLine line = lines[i];
		lines[i] = lines[other];
		lines[other] = line;
	}
	g_autoptr(TillTaxEngineResult) shuffled =
	    till_tax_sample_compute(policy, lines, sample->count, NULL);
	g_assert_cmpint(shuffled->net_minor, ==, result->net_minor);
	g_assert_cmpint(shuffled->tax_minor, ==, result->tax_minor);
	g_assert_cmpint(shuffled->total_minor, ==, result->total_minor);
}

/* Rounding by document cannot be further from rounding by line than a step for every figure that
 * was rounded on the way (with half rules: half a step each, doubled where taxes feed each other).
 */
static void
check_methods_stay_near(TillTaxEnginePolicy policy, const Sample *sample)
{
	gint64 roundings = 1;

	for (guint i = 0; i < sample->count; i++)
		roundings += 2 * (sample->lines[i].tax_count + 1);
	policy.method = TILL_TAX_ENGINE_PER_LINE;
	g_autoptr(TillTaxEngineResult) by_line =
	    till_tax_sample_compute(policy, sample->lines, sample->count, NULL);
	policy.method = TILL_TAX_ENGINE_PER_DOCUMENT;
	g_autoptr(TillTaxEngineResult) by_document =
	    till_tax_sample_compute(policy, sample->lines, sample->count, NULL);
	g_assert_cmpint(ABS(by_line->total_minor - by_document->total_minor), <=,
			roundings * policy.step_minor);
}

static void
test_random_documents(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 20261123);
	for (guint i = 0; i < DOCUMENTS; i++) {
		Sample sample;
		make_sample(&random, &sample);
		TillTaxEnginePolicy policy = make_random_policy(&random);
		g_autoptr(TillTaxEngineResult) result =
		    till_tax_sample_compute(policy, sample.lines, sample.count, NULL);
		till_tax_sample_check_sums(result);
		if (i % 4 == 0)
			check_mirror(policy, &sample, result);
		if (i % 4 == 1)
			check_shuffled(&random, policy, &sample, result);
		if (i % 4 == 2)
			check_methods_stay_near(policy, &sample);
	}
}

static void
test_random_discounts(void)
{
	TillTestRandom random;
	g_autoptr(GError) error = NULL;

	till_test_random_init(&random, 7683);
	for (guint i = 0; i < DOCUMENTS / 10; i++) {
		Sample sample;
		make_sample(&random, &sample);
		TillTaxEngineDocument document = {make_random_policy(&random), sample.lines,
						  sample.count, NULL};
		g_autoptr(TillTaxEngineResult) result = till_tax_engine_compute(&document, &error);
		g_assert_no_error(error);
		gint64 tax = result->tax_minor, net = result->net_minor;
		g_assert_true(
		    till_tax_engine_discount(&document, till_ratio_whole(1), result, &error));
		g_assert_cmpint(result->tax_minor, ==, tax); /* nothing off changes nothing */
		g_assert_cmpint(result->net_minor, ==, net);
		g_assert_true(till_tax_engine_discount(
		    &document, till_ratio_of(till_test_random_range(&random, 0, 100), 100), result,
		    &error));
		till_tax_sample_check_sums(result);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/tax-engine/random-documents-add-up", test_random_documents);
	g_test_add_func("/domain/tax-engine/random-discounts-add-up", test_random_discounts);
	return g_test_run();
}
