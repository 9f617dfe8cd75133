/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "changes.h"
#include "csv.h"
#include "currency.h"

/* Files into the books: everything or nothing, and every bad row named with its line.
 *
 *   products   layout.h; barcodes become 14 digits when they are GTINs, stock goes to one store
 *   prices     list,sku,price[,min_quantity,valid_from,valid_to,valid_from_ms,valid_to_ms]
 *              list: base, store:CODE, group:NAME; dates in the store's time zone (the chain's), a
 *              bare valid_to counts to the end of that day
 *   stock      store,sku,on_hand
 *   staff      store,id,name,role,pin|pin_hash[,active]     a PIN is hashed at once and never kept
 *   stores     code,name,currency[,time_zone,address,tax_number,receipt_footer,shop_name], and of
 *              price-setting.h: rounding, tax_…, cash_…, variable_codes
 *   taxes      store,tax_class,id,name,rate_percent,inclusive[,ordinal,kind,amount,include_base,
 *              base_affected,threshold,threshold_amount,threshold_per_line,tax_group,fulfilment]
 *              words and meaning as in tax.h; amount is for each unit, in up to thousandths of the
 *              smallest coin, and then there is no rate
 *   customers  id,name[,email,phone,loyalty,groups,segments,purchases,offers]
 *   settings   store,name,value
 *   promotions {"promotions": […]} (promo-json.h), or a table id,body[,version]
 *   policies   {"policy": {…}} (return-policy.h): what may come back
 *
 * Amounts are decimal text in the currency of the store or chain and read exactly. store "*" means
 * all stores. Running the same file twice changes nothing.
 *
 * Threads: the writer's. Limits: 512 MiB, and those of csv.h. */

G_BEGIN_DECLS

#define TILL_IMPORT_FILE_MAX (512u * 1024 * 1024)

typedef struct {
	guint line; /* 0: the file as a whole */
	char *words;
} TillImportFault;

typedef struct {
	gint64 rows;      /* data rows read */
	GArray *faults;   /* of TillImportFault, owned */
	GPtrArray *notes; /* of char*: what was done differently than somebody might expect */
} TillImportReport;

typedef struct {
	const char *kind;
	const char *currency; /* nullable: the chain's */
	const char *store;    /* nullable: products' stock goes there */
	gboolean light_pins;  /* cheap hashes, for demo and tests */
} TillImportOptions;

void till_import_report_init(TillImportReport *report);
void till_import_report_clear(TillImportReport *report);
/* Notes a bad row. */
void till_import_fault(TillImportReport *report, guint line, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

gboolean till_import_kind_known(const char *kind);

/* FALSE: nothing may stay of what was written (the caller undoes its savepoint); either the report
 * has faults, or error says what failed beyond rows. */
gboolean till_import_run(TillCentral *central, const TillImportOptions *options, const char *text,
			 gsize size, TillImportReport *report,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
