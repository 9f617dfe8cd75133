/* SPDX-License-Identifier: Apache-2.0 */
/* The whole window over the fake register: what a person does, pressed by action and typed by the
 * wedge's two doors, and what then stands on the screen. */
#include <string.h>

#include "application.h"
#include "checkout-view.h"
#include "fake-register.h"
#include "pin-pad.h"
#include "till-test.h"

typedef struct {
	TillRegister *reg;
	TillSession *session;
	TillWindow *window;
	TillTestClock clock;
} Fixture;

/* Turns the main loop until nothing is left to do. */
static void
settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
}

static void
loaded_cb(TillSession *session, const GError *error, gpointer user)
{
	(void)session;
	g_assert_no_error(error);
	*(gboolean *)user = TRUE;
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
	TillSessionHooks hooks = {0};
	gboolean loaded = FALSE;

	(void)data;
	fake_register_reset();
	till_test_clock_init(&fixture->clock, 1795444320000);
	fixture->reg = fake_register_new();
	fixture->session = till_session_new(fixture->reg, &fixture->clock.clock, "en_US", &hooks);
	till_session_load(fixture->session, loaded_cb, &loaded);
	till_test_wait(&loaded);
	fixture->window = till_window_new(NULL, NULL);
	till_window_set_session(fixture->window, fixture->session);
	gtk_window_present(GTK_WINDOW(fixture->window));
	settle();
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	(void)data;
	gtk_window_destroy(GTK_WINDOW(fixture->window));
	g_clear_object(&fixture->session);
	till_register_free(fixture->reg);
	settle();
}

static void
act(Fixture *fixture, const char *action, const char *target)
{
	GtkWidget *widget = GTK_WIDGET(fixture->window);

	if (target != NULL)
		gtk_widget_activate_action(widget, action, "s", target);
	else
		gtk_widget_activate_action(widget, action, NULL);
	settle();
}

typedef gboolean (*Match)(GtkWidget *widget, gconstpointer wanted);

static GtkWidget *
find(GtkWidget *root, Match match, gconstpointer wanted)
{
	if (match(root, wanted))
		return root;
	for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
	     child = gtk_widget_get_next_sibling(child)) {
		GtkWidget *found = find(child, match, wanted);

		if (found != NULL)
			return found;
	}
	return NULL;
}

static gboolean
is_type(GtkWidget *widget, gconstpointer wanted)
{
	return G_TYPE_CHECK_INSTANCE_TYPE(widget, *(const GType *)wanted);
}

static GtkWidget *
find_type(Fixture *fixture, GType type)
{
	return find(GTK_WIDGET(fixture->window), is_type, &type);
}

static gboolean
does_action(GtkWidget *widget, gconstpointer wanted)
{
	return GTK_IS_BUTTON(widget) && gtk_widget_get_mapped(widget) &&
	       g_strcmp0(gtk_actionable_get_action_name(GTK_ACTIONABLE(widget)), wanted) == 0;
}

/* The button on screen that does an action, pressed as a finger would. */
static void
press(Fixture *fixture, const char *action)
{
	GtkWidget *button = find(GTK_WIDGET(fixture->window), does_action, action);

	if (button == NULL)
		g_error("no button on screen does %s", action);
	g_signal_emit_by_name(button, "clicked");
	settle();
}

static void
sign_in(Fixture *fixture)
{
	till_session_staff_signin(fixture->session, "s1", "1234", 4);
	settle();
	g_assert_true(till_session_staff_signed_in(fixture->session));
}

static void
scan(Fixture *fixture, const char *code)
{
	till_window_scan(fixture->window, code);
	settle();
}

static guint
count_lines(Fixture *fixture)
{
	return g_list_model_get_n_items(till_session_get_lines(fixture->session));
}

static void
assert_text(Fixture *fixture, const char *property, const char *expected)
{
	g_assert_cmpstr(till_session_get_text(fixture->session, property), ==, expected);
}

/* ---- sign-in ---- */

static void
test_pin_by_keyboard(Fixture *fixture, gconstpointer data)
{
	TillPinPad *pad = TILL_PIN_PAD(find_type(fixture, TILL_TYPE_PIN_PAD));
	gsize length;

	(void)data;
	press(fixture, "signin.choose");
	till_window_typed(fixture->window, "12x34");
	till_pin_pad_borrow(pad, &length);
	g_assert_cmpuint(length, ==, 4);
	till_pin_pad_submit(pad);
	till_pin_pad_borrow(pad, &length);
	g_assert_cmpuint(length, ==, 0);
	settle();
	g_assert_true(till_session_staff_signed_in(fixture->session));
	assert_text(fixture, "staff-name", "Ines Moreau");
}

static void
test_wrong_pin_says_so(Fixture *fixture, gconstpointer data)
{
	(void)data;
	till_session_staff_signin(fixture->session, "s1", "9999", 4);
	settle();
	g_assert_false(till_session_staff_signed_in(fixture->session));
}

static void
test_scan_needs_sign_in(Fixture *fixture, gconstpointer data)
{
	(void)data;
	scan(fixture, "7781");
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	assert_text(fixture, "status", "Sign in first. The scan was not taken.");
}

static void
test_lock_keeps_the_sale(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	press(fixture, "win.lock");
	g_assert_false(till_session_staff_signed_in(fixture->session));
	g_assert_cmpuint(count_lines(fixture), ==, 1);
	till_session_staff_signin(fixture->session, "s2", "4321", 4);
	settle();
	assert_text(fixture, "staff-role", "Manager");
	g_assert_cmpuint(count_lines(fixture), ==, 1);
}

/* ---- scanning ---- */

static void
test_scans_in_order(Fixture *fixture, gconstpointer data)
{
	static const char *const codes[] = {"4006381333931", "5901234123457", "96385074",
					    "4006381333931", "0012345678905"};

	(void)data;
	sign_in(fixture);
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		till_window_scan(fixture->window, codes[i]);
	settle();
	g_assert_cmpuint(count_lines(fixture), ==, 4);
	assert_text(fixture, "subtotal-label", "Subtotal · 5 items");
	assert_text(fixture, "subtotal", "$180.40");
	/* Tote and mug carry 8.875 %, rounded on each line: 2.21 + 1.64. */
	assert_text(fixture, "total", "$184.25");
	g_assert_cmpuint(till_session_basket_selected(fixture->session), ==, 4);
}

static void
test_unknown_code_shows_a_card(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "4006381333999");
	assert_text(fixture, "unknown-words", "4006381333999 is not in the catalogue.");
	press(fixture, "checkout.dismiss-unknown");
	assert_text(fixture, "unknown-words", "");
	scan(fixture, "4006381333999");
	act(fixture, "win.back", NULL);
	assert_text(fixture, "unknown-words", "");
	scan(fixture, "4006381333999");
	scan(fixture, "7781");
	assert_text(fixture, "unknown-words", "");
	g_assert_cmpuint(count_lines(fixture), ==, 1);
}

static void
test_item_without_price(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "3300");
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "status"), "Gift tin"));
}

static void
test_weighed_item_asks(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	till_window_scan(fixture->window, "4409");
	till_window_scan(fixture->window, "7781");
	settle();
	g_assert_nonnull(till_session_scan_weighing(fixture->session));
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	scan(fixture, "6120"); /* the dialog refuses it, aloud */
	till_window_typed(fixture->window, "0.64");
	press(fixture, "quantity.take");
	g_assert_cmpuint(count_lines(fixture), ==, 2);
	scan(fixture, "(01)09520123456788(3103)000640"); /* says its own */
	assert_text(fixture, "subtotal", "$30.90");
}

static void
test_weighing_can_be_left(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "4409");
	act(fixture, "win.back", NULL);
	g_assert_null(till_session_scan_weighing(fixture->session));
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	scan(fixture, "7781");
	g_assert_cmpuint(count_lines(fixture), ==, 1);
}

static void
test_dialog_refuses_scan(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	act(fixture, "win.sheet", "note");
	scan(fixture, "6120");
	g_assert_cmpuint(count_lines(fixture), ==, 1);
	assert_text(fixture, "status",
		    "Finish or close this window first. The scan was not taken.");
	act(fixture, "win.back", NULL);
	scan(fixture, "6120");
	g_assert_cmpuint(count_lines(fixture), ==, 2);
}

/* ---- lines ---- */

static void
test_steppers(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	press(fixture, "line.more");
	press(fixture, "line.more");
	assert_text(fixture, "subtotal", "$74.70");
	press(fixture, "line.less");
	assert_text(fixture, "subtotal", "$49.80");
	till_window_typed(fixture->window, "+");
	settle();
	assert_text(fixture, "subtotal", "$74.70");
	for (guint i = 0; i < 3; i++)
		press(fixture, "line.less");
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	press(fixture, "win.undo");
	g_assert_cmpuint(count_lines(fixture), ==, 1);
}

static void
test_void_and_undo(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	scan(fixture, "6120");
	scan(fixture, "9001");
	till_session_basket_select(fixture->session, 2);
	press(fixture, "checkout.void");
	g_assert_cmpuint(count_lines(fixture), ==, 2);
	g_assert_null(till_session_basket_line(fixture->session, 2));
	press(fixture, "win.undo");
	g_assert_cmpuint(count_lines(fixture), ==, 3);
	g_assert_cmpuint(till_session_basket_selected(fixture->session), ==, 2);
}

static void
test_clear_and_undo(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	scan(fixture, "6120");
	press(fixture, "checkout.clear");
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	assert_text(fixture, "lines-page", "empty");
	act(fixture, "win.undo", NULL);
	g_assert_cmpuint(count_lines(fixture), ==, 2);
	assert_text(fixture, "subtotal", "$43.40");
}

static void
test_quantity_by_keypad(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	press(fixture, "line.edit");
	till_window_typed(fixture->window, "12");
	press(fixture, "quantity.take");
	assert_text(fixture, "subtotal-label", "Subtotal · 12 items");
}

static void
test_note(Fixture *fixture, gconstpointer data)
{
	GtkWidget *entry;

	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	press(fixture, "checkout.note");
	entry = gtk_window_get_focus(GTK_WINDOW(fixture->window));
	g_assert_true(GTK_IS_EDITABLE(entry));
	gtk_editable_set_text(GTK_EDITABLE(entry), "Gift wrap");
	press(fixture, "note.take");
	g_assert_cmpstr(till_session_basket_line(fixture->session, 1)->note, ==, "Gift wrap");
}

/* ---- search ---- */

static void
test_typing_searches(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	till_window_typed(fixture->window, "l");
	till_window_typed(fixture->window, "in");
	settle();
	g_assert_cmpuint(g_list_model_get_n_items(till_session_search_results(fixture->session)),
			 ==, 1);
	till_session_search_enter(fixture->session, "lin", 0);
	settle();
	g_assert_cmpuint(count_lines(fixture), ==, 1);
	g_assert_cmpuint(g_list_model_get_n_items(till_session_search_results(fixture->session)),
			 ==, 0);
}

static void
test_nothing_found_says_so(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	till_session_search_enter(fixture->session, "zzz", 0);
	settle();
	assert_text(fixture, "status", "Nothing matches “zzz”. Try fewer letters or another word.");
}

/* ---- paying ---- */

static void
test_quick_cash_sells_once(Fixture *fixture, gconstpointer data)
{
	GtkWidget *button;

	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	fake_register_state()->hold = TRUE;
	button = find(GTK_WIDGET(fixture->window), does_action, "pay.quick");
	g_signal_emit_by_name(button, "clicked");
	g_signal_emit_by_name(button, "clicked");
	till_window_scan(fixture->window, "6120"); /* for the next sale */
	settle();
	g_assert_cmpint(till_session_get_phase(fixture->session), ==, TILL_PHASE_BUSY);
	g_assert_cmpuint(count_lines(fixture), ==, 1);
	fake_register_release();
	settle();
	g_assert_cmpuint(fake_register_state()->sales, ==, 1);
	g_assert_cmpuint(fake_register_state()->lines, ==, 1);
	g_assert_cmpuint(count_lines(fixture), ==, 1);
	assert_text(fixture, "subtotal", "$18.50");
}

static void
test_cash_by_keypad(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	act(fixture, "win.cash", NULL);
	till_window_typed(fixture->window, "5");
	settle();
	till_window_typed(fixture->window, "0.5");
	press(fixture, "cash.take");
	g_assert_cmpint(fake_register_state()->tendered_minor, ==, 5050);
	assert_text(fixture, "change", "$23.39");
	assert_text(fixture, "pay-page", "change");
	assert_text(fixture, "lines-page", "receipt");
	press(fixture, "checkout.next");
	assert_text(fixture, "lines-page", "empty");
}

static void
test_too_little_cash_is_refused(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	till_session_pay_cash(fixture->session, 100);
	settle();
	g_assert_cmpuint(fake_register_state()->sales, ==, 0);
	g_assert_cmpuint(count_lines(fixture), ==, 1);
}

static void
test_failed_sale_keeps_the_basket(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	fake_register_state()->sell_error = "The disk is full. Free some space, then try again.";
	fake_register_state()->trouble = "The disk is full.";
	press(fixture, "pay.quick");
	g_assert_cmpuint(count_lines(fixture), ==, 1);
	assert_text(fixture, "status", "The disk is full. Free some space, then try again.");
	assert_text(fixture, "trouble", "The disk is full.");
	fake_register_state()->sell_error = NULL;
	press(fixture, "pay.quick");
	g_assert_cmpuint(fake_register_state()->sales, ==, 1);
}

static void
test_park_and_recall(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	scan(fixture, "7781");
	press(fixture, "checkout.park");
	g_assert_cmpuint(count_lines(fixture), ==, 0);
	assert_text(fixture, "recall-label", "Recall · 1");
	scan(fixture, "6120");
	press(fixture, "checkout.recall");
	press(fixture, "recall.take");
	assert_text(fixture, "subtotal", "$24.90");
	assert_text(fixture, "recall-label", "Recall · 1");
}

/* ---- the rest of the desk ---- */

static void
test_surfaces(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	act(fixture, "win.surface", "help");
	act(fixture, "win.surface", "sync");
	g_assert_nonnull(till_session_books(fixture->session));
	press(fixture, "sync.try-now");
	press(fixture, "win.sheet");
	act(fixture, "win.back", NULL);
	act(fixture, "win.back", NULL);
	g_assert_true(gtk_widget_get_mapped(find_type(fixture, TILL_TYPE_CHECKOUT_VIEW)));
	act(fixture, "win.surface", "help");
	scan(fixture, "7781"); /* a scan leads back to the sale */
	g_assert_true(gtk_widget_get_mapped(find_type(fixture, TILL_TYPE_CHECKOUT_VIEW)));
}

static void
test_on_screen_keyboard(Fixture *fixture, gconstpointer data)
{
	(void)data;
	sign_in(fixture);
	act(fixture, "win.keyboard", NULL);
	press(fixture, "keyboard.key"); /* "1" */
	press(fixture, "keyboard.erase");
	press(fixture, "keyboard.enter");
	act(fixture, "win.back", NULL);
}

static void
test_health_on_the_chip(Fixture *fixture, gconstpointer data)
{
	TillHealth health = {.state = TILL_HEALTH_OFFLINE, .pending = 2, .sales_pending = 2};

	(void)data;
	till_session_set_health(fixture->session, &health);
	assert_text(fixture, "chip-state", till_health_state_name(TILL_HEALTH_OFFLINE));
	g_assert_nonnull(strstr(till_session_get_text(fixture->session, "chip-words"), "2"));
}

static void
test_blocked(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error =
	    g_error_new_literal(g_quark_from_static_string("test"), 1, "Held by 4711.");

	(void)data;
	till_window_block(fixture->window, error);
	settle();
	g_assert_nonnull(find(GTK_WIDGET(fixture->window), does_action, "app.open"));
}

#define ADD(path, function)                                                                        \
	g_test_add("/ui/window/" path, Fixture, NULL, set_up, function, tear_down)

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
	ADD("too-little-cash-is-refused", test_too_little_cash_is_refused);
	ADD("failed-sale-keeps-the-basket", test_failed_sale_keeps_the_basket);
	ADD("park-and-recall", test_park_and_recall);
}

int
main(int argc, char **argv)
{
	gtk_test_init(&argc, &argv, NULL);
	till_application_load_assets(gdk_display_get_default());
	g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, NULL);
	ADD("pin-by-keyboard", test_pin_by_keyboard);
	ADD("wrong-pin-stays-out", test_wrong_pin_says_so);
	ADD("scan-needs-sign-in", test_scan_needs_sign_in);
	ADD("lock-keeps-the-sale", test_lock_keeps_the_sale);
	add_selling_tests();
	ADD("surfaces-and-back", test_surfaces);
	ADD("on-screen-keyboard", test_on_screen_keyboard);
	ADD("health-on-the-chip", test_health_on_the_chip);
	ADD("blocked-till-offers-to-try-again", test_blocked);
	return g_test_run();
}
