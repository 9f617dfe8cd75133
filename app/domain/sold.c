/* SPDX-License-Identifier: Apache-2.0 */
#include "sold.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "sale-lines.h"

#define ID_MAX 64
#define WORD_MAX 32
#define NAME_BYTES_MAX ((gsize)4 * TILL_NAME_MAX)
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

static const char *const kind_names[TILL_SOLD_KINDS] = {"sale", "order", "none"};

const char *
till_sold_kind_name(TillSoldKind kind)
{
	g_assert(kind < TILL_SOLD_KINDS);
	return kind_names[kind];
}

gboolean
till_sold_find_kind(const char *name, TillSoldKind *out)
{
	for (guint kind = 0; kind < TILL_SOLD_KINDS; kind++) {
		if (strcmp(kind_names[kind], name) == 0) {
			*out = kind;
			return TRUE;
		}
	}
	return FALSE;
}

static void
free_payment(gpointer data)
{
	TillSoldPayment *payment = data;

	g_free(payment->kind);
	g_free(payment->reference);
	g_free(payment);
}

TillSold *
till_sold_new(TillSoldKind kind, TillPriced *priced)
{
	TillSold *sold = g_new0(TillSold, 1);

	sold->kind = kind;
	sold->priced = priced;
	sold->payments = g_ptr_array_new_with_free_func(free_payment);
	sold->back_milli = g_new0(gint64, MAX(priced->lines->len, 1));
	sold->receipt = g_strdup("");
	sold->order = g_strdup("");
	sold->channel = g_strdup("");
	sold->store = g_strdup("");
	sold->till = g_strdup("");
	sold->customer_id = g_strdup("");
	sold->customer_name = g_strdup("");
	return sold;
}

void
till_sold_free(TillSold *sold)
{
	if (sold == NULL)
		return;
	g_free(sold->receipt);
	g_free(sold->order);
	g_free(sold->channel);
	g_free(sold->store);
	g_free(sold->till);
	g_free(sold->customer_id);
	g_free(sold->customer_name);
	till_price_free(sold->priced);
	g_ptr_array_unref(sold->payments);
	g_free(sold->back_milli);
	g_free(sold);
}

void
till_sold_add_payment(TillSold *sold, const TillSoldPayment *payment)
{
	TillSoldPayment *copy = g_new0(TillSoldPayment, 1);

	*copy = *payment;
	copy->kind = g_strdup(payment->kind);
	copy->reference = g_strdup(payment->reference != NULL ? payment->reference : "");
	g_ptr_array_add(sold->payments, copy);
}

TillSold *
till_sold_copy(const TillSold *sold)
{
	TillSold *copy = till_sold_new(sold->kind, till_price_copy(sold->priced));
	char **to[] = {&copy->receipt, &copy->order,       &copy->channel,      &copy->store,
		       &copy->till,    &copy->customer_id, &copy->customer_name};
	const char *from[] = {sold->receipt, sold->order,       sold->channel,      sold->store,
			      sold->till,    sold->customer_id, sold->customer_name};

	for (gsize i = 0; i < G_N_ELEMENTS(to); i++) {
		g_free(*to[i]);
		*to[i] = g_strdup(from[i]);
	}
	copy->txn = sold->txn;
	copy->sold_ms = sold->sold_ms;
	copy->delivered_ms = sold->delivered_ms;
	copy->gift = sold->gift;
	for (guint i = 0; i < sold->payments->len; i++)
		till_sold_add_payment(copy, g_ptr_array_index(sold->payments, i));
	memcpy(copy->back_milli, sold->back_milli, sold->priced->lines->len * sizeof(gint64));
	return copy;
}

static void
set_text(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text != NULL ? text : "");
}

static void
set_customer(TillSold *sold, const TillPriceContext *context)
{
	const TillCustomer *customer =
	    context != NULL ? till_price_context_shopper(context)->customer : NULL;

	if (customer == NULL)
		return;
	set_text(&sold->customer_id, customer->id);
	set_text(&sold->customer_name, customer->name);
}

TillSold *
till_sold_from_sale(const TillSale *sale, const TillUuid *txn)
{
	TillSold *sold = till_sold_new(TILL_SOLD_SALE, till_price_copy(sale->priced));
	gint64 rounding = sale->rounding_minor;

	sold->txn = *txn;
	set_text(&sold->receipt, sale->receipt);
	set_text(&sold->channel, "store");
	set_text(&sold->store, sale->store);
	set_text(&sold->till, sale->till);
	sold->sold_ms = sale->closed_ms;
	set_customer(sold, sale->priced->context);
	for (gsize i = 0; i < sale->tender_count; i++) {
		const TillTender *tender = &sale->tenders[i];
		gboolean cash = tender->kind == TILL_TENDER_CASH;
		TillSoldPayment payment = {.paid_minor = tender->amount_minor,
					   .value_minor = tender->amount_minor};
		g_autofree char *kind = g_strdup(till_tender_name(tender->kind));
		/* A payment stands for no less than nothing: what does not fit goes to the next. */
		gint64 part = cash ? MIN(rounding, tender->amount_minor) : 0;

		if (tender->amount_minor == 0)
			continue;
		payment.kind = kind;
		payment.value_minor -= part;
		rounding -= part;
		till_sold_add_payment(sold, &payment);
	}
	return sold;
}

int
till_sold_find_line(const TillSold *sold, guint line_id)
{
	for (guint i = 0; i < sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		if (line->line_id == line_id)
			return (int)i;
	}
	return -1;
}

gboolean
till_sold_note_back(TillSold *sold, guint index, gint64 milli)
{
	const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, index);
	gint64 left = line->quantity_milli - sold->back_milli[index];

	sold->back_milli[index] += MIN(milli, left);
	return milli <= left;
}

/* What of the money went back when so much of the value has. */
static gint64
money_at(const TillSoldPayment *payment, gint64 value_minor, const TillCashRounding *rounding,
	 gboolean as_cash)
{
	gint64 money = value_minor;

	if (value_minor >= payment->value_minor)
		return payment->paid_minor;
	if (as_cash && rounding != NULL && rounding->step_minor > 1 &&
	    !till_rounding_to_step(value_minor, rounding->step_minor, rounding->rounding, &money))
		money = value_minor;
	return CLAMP(money, 0, payment->paid_minor);
}

gint64
till_sold_money(const TillSoldPayment *payment, gint64 value_minor,
		const TillCashRounding *rounding, gboolean as_cash)
{
	gboolean cash = strcmp(payment->kind, "cash") == 0;
	gint64 after =
	    money_at(payment, payment->back_minor + value_minor, rounding, as_cash && cash);

	return MAX(after - payment->given_minor, 0);
}

/* --- writing --- */

static json_t *
write_payments(const TillSold *sold)
{
	json_t *list = json_array();

	for (guint i = 0; i < sold->payments->len; i++) {
		const TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		json_t *object = json_object();
		till_json_put_text(object, "kind", payment->kind);
		till_json_put_text(object, "reference", payment->reference);
		till_json_put_int(object, "paid_minor", payment->paid_minor);
		till_json_put_int(object, "value_minor", payment->value_minor);
		till_json_put_int(object, "back_minor", payment->back_minor);
		till_json_put_int(object, "given_minor", payment->given_minor);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_back(const TillSold *sold)
{
	json_t *list = json_array();

	for (guint i = 0; i < sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		if (sold->back_milli[i] == 0)
			continue;
		json_t *object = json_object();
		till_json_put_int(object, "line", line->line_id);
		till_json_put_int(object, "milli", sold->back_milli[i]);
		json_array_append_new(list, object);
	}
	return list;
}

json_t *
till_sold_json(const TillSold *sold)
{
	json_t *object = json_object();
	json_t *goods = json_object();
	char txn[TILL_UUID_TEXT];

	till_json_put_text(object, "kind", till_sold_kind_name(sold->kind));
	till_json_put_text(object, "txn", till_uuid_format(&sold->txn, txn));
	till_json_put_text(object, "receipt", sold->receipt);
	till_json_put_text(object, "order", sold->order);
	till_json_put_text(object, "channel", sold->channel);
	till_json_put_text(object, "store", sold->store);
	till_json_put_text(object, "till", sold->till);
	if (*sold->customer_id != '\0') {
		json_t *customer = json_object();
		till_json_put_text(customer, "id", sold->customer_id);
		till_json_put_text(customer, "name", sold->customer_name);
		json_object_set_new(object, "customer", customer);
	}
	till_json_put_int(object, "sold_ms", sold->sold_ms);
	till_json_put_int(object, "delivered_ms", sold->delivered_ms);
	if (sold->gift)
		till_json_put_bool(object, "gift", TRUE);
	till_sale_lines_write(goods, sold->priced);
	json_object_set_new(object, "goods", goods);
	json_object_set_new(object, "payments", write_payments(sold));
	json_object_set_new(object, "back", write_back(sold));
	return object;
}

/* --- reading --- */

static void
read_text(TillJsonReader *reader, const char *name, gsize max, char **place)
{
	set_text(place, till_json_string_or(reader, name, max, ""));
}

static void
read_payment(TillJsonReader *parent, gsize index, TillSold *sold)
{
	TillJsonReader reader = till_json_reader_item(parent, "payments", index);
	g_autofree char *kind = g_strdup(till_json_string(&reader, "kind", WORD_MAX));
	g_autofree char *reference =
	    g_strdup(till_json_string_or(&reader, "reference", ID_MAX, ""));
	TillSoldPayment payment = {
	    .kind = kind,
	    .reference = reference,
	    .paid_minor = till_json_int(&reader, "paid_minor", 0, TILL_MONEY_MAX_MINOR),
	    .value_minor = till_json_int(&reader, "value_minor", 0, TILL_MONEY_MAX_MINOR),
	    .back_minor = till_json_int_or(&reader, "back_minor", 0, TILL_MONEY_MAX_MINOR, 0),
	    .given_minor = till_json_int_or(&reader, "given_minor", 0, TILL_MONEY_MAX_MINOR, 0)};

	if (payment.back_minor > payment.value_minor)
		till_json_fault(&reader, "back_minor", "is more than was paid for");
	if (payment.given_minor > payment.paid_minor)
		till_json_fault(&reader, "given_minor", "is more than was paid");
	till_sold_add_payment(sold, &payment);
	till_json_inherit(parent, &reader);
}

static void
read_back(TillJsonReader *parent, gsize index, TillSold *sold)
{
	TillJsonReader reader = till_json_reader_item(parent, "back", index);
	guint line_id = (guint)till_json_int(&reader, "line", 1, G_MAXINT32);
	gint64 milli = till_json_int(&reader, "milli", 1, TILL_QUANTITY_MAX_MILLI);
	int line = till_sold_find_line(sold, line_id);

	if (line < 0)
		till_json_fault(&reader, "line", "is none of the goods");
	else if (!till_sold_note_back(sold, (guint)line, milli))
		till_json_fault(&reader, "milli", "is more than was sold");
	till_json_inherit(parent, &reader);
}

static TillPriced *
read_goods(TillJsonReader *parent)
{
	TillJsonReader reader = till_json_reader(till_json_object(parent, "goods"), "sold.goods");
	TillPriced *priced = till_sale_lines_read(&reader);

	till_json_inherit(parent, &reader);
	return priced;
}

static void
read_heading(TillJsonReader *reader, TillSold *sold)
{
	const char *txn = till_json_string_or(reader, "txn", TILL_UUID_TEXT, "");

	if (*txn != '\0' && !till_uuid_parse(txn, &sold->txn))
		till_json_fault(reader, "txn", "is not a UUID");
	read_text(reader, "receipt", ID_MAX, &sold->receipt);
	read_text(reader, "order", ID_MAX, &sold->order);
	read_text(reader, "channel", WORD_MAX, &sold->channel);
	read_text(reader, "store", WORD_MAX, &sold->store);
	read_text(reader, "till", WORD_MAX, &sold->till);
	sold->sold_ms = till_json_int(reader, "sold_ms", 0, TIME_MAX_MS);
	sold->delivered_ms = till_json_int_or(reader, "delivered_ms", 0, TIME_MAX_MS, 0);
	sold->gift = till_json_bool_or(reader, "gift", FALSE);
	if (till_json_object(reader, "customer") == NULL)
		return;
	TillJsonReader customer =
	    till_json_reader(till_json_object(reader, "customer"), "sold.customer");
	read_text(&customer, "id", ID_MAX, &sold->customer_id);
	read_text(&customer, "name", NAME_BYTES_MAX, &sold->customer_name);
	till_json_inherit(reader, &customer);
}

static void
read_lists(TillJsonReader *reader, TillSold *sold)
{
	gsize payments =
	    json_array_size(till_json_array(reader, "payments", TILL_SOLD_PAYMENTS_MAX));
	gsize back = json_array_size(till_json_array(reader, "back", TILL_BASKET_LINES_MAX));

	for (gsize i = 0; i < payments; i++)
		read_payment(reader, i, sold);
	for (gsize i = 0; i < back && reader->fault[0] == '\0'; i++)
		read_back(reader, i, sold);
}

TillSold *
till_sold_read(const json_t *object, GError **error)
{
	TillJsonReader reader = till_json_reader(object, "sold");
	TillSoldKind kind = TILL_SOLD_SALE;
	TillPriced *priced;
	g_autoptr(TillSold) sold = NULL;

	if (!till_sold_find_kind(till_json_string(&reader, "kind", WORD_MAX), &kind))
		till_json_fault(&reader, "kind", "is not a kind this release knows");
	priced = read_goods(&reader);
	if (priced != NULL) {
		sold = till_sold_new(kind, priced);
		read_heading(&reader, sold);
		read_lists(&reader, sold);
	}
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&sold);
}
