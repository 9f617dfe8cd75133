/* SPDX-License-Identifier: Apache-2.0 */
#include "repeat-gate.h"

#include <string.h>

#define GONE_MS 2000

static gboolean
see(TillRepeatGate *gate, TillCodeKind kind, const char *text, gint64 at_ms)
{
	g_autoptr(TillCode) code = till_code_new(kind, (const guint8 *)text, strlen(text), FALSE);

	return till_repeat_gate_see(gate, code, at_ms);
}

static void
test_once_while_in_view(void)
{
	g_autoptr(TillRepeatGate) gate = till_repeat_gate_new(GONE_MS);

	g_assert_true(see(gate, TILL_CODE_QR, "a", 0));
	for (gint64 at_ms = 100; at_ms < 60000; at_ms += 100)
		g_assert_false(see(gate, TILL_CODE_QR, "a", at_ms));
}

static void
test_again_after_it_was_gone(void)
{
	g_autoptr(TillRepeatGate) gate = till_repeat_gate_new(GONE_MS);

	g_assert_true(see(gate, TILL_CODE_QR, "a", 5000));
	g_assert_false(see(gate, TILL_CODE_QR, "a", 5000 + GONE_MS - 1));
	/* Counted from when it was last seen, not from when it was told. */
	g_assert_false(see(gate, TILL_CODE_QR, "a", 5000 + 2 * (GONE_MS - 1)));
	g_assert_true(see(gate, TILL_CODE_QR, "a", 5000 + 2 * (GONE_MS - 1) + GONE_MS));
}

static void
test_codes_do_not_hide_each_other(void)
{
	g_autoptr(TillRepeatGate) gate = till_repeat_gate_new(GONE_MS);

	g_assert_true(see(gate, TILL_CODE_QR, "96385074", 0));
	g_assert_true(see(gate, TILL_CODE_EAN8, "96385074", 1));
	g_assert_true(see(gate, TILL_CODE_QR, "9638507", 2));
	g_assert_false(see(gate, TILL_CODE_QR, "96385074", 3));
	g_assert_false(see(gate, TILL_CODE_EAN8, "96385074", 4));
}

static void
test_the_longest_unseen_is_forgotten(void)
{
	g_autoptr(TillRepeatGate) gate = till_repeat_gate_new(GONE_MS);

	for (guint i = 0; i < TILL_REPEAT_GATE_CODES; i++) {
		g_autofree char *text = g_strdup_printf("code %u", i);
		g_assert_true(see(gate, TILL_CODE_QR, text, i));
	}
	g_assert_false(see(gate, TILL_CODE_QR, "code 0", 100));
	g_assert_true(see(gate, TILL_CODE_QR, "one more", 101)); /* in the place of code 1 */
	g_assert_false(see(gate, TILL_CODE_QR, "code 0", 102));
	g_assert_false(see(gate, TILL_CODE_QR, "code 2", 103));
	g_assert_true(see(gate, TILL_CODE_QR, "code 1", 104));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/repeat-gate/once-while-in-view", test_once_while_in_view);
	g_test_add_func("/device/repeat-gate/again-after-it-was-gone",
			test_again_after_it_was_gone);
	g_test_add_func("/device/repeat-gate/codes-do-not-hide-each-other",
			test_codes_do_not_hide_each_other);
	g_test_add_func("/device/repeat-gate/the-longest-unseen-is-forgotten",
			test_the_longest_unseen_is_forgotten);
	return g_test_run();
}
