/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "crypto.h"
#include "id.h"

/* The enrolled terminals and the keys of other channels, in memory: who may speak, which nonces
 * were used, how fast each asks.
 *
 * Loaded when the central opens and kept in step by enrolment, so that a signature is checked
 * without the database. Nonces are kept for twice the time window and bounded per terminal; those
 * of a hello, which has no window, are also kept in the database. After a restart a request younger
 * than the window could be replayed once: every such request is idempotent or only reads.
 *
 * Threads: any (locked inside). */

G_BEGIN_DECLS

typedef struct {
	gint64 number; /* short key of the books */
	char terminal_id[TILL_UUID_TEXT];
	char store_code[17];
	char till_number[9];
	TillPublicKey key;
	gboolean revoked;
} TillTerminal;

#define TILL_CHANNEL_NAME_MAX 64

/* Another asker than a till (channel-key.h). */
typedef struct {
	char name[TILL_CHANNEL_NAME_MAX];
	char channel[16];
	TillHash hash; /* of the key's text */
} TillChannelKey;

typedef struct TillRegistry TillRegistry;

TillRegistry *till_registry_new(void);
void till_registry_free(TillRegistry *registry);

/* Adds or replaces. */
void till_registry_put(TillRegistry *registry, const TillTerminal *terminal);
gboolean till_registry_find(TillRegistry *registry, const char *terminal_id,
			    TillTerminal *out) G_GNUC_WARN_UNUSED_RESULT;

/* Replaces all keys; keys: of TillChannelKey, copied. */
void till_registry_set_keys(TillRegistry *registry, const GArray *keys);
/* Looks at every key, whichever fits, so that the time tells nothing. */
gboolean till_registry_find_key(TillRegistry *registry, const TillHash *hash,
				TillChannelKey *out) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE the first time a terminal uses a nonce. */
gboolean till_registry_use_nonce(TillRegistry *registry, const char *terminal_id, const char *nonce,
				 gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;

/* Takes one from the terminal's allowance: 10 a second with a burst of 200. key may also name a
 * group of strangers ("enrol"). FALSE: too many. */
gboolean till_registry_allow(TillRegistry *registry, const char *key,
			     gint64 mono_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
