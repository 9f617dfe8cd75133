/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "gs1.h"

/* Whether the data of an application identifier is what its row in the table asks for.
 *
 * Not looked into: the inside of coupons (8110, 8112), addresses and regulated texts beyond their
 * characters and lengths, whether a company prefix was ever given out.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* parts as in gs1-table.h; value need not end with NUL. */
TillGs1Result till_gs1_check(const char *parts, const char *value,
			     gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
