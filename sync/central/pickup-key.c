/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-key.h"

#include <pthread.h>
#include <string.h>

#include "changes.h"
#include "code-svg.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "server-log.h"
#include "text.h"

/* Without a day until which goods are held, a code is good for so long. */
#define OPEN_END_MS (G_GINT64_CONSTANT(60) * 24 * 3600 * 1000)
#define LAST_ID "pickup_key_last"

struct TillPickupRing {
	pthread_mutex_t lock;
	TillPickupKeys keys; /* guarded by lock */
};

TillPickupRing *
till_pickup_key_ring_new(void)
{
	TillPickupRing *ring = g_new0(TillPickupRing, 1);

	pthread_mutex_init(&ring->lock, NULL);
	return ring;
}

void
till_pickup_key_ring_free(TillPickupRing *ring)
{
	if (ring == NULL)
		return;
	pthread_mutex_destroy(&ring->lock);
	g_free(ring);
}

TillPickupCheck
till_pickup_key_ring_check(TillPickupRing *ring, const char *text, gint64 now_ms,
			   TillPickupToken *out_token)
{
	TillPickupKeys keys;

	pthread_mutex_lock(&ring->lock);
	keys = ring->keys;
	pthread_mutex_unlock(&ring->lock);
	return till_pickup_token_check(text, &keys, now_ms, out_token);
}

/* --- keys --- */

static gboolean
read_key(TillDbQuery *query, TillPickupKey *out)
{
	TillHash bytes;

	out->id = (guint16)till_db_int(query, 0);
	out->from_ms = till_db_int(query, 2);
	out->to_ms = till_db_int(query, 3) != 0 ? till_db_int(query, 3) : G_MAXINT64;
	G_STATIC_ASSERT(sizeof bytes.bytes == sizeof out->key.bytes);
	if (!till_crypto_hash_parse(till_db_text(query, 1), &bytes))
		return FALSE;
	memcpy(out->key.bytes, bytes.bytes, sizeof out->key.bytes);
	return TRUE;
}

/* Newest first. */
static gboolean
read_keys(TillCentral *central, TillPickupKeys *out, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT id, key, from_ms, to_ms FROM pickup_key WHERE scope "
				       "= 'chain' ORDER BY id DESC");
	g_autoptr(GError) local = NULL;

	out->count = 0;
	while (till_db_step(query, &local)) {
		TillPickupKey key;
		if (read_key(query, &key) && !till_pickup_token_keys_add(out, &key))
			till_server_log("pickup-key", "left out id=%u: too many", key.id);
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

gboolean
till_pickup_key_load(TillCentral *central, GError **error)
{
	TillPickupKeys keys;

	if (!read_keys(central, &keys, error))
		return FALSE;
	pthread_mutex_lock(&central->pickup_ring->lock);
	central->pickup_ring->keys = keys;
	pthread_mutex_unlock(&central->pickup_ring->lock);
	return TRUE;
}

static char *
key_path(TillCentral *central, guint16 id)
{
	g_autofree char *name = g_strdup_printf("%u.key", id);

	return g_build_filename(central->dir, "pickup-keys", name, NULL);
}

static gboolean
put_key(TillCentral *central, const TillPickupKey *key, GError **error)
{
	char hex[TILL_HASH_TEXT];
	TillHash bytes;
	TillChanges changes;
	g_autoptr(json_t) row = json_object();

	memcpy(bytes.bytes, key->key.bytes, sizeof bytes.bytes);
	till_json_put_int(row, "id", key->id);
	till_json_put_text(row, "key", till_crypto_hash_format(&bytes, hex));
	till_json_put_int(row, "from_ms", key->from_ms);
	till_json_put_int(row, "to_ms", key->to_ms != G_MAXINT64 ? key->to_ms : 0);
	return till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, error) &&
	       till_changes_put(&changes, till_collection_find("pickup_key"), row, error) &&
	       till_changes_close(&changes, error) && till_pickup_key_load(central, error);
}

static gboolean
next_id(TillCentral *central, guint16 *out, GError **error)
{
	g_autofree char *text = till_central_meta(central, LAST_ID, "0", error);
	g_autofree char *next = NULL;
	gint64 last;

	if (text == NULL)
		return FALSE;
	if (!till_text_parse_int(text, 0, G_MAXUINT16 - 1, &last)) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_LIMIT,
				    "There are no more ids for keys of pickup codes.");
		return FALSE;
	}
	*out = (guint16)(last + 1);
	next = g_strdup_printf("%u", *out);
	return till_central_set_meta(central, LAST_ID, next, error);
}

/* Keys that ended longer ago than any code of theirs lasts make room. */
static gboolean
drop_old(TillCentral *central, GError **error)
{
	TillPickupKeys keys;
	TillChanges changes;
	gint64 now_ms = till_central_now_ms(central);
	gint64 limit_ms = now_ms - OPEN_END_MS - TILL_PICKUP_KEY_GRACE_S * G_GINT64_CONSTANT(1000);

	if (!read_keys(central, &keys, error) ||
	    !till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, error))
		return FALSE;
	for (guint i = 0; i < keys.count; i++) {
		g_autofree char *id = g_strdup_printf("%u", keys.keys[i].id);
		if (keys.keys[i].to_ms < limit_ms &&
		    !till_changes_delete(&changes, till_collection_find("pickup_key"), id, error))
			return FALSE;
	}
	return till_changes_close(&changes, error);
}

gboolean
till_pickup_key_rotate(TillCentral *central, guint16 *out_id, GError **error)
{
	TillPickupKeys keys;
	TillPickupKey key = {.from_ms = till_central_now_ms(central), .to_ms = G_MAXINT64};
	g_autofree char *dir = g_build_filename(central->dir, "pickup-keys", NULL);
	g_autofree char *path = NULL;
	g_autoptr(TillSigningKey) secret = NULL;

	if (!drop_old(central, error) || !read_keys(central, &keys, error))
		return FALSE;
	if (keys.count >= TILL_PICKUP_KEYS_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "There are %d keys already, and tills know no more. Wait until old "
			    "ones have run out.",
			    TILL_PICKUP_KEYS_MAX);
		return FALSE;
	}
	if (!next_id(central, &key.id, error) || !till_file_make_dir(dir, error))
		return FALSE;
	path = key_path(central, key.id);
	secret = till_crypto_key_load(path, TRUE, error);
	if (secret == NULL)
		return FALSE;
	key.key = *till_crypto_key_public(secret);
	*out_id = key.id;
	if (!put_key(central, &key, error))
		return FALSE;
	till_server_log("pickup-key", "made id=%u", key.id);
	return TRUE;
}

gboolean
till_pickup_key_retire(TillCentral *central, gint64 id, GError **error)
{
	TillPickupKeys keys;

	if (!read_keys(central, &keys, error))
		return FALSE;
	for (guint i = 0; i < keys.count; i++) {
		TillPickupKey *key = &keys.keys[i];
		if (key->id != id || key->to_ms != G_MAXINT64)
			continue;
		key->to_ms = till_central_now_ms(central);
		till_server_log("pickup-key", "retired id=%u", key->id);
		return put_key(central, key, error);
	}
	g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "There is no key %" G_GINT64_FORMAT " that counts; pickup-key list shows those "
		    "there are.",
		    id);
	return FALSE;
}

GPtrArray *
till_pickup_key_list(TillCentral *central, GError **error)
{
	TillPickupKeys keys;
	GPtrArray *lines;

	if (!read_keys(central, &keys, error))
		return NULL;
	lines = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < keys.count; i++) {
		const TillPickupKey *key = &keys.keys[i];
		g_autofree char *from = till_clock_format_utc(key->from_ms);
		g_autofree char *to =
		    key->to_ms != G_MAXINT64 ? till_clock_format_utc(key->to_ms) : g_strdup("now");
		g_ptr_array_add(lines, g_strdup_printf("%u  from %s to %s", key->id, from, to));
	}
	return lines;
}

/* The newest key that counts, whose secret is here, and that tills have heard of; else the oldest
 * with a secret. Freed by the caller; NULL without error: there is none. */
static TillSigningKey *
find_signer(TillCentral *central, guint16 *out_id, GError **error)
{
	gint64 now_ms = till_central_now_ms(central);
	TillPickupKeys keys;
	TillSigningKey *found = NULL;

	if (!read_keys(central, &keys, error))
		return NULL;
	for (guint i = 0; i < keys.count; i++) {
		g_autofree char *path = key_path(central, keys.keys[i].id);
		TillSigningKey *secret;
		if (keys.keys[i].to_ms <= now_ms)
			continue;
		secret = till_crypto_key_load(path, FALSE, NULL);
		if (secret == NULL)
			continue;
		till_crypto_key_free(found);
		found = secret;
		*out_id = keys.keys[i].id;
		if (keys.keys[i].from_ms <= now_ms - TILL_PICKUP_KEY_SETTLE_MS)
			break;
	}
	return found;
}

static TillSigningKey *
need_signer(TillCentral *central, guint16 *out_id, GError **error)
{
	g_autoptr(GError) local = NULL;
	TillSigningKey *secret = find_signer(central, out_id, &local);

	if (local == NULL && secret == NULL && till_pickup_key_rotate(central, out_id, &local))
		secret = find_signer(central, out_id, &local);
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (secret == NULL)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_DENIED,
				    "No pickup code can be signed: look at DIR/pickup-keys.");
	return secret;
}

/* --- codes --- */

guint16
till_pickup_key_serial(const TillFulfilment *fulfilment)
{
	return MAX(fulfilment->serial, 1);
}

static gint64
last_second(const TillFulfilment *fulfilment)
{
	gint64 end_ms = fulfilment->expires_ms != 0
			    ? fulfilment->expires_ms
			    : MAX(fulfilment->promise_ms, fulfilment->updated_ms) + OPEN_END_MS;

	return CLAMP(end_ms / 1000 + TILL_PICKUP_KEY_GRACE_S, 0, (gint64)G_MAXUINT32);
}

gboolean
till_pickup_key_code(TillCentral *central, const TillFulfilment *fulfilment, char *text,
		     gint64 *out_not_after_s, GError **error)
{
	TillPickupToken token = {.order = fulfilment->order, .fulfilment = fulfilment->id};
	g_autoptr(TillSigningKey) secret = need_signer(central, &token.key_id, error);

	if (secret == NULL)
		return FALSE;
	token.serial = till_pickup_key_serial(fulfilment);
	token.not_after_s = last_second(fulfilment);
	till_pickup_token_make(&token, secret, text);
	*out_not_after_s = token.not_after_s;
	return TRUE;
}

json_t *
till_pickup_key_json(TillCentral *central, const TillFulfilment *fulfilment, GError **error)
{
	char text[TILL_PICKUP_TOKEN_TEXT];
	gint64 not_after_s;
	g_autofree char *url = NULL;
	g_autofree char *svg = NULL;
	json_t *answer;

	if (!till_pickup_key_code(central, fulfilment, text, &not_after_s, error))
		return NULL;
	url = till_pickup_token_url(central->public_url, text);
	svg = till_code_svg_make(url, fulfilment->number, error);
	if (svg == NULL)
		return NULL;
	answer = json_object();
	till_json_put_text(answer, "url", url);
	till_json_put_text(answer, "token", text);
	till_json_put_int(answer, "not_after_s", not_after_s);
	till_json_put_int(answer, "serial", till_pickup_key_serial(fulfilment));
	till_json_put_text(answer, "svg", svg);
	return answer;
}
