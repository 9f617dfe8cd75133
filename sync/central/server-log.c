/* SPDX-License-Identifier: Apache-2.0 */
#include "server-log.h"

#include <stdio.h>

#include "clock.h"

void
till_server_log(const char *event, const char *format, ...)
{
	g_autofree char *time = till_clock_format_utc(till_clock_wall_ms(till_clock_system()));
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	for (char *p = words; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	}
	/* One call a line, so that lines of several threads do not mix. */
	fprintf(stderr, "%s %s %s\n", time, event, words);
}
