/* SPDX-License-Identifier: Apache-2.0 */
#include "basket.h"

#include <string.h>

#include "quantity.h"
#include "till-sample.h"
#include "till-test.h"

static guint
add_piece(TillBasket *basket, const char *sku)
{
	g_autoptr(TillItem) item = till_sample_item(sku, 100);
	guint line_id = 0;

	g_assert_cmpint(till_basket_add(basket, item, sku, 0, &line_id), ==, TILL_BASKET_OK);
	return line_id;
}

static void
test_item_is_shared(void)
{
	TillItem *item = till_sample_item("A", 100);
	TillItem *second = till_item_ref(item);

	g_assert_true(item == second);
	till_item_unref(item);
	g_assert_cmpstr(second->sku, ==, "A");
	till_item_unref(second);
	till_item_unref(NULL);
}

static void
test_item_title(void)
{
	g_autoptr(TillItem) item = till_sample_item("A", 100);
	g_autofree char *bare = till_item_title(item);

	g_assert_cmpstr(bare, ==, "Thing A");
	g_free(item->variant);
	item->variant = g_strdup("Navy / M");
	g_autofree char *full = till_item_title(item);
	g_assert_cmpstr(full, ==, "Thing A — Navy / M");
}

static void
test_counts_up(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	guint first = add_piece(basket, "A");

	add_piece(basket, "B");
	g_assert_cmpuint(add_piece(basket, "A"), ==, first);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
	g_assert_cmpuint(till_basket_line(basket, 0)->id, ==, first);
	g_assert_cmpint(till_basket_line(basket, 0)->quantity_milli, ==, 2000);
	g_assert_cmpstr(till_basket_line(basket, 0)->code, ==, "A");
}

static void
test_note_keeps_apart(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	guint noted = add_piece(basket, "A");

	g_assert_cmpint(till_basket_set_note(basket, noted, "Gift wrap\x1b[0m"), ==,
			TILL_BASKET_OK);
	g_assert_null(strchr(till_basket_find(basket, noted)->note, '\x1b'));
	g_assert_cmpuint(add_piece(basket, "A"), !=, noted);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
}

static void
test_new_price_keeps_apart(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) dearer = till_sample_item("A", 101);

	add_piece(basket, "A");
	g_assert_cmpint(till_basket_add(basket, dearer, "A", 0, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
}

static void
test_weighed(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) coffee = till_sample_weighed("COFFEE", 1250);
	guint line_id = 0;

	g_assert_cmpint(till_basket_add(basket, coffee, "", 0, &line_id), ==,
			TILL_BASKET_NEEDS_WEIGHT);
	g_assert_cmpuint(line_id, ==, 0);
	g_assert_cmpint(till_basket_add(basket, coffee, "", 640, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, coffee, NULL, 125, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_count(basket), ==, 2);
	g_assert_cmpstr(till_basket_line(basket, 1)->code, ==, "");
}

static void
test_refusals(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) item = till_sample_item("A", 100);
	g_autoptr(TillItem) priceless = till_sample_item("B", 0);
	guint line_id;

	priceless->has_price = FALSE;
	g_assert_cmpint(till_basket_add(basket, priceless, "", 0, NULL), ==, TILL_BASKET_NO_PRICE);
	g_assert_cmpint(till_basket_add(basket, item, "", 1500, NULL), ==, TILL_BASKET_NOT_PIECES);
	g_assert_cmpint(till_basket_add(basket, item, "", -1000, NULL), ==, TILL_BASKET_QUANTITY);
	g_assert_cmpint(till_basket_add(basket, item, "", TILL_QUANTITY_MAX_MILLI + 1, NULL), ==,
			TILL_BASKET_QUANTITY);
	g_assert_cmpuint(till_basket_count(basket), ==, 0);
	g_assert_cmpint(till_basket_add(basket, item, "", 9999999000, &line_id), ==,
			TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, item, "", 1000, NULL), ==, TILL_BASKET_QUANTITY);
	g_assert_cmpint(till_basket_set_quantity(basket, line_id, 0), ==, TILL_BASKET_QUANTITY);
	g_assert_cmpint(till_basket_set_quantity(basket, line_id, 500), ==, TILL_BASKET_NOT_PIECES);
	g_assert_cmpint(till_basket_set_quantity(basket, 99, 1000), ==, TILL_BASKET_NO_LINE);
	g_assert_cmpint(till_basket_set_note(basket, 99, "x"), ==, TILL_BASKET_NO_LINE);
	g_assert_cmpint(till_basket_void(basket, 99), ==, TILL_BASKET_NO_LINE);
	g_assert_cmpint(till_basket_line(basket, 0)->quantity_milli, ==, 9999999000);
}

static void
test_full(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	g_autoptr(TillItem) coffee = till_sample_weighed("COFFEE", 1250);
	g_autoptr(TillItem) mug = till_sample_item("MUG", 995);
	guint voided;

	g_assert_cmpint(till_basket_add(basket, mug, "", 0, &voided), ==, TILL_BASKET_OK);
	for (int i = 1; i < TILL_BASKET_LINES_MAX; i++)
		g_assert_cmpint(till_basket_add(basket, coffee, "", 10, NULL), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, coffee, "", 10, NULL), ==, TILL_BASKET_FULL);
	/* Counting up needs no line. */
	g_assert_cmpint(till_basket_add(basket, mug, "", 0, NULL), ==, TILL_BASKET_OK);
	/* An undo must not make room that is not there. */
	g_assert_cmpint(till_basket_void(basket, voided), ==, TILL_BASKET_OK);
	g_assert_cmpint(till_basket_add(basket, coffee, "", 10, NULL), ==, TILL_BASKET_OK);
	g_assert_false(till_basket_undo_void(basket, NULL));
	g_assert_cmpuint(till_basket_count(basket), ==, TILL_BASKET_LINES_MAX);
}

static void
test_void_and_undo(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	guint a = add_piece(basket, "A");
	guint b = add_piece(basket, "B");
	guint c = add_piece(basket, "C");
	guint back = 0;

	g_assert_cmpint(till_basket_void(basket, b), ==, TILL_BASKET_OK);
	g_assert_null(till_basket_find(basket, b));
	g_assert_cmpint(till_basket_void(basket, a), ==, TILL_BASKET_OK);
	g_assert_cmpuint(till_basket_line(basket, 0)->id, ==, c);
	g_assert_true(till_basket_undo_void(basket, &back));
	g_assert_cmpuint(back, ==, a);
	g_assert_true(till_basket_undo_void(basket, &back));
	g_assert_cmpuint(back, ==, b);
	g_assert_false(till_basket_undo_void(basket, &back));
	g_assert_cmpuint(till_basket_line(basket, 0)->id, ==, a);
	g_assert_cmpuint(till_basket_line(basket, 1)->id, ==, b);
	g_assert_cmpuint(till_basket_line(basket, 2)->id, ==, c);
}

static void
test_clear_keeps_counting(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	guint before = add_piece(basket, "A");

	g_assert_cmpint(till_basket_void(basket, before), ==, TILL_BASKET_OK);
	till_basket_clear(basket);
	g_assert_cmpuint(till_basket_count(basket), ==, 0);
	g_assert_false(till_basket_undo_void(basket, NULL));
	g_assert_cmpuint(add_piece(basket, "A"), >, before);
}

/* Any row of scans, voids and undos: ids stay unique and quantities sane. */
static void
test_random_steps(void)
{
	g_autoptr(TillBasket) basket = till_basket_new();
	TillTestRandom random;

	till_test_random_init(&random, 999);
	for (int i = 0; i < 20000; i++) {
		char sku[] = {(char)till_test_random_range(&random, 'A', 'Z'), '\0'};
		guint count = till_basket_count(basket);
		guint pick = (guint)till_test_random_range(&random, 0, count > 0 ? count - 1 : 0);
		gint64 step = till_test_random_range(&random, 0, 9);
		if (step < 5 || count == 0)
			add_piece(basket, sku);
		else if (step < 8)
			g_assert_cmpint(
			    till_basket_void(basket, till_basket_line(basket, pick)->id), ==,
			    TILL_BASKET_OK);
		else
			(void)till_basket_undo_void(basket, NULL);
		if (i % 100 != 0)
			continue;
		for (guint k = 0; k < till_basket_count(basket); k++) {
			const TillBasketLine *line = till_basket_line(basket, k);
			g_assert_true(till_basket_find(basket, line->id) == line);
			g_assert_cmpint(line->quantity_milli, >, 0);
		}
	}
}

static void
test_words(void)
{
	for (int result = TILL_BASKET_OK; result <= TILL_BASKET_NOT_PIECES; result++)
		g_assert_true(g_str_has_suffix(till_basket_words((TillBasketResult)result), "."));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/item/is-shared-by-reference", test_item_is_shared);
	g_test_add_func("/domain/item/title-joins-name-and-variant", test_item_title);
	g_test_add_func("/domain/basket/same-piece-counts-up-in-place", test_counts_up);
	g_test_add_func("/domain/basket/line-with-note-stays-apart", test_note_keeps_apart);
	g_test_add_func("/domain/basket/repriced-item-starts-a-line", test_new_price_keeps_apart);
	g_test_add_func("/domain/basket/weighed-item-gets-its-own-line", test_weighed);
	g_test_add_func("/domain/basket/refuses-what-cannot-be-sold", test_refusals);
	g_test_add_func("/domain/basket/holds-a-full-basket", test_full);
	g_test_add_func("/domain/basket/void-and-undo-keep-places", test_void_and_undo);
	g_test_add_func("/domain/basket/clear-goes-on-counting-ids", test_clear_keeps_counting);
	g_test_add_func("/domain/basket/random-steps-keep-it-sound", test_random_steps);
	g_test_add_func("/domain/basket/words-are-sentences", test_words);
	return g_test_run();
}
