/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "currency.h"
#include "item.h"

/* The one place where money, quantities and times become words of the person's locale (ICU; it
 * needs no system locale). Amounts go in as exact decimal text, never as floating point.
 *
 * Threads: main. Every returned text is the caller's to free. */

G_BEGIN_DECLS

typedef struct TillFormat TillFormat;

/* locale: "en_US", "de_DE.UTF-8"; NULL, "", "C" and "POSIX" mean en_US. currency is static.
 * time_zone: "Europe/Berlin"; NULL or unknown: the machine's. */
TillFormat *till_format_new(const char *locale, const TillCurrency *currency,
			    const char *time_zone);
void till_format_free(TillFormat *format);
const TillCurrency *till_format_currency(const TillFormat *format);

char *till_format_money(TillFormat *format, gint64 minor); /* "$173.11" */
char *till_format_money_short(TillFormat *format,
			      gint64 minor); /* "$175" when there are no cents */
char *till_format_quantity(TillFormat *format, gint64 quantity_milli); /* "2", "0.640" */
/* "2" for pieces, "0.640 kg" for what is weighed. */
char *till_format_item_quantity(TillFormat *format, const TillItem *item, gint64 quantity_milli);
/* "10%", "12.5%" for a rate in ppm, as exact as it is. */
char *till_format_percent(TillFormat *format, gint64 rate_ppm);
/* A word of data as a label: "damaged" → "Damaged". */
char *till_format_capital(const char *word);
/* "Ines Moreau" → "IM": two letters at most, whatever the script. */
char *till_format_initials(const char *name);
char *till_format_time(TillFormat *format, gint64 wall_ms);      /* "14:32" */
char *till_format_date(TillFormat *format, gint64 wall_ms);      /* "Nov 23, 2026" */
char *till_format_date_time(TillFormat *format, gint64 wall_ms); /* "Nov 23, 2026, 14:32" */
/* A moment not far from now: "today 21:00", "tomorrow 09:00", "Sat", else the date. */
char *till_format_near(TillFormat *format, gint64 wall_ms, gint64 now_ms);
char *till_format_wait(gint64 wait_ms); /* "1:12", "1:02:05" from an hour on */
/* "just now", "8 s", "12 min", "3 h", "2 days". */
char *till_format_age(gint64 seconds);
/* The decimal sign of the locale, for keypads: "." or ",". Borrowed. */
const char *till_format_decimal_sign(const TillFormat *format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillFormat, till_format_free)

G_END_DECLS
