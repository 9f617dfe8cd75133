/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <stdio.h>
#include <string.h>

#include "control.h"
#include "error.h"
#include "register.h"
#include "return-desk.h"

#define ANSWER_MS 10000

static gboolean
show_receipt(const TillVerb *verb, const json_t *answer, GError **error)
{
	if (verb->json)
		return till_verb_print(answer, error);
	const char *text = json_string_value(json_object_get(answer, "text"));
	g_autofree char *lines = g_strdup(text != NULL ? text : "");
	return till_verb_say(error, "%s", g_strchomp(lines));
}

/* Asked for only by scripts and tests, so a till that runs is not asked. */
static gboolean
show_special(const TillVerb *verb, const char *number, gboolean gift, gboolean code, GError **error)
{
	g_autoptr(TillStore) store = till_verb_open(verb, 0, error);
	if (store == NULL)
		return FALSE;
	TillRegister *reg = till_register_new(store);
	g_autofree char *text = code ? till_return_desk_code(reg, number, gift, error)
				     : till_return_desk_gift(reg, number, 0, error);
	till_register_free(reg);
	if (text == NULL)
		return FALSE;
	g_autoptr(json_t) answer =
	    json_pack("{s:s, s:s}", "receipt", number, code ? "code" : "text", text);
	return verb->json ? till_verb_print(answer, error)
			  : till_verb_say(error, "%s", g_strchomp(text));
}

gboolean
till_verb_receipt(const TillVerb *verb, GError **error)
{
	const char *number = till_arguments_operand(verb->arguments, 0);
	const char *format = till_arguments_option(verb->arguments, "format");
	if (format != NULL && strcmp(format, "text") != 0) {
		g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
			    "Receipts cannot be written as \"%.20s\"; write --format text.",
			    format);
		return FALSE;
	}
	gboolean gift = till_arguments_option(verb->arguments, "gift") != NULL;
	gboolean code = till_arguments_option(verb->arguments, "code") != NULL;
	if (gift || code)
		return show_special(verb, number, gift, code, error);
	g_autoptr(json_t) answer = NULL;
	g_autoptr(GError) failure = NULL;
	g_autoptr(TillStore) store = till_verb_open(verb, 0, &failure);
	if (store != NULL) {
		TillRegister *reg = till_register_new(store);
		g_autofree char *text = till_register_receipt(reg, number, 0, error);
		till_register_free(reg);
		answer = text != NULL ? till_control_receipt(number, text) : NULL;
	} else {
		g_autoptr(json_t) request =
		    json_pack("{s:s, s:s}", "verb", "receipt", "number", number);
		answer = till_verb_ask_holder(verb, request, ANSWER_MS, g_steal_pointer(&failure),
					      error);
	}
	return answer != NULL && show_receipt(verb, answer, error);
}
