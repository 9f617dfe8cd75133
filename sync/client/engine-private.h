/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <pthread.h>

#include "backoff.h"
#include "engine.h"
#include "error.h"
#include "exchange.h"
#include "feed.h"
#include "messages.h"
#include "outbox.h"
#include "state-machine.h"
#include "text.h"

/* What the files of the engine share. One thread drives all of it (the engine's own, or the caller
 * of till_engine_run); only the members named guarded are touched by others.
 *
 * Three lanes, each with one request at a time and its own wait:
 *
 *   main   asleep → hello → (mend) → asleep → push … → asleep → offer → asleep     sales go first
 *   pull   rest → feed … → rest, or → snapshot → feed                              when main has
 * nothing to send live   closed → open → closed hints that wake pull
 *
 * A failed request puts its lane back to sleep with a backoff. Nothing but hello runs until the
 * central has greeted us, and neither pull nor live while main is failing: one probe at a time.
 *
 * Threads: the engine's, but for the members marked guarded. */

G_BEGIN_DECLS

enum {
	TILL_MAIN_ASLEEP,
	TILL_MAIN_HELLO,
	TILL_MAIN_MEND,
	TILL_MAIN_PUSH,
	TILL_MAIN_OFFER,
};

enum {
	TILL_PULL_REST,
	TILL_PULL_FEED,
	TILL_PULL_SNAPSHOT,
};

enum {
	TILL_LIVE_CLOSED,
	TILL_LIVE_OPEN,
};

enum {
	TILL_WAKE_ROW = 1 << 0,
	TILL_WAKE_NETWORK = 1 << 1,
	TILL_WAKE_BUTTON = 1 << 2,
	TILL_WAKE_STOP = 1 << 3,
	TILL_WAKE_CHECKED = 1 << 4,
};

#define TILL_NOTE_SERVER_INCARNATION "server_incarnation"
#define TILL_NOTE_OFFSET "offset_ms"
#define TILL_NOTE_UNCERTAINTY "uncertainty_ms"
#define TILL_NOTE_LAST_SUCCESS "last_success_ms"
#define TILL_NOTE_UP_TO_DATE "feed_up_to_date_ms"

/* Rows to send although they may be acknowledged: the central lost them, or asked to go on from
 * here. */
typedef struct {
	guint64 incarnation;
	gint64 after_seq;
	gint64 until_seq;
} TillResend;

/* A batch read from the outbox and written as a message. */
typedef struct {
	guint64 incarnation;
	gint64 base_seq;
	TillHash base_chain;
	GPtrArray *entries; /* of TillEntry, owned */
	gint64 last_seq;
	TillHash last_chain;
	gboolean header_only;
	char *session; /* the text was written for */
	GBytes *text;
	char idempotency[96];
} TillBatch;

typedef struct {
	TillBatch *sent;             /* nullable: under way */
	TillHttpRequest *request;    /* nullable: that carries it */
	TillBatch *prepared;         /* nullable: read while the other was under way */
	GArray *resend;              /* of TillResend, oldest first */
	guint limit;                 /* entries in the next batch */
	guint limit_max;             /* what the central asked for */
	guint gaps;                  /* in a row */
	guint64 suspect_incarnation; /* the batch that failed last, by its first row */
	gint64 suspect_seq;
	guint suspect_failures;
	guint single_failures; /* of it, alone in its batch */
	gint64 single_since_mono_ms;
	gint64 offer_due_mono_ms; /* when a parked body is offered again */
	guint offer_failures;
	gint64 offered_seq; /* round robin over the parked */
} TillPushLane;

typedef struct {
	gint64 due_mono_ms;
	guint scope; /* 0: the store's, 1: the chain's */
	char *scopes[2];
	TillFeedCursor cursors[2];

	char gone_epoch[40]; /* the epoch in which a 410 came */
	gboolean wants_snapshot;
	gint64 snapshot_due_mono_ms;
	gint64 up_to_date_mono_ms; /* 0: never in this run */
	gint64 noted_up_to_date_ms;
	gint64 up_to_date_wall_ms; /* 0: never; survives restarts */
	gboolean alarm;            /* a person should look: snapshots do not help */
	char trouble[200];         /* why the cache does not follow, in words; "" */
	char *download_path;
	TillHash download_hash; /* as the central said it */
} TillPullLane;

typedef struct {
	TillHttpRequest *request; /* nullable */
	GString *line;
	gboolean hinted; /* a scope moved beyond our cursor */
	gboolean heard;  /* anything, since it was opened */
} TillLive;

struct TillEngine {
	TillStore *store; /* borrowed: outlives the engine */
	const TillClock *clock;
	TillIdentity *identity;
	const TillSigningKey *key; /* borrowed from the store */
	char *fingerprint;
	TillHttp *http;
	TillExchange exchange;
	guint32 (*random)(void);
	gboolean use_live; /* the thread listens; a foreground run does not */

	TillStateMachine main_state;
	TillStateMachine pull_state;
	TillStateMachine live_state;
	TillBackoff main_backoff;
	TillBackoff pull_backoff;
	TillBackoff live_backoff;
	TillPushLane push;
	TillPullLane pull;
	TillLive live;
	GArray *mends; /* of TillWireHeadAnswer still to be dealt with */
	guint mends_in_row;
	gboolean mend_changed; /* this round changed our journal */

	gboolean greeted;
	char *session;
	char *server_incarnation; /* as noted; "" at first */
	gint64 uncertainty_ms;    /* −1: offset never measured */
	gint64 noted_offset_ms;
	gboolean offset_noted;

	gboolean tried;
	gboolean online;
	char offline_reason[200];
	char refusal[200]; /* the central refuses us, or lies; "" */
	gboolean accused;  /* it lies: stays until a receipt is right again */
	guint unauthorised_in_row;
	gboolean blocked;
	char notice[200];
	TillOutboxCounts counts;
	gboolean counts_stale;
	gint64 last_success_wall_ms;
	gint64 noted_success_wall_ms;
	gint64 tick_mono_ms;    /* next refresh of ages */
	char last_failure[200]; /* in words; "" */
	guint64 failure_count;

	pthread_t thread;
	gboolean has_thread;
	pthread_mutex_t lock;
	guint wakes;             /* guarded */
	TillHealth health;       /* guarded */
	char check_fault[200];   /* guarded: of the last download; "" when it is sound */
	TillWorker *checker;     /* nullable: looks downloads through */
	gboolean health_changed; /* guarded: not yet told */
	gboolean cache_changed;  /* guarded: not yet told */
	TillEngineObserver observer;
	GSource *outlet;  /* nullable: runs the observer on its context */
	gpointer monitor; /* nullable: GNetworkMonitor */
	gulong monitor_handler;
	gboolean has_hook; /* the store calls us after commits */
};

/* engine.c */

/* One turn: takes wake-ups, starts what is due, moves bytes for at most max_wait_ms. For tests and
 * till_engine_run. */
void till_engine_turn(TillEngine *engine, gint64 max_wait_ms);
gint64 till_engine_now(const TillEngine *engine);
/* From any thread. */
void till_engine_wake_for(TillEngine *engine, guint why);
/* Runs a job on the store thread and waits. FALSE: noted as this run's trouble, with the words. */
gboolean till_engine_call(TillEngine *engine, TillWorkerRun run, gpointer data);
gboolean till_engine_refresh_counts(TillEngine *engine);

/* link.c */

/* Notes a failure in words. */
void till_link_note(TillEngine *engine, const char *words);
/* A whole answer came from our central: online, trouble over, time learned. */
void till_link_succeeded(TillEngine *engine);
/* A request failed: says why, whether that means offline or refused. */
void till_link_note_failure(TillEngine *engine, const TillReply *reply);
/* The central's answer was ours but made no sense, or proved it wrong. */
void till_link_accuse(TillEngine *engine, const char *words);
/* The main lane failed: note it, sleep with backoff. */
void till_link_main_failed(TillEngine *engine, const TillReply *reply);
void till_link_learn_time(TillEngine *engine, gint64 server_time_ms, gint64 rtt_ms);
/* Back to hello before anything else. */
void till_link_forget_session(TillEngine *engine);

/* report.c */

/* Computes health anew and tells the observer when it changed. */
void till_report_publish(TillEngine *engine);
void till_report_cache_changed(TillEngine *engine);
GSource *till_report_outlet_new(TillEngine *engine, GMainContext *context);

/* hello.c, mend.c */

void till_hello_start(TillEngine *engine);
/* Nothing (more) to mend: pushing may begin. */
void till_hello_finish(TillEngine *engine);
void till_mend_next(TillEngine *engine);

/* push.c, batch.c, offer.c */

void till_push_init(TillEngine *engine);
void till_push_clear(TillEngine *engine);
/* FALSE: there was nothing to send after all. */
gboolean till_push_start(TillEngine *engine);
void till_push_drop_prepared(TillEngine *engine);
/* Drops what is under way too: safe, it is sent again. */
void till_push_cancel(TillEngine *engine);
void till_push_add_resend(TillEngine *engine, guint64 incarnation, gint64 after_seq,
			  gint64 until_seq);
/* Store thread. Reads the next batch: after_seq of incarnation, or the oldest pending rows when
 * incarnation is 0. *out_batch NULL: none. */
gboolean till_batch_read(TillStore *store, guint64 incarnation, gint64 after_seq, guint limit,
			 TillBatch **out_batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes the message. */
void till_batch_write(TillBatch *batch, TillEngine *engine);
void till_batch_free(TillBatch *batch);
/* Checks an answer to the batch and turns it into acknowledgements (reason strings borrowed from
 * answer). NULL with TILL_ERROR_DENIED in words when it does not prove what it says. */
TillAck *till_batch_acks(const TillBatch *batch, const TillWirePushAnswer *answer,
			 const TillIdentity *identity, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_offer_is_due(TillEngine *engine);
gboolean till_offer_start(TillEngine *engine);

/* pull.c, snapshot.c */

void till_pull_init(TillEngine *engine);
void till_pull_clear(TillEngine *engine);
void till_pull_start(TillEngine *engine);
/* When pull wants to run next, if it may. */
gint64 till_pull_due(const TillEngine *engine);
void till_pull_soon(TillEngine *engine);
/* Back to rest; the next round when it is usual. */
void till_pull_rest(TillEngine *engine);
void till_pull_failed(TillEngine *engine, const TillReply *reply);
void till_snapshot_start(TillEngine *engine);
/* The download has been looked through. */
void till_snapshot_checked(TillEngine *engine);
void till_snapshot_want(TillEngine *engine, const char *epoch, gboolean at_once);

/* live.c */

void till_live_start(TillEngine *engine);
/* Acts on hints that came since. */
void till_live_heed(TillEngine *engine);

G_END_DECLS
