/* SPDX-License-Identifier: Apache-2.0 */
#include "sync-page.h"

#include "pair.h"
#include "row.h"

struct _TillSyncPage {
	TillView parent_instance;
	GtkWidget *headline;
	GtkWidget *reason;
	GtkWidget *facts; /* GtkGrid of name and figure */
	GtkWidget *waiting_title;
	GtkWidget *exceptions_box;
	GtkWidget *waiting_list; /* GtkListBox over the store of the same name */
	GtkWidget *recent_list;
	GtkWidget *exceptions_list;
	GListStore *waiting; /* owned, of TillRowItem */
	GListStore *recent;
	GListStore *exceptions;
	int fact_count;
};

G_DEFINE_FINAL_TYPE(TillSyncPage, till_sync_page, TILL_TYPE_VIEW)

/* ---- facts about the connection ---- */

static void
add_fact(TillSyncPage *self, const char *name, char *figure)
{
	g_autofree char *owned = figure;
	GtkWidget *left = gtk_label_new(name);
	GtkWidget *right = gtk_label_new(owned);

	gtk_label_set_xalign(GTK_LABEL(left), 0);
	gtk_label_set_xalign(GTK_LABEL(right), 1);
	gtk_label_set_wrap(GTK_LABEL(left), TRUE);
	gtk_label_set_wrap(GTK_LABEL(right), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(right), PANGO_WRAP_WORD_CHAR);
	gtk_widget_set_hexpand(left, TRUE);
	gtk_widget_add_css_class(left, "till-soft");
	gtk_widget_add_css_class(right, "till-figure");
	gtk_grid_attach(GTK_GRID(self->facts), left, 0, self->fact_count, 1, 1);
	gtk_grid_attach(GTK_GRID(self->facts), right, 1, self->fact_count, 1, 1);
	self->fact_count++;
}

static char *
format_count(gint64 count)
{
	return g_strdup_printf("%" G_GINT64_FORMAT, count);
}

static void
show_facts(TillSyncPage *self, TillSession *session)
{
	const TillHealth *health = till_session_get_health(session);
	const TillRegisterBooks *books = till_session_books(session);
	TillFormat *format = till_session_get_format(session);
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(self->facts)) != NULL)
		gtk_grid_remove(GTK_GRID(self->facts), child);
	self->fact_count = 0;
	add_fact(self, "Waiting to be sent", format_count(health->pending));
	add_fact(self, "Of these, sales", format_count(health->sales_pending));
	if (health->pending > 0)
		add_fact(self, "Oldest has waited", till_format_age(health->oldest_pending_s));
	add_fact(self, "Held by head office", format_count(health->held));
	add_fact(self, "Set aside, need a person", format_count(health->parked));
	add_fact(self, "Last success",
		 health->last_success_ms && format
		     ? till_format_date_time(format, health->last_success_ms)
		     : g_strdup("never"));
	add_fact(self, "Prices and stock heard",
		 health->cursor_age_s >= 0 ? till_format_age(health->cursor_age_s)
					   : g_strdup("never"));
	if (books != NULL && books->home != NULL)
		add_fact(self, "Home", g_strdup(books->home));
}

static void
health_cb(TillSyncPage *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	const TillHealth *health = till_session_get_health(session);

	gtk_label_set_text(GTK_LABEL(self->headline), till_session_get_text(session, "chip-words"));
	gtk_label_set_text(GTK_LABEL(self->reason),
			   health->reason[0]
			       ? health->reason
			       : "Sales go on either way. What waits is kept safe in this till.");
	if (gtk_widget_get_mapped(GTK_WIDGET(self)))
		show_facts(self, session);
}

/* ---- lists ---- */

static void
add_row(GListStore *store, const char *title, char *detail, const char *chip, char *total)
{
	g_autoptr(TillRowItem) row = till_row_item_new(0, NULL);
	g_autofree char *owned_detail = detail;
	g_autofree char *owned_total = total;

	till_row_item_set(row, TILL_ROW_TITLE, title);
	till_row_item_set(row, TILL_ROW_DETAIL, detail);
	till_row_item_set(row, TILL_ROW_CHIP, chip);
	till_row_item_set(row, TILL_ROW_TOTAL, total);
	g_list_store_append(store, row);
}

static void
add_entry(GListStore *store, TillFormat *format, const TillRegisterEntry *entry)
{
	gboolean receipt = entry->receipt != NULL && *entry->receipt != '\0';

	g_autofree char *time = till_format_date_time(format, entry->wall_ms);

	add_row(store, receipt ? entry->receipt : entry->type,
		g_strdup_printf("%s%s", time, entry->acknowledged ? " · sent" : ""),
		entry->acknowledged ? NULL : "Waiting",
		receipt ? till_format_money(format, entry->total_minor) : NULL);
}

static void
show_lists(TillSyncPage *self, const TillRegisterBooks *books, TillFormat *format)
{
	g_list_store_remove_all(self->waiting);
	g_list_store_remove_all(self->recent);
	g_list_store_remove_all(self->exceptions);
	for (guint i = 0; i < books->waiting->len; i++)
		add_entry(self->waiting, format, g_ptr_array_index(books->waiting, i));
	for (guint i = 0; i < books->recent->len; i++)
		add_entry(self->recent, format, g_ptr_array_index(books->recent, i));
	for (guint i = 0; i < books->exceptions->len; i++) {
		const TillRegisterException *row = g_ptr_array_index(books->exceptions, i);

		add_row(self->exceptions, row->words, till_format_date_time(format, row->raised_ms),
			row->severity, NULL);
	}
}

static void
books_cb(TillSyncPage *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	const TillRegisterBooks *books = till_session_books(session);
	TillFormat *format = till_session_get_format(session);

	if (books == NULL || format == NULL)
		return;
	show_lists(self, books, format);
	show_facts(self, session);
	gtk_label_set_text(GTK_LABEL(self->waiting_title),
			   books->waiting->len ? "Waiting to be sent" : "Nothing waits");
	gtk_widget_set_visible(self->exceptions_box, books->exceptions->len > 0);
}

/* ---- actions and life ---- */

static void
try_now_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_try_now(till_view_get_session(TILL_VIEW(widget)));
}

static void
export_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	till_session_books_export(till_view_get_session(TILL_VIEW(widget)),
				  g_variant_get_string(parameter, NULL));
}

static void
map_cb(TillSyncPage *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));

	if (session == NULL)
		return;
	show_facts(self, session);
	till_session_books_load(session);
}

/* The queue moved: the lists follow while somebody looks at them. */
static void
moved_cb(TillSyncPage *self)
{
	if (gtk_widget_get_mapped(GTK_WIDGET(self)))
		till_session_books_load(till_view_get_session(TILL_VIEW(self)));
}

static void
till_sync_page_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "notify::chip-words", G_CALLBACK(health_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "notify::chip-state", G_CALLBACK(moved_cb), view,
				G_CONNECT_SWAPPED);
	g_signal_connect_object(session, "books-changed", G_CALLBACK(books_cb), view,
				G_CONNECT_SWAPPED);
	health_cb(TILL_SYNC_PAGE(view));
}

static GtkWidget *
make_row_cb(gpointer item, gpointer user)
{
	GtkWidget *row = gtk_list_box_row_new();

	(void)user;
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row),
				   g_object_new(TILL_TYPE_PLAIN_ROW, "item", item, NULL));
	return row;
}

/* The lists are short and lie one under the other, so that each needs its true height. */
static GListStore *
fill_list(GtkWidget *list)
{
	GListStore *store = g_list_store_new(TILL_TYPE_ROW_ITEM);

	gtk_list_box_bind_model(GTK_LIST_BOX(list), G_LIST_MODEL(store), make_row_cb, NULL, NULL);
	return store;
}

static void
till_sync_page_finalize(GObject *object)
{
	TillSyncPage *self = TILL_SYNC_PAGE(object);

	g_clear_object(&self->waiting);
	g_clear_object(&self->recent);
	g_clear_object(&self->exceptions);
	G_OBJECT_CLASS(till_sync_page_parent_class)->finalize(object);
}

static void
till_sync_page_class_init(TillSyncPageClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->finalize = till_sync_page_finalize;
	TILL_VIEW_CLASS(class)->attach = till_sync_page_attach;
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_PLAIN_ROW);
	till_view_class_set_template(widget_class, "sync-page/sync-page.ui");
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, headline);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, reason);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, facts);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, waiting_title);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, exceptions_box);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, waiting_list);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, recent_list);
	gtk_widget_class_bind_template_child(widget_class, TillSyncPage, exceptions_list);
	gtk_widget_class_bind_template_callback(widget_class, map_cb);
	gtk_widget_class_install_action(widget_class, "sync.try-now", NULL, try_now_action);
	gtk_widget_class_install_action(widget_class, "sync.export", "s", export_action);
}

static void
till_sync_page_init(TillSyncPage *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
	self->waiting = fill_list(self->waiting_list);
	self->recent = fill_list(self->recent_list);
	self->exceptions = fill_list(self->exceptions_list);
}
