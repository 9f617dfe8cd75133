/* SPDX-License-Identifier: Apache-2.0 */
#include "till-test.h"
#include "verdict.h"

/* Chain values of the tests are one byte repeated: the number of the row, plus a branch. */
static TillHash
chain_value(gint64 seq, int branch)
{
	TillHash chain;

	memset(chain.bytes, (int)seq + 64 * branch, sizeof chain.bytes);
	return chain;
}

/* The central's rows: branch 0 up to seq. */
static gboolean
find_chain(gpointer user, gint64 seq, TillHash *out_chain)
{
	const gint64 *head = user;

	if (seq < 1 || seq > *head)
		return FALSE;
	*out_chain = chain_value(seq, 0);
	return TRUE;
}

/* A terminal at seq whose rows leave the central's after fork (-1: never); it offers samples of all
 * its rows. */
static TillWireHeadAnswer
judge(gint64 terminal_seq, gint64 server_seq, gint64 fork, gboolean samples)
{
	TillWireHead head = {.incarnation = 7, .seq = terminal_seq};
	TillWireHeadAnswer answer;

	head.samples = g_array_new(FALSE, FALSE, sizeof(TillWireSample));
	head.chain = chain_value(terminal_seq, fork >= 0 && terminal_seq > fork);
	for (gint64 seq = terminal_seq - 1; samples && seq > 0; seq--) {
		TillWireSample sample = {seq, chain_value(seq, fork >= 0 && seq > fork)};
		g_array_append_val(head.samples, sample);
	}
	answer = till_verdict_head(&head, server_seq, find_chain, &server_seq);
	g_array_unref(head.samples);
	return answer;
}

static void
check(TillWireHeadAnswer answer, TillWireHeadVerdict verdict, gint64 last_common)
{
	g_assert_cmpint(answer.verdict, ==, verdict);
	g_assert_cmpint(answer.last_common, ==, last_common);
	g_assert_cmpuint(answer.incarnation, ==, 7);
}

static void
test_resume(void)
{
	check(judge(5, 5, -1, TRUE), TILL_WIRE_HEAD_RESUME, 5);
	check(judge(9, 5, -1, TRUE), TILL_WIRE_HEAD_RESUME, 5);
	check(judge(9, 5, -1, FALSE), TILL_WIRE_HEAD_RESUME, 5);
	check(judge(0, 0, -1, TRUE), TILL_WIRE_HEAD_RESUME, 0);
	check(judge(3, 0, -1, TRUE), TILL_WIRE_HEAD_RESUME, 0);
}

static void
test_rollback(void)
{
	check(judge(3, 8, -1, TRUE), TILL_WIRE_HEAD_ROLLBACK, 3);
	check(judge(0, 8, -1, TRUE), TILL_WIRE_HEAD_ROLLBACK, 0);
}

static void
test_fork(void)
{
	check(judge(6, 6, 4, TRUE), TILL_WIRE_HEAD_FORK, 4);
	check(judge(9, 6, 4, TRUE), TILL_WIRE_HEAD_FORK, 4);
	check(judge(6, 9, 4, TRUE), TILL_WIRE_HEAD_FORK, 4);
	check(judge(6, 9, 4, FALSE), TILL_WIRE_HEAD_FORK, 0);
	/* They part after what the central holds: nothing to see yet. */
	check(judge(9, 4, 4, TRUE), TILL_WIRE_HEAD_RESUME, 4);
}

static void
check_machine(gboolean last, gboolean known, gboolean first, gboolean rollback, gboolean fork,
	      TillVerdictMachine wanted)
{
	TillVerdictSigns signs = {last, known, first, rollback, fork};

	g_assert_cmpint(till_verdict_machine(&signs), ==, wanted);
}

static void
test_machine(void)
{
	check_machine(FALSE, FALSE, TRUE, FALSE, FALSE, TILL_VERDICT_SAME);
	check_machine(TRUE, TRUE, FALSE, FALSE, FALSE, TILL_VERDICT_SAME);
	/* A home that moved to another machine, for good. */
	check_machine(FALSE, FALSE, FALSE, FALSE, FALSE, TILL_VERDICT_SAME);
	check_machine(TRUE, TRUE, FALSE, TRUE, FALSE, TILL_VERDICT_RESTORED);
	check_machine(FALSE, FALSE, FALSE, TRUE, FALSE, TILL_VERDICT_RESTORED);
	/* The one before speaks again. */
	check_machine(FALSE, TRUE, FALSE, FALSE, FALSE, TILL_VERDICT_CLONE);
	check_machine(TRUE, TRUE, FALSE, FALSE, TRUE, TILL_VERDICT_CLONE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/verdict/equal-chains-go-on-behind-our-head", test_resume);
	g_test_add_func("/central/verdict/a-terminal-behind-us-was-restored", test_rollback);
	g_test_add_func("/central/verdict/chains-that-differ-are-a-fork-at-the-last-common-row",
			test_fork);
	g_test_add_func("/central/verdict/a-machine-that-speaks-again-after-another-is-a-clone",
			test_machine);
	return g_test_run();
}
