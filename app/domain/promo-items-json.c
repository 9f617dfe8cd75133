/* SPDX-License-Identifier: Apache-2.0 */
#include "promo-items-json.h"

#include <string.h>

#include "money.h"

#define WORD_MAX 200

static const char *const lists[] = {"skus", "styles", "brands", "tags", "categories", NULL};

/* A field that is not known may be a condition; see the header. */
void
till_promo_items_json_keys(TillJsonReader *reader, const char *known)
{
	g_auto(GStrv) names = g_strsplit(known, " ", -1);
	const char *key;
	json_t *value;
	/* Walking an object changes nothing in it, though its type does not say so. */
	union {
		const json_t *constant;
		json_t *walked;
	} view = {.constant = reader->object};

	if (reader->fault[0] != '\0')
		return;
	json_object_foreach(view.walked, key, value)
	{
		if (g_strv_contains((const char *const *)names, key))
			continue;
		g_autofree char *shown = g_utf8_substring(key, 0, MIN(g_utf8_strlen(key, -1), 40));
		till_json_fault(reader, shown, "is not a field this release knows");
	}
}

/* A part of the object; absent: an empty one, so that all its fields have their defaults. */
TillJsonReader
till_promo_items_json_part(TillJsonReader *parent, const char *name, const char *known,
			   json_t *empty)
{
	g_autofree char *path = g_strdup_printf("%s.%s", parent->path, name);
	json_t *object = till_json_object(parent, name);
	TillJsonReader reader = till_json_reader(object != NULL ? object : empty, path);

	till_promo_items_json_keys(&reader, known);
	return reader;
}

guint
till_promo_items_json_word(TillJsonReader *reader, const char *name, const char *const *words,
			   guint fallback)
{
	const char *word = till_json_string_or(reader, name, WORD_MAX, NULL);

	if (word == NULL || reader->fault[0] != '\0')
		return fallback;
	for (guint i = 0; words[i] != NULL; i++) {
		if (*words[i] != '\0' && strcmp(words[i], word) == 0)
			return i;
	}
	g_autoptr(GString) sentence = g_string_new("is not one of");
	for (guint i = 0; words[i] != NULL; i++) {
		if (*words[i] != '\0')
			g_string_append_printf(sentence, " %s%s", words[i],
					       words[i + 1] != NULL ? "," : "");
	}
	till_json_fault(reader, name, sentence->str);
	return fallback;
}

static gint64
read_amount(TillJsonReader *reader, const char *name)
{
	return till_json_int_or(reader, name, 0, TILL_MONEY_MAX_MINOR, 0);
}

void
till_promo_items_json_list(TillJsonReader *reader, const char *name, gboolean capitals,
			   TillPromoList *out)
{
	json_t *array = till_json_array(reader, name, TILL_PROMO_LIST_MAX);
	gsize count = json_array_size(array);

	if (count == 0)
		return;
	g_auto(GStrv) values = g_new0(char *, count + 1);
	for (gsize i = 0; i < count; i++) {
		const json_t *value = json_array_get(array, i);
		if (!json_is_string(value) || json_string_length(value) == 0 ||
		    json_string_length(value) > WORD_MAX) {
			till_json_fault(reader, name,
					"holds something that is no text of 1 to 200 bytes");
			return;
		}
		values[i] = capitals ? g_ascii_strup(json_string_value(value), -1)
				     : g_strdup(json_string_value(value));
	}
	till_promo_list_take(out, g_steal_pointer(&values));
}

void
till_promo_items_json_read(TillJsonReader *parent, const char *name, TillPromoItems *out)
{
	g_autoptr(json_t) empty = json_object();
	TillJsonReader reader = till_promo_items_json_part(
	    parent, name,
	    "skus styles brands tags categories any price_min_minor price_max_minor "
	    "skip_reduced",
	    empty);

	for (guint by = 0; by < TILL_PROMO_BY_COUNT; by++)
		till_promo_items_json_list(&reader, lists[by], FALSE, &out->by[by]);
	out->any = till_json_bool_or(&reader, "any", FALSE);
	out->price_min_minor = read_amount(&reader, "price_min_minor");
	out->price_max_minor = read_amount(&reader, "price_max_minor");
	out->skip_reduced = till_json_bool_or(&reader, "skip_reduced", FALSE);
	if (out->price_max_minor > 0 && out->price_max_minor < out->price_min_minor)
		till_json_fault(&reader, "price_max_minor", "is below price_min_minor");
	till_json_inherit(parent, &reader);
}
