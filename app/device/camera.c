/* SPDX-License-Identifier: Apache-2.0 */
#include "camera.h"

#include <pthread.h>

#include "camera-watch.h"
#include "worker.h"

/* Each start makes a session of its own, so that what an older one still has to say can be told
 * from what the newest says: a session whose camera pointer is gone has been stopped, and its news
 * are dropped. */

typedef struct Session Session;

struct TillCamera {
	TillCameraSource source;
	TillCameraConfig config; /* its texts are owned below */
	char *reader;
	GMainContext *context; /* owned */
	TillCameraCallbacks callbacks;
	TillWorker *worker; /* owned; NULL for no camera */
	Session *session;   /* a reference; NULL when stopped */
};

typedef struct {
	GBytes *rgb; /* owned */
	guint width;
	guint height;
	guint stride;
} Preview;

struct Session {
	gatomicrefcount references;
	TillCamera *camera;     /* the context's thread only; NULL once stopped */
	GMainContext *context;  /* owned */
	TillCameraWatch *watch; /* owned */
	pthread_mutex_t lock;
	Preview *preview; /* owned; guarded by lock: the newest that was not shown yet */
};

typedef enum {
	NEWS_CODE,
	NEWS_PREVIEW,
	NEWS_STATE,
} NewsKind;

typedef struct {
	NewsKind kind;
	Session *session; /* a reference */
	TillCode *code;   /* owned */
	gint64 ms;
	TillCameraState state;
	TillCameraTrouble trouble;
	char *sentence; /* owned */
} News;

static void
free_preview(Preview *preview)
{
	if (preview == NULL)
		return;
	g_bytes_unref(preview->rgb);
	g_free(preview);
}

static Session *
keep(Session *session)
{
	g_atomic_ref_count_inc(&session->references);
	return session;
}

static void
let_go(gpointer data)
{
	Session *session = data;

	if (!g_atomic_ref_count_dec(&session->references))
		return;
	till_camera_watch_free(session->watch);
	free_preview(session->preview);
	pthread_mutex_destroy(&session->lock);
	g_main_context_unref(session->context);
	g_free(session);
}

/* ---- News, to the context ---- */

static void
free_news(gpointer data)
{
	News *news = data;

	till_code_free(news->code);
	g_free(news->sentence);
	let_go(news->session);
	g_free(news);
}

static Preview *
take_preview(Session *session)
{
	pthread_mutex_lock(&session->lock);
	Preview *preview = g_steal_pointer(&session->preview);
	pthread_mutex_unlock(&session->lock);
	return preview;
}

/* A callback may stop or free the camera: nothing of it is touched after the call. */
static gboolean
news_cb(gpointer user)
{
	const News *news = user;
	Preview *preview = news->kind == NEWS_PREVIEW ? take_preview(news->session) : NULL;

	if (news->session->camera != NULL) {
		const TillCameraCallbacks to = news->session->camera->callbacks;
		if (news->kind == NEWS_CODE && to.code != NULL)
			to.code(news->code, news->ms, to.user);
		if (news->kind == NEWS_STATE && to.state != NULL)
			to.state(news->state, news->trouble, news->sentence, to.user);
		if (preview != NULL && to.preview != NULL)
			to.preview(preview->rgb, preview->width, preview->height, preview->stride,
				   to.user);
	}
	free_preview(preview);
	return G_SOURCE_REMOVE;
}

static void
post(Session *session, News news)
{
	g_autoptr(GSource) source = g_idle_source_new();

	news.session = keep(session);
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_static_name(source, "till-camera");
	g_source_set_callback(source, news_cb, g_memdup2(&news, sizeof news), free_news);
	g_source_attach(source, session->context);
}

static void
code_hook(const TillCode *code, gint64 ms, gpointer user)
{
	post(user, (News){
		       .kind = NEWS_CODE,
		       .code = till_code_new(code->kind, code->bytes, code->size, code->gs1),
		       .ms = ms,
		   });
}

static void
state_hook(TillCameraState state, TillCameraTrouble trouble, const char *sentence, gpointer user)
{
	post(user, (News){
		       .kind = NEWS_STATE,
		       .state = state,
		       .trouble = trouble,
		       .sentence = g_strdup(sentence),
		   });
}

/* A picture that nobody has looked at yet is replaced, so that they do not queue up. */
static void
preview_hook(GBytes *rgb, guint width, guint height, guint stride, gpointer user)
{
	Session *session = user;
	Preview *preview = g_new0(Preview, 1);

	*preview = (Preview){g_bytes_ref(rgb), width, height, stride};
	pthread_mutex_lock(&session->lock);
	Preview *missed = g_steal_pointer(&session->preview);
	session->preview = preview;
	pthread_mutex_unlock(&session->lock);
	if (missed == NULL)
		post(session, (News){.kind = NEWS_PREVIEW});
	free_preview(missed);
}

/* ---- Starting and stopping ---- */

static Session *
new_session(TillCamera *camera)
{
	Session *session = g_new0(Session, 1);
	const TillCameraCallbacks hooks = {code_hook, preview_hook, state_hook, session};

	g_atomic_ref_count_init(&session->references);
	pthread_mutex_init(&session->lock, NULL);
	session->camera = camera;
	session->context = g_main_context_ref(camera->context);
	session->watch = till_camera_watch_new(&camera->source, &camera->config, &hooks);
	return session;
}

static gboolean
run_job(gpointer owner, gpointer data, GError **error)
{
	Session *session = data;

	(void)owner;
	(void)error;
	till_camera_watch_run(session->watch);
	return TRUE;
}

void
till_camera_start(TillCamera *camera)
{
	if (camera->session != NULL || camera->worker == NULL)
		return;
	camera->session = new_session(camera);
	till_worker_post(camera->worker, run_job, keep(camera->session), let_go, NULL, NULL, NULL);
}

void
till_camera_stop(TillCamera *camera)
{
	Session *session = g_steal_pointer(&camera->session);

	if (session == NULL)
		return;
	session->camera = NULL;
	till_camera_watch_stop(session->watch);
	let_go(session);
}

void
till_camera_counts(TillCamera *camera, TillCameraCounts *out)
{
	*out = (TillCameraCounts){0};
	if (camera->session != NULL)
		till_camera_watch_counts(camera->session->watch, out);
}

TillCamera *
till_camera_new(const TillCameraConfig *config, const TillCameraCallbacks *callbacks,
		GError **error)
{
	g_auto(TillCameraSource) source = {0};

	if (!till_camera_source_read(config->source, &source, error))
		return NULL;
	TillCamera *camera = g_new0(TillCamera, 1);
	camera->source = source;
	source = (TillCameraSource){0};
	camera->reader = g_strdup(config->reader);
	camera->config = *config;
	camera->config.source = NULL;
	camera->config.reader = camera->reader;
	camera->context = g_main_context_ref(config->context != NULL ? config->context
								     : g_main_context_default());
	camera->callbacks = *callbacks;
	if (camera->source.kind != TILL_CAMERA_SOURCE_NONE)
		camera->worker = till_worker_new("camera", camera, NULL);
	return camera;
}

void
till_camera_free(TillCamera *camera)
{
	if (camera == NULL)
		return;
	till_camera_stop(camera);
	g_clear_pointer(&camera->worker, till_worker_free);
	till_camera_source_clear(&camera->source);
	g_main_context_unref(camera->context);
	g_free(camera->reader);
	g_free(camera);
}
