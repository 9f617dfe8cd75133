/* SPDX-License-Identifier: Apache-2.0 */
#include "camera-watch.h"

#include <pthread.h>

#include "camera-pipeline.h"
#include "code-reader-process.h"
#include "error.h"
#include "repeat-gate.h"

/* The worker sleeps on one condition until something happens to it: a frame, trouble, the stop, or
 * a time that is over. Frames are only announced: the worker takes the newest when it is ready for
 * it. */

#define US_PER_MS G_GINT64_CONSTANT(1000)
#define RETRY_MS 3000
#define NONE_FOUND_TIMES 4 /* as long, where nobody waits for a camera */
/* A webcam may take seconds to its first frame, and then never more than a fraction of one. */
#define FIRST_FRAME_MS 10000
#define NEXT_FRAME_MS 5000
/* A camera may send twice as many frames as help: the reader gets at most some sixteen a second. */
#define READ_EVERY_MS 60
#define FRAME_MS 2000 /* for the reader, after which it is taken for hung */
/* After the first death of the reader the next frame goes to a new one at once. */
#define REST_MS 250
#define REST_MS_MAX 8000
#define DEATHS_TOLD 3 /* in a row: then a person should know */

struct TillCameraWatch {
	const TillCameraSource *source; /* borrowed */
	char *program;                  /* owned; nullable */
	gint64 retry_ms;
	TillCameraCallbacks hooks;

	pthread_mutex_t lock;
	pthread_cond_t wake;
	gboolean is_stopped;       /* guarded by lock, as is what follows */
	gboolean is_fresh;         /* a frame came since the last one was taken */
	gint64 arrived_us;         /* the newest frame */
	TillCameraTrouble trouble; /* of the pipeline that is open */
	TillCameraCounts counts;
	TillCodeReaderProcess *reader; /* owned; guarded only as a pointer: the worker uses it */

	/* The worker's. */
	TillRepeatGate *gate;   /* owned */
	guint deaths;           /* of the reader, in a row */
	gint64 rest_until_us;   /* frames before this are let go */
	gboolean is_told;       /* any state */
	TillCameraState state;  /* as told */
	TillCameraTrouble told; /* with it */
	char *sentence;         /* owned; as told */
};

TillCameraWatch *
till_camera_watch_new(const TillCameraSource *source, const TillCameraConfig *config,
		      const TillCameraCallbacks *hooks)
{
	TillCameraWatch *watch = g_new0(TillCameraWatch, 1);
	pthread_condattr_t attributes;

	watch->source = source;
	watch->program = g_strdup(config->reader);
	watch->retry_ms = config->retry_ms > 0 ? config->retry_ms : RETRY_MS;
	watch->hooks = *hooks;
	watch->gate = till_repeat_gate_new(TILL_CAMERA_GONE_MS);
	pthread_mutex_init(&watch->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&watch->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	return watch;
}

void
till_camera_watch_free(TillCameraWatch *watch)
{
	if (watch == NULL)
		return;
	till_code_reader_process_free(watch->reader);
	till_repeat_gate_free(watch->gate);
	pthread_cond_destroy(&watch->wake);
	pthread_mutex_destroy(&watch->lock);
	g_free(watch->program);
	g_free(watch->sentence);
	g_free(watch);
}

void
till_camera_watch_stop(TillCameraWatch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->is_stopped = TRUE;
	if (watch->reader != NULL)
		till_code_reader_process_interrupt(watch->reader);
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
}

void
till_camera_watch_counts(TillCameraWatch *watch, TillCameraCounts *out)
{
	pthread_mutex_lock(&watch->lock);
	*out = watch->counts;
	pthread_mutex_unlock(&watch->lock);
}

/* ---- What happens to it ---- */

typedef enum {
	EVENT_STOP,
	EVENT_TROUBLE,
	EVENT_FRAME,
	EVENT_LATE,
} Event;

static void
sleep_until(TillCameraWatch *watch, gint64 deadline_us)
{
	struct timespec deadline = {
	    .tv_sec = deadline_us / G_USEC_PER_SEC,
	    .tv_nsec = deadline_us % G_USEC_PER_SEC * 1000,
	};

	pthread_cond_timedwait(&watch->wake, &watch->lock, &deadline);
}

/* The next event, of which a frame is no longer fresh then. */
static Event
wait_event(TillCameraWatch *watch, gint64 deadline_us)
{
	Event event = EVENT_LATE;

	pthread_mutex_lock(&watch->lock);
	while (!watch->is_stopped && watch->trouble == TILL_CAMERA_FINE && !watch->is_fresh &&
	       g_get_monotonic_time() < deadline_us)
		sleep_until(watch, deadline_us);
	if (watch->is_stopped)
		event = EVENT_STOP;
	else if (watch->trouble != TILL_CAMERA_FINE)
		event = EVENT_TROUBLE;
	else if (watch->is_fresh)
		event = EVENT_FRAME;
	watch->is_fresh = FALSE;
	pthread_mutex_unlock(&watch->lock);
	return event;
}

/* FALSE when it was stopped meanwhile. */
static gboolean
pause_for(TillCameraWatch *watch, gint64 ms)
{
	gint64 deadline_us = g_get_monotonic_time() + ms * 1000;

	pthread_mutex_lock(&watch->lock);
	while (!watch->is_stopped && g_get_monotonic_time() < deadline_us)
		sleep_until(watch, deadline_us);
	gboolean goes_on = !watch->is_stopped;
	pthread_mutex_unlock(&watch->lock);
	return goes_on;
}

static void
frame_cb(gpointer user)
{
	TillCameraWatch *watch = user;

	pthread_mutex_lock(&watch->lock);
	watch->is_fresh = TRUE;
	watch->arrived_us = g_get_monotonic_time();
	watch->counts.arrived++;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
}

static void
preview_cb(GBytes *rgb, guint width, guint height, guint stride, gpointer user)
{
	TillCameraWatch *watch = user;

	if (watch->hooks.preview != NULL)
		watch->hooks.preview(rgb, width, height, stride, watch->hooks.user);
	g_bytes_unref(rgb);
}

static void
trouble_cb(TillCameraTrouble trouble, gpointer user)
{
	TillCameraWatch *watch = user;

	pthread_mutex_lock(&watch->lock);
	watch->trouble = trouble;
	pthread_cond_signal(&watch->wake);
	pthread_mutex_unlock(&watch->lock);
}

/* ---- What it tells ---- */

static void
tell_state(TillCameraWatch *watch, TillCameraState state, TillCameraTrouble trouble,
	   const char *sentence)
{
	if (watch->is_told && watch->state == state && g_strcmp0(watch->sentence, sentence) == 0)
		return;
	watch->is_told = TRUE;
	watch->state = state;
	watch->told = trouble;
	g_free(watch->sentence);
	watch->sentence = g_strdup(sentence);
	if (watch->hooks.state != NULL)
		watch->hooks.state(state, trouble, sentence, watch->hooks.user);
}

static void
tell_trouble(TillCameraWatch *watch, TillCameraTrouble trouble)
{
	g_autofree char *sentence = till_camera_source_explain(watch->source, trouble);

	tell_state(watch, TILL_CAMERA_FAILED, trouble, sentence);
}

static void
tell_codes(TillCameraWatch *watch, const GPtrArray *codes, gint64 arrived_us)
{
	/* Rounded up: no frame took no time. */
	gint64 ms = (g_get_monotonic_time() - arrived_us + 999) / 1000;

	for (guint i = 0; i < codes->len; i++) {
		const TillCode *code = g_ptr_array_index(codes, i);
		if (till_repeat_gate_see(watch->gate, code, arrived_us / 1000) &&
		    watch->hooks.code != NULL)
			watch->hooks.code(code, ms, watch->hooks.user);
	}
}

/* ---- Reading ---- */

static void
count(TillCameraWatch *watch, gboolean is_lost)
{
	pthread_mutex_lock(&watch->lock);
	watch->counts.read++;
	watch->counts.lost += is_lost ? 1 : 0;
	pthread_mutex_unlock(&watch->lock);
}

/* The reader died over a frame: it is let rest before the next, the longer the more often. */
static void
rest(TillCameraWatch *watch, const GError *error)
{
	guint doublings = MIN(watch->deaths, 8);

	if (watch->deaths > 0)
		watch->rest_until_us = g_get_monotonic_time() +
				       MIN((gint64)REST_MS << (doublings - 1), REST_MS_MAX) * 1000;
	watch->deaths++;
	if (watch->deaths >= DEATHS_TOLD ||
	    g_error_matches(error, TILL_ERROR, TILL_ERROR_NOT_FOUND))
		tell_state(watch, TILL_CAMERA_FAILED, TILL_CAMERA_READER, error->message);
}

static void
read_frame(TillCameraWatch *watch, TillCameraPipeline *pipeline)
{
	g_autoptr(TillImage) frame = till_camera_pipeline_take(pipeline);
	g_autoptr(GError) error = NULL;

	pthread_mutex_lock(&watch->lock);
	gint64 arrived_us = watch->arrived_us;
	gboolean is_stopped = watch->is_stopped;
	pthread_mutex_unlock(&watch->lock);
	if (frame == NULL || is_stopped)
		return;
	g_autoptr(GPtrArray) codes =
	    till_code_reader_process_read_frame(watch->reader, frame, arrived_us / 1000, &error);
	count(watch, codes == NULL);
	if (codes == NULL) {
		rest(watch, error);
		return;
	}
	watch->deaths = 0;
	watch->rest_until_us = arrived_us + READ_EVERY_MS * US_PER_MS;
	tell_state(watch, TILL_CAMERA_WATCHING, TILL_CAMERA_FINE, NULL);
	tell_codes(watch, codes, arrived_us);
}

/* Until it is stopped or fails, which is told. */
static void
watch_pipeline(TillCameraWatch *watch, TillCameraPipeline *pipeline)
{
	gint64 deadline_us = g_get_monotonic_time() + FIRST_FRAME_MS * US_PER_MS;
	Event event;

	while ((event = wait_event(watch, deadline_us)) == EVENT_FRAME) {
		if (watch->deaths == 0)
			tell_state(watch, TILL_CAMERA_WATCHING, TILL_CAMERA_FINE, NULL);
		if (g_get_monotonic_time() >= watch->rest_until_us)
			read_frame(watch, pipeline);
		deadline_us = g_get_monotonic_time() + NEXT_FRAME_MS * US_PER_MS;
	}
	if (event == EVENT_LATE)
		tell_trouble(watch, TILL_CAMERA_SILENT);
	if (event == EVENT_TROUBLE)
		tell_trouble(watch, watch->trouble);
}

static void
try_once(TillCameraWatch *watch)
{
	const TillCameraPipelineHooks hooks = {frame_cb, preview_cb, trouble_cb, watch};
	TillCameraTrouble trouble = TILL_CAMERA_FINE;

	pthread_mutex_lock(&watch->lock);
	watch->trouble = TILL_CAMERA_FINE;
	watch->is_fresh = FALSE;
	pthread_mutex_unlock(&watch->lock);
	TillCameraPipeline *pipeline = till_camera_pipeline_open(watch->source, &hooks, &trouble);
	if (pipeline == NULL) {
		tell_trouble(watch, trouble);
		return;
	}
	watch_pipeline(watch, pipeline);
	till_camera_pipeline_close(pipeline);
}

/* FALSE when it was stopped before it began. */
static gboolean
begin(TillCameraWatch *watch)
{
	const TillCodeReaderProcessConfig config = {watch->program, FRAME_MS, 0};
	TillCodeReaderProcess *reader = till_code_reader_process_new(&config);

	pthread_mutex_lock(&watch->lock);
	gboolean begins = !watch->is_stopped;
	watch->reader = reader;
	pthread_mutex_unlock(&watch->lock);
	return begins;
}

/* The process ends here and not with the watch, which may be freed by a thread that must not wait
 * for one. */
static void
end(TillCameraWatch *watch)
{
	pthread_mutex_lock(&watch->lock);
	TillCodeReaderProcess *reader = g_steal_pointer(&watch->reader);
	pthread_mutex_unlock(&watch->lock);
	till_code_reader_process_free(reader);
}

/* A machine that has no camera is asked less often. */
static gint64
retry_ms(const TillCameraWatch *watch)
{
	return watch->told == TILL_CAMERA_NONE_FOUND ? NONE_FOUND_TIMES * watch->retry_ms
						     : watch->retry_ms;
}

void
till_camera_watch_run(TillCameraWatch *watch)
{
	if (begin(watch)) {
		tell_state(watch, TILL_CAMERA_STARTING, TILL_CAMERA_FINE, NULL);
		do
			try_once(watch);
		while (pause_for(watch, retry_ms(watch)));
	}
	end(watch);
}
