/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "changes.h"
#include "json.h"
#include "past.h"
#include "rules.h"

#define KEYS 7
#define CHANGES 300

/* What a test does on the writer. */
typedef struct {
	void (*run)(TillDb *db, gpointer data);
	gpointer data;
} Visit;

static gboolean
visit_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Visit *visit = data;

	visit->run(central->db, visit->data);
	return TRUE;
}

static void
visit(CentralFixture *fixture, void (*run)(TillDb *db, gpointer data), gpointer data)
{
	Visit job = {.run = run, .data = data};
	g_autoptr(GError) error = NULL;
	gboolean done = till_writer_call(fixture->central->writer, visit_run, &job, &error);

	g_assert_no_error(error);
	g_assert_true(done);
}

/* --- promotions, against a model that remembers everything --- */

typedef struct {
	gint64 first;                   /* head before the changes */
	gint64 versions[CHANGES][KEYS]; /* 0: not there; after the n-th change */
	guint count;
} Model;

static void
put_promotion(TillChanges *changes, guint key, gint64 version)
{
	g_autofree char *id = g_strdup_printf("P%u", key);
	g_autoptr(json_t) row =
	    json_pack("{s:s, s:I, s:s}", "id", id, "version", (json_int_t)version, "body", "{}");
	g_autoptr(GError) error = NULL;
	gboolean put = till_changes_put(changes, till_collection_find("promotion"), row, &error);

	g_assert_no_error(error);
	g_assert_true(put);
}

static void
delete_promotion(TillChanges *changes, guint key)
{
	g_autofree char *id = g_strdup_printf("P%u", key);
	g_autoptr(GError) error = NULL;
	gboolean deleted =
	    till_changes_delete(changes, till_collection_find("promotion"), id, &error);

	g_assert_no_error(error);
	g_assert_true(deleted);
}

static void
change_often(TillDb *db, gpointer data)
{
	Model *model = data;
	g_autoptr(GRand) dice = g_rand_new_with_seed(20261124);
	gint64 versions[KEYS] = {0};
	TillChanges changes;

	g_assert_true(till_changes_open(db, TILL_CHANGES_CHAIN, &changes, NULL));
	model->first = changes.head;
	while (model->count < CHANGES) {
		guint key = (guint)g_rand_int_range(dice, 0, KEYS);
		gint64 version = g_rand_int_range(dice, 0, 4);
		if (version > 0)
			put_promotion(&changes, key, version);
		else
			delete_promotion(&changes, key);
		if (versions[key] == version)
			continue;
		versions[key] = version;
		memcpy(model->versions[model->count++], versions, sizeof versions);
		g_assert_cmpint(changes.head, ==, model->first + model->count);
	}
	g_assert_true(till_changes_close(&changes, NULL));
}

static void
take_versions(const GArray *rows, gint64 *versions)
{
	for (guint i = 0; i < rows->len; i++) {
		const TillPastRow *row = &g_array_index(rows, TillPastRow, i);
		guint key = (guint)(row->key[1] - '0');
		/* The demo's own. */
		if (row->key[0] != 'P')
			continue;
		g_assert_cmpint(versions[key], ==, 0);
		versions[key] = json_integer_value(json_object_get(row->value, "version"));
	}
}

static void
check_number(TillDb *db, const Model *model, guint change)
{
	const TillCollection *collection = till_collection_find("promotion");
	gint64 number = model->first + 1 + change;
	gint64 versions[KEYS] = {0};
	TillPastSpan span;
	TillPastPiece part = {.after = "", .count = 2};
	guint found;

	do {
		g_autoptr(GArray) piece = till_past_rows_new();
		g_assert_true(till_past_present(db, TILL_CHANGES_CHAIN, collection, number, &part,
						piece, NULL));
		take_versions(piece, versions);
		found = piece->len;
		if (found > 0)
			part.after =
			    g_intern_string(g_array_index(piece, TillPastRow, found - 1).key);
	} while (found == 2);
	g_autoptr(GArray) gone = till_past_rows_new();
	g_assert_true(till_past_gone(db, TILL_CHANGES_CHAIN, collection, number, gone, NULL));
	take_versions(gone, versions);
	g_assert_cmpmem(versions, sizeof versions, model->versions[change], sizeof versions);
	g_assert_true(till_past_span(db, TILL_CHANGES_CHAIN, collection, number, &span, NULL));
	g_assert_cmpint(span.from, ==, number);
	g_assert_cmpint(span.to, ==, change + 1 < model->count ? number + 1 : 0);
}

static void
check_all(TillDb *db, gpointer data)
{
	const Model *model = data;

	for (guint i = 0; i < model->count; i++)
		check_number(db, model, i);
}

static void
test_any_number(void)
{
	CentralFixture fixture;
	g_autofree Model *model = g_new0(Model, 1);

	central_fixture_init(&fixture, TRUE);
	visit(&fixture, change_often, model);
	visit(&fixture, check_all, model);
	central_fixture_clear(&fixture);
}

/* --- prices of a SKU --- */

typedef struct {
	gint64 number;
	gint64 wanted; /* 0: no such price yet */
} PriceQuestion;

static void
ask_price(TillDb *db, gpointer data)
{
	const PriceQuestion *question = data;
	g_autoptr(GArray) rows = till_past_rows_new();
	gint64 found = 0;

	g_assert_true(till_past_about(db, TILL_CHANGES_CHAIN, till_collection_find("price"),
				      "MUG-SPK", question->number, rows, NULL));
	for (guint i = 0; i < rows->len; i++) {
		const TillPastRow *row = &g_array_index(rows, TillPastRow, i);
		if (row->since > question->number ||
		    strcmp(json_string_value(json_object_get(row->value, "list")), "group:gold") !=
			0)
			continue;
		g_assert_cmpint(found, ==, 0);
		found = json_integer_value(json_object_get(row->value, "price_minor"));
	}
	g_assert_cmpint(found, ==, question->wanted);
}

static gint64
head(CentralFixture *fixture)
{
	return central_fixture_count(fixture, "SELECT head FROM scope WHERE name = 'chain'");
}

static void
set_price(CentralFixture *fixture, const char *price)
{
	g_autofree char *text = g_strdup_printf("list,sku,price\ngroup:gold,MUG-SPK,%s\n", price);

	json_decref(central_fixture_import(fixture, "prices", text, NULL));
}

static void
test_prices(void)
{
	CentralFixture fixture;
	PriceQuestion questions[3];

	central_fixture_init(&fixture, TRUE);
	questions[0] = (PriceQuestion){.number = head(&fixture), .wanted = 0};
	set_price(&fixture, "11.00");
	set_price(&fixture, "11.00");
	questions[1] = (PriceQuestion){.number = head(&fixture), .wanted = 1100};
	set_price(&fixture, "12.50");
	questions[2] = (PriceQuestion){.number = head(&fixture), .wanted = 1250};
	g_assert_cmpint(questions[2].number, ==, questions[0].number + 2);
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		visit(&fixture, ask_price, &questions[i]);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM past"), ==, 1);
	central_fixture_clear(&fixture);
}

/* --- a row that an earlier release kept --- */

static void
check_older(TillDb *db, gpointer unused G_GNUC_UNUSED)
{
	g_autoptr(GArray) rows = till_past_rows_new();
	TillDbQuery *query = till_db_query(
	    db, "INSERT INTO past (scope, collection, about, key, until, since, value) VALUES "
		"('store:014', 'tax', 'old', 'old', 3, 2, '{\"tax_class\":\"old\",\"id\":\"a\","
		"\"name\":\"A\",\"rate_ppm\":5,\"inclusive\":true}')");

	g_assert_true(till_db_run(query, NULL));
	g_assert_true(till_past_gone(db, "store:014", till_collection_find("tax"), 2, rows, NULL));
	g_assert_cmpuint(rows->len, ==, 1);
	g_assert_cmpstr(
	    json_string_value(json_object_get(g_array_index(rows, TillPastRow, 0).value, "kind")),
	    ==, "percent");
}

static void
test_older(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, TRUE);
	visit(&fixture, check_older, NULL);
	central_fixture_clear(&fixture);
}

/* --- a store's rules --- */

typedef struct {
	gint64 number;
	gint64 rate_ppm;
} RulesQuestion;

static void
ask_rules(TillDb *db, gpointer data)
{
	const RulesQuestion *question = data;
	g_autoptr(GError) error = NULL;
	TillPriceRules rules;
	const TillTax *taxes;
	guint count;

	g_assert_true(
	    till_rules_load_at(db, "014", TILL_TAX_CARRY, question->number, &rules, &error));
	taxes = till_tax_table_find(rules.taxes, "probe", &count);
	g_assert_cmpuint(count, ==, question->rate_ppm > 0 ? 1 : 0);
	if (count > 0)
		g_assert_cmpint(taxes[0].rate_ppm, ==, question->rate_ppm);
	till_price_rules_clear(&rules);
}

static gint64
set_rate(CentralFixture *fixture, const char *percent)
{
	g_autofree char *text = g_strdup_printf("store,tax_class,id,name,rate_percent,inclusive\n"
						"014,probe,probe,Probe,%s,false\n",
						percent);

	json_decref(central_fixture_import(fixture, "taxes", text, NULL));
	return central_fixture_count(fixture, "SELECT head FROM scope WHERE name = 'store:014'");
}

static void
test_rules(void)
{
	CentralFixture fixture;
	RulesQuestion questions[3] = {{.number = 0}};

	central_fixture_init(&fixture, TRUE);
	questions[0].number =
	    central_fixture_count(&fixture, "SELECT head FROM scope WHERE name = 'store:014'");
	questions[1] = (RulesQuestion){.number = set_rate(&fixture, "5"), .rate_ppm = 50000};
	questions[2] = (RulesQuestion){.number = set_rate(&fixture, "7.5"), .rate_ppm = 75000};
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		visit(&fixture, ask_rules, &questions[i]);
	central_fixture_clear(&fixture);
}

/* --- the verb --- */

static void
import_promotion(CentralFixture *fixture, gint64 version, const char *name)
{
	g_autofree char *text = g_strdup_printf(
	    "id,version,body\nTEE,%" G_GINT64_FORMAT
	    ",\"{\"\"id\"\":\"\"TEE\"\",\"\"version\"\":%" G_GINT64_FORMAT
	    ",\"\"name\"\":\"\"%s\"\",\"\"effects\"\":[{\"\"kind\"\":\"\"percent\"\","
	    "\"\"rate_ppm\"\":100000}]}\"\n",
	    version, version, name);

	json_decref(central_fixture_import(fixture, "promotions", text, NULL));
}

static void
test_verb(void)
{
	CentralFixture fixture;
	const char *question = "{\"verb\":\"past\",\"id\":\"%s\"}";
	g_autoptr(json_t) answer = NULL;
	const json_t *versions;

	central_fixture_init(&fixture, TRUE);
	import_promotion(&fixture, 1, "Ten off");
	import_promotion(&fixture, 2, "Ten percent off");
	answer = central_fixture_verb(&fixture, NULL, question, "TEE");
	versions = json_object_get(answer, "versions");
	g_assert_cmpuint(json_array_size(versions), ==, 2);
	g_assert_cmpint(json_integer_value(json_object_get(json_array_get(versions, 0), "until")),
			==,
			json_integer_value(json_object_get(json_array_get(versions, 1), "since")));
	g_assert_null(json_object_get(json_array_get(versions, 1), "until"));
	json_decref(central_fixture_verb(&fixture, "There never was a promotion", question, "NO"));
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/past/rules-read-as-they-were-at-any-number", test_any_number);
	g_test_add_func("/central/past/a-price-is-known-from-when-it-was-set", test_prices);
	g_test_add_func("/central/past/the-versions-of-a-promotion-can-be-shown", test_verb);
	g_test_add_func("/central/past/a-row-of-an-earlier-release-has-todays-columns", test_older);
	g_test_add_func("/central/past/a-stores-rules-are-known-at-any-number", test_rules);
	return g_test_run();
}
