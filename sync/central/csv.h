/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Comma-separated files as people's programs write them (RFC 4180 and its common departures).
 *
 * Comma or semicolon (whichever the first line has more of, outside quotes), CR LF or LF, a
 * byte-order mark, quoted cells with doubled quotes and line breaks inside, cells padded with
 * spaces around their quotes. Blank lines are skipped. Text must be UTF-8. Cells are trimmed of
 * spaces unless they were quoted.
 *
 * Threads: one at a time. Limits: 200 columns, 64 KiB a cell. */

G_BEGIN_DECLS

#define TILL_CSV_COLUMNS_MAX 200
#define TILL_CSV_CELL_MAX (64 * 1024)

typedef struct TillCsv TillCsv;

/* text is borrowed and outlives the reader. TILL_ERROR_INVALID when it is not UTF-8. */
TillCsv *till_csv_new(const char *text, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_csv_free(TillCsv *csv);

/* The next record. TRUE: cells hold it until the next call. FALSE: the end, or error
 * (TILL_ERROR_INVALID: a quote that never closes, too many columns). */
gboolean till_csv_next(TillCsv *csv, GError **error);
guint till_csv_count(const TillCsv *csv);
/* "" beyond the end. Borrowed until the next record. */
const char *till_csv_cell(const TillCsv *csv, guint index);
/* Line where the record starts, from 1. */
guint till_csv_line(const TillCsv *csv);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCsv, till_csv_free)

G_END_DECLS
