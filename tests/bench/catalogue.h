/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "till-test.h"

/* A made-up catalogue of any size, as the central would send it: a snapshot file with search,
 * prices, barcodes and stock.
 *
 * Words follow the lopsided frequencies of real catalogues: a few hundred common ones, thousands of
 * rare ones. The same seed gives the same catalogue.
 *
 * Threads: one. */

G_BEGIN_DECLS

/* Writes a snapshot of count SKUs to path (schema files read from the source tree). */
void till_catalogue_write(const char *path, guint count);

/* SKU and GTIN-14 of item index (0 … count − 1). text: 15 bytes each. */
void till_catalogue_sku(guint index, char *text);
void till_catalogue_gtin(guint index, char *text);

/* The name of an item. Caller frees. */
char *till_catalogue_name(guint index);

G_END_DECLS
