/* SPDX-License-Identifier: Apache-2.0 */
#include "approval-panel.h"

#include "flow.h"
#include "pair.h"
#include "pin-pad.h"

struct _TillApprovalPanel {
	TillView parent_instance;
	GtkWidget *question;
	TillFlow *people;
	GPtrArray *tiles; /* of GtkWidget, borrowed from `people` */
	GtkWidget *prompt;
	GtkWidget *words;
	TillPinPad *pad;
	char *person; /* id of who is chosen; nullable */
};

enum {
	SIGNAL_SUBMITTED,
	SIGNAL_COUNT,
};

static guint signals[SIGNAL_COUNT];

G_DEFINE_FINAL_TYPE(TillApprovalPanel, till_approval_panel, TILL_TYPE_VIEW)

static void
choose(TillApprovalPanel *self, GtkWidget *tile)
{
	g_autofree char *prompt =
	    g_strdup_printf("PIN of %s", gtk_button_get_label(GTK_BUTTON(tile)));

	for (guint i = 0; i < self->tiles->len; i++) {
		GtkWidget *other = g_ptr_array_index(self->tiles, i);

		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(other), other == tile);
	}
	g_free(self->person);
	self->person = g_strdup(gtk_widget_get_name(tile));
	gtk_label_set_text(GTK_LABEL(self->prompt), prompt);
	gtk_label_set_text(GTK_LABEL(self->words), "");
	till_pin_pad_clear(self->pad);
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), TRUE);
	till_pin_pad_begin(self->pad);
}

static void
add_tile(TillApprovalPanel *self, const TillRegisterPerson *person)
{
	GtkWidget *tile = gtk_toggle_button_new_with_label(person->name);
	g_autofree char *name = g_strdup_printf("%s approves", person->name);

	gtk_widget_set_name(tile, person->id);
	gtk_widget_set_focus_on_click(tile, FALSE);
	gtk_widget_add_css_class(tile, "till-choice");
	gtk_accessible_update_property(GTK_ACCESSIBLE(tile), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	g_signal_connect_object(tile, "clicked", G_CALLBACK(choose), self, G_CONNECT_SWAPPED);
	till_flow_append(self->people, tile);
	g_ptr_array_add(self->tiles, tile);
}

static void
submitted_cb(TillApprovalPanel *self)
{
	if (self->person != NULL)
		g_signal_emit(self, signals[SIGNAL_SUBMITTED], 0);
}

void
till_approval_panel_ask(TillApprovalPanel *self, const char *question, const GPtrArray *people)
{
	gtk_label_set_text(GTK_LABEL(self->question), question);
	for (guint i = 0; i < self->tiles->len; i++)
		gtk_widget_unparent(g_ptr_array_index(self->tiles, i));
	g_ptr_array_set_size(self->tiles, 0);
	g_clear_pointer(&self->person, g_free);
	for (guint i = 0; i < people->len; i++)
		add_tile(self, g_ptr_array_index(people, i));
	till_pin_pad_clear(self->pad);
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), FALSE);
	gtk_label_set_text(GTK_LABEL(self->prompt), "Choose who approves.");
	gtk_label_set_text(GTK_LABEL(self->words),
			   people->len > 0 ? ""
					   : "Nobody at this store may go so far. Ask for less.");
	if (people->len == 1)
		choose(self, g_ptr_array_index(self->tiles, 0));
	else
		till_view_begin(TILL_VIEW(self));
}

const char *
till_approval_panel_get_person(TillApprovalPanel *self)
{
	return self->person;
}

const char *
till_approval_panel_borrow_pin(TillApprovalPanel *self, gsize *out_length)
{
	return till_pin_pad_borrow(self->pad, out_length);
}

void
till_approval_panel_set_waiting(TillApprovalPanel *self, gboolean waiting)
{
	gtk_widget_set_sensitive(GTK_WIDGET(self->pad), !waiting);
	if (waiting)
		gtk_label_set_text(GTK_LABEL(self->words), "Checking…");
}

void
till_approval_panel_refuse(TillApprovalPanel *self, const char *words)
{
	till_approval_panel_set_waiting(self, FALSE);
	till_pin_pad_clear(self->pad);
	gtk_label_set_text(GTK_LABEL(self->words), words);
	till_pin_pad_begin(self->pad);
}

static gboolean
till_approval_panel_typed(TillView *view, const char *text)
{
	TillApprovalPanel *self = TILL_APPROVAL_PANEL(view);

	if (self->person == NULL)
		gtk_label_set_text(GTK_LABEL(self->words), "Choose who approves first.");
	else if (gtk_widget_get_sensitive(GTK_WIDGET(self->pad)))
		till_pin_pad_type(self->pad, text);
	return TRUE;
}

static void
till_approval_panel_begin(TillView *view)
{
	TillApprovalPanel *self = TILL_APPROVAL_PANEL(view);

	if (self->person != NULL)
		till_pin_pad_begin(self->pad);
	else
		gtk_widget_child_focus(GTK_WIDGET(self->people), GTK_DIR_TAB_FORWARD);
}

static void
till_approval_panel_finalize(GObject *object)
{
	TillApprovalPanel *self = TILL_APPROVAL_PANEL(object);

	g_ptr_array_unref(self->tiles);
	g_free(self->person);
	G_OBJECT_CLASS(till_approval_panel_parent_class)->finalize(object);
}

static void
till_approval_panel_class_init(TillApprovalPanelClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_approval_panel_finalize;
	TILL_VIEW_CLASS(class)->typed = till_approval_panel_typed;
	TILL_VIEW_CLASS(class)->begin = till_approval_panel_begin;
	g_type_ensure(TILL_TYPE_FLOW);
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_PIN_PAD);
	signals[SIGNAL_SUBMITTED] =
	    g_signal_new("submitted", TILL_TYPE_APPROVAL_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
			 NULL, G_TYPE_NONE, 0);
	till_view_class_set_template(widget_class, "checkout/approval-panel.ui");
	gtk_widget_class_bind_template_child(widget_class, TillApprovalPanel, question);
	gtk_widget_class_bind_template_child(widget_class, TillApprovalPanel, people);
	gtk_widget_class_bind_template_child(widget_class, TillApprovalPanel, prompt);
	gtk_widget_class_bind_template_child(widget_class, TillApprovalPanel, words);
	gtk_widget_class_bind_template_child(widget_class, TillApprovalPanel, pad);
	gtk_widget_class_bind_template_callback(widget_class, submitted_cb);
}

static void
till_approval_panel_init(TillApprovalPanel *self)
{
	self->tiles = g_ptr_array_new();
	gtk_widget_init_template(GTK_WIDGET(self));
	till_pin_pad_set_ok_name(self->pad, "OK, approve");
}
