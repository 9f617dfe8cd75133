/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "db.h"
#include "price.h"

/* The rules of a store from the central's own tables, as a till has them from its cache: currency,
 * settings, taxes, promotions, how often limited offers were used. Prices come with their items
 * (counter.h).
 *
 * Threads: the one that owns db. */

G_BEGIN_DECLS

/* Fills out, which the caller clears in any case. fulfilment: how the goods are handed over
 * (tax.h). TILL_ERROR_NOT_FOUND: there is no such store; TILL_ERROR_INVALID: a setting or tax that
 * this release cannot work with, which it names. */
gboolean till_rules_load(TillDb *db, const char *store_code, const char *fulfilment,
			 TillPriceRules *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same as it was at a number of the store's feed (past.h). */
#define TILL_RULES_NOW G_MAXINT64
gboolean till_rules_load_at(TillDb *db, const char *store_code, const char *fulfilment,
			    gint64 number, TillPriceRules *out,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the chain's promotions and the cursors of both feeds at this moment. */
gboolean till_rules_read(TillCentral *central, const char *store_code, const char *fulfilment,
			 TillPriceRules *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How often offers were used: by everybody, and by this shopper; of coupons only theirs. NULL with
 * error. */
TillPriceUses *till_rules_uses(TillDb *db, const TillShopper *shopper, GError **error);

/* Now, by the clock of the store. channel and store_code are borrowed by out. */
gboolean till_rules_moment(TillCentral *central, const char *store_code, const char *channel,
			   TillPriceMoment *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A store's setting; fallback when it is not set. NULL with error. Caller frees. */
char *till_rules_setting(TillDb *db, const char *store_code, const char *name, const char *fallback,
			 GError **error);

G_END_DECLS
