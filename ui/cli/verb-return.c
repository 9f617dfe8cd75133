/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <string.h>

#include "basket-file.h"
#include "error.h"
#include "file.h"
#include "money.h"
#include "price-trace.h"
#include "register-source.h"
#include "return-desk.h"
#include "seller.h"

#define FILE_MAX_BYTES (1024 * 1024)
#define TEXT_MAX 1024
#define ID_MAX 64

/* One run of the verb. What the arrays point to belongs to the file's JSON. */
typedef struct {
	const TillVerb *verb;
	TillRegister *reg;      /* borrowed */
	TillRegisterShop *shop; /* owned */
	TillSeller who;         /* owned */
	gboolean offline;
	json_t *file;               /* owned */
	TillReturnDeskFound *found; /* owned */
	GArray *asks;               /* of TillReturnAsk */
	GArray *swaps;              /* of TillReturnDeskSwap */
	TillPriced *taken;          /* owned; nullable */
	TillReturnDeskQuote *quote; /* owned */
	char *approved_by;          /* owned; nullable */
} Run;

static gboolean
fail(GError **error, const char *words)
{
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID, words);
	return FALSE;
}

/* ---- What was found ---- */

static json_t *
list_hits(const TillReturnDeskFound *found)
{
	json_t *list = json_array();
	for (guint i = 0; i < found->hits->len; i++) {
		const TillReturnDeskHit *hit = g_ptr_array_index(found->hits, i);
		json_t *object = json_object();
		till_json_put_text(object, "receipt", hit->receipt);
		till_json_put_text(object, "channel", hit->channel);
		till_json_put_text(object, "store", hit->store);
		till_json_put_text(object, "customer_name", hit->customer_name);
		till_json_put_text(object, "goods", hit->goods);
		till_json_put_int(object, "sold_ms", hit->sold_ms);
		till_json_put_int(object, "total_minor", hit->total_minor);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
list_lines(const TillReturnDeskFound *found)
{
	json_t *list = json_array();
	for (guint i = 0; i < found->lines->len; i++) {
		const TillReturnLine *line = g_ptr_array_index(found->lines, i);
		const TillPricedLine *sold = g_ptr_array_index(found->sold->priced->lines, i);
		g_autofree char *title = till_item_title(sold->item);
		json_t *object = json_object();
		till_json_put_int(object, "line", sold->line_id);
		till_json_put_text(object, "sku", sold->item->sku);
		till_json_put_text(object, "name", title);
		till_json_put_int(object, "quantity_milli", sold->quantity_milli);
		till_json_put_int(object, "left_milli", line->left_milli);
		till_json_put_text(object, "row",
				   line->answer.row != NULL ? line->answer.row->id : "");
		till_json_put_text(object, "words",
				   line->refusal != NULL ? line->refusal : line->answer.words);
		till_json_put_bool(object, "allow", line->refusal == NULL);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
describe_found(const TillReturnDeskFound *found)
{
	static const char *const sources[] = {"cache", "journal", "code", "none"};
	json_t *object = json_object();
	till_json_put_text(object, "words", found->words);
	till_json_put_text(object, "by", till_return_receipt_names[found->by]);
	json_object_set_new(object, "hits", list_hits(found));
	till_json_put_bool(object, "has_more", found->has_more);
	if (found->sold == NULL)
		return object;
	till_json_put_text(object, "source", sources[found->source]);
	till_json_put_text(object, "receipt", found->sold->receipt);
	till_json_put_int(object, "known_ms", found->known_ms);
	till_json_put_text(object, "signals", found->signals);
	json_object_set_new(object, "lines", list_lines(found));
	return object;
}

static gboolean
say_found(const TillReturnDeskFound *found, GError **error)
{
	if (!till_verb_say(error, "%s", found->words))
		return FALSE;
	for (guint i = 0; i < found->hits->len; i++) {
		const TillReturnDeskHit *hit = g_ptr_array_index(found->hits, i);
		if (!till_verb_say(error, "%s  %s  %s", hit->receipt, hit->goods,
				   hit->customer_name))
			return FALSE;
	}
	for (guint i = 0; i < found->lines->len; i++) {
		const TillReturnLine *line = g_ptr_array_index(found->lines, i);
		const TillPricedLine *sold = g_ptr_array_index(found->sold->priced->lines, i);
		g_autofree char *title = till_item_title(sold->item);
		g_autofree char *left = till_quantity_format(line->left_milli);
		if (!till_verb_say(error, "%u  %s  %s left  %s %s", sold->line_id, title, left,
				   line->answer.row != NULL ? line->answer.row->id : "",
				   line->refusal != NULL ? line->refusal : line->answer.words))
			return FALSE;
	}
	return *found->signals == '\0' || till_verb_say(error, "%s", found->signals);
}

static gboolean
show_found(const Run *run, GError **error)
{
	if (!run->verb->json)
		return say_found(run->found, error);
	g_autoptr(json_t) answer = describe_found(run->found);
	return till_verb_print(answer, error);
}

/* ---- The file ---- */

/* "find" is a text, or an object with one text that says what it is. */
static const char *
read_find(json_t *file)
{
	json_t *find = json_object_get(file, "find");
	const char *key;
	json_t *value;
	if (json_is_string(find))
		return json_string_value(find);
	json_object_foreach(find, key, value) return json_string_value(value);
	return NULL;
}

static gboolean
find_bare(Run *run, TillJsonReader *reader, GError **error)
{
	g_autoptr(GArray) goods = g_array_new(FALSE, TRUE, sizeof(TillReturnDeskGoods));
	gsize count = json_array_size(till_json_array(reader, "goods", TILL_RETURN_DESK_LINES_MAX));
	for (gsize i = 0; i < count; i++) {
		TillJsonReader line = till_json_reader_item(reader, "goods", i);
		TillReturnDeskGoods one = {.code = till_json_string(&line, "code", TEXT_MAX)};
		one.quantity_milli =
		    till_json_int_or(&line, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI, 1000);
		till_json_inherit(reader, &line);
		g_array_append_val(goods, one);
	}
	TillReturnDeskBare bare = {.goods = (const TillReturnDeskGoods *)(gpointer)goods->data,
				   .count = goods->len,
				   .customer_id =
				       till_json_string_or(reader, "customer", ID_MAX, ""),
				   .offline = run->offline};
	if (!till_json_reader_finish(reader, error))
		return FALSE;
	run->found = till_return_desk_bare(run->reg, &bare, error);
	return run->found != NULL;
}

static gboolean
find_sold(Run *run, GError **error)
{
	TillJsonReader reader = till_json_reader(run->file, "return");
	const char *text = read_find(run->file);
	if (json_object_get(run->file, "goods") != NULL)
		return find_bare(run, &reader, error);
	if (text == NULL)
		return fail(error, "Say what the goods were bought by: \"find\": \"a receipt "
				   "number\", or \"goods\" and \"customer\".");
	run->found = till_return_desk_find(run->reg, text, run->offline, error);
	return run->found != NULL;
}

static guint
read_name(TillJsonReader *reader, const char *field, const char *const *names, const char *fallback)
{
	const char *name = till_json_string_or(reader, field, ID_MAX, fallback);
	for (guint i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	till_json_fault(reader, field, "is a word this release does not know");
	return 0;
}

static void
read_ask(Run *run, TillJsonReader *parent, gsize index)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	TillReturnAsk ask = {.line = (guint)till_json_int(&reader, "line", 1, G_MAXINT32)};
	ask.milli = till_json_int_or(&reader, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI, 1000);
	ask.condition = read_name(&reader, "condition", till_return_condition_names, "new");
	ask.reason = till_json_string_or(&reader, "reason", TILL_RETURN_REASON_MAX, "");
	ask.is_disposed =
	    json_object_get(json_array_get(json_object_get(run->file, "lines"), index),
			    "disposition") != NULL;
	ask.disposition = read_name(&reader, "disposition", till_return_disposition_names, "shelf");
	till_json_inherit(parent, &reader);
	g_array_append_val(run->asks, ask);
}

static void
read_swap(Run *run, TillJsonReader *parent, gsize index)
{
	TillJsonReader reader = till_json_reader_item(parent, "swaps", index);
	guint number = (guint)till_json_int(&reader, "line", 1, G_MAXINT32);
	TillReturnDeskSwap swap = {.line = G_MAXUINT32};
	for (guint i = run->asks->len; i > 0; i--) {
		if (g_array_index(run->asks, TillReturnAsk, i - 1).line == number)
			swap.line = i - 1;
	}
	swap.code = till_json_string(&reader, "code", TEXT_MAX);
	if (swap.line == G_MAXUINT32)
		till_json_fault(&reader, "line", "is none that comes back");
	till_json_inherit(parent, &reader);
	g_array_append_val(run->swaps, swap);
}

static gboolean
price_taken(Run *run, const json_t *exchange, GError **error)
{
	g_autoptr(TillBasketFile) file = till_basket_file_from_json(exchange, error);
	if (file == NULL)
		return FALSE;
	TillBasketSource source = till_register_source(run->reg, run->shop->currency);
	source.staff = run->who.named ? run->who.staff_id : NULL;
	g_autoptr(TillBasket) basket = till_basket_maker_build(file, &source, error);
	if (basket == NULL)
		return FALSE;
	till_price_rules_clear(&run->shop->rules);
	if (!till_register_rules(run->reg, till_basket_get_shopper(basket), &run->shop->rules,
				 error))
		return FALSE;
	run->taken = till_register_price(run->reg, run->shop, basket, error);
	return run->taken != NULL;
}

static gboolean
read_exchange(Run *run, GError **error)
{
	json_t *exchange = json_object_get(run->file, "exchange");
	TillJsonReader reader = till_json_reader(exchange, "exchange");
	if (exchange == NULL)
		return TRUE;
	if (json_object_get(exchange, "lines") != NULL)
		return price_taken(run, exchange, error);
	gsize count = json_array_size(till_json_array(&reader, "swaps", TILL_RETURN_ASKS_MAX));
	for (gsize i = 0; i < count; i++)
		read_swap(run, &reader, i);
	return till_json_reader_finish(&reader, error);
}

static gboolean
read_asks(Run *run, GError **error)
{
	TillJsonReader reader = till_json_reader(run->file, "return");
	gsize count = json_array_size(till_json_array(&reader, "lines", TILL_RETURN_ASKS_MAX));
	for (gsize i = 0; i < count; i++)
		read_ask(run, &reader, i);
	if (!till_json_reader_finish(&reader, error))
		return FALSE;
	/* Goods without a receipt come back whole unless lines say otherwise. */
	for (guint i = 0; count == 0 && i < run->found->sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(run->found->sold->priced->lines, i);
		TillReturnAsk ask = {
		    .line = line->line_id, .milli = line->quantity_milli, .reason = "no receipt"};
		if (run->found->source == TILL_RETURN_DESK_BARE)
			g_array_append_val(run->asks, ask);
	}
	return TRUE;
}

static TillReturnDeskAsked
make_asked(const Run *run)
{
	return (TillReturnDeskAsked){
	    .sold = run->found->sold,
	    .by = run->found->by,
	    .asks = (const TillReturnAsk *)(gpointer)run->asks->data,
	    .ask_count = run->asks->len,
	    .taken = run->taken,
	    .swaps = (const TillReturnDeskSwap *)(gpointer)run->swaps->data,
	    .swap_count = run->swaps->len,
	    .as_credit = json_is_true(json_object_get(run->file, "as_credit")),
	    .offline = run->offline,
	    .customer_id = json_string_value(json_object_get(run->file, "customer"))};
}

/* ---- Asking, approving, doing ---- */

static gboolean
show_quote(const Run *run, GError **error)
{
	const TillReturnDeskQuote *quote = run->quote;
	const TillCurrency *currency = quote->quote->given->currency;
	g_autofree char *give = till_money_format(quote->quote->give_minor, currency);
	g_autofree char *pay = till_money_format(quote->quote->pay_minor, currency);
	if (!run->verb->json)
		return till_verb_say(error, "gives %s  asks %s  %s%s%s", give, pay, quote->words,
				     quote->approval ? "  needs approval: " : "",
				     quote->approval_why);
	g_autoptr(json_t) answer = till_return_quote_json(quote->quote);
	till_json_put_bool(answer, "may", quote->may);
	till_json_put_bool(answer, "approval", quote->approval);
	till_json_put_text(answer, "approval_why", quote->approval_why);
	till_json_put_text(answer, "refusal", quote->words);
	return till_verb_print(answer, error);
}

static gboolean
ask_approval(Run *run, GError **error)
{
	json_t *object = json_object_get(run->file, "approve");
	TillJsonReader reader = till_json_reader(object, "approve");
	if (object == NULL || !run->quote->approval)
		return TRUE;
	const char *staff = till_json_string(&reader, "staff", ID_MAX);
	const char *pin = till_json_string(&reader, "pin", TILL_PIN_MAX);
	if (!till_json_reader_finish(&reader, error))
		return FALSE;
	const TillSold *sold = run->found->sold;
	TillReturnDeskApproval asked = {.source =
					    *sold->receipt != '\0' ? sold->receipt : sold->order,
					.why = run->quote->approval_why,
					.give_minor = run->quote->quote->give_minor,
					.staff_id = run->who.staff_id};
	TillRegisterCredential credential = {staff, pin, strlen(pin)};
	TillRegisterApproval *approval =
	    till_return_desk_approve(run->reg, &asked, &credential, error);
	gboolean is_approved = approval != NULL && approval->result == TILL_APPROVAL_OK;
	if (is_approved)
		run->approved_by = g_strdup(approval->approved_by);
	else if (approval != NULL)
		fail(error, approval->words);
	till_register_approval_free(approval);
	return is_approved;
}

static gboolean
read_tenders(const Run *run, TillTender *tenders, gsize *out_count, GError **error)
{
	TillJsonReader reader = till_json_reader(run->file, "return");
	json_t *list = till_json_array(&reader, "tender", TILL_TENDERS_MAX);
	gint64 pay_minor = run->quote->quote->pay_minor;
	size_t index;
	json_t *text;
	*out_count = 0;
	json_array_foreach(list, index, text)
	{
		if (!json_is_string(text))
			till_json_fault(&reader, "tender", "must be a list like [\"cash:20000\"]");
		else if (!till_tender_parse(json_string_value(text), &tenders[(*out_count)++],
					    error))
			return FALSE;
	}
	if (*out_count == 0 && pay_minor > 0)
		tenders[(*out_count)++] = (TillTender){
		    .kind = TILL_TENDER_CASH,
		    .tendered_minor = till_tender_in_cash(pay_minor, &run->quote->cash_rounding)};
	return till_json_reader_finish(&reader, error);
}

static gboolean
show_done(const Run *run, const TillReturnDeskDone *done, GError **error)
{
	char txn[TILL_UUID_TEXT];
	if (!run->verb->json)
		return till_verb_say(error, "%s", done->receipt_text);
	g_autoptr(json_t) answer = till_return_quote_json(run->quote->quote);
	json_t *credits = json_array();
	for (guint i = 0; i < done->entry->refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(done->entry->refunds, i);
		if (*refund->code != '\0')
			json_array_append_new(credits, json_string(refund->code));
	}
	json_object_set_new(answer, "credits", credits);
	till_json_put_text(answer, "receipt", done->receipt);
	till_json_put_text(answer, "txn", till_uuid_format(&done->txn, txn));
	till_json_put_text(answer, "code", done->code);
	till_json_put_text(answer, "approved_by", done->entry->approved_by);
	till_json_put_int(answer, "cash_minor", done->cash_minor);
	till_json_put_int(answer, "credit_minor", done->credit_minor);
	till_json_put_int(answer, "intent_minor", done->intent_minor);
	till_json_put_int(answer, "change_minor", done->change_minor);
	return till_verb_print(answer, error);
}

static gboolean
commit(Run *run, GError **error)
{
	TillTender tenders[TILL_TENDERS_MAX];
	gsize count;
	if (!run->quote->may)
		return fail(error, run->quote->words);
	if (!ask_approval(run, error) || !read_tenders(run, tenders, &count, error))
		return FALSE;
	TillReturnDeskCommit wish = {.asked = make_asked(run),
				     .give_minor = run->quote->quote->give_minor,
				     .pay_minor = run->quote->quote->pay_minor,
				     .tenders = tenders,
				     .tender_count = count,
				     .staff_id = run->who.staff_id,
				     .staff_name = run->who.staff_name,
				     .approved_by = run->approved_by};
	TillReturnDeskDone *done = till_return_desk_commit(run->reg, &wish, error);
	gboolean is_done = done != NULL && done->result == TILL_TENDER_OK;
	if (done != NULL && !is_done)
		fail(error, till_tender_words(done->result));
	is_done = is_done && show_done(run, done, error);
	till_return_desk_done_free(done);
	return is_done;
}

static gboolean
take_back(Run *run, GError **error)
{
	if (!find_sold(run, error))
		return FALSE;
	if (run->found->sold == NULL)
		return run->found->hits->len > 0
			   ? show_found(run, error) &&
				 fail(error, "Say which of them: \"find\": its receipt.")
			   : fail(error, run->found->words);
	if (!read_asks(run, error) || !read_exchange(run, error))
		return FALSE;
	TillReturnDeskAsked asked = make_asked(run);
	run->quote = till_return_desk_quote(run->reg, &asked, error);
	if (run->quote == NULL)
		return FALSE;
	return till_arguments_option(run->verb->arguments, "quote") != NULL ? show_quote(run, error)
									    : commit(run, error);
}

static gboolean
run_file(Run *run, const char *path, GError **error)
{
	gsize size = 0;
	g_autofree char *text = till_file_read(path, FILE_MAX_BYTES, &size, error);
	if (text == NULL)
		return FALSE;
	run->file = till_json_parse(text, size, FILE_MAX_BYTES, "return", error);
	return run->file != NULL && take_back(run, error);
}

static gboolean
run_text(Run *run, const char *text, GError **error)
{
	run->found = till_return_desk_find(run->reg, text, run->offline, error);
	return run->found != NULL && show_found(run, error);
}

static void
clear_run(Run *run)
{
	till_seller_clear(&run->who);
	till_register_shop_free(run->shop);
	till_return_desk_quote_free(run->quote);
	till_return_desk_found_free(run->found);
	till_price_free(run->taken);
	g_array_unref(run->asks);
	g_array_unref(run->swaps);
	g_free(run->approved_by);
	json_decref(run->file);
	till_register_free(run->reg);
}

gboolean
till_verb_return(const TillVerb *verb, GError **error)
{
	const char *path = till_arguments_operand(verb->arguments, 0);
	const char *text = till_arguments_option(verb->arguments, "find");
	Run run = {.verb = verb,
		   .offline = till_arguments_option(verb->arguments, "offline") != NULL};
	if ((path == NULL) == (text == NULL)) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "Say one of them: tillctl return FILE, or tillctl return "
				    "--find TEXT.");
		return FALSE;
	}
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	run.asks = g_array_new(FALSE, TRUE, sizeof(TillReturnAsk));
	run.swaps = g_array_new(FALSE, TRUE, sizeof(TillReturnDeskSwap));
	run.reg = till_register_new(store);
	run.shop = till_register_shop(run.reg, error);
	gboolean is_done =
	    run.shop != NULL && till_seller_read(&run.who, verb->arguments, run.reg, error) &&
	    (text != NULL ? run_text(&run, text, error) : run_file(&run, path, error));
	clear_run(&run);
	return is_done;
}
