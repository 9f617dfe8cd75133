/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "catalog.h"
#include "identity.h"
#include "register.h"
#include "store.h"

/* What the files of the register share. A use case is a job: a struct with copies of what was
 * asked, a function that runs on the store thread and leaves the answer in it, a completion that
 * hands the answer over. Jobs know the store (their worker's owner) and never the register, so a
 * register may go while jobs are under way.
 *
 * Threads: run functions store; all else those of the store's creator. */

G_BEGIN_DECLS

struct TillRegister {
	TillStore *store; /* borrowed: outlives the register and its jobs */
};

/* A sale's receipt as the shop prints it. Store thread. Caller frees. */
char *till_register_private_receipt(const TillShop *shop, const TillSale *sale, guint copy);

/* The day at the store, "2026-11-23": what a row is filed under until shifts exist. Caller frees.
 */
char *till_register_private_date(gint64 wall_ms, const char *time_zone);

G_END_DECLS
