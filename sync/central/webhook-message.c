/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook-message.h"

#include <jansson.h>
#include <string.h>

#include "clock.h"
#include "crypto.h"
#include "json.h"

GBytes *
till_webhook_message_body(const TillWebhookEvent *event, const char *server_id)
{
	g_autoptr(json_t) body = json_object();
	g_autofree char *source = g_strconcat("urn:uuid:", server_id, NULL);
	g_autofree char *time = till_clock_format_utc(event->at_ms);
	/* The extension "sequence" sorts as text. */
	g_autofree char *sequence = g_strdup_printf("%019" G_GINT64_FORMAT, event->seq);
	json_t *data = json_loads(event->data, JSON_REJECT_DUPLICATES, NULL);
	gsize size;
	char *text;

	till_json_put_text(body, "specversion", "1.0");
	till_json_put_text(body, "id", event->id);
	till_json_put_text(body, "source", source);
	till_json_put_text(body, "type", event->type);
	till_json_put_text(body, "subject", event->subject);
	till_json_put_text(body, "time", time);
	till_json_put_text(body, "sequence", sequence);
	till_json_put_text(body, "datacontenttype", "application/json");
	json_object_set_new(body, "data", data != NULL ? data : json_null());
	text = till_json_write(body, &size);
	return g_bytes_new_take(text, size);
}

char *
till_webhook_message_sign(const guint8 *secret, gsize secret_size, const char *id,
			  gint64 timestamp_s, GBytes *body)
{
	GString *signed_text = g_string_new(id);
	guint8 mac[TILL_MAC_BYTES];
	g_autofree char *text = NULL;
	gsize size;
	const char *bytes = g_bytes_get_data(body, &size);

	g_string_append_printf(signed_text, ".%" G_GINT64_FORMAT ".", timestamp_s);
	g_string_append_len(signed_text, bytes, (gssize)size);
	till_crypto_mac(secret, secret_size, signed_text->str, signed_text->len, mac);
	g_string_free(signed_text, TRUE);
	text = g_base64_encode(mac, sizeof mac);
	return g_strconcat("v1,", text, NULL);
}

char *
till_webhook_message_secret_text(const guint8 secret[TILL_WEBHOOK_SECRET_BYTES])
{
	g_autofree char *text = g_base64_encode(secret, TILL_WEBHOOK_SECRET_BYTES);

	return g_strconcat(TILL_WEBHOOK_SECRET_PREFIX, text, NULL);
}
