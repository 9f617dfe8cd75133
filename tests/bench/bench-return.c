/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "return-quote.h"
#include "till-return-sample.h"

/* What a return of everything on a sale of 100 lines costs to work out: policy, shares, payments.
 * One JSON object; ratio_milli is to a sale of one line, taken in turns with it. Medians. */

#define LINES 100
#define ROUNDS 201
#define DAY_MS G_GINT64_CONSTANT(86400000)

static gint64
now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

static TillSold *
make_sold(guint lines)
{
	TillPriced *priced = till_price_new(till_currency_find("USD"));
	TillSold *sold;
	char kind[] = "card", reference[] = "pay-1";
	TillSoldPayment payment = {.kind = kind, .reference = reference};

	for (guint i = 0; i < lines; i++) {
		g_autofree char *sku = g_strdup_printf("sku-%u", i);
		till_return_sample_line(priced, sku, 3000, 3000 + i, 299);
	}
	g_assert_true(till_price_sum(priced, NULL));
	payment.paid_minor = payment.value_minor = priced->total_minor;
	sold = till_sold_new(TILL_SOLD_SALE, priced);
	sold->sold_ms = DAY_MS;
	till_sold_add_payment(sold, &payment);
	return sold;
}

static gint64
quote_once(const TillSold *sold, const TillReturnPolicy *policy)
{
	TillReturnAsk asks[LINES];
	guint count = sold->priced->lines->len;
	TillReturnRequest request = {
	    .sold = sold, .policy = policy, .asks = asks, .ask_count = count, .now_ms = 2 * DAY_MS};
	gint64 begin = now_ns();

	for (guint i = 0; i < count; i++)
		asks[i] = (TillReturnAsk){.line = i + 1, .milli = 2000, .reason = "too small"};
	g_autoptr(TillReturnQuote) quote = till_return_quote(&request, NULL);
	g_assert_true(quote != NULL && quote->may && quote->give_minor > 0);
	return now_ns() - begin;
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	const gint64 *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static gint64
median(gint64 *times)
{
	qsort(times, ROUNDS, sizeof *times, compare_times);
	return times[ROUNDS / 2];
}

int
main(void)
{
	g_autoptr(TillReturnPolicy) policy = till_return_sample_policy();
	g_autoptr(TillSold) many = make_sold(LINES);
	g_autoptr(TillSold) one = make_sold(1);
	gint64 times[ROUNDS], yardstick[ROUNDS];

	for (guint i = 0; i < ROUNDS; i++) {
		times[i] = quote_once(many, policy);
		yardstick[i] = quote_once(one, policy);
	}
	gint64 value = median(times), bare = median(yardstick);
	printf("{\"bench\":\"refund quote for a sale of %d lines\", \"value_ns\":%" G_GINT64_FORMAT
	       ", \"yardstick\":\"for one line\", \"yardstick_ns\":%" G_GINT64_FORMAT
	       ", \"ratio_milli\":%" G_GINT64_FORMAT "}\n",
	       LINES, value, bare, 1000 * value / bare);
	return 0;
}
