/* SPDX-License-Identifier: Apache-2.0 */
#include "registry.h"
#include "signature.h"
#include "till-test.h"

static void
test_find(void)
{
	TillRegistry *registry = till_registry_new();
	TillTerminal terminal = {.number = 3};
	TillTerminal found;

	g_strlcpy(terminal.terminal_id, "a", sizeof terminal.terminal_id);
	g_assert_false(till_registry_find(registry, "a", &found));
	till_registry_put(registry, &terminal);
	g_assert_true(till_registry_find(registry, "a", &found));
	g_assert_cmpint(found.number, ==, 3);
	terminal.revoked = TRUE;
	till_registry_put(registry, &terminal);
	g_assert_true(till_registry_find(registry, "a", &found));
	g_assert_true(found.revoked);
	till_registry_free(registry);
}

static void
test_nonce(void)
{
	TillRegistry *registry = till_registry_new();

	g_assert_true(till_registry_use_nonce(registry, "a", "n", 0));
	g_assert_false(till_registry_use_nonce(registry, "a", "n", 1));
	g_assert_true(till_registry_use_nonce(registry, "b", "n", 1));
	/* As long as its time is within the window of either side it stays refused. */
	g_assert_false(
	    till_registry_use_nonce(registry, "a", "n", 2 * TILL_SIGNATURE_WINDOW_MS - 1));
	g_assert_true(till_registry_use_nonce(registry, "a", "n", 2 * TILL_SIGNATURE_WINDOW_MS));
	till_registry_free(registry);
}

static guint
take_all(TillRegistry *registry, gint64 mono_ms)
{
	guint count = 0;

	while (till_registry_allow(registry, "a", mono_ms))
		count++;
	return count;
}

static void
test_rate(void)
{
	TillRegistry *registry = till_registry_new();

	g_assert_cmpuint(take_all(registry, 0), ==, 200);
	g_assert_cmpuint(take_all(registry, 99), ==, 0);
	g_assert_cmpuint(take_all(registry, 100), ==, 1);
	g_assert_cmpuint(take_all(registry, 1100), ==, 10);
	g_assert_cmpuint(take_all(registry, G_MAXINT64 / 2), ==, 200);
	g_assert_true(till_registry_allow(registry, "b", 0));
	till_registry_free(registry);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/registry/a-terminal-is-found-as-last-put", test_find);
	g_test_add_func("/central/registry/a-nonce-is-taken-once-while-it-could-count", test_nonce);
	g_test_add_func("/central/registry/ten-requests-a-second-with-a-burst", test_rate);
	return g_test_run();
}
