/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include <string.h>

#include "camera.h"
#include "error.h"

#define SECONDS_MAX 86400

typedef struct {
	GMainLoop *loop;
	gboolean is_once;
	guint codes;
	GError *error; /* owned: what ended the watching */
} Watching;

static void
fail(Watching *watching, GError *error)
{
	if (watching->error == NULL)
		watching->error = error;
	else
		g_error_free(error);
	g_main_loop_quit(watching->loop);
}

static void
code_cb(const TillCode *code, gint64 ms, gpointer user)
{
	Watching *watching = user;
	g_autoptr(json_t) line = till_code_to_json(code);
	GError *error = NULL;

	if (watching->is_once && watching->codes > 0)
		return;
	json_object_set_new(line, "ms", json_integer(ms));
	watching->codes++;
	if (!till_verb_print(line, &error))
		fail(watching, error);
	if (watching->is_once)
		g_main_loop_quit(watching->loop);
}

static void
state_cb(TillCameraState state, TillCameraTrouble trouble, const char *sentence, gpointer user)
{
	(void)trouble;
	if (state == TILL_CAMERA_FAILED)
		fail(user, g_error_new_literal(TILL_ERROR, TILL_ERROR_STATE, sentence));
}

static gboolean
time_cb(gpointer user)
{
	Watching *watching = user;

	if (watching->is_once)
		fail(watching, g_error_new_literal(TILL_ERROR, TILL_ERROR_NOT_FOUND,
						   "No code was read in this time; hold one still, "
						   "flat and a hand's width from the camera."));
	else
		g_main_loop_quit(watching->loop);
	return G_SOURCE_CONTINUE;
}

static void
watch(TillCamera *camera, gint64 seconds, Watching *watching)
{
	guint timer = seconds > 0 ? g_timeout_add_seconds((guint)seconds, time_cb, watching) : 0;

	watching->loop = g_main_loop_new(NULL, FALSE);
	till_camera_start(camera);
	g_main_loop_run(watching->loop);
	till_camera_stop(camera);
	g_main_loop_unref(watching->loop);
	if (timer != 0)
		g_source_remove(timer);
}

gboolean
till_verb_camera(const TillVerb *verb, GError **error)
{
	const char *source = till_arguments_option(verb->arguments, "source");
	TillCameraConfig config = {.source = source != NULL ? source : "auto"};
	Watching watching = {.is_once = till_arguments_option(verb->arguments, "once") != NULL};
	const TillCameraCallbacks callbacks = {code_cb, NULL, state_cb, &watching};
	gint64 seconds;

	if (!till_arguments_integer(verb->arguments, "seconds", 1, SECONDS_MAX, 0, &seconds, error))
		return FALSE;
	if (strcmp(config.source, "none") == 0) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "\"none\" is no camera; name one with --source.");
		return FALSE;
	}
	g_autoptr(TillCamera) camera = till_camera_new(&config, &callbacks, error);
	if (camera == NULL)
		return FALSE;
	watch(camera, seconds, &watching);
	if (watching.error == NULL)
		return TRUE;
	g_propagate_error(error, watching.error);
	return FALSE;
}
