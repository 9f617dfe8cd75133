/* SPDX-License-Identifier: Apache-2.0 */
#include "manual.h"

#include <string.h>

#include "money.h"
#include "tax.h"

#define ID_MAX 64
#define WORD_MAX 32

static const char *const kinds[] = {"none", "price", "amount", "percent"};

const char *
till_manual_kind_name(TillManualKind kind)
{
	return kinds[kind];
}

void
till_manual_clear(TillManual *manual)
{
	g_free(manual->reason);
	g_free(manual->staff);
	g_free(manual->approved_by);
	*manual = (TillManual){0};
}

void
till_manual_set(TillManual *to, const TillManual *from)
{
	TillManual copy = *from;

	copy.reason = g_strdup(from->reason);
	copy.staff = g_strdup(from->staff);
	copy.approved_by = g_strdup(from->approved_by);
	till_manual_clear(to);
	*to = copy;
}

gboolean
till_manual_is_sound(const TillManual *manual)
{
	if (manual->kind == TILL_MANUAL_NONE)
		return TRUE;
	if (manual->reason == NULL || *manual->reason == '\0' ||
	    strlen(manual->reason) > TILL_MANUAL_REASON_MAX || manual->value < 0)
		return FALSE;
	if (manual->kind == TILL_MANUAL_PERCENT)
		return manual->value <= TILL_PPM;
	return manual->value <= TILL_MONEY_MAX_MINOR;
}

gint64
till_manual_discount(const TillManual *manual, gint64 list_minor, TillRounding rounding)
{
	gint64 discount = 0;

	if (list_minor <= 0)
		return 0;
	if (manual->kind == TILL_MANUAL_AMOUNT)
		return MIN(manual->value, list_minor);
	if (manual->kind != TILL_MANUAL_PERCENT ||
	    !till_rounding_scale(list_minor, manual->value, TILL_PPM, rounding, &discount))
		return 0;
	return MIN(discount, list_minor);
}

gboolean
till_manual_needs_approval(const TillManualLimit *limit, gint64 list_minor, gint64 paid_minor)
{
	gint64 off = list_minor - paid_minor, most = 0;

	if (off <= 0)
		return FALSE;
	if (off > limit->amount_minor)
		return TRUE;
	return limit->percent_ppm < TILL_PPM &&
	       (!till_rounding_scale(list_minor, limit->percent_ppm, TILL_PPM, TILL_ROUND_DOWN,
				     &most) ||
		off > most);
}

json_t *
till_manual_write(const TillManual *manual)
{
	json_t *object = json_object();

	json_object_set_new(object, "kind", json_string(kinds[manual->kind]));
	json_object_set_new(object, "value", json_integer(manual->value));
	json_object_set_new(object, "reason", json_string(manual->reason));
	json_object_set_new(object, "staff",
			    json_string(manual->staff != NULL ? manual->staff : ""));
	if (manual->kind == TILL_MANUAL_PRICE)
		json_object_set_new(object, "original_minor", json_integer(manual->original_minor));
	if (manual->approved_by != NULL && *manual->approved_by != '\0')
		json_object_set_new(object, "approved_by", json_string(manual->approved_by));
	return object;
}

static TillManualKind
read_kind(TillJsonReader *reader)
{
	const char *word = till_json_string(reader, "kind", WORD_MAX);

	for (guint i = TILL_MANUAL_PRICE; i < G_N_ELEMENTS(kinds); i++) {
		if (strcmp(kinds[i], word) == 0)
			return i;
	}
	till_json_fault(reader, "kind", "is not price, amount or percent");
	return TILL_MANUAL_NONE;
}

static void
read_manual(TillJsonReader *parent, gboolean wish, TillManual *out)
{
	const json_t *object = till_json_object(parent, "manual");
	g_autofree char *path = g_strdup_printf("%s.manual", parent->path);

	if (object == NULL)
		return;
	TillJsonReader reader = till_json_reader(object, path);
	out->kind = read_kind(&reader);
	out->value = till_json_int(&reader, "value", 0, TILL_MONEY_MAX_MINOR);
	out->original_minor = till_json_int_or(&reader, "original_minor", -TILL_MONEY_MAX_MINOR,
					       TILL_MONEY_MAX_MINOR, 0);
	out->reason = g_strdup(till_json_string(&reader, "reason", TILL_MANUAL_REASON_MAX));
	out->staff = g_strdup(wish ? "" : till_json_string(&reader, "staff", ID_MAX));
	out->approved_by =
	    g_strdup(wish ? "" : till_json_string_or(&reader, "approved_by", ID_MAX, ""));
	if (reader.fault[0] == '\0' && !till_manual_is_sound(out))
		till_json_fault(&reader, "value", "or reason makes no sense");
	till_json_inherit(parent, &reader);
}

void
till_manual_read(TillJsonReader *parent, TillManual *out)
{
	read_manual(parent, FALSE, out);
}

void
till_manual_read_wish(TillJsonReader *parent, TillManual *out)
{
	read_manual(parent, TRUE, out);
}
