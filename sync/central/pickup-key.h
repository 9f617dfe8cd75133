/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "fulfilment.h"
#include "pickup-token.h"

/* The keys that sign pickup codes, and the codes.
 *
 * Their public halves are rows of the collection pickup_key, which every till gets by the feed;
 * their secret halves are files DIR/pickup-keys/ID.key of mode 0600, so no copy of the books can
 * make a code. Several count at once: a new key signs only when it is an hour old, so that tills
 * have heard of it, as long as an older one can; a retired one is taken no more. The first code
 * makes the first key. Ids are never used again.
 *
 * A code is a token (pickup-token.h) of the fulfilment, its serial and its end, which is a week
 * after the goods stop being held; it is made anew each time somebody asks and stored nowhere.
 *
 * Threads: the writer's; ring_check any. */

G_BEGIN_DECLS

#define TILL_PICKUP_KEY_SETTLE_MS (G_GINT64_CONSTANT(3600) * 1000)
#define TILL_PICKUP_KEY_GRACE_S (7 * 24 * 3600)

/* The public halves in memory, for the threads that answer shoppers. */
TillPickupRing *till_pickup_key_ring_new(void);
void till_pickup_key_ring_free(TillPickupRing *ring);
/* As till_pickup_token_check with the keys that are known now. Any thread. */
TillPickupCheck till_pickup_key_ring_check(TillPickupRing *ring, const char *text, gint64 now_ms,
					   TillPickupToken *out_token);

/* Reads the rows into the ring: at the start and after each change. */
gboolean till_pickup_key_load(TillCentral *central, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new key. TILL_ERROR_LIMIT when TILL_PICKUP_KEYS_MAX count already: retire one first. */
gboolean till_pickup_key_rotate(TillCentral *central, guint16 *out_id,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From now on no code of it is taken. TILL_ERROR_NOT_FOUND when no key that counts has the id. */
gboolean till_pickup_key_retire(TillCentral *central, gint64 id,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A line of words for each key, newest first: of char*; the caller frees the array. */
GPtrArray *till_pickup_key_list(TillCentral *central, GError **error);

/* Serial of the code that counts for it now: 1 until another was given out. */
guint16 till_pickup_key_serial(const TillFulfilment *fulfilment);

/* The code of a fulfilment: its token in text (TILL_PICKUP_TOKEN_TEXT bytes) and its last second.
 */
gboolean till_pickup_key_code(TillCentral *central, const TillFulfilment *fulfilment, char *text,
			      gint64 *out_not_after_s, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* {url, token, not_after_s, serial, svg}: all that a mail or a page needs. NULL with error.
 * New reference. */
json_t *till_pickup_key_json(TillCentral *central, const TillFulfilment *fulfilment,
			     GError **error);

G_END_DECLS
