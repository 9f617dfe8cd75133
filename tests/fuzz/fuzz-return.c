/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <string.h>

#include "return.h"

/* A body that is taken adds up, is written back as one form, and never makes a sale that it is put
 * on give back more than was paid. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) body = g_bytes_new(data, size);
	g_autoptr(TillReturn) entry = till_return_from_bytes(body, &error);
	TillUuid txn = {{0}};

	if (entry == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	g_assert_cmpint(entry->given->total_minor, ==, entry->fee_minor + entry->value_minor);
	g_autoptr(GBytes) once = till_return_to_bytes(entry);
	g_autoptr(TillReturn) again = till_return_from_bytes(once, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) twice = till_return_to_bytes(again);
	g_assert_true(g_bytes_equal(once, twice));
	g_autoptr(TillSold) sold = till_return_sold(entry, &txn);
	if (sold == NULL)
		return 0;
	(void)till_return_note(entry, sold);
	for (guint i = 0; i < sold->payments->len; i++) {
		const TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		g_assert_cmpint(payment->given_minor, <=, payment->paid_minor);
		g_assert_cmpint(payment->back_minor, <=, payment->value_minor);
	}
	return 0;
}
