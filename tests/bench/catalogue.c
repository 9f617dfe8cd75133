/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue.h"

#include <sqlite3.h>
#include <string.h>

#include "gtin.h"

#define SEED 20261123
#define WORDS 12000

static const char *const COMMON[] = {
    "organic", "tee",   "cotton", "blue",     "classic", "shirt",     "wool",   "black",
    "small",   "large", "steel",  "coffee",   "candle",  "soap",      "mug",    "linen",
    "natural", "slim",  "fit",    "jacket",   "leather", "bag",       "green",  "tea",
    "gift",    "set",   "kids",   "dress",    "socks",   "crème",     "olive",  "oil",
    "hand",    "cream", "bottle", "notebook", "dark",    "chocolate", "travel", "wallet",
};

static const char *const SYLLABLES[] = {"ba", "cor", "den", "el",  "fi",  "gra", "ho", "in",
					"ja", "kel", "lo",  "mar", "nu",  "or",  "pe", "qui",
					"ra", "sta", "to",  "un",  "ver", "wi",  "yo", "zé"};

/* Word n of the vocabulary: common ones as they are, the rest from syllables. */
static void
append_word(GString *text, guint n)
{
	if (n < G_N_ELEMENTS(COMMON)) {
		g_string_append(text, COMMON[n]);
		return;
	}
	for (guint rest = n; rest > 0; rest /= G_N_ELEMENTS(SYLLABLES))
		g_string_append(text, SYLLABLES[rest % G_N_ELEMENTS(SYLLABLES)]);
}

/* About one in k for word k: the product of two even draws leans to the small numbers. */
static guint
draw_word(TillTestRandom *random)
{
	gint64 bound = till_test_random_range(random, 1, WORDS);
	bound = till_test_random_range(random, 1, bound);
	return (guint)till_test_random_range(random, 0, bound - 1);
}

char *
till_catalogue_name(guint index)
{
	TillTestRandom random;
	till_test_random_init(&random, SEED + (guint64)index * 7919);
	GString *name = g_string_new(NULL);
	gint64 count = till_test_random_range(&random, 2, 5);
	for (gint64 i = 0; i < count; i++) {
		if (i > 0)
			g_string_append_c(name, ' ');
		append_word(name, draw_word(&random));
	}
	name->str[0] = g_ascii_toupper(name->str[0]);
	return g_string_free(name, FALSE);
}

void
till_catalogue_sku(guint index, char *text)
{
	/* Spread, so that neighbours in the list are no neighbours in the trees. */
	g_snprintf(text, 15, "JR-%09u", (guint)((guint64)index * 2654435761U % 1000000007U));
}

void
till_catalogue_gtin(guint index, char *text)
{
	g_snprintf(text, 15, "0%012" G_GUINT64_FORMAT,
		   (guint64)400000000000 + (guint64)index * 40503U % 99999999989U);
	text[13] = till_gtin_check_digit(text, 13);
	text[14] = '\0';
}

static void
run(sqlite3 *handle, const char *sql)
{
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(handle));
}

static sqlite3_stmt *
prepare(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(handle));
	return statement;
}

static void
step(sqlite3_stmt *statement)
{
	int result = sqlite3_step(statement);
	g_assert_cmpint(result, ==, SQLITE_DONE);
	sqlite3_reset(statement);
}

static void
put_text(sqlite3_stmt *statement, int index, const char *text)
{
	int result = sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
	g_assert_cmpint(result, ==, SQLITE_OK);
}

static void
write_items(sqlite3 *handle, guint count)
{
	run(handle, "CREATE TEMP TABLE staged (sku, name, variant, brand, category)");
	sqlite3_stmt *item =
	    prepare(handle, "INSERT INTO staged (sku, name, variant, brand, category) VALUES "
			    "(?1, ?2, ?3, ?4, 'Clothing/Tops')");
	sqlite3_stmt *barcode = prepare(handle, "INSERT INTO barcode VALUES (?1, ?2)");
	sqlite3_stmt *price =
	    prepare(handle, "INSERT INTO price (list, sku, price_minor) VALUES ('base', ?1, ?2)");
	sqlite3_stmt *stock = prepare(handle, "INSERT INTO stock VALUES (?1, ?2)");
	for (guint i = 0; i < count; i++) {
		char sku[15];
		char gtin[15];
		g_autofree char *name = till_catalogue_name(i);
		till_catalogue_sku(i, sku);
		till_catalogue_gtin(i, gtin);
		put_text(item, 1, sku);
		put_text(item, 2, name);
		put_text(item, 3, i % 3 == 0 ? "Navy / M" : i % 3 == 1 ? "Ecru / L" : "");
		put_text(item, 4, i % 2 == 0 ? "Fern & Field" : "Oak");
		step(item);
		put_text(barcode, 1, gtin);
		put_text(barcode, 2, sku);
		step(barcode);
		put_text(price, 1, sku);
		sqlite3_bind_int64(price, 2, 100 + i % 10000);
		step(price);
		put_text(stock, 1, sku);
		sqlite3_bind_int64(stock, 2, 1000 * (i % 50));
		step(stock);
	}
	sqlite3_finalize(item);
	run(handle, "INSERT INTO item (sku, name, variant, brand, category) "
		    "SELECT sku, name, variant, brand, category FROM staged; DROP TABLE staged");
	sqlite3_finalize(barcode);
	sqlite3_finalize(price);
	sqlite3_finalize(stock);
}

void
till_catalogue_write(const char *path, guint count)
{
	sqlite3 *handle = NULL;
	int version;
	g_autofree char *schema = till_test_schema("app/store/schema/cache", &version);
	if (sqlite3_open(path, &handle) != SQLITE_OK)
		g_error("Cannot make %s", path);
	run(handle,
	    "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; "
	    "PRAGMA cache_size = -400000");
	run(handle, schema);
	run(handle, "BEGIN");
	write_items(handle, count);
	run(handle, "INSERT INTO setting VALUES ('currency', 'USD'), ('store_code', '014');"
		    "INSERT INTO cursor VALUES ('chain', 'bench', 1), ('store:014', 'bench', 1);"
		    "INSERT INTO item_words (item_words) VALUES ('optimize');"
		    "INSERT INTO item_head (item_head) VALUES ('optimize');"
		    "COMMIT");
	g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %d", version);
	run(handle, stamp);
	g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
}
