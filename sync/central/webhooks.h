/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "central.h"
#include "webhook-message.h"

/* Who elsewhere wants to be told of what: an address, the types of events, a secret that signs.
 *
 * A secret is never stored: it is made of the webhook's id and DIR/webhooks.key (mode 0600), so the
 * books and their copies hold none. It is shown once, when the webhook is made; the hash that the
 * books keep only tells when the file was lost, which ends the webhook rather than sending what no
 * receiver would believe.
 *
 * A webhook that ended (its receiver answered 410 Gone, or its secret is lost) keeps its row and
 * its dead deliveries until it is deleted, so that somebody can see why.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

#define TILL_WEBHOOKS_MAX 50
#define TILL_WEBHOOKS_KEY_BYTES 32

/* Reads or makes DIR/webhooks.key. TILL_ERROR_CORRUPT when it is no key. */
gboolean till_webhooks_load_key(const char *dir, guint8 out[TILL_WEBHOOKS_KEY_BYTES],
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A new webhook for a checked url; types: NULL-terminated, known; empty: all. Answers what its
 * maker is told, the secret among it: owned by the caller. TILL_ERROR_LIMIT when there are
 * TILL_WEBHOOKS_MAX. */
json_t *till_webhooks_make(TillCentral *central, const char *url, const char *const *types,
			   GError **error);

/* All, oldest first, with how many deliveries of each are open and dead. New reference. */
json_t *till_webhooks_list(TillCentral *central, GError **error);

/* TILL_ERROR_NOT_FOUND when there is none. */
gboolean till_webhooks_delete(TillCentral *central, const char *id,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* No event goes there any more; what was open is dead. */
gboolean till_webhooks_end(TillCentral *central, const char *id, const char *reason,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The ids of those that count, oldest first: of char*, owned. */
GPtrArray *till_webhooks_active(TillCentral *central, GError **error);

/* Where it is and what signs for it. FALSE without error: it ended, just now perhaps, or never was.
 * Caller frees the url. */
gboolean till_webhooks_find(TillCentral *central, const char *id, char **out_url,
			    guint8 out_secret[TILL_WEBHOOK_SECRET_BYTES],
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
