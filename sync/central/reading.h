/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "id.h"

/* Which entry is being read at this moment, in a mapped file that outlives a crash of this process.
 *
 * Committing a counter before each entry would cost a sync per batch; a store to mapped memory
 * costs nothing and names the one entry that was in hand. At the next start the name is turned into
 * a committed count (table attempt), before anything is served; an entry that was in hand twice is
 * from then on kept raw and held.
 *
 * Threads: one (the writer; before it starts, its creator). */

G_BEGIN_DECLS

typedef struct TillReading TillReading;

/* Maps path. out_left (nullable): what was in hand when the last process died; TRUE in out_has_left
 * then. */
TillReading *till_reading_open(const char *path, TillUuid *out_left, gboolean *out_has_left,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_reading_begin(TillReading *reading, const TillUuid *txn);
void till_reading_end(TillReading *reading);
void till_reading_close(TillReading *reading);

G_END_DECLS
