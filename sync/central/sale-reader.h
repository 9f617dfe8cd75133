/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "repricer.h"

/* Sales from the books in small batches, read on the thread that asks: the writer only hands over
 * the bytes.
 *
 * Threads: any but the writer's; blocks while it asks. */

G_BEGIN_DECLS

/* Sales of one visit to the writer. */
#define TILL_SALE_READER_BATCH 100

typedef enum {
	TILL_SALE_READER_AFTER,  /* entries above number, in order */
	TILL_SALE_READER_LATE,   /* entries whose body came late */
	TILL_SALE_READER_BEFORE, /* sales below number, the last first */
} TillSaleReaderOrder;

typedef struct {
	TillSaleReaderOrder order;
	gint64 number;
	const char *store; /* only this store's; NULL: all */
	gint64 last;       /* out: where the next batch starts; number when there was nothing */
	GArray *numbers;   /* out: of gint64: every entry that was looked at, sale or not */
	GArray *sales;     /* out: of TillRepricerSale, whose sales and codes it owns */
} TillSaleReaderBatch;

/* Fills last, numbers and sales (till_sale_reader_clear frees them). */
gboolean till_sale_reader_next(TillCentral *central, TillSaleReaderBatch *batch,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_sale_reader_clear(TillSaleReaderBatch *batch);

G_END_DECLS
