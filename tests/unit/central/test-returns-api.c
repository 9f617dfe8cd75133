/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "return-quote.h"
#include "return.h"
#include "sale.h"

#define SKU "MUG-SPK"
#define DAY_MS G_GINT64_CONSTANT(86400000)

typedef struct {
	CentralFixture central;
	TestTerminal till;
	char *receipt;
	char txn[TILL_UUID_TEXT];
} Fixture;

static void
begin(Fixture *fixture)
{
	g_autoptr(TillSale) sale = NULL;
	TillEntry *entry;

	central_fixture_init(&fixture->central, TRUE);
	test_terminal_init(&fixture->till, &fixture->central);
	json_decref(test_terminal_hello(&fixture->till));
	entry = test_terminal_sale_at(&fixture->till, SKU, 3,
				      till_central_now_ms(fixture->central.central) - DAY_MS);
	sale = till_sale_from_bytes(entry->body, NULL);
	fixture->receipt = g_strdup(sale->receipt);
	till_uuid_format(&entry->txn, fixture->txn);
	json_decref(test_terminal_push_one(&fixture->till, 200, entry));
}

static void
end(Fixture *fixture)
{
	g_free(fixture->receipt);
	test_terminal_clear(&fixture->till);
	central_fixture_clear(&fixture->central);
}

static json_t *
find(Fixture *fixture, int status, const char *query)
{
	g_autofree char *target = g_strconcat("/v1/sales?", query, NULL);

	return test_terminal_ask(&fixture->till, status, "GET", target, "", 0);
}

static gsize
count_found(Fixture *fixture, const char *query)
{
	g_autoptr(json_t) answer = find(fixture, 200, query);

	return json_array_size(json_object_get(answer, "sales"));
}

static gint64
member(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static void
test_find(void)
{
	Fixture fixture;
	gint64 now;

	begin(&fixture);
	now = till_central_now_ms(fixture.central.central);
	g_autofree char *by_receipt = g_strconcat("receipt=", fixture.receipt, NULL);
	g_autofree char *in_time =
	    g_strdup_printf("sku=" SKU "&from=%" G_GINT64_FORMAT, now - 2 * DAY_MS);
	g_autofree char *too_late = g_strdup_printf("sku=" SKU "&from=%" G_GINT64_FORMAT, now);
	g_assert_cmpuint(count_found(&fixture, by_receipt), ==, 1);
	g_assert_cmpuint(count_found(&fixture, "sku=" SKU), ==, 1);
	g_assert_cmpuint(count_found(&fixture, in_time), ==, 1);
	g_assert_cmpuint(count_found(&fixture, too_late), ==, 0);
	g_assert_cmpuint(count_found(&fixture, "amount=300"), ==, 1);
	g_assert_cmpuint(count_found(&fixture, "amount=301"), ==, 0);
	g_assert_cmpuint(count_found(&fixture, "customer=c-0001"), ==, 0);
	g_assert_cmpuint(count_found(&fixture, "receipt=none"), ==, 0);
	json_decref(find(&fixture, 400, ""));
	json_decref(find(&fixture, 400, "sku=A&limit=51"));
	json_decref(find(&fixture, 400, "sku=A&from=x"));
	json_decref(find(&fixture, 400, "sku=A&gift=1"));
	end(&fixture);
}

static void
test_pages(void)
{
	Fixture fixture;
	gsize seen = 0;
	gint64 before = 0;

	begin(&fixture);
	/* Two of each moment, so that some page would end between them. */
	for (guint i = 2; i <= 7; i++)
		json_decref(test_terminal_push_one(
		    &fixture.till, 200,
		    test_terminal_sale_at(&fixture.till, SKU, 1,
					  till_central_now_ms(fixture.central.central) -
					      i / 2 * 2 * DAY_MS)));
	do {
		g_autofree char *query =
		    g_strdup_printf("sku=" SKU "&limit=3&before=%" G_GINT64_FORMAT, before);
		g_autoptr(json_t) answer = find(&fixture, 200, query);
		const json_t *sales = json_object_get(answer, "sales");
		for (gsize i = 0; i < json_array_size(sales); i++) {
			gint64 sold = member(json_array_get(sales, i), "sold_ms");
			g_assert_true(before == 0 || sold < before);
		}
		seen += json_array_size(sales);
		before = member(answer, "before");
	} while (before != 0);
	g_assert_cmpuint(seen, ==, 7);
	end(&fixture);
}

/* Neither prices nor names, however the answer is searched. */
static void
test_gift(void)
{
	Fixture fixture;

	begin(&fixture);
	g_autofree char *query = g_strconcat("gift=1&receipt=", fixture.receipt, NULL);
	g_autoptr(json_t) answer = find(&fixture, 200, query);
	g_autofree char *text = json_dumps(answer, JSON_COMPACT);
	g_assert_nonnull(strstr(text, "\"quantity_milli\":3000"));
	g_assert_null(strstr(text, "minor"));
	g_assert_null(strstr(text, "customer"));
	g_assert_null(strstr(text, "payments"));
	end(&fixture);
}

/* "@" stands for the source. */
static json_t *
quote(Fixture *fixture, int status, const char *pattern, const char *source)
{
	g_auto(GStrv) parts = g_strsplit(pattern, "@", 2);
	g_autofree char *text = g_strjoinv(source, parts);

	return test_terminal_ask(&fixture->till, status, "POST", "/v1/returns/quote", text,
				 strlen(text));
}

#define ONE_BACK                                                                                   \
	"{\"source\":{\"receipt\":\"@\"},\"lines\":[{\"line\":1,\"milli\":1000,\"reason\":"        \
	"\"too small\"}]}"

static void
test_quote(void)
{
	Fixture fixture;

	begin(&fixture);
	g_autoptr(json_t) answer = quote(&fixture, 200, ONE_BACK, fixture.receipt);
	g_assert_cmpint(member(answer, "give_minor"), ==, 100);
	g_assert_true(json_is_true(json_object_get(answer, "may")));
	g_assert_cmpstr(json_string_value(json_object_get(
			    json_array_get(json_object_get(answer, "lines"), 0), "row")),
			==, "R-10");
	g_assert_cmpint(member(json_object_get(answer, "signals"), "window_days"), ==, 90);
	g_autoptr(json_t) same =
	    quote(&fixture, 200,
		  "{\"source\":{\"txn\":\"@\"},\"lines\":[{\"line\":1,\"reason\":\"too small\"}]}",
		  fixture.txn);
	g_assert_true(json_equal(answer, same));
	g_autoptr(json_t) credit = quote(
	    &fixture, 200,
	    "{\"source\":{\"txn\":\"@\"},\"as_credit\":true,\"lines\":[{\"line\":1,\"reason\":"
	    "\"x\"}]}",
	    fixture.txn);
	g_assert_cmpstr(json_string_value(json_object_get(
			    json_array_get(json_object_get(credit, "refunds"), 0), "as")),
			==, "credit");
	g_autoptr(json_t) exchange =
	    quote(&fixture, 200,
		  "{\"source\":{\"txn\":\"@\"},\"lines\":[{\"line\":1,\"milli\":3000,"
		  "\"reason\":\"x\"}],\"taken\":{\"lines\":[{\"code\":\"" SKU "\"}]}}",
		  fixture.txn);
	g_assert_cmpint(member(exchange, "taken_minor"), >, 300);
	g_assert_cmpint(member(exchange, "pay_minor"), ==, member(exchange, "taken_minor") - 300);
	end(&fixture);
}

static void
test_quote_refused(void)
{
	static const char *const bodies[] = {
	    "{@",
	    "[]",
	    "{\"source\":{},\"lines\":[{\"line\":1}]}",
	    "{\"source\":{\"receipt\":\"@\"},\"lines\":[]}",
	    "{\"source\":{\"receipt\":\"@\"},\"lines\":[{\"line\":9}]}",
	    "{\"source\":{\"receipt\":\"@\"},\"lines\":[{\"line\":1,\"milli\":0}]}",
	    "{\"source\":{\"receipt\":\"@\"},\"lines\":[{\"line\":1,\"condition\":\"shiny\"}]}",
	    "{\"source\":{\"receipt\":\"@\"},\"by\":\"word\",\"lines\":[{\"line\":1}]}",
	    "{\"source\":{\"receipt\":\"@\"},\"taken\":{},\"lines\":[{\"line\":1}]}"};
	Fixture fixture;

	begin(&fixture);
	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_test_message("%s", bodies[i]);
		json_decref(quote(&fixture, 400, bodies[i], fixture.receipt));
	}
	json_decref(quote(&fixture, 404, ONE_BACK, "none"));
	end(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/returns-api/a-sale-is-found", test_find);
	g_test_add_func("/central/returns-api/in-pages", test_pages);
	g_test_add_func("/central/returns-api/a-gift-tells-nothing", test_gift);
	g_test_add_func("/central/returns-api/a-quote", test_quote);
	g_test_add_func("/central/returns-api/what-is-no-question", test_quote_refused);
	return g_test_run();
}
