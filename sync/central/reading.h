/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "id.h"

/* Which entries are being read at this moment, in a mapped file that outlives a crash of this
 * process.
 *
 * Committing a counter before each entry would cost a sync per batch; a store to mapped memory
 * costs nothing and names the very entry that was in hand. At the next start the names are turned
 * into committed counts (table attempt), before anything is served; an entry that was in hand twice
 * is from then on kept raw and held.
 *
 * Threads: begin and end any; open and close the creator's. */

G_BEGIN_DECLS

typedef struct TillReading TillReading;

/* Maps path. out_left: array of TillUuid, appended to: what was in hand when the last process died.
 */
TillReading *till_reading_open(const char *path, GArray *out_left,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets what was left, once it is counted. */
void till_reading_forget(TillReading *reading);
/* The slot taken, for end; -1 when so many read at once that this one goes unnamed. */
int till_reading_begin(TillReading *reading, const TillUuid *txn);
void till_reading_end(TillReading *reading, int slot);
void till_reading_close(TillReading *reading);

G_END_DECLS
