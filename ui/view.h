/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "session.h"

/* The common base of everything with a template: a widget that holds one child tree and knows the
 * session. Templates bind to the session's properties; a subclass adds what binding cannot say.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_VIEW (till_view_get_type())
G_DECLARE_DERIVABLE_TYPE(TillView, till_view, TILL, VIEW, GtkWidget)

struct _TillViewClass {
	GtkWidgetClass parent_class;

	/* The session is there: connect to its signals (g_signal_connect_object). Runs once. */
	void (*attach)(TillView *self, TillSession *session);
	/* For a surface, what the field at the top says while it is shown; NULL: that it finds
	 * goods. Static. */
	const char *search_hint;
	/* The words in the field at the top, at each change. FALSE: the field looks for goods. */
	gboolean (*search)(TillView *self, const char *text);
	/* Enter in that field. FALSE: the field takes up what it found. */
	gboolean (*enter)(TillView *self, const char *text);
	/* Typing that no text field took. TRUE when it was used. text is wiped after the call. */
	gboolean (*typed)(TillView *self, const char *text);
	/* A scan while this dialog is open or this surface shown. FALSE: a dialog refuses it, and
	 * the window says so; past a surface it goes to the sale. */
	gboolean (*scanned)(TillView *self, const char *code);
	/* Esc: backs out one step inside the view. FALSE when there is nothing to back out of. */
	gboolean (*back)(TillView *self);
	/* Ctrl+Z while this surface is shown. FALSE: the sale's last change is undone. */
	gboolean (*undo)(TillView *self);
	/* Puts the focus where work goes on. */
	void (*begin)(TillView *self);
};

TillSession *till_view_get_session(TillView *self); /* borrowed; NULL before it is set */
const char *till_view_search_hint(TillView *self);  /* nullable */
gboolean till_view_search(TillView *self, const char *text);
gboolean till_view_enter(TillView *self, const char *text);
gboolean till_view_typed(TillView *self, const char *text);
gboolean till_view_scanned(TillView *self, const char *code);
gboolean till_view_back(TillView *self);
gboolean till_view_undo(TillView *self);
void till_view_begin(TillView *self);

/* Loads the template of a class from the resources: "checkout/checkout-view.ui". */
void till_view_class_set_template(GtkWidgetClass *class, const char *file);

G_END_DECLS
