/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <errno.h>
#include <stdio.h>

#include "control.h"
#include "error.h"

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

void
till_verb_warn_coupons(const TillPriced *priced, const char *place)
{
	const GArray *coupons = priced->promoted != NULL ? priced->promoted->coupons : NULL;
	for (guint i = 0; coupons != NULL && i < coupons->len; i++) {
		const TillPromoEngineCouponAnswer *answer =
		    &g_array_index(coupons, TillPromoEngineCouponAnswer, i);
		if (answer->reason != TILL_PROMO_ENGINE_APPLIED)
			g_printerr("tillctl: %scoupon %s: %s\n", place, answer->code,
				   till_promo_engine_words(answer->reason));
	}
}
