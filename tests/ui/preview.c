/* SPDX-License-Identifier: Apache-2.0 */
/* The real window over made-up answers: for looking at the screens while drawing them, and for
 * pictures in sizes and palettes. Not a test; it needs no central and no disk.
 *
 *   preview SCENE [PERCENT]   with text of that size; scenes: signin, empty, lines, unknown, cash,
 * weight, change, recall, sync, help, trouble, search, keyboard, note, clear, pricing, why,
 * discount, approval, customer, coupon, exempt; of pickups: board, outside, picking, ship, code-N
 * (an answer of pickup-answer.h), check, place, send, problem, short, collector, undo */
#include "application.h"
#include "fake-pickup-desk.h"
#include "fake-register.h"
#include "session-pickups.h"
#include "text.h"

typedef struct {
	const char *scene;
	TillRegister *reg;
	TillPickupDesk *desk;
	TillSession *session;
	TillApplication *application;
	guint step;
	int percent; /* size of text; 0: the system's */
} Preview;

static void
act(Preview *preview, const char *action, const char *target)
{
	GtkWidget *window = GTK_WIDGET(till_application_get_window(preview->application));

	if (target != NULL)
		gtk_widget_activate_action(window, action, "s", target);
	else
		gtk_widget_activate_action(window, action, NULL);
}

static gboolean
is(Preview *preview, const char *scene)
{
	return g_str_equal(preview->scene, scene);
}

static void
fill_basket(Preview *preview)
{
	static const char *const codes[] = {"4012-NVY-M", "4012-NVY-M", "7781", "5530-WHT-L",
					    "6120"};

	if (is(preview, "signin") || is(preview, "empty") || is(preview, "help") ||
	    is(preview, "sync"))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		till_session_scan_code(preview->session, codes[i]);
}

static void
fill_late(Preview *preview)
{
	TillSession *session = preview->session;

	if (till_session_get_phase(session) == TILL_PHASE_SELLING && !is(preview, "empty") &&
	    !is(preview, "help") && !is(preview, "sync"))
		till_session_scan_code(session, "4409");
}

static void
weigh(Preview *preview)
{
	if (!is(preview, "weight"))
		till_session_scan_weight(preview->session, 640);
	act(preview, "win.close-sheet", NULL);
	if (is(preview, "weight"))
		till_session_scan_code(preview->session, "4409");
	if (till_session_basket_line(preview->session, 2) != NULL)
		till_session_basket_set_note(preview->session, 2, "Gift wrap, blue ribbon");
}

/* A sale with offers, a coupon that counts, one that does not, and a discount by hand. */
static void
fill_pricing(Preview *preview)
{
	static const char *const codes[] = {"LOY-1001", "SPRING10", "OLD5", "6120", "6120"};
	TillSessionManual change = {
	    .kind = TILL_MANUAL_PERCENT, .value = 100000, .reason = "display item", .line_id = 3};

	for (guint i = 0; i < G_N_ELEMENTS(codes); i++)
		till_session_scan_code(preview->session, codes[i]);
	(void)till_session_manual_apply(preview->session, &change);
	till_session_basket_select(preview->session, 1);
}

static gboolean
has_offers(Preview *preview)
{
	static const char *const scenes[] = {"pricing",  "why",    "discount", "approval",
					     "customer", "coupon", "exempt",   NULL};

	return g_strv_contains(scenes, preview->scene);
}

static void
show_offers(Preview *preview)
{
	if (is(preview, "approval")) {
		act(preview, "win.discount", NULL);
		till_window_typed(till_application_get_window(preview->application), "30");
	} else if (is(preview, "customer")) {
		act(preview, "win.customer", NULL);
		till_window_typed(till_application_get_window(preview->application), "o");
	} else if (!is(preview, "pricing")) {
		g_autofree char *action = g_strconcat("win.", preview->scene, NULL);

		act(preview, action, NULL);
	}
}

static void
show_scene(Preview *preview)
{
	TillSession *session = preview->session;

	if (is(preview, "unknown"))
		till_session_scan_code(session, "4006381333999");
	else if (is(preview, "cash") || is(preview, "recall") || is(preview, "note"))
		act(preview, "win.sheet", preview->scene);
	else if (is(preview, "quantity"))
		act(preview, "win.sheet", "quantity");
	else if (is(preview, "change"))
		till_session_pay_cash(session, 20000);
	else if (is(preview, "sync") || is(preview, "help"))
		act(preview, "win.surface", preview->scene);
	else if (is(preview, "search") || is(preview, "keyboard"))
		till_window_typed(till_application_get_window(preview->application), "o");
	else if (is(preview, "clear"))
		till_session_basket_clear(session);
	else if (is(preview, "trouble"))
		till_session_books_load(session);
	if (is(preview, "keyboard"))
		act(preview, "win.keyboard", NULL);
}

static gboolean
is_pickup_scene(Preview *preview)
{
	static const char *const scenes[] = {"board",     "outside", "picking", "ship",
					     "check",     "place",   "send",    "problem",
					     "collector", "undo",    "short",   NULL};

	return g_strv_contains(scenes, preview->scene) || g_str_has_prefix(preview->scene, "code-");
}

static void
open_pickup(Preview *preview)
{
	const char *number = is(preview, "picking") || is(preview, "place") || is(preview, "short")
				 ? "A-1046"
			     : is(preview, "ship") || is(preview, "send") ? "W-1047"
			     : is(preview, "check")                       ? "W-1044"
									  : "W-1041";
	gint64 answer;

	if (g_str_has_prefix(preview->scene, "code-")) {
		if (till_text_parse_int(preview->scene + 5, 0, TILL_PICKUP_ANSWER_VALID, &answer))
			fake_pickup_desk_state()->answer = (TillPickupAnswerKind)answer;
		till_session_pickups_scan(preview->session, FAKE_PICKUP_CODE);
	} else if (!is(preview, "board")) {
		till_session_pickup_open(preview->session,
					 fake_pickup_desk_id(preview->desk, number));
	}
}

static void
show_pickup(Preview *preview)
{
	TillSession *session = preview->session;

	if (is(preview, "picking") || is(preview, "place") || is(preview, "short")) {
		till_session_pickup_switch(session);
		till_session_pickup_step(session, 1, 2);
	} else if (is(preview, "outside") || is(preview, "undo")) {
		till_session_pickups_scan(session, "5530-WHT-L");
		till_session_pickup_tick(session, 2);
	} else if (is(preview, "check")) {
		till_session_pickup_tick_all(session);
	}
	if (is(preview, "undo"))
		till_session_pickup_hand_over(session, "id", FALSE);
	if (is(preview, "check") || is(preview, "place") || is(preview, "send") ||
	    is(preview, "problem") || is(preview, "collector") || is(preview, "short"))
		act(preview, "win.sheet", is(preview, "short") ? "problem" : preview->scene);
}

static gboolean
step_cb(gpointer user)
{
	Preview *preview = user;

	switch (preview->step++) {
	case 0:
		if (!is(preview, "signin"))
			till_session_staff_signin(preview->session, "s1", "1234", 4);
		break;
	case 1:
		if (is_pickup_scene(preview)) {
			act(preview, "win.surface", "pickups");
			break;
		}
		if (is(preview, "recall")) {
			till_session_scan_code(preview->session, "7781");
			break;
		}
		fill_basket(preview);
		break;
	case 2:
		if (is_pickup_scene(preview))
			open_pickup(preview);
		else if (is(preview, "recall"))
			till_session_basket_park(preview->session);
		else if (!is(preview, "signin"))
			fill_late(preview);
		break;
	case 3:
		if (is_pickup_scene(preview)) {
			show_pickup(preview);
			return G_SOURCE_REMOVE;
		}
		if (!is(preview, "signin") && !is(preview, "empty") && !is(preview, "recall"))
			weigh(preview);
		break;
	case 4:
		if (!has_offers(preview)) {
			show_scene(preview);
			return G_SOURCE_REMOVE;
		}
		fill_pricing(preview);
		break;
	case 5:
		break; /* the shopper's rules are on their way */
	case 6:
		show_offers(preview);
		return G_SOURCE_REMOVE;
	}
	return G_SOURCE_CONTINUE;
}

static void
loaded_cb(TillSession *session, const GError *error, gpointer user)
{
	Preview *preview = user;

	g_assert(error == NULL);
	till_window_set_session(till_application_get_window(preview->application), session);
	g_timeout_add(120, step_cb, preview);
}

static void
open_cb(TillApplication *application, gpointer user)
{
	Preview *preview = user;
	TillSessionHooks hooks = {0};
	TillHealth health = {.state = TILL_HEALTH_OFFLINE,
			     .reason = "The network is down. Sales are kept here and sent later.",
			     .pending = 3,
			     .sales_pending = 3,
			     .oldest_pending_s = 340,
			     .last_success_ms = 1795443900000,
			     .cursor_age_s = 400};

	(void)application;
	if (preview->percent > 0)
		g_object_set(gtk_settings_get_default(), "gtk-xft-dpi",
			     96 * 1024 * preview->percent / 100, NULL);
	health.retry_at_mono_ms = till_clock_mono_ms(till_clock_system()) + 8000;
	preview->session = till_session_new(preview->reg, till_clock_system(), "en_US", &hooks);
	till_session_set_desk(preview->session, preview->desk);
	till_session_set_health(preview->session, &health);
	till_session_load(preview->session, loaded_cb, preview);
}

int
main(int argc, char **argv)
{
	Preview preview = {.scene = argc > 1 ? argv[1] : "lines", .reg = fake_register_new()};
	char *name[] = {argv[0], NULL};
	gint64 percent = 0;
	int status;

	if (argc > 2 && !till_text_parse_int(argv[2], 50, 400, &percent))
		return 2;
	preview.percent = (int)percent;
	fake_register_state()->trouble =
	    is(&preview, "trouble")
		? "The disk is full. Free some space; sales that were paid are safe."
		: NULL;
	preview.desk = fake_pickup_desk_new(till_clock_wall_ms(till_clock_system()));
	preview.application = till_application_new(open_cb, &preview, NULL, TRUE);
	status = g_application_run(G_APPLICATION(preview.application), 1, name);
	g_clear_object(&preview.session);
	g_object_unref(preview.application);
	till_register_free(preview.reg);
	till_pickup_desk_free(preview.desk);
	return status;
}
