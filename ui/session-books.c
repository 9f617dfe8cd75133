/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

static void
books_cb(TillRegisterBooks *books, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (error != NULL) {
		till_session_set_text(self, TILL_TEXT_TROUBLE, error->message);
		return;
	}
	g_clear_pointer(&self->books, till_register_books_free);
	self->books = books;
	till_session_set_text(self, TILL_TEXT_TROUBLE, books->trouble);
	g_signal_emit_by_name(self, "books-changed");
}

void
till_session_books_load(TillSession *self)
{
	till_register_books_async(self->reg, self, books_cb, self);
}

const TillRegisterBooks *
till_session_books(TillSession *self)
{
	return self->books;
}

static void
export_cb(const char *path, guint count, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (error != NULL)
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
	else
		till_session_notice(self, TILL_NOTICE_PLAIN, FALSE,
				    "%u unsent %s written to %s. They stay in this till too.",
				    count, count == 1 ? "entry" : "entries", path);
}

void
till_session_books_export(TillSession *self, const char *directory)
{
	till_register_export_async(self->reg, directory, self, export_cb, self);
}
