/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <errno.h>
#include <stdio.h>

#include "control.h"
#include "error.h"
#include "sale-tax.h"

TillStore *
till_verb_open(const TillVerb *verb, TillStoreFlags flags, GError **error)
{
	g_autofree char *holder = g_strconcat("tillctl ", verb->name, NULL);
	return till_store_open(verb->home, flags, holder, till_clock_system(), NULL, error);
}

json_t *
till_verb_ask_holder(const TillVerb *verb, const json_t *request, gint64 timeout_ms,
		     GError *failure, GError **error)
{
	GError *silence = NULL;
	if (!g_error_matches(failure, TILL_ERROR, TILL_ERROR_BUSY)) {
		g_propagate_error(error, failure);
		return NULL;
	}
	json_t *answer =
	    till_control_ask(verb->home, request, (int)MIN(timeout_ms, G_MAXINT), &silence);
	if (g_error_matches(silence, TILL_ERROR, TILL_ERROR_NOT_FOUND)) {
		g_propagate_error(error, failure);
		g_error_free(silence);
		return NULL;
	}
	g_error_free(failure);
	if (silence != NULL)
		g_propagate_error(error, silence);
	return answer;
}

static gboolean
put_line(const char *line, GError **error)
{
	if (fputs(line, stdout) != EOF && fputc('\n', stdout) != EOF && fflush(stdout) == 0)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
		    "Standard output does not take the answer: %s. Look with tillctl journal list "
		    "what was done.",
		    g_strerror(errno));
	return FALSE;
}

gboolean
till_verb_print(const json_t *value, GError **error)
{
	g_autofree char *line = till_json_write(value, NULL);
	return put_line(line, error);
}

gboolean
till_verb_say(GError **error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *line = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return put_line(line, error);
}

static void
put_exempted(json_t *object, gint64 exempted_minor)
{
	if (exempted_minor != 0)
		json_object_set_new(object, "exempted_minor", json_integer(exempted_minor));
}

static json_t *
priced_line(const TillPricedLine *line)
{
	json_t *object =
	    json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "line",
		      (json_int_t)line->line_id, "sku", line->item->sku, "name", line->item->name,
		      "variant", line->item->variant, "code", line->code, "quantity_milli",
		      (json_int_t)line->quantity_milli, "unit_minor", (json_int_t)line->unit_minor,
		      "list_minor", (json_int_t)line->list_minor, "discount_minor",
		      (json_int_t)line->discount_minor, "tax_minor", (json_int_t)line->tax_minor,
		      "total_minor", (json_int_t)line->total_minor, "taxes",
		      till_sale_tax_write(line->taxes));
	put_exempted(object, line->exempted_minor);
	return object;
}

json_t *
till_verb_priced(const TillPriced *priced)
{
	json_t *lines = json_array();
	for (guint i = 0; i < priced->lines->len; i++)
		json_array_append_new(lines, priced_line(g_ptr_array_index(priced->lines, i)));
	json_t *object = json_pack(
	    "{s:s, s:o, s:o, s:I, s:I, s:I, s:I}", "currency", priced->currency->code, "lines",
	    lines, "taxes", till_sale_tax_write(priced->taxes), "list_minor",
	    (json_int_t)priced->list_minor, "discount_minor", (json_int_t)priced->discount_minor,
	    "tax_minor", (json_int_t)priced->tax_minor, "total_minor",
	    (json_int_t)priced->total_minor);
	put_exempted(object, priced->exempted_minor);
	return object;
}
