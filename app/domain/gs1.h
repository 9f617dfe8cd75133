/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "currency.h"

/* What a code of the GS1 system says: a list of application identifiers with their data.
 *
 * Read are element strings as scanners send them (an AIM identifier of a GS1 symbol or a group
 * separator in front, group separators between), the text printed below a symbol ("(01)…(10)…", a
 * round bracket inside data written "\("), GS1 Digital Link URIs, and an EAN-13 or EAN-8 with its
 * composite part ("]E0…|]e0…"). Formats, lengths, check digits, dates and the order of a link's
 * path are checked by the table of gs1-table.h. The same identifier twice is one when both say the
 * same, else a fault. Whether identifiers belong together (a best before date without an item) is
 * not judged: an item may carry them on two symbols.
 *
 * A link's scheme is all lower or all upper case, as the Digital Link standard writes it; its
 * domain and the path before the key are not looked at. Compressed links are refused.
 *
 * Values live in the list itself: borrowed while it lives and is not moved.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_GS1_ELEMENTS_MAX 32
#define TILL_GS1_TEXT_MAX 1024 /* bytes of a code */
#define TILL_GS1_SEPARATOR '\x1d'

typedef enum {
	TILL_GS1_OK,
	TILL_GS1_NONE,         /* no code of this kind */
	TILL_GS1_EMPTY,        /* an identifier without data, or nothing at all */
	TILL_GS1_LENGTH,       /* data too short or too long */
	TILL_GS1_UNKNOWN,      /* no such identifier */
	TILL_GS1_CHARACTER,    /* a character that this data cannot hold */
	TILL_GS1_CHECK_DIGIT,  /* of a number */
	TILL_GS1_DATE,         /* no such day or time */
	TILL_GS1_VALUE,        /* no such country, currency, piece… */
	TILL_GS1_CONTRADICTS,  /* an identifier twice with different data */
	TILL_GS1_TOO_LONG,     /* beyond the limits above */
	TILL_GS1_BRACKETS,     /* brackets that do not match */
	TILL_GS1_LINK,         /* no sound URI */
	TILL_GS1_NO_KEY,       /* a link without anything that names a thing */
	TILL_GS1_PATH,         /* identifiers in an order a link cannot have */
	TILL_GS1_NO_ATTRIBUTE, /* an identifier that may not stand in a link's query */
	TILL_GS1_COMPRESSED,   /* a compressed link */
} TillGs1Result;

typedef struct {
	char ai[5];
	guint16 start; /* of the value, in text */
	guint16 length;
} TillGs1Element;

typedef struct {
	guint count;
	gsize used;
	TillGs1Element elements[TILL_GS1_ELEMENTS_MAX];
	char text[TILL_GS1_TEXT_MAX + TILL_GS1_ELEMENTS_MAX]; /* values, each with its NUL */
} TillGs1;

/* What a link may have that the standard of today does not allow, as bits. */
typedef enum {
	TILL_GS1_STRICT = 0,
	TILL_GS1_ALPHAS = 1 << 0,     /* "gtin" for 01, as in the first editions */
	TILL_GS1_SHORT_GTIN = 1 << 1, /* GTINs of 8, 12 or 13 digits */
	/* Identifiers nobody knows yet in the query: a link from next year still names its item. */
	TILL_GS1_FUTURE = 1 << 2,
} TillGs1Flags;

/* Any of the forms above; TILL_GS1_NONE when text is none of them. out_gs1 holds what was read up
 * to a fault. */
TillGs1Result till_gs1_read(const char *text, TillGs1Flags flags,
			    TillGs1 *out_gs1) G_GNUC_WARN_UNUSED_RESULT;

/* An element string without anything in front of its first identifier. */
TillGs1Result till_gs1_read_elements(const char *text, TillGs1 *out_gs1) G_GNUC_WARN_UNUSED_RESULT;
TillGs1Result till_gs1_read_brackets(const char *text, TillGs1Flags flags,
				     TillGs1 *out_gs1) G_GNUC_WARN_UNUSED_RESULT;
TillGs1Result till_gs1_read_link(const char *uri, TillGs1Flags flags,
				 TillGs1 *out_gs1) G_GNUC_WARN_UNUSED_RESULT;

/* Checks and adds one element; used by the readers. FUTURE lets an unknown identifier through. */
TillGs1Result till_gs1_add(TillGs1 *gs1, const char *ai, const char *value, gsize length,
			   TillGs1Flags flags) G_GNUC_WARN_UNUSED_RESULT;

/* The element string with a separator in front and where one is needed. */
char *till_gs1_elements(const TillGs1 *gs1);
/* "(01)09520123456788(10)ABC": as many whole elements as fit into limit bytes. Both: caller frees.
 */
char *till_gs1_brackets(const TillGs1 *gs1, gsize limit);
/* The Digital Link of the first primary key in the list: the qualifiers that belong to it go into
 * the path, the rest into the query, those of fixed length first. stem: "https://example.com", a
 * slash at its end counts for nothing. *out_uri: caller frees; untouched unless OK. */
TillGs1Result till_gs1_link(const TillGs1 *gs1, const char *stem, TillGs1Flags flags,
			    char **out_uri) G_GNUC_WARN_UNUSED_RESULT;

/* ---- What is asked of it ---- */

const char *till_gs1_value(const TillGs1 *gs1, guint index);
/* The data of an identifier; NULL: not there. "10" is the batch, "21" the serial number. */
const char *till_gs1_find(const TillGs1 *gs1, const char *ai);
/* The item sold (01). FALSE: names none. out14: TILL_GTIN_TEXT bytes. */
gboolean till_gs1_gtin(const TillGs1 *gs1, char *out14) G_GNUC_WARN_UNUSED_RESULT;

/* A measure with its decimal places in the identifier ("310": net weight in kg) in thousandths,
 * rounded half up. FALSE: not there. */
gboolean till_gs1_measure(const TillGs1 *gs1, const char *family,
			  gint64 *out_milli) G_GNUC_WARN_UNUSED_RESULT;
/* Net weight in kg, net volume in l, length in m or pieces (30), whichever is there, in
 * thousandths; out_unit is an item's unit: "kg", "l", "m", "ea". FALSE: none of them. */
gboolean till_gs1_quantity(const TillGs1 *gs1, gint64 *out_milli,
			   const char **out_unit) G_GNUC_WARN_UNUSED_RESULT;
/* What is to be paid (392n in the shop's currency, 393n in its own), in minor units rounded half
 * up. FALSE: none, or too large. */
gboolean till_gs1_price(const TillGs1 *gs1, const TillCurrency *shop, gint64 *out_minor,
			const TillCurrency **out_currency) G_GNUC_WARN_UNUSED_RESULT;
/* A date of six digits ("17": expiry). The century is the one that brings it nearest to this_year
 * (General Specifications: up to 50 years ahead, 49 back); day 00 is the last of its month. FALSE:
 * not there. */
gboolean till_gs1_date(const TillGs1 *gs1, const char *ai, guint this_year,
		       GDate *out_date) G_GNUC_WARN_UNUSED_RESULT;

/* A sentence for the person at the scanner. Static. */
const char *till_gs1_words(TillGs1Result result);

G_END_DECLS
