/* SPDX-License-Identifier: Apache-2.0 */
#include "control-socket.h"

#include "local-socket.h"
#include "verbs.h"
#include "worker.h"

/* A large import takes minutes. */
#define PATIENCE_MS (30 * 60 * 1000)

struct TillControlSocket {
	TillCentral *central; /* borrowed */
	TillWorker *worker;
	TillLocalSocket *socket;
};

typedef struct {
	TillLocalExchange *exchange;
	json_t *question; /* owned */
	json_t *answer;   /* owned */
} Errand;

static void
free_errand(gpointer data)
{
	Errand *errand = data;

	json_decref(errand->question);
	json_decref(errand->answer);
	g_free(errand);
}

static gboolean
errand_run(gpointer owner, gpointer data, GError **error G_GNUC_UNUSED)
{
	Errand *errand = data;

	errand->answer = till_verbs_run(owner, errand->question);
	return TRUE;
}

static void
errand_done_cb(gpointer data, const GError *error G_GNUC_UNUSED, gpointer user G_GNUC_UNUSED)
{
	Errand *errand = data;

	till_local_socket_reply(errand->exchange, g_steal_pointer(&errand->answer));
}

static void
asked_cb(TillLocalExchange *exchange, const json_t *request, gpointer user)
{
	TillControlSocket *control = user;
	Errand *errand = g_new0(Errand, 1);

	errand->exchange = exchange;
	errand->question = json_deep_copy(request);
	till_worker_post(control->worker, errand_run, errand, free_errand, NULL, errand_done_cb,
			 NULL);
}

TillControlSocket *
till_control_socket_new(TillCentral *central, GError **error)
{
	g_autofree char *path = g_build_filename(central->dir, "control", NULL);
	TillControlSocket *control = g_new0(TillControlSocket, 1);

	control->central = central;
	control->worker = till_worker_new("control", central, g_main_context_default());
	control->socket = till_local_socket_new(path, asked_cb, control, error);
	if (control->socket == NULL) {
		till_control_socket_free(control);
		return NULL;
	}
	return control;
}

void
till_control_socket_free(TillControlSocket *control)
{
	if (control == NULL)
		return;
	till_worker_free(control->worker);
	/* Answers that are ready still go out. */
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_clear_pointer(&control->socket, till_local_socket_free);
	g_free(control);
}

json_t *
till_control_socket_ask(const char *dir, const json_t *question, GError **error)
{
	g_autofree char *path = g_build_filename(dir, "control", NULL);

	return till_local_socket_ask(path, question, PATIENCE_MS, error);
}
