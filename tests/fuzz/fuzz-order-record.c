/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "json.h"
#include "order-record.h"

/* A record that is taken adds up and is written back as one form. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderRecord) record =
	    till_order_record_parse((const char *)data, size, &error);
	gint64 total_minor = 0;

	if (record == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	for (guint i = 0; i < record->lines->len; i++) {
		const TillOrderRecordLine *line = g_ptr_array_index(record->lines, i);
		total_minor += line->total_minor;
		g_assert_true(till_order_record_line(record, line->line) == line);
	}
	g_assert_cmpint(total_minor + record->shipping_minor, ==, record->total_minor);
	g_assert_cmpint(till_order_record_owed(record), <=, record->total_minor);
	g_assert_cmpint(till_order_record_owed(record), >=, 0);
	g_assert_cmpint(till_order_record_due(record), ==,
			till_order_record_owed(record) - till_order_record_paid(record));
	g_autoptr(json_t) once = till_order_record_json(record);
	g_autoptr(TillOrderRecord) again = till_order_record_read(once, &error);
	g_assert_no_error(error);
	g_autoptr(json_t) twice = till_order_record_json(again);
	g_assert_true(json_equal(once, twice));
	return 0;
}
