/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "error.h"
#include "outbox-events.h"

#define AT_MS G_GINT64_CONSTANT(1795000000000)

/* An event on its way to the writer. */
typedef struct {
	const char *type, *subject;
	json_t *data; /* owned */
	gboolean keep;
	GError *error;
} Adding;

static gboolean
add_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Adding *adding = data;

	return till_outbox_events_add(central->db, adding->type, adding->subject, adding->data,
				      AT_MS, &adding->error) &&
	       adding->keep;
}

static void
add(CentralFixture *fixture, const char *type, const char *subject, gboolean keep)
{
	Adding adding = {.type = type, .subject = subject, .keep = keep};
	g_autoptr(GError) error = NULL;
	gboolean stored;

	adding.data = json_pack("{s:i}", "n", 1);
	stored = till_writer_call(fixture->central->writer, add_run, &adding, &error);
	g_assert_no_error(error);
	g_assert_no_error(adding.error);
	g_assert_true(stored);
	json_decref(adding.data);
}

static gboolean
subscribe_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	TillDbQuery *query = till_db_query(
	    central->db, "INSERT INTO webhook (id, url, types, secret_hash, created_ms) VALUES "
			 "(?1, 'http://127.0.0.1:1/', ?2, x'00', 1)");
	const char *const *row = data;

	till_db_bind_text(query, 1, row[0]);
	till_db_bind_text(query, 2, row[1]);
	return till_db_run(query, NULL);
}

static void
subscribe(CentralFixture *fixture, const char *id, const char *types)
{
	const char *const row[] = {id, types};
	gboolean stored = till_writer_call(fixture->central->writer, subscribe_run,
					   (gpointer)(guintptr)row, NULL);

	g_assert_true(stored);
}

static void
test_nobody_asked(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	add(&fixture, "order.placed", "a", TRUE);
	subscribe(&fixture, "w1", " stock.changed ");
	add(&fixture, "order.placed", "a", TRUE);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM outbox_event"), ==,
			0);
	central_fixture_clear(&fixture);
}

static void
test_order_of_a_subject(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	subscribe(&fixture, "all", " * ");
	subscribe(&fixture, "some", " order.placed fulfilment.ready ");
	add(&fixture, "order.placed", "a", TRUE);
	add(&fixture, "order.changed", "a", TRUE);
	add(&fixture, "order.placed", "b", TRUE);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM outbox_event"), ==,
			3);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM delivery"), ==, 5);
	/* The second of a's waits for the first; b's does not. */
	g_assert_cmpint(central_fixture_count(
			    &fixture, "SELECT count(*) FROM delivery JOIN outbox_event ON "
				      "seq = event WHERE delivery.state = 'queued' AND type = "
				      "'order.changed' AND delivery.subject = 'a'"),
			==, 1);
	g_assert_cmpint(central_fixture_count(
			    &fixture, "SELECT count(*) FROM delivery WHERE state = 'waiting'"),
			==, 4);
	central_fixture_clear(&fixture);
}

static void
test_undone(void)
{
	CentralFixture fixture;

	central_fixture_init(&fixture, FALSE);
	subscribe(&fixture, "all", " * ");
	add(&fixture, "order.placed", "a", FALSE);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM outbox_event"), ==,
			0);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM delivery"), ==, 0);
	central_fixture_clear(&fixture);
}

static void
test_too_large(void)
{
	CentralFixture fixture;
	Adding adding = {.type = "order.placed", .subject = "a", .keep = TRUE};
	g_autofree char *words = g_strnfill(TILL_OUTBOX_EVENTS_DATA_MAX, 'x');

	central_fixture_init(&fixture, FALSE);
	subscribe(&fixture, "all", " * ");
	adding.data = json_pack("{s:s}", "words", words);
	g_assert_true(till_writer_call(fixture.central->writer, add_run, &adding, NULL));
	g_assert_error(adding.error, TILL_ERROR, TILL_ERROR_LIMIT);
	g_clear_error(&adding.error);
	json_decref(adding.data);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM outbox_event"), ==,
			0);
	central_fixture_clear(&fixture);
}

static void
test_types(void)
{
	guint count = 0;

	for (const char *const *type = till_outbox_events_types(); *type != NULL; type++, count++) {
		g_assert_true(till_outbox_events_type_known(*type));
		g_assert_null(strchr(*type, ' '));
	}
	g_assert_cmpuint(count, ==, 11);
	g_assert_false(till_outbox_events_type_known("*"));
	g_assert_false(till_outbox_events_type_known("order.plac"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/outbox-events/keeps-nothing-that-nobody-asked-for",
			test_nobody_asked);
	g_test_add_func("/central/outbox-events/queues-events-of-one-subject",
			test_order_of_a_subject);
	g_test_add_func("/central/outbox-events/forgets-what-was-undone", test_undone);
	g_test_add_func("/central/outbox-events/refuses-an-event-that-is-too-large",
			test_too_large);
	g_test_add_func("/central/outbox-events/knows-its-types", test_types);
	return g_test_run();
}
