/* SPDX-License-Identifier: Apache-2.0 */
#include "order-place.h"

#include <string.h>

#include "cart-book.h"
#include "error.h"
#include "json.h"
#include "money.h"
#include "order-change.h"
#include "order-source.h"
#include "price-trace.h"
#include "quantity.h"
#include "quote.h"
#include "text.h"

#define FIRST_NUMBER 1001

/* One order on its way into the books. */
typedef struct {
	TillCentral *central;
	const TillOrderRequest *request;
	const TillOrderPlacer *placer;
	TillBookedCart *cart; /* that it was made of; NULL */
	TillOrderSource *source;
	TillPriced *priced;
	TillBookedOrder *order;
} Placing;

static void
set_text(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value != NULL ? value : "");
}

/* --- what is ordered --- */

static const TillCart *
get_content(const Placing *placing)
{
	return placing->cart != NULL ? placing->cart->content : placing->request->content;
}

static gboolean
find_cart(Placing *placing, GError **error)
{
	if (*placing->request->cart == '\0')
		return TRUE;
	placing->cart = till_cart_book_find(placing->central->db, placing->request->cart, error);
	if (placing->cart == NULL)
		return FALSE;
	if (strcmp(placing->cart->status, "open") == 0 && placing->cart->content->lines->len > 0)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
		    "order.cart: this cart is %s; put something into a new one.",
		    placing->cart->content->lines->len > 0 ? placing->cart->status : "empty");
	return FALSE;
}

static const char *
get_customer(const Placing *placing)
{
	if (*placing->request->customer == '\0' && placing->cart != NULL)
		return placing->cart->customer;
	return placing->request->customer;
}

static TillBasketFile *
make_basket(const Placing *placing, GError **error)
{
	const TillCart *content = get_content(placing);
	g_autoptr(json_t) object = json_object();
	json_t *lines = json_array();
	json_t *coupons = json_array();

	for (guint i = 0; i < placing->source->wanted->len; i++) {
		const TillOrderWanted *wanted = g_ptr_array_index(placing->source->wanted, i);
		json_t *line = json_object();
		till_json_put_text(line, "code", wanted->code);
		till_json_put_int(line, "quantity_milli", wanted->quantity_milli);
		json_array_append_new(lines, line);
	}
	for (guint i = 0; i < content->coupons->len; i++)
		json_array_append_new(coupons, json_string(g_ptr_array_index(content->coupons, i)));
	json_object_set_new(object, "lines", lines);
	json_object_set_new(object, "coupons", coupons);
	if (*get_customer(placing) != '\0')
		till_json_put_text(object, "customer", get_customer(placing));
	return till_basket_file_from_json(object, error);
}

/* How taxes call the way the goods are handed over. */
static const char *
name_for_taxes(TillFulfilmentKind kind)
{
	return kind == TILL_FULFILMENT_CARRY_OUT ? TILL_TAX_CARRY : till_fulfilment_kind_name(kind);
}

static gboolean
price(Placing *placing, GError **error)
{
	const TillOrderSourced *first = g_ptr_array_index(placing->source->sourced, 0);
	TillQuote quote = {.central = placing->central,
			   .store_code = first->store,
			   .channel = placing->placer->channel,
			   .fulfilment = name_for_taxes(first->kind)};
	g_autoptr(TillBasketFile) file = make_basket(placing, error);

	if (file == NULL)
		return FALSE;
	placing->priced = till_quote_price(&quote, file, error);
	if (placing->priced == NULL)
		return FALSE;
	if (placing->priced->lines->len == placing->source->wanted->len)
		return TRUE;
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "order.lines: two of them are priced as one; put them together.");
	return FALSE;
}

/* --- the record --- */

static void
add_line(Placing *placing, guint index)
{
	const TillPricedLine *priced = g_ptr_array_index(placing->priced->lines, index);
	TillOrderRecordLine *line = till_order_record_add_line(placing->order->record);

	line->line = index + 1;
	set_text(&line->sku, priced->item->sku);
	set_text(&line->name, priced->item->name);
	set_text(&line->variant, priced->item->variant);
	line->quantity_milli = priced->quantity_milli;
	line->unit_minor = priced->unit_minor;
	line->list_minor = priced->list_minor;
	line->discount_minor = priced->discount_minor;
	line->tax_minor = priced->tax_minor;
	line->total_minor = priced->total_minor;
}

static void
add_payments(Placing *placing, gint64 now_ms)
{
	for (guint i = 0; i < placing->request->payments->len; i++) {
		const TillOrderRecordPayment *from =
		    g_ptr_array_index(placing->request->payments, i);
		TillOrderRecordPayment *payment =
		    till_order_record_add_payment(placing->order->record);
		set_text(&payment->kind, from->kind);
		set_text(&payment->reference, from->reference);
		payment->amount_minor = from->amount_minor;
		payment->at_ms = now_ms;
	}
}

/* What the engine said, with our numbers on the lines. */
static json_t *
keep_priced(const Placing *placing)
{
	json_t *priced = till_price_trace_json(placing->priced, FALSE);
	gsize index;
	json_t *line;

	json_array_foreach(json_object_get(priced, "lines"), index, line)
	    till_json_put_int(line, "line", (gint64)index + 1);
	return priced;
}

static const TillCustomer *
get_known(const Placing *placing)
{
	const TillPriceContext *context = placing->priced->context;

	return context != NULL ? till_price_context_shopper(context)->customer : NULL;
}

static void
set_contact(Placing *placing)
{
	const TillOrderRequest *request = placing->request;
	const TillCustomer *customer = get_known(placing);
	TillOrderRecord *record = placing->order->record;

	set_text(&record->customer_id, customer != NULL ? customer->id : "");
	set_text(&record->customer_name, customer != NULL ? customer->name : request->name);
	set_text(&record->email,
		 *request->email != '\0' || customer == NULL ? request->email : customer->email);
	set_text(&record->phone,
		 *request->phone != '\0' || customer == NULL ? request->phone : customer->phone);
	set_text(&record->language, request->language);
}

/* A gap would mean that an order is missing. */
char *
till_order_place_number(TillCentral *central, const char *channel, GError **error)
{
	static const struct {
		const char *name;
		char letter;
	} letters[] = {{"web", 'W'},    {"app", 'A'},     {"chat", 'C'},
		       {"social", 'S'}, {"support", 'P'}, {"store", 'T'}};
	g_autofree char *last = till_central_meta(central, "order_number", "", error);
	g_autofree char *next = NULL;
	gint64 number = FIRST_NUMBER - 1;
	char letter = 'T';

	if (last == NULL)
		return NULL;
	if (!till_text_parse_int(last, FIRST_NUMBER, G_MAXINT32, &number))
		number = FIRST_NUMBER - 1;
	next = g_strdup_printf("%" G_GINT64_FORMAT, number + 1);
	if (!till_central_set_meta(central, "order_number", next, error))
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(letters); i++) {
		if (strcmp(letters[i].name, channel) == 0)
			letter = letters[i].letter;
	}
	return g_strdup_printf("%c-%s", letter, next);
}

static gboolean
fill_record(Placing *placing, GError **error)
{
	TillOrderRecord *record = placing->order->record;
	gint64 now_ms = till_central_now_ms(placing->central);
	char *number = till_order_place_number(placing->central, placing->placer->channel, error);

	if (number == NULL)
		return FALSE;
	g_free(record->number);
	record->number = number;
	record->id = till_uuid_random();
	set_text(&record->channel, placing->placer->channel);
	set_text(&record->currency, placing->priced->currency->code);
	set_text(&record->receipt, placing->placer->receipt);
	record->placed_ms = now_ms;
	record->shipping_minor = placing->request->shipping_minor;
	record->gift = placing->request->gift;
	set_contact(placing);
	for (guint i = 0; i < placing->priced->lines->len; i++)
		add_line(placing, i);
	add_payments(placing, now_ms);
	placing->order->priced = keep_priced(placing);
	return TRUE;
}

/* --- its parts --- */

static gboolean
add_part_line(Placing *placing, TillFulfilment *fulfilment, const TillOrderRecordPart *part,
	      GError **error)
{
	const TillOrderRecordLine *ordered =
	    till_order_record_line(placing->order->record, part->line);
	TillFulfilmentLine line = {.line = part->line,
				   .sku = ordered->sku,
				   .name = ordered->name,
				   .variant = ordered->variant,
				   .min_age = ordered->min_age};

	if (till_fulfilment_add_line(fulfilment, &line, part->quantity_milli))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "order.lines: so much of %s cannot be ordered at once.", ordered->sku);
	return FALSE;
}

static gboolean
add_fulfilment(Placing *placing, const TillOrderSourced *sourced, GError **error)
{
	const TillOrderRecord *record = placing->order->record;
	TillFulfilment *fulfilment = till_fulfilment_new();

	fulfilment->id = till_uuid_random();
	fulfilment->order = record->id;
	set_text(&fulfilment->number, record->number);
	set_text(&fulfilment->customer_name, record->customer_name);
	set_text(&fulfilment->store, sourced->store);
	fulfilment->kind = sourced->kind;
	fulfilment->promise_ms = sourced->promise.promise_ms;
	fulfilment->expires_ms = sourced->promise.expires_ms;
	g_ptr_array_add(placing->order->fulfilments, fulfilment);
	for (guint i = 0; i < sourced->parts->len; i++) {
		if (!add_part_line(placing, fulfilment,
				   &g_array_index(sourced->parts, TillOrderRecordPart, i), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
add_fulfilments(Placing *placing, GError **error)
{
	for (guint i = 0; i < placing->source->sourced->len; i++) {
		if (!add_fulfilment(placing, g_ptr_array_index(placing->source->sourced, i), error))
			return FALSE;
	}
	return TRUE;
}

/* --- telling and writing --- */

static void
tell(Placing *placing, TillOrderChange *change, const char *kind, const TillUuid *fulfilment,
     const char *words)
{
	till_order_change_tell(change, &(TillOrderEvent){.kind = kind,
							 .words = words,
							 .who = placing->placer->who,
							 .channel = placing->placer->channel,
							 .fulfilment = fulfilment});
}

static void
tell_placed(Placing *placing, TillOrderChange *change)
{
	const TillOrderRecord *record = placing->order->record;
	gint64 total = placing->priced->total_minor + placing->request->shipping_minor;
	g_autofree char *amount = till_money_format(total, placing->priced->currency);
	g_autofree char *words =
	    g_strdup_printf("Ordered: %u %s, %s.", record->lines->len,
			    record->lines->len == 1 ? "line" : "lines", amount);

	tell(placing, change, "placed", NULL, words);
	for (guint i = 0; i < placing->order->fulfilments->len; i++) {
		const TillFulfilment *part = g_ptr_array_index(placing->order->fulfilments, i);
		g_autofree char *allocated = g_strdup_printf(
		    "Set aside at store %s, %s.", part->store,
		    part->kind == TILL_FULFILMENT_SHIP ? "to be sent" : "to be collected");
		tell(placing, change, "allocated", &part->id, allocated);
	}
	for (guint i = 0; i < record->payments->len; i++) {
		const TillOrderRecordPayment *payment = g_ptr_array_index(record->payments, i);
		g_autofree char *money =
		    till_money_format(payment->amount_minor, placing->priced->currency);
		g_autofree char *paid = g_strdup_printf("Paid %s by %s.", money, payment->kind);
		tell(placing, change, "paid", NULL, paid);
	}
}

static gboolean
close_cart(Placing *placing, GError **error)
{
	if (placing->cart == NULL)
		return TRUE;
	set_text(&placing->cart->status, "ordered");
	return till_cart_book_put(placing->central, placing->cart, error);
}

/* What tills are told must fit their rows. */
static gboolean
check_size(const TillOrderRecord *record, GError **error)
{
	g_autoptr(json_t) object = till_order_record_json(record);
	gsize size;

	g_free(till_json_write(object, &size));
	if (size <= TILL_ORDER_RECORD_MAX * 3 / 4)
		return TRUE;
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "This order is too long; part it into several.");
	return FALSE;
}

static gboolean
write_order(Placing *placing, GError **error)
{
	g_autofree char *id = g_malloc(TILL_UUID_TEXT);
	TillOrderChange *change;
	gboolean good;

	till_uuid_format(&placing->order->record->id, id);
	change = till_order_change_new(placing->central, placing->order, NULL);
	tell_placed(placing, change);
	good = till_order_change_write(change, error) &&
	       check_size(placing->order->record, error) && close_cart(placing, error);
	placing->order = NULL; /* the change's */
	till_order_change_free(change);
	if (good)
		placing->order = till_order_book_find(placing->central->db, id, error);
	return placing->order != NULL;
}

static gboolean
run(Placing *placing, GError **error)
{
	if (!find_cart(placing, error) ||
	    !till_order_source_read(placing->source, placing->central, get_content(placing),
				    error) ||
	    !till_order_source_find(placing->source, placing->central, get_content(placing),
				    placing->request->parts, error))
		return FALSE;
	return price(placing, error) && fill_record(placing, error) &&
	       add_fulfilments(placing, error) && write_order(placing, error);
}

TillBookedOrder *
till_order_place(TillCentral *central, const TillOrderRequest *request,
		 const TillOrderPlacer *placer, GPtrArray **out_missing, GError **error)
{
	Placing placing = {.central = central,
			   .request = request,
			   .placer = placer,
			   .source = till_order_source_new(),
			   .order = till_order_book_new()};
	gboolean good = run(&placing, error);

	*out_missing = NULL;
	if (!good && placing.source->missing->len > 0)
		*out_missing = g_ptr_array_ref(placing.source->missing);
	if (!good)
		g_clear_pointer(&placing.order, till_order_book_free);
	till_order_source_free(placing.source);
	till_cart_book_free(placing.cart);
	till_price_free(placing.priced);
	return placing.order;
}
