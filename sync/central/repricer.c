/* SPDX-License-Identifier: Apache-2.0 */
#include "repricer.h"

#include <string.h>

#include "error.h"
#include "item-versions.h"
#include "reading.h"
#include "rule-versions.h"
#include "server-log.h"

struct TillRepricer {
	TillCentral *central; /* borrowed */
	TillItemVersions *items;
	TillRuleVersions *rules;
};

TillRepricer *
till_repricer_new(TillCentral *central)
{
	TillRepricer *repricer = g_new0(TillRepricer, 1);

	repricer->central = central;
	repricer->items = till_item_versions_new(central);
	repricer->rules = till_rule_versions_new(central);
	return repricer;
}

void
till_repricer_free(TillRepricer *repricer)
{
	if (repricer == NULL)
		return;
	till_item_versions_free(repricer->items);
	till_rule_versions_free(repricer->rules);
	g_free(repricer);
}

/* FALSE: the sale does not say, or not under this epoch. */
static gboolean
read_cursors(TillRepricer *repricer, const TillSale *sale, gint64 *out_chain, gint64 *out_shop)
{
	const TillPriceContext *context = sale != NULL ? sale->priced->context : NULL;
	const TillPriceMoment *moment;

	if (context == NULL)
		return FALSE;
	moment = till_price_context_moment(context);
	return till_central_read_cursor(repricer->central, moment->chain_cursor, out_chain) &&
	       till_central_read_cursor(repricer->central, moment->shop_cursor, out_shop);
}

/* FALSE: an item says nothing of when it was read, or that it was read after it was priced. */
static gboolean
collect_questions(const TillSale *sale, gint64 chain, GArray *questions)
{
	for (guint i = 0; i < sale->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sale->priced->lines, i);
		TillItemQuestion question = {.sku = line->item->sku, .number = line->item->as_of};
		if (question.number <= 0 || question.number > chain)
			return FALSE;
		g_array_append_val(questions, question);
	}
	return TRUE;
}

gboolean
till_repricer_prepare(TillRepricer *repricer, const TillRepricerSale *sales, guint count,
		      GError **error)
{
	g_autoptr(GArray) questions = g_array_new(FALSE, FALSE, sizeof(TillItemQuestion));

	for (guint i = 0; i < count; i++) {
		guint before = questions->len;
		gint64 chain;
		gint64 shop;
		if (!read_cursors(repricer, sales[i].sale, &chain, &shop) ||
		    !collect_questions(sales[i].sale, chain, questions))
			g_array_set_size(questions, before);
	}
	return till_item_versions_load(repricer->items,
				       (const TillItemQuestion *)(gconstpointer)questions->data,
				       questions->len, error);
}

/* NULL without error: an item is not known. */
static TillBasket *
make_basket(TillRepricer *repricer, const TillSale *sale, gint64 chain, GError **error)
{
	g_autoptr(GArray) questions = g_array_new(FALSE, FALSE, sizeof(TillItemQuestion));
	g_autoptr(GPtrArray) items = g_ptr_array_new();

	if (!collect_questions(sale, chain, questions) ||
	    !till_item_versions_load(repricer->items,
				     (const TillItemQuestion *)(gconstpointer)questions->data,
				     questions->len, error))
		return NULL;
	for (guint i = 0; i < questions->len; i++) {
		const TillItemQuestion *question = &g_array_index(questions, TillItemQuestion, i);
		const TillItem *item =
		    till_item_versions_find(repricer->items, question->sku, question->number);
		if (item == NULL)
			return NULL;
		g_ptr_array_add(items, (gpointer)(guintptr)item);
	}
	return till_sale_again_basket(sale, items);
}

/* A price that stood in a list when the item was read and ended before it was paid is the till's to
 * keep, and cannot be found again. */
static gboolean
has_every_price(const TillPriced *priced)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		if (strcmp(line->item->price_list, TILL_ITEM_VERSIONS_NO_LIST) == 0)
			return FALSE;
	}
	return TRUE;
}

/* With the sale's name in the mapped file: one that crashes us twice is not priced again. */
static TillPriced *
price_guarded(TillRepricer *repricer, const TillRepricerSale *sale, const TillBasket *basket,
	      const TillPriceRules *rules)
{
	int slot = till_reading_begin(repricer->central->reading, &sale->txn);
	g_autoptr(GError) error = NULL;
	TillPriced *priced = till_price_again(basket, rules, sale->sale->priced->context, &error);

	till_reading_end(repricer->central->reading, slot);
	if (priced == NULL)
		till_server_log("unjudged", "receipt=%s reason=\"%s\"", sale->sale->receipt,
				error->message);
	else if (!has_every_price(priced))
		g_clear_pointer(&priced, till_price_free);
	return priced;
}

TillPriced *
till_repricer_price(TillRepricer *repricer, const TillRepricerSale *sale, TillPromo *extra,
		    GError **error)
{
	TillRulesQuestion question = {.store_code = sale->store_code, .extra = extra};
	g_autoptr(TillBasket) basket = NULL;
	const TillPriceRules *rules;

	if (!read_cursors(repricer, sale->sale, &question.chain, &question.shop))
		return NULL;
	rules = till_rule_versions_find(repricer->rules, &question, error);
	if (rules == NULL || rules->currency != sale->sale->priced->currency)
		return NULL;
	basket = make_basket(repricer, sale->sale, question.chain, error);
	return basket != NULL ? price_guarded(repricer, sale, basket, rules) : NULL;
}

gboolean
till_repricer_judge(TillRepricer *repricer, const TillRepricerSale *sale,
		    TillRepricerVerdict *out_verdict, TillSaleDifference *out_difference,
		    GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(TillPriced) again = till_repricer_price(repricer, sale, NULL, &local);

	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (again == NULL)
		*out_verdict = TILL_REPRICER_UNJUDGED;
	else if (till_sale_again_differs(sale->sale, again, out_difference))
		*out_verdict = TILL_REPRICER_DIFFERS;
	else
		*out_verdict = TILL_REPRICER_SAME;
	return TRUE;
}
