/* SPDX-License-Identifier: Apache-2.0 */
#include "registry.h"

#include <pthread.h>

#include "signature.h"

#define NONCE_KEEP_MS (2 * TILL_SIGNATURE_WINDOW_MS)
#define NONCES_MAX 100000
/* Allowance in thousandths of a request: 10 a second is 10 a millisecond. */
#define RATE_PER_MS 10
#define BURST (200 * 1000)

typedef struct {
	char *nonce; /* borrowed from the set */
	gint64 seen_ms;
} Seen;

typedef struct {
	GHashTable *set; /* of char*, owned */
	GQueue order;    /* of Seen, owned; oldest first */
} Nonces;

typedef struct {
	gint64 level; /* thousandths of a request */
	gint64 mono_ms;
} Bucket;

struct TillRegistry {
	pthread_mutex_t lock;
	GHashTable *terminals; /* terminal id → TillTerminal; all guarded by lock */
	GHashTable *nonces;    /* terminal id → Nonces */
	GHashTable *buckets;   /* key → Bucket */
	GArray *keys;          /* of TillChannelKey */
};

static void
free_nonces(gpointer data)
{
	Nonces *nonces = data;

	g_queue_clear_full(&nonces->order, g_free);
	g_hash_table_unref(nonces->set);
	g_free(nonces);
}

TillRegistry *
till_registry_new(void)
{
	TillRegistry *registry = g_new0(TillRegistry, 1);

	pthread_mutex_init(&registry->lock, NULL);
	registry->terminals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	registry->nonces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_nonces);
	registry->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	registry->keys = g_array_new(FALSE, FALSE, sizeof(TillChannelKey));
	return registry;
}

void
till_registry_free(TillRegistry *registry)
{
	if (registry == NULL)
		return;
	g_array_unref(registry->keys);
	g_hash_table_unref(registry->buckets);
	g_hash_table_unref(registry->nonces);
	g_hash_table_unref(registry->terminals);
	pthread_mutex_destroy(&registry->lock);
	g_free(registry);
}

void
till_registry_put(TillRegistry *registry, const TillTerminal *terminal)
{
	pthread_mutex_lock(&registry->lock);
	g_hash_table_replace(registry->terminals, g_strdup(terminal->terminal_id),
			     g_memdup2(terminal, sizeof *terminal));
	pthread_mutex_unlock(&registry->lock);
}

gboolean
till_registry_find(TillRegistry *registry, const char *terminal_id, TillTerminal *out)
{
	const TillTerminal *found;

	pthread_mutex_lock(&registry->lock);
	found = g_hash_table_lookup(registry->terminals, terminal_id);
	if (found != NULL)
		*out = *found;
	pthread_mutex_unlock(&registry->lock);
	return found != NULL;
}

void
till_registry_set_keys(TillRegistry *registry, const GArray *keys)
{
	pthread_mutex_lock(&registry->lock);
	g_array_set_size(registry->keys, 0);
	g_array_append_vals(registry->keys, keys->data, keys->len);
	pthread_mutex_unlock(&registry->lock);
}

gboolean
till_registry_find_key(TillRegistry *registry, const TillHash *hash, TillChannelKey *out)
{
	gboolean found = FALSE;

	pthread_mutex_lock(&registry->lock);
	for (guint i = 0; i < registry->keys->len; i++) {
		const TillChannelKey *key = &g_array_index(registry->keys, TillChannelKey, i);
		if (till_crypto_hash_equal(&key->hash, hash)) {
			*out = *key;
			found = TRUE;
		}
	}
	pthread_mutex_unlock(&registry->lock);
	return found;
}

static void
drop_old_nonces(Nonces *nonces, gint64 now_ms)
{
	Seen *oldest;

	while ((oldest = g_queue_peek_head(&nonces->order)) != NULL) {
		if (now_ms - oldest->seen_ms < NONCE_KEEP_MS && nonces->order.length < NONCES_MAX)
			return;
		g_hash_table_remove(nonces->set, oldest->nonce);
		g_free(g_queue_pop_head(&nonces->order));
	}
}

static gboolean
add_nonce(Nonces *nonces, const char *nonce, gint64 now_ms)
{
	Seen *seen;
	char *copy;

	drop_old_nonces(nonces, now_ms);
	if (g_hash_table_contains(nonces->set, nonce))
		return FALSE;
	copy = g_strdup(nonce);
	g_hash_table_add(nonces->set, copy);
	seen = g_new0(Seen, 1);
	seen->nonce = copy;
	seen->seen_ms = now_ms;
	g_queue_push_tail(&nonces->order, seen);
	return TRUE;
}

gboolean
till_registry_use_nonce(TillRegistry *registry, const char *terminal_id, const char *nonce,
			gint64 now_ms)
{
	Nonces *nonces;
	gboolean fresh;

	pthread_mutex_lock(&registry->lock);
	nonces = g_hash_table_lookup(registry->nonces, terminal_id);
	if (nonces == NULL) {
		nonces = g_new0(Nonces, 1);
		nonces->set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		g_queue_init(&nonces->order);
		g_hash_table_insert(registry->nonces, g_strdup(terminal_id), nonces);
	}
	fresh = add_nonce(nonces, nonce, now_ms);
	pthread_mutex_unlock(&registry->lock);
	return fresh;
}

gboolean
till_registry_allow(TillRegistry *registry, const char *key, gint64 mono_ms)
{
	Bucket *bucket;
	gboolean allowed;

	pthread_mutex_lock(&registry->lock);
	bucket = g_hash_table_lookup(registry->buckets, key);
	if (bucket == NULL) {
		bucket = g_new0(Bucket, 1);
		bucket->level = BURST;
		bucket->mono_ms = mono_ms;
		g_hash_table_insert(registry->buckets, g_strdup(key), bucket);
	}
	bucket->level =
	    MIN(bucket->level + CLAMP(mono_ms - bucket->mono_ms, 0, BURST) * RATE_PER_MS, BURST);
	bucket->mono_ms = mono_ms;
	allowed = bucket->level >= 1000;
	if (allowed)
		bucket->level -= 1000;
	pthread_mutex_unlock(&registry->lock);
	return allowed;
}
