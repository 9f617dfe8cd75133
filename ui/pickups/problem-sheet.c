/* SPDX-License-Identifier: Apache-2.0 */
#include "problem-sheet.h"

#include "field.h"
#include "keyboard.h"
#include "pages.h"
#include "row.h"
#include "session-pickups.h"

struct _TillProblemSheet {
	TillView parent_instance;
	GtkWidget *question;
	GtkWidget *pages;   /* GtkStack: choose, find */
	GtkWidget *choices; /* GtkBox of buttons */
	GtkWidget *entry;
	GtkWidget *found;
	GtkSingleSelection *selection;
	TillKeyboard *keyboard;
	GtkWidget *cancel;
	TillSessionProblem problem; /* the one that was chosen */
	guint line;                 /* and of which line; 0: not yet, or all */
	gboolean short_only;        /* it was said that a line is missing: what becomes of it */
};

G_DEFINE_FINAL_TYPE(TillProblemSheet, till_problem_sheet, TILL_TYPE_VIEW)

static const struct {
	const char *title, *detail;
	gboolean about_short; /* an answer to a line that is missing */
	gboolean whole;       /* about all lines at once */
} problems[TILL_PROBLEM_KINDS] = {
    [TILL_PROBLEM_NOT_FOUND] = {"An item is not found", "It is looked for no longer here", FALSE,
				FALSE},
    [TILL_PROBLEM_DAMAGED] = {"An item is damaged", "It is not handed over", FALSE, FALSE},
    [TILL_PROBLEM_FOUND] = {"Found after all", "It can be picked again", TRUE, FALSE},
    [TILL_PROBLEM_SUBSTITUTE] = {"Send a substitute", "Another item in its place", TRUE, FALSE},
    [TILL_PROBLEM_OTHER_STORE] = {"Ask another store", "The shopper gets it later", TRUE, FALSE},
    [TILL_PROBLEM_CANCEL_LINE] = {"Cancel the line", "What was paid for it is given back", TRUE,
				  FALSE},
    [TILL_PROBLEM_REFUSED] = {"The shopper does not want an item",
			      "It goes back with this hand-over", FALSE, FALSE},
    [TILL_PROBLEM_COLLECTOR] = {"Someone else collects", "With their own document", FALSE, TRUE},
    [TILL_PROBLEM_PUT_BACK] = {"Put it back on the shelf", "It is picked again later", FALSE, TRUE},
    [TILL_PROBLEM_EXPIRED] = {"Held too long: give the order up", "The items go back to the shelf",
			      FALSE, TRUE},
};

static TillSession *
get_session(gpointer self)
{
	return till_view_get_session(TILL_VIEW(self));
}

/* ---- choices ---- */

static void
clear_choices(TillProblemSheet *self)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(self->choices)) != NULL)
		gtk_box_remove(GTK_BOX(self->choices), child);
}

static GtkWidget *
make_label(const char *words, const char *class)
{
	GtkWidget *label = gtk_label_new(words);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_NONE);
	gtk_widget_add_css_class(label, class);
	return label;
}

static void
add_choice(TillProblemSheet *self, const char *title, const char *detail, const char *action,
	   guint target)
{
	GtkWidget *button = gtk_button_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);

	gtk_box_append(GTK_BOX(box), make_label(title, "till-title"));
	gtk_box_append(GTK_BOX(box), make_label(detail, "till-detail"));
	gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
	gtk_button_set_child(GTK_BUTTON(button), box);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
	gtk_actionable_set_action_target(GTK_ACTIONABLE(button), "u", target);
	gtk_widget_add_css_class(button, "till-choice");
	gtk_widget_add_css_class(button, "till-large");
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
				       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
	gtk_box_append(GTK_BOX(self->choices), button);
}

static void
show_choices(TillProblemSheet *self, const char *question)
{
	gtk_label_set_text(GTK_LABEL(self->question), question);
	gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "choose");
	gtk_widget_child_focus(self->choices, GTK_DIR_TAB_FORWARD);
}

static void
list_problems(TillProblemSheet *self)
{
	clear_choices(self);
	for (guint i = 0; i < TILL_PROBLEM_KINDS; i++) {
		g_autoptr(GPtrArray) lines =
		    till_session_problem_lines(get_session(self), (TillSessionProblem)i);

		if (lines->len > 0 && (!self->short_only || problems[i].about_short))
			add_choice(self, problems[i].title, problems[i].detail, "problem.choose",
				   i);
	}
	gtk_button_set_label(GTK_BUTTON(self->cancel),
			     self->short_only ? "Decide later" : "Cancel");
	show_choices(self, self->short_only ? "What is to become of what is missing?"
					    : "What is the matter?");
}

static void
list_lines(TillProblemSheet *self, const GPtrArray *lines)
{
	clear_choices(self);
	for (guint i = 0; i < lines->len; i++) {
		const TillSessionPickupLine *line = g_ptr_array_index(lines, i);

		add_choice(self, line->title, line->detail, "problem.line", line->line);
	}
	show_choices(self, "Which item?");
}

/* ---- solving ---- */

static void
close_sheet(TillProblemSheet *self)
{
	gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
}

/* A line that is missing asks the next question at once: what becomes of it. */
static void
solve(TillProblemSheet *self, const TillItem *substitute)
{
	till_session_problem_solve(get_session(self), self->problem, self->line, substitute);
	if (self->problem == TILL_PROBLEM_NOT_FOUND || self->problem == TILL_PROBLEM_DAMAGED)
		self->short_only = TRUE;
	else
		close_sheet(self);
}

static void
go_on(TillProblemSheet *self)
{
	if (self->problem != TILL_PROBLEM_SUBSTITUTE) {
		solve(self, NULL);
		return;
	}
	till_session_problem_search(get_session(self), "");
	gtk_label_set_text(GTK_LABEL(self->question), "Which item goes in its place?");
	gtk_stack_set_visible_child_name(GTK_STACK(self->pages), "find");
	gtk_widget_grab_focus(self->entry);
}

static void
choose_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillProblemSheet *self = TILL_PROBLEM_SHEET(widget);
	g_autoptr(GPtrArray) lines = NULL;

	(void)name;
	self->problem = (TillSessionProblem)g_variant_get_uint32(parameter);
	lines = till_session_problem_lines(get_session(self), self->problem);
	self->line = 0;
	if (self->problem == TILL_PROBLEM_COLLECTOR) {
		g_autoptr(GtkWidget) root = g_object_ref(GTK_WIDGET(gtk_widget_get_root(widget)));

		close_sheet(self);
		gtk_widget_activate_action(root, "win.sheet", "s", "collector");
		return;
	}
	if (!problems[self->problem].whole && lines->len > 1) {
		list_lines(self, lines);
		return;
	}
	if (!problems[self->problem].whole && lines->len == 1)
		self->line = ((TillSessionPickupLine *)g_ptr_array_index(lines, 0))->line;
	go_on(self);
}

static void
line_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillProblemSheet *self = TILL_PROBLEM_SHEET(widget);

	(void)name;
	self->line = g_variant_get_uint32(parameter);
	go_on(self);
}

/* ---- the substitute ---- */

static void
search_cb(TillProblemSheet *self)
{
	till_session_problem_search(get_session(self),
				    gtk_editable_get_text(GTK_EDITABLE(self->entry)));
}

static void
take_substitute(TillProblemSheet *self, guint position)
{
	g_autoptr(TillRowItem) row = g_list_model_get_item(G_LIST_MODEL(self->selection), position);

	if (row != NULL)
		solve(self, till_row_item_get_item(row));
}

static void
found_cb(TillProblemSheet *self, guint position)
{
	take_substitute(self, position);
}

static void
activate_cb(TillProblemSheet *self)
{
	take_substitute(self, gtk_single_selection_get_selected(self->selection));
}

/* ---- view ---- */

static void
pickup_cb(TillProblemSheet *self)
{
	if (till_session_pickup(get_session(self)) == NULL)
		close_sheet(self);
	else if (self->short_only)
		list_problems(self);
}

static gboolean
till_problem_sheet_scanned(TillView *view, const char *code)
{
	TillProblemSheet *self = TILL_PROBLEM_SHEET(view);

	if (g_strcmp0(gtk_stack_get_visible_child_name(GTK_STACK(self->pages)), "find") != 0)
		return FALSE;
	till_session_problem_scan(get_session(self), code);
	return TRUE;
}

static void
till_problem_sheet_attach(TillView *view, TillSession *session)
{
	TillProblemSheet *self = TILL_PROBLEM_SHEET(view);

	gtk_single_selection_set_model(self->selection, till_session_problem_found(session));
	g_signal_connect_object(session, "pickup-changed", G_CALLBACK(pickup_cb), view,
				G_CONNECT_SWAPPED);
}

static void
till_problem_sheet_begin(TillView *view)
{
	list_problems(TILL_PROBLEM_SHEET(view));
}

static void
till_problem_sheet_class_init(TillProblemSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_problem_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_problem_sheet_begin;
	TILL_VIEW_CLASS(class)->scanned = till_problem_sheet_scanned;
	g_type_ensure(TILL_TYPE_FIELD);
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_PLAIN_ROW);
	till_view_class_set_template(widget_class, "pickups/problem-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, question);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, pages);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, choices);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, entry);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, found);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, selection);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, keyboard);
	gtk_widget_class_bind_template_child(widget_class, TillProblemSheet, cancel);
	gtk_widget_class_bind_template_callback(widget_class, search_cb);
	gtk_widget_class_bind_template_callback(widget_class, activate_cb);
	gtk_widget_class_bind_template_callback(widget_class, found_cb);
	gtk_widget_class_install_action(widget_class, "problem.choose", "u", choose_action);
	gtk_widget_class_install_action(widget_class, "problem.line", "u", line_action);
}

static void
till_problem_sheet_init(TillProblemSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	till_keyboard_set_target(self->keyboard, GTK_EDITABLE(self->entry));
	till_keyboard_keep(self->keyboard);
	till_pages_watch(GTK_STACK(self->pages));
}
