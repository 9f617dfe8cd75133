/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

gboolean
till_session_pay_possible(TillSession *self)
{
	return self->phase == TILL_PHASE_SELLING && !self->finding && self->rules_asked == 0 &&
	       self->priced != NULL && self->staff_id != NULL &&
	       till_basket_count(self->basket) > 0;
}

static void
show_sold(TillSession *self, const TillRegisterSold *sold, gint64 tendered_minor)
{
	till_session_take_text(self, TILL_TEXT_CHANGE,
			       till_format_money(self->format, sold->change_minor));
	till_session_take_text(self, TILL_TEXT_RECEIVED,
			       till_format_money(self->format, tendered_minor));
	till_session_take_text(self, TILL_TEXT_PAID_TOTAL,
			       till_format_money(self->format, sold->sale->priced->total_minor));
	till_session_set_text(self, TILL_TEXT_RECEIPT, sold->receipt);
	till_session_set_text(self, TILL_TEXT_RECEIPT_TEXT, sold->receipt_text);
}

static void
finish_sale(TillSession *self, const TillRegisterSold *sold)
{
	gint64 tendered_minor = 0;

	for (gsize i = 0; i < sold->sale->tender_count; i++)
		tendered_minor += sold->sale->tenders[i].tendered_minor;
	show_sold(self, sold, tendered_minor);
	g_clear_pointer(&self->cleared, till_basket_free);
	till_session_basket_take(self, till_basket_new());
	till_session_set_phase(self, TILL_PHASE_PAID);
	till_session_notice(self, TILL_NOTICE_QUIET, FALSE, "Paid. Change due %s.",
			    till_session_get_text(self, "change"));
}

static void
sold_cb(TillRegisterSold *sold, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (error != NULL) {
		/* The basket stays: the person may try again or park the sale. */
		till_session_set_phase(self, TILL_PHASE_SELLING);
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
		till_session_books_load(self);
	} else if (sold->result != TILL_TENDER_OK) {
		till_session_set_phase(self, TILL_PHASE_SELLING);
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s",
				    till_tender_words(sold->result));
	} else {
		finish_sale(self, sold);
	}
	g_clear_pointer(&sold, till_register_sold_free);
	till_session_scan_next(self);
}

void
till_session_pay_cash(TillSession *self, gint64 tendered_minor)
{
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = tendered_minor};
	TillTender settled = tender;
	TillRegisterPayment payment = {0};
	TillTenderSettlement settlement;
	TillTenderResult result;
	/* A total that is rounded away whole needs no coin. */
	gsize count = tendered_minor != 0 ? 1 : 0;

	if (!till_session_pay_possible(self))
		return;
	payment.cash_rounding = self->shop->rules.cash_rounding;
	result = till_tender_settle_rounded(self->priced->total_minor, &payment.cash_rounding,
					    &settled, count, &settlement);
	if (result != TILL_TENDER_OK) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s",
				    till_tender_words(result));
		return;
	}
	payment.priced = till_price_copy(self->priced);
	payment.tenders = &tender;
	payment.tender_count = count;
	payment.staff_id = self->staff_id;
	payment.staff_name = self->staff_name;
	payment.opened_ms = self->opened_ms;
	/* Tried again after a disk error it is the same sale, whichever try was recorded. */
	if (!self->has_txn)
		self->txn = till_uuid_next(&self->uuids, till_clock_wall_ms(self->clock));
	self->has_txn = TRUE;
	payment.txn = self->txn;
	till_session_set_phase(self, TILL_PHASE_BUSY);
	till_register_sell_async(self->reg, &payment, self, sold_cb, self);
}

gint64
till_session_pay_due(TillSession *self)
{
	if (self->priced == NULL)
		return 0;
	return till_tender_in_cash(self->priced->total_minor,
				   self->shop != NULL ? &self->shop->rules.cash_rounding : NULL);
}

gsize
till_session_pay_quick(TillSession *self, gint64 *out_minor, gsize count)
{
	if (!till_session_pay_possible(self) || self->priced->total_minor <= 0)
		return 0;
	return till_tender_quick_cash(till_session_pay_due(self), self->priced->currency, out_minor,
				      count);
}

void
till_session_pay_next(TillSession *self)
{
	if (self->phase != TILL_PHASE_PAID)
		return;
	till_session_set_text(self, TILL_TEXT_RECEIPT_TEXT, NULL);
	till_session_set_text(self, TILL_TEXT_STATUS, NULL);
	till_session_set_phase(self, TILL_PHASE_SELLING);
}
