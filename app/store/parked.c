/* SPDX-License-Identifier: Apache-2.0 */
#include "parked.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "money.h"
#include "quantity.h"
#include "store-private.h"

#define BODY_MAX (4 * 1024 * 1024)
#define TEXT_MAX 1024

/* A parked sale is JSON: {"lines":[{item…, code, quantity_milli, note, manual?}]}. It keeps items
 * as they were, so that prices stand although the catalogue moves on. */

void
till_parked_row_free(gpointer row)
{
	TillParkedRow *self = row;
	if (self == NULL)
		return;
	g_free(self->id);
	g_free(self->label);
	g_free(self->staff_name);
	g_free(self);
}

static void
put_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, json_string(text == NULL ? "" : text));
}

static void
put_number(json_t *object, const char *name, gint64 number)
{
	json_object_set_new(object, name, json_integer(number));
}

static json_t *
write_item(const TillItem *item)
{
	json_t *object = json_object();
	put_text(object, "sku", item->sku);
	put_text(object, "name", item->name);
	put_text(object, "variant", item->variant);
	put_text(object, "style", item->style);
	put_text(object, "category", item->category);
	put_text(object, "tags", item->tags);
	put_text(object, "brand", item->brand);
	put_text(object, "unit", item->unit);
	json_object_set_new(object, "weighed", json_boolean(item->weighed));
	put_text(object, "tax_class", item->tax_class);
	put_number(object, "price_minor", item->price_minor);
	json_object_set_new(object, "has_price", json_boolean(item->has_price));
	put_text(object, "price_list", item->price_list);
	json_object_set_new(object, "active", json_boolean(item->active));
	return object;
}

static TillItem *
read_item(TillJsonReader *line)
{
	TillItem *item = till_item_new();
	item->sku = g_strdup(till_json_string(line, "sku", TEXT_MAX));
	item->name = g_strdup(till_json_string(line, "name", TEXT_MAX));
	item->variant = g_strdup(till_json_string(line, "variant", TEXT_MAX));
	item->style = g_strdup(till_json_string(line, "style", TEXT_MAX));
	item->category = g_strdup(till_json_string(line, "category", TEXT_MAX));
	item->tags = g_strdup(till_json_string(line, "tags", TEXT_MAX));
	item->brand = g_strdup(till_json_string(line, "brand", TEXT_MAX));
	item->unit = g_strdup(till_json_string(line, "unit", TEXT_MAX));
	item->weighed = till_json_bool_or(line, "weighed", FALSE);
	item->tax_class = g_strdup(till_json_string(line, "tax_class", TEXT_MAX));
	item->price_minor =
	    till_json_int(line, "price_minor", -TILL_MONEY_MAX_MINOR, TILL_MONEY_MAX_MINOR);
	item->has_price = till_json_bool_or(line, "has_price", FALSE);
	item->price_list = g_strdup(till_json_string(line, "price_list", TEXT_MAX));
	item->active = till_json_bool_or(line, "active", TRUE);
	return item;
}

static char *
write_basket(const TillBasket *basket)
{
	json_t *lines = json_array();
	for (guint i = 0; i < till_basket_count(basket); i++) {
		const TillBasketLine *line = till_basket_line(basket, i);
		json_t *object = write_item(line->item);
		put_text(object, "code", line->code);
		put_number(object, "quantity_milli", line->quantity_milli);
		put_text(object, "note", line->note);
		if (line->manual.kind != TILL_MANUAL_NONE)
			json_object_set_new(object, "manual", till_manual_write(&line->manual));
		json_array_append_new(lines, object);
	}
	g_autoptr(json_t) body = json_object();
	json_object_set_new(body, "lines", lines);
	gsize size;
	return till_json_write(body, &size);
}

/* Every line gets a mark as its note while the basket grows, or a second line of the same item
 * would be counted up on the first; the true notes follow. */
static gboolean
read_line(TillBasket *basket, TillJsonReader *line, guint *out_id)
{
	g_autoptr(TillItem) item = read_item(line);
	const char *code = till_json_string(line, "code", TEXT_MAX);
	gint64 quantity_milli = till_json_int(line, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	TillManual manual = {0};
	till_manual_read(line, &manual);
	gboolean sound =
	    line->fault[0] == '\0' &&
	    till_basket_add(basket, item, code, quantity_milli, out_id) == TILL_BASKET_OK &&
	    till_basket_set_note(basket, *out_id, "*") == TILL_BASKET_OK &&
	    till_basket_set_manual(basket, *out_id, &manual) == TILL_BASKET_OK;
	till_manual_clear(&manual);
	if (!sound)
		till_json_fault(line, "sku", "cannot be put in a basket");
	return sound;
}

static gboolean
restore_notes(TillBasket *basket, json_t *lines)
{
	for (guint i = 0; i < till_basket_count(basket); i++) {
		const char *note =
		    json_string_value(json_object_get(json_array_get(lines, i), "note"));
		guint id = till_basket_line(basket, i)->id;
		if (till_basket_set_note(basket, id, note == NULL ? "" : note) != TILL_BASKET_OK)
			return FALSE;
	}
	return TRUE;
}

static TillBasket *
read_basket(const char *text, GError **error)
{
	g_autoptr(json_t) body =
	    till_json_parse(text, strlen(text), BODY_MAX, "parked sale", error);
	if (body == NULL)
		return NULL;
	g_autoptr(TillBasket) basket = till_basket_new();
	TillJsonReader reader = till_json_reader(body, "parked sale");
	json_t *lines = till_json_array(&reader, "lines", TILL_BASKET_LINES_MAX);
	for (gsize i = 0; i < json_array_size(lines); i++) {
		TillJsonReader line = till_json_reader_item(&reader, "lines", i);
		guint id;
		if (!read_line(basket, &line, &id))
			till_json_inherit(&reader, &line);
	}
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	if (!restore_notes(basket, lines)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The parked sale holds a note that cannot be kept. Ring it up again.");
		return NULL;
	}
	return g_steal_pointer(&basket);
}

gboolean
till_parked_finish(TillStore *store, GError **error)
{
	if (!store->parked_open)
		return TRUE;
	TillDatabase *database = &store->ledger.database;
	return till_database_do(
	    database, till_database_statement(database, TILL_LEDGER_PARKED_FINISH), error);
}

gboolean
till_parked_release(TillStore *store, GError **error)
{
	TillDatabase *database = &store->ledger.database;
	return till_database_do(
	    database, till_database_statement(database, TILL_LEDGER_PARKED_RELEASE), error);
}

typedef struct {
	TillStore *store;
	const TillBasket *basket;
	const char *label;
	const char *staff_name;
	gint64 total_minor;
} Parking;

static gboolean
add_row(TillDatabase *database, gpointer data, GError **error)
{
	const Parking *parking = data;
	TillUuid id = till_uuid_random();
	char text[TILL_UUID_TEXT];
	g_autofree char *body = write_basket(parking->basket);
	sqlite3_stmt *add = till_database_statement(database, TILL_LEDGER_PARKED_ADD);
	till_database_bind_text(add, 1, till_uuid_format(&id, text));
	till_database_bind_text(add, 2, parking->label == NULL ? "" : parking->label);
	till_database_bind_text(add, 3, parking->staff_name == NULL ? "" : parking->staff_name);
	till_database_bind_int(add, 4, till_clock_wall_ms(parking->store->clock));
	till_database_bind_int(add, 5, till_basket_count(parking->basket));
	till_database_bind_int(add, 6, parking->total_minor);
	till_database_bind_text(add, 7, body);
	return till_database_do(database, add, error) && till_parked_finish(parking->store, error);
}

gboolean
till_parked_add(TillStore *store, const TillBasket *basket, const char *label,
		const char *staff_name, gint64 total_minor, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	Parking parking = {store, basket, label, staff_name, total_minor};
	if (!till_database_transact(&store->ledger.database, add_row, &parking, error))
		return FALSE;
	store->parked_open = FALSE;
	return TRUE;
}

GPtrArray *
till_parked_list(TillStore *store, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	TillDatabase *database = &store->ledger.database;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(till_parked_row_free);
	sqlite3_stmt *list = till_database_statement(database, TILL_LEDGER_PARKED_LIST);
	int step = SQLITE_DONE;
	while ((step = till_database_step(database, list, error)) == SQLITE_ROW) {
		TillParkedRow *row = g_new0(TillParkedRow, 1);
		row->id = g_strdup(till_database_text(list, 0));
		row->label = g_strdup(till_database_text(list, 1));
		row->staff_name = g_strdup(till_database_text(list, 2));
		row->parked_ms = sqlite3_column_int64(list, 3);
		row->line_count = (guint)sqlite3_column_int(list, 4);
		row->total_minor = sqlite3_column_int64(list, 5);
		g_ptr_array_add(rows, row);
	}
	return step == SQLITE_DONE ? g_steal_pointer(&rows) : NULL;
}

typedef struct {
	const char *id;
	TillBasket *basket; /* owned; the result */
} Take;

static gboolean
take_row(TillDatabase *database, gpointer data, GError **error)
{
	Take *take = data;
	sqlite3_stmt *find = till_database_statement(database, TILL_LEDGER_PARKED_FIND);
	till_database_bind_text(find, 1, take->id);
	int step = till_database_step(database, find, error);
	if (step == SQLITE_DONE)
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "This parked sale is no longer there. Look at the list again.");
	if (step != SQLITE_ROW)
		return FALSE;
	take->basket = read_basket(till_database_text(find, 0), error);
	sqlite3_reset(find);
	if (take->basket == NULL)
		return FALSE;
	sqlite3_stmt *open = till_database_statement(database, TILL_LEDGER_PARKED_OPEN);
	till_database_bind_text(open, 1, take->id);
	return till_database_do(database, open, error);
}

TillBasket *
till_parked_take(TillStore *store, const char *id, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	Take take = {.id = id};
	if (till_database_transact(&store->ledger.database, take_row, &take, error)) {
		store->parked_open = TRUE;
		return take.basket;
	}
	g_clear_pointer(&take.basket, till_basket_free);
	return NULL;
}
