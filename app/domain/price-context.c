/* SPDX-License-Identifier: Apache-2.0 */
#include "price-context.h"

#include <string.h>

#include "money.h"

#define ID_MAX 64
#define USES_MAX 5000
#define COUNT_MAX G_MAXINT32
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */
#define MINUTES_A_DAY 1440

struct TillPriceContext {
	TillPriceMoment moment; /* its texts are owned */
	TillShopper shopper;
	GArray *coupons; /* of TillPromoEngineCoupon; code owned by the shopper */
	GArray *usage;   /* of TillPromoEngineUsage, in order of promotion; id owned */
	TillPromoEngineContext engine;
	TillTaxEngineExemption exemption;
	gboolean exempt;
};

static void
clear_usage(gpointer data)
{
	TillPromoEngineUsage *usage = data;

	g_free((gpointer)(guintptr)usage->promotion);
}

static void
clear_context(gpointer data)
{
	TillPriceContext *context = data;
	const char *const texts[] = {context->moment.channel, context->moment.store,
				     context->moment.chain_cursor, context->moment.shop_cursor};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free((gpointer)(guintptr)texts[i]);
	till_shopper_clear(&context->shopper);
	g_array_unref(context->coupons);
	g_array_unref(context->usage);
}

static char *
copy_text(const char *text)
{
	return g_strdup(text != NULL ? text : "");
}

static TillPriceContext *
create_context(const TillPriceMoment *moment, const TillShopper *shopper)
{
	TillPriceContext *context = g_atomic_rc_box_new0(TillPriceContext);

	context->moment = *moment;
	context->moment.channel = copy_text(moment->channel);
	context->moment.store = copy_text(moment->store);
	context->moment.chain_cursor = copy_text(moment->chain_cursor);
	context->moment.shop_cursor = copy_text(moment->shop_cursor);
	till_shopper_set(&context->shopper, shopper);
	context->coupons = g_array_new(FALSE, TRUE, sizeof(TillPromoEngineCoupon));
	context->usage = g_array_new(FALSE, TRUE, sizeof(TillPromoEngineUsage));
	g_array_set_clear_func(context->usage, clear_usage);
	return context;
}

static void
seal_exemption(TillPriceContext *context)
{
	const TillExemption *from = &context->shopper.exemption;

	context->exempt = till_shopper_is_exempt(&context->shopper, context->moment.now_ms);
	context->exemption.all = from->tax_classes == NULL;
	if (from->tax_classes == NULL)
		return;
	context->exemption.tax_classes = (const char *const *)from->tax_classes;
	context->exemption.tax_class_count = g_strv_length(from->tax_classes);
}

/* The engines' views, once all that they point to is in place. */
static void
seal_context(TillPriceContext *context)
{
	const TillCustomer *customer = context->shopper.customer;
	TillPromoEngineContext *engine = &context->engine;

	engine->now_ms = context->moment.now_ms;
	engine->weekday = context->moment.weekday;
	engine->minute = context->moment.minute;
	engine->channel = context->moment.channel;
	engine->store = context->moment.store;
	if (customer != NULL) {
		engine->customer = customer->id;
		engine->groups = (const char *const *)customer->groups;
		engine->segments = till_customer_segments(customer);
		engine->purchases = customer->purchases;
	}
	engine->coupons = (const TillPromoEngineCoupon *)(gconstpointer)context->coupons->data;
	engine->coupon_count = context->coupons->len;
	engine->usage = (const TillPromoEngineUsage *)(gconstpointer)context->usage->data;
	engine->usage_count = context->usage->len;
	seal_exemption(context);
}

static void
add_coupons(TillPriceContext *context, const TillPriceUses *uses, const char *customer)
{
	guint count;
	const char *const *codes = till_shopper_coupons(&context->shopper, &count);

	for (guint i = 0; i < count; i++) {
		TillPromoEngineCoupon coupon = {
		    .code = codes[i],
		    .uses = till_price_uses_find(uses, TILL_PRICE_USES_COUPON, codes[i], "").uses,
		    .customer_uses =
			*customer != '\0'
			    ? till_price_uses_find(uses, TILL_PRICE_USES_COUPON, codes[i], customer)
				  .uses
			    : 0,
		};
		g_array_append_val(context->coupons, coupon);
	}
}

static void
add_usage(TillPriceContext *context, const TillPriceUses *uses, const char *customer)
{
	g_autoptr(GPtrArray) promotions = till_price_uses_promotions(uses);

	for (guint i = 0; i < promotions->len; i++) {
		const char *id = g_ptr_array_index(promotions, i);
		TillPriceUse all = till_price_uses_find(uses, TILL_PRICE_USES_PROMOTION, id, "");
		TillPriceUse own = {0};
		if (*customer != '\0')
			own = till_price_uses_find(uses, TILL_PRICE_USES_PROMOTION, id, customer);
		TillPromoEngineUsage usage = {.promotion = g_strdup(id),
					      .uses = all.uses,
					      .customer_uses = own.uses,
					      .spent_minor = all.spent_minor};
		g_array_append_val(context->usage, usage);
	}
}

TillPriceContext *
till_price_context_new(const TillPriceMoment *moment, const TillShopper *shopper,
		       const TillPriceUses *uses)
{
	TillPriceContext *context = create_context(moment, shopper);
	const char *customer =
	    context->shopper.customer != NULL ? context->shopper.customer->id : "";

	add_coupons(context, uses, customer);
	add_usage(context, uses, customer);
	seal_context(context);
	return context;
}

TillPriceContext *
till_price_context_ref(TillPriceContext *context)
{
	return g_atomic_rc_box_acquire(context);
}

void
till_price_context_unref(TillPriceContext *context)
{
	if (context != NULL)
		g_atomic_rc_box_release_full(context, clear_context);
}

const TillPriceMoment *
till_price_context_moment(const TillPriceContext *context)
{
	return &context->moment;
}

const TillShopper *
till_price_context_shopper(const TillPriceContext *context)
{
	return &context->shopper;
}

const TillPromoEngineContext *
till_price_context_engine(const TillPriceContext *context)
{
	return &context->engine;
}

const TillTaxEngineExemption *
till_price_context_exemption(const TillPriceContext *context)
{
	return context->exempt ? &context->exemption : NULL;
}

/* --- as JSON --- */

static gboolean
mattered(const char *promotion, const TillPromoEngineResult *result)
{
	if (result == NULL)
		return TRUE;
	for (guint i = 0; i < result->discounts->len; i++) {
		if (strcmp(g_array_index(result->discounts, TillPromoEngineDiscount, i).promo->id,
			   promotion) == 0)
			return TRUE;
	}
	for (guint i = 0; i < result->refusals->len; i++) {
		if (strcmp(g_array_index(result->refusals, TillPromoEngineRefusal, i).promo->id,
			   promotion) == 0)
			return TRUE;
	}
	return FALSE;
}

static json_t *
write_coupons(const TillPriceContext *context)
{
	json_t *list = json_array();

	for (guint i = 0; i < context->coupons->len; i++) {
		const TillPromoEngineCoupon *coupon =
		    &g_array_index(context->coupons, TillPromoEngineCoupon, i);
		json_t *object = json_object();
		till_json_put_text(object, "code", coupon->code);
		till_json_put_int(object, "uses", coupon->uses);
		till_json_put_int(object, "customer_uses", coupon->customer_uses);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_usage(const TillPriceContext *context, const TillPromoEngineResult *looked_at)
{
	json_t *list = json_array();

	for (guint i = 0; i < context->usage->len; i++) {
		const TillPromoEngineUsage *usage =
		    &g_array_index(context->usage, TillPromoEngineUsage, i);
		if (!mattered(usage->promotion, looked_at))
			continue;
		json_t *object = json_object();
		till_json_put_text(object, "id", usage->promotion);
		till_json_put_int(object, "uses", usage->uses);
		till_json_put_int(object, "customer_uses", usage->customer_uses);
		till_json_put_int(object, "spent_minor", usage->spent_minor);
		json_array_append_new(list, object);
	}
	return list;
}

json_t *
till_price_context_write(const TillPriceContext *context, const TillPromoEngineResult *looked_at)
{
	const TillPriceMoment *moment = &context->moment;
	json_t *object = json_object();
	json_t *usage = write_usage(context, looked_at);

	till_json_put_int(object, "at_ms", moment->now_ms);
	till_json_put_int(object, "weekday", moment->weekday);
	till_json_put_int(object, "minute", moment->minute);
	till_json_put_text(object, "channel", moment->channel);
	till_json_put_text(object, "store", moment->store);
	till_json_put_text(object, "chain", moment->chain_cursor);
	till_json_put_text(object, "shop", moment->shop_cursor);
	if (!till_shopper_is_plain(&context->shopper))
		json_object_set_new(object, "shopper",
				    till_shopper_write(&context->shopper, FALSE));
	if (context->coupons->len > 0)
		json_object_set_new(object, "coupon_uses", write_coupons(context));
	if (json_array_size(usage) > 0)
		json_object_set(object, "promotion_uses", usage);
	json_decref(usage);
	return object;
}

static void
read_coupons(TillJsonReader *reader, TillPriceContext *context)
{
	guint count;
	const char *const *codes = till_shopper_coupons(&context->shopper, &count);
	json_t *list = till_json_array(reader, "coupon_uses", TILL_SHOPPER_COUPONS_MAX);

	if (json_array_size(list) != count)
		till_json_fault(reader, "coupon_uses", "does not match the shopper's coupons");
	for (guint i = 0; i < count && reader->fault[0] == '\0'; i++) {
		TillJsonReader row = till_json_reader_item(reader, "coupon_uses", i);
		TillPromoEngineCoupon coupon = {
		    .code = codes[i],
		    .uses = till_json_int(&row, "uses", 0, COUNT_MAX),
		    .customer_uses = till_json_int(&row, "customer_uses", 0, COUNT_MAX),
		};
		if (strcmp(till_json_string(&row, "code", TILL_SHOPPER_COUPON_MAX), codes[i]) != 0)
			till_json_fault(&row, "code", "is not the shopper's coupon of that place");
		till_json_inherit(reader, &row);
		g_array_append_val(context->coupons, coupon);
	}
}

static void
read_usage(TillJsonReader *reader, TillPriceContext *context)
{
	gsize count = json_array_size(till_json_array(reader, "promotion_uses", USES_MAX));
	const char *last = "";

	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++) {
		TillJsonReader row = till_json_reader_item(reader, "promotion_uses", i);
		TillPromoEngineUsage usage = {
		    .promotion = g_strdup(till_json_string(&row, "id", ID_MAX)),
		    .uses = till_json_int(&row, "uses", 0, COUNT_MAX),
		    .customer_uses = till_json_int(&row, "customer_uses", 0, COUNT_MAX),
		    .spent_minor = till_json_int(&row, "spent_minor", 0, TILL_MONEY_MAX_MINOR),
		};
		if (strcmp(usage.promotion, last) <= 0)
			till_json_fault(&row, "id", "is out of order");
		last = usage.promotion;
		till_json_inherit(reader, &row);
		g_array_append_val(context->usage, usage);
	}
}

TillPriceContext *
till_price_context_read(TillJsonReader *parent, const char *field)
{
	json_t *object = till_json_object(parent, field);

	if (object == NULL)
		return NULL;
	TillJsonReader reader = till_json_reader(object, field);
	TillShopper shopper = {0};
	TillPriceMoment moment = {
	    .now_ms = till_json_int(&reader, "at_ms", 0, TIME_MAX_MS),
	    .weekday = (guint)till_json_int(&reader, "weekday", 0, 6),
	    .minute = (guint)till_json_int(&reader, "minute", 0, MINUTES_A_DAY - 1),
	    .channel = till_json_string(&reader, "channel", ID_MAX),
	    .store = till_json_string(&reader, "store", ID_MAX),
	    .chain_cursor = till_json_string_or(&reader, "chain", TILL_PRICE_CURSOR_MAX, ""),
	    .shop_cursor = till_json_string_or(&reader, "shop", TILL_PRICE_CURSOR_MAX, ""),
	};
	till_shopper_read(&reader, "shopper", &shopper);
	g_autoptr(TillPriceContext) context = create_context(&moment, &shopper);
	till_shopper_clear(&shopper);
	read_coupons(&reader, context);
	read_usage(&reader, context);
	till_json_inherit(parent, &reader);
	seal_context(context);
	return g_steal_pointer(&context);
}
