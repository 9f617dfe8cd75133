/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include <string.h>

#include "text.h"

typedef struct {
	char *name;
	const char *value; /* borrowed from argv; "" when the option has none */
} Option;

struct TillArguments {
	guint verb;
	GPtrArray *operands; /* of borrowed char* */
	GArray *options;     /* of Option */
};

static const char *const global_options[] = {"home=", "json", NULL};

GQuark
till_arguments_error_quark(void)
{
	return g_quark_from_static_string("till-arguments-error");
}

static void
clear_option(gpointer data)
{
	g_free(((Option *)data)->name);
}

/* The row of the list that names the option, with or without its '='. */
static const char *
find_option(const char *const *list, const char *name, gsize length)
{
	for (guint i = 0; list != NULL && list[i] != NULL; i++) {
		gsize known = strcspn(list[i], "=");
		if (known == length && strncmp(list[i], name, length) == 0)
			return list[i];
	}
	return NULL;
}

static gboolean
refuse(GError **error, const char *words, const char *what, const char *usage)
{
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0, "%s \"%.60s\"; write: tillctl %s.", words, what,
		    usage);
	return FALSE;
}

/* Takes the option at argv[*at], and its value when that is the next word. */
static gboolean
take_option(TillArguments *arguments, const TillArgumentsRule *rule, int argc, char **argv, int *at,
	    GError **error)
{
	const char *word = argv[*at] + 2;
	const char *equals = strchr(word, '=');
	gsize length = equals != NULL ? (gsize)(equals - word) : strlen(word);
	const char *known = find_option(global_options, word, length);
	if (known == NULL)
		known = find_option(rule->options, word, length);
	if (known == NULL)
		return refuse(error, "There is no option", argv[*at], rule->usage);

	gboolean has_value = known[length] == '=';
	if (!has_value && equals != NULL)
		return refuse(error, "No value belongs to", argv[*at], rule->usage);
	if (has_value && equals == NULL && *at + 1 >= argc)
		return refuse(error, "A value is missing after", argv[*at], rule->usage);
	Option option = {.name = g_strndup(word, length), .value = ""};
	if (has_value)
		option.value = equals != NULL ? equals + 1 : argv[++*at];
	g_array_append_val(arguments->options, option);
	return TRUE;
}

/* The verb is the first word that is neither an option nor the value of --home. */
static const char *
find_verb_word(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--home") == 0)
			i++;
		else if (argv[i][0] != '-')
			return argv[i];
	}
	return NULL;
}

static gboolean
find_verb(TillArguments *arguments, const char *word, const TillArgumentsRule *rules,
	  GError **error)
{
	for (guint i = 0; word != NULL && rules[i].verb != NULL; i++) {
		if (strcmp(rules[i].verb, word) == 0) {
			arguments->verb = i;
			return TRUE;
		}
	}
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
		    word == NULL ? "Say what to do%s; tillctl --help lists it."
				 : "There is no verb \"%.40s\"; tillctl --help lists them.",
		    word != NULL ? word : "");
	return FALSE;
}

static gboolean
take_words(TillArguments *arguments, const TillArgumentsRule *rule, const char *verb, int argc,
	   char **argv, GError **error)
{
	gboolean is_plain = FALSE; /* after "--" */
	for (int i = 1; i < argc; i++) {
		if (argv[i] == verb)
			continue;
		if (!is_plain && strcmp(argv[i], "--") == 0)
			is_plain = TRUE;
		else if (!is_plain && g_str_has_prefix(argv[i], "--")) {
			if (!take_option(arguments, rule, argc, argv, &i, error))
				return FALSE;
		} else if (!is_plain && argv[i][0] == '-' && argv[i][1] != '\0')
			return refuse(error, "There is no option", argv[i], rule->usage);
		else
			g_ptr_array_add(arguments->operands, argv[i]);
	}
	return TRUE;
}

static gboolean
check_count(const TillArguments *arguments, const TillArgumentsRule *rule, GError **error)
{
	guint count = arguments->operands->len;
	if (count > rule->operands_max)
		return refuse(error, "There is one word too many:",
			      g_ptr_array_index(arguments->operands, rule->operands_max),
			      rule->usage);
	if (count < rule->operands_min)
		return refuse(error, "A word is missing after", rule->verb, rule->usage);
	return TRUE;
}

TillArguments *
till_arguments_read(int argc, char **argv, const TillArgumentsRule *rules, GError **error)
{
	g_autoptr(TillArguments) arguments = g_new0(TillArguments, 1);
	arguments->operands = g_ptr_array_new();
	arguments->options = g_array_new(FALSE, FALSE, sizeof(Option));
	g_array_set_clear_func(arguments->options, clear_option);
	const char *verb = find_verb_word(argc, argv);
	if (!find_verb(arguments, verb, rules, error))
		return NULL;
	const TillArgumentsRule *rule = &rules[arguments->verb];
	if (!take_words(arguments, rule, verb, argc, argv, error) ||
	    !check_count(arguments, rule, error))
		return NULL;
	return g_steal_pointer(&arguments);
}

void
till_arguments_free(TillArguments *arguments)
{
	if (arguments == NULL)
		return;
	g_ptr_array_free(arguments->operands, TRUE);
	g_array_free(arguments->options, TRUE);
	g_free(arguments);
}

guint
till_arguments_verb(const TillArguments *arguments)
{
	return arguments->verb;
}

const char *
till_arguments_operand(const TillArguments *arguments, guint index)
{
	return index < arguments->operands->len ? g_ptr_array_index(arguments->operands, index)
						: NULL;
}

const char *
till_arguments_option(const TillArguments *arguments, const char *name)
{
	for (guint i = arguments->options->len; i > 0; i--) {
		const Option *option = &g_array_index(arguments->options, Option, i - 1);
		if (strcmp(option->name, name) == 0)
			return option->value;
	}
	return NULL;
}

GPtrArray *
till_arguments_all(const TillArguments *arguments, const char *name)
{
	GPtrArray *values = g_ptr_array_new();
	for (guint i = 0; i < arguments->options->len; i++) {
		const Option *option = &g_array_index(arguments->options, Option, i);
		if (strcmp(option->name, name) == 0)
			g_ptr_array_add(values, (gpointer)(guintptr)option->value);
	}
	return values;
}

gboolean
till_arguments_integer(const TillArguments *arguments, const char *name, gint64 min, gint64 max,
		       gint64 fallback, gint64 *out, GError **error)
{
	const char *text = till_arguments_option(arguments, name);
	if (text == NULL) {
		*out = fallback;
		return TRUE;
	}
	if (till_text_parse_int(text, min, max, out))
		return TRUE;
	g_set_error(error, TILL_ARGUMENTS_ERROR, 0,
		    "--%s takes a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
		    ", not \"%.40s\".",
		    name, min, max, text);
	return FALSE;
}
