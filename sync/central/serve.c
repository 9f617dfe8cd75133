/* SPDX-License-Identifier: Apache-2.0 */
#include "serve.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "auditor.h"
#include "control-socket.h"
#include "deliverer.h"
#include "error.h"
#include "http-server.h"
#include "order-expiry.h"
#include "server-log.h"
#include "snapshots.h"
#include "tls.h"

static gboolean
stop_cb(gpointer user)
{
	g_main_loop_quit(user);
	return G_SOURCE_CONTINUE;
}

/* The address itself, the names given, and on loopback its usual name. */
static char **
collect_hosts(const TillOptions *options, const char *host)
{
	g_autoptr(GStrvBuilder) hosts = g_strv_builder_new();
	char machine[256] = "";

	for (char **name = options->names; name != NULL && *name != NULL; name++)
		g_strv_builder_add(hosts, *name);
	if (strcmp(host, "0.0.0.0") != 0 && strcmp(host, "::") != 0)
		g_strv_builder_add(hosts, host);
	g_strv_builder_add(hosts, "localhost");
	g_strv_builder_add(hosts, "127.0.0.1");
	if (gethostname(machine, sizeof machine - 1) == 0 && machine[0] != '\0')
		g_strv_builder_add(hosts, machine);
	return g_strv_builder_end(hosts);
}

static gboolean
prepare_tls(TillCentral *central, const TillOptions *options, const char *host, TillTls *out,
	    GError **error)
{
	g_auto(GStrv) hosts = NULL;

	if (!options->tls)
		return TRUE;
	hosts = collect_hosts(options, host);
	if (!till_tls_prepare(central->dir, (const char *const *)hosts,
			      till_central_now_ms(central) / 1000, out, error))
		return FALSE;
	g_free(central->ca_pem);
	central->ca_pem = g_strdup(out->ca_pem);
	return TRUE;
}

typedef struct {
	GPtrArray *stores; /* of char*, owned */
} Busy;

static gboolean
busy_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Busy *busy = data;
	TillDbQuery *query = till_db_query(central->db, "SELECT DISTINCT store_code FROM terminal");

	while (till_db_step(query, NULL))
		g_ptr_array_add(busy->stores, g_strdup(till_db_text(query, 0)));
	return TRUE;
}

static void
ready_cb(const TillSnapshot *snapshot G_GNUC_UNUSED, const GError *error G_GNUC_UNUSED,
	 gpointer user G_GNUC_UNUSED)
{
}

/* Stores with tills get their snapshot before one asks. */
static void
warm_snapshots(TillCentral *central)
{
	Busy busy = {.stores = g_ptr_array_new_with_free_func(g_free)};

	if (till_writer_call(central->writer, busy_run, &busy, NULL)) {
		for (guint i = 0; i < busy.stores->len; i++)
			till_snapshots_request(central->snapshots,
					       g_ptr_array_index(busy.stores, i), ready_cb, NULL);
	}
	g_ptr_array_unref(busy.stores);
}

static gboolean
expiry_cb(gpointer user)
{
	till_order_expiry_start(user);
	return G_SOURCE_CONTINUE;
}

static void
run_loop(TillCentral *central)
{
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	guint term = g_unix_signal_add(SIGTERM, stop_cb, loop);
	guint interrupt = g_unix_signal_add(SIGINT, stop_cb, loop);

	guint expiry = g_timeout_add_seconds(TILL_ORDER_EXPIRY_EVERY_S, expiry_cb, central);

	till_order_expiry_start(central);
	g_main_loop_run(loop);
	g_source_remove(expiry);
	g_source_remove(term);
	g_source_remove(interrupt);
}

static void
set_public_url(TillCentral *central, const TillOptions *options)
{
	g_free(central->public_url);
	central->public_url =
	    options->public_url != NULL
		? g_strdup(options->public_url)
		: g_strdup_printf("%s://%s", options->tls ? "https" : "http", options->listen);
}

static void
start_deliverer(TillCentral *central, const TillOptions *options)
{
	TillDelivererOptions deliverer = {.wait_max_ms = TILL_DELIVERER_WAIT_MS};

	deliverer.http.private_too = options->webhooks_private;
	deliverer.http.ca_file = options->webhooks_ca;
	deliverer.http.patience_ms = TILL_DELIVERER_PATIENCE_MS;
	if (options->webhooks_wait_ms > 0)
		deliverer.wait_max_ms = options->webhooks_wait_ms;
	if (options->webhooks_patience_ms > 0)
		deliverer.http.patience_ms = options->webhooks_patience_ms;
	till_deliverer_start(central->deliverer, &deliverer);
}

gboolean
till_serve_run(TillCentral *central, const TillOptions *options, GError **error)
{
	g_autofree char *host = NULL;
	TillHttpServerOptions http = {NULL};
	TillTls tls = {NULL, NULL, NULL};
	TillControlSocket *control = NULL;
	TillHttpServer *server = NULL;
	gboolean understood, prepared;

	signal(SIGPIPE, SIG_IGN);
	understood = till_options_split_listen(options->listen, &host, &http.port);
	g_assert(understood); /* the command line was checked */
	central->serving = TRUE;
	prepared = prepare_tls(central, options, host, &tls, error);
	http.host = host;
	http.cert_pem = tls.cert_pem;
	http.key_pem = tls.key_pem;
	if (prepared) {
		set_public_url(central, options);
		start_deliverer(central, options);
		server = till_http_server_new(central, &http, error);
	}
	if (server != NULL)
		control = till_control_socket_new(central, error);
	if (control != NULL) {
		till_server_log("serving", "address=%s://%s:%u", options->tls ? "https" : "http",
				host, till_http_server_port(server));
		printf("Listening on %s://%s:%u\n", options->tls ? "https" : "http", host,
		       till_http_server_port(server));
		fflush(stdout);
		warm_snapshots(central);
		till_auditor_start(central->auditor);
		run_loop(central);
		till_server_log("stopping", "address=%s", host);
	}
	gboolean good = control != NULL;
	till_control_socket_free(control);
	till_http_server_free(server);
	till_tls_clear(&tls);
	return good;
}
