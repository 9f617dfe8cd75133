/* SPDX-License-Identifier: Apache-2.0 */
#include "collection.h"

#include <string.h>

#include "till-test.h"

static void
test_every_row_is_found(void)
{
	gsize count;
	const TillCollection *table = till_collection_table(&count);

	g_assert_cmpuint(count, ==, 22);
	for (gsize i = 0; i < count; i++)
		g_assert_true(till_collection_find(table[i].name) == &table[i]);
	g_assert_null(till_collection_find("items"));
	g_assert_null(till_collection_find(""));
	g_assert_null(till_collection_find(NULL));
}

static void
check_column(const TillCollection *collection, guint index)
{
	const TillColumn *column = &collection->columns[index];

	g_test_message("%s.%s", collection->name, column->name);
	g_assert_cmpuint(strspn(column->name, "abcdefghijklmnopqrstuvwxyz_0123456789"), ==,
			 strlen(column->name));
	g_assert_cmpint(column->kind == TILL_COLUMN_TEXT, ==, column->max_bytes > 0);
	if (column->kind == TILL_COLUMN_TEXT)
		g_assert_cmpint(column->required, ==, column->text_default == NULL);
	else
		g_assert_null(column->text_default);
	for (guint k = 0; k < index; k++)
		g_assert_cmpstr(collection->columns[k].name, !=, column->name);
}

static void
test_columns_are_sound(void)
{
	gsize count;
	const TillCollection *table = till_collection_table(&count);

	for (gsize i = 0; i < count; i++) {
		g_assert_cmpuint(table[i].key_columns, >=, 1);
		g_assert_cmpuint(table[i].key_columns, <=, table[i].column_count);
		for (guint k = 0; k < table[i].column_count; k++)
			check_column(&table[i], k);
	}
}

static void
test_scopes_and_keys(void)
{
	static const struct {
		const char *name;
		gboolean store_scope;
		guint keys, columns;
	} rows[] = {
	    {"item", FALSE, 1, 13},         {"barcode", FALSE, 1, 2},
	    {"price", FALSE, 4, 6},         {"tax", TRUE, 2, 15},
	    {"staff", TRUE, 1, 5},          {"setting", TRUE, 1, 2},
	    {"stock", TRUE, 1, 3},          {"customer", FALSE, 1, 9},
	    {"promotion", FALSE, 1, 3},     {"promotion_use", FALSE, 2, 4},
	    {"coupon_use", FALSE, 2, 3},    {"exception", TRUE, 1, 8},
	    {"return_policy", FALSE, 1, 3}, {"terminal_key", FALSE, 1, 6},
	    {"past_sale", TRUE, 1, 10},     {"credit", FALSE, 1, 6},
	    {"stock_aside", TRUE, 2, 3},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const TillCollection *collection = till_collection_find(rows[i].name);
		g_test_message("%s", rows[i].name);
		g_assert_nonnull(collection);
		g_assert_cmpint(collection->store_scope, ==, rows[i].store_scope);
		g_assert_cmpuint(collection->key_columns, ==, rows[i].keys);
		g_assert_cmpuint(collection->column_count, ==, rows[i].columns);
	}
}

static void
test_defaults(void)
{
	const TillCollection *item = till_collection_find("item");

	g_assert_cmpstr(item->columns[7].name, ==, "unit");
	g_assert_cmpstr(item->columns[7].text_default, ==, "ea");
	g_assert_cmpstr(item->columns[8].name, ==, "weighed");
	g_assert_cmpint(item->columns[8].int_default, ==, FALSE);
	g_assert_cmpstr(item->columns[11].name, ==, "active");
	g_assert_cmpint(item->columns[11].int_default, ==, TRUE);
	g_assert_cmpint(till_collection_find("promotion")->columns[1].int_default, ==, 1);
	/* Nobody is kept from offers by a central that does not say. */
	g_assert_cmpint(till_collection_find("customer")->columns[8].int_default, ==, TRUE);
	g_assert_true(till_collection_find("price")->columns[5].required);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/collection/each-is-found-by-name", test_every_row_is_found);
	g_test_add_func("/domain/collection/columns-are-sound", test_columns_are_sound);
	g_test_add_func("/domain/collection/scopes-and-keys", test_scopes_and_keys);
	g_test_add_func("/domain/collection/defaults", test_defaults);
	return g_test_run();
}
