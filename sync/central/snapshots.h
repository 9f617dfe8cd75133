/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "crypto.h"

/* Ready cache databases, one a store: what a new or far-behind terminal takes instead of the feed.
 *
 * A builder thread copies the collections from the writer in pieces of a few thousand rows, fills a
 * database of the terminals' own schema, then applies what the feed said meanwhile, so that the
 * file is exact at its cursors and no request ever waits for the copy. The file is checked, hashed
 * and renamed into DIR/snapshots; it serves until it is too far behind, then a new one is built.
 *
 * Threads: new and free from the creator's; request from any. */

G_BEGIN_DECLS

typedef struct TillCentral TillCentral;
typedef struct TillSnapshots TillSnapshots;

typedef struct {
	char *path;
	char hash[TILL_HASH_TEXT];
	gint64 size;
	gint64 chain_seq; /* cursors inside */
	gint64 store_seq;
} TillSnapshot;

/* On the builder's thread or the asker's, exactly once. snapshot: NULL with error; borrowed. */
typedef void (*TillSnapshotReady)(const TillSnapshot *snapshot, const GError *error, gpointer user);

TillSnapshots *till_snapshots_new(TillCentral *central, GError **error);
/* What is being built and who waits is answered with an error soon; so is who asks later. */
void till_snapshots_stop(TillSnapshots *snapshots);
/* Stops and ends the thread. */
void till_snapshots_free(TillSnapshots *snapshots);

/* The snapshot of a store, built when there is none that the feed can continue. */
void till_snapshots_request(TillSnapshots *snapshots, const char *store_code,
			    TillSnapshotReady ready, gpointer user);

G_END_DECLS
