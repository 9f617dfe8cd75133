/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "changes.h"
#include "error.h"
#include "json.h"
#include "messages.h"
#include "promo-json.h"
#include "promotions.h"
#include "server-log.h"
#include "text.h"

/* What prices are made of, as resources: promotions to read and to change, price lists and taxes to
 * read. Each answer says by "chain" or "shop" which version of the books it shows: the cursor of
 * that feed. */

#define PAGE_ROWS 500
#define PAGE_BYTES (768 * 1024)

static void
put_cursor(TillCentral *central, const char *name, const char *scope, json_t *answer)
{
	gint64 head = 0;
	gint64 floor;
	g_autofree char *cursor = NULL;

	if (!till_changes_heads(central->db, scope, &head, &floor, NULL))
		return;
	cursor = g_strdup_printf("%s.%" G_GINT64_FORMAT, central->epoch, head);
	json_object_set_new(answer, name, json_string(cursor));
}

/* --- reading promotions --- */

gboolean
till_rules_api_promotions(TillCentral *central, TillRequest *request, TillResponse *response)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT id, body FROM promotion WHERE scope = 'chain' AND "
				       "id > ?1 ORDER BY id LIMIT ?2");
	g_autoptr(json_t) answer = json_object();
	g_autoptr(GError) error = NULL;
	json_t *list = json_array();
	gsize bytes = 0;
	gboolean more = FALSE;

	json_object_set_new(answer, "promotions", list);
	till_db_bind_text(query, 1, till_request_query(request, "after"));
	till_db_bind_int(query, 2, PAGE_ROWS);
	while (!more && till_db_step(query, &error)) {
		json_t *body = json_loads(till_db_text(query, 1), JSON_REJECT_DUPLICATES, NULL);
		json_object_set_new(answer, "next", json_string(till_db_text(query, 0)));
		bytes += strlen(till_db_text(query, 1));
		if (body != NULL)
			json_array_append_new(list, body);
		more = bytes > PAGE_BYTES || json_array_size(list) == PAGE_ROWS;
	}
	till_db_reset(query);
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	if (!more)
		json_object_del(answer, "next");
	put_cursor(central, "chain", TILL_CHANGES_CHAIN, answer);
	till_response_json(response, g_steal_pointer(&answer));
	return TRUE;
}

gboolean
till_rules_api_promotion(TillCentral *central, TillRequest *request, TillResponse *response)
{
	TillDbQuery *query = till_db_query(
	    central->db, "SELECT body FROM promotion WHERE scope = 'chain' AND id = ?1");
	g_autoptr(GError) error = NULL;
	json_t *body = NULL;

	till_db_bind_text(query, 1, request->arguments[0]);
	if (till_db_step(query, &error)) {
		body = json_loads(till_db_text(query, 0), JSON_REJECT_DUPLICATES, NULL);
		till_db_reset(query);
	}
	if (error != NULL)
		till_response_error(response, error);
	else if (body == NULL)
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND,
				      "There is no promotion \"%.64s\".", request->arguments[0]);
	else
		till_response_json(response, body);
	return TRUE;
}

/* --- changing them --- */

static void
free_json(gpointer data)
{
	json_decref(data);
}

gboolean
till_rules_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);
	json_t *object = till_json_parse(text, size, TILL_PROMO_JSON_MAX, "promotion", &error);
	const char *id = json_string_value(json_object_get(object, "id"));

	request->message = object;
	request->message_free = free_json;
	if (error != NULL)
		till_response_error(response, error);
	else if (g_strcmp0(id, request->arguments[0]) != 0)
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "promotion.id is not the \"%.64s\" of the address.",
				      request->arguments[0]);
	return response->status == 0;
}

static void
refuse_change(TillResponse *response, const GError *error)
{
	if (g_error_matches(error, TILL_ERROR, TILL_ERROR_STATE))
		till_response_problem(response, TILL_PROBLEM_VERSION, "%s.", error->message);
	else
		till_response_error(response, error);
}

static json_t *
tell_notes(TillDb *db, const TillPromo *promo)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	TillPromotionsCheck *check = till_promotions_check_new(db, notes);
	json_t *list = json_array();
	gboolean looked = till_promotions_check(check, promo, NULL);

	till_promotions_check_free(check);
	for (guint i = 0; looked && i < notes->len; i++)
		json_array_append_new(list, json_string(g_ptr_array_index(notes, i)));
	return list;
}

gboolean
till_rules_api_put(TillCentral *central, TillRequest *request, TillResponse *response)
{
	TillChanges changes;
	TillPromo *promo = NULL;
	g_autoptr(GError) error = NULL;
	json_t *answer;

	if (!till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, &error) ||
	    !till_promotions_put(&changes, request->message, "promotion", &promo, &error) ||
	    !till_changes_close(&changes, &error)) {
		till_promo_unref(promo);
		refuse_change(response, error);
		return FALSE;
	}
	till_server_log("promotion", "put id=%s version=%" G_GINT64_FORMAT " key=%s", promo->id,
			promo->version, request->key.name);
	answer = json_object();
	json_object_set_new(answer, "id", json_string(promo->id));
	json_object_set_new(answer, "version", json_integer(promo->version));
	json_object_set_new(answer, "notes", tell_notes(central->db, promo));
	put_cursor(central, "chain", TILL_CHANGES_CHAIN, answer);
	till_promo_unref(promo);
	till_response_json(response, answer);
	return TRUE;
}

gboolean
till_rules_api_end(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *id = request->arguments[0];
	TillChanges changes;
	g_autoptr(GError) error = NULL;
	json_t *answer;

	if (!till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, &error) ||
	    !till_promotions_end(&changes, id, till_central_now_ms(central), &error) ||
	    !till_changes_close(&changes, &error)) {
		refuse_change(response, error);
		return FALSE;
	}
	till_server_log("promotion", "ended id=%s key=%s", id, request->key.name);
	answer = json_object();
	json_object_set_new(answer, "id", json_string(id));
	put_cursor(central, "chain", TILL_CHANGES_CHAIN, answer);
	till_response_json(response, answer);
	return TRUE;
}

/* --- price lists --- */

/* "SKU,quantity,start" of the last row told; an SKU may hold commas. */
typedef struct {
	char *sku; /* owned */
	gint64 min_quantity_milli;
	gint64 valid_from_ms;
} PricePlace;

static gboolean
read_number(char *text, gint64 *out)
{
	char *comma = strrchr(text, ',');

	if (comma == NULL || !till_text_parse_int(comma + 1, 0, G_MAXINT64, out))
		return FALSE;
	*comma = '\0';
	return TRUE;
}

static gboolean
read_place(const char *text, PricePlace *out)
{
	out->sku = g_strdup(text);
	out->min_quantity_milli = -1;
	return *text == '\0' || (read_number(out->sku, &out->valid_from_ms) &&
				 read_number(out->sku, &out->min_quantity_milli));
}

static json_t *
read_price(TillDbQuery *query)
{
	static const char *const names[] = {"min_quantity_milli", "valid_from_ms", "valid_to_ms",
					    "price_minor"};
	json_t *row = json_object();

	json_object_set_new(row, "sku", json_string(till_db_text(query, 0)));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		json_object_set_new(row, names[i], json_integer(till_db_int(query, (int)i + 1)));
	return row;
}

static void
put_next(json_t *answer, TillDbQuery *query)
{
	g_autofree char *place =
	    g_strdup_printf("%s,%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT, till_db_text(query, 0),
			    till_db_int(query, 1), till_db_int(query, 2));

	json_object_set_new(answer, "next", json_string(place));
}

static void
bind_place(TillDbQuery *query, const char *list, const PricePlace *after)
{
	till_db_bind_text(query, 1, list);
	till_db_bind_text(query, 2, after->sku);
	till_db_bind_int(query, 3, after->min_quantity_milli);
	till_db_bind_int(query, 4, after->valid_from_ms);
	till_db_bind_int(query, 5, PAGE_ROWS);
}

gboolean
till_rules_api_prices(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *list = till_request_query(request, "list");
	TillDbQuery *query = till_db_query(
	    central->db,
	    "SELECT sku, min_quantity_milli, valid_from_ms, valid_to_ms, price_minor FROM price "
	    "WHERE scope = 'chain' AND list = ?1 AND (sku, min_quantity_milli, valid_from_ms) > "
	    "(?2, ?3, ?4) ORDER BY sku, min_quantity_milli, valid_from_ms LIMIT ?5");
	g_autoptr(json_t) answer = json_object();
	g_autoptr(GError) error = NULL;
	PricePlace after = {NULL, 0, 0};
	json_t *rows = json_array();

	json_object_set_new(answer, "list", json_string(list));
	json_object_set_new(answer, "rows", rows);
	if (*list == '\0' || !read_place(till_request_query(request, "after"), &after)) {
		g_free(after.sku);
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Say which list: base, store:CODE or group:NAME; after is "
				      "what next said.");
		return TRUE;
	}
	bind_place(query, list, &after);
	while (till_db_step(query, &error)) {
		json_array_append_new(rows, read_price(query));
		if (json_array_size(rows) == PAGE_ROWS)
			put_next(answer, query);
	}
	g_free(after.sku);
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	put_cursor(central, "chain", TILL_CHANGES_CHAIN, answer);
	till_response_json(response, g_steal_pointer(&answer));
	return TRUE;
}

/* --- taxes --- */

static gboolean
read_taxes(TillCentral *central, const char *scope, json_t *list, GError **error)
{
	const TillCollection *collection = till_collection_find("tax");
	TillDbQuery *query = till_db_query(central->db, till_changes_walk_sql(collection));
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, scope);
	till_db_bind_text(query, 2, "");
	till_db_bind_text(query, 3, "");
	till_db_bind_int(query, 4, PAGE_ROWS);
	while (till_db_step(query, &local))
		json_array_append_new(list, till_changes_row(query, 0, collection));
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static gboolean
has_store(TillDb *db, const char *code)
{
	TillDbQuery *query = till_db_query(db, "SELECT count(*) FROM store WHERE code = ?1");
	gint64 count = 0;

	till_db_bind_text(query, 1, code);
	return till_db_fetch_int(query, 0, &count, NULL) && count > 0;
}

gboolean
till_rules_api_taxes(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *asked = till_request_query(request, "store");
	const char *store = *asked != '\0' ? asked : request->terminal.store_code;
	g_autoptr(json_t) answer = json_object();
	g_autoptr(GError) error = NULL;
	char scope[TILL_CHANGES_SCOPE_MAX];
	json_t *list = json_array();

	json_object_set_new(answer, "store", json_string(store));
	json_object_set_new(answer, "taxes", list);
	if (!has_store(central->db, store)) {
		till_response_problem(response, TILL_PROBLEM_NOT_FOUND,
				      "There is no store \"%.20s\".", store);
		return TRUE;
	}
	if (!read_taxes(central, till_changes_scope(store, scope), list, &error)) {
		till_response_error(response, error);
		return TRUE;
	}
	put_cursor(central, "shop", scope, answer);
	till_response_json(response, g_steal_pointer(&answer));
	return TRUE;
}
