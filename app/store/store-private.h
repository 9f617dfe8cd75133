/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>

#include "cache.h"
#include "identity.h"
#include "ledger.h"
#include "price.h"
#include "promo-shelf.h"
#include "store.h"
#include "witness.h"

/* What the files of this layer share: the store's members and the few internal steps between them.
 *
 * Threads: every member belongs to the store thread, but those named guarded or set before it
 * started. */

G_BEGIN_DECLS

struct TillStore {
	char *home;             /* set before the thread starts */
	char *home_warning;     /* nullable; the same */
	const TillClock *clock; /* borrowed: outlives the store */
	TillWorker *worker;     /* owned */
	int lock;               /* descriptor of the home's lock */

	TillLedger ledger;
	TillCache cache;
	GHashTable *overlay;    /* SKU to gint64: see overlay.h; NULL: to be read */
	TillPriceUses *uses;    /* own uses of offers: see overlay.h; NULL: to be read */
	TillPromoShelf *promos; /* NULL: to be read */
	TillPriceRules rules;   /* but for uses; valid with rules_known */
	gboolean rules_known;
	TillIdentity *identity; /* nullable: not enrolled */
	TillSigningKey *key;    /* nullable until first used */
	TillUuidSource uuids;
	TillWitness *witness;     /* nullable: not enrolled, or no place to write it */
	gint64 witness_synced_ms; /* monotonic */
	gboolean upkeep_posted;
	gboolean doubtful; /* a commit's outcome is unknown: no row before the file was reopened */
	TillUuid doubtful_txn; /* valid with doubtful */
	gboolean parked_open;  /* a recalled sale is neither paid nor parked again */

	pthread_mutex_t guard;
	char *trouble;                /* guarded, nullable: the last commit's */
	char *alarm;                  /* guarded, nullable: found at open, stays */
	char *shortage;               /* guarded, nullable: little room on the disk */
	TillStoreCommitted committed; /* guarded */
	gpointer committed_user;      /* guarded */
};

/* Asserts that this is the store thread. */
void till_store_assert_thread(TillStore *store);

/* The same, and FALSE with TILL_ERROR_DISK when the database could not be opened again after an
 * error: every public function begins with one of these. */
gboolean till_store_check_ledger(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_store_check_cache(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What till_store_trouble says first; NULL clears. Copies. */
void till_store_set_trouble(TillStore *store, const char *words);

/* What it says otherwise, until the store is closed. Copies. */
void till_store_set_alarm(TillStore *store, const char *words);

/* After a commit that added journal rows: clears the trouble, moves the witness on, wakes the
 * listener, sees to it that upkeep comes. */
void till_store_after_append(TillStore *store);

/* Has upkeep run soon if the WAL has grown or the witness waits to be synced. */
void till_store_request_upkeep(TillStore *store);

/* Opens, or after enrolment starts, the witness and compares it and the fingerprint with the
 * ledger: a ledger that is behind or copied gets a new incarnation. */
gboolean till_store_meet_witness(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the identity's one row; inside a transaction. */
gboolean till_identity_write(TillLedger *ledger, const TillIdentity *identity,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* till_identity_fingerprint of a ledger that lies at path. Caller frees. */
char *till_identity_fingerprint_of(const char *path);

/* Recalled sales (parked.h): deleted inside the transaction that pays or parks them again, put back
 * on the list at start. */
gboolean till_parked_finish(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_parked_release(TillStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The cache has changed: rules are read anew when next asked for; with promotions they too. */
void till_catalog_forget(TillStore *store, gboolean promotions);

/* "epoch.seq" of the catalogue as entries carry it; "" before the first snapshot. out: 64 bytes. */
void till_store_catalog_cursor(TillStore *store, char *out);

G_END_DECLS
