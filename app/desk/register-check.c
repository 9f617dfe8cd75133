/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "error.h"
#include "json.h"

/* What is looked at once more before a sale is booked, and what it books of offers. */

#define OVERRIDES_MAX 500 /* so far back an approval is looked for */
#define TEXT_MAX 512
#define ID_MAX 64

/* ---- Changes by hand ---- */

typedef struct {
	TillStore *store;
	TillDiscountPolicy policy; /* owned */
	GPtrArray *staff;          /* of TillStaff, owned */
	GPtrArray *overrides;      /* of TillEntry, owned; NULL: not read yet */
} Check;

static gboolean
refuse_line(const TillPricedLine *line, const char *words, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "Line %u (%s): the price was changed by hand, %s", line->line_id,
		    line->item->sku, words);
	return FALSE;
}

/* Whether an entry is the approval of this change. */
static gboolean
approves(const TillEntry *entry, const TillPricedLine *line)
{
	const TillManual *manual = &line->manual;
	gsize size = 0;
	const char *text = g_bytes_get_data(entry->body, &size);
	g_autoptr(json_t) body = till_json_parse(text, size, size, "override", NULL);
	TillJsonReader reader = till_json_reader(body, "override");
	return body != NULL && json_object_get(body, "refused") == NULL &&
	       strcmp(till_json_string(&reader, "approved_by", ID_MAX), manual->approved_by) == 0 &&
	       strcmp(till_json_string(&reader, "staff", ID_MAX), manual->staff) == 0 &&
	       strcmp(till_json_string(&reader, "sku", TEXT_MAX), line->item->sku) == 0 &&
	       strcmp(till_json_string(&reader, "what", ID_MAX),
		      till_manual_kind_name(manual->kind)) == 0 &&
	       till_json_int(&reader, "value", 0, G_MAXINT64) == manual->value;
}

static gboolean
find_approval(Check *check, const TillPricedLine *line, GError **error)
{
	if (check->overrides == NULL)
		check->overrides = till_journal_overrides(check->store, OVERRIDES_MAX, error);
	if (check->overrides == NULL)
		return FALSE;
	for (guint i = 0; i < check->overrides->len; i++) {
		if (approves(g_ptr_array_index(check->overrides, i), line))
			return TRUE;
	}
	return refuse_line(line, "and its approval is not on record; ask for it again.", error);
}

static gboolean
check_line(Check *check, const TillPricedLine *line, GError **error)
{
	const TillManual *manual = &line->manual;
	const TillStaff *seller = till_register_private_find_member(
	    check->staff, manual->staff != NULL ? manual->staff : "");
	gint64 list_minor, paid_minor;
	if (seller == NULL)
		return refuse_line(
		    line, "and nobody who works here stands for it; change it again.", error);
	till_discount_policy_measure(line, &list_minor, &paid_minor);
	if (!till_discount_policy_needs_approval(&check->policy, seller->role, list_minor,
						 paid_minor))
		return TRUE;
	if (manual->approved_by == NULL || *manual->approved_by == '\0')
		return refuse_line(
		    line, "by more than its seller may; ask a second person to approve it.", error);
	const TillStaff *approver =
	    till_register_private_find_member(check->staff, manual->approved_by);
	if (approver == NULL || approver == seller ||
	    till_discount_policy_needs_approval(&check->policy, approver->role, list_minor,
						paid_minor))
		return refuse_line(
		    line, "and who approved it may not go so far either; ask somebody who may.",
		    error);
	return find_approval(check, line, error);
}

static gboolean
has_manual(const TillPriced *priced)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		if (line->manual.kind != TILL_MANUAL_NONE)
			return TRUE;
	}
	return FALSE;
}

static gboolean
check_lines(Check *check, const TillPriced *priced, GError **error)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		if (line->manual.kind != TILL_MANUAL_NONE && !check_line(check, line, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_register_private_check_manual(TillStore *store, const TillPriced *priced, GError **error)
{
	Check check = {.store = store};
	if (!has_manual(priced))
		return TRUE;
	if (!till_catalog_discounts(store, &check.policy, error))
		return FALSE;
	check.staff = till_catalog_staff(store, error);
	gboolean is_fine = check.staff != NULL && check_lines(&check, priced, error);
	till_discount_policy_clear(&check.policy);
	g_clear_pointer(&check.staff, g_ptr_array_unref);
	g_clear_pointer(&check.overrides, g_ptr_array_unref);
	return is_fine;
}

/* ---- Coupons and offers ---- */

static const TillPromoEngineDiscount *
find_discount(const TillPriced *priced, const char *promotion)
{
	const GArray *discounts = priced->promoted != NULL ? priced->promoted->discounts : NULL;
	for (guint i = 0; discounts != NULL && i < discounts->len; i++) {
		const TillPromoEngineDiscount *discount =
		    &g_array_index(discounts, TillPromoEngineDiscount, i);
		if (strcmp(discount->promo->id, promotion) == 0)
			return discount;
	}
	return NULL;
}

static gboolean
is_limited(const TillPromo *promo)
{
	return promo->uses > 0 || promo->uses_per_customer > 0 || promo->budget_minor > 0;
}

static gboolean
has_limited_code(const TillPromoEngineDiscount *discount)
{
	return discount->code != NULL && *discount->code != '\0' &&
	       (discount->promo->code_uses > 0 || discount->promo->code_uses_per_customer > 0);
}

static void
add_use(GArray *uses, const TillOfferUse *use)
{
	for (guint i = 0; i < uses->len; i++) {
		const TillOfferUse *known = &g_array_index(uses, TillOfferUse, i);
		if (known->kind == use->kind && strcmp(known->key, use->key) == 0)
			return;
	}
	g_array_append_vals(uses, use, 1);
}

static const char *
customer_id(const TillPriced *priced)
{
	const TillShopper *shopper =
	    priced->context != NULL ? till_price_context_shopper(priced->context) : NULL;
	return shopper != NULL && shopper->customer != NULL ? shopper->customer->id : "";
}

GArray *
till_register_private_uses(const TillPriced *priced)
{
	GArray *uses = g_array_new(FALSE, FALSE, sizeof(TillOfferUse));
	const char *customer = customer_id(priced);
	for (guint i = 0; i < priced->discounts->len; i++) {
		const TillPricedDiscount *sum =
		    &g_array_index(priced->discounts, TillPricedDiscount, i);
		const TillPromoEngineDiscount *discount = find_discount(priced, sum->promotion);
		if (discount == NULL)
			continue;
		TillOfferUse promotion = {
		    TILL_PRICE_USES_PROMOTION, sum->promotion, customer, {1, sum->amount_minor}};
		TillOfferUse coupon = {TILL_PRICE_USES_COUPON, discount->code, customer, {1, 0}};
		if (is_limited(discount->promo))
			add_use(uses, &promotion);
		if (has_limited_code(discount))
			add_use(uses, &coupon);
	}
	return uses;
}

static gboolean
is_used_up(const TillPriceUses *uses, const TillPromoEngineDiscount *discount, const char *customer)
{
	const TillPromo *promo = discount->promo;
	TillPriceUse all = till_price_uses_find(uses, TILL_PRICE_USES_COUPON, discount->code, "");
	TillPriceUse own =
	    till_price_uses_find(uses, TILL_PRICE_USES_COUPON, discount->code, customer);
	if (promo->code_uses > 0 && all.uses >= promo->code_uses)
		return TRUE;
	return *customer != '\0' && promo->code_uses_per_customer > 0 &&
	       own.uses >= promo->code_uses_per_customer;
}

static gboolean
check_codes(const TillPriced *priced, const TillPriceUses *uses, GError **error)
{
	const GArray *discounts = priced->promoted->discounts;
	for (guint i = 0; i < discounts->len; i++) {
		const TillPromoEngineDiscount *discount =
		    &g_array_index(discounts, TillPromoEngineDiscount, i);
		if (!has_limited_code(discount) || !is_used_up(uses, discount, customer_id(priced)))
			continue;
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Coupon %s was used in the meantime. Take it off or enter it again, "
			    "and look at the total.",
			    discount->code);
		return FALSE;
	}
	return TRUE;
}

gboolean
till_register_private_check_coupons(TillStore *store, const TillPriced *priced, GError **error)
{
	gboolean is_asked = FALSE;
	const GArray *discounts = priced->promoted != NULL ? priced->promoted->discounts : NULL;
	for (guint i = 0; discounts != NULL && i < discounts->len; i++)
		is_asked |= has_limited_code(&g_array_index(discounts, TillPromoEngineDiscount, i));
	if (!is_asked || priced->context == NULL)
		return TRUE;
	TillPriceRules rules = {0};
	if (!till_catalog_rules(store, till_price_context_shopper(priced->context), &rules, error))
		return FALSE;
	gboolean is_fine = check_codes(priced, rules.uses, error);
	till_price_rules_clear(&rules);
	return is_fine;
}
