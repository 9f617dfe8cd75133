/* SPDX-License-Identifier: Apache-2.0 */
#include "flow.h"

struct _TillFlow {
	GtkWidget parent_instance;
	int spacing;
};

typedef struct {
	GtkWidget *child;
	GtkAllocation place;
} Cell;

enum {
	PROP_0,
	PROP_SPACING,
	PROP_COUNT,
};

static GParamSpec *properties[PROP_COUNT];

G_DEFINE_FINAL_TYPE(TillFlow, till_flow, GTK_TYPE_WIDGET)

/* Puts the cells from `first` on, which share a line, in the middle of its height; returns it. */
static int
finish_line(GArray *cells, guint first)
{
	int height = 0;

	for (guint i = first; i < cells->len; i++)
		height = MAX(height, g_array_index(cells, Cell, i).place.height);
	for (guint i = first; i < cells->len; i++) {
		GtkAllocation *place = &g_array_index(cells, Cell, i).place;

		place->y += (height - place->height) / 2;
	}
	return height;
}

/* Where each child stands in this width; *out_height is what all of them need. */
static GArray *
arrange(TillFlow *self, int width, int *out_height)
{
	GArray *cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	guint first = 0;
	int x = 0, y = 0;

	for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self)); child != NULL;
	     child = gtk_widget_get_next_sibling(child)) {
		Cell cell = {.child = child};
		int minimum, natural;

		if (!gtk_widget_should_layout(child))
			continue;
		gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL,
				   NULL);
		cell.place.width = CLAMP(natural, minimum, MAX(width, minimum));
		if (x > 0 && x + cell.place.width > width) {
			y += finish_line(cells, first) + self->spacing;
			first = cells->len;
			x = 0;
		}
		gtk_widget_measure(child, GTK_ORIENTATION_VERTICAL, cell.place.width, &minimum,
				   &cell.place.height, NULL, NULL);
		cell.place.x = x;
		cell.place.y = y;
		g_array_append_val(cells, cell);
		x += cell.place.width + self->spacing;
	}
	*out_height = y + finish_line(cells, first);
	return cells;
}

static void
measure_width(TillFlow *self, int *minimum, int *natural)
{
	*minimum = *natural = 0;
	for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self)); child != NULL;
	     child = gtk_widget_get_next_sibling(child)) {
		int least, liked;

		if (!gtk_widget_should_layout(child))
			continue;
		gtk_widget_measure(child, GTK_ORIENTATION_HORIZONTAL, -1, &least, &liked, NULL,
				   NULL);
		*minimum = MAX(*minimum, least);
		*natural += liked + (*natural > 0 ? self->spacing : 0);
	}
}

static void
till_flow_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
		  int *natural, int *minimum_baseline, int *natural_baseline)
{
	TillFlow *self = TILL_FLOW(widget);
	int least, liked;

	*minimum_baseline = *natural_baseline = -1;
	measure_width(self, &least, &liked);
	if (orientation == GTK_ORIENTATION_HORIZONTAL) {
		*minimum = least;
		*natural = liked;
		return;
	}
	g_array_unref(arrange(self, for_size < 0 ? liked : MAX(for_size, least), natural));
	*minimum = *natural;
}

static void
till_flow_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
	gboolean rtl = gtk_widget_get_direction(widget) == GTK_TEXT_DIR_RTL;
	g_autoptr(GArray) cells = arrange(TILL_FLOW(widget), width, &height);

	(void)baseline;
	for (guint i = 0; i < cells->len; i++) {
		Cell *cell = &g_array_index(cells, Cell, i);

		if (rtl)
			cell->place.x = width - cell->place.x - cell->place.width;
		gtk_widget_size_allocate(cell->child, &cell->place, -1);
	}
}

static GtkSizeRequestMode
till_flow_get_request_mode(GtkWidget *widget)
{
	(void)widget;
	return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
till_flow_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	(void)id;
	(void)spec;
	g_value_set_int(value, TILL_FLOW(object)->spacing);
}

static void
till_flow_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
	(void)id;
	(void)spec;
	TILL_FLOW(object)->spacing = g_value_get_int(value);
	gtk_widget_queue_resize(GTK_WIDGET(object));
}

static void
till_flow_dispose(GObject *object)
{
	GtkWidget *child;

	while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))) != NULL)
		gtk_widget_unparent(child);
	G_OBJECT_CLASS(till_flow_parent_class)->dispose(object);
}

static void
till_flow_class_init(TillFlowClass *class)
{
	GObjectClass *object_class = G_OBJECT_CLASS(class);
	GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

	object_class->get_property = till_flow_get_property;
	object_class->set_property = till_flow_set_property;
	object_class->dispose = till_flow_dispose;
	widget_class->measure = till_flow_measure;
	widget_class->size_allocate = till_flow_size_allocate;
	widget_class->get_request_mode = till_flow_get_request_mode;
	gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
	properties[PROP_SPACING] = g_param_spec_int("spacing", NULL, NULL, 0, 200, 0,
						    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
}

static void
till_flow_init(TillFlow *self)
{
	(void)self;
}

void
till_flow_append(TillFlow *self, GtkWidget *child)
{
	gtk_widget_insert_before(child, GTK_WIDGET(self), NULL);
}
