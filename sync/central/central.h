/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "clock.h"
#include "crypto.h"
#include "db.h"
#include "registry.h"
#include "writer.h"

/* A central that is open: its directory, keys, books and threads. What main makes and everything
 * else is handed.
 *
 *   DIR/central.db   the books          DIR/server.key   signs acknowledgements, mode 0600
 *   DIR/webhooks.key makes the secrets of webhooks, mode 0600
 *   DIR/pickup-keys/ID.key signs pickup codes, mode 0600
 *   DIR/tls/         CA and server key  DIR/snapshots/   ready cache databases, may be deleted
 *   DIR/control      local socket       DIR/lock         held while open; says by whom
 *   DIR/reading      the entry that is being read now, so that one that crashes us is known after
 * it
 *
 * server_incarnation and epoch are random and live in the database. A restored database gets new
 * ones, so that terminals notice: `backup` marks its copy, and a witness file outside DIR (in
 * $TILLHOUSE_STATE_DIR, else $XDG_STATE_HOME/tillhouse, else ~/.local/state/tillhouse) holds the
 * number of commits; a database behind it was put back by hand.
 *
 * Threads: open and close from the creator's; the books only on the writer; the rest as each module
 * says. */

G_BEGIN_DECLS

typedef struct TillCentral TillCentral;
typedef struct TillSnapshots TillSnapshots;
typedef struct TillReading TillReading;
typedef struct TillOfferBook TillOfferBook;
typedef struct TillAuditor TillAuditor;
typedef struct TillPromotionShelf TillPromotionShelf;
typedef struct TillDeliverer TillDeliverer;
typedef struct TillPickupRing TillPickupRing;

/* On the writer thread after a commit that wrote something: the heads may have moved. */
typedef void (*TillCentralCommitted)(TillCentral *central, gpointer user);

struct TillCentral {
	char *dir;
	char *dir_warning;      /* nullable: what people must know of where DIR lies (place.h) */
	const TillClock *clock; /* borrowed */
	int lock;
	TillDb *db; /* the writer's alone */
	TillSigningKey *key;
	TillWriter *writer;
	TillRegistry *registry;
	TillSnapshots *snapshots;
	TillAuditor *auditor;
	TillDeliverer *deliverer;
	TillPickupRing *pickup_ring;
	TillPromotionShelf *promotions; /* the writer's alone */
	GPtrArray *poison; /* of TillUuid: entries whose reading crashed us twice; constant */
	TillReading *reading;
	TillOfferBook *offer_book; /* the writer's alone */
	guint8 webhooks_key[32];   /* constant */
	char server_id[TILL_UUID_TEXT];
	char server_incarnation[14];
	char epoch[14];   /* of the feed */
	char *public_url; /* where shoppers reach it; set before serving starts */
	char *ca_pem;     /* "" without TLS; set before serving starts */
	char *witness_path;
	gint64 witness_mono_ms; /* when the witness was last written; the writer's alone */
	gint aside;             /* atomic: a request is worked on aside (route.h) */
	gboolean serving;       /* set before requests come; control verbs may warm snapshots */
	TillCentralCommitted committed; /* nullable; set before serving starts */
	gpointer committed_user;        /* borrowed */
};

/* Locks DIR, opens or makes everything in it. TILL_ERROR_BUSY when another process holds it,
 * TILL_ERROR_STATE when DIR lies where a power cut could lose what was acknowledged (place.h).
 * clock is borrowed. */
TillCentral *till_central_open(const char *dir, const TillClock *clock,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_central_close(TillCentral *central);

gint64 till_central_now_ms(const TillCentral *central);

/* The number in a feed cursor "epoch.seq". FALSE when it is none or of another epoch. */
gboolean till_central_read_cursor(const TillCentral *central, const char *text, gint64 *out_seq);

/* A fact of the database ("currency"). get: caller frees; fallback when absent. Writer only. */
char *till_central_meta(TillCentral *central, const char *name, const char *fallback,
			GError **error);
gboolean till_central_set_meta(TillCentral *central, const char *name, const char *value,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCentral, till_central_close)

G_END_DECLS
