/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "crypto.h"

/* Requests signed by the terminal's key, so that a TLS-ending proxy in front changes nothing.
 *
 *   Tillhouse-Signature: v1;terminal=<uuid>;time=<ms>;nonce=<16 bytes base64url>;sig=<base64url>
 *
 * signed bytes: "tillhouse-v1\n" METHOD "\n" TARGET (path and query as sent) "\n" BLAKE2b-256 hex
 * of the body ("" hashed when none) "\n" time "\n" nonce "\n" terminal. time is the till's wall
 * clock corrected by the last known server offset; the server accepts ±10 min on it, except for
 * hello, which teaches the offset and is protected by the nonce alone. A nonce is accepted once.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_SIGNATURE_HEADER "Tillhouse-Signature"
#define TILL_SIGNATURE_WINDOW_MS 600000 /* 10 min */

typedef struct {
	char terminal[37];
	gint64 time_ms;
	char nonce[32];
	TillSignature signature;
} TillRequestSignature;

/* The header's value. Caller frees. */
char *till_signature_make(const TillSigningKey *key, const char *terminal_id, const char *method,
			  const char *target, const void *body, gsize body_size, gint64 time_ms);

/* Splits a header value; FALSE when malformed. */
gboolean till_signature_parse(const char *value,
			      TillRequestSignature *out) G_GNUC_WARN_UNUSED_RESULT;

gboolean till_signature_check(const TillRequestSignature *signature, const TillPublicKey *key,
			      const char *method, const char *target, const void *body,
			      gsize body_size) G_GNUC_WARN_UNUSED_RESULT;

/* The server's receipt over a terminal's head, the proof that what came before is kept. Signed
 * bytes: "tillhouse-receipt-v1\n" terminal "\n" incarnation (13 letters) "\n" seq "\n" chain (hex).
 * Base64url; caller frees. */
char *till_signature_receipt_make(const TillSigningKey *server_key, const char *terminal_id,
				  guint64 incarnation, gint64 head_seq, const TillHash *head_chain);
gboolean till_signature_receipt_check(const char *receipt_signature,
				      const TillPublicKey *server_key, const char *terminal_id,
				      guint64 incarnation, gint64 head_seq,
				      const TillHash *head_chain) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
