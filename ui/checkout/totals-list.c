/* SPDX-License-Identifier: Apache-2.0 */
#include "totals-list.h"

#include <string.h>

#include "flow.h"
#include "price-gift.h"
#include "tax-words.h"

#define HINTS_MAX 2

struct _TillTotalsList {
	TillView parent_instance;
	GtkWidget *rows; /* GtkBox */
};

G_DEFINE_FINAL_TYPE(TillTotalsList, till_totals_list, TILL_TYPE_VIEW)

/* ---- pieces ---- */

static GtkWidget *
make_label(const char *words, const char *style)
{
	GtkWidget *label = gtk_label_new(words);

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_NONE);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_add_css_class(label, style);
	return label;
}

/* "Buy 2 tees, 20% off · 2 lines      −$15.60"; amount nullable. */
static void
add_row(TillTotalsList *self, const char *name, const char *remark, const char *amount,
	const char *style)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *words = g_object_new(TILL_TYPE_FLOW, "spacing", 4, "hexpand", TRUE, NULL);
	GtkWidget *figure;

	till_flow_append(TILL_FLOW(words), make_label(name, style));
	if (remark != NULL && *remark != '\0') {
		g_autofree char *dotted = g_strdup_printf("· %s", remark);

		till_flow_append(TILL_FLOW(words), make_label(dotted, "till-remark"));
	}
	gtk_box_append(GTK_BOX(row), words);
	if (amount != NULL) {
		figure = gtk_label_new(amount);
		gtk_widget_set_valign(figure, GTK_ALIGN_START);
		gtk_widget_add_css_class(figure, style);
		gtk_widget_add_css_class(figure, "till-figure");
		gtk_box_append(GTK_BOX(row), figure);
	}
	gtk_box_append(GTK_BOX(self->rows), row);
}

/* A card with two texts and a button that takes it off. */
static void
add_card(TillTotalsList *self, const char *title, const char *words, gboolean refused,
	 const char *action, const char *target)
{
	GtkWidget *card = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
	GtkWidget *texts = g_object_new(TILL_TYPE_FLOW, "spacing", 6, "hexpand", TRUE, NULL);
	GtkWidget *remove = gtk_button_new_from_icon_name("till-close-symbolic");
	g_autofree char *name = g_strdup_printf("Take off %s", title);

	gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
	till_flow_append(TILL_FLOW(texts), make_label(title, "till-card-title"));
	till_flow_append(TILL_FLOW(texts), make_label(words, "till-card-words"));
	gtk_box_append(GTK_BOX(card), texts);
	gtk_widget_set_valign(remove, GTK_ALIGN_CENTER);
	gtk_widget_set_focus_on_click(remove, FALSE);
	gtk_widget_add_css_class(remove, "till-icon");
	gtk_accessible_update_property(GTK_ACCESSIBLE(remove), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
				       -1);
	gtk_actionable_set_action_name(GTK_ACTIONABLE(remove), action);
	if (target != NULL)
		gtk_actionable_set_action_target(GTK_ACTIONABLE(remove), "s", target);
	gtk_box_append(GTK_BOX(card), remove);
	gtk_widget_add_css_class(card, "till-brought");
	if (refused)
		gtk_widget_add_css_class(card, "refused");
	gtk_box_append(GTK_BOX(self->rows), card);
}

static char *
format_off(TillFormat *format, gint64 amount_minor)
{
	g_autofree char *money = till_format_money(format, amount_minor);

	return g_strdup_printf("−%s", money);
}

static char *
count_words(guint count)
{
	return g_strdup_printf("%u %s", count, count == 1 ? "line" : "lines");
}

/* ---- what comes off ---- */

static guint
count_lines(const TillPriced *priced, const char *promotion)
{
	guint count = 0;

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);

		for (guint n = 0; n < line->discounts->len; n++)
			count +=
			    strcmp(g_array_index(line->discounts, TillPricedDiscount, n).promotion,
				   promotion) == 0;
	}
	return count;
}

static void
add_promotion(TillTotalsList *self, TillFormat *format, const TillPriced *priced,
	      const TillPricedDiscount *discount)
{
	g_autofree char *amount = format_off(format, discount->amount_minor);
	g_autofree char *remark = count_words(count_lines(priced, discount->promotion));

	add_row(self, discount->name, remark, amount, "till-offer");
}

/* Promotions by name; what people took off in one row, since each line says its own reason. */
static void
show_discounts(TillTotalsList *self, TillFormat *format, const TillPriced *priced)
{
	g_autofree char *amount = NULL;
	g_autofree char *remark = NULL;
	gint64 manual_minor = 0;
	guint manual_lines = 0;

	for (guint i = 0; i < priced->discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(priced->discounts, TillPricedDiscount, i);

		if (!g_str_has_prefix(discount->promotion, TILL_PRICE_MANUAL_PREFIX)) {
			add_promotion(self, format, priced, discount);
			continue;
		}
		manual_minor += discount->amount_minor;
		manual_lines++;
	}
	if (manual_lines == 0)
		return;
	amount = format_off(format, manual_minor);
	remark = count_words(manual_lines);
	add_row(self, "Discount by hand", remark, amount, "till-offer");
}

/* ---- taxes ---- */

static void
show_taxes(TillTotalsList *self, TillFormat *format, const TillPriced *priced)
{
	g_autoptr(GPtrArray) taxes = till_tax_words(priced);

	if (priced->exempted_minor != 0) {
		g_autofree char *off = format_off(format, priced->exempted_minor);

		add_row(self, "Tax inside the price, not charged", NULL, off, "till-soft");
	}
	for (guint i = 0; i < taxes->len; i++) {
		const TillTaxWords *tax = g_ptr_array_index(taxes, i);
		g_autofree char *amount = till_format_money(format, tax->amount_minor);
		g_autofree char *remark = g_strdup_printf(
		    "%s%s%s", tax->remark, *tax->remark != '\0' && tax->inclusive ? " · " : "",
		    tax->inclusive ? "included" : "");

		add_row(self, tax->title, remark, amount, "till-soft");
	}
}

/* Only where it differs, so that nobody wonders about an amount that is not asked for. */
static void
show_in_cash(TillTotalsList *self, TillSession *session, const TillPriced *priced)
{
	gint64 due_minor = till_session_pay_due(session);
	g_autofree char *amount = NULL;

	if (due_minor == priced->total_minor)
		return;
	amount = till_format_money(till_session_get_format(session), due_minor);
	add_row(self, "To pay in cash", "rounded", amount, "till-soft");
}

/* ---- what the shopper brought ---- */

static void
show_coupons(TillTotalsList *self, TillSession *session)
{
	guint count;
	const char *const *codes = till_shopper_coupons(till_session_shopper(session), &count);

	for (guint i = 0; i < count; i++) {
		const TillPromoEngineCouponAnswer *answer =
		    till_session_shopper_answer(session, codes[i]);
		TillPromoEngineReason reason = answer ? answer->reason : TILL_PROMO_ENGINE_UNKNOWN;
		gboolean applied = reason == TILL_PROMO_ENGINE_APPLIED;
		g_autofree char *title = g_strdup_printf("Coupon %s", codes[i]);
		g_autofree char *words =
		    applied ? g_strdup_printf("Counts: %s", answer->promo->name)
			    : g_strdup_printf("Refused. %s", till_promo_engine_words(reason));

		add_card(self, title, words, !applied, "totals.remove-coupon", codes[i]);
	}
}

static char *
describe_exemption(TillSession *session, const TillExemption *exemption)
{
	TillFormat *format = till_session_get_format(session);
	g_autofree char *classes = exemption->tax_classes ? g_strjoinv(", ", exemption->tax_classes)
							  : g_strdup("all taxes");
	g_autofree char *until = NULL;

	if (!till_session_shopper_is_exempt(session))
		return g_strdup("Refused. This certificate has ended; taxes are charged.");
	if (exemption->valid_to_ms == 0)
		return g_strdup_printf("Free of %s", classes);
	until = till_format_date(format, exemption->valid_to_ms - 1);
	return g_strdup_printf("Free of %s · until %s", classes, until);
}

static void
show_exemption(TillTotalsList *self, TillSession *session)
{
	const TillExemption *exemption = &till_session_shopper(session)->exemption;
	g_autofree char *title = NULL;
	g_autofree char *words = NULL;

	if (exemption->certificate == NULL)
		return;
	title = g_strdup_printf("Tax-exempt %s", exemption->certificate);
	words = describe_exemption(session, exemption);
	add_card(self, title, words, !till_session_shopper_is_exempt(session),
		 "totals.remove-exemption", NULL);
}

/* ---- what else there is to say ---- */

static gboolean
was_told(const GArray *gifts, guint index)
{
	const char *sku = g_array_index(gifts, TillPromoEngineGift, index).sku;

	for (guint i = 0; i < index; i++) {
		if (g_str_equal(g_array_index(gifts, TillPromoEngineGift, i).sku, sku))
			return TRUE;
	}
	return FALSE;
}

/* Gifts that are still to be fetched; one that was scanned stands on its line as an offer. */
static void
show_gifts(TillTotalsList *self, const TillPriced *priced)
{
	const GArray *gifts = priced->promoted->gifts;

	for (guint i = 0; i < gifts->len; i++) {
		const TillPromoEngineGift *gift = &g_array_index(gifts, TillPromoEngineGift, i);
		gint64 missing = till_price_gift_missing(priced, gift->sku);

		if (missing == 0 || was_told(gifts, i))
			continue;
		g_autofree char *words =
		    g_strdup_printf("Gift: scan %" G_GINT64_FORMAT " × SKU %s", missing, gift->sku);
		add_row(self, words, gift->promo->name, NULL, "till-offer");
	}
}

static void
show_points(TillTotalsList *self, TillFormat *format, const TillPromoEngineResult *promoted)
{
	for (guint i = 0; i < promoted->points->len; i++) {
		const TillPromoEnginePoints *points =
		    &g_array_index(promoted->points, TillPromoEnginePoints, i);
		g_autofree char *amount = till_format_money(format, points->amount_minor);
		g_autofree char *words = g_strdup_printf("Points on %s", amount);

		add_row(self, words, points->promo->name, NULL, "till-offer");
	}
}

static void
show_hints(TillTotalsList *self, const TillPriced *priced)
{
	g_auto(GStrv) hints = till_price_hints(priced, HINTS_MAX);

	for (guint i = 0; hints[i] != NULL; i++)
		gtk_box_append(GTK_BOX(self->rows), make_label(hints[i], "till-hint"));
}

static void
show_priced(TillTotalsList *self, TillSession *session, const TillPriced *priced)
{
	TillFormat *format = till_session_get_format(session);

	show_discounts(self, format, priced);
	show_taxes(self, format, priced);
	show_in_cash(self, session, priced);
	if (priced->promoted != NULL) {
		show_gifts(self, priced);
		show_points(self, format, priced->promoted);
	}
}

static void
changed_cb(TillTotalsList *self)
{
	TillSession *session = till_view_get_session(TILL_VIEW(self));
	const TillPriced *priced = till_session_get_priced(session);
	GtkWidget *child;

	if (till_session_get_format(session) == NULL)
		return;
	while ((child = gtk_widget_get_first_child(self->rows)) != NULL)
		gtk_box_remove(GTK_BOX(self->rows), child);
	add_row(self, till_session_get_text(session, "subtotal-label"), NULL,
		till_session_get_text(session, "subtotal"), "till-soft");
	if (priced != NULL)
		show_priced(self, session, priced);
	show_coupons(self, session);
	show_exemption(self, session);
	if (priced != NULL)
		show_hints(self, priced);
}

/* ---- view ---- */

static void
remove_coupon_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	till_session_shopper_remove_coupon(till_view_get_session(TILL_VIEW(widget)),
					   g_variant_get_string(parameter, NULL));
	gtk_widget_activate_action(widget, "win.focus-search", NULL);
}

static void
remove_exemption_action(GtkWidget *widget, const char *name, GVariant *parameter)
{
	(void)name;
	(void)parameter;
	till_session_shopper_set_exemption(till_view_get_session(TILL_VIEW(widget)), NULL);
	gtk_widget_activate_action(widget, "win.focus-search", NULL);
}

static void
till_totals_list_attach(TillView *view, TillSession *session)
{
	g_signal_connect_object(session, "changed", G_CALLBACK(changed_cb), view,
				G_CONNECT_SWAPPED);
	changed_cb(TILL_TOTALS_LIST(view));
}

static void
till_totals_list_class_init(TillTotalsListClass *class)
{
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	TILL_VIEW_CLASS(class)->attach = till_totals_list_attach;
	till_view_class_set_template(widget_class, "checkout/totals-list.ui");
	gtk_widget_class_bind_template_child(widget_class, TillTotalsList, rows);
	gtk_widget_class_install_action(widget_class, "totals.remove-coupon", "s",
					remove_coupon_action);
	gtk_widget_class_install_action(widget_class, "totals.remove-exemption", NULL,
					remove_exemption_action);
}

static void
till_totals_list_init(TillTotalsList *self)
{
	gtk_widget_init_template(GTK_WIDGET(self));
}
