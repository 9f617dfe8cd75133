/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "entry.h"
#include "error.h"
#include "json.h"
#include "money.h"
#include "return.h"
#include "sale-lines.h"

/* Writing lists every field once, reading lists it once more with its bounds and computes every sum
 * anew: the bytes may come from a till that somebody took home. */

#define ID_MAX 64
#define WORD_MAX 32
#define NAME_BYTES_MAX ((gsize)4 * TILL_NAME_MAX)
#define WHY_MAX 2000
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */

/* --- writing --- */

static json_t *
write_person(const char *id, const char *name)
{
	json_t *object = json_object();

	till_json_put_text(object, "id", id);
	till_json_put_text(object, "name", name);
	return object;
}

static json_t *
write_source(const TillReturn *entry)
{
	json_t *object = json_object();
	char txn[TILL_UUID_TEXT];

	till_json_put_text(object, "kind", till_sold_kind_name(entry->source));
	till_json_put_text(object, "txn", till_uuid_format(&entry->source_txn, txn));
	till_json_put_text(object, "receipt", entry->source_receipt);
	till_json_put_text(object, "order", entry->source_order);
	till_json_put_text(object, "channel", entry->source_channel);
	till_json_put_text(object, "store", entry->source_store);
	till_json_put_int(object, "sold_ms", entry->source_sold_ms);
	return object;
}

static json_t *
write_parts(const TillReturn *entry)
{
	json_t *list = json_array();

	for (guint i = 0; i < entry->parts->len; i++) {
		const TillReturnPart *part = g_ptr_array_index(entry->parts, i);
		json_t *object = json_object();
		till_json_put_int(object, "line", part->line);
		till_json_put_int(object, "of", part->of);
		till_json_put_text(object, "condition",
				   till_return_condition_names[part->condition]);
		till_json_put_text(object, "disposition",
				   till_return_disposition_names[part->disposition]);
		till_json_put_text(object, "reason", part->reason);
		till_json_put_text(object, "row", part->row);
		till_json_put_text(object, "words", part->words);
		till_json_put_int(object, "fee_minor", part->fee_minor);
		json_array_append_new(list, object);
	}
	return list;
}

json_t *
till_return_refunds_json(const GPtrArray *refunds)
{
	json_t *list = json_array();

	for (guint i = 0; i < refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(refunds, i);
		json_t *object = json_object();
		till_json_put_int(object, "payment", refund->payment);
		till_json_put_text(object, "kind", refund->kind);
		till_json_put_text(object, "reference", refund->reference);
		till_json_put_int(object, "value_minor", refund->value_minor);
		till_json_put_int(object, "amount_minor", refund->amount_minor);
		till_json_put_text(object, "as", refund->as);
		till_json_put_text(object, "state", refund->intent ? "intent" : "given");
		if (*refund->code != '\0')
			till_json_put_text(object, "code", refund->code);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_swaps(const TillReturn *entry)
{
	json_t *list = json_array();

	for (guint i = 0; i < entry->swaps->len; i++) {
		const TillReturnSwap *swap = &g_array_index(entry->swaps, TillReturnSwap, i);
		json_t *object = json_object();
		till_json_put_int(object, "line", swap->line);
		till_json_put_int(object, "for", swap->instead_of);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_tenders(const TillReturn *entry)
{
	json_t *list = json_array();

	for (gsize i = 0; i < entry->tender_count; i++) {
		const TillTender *tender = &entry->tenders[i];
		json_t *object = json_object();
		till_json_put_text(object, "kind", till_tender_name(tender->kind));
		till_json_put_int(object, "tendered_minor", tender->tendered_minor);
		till_json_put_int(object, "amount_minor", tender->amount_minor);
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *
write_goods(const TillPriced *priced)
{
	json_t *object = json_object();

	till_sale_lines_write(object, priced);
	return object;
}

static void
write_exchange(json_t *body, const TillReturn *entry)
{
	json_object_set_new(body, "taken", write_goods(entry->taken));
	json_object_set_new(body, "swaps", write_swaps(entry));
	json_object_set_new(body, "carried", till_return_refunds_json(entry->carried));
	json_object_set_new(body, "tenders", write_tenders(entry));
	till_json_put_int(body, "change_minor", entry->change_minor);
	till_json_put_int(body, "rounding_minor", entry->rounding_minor);
}

static void
write_heading(json_t *body, const TillReturn *entry)
{
	till_json_put_text(body, "receipt", entry->receipt);
	till_json_put_text(body, "store", entry->store);
	till_json_put_text(body, "till", entry->till);
	json_object_set_new(body, "staff", write_person(entry->staff_id, entry->staff_name));
	till_json_put_int(body, "opened_ms", entry->opened_ms);
	till_json_put_int(body, "closed_ms", entry->closed_ms);
	till_json_put_text(body, "by", till_return_receipt_names[entry->by]);
	if (entry->offline)
		till_json_put_bool(body, "offline", TRUE);
	if (*entry->customer_id != '\0')
		json_object_set_new(body, "customer",
				    write_person(entry->customer_id, entry->customer_name));
	if (*entry->policy_id != '\0') {
		json_t *policy = json_object();
		till_json_put_text(policy, "id", entry->policy_id);
		till_json_put_int(policy, "version", entry->policy_version);
		json_object_set_new(body, "policy", policy);
	}
	if (*entry->approved_by != '\0') {
		json_t *approval = write_person(entry->approved_by, entry->approver_name);
		till_json_put_text(approval, "why", entry->approved_why);
		json_object_set_new(body, "approval", approval);
	}
}

GBytes *
till_return_to_bytes(const TillReturn *entry)
{
	g_autoptr(json_t) body = json_object();
	gsize size;
	char *text;

	write_heading(body, entry);
	json_object_set_new(body, "source", write_source(entry));
	json_object_set_new(body, "given", write_goods(entry->given));
	json_object_set_new(body, "parts", write_parts(entry));
	till_json_put_text(body, "currency", entry->given->currency->code);
	till_json_put_int(body, "fee_minor", entry->fee_minor);
	till_json_put_int(body, "value_minor", entry->value_minor);
	json_object_set_new(body, "refunds", till_return_refunds_json(entry->refunds));
	if (entry->taken != NULL)
		write_exchange(body, entry);
	text = till_json_write(body, &size);
	return g_bytes_new_take(text, size);
}

/* --- reading --- */

static void
set_text(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

static void
read_text(TillJsonReader *reader, const char *name, gsize max, char **place)
{
	set_text(place, till_json_string_or(reader, name, max, ""));
}

static void
read_word(TillJsonReader *reader, const char *name, gsize max, char **place)
{
	read_text(reader, name, max, place);
	if (**place == '\0')
		till_json_fault(reader, name, "is missing or empty");
}

static gint64
read_amount(TillJsonReader *reader, const char *name)
{
	return till_json_int(reader, name, 0, TILL_MONEY_MAX_MINOR);
}

static guint
read_choice(TillJsonReader *reader, const char *name, const char *const *names)
{
	const char *word = till_json_string(reader, name, WORD_MAX);

	for (guint i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], word) == 0)
			return i;
	}
	till_json_fault(reader, name, "is a word this release does not know");
	return 0;
}

static void
read_person(TillJsonReader *parent, const char *name, char **id, char **person)
{
	TillJsonReader reader = till_json_reader(till_json_object(parent, name), name);

	read_word(&reader, "id", ID_MAX, id);
	read_text(&reader, "name", NAME_BYTES_MAX, person);
	till_json_inherit(parent, &reader);
}

static void
read_source(TillJsonReader *parent, TillReturn *entry)
{
	TillJsonReader reader = till_json_reader(till_json_object(parent, "source"), "source");
	const char *txn = till_json_string_or(&reader, "txn", TILL_UUID_TEXT, "");

	if (!till_sold_find_kind(till_json_string(&reader, "kind", WORD_MAX), &entry->source))
		till_json_fault(&reader, "kind", "is a word this release does not know");
	if (*txn != '\0' && !till_uuid_parse(txn, &entry->source_txn))
		till_json_fault(&reader, "txn", "is not a UUID");
	read_text(&reader, "receipt", ID_MAX, &entry->source_receipt);
	read_text(&reader, "order", ID_MAX, &entry->source_order);
	read_text(&reader, "channel", WORD_MAX, &entry->source_channel);
	read_text(&reader, "store", WORD_MAX, &entry->source_store);
	entry->source_sold_ms = till_json_int_or(&reader, "sold_ms", 0, TIME_MAX_MS, 0);
	till_json_inherit(parent, &reader);
}

static void
read_part(TillJsonReader *parent, gsize index, TillReturn *entry)
{
	TillJsonReader reader = till_json_reader_item(parent, "parts", index);
	TillReturnPart part = {0};

	part.line = (guint)till_json_int(&reader, "line", 1, G_MAXINT32);
	part.of = (guint)till_json_int(&reader, "of", 0, G_MAXINT32);
	part.condition = read_choice(&reader, "condition", till_return_condition_names);
	part.disposition = read_choice(&reader, "disposition", till_return_disposition_names);
	part.fee_minor = read_amount(&reader, "fee_minor");
	part.reason = g_strdup(till_json_string_or(&reader, "reason", TILL_RETURN_REASON_MAX, ""));
	part.row = g_strdup(till_json_string_or(&reader, "row", ID_MAX, ""));
	part.words = g_strdup(till_json_string_or(&reader, "words", NAME_BYTES_MAX, ""));
	till_return_add_part(entry, &part);
	g_free(part.reason);
	g_free(part.row);
	g_free(part.words);
	till_json_inherit(parent, &reader);
}

static void
read_refund(TillJsonReader *parent, const char *list, gsize index, GPtrArray *refunds)
{
	static const char *const states[] = {"given", "intent", NULL};
	TillJsonReader reader = till_json_reader_item(parent, list, index);
	TillReturnRefund refund = {0};

	refund.payment = (guint)till_json_int(&reader, "payment", 0, TILL_SOLD_PAYMENTS_MAX - 1);
	refund.kind = g_strdup(till_json_string(&reader, "kind", WORD_MAX));
	refund.reference = g_strdup(till_json_string_or(&reader, "reference", ID_MAX, ""));
	refund.value_minor = read_amount(&reader, "value_minor");
	refund.amount_minor = read_amount(&reader, "amount_minor");
	refund.as = g_strdup(till_json_string_or(&reader, "as", WORD_MAX, ""));
	refund.intent = read_choice(&reader, "state", states) == 1;
	refund.code = g_strdup(till_json_string_or(&reader, "code", ID_MAX, ""));
	till_return_add_refund(refunds, &refund);
	g_free(refund.kind);
	g_free(refund.reference);
	g_free(refund.as);
	g_free(refund.code);
	till_json_inherit(parent, &reader);
}

static void
read_refunds(TillJsonReader *reader, const char *name, GPtrArray *refunds)
{
	gsize count = json_array_size(till_json_array(reader, name, 2 * TILL_SOLD_PAYMENTS_MAX));

	for (gsize i = 0; i < count; i++)
		read_refund(reader, name, i, refunds);
}

static void
read_swaps(TillJsonReader *parent, TillReturn *entry)
{
	gsize count = json_array_size(till_json_array(parent, "swaps", TILL_BASKET_LINES_MAX));

	for (gsize i = 0; i < count; i++) {
		TillJsonReader reader = till_json_reader_item(parent, "swaps", i);
		TillReturnSwap swap = {.line = (guint)till_json_int(&reader, "line", 1, G_MAXINT32),
				       .instead_of =
					   (guint)till_json_int(&reader, "for", 1, G_MAXINT32)};
		g_array_append_val(entry->swaps, swap);
		till_json_inherit(parent, &reader);
	}
}

static void
read_tenders(TillJsonReader *parent, TillReturn *entry)
{
	entry->tender_count = json_array_size(till_json_array(parent, "tenders", TILL_TENDERS_MAX));
	for (gsize i = 0; i < entry->tender_count; i++) {
		TillJsonReader reader = till_json_reader_item(parent, "tenders", i);
		TillTender *tender = &entry->tenders[i];
		if (!till_tender_find(till_json_string(&reader, "kind", WORD_MAX), &tender->kind))
			till_json_fault(&reader, "kind", "is not a tender this release knows");
		tender->tendered_minor =
		    till_json_int(&reader, "tendered_minor", 1, TILL_MONEY_MAX_MINOR);
		tender->amount_minor = read_amount(&reader, "amount_minor");
		till_json_inherit(parent, &reader);
	}
}

static TillPriced *
read_goods(TillJsonReader *parent, const char *name)
{
	TillJsonReader reader = till_json_reader(till_json_object(parent, name), name);
	TillPriced *priced = till_sale_lines_read(&reader);

	till_json_inherit(parent, &reader);
	return priced;
}

static void
read_heading(TillJsonReader *reader, TillReturn *entry)
{
	read_word(reader, "receipt", ID_MAX, &entry->receipt);
	read_word(reader, "store", WORD_MAX, &entry->store);
	read_word(reader, "till", WORD_MAX, &entry->till);
	read_person(reader, "staff", &entry->staff_id, &entry->staff_name);
	entry->opened_ms = till_json_int(reader, "opened_ms", 0, TIME_MAX_MS);
	entry->closed_ms = till_json_int(reader, "closed_ms", 0, TIME_MAX_MS);
	entry->by = read_choice(reader, "by", till_return_receipt_names);
	entry->offline = till_json_bool_or(reader, "offline", FALSE);
	if (till_json_object(reader, "customer") != NULL)
		read_person(reader, "customer", &entry->customer_id, &entry->customer_name);
	if (till_json_object(reader, "policy") != NULL) {
		TillJsonReader policy =
		    till_json_reader(till_json_object(reader, "policy"), "policy");
		read_word(&policy, "id", ID_MAX, &entry->policy_id);
		entry->policy_version = till_json_int(&policy, "version", 0, G_MAXINT32);
		till_json_inherit(reader, &policy);
	}
	if (till_json_object(reader, "approval") != NULL) {
		TillJsonReader approval =
		    till_json_reader(till_json_object(reader, "approval"), "approval");
		read_text(&approval, "why", WHY_MAX, &entry->approved_why);
		till_json_inherit(reader, &approval);
		read_person(reader, "approval", &entry->approved_by, &entry->approver_name);
	}
}

/* --- sums --- */

static gint64
sum_values(const GPtrArray *refunds)
{
	gint64 sum = 0;

	for (guint i = 0; i < refunds->len; i++)
		sum += ((const TillReturnRefund *)g_ptr_array_index(refunds, i))->value_minor;
	return sum;
}

static gboolean
has_line(const TillPriced *priced, guint line_id)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		if (((const TillPricedLine *)g_ptr_array_index(priced->lines, i))->line_id ==
		    line_id)
			return TRUE;
	}
	return FALSE;
}

static void
check_parts(TillJsonReader *reader, const TillReturn *entry)
{
	gint64 fees = 0;

	if (entry->parts->len != entry->given->lines->len) {
		till_json_fault(reader, "parts", "are not one for each line that came back");
		return;
	}
	for (guint i = 0; i < entry->parts->len; i++) {
		const TillReturnPart *part = g_ptr_array_index(entry->parts, i);
		const TillPricedLine *line = g_ptr_array_index(entry->given->lines, i);
		if (part->line != line->line_id)
			till_json_fault(reader, "parts", "do not stand in the order of the lines");
		if (part->fee_minor > line->total_minor)
			till_json_fault(reader, "parts", "have a fee above what is given back");
		fees += part->fee_minor;
	}
	if (fees != entry->fee_minor)
		till_json_fault(reader, "fee_minor", "is not the sum of the parts");
	if (entry->given->total_minor - fees != entry->value_minor)
		till_json_fault(reader, "value_minor", "is not what came back less the fees");
}

static void
check_swaps(TillJsonReader *reader, const TillReturn *entry)
{
	for (guint i = 0; i < entry->swaps->len; i++) {
		const TillReturnSwap *swap = &g_array_index(entry->swaps, TillReturnSwap, i);
		if (!has_line(entry->taken, swap->line) ||
		    !has_line(entry->given, swap->instead_of))
			till_json_fault(reader, "swaps", "name a line that is not there");
	}
}

/* What the shopper pays on top is settled once more. */
static void
check_exchange(TillJsonReader *reader, const TillReturn *entry)
{
	TillTender tenders[TILL_TENDERS_MAX];
	gint64 change;
	gint64 due = entry->taken->total_minor - sum_values(entry->carried);

	memcpy(tenders, entry->tenders, sizeof tenders);
	if (due < 0 || till_tender_settle(due + entry->rounding_minor, tenders, entry->tender_count,
					  &change) != TILL_TENDER_OK) {
		till_json_fault(reader, "tenders", "do not pay what was taken");
		return;
	}
	if (change != entry->change_minor)
		till_json_fault(reader, "change_minor",
				"is not what was handed over less what was due");
	for (gsize i = 0; i < entry->tender_count; i++) {
		if (tenders[i].amount_minor != entry->tenders[i].amount_minor)
			till_json_fault(reader, "tenders",
					"do not count what is left after change");
	}
	check_swaps(reader, entry);
}

static void
check_sums(TillJsonReader *reader, const TillReturn *entry)
{
	check_parts(reader, entry);
	if (sum_values(entry->refunds) + sum_values(entry->carried) != entry->value_minor)
		till_json_fault(reader, "refunds", "do not add up to what is owed");
	if (entry->taken != NULL)
		check_exchange(reader, entry);
	else if (entry->carried->len > 0)
		till_json_fault(reader, "carried", "pays for nothing");
}

static void
read_exchange(TillJsonReader *reader, TillReturn *entry)
{
	entry->taken = read_goods(reader, "taken");
	read_swaps(reader, entry);
	read_tenders(reader, entry);
	entry->change_minor = till_json_int_or(reader, "change_minor", 0, TILL_MONEY_MAX_MINOR, 0);
	entry->rounding_minor =
	    till_json_int_or(reader, "rounding_minor", 1 - TILL_CASH_ROUNDING_STEP_MAX,
			     TILL_CASH_ROUNDING_STEP_MAX - 1, 0);
}

TillReturn *
till_return_from_bytes(GBytes *body, GError **error)
{
	g_autoptr(TillReturn) entry = till_return_new();
	gsize size;
	const char *text = g_bytes_get_data(body, &size);
	g_autoptr(json_t) object =
	    till_json_parse(text != NULL ? text : "", size, TILL_ENTRY_BODY_MAX, "return", error);
	gsize parts;

	if (object == NULL)
		return NULL;
	TillJsonReader reader = till_json_reader(object, "return");
	read_heading(&reader, entry);
	read_source(&reader, entry);
	entry->given = read_goods(&reader, "given");
	parts = json_array_size(till_json_array(&reader, "parts", TILL_BASKET_LINES_MAX));
	for (gsize i = 0; i < parts; i++)
		read_part(&reader, i, entry);
	entry->fee_minor = read_amount(&reader, "fee_minor");
	entry->value_minor = read_amount(&reader, "value_minor");
	read_refunds(&reader, "refunds", entry->refunds);
	read_refunds(&reader, "carried", entry->carried);
	if (till_json_object(&reader, "taken") != NULL)
		read_exchange(&reader, entry);
	if (reader.fault[0] == '\0')
		check_sums(&reader, entry);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&entry);
}
