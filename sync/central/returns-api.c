/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "counter.h"
#include "error.h"
#include "json.h"
#include "messages.h"
#include "policies.h"
#include "quantity.h"
#include "return-quote.h"
#include "rules.h"
#include "sold-book.h"

/* What a return would give back, by the same functions as at a till: so that the web shop, the desk
 * and the counter say the same. */

#define ID_MAX 64
#define WORD_MAX 32
#define DAY_MS G_GINT64_CONSTANT(86400000)

/* A question as it was read from the body. */
typedef struct {
	char *receipt; /* "" */
	TillUuid txn;
	gboolean has_txn;
	TillReturnReceipt by;
	gboolean as_credit;
	GArray *asks; /* of TillReturnAsk; their reasons are owned */
	TillBasketFile *taken;
} Question;

static void
clear_ask(gpointer data)
{
	g_free((char *)(guintptr)((TillReturnAsk *)data)->reason);
}

static void
free_question(gpointer data)
{
	Question *question = data;

	g_free(question->receipt);
	g_array_unref(question->asks);
	g_clear_pointer(&question->taken, till_basket_file_free);
	g_free(question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, free_question)

/* --- reading --- */

static guint
read_choice(TillJsonReader *reader, const char *name, const char *const *names)
{
	const char *word = till_json_string_or(reader, name, WORD_MAX, names[0]);

	for (guint i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], word) == 0)
			return i;
	}
	till_json_fault(reader, name, "is a word this release does not know");
	return 0;
}

static void
read_ask(TillJsonReader *parent, gsize index, Question *question)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	TillReturnAsk ask = {
	    .line = (guint)till_json_int(&reader, "line", 1, G_MAXINT32),
	    .milli =
		till_json_int_or(&reader, "milli", 1, TILL_QUANTITY_MAX_MILLI, TILL_QUANTITY_ONE),
	    .condition = read_choice(&reader, "condition", till_return_condition_names),
	    .reason = g_strdup(till_json_string_or(&reader, "reason", TILL_RETURN_REASON_MAX, ""))};

	g_array_append_val(question->asks, ask);
	till_json_inherit(parent, &reader);
}

static void
read_source(TillJsonReader *parent, Question *question)
{
	TillJsonReader reader = till_json_reader(till_json_object(parent, "source"), "source");
	const char *txn = till_json_string_or(&reader, "txn", TILL_UUID_TEXT, "");

	question->receipt = g_strdup(till_json_string_or(&reader, "receipt", ID_MAX, ""));
	question->has_txn = *txn != '\0';
	if (question->has_txn && !till_uuid_parse(txn, &question->txn))
		till_json_fault(&reader, "txn", "is not a UUID");
	if (!question->has_txn && *question->receipt == '\0')
		till_json_fault(&reader, "receipt", "is missing, and so is txn");
	till_json_inherit(parent, &reader);
}

static Question *
read_question(const json_t *object, GError **error)
{
	TillJsonReader reader = till_json_reader(object, "return");
	g_autoptr(Question) question = g_new0(Question, 1);
	const json_t *taken = till_json_object(&reader, "taken");
	gsize count = json_array_size(till_json_array(&reader, "lines", TILL_RETURN_ASKS_MAX));

	question->asks = g_array_new(FALSE, FALSE, sizeof(TillReturnAsk));
	g_array_set_clear_func(question->asks, clear_ask);
	read_source(&reader, question);
	question->by = read_choice(&reader, "by", till_return_receipt_names);
	question->as_credit = till_json_bool_or(&reader, "as_credit", FALSE);
	for (gsize i = 0; i < count && reader.fault[0] == '\0'; i++)
		read_ask(&reader, i, question);
	if (count == 0)
		till_json_fault(&reader, "lines", "is missing or empty; say what comes back");
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	if (taken != NULL) {
		question->taken = till_basket_file_from_json(taken, error);
		if (question->taken == NULL)
			return NULL;
	}
	return g_steal_pointer(&question);
}

gboolean
till_returns_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		      TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);
	g_autoptr(json_t) object =
	    till_json_parse(text != NULL ? text : "", size, TILL_WIRE_BODY_MAX, "return", &error);

	if (object != NULL)
		request->message = read_question(object, &error);
	request->message_free = free_question;
	if (request->message == NULL) {
		request->message_free = NULL;
		till_response_error(response, error);
		return FALSE;
	}
	return TRUE;
}

/* --- signals, which never refuse --- */

typedef struct {
	const char *what;
	const char *sql; /* count and amount; ?1 who, ?2 since when */
} Signal;

static gboolean
tell_signal(TillDb *db, const Signal *signal, const char *who, gint64 since_ms, json_t *list,
	    GError **error)
{
	TillDbQuery *query = till_db_query(db, signal->sql);
	json_t *row;

	till_db_bind_text(query, 1, who);
	till_db_bind_int(query, 2, since_ms);
	if (!till_db_step(query, error))
		return FALSE;
	row = json_object();
	till_json_put_text(row, "by", signal->what);
	till_json_put_text(row, "who", who);
	till_json_put_int(row, "returns", till_db_int(query, 0));
	till_json_put_int(row, "amount_minor", till_db_int(query, 1));
	json_array_append_new(list, row);
	till_db_reset(query);
	return TRUE;
}

/* How often, and how much, this customer and these cards brought back of late. NULL with error. */
static json_t *
tell_signals(TillDb *db, const TillSold *sold, const TillReturnPolicy *policy, gint64 now_ms,
	     GError **error)
{
	static const Signal by_customer = {
	    "customer", "SELECT count(*), coalesce(sum(value_minor), 0) FROM return_book WHERE "
			"customer = ?1 AND customer <> '' AND closed_ms >= ?2"};
	static const Signal by_card = {
	    "card", "SELECT count(DISTINCT f.txn), coalesce(sum(f.value_minor), 0) FROM "
		    "return_refund f JOIN return_book r ON r.txn = f.txn WHERE f.reference = ?1 "
		    "AND f.reference <> '' AND r.closed_ms >= ?2"};
	gint64 since_ms = now_ms - policy->window_days * DAY_MS;
	g_autoptr(json_t) signals = json_object();
	json_t *list = json_array();

	till_json_put_int(signals, "window_days", policy->window_days);
	json_object_set_new(signals, "rows", list);
	if (*sold->customer_id != '\0' &&
	    !tell_signal(db, &by_customer, sold->customer_id, since_ms, list, error))
		return NULL;
	for (guint i = 0; i < sold->payments->len; i++) {
		const TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		if (strcmp(payment->kind, "card") == 0 && *payment->reference != '\0' &&
		    !tell_signal(db, &by_card, payment->reference, since_ms, list, error))
			return NULL;
	}
	return g_steal_pointer(&signals);
}

/* --- the answer --- */

typedef struct {
	TillCentral *central;
	const char *store_code;
	gint64 now_ms;
} Counter;

static TillItem *
find_item(gpointer user, const char *sku)
{
	const Counter *counter = user;

	return till_counter_item(counter->central->db, counter->store_code, sku, counter->now_ms,
				 NULL);
}

static TillSold *
find_sold(TillDb *db, const Question *question, GError **error)
{
	g_autoptr(GError) local = NULL;
	TillSold *sold = question->has_txn ? till_sold_book_find(db, &question->txn, &local)
					   : till_sold_book_receipt(db, question->receipt, &local);

	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (sold == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "There is no such sale here. Its till may not have sent it yet.");
	return sold;
}

static json_t *
answer(const Counter *counter, const Question *question, const TillSold *sold,
       const TillReturnPolicy *policy, GError **error)
{
	TillPriceRules rules = {.currency = NULL};
	g_autoptr(TillPriced) taken = NULL;
	g_autoptr(TillReturnQuote) quote = NULL;
	TillReturnRequest request = {.sold = sold,
				     .by = question->by,
				     .policy = policy,
				     .asks =
					 (const TillReturnAsk *)(gconstpointer)question->asks->data,
				     .ask_count = question->asks->len,
				     .as_credit = question->as_credit,
				     .now_ms = counter->now_ms,
				     .cash_rounding = &rules.cash_rounding,
				     .find_item = find_item,
				     .user = (gpointer)(guintptr)counter};

	if (question->taken != NULL) {
		taken = till_quote_api_price(counter->central, counter->store_code, question->taken,
					     error);
		if (taken == NULL)
			return NULL;
		request.taken = taken;
	}
	if (till_rules_read(counter->central, counter->store_code, TILL_TAX_CARRY, &rules, error))
		quote = till_return_quote(&request, error);
	till_price_rules_clear(&rules);
	return quote != NULL ? till_return_quote_json(quote) : NULL;
}

/* The bearer of a gift receipt is told nothing of who bought it. */
static void
hide_giver(json_t *told)
{
	const json_t *refunds = json_object_get(told, "refunds");

	for (gsize i = 0; i < json_array_size(refunds); i++)
		till_json_put_text(json_array_get(refunds, i), "reference", "");
}

gboolean
till_returns_api_quote(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const Question *question = request->message;
	const char *store = till_request_query(request, "store");
	g_autoptr(GError) error = NULL;
	g_autoptr(TillSold) sold = find_sold(central->db, question, &error);
	g_autoptr(TillReturnPolicy) policy = NULL;
	json_t *told = NULL, *signals = NULL;
	Counter counter = {.central = central,
			   .store_code = *store != '\0' ? store : request->terminal.store_code,
			   .now_ms = till_central_now_ms(central)};

	if (sold != NULL)
		policy = till_policies_find(central->db, &error);
	if (policy != NULL) {
		/* A channel without a counter answers as the store that sold it would. */
		if (*counter.store_code == '\0')
			counter.store_code = sold->store;
		signals = tell_signals(central->db, sold, policy, counter.now_ms, &error);
	}
	if (signals != NULL)
		told = answer(&counter, question, sold, policy, &error);
	if (told == NULL) {
		json_decref(signals);
		till_response_error(response, error);
		return TRUE;
	}
	if (question->by == TILL_RETURN_BY_GIFT) {
		hide_giver(told);
		json_decref(signals);
	} else {
		json_object_set_new(told, "signals", signals);
	}
	till_response_json(response, told);
	return TRUE;
}
