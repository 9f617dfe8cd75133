/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Memory for JSON values that live shorter than one call: a sale is read into a tree of some
 * hundred values, looked at once and dropped. Between begin and end the calling thread's values
 * come from one block that is used again for the next tree, and dropping them costs nothing. A tree
 * that is larger than the block takes the rest from malloc.
 *
 * No value made between begin and end, and no text written by json_dumps there, may outlive end.
 *
 * Threads: each has a block of its own, freed with it. */

G_BEGIN_DECLS

/* Has jansson allocate here. Before the first JSON value of the process; without it the other two
 * change nothing. */
void till_json_arena_install(void);

void till_json_arena_begin(void);
void till_json_arena_end(void);

G_END_DECLS
