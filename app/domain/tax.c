/* SPDX-License-Identifier: Apache-2.0 */
#include "tax.h"

#include <string.h>

#include "error.h"

#define RATE_MAX_PPM ((gint64)10 * TILL_PPM)

struct TillTaxTable {
	TillRounding rounding;
	GHashTable *classes; /* char* → GArray of TillTax */
};

static void
clear_tax(gpointer data)
{
	TillTax *tax = data;

	g_free(tax->id);
	g_free(tax->name);
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
	TillTaxTable *table = g_atomic_rc_box_new0(TillTaxTable);

	table->rounding = rounding;
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
till_tax_table_add(TillTaxTable *table, const char *tax_class, const TillTax *tax, GError **error)
{
	guint count;
	const TillTax *known = till_tax_table_find(table, tax_class, &count);

	if (tax->rate_ppm < 0 || tax->rate_ppm > RATE_MAX_PPM) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "Tax \"%s\" of class \"%s\" has a rate outside 0 to 1000 %%; correct "
			    "it at head office.",
			    tax->id, tax_class);
		return FALSE;
	}
	for (guint i = 0; i < count; i++) {
		if (strcmp(known[i].id, tax->id) == 0) {
			g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "Tax \"%s\" stands twice in class \"%s\"; remove one.", tax->id,
				    tax_class);
			return FALSE;
		}
	}
	TillTax copy = *tax;
	copy.id = g_strdup(tax->id);
	copy.name = g_strdup(tax->name);
	g_array_append_val(find_or_add_class(table, tax_class), copy);
	return TRUE;
}

const TillTax *
till_tax_table_find(const TillTaxTable *table, const char *tax_class, guint *out_count)
{
	const GArray *taxes =
	    g_hash_table_lookup(table->classes, tax_class != NULL ? tax_class : "");

	*out_count = taxes != NULL ? taxes->len : 0;
	return taxes != NULL ? (const TillTax *)(const void *)taxes->data : NULL;
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
