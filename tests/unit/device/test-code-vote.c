/* SPDX-License-Identifier: Apache-2.0 */
#include "code-vote.h"

#include <string.h>

#include "till-test.h"

static const TillCodePlace upper = {100, 100, 900, 300};
static const TillCodePlace lower = {100, 500, 900, 700};

/* One look that saw one code. */
static void
see(TillCodeVote *vote, TillCodeKind kind, const char *text, guint lines,
    const TillCodePlace *place)
{
	g_autoptr(GPtrArray) sights =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_code_sight_free);
	TillCodeSight *sight = g_new0(TillCodeSight, 1);

	sight->code = till_code_new(kind, (const guint8 *)text, strlen(text), FALSE);
	sight->lines = lines;
	if (place != NULL)
		sight->place = *place;
	g_ptr_array_add(sights, sight);
	till_code_vote_add(vote, sights, place != NULL);
}

/* wanted: the texts with a space between, in order. */
static void
assert_elected(const TillCodeVote *vote, const char *wanted)
{
	g_autoptr(GPtrArray) codes = till_code_vote_elect(vote);
	g_autoptr(GString) texts = g_string_new(NULL);

	for (guint i = 0; i < codes->len; i++) {
		const TillCode *code = g_ptr_array_index(codes, i);
		g_string_append_printf(texts, "%s%s", i > 0 ? " " : "", code->text);
	}
	g_assert_cmpstr(texts->str, ==, wanted);
}

static void
test_bars_need_two_looks_and_qr_one(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();

	assert_elected(vote, "");
	g_assert_false(till_code_vote_is_settled(vote));
	see(vote, TILL_CODE_EAN13, "4006381333931", 90, &upper);
	assert_elected(vote, "");
	see(vote, TILL_CODE_QR, "hello", 1, &lower);
	assert_elected(vote, "hello");
	g_assert_false(till_code_vote_is_settled(vote));
	see(vote, TILL_CODE_EAN13, "4006381333931", 4, &upper);
	assert_elected(vote, "4006381333931 hello");
	g_assert_true(till_code_vote_is_settled(vote));
}

static void
test_few_lines_settle_nothing(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();

	see(vote, TILL_CODE_UPCA, "036000291452", 8, &upper);
	see(vote, TILL_CODE_UPCA, "036000291452", 8, &upper);
	assert_elected(vote, "036000291452");
	g_assert_false(till_code_vote_is_settled(vote));
	see(vote, TILL_CODE_UPCA, "036000291452", 30, &upper);
	g_assert_true(till_code_vote_is_settled(vote));
}

static void
test_a_rival_in_the_same_place_needs_to_be_outvoted(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();

	for (guint i = 0; i < 3; i++)
		see(vote, TILL_CODE_EAN13, "9780804816632", 30, &upper);
	see(vote, TILL_CODE_EAN13, "9780204816638", 30, &upper);
	assert_elected(vote, "9780804816632");
	see(vote, TILL_CODE_EAN13, "9780204816638", 30, &upper);
	assert_elected(vote, "");
	g_assert_false(till_code_vote_is_settled(vote));
	see(vote, TILL_CODE_EAN13, "9780804816632", 30, NULL);
	assert_elected(vote, "9780804816632");
}

/* The whole symbol fits one of the two, so that equal looks are enough for it. */
static void
test_a_match_decides(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();
	g_autoptr(GPtrArray) sights =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_code_sight_free);
	TillCodeSight *sight = g_new0(TillCodeSight, 1);

	for (guint i = 0; i < 4; i++)
		see(vote, TILL_CODE_EAN13, "7004813002834", 30, &upper);
	for (guint i = 0; i < 3; i++)
		see(vote, TILL_CODE_EAN13, "5000213002834", 30, &upper);
	assert_elected(vote, "");
	sight->code = till_code_new(TILL_CODE_EAN13, (const guint8 *)"5000213002834", 13, FALSE);
	sight->place = upper;
	sight->lines = 30;
	sight->matched = TRUE;
	g_ptr_array_add(sights, sight);
	till_code_vote_add(vote, sights, TRUE);
	assert_elected(vote, "5000213002834");
}

static void
test_codes_side_by_side_are_no_rivals(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();

	for (guint i = 0; i < 2; i++) {
		see(vote, TILL_CODE_EAN13, "9784872348880", 30, &upper);
		see(vote, TILL_CODE_EAN13, "1920081045006", 30, &lower);
	}
	assert_elected(vote, "9784872348880 1920081045006");
	g_assert_true(till_code_vote_is_settled(vote));
}

static void
test_a_turned_look_is_everywhere(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();

	see(vote, TILL_CODE_EAN13, "9784872348880", 30, &upper);
	see(vote, TILL_CODE_EAN13, "9784872348880", 30, &upper);
	see(vote, TILL_CODE_EAN13, "1920081045006", 30, NULL);
	see(vote, TILL_CODE_EAN13, "1920081045006", 30, NULL);
	assert_elected(vote, "");
}

static void
test_eight_digits_are_distrusted(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();

	see(vote, TILL_CODE_EAN8, "96385074", 60, &upper);
	see(vote, TILL_CODE_EAN8, "96385074", 60, &upper);
	assert_elected(vote, "");
	see(vote, TILL_CODE_EAN8, "96385074", 60, &upper);
	assert_elected(vote, "96385074");
	/* One look that saw a longer code there is enough against it. */
	see(vote, TILL_CODE_EAN13, "4006381333931", 4, &upper);
	assert_elected(vote, "");
	see(vote, TILL_CODE_EAN13, "4006381333931", 4, &upper);
	assert_elected(vote, "4006381333931");
}

static void
test_one_look_counts_once(void)
{
	g_autoptr(TillCodeVote) vote = till_code_vote_new();
	g_autoptr(GPtrArray) sights =
	    g_ptr_array_new_with_free_func((GDestroyNotify)till_code_sight_free);

	for (guint i = 0; i < 3; i++) {
		TillCodeSight *sight = g_new0(TillCodeSight, 1);
		sight->code =
		    till_code_new(TILL_CODE_EAN13, (const guint8 *)"4006381333931", 13, FALSE);
		sight->place = upper;
		sight->lines = 50;
		g_ptr_array_add(sights, sight);
	}
	till_code_vote_add(vote, sights, TRUE);
	assert_elected(vote, "");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/code-vote/bars-need-two-looks-and-qr-one",
			test_bars_need_two_looks_and_qr_one);
	g_test_add_func("/device/code-vote/few-lines-settle-nothing",
			test_few_lines_settle_nothing);
	g_test_add_func("/device/code-vote/a-rival-in-the-same-place-needs-to-be-outvoted",
			test_a_rival_in_the_same_place_needs_to_be_outvoted);
	g_test_add_func("/device/code-vote/a-match-decides", test_a_match_decides);
	g_test_add_func("/device/code-vote/codes-side-by-side-are-no-rivals",
			test_codes_side_by_side_are_no_rivals);
	g_test_add_func("/device/code-vote/a-turned-look-is-everywhere",
			test_a_turned_look_is_everywhere);
	g_test_add_func("/device/code-vote/eight-digits-are-distrusted",
			test_eight_digits_are_distrusted);
	g_test_add_func("/device/code-vote/one-look-counts-once", test_one_look_counts_once);
	return g_test_run();
}
