/* SPDX-License-Identifier: Apache-2.0 */
#include "window.h"

#include "blocked-page.h"
#include "cash-sheet.h"
#include "check-sheet.h"
#include "collector-sheet.h"
#include "coupon-sheet.h"
#include "customer-sheet.h"
#include "desk-page.h"
#include "discount-sheet.h"
#include "exempt-sheet.h"
#include "export-sheet.h"
#include "note-sheet.h"
#include "pages.h"
#include "place-sheet.h"
#include "problem-sheet.h"
#include "quantity-sheet.h"
#include "recall-sheet.h"
#include "send-sheet.h"
#include "session-pickups.h"
#include "sheet.h"
#include "signin-view.h"
#include "toast.h"
#include "trace-sheet.h"
#include "wedge.h"

#define DESK_BUILDER_MS 250 /* after the sign-in is on the screen */

struct _TillWindow {
	GtkApplicationWindow parent_instance;
	GtkWidget *pages; /* GtkStack: starting, blocked, signin, desk */
	GtkWidget *sheet_layer;
	TillToast *toast;
	TillSheet *sheet;      /* borrowed from the layer; nullable */
	GtkWidget *focus_back; /* weak: who had the focus before the sheet */
	TillSession *session;  /* owned reference, nullable */
	TillSigninView *signin;
	TillDeskPage *desk;
	TillBlockedPage *blocked;
	TillSound *sound; /* borrowed, nullable */
	guint ticker;
	guint desk_builder; /* builds the desk before it is needed; 0: built */
	gint64 touched_us;  /* last key or touch, monotonic */
};

G_DEFINE_FINAL_TYPE(TillWindow, till_window, GTK_TYPE_APPLICATION_WINDOW)

static gboolean
at_desk(TillWindow *self)
{
	return self->session != NULL && till_session_staff_signed_in(self->session);
}

/* ---- sheets ---- */

typedef struct {
	const char *name;
	const char *title;
	GType (*type)(void);
} SheetKind;

static const SheetKind sheet_kinds[] = {
    {"cash", "Cash", till_cash_sheet_get_type},
    {"quantity", "Quantity", till_quantity_sheet_get_type},
    {"note", "Note", till_note_sheet_get_type},
    {"recall", "Parked sales", till_recall_sheet_get_type},
    {"discount", "Discount", till_discount_sheet_get_type},
    {"why", "Why this price?", till_trace_sheet_get_type},
    {"customer", "Customer", till_customer_sheet_get_type},
    {"coupon", "Coupon", till_coupon_sheet_get_type},
    {"exempt", "Tax-exempt sale", till_exempt_sheet_get_type},
    {"export", "Export unsent sales", till_export_sheet_get_type},
    {"problem", "Problem", till_problem_sheet_get_type},
    {"place", "Stage at", till_place_sheet_get_type},
    {"send", "Send", till_send_sheet_get_type},
    {"check", "Check before handing over", till_check_sheet_get_type},
    {"collector", "Someone else collects", till_collector_sheet_get_type},
};

static void
close_sheet(TillWindow *self)
{
	g_autoptr(GtkWidget) back = self->focus_back ? g_object_ref(self->focus_back) : NULL;

	if (self->sheet == NULL)
		return;
	g_clear_weak_pointer(&self->focus_back);
	gtk_box_remove(GTK_BOX(self->sheet_layer), GTK_WIDGET(self->sheet));
	self->sheet = NULL;
	gtk_widget_set_visible(self->sheet_layer, FALSE);
	gtk_widget_set_can_focus(self->pages, TRUE);
	gtk_accessible_update_state(GTK_ACCESSIBLE(self->pages), GTK_ACCESSIBLE_STATE_HIDDEN, FALSE,
				    -1);
	if (back != NULL && gtk_widget_get_mapped(back))
		gtk_widget_grab_focus(back);
	/* Closed without an answer: the weighed item is not sold. */
	till_session_scan_weight(self->session, 0);
}

static void
open_sheet(TillWindow *self, const char *name)
{
	const SheetKind *kind = NULL;
	TillView *content;

	for (guint i = 0; i < G_N_ELEMENTS(sheet_kinds); i++)
		if (g_str_equal(sheet_kinds[i].name, name))
			kind = &sheet_kinds[i];
	if (kind == NULL || self->session == NULL || self->sheet != NULL ||
	    !till_session_staff_signed_in(self->session))
		return;
	till_toast_hide(self->toast); /* it would lie over the dialog */
	g_set_weak_pointer(&self->focus_back, gtk_window_get_focus(GTK_WINDOW(self)));
	content = g_object_new(kind->type(), "session", self->session, NULL);
	self->sheet = TILL_SHEET(till_sheet_new(
	    till_session_scan_weighing(self->session) ? "Weight" : kind->title, content));
	gtk_box_append(GTK_BOX(self->sheet_layer), GTK_WIDGET(self->sheet));
	gtk_widget_set_visible(self->sheet_layer, TRUE);
	/* Tab stays inside the sheet. */
	gtk_widget_set_can_focus(self->pages, FALSE);
	gtk_accessible_update_state(GTK_ACCESSIBLE(self->pages), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE,
				    -1);
	till_view_begin(content);
}

/* ---- scans and typing ---- */

void
till_window_scan(TillWindow *self, const char *code)
{
	self->touched_us = g_get_monotonic_time();
	if (self->session == NULL)
		return;
	if (self->sheet != NULL && till_view_scanned(till_sheet_get_content(self->sheet), code))
		return;
	if (self->sheet != NULL) {
		till_session_notice(self->session, TILL_NOTICE_ATTENTION, FALSE,
				    "Finish or close this window first. The scan was not taken.");
		return;
	}
	if (at_desk(self) && till_view_scanned(TILL_VIEW(self->desk), code))
		return;
	if (at_desk(self) && till_session_pickups_is_code(code)) {
		gtk_widget_activate_action(GTK_WIDGET(self), "win.surface", "s", "pickups");
		till_session_pickups_check(self->session, code);
		return;
	}
	till_session_scan_code(self->session, code);
}

static void
scan_cb(const char *code, gpointer user)
{
	till_window_scan(user, code);
}

void
till_window_typed(TillWindow *self, const char *text)
{
	const char *page = gtk_stack_get_visible_child_name(GTK_STACK(self->pages));

	if (self->sheet != NULL)
		till_view_typed(till_sheet_get_content(self->sheet), text);
	else if (g_strcmp0(page, "signin") == 0)
		till_view_typed(TILL_VIEW(self->signin), text);
	else if (g_strcmp0(page, "desk") == 0)
		till_view_typed(TILL_VIEW(self->desk), text);
}

static void
typed_cb(const char *text, gpointer user)
{
	till_window_typed(user, text);
}

/* ---- pages ---- */

/* What the window was asked to be counts when it is forced to be larger by what it shows. */
static void
fit_room(TillWindow *self)
{
	GdkSurface *surface = gtk_native_get_surface(GTK_NATIVE(self));
	GdkMonitor *monitor;
	GdkRectangle area;
	int width, height;

	if (self->desk == NULL || surface == NULL)
		return;
	gtk_window_get_default_size(GTK_WINDOW(self), &width, &height);
	width = MIN(width, gdk_surface_get_width(surface));
	height = MIN(height, gdk_surface_get_height(surface));
	monitor = gdk_display_get_monitor_at_surface(gdk_surface_get_display(surface), surface);
	if (monitor != NULL) {
		gdk_monitor_get_geometry(monitor, &area);
		width = MIN(width, area.width);
		height = MIN(height, area.height);
	}
	till_desk_page_set_room(self->desk, width, height);
}

static void
realize_cb(TillWindow *self)
{
	g_signal_connect_object(gtk_native_get_surface(GTK_NATIVE(self)), "layout",
				G_CALLBACK(fit_room), self, G_CONNECT_SWAPPED);
	fit_room(self);
}

/* The desk is large; it is built while somebody types a PIN. */
static void
ensure_desk(TillWindow *self)
{
	g_clear_handle_id(&self->desk_builder, g_source_remove);
	if (self->desk != NULL)
		return;
	self->desk = g_object_new(TILL_TYPE_DESK_PAGE, "session", self->session, NULL);
	gtk_stack_add_named(GTK_STACK(self->pages), GTK_WIDGET(self->desk), "desk");
	fit_room(self);
}

static gboolean
build_desk_cb(gpointer user)
{
	TillWindow *self = user;

	self->desk_builder = 0;
	ensure_desk(self);
	return G_SOURCE_REMOVE;
}

static void
show_page(TillWindow *self)
{
	gboolean in = till_session_staff_signed_in(self->session);

	if (!in)
		close_sheet(self);
	else
		ensure_desk(self);
	gtk_stack_set_visible_child_name(GTK_STACK(self->pages), in ? "desk" : "signin");
	till_view_begin(in ? TILL_VIEW(self->desk) : TILL_VIEW(self->signin));
}

static void
notice_cb(TillWindow *self, guint kind, const char *words, gboolean undo)
{
	gboolean alert = kind == TILL_NOTICE_ATTENTION;

	if (self->sound != NULL && kind < TILL_NOTICE_PLAIN)
		till_sound_play(self->sound, (TillSoundName)kind);
	if (alert || undo || kind == TILL_NOTICE_PLAIN)
		till_toast_show(self->toast, words, alert, undo);
	else
		till_toast_hide(self->toast);
}

static void
sound_cb(TillWindow *self, guint kind)
{
	if (self->sound != NULL && kind < TILL_NOTICE_PLAIN)
		till_sound_play(self->sound, (TillSoundName)kind);
}

static void
ask_weight_cb(TillWindow *self)
{
	open_sheet(self, "quantity");
}

static gboolean
tick_cb(gpointer user)
{
	TillWindow *self = user;
	gint64 idle_us = g_get_monotonic_time() - self->touched_us;

	till_session_tick(self->session);
	if (idle_us > (gint64)TILL_WINDOW_IDLE_LOCK_S * G_USEC_PER_SEC)
		till_session_staff_lock(self->session);
	return G_SOURCE_CONTINUE;
}

static gboolean
touched_cb(TillWindow *self, GdkEvent *event)
{
	GdkEventType type = gdk_event_get_event_type(event);

	if (type == GDK_KEY_PRESS || type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN ||
	    type == GDK_MOTION_NOTIFY || type == GDK_SCROLL)
		self->touched_us = g_get_monotonic_time();
	return GDK_EVENT_PROPAGATE;
}

void
till_window_set_session(TillWindow *self, TillSession *session)
{
	g_assert(self->session == NULL);
	self->session = g_object_ref(session);
	self->signin = g_object_new(TILL_TYPE_SIGNIN_VIEW, "session", session, NULL);
	gtk_stack_add_named(GTK_STACK(self->pages), GTK_WIDGET(self->signin), "signin");
	self->desk_builder =
	    g_timeout_add_full(G_PRIORITY_LOW, DESK_BUILDER_MS, build_desk_cb, self, NULL);
	g_signal_connect_object(session, "notify::signed-in", G_CALLBACK(show_page), self,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "notice", G_CALLBACK(notice_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "sound", G_CALLBACK(sound_cb), self, G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "ask-weight", G_CALLBACK(ask_weight_cb), self,
				G_CONNECT_SWAPPED);
	self->touched_us = g_get_monotonic_time();
	self->ticker = g_timeout_add_seconds(1, tick_cb, self);
	show_page(self);
}

TillSession *
till_window_get_session(TillWindow *self)
{
	return self->session;
}

void
till_window_block(TillWindow *self, const GError *error)
{
	if (self->blocked == NULL) {
		self->blocked = g_object_new(TILL_TYPE_BLOCKED_PAGE, NULL);
		gtk_stack_add_named(GTK_STACK(self->pages), GTK_WIDGET(self->blocked), "blocked");
	}
	gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "blocked");
	till_blocked_page_tell(self->blocked, error);
}

/* ---- actions ---- */

static void
surface_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	const char *surface = g_variant_get_string(parameter, NULL);

	if (!at_desk(self) || self->sheet != NULL)
		return;
	if (till_desk_page_is_handheld(self->desk) && !g_str_equal(surface, "pickups") &&
	    !g_str_equal(surface, "sync"))
		return;
	g_simple_action_set_state(action, parameter);
	till_desk_page_show(self->desk, surface);
}

static void
sheet_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	(void)action;
	open_sheet(user, g_variant_get_string(parameter, NULL));
}

static void
close_sheet_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	(void)action;
	(void)parameter;
	close_sheet(user);
}

static void
back_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)action;
	(void)parameter;
	if (self->sheet != NULL && !till_view_back(till_sheet_get_content(self->sheet)))
		close_sheet(self);
	else if (self->sheet == NULL && at_desk(self))
		till_view_back(TILL_VIEW(self->desk));
}

static void
undo_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)action;
	(void)parameter;
	if (!at_desk(self) || self->sheet != NULL)
		return;
	till_toast_hide(self->toast);
	if (till_view_undo(TILL_VIEW(self->desk)))
		return;
	till_session_basket_undo(self->session);
}

static void
lock_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)action;
	(void)parameter;
	if (at_desk(self))
		till_session_staff_lock(self->session);
}

static void
cash_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)action;
	(void)parameter;
	if (at_desk(self) && till_session_pay_possible(self->session))
		open_sheet(self, "cash");
}

/* What a shopper brings may come at any time a sale may change, also before the first line. */
static void
shopper_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)parameter;
	if (at_desk(self) && till_session_get_phase(self->session) != TILL_PHASE_BUSY)
		open_sheet(self, g_action_get_name(G_ACTION(action)));
}

/* About the selected line. */
static void
line_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)parameter;
	if (at_desk(self) && till_session_get_priced(self->session) != NULL &&
	    till_session_get_phase(self->session) == TILL_PHASE_SELLING &&
	    till_session_basket_selected(self->session) != 0)
		open_sheet(self, g_action_get_name(G_ACTION(action)));
}

static void
keyboard_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)action;
	(void)parameter;
	if (at_desk(self) && self->sheet == NULL)
		till_desk_page_toggle_keyboard(self->desk);
}

static void
focus_search_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillWindow *self = user;

	(void)action;
	(void)parameter;
	if (at_desk(self) && self->sheet == NULL)
		till_desk_page_focus_search(self->desk);
}

static const GActionEntry actions[] = {
    {.name = "surface", .activate = surface_action, .parameter_type = "s", .state = "'checkout'"},
    {.name = "sheet", .activate = sheet_action, .parameter_type = "s"},
    {.name = "close-sheet", .activate = close_sheet_action},
    {.name = "back", .activate = back_action},
    {.name = "undo", .activate = undo_action},
    {.name = "lock", .activate = lock_action},
    {.name = "cash", .activate = cash_action},
    {.name = "discount", .activate = line_action},
    {.name = "why", .activate = line_action},
    {.name = "customer", .activate = shopper_action},
    {.name = "coupon", .activate = shopper_action},
    {.name = "exempt", .activate = shopper_action},
    {.name = "keyboard", .activate = keyboard_action},
    {.name = "focus-search", .activate = focus_search_action},
};

static void
till_window_dispose(GObject *object)
{
	TillWindow *self = TILL_WINDOW(object);

	g_clear_handle_id(&self->ticker, g_source_remove);
	g_clear_handle_id(&self->desk_builder, g_source_remove);
	g_clear_weak_pointer(&self->focus_back);
	g_clear_object(&self->session);
	G_OBJECT_CLASS(till_window_parent_class)->dispose(object);
}

static void
till_window_class_init(TillWindowClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_window_dispose;
	g_type_ensure(TILL_TYPE_TOAST);
	gtk_widget_class_set_template_from_resource(widget_class, "/org/tillhouse/ui/window.ui");
	gtk_widget_class_bind_template_child(widget_class, TillWindow, pages);
	gtk_widget_class_bind_template_child(widget_class, TillWindow, sheet_layer);
	gtk_widget_class_bind_template_child(widget_class, TillWindow, toast);
}

static void
till_window_init(TillWindow *self)
{
	GtkEventController *touch = gtk_event_controller_legacy_new();

	gtk_widget_init_template(GTK_WIDGET(self));
	till_pages_watch(GTK_STACK(self->pages));
	g_signal_connect_after(self, "realize", G_CALLBACK(realize_cb), NULL);
	g_signal_connect(self, "notify::default-width", G_CALLBACK(fit_room), NULL);
	g_signal_connect(self, "notify::default-height", G_CALLBACK(fit_room), NULL);
	g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
	till_wedge_install(GTK_WINDOW(self), scan_cb, typed_cb, self);
	gtk_event_controller_set_propagation_phase(touch, GTK_PHASE_CAPTURE);
	g_signal_connect_swapped(touch, "event", G_CALLBACK(touched_cb), self);
	gtk_widget_add_controller(GTK_WIDGET(self), touch);
}

TillWindow *
till_window_new(GtkApplication *application, TillSound *sound)
{
	TillWindow *self = g_object_new(TILL_TYPE_WINDOW, "application", application, NULL);

	self->sound = sound;
	return self;
}
