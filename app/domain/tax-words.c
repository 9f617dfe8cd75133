/* SPDX-License-Identifier: Apache-2.0 */
#include "tax-words.h"

#include <string.h>

typedef struct {
	TillTaxWords words;
	const TillPricedTax *key; /* borrowed: the first tax of the row */
	gboolean charged;         /* the title is that of a charged tax */
	GPtrArray *remarks;       /* of char*, each once */
	guint last_line;          /* the line whose base was counted last, from 1 */
} Row;

static void
free_words(gpointer data)
{
	TillTaxWords *words = data;

	g_free(words->title);
	g_free(words->remark);
	g_free(words);
}

static void
free_row(gpointer data)
{
	Row *row = data;

	g_free(row->words.title);
	g_ptr_array_free(row->remarks, TRUE);
	g_free(row);
}

static gboolean
has_group(const TillPricedTax *tax)
{
	return tax->group != NULL && *tax->group != '\0';
}

static gboolean
belongs(const Row *row, const TillPricedTax *tax)
{
	const TillPricedTax *key = row->key;

	if (key->inclusive != tax->inclusive || has_group(key) != has_group(tax))
		return FALSE;
	if (has_group(tax))
		return strcmp(key->group, tax->group) == 0;
	return key->rate_ppm == tax->rate_ppm && key->kind == tax->kind &&
	       key->amount_milli == tax->amount_milli && strcmp(key->tax_id, tax->tax_id) == 0;
}

static Row *
find_row(GPtrArray *rows, const TillPricedTax *tax)
{
	for (guint i = 0; i < rows->len; i++) {
		Row *row = g_ptr_array_index(rows, i);
		if (belongs(row, tax))
			return row;
	}
	Row *row = g_new0(Row, 1);
	row->key = tax;
	row->words.inclusive = tax->inclusive;
	row->remarks = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(rows, row);
	return row;
}

/* What stands before the remark. Caller frees. */
static char *
make_title(const char *name)
{
	const char *remark = strstr(name, TILL_TAX_REMARK);

	return remark != NULL ? g_strndup(name, (gsize)(remark - name)) : g_strdup(name);
}

static char *
make_remark(const TillPricedTax *tax, const char *certificate)
{
	const char *remark = strstr(tax->name, TILL_TAX_REMARK);

	if (tax->exempt == TILL_PRICED_TAX_CERTIFICATE && certificate != NULL &&
	    *certificate != '\0')
		return g_strdup_printf("exempt by certificate %s", certificate);
	if (tax->exempt == TILL_PRICED_TAX_CERTIFICATE)
		return g_strdup("exempt by certificate");
	return g_strdup(remark != NULL ? remark + strlen(TILL_TAX_REMARK)
				       : "not due at this price");
}

static void
add_remark(Row *row, const TillPricedTax *tax, const char *certificate)
{
	g_autofree char *remark = make_remark(tax, certificate);

	if (!g_ptr_array_find_with_equal_func(row->remarks, remark, g_str_equal, NULL))
		g_ptr_array_add(row->remarks, g_steal_pointer(&remark));
}

static void
add_tax(GPtrArray *rows, const TillPricedTax *tax, guint line, const char *certificate)
{
	Row *row = find_row(rows, tax);
	gboolean charged = tax->exempt == TILL_PRICED_TAX_CHARGED;

	if (row->words.title == NULL || (charged && !row->charged)) {
		g_free(row->words.title);
		row->words.title = charged ? g_strdup(tax->name) : make_title(tax->name);
		row->charged = charged;
	}
	if (!charged) {
		add_remark(row, tax, certificate);
		return;
	}
	if (row->last_line != line)
		row->words.base_minor += tax->base_minor;
	row->last_line = line;
	row->words.amount_minor += tax->amount_minor;
}

static TillTaxWords *
take_words(Row *row)
{
	TillTaxWords *words = g_memdup2(&row->words, sizeof row->words);

	row->words.title = NULL;
	g_ptr_array_add(row->remarks, NULL);
	words->remark = g_strjoinv(", ", (char **)row->remarks->pdata);
	return words;
}

static const char *
find_certificate(const TillPriced *priced)
{
	return priced->context != NULL
		   ? till_price_context_shopper(priced->context)->exemption.certificate
		   : NULL;
}

GPtrArray *
till_tax_words(const TillPriced *priced)
{
	const char *certificate = find_certificate(priced);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
	GPtrArray *all = g_ptr_array_new_with_free_func(free_words);

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		for (guint t = 0; t < line->taxes->len; t++)
			add_tax(rows, &g_array_index(line->taxes, TillPricedTax, t), i + 1,
				certificate);
	}
	for (guint i = 0; i < rows->len; i++)
		g_ptr_array_add(all, take_words(g_ptr_array_index(rows, i)));
	return all;
}

char *
till_tax_words_line(const TillTaxWords *words)
{
	return *words->remark != '\0'
		   ? g_strconcat(words->title, TILL_TAX_REMARK, words->remark, NULL)
		   : g_strdup(words->title);
}

char *
till_tax_words_one(const TillPriced *priced, const TillPricedTax *tax)
{
	if (tax->exempt == TILL_PRICED_TAX_CHARGED)
		return g_strdup(tax->name);
	g_autofree char *title = make_title(tax->name);
	g_autofree char *remark = make_remark(tax, find_certificate(priced));
	return g_strconcat(title, TILL_TAX_REMARK, remark, NULL);
}
