/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"

#include <string.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#include "money.h"
#include "quantity.h"
#include "text.h"

#define TEXT_MAX 160
#define DAY_MS (86400 * G_GINT64_CONSTANT(1000))

struct TillFormat {
	const TillCurrency *currency;
	char locale[64];
	UChar zone[64]; /* empty: the machine's */
	char decimal_sign[8];
	UNumberFormatter *money;
	UNumberFormatter *money_whole;
	UNumberFormatter *pieces;
	UNumberFormatter *weight;
	UFormattedNumber *result;
	UDateFormat *time;
	UDateFormat *date;
	UDateFormat *weekday;
};

static void
choose_locale(TillFormat *format, const char *locale)
{
	UErrorCode status = U_ZERO_ERROR;

	if (locale == NULL || *locale == '\0' || g_str_has_prefix(locale, "C.") ||
	    strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
		locale = "en_US";
	uloc_canonicalize(locale, format->locale, sizeof format->locale, &status);
	if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING)
		g_strlcpy(format->locale, "en_US", sizeof format->locale);
}

static UNumberFormatter *
open_numbers(const TillFormat *format, const char *skeleton)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[64];
	UNumberFormatter *numbers;

	u_uastrncpy(wide, skeleton, G_N_ELEMENTS(wide) - 1);
	wide[G_N_ELEMENTS(wide) - 1] = 0;
	numbers = unumf_openForSkeletonAndLocale(wide, -1, format->locale, &status);
	g_assert(U_SUCCESS(status));
	return numbers;
}

static UDateFormat *
open_dates(TillFormat *format, UDateFormatStyle date_style)
{
	UErrorCode status = U_ZERO_ERROR;
	UDateFormat *dates;

	dates = udat_open(UDAT_NONE, date_style, format->locale,
			  format->zone[0] ? format->zone : NULL, -1, NULL, 0, &status);
	g_assert(U_SUCCESS(status));
	return dates;
}

static UDateFormat *
open_pattern(TillFormat *format, const UChar *pattern)
{
	UErrorCode status = U_ZERO_ERROR;
	UDateFormat *times;

	times = udat_open(UDAT_PATTERN, UDAT_PATTERN, format->locale,
			  format->zone[0] ? format->zone : NULL, -1, pattern, -1, &status);
	g_assert(U_SUCCESS(status));
	return times;
}

static void
find_decimal_sign(TillFormat *format)
{
	UErrorCode status = U_ZERO_ERROR;
	UNumberFormat *numbers = unum_open(UNUM_DECIMAL, NULL, 0, format->locale, NULL, &status);
	UChar wide[8] = {0};

	if (U_SUCCESS(status))
		unum_getSymbol(numbers, UNUM_DECIMAL_SEPARATOR_SYMBOL, wide, G_N_ELEMENTS(wide),
			       &status);
	u_strToUTF8(format->decimal_sign, sizeof format->decimal_sign, NULL, wide, -1, &status);
	if (U_FAILURE(status) || format->decimal_sign[0] == '\0')
		g_strlcpy(format->decimal_sign, ".", sizeof format->decimal_sign);
	unum_close(numbers);
}

TillFormat *
till_format_new(const char *locale, const TillCurrency *currency, const char *time_zone)
{
	TillFormat *format = g_new0(TillFormat, 1);
	UErrorCode status = U_ZERO_ERROR;
	g_autofree char *whole = g_strdup_printf("currency/%s precision-integer", currency->code);
	g_autofree char *exact = NULL;

	g_assert(currency->exponent <= 4);
	format->currency = currency;
	choose_locale(format, locale);
	if (time_zone != NULL && *time_zone != '\0')
		u_uastrncpy(format->zone, time_zone, G_N_ELEMENTS(format->zone) - 1);
	/* Exactly the digits that the minor unit has: what is shown is what is charged. */
	if (currency->exponent > 0)
		exact = g_strdup_printf("currency/%s .%.*s", currency->code, currency->exponent,
					"0000");
	format->money = open_numbers(format, exact ? exact : whole);
	format->money_whole = open_numbers(format, whole);
	format->pieces = open_numbers(format, "precision-integer");
	format->weight = open_numbers(format, ".000");
	format->result = unumf_openResult(&status);
	g_assert(U_SUCCESS(status));
	/* Tills show 24-hour times everywhere: shift plans and receipts do. */
	format->time = open_pattern(format, u"HH:mm");
	format->weekday = open_pattern(format, u"EEE");
	format->date = open_dates(format, UDAT_MEDIUM);
	find_decimal_sign(format);
	return format;
}

void
till_format_free(TillFormat *format)
{
	if (format == NULL)
		return;
	unumf_close(format->money);
	unumf_close(format->money_whole);
	unumf_close(format->pieces);
	unumf_close(format->weight);
	unumf_closeResult(format->result);
	udat_close(format->time);
	udat_close(format->date);
	udat_close(format->weekday);
	g_free(format);
}

const TillCurrency *
till_format_currency(const TillFormat *format)
{
	return format->currency;
}

static char *
format_decimal(TillFormat *format, const UNumberFormatter *numbers, const char *decimal)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[TEXT_MAX];
	char text[TEXT_MAX * 3];

	unumf_formatDecimal(numbers, decimal, -1, format->result, &status);
	unumf_resultToString(format->result, wide, G_N_ELEMENTS(wide), &status);
	u_strToUTF8(text, sizeof text, NULL, wide, -1, &status);
	return U_SUCCESS(status) ? g_strdup(text) : g_strdup(decimal);
}

char *
till_format_money(TillFormat *format, gint64 minor)
{
	g_autofree char *decimal = till_money_format(minor, format->currency);

	return format_decimal(format, format->money, decimal);
}

char *
till_format_money_short(TillFormat *format, gint64 minor)
{
	g_autofree char *decimal = till_money_format(minor, format->currency);
	gint64 unit = 1;

	for (int i = 0; i < format->currency->exponent; i++)
		unit *= 10;
	return format_decimal(format, minor % unit == 0 ? format->money_whole : format->money,
			      decimal);
}

char *
till_format_quantity(TillFormat *format, gint64 quantity_milli)
{
	g_autofree char *decimal = till_quantity_format(quantity_milli);
	gboolean whole = quantity_milli % TILL_QUANTITY_ONE == 0;

	return format_decimal(format, whole ? format->pieces : format->weight, decimal);
}

char *
till_format_item_quantity(TillFormat *format, const TillItem *item, gint64 quantity_milli)
{
	g_autofree char *decimal = NULL;
	g_autofree char *number = NULL;

	if (!item->weighed)
		return till_format_quantity(format, quantity_milli);
	decimal = till_quantity_format(quantity_milli);
	number = format_decimal(format, format->weight, decimal);
	return g_strdup_printf("%s %s", number, item->unit);
}

char *
till_format_percent(TillFormat *format, gint64 rate_ppm)
{
	g_autofree char *decimal = till_text_format_decimal(rate_ppm, 4);
	g_auto(GStrv) parts = g_strsplit(decimal, ".", 2);
	gsize length = strlen(parts[1]);

	while (length > 0 && parts[1][length - 1] == '0')
		parts[1][--length] = '\0';
	if (length == 0)
		return g_strdup_printf("%s%%", parts[0]);
	return g_strdup_printf("%s%s%s%%", parts[0], format->decimal_sign, parts[1]);
}

char *
till_format_capital(const char *word)
{
	GString *label = g_string_new(NULL);

	if (*word == '\0')
		return g_string_free(label, FALSE);
	g_string_append_unichar(label, g_unichar_totitle(g_utf8_get_char(word)));
	g_string_append(label, g_utf8_next_char(word));
	return g_string_free(label, FALSE);
}

char *
till_format_initials(const char *name)
{
	g_auto(GStrv) words = g_strsplit(name, " ", -1);
	GString *initials = g_string_new(NULL);
	guint count = 0;

	for (guint i = 0; words[i] != NULL && count < 2; i++) {
		if (*words[i] == '\0')
			continue;
		g_string_append_unichar(initials, g_unichar_toupper(g_utf8_get_char(words[i])));
		count++;
	}
	return g_string_free(initials, FALSE);
}

static char *
format_moment(UDateFormat *dates, gint64 wall_ms)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar wide[TEXT_MAX];
	char text[TEXT_MAX * 3];

	udat_format(dates, (UDate)wall_ms, wide, G_N_ELEMENTS(wide), NULL, &status);
	u_strToUTF8(text, sizeof text, NULL, wide, -1, &status);
	return U_SUCCESS(status) ? g_strdup(text) : g_strdup("");
}

char *
till_format_time(TillFormat *format, gint64 wall_ms)
{
	return format_moment(format->time, wall_ms);
}

char *
till_format_date(TillFormat *format, gint64 wall_ms)
{
	return format_moment(format->date, wall_ms);
}

char *
till_format_date_time(TillFormat *format, gint64 wall_ms)
{
	g_autofree char *date = format_moment(format->date, wall_ms);
	g_autofree char *time = format_moment(format->time, wall_ms);

	return g_strdup_printf("%s, %s", date, time);
}

char *
till_format_near(TillFormat *format, gint64 wall_ms, gint64 now_ms)
{
	g_autofree char *date = till_format_date(format, wall_ms);
	g_autofree char *today = till_format_date(format, now_ms);
	g_autofree char *tomorrow = till_format_date(format, now_ms + DAY_MS);
	g_autofree char *time = till_format_time(format, wall_ms);

	if (strcmp(date, today) == 0)
		return g_strdup_printf("today %s", time);
	if (strcmp(date, tomorrow) == 0)
		return g_strdup_printf("tomorrow %s", time);
	if (wall_ms > now_ms && wall_ms - now_ms < 6 * DAY_MS)
		return format_moment(format->weekday, wall_ms);
	return g_steal_pointer(&date);
}

char *
till_format_wait(gint64 wait_ms)
{
	gint64 seconds = MAX(wait_ms, 0) / 1000;
	gint64 hours = seconds / 3600;

	if (hours > 0)
		return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d", hours,
				       (int)(seconds / 60 % 60), (int)(seconds % 60));
	return g_strdup_printf("%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

char *
till_format_age(gint64 seconds)
{
	if (seconds < 2)
		return g_strdup("just now");
	if (seconds < 120)
		return g_strdup_printf("%" G_GINT64_FORMAT " s", seconds);
	if (seconds < 2 * 3600)
		return g_strdup_printf("%" G_GINT64_FORMAT " min", seconds / 60);
	if (seconds < 2 * 86400)
		return g_strdup_printf("%" G_GINT64_FORMAT " h", seconds / 3600);
	return g_strdup_printf("%" G_GINT64_FORMAT " days", seconds / 86400);
}

const char *
till_format_decimal_sign(const TillFormat *format)
{
	return format->decimal_sign;
}
