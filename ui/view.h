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
	/* Typing that no text field took. TRUE when it was used. text is wiped after the call. */
	gboolean (*typed)(TillView *self, const char *text);
	/* A scan while this dialog is open. FALSE refuses it, and the window says so. */
	gboolean (*scanned)(TillView *self, const char *code);
	/* Esc: backs out one step inside the view. FALSE when there is nothing to back out of. */
	gboolean (*back)(TillView *self);
	/* Puts the focus where work goes on. */
	void (*begin)(TillView *self);
};

TillSession *till_view_get_session(TillView *self); /* borrowed; NULL before it is set */
gboolean till_view_typed(TillView *self, const char *text);
gboolean till_view_scanned(TillView *self, const char *code);
gboolean till_view_back(TillView *self);
void till_view_begin(TillView *self);

/* Loads the template of a class from the resources: "checkout/checkout-view.ui". */
void till_view_class_set_template(GtkWidgetClass *class, const char *file);

G_END_DECLS
