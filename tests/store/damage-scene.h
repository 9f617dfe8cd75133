/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fixture.h"
#include "recover.h"

/* A ledger with two incarnations, acknowledgements, rows of several pages and a parked sale, of
 * which copies are damaged, and what must hold after a recovery: nothing is lost but what lay in
 * the broken place, nothing appears that was not written, nothing comes twice, and the till sells
 * on.
 *
 * Threads: the test's. */

G_BEGIN_DECLS

#define DAMAGE_SCENE_SALES 60 /* in each of the two incarnations, and a large row */
#define DAMAGE_SCENE_ROWS (2 * DAMAGE_SCENE_SALES + 2)
#define DAMAGE_SCENE_ACKNOWLEDGED 50
#define DAMAGE_SCENE_PAGE 4096

typedef struct {
	TillFixture *fixture; /* its home is replaced by copies */
	char *original;       /* the home as it was filled, closed */
	char *witnesses;      /* what its machine then remembered of it */
	GHashTable *facts;    /* "TXN BODYHASH" of every row */
} DamageScene;

DamageScene *damage_scene_new(void);
void damage_scene_free(DamageScene *scene);

/* Takes the machine's memory of the original as it is now. */
void damage_scene_keep_witnesses(DamageScene *scene);
/* A fresh copy to damage; the path of its ledger, which the caller frees. */
char *damage_scene_copy(DamageScene *scene);
char *damage_scene_ledger(const char *home);
/* The facts of a ledger, each once, however many envelopes it has. */
GHashTable *damage_scene_read_facts(const char *home);
/* Asks the copy's ledger. Caller frees. */
char *damage_scene_ask(DamageScene *scene, const char *query);

void damage_scene_write(const char *path, long offset, const void *bytes, gsize size);
/* Overwrites with bytes that mean nothing. */
void damage_scene_smash(const char *path, long offset, gsize size);
gsize damage_scene_size(const char *path);

gboolean damage_scene_recover(DamageScene *scene, TillRecovery *out, GError **error);
void damage_scene_must_recover(DamageScene *scene, TillRecovery *out);
/* On the store thread: the journal is good, and takes another sale. */
void damage_scene_verify(TillStore *store, TillFixture *fixture);
void damage_scene_assert_facts(DamageScene *scene, gint64 salvaged);
void damage_scene_assert_sells_on(DamageScene *scene);
/* Recovers and asserts all of it; how many rows were lost. */
gint64 damage_scene_recover_whole(DamageScene *scene);

G_END_DECLS
