/* SPDX-License-Identifier: Apache-2.0 */
#include "promotion-test.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "promo-json.h"
#include "sale-reader.h"

#define LINES_TOLD_MAX 20
#define SAMPLES_MAX 10
#define SAMPLE_LINES_MAX 20

/* Sums are kept apart by currency; that of a line by its SKU too. */
typedef struct {
	const TillCurrency *currency;
	char *sku;  /* NULL: of sales */
	char *name; /* the last one seen */
	gint64 sales;
	gint64 quantity_milli;
	gint64 discount_minor;
	gint64 change_minor;
} Sum;

typedef struct {
	TillRepricer *repricer;
	TillPromo *promo; /* borrowed reference */
	gint64 sales;
	gint64 touched;
	gint64 unjudged;
	GHashTable *totals; /* currency code → Sum */
	GHashTable *lines;  /* currency code and SKU → Sum */
	json_t *samples;
} Trial;

static void
free_sum(gpointer data)
{
	Sum *sum = data;

	g_free(sum->sku);
	g_free(sum->name);
	g_free(sum);
}

/* The dates are for when it is in the books. */
static TillPromo *
forget_dates(TillPromo *promo)
{
	promo->valid_from_ms = 0;
	promo->valid_to_ms = 0;
	return promo;
}

TillPromo *
till_promotion_test_read(const char *text, gsize size, GError **error)
{
	g_autoptr(json_t) file =
	    till_json_parse(text, size, TILL_PROMO_JSON_MAX, "promotion", error);
	const json_t *list = json_object_get(file, "promotions");
	TillPromo *promo;

	if (file == NULL)
		return NULL;
	if (list != NULL && json_array_size(list) != 1) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The file must hold one promotion to try; take the others out.");
		return NULL;
	}
	promo =
	    till_promo_json_read(list != NULL ? json_array_get(list, 0) : file, "promotion", error);
	return promo != NULL ? forget_dates(promo) : NULL;
}

/* --- one sale --- */

static gint64
amount_of(const GArray *discounts, const TillPromo *promo)
{
	gint64 amount = 0;

	for (guint i = 0; i < discounts->len; i++) {
		const TillPricedDiscount *discount =
		    &g_array_index(discounts, TillPricedDiscount, i);
		if (strcmp(discount->promotion, promo->id) == 0)
			amount += discount->amount_minor;
	}
	return amount;
}

static Sum *
find_sum(GHashTable *table, const TillCurrency *currency, const char *sku)
{
	g_autofree char *key = g_strdup_printf("%s %s", currency->code, sku != NULL ? sku : "");
	Sum *sum = g_hash_table_lookup(table, key);

	if (sum != NULL)
		return sum;
	sum = g_new0(Sum, 1);
	sum->currency = currency;
	sum->sku = g_strdup(sku);
	g_hash_table_insert(table, g_steal_pointer(&key), sum);
	return sum;
}

static void
sum_line(Trial *trial, const TillCurrency *currency, const TillPricedLine *line)
{
	gint64 amount = amount_of(line->discounts, trial->promo);
	Sum *sum;

	if (amount == 0)
		return;
	sum = find_sum(trial->lines, currency, line->item->sku);
	g_free(sum->name);
	sum->name = till_item_title(line->item);
	sum->sales++;
	sum->quantity_milli += line->quantity_milli;
	sum->discount_minor += amount;
}

static json_t *
make_sample_lines(const TillPriced *was, const TillPriced *again)
{
	json_t *list = json_array();

	for (guint i = 0; i < was->lines->len && json_array_size(list) < SAMPLE_LINES_MAX; i++) {
		const TillPricedLine *before = g_ptr_array_index(was->lines, i);
		const TillPricedLine *after = g_ptr_array_index(again->lines, i);
		json_t *row;
		if (before->total_minor == after->total_minor)
			continue;
		row = json_object();
		json_object_set_new(row, "sku", json_string(before->item->sku));
		json_object_set_new(row, "name", json_string(before->item->name));
		json_object_set_new(row, "before_minor", json_integer(before->total_minor));
		json_object_set_new(row, "after_minor", json_integer(after->total_minor));
		json_array_append_new(list, row);
	}
	return list;
}

static void
add_sample(Trial *trial, const TillSale *sale, const TillPriced *again)
{
	json_t *row = json_object();

	json_object_set_new(row, "receipt", json_string(sale->receipt));
	json_object_set_new(row, "currency", json_string(again->currency->code));
	json_object_set_new(row, "before_minor", json_integer(sale->priced->total_minor));
	json_object_set_new(row, "after_minor", json_integer(again->total_minor));
	json_object_set_new(row, "discount_minor",
			    json_integer(amount_of(again->discounts, trial->promo)));
	json_object_set_new(row, "lines", make_sample_lines(sale->priced, again));
	json_array_append_new(trial->samples, row);
}

/* Touched: the promotion gives something, or the total is another because it was considered. */
static void
take_priced(Trial *trial, const TillSale *sale, const TillPriced *again)
{
	gint64 amount = amount_of(again->discounts, trial->promo);
	gint64 change = again->total_minor - sale->priced->total_minor;
	Sum *sum;

	if (amount == 0 && change == 0)
		return;
	trial->touched++;
	sum = find_sum(trial->totals, again->currency, NULL);
	sum->sales++;
	sum->discount_minor += amount;
	sum->change_minor += change;
	for (guint i = 0; i < again->lines->len; i++)
		sum_line(trial, again->currency, g_ptr_array_index(again->lines, i));
	if (json_array_size(trial->samples) < SAMPLES_MAX)
		add_sample(trial, sale, again);
}

static gboolean
try_sale(Trial *trial, const TillRepricerSale *sale, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(TillPriced) again =
	    till_repricer_price(trial->repricer, sale, trial->promo, &local);

	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	trial->sales++;
	if (again == NULL)
		trial->unjudged++;
	else
		take_priced(trial, sale->sale, again);
	return TRUE;
}

/* --- all of them, the last first --- */

static gboolean
try_batch(Trial *trial, const TillSaleReaderBatch *batch, guint last, GError **error)
{
	if (!till_repricer_prepare(trial->repricer,
				   (const TillRepricerSale *)(gconstpointer)batch->sales->data,
				   batch->sales->len, error))
		return FALSE;
	for (guint i = 0; i < batch->sales->len && trial->sales < last; i++) {
		if (!try_sale(trial, &g_array_index(batch->sales, TillRepricerSale, i), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
try_sales(Trial *trial, TillCentral *central, const TillPromotionTestOptions *options,
	  GError **error)
{
	TillSaleReaderBatch batch = {
	    .order = TILL_SALE_READER_BEFORE, .number = G_MAXINT64, .store = options->store};
	gboolean good = TRUE;
	gboolean more = TRUE;

	while (good && more) {
		good = till_sale_reader_next(central, &batch, error) &&
		       try_batch(trial, &batch, options->last, error);
		more = batch.last < batch.number && trial->sales < options->last;
		batch.number = batch.last;
		till_sale_reader_clear(&batch);
	}
	return good;
}

/* --- the report --- */

static gint
compare_sums(gconstpointer a, gconstpointer b)
{
	const Sum *left = *(const Sum *const *)a;
	const Sum *right = *(const Sum *const *)b;

	if (left->discount_minor != right->discount_minor)
		return left->discount_minor > right->discount_minor ? -1 : 1;
	if (left->sku == NULL || strcmp(left->sku, right->sku) == 0)
		return strcmp(left->currency->code, right->currency->code);
	return strcmp(left->sku, right->sku);
}

static json_t *
write_sum(const Sum *sum)
{
	json_t *row = json_object();

	json_object_set_new(row, "currency", json_string(sum->currency->code));
	json_object_set_new(row, "sales", json_integer(sum->sales));
	json_object_set_new(row, "discount_minor", json_integer(sum->discount_minor));
	if (sum->sku == NULL) {
		json_object_set_new(row, "change_minor", json_integer(sum->change_minor));
		return row;
	}
	json_object_set_new(row, "sku", json_string(sum->sku));
	json_object_set_new(row, "name", json_string(sum->name));
	json_object_set_new(row, "quantity_milli", json_integer(sum->quantity_milli));
	return row;
}

static json_t *
write_sums(GHashTable *table, guint count)
{
	g_autoptr(GPtrArray) sums = g_ptr_array_new();
	json_t *list = json_array();
	GHashTableIter iter;
	gpointer sum;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &sum))
		g_ptr_array_add(sums, sum);
	g_ptr_array_sort(sums, compare_sums);
	for (guint i = 0; i < sums->len && i < count; i++)
		json_array_append_new(list, write_sum(g_ptr_array_index(sums, i)));
	return list;
}

static json_t *
write_report(const Trial *trial)
{
	json_t *report = json_object();

	json_object_set_new(report, "promotion", json_string(trial->promo->id));
	json_object_set_new(report, "sales", json_integer(trial->sales));
	json_object_set_new(report, "touched", json_integer(trial->touched));
	json_object_set_new(report, "unjudged", json_integer(trial->unjudged));
	json_object_set_new(report, "totals", write_sums(trial->totals, G_MAXUINT));
	json_object_set_new(report, "lines", write_sums(trial->lines, LINES_TOLD_MAX));
	json_object_set(report, "samples", trial->samples);
	return report;
}

json_t *
till_promotion_test_run(TillCentral *central, const TillPromo *promo,
			const TillPromotionTestOptions *options, GError **error)
{
	g_autoptr(TillRepricer) repricer = till_repricer_new(central);
	g_autoptr(TillPromo) held = till_promo_ref(promo);
	g_autoptr(GHashTable) totals =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_sum);
	g_autoptr(GHashTable) lines =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_sum);
	g_autoptr(json_t) samples = json_array();
	Trial trial = {.repricer = repricer,
		       .promo = held,
		       .totals = totals,
		       .lines = lines,
		       .samples = samples};

	return try_sales(&trial, central, options, error) ? write_report(&trial) : NULL;
}
