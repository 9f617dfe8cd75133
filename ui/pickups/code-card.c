/* SPDX-License-Identifier: Apache-2.0 */
#include "code-card.h"

#include "session-pickups.h"
#include "tone.h"

struct _TillCodeCard {
	TillView parent_instance;
	GtkWidget *card;
	GtkWidget *icon;
	GtkWidget *title;
	GtkWidget *words;
	GtkWidget *order;
	GtkWidget *go;
	GtkWidget *close;
	guint timer;
};

G_DEFINE_FINAL_TYPE(TillCodeCard, till_code_card, TILL_TYPE_VIEW)

static gboolean
timeout_cb(gpointer user)
{
	TillCodeCard *self = user;

	self->timer = 0;
	till_session_pickups_answer_close(till_view_get_session(TILL_VIEW(self)));
	return G_SOURCE_REMOVE;
}

static void
show_words(GtkWidget *label, const char *words)
{
	gtk_label_set_text(GTK_LABEL(label), words);
	gtk_widget_set_visible(label, *words != '\0');
}

static void
answer_cb(TillCodeCard *self)
{
	const TillSessionPickupAnswer *answer =
	    till_session_pickups_answer(till_view_get_session(TILL_VIEW(self)));

	g_clear_handle_id(&self->timer, g_source_remove);
	gtk_widget_set_visible(GTK_WIDGET(self), answer != NULL);
	if (answer == NULL)
		return;
	till_tone_set(self->card, answer->tone);
	gtk_image_set_from_icon_name(GTK_IMAGE(self->icon), answer->icon);
	show_words(self->title, answer->title);
	show_words(self->words, answer->words);
	show_words(self->order, answer->order);
	gtk_button_set_label(GTK_BUTTON(self->go), answer->go);
	gtk_widget_set_visible(self->go, *answer->go != '\0');
	gtk_widget_grab_focus(*answer->go != '\0' ? self->go : self->close);
	if (answer->valid)
		self->timer = g_timeout_add(TILL_CODE_CARD_VALID_MS, timeout_cb, self);
}

static void
close_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_pickups_answer_close(till_view_get_session(TILL_VIEW(widget)));
}

static void
go_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_pickups_answer_go(till_view_get_session(TILL_VIEW(widget)));
}

static void
till_code_card_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "pickup-answer", G_CALLBACK(answer_cb), view,
				G_CONNECT_SWAPPED);
	answer_cb(TILL_CODE_CARD(view));
}

static gboolean
till_code_card_back(TillView *view)
{
	TillSession *session = till_view_get_session(view);

	if (till_session_pickups_answer(session) == NULL)
		return FALSE;
	till_session_pickups_answer_close(session);
	return TRUE;
}

static void
till_code_card_dispose(GObject *object)
{
	g_clear_handle_id(&TILL_CODE_CARD(object)->timer, g_source_remove);
	G_OBJECT_CLASS(till_code_card_parent_class)->dispose(object);
}

static void
till_code_card_class_init(TillCodeCardClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_code_card_dispose;
	TILL_VIEW_CLASS(class)->attach = till_code_card_attach;
	TILL_VIEW_CLASS(class)->back = till_code_card_back;
	till_view_class_set_template(widget_class, "pickups/code-card.ui");
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, card);
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, icon);
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, title);
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, words);
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, order);
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, go);
	gtk_widget_class_bind_template_child(widget_class, TillCodeCard, close);
	gtk_widget_class_install_action(widget_class, "code.close", NULL, close_action);
	gtk_widget_class_install_action(widget_class, "code.go", NULL, go_action);
}

static void
till_code_card_init(TillCodeCard *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
