/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "crypto.h"

/* What a manager reads out at enrolment: "K7QF-93XM" on plain loopback, "K7QF-93XM-<16 letters>"
 * with TLS, where the 16 letters (80 bits, Crockford base 32) are the start of the BLAKE2b hash of
 * the central's CA certificate (PEM bytes), so that the first contact cannot trust an impostor.
 * Case and hyphens do not matter; I L O are read as 1 1 0.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Eight random letters. text: 9 bytes. */
void till_enrol_code_random(char *text);

/* The code as shown. ca_hash NULL: no CA part. Caller frees. */
char *till_enrol_code_format(const char *secret, const TillHash *ca_hash);

/* Splits a typed code. out_secret: 9 bytes; out_ca: 17 bytes, "" when absent. FALSE when malformed.
 */
gboolean till_enrol_code_parse(const char *text, char *out_secret,
			       char *out_ca) G_GNUC_WARN_UNUSED_RESULT;

gboolean till_enrol_code_matches(const char *ca_part,
				 const TillHash *ca_hash) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
