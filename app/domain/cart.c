/* SPDX-License-Identifier: Apache-2.0 */
#include "cart.h"

#include <string.h>

#include "basket.h"
#include "entry.h"
#include "error.h"
#include "item.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "scan.h"
#include "shopper.h"
#include "text.h"

#define ID_MAX 64
#define WORD_MAX 32
#define TEXT_MAX ((gsize)4 * TILL_NAME_MAX) /* names are counted in characters at their source */
#define NOTE_BYTES_MAX ((gsize)4 * TILL_NOTE_MAX)
#define TIME_MAX_MS G_GINT64_CONSTANT(253402300799999) /* the end of the year 9999 */
/* Written as JSON, where quotes and keys come on top, so much text stays below TILL_CART_MAX. */
#define TEXTS_MAX 20000

static const char *const actions[] = {"take", "release", "send"};

/* ---- Lines ---- */

static void
free_line(gpointer data)
{
	TillCartLine *line = data;

	g_free(line->code);
	g_free(line->name);
	g_free(line->note);
	g_free(line);
}

TillCart *
till_cart_new(void)
{
	TillCart *cart = g_new0(TillCart, 1);

	cart->lines = g_ptr_array_new_with_free_func(free_line);
	cart->coupons = g_ptr_array_new_with_free_func(g_free);
	return cart;
}

void
till_cart_free(TillCart *cart)
{
	if (cart == NULL)
		return;
	g_ptr_array_unref(cart->lines);
	g_ptr_array_unref(cart->coupons);
	g_free(cart);
}

static TillCartLine *
find_line(const GPtrArray *lines, const char *code, const char *note)
{
	for (guint i = 0; i < lines->len; i++) {
		TillCartLine *line = g_ptr_array_index(lines, i);
		if (strcmp(line->code, code) == 0 &&
		    (note == NULL || strcmp(line->note, note) == 0))
			return line;
	}
	return NULL;
}

static gsize
size_of(const TillCartLine *line)
{
	return strlen(line->code) + strlen(line->name) + strlen(line->note);
}

static gboolean
has_room(const TillCart *cart, const TillCartLine *line)
{
	gsize size = size_of(line);

	for (guint i = 0; i < cart->lines->len; i++)
		size += size_of(g_ptr_array_index(cart->lines, i));
	return cart->lines->len < TILL_CART_LINES_MAX && size <= TEXTS_MAX;
}

static gboolean
grow_line(TillCartLine *line, const TillCartLine *by)
{
	if (line->quantity_milli > TILL_QUANTITY_MAX_MILLI - by->quantity_milli)
		return FALSE;
	line->quantity_milli += by->quantity_milli;
	if (by->seen_minor >= 0)
		line->seen_minor = by->seen_minor;
	return TRUE;
}

/* The fields as they are kept: nothing that a screen could not show on a line. */
static TillCartLine *
create_line(const TillCartLine *from)
{
	TillCartLine *line = g_new0(TillCartLine, 1);

	line->code = g_strdup(from->code);
	line->quantity_milli = from->quantity_milli;
	line->name = till_text_clean(from->name != NULL ? from->name : "", TILL_NAME_MAX);
	line->note = till_text_clean(from->note != NULL ? from->note : "", TILL_NOTE_MAX);
	line->seen_minor = from->seen_minor;
	return line;
}

static gboolean
is_code(const char *code)
{
	gsize length = strlen(code);

	if (length == 0 || length > TILL_SCAN_MAX || !g_utf8_validate(code, -1, NULL))
		return FALSE;
	for (const char *p = code; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_cart_add(TillCart *cart, const TillCartLine *line)
{
	if (line->quantity_milli <= 0 || line->quantity_milli > TILL_QUANTITY_MAX_MILLI ||
	    !is_code(line->code))
		return FALSE;
	TillCartLine *created = create_line(line);
	TillCartLine *there = find_line(cart->lines, created->code, created->note);
	gboolean added = there != NULL ? grow_line(there, created) : has_room(cart, created);
	if (added && there == NULL)
		g_ptr_array_add(cart->lines, created);
	else
		free_line(created);
	return added;
}

gint64
till_cart_take(TillCart *cart, const char *code, gint64 milli)
{
	gint64 taken = 0;
	TillCartLine *line;

	while (taken < milli && (line = find_line(cart->lines, code, NULL)) != NULL) {
		gint64 part = MIN(milli - taken, line->quantity_milli);
		line->quantity_milli -= part;
		taken += part;
		if (line->quantity_milli == 0)
			g_ptr_array_remove(cart->lines, line);
	}
	return taken;
}

/* ---- Two states ---- */

static TillCartLine *
difference_of(GPtrArray *changes, const TillCartLine *line)
{
	TillCartLine *change = find_line(changes, line->code, NULL);

	if (change == NULL) {
		change = create_line(line);
		change->quantity_milli = 0;
		change->seen_minor = -1;
		g_free(change->note);
		change->note = g_strdup("");
		g_ptr_array_add(changes, change);
	}
	return change;
}

GPtrArray *
till_cart_changes(const TillCart *before, const TillCart *after)
{
	GPtrArray *changes = g_ptr_array_new_with_free_func(free_line);

	for (guint i = 0; i < before->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(before->lines, i);
		difference_of(changes, line)->quantity_milli -= line->quantity_milli;
	}
	for (guint i = 0; i < after->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(after->lines, i);
		difference_of(changes, line)->quantity_milli += line->quantity_milli;
	}
	for (guint i = changes->len; i > 0; i--) {
		const TillCartLine *change = g_ptr_array_index(changes, i - 1);
		if (change->quantity_milli == 0)
			g_ptr_array_remove_index(changes, i - 1);
	}
	return changes;
}

/* ---- JSON ---- */

json_t *
till_cart_json(const TillCart *cart)
{
	json_t *object = json_object();
	json_t *lines = json_array();
	json_t *coupons = json_array();

	for (guint i = 0; i < cart->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(cart->lines, i);
		json_t *item = json_object();
		till_json_put_text(item, "code", line->code);
		till_json_put_int(item, "quantity_milli", line->quantity_milli);
		if (*line->name != '\0')
			till_json_put_text(item, "name", line->name);
		if (*line->note != '\0')
			till_json_put_text(item, "note", line->note);
		if (line->seen_minor >= 0)
			till_json_put_int(item, "seen_minor", line->seen_minor);
		json_array_append_new(lines, item);
	}
	for (guint i = 0; i < cart->coupons->len; i++)
		json_array_append_new(coupons, json_string(g_ptr_array_index(cart->coupons, i)));
	json_object_set_new(object, "lines", lines);
	json_object_set_new(object, "coupons", coupons);
	return object;
}

static void
take_line(TillJsonReader *parent, gsize index, TillCart *cart)
{
	TillJsonReader reader = till_json_reader_item(parent, "lines", index);
	g_autofree char *code = g_strdup(till_json_string(&reader, "code", TILL_SCAN_MAX));
	g_autofree char *name = g_strdup(till_json_string_or(&reader, "name", TEXT_MAX, ""));
	g_autofree char *note = g_strdup(till_json_string_or(&reader, "note", NOTE_BYTES_MAX, ""));
	TillCartLine line = {code, 0, name, note, -1};

	line.quantity_milli = till_json_int_or(&reader, "quantity_milli", 1,
					       TILL_QUANTITY_MAX_MILLI, TILL_QUANTITY_ONE);
	line.seen_minor = till_json_int_or(&reader, "seen_minor", -1, TILL_MONEY_MAX_MINOR, -1);
	if (reader.fault[0] == '\0' && !is_code(code))
		till_json_fault(&reader, "code", "is not a code");
	if (reader.fault[0] == '\0' && !till_cart_add(cart, &line))
		till_json_fault(&reader, "code", "does not fit any more");
	till_json_inherit(parent, &reader);
}

/* The rules for a coupon's code are the shopper's. */
static void
take_coupons(TillJsonReader *reader, TillCart *cart)
{
	const json_t *list = till_json_array(reader, "coupons", TILL_SHOPPER_COUPONS_MAX);
	TillShopper shopper = {0};
	guint count;

	for (gsize i = 0; i < json_array_size(list); i++) {
		const char *code = json_string_value(json_array_get(list, i));
		if (till_shopper_add_coupon(&shopper, code) == TILL_SHOPPER_BAD)
			till_json_fault(reader, "coupons", "holds something that is no code");
	}
	const char *const *codes = till_shopper_coupons(&shopper, &count);
	for (guint i = 0; i < count; i++)
		g_ptr_array_add(cart->coupons, g_strdup(codes[i]));
	till_shopper_clear(&shopper);
}

static void
take_cart(TillJsonReader *reader, TillCart *cart)
{
	const json_t *lines = till_json_array(reader, "lines", TILL_CART_LINES_MAX);

	if (lines == NULL)
		till_json_fault(reader, "lines", "is missing");
	for (gsize i = 0; i < json_array_size(lines) && reader->fault[0] == '\0'; i++)
		take_line(reader, i, cart);
	take_coupons(reader, cart);
}

TillCart *
till_cart_read(const json_t *object, GError **error)
{
	g_autoptr(TillCart) cart = till_cart_new();
	TillJsonReader reader = till_json_reader(object, "cart");

	take_cart(&reader, cart);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&cart);
}

TillCart *
till_cart_parse(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) object = till_json_parse(text, size, TILL_CART_MAX, "cart", error);

	return object != NULL ? till_cart_read(object, error) : NULL;
}

/* ---- What a till did ---- */

TillCartStep *
till_cart_step_new(TillCartAction action)
{
	TillCartStep *step = g_new0(TillCartStep, 1);

	step->action = action;
	step->store = g_strdup("");
	step->till = g_strdup("");
	step->staff_id = g_strdup("");
	step->staff_name = g_strdup("");
	step->cart = g_strdup("");
	step->customer = g_strdup("");
	if (action == TILL_CART_SEND)
		step->lines = till_cart_new();
	return step;
}

void
till_cart_step_free(TillCartStep *step)
{
	if (step == NULL)
		return;
	g_free(step->store);
	g_free(step->till);
	g_free(step->staff_id);
	g_free(step->staff_name);
	g_free(step->cart);
	g_free(step->customer);
	till_cart_free(step->lines);
	g_free(step);
}

GBytes *
till_cart_step_to_bytes(const TillCartStep *step)
{
	g_autoptr(json_t) body = step->lines != NULL ? till_cart_json(step->lines) : json_object();
	json_t *staff = json_object();
	gsize size;

	till_json_put_text(body, "action", actions[step->action]);
	till_json_put_text(body, "store", step->store);
	till_json_put_text(body, "till", step->till);
	till_json_put_text(staff, "id", step->staff_id);
	till_json_put_text(staff, "name", step->staff_name);
	json_object_set_new(body, "staff", staff);
	till_json_put_int(body, "at_ms", step->at_ms);
	if (*step->cart != '\0')
		till_json_put_text(body, "cart", step->cart);
	if (step->action == TILL_CART_SEND)
		till_json_put_text(body, "customer", step->customer);
	if (step->action == TILL_CART_TAKE)
		till_json_put_int(body, "version", step->version);
	char *text = till_json_write(body, &size);
	return g_bytes_new_take(text, size);
}

static void
take_text(TillJsonReader *reader, const char *name, gsize max_bytes, gboolean required, char **out)
{
	g_free(*out);
	*out = g_strdup(till_json_string_or(reader, name, max_bytes, ""));
	if (required && **out == '\0')
		till_json_fault(reader, name, "is empty");
}

static TillCartAction
take_action(TillJsonReader *reader)
{
	const char *name = till_json_string(reader, "action", WORD_MAX);

	for (guint action = 0; action < G_N_ELEMENTS(actions); action++) {
		if (strcmp(actions[action], name) == 0)
			return action;
	}
	till_json_fault(reader, "action", "is none that a till does");
	return TILL_CART_TAKE;
}

static TillCartStep *
take_step(TillJsonReader *reader)
{
	TillCartStep *step = till_cart_step_new(take_action(reader));
	gboolean send = step->action == TILL_CART_SEND;

	take_text(reader, "store", WORD_MAX, TRUE, &step->store);
	take_text(reader, "till", WORD_MAX, TRUE, &step->till);
	TillJsonReader staff = till_json_reader(till_json_object(reader, "staff"), "cart.staff");
	take_text(&staff, "id", ID_MAX, TRUE, &step->staff_id);
	take_text(&staff, "name", TEXT_MAX, FALSE, &step->staff_name);
	till_json_inherit(reader, &staff);
	step->at_ms = till_json_int(reader, "at_ms", 0, TIME_MAX_MS);
	take_text(reader, "cart", ID_MAX, !send, &step->cart);
	if (step->action == TILL_CART_TAKE)
		step->version = till_json_int(reader, "version", 0, G_MAXINT32);
	if (!send)
		return step;
	take_text(reader, "customer", ID_MAX, TRUE, &step->customer);
	take_cart(reader, step->lines);
	if (step->lines->lines->len == 0)
		till_json_fault(reader, "lines", "are missing");
	return step;
}

TillCartStep *
till_cart_step_from_bytes(GBytes *body, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(body, &size);
	g_autoptr(json_t) object =
	    till_json_parse(text != NULL ? text : "", size, TILL_ENTRY_BODY_MAX, "cart", error);

	if (object == NULL)
		return NULL;
	TillJsonReader reader = till_json_reader(object, "cart");
	g_autoptr(TillCartStep) step = take_step(&reader);
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	return g_steal_pointer(&step);
}
