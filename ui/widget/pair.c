/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"

#define WIDEST (1024 * 1024)

struct _TillPair {
	GtkWidget parent_instance;
	int threshold_em;
	int spacing;
	int percent;
};

enum {
	PROP_0,
	PROP_THRESHOLD_EM,
	PROP_SPACING,
	PROP_PERCENT,
	PROP_COUNT,
};

static GParamSpec *properties[PROP_COUNT];

G_DEFINE_FINAL_TYPE(TillPair, till_pair, GTK_TYPE_WIDGET)

/* The threshold in pixels: an em is the size of the text in force here. */
static int
get_threshold(GtkWidget *widget)
{
	const PangoFontDescription *font =
	    pango_context_get_font_description(gtk_widget_get_pango_context(widget));
	int em = pango_font_description_get_size(font) / PANGO_SCALE;

	return TILL_PAIR(widget)->threshold_em * MAX(em, 1);
}

static void
get_children(GtkWidget *widget, GtkWidget **out_first, GtkWidget **out_second)
{
	*out_first = gtk_widget_get_first_child(widget);
	g_assert(*out_first != NULL);
	*out_second = gtk_widget_get_next_sibling(*out_first);
	g_assert(*out_second != NULL);
}

/* A child that is not shown leaves all the room to the other one. */
static gboolean
has_both(GtkWidget *first, GtkWidget *second)
{
	return gtk_widget_get_visible(first) && gtk_widget_get_visible(second);
}

static int
measure_minimum(GtkWidget *child, GtkOrientation orientation, int for_size, int *out_natural)
{
	int minimum;

	gtk_widget_measure(child, orientation, for_size, &minimum, out_natural, NULL, NULL);
	return minimum;
}

static void
measure_width(GtkWidget *widget, int *minimum, int *natural)
{
	int spacing = TILL_PAIR(widget)->spacing;
	GtkWidget *first, *second;
	int first_natural, second_natural, first_min, second_min;

	get_children(widget, &first, &second);
	first_min = measure_minimum(first, GTK_ORIENTATION_HORIZONTAL, -1, &first_natural);
	second_min = measure_minimum(second, GTK_ORIENTATION_HORIZONTAL, -1, &second_natural);
	*minimum = MAX(first_min, second_min);
	*natural = MAX(first_natural, second_natural);
	if (!has_both(first, second))
		return;
	*natural = MAX(first_natural + spacing + second_natural, get_threshold(widget));
}

/* Widths when side by side; FALSE when they must stand one above the other. */
static gboolean
split_width(GtkWidget *widget, int width, int *out_first, int *out_second)
{
	int spacing = TILL_PAIR(widget)->spacing;
	GtkWidget *first, *second;
	int first_min, second_min, first_natural, second_natural;

	get_children(widget, &first, &second);
	first_min = measure_minimum(first, GTK_ORIENTATION_HORIZONTAL, -1, &first_natural);
	second_min = measure_minimum(second, GTK_ORIENTATION_HORIZONTAL, -1, &second_natural);
	if (width < get_threshold(widget) || width < first_min + spacing + second_min)
		return FALSE;
	if (TILL_PAIR(widget)->threshold_em == 0) {
		*out_first = first_natural;
		*out_second = second_natural;
		return width >= first_natural + spacing + second_natural;
	}
	*out_second = MIN(second_natural, width - spacing - first_min);
	if (TILL_PAIR(widget)->percent > 0)
		*out_second = CLAMP((width - spacing) * TILL_PAIR(widget)->percent / 100,
				    second_min, width - spacing - first_min);
	*out_first = width - spacing - *out_second;
	return TRUE;
}

static void
measure_height(GtkWidget *widget, int width, int *minimum, int *natural)
{
	int spacing = TILL_PAIR(widget)->spacing;
	GtkWidget *first, *second;
	int first_width, second_width, first_natural, second_natural, first_min, second_min;
	gboolean beside;

	get_children(widget, &first, &second);
	if (!has_both(first, second)) {
		first_min = measure_minimum(first, GTK_ORIENTATION_VERTICAL, width, &first_natural);
		second_min =
		    measure_minimum(second, GTK_ORIENTATION_VERTICAL, width, &second_natural);
		*minimum = MAX(first_min, second_min);
		*natural = MAX(first_natural, second_natural);
		return;
	}
	beside = width < 0 || split_width(widget, width, &first_width, &second_width);
	if (width < 0)
		first_width = second_width = -1;
	else if (!beside)
		first_width = second_width = width;
	first_min = measure_minimum(first, GTK_ORIENTATION_VERTICAL, first_width, &first_natural);
	second_min =
	    measure_minimum(second, GTK_ORIENTATION_VERTICAL, second_width, &second_natural);
	*minimum = beside ? MAX(first_min, second_min) : first_min + spacing + second_min;
	*natural =
	    beside ? MAX(first_natural, second_natural) : first_natural + spacing + second_natural;
}

/* For no width in particular: at least what it is with all the room there could be, which rounding
 * of text makes differ by a pixel from the sum of what the children say. */
static void
measure_any_height(GtkWidget *widget, int *minimum, int *natural)
{
	int wide_minimum, wide_natural;

	measure_height(widget, -1, minimum, natural);
	measure_height(widget, WIDEST, &wide_minimum, &wide_natural);
	*minimum = MAX(*minimum, wide_minimum);
	*natural = MAX(*natural, wide_natural);
}

static void
till_pair_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
		  int *natural, int *minimum_baseline, int *natural_baseline)
{
	*minimum_baseline = *natural_baseline = -1;
	if (orientation == GTK_ORIENTATION_HORIZONTAL)
		measure_width(widget, minimum, natural);
	else if (for_size < 0)
		measure_any_height(widget, minimum, natural);
	else
		measure_height(widget, for_size, minimum, natural);
}

static void
till_pair_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
	gboolean rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
	int spacing = TILL_PAIR(widget)->spacing;
	GtkWidget *first, *second;
	int first_width, second_width, first_height;

	(void)baseline;
	get_children(widget, &first, &second);
	if (!has_both(first, second)) {
		GtkWidget *shown = gtk_widget_get_visible(first) ? first : second;

		gtk_widget_size_allocate(shown, &(GtkAllocation){0, 0, width, height}, -1);
		return;
	}
	if (split_width(widget, width, &first_width, &second_width)) {
		GtkAllocation a = {rtl ? second_width + spacing : 0, 0, first_width, height};
		GtkAllocation b = {rtl ? 0 : first_width + spacing, 0, second_width, height};

		gtk_widget_size_allocate(first, &a, -1);
		gtk_widget_size_allocate(second, &b, -1);
		return;
	}
	(void)measure_minimum(first, GTK_ORIENTATION_VERTICAL, width, &first_height);
	gtk_widget_size_allocate(first, &(GtkAllocation){0, 0, width, first_height}, -1);
	gtk_widget_size_allocate(second,
				 &(GtkAllocation){0, first_height + spacing, width,
						  MAX(height - first_height - spacing, 0)},
				 -1);
}

static GtkSizeRequestMode
till_pair_get_request_mode(GtkWidget *widget)
{
	(void)widget;
	return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int *
find_field(TillPair *self, guint id)
{
	if (id == PROP_PERCENT)
		return &self->percent;
	return id == PROP_SPACING ? &self->spacing : &self->threshold_em;
}

static void
till_pair_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	(void)spec;
	g_value_set_int(value, *find_field(TILL_PAIR(object), id));
}

static void
till_pair_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
	(void)spec;
	*find_field(TILL_PAIR(object), id) = g_value_get_int(value);
	gtk_widget_queue_resize(GTK_WIDGET(object));
}

static void
till_pair_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_pair_parent_class)->dispose(object);
}

static void
till_pair_class_init(TillPairClass *class)
{
	const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	object_class->get_property = till_pair_get_property;
	object_class->set_property = till_pair_set_property;
	object_class->dispose = till_pair_dispose;
	widget_class->measure = till_pair_measure;
	widget_class->size_allocate = till_pair_size_allocate;
	widget_class->get_request_mode = till_pair_get_request_mode;
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	properties[PROP_THRESHOLD_EM] =
	    g_param_spec_int("threshold-em", NULL, NULL, 0, 1000, 0, flags);
	properties[PROP_SPACING] = g_param_spec_int("spacing", NULL, NULL, 0, 200, 0, flags);
	properties[PROP_PERCENT] = g_param_spec_int("percent", NULL, NULL, 0, 90, 0, flags);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
}

static void
till_pair_init(TillPair *self)
{
	(void)self;
}
