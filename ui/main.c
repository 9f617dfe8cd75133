/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal's composition root: the only file of the screens that knows store and engine.
 *
 * Order of start: window and first frame, then (on a helper thread, because the disk may be slow)
 * the store, the register and the engine, then the session and the sign-in, then the sync thread
 * and the control socket.
 *
 * Order of end, each step leaving nothing that the next one needs:
 *   1. the window is closed: no more input;
 *   2. the control socket: no more questions from outside;
 *   3. the sync thread: no more jobs for the store from it;
 *   4. the session: late answers are dropped;
 *   5. the register, then the store: what is queued (a sale!) is still written, files are closed.
 */
#include <glib-unix.h>
#include <locale.h>

#include "application.h"
#include "camera-preview.h"
#include "camera-source.h"
#include "control.h"
#include "crypto.h"
#include "engine.h"
#include "error.h"
#include "session.h"
#include "store.h"

typedef struct {
	char *home;
	TillApplication *application;
	TillSound *sound;
	gboolean opening;

	TillStore *store;
	TillRegister *reg;
	TillPickupDesk *desk;
	TillEngine *engine;
	TillControl *control;
	TillSession *session;
} Program;

/* ---- opening, on a helper thread ---- */

typedef struct {
	TillStore *store;
	TillRegister *reg;
	TillPickupDesk *desk;
	TillEngine *engine;
} Opened;

static void
free_opened(gpointer data)
{
	Opened *opened = data;

	g_clear_pointer(&opened->engine, till_engine_free);
	g_clear_pointer(&opened->desk, till_pickup_desk_free);
	g_clear_pointer(&opened->reg, till_register_free);
	g_clear_pointer(&opened->store, till_store_close);
	g_free(opened);
}

/* The desk waits for an order that it does not know only while the central answers. */
static void
tell_health(Program *program, const TillHealth *health)
{
	till_pickup_desk_set_online(program->desk, health->state == TILL_HEALTH_ONLINE ||
						       health->state == TILL_HEALTH_SENDING ||
						       health->state == TILL_HEALTH_ATTENTION);
	till_session_set_health(program->session, health);
}

static void
health_cb(const TillHealth *health, gpointer user)
{
	Program *program = user;

	if (program->session != NULL)
		tell_health(program, health);
}

static void load_session(Program *program);

static void
cache_cb(gpointer user)
{
	Program *program = user;

	if (program->session != NULL)
		load_session(program);
}

static void
open_job(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
	Program *program = data;
	TillEngineObserver observer = {health_cb, cache_cb, program, g_main_context_default()};
	GError *error = NULL;
	Opened *opened = g_new0(Opened, 1);

	(void)source;
	(void)cancellable;
	opened->store = till_store_open(program->home, 0, "tillhouse", till_clock_system(),
					g_main_context_default(), &error);
	if (opened->store != NULL) {
		opened->reg = till_register_new(opened->store);
		opened->desk = till_pickup_desk_new(opened->store);
		opened->engine = till_engine_new(opened->store, &observer, &error);
	}
	if (error == NULL) {
		g_task_return_pointer(task, opened, free_opened);
		return;
	}
	/* Lets go of the home, so that the till can be enrolled meanwhile. */
	free_opened(opened);
	g_task_return_error(task, error);
}

/* ---- opened, on the main thread ---- */

static void
try_now_cb(gpointer user)
{
	Program *program = user;

	till_engine_try_now(program->engine);
}

static void
loaded_cb(TillSession *session, const GError *error, gpointer user)
{
	Program *program = user;
	TillWindow *window = till_application_get_window(program->application);

	if (window == NULL)
		return;
	if (error != NULL && till_session_get_shop(session) == NULL)
		till_window_block(window, error);
	else if (till_window_get_session(window) == NULL)
		till_window_set_session(window, session);
}

static void
load_session(Program *program)
{
	till_session_load(program->session, loaded_cb, program);
}

static void
start_desk(Program *program)
{
	TillSessionHooks hooks = {try_now_cb, program};
	g_autoptr(GError) error = NULL;
	TillHealth health;

	program->session = till_session_new(program->reg, till_clock_system(),
					    setlocale(LC_MONETARY, NULL), &hooks);
	till_session_set_desk(program->session, program->desk);
	till_engine_health(program->engine, &health);
	tell_health(program, &health);
	load_session(program);
	till_engine_start(program->engine);
	program->control = till_control_new(program->home, program->reg, program->engine, &error);
	if (error != NULL)
		till_session_notice(program->session, TILL_NOTICE_ATTENTION, FALSE,
				    "tillctl cannot reach this till: %s", error->message);
}

static void
opened_cb(GObject *source, GAsyncResult *result, gpointer user)
{
	Program *program = user;
	g_autoptr(GError) error = NULL;
	g_autofree Opened *opened = g_task_propagate_pointer(G_TASK(result), &error);
	TillWindow *window = till_application_get_window(program->application);

	(void)source;
	program->opening = FALSE;
	if (opened == NULL) {
		g_printerr("tillhouse: %s\n", error->message);
		if (window != NULL)
			till_window_block(window, error);
		return;
	}
	program->store = opened->store;
	program->reg = opened->reg;
	program->desk = opened->desk;
	program->engine = opened->engine;
	start_desk(program);
}

static void
open_cb(TillApplication *application, gpointer user)
{
	Program *program = user;
	g_autoptr(GTask) task = NULL;

	if (program->opening)
		return;
	if (program->session != NULL) {
		load_session(program);
		return;
	}
	program->opening = TRUE;
	task = g_task_new(application, NULL, opened_cb, program);
	g_task_set_task_data(task, program, NULL);
	g_task_run_in_thread(task, open_job);
}

/* ---- life ---- */

static gboolean
signal_cb(gpointer user)
{
	g_application_quit(G_APPLICATION(user));
	return G_SOURCE_CONTINUE;
}

static void
close_program(Program *program)
{
	TillWindow *window = till_application_get_window(program->application);

	if (window != NULL)
		gtk_window_destroy(GTK_WINDOW(window));
	/* A till that is still being opened hands over what it opened first. */
	while (program->opening)
		g_main_context_iteration(NULL, TRUE);
	g_clear_pointer(&program->control, till_control_free);
	g_clear_pointer(&program->engine, till_engine_free);
	g_clear_object(&program->session);
	g_clear_pointer(&program->desk, till_pickup_desk_free);
	g_clear_pointer(&program->reg, till_register_free);
	g_clear_pointer(&program->store, till_store_close);
	g_clear_object(&program->application);
	g_clear_pointer(&program->sound, till_sound_free);
	g_clear_pointer(&program->home, g_free);
}

static char *
choose_home(char *option)
{
	const char *home = g_getenv("TILLHOUSE_HOME");

	if (option != NULL)
		return option;
	if (home != NULL && *home != '\0')
		return g_strdup(home);
	return g_build_filename(g_get_user_data_dir(), "tillhouse", NULL);
}

/* FALSE when there is no such camera. */
static gboolean
choose_camera(const char *text, GError **error)
{
	g_auto(TillCameraSource) source = {0};

	if (text != NULL && !till_camera_source_read(text, &source, error))
		return FALSE;
	till_camera_preview_choose(text);
	return TRUE;
}

static gboolean
read_options(int *argc, char ***argv, Program *program, gboolean *out_fullscreen)
{
	char *home = NULL;
	g_autofree char *camera = NULL;
	gboolean version = FALSE;
	const GOptionEntry entries[] = {
	    {"home", 0, 0, G_OPTION_ARG_FILENAME, &home, "The till's home directory", "DIR"},
	    {"fullscreen", 'f', 0, G_OPTION_ARG_NONE, out_fullscreen, "Fill the screen (kiosk)",
	     NULL},
	    {"camera", 0, 0, G_OPTION_ARG_FILENAME, &camera,
	     "auto, none, v4l2:/dev/video0, picture:FILE or pictures:frames/%03d.png", "SOURCE"},
	    {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
	    {0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new("— the Tillhouse terminal");
	g_autoptr(GError) error = NULL;

	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, &error) || *argc > 1) {
		g_printerr("tillhouse: %s. Run tillhouse --help.\n",
			   error ? error->message : "it takes no operands");
		return FALSE;
	}
	if (!choose_camera(camera, &error)) {
		g_printerr("tillhouse: %s\n", error->message);
		return FALSE;
	}
	if (version) {
		g_print("tillhouse %s\n", TILL_VERSION);
		exit(0);
	}
	program->home = choose_home(home);
	return TRUE;
}

int
main(int argc, char **argv)
{
	Program program = {0};
	gboolean fullscreen = FALSE;
	char *name[] = {argv[0], NULL};
	int status;

	setlocale(LC_ALL, "");
	if (!read_options(&argc, &argv, &program, &fullscreen))
		return 2;
	till_crypto_init();
	program.sound = till_sound_new();
	program.application = till_application_new(open_cb, &program, program.sound, fullscreen);
	g_unix_signal_add(SIGTERM, signal_cb, program.application);
	g_unix_signal_add(SIGINT, signal_cb, program.application);
	status = g_application_run(G_APPLICATION(program.application), 1, name);
	close_program(&program);
	return status;
}
