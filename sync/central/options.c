/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <string.h>

#include "error.h"
#include "import.h"
#include "text.h"

static const struct {
	const char *verb;
	guint arguments;
	gboolean begins; /* new books where there are none */
	const char *usage;
	const char *does;
} verbs[] = {
    {"serve", 0, TRUE,
     "serve --listen HOST:PORT [--tls [--name HOST]…] [--public-url URL] [--webhooks-private] "
     "[--webhooks-ca FILE]",
     "answer the tills, the web shop and, at the public URL, shoppers; tell webhooks"},
    {"import", 2, TRUE, "import KIND FILE [--currency CODE] [--store CODE]",
     "read a CSV file, whole or not at all: products, prices, stock, staff, stores, taxes, "
     "customers, settings, promotions, policies"},
    {"enrol-code", 1, FALSE, "enrol-code STORE", "let one till in, within ten minutes"},
    {"check", 0, FALSE, "check [--json] [--prices]", "audit the books; with every price once more"},
    {"backup", 1, FALSE, "backup FILE", "copy the books"},
    {"demo", 0, TRUE, "demo", "load the demo chain"},
    {"promotion-test", 1, FALSE, "promotion-test FILE [--last N] [--store CODE] [--json]",
     "show what one promotion would have done to the last sales; nothing is written"},
    {"channel-key", 1, FALSE, "channel-key NAME --channel CHANNEL | --revoke NAME | --list",
     "let a web shop, an app, a desk ask for quotes (web, app, social, chat, support, store), or "
     "head office's programs change offers (office); the key is shown once"},
    {"pickup-key", 1, FALSE, "pickup-key rotate | list | retire ID",
     "the keys that sign pickup codes: make a new one beside the old, show all, end one"},
    {"rules", 1, FALSE, "rules STORE [--basket FILE]",
     "print a store's rules as tillctl price FILE --rules FILE reads them; with a basket, only "
     "what it needs"},
    {"past", 2, FALSE, "past promotion ID", "show every version of a promotion there was"},
};

void
till_options_clear(TillOptions *options)
{
	g_free(options->data);
	g_free(options->verb);
	g_strfreev(options->arguments);
	g_free(options->listen);
	g_strfreev(options->names);
	g_free(options->public_url);
	g_free(options->webhooks_ca);
	g_free(options->currency);
	g_free(options->store);
	g_free(options->channel);
	g_free(options->basket);
	memset(options, 0, sizeof *options);
}

gboolean
till_options_begins_books(const TillOptions *options)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strcmp(verbs[i].verb, options->verb) == 0)
			return verbs[i].begins;
	return FALSE;
}

/* Scheme, host, port: what may be written in capitals. */
static gboolean
check_public_url(const char *url, GError **error)
{
	GUri *uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *path = uri != NULL ? g_uri_get_path(uri) : NULL;
	gboolean good = uri != NULL && g_str_has_prefix(g_uri_get_scheme(uri), "http") &&
			g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
			(*path == '\0' || strcmp(path, "/") == 0) && g_uri_get_query(uri) == NULL &&
			strlen(url) <= 200;

	g_clear_pointer(&uri, g_uri_unref);
	if (!good)
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "\"%.80s\" is no public URL. Say scheme and host alone, like "
			    "--public-url https://pickup.shop.example.",
			    url);
	return good;
}

static gboolean
check_pickup_key(const TillOptions *options, GError **error)
{
	static const char *const words[] = {"rotate", "list", "retire", NULL};
	gint64 id;

	if (g_strv_contains(words, options->arguments[0]) &&
	    (options->arguments[1] == NULL ||
	     till_text_parse_int(options->arguments[1], 1, G_MAXUINT16, &id)))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "Say pickup-key rotate, pickup-key list or pickup-key retire ID.");
	return FALSE;
}

static gboolean
check_words(const TillOptions *options, GError **error)
{
	g_autofree char *host = NULL;
	guint16 port;

	if (strcmp(options->verb, "import") == 0 &&
	    !till_import_kind_known(options->arguments[0])) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_INVALID,
		    "There is no kind \"%s\" to import; tillhouse-central --help lists them.",
		    options->arguments[0]);
		return FALSE;
	}
	if (strcmp(options->verb, "past") == 0 && strcmp(options->arguments[0], "promotion") != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Only promotions can be asked for: past promotion ID.");
		return FALSE;
	}
	if (strcmp(options->verb, "channel-key") == 0 && options->channel == NULL &&
	    !options->revoke && !options->list) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Say for which channel: channel-key NAME --channel web.");
		return FALSE;
	}
	if (strcmp(options->verb, "pickup-key") == 0)
		return check_pickup_key(options, error);
	if (strcmp(options->verb, "serve") != 0)
		return TRUE;
	if (options->public_url != NULL && !check_public_url(options->public_url, error))
		return FALSE;
	if (options->listen == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Say where to listen: serve --listen 127.0.0.1:8443.");
		return FALSE;
	}
	if (till_options_split_listen(options->listen, &host, &port))
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "\"%s\" is not HOST:PORT. Say for example --listen 127.0.0.1:8443.",
		    options->listen);
	return FALSE;
}

/* Of a verb that usually takes so many. */
static guint
wanted_arguments(const TillOptions *options, guint usual)
{
	if (options->list && strcmp(options->verb, "channel-key") == 0)
		return usual - 1;
	if (strcmp(options->verb, "pickup-key") == 0 &&
	    g_strcmp0(options->arguments[0], "retire") == 0)
		return usual + 1;
	return usual;
}

static gboolean
check_verb(const TillOptions *options, GError **error)
{

	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (strcmp(verbs[i].verb, options->verb) != 0)
			continue;
		if (g_strv_length(options->arguments) ==
		    wanted_arguments(options, verbs[i].arguments))
			return check_words(options, error);
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Use: tillhouse-central --data DIR %s", verbs[i].usage);
		return FALSE;
	}
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "There is no verb \"%s\"; tillhouse-central --help lists those there are.",
		    options->verb);
	return FALSE;
}

static gboolean
take_rest(TillOptions *options, char **rest, GError **error)
{
	if (options->version)
		return TRUE;
	if (options->data == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Say where the books are: tillhouse-central --data DIR VERB …");
		return FALSE;
	}
	if (rest == NULL || rest[0] == NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Say what to do; tillhouse-central --help lists the verbs.");
		return FALSE;
	}
	options->verb = g_strdup(rest[0]);
	options->arguments = g_strdupv(rest + 1);
	return check_verb(options, error);
}

/* For --help: what each verb takes and does. */
static char *
describe_verbs(void)
{
	GString *text = g_string_new("Verbs:\n");

	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
		g_string_append_printf(text, "  %s\n      %s\n", verbs[i].usage, verbs[i].does);
	g_string_append(text, "Exit code: 0 done, 1 not done (a sentence says what to do), 2 wrong "
			      "command line.");
	return g_string_free(text, FALSE);
}

static void
add_serve_entries(GOptionContext *context, TillOptions *options)
{
	const GOptionEntry entries[] = {
	    {"listen", 0, 0, G_OPTION_ARG_STRING, &options->listen, "serve: where", "HOST:PORT"},
	    {"tls", 0, 0, G_OPTION_ARG_NONE, &options->tls, "serve: with TLS by a private CA",
	     NULL},
	    {"name", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->names, "serve: a name tills use",
	     "HOST"},
	    {"public-url", 0, 0, G_OPTION_ARG_STRING, &options->public_url,
	     "serve: where shoppers reach it; written into pickup codes", "URL"},
	    {"webhooks-private", 0, 0, G_OPTION_ARG_NONE, &options->webhooks_private,
	     "serve: webhooks may go to private networks", NULL},
	    {"webhooks-wait", 0, 0, G_OPTION_ARG_INT, &options->webhooks_wait_ms,
	     "serve: longest wait between two tries of a webhook (a day)", "MS"},
	    {"webhooks-patience", 0, 0, G_OPTION_ARG_INT, &options->webhooks_patience_ms,
	     "serve: for how long a webhook's answer is waited for (15000)", "MS"},
	    {"webhooks-ca", 0, 0, G_OPTION_ARG_FILENAME, &options->webhooks_ca,
	     "serve: whose certificates receivers have, instead of the system's", "FILE"},
	    G_OPTION_ENTRY_NULL};

	g_option_context_add_main_entries(context, entries, NULL);
}

gboolean
till_options_parse(int argc, char **argv, TillOptions *out, GError **error)
{
	TillOptions options = {NULL};
	g_auto(GStrv) rest = NULL;
	g_auto(GStrv) copy = NULL;
	const GOptionEntry entries[] = {
	    {"data", 0, 0, G_OPTION_ARG_FILENAME, &options.data, "directory of the books", "DIR"},
	    {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "answer in JSON", NULL},
	    {"last", 0, 0, G_OPTION_ARG_INT, &options.last, "promotion-test: how many sales", "N"},
	    {"prices", 0, 0, G_OPTION_ARG_NONE, &options.prices, "check: price every sale again",
	     NULL},
	    {"version", 0, 0, G_OPTION_ARG_NONE, &options.version, "say which release this is",
	     NULL},
	    {"currency", 0, 0, G_OPTION_ARG_STRING, &options.currency, "import: of the prices",
	     "CODE"},
	    {"basket", 0, 0, G_OPTION_ARG_FILENAME, &options.basket, "rules: for what", "FILE"},
	    {"channel", 0, 0, G_OPTION_ARG_STRING, &options.channel, "channel-key: for what",
	     "NAME"},
	    {"revoke", 0, 0, G_OPTION_ARG_NONE, &options.revoke, "channel-key: end it", NULL},
	    {"list", 0, 0, G_OPTION_ARG_NONE, &options.list, "channel-key: show all", NULL},
	    {"store", 0, 0, G_OPTION_ARG_STRING, &options.store,
	     "import: whose stock; promotion-test: whose sales", "CODE"},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &rest, NULL, "VERB …"},
	    G_OPTION_ENTRY_NULL};
	GOptionContext *context = g_option_context_new(NULL);
	g_autofree char *description = describe_verbs();
	gboolean good;

	copy = g_new0(char *, (gsize)argc + 1);
	for (int i = 0; i < argc; i++)
		copy[i] = g_strdup(argv[i]);
	g_option_context_add_main_entries(context, entries, NULL);
	add_serve_entries(context, &options);
	g_option_context_set_summary(context, "The central of a Tillhouse chain.");
	g_option_context_set_description(context, description);
	good =
	    g_option_context_parse_strv(context, &copy, error) && take_rest(&options, rest, error);
	g_option_context_free(context);
	if (good)
		*out = options;
	else
		till_options_clear(&options);
	return good;
}

gboolean
till_options_split_listen(const char *text, char **out_host, guint16 *out_port)
{
	const char *colon = strrchr(text, ':');
	gsize length = colon != NULL ? (gsize)(colon - text) : 0;
	gint64 port;

	if (length == 0 || !till_text_parse_int(colon + 1, 0, G_MAXUINT16, &port))
		return FALSE;
	if (text[0] == '[' && length > 2 && text[length - 1] == ']')
		*out_host = g_strndup(text + 1, length - 2);
	else
		*out_host = g_strndup(text, length);
	*out_port = (guint16)port;
	return TRUE;
}
