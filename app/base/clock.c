/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define BOOT_ID_DIGITS 32
#define MS_PER_SECOND 1000

/* The years that four digits can write: 0000-01-01 to 9999-12-31. */
#define FORMAT_MIN_MS G_GINT64_CONSTANT(-62167219200000)
#define FORMAT_MAX_MS G_GINT64_CONSTANT(253402300799999)

static char boot_id[BOOT_ID_DIGITS + 1];
static pthread_once_t boot_id_once = PTHREAD_ONCE_INIT;

static gint64
read_clock(clockid_t id)
{
	struct timespec now;
	int result = clock_gettime(id, &now);
	g_assert(result == 0);
	return (gint64)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

static gint64
read_wall_cb(gpointer user)
{
	(void)user;
	return read_clock(CLOCK_REALTIME);
}

/* CLOCK_BOOTTIME counts suspended time too: a till that slept an hour is an hour older. */
static gint64
read_mono_cb(gpointer user)
{
	(void)user;
	return read_clock(CLOCK_BOOTTIME);
}

static void
read_boot_id(void)
{
	char raw[64] = "";
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (file != NULL) {
		if (fgets(raw, sizeof raw, file) == NULL)
			raw[0] = '\0';
		(void)fclose(file);
	}
	gsize length = 0;
	for (const char *c = raw; *c != '\0' && length < BOOT_ID_DIGITS; c++) {
		if (g_ascii_isxdigit(*c))
			boot_id[length++] = g_ascii_tolower(*c);
	}
	if (length < BOOT_ID_DIGITS)
		memset(boot_id, '0', BOOT_ID_DIGITS);
	boot_id[BOOT_ID_DIGITS] = '\0';
}

const TillClock *
till_clock_system(void)
{
	static const TillClock system_clock = {.wall_ms = read_wall_cb, .mono_ms = read_mono_cb};
	return &system_clock;
}

gint64
till_clock_wall_ms(const TillClock *clock)
{
	g_assert(clock != NULL);
	return clock->wall_ms(clock->user);
}

gint64
till_clock_mono_ms(const TillClock *clock)
{
	g_assert(clock != NULL);
	return clock->mono_ms(clock->user);
}

const char *
till_clock_boot_id(void)
{
	pthread_once(&boot_id_once, read_boot_id);
	return boot_id;
}

char *
till_clock_format_utc(gint64 wall_ms)
{
	gint64 ms = CLAMP(wall_ms, FORMAT_MIN_MS, FORMAT_MAX_MS);
	gint64 rest = ms % MS_PER_SECOND;
	if (rest < 0)
		rest += MS_PER_SECOND;
	time_t seconds = (time_t)((ms - rest) / MS_PER_SECOND);
	struct tm utc;
	struct tm *result = gmtime_r(&seconds, &utc);
	g_assert(result != NULL);
	return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
			       utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
			       (int)rest);
}
