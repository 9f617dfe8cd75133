/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "arguments.h"
#include "register.h"

/* Who sells at a command line, and who lets a price pass that the seller may not change so far:
 *
 *   --staff ID                   the seller; without it "tillctl", who changes no price
 *   --approve ID --pin-file FILE the second person; the file holds their PIN on its first line
 *
 * Threads: main only; approving blocks. */

G_BEGIN_DECLS

typedef struct {
	char *staff_id;          /* owned; "tillctl" when nobody is named */
	char *staff_name;        /* owned */
	gboolean named;          /* valid with it: */
	TillRole role;           /* of the seller */
	const char *approver_id; /* borrowed; NULL: nobody */
	char *pin;               /* owned, wiped when cleared; NULL: none */
} TillSeller;

/* Reads the three options; out is zeroed before and cleared after. */
gboolean till_seller_read(TillSeller *out, const TillArguments *arguments, TillRegister *reg,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_seller_clear(TillSeller *seller);

/* Asks the second person for each line of priced that the seller may not change alone, and writes
 * on the basket who let it pass. out_changed: whether it has to be priced again. A refusal is an
 * error with the sentence of the desk. */
gboolean till_seller_approve(const TillSeller *seller, TillRegister *reg,
			     const TillRegisterShop *shop, const TillPriced *priced,
			     TillBasket *basket, gboolean *out_changed,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
