/* SPDX-License-Identifier: Apache-2.0 */
#include "order-lines.h"

#include <string.h>

#include "error.h"
#include "quantity.h"
#include "verb.h"

/* ---- Lines that are named ---- */

static gboolean
read_value(const char *value, char **out_code, gint64 *out_milli, GError **error)
{
	const char *sign = strrchr(value, '=');

	*out_milli = G_MAXINT64;
	*out_code = sign != NULL ? g_strndup(value, (gsize)(sign - value)) : g_strdup(value);
	if (sign == NULL || (till_quantity_parse(sign + 1, out_milli) && *out_milli > 0))
		return TRUE;
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
		    "\"%.80s\" names no quantity; write a line as SKU=2 or SKU.", value);
	return FALSE;
}

static gboolean
has_sku(const TillFulfilment *fulfilment, const char *sku)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		if (strcmp(line->sku, sku) == 0)
			return TRUE;
	}
	return FALSE;
}

/* The SKU of a code; the code itself when the order has it as one. Caller frees. */
static char *
find_sku(const TillFulfilment *fulfilment, TillRegister *reg, const char *code, GError **error)
{
	char *sku = NULL;

	if (has_sku(fulfilment, code))
		return g_strdup(code);
	TillRegisterFound *found = till_register_find(reg, code, error);
	if (found == NULL)
		return NULL;
	if (found->item != NULL && has_sku(fulfilment, found->item->sku))
		sku = g_strdup(found->item->sku);
	else
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "Order %s has no line of %.80s here.", fulfilment->number, code);
	till_register_found_free(found);
	return sku;
}

/* Until so much of the SKU is found, line by line; how much is missing then. */
static gint64
add_moves(TillOrderStep *step, const TillFulfilment *fulfilment, const char *sku, gint64 milli,
	  const TillOrderState *way)
{
	for (guint i = 0; milli > 0 && i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		gint64 there = till_order_quantity(fulfilment->life, i, way[0]);
		if (strcmp(line->sku, sku) != 0 || there == 0)
			continue;
		till_order_step_add_move(step, line->line, way[0], way[1], MIN(there, milli));
		milli -= milli == G_MAXINT64 ? 0 : MIN(there, milli);
	}
	return milli == G_MAXINT64 ? 0 : milli;
}

gboolean
till_order_lines_move(TillOrderStep *step, const TillFulfilment *fulfilment, TillRegister *reg,
		      const GPtrArray *values, TillOrderState from, TillOrderState to,
		      GError **error)
{
	const TillOrderState way[] = {from, to};

	for (guint i = 0; i < values->len; i++) {
		g_autofree char *code = NULL;
		gint64 milli;
		if (!read_value(g_ptr_array_index(values, i), &code, &milli, error))
			return FALSE;
		g_autofree char *sku = find_sku(fulfilment, reg, code, error);
		if (sku == NULL)
			return FALSE;
		if (add_moves(step, fulfilment, sku, milli, way) > 0) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "%s: %s", sku,
				    till_order_words(TILL_ORDER_TOO_MUCH));
			return FALSE;
		}
	}
	return TRUE;
}

void
till_order_lines_move_all(TillOrderStep *step, const TillFulfilment *fulfilment,
			  TillOrderState from, TillOrderState to)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		gint64 milli = till_order_quantity(fulfilment->life, i, from);
		if (milli > 0)
			till_order_step_add_move(step, line->line, from, to, milli);
	}
}

/* ---- Answers ---- */

static json_t *
line_answer(const TillFulfilment *fulfilment, guint index)
{
	const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, index);
	json_t *object = json_object();
	json_t *standing = json_object();

	till_json_put_int(object, "line", line->line);
	till_json_put_text(object, "sku", line->sku);
	till_json_put_text(object, "name", line->name);
	till_json_put_text(object, "variant", line->variant);
	till_json_put_int(object, "min_age", line->min_age);
	till_json_put_int(object, "left_milli", till_order_left(fulfilment->life, index));
	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		gint64 milli = till_order_quantity(fulfilment->life, index, state);
		if (milli > 0)
			till_json_put_int(standing, till_order_state_name(state), milli);
	}
	json_object_set_new(object, "standing", standing);
	return object;
}

json_t *
till_order_lines_answer(const TillFulfilment *fulfilment)
{
	json_t *object = json_object();
	json_t *lines = json_array();
	char id[TILL_UUID_TEXT];

	till_json_put_text(object, "fulfilment", till_uuid_format(&fulfilment->id, id));
	till_json_put_text(object, "order", till_uuid_format(&fulfilment->order, id));
	till_json_put_text(object, "number", fulfilment->number);
	till_json_put_text(object, "customer_name", fulfilment->customer_name);
	till_json_put_text(object, "kind", till_fulfilment_kind_name(fulfilment->kind));
	till_json_put_text(object, "state",
			   till_fulfilment_state_name(till_fulfilment_state(fulfilment)));
	till_json_put_text(object, "store", fulfilment->store);
	till_json_put_text(object, "place", fulfilment->place);
	till_json_put_text(object, "arrival", fulfilment->arrival);
	till_json_put_int(object, "promise_ms", fulfilment->promise_ms);
	till_json_put_int(object, "expires_ms", fulfilment->expires_ms);
	till_json_put_int(object, "arrived_ms", fulfilment->arrived_ms);
	till_json_put_int(object, "version", fulfilment->version);
	for (guint i = 0; i < fulfilment->lines->len; i++)
		json_array_append_new(lines, line_answer(fulfilment, i));
	json_object_set_new(object, "lines", lines);
	return object;
}

static char *
describe_standing(const TillFulfilment *fulfilment, guint index)
{
	g_autoptr(GString) words = g_string_new(NULL);

	for (guint state = 0; state < TILL_ORDER_STATES; state++) {
		gint64 milli = till_order_quantity(fulfilment->life, index, state);
		g_autofree char *quantity = till_quantity_format(milli);
		if (milli > 0)
			g_string_append_printf(words, "%s%s %s", words->len > 0 ? ", " : "",
					       quantity, till_order_state_name(state));
	}
	return g_strdup(words->str);
}

gboolean
till_order_lines_say(const TillFulfilment *fulfilment, GError **error)
{
	if (!till_verb_say(error, "%s  %s  %s, %s%s%s%s%s", fulfilment->number,
			   fulfilment->customer_name, till_fulfilment_kind_name(fulfilment->kind),
			   till_fulfilment_state_name(till_fulfilment_state(fulfilment)),
			   *fulfilment->place != '\0' ? ", " : "", fulfilment->place,
			   fulfilment->arrived_ms != 0 ? ", outside " : "", fulfilment->arrival))
		return FALSE;
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		g_autofree char *standing = describe_standing(fulfilment, i);
		if (!till_verb_say(error, "  %u  %s  %s%s%s: %s", line->line, line->sku, line->name,
				   *line->variant != '\0' ? " — " : "", line->variant, standing))
			return FALSE;
	}
	return TRUE;
}
