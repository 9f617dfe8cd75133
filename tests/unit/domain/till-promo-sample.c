/* SPDX-License-Identifier: Apache-2.0 */
#include "till-promo-sample.h"

#include <string.h>

#include "promo-json.h"
#include "quantity.h"

TillPromoSample *
till_promo_sample_new(void)
{
	TillPromoSample *sample = g_new0(TillPromoSample, 1);

	sample->lines = g_array_new(FALSE, TRUE, sizeof(TillPromoLine));
	sample->coupons = g_array_new(FALSE, TRUE, sizeof(TillPromoEngineCoupon));
	sample->promos = g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);
	sample->kept = g_ptr_array_new_with_free_func(g_free);
	sample->context.now_ms = 1000000;
	sample->context.minute = 720;
	sample->context.currency = "EUR";
	sample->context.store = "014";
	sample->context.channel = "till";
	return sample;
}

void
till_promo_sample_free(TillPromoSample *sample)
{
	g_array_free(sample->lines, TRUE);
	g_array_free(sample->coupons, TRUE);
	g_ptr_array_free(sample->promos, TRUE);
	g_ptr_array_free(sample->kept, TRUE);
	g_free(sample);
}

static const char *
keep(TillPromoSample *sample, const char *text)
{
	char *copy = g_strdup(text);

	g_ptr_array_add(sample->kept, copy);
	return copy;
}

TillPromoLine *
till_promo_sample_line(TillPromoSample *sample, const char *words, gint64 unit_minor, gint64 pieces)
{
	const char **list = g_new0(const char *, 2);

	g_ptr_array_add(sample->kept, list);
	list[0] = keep(sample, words);
	TillPromoLine line = {.sku = list[0],
			      .tags = list,
			      .categories = list,
			      .unit_minor = unit_minor,
			      .quantity_milli = pieces * TILL_QUANTITY_ONE,
			      .amount_minor = unit_minor * pieces,
			      .untaxed_minor = unit_minor * pieces};
	g_array_append_val(sample->lines, line);
	return &g_array_index(sample->lines, TillPromoLine, sample->lines->len - 1);
}

const TillPromo *
till_promo_sample_promo(TillPromoSample *sample, const char *json)
{
	g_autofree char *text = g_strdelimit(g_strdup(json), "'", '"');
	g_autoptr(GError) error = NULL;
	TillPromo *promo = till_promo_json_parse(text, strlen(text), &error);

	g_assert_no_error(error);
	g_ptr_array_add(sample->promos, promo);
	return promo;
}

void
till_promo_sample_coupon(TillPromoSample *sample, const char *code, gint64 uses,
			 gint64 customer_uses)
{
	TillPromoEngineCoupon coupon = {
	    .code = keep(sample, code), .uses = uses, .customer_uses = customer_uses};

	g_array_append_val(sample->coupons, coupon);
}

TillPromoEngineResult *
till_promo_sample_run(TillPromoSample *sample)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillPromoIndex) index =
	    till_promo_index_new((TillPromo *const *)sample->promos->pdata, sample->promos->len);
	TillPromoEngineResult *result;

	sample->context.coupons = (const TillPromoEngineCoupon *)(gpointer)sample->coupons->data;
	sample->context.coupon_count = sample->coupons->len;
	result = till_promo_engine_run(index, (const TillPromoLine *)(gpointer)sample->lines->data,
				       sample->lines->len, &sample->context, &error);
	g_assert_no_error(error);
	till_promo_sample_check(sample, result);
	return result;
}

gint64
till_promo_sample_pay(TillPromoSample *sample)
{
	g_autoptr(TillPromoEngineResult) result = till_promo_sample_run(sample);

	return result->net_minor;
}

gint64
till_promo_sample_net(const TillPromoEngineResult *result, guint line)
{
	g_assert_cmpuint(line, <, result->lines->len);
	return g_array_index(result->lines, TillPromoEngineLine, line).net_minor;
}

const TillPromoEngineRefusal *
till_promo_sample_refusal(const TillPromoEngineResult *result, const char *id)
{
	for (guint i = 0; i < result->refusals->len; i++) {
		const TillPromoEngineRefusal *refusal =
		    &g_array_index(result->refusals, TillPromoEngineRefusal, i);
		if (strcmp(refusal->promo->id, id) == 0)
			return refusal;
	}
	return NULL;
}

static void
check_discount(const TillPromoEngineResult *result, const TillPromoEngineDiscount *discount,
	       gint64 *net)
{
	gint64 sum = 0;

	for (guint i = 0; i < discount->share_count; i++) {
		const TillPromoEngineShare *share =
		    &g_array_index(result->shares, TillPromoEngineShare, discount->first_share + i);
		g_assert_cmpint(share->amount_minor, >, 0);
		sum += share->amount_minor;
		net[share->line] -= share->amount_minor;
	}
	g_assert_cmpint(sum, ==, discount->amount_minor);
}

void
till_promo_sample_check(const TillPromoSample *sample, const TillPromoEngineResult *result)
{
	g_autofree gint64 *net = g_new0(gint64, sample->lines->len + 1);
	gint64 total = 0, discount = 0;

	g_assert_cmpuint(result->lines->len, ==, sample->lines->len);
	for (guint i = 0; i < sample->lines->len; i++)
		net[i] = g_array_index(sample->lines, TillPromoLine, i).amount_minor;
	for (guint i = 0; i < result->discounts->len; i++) {
		const TillPromoEngineDiscount *row =
		    &g_array_index(result->discounts, TillPromoEngineDiscount, i);
		check_discount(result, row, net);
		discount += row->amount_minor;
	}
	for (guint i = 0; i < sample->lines->len; i++) {
		g_assert_cmpint(net[i], >=, 0);
		g_assert_cmpint(net[i], ==, till_promo_sample_net(result, i));
		total += net[i];
	}
	g_assert_cmpint(total, ==, result->net_minor);
	g_assert_cmpint(discount, ==, result->discount_minor);
	g_assert_cmpint(result->list_minor, ==, total + discount);
}
