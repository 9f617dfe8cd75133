/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <string.h>

#include "till-test.h"

#define YEAR_2025_MS G_GINT64_CONSTANT(1735689600000)

static void
test_format(void)
{
	static const struct {
		gint64 wall_ms;
		const char *text;
	} rows[] = {
	    {0, "1970-01-01T00:00:00.000Z"},
	    {-1, "1969-12-31T23:59:59.999Z"},
	    {-1000, "1969-12-31T23:59:59.000Z"},
	    {G_GINT64_CONSTANT(1795444325123), "2026-11-23T14:32:05.123Z"},
	    {G_GINT64_CONSTANT(951782400000), "2000-02-29T00:00:00.000Z"},
	    {G_MAXINT64, "9999-12-31T23:59:59.999Z"},
	    {G_MININT64, "0000-01-01T00:00:00.000Z"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = till_clock_format_utc(rows[i].wall_ms);
		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

static void
test_system_is_plausible(void)
{
	const TillClock *clock = till_clock_system();
	g_assert_cmpint(till_clock_wall_ms(clock), >, YEAR_2025_MS);
	gint64 earlier = till_clock_mono_ms(clock);
	g_assert_cmpint(earlier, >, 0);
	g_assert_cmpint(till_clock_mono_ms(clock), >=, earlier);
}

static void
test_boot_id_is_hex_and_stays(void)
{
	const char *id = till_clock_boot_id();
	g_assert_cmpuint(strlen(id), ==, 32);
	g_assert_cmpuint(strspn(id, "0123456789abcdef"), ==, 32);
	g_assert_true(till_clock_boot_id() == id);
}

static void
test_replaced_clock_is_asked(void)
{
	TillTestClock fake;
	till_test_clock_init(&fake, 5000);
	till_test_clock_advance(&fake, 70);
	g_assert_cmpint(till_clock_wall_ms(&fake.clock), ==, 5070);
	g_assert_cmpint(till_clock_mono_ms(&fake.clock), ==, 70);
	till_test_clock_set_wall(&fake, 10);
	g_assert_cmpint(till_clock_wall_ms(&fake.clock), ==, 10);
	g_assert_cmpint(till_clock_mono_ms(&fake.clock), ==, 70);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/clock/formats-utc-with-milliseconds", test_format);
	g_test_add_func("/base/clock/system-clock-is-plausible", test_system_is_plausible);
	g_test_add_func("/base/clock/boot-id-is-hex-and-stays", test_boot_id_is_hex_and_stays);
	g_test_add_func("/base/clock/a-replaced-clock-is-asked", test_replaced_clock_is_asked);
	return g_test_run();
}
