/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "json.h"
#include "rounding.h"

/* A person's change to the price of a line: another price, or something off it. It says why, who,
 * and who approved it; the price it replaced is kept. Promotions work on what is left, and such a
 * line counts as reduced.
 *
 * Threads: any (pure); values, whose texts belong to whoever holds them. */

G_BEGIN_DECLS

#define TILL_MANUAL_REASON_MAX 200 /* bytes */

typedef enum {
	TILL_MANUAL_NONE,
	TILL_MANUAL_PRICE,   /* of one unit, instead of the list price */
	TILL_MANUAL_AMOUNT,  /* off the line */
	TILL_MANUAL_PERCENT, /* off the line */
} TillManualKind;

/* Zeroed: none. Texts owned. */
typedef struct {
	TillManualKind kind;
	gint64 value;          /* minor units, or ppm */
	gint64 original_minor; /* the unit price it replaced; set when the basket is priced */
	char *reason;          /* a code or words; never empty */
	char *staff;           /* id of who did it */
	char *approved_by;     /* id of a second person; "" */
} TillManual;

/* "none", "price", "amount", "percent". Static. */
const char *till_manual_kind_name(TillManualKind kind);

void till_manual_clear(TillManual *manual);
/* Copies the texts; what to held is cleared. */
void till_manual_set(TillManual *to, const TillManual *from);
/* Whether it makes sense: a price ≥ 0, an amount > 0, 0 to 100 %, a reason. */
gboolean till_manual_is_sound(const TillManual *manual);

/* What comes off a line that costs list_minor; 0 for another price. Never more than the line. */
gint64 till_manual_discount(const TillManual *manual, gint64 list_minor, TillRounding rounding);

/* How far a role may go on its own; both bounds hold. 0: not at all, G_MAXINT64: no bound. */
typedef struct {
	gint64 percent_ppm;
	gint64 amount_minor;
} TillManualLimit;

/* Whether a second person must approve: from what the list says (by the original price) to what is
 * paid. A higher price needs nobody. */
gboolean till_manual_needs_approval(const TillManualLimit *limit, gint64 list_minor,
				    gint64 paid_minor);

/* {kind, value, original_minor?, reason, staff, approved_by?}. */
json_t *till_manual_write(const TillManual *manual);
/* Reads the field "manual" of an object; absent: none. Faults go to the reader. */
void till_manual_read(TillJsonReader *parent, TillManual *out);
/* The same for what somebody asks for: {kind, value, reason}. Who they are, and who lets it pass,
 * is not for the asker to say and stays empty. */
void till_manual_read_wish(TillJsonReader *parent, TillManual *out);

G_END_DECLS
