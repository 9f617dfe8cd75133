/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "return-policy.h"

#define AMOUNT 2400
#define DAYS_STEP 45

static const char *const tags[] = {"summer", NULL};
static const TillPromoLine tee = {.sku = "tee", .tags = tags, .unit_minor = AMOUNT};

/* A policy that is taken answers every question: a fee is never more than the amount, and there is
 * always a sentence. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillReturnPolicy) policy =
	    till_return_policy_parse((const char *)data, size, &error);

	if (policy == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	for (guint i = 0; i < TILL_RETURN_CONDITIONS * TILL_RETURN_RECEIPTS; i++) {
		TillReturnQuestion question = {.goods = &tee,
					       .condition = i % TILL_RETURN_CONDITIONS,
					       .receipt = i / TILL_RETURN_CONDITIONS,
					       .channel = "web",
					       .days = (gint64)i * DAYS_STEP,
					       .amount_minor = AMOUNT,
					       .offline = i % 2 == 1};
		TillReturnAnswer answer = till_return_policy_judge(policy, &question);
		g_assert_nonnull(answer.words);
		g_assert_cmpint(answer.fee_minor, >=, 0);
		g_assert_cmpint(answer.fee_minor, <=, AMOUNT);
		g_assert_true(answer.row != NULL || !answer.allow);
	}
	return 0;
}
