/* SPDX-License-Identifier: Apache-2.0 */
#include "row-item.h"

struct _TillRowItem {
	GObject parent_instance;
	guint id;
	TillItem *item; /* owned reference, nullable */
	char *texts[TILL_ROW_TEXTS];
	char **reasons; /* nullable */
};

enum {
	PROP_0,
	PROP_TEXT_FIRST, /* the texts, in the order of TillRowText */
	PROP_ID = PROP_TEXT_FIRST + TILL_ROW_TEXTS,
	PROP_STEPS,
	PROP_REASONS,
	PROP_IS_CHOICE,
	PROP_FLAG_FIRST, /* whether a text is there, in the order of `flags` */
	PROP_COUNT = PROP_FLAG_FIRST + 6,
};

static GParamSpec *properties[PROP_COUNT];

static const char *const text_names[TILL_ROW_TEXTS] = {
    [TILL_ROW_TITLE] = "title",
    [TILL_ROW_DETAIL] = "detail",
    [TILL_ROW_QUANTITY] = "quantity",
    [TILL_ROW_PRICE] = "price",
    [TILL_ROW_TOTAL] = "total",
    [TILL_ROW_CHIP] = "chip",
    [TILL_ROW_HAND] = "hand",
    [TILL_ROW_WAS_PRICE] = "was-price",
    [TILL_ROW_WAS_TOTAL] = "was-total",
    [TILL_ROW_NOTE] = "note",
    [TILL_ROW_HEADING] = "heading",
    [TILL_ROW_TONE] = "tone",
    [TILL_ROW_KEY] = "key",
};

static const struct {
	TillRowText text;
	const char *name;
} flags[] = {
    {TILL_ROW_CHIP, "has-chip"},           {TILL_ROW_HAND, "has-hand"},
    {TILL_ROW_WAS_PRICE, "has-was-price"}, {TILL_ROW_WAS_TOTAL, "has-was-total"},
    {TILL_ROW_NOTE, "has-note"},           {TILL_ROW_HEADING, "has-heading"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(flags) == PROP_COUNT - PROP_FLAG_FIRST);

G_DEFINE_FINAL_TYPE(TillRowItem, till_row_item, G_TYPE_OBJECT)

static gboolean
has_text(TillRowItem *self, TillRowText which)
{
	return *till_row_item_get(self, which) != '\0';
}

static void
till_row_item_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
	TillRowItem *self = TILL_ROW_ITEM(object);

	if (id >= PROP_TEXT_FIRST && id < PROP_ID)
		g_value_set_string(value, till_row_item_get(self, id - PROP_TEXT_FIRST));
	else if (id == PROP_ID)
		g_value_set_uint(value, self->id);
	else if (id == PROP_STEPS)
		g_value_set_boolean(value, self->item != NULL && !self->item->weighed);
	else if (id == PROP_IS_CHOICE)
		g_value_set_boolean(value, !has_text(self, TILL_ROW_HEADING));
	else if (id == PROP_REASONS)
		g_value_set_boxed(value, self->reasons);
	else if (id >= PROP_FLAG_FIRST && id < PROP_COUNT)
		g_value_set_boolean(value, has_text(self, flags[id - PROP_FLAG_FIRST].text));
	else
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
till_row_item_finalize(GObject *object)
{
	TillRowItem *self = TILL_ROW_ITEM(object);

	for (guint i = 0; i < TILL_ROW_TEXTS; i++)
		g_free(self->texts[i]);
	g_strfreev(self->reasons);
	g_clear_pointer(&self->item, till_item_unref);
	G_OBJECT_CLASS(till_row_item_parent_class)->finalize(object);
}

static void
till_row_item_class_init(TillRowItemClass *class)
{
	const GParamFlags access = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
	GObjectClass *object_class = G_OBJECT_CLASS(class);

	object_class->get_property = till_row_item_get_property;
	object_class->finalize = till_row_item_finalize;
	for (guint i = 0; i < TILL_ROW_TEXTS; i++)
		properties[PROP_TEXT_FIRST + i] =
		    g_param_spec_string(text_names[i], NULL, NULL, "", access);
	properties[PROP_ID] = g_param_spec_uint("id", NULL, NULL, 0, G_MAXUINT, 0, access);
	properties[PROP_STEPS] = g_param_spec_boolean("steps", NULL, NULL, FALSE, access);
	properties[PROP_IS_CHOICE] = g_param_spec_boolean("is-choice", NULL, NULL, TRUE, access);
	properties[PROP_REASONS] = g_param_spec_boxed("reasons", NULL, NULL, G_TYPE_STRV, access);
	for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
		properties[PROP_FLAG_FIRST + i] =
		    g_param_spec_boolean(flags[i].name, NULL, NULL, FALSE, access);
	g_object_class_install_properties(object_class, PROP_COUNT, properties);
}

static void
till_row_item_init(TillRowItem *self)
{
	(void)self;
}

TillRowItem *
till_row_item_new(guint id, const TillItem *item)
{
	TillRowItem *self = g_object_new(TILL_TYPE_ROW_ITEM, NULL);

	self->id = id;
	self->item = item ? till_item_ref(item) : NULL;
	return self;
}

guint
till_row_item_get_id(TillRowItem *self)
{
	return self->id;
}

const TillItem *
till_row_item_get_item(TillRowItem *self)
{
	return self->item;
}

void
till_row_item_set(TillRowItem *self, TillRowText which, const char *text)
{
	g_assert(which < TILL_ROW_TEXTS);
	if (g_strcmp0(till_row_item_get(self, which), text ? text : "") == 0)
		return;
	g_free(self->texts[which]);
	self->texts[which] = g_strdup(text);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_TEXT_FIRST + which]);
	if (which == TILL_ROW_HEADING)
		g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_IS_CHOICE]);
	for (guint i = 0; i < G_N_ELEMENTS(flags); i++)
		if (flags[i].text == which)
			g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_FLAG_FIRST + i]);
}

const char *
till_row_item_get(TillRowItem *self, TillRowText which)
{
	return self->texts[which] ? self->texts[which] : "";
}

const char *const *
till_row_item_get_reasons(TillRowItem *self)
{
	static const char *const none[] = {NULL};

	return self->reasons ? (const char *const *)self->reasons : none;
}

void
till_row_item_set_reasons(TillRowItem *self, char **reasons)
{
	static const char *const none[] = {NULL};

	if (g_strv_equal(till_row_item_get_reasons(self),
			 reasons ? (const char *const *)reasons : none))
		return;
	g_strfreev(self->reasons);
	self->reasons = g_strdupv(reasons);
	g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_REASONS]);
}

static void
add_words(GString *words, const char *before, const char *text)
{
	if (*text == '\0')
		return;
	if (words->len > 0)
		g_string_append(words, ", ");
	g_string_append_printf(words, "%s%s", before, text);
}

char *
till_row_item_dup_words(TillRowItem *self)
{
	static const struct {
		TillRowText text;
		const char *before;
	} spoken[] = {{TILL_ROW_HEADING, ""},
		      {TILL_ROW_TITLE, ""},
		      {TILL_ROW_QUANTITY, ""},
		      {TILL_ROW_TOTAL, ""},
		      {TILL_ROW_WAS_TOTAL, "instead of "},
		      {TILL_ROW_CHIP, ""},
		      {TILL_ROW_HAND, ""},
		      {TILL_ROW_NOTE, ""}};
	const char *const *reasons = till_row_item_get_reasons(self);
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(spoken); i++)
		add_words(words, spoken[i].before, till_row_item_get(self, spoken[i].text));
	for (guint i = 0; reasons[i] != NULL; i++)
		add_words(words, "", reasons[i]);
	return g_string_free(words, FALSE);
}
