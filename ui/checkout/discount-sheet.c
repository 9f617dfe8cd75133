/* SPDX-License-Identifier: Apache-2.0 */
#include "discount-sheet.h"

#include <string.h>

#include "approval-panel.h"
#include "keyboard.h"
#include "keypad.h"
#include "money.h"
#include "pages.h"
#include "pair.h"
#include "reason-picker.h"
#include "text.h"

#define PERCENT_PLACES 2

struct _TillDiscountSheet {
	TillView parent_instance;
	GtkStack *pages; /* form, approval */
	GtkStack *input; /* keypad, keyboard */
	TillKeypad *keypad;
	TillKeyboard *keyboard;
	GtkWidget *title;
	GtkWidget *now;
	GtkWidget *after;
	GtkWidget *limit;
	GtkWidget *everywhere;
	TillReasonPicker *reasons;
	GtkWidget *words;
	GtkWidget *remove;
	GtkWidget *done;
	TillApprovalPanel *approval;
	TillSessionManual change; /* reason: see `reason` */
	char *reason;
	guint line_id;
};

G_DEFINE_FINAL_TYPE(TillDiscountSheet, till_discount_sheet, TILL_TYPE_VIEW)

static void
tell(TillDiscountSheet *self, const char *words)
{
	gtk_label_set_text(GTK_LABEL(self->words), words);
	gtk_widget_set_visible(self->words, *words != '\0');
}

/* ---- what is asked for ---- */

static gboolean
read_figure(TillDiscountSheet *self, gint64 *out)
{
	TillFormat *format = till_session_get_format(till_view_get_session(TILL_VIEW(self)));
	g_autofree char *text = g_strdup(till_keypad_get_text(self->keypad));
	gsize length = strlen(text);

	if (length > 0 && text[length - 1] == '.')
		text[length - 1] = '\0';
	if (*text == '\0')
		return FALSE;
	if (self->change.kind == TILL_MANUAL_PERCENT)
		return till_text_parse_decimal(text, 4, out);
	return till_money_parse(text, till_format_currency(format), out);
}

static gboolean
is_everywhere(TillDiscountSheet *self)
{
	return self->change.kind == TILL_MANUAL_PERCENT &&
	       gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(self->everywhere));
}

/* ---- what it would do ---- */

static void
show_figure(TillDiscountSheet *self, TillFormat *format, gboolean sound)
{
	g_autofree char *words = NULL;

	if (self->change.kind == TILL_MANUAL_PERCENT) {
		const char *typed = till_keypad_get_text(self->keypad);

		words = g_strdup_printf("%s%%", *typed ? typed : "0");
		g_strdelimit(words, ".", *till_format_decimal_sign(format));
	} else {
		words = till_format_money(format, sound ? self->change.value : 0);
	}
	till_keypad_set_shown(self->keypad, words);
}

static void
show_prices(TillDiscountSheet *self, TillFormat *format, const TillSessionOutlook *outlook,
	    gboolean sound)
{
	g_autofree char *now = till_format_money(format, outlook->list_minor);
	g_autofree char *after = till_format_money(format, outlook->paid_minor);

	gtk_label_set_text(GTK_LABEL(self->now), now);
	gtk_label_set_text(GTK_LABEL(self->after), sound ? after : "—");
}

static const char *
name_done(const TillSessionManual *change, gboolean needs_approval)
{
	if (needs_approval)
		return "Ask for approval";
	return change->kind == TILL_MANUAL_PRICE ? "Set price" : "Give discount";
}

static void
show_outlook(TillDiscountSheet *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	TillFormat *format = till_session_get_format(session);
	gint64 value = 0;
	gboolean typed = read_figure(self, &value);
	TillSessionOutlook outlook;
	gboolean sound;

	self->change.value = value;
	self->change.line_id = self->line_id;
	self->change.everywhere = is_everywhere(self);
	sound = till_session_manual_outlook(session, &self->change, &outlook);
	show_figure(self, format, typed);
	show_prices(self, format, &outlook, sound);
	gtk_button_set_label(GTK_BUTTON(self->done),
			     name_done(&self->change, sound && outlook.needs_approval));
	gtk_widget_action_set_enabled(GTK_WIDGET(self), "discount.take",
				      typed && sound && *self->reason != '\0' &&
					  outlook.paid_minor != outlook.list_minor);
	if (typed && !sound)
		tell(self, "That is more than the price. Type a smaller figure.");
	else
		tell(self, typed && *self->reason == '\0' ? "Choose a reason." : "");
}

static void
changed_cb(TillDiscountSheet *self)
{
	if (till_view_get_session(TILL_VIEW(self)) == NULL || self->line_id == 0)
		return;
	g_free(self->reason);
	self->reason = till_reason_picker_dup(self->reasons);
	self->change.reason = self->reason;
	show_outlook(self);
}

static void
choose_kind(TillDiscountSheet *self, TillManualKind kind)
{
	TillFormat *format = till_session_get_format(till_view_get_session(TILL_VIEW(self)));
	static const char *const names[] = {[TILL_MANUAL_PRICE] = "New price of one",
					    [TILL_MANUAL_AMOUNT] = "Amount off the line",
					    [TILL_MANUAL_PERCENT] = "Percent off"};

	self->change.kind = kind;
	till_keypad_set_name(self->keypad, names[kind]);
	till_keypad_set_places(self->keypad,
			       kind == TILL_MANUAL_PERCENT ? PERCENT_PLACES
							   : till_format_currency(format)->exponent,
			       till_format_decimal_sign(format));
	gtk_widget_set_visible(self->everywhere, kind == TILL_MANUAL_PERCENT);
	till_keypad_set_text(self->keypad, "");
}

/* ---- actions ---- */

static const struct {
	const char *name;
	TillManualKind kind;
} kinds[] = {
    {"percent", TILL_MANUAL_PERCENT},
    {"amount", TILL_MANUAL_AMOUNT},
    {"price", TILL_MANUAL_PRICE},
};

static void
kind_action(GSimpleAction *action, GVariant *parameter, gpointer user)
{
	TillDiscountSheet *self = user;

	g_simple_action_set_state(action, parameter);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i].name, g_variant_get_string(parameter, NULL)))
			choose_kind(self, kinds[i].kind);
	gtk_stack_set_visible_child_name(self->input, "keypad");
	till_keypad_begin(self->keypad);
}

static void
show_form(TillDiscountSheet *self)
{
	till_session_manual_forget(till_view_get_session(TILL_VIEW(self)));
	gtk_stack_set_visible_child_name(self->pages, "form");
	till_keypad_begin(self->keypad);
}

static char *
describe_change(TillDiscountSheet *self, const TillSessionOutlook *outlook)
{
	TillFormat *format = till_session_get_format(till_view_get_session(TILL_VIEW(self)));
	g_autofree char *now = till_format_money(format, outlook->list_minor);
	g_autofree char *after = till_format_money(format, outlook->paid_minor);
	g_autofree char *reason = till_format_capital(self->reason);

	return g_strdup_printf("%s instead of %s · %s", after, now, reason);
}

static void
ask_somebody(TillDiscountSheet *self, TillSession *session)
{
	g_autoptr(GPtrArray) people = till_session_manual_approvers(session, &self->change);
	g_autofree char *question = NULL;
	TillSessionOutlook outlook;

	(void)till_session_manual_outlook(session, &self->change, &outlook);
	question = describe_change(self, &outlook);
	gtk_stack_set_visible_child_name(self->pages, "approval");
	till_approval_panel_ask(self->approval, question, people);
}

static void
take_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	TillDiscountSheet *self = TILL_DISCOUNT_SHEET(widget);
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(widget)));

	(void)name;
	(void)parameter;
	if (till_session_manual_apply(session, &self->change))
		gtk_widget_activate_action(widget, "win.close-sheet", NULL);
	else
		ask_somebody(self, session);
}

static void
remove_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	g_autoptr(TillSession) session = g_object_ref(till_view_get_session(TILL_VIEW(widget)));
	guint line_id = TILL_DISCOUNT_SHEET(widget)->line_id;

	(void)name;
	(void)parameter;
	gtk_widget_activate_action(widget, "win.close-sheet", NULL);
	till_session_manual_remove(session, line_id);
}

static void
back_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	show_form(TILL_DISCOUNT_SHEET(widget));
}

/* Words of one's own are typed where the figures were. */
static void
keyboard_cb(TillDiscountSheet *self)
{
	gboolean typing = g_str_equal(gtk_stack_get_visible_child_name(self->input), "keyboard");

	gtk_stack_set_visible_child_name(self->input, typing ? "keypad" : "keyboard");
	gtk_widget_grab_focus(GTK_WIDGET(till_reason_picker_get_entry(self->reasons)));
}

static void
done_cb(TillDiscountSheet *self)
{
	gtk_widget_activate_action(GTK_WIDGET(self), "discount.take", NULL);
}

static void
submitted_cb(TillDiscountSheet *self)
{
	gsize length;
	const char *pin = till_approval_panel_borrow_pin(self->approval, &length);

	till_approval_panel_set_waiting(self->approval, TRUE);
	till_session_manual_ask(till_view_get_session(TILL_VIEW(self)), &self->change,
				till_approval_panel_get_person(self->approval), pin, length);
}

static void
answer_cb(TillDiscountSheet *self, guint result, const char *words, gboolean more)
{
	if (result != TILL_APPROVAL_OK)
		till_approval_panel_refuse(self->approval, words);
	else if (more)
		submitted_cb(self);
	else
		gtk_widget_activate_action(GTK_WIDGET(self), "win.close-sheet", NULL);
}

/* ---- view ---- */

static void
till_discount_sheet_attach(TillView *view, TillSession *session)
{
	TillDiscountSheet *self = TILL_DISCOUNT_SHEET(view);
	guint line_id = till_session_basket_selected(session);
	const TillBasketLine *line = till_session_basket_line(session, line_id);
	g_autofree char *title = NULL;
	g_autofree char *limit = till_session_manual_limit(session);

	if (line == NULL)
		return;
	self->line_id = line_id;
	title = till_item_title(line->item);
	gtk_label_set_text(GTK_LABEL(self->title), title);
	gtk_label_set_text(GTK_LABEL(self->limit), limit);
	gtk_widget_set_visible(self->remove, line->manual.kind != TILL_MANUAL_NONE);
	till_reason_picker_set_known(self->reasons, till_session_manual_reasons(session));
	choose_kind(self, TILL_MANUAL_PERCENT);
	g_signal_connect_object(session, "approval-answer", G_CALLBACK(answer_cb), view,
				G_CONNECT_SWAPPED);
}

static gboolean
is_approving(TillDiscountSheet *self)
{
	return g_strcmp0(gtk_stack_get_visible_child_name(self->pages), "approval") == 0;
}

static gboolean
till_discount_sheet_typed(TillView *view, const char *text)
{
	TillDiscountSheet *self = TILL_DISCOUNT_SHEET(view);

	if (is_approving(self))
		return till_view_typed(TILL_VIEW(self->approval), text);
	return till_keypad_type(self->keypad, text);
}

static gboolean
till_discount_sheet_back(TillView *view)
{
	if (!is_approving(TILL_DISCOUNT_SHEET(view)))
		return FALSE;
	show_form(TILL_DISCOUNT_SHEET(view));
	return TRUE;
}

static void
till_discount_sheet_begin(TillView *view)
{
	till_keypad_begin(TILL_DISCOUNT_SHEET(view)->keypad);
}

static void
till_discount_sheet_dispose(GObject *object)
{
	TillSession *session = till_view_get_session(TILL_VIEW(object));

	if (session != NULL)
		till_session_manual_forget(session);
	G_OBJECT_CLASS(till_discount_sheet_parent_class)->dispose(object);
}

static void
till_discount_sheet_finalize(GObject *object)
{
	TillDiscountSheet *self = TILL_DISCOUNT_SHEET(object);

	g_free(self->reason);
	G_OBJECT_CLASS(till_discount_sheet_parent_class)->finalize(object);
}

static void
bind_children(GtkWidgetClass *class)
{
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, pages);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, input);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, keypad);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, keyboard);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, title);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, now);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, after);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, limit);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, everywhere);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, reasons);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, words);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, remove);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, done);
	gtk_widget_class_bind_template_child(class, TillDiscountSheet, approval);
	gtk_widget_class_bind_template_callback(class, changed_cb);
	gtk_widget_class_bind_template_callback(class, keyboard_cb);
	gtk_widget_class_bind_template_callback(class, done_cb);
	gtk_widget_class_bind_template_callback(class, submitted_cb);
}

static void
till_discount_sheet_class_init(TillDiscountSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	G_OBJECT_CLASS(class)->dispose = till_discount_sheet_dispose;
	G_OBJECT_CLASS(class)->finalize = till_discount_sheet_finalize;
	TILL_VIEW_CLASS(class)->attach = till_discount_sheet_attach;
	TILL_VIEW_CLASS(class)->typed = till_discount_sheet_typed;
	TILL_VIEW_CLASS(class)->back = till_discount_sheet_back;
	TILL_VIEW_CLASS(class)->begin = till_discount_sheet_begin;
	g_type_ensure(TILL_TYPE_APPROVAL_PANEL);
	g_type_ensure(TILL_TYPE_KEYBOARD);
	g_type_ensure(TILL_TYPE_KEYPAD);
	g_type_ensure(TILL_TYPE_PAIR);
	g_type_ensure(TILL_TYPE_REASON_PICKER);
	till_view_class_set_template(widget_class, "checkout/discount-sheet.ui");
	bind_children(widget_class);
	gtk_widget_class_install_action(widget_class, "discount.take", NULL, take_action);
	gtk_widget_class_install_action(widget_class, "discount.remove", NULL, remove_action);
	gtk_widget_class_install_action(widget_class, "discount.back", NULL, back_action);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Return, 0, "discount.take", NULL);
	gtk_widget_class_add_binding_action(widget_class, GDK_KEY_KP_Enter, 0, "discount.take",
					    NULL);
}

static void
till_discount_sheet_init(TillDiscountSheet *self)
{
	static const GActionEntry entries[] = {
	    {.name = "kind", .activate = kind_action, .parameter_type = "s", .state = "'percent'"}};
	g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new();

	self->reason = g_strdup("");
	gtk_widget_init_template(GTK_WIDGET(self));
	g_action_map_add_action_entries(G_ACTION_MAP(group), entries, G_N_ELEMENTS(entries), self);
	gtk_widget_insert_action_group(GTK_WIDGET(self), "pick", G_ACTION_GROUP(group));
	till_pages_watch(self->pages);
	till_pages_watch(self->input);
	till_keyboard_keep(self->keyboard);
	till_keyboard_set_target(self->keyboard, till_reason_picker_get_entry(self->reasons));
}
