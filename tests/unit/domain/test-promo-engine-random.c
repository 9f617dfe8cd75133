/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "quantity.h"
#include "till-promo-sample.h"
#include "till-test.h"

/* Properties, on random baskets and promotions. */

#define BASKETS 100000
#define SEARCHES 700
#define RULES_MAX 6

static const char *const words[] = {"tee", "sock", "mug", "hat", "bag"};

typedef struct {
	char *effect;
	const char *group;
	const char *stacking;
	gint64 priority;
	gboolean set;
} Rule;

static gint64
draw(TillTestRandom *random, gint64 min, gint64 max)
{
	return till_test_random_range(random, min, max);
}

static const char *
draw_word(TillTestRandom *random)
{
	return words[draw(random, 0, G_N_ELEMENTS(words) - 1)];
}

static char *
draw_set(TillTestRandom *random)
{
	gint64 quantity = draw(random, 1, 3);

	switch (draw(random, 0, 3)) {
	case 0:
		return g_strdup_printf("{'kind':'percent','on':'set','rate_ppm':1000000,"
				       "'cheapest':1,'parts':[{'items':{'tags':['%s','%s']},"
				       "'quantity':%d}]}",
				       draw_word(random), draw_word(random), (int)quantity + 1);
	case 1:
		return g_strdup_printf(
		    "{'kind':'fixed_price','on':'set','price_minor':%d,'parts':[{'items':{'tags':["
		    "'%s']},'quantity':%d},{'items':{'tags':['%s']},'quantity':1}]}",
		    (int)draw(random, 100, 2000), draw_word(random), (int)quantity,
		    draw_word(random));
	case 2:
		return g_strdup_printf("{'kind':'percent','on':'set','rate_ppm':%d,'parts':[{"
				       "'quantity':%d},{'items':{'tags':['%s']},'reward':true}]}",
				       (int)draw(random, 1, 1000000), (int)quantity,
				       draw_word(random));
	default:
		return g_strdup_printf("{'kind':'amount','on':'set','amount_minor':%d,'parts':[{"
				       "'items':{'tags':['%s']},'quantity':%d}]}",
				       (int)draw(random, 1, 900), draw_word(random),
				       (int)quantity + 1);
	}
}

static char *
draw_effect(TillTestRandom *random)
{
	switch (draw(random, 0, 6)) {
	case 0:
		return g_strdup_printf("{'kind':'percent','rate_ppm':%d,'items':{'tags':['%s']}}",
				       (int)draw(random, 0, 1000000), draw_word(random));
	case 1:
		return g_strdup_printf("{'kind':'amount','amount_minor':%d,'from_unit':%d,"
				       "'units':%d}",
				       (int)draw(random, 0, 700), (int)draw(random, 0, 3),
				       (int)draw(random, 0, 3));
	case 2:
		return g_strdup_printf("{'kind':'fixed_price','on':'lines','price_minor':%d,"
				       "'cap_minor':%d}",
				       (int)draw(random, 0, 3000), (int)draw(random, 0, 900));
	case 3:
		return g_strdup_printf("{'kind':'amount','on':'basket','tiers':{'by':"
				       "'basket_amount','steps':[{'from':2000,'amount_minor':%d},"
				       "{'from':5000,'amount_minor':1500}]}}",
				       (int)draw(random, 0, 1200));
	case 4:
		return g_strdup_printf("{'kind':'percent','on':'basket','rate_ppm':%d}",
				       (int)draw(random, 0, 400000));
	case 5:
		return g_strdup_printf("{'kind':'percent','on':'cheapest','rate_ppm':%d,"
				       "'units':%d}",
				       (int)draw(random, 0, 1000000), (int)draw(random, 0, 4));
	default:
		return draw_set(random);
	}
}

static void
draw_basket(TillTestRandom *random, TillPromoSample *sample, gint64 lines_max, gint64 pieces_max)
{
	gint64 count = draw(random, 1, lines_max);

	for (gint64 i = 0; i < count; i++) {
		TillPromoLine *line = till_promo_sample_line(
		    sample, draw_word(random), draw(random, 0, 3000), draw(random, 1, pieces_max));
		line->reduced = draw(random, 0, 5) == 0;
		if (draw(random, 0, 7) == 0)
			line->minimum_unit_minor = draw(random, 0, 2000);
		if (draw(random, 0, 7) == 0) {
			line->weighed = TRUE;
			line->quantity_milli = draw(random, 1, 3000);
			line->amount_minor =
			    (line->unit_minor * line->quantity_milli + 500) / TILL_QUANTITY_ONE;
		}
	}
}

static void
draw_rule(TillTestRandom *random, Rule *rule)
{
	static const char *const groups[] = {"", "", "", "g", "h"};
	static const char *const stackings[] = {"stacks", "stacks", "stacks",
						"stacks", "always", "exclusive"};

	rule->effect = draw_effect(random);
	rule->set = strstr(rule->effect, "'set'") != NULL;
	rule->group = groups[draw(random, 0, G_N_ELEMENTS(groups) - 1)];
	rule->stacking = stackings[draw(random, 0, G_N_ELEMENTS(stackings) - 1)];
	rule->priority = draw(random, -1, 1);
}

static void
add_rule(TillPromoSample *sample, const Rule *rule, guint index, gboolean bare, gint64 sets)
{
	g_autofree char *json = g_strdup_printf(
	    "{'id':'p%u','name':'Offer','priority':%d,'group':'%s','stacking':'%s',"
	    "'needs':[{'amount_minor':%d}],'limits':{'per_basket':%d},'effects':[%s]}",
	    index, (int)rule->priority, bare ? "" : rule->group, bare ? "stacks" : rule->stacking,
	    index % 3 == 2 ? 2500 : 1, (int)sets, rule->effect);

	till_promo_sample_promo(sample, json);
}

static void
draw_rules(TillTestRandom *random, TillPromoSample *sample)
{
	guint count = (guint)draw(random, 0, RULES_MAX);

	g_ptr_array_set_size(sample->promos, 0);
	for (guint i = 0; i < count; i++) {
		Rule rule;
		draw_rule(random, &rule);
		add_rule(sample, &rule, i, FALSE, 0);
		g_free(rule.effect);
	}
}

static void
draw_policy(TillTestRandom *random, TillPromoSample *sample)
{
	TillPromoEnginePolicy *policy = &sample->context.policy;

	policy->rounding = (TillRounding)draw(random, 0, TILL_ROUND_FLOOR);
	policy->round_per_unit = draw(random, 0, 3) == 0;
	policy->spread = (TillPromoEngineSpread)draw(random, 0, 1);
	policy->minimum_line_minor = draw(random, 0, 3) == 0 ? 1 : 0;
}

static void
shuffle(TillTestRandom *random, GPtrArray *promos)
{
	for (guint i = promos->len; i > 1; i--) {
		guint other = (guint)draw(random, 0, i - 1);
		gpointer kept = promos->pdata[i - 1];
		promos->pdata[i - 1] = promos->pdata[other];
		promos->pdata[other] = kept;
	}
}

static void
assert_same(const TillPromoEngineResult *a, const TillPromoEngineResult *b)
{
	g_assert_cmpint(a->net_minor, ==, b->net_minor);
	g_assert_cmpuint(a->discounts->len, ==, b->discounts->len);
	for (guint i = 0; i < a->discounts->len; i++)
		g_assert_cmpstr(g_array_index(a->discounts, TillPromoEngineDiscount, i).promo->id,
				==,
				g_array_index(b->discounts, TillPromoEngineDiscount, i).promo->id);
	for (guint i = 0; i < a->lines->len; i++)
		g_assert_cmpint(till_promo_sample_net(a, i), ==, till_promo_sample_net(b, i));
}

/* The sample checks every result: shares sum to their discount, lines to the total, none below
 * zero. Here: below no minimum, the same for any order of promotions, and no dearer than taking
 * them in order. */
static void
test_random_baskets(void)
{
	TillTestRandom random;
	g_autoptr(TillPromoSample) rules = till_promo_sample_new();

	till_test_random_init(&random, 20261123);
	for (guint round = 0; round < BASKETS; round++) {
		g_autoptr(TillPromoSample) sample = till_promo_sample_new();

		draw_basket(&random, sample, 8, 6);
		draw_policy(&random, sample);
		if (round % 16 == 0)
			draw_rules(&random, rules);
		for (guint i = 0; i < rules->promos->len; i++)
			g_ptr_array_add(sample->promos,
					till_promo_ref(g_ptr_array_index(rules->promos, i)));
		g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);
		for (guint i = 0; i < sample->lines->len; i++) {
			const TillPromoLine *line = &g_array_index(sample->lines, TillPromoLine, i);
			if (!line->weighed)
				g_assert_cmpint(
				    till_promo_sample_net(result, i), >=,
				    MIN(line->amount_minor,
					line->minimum_unit_minor * till_promo_pieces(line)));
		}
		if (round % 4 != 0)
			continue;
		shuffle(&random, sample->promos);
		g_autoptr(TillPromoEngineResult) again = till_promo_sample_run(sample);
		assert_same(result, again);
		sample->context.policy.choice = TILL_PROMO_ENGINE_FIRST;
		g_assert_cmpint(result->net_minor, <=, till_promo_sample_pay(sample));
	}
}

/* --- against every choice there is --- */

typedef struct {
	TillPromoSample *sample;
	const Rule *rules;
	guint count;
	gint64 sets[RULES_MAX]; /* 0: left out */
	gint64 best;
} Brute;

static gboolean
has_contender(const Brute *brute, guint index)
{
	const Rule *rule = &brute->rules[index];

	for (guint i = 0; i < brute->count; i++) {
		const Rule *other = &brute->rules[i];
		if (i != index &&
		    ((*rule->group != '\0' && strcmp(rule->group, other->group) == 0) ||
		     (rule->set && other->set)))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_allowed(const Brute *brute)
{
	int exclusive = -1;

	for (guint i = 0; i < brute->count; i++) {
		if (brute->sets[i] > 0 && strcmp(brute->rules[i].stacking, "exclusive") == 0)
			exclusive = (int)i;
	}
	for (guint i = 0; i < brute->count; i++) {
		const char *stacking = brute->rules[i].stacking;
		if (brute->sets[i] == 0)
			continue;
		if (exclusive >= 0 && (int)i != exclusive && strcmp(stacking, "always") != 0)
			return FALSE;
		for (guint j = 0; j < i; j++) {
			if (brute->sets[j] > 0 && *brute->rules[i].group != '\0' &&
			    strcmp(brute->rules[i].group, brute->rules[j].group) == 0)
				return FALSE;
		}
	}
	return TRUE;
}

/* What applies whenever it can may not be left out to make room for something else. */
static gboolean
is_complete(const Brute *brute)
{
	gboolean exclusive = FALSE;

	for (guint i = 0; i < brute->count; i++)
		exclusive |=
		    brute->sets[i] > 0 && strcmp(brute->rules[i].stacking, "exclusive") == 0;
	for (guint i = 0; i < brute->count; i++) {
		const char *stacking = brute->rules[i].stacking;
		if (brute->sets[i] > 0 || strcmp(stacking, "exclusive") == 0 ||
		    has_contender(brute, i))
			continue;
		if (!exclusive || strcmp(stacking, "always") == 0)
			return FALSE;
	}
	return TRUE;
}

static void
try_all(Brute *brute, guint index)
{
	if (index < brute->count) {
		gint64 most = brute->rules[index].set ? 6 : 1;
		for (brute->sets[index] = 0; brute->sets[index] <= most; brute->sets[index]++)
			try_all(brute, index + 1);
		return;
	}
	if (!is_allowed(brute) || !is_complete(brute))
		return;
	g_ptr_array_set_size(brute->sample->promos, 0);
	for (guint i = 0; i < brute->count; i++) {
		if (brute->sets[i] > 0)
			add_rule(brute->sample, &brute->rules[i], i, TRUE, brute->sets[i]);
	}
	brute->best = MIN(brute->best, till_promo_sample_pay(brute->sample));
}

static void
test_best_total_is_that_of_trying_all(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 42);
	for (guint round = 0; round < SEARCHES; round++) {
		g_autoptr(TillPromoSample) sample = till_promo_sample_new();
		Rule rules[4];
		Brute brute = {.sample = sample, .rules = rules, .best = G_MAXINT64};

		brute.count = (guint)draw(&random, 1, G_N_ELEMENTS(rules));
		draw_basket(&random, sample, 4, 2);
		draw_policy(&random, sample);
		for (guint i = 0; i < brute.count; i++) {
			draw_rule(&random, &rules[i]);
			add_rule(sample, &rules[i], i, FALSE, 0);
		}
		g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);
		g_assert_true(result->exact);
		sample->context.policy.choice = TILL_PROMO_ENGINE_FIRST;
		try_all(&brute, 0);
		g_assert_cmpint(result->net_minor, ==, brute.best);
		for (guint i = 0; i < brute.count; i++)
			g_free(rules[i].effect);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/promo-engine/random-baskets-add-up", test_random_baskets);
	g_test_add_func("/domain/promo-engine/best-total-is-that-of-trying-all",
			test_best_total_is_that_of_trying_all);
	return g_test_run();
}
