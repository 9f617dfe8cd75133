/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store.h"

/* Who this terminal is: given once by the central at enrolment, kept in the ledger.
 *
 * Threads: store. */

G_BEGIN_DECLS

typedef struct {
	char *store_id;           /* UUID text */
	char *terminal_id;        /* UUID text */
	char *store_code;         /* "014" */
	char *till_number;        /* "02" */
	char *server_url;         /* "https://central.example:8443", no trailing slash */
	char *server_id;          /* UUID text */
	TillPublicKey server_key; /* signs acknowledgements */
	char *ca_pem;             /* the pinned private CA; "" for plain HTTP on loopback */
} TillIdentity;

void till_identity_free(TillIdentity *identity);

/* TILL_ERROR_STATE "This till is not enrolled. Run …" when there is none. */
TillIdentity *till_identity_load(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stores the identity and mints the first incarnation, in one transaction. TILL_ERROR_STATE when
 * the home already belongs to a terminal. */
gboolean till_identity_save(TillStore *store, const TillIdentity *identity,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The terminal's key; made on first use. Borrowed until close. */
const TillSigningKey *till_identity_key(TillStore *store, GError **error);

/* BLAKE2b of machine id and the ledger file's inode: what tells a copy from the original. Hex.
 * Caller frees. */
char *till_identity_fingerprint(TillStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillIdentity, till_identity_free)

G_END_DECLS
