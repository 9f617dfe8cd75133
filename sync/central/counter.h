/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "customer.h"
#include "db.h"
#include "item.h"
#include "variable-code.h"

/* What a till finds in its cache, found in the central's own tables, so that any channel is served
 * what a counter would be.
 *
 * Threads: the writer's; what is handed out is constant and goes anywhere. */

G_BEGIN_DECLS

/* The item of a barcode, SKU or PLU, with every price of it that may count in this store. NULL with
 * TILL_ERROR_NOT_FOUND when nothing has the code; it has no price when none counts now. The caller
 * owns the reference. */
TillItem *till_counter_item(TillDb *db, const char *store_code, const char *code, gint64 now_ms,
			    GError **error);

/* The item of a code that the store's patterns read a weight or price from (variable-code.h): by
 * the code without it as a barcode, else by the item's digits as SKU or PLU, with leading zeros or
 * without. NULL, with out_variable untouched, when the code is an ordinary one. */
TillItem *till_counter_variable(TillDb *db, const char *store_code, const char *code, gint64 now_ms,
				const TillVariableCodes *codes, TillVariableCode *out_variable);

/* The customer of an id, loyalty code, mail (in any case) or phone number (without its spaces,
 * dashes and brackets): the first that fits, in this order. NULL with TILL_ERROR_NOT_FOUND. The
 * caller owns the reference. */
TillCustomer *till_counter_customer(TillDb *db, const char *text, GError **error);

G_END_DECLS
