/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Quantities in thousandths: 1000 is one piece, 640 is 0.640 kg.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_QUANTITY_ONE 1000
#define TILL_QUANTITY_MAX_MILLI G_GINT64_CONSTANT(9999999999) /* 9,999,999.999 */

/* "2", "0.64", ".5" → thousandths. FALSE when malformed, finer than a thousandth or too large. */
gboolean till_quantity_parse(const char *text, gint64 *out_milli) G_GNUC_WARN_UNUSED_RESULT;

/* "2", "0.640": whole numbers bare, else three places. Caller frees. */
char *till_quantity_format(gint64 quantity_milli);

G_END_DECLS
