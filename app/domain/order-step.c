/* SPDX-License-Identifier: Apache-2.0 */
#include "order-step.h"

#include <string.h>

#include "entry.h"
#include "error.h"
#include "item.h"
#include "json.h"
#include "quantity.h"

#define ID_MAX 64
#define WORD_MAX 32
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */
#define CHECKS_MAX 5

#define BIT(kind) (1u << (TILL_ORDER_STEP_##kind))
#define MOVE(kind, from_state, to_state)                                                           \
	{                                                                                          \
		BIT(kind), TILL_ORDER_##from_state, TILL_ORDER_##to_state                          \
	}

static const char *const types[TILL_ORDER_STEP_KINDS] = {
    "picking", "staging", "hand-over", "shipping", "put-back", "order-undo", "order-note"};

typedef struct {
	guint kinds; /* BIT */
	TillOrderState from, to;
} Allowed;

static const Allowed allowed[] = {
    MOVE(PICKING, ALLOCATED, PICKED),   MOVE(PICKING, ALLOCATED, SHORT),
    MOVE(PICKING, PICKED, ALLOCATED),   MOVE(PICKING, PICKED, SHORT),
    MOVE(PICKING, SHORT, ALLOCATED),    MOVE(PICKING, SHORT, ORDERED),
    MOVE(PICKING, SHORT, CANCELLED),    MOVE(STAGING, PICKED, STAGED),
    MOVE(HAND_OVER, STAGED, COLLECTED), MOVE(HAND_OVER, STAGED, REFUSED),
    MOVE(SHIPPING, STAGED, SHIPPED),    MOVE(PUT_BACK, STAGED, PICKED),
    MOVE(PUT_BACK, PICKED, ALLOCATED),  MOVE(PUT_BACK, STAGED, CANCELLED),
    MOVE(PUT_BACK, PICKED, CANCELLED),  MOVE(PUT_BACK, ALLOCATED, CANCELLED),
};

/* Texts that only some steps have: where a step of another kind brings one, it is not kept. */
typedef struct {
	const char *name;
	gsize offset, max_bytes;
	guint kinds, required; /* BIT */
} Text;

static const Text texts[] = {
    {"place", G_STRUCT_OFFSET(TillOrderStep, place), TILL_ORDER_STEP_PLACE_MAX, BIT(STAGING),
     BIT(STAGING)},
    {"collected_by", G_STRUCT_OFFSET(TillOrderStep, collected_by), TEXT_MAX, BIT(HAND_OVER), 0},
    {"check", G_STRUCT_OFFSET(TillOrderStep, check), ID_MAX, BIT(HAND_OVER), 0},
    {"carrier", G_STRUCT_OFFSET(TillOrderStep, carrier), ID_MAX, BIT(SHIPPING), 0},
    {"tracking", G_STRUCT_OFFSET(TillOrderStep, tracking), 100, BIT(SHIPPING), 0},
    {"reason", G_STRUCT_OFFSET(TillOrderStep, reason), ID_MAX, BIT(PICKING) | BIT(PUT_BACK), 0},
    {"words", G_STRUCT_OFFSET(TillOrderStep, words), TILL_ORDER_STEP_WORDS_MAX, BIT(NOTE),
     BIT(NOTE)},
};

static char **
text_of(const TillOrderStep *step, const Text *text)
{
	return (char **)G_STRUCT_MEMBER_P(step, text->offset);
}

static gboolean
is_of(const TillOrderStep *step, guint kinds)
{
	return (kinds >> step->kind & 1) != 0;
}

static gboolean
is_unset(const TillUuid *id)
{
	static const TillUuid none;

	return till_uuid_equal(id, &none);
}

/* ---- Life ---- */

TillOrderStep *
till_order_step_new(TillOrderStepKind kind)
{
	TillOrderStep *step = g_new0(TillOrderStep, 1);

	step->kind = kind;
	step->store = g_strdup("");
	step->till = g_strdup("");
	step->staff_id = g_strdup("");
	step->staff_name = g_strdup("");
	step->moves = g_array_new(FALSE, TRUE, sizeof(TillOrderStepMove));
	step->substitute.sku = g_strdup("");
	step->substitute.name = g_strdup("");
	step->substitute.variant = g_strdup("");
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		*text_of(step, &texts[i]) = g_strdup("");
	return step;
}

void
till_order_step_free(TillOrderStep *step)
{
	if (step == NULL)
		return;
	g_free(step->store);
	g_free(step->till);
	g_free(step->staff_id);
	g_free(step->staff_name);
	g_array_unref(step->moves);
	g_free(step->substitute.sku);
	g_free(step->substitute.name);
	g_free(step->substitute.variant);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(*text_of(step, &texts[i]));
	g_free(step);
}

TillOrderStep *
till_order_step_copy(const TillOrderStep *step)
{
	TillOrderStep *copy = g_new(TillOrderStep, 1);

	*copy = *step;
	copy->store = g_strdup(step->store);
	copy->till = g_strdup(step->till);
	copy->staff_id = g_strdup(step->staff_id);
	copy->staff_name = g_strdup(step->staff_name);
	copy->moves = g_array_copy(step->moves);
	copy->substitute.sku = g_strdup(step->substitute.sku);
	copy->substitute.name = g_strdup(step->substitute.name);
	copy->substitute.variant = g_strdup(step->substitute.variant);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		*text_of(copy, &texts[i]) = g_strdup(*text_of(step, &texts[i]));
	return copy;
}

void
till_order_step_add_move(TillOrderStep *step, guint line, TillOrderState from, TillOrderState to,
			 gint64 milli)
{
	const TillOrderStepMove move = {line, from, to, milli};

	g_array_append_val(step->moves, move);
}

const char *
till_order_step_type(TillOrderStepKind kind)
{
	g_assert(kind < TILL_ORDER_STEP_KINDS);
	return types[kind];
}

gboolean
till_order_step_find(const char *type, TillOrderStepKind *out)
{
	for (guint kind = 0; kind < TILL_ORDER_STEP_KINDS; kind++) {
		if (strcmp(types[kind], type) == 0) {
			*out = kind;
			return TRUE;
		}
	}
	return FALSE;
}

gboolean
till_order_step_may_move(TillOrderStepKind kind, TillOrderState from, TillOrderState to)
{
	for (gsize i = 0; i < G_N_ELEMENTS(allowed); i++) {
		if ((allowed[i].kinds >> kind & 1) != 0 && allowed[i].from == from &&
		    allowed[i].to == to)
			return TRUE;
	}
	return FALSE;
}

/* ---- Writing ---- */

static void
put_uuid(json_t *object, const char *name, const TillUuid *id)
{
	char text[TILL_UUID_TEXT];

	till_json_put_text(object, name, till_uuid_format(id, text));
}

static void
put_moves(json_t *body, const TillOrderStep *step)
{
	json_t *list;

	if (step->moves->len == 0)
		return;
	list = json_array();
	for (guint i = 0; i < step->moves->len; i++) {
		const TillOrderStepMove *move = &g_array_index(step->moves, TillOrderStepMove, i);
		json_t *object = json_object();
		till_json_put_int(object, "line", move->line);
		till_json_put_text(object, "from", till_order_state_name(move->from));
		till_json_put_text(object, "to", till_order_state_name(move->to));
		till_json_put_int(object, "milli", move->milli);
		json_array_append_new(list, object);
	}
	json_object_set_new(body, "moves", list);
}

static void
put_substitute(json_t *body, const TillOrderStepSubstitute *substitute)
{
	json_t *object;

	if (substitute->line == 0)
		return;
	object = json_object();
	till_json_put_int(object, "line", substitute->line);
	till_json_put_text(object, "sku", substitute->sku);
	till_json_put_text(object, "name", substitute->name);
	till_json_put_text(object, "variant", substitute->variant);
	till_json_put_int(object, "quantity_milli", substitute->quantity_milli);
	till_json_put_int(object, "for", substitute->instead_of);
	json_object_set_new(body, "substitute", object);
}

static void
put_kind_fields(json_t *body, const TillOrderStep *step)
{
	if (step->kind == TILL_ORDER_STEP_PICKING)
		put_substitute(body, &step->substitute);
	if (step->kind == TILL_ORDER_STEP_UNDO)
		put_uuid(body, "reverses", &step->reverses);
	if (step->kind == TILL_ORDER_STEP_HAND_OVER) {
		if (step->code_serial != 0)
			till_json_put_int(body, "code", step->code_serial);
		if (step->offline)
			till_json_put_bool(body, "offline", TRUE);
		if (step->unknown)
			till_json_put_bool(body, "unknown", TRUE);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *value = *text_of(step, &texts[i]);
		if (is_of(step, texts[i].kinds) && *value != '\0')
			till_json_put_text(body, texts[i].name, value);
	}
}

GBytes *
till_order_step_to_bytes(const TillOrderStep *step)
{
	g_autoptr(json_t) body = json_object();
	json_t *staff = json_object();
	gsize size;

	till_json_put_text(body, "store", step->store);
	till_json_put_text(body, "till", step->till);
	till_json_put_text(staff, "id", step->staff_id);
	till_json_put_text(staff, "name", step->staff_name);
	json_object_set_new(body, "staff", staff);
	put_uuid(body, "order", &step->order);
	put_uuid(body, "fulfilment", &step->fulfilment);
	till_json_put_int(body, "at_ms", step->at_ms);
	till_json_put_int(body, "version", step->version);
	put_moves(body, step);
	put_kind_fields(body, step);
	char *text = till_json_write(body, &size);
	return g_bytes_new_take(text, size);
}

/* ---- Reading ---- */

static void
take_text(TillJsonReader *reader, const char *name, gsize max_bytes, gboolean required, char **out)
{
	g_free(*out);
	*out = g_strdup(till_json_string_or(reader, name, max_bytes, ""));
	if (required && **out == '\0')
		till_json_fault(reader, name, "is empty");
}

static void
take_uuid(TillJsonReader *reader, const char *name, TillUuid *out)
{
	if (!till_uuid_parse(till_json_string(reader, name, TILL_UUID_TEXT - 1), out))
		till_json_fault(reader, name, "is not an id");
}

static TillOrderState
take_state(TillJsonReader *reader, const char *name)
{
	TillOrderState state;

	if (!till_order_find_state(till_json_string(reader, name, WORD_MAX), &state)) {
		till_json_fault(reader, name, "is not a place that goods can stand in");
		return TILL_ORDER_ORDERED;
	}
	return state;
}

static void
take_move(TillJsonReader *parent, gsize index, TillOrderStep *step)
{
	TillJsonReader reader = till_json_reader_item(parent, "moves", index);
	guint line = (guint)till_json_int(&reader, "line", 1, TILL_ORDER_LINES_MAX);
	TillOrderState from = take_state(&reader, "from");
	TillOrderState to = take_state(&reader, "to");
	gint64 milli = till_json_int(&reader, "milli", 1, TILL_QUANTITY_MAX_MILLI);

	if (!till_order_step_may_move(step->kind, from, to))
		till_json_fault(&reader, "to", "is no way that such a step moves goods");
	till_json_inherit(parent, &reader);
	till_order_step_add_move(step, line, from, to, milli);
}

static void
take_substitute(TillJsonReader *parent, TillOrderStep *step)
{
	const json_t *object = till_json_object(parent, "substitute");
	TillOrderStepSubstitute *substitute = &step->substitute;

	if (object == NULL)
		return;
	TillJsonReader reader = till_json_reader(object, "step.substitute");
	substitute->line = (guint)till_json_int(&reader, "line", 1, TILL_ORDER_LINES_MAX);
	take_text(&reader, "sku", TILL_SKU_MAX, TRUE, &substitute->sku);
	take_text(&reader, "name", TEXT_MAX, TRUE, &substitute->name);
	take_text(&reader, "variant", TEXT_MAX, FALSE, &substitute->variant);
	substitute->quantity_milli =
	    till_json_int(&reader, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	substitute->instead_of = (guint)till_json_int(&reader, "for", 1, TILL_ORDER_LINES_MAX);
	if (substitute->instead_of == substitute->line)
		till_json_fault(&reader, "for", "is the line itself");
	till_json_inherit(parent, &reader);
}

gboolean
till_order_step_check_valid(const char *check)
{
	static const char *const known[] = {"code", "id", "name", "other-person-id", "age"};
	g_auto(GStrv) words = g_strsplit(check, ",", CHECKS_MAX + 1);

	for (guint i = 0; words[i] != NULL; i++) {
		gboolean found = FALSE;
		for (gsize k = 0; k < G_N_ELEMENTS(known); k++)
			found |= strcmp(words[i], known[k]) == 0;
		for (guint k = 0; k < i; k++)
			found &= strcmp(words[i], words[k]) != 0;
		if (!found)
			return FALSE;
	}
	return TRUE;
}

static void
take_kind_fields(TillJsonReader *reader, TillOrderStep *step)
{
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (is_of(step, texts[i].kinds))
			take_text(reader, texts[i].name, texts[i].max_bytes,
				  is_of(step, texts[i].required), text_of(step, &texts[i]));
	}
	if (step->kind == TILL_ORDER_STEP_PICKING)
		take_substitute(reader, step);
	if (step->kind == TILL_ORDER_STEP_UNDO) {
		take_uuid(reader, "reverses", &step->reverses);
		if (is_unset(&step->reverses))
			till_json_fault(reader, "reverses", "names no step");
	}
	if (step->kind != TILL_ORDER_STEP_HAND_OVER)
		return;
	step->code_serial = (guint16)till_json_int_or(reader, "code", 0, G_MAXUINT16, 0);
	step->offline = till_json_bool_or(reader, "offline", FALSE);
	step->unknown = till_json_bool_or(reader, "unknown", FALSE);
	if (!till_order_step_check_valid(step->check))
		till_json_fault(reader, "check", "is not how anybody is checked");
}

/* An undo and a note move nothing, nor does the hand-over of an order that the till cannot see; a
 * picking may bring a substitute alone. */
static void
take_moves(TillJsonReader *reader, TillOrderStep *step)
{
	const json_t *list = till_json_array(reader, "moves", TILL_ORDER_STEP_MOVES_MAX);
	gboolean none =
	    is_of(step, BIT(UNDO) | BIT(NOTE)) || (step->unknown && is_of(step, BIT(HAND_OVER)));

	if (none && json_array_size(list) > 0)
		till_json_fault(reader, "moves", "stand in a step that moves nothing");
	if (!none && json_array_size(list) == 0 && step->substitute.line == 0)
		till_json_fault(reader, "moves", "are missing");
	for (gsize i = 0; i < json_array_size(list) && reader->fault[0] == '\0'; i++)
		take_move(reader, i, step);
}

static void
take_heading(TillJsonReader *reader, TillOrderStep *step)
{
	take_text(reader, "store", WORD_MAX, TRUE, &step->store);
	take_text(reader, "till", WORD_MAX, TRUE, &step->till);
	TillJsonReader staff = till_json_reader(till_json_object(reader, "staff"), "step.staff");
	take_text(&staff, "id", ID_MAX, TRUE, &step->staff_id);
	take_text(&staff, "name", TEXT_MAX, FALSE, &step->staff_name);
	till_json_inherit(reader, &staff);
	take_uuid(reader, "order", &step->order);
	take_uuid(reader, "fulfilment", &step->fulfilment);
	step->at_ms = till_json_int(reader, "at_ms", 0, TIME_MAX_MS);
	step->version = till_json_int(reader, "version", 0, G_MAXINT32);
}

TillOrderStep *
till_order_step_from_bytes(const char *type, GBytes *body, GError **error)
{
	TillOrderStepKind kind;
	gsize size;
	const char *text = g_bytes_get_data(body, &size);

	if (!till_order_step_find(type, &kind)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "An entry of type %s is no step of an order.", type);
		return NULL;
	}
	g_autoptr(json_t) object =
	    till_json_parse(text != NULL ? text : "", size, TILL_ENTRY_BODY_MAX, "step", error);
	if (object == NULL)
		return NULL;
	g_autoptr(TillOrderStep) step = till_order_step_new(kind);
	TillJsonReader reader = till_json_reader(object, "step");
	take_heading(&reader, step);
	take_kind_fields(&reader, step);
	take_moves(&reader, step);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&step);
}
