/* SPDX-License-Identifier: Apache-2.0 */
#include "opening-hours.h"

#include <stdlib.h>
#include <string.h>

#include "error.h"

#define MINUTE_MS 60000
#define DAY_MINUTES 1440
#define DAYS_AHEAD 366

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* --- reading --- */

static gboolean
read_day(const char *text, guint *out)
{
	for (guint i = 0; i < G_N_ELEMENTS(day_names); i++) {
		if (g_ascii_strcasecmp(text, day_names[i]) == 0) {
			*out = i + 1;
			return TRUE;
		}
	}
	return FALSE;
}

/* "09:00", two digits each. */
static gboolean
read_minute(const char *text, guint *out)
{
	guint minutes;

	if (strlen(text) != 5 || text[2] != ':')
		return FALSE;
	for (guint i = 0; i < 5; i++) {
		if (i != 2 && !g_ascii_isdigit(text[i]))
			return FALSE;
	}
	minutes = (guint)(g_ascii_digit_value(text[0]) * 10 + g_ascii_digit_value(text[1])) * 60 +
		  (guint)(g_ascii_digit_value(text[3]) * 10 + g_ascii_digit_value(text[4]));
	if (text[3] > '5' || minutes > DAY_MINUTES)
		return FALSE;
	*out = minutes;
	return TRUE;
}

/* One thing, or two with a dash between. */
static gboolean
read_pair(const char *text, gboolean (*read)(const char *text, guint *out), guint *out_from,
	  guint *out_to)
{
	g_auto(GStrv) parts = g_strsplit(text, "-", 3);
	guint count = g_strv_length(parts);

	if (count == 0 || count > 2 || !read(parts[0], out_from))
		return FALSE;
	if (count == 2)
		return read(parts[1], out_to) && *out_from <= *out_to;
	*out_to = *out_from;
	return TRUE;
}

static gboolean
add_span(TillOpeningHours *hours, const TillOpeningSpan *span)
{
	guint place = hours->count;

	if (hours->count == TILL_OPENING_SPANS_MAX)
		return FALSE;
	for (; place > 0; place--) {
		const TillOpeningSpan *before = &hours->spans[place - 1];
		if (before->day < span->day ||
		    (before->day == span->day && before->to_minute <= span->from_minute))
			break;
		if (before->day == span->day && before->from_minute < span->to_minute)
			return FALSE;
		hours->spans[place] = *before;
	}
	hours->spans[place] = *span;
	hours->count++;
	return TRUE;
}

static gboolean
read_part(const char *part, TillOpeningHours *hours)
{
	g_auto(GStrv) words = g_strsplit(part, " ", 3);
	TillOpeningSpan span;
	guint last;

	if (g_strv_length(words) != 2 || !read_pair(words[0], read_day, &span.day, &last) ||
	    !read_pair(words[1], read_minute, &span.from_minute, &span.to_minute) ||
	    span.from_minute == span.to_minute)
		return FALSE;
	for (; span.day <= last; span.day++) {
		if (!add_span(hours, &span))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_opening_hours_parse(const char *text, TillOpeningHours *out, GError **error)
{
	TillOpeningHours hours = {.count = 0};
	g_auto(GStrv) parts = g_strsplit(text, ",", TILL_OPENING_SPANS_MAX + 1);

	for (char **part = parts; *text != '\0' && *part != NULL; part++) {
		if (!read_part(g_strstrip(*part), &hours)) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "\"%.60s\" is no opening time. Say for example \"mon-fri "
				    "09:00-20:00, sat 10:00-18:00\".",
				    *part);
			return FALSE;
		}
	}
	*out = hours;
	return TRUE;
}

/* --- counting --- */

/* A minute of a day by the store's clock. A time that the clock leaps over is the one after. */
static gint64
find_moment(GTimeZone *zone, GDateTime *day, guint minute)
{
	g_autoptr(GDateTime) next = NULL;
	g_autoptr(GDateTime) moment = NULL;

	if (minute == DAY_MINUTES) {
		next = g_date_time_add_days(day, 1);
		minute = 0;
	}
	if (next == NULL)
		next = g_date_time_ref(day);
	moment = g_date_time_new(zone, g_date_time_get_year(next), g_date_time_get_month(next),
				 g_date_time_get_day_of_month(next), (int)(minute / 60),
				 (int)(minute % 60), 0);
	return moment != NULL ? g_date_time_to_unix(moment) * 1000 : 0;
}

/* What is left of the work after one span; the moment it is done in *out, when it is. */
static gint64
work_through(gint64 from_ms, gint64 to_ms, gint64 now_ms, gint64 left_ms, gint64 *out)
{
	gint64 start_ms = MAX(from_ms, now_ms);

	if (start_ms >= to_ms)
		return left_ms;
	if (left_ms <= to_ms - start_ms)
		*out = start_ms + left_ms;
	return left_ms - (to_ms - start_ms);
}

gint64
till_opening_hours_after(const TillOpeningHours *hours, GTimeZone *zone, gint64 now_ms,
			 gint64 minutes)
{
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now_ms / 1000);
	g_autoptr(GDateTime) day = utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
	gint64 left_ms = minutes * MINUTE_MS;
	gint64 done_ms = 0;

	for (guint i = 0; day != NULL && hours->count > 0 && i < DAYS_AHEAD; i++) {
		guint weekday = (guint)g_date_time_get_day_of_week(day);
		GDateTime *next;
		for (guint j = 0; j < hours->count && done_ms == 0; j++) {
			const TillOpeningSpan *span = &hours->spans[j];
			if (span->day == weekday)
				left_ms = work_through(find_moment(zone, day, span->from_minute),
						       find_moment(zone, day, span->to_minute),
						       now_ms, left_ms, &done_ms);
		}
		if (done_ms != 0)
			return done_ms;
		next = g_date_time_add_days(day, 1);
		g_date_time_unref(day);
		day = next;
	}
	return now_ms + minutes * MINUTE_MS;
}
