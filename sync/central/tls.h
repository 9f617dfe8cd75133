/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A private certificate authority and the server's certificate, made on the first start with TLS.
 *
 * Tills pin the CA at enrolment (its hash is part of the code), so nobody else's signature opens
 * their door. DIR/tls holds ca.pem, ca.key, server.pem, server.key (keys mode 0600). The server's
 * certificate is made anew when it is missing, about to end, or does not name the hosts asked for;
 * the CA never is.
 *
 * Threads: any. */

G_BEGIN_DECLS

typedef struct {
	char *ca_pem;
	char *cert_pem; /* server certificate, then the CA */
	char *key_pem;
} TillTls;

/* hosts: NULL-terminated names and numeric addresses that tills will use. now_s: wall clock. */
gboolean till_tls_prepare(const char *dir, const char *const *hosts, gint64 now_s, TillTls *out,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Wipes the key. */
void till_tls_clear(TillTls *tls);

G_END_DECLS
