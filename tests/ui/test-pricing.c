/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons, coupons, customers, certificates and prices by hand on the whole window over the fake
 * register, whose shop and offers fake-register.h lists. */
#include <string.h>

#include "coupon-sheet.h"
#include "customer-sheet.h"
#include "discount-sheet.h"
#include "exempt-sheet.h"
#include "pin-pad.h"
#include "row-item.h"
#include "trace-sheet.h"
#include "window-fixture.h"

#define TEES "4012-NVY-M"
#define TOTE "7781"
#define SHIRT "5530-WHT-L"
#define MUG "6120"

static TillRowItem *
get_row(WindowFixture *fixture, guint index)
{
	g_autoptr(TillRowItem) row =
	    g_list_model_get_item(till_session_get_lines(fixture->session), index);

	g_assert_nonnull(row);
	return row; /* the list keeps it alive */
}

static void
assert_row(WindowFixture *fixture, guint index, TillRowText which, const char *expected)
{
	g_assert_cmpstr(till_row_item_get(get_row(fixture, index), which), ==, expected);
}

static guint
count_coupons(WindowFixture *fixture)
{
	guint count;

	till_shopper_coupons(till_session_shopper(fixture->session), &count);
	return count;
}

static TillPromoEngineReason
get_reason(WindowFixture *fixture, const char *code)
{
	const TillPromoEngineCouponAnswer *answer =
	    till_session_shopper_answer(fixture->session, code);

	g_assert_nonnull(answer);
	return answer->reason;
}

static void
type(WindowFixture *fixture, const char *text)
{
	till_window_typed(fixture->window, text);
	window_settle();
}

/* Into the field that has the focus, as the input method does. */
static void
write_field(WindowFixture *fixture, const char *text)
{
	GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(fixture->window));

	g_assert_true(GTK_IS_EDITABLE(focus));
	gtk_editable_set_text(GTK_EDITABLE(focus), text);
	window_settle();
}

static void
assert_no_sheet(WindowFixture *fixture, GType type_of_sheet)
{
	g_assert_null(window_find_type(fixture, type_of_sheet));
}

/* ---- reasons and totals ---- */

static void
test_reasons(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TEES);
	assert_row(fixture, 0, TILL_ROW_WAS_TOTAL, "");
	g_assert_null(till_row_item_get_reasons(get_row(fixture, 0))[0]);
	g_assert_true(window_says(fixture, "1 more for Buy 2 tees, 20% off"));
	window_scan(fixture, TEES);
	g_assert_cmpstr(till_row_item_get_reasons(get_row(fixture, 0))[0], ==,
			"Buy 2 tees, 20% off");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$62.40");
	assert_row(fixture, 0, TILL_ROW_WAS_TOTAL, "$78.00");
	window_assert_text(fixture, "subtotal", "$78.00");
	window_assert_text(fixture, "saved", "You save $15.60");
	window_assert_text(fixture, "total", "$62.40");
	g_assert_true(window_says(fixture, "−$15.60"));
	g_assert_true(window_says(fixture, "· 1 line"));
	g_assert_false(window_says(fixture, "1 more for Buy 2 tees, 20% off"));
}

static void
test_many_reasons_are_counted(WindowFixture *fixture, gconstpointer data)
{
	char *reasons[] = {g_strdup("One"), g_strdup("Two"), g_strdup("Three"), g_strdup("Four"),
			   NULL};

	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	till_row_item_set_reasons(get_row(fixture, 0), reasons);
	window_settle();
	g_assert_true(window_says(fixture, "Two"));
	g_assert_true(window_says(fixture, "+2"));
	g_assert_false(window_says(fixture, "Three"));
	for (guint i = 0; reasons[i] != NULL; i++)
		g_free(reasons[i]);
}

static void
test_gift_is_told(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	for (guint i = 0; i < 3; i++)
		window_scan(fixture, SHIRT);
	g_assert_true(window_says(fixture, "Gift: scan 1 × SKU 9001"));
}

/* ---- coupons ---- */

static void
test_scanned_coupon_counts(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_scan(fixture, "spring10");
	g_assert_cmpuint(count_coupons(fixture), ==, 1);
	g_assert_cmpint(get_reason(fixture, "SPRING10"), ==, TILL_PROMO_ENGINE_APPLIED);
	window_assert_text(fixture, "status", "Coupon SPRING10: Spring at home 10%");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$22.41");
	/* 22.41 and 8.875 % on it. */
	window_assert_text(fixture, "total", "$24.40");
	window_press(fixture, "totals.remove-coupon");
	g_assert_cmpuint(count_coupons(fixture), ==, 0);
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$24.90");
}

static void
test_refused_coupon_is_judged_again(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "SPRING10");
	g_assert_cmpint(get_reason(fixture, "SPRING10"), !=, TILL_PROMO_ENGINE_APPLIED);
	g_assert_true(window_says(fixture, "Coupon SPRING10"));
	window_scan(fixture, "OLD5");
	window_assert_text(fixture, "status", "Coupon OLD5: This offer has ended.");
	window_scan(fixture, TOTE);
	g_assert_cmpint(get_reason(fixture, "SPRING10"), ==, TILL_PROMO_ENGINE_APPLIED);
	g_assert_cmpint(get_reason(fixture, "OLD5"), ==, TILL_PROMO_ENGINE_EXPIRED);
	g_assert_true(window_says(fixture, "Refused. This offer has ended."));
	window_scan(fixture, "OLD5");
	window_assert_text(fixture, "status", "Coupon OLD5 is in this sale already.");
	g_assert_cmpuint(count_coupons(fixture), ==, 2);
}

static void
test_coupon_sheet(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_press(fixture, "win.coupon");
	write_field(fixture, "NONSENSE");
	window_press(fixture, "coupon.take");
	g_assert_nonnull(window_find_type(fixture, TILL_TYPE_COUPON_SHEET));
	g_assert_true(window_says(
	    fixture, "There is no offer with the code “NONSENSE”. Check it, then try again."));
	g_assert_cmpuint(count_coupons(fixture), ==, 0);
	write_field(fixture, "spring10");
	window_press(fixture, "coupon.take");
	assert_no_sheet(fixture, TILL_TYPE_COUPON_SHEET);
	g_assert_cmpuint(count_coupons(fixture), ==, 1);
	window_act(fixture, "win.coupon", NULL);
	window_scan(fixture, "OLD5"); /* this dialog takes a scan */
	assert_no_sheet(fixture, TILL_TYPE_COUPON_SHEET);
	g_assert_cmpuint(count_coupons(fixture), ==, 2);
}

/* ---- customers ---- */

static void
test_card_prices_for_its_customer(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, SHIRT);
	window_scan(fixture, "LOY-1001");
	window_assert_text(fixture, "customer-name", "Dana Kowalski");
	window_assert_text(fixture, "customer-initials", "DK");
	window_assert_text(fixture, "customer-detail", "d•••@mail.example · Gold");
	window_assert_text(fixture, "total", "$56.05");
	g_assert_false(window_says(fixture, "dana@mail.example"));
	window_press(fixture, "shopper.remove-customer");
	window_assert_text(fixture, "customer-name", "");
	window_assert_text(fixture, "total", "$59.00");
}

static void
test_customer_sheet(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_press(fixture, "win.customer");
	write_field(fixture, "zzz");
	g_assert_true(
	    window_says(fixture, "Nobody matches. Try fewer letters, or the phone number."));
	write_field(fixture, "noah");
	window_press(fixture, "customer.take");
	assert_no_sheet(fixture, TILL_TYPE_CUSTOMER_SHEET);
	window_assert_text(fixture, "customer-name", "Noah Bergström");
	window_act(fixture, "win.customer", NULL);
	window_scan(fixture, TOTE); /* goods are no card */
	g_assert_true(window_says(fixture, "No customer has this card."));
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_scan(fixture, "LOY-1001");
	assert_no_sheet(fixture, TILL_TYPE_CUSTOMER_SHEET);
	window_assert_text(fixture, "customer-name", "Dana Kowalski");
}

static void
test_shopper_leaves_with_the_sale(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "LOY-1001");
	window_press(fixture, "checkout.clear");
	window_assert_text(fixture, "customer-name", "");
	window_act(fixture, "win.undo", NULL);
	window_assert_text(fixture, "customer-name", "Dana Kowalski");
	window_scan(fixture, SHIRT);
	window_press(fixture, "checkout.park");
	window_assert_text(fixture, "customer-name", "");
	window_press(fixture, "checkout.recall");
	window_press(fixture, "recall.take");
	window_assert_text(fixture, "customer-name", "Dana Kowalski");
	window_press(fixture, "pay.quick");
	window_assert_text(fixture, "customer-name", "");
	g_assert_cmpuint(fake_register_state()->sales, ==, 1);
}

/* ---- prices by hand ---- */

static void
test_discount_within_limit(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_press(fixture, "checkout.discount");
	type(fixture, "10");
	g_assert_true(window_says(fixture, "Choose a reason."));
	g_assert_true(window_says(fixture, "$22.41"));
	window_press(fixture, "discount.take"); /* not without a reason */
	g_assert_nonnull(window_find_type(fixture, TILL_TYPE_DISCOUNT_SHEET));
	window_press_labelled(fixture, "Damaged");
	window_press(fixture, "discount.take");
	assert_no_sheet(fixture, TILL_TYPE_DISCOUNT_SHEET);
	assert_row(fixture, 0, TILL_ROW_HAND, "10% off · Damaged");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$22.41");
	window_assert_text(fixture, "saved", "You save $2.49");
	window_press(fixture, "win.undo");
	assert_row(fixture, 0, TILL_ROW_HAND, "");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$24.90");
}

static void
test_discount_by_amount_and_taken_off(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_act(fixture, "win.discount", NULL);
	window_press_labelled(fixture, "Amount");
	type(fixture, "99");
	g_assert_true(window_says(fixture, "That is more than the price. Type a smaller figure."));
	window_press_labelled(fixture, "Amount");
	type(fixture, "2");
	window_press(fixture, "reason.keyboard");
	write_field(fixture, "Loyal neighbour");
	window_press(fixture, "discount.take");
	assert_row(fixture, 0, TILL_ROW_HAND, "$2.00 off · Loyal neighbour");
	window_act(fixture, "win.discount", NULL);
	window_press(fixture, "discount.remove");
	assert_row(fixture, 0, TILL_ROW_HAND, "");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$24.90");
}

static void
submit_pin(WindowFixture *fixture, const char *pin)
{
	type(fixture, pin);
	till_pin_pad_submit(TILL_PIN_PAD(window_find_type(fixture, TILL_TYPE_PIN_PAD)));
	window_settle();
}

static void
open_override(WindowFixture *fixture, const char *price)
{
	window_press(fixture, "checkout.discount");
	window_press_labelled(fixture, "New price");
	type(fixture, price);
	window_press_labelled(fixture, "Price match");
	window_press_labelled(fixture, "Ask for approval");
}

static void
test_override_needs_another_person(WindowFixture *fixture, gconstpointer data)
{
	GtkWidget *pad;
	gsize length;

	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, SHIRT);
	open_override(fixture, "30");
	g_assert_true(window_says(fixture, "$30.00 instead of $59.00 · Price match"));
	g_assert_true(window_says(fixture, "PIN of Tomas Reyes")); /* the only one who may */
	submit_pin(fixture, "9999");
	g_assert_true(window_says(fixture, "That PIN is not right. Try again."));
	pad = window_find_type(fixture, TILL_TYPE_PIN_PAD);
	till_pin_pad_borrow(TILL_PIN_PAD(pad), &length);
	g_assert_cmpuint(length, ==, 0);
	assert_row(fixture, 0, TILL_ROW_HAND, "");
	submit_pin(fixture, "4321");
	assert_no_sheet(fixture, TILL_TYPE_DISCOUNT_SHEET);
	assert_row(fixture, 0, TILL_ROW_HAND, "Price by hand · Price match");
	assert_row(fixture, 0, TILL_ROW_WAS_PRICE, "$59.00");
	window_assert_text(fixture, "saved", "You save $29.00");
	window_press(fixture, "pay.quick");
	g_assert_cmpstr(fake_register_state()->approved_by, ==, "s2");
}

static void
test_higher_price_needs_nobody(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_act(fixture, "win.discount", NULL);
	window_press_labelled(fixture, "New price");
	type(fixture, "30");
	window_press_labelled(fixture, "Goodwill");
	window_press_labelled(fixture, "Set price");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$30.00");
	window_assert_text(fixture, "saved", "");
}

static void
test_every_line_is_one_change(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_scan(fixture, SHIRT);
	window_act(fixture, "win.discount", NULL);
	type(fixture, "50");
	window_press_labelled(fixture, "Every line of the sale");
	window_press_labelled(fixture, "Goodwill");
	window_press_labelled(fixture, "Ask for approval");
	submit_pin(fixture, "4321");
	g_assert_cmpuint(fake_register_state()->approvals, ==, 2); /* one for each line */
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$12.45");
	assert_row(fixture, 1, TILL_ROW_TOTAL, "$29.50");
	window_press(fixture, "win.undo");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$24.90");
	assert_row(fixture, 1, TILL_ROW_TOTAL, "$59.00");
}

static void
test_approval_can_be_left(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, SHIRT);
	open_override(fixture, "1");
	window_act(fixture, "win.back", NULL);
	g_assert_true(window_says(fixture, "Reason"));
	window_press_labelled(fixture, "Ask for approval");
	window_press(fixture, "discount.back");
	fake_register_state()->hold = TRUE;
	window_press_labelled(fixture, "Ask for approval");
	submit_pin(fixture, "4321");
	window_act(fixture, "win.close-sheet", NULL);
	fake_register_release(); /* a yes that nobody waits for any more */
	window_settle();
	assert_row(fixture, 0, TILL_ROW_HAND, "");
	assert_row(fixture, 0, TILL_ROW_TOTAL, "$59.00");
}

/* ---- tax certificate ---- */

static void
write_named(WindowFixture *fixture, const char *text)
{
	window_act(fixture, "win.exempt", NULL);
	write_field(fixture, text);
}

static void
test_exempt_sale(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	window_assert_text(fixture, "total", "$27.11");
	window_press(fixture, "win.exempt");
	window_press(fixture, "exempt.take"); /* not without a number */
	g_assert_nonnull(window_find_type(fixture, TILL_TYPE_EXEMPT_SHEET));
	write_field(fixture, "ST-120-77");
	window_press_labelled(fixture, "Standard");
	window_press(fixture, "exempt.take");
	assert_no_sheet(fixture, TILL_TYPE_EXEMPT_SHEET);
	window_assert_text(fixture, "total", "$24.90");
	g_assert_true(window_says(fixture, "Tax-exempt ST-120-77"));
	g_assert_true(window_says(fixture, "Free of standard"));
	window_press(fixture, "totals.remove-exemption");
	window_assert_text(fixture, "total", "$27.11");
}

static void
test_ended_certificate_is_refused(WindowFixture *fixture, gconstpointer data)
{
	GtkWidget *sheet;

	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	write_named(fixture, "X-1");
	gtk_widget_child_focus(GTK_WIDGET(fixture->window), GTK_DIR_TAB_FORWARD);
	write_field(fixture, "soon");
	window_press(fixture, "exempt.take");
	g_assert_true(
	    window_says(fixture, "That is no date. Type it as year-month-day: 2027-12-31."));
	write_field(fixture, "2026-11-22");
	window_press(fixture, "exempt.take");
	sheet = window_find_type(fixture, TILL_TYPE_EXEMPT_SHEET);
	g_assert_null(sheet);
	window_assert_text(fixture, "total", "$27.11");
	g_assert_true(
	    window_says(fixture, "Refused. This certificate has ended; taxes are charged."));
}

/* ---- why this price ---- */

static void
test_trace(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TEES);
	window_scan(fixture, TEES);
	window_scan(fixture, MUG);
	window_scan(fixture, "OLD5");
	till_session_basket_select(fixture->session, 1);
	window_press(fixture, "checkout.why");
	g_assert_true(window_says(fixture, "2 × 39.00, price list base"));
	g_assert_true(window_says(fixture, "Buy 2 tees, 20% off"));
	g_assert_true(window_says(fixture, "To pay"));
	g_assert_true(window_says(fixture, "Five off"));
	g_assert_true(window_says(fixture, "This offer has ended."));
	window_press_labelled(fixture, "Close");
	assert_no_sheet(fixture, TILL_TYPE_TRACE_SHEET);
	window_act(fixture, "win.why", NULL);
	window_act(fixture, "win.back", NULL);
	assert_no_sheet(fixture, TILL_TYPE_TRACE_SHEET);
}

static void
test_dialogs_refuse_scans(WindowFixture *fixture, gconstpointer data)
{
	static const char *const sheets[] = {"win.discount", "win.why"};

	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, TOTE);
	for (guint i = 0; i < G_N_ELEMENTS(sheets); i++) {
		window_act(fixture, sheets[i], NULL);
		window_scan(fixture, MUG);
		window_assert_text(fixture, "status",
				   "Finish or close this window first. The scan was not taken.");
		window_act(fixture, "win.close-sheet", NULL);
	}
	window_act(fixture, "win.exempt", NULL);
	window_scan(fixture, "ST-120-77"); /* the certificate's own barcode */
	window_press(fixture, "exempt.take");
	g_assert_cmpstr(till_session_shopper(fixture->session)->exemption.certificate, ==,
			"ST-120-77");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
}

/* Nothing to change, nothing to ask about: the doors stay shut. */
static void
test_doors_without_a_line(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_act(fixture, "win.discount", NULL);
	window_act(fixture, "win.why", NULL);
	assert_no_sheet(fixture, TILL_TYPE_DISCOUNT_SHEET);
	assert_no_sheet(fixture, TILL_TYPE_TRACE_SHEET);
}

#define ADD(path, function)                                                                        \
	g_test_add("/ui/pricing/" path, WindowFixture, NULL, window_set_up, function,              \
		   window_tear_down)

int
main(int argc, char **argv)
{
	window_init(&argc, &argv);
	ADD("line-says-why", test_reasons);
	ADD("many-reasons-are-counted", test_many_reasons_are_counted);
	ADD("gift-is-told", test_gift_is_told);
	ADD("scanned-coupon-counts", test_scanned_coupon_counts);
	ADD("refused-coupon-is-judged-again", test_refused_coupon_is_judged_again);
	ADD("coupon-by-dialog", test_coupon_sheet);
	ADD("card-prices-for-its-customer", test_card_prices_for_its_customer);
	ADD("customer-by-dialog", test_customer_sheet);
	ADD("shopper-leaves-with-the-sale", test_shopper_leaves_with_the_sale);
	ADD("discount-within-limit-and-undo", test_discount_within_limit);
	ADD("discount-by-amount-and-taken-off", test_discount_by_amount_and_taken_off);
	ADD("override-needs-another-person", test_override_needs_another_person);
	ADD("higher-price-needs-nobody", test_higher_price_needs_nobody);
	ADD("every-line-is-one-change", test_every_line_is_one_change);
	ADD("approval-can-be-left", test_approval_can_be_left);
	ADD("exempt-sale", test_exempt_sale);
	ADD("ended-certificate-is-refused", test_ended_certificate_is_refused);
	ADD("why-this-price", test_trace);
	ADD("dialogs-handle-or-refuse-scans", test_dialogs_refuse_scans);
	ADD("doors-without-a-line-stay-shut", test_doors_without_a_line);
	return g_test_run();
}
