/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* A code that was read from a picture: its kind, its bytes, and what they say.
 *
 * Text is decided by fixed rules, the first that fits:
 *   1. bytes that are UTF-8 without a NUL are UTF-8 (a byte order mark in front is dropped);
 *   2. of a QR code, bytes that are Shift_JIS as Microsoft writes it (CP932), with a byte 81 to 9F,
 *      which no Latin-1 text has, or a run of three half-width katakana, or two two-byte characters
 *      in a row, are Shift_JIS;
 *   3. bytes without NUL and without 80 to 9F are Latin-1;
 *   4. anything else is no text, and only the bytes are shown.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef enum {
	TILL_CODE_EAN13,
	TILL_CODE_UPCA, /* 12 digits */
	TILL_CODE_EAN8,
	TILL_CODE_UPCE, /* 8 digits: number system, six, check digit */
	TILL_CODE_CODE128,
	TILL_CODE_QR,
	TILL_CODE_DATABAR,
	TILL_CODE_DATABAR_EXPANDED,
	TILL_CODE_KINDS,
} TillCodeKind;

/* A QR code of version 40 holds 7,089 digits at most. */
#define TILL_CODE_BYTES_MAX 8192

typedef struct {
	TillCodeKind kind;
	guint8 *bytes; /* owned */
	gsize size;    /* 1 to TILL_CODE_BYTES_MAX */
	char *text;    /* owned, UTF-8; NULL when the bytes are no text */
	gboolean gs1;  /* FNC1 in front: element strings, separated by 0x1D */
} TillCode;

/* Copies bytes. */
TillCode *till_code_new(TillCodeKind kind, const guint8 *bytes, gsize size, gboolean gs1);
void till_code_free(TillCode *code);

gboolean till_code_equal(const TillCode *a, const TillCode *b);

/* "EAN-13", "UPC-A", "EAN-8", "UPC-E", "CODE-128", "QR-Code", "DataBar", "DataBar-Exp". Static. */
const char *till_code_kind_name(TillCodeKind kind);
/* FALSE when there is no such name. */
gboolean till_code_kind_from_name(const char *name, TillCodeKind *out) G_GNUC_WARN_UNUSED_RESULT;

/* Bars: a picture of them can be misread, so one look is not enough. */
gboolean till_code_kind_is_linear(TillCodeKind kind);
/* EAN-13, UPC-A, EAN-8 or UPC-E. */
gboolean till_code_kind_is_retail(TillCodeKind kind);

/* The 14 digits of a retail code's item (a UPC-E expanded to the UPC-A it stands for). FALSE for
 * other kinds. out14: 15 bytes, untouched when FALSE. */
gboolean till_code_gtin14(const TillCode *code, char *out14) G_GNUC_WARN_UNUSED_RESULT;

/* What a keyboard scanner would send for it, as scan.h reads it: its text, with the AIM identifier
 * in front of GS1 element strings and of a UPC-E, whose eight digits could be taken for an EAN-8.
 * NULL when its bytes are no text. Caller frees. */
char *till_code_to_scan(const TillCode *code);

/* {"symbology", "text" or "bytes_hex", "gtin14" of a retail code, "gs1":true where it is so}. The
 * caller owns the value. */
json_t *till_code_to_json(const TillCode *code);
/* Reads what till_code_to_json wrote; NULL with TILL_ERROR_INVALID for anything else. */
TillCode *till_code_from_json(const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text of bytes by the rules above; NULL when they are none. Caller frees. */
char *till_code_text(TillCodeKind kind, const guint8 *bytes, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCode, till_code_free)

G_END_DECLS
