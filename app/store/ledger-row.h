/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ledger.h"

/* The one reader and the one writer of journal rows. Private to this layer.
 *
 * Threads: store. */

G_BEGIN_DECLS

/* The columns till_ledger_row_read expects, in its order. */
#define TILL_LEDGER_ROW_COLUMNS                                                                    \
	"ordinal, seq, txn, type, version, wall_ms, mono_ms, boot, offset_ms, uncertainty_ms, "    \
	"business_date, shift, cursor, orig_incarnation, orig_seq, body_hash, chain, signature, "  \
	"body"

/* The entry of a statement's current row. TILL_ERROR_CORRUPT when a value has the wrong shape. */
TillEntry *till_ledger_row_read(TillLedger *ledger, sqlite3_stmt *row,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Inserts an entry under the ordinal of its incarnation; inside a transaction. */
gboolean till_ledger_row_write(TillLedger *ledger, gint64 ordinal, const TillEntry *entry,
			       const char *receipt, gint64 total_minor,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Receipt number and total of an entry that comes back from outside, read from its body; "" and 0
 * when it has none. Caller frees out_receipt. */
void till_ledger_row_describe(const TillEntry *entry, char **out_receipt, gint64 *out_total_minor);

/* Steps a prepared query of the above columns once. NULL without error when there is no row. */
TillEntry *till_ledger_row_next(TillLedger *ledger, sqlite3_stmt *statement,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
