/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "receipt.h"
#include "sale.h"

static void
check_receipt(const TillSale *sale, int columns)
{
	TillReceiptStyle style = {
	    .shop_name = "Juniper & Rye", .local_time = "23 Nov 2026 14:32", .columns = columns};
	g_autofree char *text = till_receipt_text(sale, &style);

	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p != '\0'; p++)
		g_assert_true((guchar)*p >= ' ' || *p == '\n');
}

/* A body that is taken adds up, prints, and is written back as one form. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) body = g_bytes_new(data, size);
	g_autoptr(TillSale) sale = till_sale_from_bytes(body, &error);
	gint64 counted = 0;

	if (sale == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	for (gsize i = 0; i < sale->tender_count; i++)
		counted += sale->tenders[i].amount_minor;
	g_assert_cmpint(counted, ==, sale->priced->total_minor);
	check_receipt(sale, (int)(size % 100));
	g_autoptr(GBytes) once = till_sale_to_bytes(sale);
	g_autoptr(TillSale) again = till_sale_from_bytes(once, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) twice = till_sale_to_bytes(again);
	g_assert_true(g_bytes_equal(once, twice));
	return 0;
}
