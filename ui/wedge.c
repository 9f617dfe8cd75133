/* SPDX-License-Identifier: Apache-2.0 */
#include "wedge.h"

#include "wedge-state.h"

#define GROUP_SEPARATOR 0x1d

struct TillWedge {
	TillWedgeState state;
	GtkWindow *window; /* borrowed: owns this through its controller */
	TillWedgeText scan;
	TillWedgeText typed;
	gpointer user;
	guint timer;
};

static void
insert_text(GtkEditable *editable, const char *text)
{
	int position;

	gtk_editable_delete_selection(editable);
	position = gtk_editable_get_position(editable);
	gtk_editable_insert_text(editable, text, -1, &position);
	gtk_editable_set_position(editable, position);
}

static void
replay_text(TillWedge *wedge)
{
	GtkWidget *focus = gtk_window_get_focus(wedge->window);

	if (GTK_IS_EDITABLE(focus) && gtk_editable_get_editable(GTK_EDITABLE(focus)))
		insert_text(GTK_EDITABLE(focus), wedge->state.out);
	else
		wedge->typed(wedge->state.out, wedge->user);
}

static void
carry_out(TillWedge *wedge, TillWedgeVerdict verdict)
{
	if (verdict & TILL_WEDGE_REPLAY)
		replay_text(wedge);
	if (verdict & TILL_WEDGE_SCAN)
		wedge->scan(wedge->state.out, wedge->user);
	till_wedge_state_wipe(&wedge->state);
}

static gboolean
idle_cb(gpointer user)
{
	TillWedge *wedge = user;

	wedge->timer = 0;
	carry_out(wedge, till_wedge_state_idle(&wedge->state));
	return G_SOURCE_REMOVE;
}

static TillWedgeKey
classify_key(TillWedge *wedge, guint keyval, GdkModifierType modifiers, gunichar *out_character)
{
	const GdkModifierType chord =
	    GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK;
	gboolean held = wedge->state.chars > 0;
	gunichar character = gdk_keyval_to_unicode(keyval);

	*out_character = 0;
	/* GS1 codes part their fields by a group separator, which scanners type as Ctrl-] or F8. */
	if (held && (keyval == GDK_KEY_F8 ||
		     (keyval == GDK_KEY_bracketright && (modifiers & chord) == GDK_CONTROL_MASK))) {
		*out_character = GROUP_SEPARATOR;
		return TILL_WEDGE_KEY_CHAR;
	}
	if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_Tab ||
	    keyval == GDK_KEY_ISO_Enter || keyval == GDK_KEY_Linefeed)
		return (modifiers & chord) ? TILL_WEDGE_KEY_OTHER : TILL_WEDGE_KEY_SUFFIX;
	if (keyval >= GDK_KEY_Shift_L && keyval <= GDK_KEY_Hyper_R)
		return TILL_WEDGE_KEY_MODIFIER;
	if (keyval == GDK_KEY_ISO_Level3_Shift || keyval == GDK_KEY_Mode_switch ||
	    keyval == GDK_KEY_Num_Lock)
		return TILL_WEDGE_KEY_MODIFIER;
	if ((modifiers & chord) || character < 0x20 || character == 0x7f)
		return TILL_WEDGE_KEY_OTHER;
	*out_character = character;
	return TILL_WEDGE_KEY_CHAR;
}

/* A space that begins nothing presses the focused button; no code begins with one. */
static gboolean
is_button_press(TillWedge *wedge, gunichar character)
{
	GtkWidget *focus = gtk_window_get_focus(wedge->window);

	return character == ' ' && wedge->state.chars == 0 && !GTK_IS_EDITABLE(focus);
}

static gboolean
key_pressed_cb(GtkEventControllerKey *controller, guint keyval, guint keycode,
	       GdkModifierType modifiers, gpointer user)
{
	TillWedge *wedge = user;
	gint64 time_ms =
	    gtk_event_controller_get_current_event_time(GTK_EVENT_CONTROLLER(controller));
	TillWedgeVerdict verdict;
	TillWedgeKey key;
	gunichar character;

	(void)keycode;
	key = classify_key(wedge, keyval, modifiers, &character);
	if (key == TILL_WEDGE_KEY_MODIFIER || is_button_press(wedge, character))
		return GDK_EVENT_PROPAGATE;
	verdict = till_wedge_state_key(&wedge->state, key, character, time_ms);
	g_clear_handle_id(&wedge->timer, g_source_remove);
	/* Below the priority of events: keys that already wait in the queue come first. */
	if (wedge->state.chars > 0)
		wedge->timer = g_timeout_add_full(G_PRIORITY_DEFAULT_IDLE, TILL_WEDGE_HOLD_MS,
						  idle_cb, wedge, NULL);
	carry_out(wedge, verdict);
	return (verdict & TILL_WEDGE_SWALLOW) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static void
free_wedge(gpointer data)
{
	TillWedge *wedge = data;

	g_clear_handle_id(&wedge->timer, g_source_remove);
	explicit_bzero(&wedge->state, sizeof wedge->state);
	g_free(wedge);
}

void
till_wedge_install(GtkWindow *window, TillWedgeText scan, TillWedgeText typed, gpointer user)
{
	GtkEventController *controller = gtk_event_controller_key_new();
	TillWedge *wedge = g_new0(TillWedge, 1);

	till_wedge_state_init(&wedge->state);
	wedge->window = window;
	wedge->scan = scan;
	wedge->typed = typed;
	wedge->user = user;
	gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_CAPTURE);
	g_signal_connect(controller, "key-pressed", G_CALLBACK(key_pressed_cb), wedge);
	g_object_set_data_full(G_OBJECT(controller), "till-wedge", wedge, free_wedge);
	gtk_widget_add_controller(GTK_WIDGET(window), controller);
}
