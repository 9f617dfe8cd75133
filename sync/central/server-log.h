/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The central's log: one line an event on standard error, "2026-11-23T14:32:05.123Z enrolled
 * store=014 …". Never a secret, never a body, never a customer.
 *
 * Threads: any. */

G_BEGIN_DECLS

/* event: one word. format: "name=value" pairs; control characters from outside are removed. */
void till_server_log(const char *event, const char *format, ...) G_GNUC_PRINTF(2, 3);

G_END_DECLS
