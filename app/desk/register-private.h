/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

#include "catalog.h"
#include "identity.h"
#include "journal.h"
#include "register.h"
#include "signin.h"
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

/* A moment by the store's clocks; UTC when the zone is not known. Caller unrefs. */
GDateTime *till_register_private_local(gint64 wall_ms, const char *time_zone);

/* The member of till_catalog_staff's list; NULL: nobody. Borrowed. */
TillStaff *till_register_private_find_member(GPtrArray *staff, const char *id);

/* A PIN that was given for a person. Zeroed before, cleared after. */
typedef struct {
	TillSigninResult result;
	gboolean was_tried; /* FALSE: it had to wait, nothing was compared */
	gint64 wait_ms;
	char *words;       /* owned; NULL when right */
	TillStaff *member; /* owned */
	TillSigninFailures failures;
} TillRegisterPin;

/* Compares, and counts a wrong one. The count of a right one is taken back by forgive, once what it
 * was given for is on record. Store thread. */
gboolean till_register_private_check_pin(TillStore *store, const char *staff_id, const char *digits,
					 gsize length, TillRegisterPin *out,
					 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_register_private_forgive_pin(TillStore *store, const TillRegisterPin *pin,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_register_private_clear_pin(TillRegisterPin *pin);

#define TILL_OVERRIDE_TYPE "override"
#define TILL_OVERRIDE_VERSION 1

/* Before a sale is booked: changes by hand within their seller's limit or approved on record;
 * coupons not used up since. TILL_ERROR_INVALID with a sentence. Store thread. */
gboolean till_register_private_check_manual(TillStore *store, const TillPriced *priced,
					    GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_register_private_check_coupons(TillStore *store, const TillPriced *priced,
					     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a sale uses of limited offers, each once. Array of TillOfferUse with borrowed texts. */
GArray *till_register_private_uses(const TillPriced *priced);

/* The day at the store, "2026-11-23": what a row is filed under until shifts exist. Caller frees.
 */
char *till_register_private_date(gint64 wall_ms, const char *time_zone);

G_END_DECLS
