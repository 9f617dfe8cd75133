/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "return-quote.h"
#include "till-return-sample.h"
#include "till-sample.h"
#include "till-test.h"

#define ROUNDS 100000
#define DAY_MS G_GINT64_CONSTANT(86400000)

static TillReturnRequest
create_request(const TillSold *sold, const TillReturnPolicy *policy, const TillReturnAsk *asks,
	       guint count)
{
	return (TillReturnRequest){.sold = sold,
				   .by = TILL_RETURN_BY_RECEIPT,
				   .policy = policy,
				   .asks = asks,
				   .ask_count = count,
				   .now_ms = DAY_MS};
}

static TillReturnQuote *
quote(const TillReturnRequest *request)
{
	g_autoptr(GError) error = NULL;
	TillReturnQuote *result = till_return_quote(request, &error);

	g_assert_no_error(error);
	return result;
}

static const TillReturnRefund *
refund_at(const TillReturnQuote *answer, guint index)
{
	return g_ptr_array_index(answer->refunds, index);
}

static const TillReturnLine *
line_at(const TillReturnQuote *answer, guint index)
{
	return g_ptr_array_index(answer->lines, index);
}

static void
test_a_card_gets_its_money_back_first(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	const TillReturnAsk ask = {.line = 1, .milli = 3000, .reason = "too small"};
	TillReturnRequest request = create_request(sold, policy, &ask, 1);
	g_autoptr(TillReturnQuote) answer = quote(&request);

	/* 40.00 and 3.55 of tax: 27.22 to the card, the rest in cash. */
	g_assert_true(answer->may);
	g_assert_false(answer->approval);
	g_assert_cmpint(answer->value_minor, ==, 4355);
	g_assert_cmpuint(answer->refunds->len, ==, 2);
	g_assert_cmpstr(refund_at(answer, 0)->as, ==, "card");
	g_assert_cmpstr(refund_at(answer, 0)->reference, ==, "ref-1");
	g_assert_true(refund_at(answer, 0)->intent);
	g_assert_cmpint(refund_at(answer, 0)->amount_minor, ==, 2722);
	g_assert_cmpstr(refund_at(answer, 1)->as, ==, "cash");
	g_assert_cmpint(refund_at(answer, 1)->amount_minor, ==, 1633);
	g_assert_cmpstr(line_at(answer, 0)->answer.row->id, ==, "R-4");
}

static void
test_a_fee_is_kept_and_somebody_must_agree(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	const TillReturnAsk ask = {
	    .line = 2, .milli = 1000, .condition = TILL_RETURN_OPENED, .reason = "no need"};
	TillReturnRequest request = create_request(sold, policy, &ask, 1);
	g_autoptr(TillReturnQuote) answer = quote(&request);

	g_assert_true(answer->may);
	g_assert_true(answer->approval);
	g_assert_cmpstr(answer->approval_why, ==, "R-3 Opened: 15 % fee.");
	g_assert_cmpint(answer->fee_minor, ==, 163); /* of 10.89 */
	g_assert_cmpint(answer->value_minor, ==, 926);
	g_assert_cmpint(answer->give_minor, ==, 926);
	g_assert_cmpint(line_at(answer, 0)->disposition, ==, TILL_RETURN_TO_DAMAGED);
}

static void
test_what_may_not_come_back_says_why(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	const TillReturnAsk asks[] = {{.line = 1, .milli = 4000, .reason = "r"},
				      {.line = 1, .milli = 500, .reason = "r"},
				      {.line = 2, .milli = 1000}};
	TillReturnRequest request = create_request(sold, policy, asks, 3);
	g_autoptr(TillReturnQuote) answer = quote(&request);

	g_assert_false(answer->may);
	g_assert_cmpint(answer->value_minor, ==, 0);
	g_assert_nonnull(strstr(line_at(answer, 0)->refusal, "came back before"));
	g_assert_nonnull(strstr(line_at(answer, 1)->refusal, "whole pieces"));
	g_assert_nonnull(strstr(line_at(answer, 2)->refusal, "why"));
	g_autoptr(GError) error = NULL;
	const TillReturnAsk stranger = {.line = 9, .milli = 1000};
	request = create_request(sold, policy, &stranger, 1);
	g_assert_null(till_return_quote(&request, &error));
	g_assert_nonnull(strstr(error->message, "not on this sale"));
	g_clear_error(&error);
	request.ask_count = 0;
	g_assert_null(till_return_quote(&request, &error));
	g_assert_nonnull(error);
}

static void
test_one_line_in_two_conditions(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	const TillReturnAsk asks[] = {
	    {.line = 1, .milli = 1000, .reason = "r"},
	    {.line = 1, .milli = 2000, .condition = TILL_RETURN_DEFECTIVE, .reason = "r"},
	    {.line = 1, .milli = 1000, .reason = "r"}};
	TillReturnRequest request = create_request(sold, policy, asks, 2);
	g_autoptr(TillReturnQuote) answer = quote(&request);

	g_assert_true(answer->may);
	g_assert_cmpint(answer->given->total_minor, ==, 4355);
	g_assert_cmpuint(answer->parts->len, ==, 2);
	request.ask_count = 3;
	g_autoptr(TillReturnQuote) more = quote(&request);
	g_assert_false(more->may);
	g_assert_nonnull(line_at(more, 2)->refusal);
}

static void
test_days_decide_between_money_and_credit(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	const TillReturnAsk ask = {.line = 2, .milli = 1000, .reason = "r"};
	TillReturnRequest request = create_request(sold, policy, &ask, 1);

	request.now_ms = 40 * DAY_MS;
	g_autoptr(TillReturnQuote) credit = quote(&request);
	g_assert_cmpstr(refund_at(credit, 0)->as, ==, "credit");
	sold->delivered_ms = 35 * DAY_MS; /* days count from there */
	g_autoptr(TillReturnQuote) money = quote(&request);
	g_assert_cmpstr(refund_at(money, 0)->as, ==, "card");
	request.now_ms = 200 * DAY_MS;
	g_autoptr(TillReturnQuote) late = quote(&request);
	g_assert_false(late->may);
	request.now_ms = 36 * DAY_MS;
	request.as_credit = TRUE;
	g_autoptr(TillReturnQuote) wanted = quote(&request);
	g_assert_cmpstr(refund_at(wanted, 0)->as, ==, "credit");
}

static void
test_much_cash_becomes_credit(void)
{
	TillPriced *priced = till_price_new(till_currency_find("USD"));
	g_autoptr(TillSold) sold = NULL;
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	char kind[] = "cash";
	TillSoldPayment payment = {.kind = kind, .paid_minor = 65325, .value_minor = 65325};
	TillReturnAsk ask = {.line = 1, .milli = 1000, .reason = "r"};

	till_return_sample_line(priced, "TV", 2000, 60000, 0);
	g_assert_true(till_price_sum(priced, NULL));
	sold = till_sold_new(TILL_SOLD_SALE, priced);
	till_sold_add_payment(sold, &payment);
	TillReturnRequest request = create_request(sold, policy, &ask, 1);
	g_autoptr(TillReturnQuote) one = quote(&request);
	g_assert_true(one->approval);
	g_assert_nonnull(strstr(one->approval_why, "cash"));
	g_assert_cmpstr(refund_at(one, 0)->as, ==, "cash");
	ask.milli = 2000;
	g_autoptr(TillReturnQuote) both = quote(&request);
	g_assert_false(both->approval);
	g_assert_cmpstr(refund_at(both, 0)->as, ==, "credit");
	g_assert_cmpint(both->give_minor, ==, 65325);
}

/* --- exchange --- */

static void
test_another_size_keeps_its_price(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	g_autoptr(TillItem) other = till_sample_item("SHIRT-M", 9900);
	const TillReturnAsk ask = {
	    .line = 1, .milli = 1000, .condition = TILL_RETURN_WORN, .reason = "too small"};
	TillReturnRequest request = create_request(sold, policy, &ask, 1);
	g_autoptr(TillReturnQuote) alone = quote(&request);
	g_autoptr(TillPriced) taken = till_price_new(till_currency_find("USD"));

	g_assert_false(alone->may); /* exchanged only */
	g_assert_cmpint(alone->lost_minor, ==, 1452);
	g_assert_nonnull(strstr(alone->trouble, "exchanged"));
	till_return_quote_swap(taken, g_ptr_array_index(alone->given->lines, 0), other, "4001");
	g_assert_true(till_price_sum(taken, NULL));
	request.taken = taken;
	g_autoptr(TillReturnQuote) even = quote(&request);
	g_assert_true(even->may);
	g_assert_cmpint(even->give_minor, ==, 0);
	g_assert_cmpint(even->pay_minor, ==, 0);
	g_assert_cmpint(even->taken_minor, ==, 1452);
	g_assert_cmpuint(even->refunds->len, ==, 0);
	g_assert_cmpuint(even->carried->len, ==, 1);

	/* And it comes back in its turn, to the card that paid for the first one. */
	g_autoptr(TillReturn) entry = till_return_sample_entry(&request, even);
	TillUuid txn = till_uuid_random();
	g_assert_true(till_return_note(entry, sold));
	g_autoptr(TillSold) second = till_return_sold(entry, &txn);
	const TillReturnAsk again = {.line = 1, .milli = 1000, .reason = "r"};
	TillReturnRequest back = create_request(second, policy, &again, 1);
	g_autoptr(TillReturnQuote) last = quote(&back);
	g_assert_cmpint(last->give_minor, ==, 1452);
	g_assert_cmpstr(refund_at(last, 0)->reference, ==, "ref-1");
}

static void
test_up_and_down(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	g_autoptr(TillPriced) dear = till_price_new(till_currency_find("USD"));
	g_autoptr(TillPriced) cheap = till_price_new(till_currency_find("USD"));
	const TillReturnAsk ask = {.line = 1, .milli = 3000, .reason = "r"};
	TillReturnRequest request = create_request(sold, policy, &ask, 1);

	till_return_sample_line(dear, "COAT", 1000, 10000, 0);
	g_assert_true(till_price_sum(dear, NULL));
	request.taken = dear;
	g_autoptr(TillReturnQuote) up = quote(&request);
	g_assert_cmpint(up->pay_minor, ==, 10888 - 4355);
	g_assert_cmpint(up->give_minor, ==, 0);
	till_return_sample_line(cheap, "SOCKS", 1000, 1000, 0);
	g_assert_true(till_price_sum(cheap, NULL));
	request.taken = cheap;
	g_autoptr(TillReturnQuote) down = quote(&request);
	g_assert_cmpint(down->pay_minor, ==, 0);
	g_assert_cmpint(down->give_minor, ==, 4355 - 1089);
}

/* --- any sequence --- */

typedef struct {
	GRand *random;
	TillReturnPolicy *policy;
	TillCashRounding rounding;
} Play;

static void
assert_read_again(const TillReturn *made)
{
	g_autoptr(GBytes) bytes = till_return_to_bytes(made);
	g_autoptr(GError) error = NULL;
	g_autoptr(TillReturn) entry = till_return_from_bytes(bytes, &error);

	g_assert_no_error(error);
	g_autoptr(GBytes) again = till_return_to_bytes(entry);
	g_assert_true(g_bytes_equal(bytes, again));
}

/* Everything comes back in random parts, over tills that each read what the others wrote. */
static void
bring_back(Play *play, TillSold **sold)
{
	gboolean as_credit = g_rand_int_range(play->random, 0, 3) == 0;
	TillReturnAsk asks[8];
	guint count = 0;

	for (guint i = 0; i < (*sold)->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index((*sold)->priced->lines, i);
		gint64 left = line->quantity_milli - (*sold)->back_milli[i];
		gint64 step = line->item->weighed ? 1 : 1000;
		if (left == 0 || (count > 0 && g_rand_boolean(play->random)))
			continue;
		asks[count++] = (TillReturnAsk){
		    .line = line->line_id,
		    .milli = step * g_rand_int_range(play->random, 1, (gint32)(left / step) + 1),
		    .reason = "r"};
	}
	TillReturnRequest request = create_request(*sold, play->policy, asks, count);
	request.as_credit = as_credit;
	request.cash_rounding = &play->rounding;
	g_autoptr(TillReturnQuote) answer = quote(&request);
	g_assert_true(answer->may);
	g_assert_cmpint(answer->give_minor, >=, 0);
	g_autoptr(TillReturn) made = till_return_sample_entry(&request, answer);
	g_assert_true(till_return_note(made, *sold));
	if (g_rand_int_range(play->random, 0, 20) == 0)
		assert_read_again(made);
}

static gint64
sum_paid(const TillSold *sold, gboolean back)
{
	gint64 sum = 0;

	for (guint i = 0; i < sold->payments->len; i++) {
		const TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		g_assert_cmpint(payment->given_minor, <=, payment->paid_minor);
		g_assert_cmpint(payment->back_minor, <=, payment->value_minor);
		sum += back ? payment->given_minor : payment->paid_minor;
	}
	return sum;
}

static gboolean
is_all_back(const TillSold *sold)
{
	for (guint i = 0; i < sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		if (sold->back_milli[i] < line->quantity_milli)
			return FALSE;
	}
	return TRUE;
}

static void
test_any_sequence_gives_back_exactly(void)
{
	Play play = {.random = g_rand_new_with_seed(20261124),
		     .policy = till_return_sample_policy()};

	for (int i = 0; i < ROUNDS; i++) {
		gint64 step = i % 2 == 0 ? 1 : 5;
		g_autoptr(TillSold) sold = till_return_sample_sold(play.random, step);
		play.rounding = (TillCashRounding){.step_minor = step};
		while (!is_all_back(sold)) {
			bring_back(&play, &sold);
			g_assert_cmpint(sum_paid(sold, TRUE), <=, sum_paid(sold, FALSE));
		}
		g_assert_cmpint(sum_paid(sold, TRUE), ==, sum_paid(sold, FALSE));
	}
	till_return_policy_unref(play.policy);
	g_rand_free(play.random);
}

static void
test_a_sale_is_told_and_read_again(void)
{
	GRand *random = g_rand_new_with_seed(5);
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	Play play = {.random = random, .policy = policy, .rounding = {.step_minor = 5}};

	for (int i = 0; i < 2000; i++) {
		g_autoptr(TillSold) sold = till_return_sample_sold(random, 5);
		g_autoptr(GError) error = NULL;
		bring_back(&play, &sold);
		g_autoptr(json_t) told = till_sold_json(sold);
		g_autoptr(TillSold) read = till_sold_read(told, &error);
		g_assert_no_error(error);
		g_autoptr(json_t) again = till_sold_json(read);
		g_assert_true(json_equal(told, again));
	}
	g_rand_free(random);
}

static void
test_two_tills_that_took_the_same_back_are_found(void)
{
	g_autoptr(TillSold) sold = till_return_sample_small();
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	const TillReturnAsk ask = {.line = 2, .milli = 1000, .reason = "r"};
	TillReturnRequest request = create_request(sold, policy, &ask, 1);
	g_autoptr(TillReturnQuote) answer = quote(&request);
	g_autoptr(TillReturn) entry = till_return_sample_entry(&request, answer);

	g_assert_true(till_return_note(entry, sold));
	g_assert_false(till_return_note(entry, sold));
	g_assert_cmpint(sold->back_milli[1], ==, 1000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/return-quote/a-card-gets-its-money-back-first",
			test_a_card_gets_its_money_back_first);
	g_test_add_func("/domain/return-quote/a-fee-is-kept-and-somebody-must-agree",
			test_a_fee_is_kept_and_somebody_must_agree);
	g_test_add_func("/domain/return-quote/what-may-not-come-back-says-why",
			test_what_may_not_come_back_says_why);
	g_test_add_func("/domain/return-quote/one-line-in-two-conditions",
			test_one_line_in_two_conditions);
	g_test_add_func("/domain/return-quote/days-decide-between-money-and-credit",
			test_days_decide_between_money_and_credit);
	g_test_add_func("/domain/return-quote/much-cash-becomes-credit",
			test_much_cash_becomes_credit);
	g_test_add_func("/domain/return-quote/another-size-keeps-its-price",
			test_another_size_keeps_its_price);
	g_test_add_func("/domain/return-quote/up-and-down", test_up_and_down);
	g_test_add_func("/domain/return-quote/any-sequence-gives-back-exactly",
			test_any_sequence_gives_back_exactly);
	g_test_add_func("/domain/return-quote/a-sale-is-told-and-read-again",
			test_a_sale_is_told_and_read_again);
	g_test_add_func("/domain/return-quote/two-tills-that-took-the-same-back-are-found",
			test_two_tills_that_took_the_same_back_are_found);
	return g_test_run();
}
