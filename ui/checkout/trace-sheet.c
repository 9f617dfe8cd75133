/* SPDX-License-Identifier: Apache-2.0 */
#include "trace-sheet.h"

#include <string.h>

#include "price-trace.h"

#define WORDS_CHARS 32

struct _TillTraceSheet {
	TillView parent_instance;
	GtkWidget *title;
	GtkWidget *steps; /* GtkGrid: words, amount, left */
	GtkWidget *considered_title;
	GtkWidget *considered; /* GtkBox */
	GtkWidget *close;
};

G_DEFINE_FINAL_TYPE(TillTraceSheet, till_trace_sheet, TILL_TYPE_VIEW)

static GtkWidget *
make_label(const char *words, const char *style, gboolean figure)
{
	GtkWidget *label = gtk_label_new(words);

	gtk_label_set_xalign(GTK_LABEL(label), figure ? 1 : 0);
	if (!figure) {
		gtk_label_set_wrap(GTK_LABEL(label), TRUE);
		gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
		gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_NONE);
		/* A scrolled window asks how high words are in the least width they have. */
		gtk_label_set_width_chars(GTK_LABEL(label), WORDS_CHARS);
		gtk_widget_set_hexpand(label, TRUE);
	}
	gtk_widget_add_css_class(label, style);
	return label;
}

static void
add_row(TillTraceSheet *self, int row, const char *const texts[3], const char *style)
{
	for (int column = 0; column < 3; column++)
		gtk_grid_attach(GTK_GRID(self->steps), make_label(texts[column], style, column > 0),
				column, row, 1, 1);
}

/* "+$3.46", "−$15.60": what a step changed. */
static char *
format_change(TillFormat *format, const TillPriceStep *step)
{
	g_autofree char *money = till_format_money(
	    format, step->amount_minor < 0 ? -step->amount_minor : step->amount_minor);

	if (step->amount_minor < 0)
		return g_strdup_printf("−%s", money);
	return g_strdup_printf(
	    step->kind == TILL_PRICE_STEP_TAX && step->amount_minor > 0 ? "+%s" : "%s", money);
}

static void
show_steps(TillTraceSheet *self, TillFormat *format, const TillPriced *priced, guint index)
{
	static const char *const header[] = {"Step", "Amount", "Left"};
	g_autoptr(GArray) steps = till_price_trace_line(priced, index);

	add_row(self, 0, header, "till-trace-head");
	for (guint i = 0; i < steps->len; i++) {
		const TillPriceStep *step = &g_array_index(steps, TillPriceStep, i);
		g_autofree char *amount = step->kind == TILL_PRICE_STEP_TOTAL
					      ? g_strdup("")
					      : format_change(format, step);
		g_autofree char *left = till_format_money(format, step->left_minor);
		const char *texts[] = {step->words, amount, left};

		add_row(self, (int)i + 1, texts,
			step->kind == TILL_PRICE_STEP_TOTAL      ? "till-trace-total"
			: step->kind == TILL_PRICE_STEP_DISCOUNT ? "till-trace-offer"
								 : "till-trace-step");
	}
}

static void
add_refusal(TillTraceSheet *self, const TillPromoEngineRefusal *refusal, guint exponent)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	g_autofree char *near = till_promo_engine_near_words(refusal, exponent);
	g_autofree char *words =
	    near ? g_strdup_printf("%s %s.", till_promo_engine_words(refusal->reason), near)
		 : g_strdup(till_promo_engine_words(refusal->reason));

	gtk_box_append(GTK_BOX(row), make_label(refusal->promo->name, "till-card-title", FALSE));
	gtk_box_append(GTK_BOX(row), make_label(words, "till-detail", FALSE));
	gtk_box_append(GTK_BOX(self->considered), row);
}

static void
show_considered(TillTraceSheet *self, const TillPriced *priced)
{
	const GArray *refusals = priced->promoted ? priced->promoted->refusals : NULL;
	gboolean any = refusals != NULL && refusals->len > 0;

	for (guint i = 0; any && i < refusals->len; i++)
		add_refusal(self, &g_array_index(refusals, TillPromoEngineRefusal, i),
			    priced->currency->exponent);
	gtk_widget_set_visible(self->considered_title, any);
	gtk_widget_set_visible(self->considered, any);
}

static void
till_trace_sheet_attach(TillView *view, TillSession *session)
{
	TillTraceSheet *self = TILL_TRACE_SHEET(view);
	const TillPriced *priced = till_session_get_priced(session);
	guint id = till_session_basket_selected(session);

	for (guint i = 0; priced != NULL && i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		g_autofree char *title = NULL;

		if (line->line_id != id)
			continue;
		title = till_item_title(line->item);
		gtk_label_set_text(GTK_LABEL(self->title), title);
		show_steps(self, till_session_get_format(session), priced, i);
		show_considered(self, priced);
	}
}

static void
till_trace_sheet_begin(TillView *view)
{
	gtk_widget_grab_focus(TILL_TRACE_SHEET(view)->close);
}

static void
till_trace_sheet_class_init(TillTraceSheetClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_trace_sheet_attach;
	TILL_VIEW_CLASS(class)->begin = till_trace_sheet_begin;
	till_view_class_set_template(widget_class, "checkout/trace-sheet.ui");
	gtk_widget_class_bind_template_child(widget_class, TillTraceSheet, title);
	gtk_widget_class_bind_template_child(widget_class, TillTraceSheet, steps);
	gtk_widget_class_bind_template_child(widget_class, TillTraceSheet, considered_title);
	gtk_widget_class_bind_template_child(widget_class, TillTraceSheet, considered);
	gtk_widget_class_bind_template_child(widget_class, TillTraceSheet, close);
}

static void
till_trace_sheet_init(TillTraceSheet *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
