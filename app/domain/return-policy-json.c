/* SPDX-License-Identifier: Apache-2.0 */
#include "return-policy.h"

#include <string.h>

#include "error.h"
#include "item.h"
#include "json.h"
#include "money.h"
#include "promo-items-json.h"
#include "tax.h"

#define ID_MAX 64
#define WORDS_MAX ((gsize)4 * TILL_NAME_MAX)
#define DAYS_MAX 36500
#define COUNT_MAX 1000000

const char *const till_return_condition_names[] = {"new",     "opened",    "worn",
						   "damaged", "defective", NULL};
const char *const till_return_receipt_names[] = {"receipt", "gift", "order", "none", NULL};
const char *const till_return_as_names[] = {"original", "credit", "exchange", NULL};
const char *const till_return_disposition_names[] = {"shelf", "damaged", "vendor", "repair", NULL};

static void
clear_row(gpointer data)
{
	TillReturnRow *row = data;

	g_free(row->id);
	g_free(row->words);
	till_promo_items_clear(&row->items);
	till_promo_list_clear(&row->channels);
}

static void
clear_policy(gpointer data)
{
	TillReturnPolicy *policy = data;

	g_free(policy->id);
	g_array_unref(policy->rows);
}

TillReturnPolicy *
till_return_policy_ref(TillReturnPolicy *policy)
{
	return g_atomic_rc_box_acquire(policy);
}

void
till_return_policy_unref(TillReturnPolicy *policy)
{
	if (policy != NULL)
		g_atomic_rc_box_release_full(policy, clear_policy);
}

static gint64
read_amount(TillJsonReader *reader, const char *name)
{
	return till_json_int_or(reader, name, 0, TILL_MONEY_MAX_MINOR, 0);
}

/* A list of words as a set of bits. */
static guint
read_set(TillJsonReader *reader, const char *name, const char *const *words)
{
	TillPromoList list = {0};
	guint set = 0;

	till_promo_items_json_list(reader, name, FALSE, &list);
	for (guint i = 0; i < list.count; i++) {
		guint bit = 0;
		while (words[bit] != NULL && strcmp(words[bit], list.values[i]) != 0)
			bit++;
		if (words[bit] == NULL)
			till_json_fault(reader, name, "holds a word this release does not know");
		else
			set |= 1u << bit;
	}
	till_promo_list_clear(&list);
	return set;
}

static void
read_when(TillJsonReader *parent, TillReturnRow *row)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader reader = till_promo_items_json_part(
	    parent, "when", "items conditions channels receipts days_from days_to", empty);

	till_promo_items_json_read(&reader, "items", &row->items);
	row->conditions = read_set(&reader, "conditions", till_return_condition_names);
	row->receipts = read_set(&reader, "receipts", till_return_receipt_names);
	till_promo_items_json_list(&reader, "channels", FALSE, &row->channels);
	row->days_from = till_json_int_or(&reader, "days_from", 0, DAYS_MAX, 0);
	row->days_to = till_json_int_or(&reader, "days_to", -1, DAYS_MAX, -1);
	if (row->days_to >= 0 && row->days_to < row->days_from)
		till_json_fault(&reader, "days_to", "is before days_from");
	till_json_inherit(parent, &reader);
}

static void
read_row(TillJsonReader *parent, gsize index, TillReturnPolicy *policy)
{
	TillJsonReader reader = till_json_reader_item(parent, "rows", index);
	TillReturnRow row = {0};

	till_promo_items_json_keys(
	    &reader, "id words when allow as fee_ppm fee_minor approval reason disposition");
	row.id = g_strdup(till_json_string(&reader, "id", ID_MAX));
	row.words = g_strdup(till_json_string(&reader, "words", WORDS_MAX));
	read_when(&reader, &row);
	row.allow = till_json_bool_or(&reader, "allow", TRUE);
	row.as = till_promo_items_json_word(&reader, "as", till_return_as_names, 0);
	row.fee_ppm = till_json_int_or(&reader, "fee_ppm", 0, TILL_PPM, 0);
	row.fee_minor = read_amount(&reader, "fee_minor");
	row.approval = till_json_bool_or(&reader, "approval", FALSE);
	row.reason = till_json_bool_or(&reader, "reason", TRUE);
	row.disposition =
	    till_promo_items_json_word(&reader, "disposition", till_return_disposition_names, 0);
	if (*row.id == '\0' || *row.words == '\0')
		till_json_fault(&reader, *row.id == '\0' ? "id" : "words", "is empty");
	for (guint i = 0; i < policy->rows->len; i++) {
		if (strcmp(g_array_index(policy->rows, TillReturnRow, i).id, row.id) == 0)
			till_json_fault(&reader, "id", "stands twice");
	}
	till_json_inherit(parent, &reader);
	g_array_append_val(policy->rows, row);
}

static void
read_limits(TillJsonReader *parent, TillReturnPolicy *policy)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader cash =
	    till_promo_items_json_part(parent, "cash", "max_minor approval_from_minor", empty);
	TillJsonReader none = till_promo_items_json_part(
	    parent, "no_receipt",
	    "allow approval look_back_days window_days count_max amount_max_minor", empty);
	TillJsonReader offline = till_promo_items_json_part(
	    parent, "offline", "amount_max_minor approval_from_minor credit_from_minor", empty);

	policy->cash_max_minor = read_amount(&cash, "max_minor");
	policy->cash_approval_from_minor = read_amount(&cash, "approval_from_minor");
	policy->no_receipt = till_json_bool_or(&none, "allow", FALSE);
	policy->no_receipt_approval = till_json_bool_or(&none, "approval", TRUE);
	policy->look_back_days = till_json_int_or(&none, "look_back_days", 0, DAYS_MAX, 60);
	policy->window_days = till_json_int_or(&none, "window_days", 0, DAYS_MAX, 90);
	policy->count_max = till_json_int_or(&none, "count_max", 0, COUNT_MAX, 0);
	policy->amount_max_minor = read_amount(&none, "amount_max_minor");
	policy->offline_max_minor = read_amount(&offline, "amount_max_minor");
	policy->offline_approval_from_minor = read_amount(&offline, "approval_from_minor");
	policy->offline_credit_from_minor = read_amount(&offline, "credit_from_minor");
	till_json_inherit(parent, &cash);
	till_json_inherit(parent, &none);
	till_json_inherit(parent, &offline);
}

static void
read_policy(TillJsonReader *reader, TillReturnPolicy *policy)
{
	gsize count = json_array_size(till_json_array(reader, "rows", TILL_RETURN_ROWS_MAX));

	till_promo_items_json_keys(reader, "id version rows cash no_receipt offline claw_back");
	policy->id = g_strdup(till_json_string(reader, "id", ID_MAX));
	policy->version = till_json_int_or(reader, "version", 1, G_MAXINT64, 1);
	if (*policy->id == '\0')
		till_json_fault(reader, "id", "is empty");
	if (count == 0)
		till_json_fault(reader, "rows", "is empty; then nothing could ever come back");
	for (gsize i = 0; i < count && reader->fault[0] == '\0'; i++)
		read_row(reader, i, policy);
	read_limits(reader, policy);
	policy->claw_back = till_json_bool_or(reader, "claw_back", FALSE);
}

TillReturnPolicy *
till_return_policy_read(const json_t *object, GError **error)
{
	g_autoptr(TillReturnPolicy) policy = g_atomic_rc_box_new0(TillReturnPolicy);
	TillJsonReader reader = till_json_reader(object, "policy");

	policy->rows = g_array_new(FALSE, FALSE, sizeof(TillReturnRow));
	g_array_set_clear_func(policy->rows, clear_row);
	read_policy(&reader, policy);
	return till_json_reader_finish(&reader, error) ? g_steal_pointer(&policy) : NULL;
}

TillReturnPolicy *
till_return_policy_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object =
	    till_json_parse(text, size, TILL_RETURN_POLICY_MAX, "return policy", error);

	return object != NULL ? till_return_policy_read(object, error) : NULL;
}
