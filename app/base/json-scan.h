/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* The quick way into JSON text that is plainly sound: what a till and its central send each other,
 * a hundred sales a message. One pass, several times as fast as the library's own reader, which
 * looks at each byte through layers.
 *
 * It knows objects, arrays, whole numbers of at most 18 digits, strings whose escapes are the short
 * ones, the three words. Whatever is unusual or wrong gives NULL, and the library decides and finds
 * the words: this reader never accepts what that one would refuse.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* The value of the whole text, an object or array nested at most TILL_JSON_DEPTH_MAX deep without
 * repeated keys; NULL when this reader cannot say. The caller owns it. */
json_t *till_json_scan_text(const char *text, gsize size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
