/* SPDX-License-Identifier: Apache-2.0 */
#include "channel-key.h"

#include <string.h>

#include "crypto.h"
#include "error.h"

#define PREFIX "thk_"
#define SECRET_BYTES 32

static const char *const channels[] = {"store", "web", "app", "chat", "social", "support", NULL};

gboolean
till_channel_key_is_channel(const char *channel)
{
	return g_strv_contains(channels, channel);
}

static gboolean
check_name(const char *name, GError **error)
{
	gsize length = strlen(name);
	gboolean good = length > 0 && length < TILL_CHANNEL_NAME_MAX;

	for (const char *p = name; good && *p != '\0'; p++)
		good = g_ascii_isalnum(*p) || strchr("-_.", *p) != NULL;
	if (!good)
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "\"%.60s\" is no name for a key. Use 1 to %d letters, digits, - _ and "
			    "dots, like web-shop.",
			    name, TILL_CHANNEL_NAME_MAX - 1);
	return good;
}

/* A revoked key gives its name free. */
static gboolean
free_name(TillDb *db, const char *name, GError **error)
{
	TillDbQuery *query = till_db_query(
	    db, "SELECT count(*) FROM channel_key WHERE name = ?1 AND revoked_ms = 0");
	gint64 count;

	till_db_bind_text(query, 1, name);
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	if (count > 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "There is a key %s already. Revoke it first, or name the new one "
			    "otherwise.",
			    name);
		return FALSE;
	}
	query = till_db_query(db, "DELETE FROM channel_key WHERE name = ?1");
	till_db_bind_text(query, 1, name);
	return till_db_run(query, error);
}

char *
till_channel_key_make(TillCentral *central, const char *name, const char *channel, GError **error)
{
	guint8 secret[SECRET_BYTES];
	g_autofree char *text = NULL;
	g_autofree char *key = NULL;
	TillDbQuery *query;
	TillHash hash;

	if (!check_name(name, error))
		return NULL;
	if (!till_channel_key_is_channel(channel) && strcmp(channel, TILL_CHANNEL_OFFICE) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "There is no channel \"%.40s\". Say --channel web, app, social, chat, "
			    "support, store or office.",
			    channel);
		return NULL;
	}
	if (!free_name(central->db, name, error))
		return NULL;
	till_crypto_random(secret, sizeof secret);
	text = till_crypto_encode(secret, sizeof secret);
	key = g_strconcat(PREFIX, text, NULL);
	till_crypto_hash(key, strlen(key), &hash);
	query = till_db_query(central->db, "INSERT INTO channel_key (name, channel, key_hash, "
					   "created_ms) VALUES (?1, ?2, ?3, ?4)");
	till_db_bind_text(query, 1, name);
	till_db_bind_text(query, 2, channel);
	till_db_bind_blob(query, 3, hash.bytes, sizeof hash.bytes);
	till_db_bind_int(query, 4, till_central_now_ms(central));
	return till_db_run(query, error) ? g_steal_pointer(&key) : NULL;
}

gboolean
till_channel_key_revoke(TillCentral *central, const char *name, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db,
	    "UPDATE channel_key SET revoked_ms = ?2 WHERE name = ?1 AND revoked_ms = 0");

	till_db_bind_text(query, 1, name);
	till_db_bind_int(query, 2, till_central_now_ms(central));
	if (!till_db_run(query, error))
		return FALSE;
	if (till_db_changes(central->db) > 0)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "There is no key %.60s; channel-key --list shows those there are.", name);
	return FALSE;
}

gboolean
till_channel_key_load(TillCentral *central, GError **error)
{
	TillDbQuery *query = till_db_query(
	    central->db, "SELECT name, channel, key_hash FROM channel_key WHERE revoked_ms = 0");
	g_autoptr(GArray) keys = g_array_new(FALSE, TRUE, sizeof(TillChannelKey));
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local)) {
		TillChannelKey key = {.name = ""};
		g_strlcpy(key.name, till_db_text(query, 0), sizeof key.name);
		g_strlcpy(key.channel, till_db_text(query, 1), sizeof key.channel);
		till_db_copy_blob(query, 2, key.hash.bytes, sizeof key.hash.bytes);
		g_array_append_val(keys, key);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	till_registry_set_keys(central->registry, keys);
	return TRUE;
}

GPtrArray *
till_channel_key_list(TillCentral *central, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT name, channel, created_ms, revoked_ms FROM "
				       "channel_key ORDER BY created_ms DESC, name");
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	while (till_db_step(query, &local)) {
		g_autofree char *made = till_clock_format_utc(till_db_int(query, 2));
		g_autofree char *ended = till_clock_format_utc(till_db_int(query, 3));
		g_ptr_array_add(lines,
				g_strdup_printf("%s  %s  made %s%s%s", till_db_text(query, 0),
						till_db_text(query, 1), made,
						till_db_int(query, 3) != 0 ? ", revoked " : "",
						till_db_int(query, 3) != 0 ? ended : ""));
	}
	if (local == NULL)
		return g_steal_pointer(&lines);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}
