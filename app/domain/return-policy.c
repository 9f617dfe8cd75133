/* SPDX-License-Identifier: Apache-2.0 */
#include "return-policy.h"

#include "rounding.h"
#include "tax.h"

static gboolean
asks(guint set, guint value)
{
	return set == 0 || (set & (1u << value)) != 0;
}

static gboolean
matches(const TillReturnRow *row, const TillReturnQuestion *question)
{
	return asks(row->conditions, question->condition) &&
	       asks(row->receipts, question->receipt) &&
	       (row->channels.count == 0 ||
		till_promo_list_has(&row->channels, question->channel)) &&
	       question->days >= row->days_from &&
	       (row->days_to < 0 || question->days <= row->days_to) &&
	       till_promo_items_match(&row->items, question->goods, question->goods->unit_minor,
				      question->goods->reduced);
}

static const TillReturnRow *
find_row(const TillReturnPolicy *policy, const TillReturnQuestion *question)
{
	for (guint i = 0; i < policy->rows->len; i++) {
		const TillReturnRow *row = &g_array_index(policy->rows, TillReturnRow, i);
		if (matches(row, question))
			return row;
	}
	return NULL;
}

static gint64
find_fee(const TillReturnRow *row, gint64 amount_minor)
{
	gint64 fee;

	if (amount_minor <= 0 ||
	    !till_rounding_scale(amount_minor, row->fee_ppm, TILL_PPM, TILL_ROUND_HALF_UP, &fee))
		return 0;
	return MIN(fee + row->fee_minor, amount_minor);
}

/* Goods without a receipt: their own permission, and never more than credit. */
static void
judge_no_receipt(const TillReturnPolicy *policy, TillReturnAnswer *answer)
{
	if (!policy->no_receipt) {
		answer->allow = FALSE;
		answer->words = "Without a receipt nothing comes back here. Look for the sale by "
				"customer, card or order.";
		return;
	}
	answer->approval = answer->approval || policy->no_receipt_approval;
	if (answer->as == TILL_RETURN_AS_ORIGINAL)
		answer->as = TILL_RETURN_AS_CREDIT;
}

/* What came back elsewhere is not known: how far a till goes on its own. */
static void
judge_offline(const TillReturnPolicy *policy, gint64 amount_minor, TillReturnAnswer *answer)
{
	if (policy->offline_max_minor > 0 && amount_minor > policy->offline_max_minor) {
		answer->allow = FALSE;
		answer->words =
		    "This is more than may be given back without the network. Try again "
		    "when the till is online.";
		return;
	}
	if (policy->offline_approval_from_minor > 0 &&
	    amount_minor >= policy->offline_approval_from_minor)
		answer->approval = TRUE;
	if (policy->offline_credit_from_minor > 0 &&
	    amount_minor >= policy->offline_credit_from_minor &&
	    answer->as == TILL_RETURN_AS_ORIGINAL)
		answer->as = TILL_RETURN_AS_CREDIT;
}

TillReturnAnswer
till_return_policy_judge(const TillReturnPolicy *policy, const TillReturnQuestion *question)
{
	TillReturnAnswer answer = {.row = find_row(policy, question), .reason = TRUE};

	if (answer.row == NULL) {
		answer.words = "No rule of the return policy covers this. Ask a manager.";
		return answer;
	}
	answer.allow = answer.row->allow;
	answer.as = answer.row->as;
	answer.approval = answer.row->approval;
	answer.reason = answer.row->reason;
	answer.disposition = answer.row->disposition;
	answer.words = answer.row->words;
	answer.fee_minor = find_fee(answer.row, question->amount_minor);
	if (answer.allow && question->receipt == TILL_RETURN_BY_NONE)
		judge_no_receipt(policy, &answer);
	if (answer.allow && question->receipt == TILL_RETURN_BY_GIFT &&
	    answer.as == TILL_RETURN_AS_ORIGINAL)
		answer.as =
		    TILL_RETURN_AS_CREDIT; /* money would go to the giver, who is not told */
	if (answer.allow && question->offline)
		judge_offline(policy, question->amount_minor, &answer);
	return answer;
}
