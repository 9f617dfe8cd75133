/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store.h"

/* Wrong PINs in a row, kept in the ledger so that a restart does not forgive them.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct {
	guint count;     /* wrong PINs in a row; 0: none */
	gint64 until_ms; /* wall time before which the next try is refused; 0: none */
} TillSigninFailures;

gboolean till_signin_failures_get(TillStore *store, const char *staff_id, TillSigninFailures *out,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* count 0 after a right PIN. */
gboolean till_signin_failures_set(TillStore *store, const char *staff_id,
				  TillSigninFailures failures,
				  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
