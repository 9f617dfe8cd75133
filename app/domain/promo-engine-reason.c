/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "promo-engine-private.h"
#include "text.h"

#define NEAR_PIECES 2
#define NEAR_PART 4 /* of the amount that is needed */

char **
till_promo_engine_reason_codes(const TillPromoEngineContext *context)
{
	char **codes = g_new0(char *, context->coupon_count + 1);

	for (guint i = 0; i < context->coupon_count; i++)
		codes[i] = g_ascii_strup(context->coupons[i].code, -1);
	return codes;
}

static gboolean
has_any(const TillPromoList *list, const char *const *values)
{
	for (guint i = 0; values != NULL && values[i] != NULL; i++) {
		if (till_promo_list_has(list, values[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_here(const TillPromo *promo, const TillPromoEngineContext *context)
{
	if (promo->currency != NULL && *promo->currency != '\0' &&
	    g_strcmp0(promo->currency, context->currency) != 0)
		return FALSE;
	return (promo->channels.count == 0 ||
		till_promo_list_has(&promo->channels, context->channel)) &&
	       (promo->stores.count == 0 || till_promo_list_has(&promo->stores, context->store));
}

/* Hours that pass midnight belong to the day they began on. */
static gboolean
is_now(const TillPromo *promo, const TillPromoEngineContext *context)
{
	guint from = promo->from_minute, to = promo->to_minute, day = context->weekday;
	gboolean inside = from == to || (context->minute >= from && context->minute < to);

	if (from > to) {
		inside = context->minute >= from || context->minute < to;
		if (context->minute < to)
			day = (day + 6) % 7;
	}
	return inside && (promo->weekdays == 0 || (promo->weekdays & (1u << day)) != 0);
}

static TillPromoEngineReason
judge_time(const TillPromo *promo, const TillPromoEngineContext *context)
{
	if (!is_here(promo, context))
		return TILL_PROMO_ENGINE_NOT_HERE;
	if (context->now_ms < promo->valid_from_ms)
		return TILL_PROMO_ENGINE_NOT_YET;
	if (promo->valid_to_ms > 0 && context->now_ms >= promo->valid_to_ms)
		return TILL_PROMO_ENGINE_EXPIRED;
	return is_now(promo, context) ? TILL_PROMO_ENGINE_APPLIED : TILL_PROMO_ENGINE_NOT_NOW;
}

static TillPromoEngineReason
judge_customer(const TillPromo *promo, const TillPromoEngineContext *context)
{
	gboolean asks = promo->known_customer || promo->purchase > 0 || promo->groups.count > 0 ||
			promo->segments.count > 0 || promo->uses_per_customer > 0;

	if (asks && context->customer == NULL)
		return TILL_PROMO_ENGINE_NO_CUSTOMER;
	if ((promo->groups.count > 0 && !has_any(&promo->groups, context->groups)) ||
	    (promo->segments.count > 0 && !has_any(&promo->segments, context->segments)) ||
	    (promo->purchase > 0 && context->purchases != promo->purchase - 1))
		return TILL_PROMO_ENGINE_NOT_FOR_CUSTOMER;
	return TILL_PROMO_ENGINE_APPLIED;
}

/* The first code that still works lets the promotion in; else the first one's fault counts. */
static TillPromoEngineReason
judge_codes(const TillPromoEngineContext *context, char **codes, TillPromoEngineOffer *offer)
{
	const TillPromo *promo = offer->promo;
	TillPromoEngineReason reason = TILL_PROMO_ENGINE_NO_COUPON;

	if (promo->codes.count == 0)
		return TILL_PROMO_ENGINE_APPLIED;
	for (guint i = 0; i < context->coupon_count; i++) {
		const TillPromoEngineCoupon *coupon = &context->coupons[i];
		TillPromoEngineReason fault = TILL_PROMO_ENGINE_APPLIED;
		if (!till_promo_list_has(&promo->codes, codes[i]))
			continue;
		if (promo->code_uses > 0 && coupon->uses >= promo->code_uses)
			fault = TILL_PROMO_ENGINE_USED_UP;
		else if (promo->code_uses_per_customer > 0 && context->customer == NULL)
			fault = TILL_PROMO_ENGINE_NO_CUSTOMER;
		else if (promo->code_uses_per_customer > 0 &&
			 coupon->customer_uses >= promo->code_uses_per_customer)
			fault = TILL_PROMO_ENGINE_USED_BY_CUSTOMER;
		if (fault == TILL_PROMO_ENGINE_APPLIED) {
			offer->code = codes[i];
			return fault;
		}
		reason = reason == TILL_PROMO_ENGINE_NO_COUPON ? fault : reason;
	}
	return reason;
}

static TillPromoEngineReason
judge_usage(const TillPromoEngineContext *context, TillPromoEngineOffer *offer)
{
	const TillPromo *promo = offer->promo;
	TillPromoEngineUsage usage = {0};

	for (guint i = 0; i < context->usage_count; i++) {
		if (g_strcmp0(context->usage[i].promotion, promo->id) == 0)
			usage = context->usage[i];
	}
	if (promo->uses > 0 && usage.uses >= promo->uses)
		return TILL_PROMO_ENGINE_USED_UP;
	if (promo->uses_per_customer > 0 && usage.customer_uses >= promo->uses_per_customer)
		return TILL_PROMO_ENGINE_USED_BY_CUSTOMER;
	if (promo->budget_minor > 0)
		offer->budget_left = promo->budget_minor - MAX(usage.spent_minor, (gint64)0);
	return offer->budget_left > 0 ? TILL_PROMO_ENGINE_APPLIED : TILL_PROMO_ENGINE_BUDGET;
}

void
till_promo_engine_reason_judge(const TillPromoEngineContext *context, char **codes,
			       TillPromoEngineOffer *offer)
{
	offer->reason = judge_time(offer->promo, context);
	if (offer->reason == TILL_PROMO_ENGINE_APPLIED)
		offer->reason = judge_codes(context, codes, offer);
	if (offer->reason == TILL_PROMO_ENGINE_APPLIED)
		offer->reason = judge_customer(offer->promo, context);
	if (offer->reason == TILL_PROMO_ENGINE_APPLIED)
		offer->reason = judge_usage(context, offer);
}

/* Of several promotions with this code, one that applied speaks for all. */
static const TillPromoEngineOffer *
find_offer(const TillPromoEngineRun *run, const char *code)
{
	const TillPromoEngineOffer *found = NULL;

	for (guint i = 0; i < run->offers->len; i++) {
		const TillPromoEngineOffer *offer = TILL_PROMO_ENGINE_OFFER(run, i);
		if (!till_promo_list_has(&offer->promo->codes, code))
			continue;
		if (offer->reason == TILL_PROMO_ENGINE_APPLIED)
			return offer;
		found = found == NULL ? offer : found;
	}
	return found;
}

void
till_promo_engine_reason_answer(const TillPromoEngineRun *run, char **codes,
				TillPromoEngineResult *result)
{
	for (guint i = 0; codes[i] != NULL; i++) {
		const TillPromoEngineOffer *offer = find_offer(run, codes[i]);
		TillPromoEngineCouponAnswer answer = {
		    .code = g_strdup(codes[i]),
		    .reason = offer != NULL ? offer->reason : TILL_PROMO_ENGINE_UNKNOWN,
		    .promo = offer != NULL ? till_promo_ref(offer->promo) : NULL};
		g_array_append_val(result->coupons, answer);
	}
}

const char *
till_promo_engine_words(TillPromoEngineReason reason)
{
	static const char *const words[] = {
	    [TILL_PROMO_ENGINE_APPLIED] = "Applied.",
	    [TILL_PROMO_ENGINE_UNKNOWN] = "There is no offer with this code.",
	    [TILL_PROMO_ENGINE_NOT_YET] = "This offer has not begun yet.",
	    [TILL_PROMO_ENGINE_EXPIRED] = "This offer has ended.",
	    [TILL_PROMO_ENGINE_NOT_NOW] = "This offer does not count at this day or hour.",
	    [TILL_PROMO_ENGINE_NOT_HERE] = "This offer does not count in this shop.",
	    [TILL_PROMO_ENGINE_NOT_FOR_CUSTOMER] = "This offer is not for this customer.",
	    [TILL_PROMO_ENGINE_NO_CUSTOMER] = "This offer is for known customers; scan the card.",
	    [TILL_PROMO_ENGINE_NO_COUPON] = "This offer needs a coupon.",
	    [TILL_PROMO_ENGINE_USED_UP] = "This was used as often as it may be.",
	    [TILL_PROMO_ENGINE_USED_BY_CUSTOMER] = "This customer has used it already.",
	    [TILL_PROMO_ENGINE_BUDGET] = "Nothing is left of what was set aside for this offer.",
	    [TILL_PROMO_ENGINE_NEEDS] = "The basket does not hold what this offer asks for.",
	    [TILL_PROMO_ENGINE_NO_LINES] = "Nothing in the basket gets cheaper by this offer.",
	    [TILL_PROMO_ENGINE_BEATEN] = "A better offer applies that does not go with this one.",
	};

	return words[reason];
}

/* The amount a need of the promotion asks for. */
static gint64
largest_need(const TillPromo *promo)
{
	gint64 amount = 0;

	for (guint i = 0; i < promo->need_count; i++)
		amount = MAX(amount, promo->needs[i].amount_minor);
	return amount;
}

char *
till_promo_engine_near_words(const TillPromoEngineRefusal *refusal, guint exponent)
{
	const char *name = refusal->promo->name;

	if ((refusal->near_pieces == 0 && refusal->near_minor == 0) ||
	    refusal->near_pieces > NEAR_PIECES ||
	    refusal->near_minor > largest_need(refusal->promo) / NEAR_PART)
		return NULL;
	if (refusal->near_minor == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT " more for %s", refusal->near_pieces,
				       name);
	g_autofree char *amount = till_text_format_decimal(refusal->near_minor, (int)exponent);
	return g_strdup_printf("%s more for %s", amount, name);
}
