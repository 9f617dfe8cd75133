/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api-help.h"
#include "api.h"
#include "availability.h"
#include "error.h"
#include "json.h"
#include "promise.h"
#include "rules.h"

/* The stores, and what each can promise. */

#define SKUS_MAX 50
#define STORES_MAX 1000

/* --- stores --- */

static gboolean
put_settings(TillCentral *central, const char *code, json_t *store, GError **error)
{
	static const char *const names[] = {"address", "time_zone", "opening_hours", "currency"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *value = till_rules_setting(central->db, code, names[i], "", error);
		if (value == NULL)
			return FALSE;
		till_json_put_text(store, names[i], value);
	}
	return TRUE;
}

static gboolean
put_kinds(TillCentral *central, const char *code, json_t *store, GError **error)
{
	json_t *kinds = json_array();

	json_object_set_new(store, "kinds", kinds);
	for (guint i = 0; i < TILL_FULFILMENT_KINDS; i++) {
		gboolean does;
		if (!till_promise_does(central->db, code, (TillFulfilmentKind)i, &does, error))
			return FALSE;
		if (does)
			json_array_append_new(
			    kinds, json_string(till_fulfilment_kind_name((TillFulfilmentKind)i)));
	}
	return TRUE;
}

/* [{code, name}]; NULL with error. */
static json_t *
list_stores(TillCentral *central, const char *only, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT code, name FROM store WHERE ?1 = '' OR code = ?1 "
				       "ORDER BY code LIMIT ?2");
	g_autoptr(json_t) list = json_array();
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, only);
	till_db_bind_int(query, 2, STORES_MAX);
	while (till_db_step(query, &local)) {
		json_t *store = json_object();
		till_json_put_text(store, "code", till_db_text(query, 0));
		till_json_put_text(store, "name", till_db_text(query, 1));
		json_array_append_new(list, store);
	}
	if (local == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

static const char *
get_code(const json_t *store)
{
	return json_string_value(json_object_get(store, "code"));
}

gboolean
till_stores_api_list(TillCentral *central, TillRequest *request G_GNUC_UNUSED,
		     TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) list = list_stores(central, "", &error);
	json_t *answer;
	gsize index;
	json_t *store;

	json_array_foreach(list, index, store)
	{
		if (error == NULL && put_settings(central, get_code(store), store, &error) &&
		    !put_kinds(central, get_code(store), store, &error))
			break;
	}
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = json_object();
	json_object_set_new(answer, "stores", g_steal_pointer(&list));
	till_response_json(response, answer);
	return TRUE;
}

/* --- availability --- */

static gboolean
add_item(TillCentral *central, const char *code, const char *sku, json_t *items, GError **error)
{
	TillAvailability found;
	json_t *item;

	if (!till_availability_read(central->db, code, sku, &found, error))
		return FALSE;
	item = json_object();
	till_json_put_text(item, "sku", sku);
	till_json_put_bool(item, "counted", found.counted);
	till_json_put_int(item, "on_hand_milli", found.on_hand_milli);
	till_json_put_int(item, "reserved_milli", found.reserved_milli);
	till_json_put_int(item, "safety_milli", found.safety_milli);
	till_json_put_int(item, "available_milli", found.available_milli);
	json_array_append_new(items, item);
	return TRUE;
}

static gboolean
add_promise(TillCentral *central, json_t *store, gint64 now_ms, GError **error)
{
	for (guint i = 0; i < TILL_FULFILMENT_KINDS; i++) {
		TillFulfilmentKind kind = (TillFulfilmentKind)i;
		g_autofree char *name =
		    g_strdup_printf("%s_promise_ms", till_fulfilment_kind_name(kind));
		TillPromise promise;
		gboolean does;
		if (kind == TILL_FULFILMENT_CARRY_OUT)
			continue;
		if (!till_promise_does(central->db, get_code(store), kind, &does, error) ||
		    !till_promise_make(central->db, get_code(store), kind, now_ms, &promise, error))
			return FALSE;
		if (does)
			till_json_put_int(store, name, promise.promise_ms);
	}
	return TRUE;
}

static gboolean
fill_store(TillCentral *central, const GPtrArray *skus, json_t *store, GError **error)
{
	json_t *items = json_array();

	json_object_set_new(store, "items", items);
	for (guint i = 0; i < skus->len; i++) {
		if (!add_item(central, get_code(store), g_ptr_array_index(skus, i), items, error))
			return FALSE;
	}
	return add_promise(central, store, till_central_now_ms(central), error);
}

/* sku=A&sku=B, as it stands in the target: the table of parameters knows each name once. */
static GPtrArray *
read_skus(const TillRequest *request)
{
	const char *mark = strchr(request->target, '?');
	g_auto(GStrv) parts = g_strsplit(mark != NULL ? mark + 1 : "", "&", SKUS_MAX + 2);
	GPtrArray *skus = g_ptr_array_new_with_free_func(g_free);

	for (char **part = parts; *part != NULL; part++) {
		g_autofree char *sku = NULL;
		if (!g_str_has_prefix(*part, "sku="))
			continue;
		sku = g_uri_unescape_string(*part + strlen("sku="), NULL);
		if (sku != NULL && *sku != '\0' && g_utf8_validate(sku, -1, NULL) &&
		    skus->len < SKUS_MAX)
			g_ptr_array_add(skus, g_steal_pointer(&sku));
	}
	return skus;
}

gboolean
till_stores_api_availability(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GPtrArray) skus = read_skus(request);
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) list = NULL;
	json_t *answer;
	gsize index;
	json_t *store;

	if (skus->len == 0) {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "Say of what: /v1/availability?sku=CODE, up to %d times.",
				      SKUS_MAX);
		return TRUE;
	}
	list = list_stores(central, till_request_query(request, "store"), &error);
	json_array_foreach(list, index, store)
	{
		if (!fill_store(central, skus, store, &error))
			break;
	}
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = json_object();
	json_object_set_new(answer, "stores", g_steal_pointer(&list));
	till_response_json(response, answer);
	return TRUE;
}
