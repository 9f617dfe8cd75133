/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshots.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "central.h"
#include "changes.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "server-log.h"
#include "snapshot-builder.h"

/* Rows per visit to the writer: some ten milliseconds of its time. */
#define PIECE_ROWS 2000
/* A snapshot that the feed can bring up to date in this many rows is served as it is. */
#define BEHIND_MAX 2000
#define COLUMNS_MAX 24
#define TRIES_MAX 3

typedef struct {
	char *store_code;
	TillSnapshotReady ready;
	gpointer user;
} Asker;

struct TillSnapshots {
	TillCentral *central; /* borrowed */
	char *dir;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	GQueue askers;     /* guarded by lock; of Asker */
	gboolean stop;     /* guarded by lock */
	GHashTable *ready; /* the builder's: store code → TillSnapshot */
};

static void
free_snapshot(gpointer data)
{
	TillSnapshot *snapshot = data;

	g_free(snapshot->path);
	g_free(snapshot);
}

/* --- what the writer is asked for --- */

/* A piece of one collection: rows of cells whose texts live in chunk. */
typedef struct {
	const TillCollection *collection;
	const char *scope;
	GStringChunk *chunk;
	GArray *cells; /* of TillSnapshotCell, column_count a row */
	guint rows;
	TillSnapshotCell last[COLUMNS_MAX]; /* where the next piece starts */
	GError *error;
} Piece;

static gboolean
piece_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Piece *piece = data;
	const TillCollection *collection = piece->collection;
	TillDbQuery *query = till_db_query(central->db, till_changes_walk_sql(collection));

	till_db_bind_text(query, 1, piece->scope);
	for (guint i = 0; i < collection->key_columns; i++) {
		if (collection->columns[i].kind == TILL_COLUMN_TEXT)
			till_db_bind_text(query, (int)i + 2, piece->last[i].text);
		else
			till_db_bind_int(query, (int)i + 2, piece->last[i].number);
	}
	till_db_bind_int(query, (int)collection->key_columns + 2, PIECE_ROWS);
	while (till_db_step(query, &piece->error)) {
		for (guint i = 0; i < collection->column_count; i++) {
			TillSnapshotCell cell = {.text = ""};
			if (collection->columns[i].kind == TILL_COLUMN_TEXT)
				cell.text = g_string_chunk_insert(piece->chunk,
								  till_db_text(query, (int)i));
			else
				cell.number = till_db_int(query, (int)i);
			g_array_append_val(piece->cells, cell);
		}
		piece->rows++;
	}
	return TRUE;
}

typedef struct {
	const char *scopes[2]; /* chain, the store's */
	gint64 heads[2];
	gint64 floors[2];
	GError *error;
} Heads;

static gboolean
heads_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Heads *heads = data;

	for (int i = 0; i < 2; i++) {
		if (!till_changes_heads(central->db, heads->scopes[i], &heads->heads[i],
					&heads->floors[i], &heads->error))
			break;
	}
	return TRUE;
}

typedef struct {
	gint64 seq;
	char *collection;
	char *key;
	char *value; /* NULL: delete */
} FeedRow;

static void
free_feed_row(gpointer data)
{
	FeedRow *row = data;

	g_free(row->collection);
	g_free(row->key);
	g_free(row->value);
	g_free(row);
}

/* Feed rows of one scope after a number, with head and floor at the same moment. */
typedef struct {
	const char *scope;
	gint64 after;
	gint64 head;
	gint64 floor;
	GPtrArray *rows;
	GError *error;
} Tail;

static gboolean
tail_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Tail *tail = data;
	TillDbQuery *query;

	if (!till_changes_heads(central->db, tail->scope, &tail->head, &tail->floor, &tail->error))
		return TRUE;
	query = till_db_query(central->db, "SELECT seq, collection, key, value FROM feed "
					   "WHERE scope = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
	till_db_bind_text(query, 1, tail->scope);
	till_db_bind_int(query, 2, tail->after);
	till_db_bind_int(query, 3, PIECE_ROWS);
	while (till_db_step(query, &tail->error)) {
		FeedRow *row = g_new0(FeedRow, 1);
		row->seq = till_db_int(query, 0);
		row->collection = g_strdup(till_db_text(query, 1));
		row->key = g_strdup(till_db_text(query, 2));
		if (!till_db_is_null(query, 3))
			row->value = g_strdup(till_db_text(query, 3));
		g_ptr_array_add(tail->rows, row);
	}
	return TRUE;
}

/* Runs a job and carries the error it left in its own data. */
static gboolean
ask_writer(TillSnapshots *snapshots, TillWriterRun run, gpointer data, GError **inner,
	   GError **error)
{
	if (!till_writer_call(snapshots->central->writer, run, data, error))
		return FALSE;
	if (*inner != NULL) {
		g_propagate_error(error, g_steal_pointer(inner));
		return FALSE;
	}
	return TRUE;
}

static gboolean
is_stopping(TillSnapshots *snapshots)
{
	gboolean stop;

	pthread_mutex_lock(&snapshots->lock);
	stop = snapshots->stop;
	pthread_mutex_unlock(&snapshots->lock);
	return stop;
}

/* --- building --- */

static gboolean
copy_piece(TillSnapshots *snapshots, TillSnapshotBuilder *builder, Piece *piece, GError **error)
{
	guint width = piece->collection->column_count;
	const TillSnapshotCell *row = NULL;

	piece->rows = 0;
	g_array_set_size(piece->cells, 0);
	if (!ask_writer(snapshots, piece_run, piece, &piece->error, error))
		return FALSE;
	for (guint i = 0; i < piece->rows; i++) {
		row = &g_array_index(piece->cells, TillSnapshotCell, i * width);
		if (!till_snapshot_builder_put(builder, piece->collection, row, error))
			return FALSE;
	}
	for (guint i = 0; row != NULL && i < piece->collection->key_columns; i++)
		piece->last[i] = row[i];
	return TRUE;
}

static gboolean
copy_collection(TillSnapshots *snapshots, TillSnapshotBuilder *builder,
		const TillCollection *collection, const char *scope, GError **error)
{
	Piece piece = {.collection = collection, .scope = scope};
	gboolean good = TRUE;

	g_assert(collection->column_count <= COLUMNS_MAX);
	for (guint i = 0; i < collection->key_columns; i++) {
		piece.last[i].text = "";
		piece.last[i].number = G_MININT64;
	}
	piece.cells = g_array_new(FALSE, FALSE, sizeof(TillSnapshotCell));
	do {
		GStringChunk *before = piece.chunk;
		piece.chunk = g_string_chunk_new(64 * 1024);
		good = !is_stopping(snapshots) && copy_piece(snapshots, builder, &piece, error);
		/* The keys where this piece started lived in the chunk before. */
		g_clear_pointer(&before, g_string_chunk_free);
	} while (good && piece.rows == PIECE_ROWS);
	g_clear_pointer(&piece.chunk, g_string_chunk_free);
	g_array_unref(piece.cells);
	if (!good && error != NULL && *error == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "The central is stopping.");
	return good;
}

static gboolean
apply_feed_row(TillSnapshotBuilder *builder, const FeedRow *row, GError **error)
{
	const TillCollection *collection = till_collection_find(row->collection);
	g_autoptr(json_t) value = NULL;

	if (collection == NULL)
		return TRUE;
	if (row->value == NULL)
		return till_snapshot_builder_delete(builder, collection, row->key, error);
	value = till_json_parse(row->value, strlen(row->value), 1024 * 1024, "feed row", error);
	return value != NULL && till_snapshot_builder_put_json(builder, collection, value, error);
}

/* Brings what was copied to one moment of the scope: the feed after the number at which copying
 * began. out_again: the feed no longer reaches back so far. */
static gboolean
replay_feed(TillSnapshots *snapshots, TillSnapshotBuilder *builder, const char *scope,
	    gint64 *inout_seq, gboolean *out_again, GError **error)
{
	gboolean good = TRUE;
	gboolean more = TRUE;

	while (good && more) {
		Tail tail = {.scope = scope, .after = *inout_seq};
		tail.rows = g_ptr_array_new_with_free_func(free_feed_row);
		good = ask_writer(snapshots, tail_run, &tail, &tail.error, error);
		*out_again = good && tail.floor > tail.after;
		for (guint i = 0; good && !*out_again && i < tail.rows->len; i++) {
			const FeedRow *row = g_ptr_array_index(tail.rows, i);
			good = apply_feed_row(builder, row, error);
			*inout_seq = row->seq;
		}
		more = !*out_again && *inout_seq < tail.head;
		g_ptr_array_unref(tail.rows);
	}
	return good;
}

static gboolean
fill(TillSnapshots *snapshots, TillSnapshotBuilder *builder, Heads *heads, gboolean *out_again,
     GError **error)
{
	gsize count;
	const TillCollection *table = till_collection_table(&count);

	for (gsize i = 0; i < count; i++) {
		if (!copy_collection(snapshots, builder, &table[i],
				     heads->scopes[table[i].store_scope ? 1 : 0], error))
			return FALSE;
	}
	for (int i = 0; i < 2 && !*out_again; i++) {
		if (!replay_feed(snapshots, builder, heads->scopes[i], &heads->heads[i], out_again,
				 error) ||
		    !till_snapshot_builder_cursor(builder, heads->scopes[i],
						  snapshots->central->epoch, heads->heads[i],
						  error))
			return FALSE;
	}
	return *out_again || till_snapshot_builder_finish(builder, error);
}

static gboolean
sync_file(const char *path, GError **error)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	gboolean good = descriptor >= 0 && fsync(descriptor) == 0;

	if (!good)
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK, "%s could not be written: %s.",
			    path, g_strerror(errno));
	if (descriptor >= 0)
		close(descriptor);
	return good;
}

/* Gives the finished file its name. Answers being sent keep the old file open by its descriptor. */
static TillSnapshot *
publish(TillSnapshots *snapshots, const char *store_code, const char *built, const Heads *heads,
	GError **error)
{
	g_autoptr(GError) local = NULL;
	TillSnapshot *snapshot = g_new0(TillSnapshot, 1);
	GStatBuf status;
	TillHash hash;

	snapshot->path =
	    g_strdup_printf("%s/%s-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT ".db", snapshots->dir,
			    store_code, heads->heads[0], heads->heads[1]);
	snapshot->chain_seq = heads->heads[0];
	snapshot->store_seq = heads->heads[1];
	if (!till_crypto_hash_file(built, &hash, error) || !sync_file(built, error)) {
		free_snapshot(snapshot);
		return NULL;
	}
	till_crypto_hash_format(&hash, snapshot->hash);
	if (g_rename(built, snapshot->path) != 0 || g_stat(snapshot->path, &status) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK, "%s could not be written: %s.",
			    snapshot->path, g_strerror(errno));
		free_snapshot(snapshot);
		return NULL;
	}
	snapshot->size = status.st_size;
	return snapshot;
}

/* NULL without error: the books changed too much meanwhile, try again. */
static TillSnapshot *
try_build(TillSnapshots *snapshots, const char *store_code, GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];
	Heads heads = {.scopes = {TILL_CHANGES_CHAIN, till_changes_scope(store_code, scope)}};
	g_autofree char *path = g_strdup_printf("%s/%s.building", snapshots->dir, store_code);
	g_autoptr(TillSnapshotBuilder) builder = till_snapshot_builder_new(path, error);
	gboolean again = FALSE;

	if (builder == NULL || !ask_writer(snapshots, heads_run, &heads, &heads.error, error) ||
	    !fill(snapshots, builder, &heads, &again, error) || again)
		return NULL;
	g_clear_pointer(&builder, till_snapshot_builder_free);
	return publish(snapshots, store_code, path, &heads, error);
}

static TillSnapshot *
build(TillSnapshots *snapshots, const char *store_code, GError **error)
{
	gint64 start_ms = till_clock_mono_ms(snapshots->central->clock);
	g_autoptr(GError) local = NULL;
	TillSnapshot *snapshot = NULL;

	for (int i = 0; i < TRIES_MAX && snapshot == NULL && local == NULL; i++)
		snapshot = try_build(snapshots, store_code, &local);
	if (snapshot == NULL && local == NULL)
		g_set_error(&local, TILL_ERROR, TILL_ERROR_BUSY,
			    "The catalogue is being changed. Ask again soon.");
	if (snapshot == NULL) {
		till_server_log("snapshot-failed", "store=%s reason=\"%s\"", store_code,
				local->message);
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	till_server_log("snapshot", "store=%s bytes=%" G_GINT64_FORMAT " ms=%" G_GINT64_FORMAT,
			store_code, snapshot->size,
			till_clock_mono_ms(snapshots->central->clock) - start_ms);
	return snapshot;
}

/* --- serving --- */

/* A ready snapshot that the feed still continues, and not by far. */
static const TillSnapshot *
find_ready(TillSnapshots *snapshots, const char *store_code, GError **error)
{
	const TillSnapshot *snapshot = g_hash_table_lookup(snapshots->ready, store_code);
	char scope[TILL_CHANGES_SCOPE_MAX];
	Heads heads = {.scopes = {TILL_CHANGES_CHAIN, till_changes_scope(store_code, scope)}};

	if (snapshot == NULL || !g_file_test(snapshot->path, G_FILE_TEST_EXISTS) ||
	    !ask_writer(snapshots, heads_run, &heads, &heads.error, error))
		return NULL;
	if (snapshot->chain_seq < heads.floors[0] || snapshot->store_seq < heads.floors[1] ||
	    heads.heads[0] - snapshot->chain_seq > BEHIND_MAX ||
	    heads.heads[1] - snapshot->store_seq > BEHIND_MAX)
		return NULL;
	return snapshot;
}

static void
answer(TillSnapshots *snapshots, Asker *asker)
{
	g_autoptr(GError) error = NULL;
	const TillSnapshot *snapshot = find_ready(snapshots, asker->store_code, &error);
	TillSnapshot *fresh;

	if (snapshot == NULL && error == NULL) {
		fresh = build(snapshots, asker->store_code, &error);
		if (fresh != NULL) {
			const TillSnapshot *old =
			    g_hash_table_lookup(snapshots->ready, asker->store_code);
			if (old != NULL && strcmp(old->path, fresh->path) != 0)
				g_unlink(old->path);
			g_hash_table_replace(snapshots->ready, g_strdup(asker->store_code), fresh);
			snapshot = fresh;
		}
	}
	asker->ready(snapshot, error, asker->user);
	g_free(asker->store_code);
	g_free(asker);
}

static void *
thread_main(void *user)
{
	TillSnapshots *snapshots = user;
	Asker *asker;

	do {
		pthread_mutex_lock(&snapshots->lock);
		while (g_queue_is_empty(&snapshots->askers) && !snapshots->stop)
			pthread_cond_wait(&snapshots->wake, &snapshots->lock);
		asker = g_queue_pop_head(&snapshots->askers);
		pthread_mutex_unlock(&snapshots->lock);
		if (asker != NULL)
			answer(snapshots, asker);
	} while (asker != NULL);
	return NULL;
}

/* Snapshots of an earlier life are not trusted: their cursors' epoch may be gone. */
static gboolean
clear_dir(const char *path, GError **error)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (!till_file_make_dir(path, error))
		return FALSE;
	dir = g_dir_open(path, 0, error);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_unlink(file);
	}
	return dir != NULL;
}

TillSnapshots *
till_snapshots_new(TillCentral *central, GError **error)
{
	g_autofree char *dir = g_build_filename(central->dir, "snapshots", NULL);
	TillSnapshots *snapshots;
	int result;

	if (!clear_dir(dir, error))
		return NULL;
	snapshots = g_new0(TillSnapshots, 1);
	snapshots->central = central;
	snapshots->dir = g_steal_pointer(&dir);
	snapshots->ready = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_snapshot);
	g_queue_init(&snapshots->askers);
	pthread_mutex_init(&snapshots->lock, NULL);
	pthread_cond_init(&snapshots->wake, NULL);
	result = pthread_create(&snapshots->thread, NULL, thread_main, snapshots);
	g_assert(result == 0);
	pthread_setname_np(snapshots->thread, "snapshots");
	return snapshots;
}

void
till_snapshots_request(TillSnapshots *snapshots, const char *store_code, TillSnapshotReady ready,
		       gpointer user)
{
	g_autoptr(GError) error = NULL;
	gboolean stop;
	Asker *asker;

	pthread_mutex_lock(&snapshots->lock);
	stop = snapshots->stop;
	if (!stop) {
		asker = g_new0(Asker, 1);
		asker->store_code = g_strdup(store_code);
		asker->ready = ready;
		asker->user = user;
		g_queue_push_tail(&snapshots->askers, asker);
		pthread_cond_signal(&snapshots->wake);
	}
	pthread_mutex_unlock(&snapshots->lock);
	if (!stop)
		return;
	g_set_error(&error, TILL_ERROR, TILL_ERROR_STATE, "The central is stopping.");
	ready(NULL, error, user);
}

void
till_snapshots_stop(TillSnapshots *snapshots)
{
	pthread_mutex_lock(&snapshots->lock);
	snapshots->stop = TRUE;
	pthread_cond_signal(&snapshots->wake);
	pthread_mutex_unlock(&snapshots->lock);
}

void
till_snapshots_free(TillSnapshots *snapshots)
{
	if (snapshots == NULL)
		return;
	till_snapshots_stop(snapshots);
	pthread_join(snapshots->thread, NULL);
	g_hash_table_unref(snapshots->ready);
	pthread_cond_destroy(&snapshots->wake);
	pthread_mutex_destroy(&snapshots->lock);
	g_free(snapshots->dir);
	g_free(snapshots);
}
