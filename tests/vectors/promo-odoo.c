/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-draft.h"
#include "registry.h"
#include "tax-draft.h"

/* Odoo loyalty: promotions work on what is paid with tax, in the order listed. So lines are first
 * taxed; taxes per unit are left out of what is reduced. Afterwards each line's rest is taxed once
 * more, with the taxes inside. One percentage on the order applies, the best; free items and
 * coupons for a later order are gifts. */

#define EXPONENT 2
#define NEXT_ORDER "coupon for the next order"

typedef struct {
	TillVector *vector;
	const json_t *lines; /* borrowed */
	TillPromoDraft *draft;
	GArray *levies; /* of gint64: taxes per unit of each line */
} Case;

/* --- taxes --- */

static void
add_tax(TillTaxDraft *draft, const json_t *json, const char *percent_key, gboolean inside,
	TillTaxEngineTax **taxes, guint *count)
{
	TillVector *vector = draft->vector;

	if (json_object_get(json, percent_key) != NULL) {
		TillRatio percent = till_vector_number(vector, json, percent_key);
		g_autofree char *rate = till_ratio_format(percent, 4);
		g_autofree char *id = g_strdup_printf("%s %s", rate, inside ? "inside" : "on top");
		taxes[(*count)++] = till_tax_draft_percent(draft, id, percent, inside);
	} else if (json_object_get(json, "fixed") != NULL) {
		TillTaxEngineTax *tax = till_tax_draft_tax(draft, "fixed", NULL, NULL);
		tax->kind = TILL_TAX_ENGINE_FIXED;
		tax->amount = till_ratio_whole(till_vector_scaled(vector, json, "fixed", EXPONENT));
		tax->inclusive = inside;
		taxes[(*count)++] = tax;
	}
}

/* paid: what is left of the line with its percentages inside and without taxes per unit; < 0: as
 * the case has it. */
static void
add_taxed_line(TillTaxDraft *draft, const json_t *line, gint64 paid)
{
	const json_t *list = json_object_get(line, "taxes");
	TillTaxEngineTax *taxes[TILL_TAX_ENGINE_TAXES_MAX];
	TillVector *vector = draft->vector;
	gboolean again = paid >= 0;
	TillRatio quantity = till_vector_number(vector, line, "quantity");
	TillRatio price =
	    again ? till_ratio_of(paid, 100) : till_vector_number(vector, line, "price");
	guint count = 0;

	add_tax(draft, line, "tax_percent",
		again || till_vector_flag_or(line, "tax_included", FALSE), taxes, &count);
	for (gsize i = 0; i < json_array_size(list) && count < TILL_TAX_ENGINE_TAXES_MAX; i++) {
		const json_t *tax = json_array_get(list, i);
		till_vector_known(vector, tax, "percent fixed included");
		if (!again || json_object_get(tax, "fixed") == NULL)
			add_tax(draft, tax, "percent",
				again || till_vector_flag_or(tax, "included", FALSE), taxes,
				&count);
	}
	till_tax_draft_line(draft, price, again ? till_ratio_whole(1) : quantity,
			    till_ratio_whole(0), till_ratio_whole(0), taxes, count);
}

static gint64
sum_levies(const TillTaxEngineResult *taxed, const TillTaxEngineLineResult *line)
{
	gint64 sum = 0;

	for (guint i = 0; i < line->share_count; i++) {
		const TillTaxEngineShare *share =
		    &g_array_index(taxed->shares, TillTaxEngineShare, line->first_share + i);
		sum += share->tax->kind == TILL_TAX_ENGINE_FIXED ? share->amount_minor : 0;
	}
	return sum;
}

static void
read_lines(Case *read)
{
	TillVector *vector = read->vector;
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);
	char room[32];

	for (gsize i = 0; i < json_array_size(read->lines); i++) {
		till_vector_known(vector, json_array_get(read->lines, i),
				  "product price quantity tax_percent tax_included taxes");
		add_taxed_line(draft, json_array_get(read->lines, i), -1);
	}
	g_autoptr(TillTaxEngineResult) taxed = till_tax_draft_compute(draft);
	for (guint i = 0; taxed != NULL && i < taxed->lines->len; i++) {
		const TillTaxEngineLineResult *line =
		    &g_array_index(taxed->lines, TillTaxEngineLineResult, i);
		const json_t *json = json_array_get(read->lines, i);
		gint64 levies = sum_levies(taxed, line);
		(void)g_snprintf(room, sizeof room, "line %u", i);
		TillPromoLine *added = till_promo_draft_line(
		    read->draft, till_vector_text_or(json, "product", room),
		    line->gross_minor - levies, till_vector_scaled(vector, json, "quantity", 0));
		added->untaxed_minor = line->net_minor;
		g_array_append_val(read->levies, levies);
	}
}

/* --- promotions --- */

static gint64
money(Case *read, const json_t *object, const char *key)
{
	return till_vector_scaled_or(read->vector, object, key, EXPONENT, 0);
}

static json_t *
read_products(const json_t *json)
{
	const json_t *products = json_object_get(json, "products");

	return products != NULL
		   ? till_promo_draft_items_list("skus", products)
		   : till_promo_draft_items("skus", till_vector_text_or(json, "product", ""));
}

static json_t *
read_discount(Case *read, const json_t *json)
{
	const char *target = till_vector_text_or(json, "target", "");
	const char *type = till_vector_text_or(json, "type", "");
	gboolean percent = strcmp(type, "percent") == 0;
	const char *on = "basket";
	json_t *effect;

	if (strcmp(target, "cheapest") == 0)
		on = "cheapest";
	else if (percent && strcmp(target, "order") != 0)
		on = "lines";
	if (strcmp(target, "cheapest") != 0 && strcmp(target, "order") != 0 &&
	    strcmp(target, "product") != 0 && strcmp(target, "products") != 0)
		till_vector_out(read->vector, "promotion on \"%s\"", target);
	if (!percent && strcmp(type, "fixed") != 0)
		till_vector_out(read->vector, "promotion type \"%s\"", type);
	if (percent)
		effect = json_pack("{s:s, s:s, s:I}", "kind", "percent", "on", on, "rate_ppm",
				   (json_int_t)till_promo_draft_ppm(read->vector, json, "value"));
	else
		effect = json_pack("{s:s, s:s, s:I}", "kind", "amount", "on", on, "amount_minor",
				   (json_int_t)money(read, json, "value"));
	if (json_object_get(json, "product") != NULL || json_object_get(json, "products") != NULL)
		json_object_set_new(effect, "items", read_products(json));
	json_object_set_new(effect, "cap_minor",
			    json_integer(MAX(money(read, json, "max_discount"),
					     money(read, json, "max_discount_with_tax"))));
	return effect;
}

/* "each complete 3" or once per order. */
static json_t *
read_gift(Case *read, const json_t *json, json_t *promo)
{
	const json_t *free_item = json_object_get(json, "free"),
		     *buy = json_object_get(json, "buy");
	const char *per = till_vector_text_or(free_item, "per", "order");
	gint64 quantity = till_vector_scaled_or(read->vector, buy, "quantity", 0, 1);
	g_autofree char *each = g_strdup_printf("each complete %d", (int)quantity);
	gboolean later = json_object_get(json, "reward_on") != NULL;
	json_t *effect = json_pack(
	    "{s:s, s:s, s:I}", "kind", "gift", "sku",
	    later ? NEXT_ORDER : till_vector_text_or(free_item, "product", "?"), "quantity",
	    (json_int_t)till_vector_scaled_or(read->vector, free_item, "quantity", 0, 1));

	till_vector_known(read->vector, free_item, "product quantity per");
	if (buy != NULL) {
		json_object_set_new(effect, "on", json_string("set"));
		json_object_set_new(effect, "parts",
				    json_pack("[{s:o, s:I}]", "items", read_products(buy),
					      "quantity", (json_int_t)quantity));
	}
	if (strcmp(per, "order") == 0)
		json_object_set_new(promo, "limits", json_pack("{s:i}", "per_basket", 1));
	else if (strcmp(per, each) != 0)
		till_vector_out(read->vector, "a free item for \"%s\"", per);
	return effect;
}

static void
read_needs(Case *read, const json_t *json, json_t *needs)
{
	const json_t *buy = json_object_get(json, "buy");
	gint64 quantity = till_vector_scaled_or(read->vector, json, "if_quantity_min", 0, 0);
	gint64 total = money(read, json, "if_total_min");
	gint64 untaxed = money(read, json, "if_untaxed_total_min");

	if (quantity > 0)
		json_array_append_new(needs, json_pack("{s:I}", "quantity", (json_int_t)quantity));
	if (total > 0)
		json_array_append_new(needs, json_pack("{s:I}", "amount_minor", (json_int_t)total));
	if (untaxed > 0)
		json_array_append_new(needs, json_pack("{s:I, s:s}", "amount_minor",
						       (json_int_t)untaxed, "basis", "untaxed"));
	if (buy == NULL)
		return;
	till_vector_known(read->vector, buy, "product products quantity min_amount");
	json_array_append_new(
	    needs, json_pack("{s:I, s:I, s:o}", "quantity",
			     (json_int_t)till_vector_scaled_or(read->vector, buy, "quantity", 0, 1),
			     "amount_minor", (json_int_t)money(read, buy, "min_amount"), "items",
			     read_products(buy)));
}

static const char *
find_group(const Case *read, const json_t *json)
{
	if (json_object_get(read->vector->inputs, "rule") != NULL)
		return "best";
	return strcmp(till_vector_text_or(json, "target", ""), "order") == 0 &&
		       strcmp(till_vector_text_or(json, "type", ""), "percent") == 0
		   ? "order percent"
		   : "";
}

static void
read_promotion(Case *read, const json_t *json)
{
	TillVector *vector = read->vector;
	const char *code = till_vector_text_or(json, "code", NULL);
	const char *later = till_vector_text_or(json, "reward_on", "next_order");
	json_t *needs = json_array();
	json_t *promo = json_pack("{s:s, s:s, s:o}", "stage", "basket", "group",
				  find_group(read, json), "needs", needs);

	till_vector_known(vector, json,
			  "name code automatic target product products type value buy free "
			  "max_discount max_discount_with_tax if_total_min if_untaxed_total_min "
			  "if_quantity_min value_includes_tax coupon reward_on");
	if (strcmp(later, "next_order") != 0)
		till_vector_out(vector, "a reward on \"%s\"", later);
	if (json_object_get(json, "reward_on") != NULL && json_object_get(json, "free") == NULL)
		till_vector_out(vector, "a later reward that is no item");
	read_needs(read, json, needs);
	json_object_set_new(promo, "effects",
			    json_pack("[o]", json_object_get(json, "free") != NULL
						 ? read_gift(read, json, promo)
						 : read_discount(read, json)));
	if (code != NULL)
		json_object_set_new(promo, "coupon", till_promo_draft_items("codes", code));
	if (!till_vector_open(vector)) {
		json_decref(promo);
		return;
	}
	(void)till_promo_draft_promo(read->draft, till_vector_text_or(json, "name", "Promotion"),
				     promo);
}

static void
read_promotions(Case *read)
{
	const json_t *inputs = read->vector->inputs;
	const json_t *lists[] = {json_object_get(inputs, "promotions"),
				 json_object_get(inputs, "promotions_in_order")};
	const json_t *codes = json_object_get(inputs, "codes");
	const char *rule = till_vector_text_or(inputs, "rule", "best_only");

	if (strcmp(rule, "best_only") != 0)
		till_vector_out(read->vector, "rule \"%s\"", rule);
	for (gsize l = 0; l < G_N_ELEMENTS(lists); l++) {
		for (gsize i = 0; i < json_array_size(lists[l]); i++)
			read_promotion(read, json_array_get(lists[l], i));
	}
	for (gsize i = 0; i < json_array_size(codes); i++)
		till_promo_draft_coupon(read->draft, json_string_value(json_array_get(codes, i)), 0,
					0);
}

/* --- expectations --- */

static void
check_taxed(Case *read, const TillPromoEngineResult *result)
{
	TillVector *vector = read->vector;
	g_autoptr(TillTaxDraft) draft = till_tax_draft_new(vector, EXPONENT);
	gint64 levies = 0;

	for (guint i = 0; i < result->lines->len; i++) {
		add_taxed_line(draft, json_array_get(read->lines, i),
			       g_array_index(result->lines, TillPromoEngineLine, i).net_minor);
		levies += g_array_index(read->levies, gint64, i);
	}
	g_autoptr(TillTaxEngineResult) taxed = till_tax_draft_compute(draft);
	if (taxed == NULL)
		return;
	till_vector_expect(vector, vector->expected, "untaxed", taxed->net_minor, EXPONENT,
			   "the net");
	till_vector_expect(vector, vector->expected, "tax", taxed->tax_minor + levies, EXPONENT,
			   "the tax");
	TillRatio total =
	    till_ratio_divide(till_ratio_whole(taxed->total_minor + levies), till_ratio_whole(100));
	till_vector_expect_near(vector, vector->expected, "total", total,
				(guint)till_vector_scaled_or(vector, vector->expected,
							     "decimals_compared", 0, EXPONENT),
				"the total");
}

/* An invoice has one row for each kind of taxes that is reduced. */
static gint64
count_rows(const Case *read, const TillPromoEngineResult *result)
{
	static const char *const keys[] = {"tax_percent", "tax_included", "taxes"};
	gint64 rows = 0;

	for (guint i = 0; i < result->lines->len; i++) {
		gboolean is_new = till_promo_draft_discount(result, i) > 0;
		for (guint before = 0; before < i && is_new; before++) {
			gboolean same = till_promo_draft_discount(result, before) > 0;
			for (gsize k = 0; k < G_N_ELEMENTS(keys) && same; k++) {
				const json_t *mine =
				    json_object_get(json_array_get(read->lines, i), keys[k]);
				const json_t *other =
				    json_object_get(json_array_get(read->lines, before), keys[k]);
				same = mine == other || json_equal(mine, other);
			}
			is_new = !same;
		}
		rows += is_new;
	}
	return rows;
}

static void
check_refusals(TillVector *vector, const TillPromoEngineResult *result)
{
	const json_t *rejected = json_object_get(vector->expected, "rejected_codes");
	gsize refused = 0;

	for (guint i = 0; i < result->coupons->len; i++) {
		const TillPromoEngineCouponAnswer *answer =
		    &g_array_index(result->coupons, TillPromoEngineCouponAnswer, i);
		if (answer->reason == TILL_PROMO_ENGINE_APPLIED)
			continue;
		const char *code = json_string_value(json_array_get(rejected, refused++));
		if (rejected != NULL &&
		    (code == NULL || g_ascii_strcasecmp(answer->code, code) != 0))
			till_vector_fail(vector, "code %s was refused", answer->code);
	}
	if (rejected != NULL && refused != json_array_size(rejected))
		till_vector_fail(vector, "%d codes were refused", (int)refused);
}

static void
check_result(Case *read, const TillPromoEngineResult *result)
{
	TillVector *vector = read->vector;
	const json_t *applied = json_object_get(vector->expected, "applied");
	gint64 gifts = till_promo_draft_gifts(result);

	till_vector_expect(vector, vector->expected, "free_quantity", gifts, 0, "free items");
	till_vector_expect(vector, vector->expected, "coupons_issued", gifts, 0, "coupons");
	till_vector_expect(vector, vector->expected, "discount_now", result->discount_minor,
			   EXPONENT, "the discount");
	if (json_object_get(vector->expected, "discount_lines") != NULL)
		till_vector_expect(vector, vector->expected, "discount_lines",
				   count_rows(read, result), 0, "rows of discounts");
	if (applied != NULL && json_is_true(applied) != (result->discounts->len > 0))
		till_vector_fail(vector, "%u promotions applied", result->discounts->len);
	check_refusals(vector, result);
	check_taxed(read, result);
}

void
till_promo_odoo_run(TillVector *vector)
{
	till_vector_known(vector, vector->inputs,
			  "lines promotions promotions_in_order codes rule");
	till_vector_known(vector, vector->expected,
			  "total untaxed tax decimals_compared free_quantity applied "
			  "discount_lines rejected_codes coupons_issued discount_now");
	g_autoptr(TillPromoDraft) draft = till_promo_draft_new(vector, EXPONENT);
	g_autoptr(GArray) levies = g_array_new(FALSE, FALSE, sizeof(gint64));
	Case read = {.vector = vector,
		     .lines = json_object_get(vector->inputs, "lines"),
		     .draft = draft,
		     .levies = levies};

	read_lines(&read);
	read_promotions(&read);
	g_autoptr(TillPromoEngineResult) result = till_promo_draft_run(draft);
	if (result != NULL)
		check_result(&read, result);
}
