/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "json.h"
#include "sold.h"

/* What a message or a cache says was sold is read whole or refused, and told again as one form. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) object =
	    till_json_parse((const char *)data, size, 1 << 20, "sold", &error);
	g_autoptr(TillSold) sold = object != NULL ? till_sold_read(object, &error) : NULL;

	if (sold == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	for (guint i = 0; i < sold->priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(sold->priced->lines, i);
		g_assert_cmpint(sold->back_milli[i], <=, line->quantity_milli);
	}
	g_autoptr(json_t) told = till_sold_json(sold);
	g_autoptr(TillSold) again = till_sold_read(told, &error);
	g_assert_no_error(error);
	g_autoptr(json_t) twice = till_sold_json(again);
	g_assert_true(json_equal(told, twice));
	return 0;
}
