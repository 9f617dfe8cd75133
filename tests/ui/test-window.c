/* SPDX-License-Identifier: Apache-2.0 */
/* The whole window over the fake register: what a person does, pressed by action and typed by the
 * wedge's two doors, and what then stands on the screen. */
#include <string.h>

#include "checkout-view.h"
#include "pin-pad.h"
#include "window-fixture.h"

/* ---- sign-in ---- */

static void
test_pin_by_keyboard(WindowFixture *fixture, gconstpointer data)
{
	TillPinPad *pad = TILL_PIN_PAD(window_find_type(fixture, TILL_TYPE_PIN_PAD));
	gsize length;

	(void)data;
	window_press(fixture, "signin.choose");
	till_window_typed(fixture->window, "12x34");
	till_pin_pad_borrow(pad, &length);
	g_assert_cmpuint(length, ==, 4);
	till_pin_pad_submit(pad);
	till_pin_pad_borrow(pad, &length);
	g_assert_cmpuint(length, ==, 0);
	window_settle();
	g_assert_true(till_session_staff_signed_in(fixture->session));
	window_assert_text(fixture, "staff-name", "Ines Moreau");
}

static void
test_wrong_pin_says_so(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	till_session_staff_signin(fixture->session, "s1", "9999", 4);
	window_settle();
	g_assert_false(till_session_staff_signed_in(fixture->session));
}

static void
test_scan_needs_sign_in(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_scan(fixture, "7781");
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_assert_text(fixture, "status", "Sign in first. The scan was not taken.");
}

static void
test_lock_keeps_the_sale(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_press(fixture, "win.lock");
	g_assert_false(till_session_staff_signed_in(fixture->session));
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
	till_session_staff_signin(fixture->session, "s2", "4321", 4);
	window_settle();
	window_assert_text(fixture, "staff-role", "Manager");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
}

/* ---- scanning ---- */

static void
test_scans_in_order(WindowFixture *fixture, gconstpointer data)
{
	static const char *const codes[] = {"4006381333931", "5901234123457", "96385074",
					    "4006381333931", "0012345678905"};

	(void)data;
	window_sign_in(fixture);
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		till_window_scan(fixture->window, codes[i]);
	window_settle();
	g_assert_cmpuint(window_count_lines(fixture), ==, 4);
	window_assert_text(fixture, "subtotal-label", "Subtotal · 5 items");
	window_assert_text(fixture, "subtotal", "$180.40");
	/* 20 % off two tees; tote and mug carry 8.875 %, rounded on each line: 2.21 + 1.64. */
	window_assert_text(fixture, "total", "$168.65");
	g_assert_cmpuint(till_session_basket_selected(fixture->session), ==, 4);
}

static void
test_unknown_code_shows_a_card(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "4006381333999");
	window_assert_text(fixture, "unknown-words", "4006381333999 is not in the catalogue.");
	window_press(fixture, "checkout.dismiss-unknown");
	window_assert_text(fixture, "unknown-words", "");
	window_scan(fixture, "4006381333999");
	window_act(fixture, "win.back", NULL);
	window_assert_text(fixture, "unknown-words", "");
	window_scan(fixture, "4006381333999");
	window_scan(fixture, "7781");
	window_assert_text(fixture, "unknown-words", "");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
}

static void
test_item_without_price(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "3300");
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "status"), "Gift tin"));
}

static void
test_weighed_item_asks(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	till_window_scan(fixture->window, "4409");
	till_window_scan(fixture->window, "7781");
	window_settle();
	g_assert_nonnull(till_session_scan_weighing(fixture->session));
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_scan(fixture, "6120"); /* the dialog refuses it, aloud */
	till_window_typed(fixture->window, "0.64");
	window_press(fixture, "quantity.take");
	g_assert_cmpuint(window_count_lines(fixture), ==, 2);
	window_scan(fixture, "(01)09520123456788(3103)000640"); /* says its own */
	window_assert_text(fixture, "subtotal", "$30.90");
}

static void
test_weighing_can_be_left(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "4409");
	window_act(fixture, "win.back", NULL);
	g_assert_null(till_session_scan_weighing(fixture->session));
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_scan(fixture, "7781");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
}

static void
test_dialog_refuses_scan(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_act(fixture, "win.sheet", "note");
	window_scan(fixture, "6120");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
	window_assert_text(fixture, "status",
			   "Finish or close this window first. The scan was not taken.");
	window_act(fixture, "win.back", NULL);
	window_scan(fixture, "6120");
	g_assert_cmpuint(window_count_lines(fixture), ==, 2);
}

/* ---- lines ---- */

static void
test_steppers(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_press(fixture, "line.more");
	window_press(fixture, "line.more");
	window_assert_text(fixture, "subtotal", "$74.70");
	window_press(fixture, "line.less");
	window_assert_text(fixture, "subtotal", "$49.80");
	till_window_typed(fixture->window, "+");
	window_settle();
	window_assert_text(fixture, "subtotal", "$74.70");
	for (guint i = 0; i < 3; i++)
		window_press(fixture, "line.less");
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_press(fixture, "win.undo");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
}

static void
test_void_and_undo(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_scan(fixture, "6120");
	window_scan(fixture, "9001");
	till_session_basket_select(fixture->session, 2);
	window_press(fixture, "checkout.void");
	g_assert_cmpuint(window_count_lines(fixture), ==, 2);
	g_assert_null(till_session_basket_line(fixture->session, 2));
	window_press(fixture, "win.undo");
	g_assert_cmpuint(window_count_lines(fixture), ==, 3);
	g_assert_cmpuint(till_session_basket_selected(fixture->session), ==, 2);
}

static void
test_clear_and_undo(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_scan(fixture, "6120");
	window_press(fixture, "checkout.clear");
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_assert_text(fixture, "lines-page", "empty");
	window_act(fixture, "win.undo", NULL);
	g_assert_cmpuint(window_count_lines(fixture), ==, 2);
	window_assert_text(fixture, "subtotal", "$43.40");
}

static void
test_quantity_by_keypad(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_press(fixture, "line.edit");
	till_window_typed(fixture->window, "12");
	window_press(fixture, "quantity.take");
	window_assert_text(fixture, "subtotal-label", "Subtotal · 12 items");
}

static void
test_note(WindowFixture *fixture, gconstpointer data)
{
	GtkWidget *entry;

	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_press(fixture, "checkout.note");
	entry = gtk_window_get_focus(GTK_WINDOW(fixture->window));
	g_assert_true(GTK_IS_EDITABLE(entry));
	gtk_editable_set_text(GTK_EDITABLE(entry), "Gift wrap");
	window_press(fixture, "note.take");
	g_assert_cmpstr(till_session_basket_line(fixture->session, 1)->note, ==, "Gift wrap");
}

/* ---- search ---- */

static void
test_typing_searches(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	till_window_typed(fixture->window, "l");
	till_window_typed(fixture->window, "in");
	window_settle();
	g_assert_cmpuint(g_list_model_get_n_items(till_session_search_results(fixture->session)),
			 ==, 1);
	till_session_search_enter(fixture->session, "lin", 0);
	window_settle();
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
	g_assert_cmpuint(g_list_model_get_n_items(till_session_search_results(fixture->session)),
			 ==, 0);
}

static void
test_nothing_found_says_so(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	till_session_search_enter(fixture->session, "zzz", 0);
	window_settle();
	window_assert_text(fixture, "status",
			   "Nothing matches “zzz”. Try fewer letters or another word.");
}

/* ---- paying ---- */

static void
test_quick_cash_sells_once(WindowFixture *fixture, gconstpointer data)
{
	GtkWidget *button;

	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	fake_register_state()->hold = TRUE;
	button = window_find_action(fixture, "pay.quick");
	g_signal_emit_by_name(button, "clicked");
	g_signal_emit_by_name(button, "clicked");
	till_window_scan(fixture->window, "6120"); /* for the next sale */
	window_settle();
	g_assert_cmpint(till_session_get_phase(fixture->session), ==, TILL_PHASE_BUSY);
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
	fake_register_release();
	window_settle();
	g_assert_cmpuint(fake_register_state()->sales, ==, 1);
	g_assert_cmpuint(fake_register_state()->lines, ==, 1);
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
	window_assert_text(fixture, "subtotal", "$18.50");
}

static void
test_cash_by_keypad(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_act(fixture, "win.cash", NULL);
	till_window_typed(fixture->window, "5");
	window_settle();
	till_window_typed(fixture->window, "0.5");
	window_press(fixture, "cash.take");
	g_assert_cmpint(fake_register_state()->tendered_minor, ==, 5050);
	window_assert_text(fixture, "change", "$23.39");
	window_assert_text(fixture, "pay-page", "change");
	window_assert_text(fixture, "lines-page", "receipt");
	window_press(fixture, "checkout.next");
	window_assert_text(fixture, "lines-page", "empty");
}

static void
test_too_little_cash_is_refused(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	till_session_pay_cash(fixture->session, 100);
	window_settle();
	g_assert_cmpuint(fake_register_state()->sales, ==, 0);
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
}

/* 27.11 in coins of five. */
static void
test_cash_is_rounded(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	fake_register_state()->cash_step_minor = 5;
	window_sign_in(fixture);
	till_session_load(fixture->session, NULL, NULL);
	window_settle();
	window_scan(fixture, "7781");
	g_assert_cmpint(till_session_pay_due(fixture->session), ==, 2710);
	window_press(fixture, "pay.quick");
	g_assert_cmpint(fake_register_state()->tendered_minor, ==, 2710);
	window_assert_text(fixture, "change", "$0.00");
	g_assert_nonnull(
	    strstr(till_session_get_text(fixture->session, "receipt-text"), "Rounding"));
}

static void
test_failed_sale_keeps_the_basket(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	fake_register_state()->sell_error = "The disk is full. Free some space, then try again.";
	fake_register_state()->trouble = "The disk is full.";
	window_press(fixture, "pay.quick");
	g_assert_cmpuint(window_count_lines(fixture), ==, 1);
	window_assert_text(fixture, "status", "The disk is full. Free some space, then try again.");
	window_assert_text(fixture, "trouble", "The disk is full.");
	fake_register_state()->sell_error = NULL;
	window_press(fixture, "pay.quick");
	g_assert_cmpuint(fake_register_state()->sales, ==, 1);
}

static void
test_park_and_recall(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_scan(fixture, "7781");
	window_press(fixture, "checkout.park");
	g_assert_cmpuint(window_count_lines(fixture), ==, 0);
	window_assert_text(fixture, "recall-label", "Recall · 1");
	window_scan(fixture, "6120");
	window_press(fixture, "checkout.recall");
	window_press(fixture, "recall.take");
	window_assert_text(fixture, "subtotal", "$24.90");
	window_assert_text(fixture, "recall-label", "Recall · 1");
}

/* ---- the rest of the desk ---- */

static void
test_surfaces(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_act(fixture, "win.surface", "help");
	window_act(fixture, "win.surface", "sync");
	g_assert_nonnull(till_session_books(fixture->session));
	window_press(fixture, "sync.try-now");
	window_press(fixture, "win.sheet");
	window_act(fixture, "win.back", NULL);
	window_act(fixture, "win.back", NULL);
	g_assert_true(gtk_widget_get_mapped(window_find_type(fixture, TILL_TYPE_CHECKOUT_VIEW)));
	window_act(fixture, "win.surface", "help");
	window_scan(fixture, "7781"); /* a scan leads back to the sale */
	g_assert_true(gtk_widget_get_mapped(window_find_type(fixture, TILL_TYPE_CHECKOUT_VIEW)));
}

static void
test_home_warning_is_a_fact(WindowFixture *fixture, gconstpointer data)
{
	static const char words[] = "The home lies on an overlay file system: for trials only.";

	(void)data;
	window_sign_in(fixture);
	window_act(fixture, "win.surface", "sync");
	g_assert_false(window_says(fixture, words));
	window_act(fixture, "win.back", NULL);
	fake_register_state()->home = words;
	window_act(fixture, "win.surface", "sync");
	g_assert_true(window_says(fixture, words));
}

static void
test_on_screen_keyboard(WindowFixture *fixture, gconstpointer data)
{
	(void)data;
	window_sign_in(fixture);
	window_act(fixture, "win.keyboard", NULL);
	window_press(fixture, "keyboard.key"); /* "1" */
	window_press(fixture, "keyboard.erase");
	window_press(fixture, "keyboard.enter");
	window_act(fixture, "win.back", NULL);
}

static void
test_health_on_the_chip(WindowFixture *fixture, gconstpointer data)
{
	TillHealth health = {.state = TILL_HEALTH_OFFLINE, .pending = 2, .sales_pending = 2};

	(void)data;
	till_session_set_health(fixture->session, &health);
	window_assert_text(fixture, "chip-state", till_health_state_name(TILL_HEALTH_OFFLINE));
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "chip-words"), "2"));
}

static void
test_blocked(WindowFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error =
	    g_error_new_literal(g_quark_from_static_string("test"), 1, "Held by 4711.");

	(void)data;
	till_window_block(fixture->window, error);
	window_settle();
	g_assert_nonnull(window_find_action(fixture, "app.open"));
}

#define ADD(path, function)                                                                        \
	g_test_add("/ui/window/" path, WindowFixture, NULL, window_set_up, function,               \
		   window_tear_down)

static void
add_selling_tests(void)
{
	ADD("scans-are-handled-in-order", test_scans_in_order);
	ADD("unknown-code-shows-a-card", test_unknown_code_shows_a_card);
	ADD("item-without-price-is-refused", test_item_without_price);
	ADD("weighed-item-asks-for-its-weight", test_weighed_item_asks);
	ADD("weighing-can-be-left", test_weighing_can_be_left);
	ADD("dialog-refuses-a-scan", test_dialog_refuses_scan);
	ADD("steppers-change-a-line", test_steppers);
	ADD("removed-line-comes-back", test_void_and_undo);
	ADD("cleared-sale-comes-back", test_clear_and_undo);
	ADD("quantity-by-keypad", test_quantity_by_keypad);
	ADD("note-on-a-line", test_note);
	ADD("typing-searches", test_typing_searches);
	ADD("nothing-found-says-so", test_nothing_found_says_so);
	ADD("quick-cash-sells-once-and-scans-wait", test_quick_cash_sells_once);
	ADD("cash-by-keypad", test_cash_by_keypad);
	ADD("cash-is-rounded", test_cash_is_rounded);
	ADD("too-little-cash-is-refused", test_too_little_cash_is_refused);
	ADD("failed-sale-keeps-the-basket", test_failed_sale_keeps_the_basket);
	ADD("park-and-recall", test_park_and_recall);
}

int
main(int argc, char **argv)
{
	window_init(&argc, &argv);
	ADD("pin-by-keyboard", test_pin_by_keyboard);
	ADD("wrong-pin-stays-out", test_wrong_pin_says_so);
	ADD("scan-needs-sign-in", test_scan_needs_sign_in);
	ADD("lock-keeps-the-sale", test_lock_keeps_the_sale);
	add_selling_tests();
	ADD("surfaces-and-back", test_surfaces);
	ADD("a-home-in-a-bad-place-stands-on-the-sync-page", test_home_warning_is_a_fact);
	ADD("on-screen-keyboard", test_on_screen_keyboard);
	ADD("health-on-the-chip", test_health_on_the_chip);
	ADD("blocked-till-offers-to-try-again", test_blocked);
	return g_test_run();
}
