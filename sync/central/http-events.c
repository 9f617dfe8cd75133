/* SPDX-License-Identifier: Apache-2.0 */
#include "http-events.h"

#include <microhttpd.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "changes.h"
#include "json.h"
#include "messages.h"

#define HEARTBEAT_S 15
#define STREAM_MIN_MS (25 * 60 * 1000)
#define STREAM_SPREAD_MS (10 * 60 * 1000)
#define SCOPES_MAX 2
#define WATCHERS_MAX 16

/* One open stream. It is either being read by the daemon or suspended, never both. */
typedef struct {
	TillHttpEvents *events; /* borrowed */
	struct MHD_Connection *connection;
	char *scopes[SCOPES_MAX];
	gint64 told[SCOPES_MAX]; /* head last sent; -1: none yet */
	char *watch;             /* a fulfilment of the first scope; NULL: the scopes are told */
	gint64 version, version_told; /* of it */
	gint64 end_mono_ms;
	gboolean suspended;
	gboolean beat; /* a comment is due */
} Stream;

struct TillHttpEvents {
	TillCentral *central; /* borrowed */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	GHashTable *streams; /* of Stream; guarded by lock, like all below */
	GHashTable *heads;   /* scope → gint64 */
	gboolean stop;
};

/* Lock held. */
static void
resume(Stream *stream)
{
	if (!stream->suspended)
		return;
	stream->suspended = FALSE;
	MHD_resume_connection(stream->connection);
}

static void
wake_all(TillHttpEvents *events, gboolean beat)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, events->streams);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		Stream *stream = key;
		stream->beat |= beat;
		resume(stream);
	}
}

static void *
thread_main(void *user)
{
	TillHttpEvents *events = user;

	pthread_mutex_lock(&events->lock);
	while (!events->stop) {
		struct timespec until = {.tv_sec = till_central_now_ms(events->central) / 1000 +
						   HEARTBEAT_S};
		pthread_cond_timedwait(&events->wake, &events->lock, &until);
		wake_all(events, TRUE);
	}
	wake_all(events, TRUE);
	pthread_mutex_unlock(&events->lock);
	return NULL;
}

TillHttpEvents *
till_http_events_new(TillCentral *central)
{
	TillHttpEvents *events = g_new0(TillHttpEvents, 1);
	int result;

	events->central = central;
	events->streams = g_hash_table_new(NULL, NULL);
	events->heads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	pthread_mutex_init(&events->lock, NULL);
	pthread_cond_init(&events->wake, NULL);
	result = pthread_create(&events->thread, NULL, thread_main, events);
	g_assert(result == 0);
	pthread_setname_np(events->thread, "heartbeat");
	return events;
}

void
till_http_events_stop(TillHttpEvents *events)
{
	pthread_mutex_lock(&events->lock);
	events->stop = TRUE;
	pthread_cond_signal(&events->wake);
	pthread_mutex_unlock(&events->lock);
	pthread_join(events->thread, NULL);
}

void
till_http_events_free(TillHttpEvents *events)
{
	if (events == NULL)
		return;
	g_assert(g_hash_table_size(events->streams) == 0);
	g_hash_table_unref(events->streams);
	g_hash_table_unref(events->heads);
	pthread_cond_destroy(&events->wake);
	pthread_mutex_destroy(&events->lock);
	g_free(events);
}

/* Lock held. */
static gint64
find_head(TillHttpEvents *events, const char *scope)
{
	const gint64 *head = g_hash_table_lookup(events->heads, scope);

	return head != NULL ? *head : 0;
}

/* Lock held. What the stream has to say now; 0 bytes: nothing. */
static gsize
write_news(Stream *stream, char *buffer, gsize size)
{
	TillHttpEvents *events = stream->events;
	GString *text = g_string_new(NULL);
	gsize length;

	if (stream->watch != NULL && stream->version != stream->version_told) {
		stream->version_told = stream->version;
		g_string_append_printf(
		    text, "event: changed\ndata: {\"version\":%" G_GINT64_FORMAT "}\n\n",
		    stream->version);
	}
	for (int i = 0; stream->watch == NULL && i < SCOPES_MAX && stream->scopes[i] != NULL; i++) {
		gint64 head = find_head(events, stream->scopes[i]);
		g_autoptr(json_t) hint = NULL;
		g_autofree char *data = NULL;
		if (head == stream->told[i])
			continue;
		stream->told[i] = head;
		hint = till_messages_write_hint(stream->scopes[i], head);
		data = till_json_write(hint, NULL);
		g_string_append_printf(text, "event: head\ndata: %s\n\n", data);
	}
	if (text->len == 0 && stream->beat)
		g_string_append(text, ":\n\n");
	stream->beat = FALSE;
	length = MIN(text->len, size);
	memcpy(buffer, text->str, length);
	g_string_free(text, TRUE);
	return length;
}

static ssize_t
read_cb(void *user, uint64_t position G_GNUC_UNUSED, char *buffer, size_t size)
{
	Stream *stream = user;
	TillHttpEvents *events = stream->events;
	gsize length;

	pthread_mutex_lock(&events->lock);
	if (events->stop || till_clock_mono_ms(events->central->clock) > stream->end_mono_ms) {
		pthread_mutex_unlock(&events->lock);
		return MHD_CONTENT_READER_END_OF_STREAM;
	}
	length = write_news(stream, buffer, size);
	if (length == 0) {
		stream->suspended = TRUE;
		MHD_suspend_connection(stream->connection);
	}
	pthread_mutex_unlock(&events->lock);
	return (ssize_t)length;
}

static void
free_stream_cb(void *user)
{
	Stream *stream = user;
	TillHttpEvents *events = stream->events;

	pthread_mutex_lock(&events->lock);
	g_hash_table_remove(events->streams, stream);
	pthread_mutex_unlock(&events->lock);
	for (int i = 0; i < SCOPES_MAX; i++)
		g_free(stream->scopes[i]);
	g_free(stream->watch);
	g_free(stream);
}

static Stream *
make_stream(TillHttpEvents *events, struct MHD_Connection *connection)
{
	Stream *stream = g_new0(Stream, 1);
	guint32 spread;

	stream->events = events;
	stream->connection = connection;
	stream->beat = TRUE;
	till_crypto_random(&spread, sizeof spread);
	stream->end_mono_ms =
	    till_clock_mono_ms(events->central->clock) + STREAM_MIN_MS + spread % STREAM_SPREAD_MS;
	return stream;
}

/* The smallest block is enough: what is said at once is below 300 bytes. */
static struct MHD_Response *
answer(Stream *stream)
{
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_cb, stream,
						 free_stream_cb);
}

/* Lock held. */
static guint
count_watchers(TillHttpEvents *events, const char *fulfilment)
{
	GHashTableIter iter;
	gpointer key;
	guint count = 0;

	g_hash_table_iter_init(&iter, events->streams);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		const Stream *stream = key;
		count += g_strcmp0(stream->watch, fulfilment) == 0 ? 1 : 0;
	}
	return count;
}

struct MHD_Response *
till_http_events_watch(TillHttpEvents *events, struct MHD_Connection *connection, const char *scope,
		       const char *fulfilment, gint64 version)
{
	Stream *stream = make_stream(events, connection);

	stream->scopes[0] = g_strdup(scope);
	stream->watch = g_strdup(fulfilment);
	stream->version = version;
	stream->version_told = version;
	pthread_mutex_lock(&events->lock);
	if (count_watchers(events, fulfilment) >= WATCHERS_MAX)
		stream->end_mono_ms = 0;
	g_hash_table_add(events->streams, stream);
	pthread_mutex_unlock(&events->lock);
	return answer(stream);
}

struct MHD_Response *
till_http_events_open(TillHttpEvents *events, struct MHD_Connection *connection, const char *scopes)
{
	Stream *stream = make_stream(events, connection);
	g_auto(GStrv) names = g_strsplit(scopes, ",", SCOPES_MAX);

	for (int i = 0; i < SCOPES_MAX && names[i] != NULL; i++) {
		stream->scopes[i] = g_strdup(names[i]);
		stream->told[i] = -1;
	}
	pthread_mutex_lock(&events->lock);
	g_hash_table_add(events->streams, stream);
	pthread_mutex_unlock(&events->lock);
	return answer(stream);
}

/* Lock held. The versions of what is watched in a scope that moved. */
static void
look_at_watched(TillHttpEvents *events, const char *scope)
{
	GHashTableIter iter;
	gpointer key;

	g_hash_table_iter_init(&iter, events->streams);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		Stream *stream = key;
		TillDbQuery *query;
		if (stream->watch == NULL || strcmp(stream->scopes[0], scope) != 0)
			continue;
		query = till_db_query(events->central->db, "SELECT version FROM fulfilment WHERE "
							   "scope = ?1 AND id = ?2");
		till_db_bind_text(query, 1, scope);
		till_db_bind_text(query, 2, stream->watch);
		if (!till_db_fetch_int(query, stream->version, &stream->version, NULL))
			stream->beat = TRUE;
	}
}

void
till_http_events_committed(TillHttpEvents *events)
{
	TillDbQuery *query = till_db_query(events->central->db, "SELECT name, head FROM scope");
	gboolean moved = FALSE;

	pthread_mutex_lock(&events->lock);
	while (till_db_step(query, NULL)) {
		gint64 head = till_db_int(query, 1);
		if (find_head(events, till_db_text(query, 0)) == head)
			continue;
		g_hash_table_replace(events->heads, g_strdup(till_db_text(query, 0)),
				     g_memdup2(&head, sizeof head));
		look_at_watched(events, till_db_text(query, 0));
		moved = TRUE;
	}
	if (moved)
		wake_all(events, FALSE);
	pthread_mutex_unlock(&events->lock);
}
