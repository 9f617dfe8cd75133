/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"
#include "options.h"
#include "till-test.h"

static gboolean
parse(const char *line, TillOptions *out, GError **error)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	return till_options_parse((int)g_strv_length(words), words, out, error);
}

static void
test_good(void)
{
	TillOptions options;
	g_autoptr(GError) error = NULL;

	g_assert_true(
	    parse("c --data d serve --listen [::1]:80 --tls --name a --name b", &options, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(options.verb, ==, "serve");
	g_assert_cmpstr(options.data, ==, "d");
	g_assert_true(options.tls);
	g_assert_cmpuint(g_strv_length(options.names), ==, 2);
	till_options_clear(&options);
	g_assert_true(
	    parse("c --data d import products f.csv --currency EUR --store 014", &options, &error));
	g_assert_cmpstr(options.arguments[1], ==, "f.csv");
	g_assert_cmpstr(options.currency, ==, "EUR");
	till_options_clear(&options);
	g_assert_true(parse("c --data d channel-key --revoke web", &options, &error));
	g_assert_true(options.revoke);
	g_assert_cmpstr(options.arguments[0], ==, "web");
	till_options_clear(&options);
	g_assert_true(parse("c --data d channel-key --list", &options, &error));
	g_assert_true(options.list);
	till_options_clear(&options);
}

static void
check_refused(const char *line, const char *words)
{
	TillOptions options;
	GError *error = NULL;

	g_assert_false(parse(line, &options, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, words));
	g_clear_error(&error);
}

static void
test_usage(void)
{
	check_refused("c check", "Say where the books are");
	check_refused("c --data d", "Say what to do");
	check_refused("c --data d sell", "no verb \"sell\"");
	check_refused("c --data d import products", "import KIND FILE");
	check_refused("c --data d check twice", "check [--json]");
	check_refused("c --data d check --what", "what");
	check_refused("c --data d import frogs f.csv", "no kind \"frogs\"");
	check_refused("c --data d channel-key", "channel-key NAME");
	check_refused("c --data d channel-key web", "--channel web");
	check_refused("c --data d channel-key --revoke", "channel-key NAME");
	check_refused("c --data d serve", "Say where to listen");
	check_refused("c --data d serve --listen 127.0.0.1:99999", "is not HOST:PORT");
}

static void
test_listen(void)
{
	char *host = NULL;
	guint16 port;

	g_assert_true(till_options_split_listen("127.0.0.1:8443", &host, &port));
	g_assert_cmpstr(host, ==, "127.0.0.1");
	g_assert_cmpuint(port, ==, 8443);
	g_clear_pointer(&host, g_free);
	g_assert_true(till_options_split_listen("[::1]:0", &host, &port));
	g_assert_cmpstr(host, ==, "::1");
	g_clear_pointer(&host, g_free);
	g_assert_false(till_options_split_listen("8443", &host, &port));
	g_assert_false(till_options_split_listen(":8443", &host, &port));
	g_assert_false(till_options_split_listen("a:70000", &host, &port));
	g_assert_false(till_options_split_listen("a:x", &host, &port));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/options/verbs-take-their-words", test_good);
	g_test_add_func("/central/options/wrong-words-are-told-the-usage", test_usage);
	g_test_add_func("/central/options/an-address-has-host-and-port", test_listen);
	return g_test_run();
}
