/* SPDX-License-Identifier: Apache-2.0 */
#include "allocation.h"

#include <string.h>

#include "currency.h"
#include "json.h"
#include "till-test.h"

#define PARTS_MAX 16

/* One vector: what to share, by which weights, in steps of so many minor units. */
typedef struct {
	gint64 amount;
	gint64 step;
	gint64 weights[PARTS_MAX];
	gsize count;
} Task;

static gint64
read_decimal(const char *text, int places)
{
	const char *point = strchr(text, '.');
	int given = point != NULL ? (int)strlen(point + 1) : 0;
	g_autoptr(GString) digits = g_string_new(text);

	g_assert_cmpint(given, <=, places);
	if (point != NULL)
		g_string_erase(digits, point - text, 1);
	for (int i = given; i < places; i++)
		g_string_append_c(digits, '0');
	return g_ascii_strtoll(digits->str, NULL, 10);
}

/* Ratios come as "2", "0.5" or "1/3": all are brought to whole numbers by their common denominator.
 */
static void
read_ratios(const json_t *ratios, Task *task)
{
	gboolean fractions = FALSE;
	gint64 denominators[PARTS_MAX];
	gint64 product = 1;

	task->count = json_array_size(ratios);
	g_assert_cmpuint(task->count, <=, PARTS_MAX);
	for (gsize i = 0; i < task->count; i++)
		fractions |= strchr(json_string_value(json_array_get(ratios, i)), '/') != NULL;
	for (gsize i = 0; i < task->count; i++) {
		g_auto(GStrv) parts =
		    g_strsplit(json_string_value(json_array_get(ratios, i)), "/", 2);
		task->weights[i] = read_decimal(parts[0], fractions ? 1 : 15);
		denominators[i] = parts[1] != NULL ? g_ascii_strtoll(parts[1], NULL, 10) : 1;
		product *= denominators[i];
	}
	for (gsize i = 0; i < task->count; i++)
		task->weights[i] *= product / denominators[i];
}

static void
read_weights(const json_t *inputs, Task *task)
{
	const json_t *lines = json_object_get(inputs, "lines");
	const json_t *weights = json_object_get(inputs, "weights");
	const json_t *equal = json_object_get(inputs, "equal_parts");

	if (json_object_get(inputs, "ratios") != NULL) {
		read_ratios(json_object_get(inputs, "ratios"), task);
		return;
	}
	task->count = equal != NULL ? (gsize)json_integer_value(equal)
				    : MAX(json_array_size(lines), json_array_size(weights));
	g_assert_cmpuint(task->count, >=, 1);
	g_assert_cmpuint(task->count, <=, PARTS_MAX);
	for (gsize i = 0; i < task->count; i++) {
		const json_t *line = json_array_get(lines, i);
		if (equal != NULL)
			task->weights[i] = 1;
		else if (weights != NULL)
			task->weights[i] = json_integer_value(json_array_get(weights, i));
		else
			task->weights[i] =
			    read_decimal(json_string_value(json_object_get(line, "price")), 2) *
			    json_integer_value(json_object_get(line, "quantity"));
	}
}

static int
read_exponent(const json_t *inputs)
{
	const char *code = json_string_value(json_object_get(inputs, "currency"));

	return code != NULL ? till_currency_find(code)->exponent : 2;
}

static Task
read_task(const json_t *inputs)
{
	const json_t *minor = json_object_get(inputs, "amount_minor");
	const json_t *step = json_object_get(inputs, "step_minor");
	Task task = {.step = step != NULL ? json_integer_value(step) : 1};

	task.amount = minor != NULL
			  ? json_integer_value(minor)
			  : read_decimal(json_string_value(json_object_get(inputs, "amount")),
					 read_exponent(inputs));
	g_assert_cmpint(task.amount % task.step, ==, 0);
	read_weights(inputs, &task);
	return task;
}

static gsize
read_parts(const json_t *test, gint64 *out_parts)
{
	const json_t *expected = json_object_get(test, "expected");
	const json_t *minor = json_object_get(expected, "parts_minor");
	const json_t *parts = minor != NULL ? minor : json_object_get(expected, "parts");
	gsize count = json_array_size(parts);

	g_assert_cmpuint(count, >=, 1);
	g_assert_cmpuint(count, <=, PARTS_MAX + 1);
	for (gsize i = 0; i < count; i++) {
		const json_t *part = json_array_get(parts, i);
		out_parts[i] = minor != NULL
				   ? json_integer_value(part)
				   : read_decimal(json_string_value(part),
						  read_exponent(json_object_get(test, "inputs")));
	}
	return count;
}

/* Which function each method of the vectors names; a separate rest stands as one more part. */
static gboolean
share_by_method(const char *method, const Task *task, gint64 *out, gsize *out_count)
{
	gint64 amount = task->amount / task->step;

	*out_count = task->count;
	if (strcmp(method, "FloorToFirst") == 0 || strcmp(method, "ToFirst") == 0)
		return till_allocation_share_first(amount, task->weights, task->count, out);
	if (strcmp(method, "left_over_to_first") == 0)
		return till_allocation_share_running(amount, task->weights, task->count, out);
	if (strcmp(method, "FloorToLargestRemainder") == 0 ||
	    strcmp(method, "spread_order_discount") == 0)
		return till_allocation_share(amount, task->weights, task->count, out);
	if (strcmp(method, "FloorToLargestRatio") == 0)
		return till_allocation_share_heaviest(amount, task->weights, task->count, out);
	*out_count = task->count + 1;
	if (strcmp(method, "BlockSeparate") == 0)
		return till_allocation_share_blocks(amount, task->weights, task->count, out,
						    &out[task->count]);
	g_assert_true(strcmp(method, "FloorSeparate") == 0 || strcmp(method, "Separate") == 0);
	return till_allocation_share_floor(amount, task->weights, task->count, out,
					   &out[task->count]);
}

static int
compare_amount(gconstpointer a, gconstpointer b)
{
	gint64 left = *(const gint64 *)a;
	gint64 right = *(const gint64 *)b;

	return (left > right) - (left < right);
}

static void
check_vector(const json_t *test, GHashTable *methods)
{
	const char *method = json_string_value(json_array_get(json_object_get(test, "tags"), 0));
	const json_t *order = json_object_get(json_object_get(test, "expected"), "order_matters");
	Task task = read_task(json_object_get(test, "inputs"));
	gint64 shares[PARTS_MAX + 1], parts[PARTS_MAX + 1];
	gsize count, expected_count = read_parts(test, parts);

	g_test_message("%s", json_string_value(json_object_get(test, "id")));
	g_hash_table_insert(
	    methods, g_strdup(method),
	    GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(methods, method)) + 1));
	g_assert_true(share_by_method(method, &task, shares, &count));
	g_assert_cmpuint(count, ==, expected_count);
	if (json_is_false(order)) {
		qsort(shares, count, sizeof shares[0], compare_amount);
		qsort(parts, count, sizeof parts[0], compare_amount);
	}
	for (gsize i = 0; i < count; i++)
		g_assert_cmpint(shares[i] * task.step, ==, parts[i]);
}

static void
test_vectors(gconstpointer user)
{
	const char *path = till_test_shared_data(user);
	g_autoptr(GHashTable) methods =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iter;
	gpointer method, count;
	gsize index;
	json_t *test;

	if (path == NULL) {
		g_test_skip("shared data is not here");
		return;
	}
	g_autoptr(json_t) tests = till_test_load_json(path);
	g_assert_cmpuint(json_array_size(tests), >, 0);
	json_array_foreach(tests, index, test) check_vector(test, methods);
	g_hash_table_iter_init(&iter, methods);
	while (g_hash_table_iter_next(&iter, &method, &count))
		g_test_message("covered: %s, %d cases", (const char *)method,
			       GPOINTER_TO_INT(count));
}

static void
test_ties(void)
{
	gint64 shares[4];

	/* Equal remainders: the larger weight first (6 of 8 and 2 of 8 of 2 leave halves), then the
	 * earlier. */
	g_assert_true(till_allocation_share(2, (const gint64[]){2, 6}, 2, shares));
	g_assert_cmpint(shares[0], ==, 0);
	g_assert_cmpint(shares[1], ==, 2);
	g_assert_true(till_allocation_share(2, (const gint64[]){1, 1, 1}, 3, shares));
	g_assert_cmpint(shares[0], ==, 1);
	g_assert_cmpint(shares[1], ==, 1);
	g_assert_cmpint(shares[2], ==, 0);
}

static void
test_no_weights_is_equal(void)
{
	gint64 shares[3];

	g_assert_true(till_allocation_share(-5, (const gint64[]){0, 0, 0}, 3, shares));
	g_assert_cmpint(shares[0], ==, -2);
	g_assert_cmpint(shares[1], ==, -2);
	g_assert_cmpint(shares[2], ==, -1);
	g_assert_true(till_allocation_share_first(5, (const gint64[]){0, 0, 0}, 3, shares));
	g_assert_cmpint(shares[2], ==, 1);
}

static void
test_refusals(void)
{
	gint64 shares[2] = {7, 7};
	gint64 rest = 7;
	const gint64 negative[] = {1, -1};
	const gint64 huge[] = {G_MAXINT64, 1};

	g_assert_false(till_allocation_share(5, negative, 0, shares));
	g_assert_false(till_allocation_share(5, negative, 2, shares));
	g_assert_false(till_allocation_share(5, huge, 2, shares));
	g_assert_false(till_allocation_share_first(5, huge, 2, shares));
	g_assert_false(till_allocation_share_heaviest(5, negative, 2, shares));
	g_assert_false(till_allocation_share_floor(5, negative, 2, shares, &rest));
	g_assert_false(till_allocation_share_blocks(5, huge, 2, shares, &rest));
	g_assert_cmpint(shares[0], ==, 7);
	g_assert_cmpint(rest, ==, 7);
}

static void
test_extremes(void)
{
	gint64 shares[2];
	const gint64 weights[] = {G_MAXINT64 - 1, 1};

	g_assert_true(till_allocation_share(G_MININT64, weights, 2, shares));
	g_assert_cmpint(shares[0] + shares[1], ==, G_MININT64);
	g_assert_true(till_allocation_share(G_MAXINT64, weights, 2, shares));
	g_assert_cmpint(shares[0], ==, G_MAXINT64 - 1);
	g_assert_cmpint(shares[1], ==, 1);
}

typedef gboolean (*ShareFunc)(gint64 amount, const gint64 *weights, gsize count,
			      gint64 *out_shares);

/* Sums to the unit; each part within one unit of its exact share and never past zero; mirrored. */
static void
check_shares(ShareFunc share, gint64 amount, const gint64 *weights, gsize count)
{
	gint64 shares[PARTS_MAX], mirrored[PARTS_MAX];
	gint64 sum = 0, weight_sum = 0;

	g_assert_true(share(amount, weights, count, shares));
	g_assert_true(share(-amount, weights, count, mirrored));
	for (gsize i = 0; i < count; i++) {
		sum += shares[i];
		weight_sum += weights[i];
		g_assert_cmpint(shares[i], ==, -mirrored[i]);
		g_assert_true(amount >= 0 ? shares[i] >= 0 : shares[i] <= 0);
	}
	g_assert_cmpint(sum, ==, amount);
	for (gsize i = 0; i < count && weight_sum > 0; i++) {
		/* amounts and weights are small enough here for the product to fit */
		gint64 exact = ABS(amount) * weights[i] / weight_sum;
		g_assert_cmpint(ABS(shares[i]), >=, exact);
		g_assert_cmpint(ABS(shares[i]), <=, exact + (weights[i] > 0 ? 1 : 0));
	}
}

/* The same without the bound of one unit: what runs on may gather. */
static void
check_running(gint64 amount, const gint64 *weights, gsize count)
{
	gint64 shares[PARTS_MAX], mirrored[PARTS_MAX];
	gint64 sum = 0, weight_sum = 0;

	g_assert_true(till_allocation_share_running(amount, weights, count, shares));
	g_assert_true(till_allocation_share_running(-amount, weights, count, mirrored));
	for (gsize i = 0; i < count; i++)
		weight_sum += weights[i];
	for (gsize i = 0; i < count; i++) {
		sum += shares[i];
		g_assert_cmpint(shares[i], ==, -mirrored[i]);
		g_assert_true(amount >= 0 ? shares[i] >= 0 : shares[i] <= 0);
		g_assert_true(weights[i] > 0 || weight_sum == 0 || shares[i] == 0);
	}
	g_assert_cmpint(sum, ==, amount);
}

static void
test_random_shares(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 20261123);
	for (int i = 0; i < 150000; i++) {
		gint64 weights[PARTS_MAX];
		gsize count = (gsize)till_test_random_range(&random, 1, PARTS_MAX);
		gint64 heaviest = i % 3 == 0 ? 3 : 1000000;
		gint64 amount = till_test_random_range(&random, -1000000, 1000000);
		for (gsize k = 0; k < count; k++)
			weights[k] = till_test_random_range(&random, 0, heaviest);
		check_shares(till_allocation_share, amount, weights, count);
		check_shares(till_allocation_share_first, amount, weights, count);
		check_shares(till_allocation_share_heaviest, amount, weights, count);
		check_running(amount, weights, count);
	}
}

static void
check_rest(gboolean blocks, gint64 amount, const gint64 *weights, gsize count)
{
	gint64 shares[PARTS_MAX];
	gint64 rest;

	g_assert_true(blocks ? till_allocation_share_blocks(amount, weights, count, shares, &rest)
			     : till_allocation_share_floor(amount, weights, count, shares, &rest));
	gint64 sum = rest;
	for (gsize i = 0; i < count; i++) {
		sum += shares[i];
		g_assert_true(amount >= 0 ? shares[i] >= 0 : shares[i] <= 0);
		if (blocks) /* exactly in the ratio of the weights */
			g_assert_cmpint(shares[i] * weights[0], ==, shares[0] * weights[i]);
	}
	g_assert_cmpint(sum, ==, amount);
	if (!blocks)
		g_assert_cmpint(ABS(rest), <, (gint64)count);
}

static void
test_random_rests(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 7);
	for (int i = 0; i < 100000; i++) {
		gint64 weights[PARTS_MAX];
		gsize count = (gsize)till_test_random_range(&random, 1, PARTS_MAX);
		gint64 amount = till_test_random_range(&random, -1000000, 1000000);
		for (gsize k = 0; k < count; k++)
			weights[k] = till_test_random_range(&random, 1, 1000);
		check_rest(i % 2 == 0, amount, weights, count);
	}
}

/* Without ties, which part comes first changes nothing. */
static void
test_random_order(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 11);
	for (int i = 0; i < 20000; i++) {
		gint64 weights[PARTS_MAX], reversed[PARTS_MAX], a[PARTS_MAX], b[PARTS_MAX];
		gsize count = (gsize)till_test_random_range(&random, 1, PARTS_MAX);
		gint64 amount = till_test_random_range(&random, 0, 1000000);
		for (gsize k = 0; k < count; k++) {
			/* distinct by construction */
			weights[k] =
			    till_test_random_range(&random, 0, 5000) * PARTS_MAX + (gint64)k;
			reversed[count - 1 - k] = weights[k];
		}
		g_assert_true(till_allocation_share(amount, weights, count, a));
		g_assert_true(till_allocation_share(amount, reversed, count, b));
		for (gsize k = 0; k < count; k++)
			g_assert_cmpint(a[k], ==, b[count - 1 - k]);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/domain/allocation/agrees-with-brick-money",
			     "vectors/allocation/brick-money.json", test_vectors);
	g_test_add_data_func("/domain/allocation/agrees-with-ruby-money",
			     "vectors/allocation/ruby-money.json", test_vectors);
	g_test_add_data_func("/domain/allocation/agrees-with-solidus",
			     "vectors/allocation/solidus.json", test_vectors);
	g_test_add_data_func("/domain/allocation/agrees-with-vendure",
			     "vectors/allocation/vendure-prorate.json", test_vectors);
	g_test_add_func("/domain/allocation/ties-go-to-weight-then-order", test_ties);
	g_test_add_func("/domain/allocation/no-weight-at-all-is-shared-equally",
			test_no_weights_is_equal);
	g_test_add_func("/domain/allocation/refuses-what-cannot-be-shared", test_refusals);
	g_test_add_func("/domain/allocation/extreme-amounts", test_extremes);
	g_test_add_func("/domain/allocation/random-shares-add-up-and-mirror", test_random_shares);
	g_test_add_func("/domain/allocation/random-rests-add-up", test_random_rests);
	g_test_add_func("/domain/allocation/random-order-changes-nothing", test_random_order);
	return g_test_run();
}
