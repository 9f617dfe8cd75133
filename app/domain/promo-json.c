/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-json.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "money.h"
#include "promo-items-json.h"
#include "tax.h"

#define ID_MAX 64
#define TITLE_MAX 400
#define WORD_MAX 200
#define RATE_MAX_PPM (1000 * (gint64)TILL_PPM)
#define QUANTITY_MAX 9999999
#define USES_MAX G_GINT64_CONSTANT(1000000000000)
#define PRIORITY_MAX 1000000
#define MINUTES_A_DAY 1440
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

static const char *const stages[] = {"shelf", "item", "set", "basket", "member", NULL};
static const char *const kinds[] = {"percent", "amount", "fixed_price", "gift", "points", NULL};
static const char *const targets[] = {"units", "lines", "cheapest", "set", "basket", NULL};
static const char *const stackings[] = {"stacks", "exclusive", "always", NULL};
static const char *const picks[] = {"dearest", "cheapest", "first", NULL};
static const char *const bases[] = {"net", "list", "untaxed", NULL};
static const char *const tier_bys[] = {
    "", "line_quantity", "line_amount", "items_quantity", "items_amount", "basket_amount", NULL};
static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
static const char *const value_names[] = {"rate_ppm", "amount_minor", "price_minor", NULL,
					  "rate_ppm"};

static gint64
read_amount(TillJsonReader *reader, const char *name)
{
	return till_json_int_or(reader, name, 0, TILL_MONEY_MAX_MINOR, 0);
}

static gint64
read_pieces(TillJsonReader *reader, const char *name, gint64 fallback)
{
	return till_json_int_or(reader, name, 0, QUANTITY_MAX, fallback);
}

static void
read_need(TillJsonReader *parent, gsize index, TillPromoNeed *out)
{
	TillJsonReader reader = till_json_reader_item(parent, "needs", index);

	till_promo_items_json_keys(&reader, "items quantity amount_minor basis one_line");
	till_promo_items_json_read(&reader, "items", &out->items);
	out->quantity = read_pieces(&reader, "quantity", 0);
	out->amount_minor = read_amount(&reader, "amount_minor");
	out->basis = till_promo_items_json_word(&reader, "basis", bases, TILL_PROMO_BASIS_NET);
	out->one_line = till_json_bool_or(&reader, "one_line", FALSE);
	if (out->quantity == 0 && out->amount_minor == 0)
		till_json_fault(&reader, "quantity", "or amount_minor is missing");
	till_json_inherit(parent, &reader);
}

static void
read_part(TillJsonReader *parent, gsize index, TillPromoPart *out)
{
	TillJsonReader reader = till_json_reader_item(parent, "parts", index);

	till_promo_items_json_keys(&reader, "items quantity reward pick");
	till_promo_items_json_read(&reader, "items", &out->items);
	out->quantity = till_json_int_or(&reader, "quantity", 1, QUANTITY_MAX, 1);
	out->reward = till_json_bool_or(&reader, "reward", FALSE);
	out->pick = till_promo_items_json_word(&reader, "pick", picks, TILL_PROMO_PICK_DEAREST);
	till_json_inherit(parent, &reader);
}

static gint64
value_max(TillPromoKind kind)
{
	if (kind == TILL_PROMO_PERCENT)
		return TILL_PPM;
	return kind == TILL_PROMO_POINTS ? RATE_MAX_PPM : TILL_MONEY_MAX_MINOR;
}

static void
read_step(TillJsonReader *parent, gsize index, TillPromoEffect *effect)
{
	TillJsonReader reader = till_json_reader_item(parent, "steps", index);
	const char *name = value_names[effect->kind];
	g_autofree char *known = g_strdup_printf("from %s", name);
	TillPromoTier *tier = &effect->tiers[index];

	till_promo_items_json_keys(&reader, known);
	tier->from = till_json_int(&reader, "from", 0, TILL_MONEY_MAX_MINOR);
	tier->value = till_json_int(&reader, name, 0, value_max(effect->kind));
	if (index > 0 && tier->from <= tier[-1].from)
		till_json_fault(&reader, "from", "is not above that of the step before");
	till_json_inherit(parent, &reader);
}

static void
read_tiers(TillJsonReader *parent, TillPromoEffect *effect)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader reader = till_promo_items_json_part(parent, "tiers", "by steps", empty);
	gsize count = json_array_size(till_json_array(&reader, "steps", TILL_PROMO_TIERS_MAX));

	effect->tier_by = till_promo_items_json_word(&reader, "by", tier_bys, TILL_PROMO_TIER_NONE);
	if ((count > 0) != (effect->tier_by != TILL_PROMO_TIER_NONE))
		till_json_fault(&reader, "by", "and steps go together; one of them is missing");
	if (count > 0 && value_names[effect->kind] == NULL)
		till_json_fault(&reader, "steps", "have no meaning for a gift");
	effect->tiers = g_new0(TillPromoTier, count);
	effect->tier_count = (guint)count;
	for (gsize i = 0; i < count && reader.fault[0] == '\0'; i++)
		read_step(&reader, i, effect);
	till_json_inherit(parent, &reader);
}

static void
read_gift(TillJsonReader *reader, TillPromoEffect *effect)
{
	effect->gift_sku = g_strdup(till_json_string(reader, "sku", ID_MAX));
	effect->gift_quantity = till_json_int_or(reader, "quantity", 1, QUANTITY_MAX, 1);
	if (*effect->gift_sku == '\0')
		till_json_fault(reader, "sku", "is empty");
}

/* What has a meaning only together. */
static void
check_effect(TillJsonReader *reader, const TillPromoEffect *effect)
{
	gboolean set = effect->target == TILL_PROMO_ON_SET;

	if (set != (effect->part_count > 0))
		till_json_fault(reader, "parts", "belong to an effect on a set, and only there");
	if (!set && (effect->cheapest > 0 || effect->each))
		till_json_fault(reader, effect->each ? "each" : "cheapest",
				"belongs to an effect on a set");
	if (set && till_promo_items_is_narrow(&effect->items))
		till_json_fault(reader, "items", "of a set stand in its parts");
	if (effect->from_unit > 1 && effect->target != TILL_PROMO_ON_UNITS)
		till_json_fault(reader, "from_unit", "belongs to an effect on units");
	if (effect->target == TILL_PROMO_ON_BASKET && effect->units > 0)
		till_json_fault(reader, "units", "has no meaning for the basket");
	if ((effect->tier_by == TILL_PROMO_TIER_LINE_QUANTITY ||
	     effect->tier_by == TILL_PROMO_TIER_LINE_AMOUNT) &&
	    effect->target != TILL_PROMO_ON_UNITS && effect->target != TILL_PROMO_ON_LINES)
		till_json_fault(reader, "tiers", "by line belong to an effect on units or lines");
}

static void
read_effect(TillJsonReader *parent, gsize index, TillPromoEffect *effect)
{
	TillJsonReader reader = till_json_reader_item(parent, "effects", index);
	gsize parts;

	till_promo_items_json_keys(
	    &reader, "kind on items rate_ppm amount_minor price_minor sku quantity from_unit "
		     "units cap_minor tiers parts cheapest each");
	(void)till_json_string(&reader, "kind", WORD_MAX);
	effect->kind = till_promo_items_json_word(&reader, "kind", kinds, TILL_PROMO_PERCENT);
	effect->target = till_promo_items_json_word(&reader, "on", targets, TILL_PROMO_ON_UNITS);
	till_promo_items_json_read(&reader, "items", &effect->items);
	read_tiers(&reader, effect);
	if (effect->kind == TILL_PROMO_GIFT)
		read_gift(&reader, effect);
	else if (effect->tier_count > 0)
		effect->value = till_json_int_or(&reader, value_names[effect->kind], 0,
						 value_max(effect->kind), -1);
	else
		effect->value =
		    till_json_int(&reader, value_names[effect->kind], 0, value_max(effect->kind));
	effect->from_unit = read_pieces(&reader, "from_unit", 0);
	effect->units = read_pieces(&reader, "units", 0);
	effect->cap_minor = read_amount(&reader, "cap_minor");
	effect->cheapest = read_pieces(&reader, "cheapest", 0);
	effect->each = till_json_bool_or(&reader, "each", FALSE);
	parts = json_array_size(till_json_array(&reader, "parts", TILL_PROMO_PARTS_MAX));
	effect->parts = g_new0(TillPromoPart, parts);
	effect->part_count = (guint)parts;
	for (gsize i = 0; i < parts && reader.fault[0] == '\0'; i++)
		read_part(&reader, i, &effect->parts[i]);
	check_effect(&reader, effect);
	till_json_inherit(parent, &reader);
}

static void
read_valid(TillJsonReader *parent, TillPromo *promo)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader reader = till_promo_items_json_part(
	    parent, "valid", "from_ms to_ms weekdays from_minute to_minute", empty);
	json_t *days = till_json_array(&reader, "weekdays", 7);

	promo->valid_from_ms = till_json_int_or(&reader, "from_ms", 0, TIME_MAX_MS, 0);
	promo->valid_to_ms = till_json_int_or(&reader, "to_ms", 0, TIME_MAX_MS, 0);
	promo->from_minute = (guint)till_json_int_or(&reader, "from_minute", 0, MINUTES_A_DAY, 0);
	promo->to_minute = (guint)till_json_int_or(&reader, "to_minute", 0, MINUTES_A_DAY, 0);
	for (gsize i = 0; i < json_array_size(days); i++) {
		const char *day = json_string_value(json_array_get(days, i));
		guint bit = 0;
		while (weekdays[bit] != NULL && g_strcmp0(weekdays[bit], day) != 0)
			bit++;
		if (weekdays[bit] == NULL)
			till_json_fault(&reader, "weekdays",
					"holds something else than mon, tue, wed, thu, fri, sat, "
					"sun");
		promo->weekdays |= 1u << bit;
	}
	if (promo->valid_to_ms > 0 && promo->valid_to_ms <= promo->valid_from_ms)
		till_json_fault(&reader, "to_ms", "is not after from_ms");
	till_json_inherit(parent, &reader);
}

static void
read_who(TillJsonReader *parent, TillPromo *promo)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader where =
	    till_promo_items_json_part(parent, "where", "channels stores", empty);

	till_promo_items_json_list(&where, "channels", FALSE, &promo->channels);
	till_promo_items_json_list(&where, "stores", FALSE, &promo->stores);
	till_json_inherit(parent, &where);

	TillJsonReader who = till_promo_items_json_part(
	    parent, "who", "groups segments known_customer purchase", empty);
	till_promo_items_json_list(&who, "groups", FALSE, &promo->groups);
	till_promo_items_json_list(&who, "segments", FALSE, &promo->segments);
	promo->known_customer = till_json_bool_or(&who, "known_customer", FALSE);
	promo->purchase = till_json_int_or(&who, "purchase", 0, USES_MAX, 0);
	till_json_inherit(parent, &who);
}

static void
read_limits(TillJsonReader *parent, TillPromo *promo)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader coupon =
	    till_promo_items_json_part(parent, "coupon", "codes uses uses_per_customer", empty);

	till_promo_items_json_list(&coupon, "codes", TRUE, &promo->codes);
	promo->code_uses = till_json_int_or(&coupon, "uses", 0, USES_MAX, 0);
	promo->code_uses_per_customer =
	    till_json_int_or(&coupon, "uses_per_customer", 0, USES_MAX, 0);
	if (coupon.object != empty && promo->codes.count == 0)
		till_json_fault(&coupon, "codes", "is missing or empty");
	till_json_inherit(parent, &coupon);

	TillJsonReader limits = till_promo_items_json_part(
	    parent, "limits", "per_basket units uses uses_per_customer budget_minor budget_cut",
	    empty);
	promo->per_basket = read_pieces(&limits, "per_basket", 0);
	promo->units = read_pieces(&limits, "units", 0);
	promo->uses = till_json_int_or(&limits, "uses", 0, USES_MAX, 0);
	promo->uses_per_customer = till_json_int_or(&limits, "uses_per_customer", 0, USES_MAX, 0);
	promo->budget_minor = read_amount(&limits, "budget_minor");
	promo->budget_cut = till_json_bool_or(&limits, "budget_cut", FALSE);
	till_json_inherit(parent, &limits);
}

/* The latest stage that any effect works at. */
static TillPromoStage
derive_stage(const TillPromo *promo)
{
	TillPromoStage stage = TILL_PROMO_ITEM;

	for (guint i = 0; i < promo->effect_count; i++) {
		TillPromoTarget target = promo->effects[i].target;
		if (target == TILL_PROMO_ON_BASKET || target == TILL_PROMO_ON_CHEAPEST)
			stage = TILL_PROMO_BASKET;
		else if (target == TILL_PROMO_ON_SET)
			stage = MAX(stage, TILL_PROMO_SET);
	}
	return stage;
}

static void
read_rules(TillJsonReader *reader, TillPromo *promo)
{
	gsize needs = json_array_size(till_json_array(reader, "needs", TILL_PROMO_NEEDS_MAX));
	gsize effects = json_array_size(till_json_array(reader, "effects", TILL_PROMO_EFFECTS_MAX));

	if (effects == 0)
		till_json_fault(reader, "effects", "is missing or empty");
	promo->needs = g_new0(TillPromoNeed, needs);
	promo->need_count = (guint)needs;
	promo->effects = g_new0(TillPromoEffect, effects);
	promo->effect_count = (guint)effects;
	for (gsize i = 0; i < needs && reader->fault[0] == '\0'; i++)
		read_need(reader, i, &promo->needs[i]);
	for (gsize i = 0; i < effects && reader->fault[0] == '\0'; i++)
		read_effect(reader, i, &promo->effects[i]);
	promo->has_excluded = till_json_object(reader, "excluded") != NULL;
	till_promo_items_json_read(reader, "excluded", &promo->excluded);
	promo->stage = till_promo_items_json_word(reader, "stage", stages, derive_stage(promo));
}

/* What is settled line by line must be worked out line by line. */
static void
check_group(TillJsonReader *reader, const TillPromo *promo)
{
	if (!promo->group_lines)
		return;
	if (promo->group[0] == '\0')
		till_json_fault(reader, "group", "is missing, and group_lines asks for it");
	for (guint i = 0; i < promo->effect_count; i++) {
		if (promo->effects[i].target != TILL_PROMO_ON_UNITS &&
		    promo->effects[i].target != TILL_PROMO_ON_LINES)
			till_json_fault(reader, "group_lines", "is for effects on units and lines");
	}
}

static TillPromo *
read_promo(TillJsonReader *reader)
{
	TillPromo *promo = till_promo_new();

	till_promo_items_json_keys(
	    reader,
	    "id version name stage priority stacking group group_lines currency valid where who "
	    "coupon needs excluded skip_reduced limits effects");
	promo->id = g_strdup(till_json_string(reader, "id", ID_MAX));
	promo->version = till_json_int_or(reader, "version", 1, G_MAXINT64, 1);
	promo->name = g_strdup(till_json_string(reader, "name", TITLE_MAX));
	promo->priority = till_json_int_or(reader, "priority", -PRIORITY_MAX, PRIORITY_MAX, 0);
	promo->stacking =
	    till_promo_items_json_word(reader, "stacking", stackings, TILL_PROMO_STACKS);
	promo->group = g_strdup(till_json_string_or(reader, "group", ID_MAX, ""));
	promo->group_lines = till_json_bool_or(reader, "group_lines", FALSE);
	promo->currency = g_strdup(till_json_string_or(reader, "currency", 3, ""));
	promo->skip_reduced = till_json_bool_or(reader, "skip_reduced", FALSE);
	read_valid(reader, promo);
	read_who(reader, promo);
	read_limits(reader, promo);
	read_rules(reader, promo);
	if (promo->id[0] == '\0')
		till_json_fault(reader, "id", "is empty");
	if (promo->name[0] == '\0')
		till_json_fault(reader, "name", "is empty");
	check_group(reader, promo);
	return promo;
}

TillPromo *
till_promo_json_read(const json_t *object, const char *path, GError **error)
{
	TillJsonReader reader = till_json_reader(object, path);
	g_autoptr(TillPromo) promo = read_promo(&reader);

	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&promo);
}

TillPromo *
till_promo_json_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object =
	    till_json_parse(text, size, TILL_PROMO_JSON_MAX, "promotion", error);

	return object != NULL ? till_promo_json_read(object, "promotion", error) : NULL;
}

GPtrArray *
till_promo_json_read_list(const json_t *object, const char *what, GError **error)
{
	g_autoptr(GPtrArray) promos =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	TillJsonReader reader = till_json_reader(object, what);
	gsize count =
	    json_array_size(till_json_array(&reader, "promotions", TILL_PROMO_JSON_COUNT_MAX));

	for (gsize i = 0; i < count && reader.fault[0] == '\0'; i++) {
		TillJsonReader item = till_json_reader_item(&reader, "promotions", i);
		TillPromo *promo = read_promo(&item);
		g_ptr_array_add(promos, promo);
		if (!g_hash_table_add(ids, promo->id))
			till_json_fault(&item, "id", "stands twice");
		till_json_inherit(&reader, &item);
	}
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&promos);
}
