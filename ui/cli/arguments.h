/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The words of a command line, sorted into global options, the verb, its options and its operands.
 *
 * Global options (--home DIR, --json) may stand anywhere; "--option=value" and "--option value" are
 * the same; "-" is an operand; after "--" everything is. A wrong line is TILL_ARGUMENTS_ERROR: the
 * program's exit code is then 2.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_ARGUMENTS_ERROR (till_arguments_error_quark())
GQuark till_arguments_error_quark(void);

typedef struct TillArguments TillArguments;

/* What a verb takes: options ending in '=' have a value; NULL ends the list. */
typedef struct {
	const char *verb;
	const char *const *options;
	guint operands_min;
	guint operands_max;
	const char *usage; /* "sell FILE --tender cash:AMOUNT": shown when the line is wrong */
} TillArgumentsRule;

/* argv is borrowed and outlives the result. rules ends with a row without a verb. */
TillArguments *till_arguments_read(int argc, char **argv, const TillArgumentsRule *rules,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_arguments_free(TillArguments *arguments);

/* Index of the verb's row in the rules. */
guint till_arguments_verb(const TillArguments *arguments);
/* The operand at index, or NULL. */
const char *till_arguments_operand(const TillArguments *arguments, guint index);
/* The last value given for an option ("" for one without a value), or NULL. */
const char *till_arguments_option(const TillArguments *arguments, const char *name);
/* Every value given for an option, in order. Array of borrowed char*. */
GPtrArray *till_arguments_all(const TillArguments *arguments, const char *name);
/* A whole number between min and max, or fallback when the option is absent. */
gboolean till_arguments_integer(const TillArguments *arguments, const char *name, gint64 min,
				gint64 max, gint64 fallback, gint64 *out,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillArguments, till_arguments_free)

G_END_DECLS
