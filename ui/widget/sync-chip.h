/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The pill that tells the truth about the connection, in words and a dot; pressing it opens the
 * sync page. Its colour follows the state, its words count down.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SYNC_CHIP (till_sync_chip_get_type())
G_DECLARE_FINAL_TYPE(TillSyncChip, till_sync_chip, TILL, SYNC_CHIP, TillView)

G_END_DECLS
