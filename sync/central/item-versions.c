/* SPDX-License-Identifier: Apache-2.0 */
#include "item-versions.h"

#include <string.h>

#include "changes.h"
#include "past.h"

/* SKUs that are kept, and versions of each. */
#define SKUS_MAX 20000
#define VERSIONS_MAX 4
/* Questions of one visit to the writer: a few milliseconds of its time. */
#define VISIT_MAX 200u

typedef struct {
	gint64 from;
	gint64 to;      /* not included */
	TillItem *item; /* owned reference; NULL: not there */
} Version;

/* The last versions that were asked for, newest first. */
typedef struct {
	Version versions[VERSIONS_MAX];
	guint count;
} Shelf;

struct TillItemVersions {
	TillCentral *central; /* borrowed */
	GHashTable *shelves;  /* SKU → Shelf */
};

/* What the writer is asked for. */
typedef struct {
	const TillItemQuestion *question;
	GArray *items;  /* of TillPastRow */
	GArray *prices; /* of TillPastRow */
} Missing;

typedef struct {
	GArray *missing; /* of Missing */
	gint64 head;
	GError *error;
} Visit;

static void
free_shelf(gpointer data)
{
	Shelf *shelf = data;

	for (guint i = 0; i < shelf->count; i++)
		till_item_unref(shelf->versions[i].item);
	g_free(shelf);
}

TillItemVersions *
till_item_versions_new(TillCentral *central)
{
	TillItemVersions *versions = g_new0(TillItemVersions, 1);

	versions->central = central;
	versions->shelves = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_shelf);
	return versions;
}

void
till_item_versions_free(TillItemVersions *versions)
{
	if (versions == NULL)
		return;
	g_hash_table_unref(versions->shelves);
	g_free(versions);
}

static const Version *
find_version(TillItemVersions *versions, const char *sku, gint64 number)
{
	const Shelf *shelf = g_hash_table_lookup(versions->shelves, sku);

	for (guint i = 0; shelf != NULL && i < shelf->count; i++) {
		if (shelf->versions[i].from <= number && number < shelf->versions[i].to)
			return &shelf->versions[i];
	}
	return NULL;
}

const TillItem *
till_item_versions_find(TillItemVersions *versions, const char *sku, gint64 number)
{
	const Version *version = find_version(versions, sku, number);

	return version != NULL ? version->item : NULL;
}

/* --- on the writer --- */

static gboolean
visit_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Visit *visit = data;
	gint64 floor;

	if (!till_changes_heads(central->db, TILL_CHANGES_CHAIN, &visit->head, &floor,
				&visit->error))
		return TRUE;
	for (guint i = 0; i < visit->missing->len; i++) {
		Missing *missing = &g_array_index(visit->missing, Missing, i);
		const TillItemQuestion *question = missing->question;
		if (!till_past_about(central->db, TILL_CHANGES_CHAIN, till_collection_find("item"),
				     question->sku, question->number, missing->items,
				     &visit->error) ||
		    !till_past_about(central->db, TILL_CHANGES_CHAIN, till_collection_find("price"),
				     question->sku, question->number, missing->prices,
				     &visit->error))
			break;
	}
	return TRUE;
}

/* --- from rows to items --- */

static char *
dup_text(const json_t *row, const char *column)
{
	return g_strdup(json_string_value(json_object_get(row, column)));
}

static TillItem *
make_item(const json_t *row)
{
	TillItem *item = till_item_new();

	item->sku = dup_text(row, "sku");
	item->name = dup_text(row, "name");
	item->variant = dup_text(row, "variant");
	item->style = dup_text(row, "style");
	item->category = dup_text(row, "category");
	item->tags = dup_text(row, "tags");
	item->brand = dup_text(row, "brand");
	item->unit = dup_text(row, "unit");
	item->weighed = json_is_true(json_object_get(row, "weighed"));
	item->tax_class = dup_text(row, "tax_class");
	item->active = json_is_true(json_object_get(row, "active"));
	item->price_list = g_strdup(TILL_ITEM_VERSIONS_NO_LIST);
	item->has_price = TRUE;
	item->prices = till_price_list_new();
	return item;
}

static void
add_price(TillItem *item, const json_t *row)
{
	TillPriceRow price = {
	    .list = json_string_value(json_object_get(row, "list")),
	    .min_quantity_milli = json_integer_value(json_object_get(row, "min_quantity_milli")),
	    .valid_from_ms = json_integer_value(json_object_get(row, "valid_from_ms")),
	    .valid_to_ms = json_integer_value(json_object_get(row, "valid_to_ms")),
	    .price_minor = json_integer_value(json_object_get(row, "price_minor")),
	};
	g_autoptr(GError) error = NULL;

	/* A row that no till can use is one that none has used. */
	if (!till_price_list_add(item->prices, item->sku, &price, &error))
		g_debug("%s", error->message);
}

/* The row holds at the number; if not, or from some number on, that bounds the version. */
static gboolean
holds(const TillPastRow *row, gint64 number, gint64 *inout_to)
{
	gint64 ends = row->since > number ? row->since : row->until;

	if (ends > 0)
		*inout_to = MIN(*inout_to, ends);
	return row->since <= number;
}

static Version
make_version(const Missing *missing, gint64 head)
{
	gint64 number = missing->question->number;
	Version version = {.from = number, .to = head + 1};

	for (guint i = 0; i < missing->items->len; i++) {
		const TillPastRow *row = &g_array_index(missing->items, TillPastRow, i);
		if (holds(row, number, &version.to) && version.item == NULL)
			version.item = make_item(row->value);
	}
	for (guint i = 0; i < missing->prices->len; i++) {
		const TillPastRow *row = &g_array_index(missing->prices, TillPastRow, i);
		if (holds(row, number, &version.to) && version.item != NULL)
			add_price(version.item, row->value);
	}
	return version;
}

static void
keep_version(TillItemVersions *versions, const char *sku, Version version)
{
	Shelf *shelf = g_hash_table_lookup(versions->shelves, sku);

	if (shelf == NULL) {
		shelf = g_new0(Shelf, 1);
		g_hash_table_insert(versions->shelves, g_strdup(sku), shelf);
	}
	if (shelf->count == VERSIONS_MAX)
		till_item_unref(shelf->versions[--shelf->count].item);
	memmove(&shelf->versions[1], &shelf->versions[0], shelf->count * sizeof(Version));
	shelf->versions[0] = version;
	shelf->count++;
}

/* --- loading --- */

static void
clear_missing(gpointer data)
{
	Missing *missing = data;

	g_array_unref(missing->items);
	g_array_unref(missing->prices);
}

static gint
compare_missing(gconstpointer a, gconstpointer b)
{
	const Missing *left = a;
	const Missing *right = b;

	return left->question->number < right->question->number
		   ? -1
		   : left->question->number > right->question->number;
}

/* The lowest numbers first: what held then often holds for the others too. */
static GArray *
collect_missing(TillItemVersions *versions, const TillItemQuestion *questions, guint count)
{
	GArray *missing = g_array_new(FALSE, FALSE, sizeof(Missing));
	g_autoptr(GHashTable) asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	g_array_set_clear_func(missing, clear_missing);
	for (guint i = 0; i < count; i++) {
		const TillItemQuestion *question = &questions[i];
		if (find_version(versions, question->sku, question->number) != NULL ||
		    !g_hash_table_add(asked, g_strdup_printf("%" G_GINT64_FORMAT " %s",
							     question->number, question->sku)))
			continue;
		Missing row = {.question = question,
			       .items = till_past_rows_new(),
			       .prices = till_past_rows_new()};
		g_array_append_val(missing, row);
	}
	g_array_sort(missing, compare_missing);
	return missing;
}

/* At most VISIT_MAX questions. */
static gboolean
load_some(TillItemVersions *versions, const TillItemQuestion *questions, guint count,
	  GError **error)
{
	g_autoptr(GArray) missing = collect_missing(versions, questions, count);
	Visit visit = {.missing = missing};

	if (missing->len == 0)
		return TRUE;
	if (!till_writer_call(versions->central->writer, visit_run, &visit, error))
		return FALSE;
	if (visit.error != NULL) {
		g_propagate_error(error, visit.error);
		return FALSE;
	}
	for (guint i = 0; i < missing->len; i++) {
		const Missing *row = &g_array_index(missing, Missing, i);
		const TillItemQuestion *question = row->question;
		if (question->number <= visit.head &&
		    find_version(versions, question->sku, question->number) == NULL)
			keep_version(versions, question->sku, make_version(row, visit.head));
	}
	return TRUE;
}

gboolean
till_item_versions_load(TillItemVersions *versions, const TillItemQuestion *questions, guint count,
			GError **error)
{
	if (g_hash_table_size(versions->shelves) > SKUS_MAX)
		g_hash_table_remove_all(versions->shelves);
	for (guint first = 0; first < count; first += VISIT_MAX) {
		if (!load_some(versions, questions + first, MIN(count - first, VISIT_MAX), error))
			return FALSE;
	}
	return TRUE;
}
