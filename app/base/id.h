/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Identifiers made on this machine, without asking anybody.
 *
 * Transaction ids have the layout of UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, a
 * counter, random bits. The order of ids is a convenience; truth about order is the journal's seq.
 *
 * Threads: pure functions any; a generator belongs to one thread. */

G_BEGIN_DECLS

#define TILL_UUID_TEXT 37 /* with the final NUL */

typedef struct {
	guint8 bytes[16];
} TillUuid;

typedef struct {
	gint64 last_ms;  /* the largest time used so far; survives a clock that goes back */
	guint16 counter; /* 12 bits, within one millisecond */
} TillUuidSource;

/* The next id: ms = max(last used, now_ms), counter + 1 in the same ms (overflow borrows a ms). */
TillUuid till_uuid_next(TillUuidSource *source, gint64 now_ms);

/* A random id, version 4. */
TillUuid till_uuid_random(void);

/* "0199d3c2-…" in lower case into text (TILL_UUID_TEXT bytes). Returns text. */
char *till_uuid_format(const TillUuid *id, char *text);

/* FALSE when text is not a UUID of 36 characters; out_id is then untouched. */
gboolean till_uuid_parse(const char *text, TillUuid *out_id) G_GNUC_WARN_UNUSED_RESULT;

gboolean till_uuid_equal(const TillUuid *a, const TillUuid *b);

/* 64 random bits, never 0: an incarnation. */
guint64 till_id_incarnation(void);

/* The incarnation as 13 characters of Crockford base 32 (no I L O U), most significant first; its
 * first three letters are printed in receipt numbers. text holds 14 bytes. Returns text. */
char *till_id_incarnation_format(guint64 incarnation, char *text);
gboolean till_id_incarnation_parse(const char *text, guint64 *out) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
