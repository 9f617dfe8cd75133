/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* What a receiver gets: a CloudEvents 1.0 event as its JSON body, signed as Standard Webhooks say.
 *
 *   webhook-id: the event's id, the same at every try    webhook-timestamp: seconds since 1970
 *   webhook-signature: "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body"
 *
 * The key of the HMAC are the bytes behind "whsec_" in the secret, which is their base64. A
 * receiver checks the signature, refuses timestamps that are minutes off, and remembers ids: each
 * event comes at least once.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_WEBHOOK_SECRET_BYTES 32
#define TILL_WEBHOOK_SECRET_PREFIX "whsec_"

typedef struct {
	gint64 seq;
	const char *id, *type, *subject;
	const char *data; /* JSON text */
	gint64 at_ms;
} TillWebhookEvent;

/* server_id: names the source. Its bytes are the same at every try. */
GBytes *till_webhook_message_body(const TillWebhookEvent *event, const char *server_id);

/* "v1,…". Caller frees. */
char *till_webhook_message_sign(const guint8 *secret, gsize secret_size, const char *id,
				gint64 timestamp_s, GBytes *body);

/* "whsec_…". Caller frees. */
char *till_webhook_message_secret_text(const guint8 secret[TILL_WEBHOOK_SECRET_BYTES]);

G_END_DECLS
