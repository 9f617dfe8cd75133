/* SPDX-License-Identifier: Apache-2.0 */
#include "tax.h"

#include <string.h>

#include "error.h"

#define RATE_MAX_PPM ((gint64)10 * TILL_PPM)

struct TillTaxTable {
	TillRounding rounding;
	char *fulfilment;
	gboolean plain;
	GHashTable *classes; /* char* → GArray of TillTax */
};

static const char *const kind_names[] = {
    [TILL_TAX_ENGINE_PERCENT] = "percent",
    [TILL_TAX_ENGINE_DIVISION] = "division",
    [TILL_TAX_ENGINE_FIXED] = "fixed",
};

static const char *const threshold_names[] = {
    [TILL_TAX_ENGINE_NO_THRESHOLD] = "",
    [TILL_TAX_ENGINE_EXEMPT_BELOW] = "exempt-below",
    [TILL_TAX_ENGINE_ONLY_ABOVE] = "only-above",
};

static const char *const method_names[] = {
    [TILL_TAX_ENGINE_PER_LINE] = "line",
    [TILL_TAX_ENGINE_PER_UNIT] = "unit",
    [TILL_TAX_ENGINE_PER_DOCUMENT] = "document",
};

static const char *const fulfilments[] = {"", TILL_TAX_CARRY, "pickup", "ship"};

/* -1 when there is no such name. */
static int
find_name(const char *const *names, gsize count, const char *name)
{
	for (gsize i = 0; name != NULL && i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return (int)i;
	}
	return -1;
}

gboolean
till_tax_kind_parse(const char *name, TillTaxEngineKind *out)
{
	int found = find_name(kind_names, G_N_ELEMENTS(kind_names), name);

	if (found >= 0)
		*out = (TillTaxEngineKind)found;
	return found >= 0;
}

const char *
till_tax_kind_name(TillTaxEngineKind kind)
{
	g_assert((gsize)kind < G_N_ELEMENTS(kind_names));
	return kind_names[kind];
}

gboolean
till_tax_threshold_parse(const char *name, TillTaxEngineThreshold *out)
{
	int found = find_name(threshold_names, G_N_ELEMENTS(threshold_names), name);

	if (found >= 0)
		*out = (TillTaxEngineThreshold)found;
	return found >= 0;
}

const char *
till_tax_threshold_name(TillTaxEngineThreshold threshold)
{
	g_assert((gsize)threshold < G_N_ELEMENTS(threshold_names));
	return threshold_names[threshold];
}

gboolean
till_tax_method_parse(const char *name, TillTaxEngineMethod *out)
{
	int found = find_name(method_names, G_N_ELEMENTS(method_names), name);

	if (found >= 0)
		*out = (TillTaxEngineMethod)found;
	return found >= 0;
}

static void
clear_tax(gpointer data)
{
	TillTax *tax = data;

	g_free(tax->id);
	g_free(tax->name);
	g_free(tax->group);
	g_free(tax->fulfilment);
}

static void
free_taxes(gpointer data)
{
	g_array_free(data, TRUE);
}

static void
clear_table(gpointer data)
{
	TillTaxTable *table = data;

	g_hash_table_destroy(table->classes);
	g_free(table->fulfilment);
}

static GArray *
find_or_add_class(TillTaxTable *table, const char *tax_class)
{
	GArray *taxes = g_hash_table_lookup(table->classes, tax_class);

	if (taxes == NULL) {
		taxes = g_array_new(FALSE, FALSE, sizeof(TillTax));
		g_array_set_clear_func(taxes, clear_tax);
		g_hash_table_insert(table->classes, g_strdup(tax_class), taxes);
	}
	return taxes;
}

TillTaxTable *
till_tax_table_new(TillRounding rounding)
{
	return till_tax_table_new_for(rounding, TILL_TAX_CARRY);
}

TillTaxTable *
till_tax_table_new_for(TillRounding rounding, const char *fulfilment)
{
	TillTaxTable *table = g_atomic_rc_box_new0(TillTaxTable);

	table->rounding = rounding;
	table->fulfilment = g_strdup(fulfilment);
	table->plain = TRUE;
	table->classes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_taxes);
	return table;
}

TillTaxTable *
till_tax_table_ref(TillTaxTable *table)
{
	return g_atomic_rc_box_acquire(table);
}

void
till_tax_table_unref(TillTaxTable *table)
{
	if (table != NULL)
		g_atomic_rc_box_release_full(table, clear_table);
}

TillRounding
till_tax_table_rounding(const TillTaxTable *table)
{
	return table->rounding;
}

gboolean
till_tax_table_is_plain(const TillTaxTable *table)
{
	return table->plain;
}

/* What is wrong with a tax's figures; NULL: nothing. */
static const char *
find_fault(const TillTax *tax)
{
	gboolean fixed = tax->kind == TILL_TAX_ENGINE_FIXED;

	if (tax->rate_ppm < -RATE_MAX_PPM || tax->rate_ppm > RATE_MAX_PPM)
		return "has a rate beyond 1000 %";
	if (tax->kind == TILL_TAX_ENGINE_DIVISION && tax->rate_ppm >= TILL_PPM)
		return "has a rate that would be the whole price or more";
	if (fixed && tax->rate_ppm != 0)
		return "is an amount for each unit and has a rate as well";
	if (!fixed && tax->amount_milli != 0)
		return "is a rate and has an amount for each unit as well";
	if (tax->amount_milli < 0 || tax->amount_milli > TILL_TAX_AMOUNT_MAX_MILLI)
		return "has an amount for each unit that is below zero or too large";
	if (tax->threshold_minor < 0 || tax->threshold_minor > TILL_TAX_AMOUNT_MAX_MILLI)
		return "has a threshold that is below zero or too large";
	if (tax->threshold == TILL_TAX_ENGINE_NO_THRESHOLD && tax->threshold_minor != 0)
		return "has the amount of a threshold but does not say what it does";
	return NULL;
}

static gboolean
refuse(const char *tax_class, const TillTax *tax, const char *words, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "Tax \"%s\" of class \"%s\" %s; correct it at head office.", tax->id, tax_class,
		    words);
	return FALSE;
}

static gboolean
is_plain(const TillTax *tax)
{
	return tax->kind == TILL_TAX_ENGINE_PERCENT && tax->rate_ppm >= 0 && !tax->include_base &&
	       !tax->base_affected && tax->threshold == TILL_TAX_ENGINE_NO_THRESHOLD;
}

static gboolean
is_for(const TillTax *tax, const char *fulfilment)
{
	return tax->fulfilment == NULL || *tax->fulfilment == '\0' ||
	       strcmp(tax->fulfilment, fulfilment) == 0;
}

gboolean
till_tax_table_add(TillTaxTable *table, const char *tax_class, const TillTax *tax, GError **error)
{
	const char *fault = find_fault(tax);
	guint count;
	const TillTax *known = till_tax_table_find(table, tax_class, &count);

	if (fault != NULL)
		return refuse(tax_class, tax, fault, error);
	for (guint i = 0; i < count; i++) {
		if (strcmp(known[i].id, tax->id) == 0)
			return refuse(tax_class, tax, "stands twice", error);
	}
	if (!is_for(tax, table->fulfilment))
		return TRUE;
	if (count >= TILL_TAX_ENGINE_TAXES_MAX)
		return refuse(tax_class, tax, "is one more than a line can have", error);
	TillTax copy = *tax;
	copy.id = g_strdup(tax->id);
	copy.name = g_strdup(tax->name);
	copy.group = g_strdup(tax->group != NULL ? tax->group : "");
	copy.fulfilment = g_strdup(tax->fulfilment != NULL ? tax->fulfilment : "");
	g_array_append_val(find_or_add_class(table, tax_class), copy);
	table->plain = table->plain && is_plain(tax);
	return TRUE;
}

static gboolean
refuse_word(const TillTaxRow *row, const char *what, const char *word, GError **error)
{
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "Tax \"%s\" of class \"%s\" has the %s \"%.40s\", which this release does not "
		    "know. Update this program or correct the tax at head office.",
		    row->tax.id, row->tax_class, what, word);
	return FALSE;
}

gboolean
till_tax_table_add_row(TillTaxTable *table, const TillTaxRow *row, GError **error)
{
	TillTax tax = row->tax;

	if (!till_tax_kind_parse(row->kind, &tax.kind))
		return refuse_word(row, "kind", row->kind, error);
	if (!till_tax_threshold_parse(row->threshold, &tax.threshold))
		return refuse_word(row, "threshold", row->threshold, error);
	if (tax.fulfilment != NULL &&
	    find_name(fulfilments, G_N_ELEMENTS(fulfilments), tax.fulfilment) < 0)
		return refuse_word(row, "fulfilment", tax.fulfilment, error);
	return till_tax_table_add(table, row->tax_class, &tax, error);
}

const TillTax *
till_tax_table_find(const TillTaxTable *table, const char *tax_class, guint *out_count)
{
	const GArray *taxes =
	    g_hash_table_lookup(table->classes, tax_class != NULL ? tax_class : "");

	*out_count = taxes != NULL ? taxes->len : 0;
	return taxes != NULL ? (const TillTax *)(const void *)taxes->data : NULL;
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
till_tax_table_classes(const TillTaxTable *table)
{
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, table->classes);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

gboolean
till_tax_split(gint64 amount_minor, gint64 rate_ppm, gboolean inclusive, TillRounding rounding,
	       TillTaxSplit *out)
{
	/* Worked out on the size and mirrored after, so that directed rounding treats a refund as
	 * its sale. */
	gint64 sign = amount_minor < 0 ? -1 : 1;
	gint64 net, tax, gross;

	if (rate_ppm < 0 || rate_ppm > RATE_MAX_PPM || amount_minor == G_MININT64)
		return FALSE;
	gint64 size = sign * amount_minor;
	if (!till_rounding_scale(size, rate_ppm, inclusive ? TILL_PPM + rate_ppm : TILL_PPM,
				 rounding, &tax))
		return FALSE;
	net = inclusive ? size - tax : size;
	if (__builtin_add_overflow(net, tax, &gross))
		return FALSE;
	*out = (TillTaxSplit){sign * net, sign * tax, sign * gross};
	return TRUE;
}
