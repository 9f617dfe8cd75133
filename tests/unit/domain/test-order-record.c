/* SPDX-License-Identifier: Apache-2.0 */
#include "order-record.h"

#include <string.h>

#include "error.h"
#include "json.h"
#include "till-test.h"

/* Two tees at 15.00 with 3.00 off, and a shirt at 40.00, 5.00 for sending. */
static const char whole[] =
    "{\"id\":\"0199d3c2-0000-7000-8000-000000000001\",\"number\":\"W-1042\",\"channel\":\"web\","
    "\"status\":\"open\",\"version\":3,\"currency\":\"EUR\",\"placed_ms\":1764003600000,"
    "\"customer\":{\"id\":\"u-1\",\"name\":\"Ana Ruiz\"},"
    "\"contact\":{\"email\":\"ana@example.org\",\"phone\":\"+34 600 000 001\","
    "\"language\":\"es\"},\"gift\":true,\"receipt\":\"014-02-K7Q-000123\","
    "\"lines\":[{\"line\":1,\"sku\":\"TEE\",\"name\":\"Organic tee\",\"variant\":\"Navy / M\","
    "\"quantity_milli\":2000,\"unit_minor\":1500,\"list_minor\":3000,\"discount_minor\":300,"
    "\"tax_minor\":469,\"total_minor\":2700,\"cancelled_milli\":1000},"
    "{\"line\":3,\"sku\":\"SHIRT\",\"name\":\"Linen shirt\",\"variant\":\"\","
    "\"quantity_milli\":1000,\"unit_minor\":4000,\"list_minor\":4000,\"discount_minor\":0,"
    "\"tax_minor\":694,\"total_minor\":4000,\"min_age\":18,\"substitute_for\":2}],"
    "\"discount_minor\":300,\"tax_minor\":1163,\"shipping_minor\":500,\"total_minor\":7200,"
    "\"payments\":[{\"kind\":\"card\",\"reference\":\"pi_1\",\"amount_minor\":7200,\"at_ms\":5},"
    "{\"kind\":\"card\",\"reference\":\"re_1\",\"amount_minor\":-350,\"at_ms\":6}],"
    "\"fulfilments\":[{\"id\":\"0199d3c2-0000-7000-8000-000000000002\",\"kind\":\"pickup\","
    "\"store\":\"014\",\"lines\":[{\"line\":1,\"quantity_milli\":1000}]},"
    "{\"id\":\"0199d3c2-0000-7000-8000-000000000003\",\"kind\":\"ship\",\"store\":\"015\","
    "\"lines\":[{\"line\":1,\"quantity_milli\":1000},{\"line\":3,\"quantity_milli\":1000}]}]}";

static TillOrderRecord *
parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	TillOrderRecord *record = till_order_record_parse(text, strlen(text), &error);

	g_assert_no_error(error);
	return record;
}

static void
test_round_trip(void)
{
	g_autoptr(TillOrderRecord) record = parse(whole);
	g_autoptr(json_t) once = till_order_record_json(record);
	g_autoptr(GError) error = NULL;
	g_autoptr(TillOrderRecord) again = till_order_record_read(once, &error);

	g_assert_no_error(error);
	g_autoptr(json_t) twice = till_order_record_json(again);
	g_autoptr(json_t) first = till_json_parse(whole, sizeof whole - 1, 65536, "test", &error);
	g_assert_true(json_equal(first, once));
	g_assert_true(json_equal(once, twice));
	g_assert_cmpstr(again->number, ==, "W-1042");
	g_assert_cmpstr(again->customer_name, ==, "Ana Ruiz");
	g_assert_cmpstr(again->language, ==, "es");
	g_assert_true(again->gift);
	g_assert_cmpint(till_order_record_line(again, 3)->min_age, ==, 18);
	g_assert_null(till_order_record_line(again, 2));
	const TillOrderRecordFulfilment *sent = g_ptr_array_index(again->fulfilments, 1);
	g_assert_cmpstr(sent->store, ==, "015");
	g_assert_cmpuint(sent->parts->len, ==, 2);
}

static void
test_money(void)
{
	g_autoptr(TillOrderRecord) record = parse(whole);

	g_assert_cmpint(till_order_record_paid(record), ==, 6850);
	/* Half of the tees' 27.00 is not owed any more. */
	g_assert_cmpint(till_order_record_owed(record), ==, 5850);
	g_assert_cmpint(till_order_record_due(record), ==, -1000);
	till_order_record_line(record, 1)->cancelled_milli = 2000;
	g_assert_cmpint(till_order_record_owed(record), ==, 4500);
	till_order_record_line(record, 3)->cancelled_milli = 1000;
	g_assert_cmpint(till_order_record_owed(record), ==, 0);
	g_assert_cmpint(till_order_record_due(record), ==, -6850);
}

/* An odd amount given up in two halves, and at once. */
static void
test_shares_round_once(void)
{
	g_autoptr(TillOrderRecord) record = parse(whole);
	TillOrderRecordLine *line = till_order_record_line(record, 1);

	line->total_minor = 2701;
	line->cancelled_milli = 1000;
	g_assert_cmpint(till_order_record_owed(record), ==, 500 + 4000 + 2701 - 1351);
	line->cancelled_milli = 2000;
	g_assert_cmpint(till_order_record_owed(record), ==, 4500);
}

static void
test_least(void)
{
	g_autoptr(TillOrderRecord) record =
	    parse("{\"id\":\"0199d3c2-0000-7000-8000-000000000001\",\"number\":\"W-1\","
		  "\"status\":\"open\",\"version\":1,\"currency\":\"EUR\",\"placed_ms\":0,"
		  "\"lines\":[{\"line\":1,\"sku\":\"T\",\"quantity_milli\":1,\"unit_minor\":0,"
		  "\"list_minor\":0,\"discount_minor\":0,\"tax_minor\":0,\"total_minor\":0}],"
		  "\"discount_minor\":0,\"tax_minor\":0,\"total_minor\":0}");

	g_assert_cmpstr(record->customer_id, ==, "");
	g_assert_cmpstr(record->email, ==, "");
	g_assert_false(record->gift);
	g_assert_cmpint(till_order_record_due(record), ==, 0);
}

/* The field at a path like "lines.0.line" of the whole order gets another value. */
static void
assert_refused(const char *path, json_t *value, const char *words)
{
	g_autoptr(json_t) object = till_json_parse(whole, sizeof whole - 1, 65536, "test", NULL);
	g_auto(GStrv) steps = g_strsplit(path, ".", -1);
	json_t *at = object;
	GError *error = NULL;
	guint i = 0;

	g_test_message("%s", path);
	for (; steps[i + 1] != NULL; i++)
		at = g_ascii_isdigit(steps[i][0])
			 ? json_array_get(at, (gsize)g_ascii_strtoull(steps[i], NULL, 10))
			 : json_object_get(at, steps[i]);
	json_object_set_new(at, steps[i], value);
	g_assert_null(till_order_record_read(object, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_refused_fields(void)
{
	g_autofree char *word = g_strnfill(33, 'x');

	assert_refused("id", json_string("x"), "order.id");
	assert_refused("number", json_string(""), "order.number");
	assert_refused("number", json_string(word), "order.number");
	assert_refused("status", json_string("lost"), "order.status");
	assert_refused("version", json_integer(-1), "order.version");
	assert_refused("currency", json_string("XQX"), "order.currency");
	assert_refused("placed_ms", json_integer(-1), "order.placed_ms");
	assert_refused("customer", json_object(), "order.customer.id");
	assert_refused("contact.phone", json_string(word), "order.contact.phone");
	assert_refused("lines", json_array(), "order.lines");
	assert_refused("lines.0.line", json_integer(0), "lines[0].line");
	assert_refused("lines.0.line", json_integer(501), "lines[0].line");
	assert_refused("lines.1.line", json_integer(1), "twice");
	assert_refused("lines.0.sku", json_string(""), "lines[0].sku");
	assert_refused("lines.0.quantity_milli", json_integer(0), "quantity_milli");
	assert_refused("lines.0.cancelled_milli", json_integer(2001), "more than the line");
	assert_refused("lines.0.min_age", json_integer(151), "min_age");
	assert_refused("payments.0.kind", json_string(""), "payments[0].kind");
	assert_refused("fulfilments.0.kind", json_string("drone"), "fulfilments[0].kind");
	assert_refused("fulfilments.0.store", json_string(""), "fulfilments[0].store");
	assert_refused("fulfilments.0.id", json_string(""), "fulfilments[0].id");
}

static void
test_refused_sums(void)
{
	assert_refused("total_minor", json_integer(7201), "lines and shipping");
	assert_refused("shipping_minor", json_integer(501), "lines and shipping");
	assert_refused("tax_minor", json_integer(1162), "order.tax_minor");
	assert_refused("discount_minor", json_integer(0), "order.discount_minor");
	assert_refused("lines.0.total_minor", json_integer(-1), "total_minor");
	assert_refused("lines.0.total_minor", json_integer(3170), "list amount");
	assert_refused("lines.0.discount_minor", json_integer(3001), "more than the line costs");
	assert_refused("fulfilments.0.lines.0.quantity_milli", json_integer(1001), "bring more");
	assert_refused("fulfilments.0.lines.0.line", json_integer(2), "not there");
}

static void
test_too_many(void)
{
	json_t *payments = json_array();
	json_t *fulfilments = json_array();

	for (guint i = 0; i <= TILL_ORDER_RECORD_PAYMENTS_MAX; i++)
		json_array_append_new(payments, json_object());
	for (guint i = 0; i <= TILL_ORDER_RECORD_FULFILMENTS_MAX; i++)
		json_array_append_new(fulfilments, json_object());
	assert_refused("payments", payments, "order.payments has more than 50");
	assert_refused("fulfilments", fulfilments, "order.fulfilments has more than 20");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/order-record/round-trip", test_round_trip);
	g_test_add_func("/domain/order-record/money", test_money);
	g_test_add_func("/domain/order-record/shares-round-once", test_shares_round_once);
	g_test_add_func("/domain/order-record/least", test_least);
	g_test_add_func("/domain/order-record/refused-fields", test_refused_fields);
	g_test_add_func("/domain/order-record/refused-sums", test_refused_sums);
	g_test_add_func("/domain/order-record/too-many", test_too_many);
	return g_test_run();
}
