/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "catalog.h"
#include "fixture.h"
#include "json.h"
#include "search-words.h"

static void
put(TillStore *store, const char *sku, const char *name, const char *variant, const char *brand)
{
	g_autoptr(json_t) value = json_pack("{s:s,s:s,s:s,s:s}", "sku", sku, "name", name,
					    "variant", variant, "brand", brand);
	char *text = json_dumps(value, 0);
	const char *const page[] = {"item", sku, text, NULL};
	till_fixture_feed(store, "chain", page);
	free(text);
}

static void
put_code(TillStore *store, const char *code, const char *sku)
{
	g_autofree char *text = g_strdup_printf("{\"code\":\"%s\",\"sku\":\"%s\"}", code, sku);
	const char *const page[] = {"barcode", code, text, NULL};
	till_fixture_feed(store, "chain", page);
}

/* Compares the SKUs found with expected, separated by spaces. */
static void
assert_found(TillStore *store, const char *query, const char *expected)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) items = till_catalog_search(store, query, 50, &error);
	g_assert_no_error(error);
	g_autoptr(GString) skus = g_string_new(NULL);
	for (guint i = 0; i < items->len; i++)
		g_string_append_printf(skus, "%s%s", i == 0 ? "" : " ",
				       ((TillItem *)g_ptr_array_index(items, i))->sku);
	if (strcmp(skus->str, expected) != 0)
		g_error("\"%s\" found %s, not %s", query, skus->str, expected);
}

static void
rank(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	put(store, "T1", "Tee", "", "");
	put(store, "T2", "Tee organic", "", "");
	put(store, "T3", "Organic tee", "Navy / M", "Fern");
	put(store, "T4", "Teepot", "", "");
	put(store, "T5", "Blue teepot", "", "");
	put(store, "TEE", "Sandal", "", "");
	/* Exact code, whole name, names that begin so (shorter first), whole word, beginning of a
	 * word. */
	assert_found(store, "tee", "TEE T1 T4 T2 T3 T5");
	assert_found(store, "TEE ", "TEE T1 T4 T2 T3 T5");
	assert_found(store, "organic tee", "T3 T2");
	assert_found(store, "tee organic", "T2 T3");
	assert_found(store, "nav org", "T3");
	assert_found(store, "fern tee", "T3");
	assert_found(store, "tee fern zebra", "");
	assert_found(store, "teep", "T4 T5");
	assert_found(store, "", "");
	assert_found(store, "  —  ", "");
	/* No operators: "or" is a word like any other. */
	assert_found(store, "\"tee\" OR *", "T3 T2");
}

static void
test_rank(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, rank);
	till_fixture_free(fixture);
}

static void
fold(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	put(store, "C1", "Café crème", "", "");
	put(store, "C2", "Smørrebrød", "", "");
	put(store, "C3", "Große Straße", "", "Łódź");
	put(store, "C4", "Cœur d’Æther", "", "");
	put(store, "C5", "ŠKODA", "Đ", "");
	assert_found(store, "cafe creme", "C1");
	assert_found(store, "CAFÉ CRÈME", "C1");
	assert_found(store, "creme", "C1");
	assert_found(store, "smorre", "C2");
	assert_found(store, "SMØRREBRØD", "C2");
	assert_found(store, "strasse", "C3");
	assert_found(store, "grosse", "C3");
	assert_found(store, "straße", "C3");
	assert_found(store, "lodz", "C3");
	assert_found(store, "coeur aether", "C4");
	assert_found(store, "skoda d", "C5");
}

static void
test_fold(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, fold);
	till_fixture_free(fixture);
}

static void
find_by_code(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	put(store, "MUG-BLUE", "Mug", "Blue", "");
	put(store, "MUG-RED", "Mug", "Red", "");
	put_code(store, "04006381333931", "MUG-BLUE");
	put_code(store, "00012345678905", "MUG-RED");
	assert_found(store, "4006381333931", "MUG-BLUE");
	assert_found(store, "40063", "MUG-BLUE");
	assert_found(store, "012345678905", "MUG-RED");
	assert_found(store, "123456", "MUG-RED");
	assert_found(store, "mug-r", "MUG-RED");
	assert_found(store, "mug-red", "MUG-RED");
	assert_found(store, "mug 40063", "MUG-BLUE");
	assert_found(store, "red 40063", "");
	assert_found(store, "mug-b blue", "MUG-BLUE");
}

static void
test_codes(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, find_by_code);
	till_fixture_free(fixture);
}

static void
follow_changes(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	put(store, "A", "Lamp", "", "");
	assert_found(store, "lamp", "A");
	put(store, "A", "Torch", "", "");
	assert_found(store, "lamp", "");
	assert_found(store, "torch", "A");
	const char *const retire[] = {"item", "A",
				      "{\"sku\":\"A\",\"name\":\"Torch\",\"active\":false}", NULL};
	till_fixture_feed(store, "chain", retire);
	assert_found(store, "torch", "");
	assert_found(store, "A", "");
	put(store, "A", "Torch", "", "");
	assert_found(store, "torch", "A");
	const char *const drop[] = {"item", "A", NULL, NULL};
	till_fixture_feed(store, "chain", drop);
	assert_found(store, "torch", "");
}

static void
test_changes(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, follow_changes);
	till_fixture_free(fixture);
}

static void
find_among_many(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	for (int i = 0; i < 700; i++) {
		g_autofree char *sku = g_strdup_printf("X%04d", i);
		g_autofree char *name = g_strdup_printf("Green thing number %d", i);
		put(store, sku, name, "", "");
	}
	put(store, "LAST", "Green", "", "");
	put(store, "WORD", "Bottle green", "", "");
	GError *error = NULL;
	g_autoptr(GPtrArray) items = till_catalog_search(store, "green", 50, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(items->len, ==, 50);
	/* The whole name comes first although seven hundred stand before it. */
	g_assert_cmpstr(((TillItem *)g_ptr_array_index(items, 0))->sku, ==, "LAST");
	assert_found(store, "bottle g", "WORD");
	g_autoptr(GPtrArray) few = till_catalog_search(store, "g", 3, &error);
	g_assert_cmpuint(few->len, ==, 3);
	g_assert_cmpstr(((TillItem *)g_ptr_array_index(few, 0))->sku, ==, "LAST");
}

static void
test_many(void)
{
	TillFixture *fixture = till_fixture_new();
	till_fixture_do(fixture, find_among_many);
	till_fixture_free(fixture);
}

static void
test_words(void)
{
	TillSearchWords words;
	till_search_words_read(&words, "  Crème-brûlée  4x100 g ");
	g_assert_cmpuint(words.word_count, ==, 4);
	g_assert_cmpstr(words.words[0], ==, "creme");
	g_assert_cmpstr(words.words[3], ==, "g");
	g_assert_cmpuint(words.piece_count, ==, 3);
	g_autofree char *match = till_search_words_match(&words, TRUE, 1);
	g_assert_cmpstr(match, ==, "\"creme\" * AND \"brulee\" * AND \"4x100\" * AND \"g\" *");
	g_autofree char *long_ones = till_search_words_match(&words, FALSE, 6);
	g_assert_cmpstr(long_ones, ==, "\"brulee\"");
	g_assert_null(till_search_words_match(&words, FALSE, 20));
	g_assert_true(till_search_words_in(&words, "g 4x100 brulee creme", TRUE));
	g_assert_false(till_search_words_in(&words, "g 4x100 brulees creme", TRUE));
	g_assert_true(till_search_words_in(&words, "g 4x100 brulees creme", FALSE));
	till_search_words_clear(&words);
	g_autofree char *long_query = g_strnfill(5000, 'a');
	till_search_words_read(&words, long_query);
	g_assert_cmpuint(strlen(words.text), <=, 100);
	till_search_words_clear(&words);
	till_search_words_read(&words, "a b c d e f g h i j k");
	g_assert_cmpuint(words.word_count, ==, TILL_SEARCH_WORDS_MAX);
	till_search_words_clear(&words);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/store/search/queries-are-taken-apart-and-bounded", test_words);
	g_test_add_func("/store/search/best-matches-come-first", test_rank);
	g_test_add_func("/store/search/accents-and-case-do-not-matter", test_fold);
	g_test_add_func("/store/search/skus-and-barcodes-match-by-their-beginning", test_codes);
	g_test_add_func("/store/search/changes-show-at-once", test_changes);
	g_test_add_func("/store/search/the-best-is-found-among-many", test_many);
	return g_test_run();
}
