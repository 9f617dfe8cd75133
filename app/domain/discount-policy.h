/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "currency.h"
#include "manual.h"
#include "price.h"
#include "staff.h"

/* How far each role may change a price by hand, and the reasons a shop knows for it. Settings of
 * the store:
 *
 *   discount_limit.associate   "10%,20.00": both bounds hold; "15%" or "50.00" alone: the other has
 *   discount_limit.curbside    none; "none": not at all; "unlimited"
 *   discount_limit.manager
 *   discount_reasons           "damaged,price match,goodwill,display item"
 *
 * Without a setting an associate may take off 10 % and 20 units of the currency, curbside staff
 * nothing, a manager anything.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_ROLE_COUNT (TILL_ROLE_MANAGER + 1)
#define TILL_DISCOUNT_REASONS_MAX 30

typedef struct {
	TillManualLimit limits[TILL_ROLE_COUNT]; /* by TillRole */
	char **reasons;                          /* owned, NULL-terminated, never empty */
} TillDiscountPolicy;

/* The defaults, for a shop without settings. */
void till_discount_policy_init(TillDiscountPolicy *policy, const TillCurrency *currency);
void till_discount_policy_clear(TillDiscountPolicy *policy);

/* What a setting says; "" keeps the default. FALSE when it makes no sense; what stood there then
 * stays. */
gboolean till_discount_policy_set_limit(TillDiscountPolicy *policy, TillRole role, const char *text,
					const TillCurrency *currency) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_discount_policy_set_reasons(TillDiscountPolicy *policy,
					  const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* "discount_limit.associate". Caller frees. */
char *till_discount_policy_limit_name(TillRole role);

/* Whether a role may not do this alone: what the list says and what is paid, for the whole line. */
gboolean till_discount_policy_needs_approval(const TillDiscountPolicy *policy, TillRole role,
					     gint64 list_minor, gint64 paid_minor);

/* What a person's change did to a line: list_minor by the price it replaced, paid_minor before
 * promotions and tax. Equal when nothing was changed. */
void till_discount_policy_measure(const TillPricedLine *line, gint64 *out_list_minor,
				  gint64 *out_paid_minor);

/* "10 % and 20.00", "15 %", "nothing", "anything": how far a limit goes, in words. Caller frees. */
char *till_discount_policy_words(const TillManualLimit *limit, const TillCurrency *currency);

G_END_DECLS
