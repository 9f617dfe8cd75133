/* SPDX-License-Identifier: Apache-2.0 */
#include "return-pay.h"

#include <string.h>

typedef enum {
	FORM_ORIGINAL, /* as it was paid */
	FORM_CREDIT,
	FORM_CARRIED, /* pays for what is taken instead */
} Form;

typedef struct {
	const TillReturnPay *pay;
	GArray *payments; /* of TillSoldPayment: as they stand after each step; texts borrowed */
} Work;

/* Cards first, since their money is only lent; cash last. */
static guint
rank(const char *kind)
{
	static const char *const order[] = {"card", "gift-card", "credit"};

	for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
		if (strcmp(order[i], kind) == 0)
			return i;
	}
	return strcmp(kind, "cash") == 0 ? G_N_ELEMENTS(order) + 1 : G_N_ELEMENTS(order);
}

static void
set_form(TillReturnRefund *refund, const TillSoldPayment *payment, Form form)
{
	static char cash[] = "cash", credit[] = "credit", card[] = "card", none[] = "";

	if (form == FORM_CARRIED) {
		refund->as = none;
	} else if (form == FORM_CREDIT || rank(payment->kind) == 1 || rank(payment->kind) == 2) {
		refund->as = credit;
	} else if (strcmp(payment->kind, "cash") == 0) {
		refund->as = cash;
	} else {
		refund->as = card;
		refund->intent = TRUE;
	}
}

static void
take_value(Work *work, guint index, gint64 value_minor, Form form, GPtrArray *out)
{
	TillSoldPayment *payment = &g_array_index(work->payments, TillSoldPayment, index);
	TillReturnRefund refund = {.payment = index,
				   .kind = payment->kind,
				   .reference = payment->reference,
				   .value_minor = value_minor};

	set_form(&refund, payment, form);
	refund.amount_minor =
	    till_sold_money(payment, value_minor, work->pay->cash_rounding, form == FORM_ORIGINAL);
	payment->back_minor += refund.value_minor;
	payment->given_minor += refund.amount_minor;
	till_return_add_refund(out, &refund);
}

/* Lays a value on the payments in their order. What no payment is left for is answered. */
static gint64
lay(Work *work, gint64 value_minor, Form form, GPtrArray *out)
{
	for (guint turn = 0; turn <= 4; turn++) {
		for (guint i = 0; i < work->payments->len && value_minor > 0; i++) {
			const TillSoldPayment *payment =
			    &g_array_index(work->payments, TillSoldPayment, i);
			gint64 part = MIN(value_minor, payment->value_minor - payment->back_minor);
			if (rank(payment->kind) != turn || part <= 0)
				continue;
			take_value(work, i, part, form, out);
			value_minor -= part;
		}
	}
	return value_minor;
}

static gint64
sum_amounts(const GPtrArray *refunds, const char *as)
{
	gint64 sum = 0;

	for (guint i = 0; i < refunds->len; i++) {
		const TillReturnRefund *refund = g_ptr_array_index(refunds, i);
		if (as == NULL || strcmp(refund->as, as) == 0)
			sum += refund->amount_minor;
	}
	return sum;
}

/* More cash than the policy lets go at once becomes credit, whole: nobody wants half of each. */
static void
limit_cash(const TillReturnPay *pay, TillReturnPaid *paid)
{
	gint64 cash = sum_amounts(paid->refunds, "cash");
	gint64 from = pay->policy->cash_approval_from_minor;

	paid->approval = cash > 0 && from > 0 && cash >= from;
	if (pay->policy->cash_max_minor == 0 || cash <= pay->policy->cash_max_minor)
		return;
	paid->approval = FALSE;
	for (guint i = 0; i < paid->refunds->len; i++) {
		TillReturnRefund *refund = g_ptr_array_index(paid->refunds, i);
		if (strcmp(refund->as, "cash") != 0)
			continue;
		g_free(refund->as);
		refund->as = g_strdup("credit");
	}
}

/* What pays for the goods taken instead, off what the policy allows least with first. */
static gint64
use_up(gint64 *value_minor, gint64 *due_minor)
{
	gint64 part = MIN(*value_minor, *due_minor);

	*value_minor -= part;
	*due_minor -= part;
	return part;
}

TillReturnPaid
till_return_pay(const TillReturnPay *pay)
{
	TillReturnPaid paid = {.carried = till_return_refunds_new(),
			       .refunds = till_return_refunds_new()};
	g_autoptr(GArray) payments = g_array_new(FALSE, TRUE, sizeof(TillSoldPayment));
	Work work = {.pay = pay, .payments = payments};
	gint64 exchange = pay->exchange_minor, credit = pay->credit_minor;
	gint64 original = pay->original_minor, due = pay->taken_minor;
	gint64 carried;

	for (guint i = 0; i < pay->sold->payments->len; i++)
		g_array_append_vals(payments, g_ptr_array_index(pay->sold->payments, i), 1);
	carried = use_up(&exchange, &due);
	carried += use_up(&credit, &due);
	carried += use_up(&original, &due);
	paid.pay_minor = due;
	paid.lost_minor = exchange;
	paid.unpaid_minor = lay(&work, original, FORM_ORIGINAL, paid.refunds);
	paid.unpaid_minor += lay(&work, credit, FORM_CREDIT, paid.refunds);
	paid.unpaid_minor += lay(&work, carried, FORM_CARRIED, paid.carried);
	limit_cash(pay, &paid);
	paid.give_minor = sum_amounts(paid.refunds, NULL);
	return paid;
}
