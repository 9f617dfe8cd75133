/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "messages.h"

/* Every message behind one shape, so that the same checks run over all of them.
 *
 * Threads: the test's. */

typedef struct {
	const char *name; /* of tests/data/wire/<name>.json */
	/* Reads and writes back. NULL with error set when it cannot be read. */
	json_t *(*round_trip)(const json_t *json, GError **error);
	const char *required; /* "a,b.c,d[0].e": paths of fields without which it is refused */
} WireMessage;

/* Ended by a row without a name. */
extern const WireMessage wire_messages[];

json_t *wire_messages_golden(const char *name);
