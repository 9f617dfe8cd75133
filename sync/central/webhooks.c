/* SPDX-License-Identifier: Apache-2.0 */
#include "webhooks.h"

#include <string.h>

#include "error.h"
#include "file.h"
#include "json.h"
#include "server-log.h"

#define KEY_TEXT_MAX 64
#define PURPOSE "webhook "

gboolean
till_webhooks_load_key(const char *dir, guint8 out[TILL_WEBHOOKS_KEY_BYTES], GError **error)
{
	g_autofree char *path = g_build_filename(dir, "webhooks.key", NULL);
	g_autofree char *text = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_autofree char *fresh = NULL;
		g_autofree char *line = NULL;
		till_crypto_random(out, TILL_WEBHOOKS_KEY_BYTES);
		fresh = till_crypto_encode(out, TILL_WEBHOOKS_KEY_BYTES);
		line = g_strconcat(fresh, "\n", NULL);
		return till_file_write(path, line, strlen(line), 0600, error);
	}
	text = till_file_read(path, KEY_TEXT_MAX, NULL, error);
	if (text == NULL)
		return FALSE;
	if (till_crypto_decode(g_strstrip(text), out, TILL_WEBHOOKS_KEY_BYTES))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
		    "%s is not a key. Put the right file back, or move it away: then all webhooks "
		    "must be made anew.",
		    path);
	return FALSE;
}

static void
make_secret(TillCentral *central, const char *id, guint8 out[TILL_WEBHOOK_SECRET_BYTES])
{
	g_autofree char *text = g_strconcat(PURPOSE, id, NULL);

	G_STATIC_ASSERT(TILL_WEBHOOK_SECRET_BYTES == TILL_MAC_BYTES);
	till_crypto_mac(central->webhooks_key, sizeof central->webhooks_key, text, strlen(text),
			out);
}

static void
hash_secret(const guint8 secret[TILL_WEBHOOK_SECRET_BYTES], TillHash *out)
{
	g_autofree char *text = till_webhook_message_secret_text(secret);

	till_crypto_hash(text, strlen(text), out);
}

/* " order.placed stock.changed ". Caller frees. */
static char *
join_types(const char *const *types)
{
	g_autofree char *joined = NULL;

	if (types[0] == NULL)
		return g_strdup(" * ");
	joined = g_strjoinv(" ", (char **)(gpointer)(guintptr)types);
	return g_strconcat(" ", joined, " ", NULL);
}

static json_t *
types_json(const char *joined)
{
	g_auto(GStrv) names = g_strsplit(joined, " ", -1);
	json_t *list = json_array();

	for (char **name = names; *name != NULL; name++) {
		if (**name != '\0' && strcmp(*name, "*") != 0)
			json_array_append_new(list, json_string(*name));
	}
	return list;
}

static gboolean
check_room(TillDb *db, GError **error)
{
	gint64 count;

	if (!till_db_fetch_int(till_db_query(db, "SELECT count(*) FROM webhook"), 0, &count, error))
		return FALSE;
	if (count < TILL_WEBHOOKS_MAX)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
		    "There are %d webhooks already. Delete one that is not needed.",
		    TILL_WEBHOOKS_MAX);
	return FALSE;
}

json_t *
till_webhooks_make(TillCentral *central, const char *url, const char *const *types, GError **error)
{
	TillUuid uuid = till_uuid_random();
	char id[TILL_UUID_TEXT];
	g_autofree char *joined = join_types(types);
	g_autofree char *shown = NULL;
	guint8 secret[TILL_WEBHOOK_SECRET_BYTES];
	TillHash hash;
	TillDbQuery *query;
	json_t *answer;

	if (!check_room(central->db, error))
		return NULL;
	till_uuid_format(&uuid, id);
	make_secret(central, id, secret);
	hash_secret(secret, &hash);
	query = till_db_query(central->db, "INSERT INTO webhook (id, url, types, secret_hash, "
					   "created_ms) VALUES (?1, ?2, ?3, ?4, ?5)");
	till_db_bind_text(query, 1, id);
	till_db_bind_text(query, 2, url);
	till_db_bind_text(query, 3, joined);
	till_db_bind_blob(query, 4, hash.bytes, sizeof hash.bytes);
	till_db_bind_int(query, 5, till_central_now_ms(central));
	if (!till_db_run(query, error))
		return NULL;
	shown = till_webhook_message_secret_text(secret);
	answer = json_object();
	till_json_put_text(answer, "id", id);
	till_json_put_text(answer, "url", url);
	json_object_set_new(answer, "types", types_json(joined));
	till_json_put_int(answer, "created_ms", till_central_now_ms(central));
	till_json_put_text(answer, "secret", shown);
	return answer;
}

static json_t *
read_row(TillDbQuery *query)
{
	json_t *row = json_object();

	till_json_put_text(row, "id", till_db_text(query, 0));
	till_json_put_text(row, "url", till_db_text(query, 1));
	json_object_set_new(row, "types", types_json(till_db_text(query, 2)));
	till_json_put_int(row, "created_ms", till_db_int(query, 3));
	if (till_db_int(query, 4) != 0) {
		till_json_put_int(row, "ended_ms", till_db_int(query, 4));
		till_json_put_text(row, "reason", till_db_text(query, 5));
	}
	till_json_put_int(row, "open", till_db_int(query, 6));
	till_json_put_int(row, "dead", till_db_int(query, 7));
	return row;
}

json_t *
till_webhooks_list(TillCentral *central, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db,
	    "SELECT id, url, types, created_ms, ended_ms, reason, (SELECT count(*) FROM delivery "
	    "WHERE webhook = id AND state IN ('queued', 'waiting')), (SELECT count(*) FROM "
	    "delivery "
	    "WHERE webhook = id AND state = 'dead') FROM webhook ORDER BY created_ms, id");
	g_autoptr(json_t) list = json_array();
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local))
		json_array_append_new(list, read_row(query));
	if (local == NULL)
		return g_steal_pointer(&list);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

gboolean
till_webhooks_delete(TillCentral *central, const char *id, GError **error)
{
	TillDbQuery *query = till_db_query(central->db, "DELETE FROM webhook WHERE id = ?1");

	till_db_bind_text(query, 1, id);
	if (!till_db_run(query, error))
		return FALSE;
	if (till_db_changes(central->db) == 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "There is no webhook \"%.64s\".", id);
		return FALSE;
	}
	query = till_db_query(central->db, "DELETE FROM delivery WHERE webhook = ?1");
	till_db_bind_text(query, 1, id);
	return till_db_run(query, error);
}

gboolean
till_webhooks_end(TillCentral *central, const char *id, const char *reason, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "UPDATE webhook SET ended_ms = ?2, reason = ?3 WHERE id = "
				       "?1 AND ended_ms = 0");
	gint64 now_ms = till_central_now_ms(central);

	till_db_bind_text(query, 1, id);
	till_db_bind_int(query, 2, now_ms);
	till_db_bind_text(query, 3, reason);
	if (!till_db_run(query, error))
		return FALSE;
	if (till_db_changes(central->db) > 0)
		till_server_log("webhook-ended", "webhook=%s reason=\"%s\"", id, reason);
	query = till_db_query(central->db,
			      "UPDATE delivery SET state = 'dead', reason = ?2, changed_ms = ?3 "
			      "WHERE webhook = ?1 AND state IN ('queued', 'waiting')");
	till_db_bind_text(query, 1, id);
	till_db_bind_text(query, 2, reason);
	till_db_bind_int(query, 3, now_ms);
	return till_db_run(query, error);
}

GPtrArray *
till_webhooks_active(TillCentral *central, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "SELECT id FROM webhook WHERE ended_ms = 0 ORDER BY created_ms, id");
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local))
		g_ptr_array_add(ids, g_strdup(till_db_text(query, 0)));
	if (local == NULL)
		return g_steal_pointer(&ids);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

gboolean
till_webhooks_find(TillCentral *central, const char *id, char **out_url,
		   guint8 out_secret[TILL_WEBHOOK_SECRET_BYTES], GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "SELECT url, secret_hash FROM webhook WHERE id = ?1 AND ended_ms = 0");
	g_autofree char *url = NULL;
	TillHash kept, made;
	gboolean matches;

	till_db_bind_text(query, 1, id);
	if (!till_db_step(query, error))
		return FALSE;
	url = g_strdup(till_db_text(query, 0));
	till_db_copy_blob(query, 1, kept.bytes, sizeof kept.bytes);
	till_db_reset(query);
	make_secret(central, id, out_secret);
	hash_secret(out_secret, &made);
	matches = till_crypto_hash_equal(&kept, &made);
	if (!matches && !till_webhooks_end(central, id,
					   "Its secret is lost: webhooks.key is another file. Make "
					   "the webhook anew.",
					   error))
		return FALSE;
	if (matches)
		*out_url = g_steal_pointer(&url);
	return matches;
}
