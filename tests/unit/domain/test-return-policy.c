/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "return-policy.h"
#include "till-test.h"

/* Written with ' for ". */
static const char policy_text[] =
    "{'id':'returns','version':3,'rows':["
    "{'id':'R-1','words':'Final sale items stay sold.','when':{'items':{'tags':['final-sale']}},"
    "'allow':false},"
    "{'id':'R-2','words':'Defective goods come back for two years.','when':{'conditions':"
    "['defective'],'days_to':730},'disposition':'vendor'},"
    "{'id':'R-3','words':'Opened electronics: 15 % fee.','when':{'items':{'categories':"
    "['Electronics']},'conditions':['opened'],'days_to':14},'fee_ppm':150000,'fee_minor':100,"
    "'approval':true},"
    "{'id':'R-4','words':'Thirty days with a receipt.','when':{'receipts':['receipt','order',"
    "'gift'],'days_to':30}},"
    "{'id':'R-5','words':'After thirty days: credit.','when':{'receipts':['receipt','order'],"
    "'days_from':31,'days_to':90},'as':'credit'},"
    "{'id':'R-6','words':'Without a receipt: credit.','when':{'receipts':['none'],'conditions':"
    "['new']}}],"
    "'no_receipt':{'allow':true,'count_max':3},"
    "'offline':{'amount_max_minor':20000,'approval_from_minor':5000,'credit_from_minor':10000}}";

static TillReturnPolicy *
parse(const char *quoted, GError **error)
{
	g_autofree char *text = g_strdelimit(g_strdup(quoted), "'", '"');

	return till_return_policy_parse(text, strlen(text), error);
}

static TillReturnPolicy *
create_policy(void)
{
	g_autoptr(GError) error = NULL;
	TillReturnPolicy *policy = parse(policy_text, &error);

	g_assert_no_error(error);
	return policy;
}

static const char *const no_tags[] = {NULL};
static const char *const electronics[] = {"Electronics/Audio", NULL};
static const TillPromoLine tee = {.sku = "TEE", .tags = no_tags, .unit_minor = 2400};
static const TillPromoLine radio = {
    .sku = "RADIO", .tags = no_tags, .categories = electronics, .unit_minor = 8000};

static TillReturnAnswer
ask(const TillReturnPolicy *policy, const TillPromoLine *goods, TillReturnCondition condition,
    TillReturnReceipt receipt, gint64 days)
{
	TillReturnQuestion question = {.goods = goods,
				       .condition = condition,
				       .receipt = receipt,
				       .channel = "web",
				       .days = days,
				       .amount_minor = goods->unit_minor};

	return till_return_policy_judge(policy, &question);
}

static void
assert_row(TillReturnAnswer answer, const char *id)
{
	g_assert_nonnull(answer.row);
	g_assert_cmpstr(answer.row->id, ==, id);
}

static void
test_first_row_that_matches_decides(void)
{
	static const char *const final_sale[] = {"final-sale", NULL};
	g_autoptr(TillReturnPolicy) policy = create_policy();
	TillPromoLine sold = tee;

	sold.tags = final_sale;
	assert_row(ask(policy, &sold, TILL_RETURN_NEW, TILL_RETURN_BY_RECEIPT, 1), "R-1");
	g_assert_false(ask(policy, &sold, TILL_RETURN_NEW, TILL_RETURN_BY_RECEIPT, 1).allow);
	assert_row(ask(policy, &tee, TILL_RETURN_DEFECTIVE, TILL_RETURN_BY_RECEIPT, 400), "R-2");
	assert_row(ask(policy, &radio, TILL_RETURN_OPENED, TILL_RETURN_BY_RECEIPT, 3), "R-3");
	assert_row(ask(policy, &radio, TILL_RETURN_NEW, TILL_RETURN_BY_RECEIPT, 3), "R-4");
}

static void
test_days_include_both_ends(void)
{
	g_autoptr(TillReturnPolicy) policy = create_policy();

	assert_row(ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_ORDER, 30), "R-4");
	assert_row(ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_ORDER, 31), "R-5");
	assert_row(ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_ORDER, 90), "R-5");
	TillReturnAnswer late = ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_ORDER, 91);
	g_assert_null(late.row);
	g_assert_false(late.allow);
	g_assert_nonnull(late.words);
}

static void
test_fee_is_never_more_than_the_amount(void)
{
	g_autoptr(TillReturnPolicy) policy = create_policy();
	TillPromoLine cheap = radio;

	TillReturnAnswer answer =
	    ask(policy, &radio, TILL_RETURN_OPENED, TILL_RETURN_BY_RECEIPT, 3);
	g_assert_cmpint(answer.fee_minor, ==, 1300);
	g_assert_true(answer.approval);
	cheap.unit_minor = 80;
	g_assert_cmpint(
	    ask(policy, &cheap, TILL_RETURN_OPENED, TILL_RETURN_BY_RECEIPT, 3).fee_minor, ==, 80);
}

static void
test_gifts_and_no_receipt_are_credit(void)
{
	g_autoptr(TillReturnPolicy) policy = create_policy();

	g_assert_cmpint(ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_GIFT, 3).as, ==,
			TILL_RETURN_AS_CREDIT);
	TillReturnAnswer none = ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_NONE, 3);
	g_assert_true(none.allow);
	g_assert_true(none.approval);
	g_assert_cmpint(none.as, ==, TILL_RETURN_AS_CREDIT);
	policy->no_receipt = FALSE;
	g_assert_false(ask(policy, &tee, TILL_RETURN_NEW, TILL_RETURN_BY_NONE, 3).allow);
}

static TillReturnAnswer
ask_offline(const TillReturnPolicy *policy, gint64 amount_minor)
{
	TillReturnQuestion question = {
	    .goods = &tee, .channel = "store", .amount_minor = amount_minor, .offline = TRUE};

	return till_return_policy_judge(policy, &question);
}

static void
test_offline_goes_step_by_step(void)
{
	g_autoptr(TillReturnPolicy) policy = create_policy();

	g_assert_false(ask_offline(policy, 4999).approval);
	g_assert_true(ask_offline(policy, 5000).approval);
	g_assert_cmpint(ask_offline(policy, 9999).as, ==, TILL_RETURN_AS_ORIGINAL);
	g_assert_cmpint(ask_offline(policy, 10000).as, ==, TILL_RETURN_AS_CREDIT);
	g_assert_true(ask_offline(policy, 20000).allow);
	g_assert_false(ask_offline(policy, 20001).allow);
}

static void
assert_refused(const char *quoted, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillReturnPolicy) policy = parse(quoted, &error);

	g_assert_null(policy);
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	g_assert_nonnull(strstr(error->message, words));
}

static void
test_bad_policies_name_the_field(void)
{
	assert_refused("{'id':'p','rows':[]}", "rows");
	assert_refused("{'id':'p','rows':[{'id':'R-1','words':'x','moon':1}]}", "moon");
	assert_refused("{'id':'p','rows':[{'id':'R-1','words':'x','when':{'conditions':['odd']}}]}",
		       "conditions");
	assert_refused("{'id':'p','rows':[{'id':'R-1','words':'x','as':'gold'}]}", "as");
	assert_refused("{'id':'p','rows':[{'id':'R-1','words':'x'},{'id':'R-1','words':'y'}]}",
		       "stands twice");
	assert_refused(
	    "{'id':'p','rows':[{'id':'R','words':'x','when':{'days_from':9,'days_to':3}}]}",
	    "days_to");
	assert_refused("{'id':'p','rows':[{'id':'R-1','words':''}]}", "words");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/return-policy/first-row-that-matches-decides",
			test_first_row_that_matches_decides);
	g_test_add_func("/domain/return-policy/days-include-both-ends",
			test_days_include_both_ends);
	g_test_add_func("/domain/return-policy/fee-is-never-more-than-the-amount",
			test_fee_is_never_more_than_the_amount);
	g_test_add_func("/domain/return-policy/gifts-and-no-receipt-are-credit",
			test_gifts_and_no_receipt_are_credit);
	g_test_add_func("/domain/return-policy/offline-goes-step-by-step",
			test_offline_goes_step_by_step);
	g_test_add_func("/domain/return-policy/bad-policies-name-the-field",
			test_bad_policies_name_the_field);
	return g_test_run();
}
