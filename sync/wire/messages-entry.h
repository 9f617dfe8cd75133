/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "messages.h"

/* What the messages share that carry entries: text builders for the hot path, readers inside a
 * walk. For sync/wire only.
 *
 * Builders append to a GString without going through JSON values; their output is canonical (sorted
 * keys, no white space), so it equals what till_json_write gives for the same value.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* A quoted, escaped JSON string. data: UTF-8 without NUL. */
void till_messages_append_string(GString *text, const void *data, gsize size);
/* key as it stands (",\"seq\":"), then the number. */
void till_messages_append_int(GString *text, const char *key, gint64 value);
void till_messages_append_entry(GString *text, const TillEntry *entry);
/* With commas between, without brackets. */
void till_messages_append_entries(GString *text, GPtrArray *entries);

#define TILL_MESSAGES_BASE_MAX (G_MAXINT64 / 2)

/* The push when the text is exactly of the form the writer gives and in its bounds; NULL leaves it
 * to the general reader. The numbers of the entries are still to be checked. */
TillWirePush *till_messages_take_push_text(const char *text, gsize size);

/* Never NULL; faults stay in the reader. The caller owns the value. */
TillEntry *till_messages_read_entry_from(TillJsonReader *reader);
GPtrArray *till_messages_read_entries(TillJsonReader *reader);

G_END_DECLS
