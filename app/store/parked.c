/* SPDX-License-Identifier: Apache-2.0 */
#include "parked.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "money.h"
#include "parked-item.h"
#include "quantity.h"
#include "store-private.h"

#define BODY_MAX (16 * 1024 * 1024)
#define TEXT_MAX 1024

/* A parked sale is JSON: {"lines":[{item…, code, quantity_milli, embedded_minor?, note, manual?,
 * fulfilment?}],
 * "shopper"?}. It keeps items as they were, so that prices stand although the catalogue moves on.
 */

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

/* NULL with an error when it could not be read again. */
static char *
write_basket(const TillBasket *basket, GError **error)
{
	const TillShopper *shopper = till_basket_get_shopper(basket);
	json_t *lines = json_array();
	for (guint i = 0; i < till_basket_count(basket); i++) {
		const TillBasketLine *line = till_basket_line(basket, i);
		json_t *object = till_parked_item_write(line->item);
		json_object_set_new(object, "code", json_string(line->code));
		json_object_set_new(object, "quantity_milli", json_integer(line->quantity_milli));
		if (line->embedded_minor != 0)
			json_object_set_new(object, "embedded_minor",
					    json_integer(line->embedded_minor));
		json_object_set_new(object, "note", json_string(line->note));
		till_delivery_write(object, &line->delivery);
		if (line->manual.kind != TILL_MANUAL_NONE)
			json_object_set_new(object, "manual", till_manual_write(&line->manual));
		json_array_append_new(lines, object);
	}
	g_autoptr(json_t) body = json_object();
	json_object_set_new(body, "lines", lines);
	if (!till_shopper_is_plain(shopper))
		json_object_set_new(body, "shopper", till_shopper_write(shopper, TRUE));
	gsize size;
	g_autofree char *text = till_json_write(body, &size);
	if (size <= BODY_MAX)
		return g_steal_pointer(&text);
	g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
		    "This sale is too large to be put aside; finish it or split it in two.");
	return NULL;
}

/* Every line gets a mark as its note while the basket grows, or a second line of the same item
 * would be counted up on the first; the true notes follow. */
static gboolean
read_line(TillBasket *basket, TillJsonReader *line, guint *out_id)
{
	g_autoptr(TillItem) item = till_parked_item_read(line);
	const char *code = till_json_string(line, "code", TEXT_MAX);
	gint64 quantity_milli = till_json_int(line, "quantity_milli", 1, TILL_QUANTITY_MAX_MILLI);
	gint64 embedded_minor =
	    till_json_int_or(line, "embedded_minor", 1, TILL_MONEY_MAX_MINOR, 0);
	TillDelivery delivery = till_delivery_read(line);
	TillManual manual = {0};
	till_manual_read(line, &manual);
	gboolean sound =
	    line->fault[0] == '\0' &&
	    till_basket_add(basket, item, code, quantity_milli, out_id) == TILL_BASKET_OK &&
	    till_basket_set_note(basket, *out_id, "*") == TILL_BASKET_OK &&
	    till_basket_set_embedded(basket, *out_id, embedded_minor) == TILL_BASKET_OK &&
	    till_basket_set_delivery(basket, *out_id, &delivery) == TILL_BASKET_OK &&
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
	till_shopper_read(&reader, "shopper", till_basket_shopper(basket));
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
	g_autofree char *body = write_basket(parking->basket, error);
	if (body == NULL)
		return FALSE;
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
