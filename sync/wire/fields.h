/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "json.h"

/* The flat fields of a message, listed once: the same table writes, reads, bounds and frees them.
 *
 * A message is a plain struct; each row names a JSON key, a kind, where the member lies and its
 * limits. Nested arrays and objects are written out by the message's own functions around these.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_FIELD_STRING,      /* char *, owned; min..max bytes */
	TILL_FIELD_UUID,        /* char *, owned; UUID text */
	TILL_FIELD_INT,         /* gint64; min..max */
	TILL_FIELD_BOOL,        /* gboolean; absent reads as FALSE */
	TILL_FIELD_HASH,        /* TillHash as 64 hex digits */
	TILL_FIELD_KEY,         /* TillPublicKey as base64url */
	TILL_FIELD_INCARNATION, /* guint64 as 13 letters */
	TILL_FIELD_PARENT,      /* the same, but 0 is written as "" and read from "" or absence */
} TillFieldKind;

typedef struct {
	const char *name;
	TillFieldKind kind;
	gsize offset;
	gint64 min;
	gint64 max;
} TillField;

#define TILL_FIELD_TEXT(type, member, shortest, longest)                                           \
	{                                                                                          \
#member, TILL_FIELD_STRING, offsetof(type, member), shortest, longest              \
	}
#define TILL_FIELD_NUMBER(type, member, least, most)                                               \
	{                                                                                          \
#member, TILL_FIELD_INT, offsetof(type, member), least, most                       \
	}
#define TILL_FIELD_OF(type, member, kind)                                                          \
	{                                                                                          \
#member, kind, offsetof(type, member), 0, 0                                        \
	}

/* Adds the fields to object. */
void till_fields_write(json_t *object, const TillField *fields, gsize count, gconstpointer message);

/* Reads them into message (strings are copied). Faults stay in the reader; members of a faulty
 * reader are still set, strings to "", so that the message can be freed as usual. */
void till_fields_read(TillJsonReader *reader, const TillField *fields, gsize count,
		      gpointer message);

/* A reader of the object that the field holds, its path below the parent's. A missing object is a
 * fault; inherit it. */
TillJsonReader till_fields_inner(TillJsonReader *parent, const char *name);

/* Frees the strings. */
void till_fields_clear(const TillField *fields, gsize count, gpointer message);

G_END_DECLS
