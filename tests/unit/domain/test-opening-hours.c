/* SPDX-License-Identifier: Apache-2.0 */
#include "opening-hours.h"

#include "error.h"
#include "till-test.h"

#define WEEK "mon-fri 09:00-20:00, sat 10:00-13:00, sat 14:00-18:00"

static TillOpeningHours
read_hours(const char *text)
{
	TillOpeningHours hours;

	g_assert_true(till_opening_hours_parse(text, &hours, NULL));
	return hours;
}

static gint64
at(GTimeZone *zone, const char *text)
{
	g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(text, zone);

	g_assert_nonnull(moment);
	return g_date_time_to_unix(moment) * 1000;
}

static void
check(const char *hours_text, const char *now, gint64 minutes, const char *expected)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
	TillOpeningHours hours = read_hours(hours_text);
	gint64 found = till_opening_hours_after(&hours, zone, at(zone, now), minutes);

	g_assert_cmpint(found, ==, at(zone, expected));
}

static void
test_only_opening_time_counts(void)
{
	check(WEEK, "2026-11-24T10:00:00", 120, "2026-11-24T12:00:00");
	check(WEEK, "2026-11-24T07:00:00", 120, "2026-11-24T11:00:00");
	check(WEEK, "2026-11-24T19:00:00", 120, "2026-11-25T10:00:00");
	check(WEEK, "2026-11-27T19:59:00", 61, "2026-11-28T11:00:00");
	check(WEEK, "2026-11-28T12:30:00", 60, "2026-11-28T14:30:00");
	check(WEEK, "2026-11-28T19:00:00", 0, "2026-11-30T09:00:00");
	check(WEEK, "2026-11-24T10:00:00", 0, "2026-11-24T10:00:00");
	check("sun 00:00-24:00", "2026-11-24T10:00:00", 1441, "2026-12-06T00:01:00");
}

static void
test_always_open(void)
{
	check("", "2026-11-24T23:00:00", 120, "2026-11-25T01:00:00");
}

/* The clock goes back on 1 November 2026 at two: the night has an hour more, the day does not. */
static void
test_the_clock_may_leap(void)
{
	check("sun 00:00-06:00", "2026-11-01T00:00:00", 7 * 60, "2026-11-01T06:00:00");
}

static void
test_what_makes_no_sense_is_refused(void)
{
	static const char *const texts[] = {
	    "mon",
	    "mon 9:00-20:00",
	    "mon 09:00-09:00",
	    "mon 20:00-09:00",
	    "mon 09:00-24:01",
	    "mon 09:60-10:00",
	    "fri-mon 09:00-20:00",
	    "mon-tue-wed 09:00-20:00",
	    "moon 09:00-20:00",
	    "mon 09:00-12:00, mon 11:00-13:00",
	    "mon-fri 09:00-20:00,",
	    "mon 09:00 20:00",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		TillOpeningHours hours;
		g_test_message("%s", texts[i]);
		g_assert_false(till_opening_hours_parse(texts[i], &hours, &error));
		g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	}
}

static void
test_spans_stand_in_order(void)
{
	TillOpeningHours hours =
	    read_hours("sat 14:00-18:00, mon-tue 09:00-10:00, sat 10:00-14:00");

	g_assert_cmpuint(hours.count, ==, 4);
	g_assert_cmpuint(hours.spans[0].day, ==, 1);
	g_assert_cmpuint(hours.spans[2].from_minute, ==, 600);
	g_assert_cmpuint(hours.spans[3].from_minute, ==, 840);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/opening-hours/only-opening-time-counts",
			test_only_opening_time_counts);
	g_test_add_func("/domain/opening-hours/always-open", test_always_open);
	g_test_add_func("/domain/opening-hours/the-clock-may-leap", test_the_clock_may_leap);
	g_test_add_func("/domain/opening-hours/what-makes-no-sense-is-refused",
			test_what_makes_no_sense_is_refused);
	g_test_add_func("/domain/opening-hours/spans-stand-in-order", test_spans_stand_in_order);
	return g_test_run();
}
