/* SPDX-License-Identifier: Apache-2.0 */
#include "signature.h"

#include <string.h>

#include "id.h"
#include "text.h"

#define NONCE_BYTES 16
#define NONCE_TEXT 22
#define SIGNATURE_TEXT 86
#define HEADER_MAX 512

static GString *
signed_bytes(const char *method, const char *target, const void *body, gsize body_size,
	     gint64 time_ms, const char *nonce, const char *terminal_id)
{
	TillHash hash;
	char hex[TILL_HASH_TEXT];
	GString *text = g_string_new("tillhouse-v1\n");

	till_crypto_hash(body_size > 0 ? body : "", body_size, &hash);
	g_string_append_printf(text, "%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%s\n%s", method, target,
			       till_crypto_hash_format(&hash, hex), time_ms, nonce, terminal_id);
	return text;
}

char *
till_signature_make(const TillSigningKey *key, const char *terminal_id, const char *method,
		    const char *target, const void *body, gsize body_size, gint64 time_ms)
{
	guint8 random[NONCE_BYTES];
	TillSignature signature;

	till_crypto_random(random, sizeof random);
	g_autofree char *nonce = till_crypto_encode(random, sizeof random);
	g_autoptr(GString) text =
	    signed_bytes(method, target, body, body_size, time_ms, nonce, terminal_id);
	till_crypto_sign(key, text->str, text->len, &signature);
	g_autofree char *encoded = till_crypto_encode(signature.bytes, sizeof signature.bytes);
	return g_strdup_printf("v1;terminal=%s;time=%" G_GINT64_FORMAT ";nonce=%s;sig=%s",
			       terminal_id, time_ms, nonce, encoded);
}

/* The value of part "name=value", or NULL when the part has another name. */
static const char *
part_value(const char *part, const char *name)
{
	gsize length = strlen(name);

	if (strncmp(part, name, length) != 0 || part[length] != '=')
		return NULL;
	return part + length + 1;
}

gboolean
till_signature_parse(const char *value, TillRequestSignature *out)
{
	TillRequestSignature result = {0};
	TillUuid terminal;
	guint8 nonce_bytes[NONCE_BYTES];

	if (strnlen(value, HEADER_MAX) == HEADER_MAX)
		return FALSE;
	g_auto(GStrv) parts = g_strsplit(value, ";", 6);
	if (g_strv_length(parts) != 5 || strcmp(parts[0], "v1") != 0)
		return FALSE;
	const char *terminal_text = part_value(parts[1], "terminal");
	const char *time = part_value(parts[2], "time");
	const char *nonce = part_value(parts[3], "nonce");
	const char *signature = part_value(parts[4], "sig");

	if (terminal_text == NULL || time == NULL || nonce == NULL || signature == NULL)
		return FALSE;
	if (!till_uuid_parse(terminal_text, &terminal) ||
	    !till_text_parse_int(time, 0, G_MAXINT64, &result.time_ms) ||
	    strlen(nonce) != NONCE_TEXT || strlen(signature) != SIGNATURE_TEXT)
		return FALSE;
	if (!till_crypto_decode(nonce, nonce_bytes, sizeof nonce_bytes) ||
	    !till_crypto_decode(signature, result.signature.bytes, sizeof result.signature.bytes))
		return FALSE;
	g_strlcpy(result.terminal, terminal_text, sizeof result.terminal);
	g_strlcpy(result.nonce, nonce, sizeof result.nonce);
	*out = result;
	return TRUE;
}

gboolean
till_signature_check(const TillRequestSignature *signature, const TillPublicKey *key,
		     const char *method, const char *target, const void *body, gsize body_size)
{
	g_autoptr(GString) text = signed_bytes(method, target, body, body_size, signature->time_ms,
					       signature->nonce, signature->terminal);

	return till_crypto_verify(key, text->str, text->len, &signature->signature);
}

static GString *
receipt_bytes(const char *terminal_id, guint64 incarnation, gint64 head_seq,
	      const TillHash *head_chain)
{
	char letters[14];
	char hex[TILL_HASH_TEXT];
	GString *text = g_string_new("tillhouse-receipt-v1\n");

	g_string_append_printf(text, "%s\n%s\n%" G_GINT64_FORMAT "\n%s", terminal_id,
			       till_id_incarnation_format(incarnation, letters), head_seq,
			       till_crypto_hash_format(head_chain, hex));
	return text;
}

char *
till_signature_receipt_make(const TillSigningKey *server_key, const char *terminal_id,
			    guint64 incarnation, gint64 head_seq, const TillHash *head_chain)
{
	TillSignature signature;
	g_autoptr(GString) text = receipt_bytes(terminal_id, incarnation, head_seq, head_chain);

	till_crypto_sign(server_key, text->str, text->len, &signature);
	return till_crypto_encode(signature.bytes, sizeof signature.bytes);
}

gboolean
till_signature_receipt_check(const char *receipt_signature, const TillPublicKey *server_key,
			     const char *terminal_id, guint64 incarnation, gint64 head_seq,
			     const TillHash *head_chain)
{
	TillSignature signature;

	if (!till_crypto_decode(receipt_signature, signature.bytes, sizeof signature.bytes))
		return FALSE;
	g_autoptr(GString) text = receipt_bytes(terminal_id, incarnation, head_seq, head_chain);
	return till_crypto_verify(server_key, text->str, text->len, &signature);
}
