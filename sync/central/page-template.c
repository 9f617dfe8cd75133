/* SPDX-License-Identifier: Apache-2.0 */
#include "page-template.h"

#include <string.h>

#define DEPTH_MAX 8

/* One level of names. */
typedef struct Scope Scope;
struct Scope {
	const json_t *value;
	const Scope *outer; /* NULL: outermost */
	int depth;
};

static const json_t *
find_inside(const json_t *value, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(name, ".", 4);

	for (char **part = parts; *part != NULL && value != NULL; part++)
		value = json_object_get(value, *part);
	return value;
}

static const json_t *
find(const Scope *scope, const char *name)
{
	if (strcmp(name, ".") == 0)
		return scope->value;
	for (; scope != NULL; scope = scope->outer) {
		const json_t *value = find_inside(scope->value, name);
		if (value != NULL)
			return value;
	}
	return NULL;
}

static gboolean
is_something(const json_t *value)
{
	if (json_is_string(value))
		return json_string_length(value) > 0;
	if (json_is_integer(value))
		return json_integer_value(value) != 0;
	if (json_is_array(value))
		return json_array_size(value) > 0;
	if (json_is_object(value))
		return json_object_size(value) > 0;
	return json_is_true(value);
}

static void
append_value(GString *out, const json_t *value, gboolean raw)
{
	g_autofree char *safe = NULL;

	if (json_is_integer(value)) {
		g_string_append_printf(out, "%lld", (long long)json_integer_value(value));
		return;
	}
	if (!json_is_string(value))
		return;
	safe = raw ? g_strdup(json_string_value(value))
		   : g_markup_escape_text(json_string_value(value), -1);
	g_string_append(out, safe);
}

/* A tag: its kind ('#', '^', '/', '{' or 0), its name (owned by the caller), what comes behind it.
 */
static char
read_tag(const char *at, char **out_name, const char **out_rest)
{
	gboolean raw = at[2] == '{';
	const char *end = strstr(at, raw ? "}}}" : "}}");
	const char *start = at + 2;
	char kind = 0;

	g_assert(end != NULL);
	if (strchr("#^/{", *start) != NULL)
		kind = *start++;
	*out_name = g_strndup(start, (gsize)(end - start));
	*out_rest = end + (raw ? 3 : 2);
	return kind;
}

/* The end tag that belongs to a section whose inside begins at text. */
static const char *
find_end(const char *text, const char *name)
{
	int nested = 1;

	for (const char *at = strstr(text, "{{"); at != NULL;) {
		g_autofree char *found = NULL;
		const char *rest;
		char kind = read_tag(at, &found, &rest);
		if ((kind == '#' || kind == '^') && strcmp(found, name) == 0)
			nested++;
		if (kind == '/' && strcmp(found, name) == 0 && --nested == 0)
			return at;
		at = strstr(rest, "{{");
	}
	return NULL;
}

static void fill(GString *out, const char *text, const Scope *scope);

static void
fill_section(GString *out, const char *inside, const json_t *value, const Scope *scope)
{
	Scope inner = {value, scope, scope->depth + 1};
	size_t index;
	json_t *element;

	g_assert(inner.depth < DEPTH_MAX);
	if (!json_is_array(value)) {
		fill(out, inside, &inner);
		return;
	}
	json_array_foreach((json_t *)(guintptr)value, index, element)
	{
		inner.value = element;
		fill(out, inside, &inner);
	}
}

static void
fill(GString *out, const char *text, const Scope *scope)
{
	for (const char *at = strstr(text, "{{"); at != NULL; at = strstr(text, "{{")) {
		g_autofree char *name = NULL;
		const char *rest;
		char kind;
		g_string_append_len(out, text, at - text);
		kind = read_tag(at, &name, &rest);
		const json_t *value = find(scope, name);
		text = rest;
		if (kind == 0 || kind == '{') {
			append_value(out, value, kind == '{');
			continue;
		}
		const char *end = find_end(rest, name);
		g_assert(kind != '/' && end != NULL);
		g_autofree char *inside = g_strndup(rest, (gsize)(end - rest));
		if (kind == '#' && is_something(value))
			fill_section(out, inside, value, scope);
		else if (kind == '^' && !is_something(value))
			fill(out, inside, scope);
		text = end + strlen("{{/}}") + strlen(name);
	}
	g_string_append(out, text);
}

char *
till_page_template_fill(const char *template, const json_t *values)
{
	GString *out = g_string_new(NULL);
	Scope scope = {values, NULL, 0};

	fill(out, template, &scope);
	return g_string_free(out, FALSE);
}
