/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api.h"
#include "basket-file.h"
#include "changes.h"
#include "error.h"
#include "price.h"
#include "rules.h"
#include "sale-tax.h"
#include "scan.h"

/* Prices a basket with the till's own engine from the central's tables: item by barcode, SKU or
 * PLU, price from the store's list before the base one. */

typedef struct {
	TillDb *db;
	const char *store_code;
	char list[TILL_CHANGES_SCOPE_MAX];
	gint64 now_ms;
	TillPriceRules rules;
} Quote;

gboolean
till_quote_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	request->message = till_basket_file_parse(text, size, &error);
	if (request->message == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	request->message_free = (GDestroyNotify)till_basket_file_free;
	return TRUE;
}

static gboolean
read_rules(Quote *quote, GError **error)
{
	g_autofree char *list = NULL;

	if (!till_rules_load(quote->db, quote->store_code, TILL_TAX_CARRY, &quote->rules, error))
		return FALSE;
	list = till_rules_setting(quote->db, quote->store_code, "price_list", "", error);
	if (list == NULL)
		return FALSE;
	g_strlcpy(quote->list, list, sizeof quote->list);
	return TRUE;
}

/* The SKU behind a code; "" when there is none. Caller frees. */
static char *
find_sku(Quote *quote, const TillScan *scan)
{
	TillDbQuery *query = till_db_query(
	    quote->db,
	    "SELECT sku FROM barcode WHERE scope = 'chain' AND code IN (?1, ?2) UNION ALL "
	    "SELECT sku FROM item WHERE scope = 'chain' AND sku = ?2 UNION ALL "
	    "SELECT sku FROM item WHERE plu = ?2 AND plu <> '' AND scope = 'chain' LIMIT 1");
	char *sku;

	till_db_bind_text(query, 1, scan->gtin14);
	till_db_bind_text(query, 2, scan->text);
	if (!till_db_step(query, NULL))
		return g_strdup("");
	sku = g_strdup(till_db_text(query, 0));
	till_db_reset(query);
	return sku;
}

static void
read_price(Quote *quote, TillItem *item)
{
	TillDbQuery *query = till_db_query(
	    quote->db,
	    "SELECT list, price_minor FROM price WHERE scope = 'chain' AND sku = ?1 AND list IN "
	    "(?2, 'base') AND min_quantity_milli <= 1000 AND valid_from_ms <= ?3 AND "
	    "(valid_to_ms = 0 OR valid_to_ms > ?3) ORDER BY list = ?2 DESC, "
	    "min_quantity_milli DESC, valid_from_ms DESC LIMIT 1");

	till_db_bind_text(query, 1, item->sku);
	till_db_bind_text(query, 2, quote->list);
	till_db_bind_int(query, 3, quote->now_ms);
	if (!till_db_step(query, NULL))
		return;
	g_free(item->price_list);
	item->price_list = g_strdup(till_db_text(query, 0));
	item->price_minor = till_db_int(query, 1);
	item->has_price = TRUE;
	till_db_reset(query);
}

static void
fill_item(TillDbQuery *query, TillItem *item)
{
	char **const texts[] = {&item->sku,   &item->name,     &item->variant,
				&item->style, &item->category, &item->tags,
				&item->brand, &item->unit,     &item->tax_class};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*texts[i]);
		*texts[i] = g_strdup(till_db_text(query, (int)i));
	}
	item->weighed = till_db_int(query, 9) != 0;
	item->active = TRUE;
}

/* NULL with a sentence. */
static TillItem *
find_item(Quote *quote, const char *code, GError **error)
{
	TillScan scan = till_scan_read(code);
	g_autofree char *sku = find_sku(quote, &scan);
	TillDbQuery *query = till_db_query(
	    quote->db,
	    "SELECT sku, name, variant, style, category, tags, brand, unit, tax_class, weighed "
	    "FROM item WHERE scope = 'chain' AND sku = ?1 AND active = 1");
	TillItem *item;

	till_db_bind_text(query, 1, sku);
	if (*sku == '\0' || !till_db_step(query, error)) {
		if (error == NULL || *error == NULL)
			g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
				    "Nothing here has the code \"%.60s\".", code);
		return NULL;
	}
	item = till_item_new();
	fill_item(query, item);
	till_db_reset(query);
	read_price(quote, item);
	return item;
}

static gboolean
fill_basket(Quote *quote, const TillBasketFile *file, TillBasket *basket, GError **error)
{
	for (guint i = 0; i < file->lines->len; i++) {
		const TillBasketFileLine *line = g_ptr_array_index(file->lines, i);
		g_autoptr(TillItem) item = find_item(quote, line->code, error);
		if (item == NULL)
			return FALSE;
		TillBasketResult result = till_basket_file_add(line, item, basket);
		if (result == TILL_BASKET_OK)
			continue;
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "lines[%u] (%.60s): %s", i,
			    line->code, till_basket_words(result));
		return FALSE;
	}
	return TRUE;
}

static json_t *
write_line(const TillPricedLine *line)
{
	json_t *row = json_object();

	json_object_set_new(row, "sku", json_string(line->item->sku));
	json_object_set_new(row, "name", json_string(line->item->name));
	json_object_set_new(row, "variant", json_string(line->item->variant));
	json_object_set_new(row, "code", json_string(line->code));
	json_object_set_new(row, "quantity_milli", json_integer(line->quantity_milli));
	json_object_set_new(row, "unit_minor", json_integer(line->unit_minor));
	json_object_set_new(row, "list_minor", json_integer(line->list_minor));
	json_object_set_new(row, "discount_minor", json_integer(line->discount_minor));
	json_object_set_new(row, "tax_minor", json_integer(line->tax_minor));
	json_object_set_new(row, "total_minor", json_integer(line->total_minor));
	if (line->exempted_minor != 0)
		json_object_set_new(row, "exempted_minor", json_integer(line->exempted_minor));
	json_object_set_new(row, "taxes", till_sale_tax_write(line->taxes));
	return row;
}

static json_t *
write_quote(const Quote *quote, const TillPriced *priced)
{
	json_t *answer = json_object();
	json_t *lines = json_array();

	for (guint i = 0; i < priced->lines->len; i++)
		json_array_append_new(lines, write_line(g_ptr_array_index(priced->lines, i)));
	json_object_set_new(answer, "store", json_string(quote->store_code));
	json_object_set_new(answer, "currency", json_string(priced->currency->code));
	json_object_set_new(answer, "lines", lines);
	if (priced->exempted_minor != 0)
		json_object_set_new(answer, "exempted_minor", json_integer(priced->exempted_minor));
	json_object_set_new(answer, "taxes", till_sale_tax_write(priced->taxes));
	json_object_set_new(answer, "list_minor", json_integer(priced->list_minor));
	json_object_set_new(answer, "discount_minor", json_integer(priced->discount_minor));
	json_object_set_new(answer, "tax_minor", json_integer(priced->tax_minor));
	json_object_set_new(answer, "total_minor", json_integer(priced->total_minor));
	return answer;
}

gboolean
till_quote_api_quote(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *store = till_request_query(request, "store");
	Quote quote = {.db = central->db,
		       .store_code = *store != '\0' ? store : request->terminal.store_code,
		       .now_ms = till_central_now_ms(central)};
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillPriced) priced = NULL;
	g_autoptr(GError) error = NULL;

	if (read_rules(&quote, &error) && fill_basket(&quote, request->message, basket, &error))
		priced = till_price_basket(basket, &quote.rules, &error);
	if (priced != NULL)
		till_response_json(response, write_quote(&quote, priced));
	else
		till_response_error(response, error);
	till_price_rules_clear(&quote.rules);
	return TRUE;
}
