/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* JSON as the house reads and writes it: bounded, exact, one canonical form.
 *
 * Reading refuses what would be ambiguous: duplicate keys, nesting deeper than 16, more bytes than
 * the caller allows, real numbers (amounts are integers of minor units), trailing text. The readers
 * name the missing or wrong field in their error, as a path a person can follow ("lines[2].sku").
 * Writing sorts keys and uses no white space, so that equal values give equal bytes.
 *
 * Threads: any. */

G_BEGIN_DECLS

#define TILL_JSON_DEPTH_MAX 16

/* NULL with TILL_ERROR_INVALID or TILL_ERROR_LIMIT; what names the source in the sentence ("basket
 * file"). The caller owns the value (json_decref, or g_autoptr(json_t)). */
json_t *till_json_parse(const char *text, gsize size, gsize size_max, const char *what,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Canonical bytes; caller frees. Never fails for values made by this program. */
char *till_json_write(const json_t *value, gsize *out_size);

/* Fields of an object that is being made. NULL is written as "": a missing text is an empty one. */
void till_json_put_text(json_t *object, const char *name, const char *text);
void till_json_put_int(json_t *object, const char *name, gint64 value);
void till_json_put_bool(json_t *object, const char *name, gboolean value);

/* A reader walks one object and remembers the first fault: read all fields, then check once.
 *
 *   TillJsonReader r = till_json_reader(object, "basket");
 *   const char *sku = till_json_string(&r, "sku", 64);        required, at most 64 bytes
 *   gint64 qty = till_json_int_or(&r, "quantity_milli", 1000);
 *   if (!till_json_reader_finish(&r, error)) return FALSE;
 *
 * After a fault every read returns "", 0, FALSE or NULL. Unknown keys are ignored. */
typedef struct {
	const json_t *object; /* borrowed */
	char path[96];
	char fault[200]; /* empty: none so far */
} TillJsonReader;

TillJsonReader till_json_reader(const json_t *object, const char *path);
/* The same for element index of array field name, path "name[index]"; inherits parent's fault. */
TillJsonReader till_json_reader_item(TillJsonReader *parent, const char *name, gsize index);
const char *till_json_string(TillJsonReader *reader, const char *name, gsize max_bytes);
const char *till_json_string_or(TillJsonReader *reader, const char *name, gsize max_bytes,
				const char *fallback); /* absent or null */
gint64 till_json_int(TillJsonReader *reader, const char *name, gint64 min, gint64 max);
gint64 till_json_int_or(TillJsonReader *reader, const char *name, gint64 min, gint64 max,
			gint64 fallback);
gboolean till_json_bool_or(TillJsonReader *reader, const char *name, gboolean fallback);
/* Borrowed array of at most max elements; NULL when absent (or on fault). */
json_t *till_json_array(TillJsonReader *reader, const char *name, gsize max);
/* Borrowed; NULL when absent or null. */
json_t *till_json_object(TillJsonReader *reader, const char *name);
/* Notes a fault of the caller's own ("is not a known currency"). The first one wins. */
void till_json_fault(TillJsonReader *reader, const char *name, const char *words);
/* Carries a child's fault up to its parent. */
void till_json_inherit(TillJsonReader *parent, const TillJsonReader *child);
/* FALSE with TILL_ERROR_INVALID "basket.lines[2].sku is missing" when there was a fault. */
gboolean till_json_reader_finish(TillJsonReader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

G_END_DECLS
