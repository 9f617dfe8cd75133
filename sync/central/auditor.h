/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"

/* Prices every sale again after it was taken in, and tells the store of each that differs by a unit
 * (PRICE_MISMATCH); the sale stands.
 *
 * Sales are looked at in the order of entry.number, from a mark kept in the books. Exceptions, mark
 * and counts are written in one transaction: whatever happens, each sale is judged once. Reading
 * and writing are short visits to the writer; the work itself is done on a thread of the auditor's
 * own, which leaves four fifths of its time to the pushes while any come.
 *
 * Threads: new and free the creator's; wake any, also the writer; the rest any but the writer's. */

G_BEGIN_DECLS

/* central: borrowed. Nothing is done yet. */
TillAuditor *till_auditor_new(TillCentral *central);
/* Ends the thread within one batch; while there still is a writer. */
void till_auditor_stop(TillAuditor *auditor);
void till_auditor_free(TillAuditor *auditor);

/* From now on every sale that comes is priced again in the background. */
void till_auditor_start(TillAuditor *auditor);
/* Something was committed. */
void till_auditor_wake(TillAuditor *auditor);

typedef struct {
	gint64 repriced; /* judged: the same or different */
	gint64 unjudged;
	gint64 mismatched;
	GPtrArray *differences; /* of char*, owned: words; at most 100; NULL: not asked for */
} TillAuditorReport;

void till_auditor_report_clear(TillAuditorReport *report);

/* Judges what has not been judged yet and answers the counts of all sales. Takes its time. */
gboolean till_auditor_catch_up(TillAuditor *auditor, TillAuditorReport *out,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Judges every sale there is once more, raises nothing and writes nothing; with differences. */
gboolean till_auditor_review(TillAuditor *auditor, TillAuditorReport *out,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
