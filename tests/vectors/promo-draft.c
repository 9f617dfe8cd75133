/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-draft.h"

#include <string.h>

#include "promo-json.h"
#include "quantity.h"

#define PERCENT_TO_PPM 4 /* places */

TillPromoDraft *
till_promo_draft_new(TillVector *vector, guint exponent)
{
	TillPromoDraft *draft = g_new0(TillPromoDraft, 1);

	draft->vector = vector;
	draft->exponent = exponent;
	draft->lines = g_array_new(FALSE, TRUE, sizeof(TillPromoLine));
	draft->coupons = g_array_new(FALSE, TRUE, sizeof(TillPromoEngineCoupon));
	draft->usage = g_array_new(FALSE, TRUE, sizeof(TillPromoEngineUsage));
	draft->promos = g_ptr_array_new_with_free_func((GDestroyNotify)till_promo_unref);
	draft->kept = g_ptr_array_new_with_free_func(g_free);
	draft->context.now_ms = TILL_PROMO_DRAFT_NOW_MS;
	return draft;
}

void
till_promo_draft_free(TillPromoDraft *draft)
{
	g_array_free(draft->lines, TRUE);
	g_array_free(draft->coupons, TRUE);
	g_array_free(draft->usage, TRUE);
	g_ptr_array_free(draft->promos, TRUE);
	g_ptr_array_free(draft->kept, TRUE);
	g_free(draft);
}

const char *
till_promo_draft_keep(TillPromoDraft *draft, const char *text)
{
	char *copy = g_strdup(text);

	g_ptr_array_add(draft->kept, copy);
	return copy;
}

const char *const *
till_promo_draft_keep_list(TillPromoDraft *draft, const char *text)
{
	const char **list = g_new0(const char *, 2);

	g_ptr_array_add(draft->kept, list);
	list[0] = till_promo_draft_keep(draft, text);
	return list;
}

TillPromoLine *
till_promo_draft_line(TillPromoDraft *draft, const char *sku, gint64 amount_minor, gint64 pieces)
{
	TillPromoLine line = {.sku = till_promo_draft_keep(draft, sku),
			      .unit_minor = pieces > 0 ? amount_minor / pieces : 0,
			      .quantity_milli = pieces * TILL_QUANTITY_ONE,
			      .amount_minor = amount_minor,
			      .untaxed_minor = amount_minor};

	g_array_append_val(draft->lines, line);
	return &g_array_index(draft->lines, TillPromoLine, draft->lines->len - 1);
}

void
till_promo_draft_categories(TillPromoDraft *draft, TillPromoLine *line, const json_t *names)
{
	const char **list = g_new0(const char *, json_array_size(names) + 1);

	g_ptr_array_add(draft->kept, list);
	for (gsize i = 0; i < json_array_size(names); i++)
		list[i] = json_string_value(json_array_get(names, i));
	line->categories = list;
}

const char *
till_promo_draft_promo(TillPromoDraft *draft, const char *name, json_t *json)
{
	g_autofree char *id = g_strdup_printf("p%04u", draft->promos->len);
	g_autoptr(GError) error = NULL;
	TillPromo *promo;

	json_object_set_new(json, "id", json_string(id));
	if (name != NULL)
		json_object_set_new(json, "name", json_string(name));
	promo = till_promo_json_read(json, "promotion", &error);
	json_decref(json);
	if (promo == NULL) {
		till_vector_fail(draft->vector, "%s", error->message);
		return "";
	}
	g_ptr_array_add(draft->promos, promo);
	return promo->id;
}

void
till_promo_draft_coupon(TillPromoDraft *draft, const char *code, gint64 uses, gint64 customer_uses)
{
	TillPromoEngineCoupon coupon = {.code = till_promo_draft_keep(draft, code),
					.uses = uses,
					.customer_uses = customer_uses};

	g_array_append_val(draft->coupons, coupon);
}

void
till_promo_draft_usage(TillPromoDraft *draft, const char *id, gint64 uses, gint64 spent_minor)
{
	TillPromoEngineUsage usage = {.promotion = id, .uses = uses, .spent_minor = spent_minor};

	g_array_append_val(draft->usage, usage);
}

json_t *
till_promo_draft_items(const char *name, const char *value)
{
	return json_pack("{s:[s]}", name, value);
}

json_t *
till_promo_draft_items_list(const char *name, const json_t *values)
{
	return json_pack("{s:o}", name, json_deep_copy(values));
}

TillPromoEngineResult *
till_promo_draft_run(TillPromoDraft *draft)
{
	g_autoptr(GError) error = NULL;
	TillPromoEngineContext *context = &draft->context;

	if (!till_vector_open(draft->vector))
		return NULL;
	g_autoptr(TillPromoIndex) index =
	    till_promo_index_new((TillPromo *const *)draft->promos->pdata, draft->promos->len);
	context->coupons = (const TillPromoEngineCoupon *)(gconstpointer)draft->coupons->data;
	context->coupon_count = draft->coupons->len;
	context->usage = (const TillPromoEngineUsage *)(gconstpointer)draft->usage->data;
	context->usage_count = draft->usage->len;
	TillPromoEngineResult *result =
	    till_promo_engine_run(index, (const TillPromoLine *)(gconstpointer)draft->lines->data,
				  draft->lines->len, context, &error);
	if (result == NULL)
		till_vector_fail(draft->vector, "%s", error->message);
	return result;
}

gint64
till_promo_draft_discount(const TillPromoEngineResult *result, guint line)
{
	const TillPromoEngineLine *row = &g_array_index(result->lines, TillPromoEngineLine, line);

	return row->list_minor - row->net_minor;
}

gint64
till_promo_draft_share(const TillPromoEngineResult *result, guint discount, guint line)
{
	const TillPromoEngineDiscount *row =
	    &g_array_index(result->discounts, TillPromoEngineDiscount, discount);

	for (guint i = 0; i < row->share_count; i++) {
		const TillPromoEngineShare *share =
		    &g_array_index(result->shares, TillPromoEngineShare, row->first_share + i);
		if (share->line == line)
			return share->amount_minor;
	}
	return 0;
}

gint64
till_promo_draft_gifts(const TillPromoEngineResult *result)
{
	gint64 pieces = 0;

	for (guint i = 0; i < result->gifts->len; i++)
		pieces += g_array_index(result->gifts, TillPromoEngineGift, i).quantity;
	return pieces;
}

gint64
till_promo_draft_ppm(TillVector *vector, const json_t *object, const char *key)
{
	return till_vector_scaled(vector, object, key, PERCENT_TO_PPM);
}
