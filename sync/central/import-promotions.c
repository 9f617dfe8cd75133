/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "import-private.h"
#include "json.h"
#include "promo-json.h"
#include "promotions.h"

gboolean
till_import_is_json(const char *text, gsize size)
{
	gsize at = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < size && g_ascii_isspace(text[at]))
		at++;
	return at < size && text[at] == '{';
}

/* What a promotion is called in faults: by its id, or by its place where it has none. */
static char *
name_promotion(const json_t *object, gsize index)
{
	const char *id = json_string_value(json_object_get(object, "id"));

	if (id == NULL || *id == '\0')
		return g_strdup_printf("promotions[%" G_GSIZE_FORMAT "]", index);
	g_autofree char *shown = g_utf8_substring(id, 0, MIN(g_utf8_strlen(id, -1), 40));
	return g_strdup_printf("promotion \"%s\"", shown);
}

/* Puts one promotion in; a bad one becomes a fault at line. FALSE only when the database failed. */
static gboolean
put_promotion(TillImport *import, const json_t *object, const char *what, guint line,
	      GError **error)
{
	TillChanges *changes = till_import_scope(import, TILL_CHANGES_CHAIN, error);
	TillPromo *promo = NULL;
	g_autoptr(GError) local = NULL;
	gboolean good;

	if (changes == NULL)
		return FALSE;
	if (till_promotions_put(changes, object, what, &promo, &local)) {
		good = till_promotions_check(import->promotions, promo, error);
		till_promo_unref(promo);
		return good;
	}
	if (g_error_matches(local, TILL_ERROR, TILL_ERROR_INVALID) ||
	    g_error_matches(local, TILL_ERROR, TILL_ERROR_STATE)) {
		till_import_fault(import->report, line, "%s", local->message);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* --- {"promotions": […]} --- */

static gboolean
note_repeat(TillImport *import, GHashTable *seen, const json_t *object, const char *what)
{
	const char *id = json_string_value(json_object_get(object, "id"));

	if (id == NULL || g_hash_table_add(seen, (gpointer)(guintptr)id))
		return FALSE;
	till_import_fault(import->report, 0, "%s stands twice in the file", what);
	return TRUE;
}

static gboolean
put_list(TillImport *import, const json_t *list, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	import->bulk = json_array_size(list) > TILL_IMPORT_BULK_ROWS;
	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *object = json_array_get(list, i);
		g_autofree char *what = name_promotion(object, i);
		import->report->rows++;
		if (!note_repeat(import, seen, object, what) &&
		    !put_promotion(import, object, what, 0, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_import_promotions(TillImport *import, const char *text, gsize size, GError **error)
{
	g_autoptr(GError) broken = NULL;
	g_autoptr(json_t) file =
	    till_json_parse(text, size, TILL_PROMO_JSON_FILE_MAX, "file of promotions", &broken);
	const json_t *list = json_object_get(file, "promotions");

	if (broken != NULL)
		till_import_fault(import->report, 0, "%s", broken->message);
	else if (!json_is_array(list))
		till_import_fault(import->report, 0, "promotions is missing or not a list");
	else if (json_array_size(list) > TILL_PROMO_JSON_COUNT_MAX)
		till_import_fault(import->report, 0, "there are more than %d promotions",
				  TILL_PROMO_JSON_COUNT_MAX);
	else
		return put_list(import, list, error);
	return TRUE;
}

/* --- id,body[,version] --- */

/* A column and the body's own field must not say two things. */
static gboolean
settle_field(TillImport *import, json_t *body, const char *name, json_t *value)
{
	json_t *there = json_object_get(body, name);
	gboolean good = there == NULL || json_equal(there, value) != 0;

	if (!good)
		till_import_fault(import->report, till_csv_line(import->csv),
				  "the %s of the body is another than that of its column", name);
	json_object_set_new(body, name, value);
	return good;
}

gboolean
till_import_row_promotion(TillImport *import, GError **error)
{
	const char *id = till_import_required(import, "id");
	const char *body = till_import_required(import, "body");
	gboolean has_version = *till_import_cell(import, "version") != '\0';
	guint line = till_csv_line(import->csv);
	g_autoptr(GError) broken = NULL;
	g_autoptr(json_t) object = NULL;
	g_autofree char *what = NULL;
	gint64 version;

	if (id == NULL || body == NULL || !till_import_int(import, "version", 1, 1, &version))
		return TRUE;
	object = till_json_parse(body, strlen(body), TILL_PROMO_JSON_MAX, "body", &broken);
	if (object == NULL || !json_is_object(object)) {
		till_import_fault(import->report, line, "%s",
				  broken != NULL ? broken->message : "the body is not an object");
		return TRUE;
	}
	if (!settle_field(import, object, "id", json_string(id)) ||
	    (has_version && !settle_field(import, object, "version", json_integer(version))))
		return TRUE;
	what = name_promotion(object, 0);
	return put_promotion(import, object, what, line, error);
}
