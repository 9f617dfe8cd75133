/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "import.h"
#include "promotions.h"

/* What the importers share: one file on its way, its open scopes, its columns by name.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

/* More changes than this are not told one by one: terminals take a snapshot. */
#define TILL_IMPORT_BULK_ROWS 20000

typedef struct {
	TillCentral *central; /* borrowed */
	const TillImportOptions *options;
	TillImportReport *report;
	TillCsv *csv;
	const TillCurrency *currency; /* the chain's, or the option's */
	GPtrArray *header;            /* of char*, normalised */
	GHashTable *scopes;           /* name → TillChanges, open */
	GHashTable *seen; /* keys of the file's rows → line, for kinds that must not repeat */
	TillPromotionsCheck *promotions; /* notes what they name and nobody sells */
	gboolean bulk;
} TillImport;

/* The open writer of a scope; opened at first use. NULL with error. */
TillChanges *till_import_scope(TillImport *import, const char *scope, GError **error);
gboolean till_import_put(TillImport *import, const char *scope, const char *collection, json_t *row,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All store codes, or the one named ("*": all). Empty, with a fault noted, when there is none.
 * Caller frees. */
GPtrArray *till_import_stores(TillImport *import, const char *store, GError **error);
/* A cell of the current record by its column's normalised name; "" when there is no such column. */
const char *till_import_cell(TillImport *import, const char *name);
/* The same, with a fault when empty. NULL then. */
const char *till_import_required(TillImport *import, const char *name);
/* yes/no, true/false, 1/0; fallback when empty. FALSE with a fault otherwise. */
gboolean till_import_bool(TillImport *import, const char *name, gboolean fallback,
			  gboolean *out) G_GNUC_WARN_UNUSED_RESULT;
/* A whole number ≥ min; fallback when empty. FALSE with a fault otherwise. */
gboolean till_import_int(TillImport *import, const char *name, gint64 min, gint64 fallback,
			 gint64 *out) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the file has this column at all. */
gboolean till_import_has(TillImport *import, const char *name);
/* Puts one row into the scope of each store that the record names. Takes row over. */
gboolean till_import_put_in_stores(TillImport *import, const char *store, const char *collection,
				   json_t *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets stock and keeps the books' proof of it in step. */
gboolean till_import_set_stock(TillImport *import, const char *store_code, const char *sku,
			       gint64 on_hand_milli, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Currency of a store's settings, or the chain's. */
const TillCurrency *till_import_store_currency(TillImport *import, const char *store_code);

/* The time zone of a store, or with "" the chain's; UTC where none was set. Caller frees. */
GTimeZone *till_import_zone(TillImport *import, const char *store_code);

/* Whether a file of promotions is JSON rather than a table; and its whole import. */
gboolean till_import_is_json(const char *text, gsize size);
gboolean till_import_promotions(TillImport *import, const char *text, gsize size,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The whole import of a return policy, which is always JSON. */
gboolean till_import_policies(TillImport *import, const char *text, gsize size,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean till_import_products(TillImport *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One record of the kinds that are plain tables. FALSE only when the database failed. */
typedef gboolean (*TillImportRow)(TillImport *import, GError **error);
gboolean till_import_row_price(TillImport *import, GError **error);
gboolean till_import_row_stock(TillImport *import, GError **error);
gboolean till_import_row_staff(TillImport *import, GError **error);
gboolean till_import_row_store(TillImport *import, GError **error);
gboolean till_import_row_tax(TillImport *import, GError **error);
gboolean till_import_row_customer(TillImport *import, GError **error);
gboolean till_import_row_setting(TillImport *import, GError **error);
gboolean till_import_row_promotion(TillImport *import, GError **error);

G_END_DECLS
