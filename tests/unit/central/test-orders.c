/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "json.h"
#include "order-change.h"
#include "order-expiry.h"
#include "order-place.h"
#include "order-step.h"

/* What tills do to orders, entered by the inbox. */
#define TEE "TEE-NAV-M"
#define STOCK(column, store, sku)                                                                  \
	"SELECT " column " FROM stock WHERE scope = 'store:" store "' AND sku = '" sku "'"

typedef struct {
	CentralFixture central;
	TestTerminal here, there; /* at 014 and 002 */
	TillUuid order, part;
	TillUuid last; /* transaction of the entry pushed last */
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	central_fixture_init(&fixture->central, TRUE);
	test_terminal_init(&fixture->here, &fixture->central);
	test_terminal_init_at(&fixture->there, &fixture->central, "002");
	json_decref(test_terminal_hello(&fixture->here));
	json_decref(test_terminal_hello(&fixture->there));
}

static void
tear_down(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) checked =
	    central_fixture_verb(&fixture->central, NULL, "{\"verb\":\"check\"}");

	g_assert_nonnull(checked);
	test_terminal_clear(&fixture->here);
	test_terminal_clear(&fixture->there);
	central_fixture_clear(&fixture->central);
}

static gint64
count(Fixture *fixture, const char *sql)
{
	return central_fixture_count(&fixture->central, sql);
}

typedef struct {
	const char *text;
	TillBookedOrder *order;
} Place;

static gboolean
place_run(gpointer owner, gpointer data)
{
	Place *place = data;
	TillOrderPlacer placer = {.channel = "web", .who = "web-shop", .receipt = ""};
	g_autoptr(TillOrderRequest) request =
	    till_order_request_parse(place->text, strlen(place->text), NULL);
	g_autoptr(GPtrArray) missing = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_nonnull(request);
	place->order = till_order_place(owner, request, &placer, &missing, &error);
	g_assert_no_error(error);
	g_assert_nonnull(place->order);
	return TRUE;
}

/* So many pieces of the tee, to be had at 014. */
static void
place(Fixture *fixture, const char *kind, guint pieces)
{
	g_autofree char *text = g_strdup_printf(
	    "{\"lines\":[{\"code\":\"" TEE "\",\"quantity_milli\":%u}],\"name\":\"Amelia Hart\","
	    "\"fulfilments\":[{\"kind\":\"%s\",\"store\":\"014\"}],"
	    "\"payments\":[{\"kind\":\"card\",\"amount_minor\":100}]}",
	    pieces * 1000, kind);
	Place job = {text, NULL};

	g_assert_true(till_writer_call(fixture->central.central->writer, place_run, &job, NULL));
	fixture->order = job.order->record->id;
	fixture->part = ((const TillFulfilment *)g_ptr_array_index(job.order->fulfilments, 0))->id;
	till_order_book_free(job.order);
}

typedef struct {
	const Fixture *fixture;
	TillBookedOrder *order;
} Find;

static gboolean
find_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Find *find = data;
	char id[TILL_UUID_TEXT];

	find->order =
	    till_order_book_find(central->db, till_uuid_format(&find->fixture->order, id), NULL);
	return TRUE;
}

static TillBookedOrder *
find(Fixture *fixture)
{
	Find job = {fixture, NULL};

	g_assert_true(till_writer_call(fixture->central.central->writer, find_run, &job, NULL));
	g_assert_nonnull(job.order);
	return job.order;
}

static gint64
standing(Fixture *fixture, TillOrderState state)
{
	g_autoptr(TillBookedOrder) order = find(fixture);
	const TillFulfilment *part = g_ptr_array_index(order->fulfilments, 0);

	return till_order_quantity(part->life, 0, state);
}

/* --- steps --- */

static TillOrderStep *
make_step(Fixture *fixture, TestTerminal *terminal, TillOrderStepKind kind)
{
	TillOrderStep *step = till_order_step_new(kind);
	char **const texts[] = {&step->store,      &step->till,   &step->staff_id,
				&step->staff_name, &step->place,  &step->collected_by,
				&step->check,      &step->reason, &step->words};
	const char *const values[] = {terminal == &fixture->here ? "014" : "002",
				      "01",
				      "s-014-02",
				      "Tomas Reyes",
				      kind == TILL_ORDER_STEP_STAGING ? "Shelf C3" : "",
				      kind == TILL_ORDER_STEP_HAND_OVER ? "Amelia Hart" : "",
				      kind == TILL_ORDER_STEP_HAND_OVER ? "code" : "",
				      kind == TILL_ORDER_STEP_PUT_BACK ? "expired" : "",
				      kind == TILL_ORDER_STEP_NOTE ? "She comes at six." : ""};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*texts[i]);
		*texts[i] = g_strdup(values[i]);
	}
	step->order = fixture->order;
	step->fulfilment = fixture->part;
	step->at_ms = till_central_now_ms(fixture->central.central);
	step->version = 1;
	return step;
}

/* The next entry of a terminal, with the step, which is freed. */
static TillEntry *
enter(TestTerminal *terminal, TillOrderStep *step)
{
	g_autoptr(GBytes) body = till_order_step_to_bytes(step);
	g_autofree char *text = g_strndup(g_bytes_get_data(body, NULL), g_bytes_get_size(body));
	TillEntry *entry = test_terminal_entry(terminal, till_order_step_type(step->kind), 1, text);

	till_order_step_free(step);
	return entry;
}

/* Pushes the step, which is freed; the answer must be so. */
static void
push(Fixture *fixture, TestTerminal *terminal, TillOrderStep *step, const char *outcome,
     const char *reason)
{
	TillEntry *entry = enter(terminal, step);
	g_autoptr(json_t) answer = NULL;

	fixture->last = entry->txn;
	answer = test_terminal_push_one(terminal, 200, entry);
	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, outcome);
	g_assert_cmpstr(test_result_text(answer, 0, "reason"), ==, reason);
}

static void
move(Fixture *fixture, TillOrderStepKind kind, TillOrderState from, TillOrderState to, guint pieces)
{
	TillOrderStep *step = make_step(fixture, &fixture->here, kind);

	till_order_step_add_move(step, 1, from, to, pieces * 1000);
	push(fixture, &fixture->here, step, "applied", "");
}

static void
stage(Fixture *fixture, guint pieces)
{
	move(fixture, TILL_ORDER_STEP_PICKING, TILL_ORDER_ALLOCATED, TILL_ORDER_PICKED, pieces);
	move(fixture, TILL_ORDER_STEP_STAGING, TILL_ORDER_PICKED, TILL_ORDER_STAGED, pieces);
}

static TillOrderStep *
hand_over(Fixture *fixture, TestTerminal *terminal, guint collected, guint refused)
{
	TillOrderStep *step = make_step(fixture, terminal, TILL_ORDER_STEP_HAND_OVER);

	if (collected > 0)
		till_order_step_add_move(step, 1, TILL_ORDER_STAGED, TILL_ORDER_COLLECTED,
					 collected * 1000);
	if (refused > 0)
		till_order_step_add_move(step, 1, TILL_ORDER_STAGED, TILL_ORDER_REFUSED,
					 refused * 1000);
	return step;
}

/* --- tests --- */

static void
test_handed_over(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	gint64 on_hand = count(fixture, STOCK("on_hand_milli", "014", TEE));
	g_autoptr(TillBookedOrder) order = NULL;

	place(fixture, "pickup", 3);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 3000);
	stage(fixture, 3);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 3000);
	push(fixture, &fixture->here, hand_over(fixture, &fixture->here, 2, 1), "applied", "");
	g_assert_cmpint(count(fixture, STOCK("on_hand_milli", "014", TEE)), ==, on_hand - 2000);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 0);
	order = find(fixture);
	g_assert_cmpstr(order->record->status, ==, "done");
	g_assert_cmpint(till_order_record_line(order->record, 1)->cancelled_milli, ==, 1000);
	g_assert_cmpint(count(fixture,
			      "SELECT count(*) FROM order_event WHERE scope = 'store:014' "
			      "AND order_id = (SELECT id FROM order_book WHERE status = "
			      "'done') AND kind IN ('placed', 'allocated', 'picking', 'picked', "
			      "'staged', 'ready', 'refused', 'handed-over')"),
			==, 8);
}

/* Two tills gave out the same goods while neither could ask. */
static void
test_handed_over_twice(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	gint64 on_hand;

	place(fixture, "pickup", 1);
	stage(fixture, 1);
	push(fixture, &fixture->here, hand_over(fixture, &fixture->here, 1, 0), "applied", "");
	on_hand = count(fixture, STOCK("on_hand_milli", "014", TEE));
	push(fixture, &fixture->there, hand_over(fixture, &fixture->there, 1, 0), "held",
	     "ORDER_ALREADY_FULFILLED");
	g_assert_cmpint(count(fixture, STOCK("on_hand_milli", "014", TEE)), ==, on_hand);
	g_assert_cmpint(
	    count(fixture, "SELECT count(*) FROM exception WHERE code = 'ORDER_ALREADY_FULFILLED' "
			   "AND scope IN ('store:014', 'store:002') AND words LIKE 'W-% was "
			   "handed over twice: by Tomas Reyes, till 01 of 014, % to Amelia Hart; "
			   "and by %'"),
	    ==, 2);
}

static void
test_same_entry_again(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(json_t) first = NULL;
	g_autoptr(json_t) second = NULL;

	place(fixture, "pickup", 1);
	stage(fixture, 1);
	g_ptr_array_add(entries, enter(&fixture->here, hand_over(fixture, &fixture->here, 1, 0)));
	first = test_terminal_push(&fixture->here, 200, g_ptr_array_ref(entries));
	second = test_terminal_push(&fixture->here, 200, entries);
	g_assert_cmpstr(test_result_text(first, 0, "outcome"), ==, "applied");
	g_assert_cmpstr(test_result_text(second, 0, "outcome"), ==, "duplicate");
}

static void
test_what_does_not_fit_is_held(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillOrderStep *step;

	place(fixture, "pickup", 1);
	step = make_step(fixture, &fixture->here, TILL_ORDER_STEP_STAGING);
	till_order_step_add_move(step, 1, TILL_ORDER_PICKED, TILL_ORDER_STAGED, 1000);
	push(fixture, &fixture->here, step, "held", "ORDER_MOVED_ON");
	step = hand_over(fixture, &fixture->here, 1, 0);
	step->order = till_uuid_random();
	push(fixture, &fixture->here, step, "held", "ORDER_UNKNOWN");
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM exception WHERE code IN "
				       "('ORDER_MOVED_ON', 'ORDER_UNKNOWN') AND resolved = 0"),
			==, 2);
	g_assert_cmpint(standing(fixture, TILL_ORDER_ALLOCATED), ==, 1000);
}

static TillOrderStep *
undo(Fixture *fixture, const TillUuid *reverses)
{
	TillOrderStep *step = make_step(fixture, &fixture->here, TILL_ORDER_STEP_UNDO);

	step->reverses = *reverses;
	return step;
}

static void
test_undone_within_the_minute(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	gint64 on_hand = count(fixture, STOCK("on_hand_milli", "014", TEE));
	TillUuid given;

	place(fixture, "pickup", 2);
	stage(fixture, 2);
	push(fixture, &fixture->here, hand_over(fixture, &fixture->here, 2, 0), "applied", "");
	given = fixture->last;
	push(fixture, &fixture->here, undo(fixture, &given), "applied", "");
	g_assert_cmpint(standing(fixture, TILL_ORDER_STAGED), ==, 2000);
	g_assert_cmpint(count(fixture, STOCK("on_hand_milli", "014", TEE)), ==, on_hand);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 2000);
	push(fixture, &fixture->here, undo(fixture, &given), "held", "ORDER_MOVED_ON");
	push(fixture, &fixture->here, hand_over(fixture, &fixture->here, 2, 0), "applied", "");
	given = fixture->last;
	till_test_clock_advance(&fixture->central.clock, TILL_ORDER_UNDO_MS + 1);
	push(fixture, &fixture->here, undo(fixture, &given), "held", "ORDER_MOVED_ON");
	g_assert_cmpint(standing(fixture, TILL_ORDER_COLLECTED), ==, 2000);
}

static void
make_short(Fixture *fixture, guint pieces)
{
	TillOrderStep *step = make_step(fixture, &fixture->here, TILL_ORDER_STEP_PICKING);

	g_free(step->reason);
	step->reason = g_strdup("not-found");
	till_order_step_add_move(step, 1, TILL_ORDER_ALLOCATED, TILL_ORDER_SHORT, pieces * 1000);
	push(fixture, &fixture->here, step, "applied", "");
}

/* What the first store does not find, the second sends. */
static void
test_short_goes_to_another_store(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(TillBookedOrder) order = NULL;
	const TillFulfilment *part;

	json_decref(central_fixture_import(&fixture->central, "stock",
					   "store,sku,on_hand\nWEB," TEE ",0\n", NULL));
	place(fixture, "ship", 2);
	make_short(fixture, 1);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 2000);
	move(fixture, TILL_ORDER_STEP_PICKING, TILL_ORDER_SHORT, TILL_ORDER_ORDERED, 1);
	order = find(fixture);
	g_assert_cmpuint(order->fulfilments->len, ==, 2);
	part = g_ptr_array_index(order->fulfilments, 1);
	g_assert_cmpstr(part->store, ==, "002");
	g_assert_cmpint(till_order_quantity(part->life, 0, TILL_ORDER_ALLOCATED), ==, 1000);
	g_assert_cmpint(till_order_record_line(order->record, 1)->cancelled_milli, ==, 0);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 1000);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "002", TEE)), ==, 1000);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM fulfilment WHERE number = (SELECT "
				       "max(number) FROM sales_order WHERE number GLOB 'W-*')"),
			==, 4);
}

static void
test_short_everywhere(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillOrderStep *step;

	json_decref(central_fixture_import(
	    &fixture->central, "stock", "store,sku,on_hand\nWEB," TEE ",0\n002," TEE ",0\n", NULL));
	place(fixture, "ship", 2);
	make_short(fixture, 1);
	step = make_step(fixture, &fixture->here, TILL_ORDER_STEP_PICKING);
	till_order_step_add_move(step, 1, TILL_ORDER_SHORT, TILL_ORDER_ORDERED, 1000);
	push(fixture, &fixture->here, step, "applied_exceptions", "");
	g_assert_cmpint(standing(fixture, TILL_ORDER_ORDERED), ==, 1000);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM exception WHERE code = 'ORDER_SHORT'"),
			==, 1);
}

static void
test_substitute(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillOrderStep *step;
	g_autoptr(TillBookedOrder) order = NULL;
	const TillOrderRecordLine *line;

	place(fixture, "pickup", 2);
	make_short(fixture, 1);
	step = make_step(fixture, &fixture->here, TILL_ORDER_STEP_PICKING);
	till_order_step_add_move(step, 1, TILL_ORDER_SHORT, TILL_ORDER_CANCELLED, 1000);
	step->substitute.line = 2;
	step->substitute.instead_of = 1;
	step->substitute.quantity_milli = 1000;
	g_free(step->substitute.sku);
	step->substitute.sku = g_strdup("TEE-NAV-L");
	g_free(step->substitute.name);
	step->substitute.name = g_strdup("Organic tee");
	push(fixture, &fixture->here, step, "applied", "");
	order = find(fixture);
	line = till_order_record_line(order->record, 2);
	g_assert_cmpint(line->substitute_for, ==, 1);
	g_assert_cmpint(till_order_record_owed(order->record), ==,
			till_order_record_line(order->record, 1)->total_minor);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", "TEE-NAV-L")), ==, 1000);
}

/* A good signature was enough for a till that did not know the order. */
static void
test_unknown_to_the_till(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillOrderStep *step;

	place(fixture, "pickup", 2);
	step = hand_over(fixture, &fixture->there, 0, 0);
	step->unknown = step->offline = TRUE;
	push(fixture, &fixture->there, step, "applied", "");
	g_assert_cmpint(standing(fixture, TILL_ORDER_COLLECTED), ==, 2000);
	step = hand_over(fixture, &fixture->here, 0, 0);
	step->unknown = step->offline = TRUE;
	push(fixture, &fixture->here, step, "held", "ORDER_ALREADY_FULFILLED");
}

static void
test_notes_are_told(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	place(fixture, "pickup", 1);
	push(fixture, &fixture->here, make_step(fixture, &fixture->here, TILL_ORDER_STEP_NOTE),
	     "applied", "");
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM order_event WHERE kind = 'note' AND "
				       "words = 'She comes at six.' AND who = 'Tomas Reyes'"),
			==, 1);
}

static gboolean
expire_run(gpointer owner, gpointer data)
{
	guint *expired = data;

	*expired = till_order_expiry_run(owner);
	return TRUE;
}

static void
test_not_collected(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	TillWriter *writer = fixture->central.central->writer;
	guint expired;

	/* The demo's own orders are over by then. */
	till_test_clock_advance(&fixture->central.clock, G_GINT64_CONSTANT(20) * 86400000);
	g_assert_true(till_writer_call(writer, expire_run, &expired, NULL));
	place(fixture, "pickup", 1);
	stage(fixture, 1);
	g_assert_true(till_writer_call(writer, expire_run, &expired, NULL));
	g_assert_cmpuint(expired, ==, 0);
	till_test_clock_advance(&fixture->central.clock, G_GINT64_CONSTANT(20) * 86400000);
	g_assert_true(till_writer_call(writer, expire_run, &expired, NULL));
	g_assert_cmpuint(expired, ==, 1);
	g_assert_true(till_writer_call(writer, expire_run, &expired, NULL));
	g_assert_cmpuint(expired, ==, 0);
	g_assert_cmpint(
	    count(fixture, "SELECT count(*) FROM order_event WHERE kind = 'expired' AND order_id = "
			   "(SELECT id FROM order_book ORDER BY placed_ms DESC LIMIT 1)"),
	    ==, 1);
	g_assert_cmpint(count(fixture,
			      "SELECT count(*) FROM exception WHERE code = "
			      "'ORDER_EXPIRED' AND words LIKE '%Shelf C3%' AND raised_ms > (SELECT "
			      "placed_ms FROM order_book ORDER BY placed_ms DESC LIMIT 1)"),
			==, 1);
	/* A step does not make it expire again. */
	move(fixture, TILL_ORDER_STEP_PUT_BACK, TILL_ORDER_STAGED, TILL_ORDER_CANCELLED, 1);
	g_assert_true(till_writer_call(writer, expire_run, &expired, NULL));
	g_assert_cmpuint(expired, ==, 0);
	g_assert_cmpint(count(fixture, "SELECT max(resolved) FROM exception WHERE code = "
				       "'ORDER_EXPIRED'"),
			==, 1);
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "014", TEE)), ==, 0);
}

/* Steps and sales of the same item in one batch move one stock. */
static void
test_one_batch_moves_stock_once(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	gint64 on_hand = count(fixture, STOCK("on_hand_milli", "014", TEE));
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)till_entry_free);
	g_autoptr(json_t) answer = NULL;

	place(fixture, "pickup", 2);
	stage(fixture, 2);
	g_ptr_array_add(entries, test_terminal_sale(&fixture->here, TEE, 1));
	g_ptr_array_add(entries, enter(&fixture->here, hand_over(fixture, &fixture->here, 2, 0)));
	g_ptr_array_add(entries, test_terminal_sale(&fixture->here, TEE, 1));
	answer = test_terminal_push(&fixture->here, 200, entries);
	for (gsize i = 0; i < 3; i++)
		g_assert_cmpstr(test_result_text(answer, i, "outcome"), ==, "applied");
	g_assert_cmpint(count(fixture, STOCK("on_hand_milli", "014", TEE)), ==, on_hand - 4000);
}

/* A sale whose goods are sent home or fetched elsewhere. */
static TillEntry *
deliver(Fixture *fixture, const char *delivery)
{
	g_autoptr(TillEntry) sale = test_terminal_sale(&fixture->here, TEE, 2);
	g_autoptr(json_t) body =
	    json_loadb(g_bytes_get_data(sale->body, NULL), g_bytes_get_size(sale->body), 0, NULL);
	json_t *line = json_array_get(json_object_get(body, "lines"), 0);
	g_autofree char *text = NULL;

	json_object_set_new(line, "fulfilment", json_loads(delivery, 0, NULL));
	text = till_json_write(body, NULL);
	/* The other one was never pushed: its number is free again. */
	fixture->here.seq--;
	fixture->here.chain = g_array_index(fixture->here.chains, TillHash, fixture->here.seq);
	g_array_set_size(fixture->here.chains, (guint)fixture->here.seq + 1);
	return test_terminal_entry(&fixture->here, "sale", 1, text);
}

static void
check_delivered(Fixture *fixture, const char *delivery, const char *outcome)
{
	gint64 on_hand = count(fixture, STOCK("on_hand_milli", "014", TEE));
	g_autoptr(json_t) answer =
	    test_terminal_push_one(&fixture->here, 200, deliver(fixture, delivery));

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, outcome);
	g_assert_cmpint(count(fixture, STOCK("on_hand_milli", "014", TEE)), ==, on_hand);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM order_book WHERE number LIKE 'T-%' "
				       "AND json_extract(record, '$.receipt') <> ''"),
			==, 1);
}

static void
test_sold_to_be_fetched(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	check_delivered(fixture, "{\"kind\":\"pickup\",\"store\":\"002\"}", "applied");
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "002", TEE)), ==, 2000);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM fulfilment WHERE scope = 'store:002' "
				       "AND number LIKE 'T-%' AND state = 'to-pick'"),
			==, 1);
}

static void
test_sold_to_be_sent(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	check_delivered(fixture, "{\"kind\":\"ship\"}", "applied");
	g_assert_cmpint(count(fixture, "SELECT sum(reserved_milli) FROM stock WHERE sku = '" TEE
				       "' AND scope <> 'store:014'"),
			==, 2000);
}

static void
test_sold_and_not_there(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	json_decref(central_fixture_import(&fixture->central, "stock",
					   "store,sku,on_hand\n002," TEE ",1\n", NULL));
	check_delivered(fixture, "{\"kind\":\"pickup\",\"store\":\"002\"}", "applied_exceptions");
	g_assert_cmpint(count(fixture, STOCK("reserved_milli", "002", TEE)), ==, 0);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM exception WHERE code = 'ORDER_SHORT'"),
			==, 1);
}

/* The sale stands whatever became of the order. */
static void
test_sold_for_no_store(Fixture *fixture, gconstpointer unused G_GNUC_UNUSED)
{
	g_autoptr(json_t) answer = test_terminal_push_one(
	    &fixture->here, 200, deliver(fixture, "{\"kind\":\"pickup\",\"store\":\"none\"}"));

	g_assert_cmpstr(test_result_text(answer, 0, "outcome"), ==, "applied_exceptions");
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM order_book WHERE number LIKE 'T-%'"),
			==, 0);
	g_assert_cmpint(count(fixture, "SELECT count(*) FROM exception WHERE code = "
				       "'ORDER_NOT_MADE'"),
			==, 1);
}

#define ADD(name, function)                                                                        \
	g_test_add("/central/orders/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("what-is-handed-over-leaves-stock", test_handed_over);
	ADD("a-second-hand-over-is-held-and-raised-at-both", test_handed_over_twice);
	ADD("the-same-entry-is-answered-as-before", test_same_entry_again);
	ADD("what-does-not-fit-is-held", test_what_does_not_fit_is_held);
	ADD("a-step-is-undone-within-the-minute-once", test_undone_within_the_minute);
	ADD("what-is-short-goes-to-another-store", test_short_goes_to_another_store);
	ADD("what-no-store-has-waits-for-a-person", test_short_everywhere);
	ADD("a-substitute-costs-what-it-stands-for", test_substitute);
	ADD("a-hand-over-by-signature-takes-all-there-is", test_unknown_to_the_till);
	ADD("what-nobody-collects-is-said-once", test_not_collected);
	ADD("what-is-sold-to-be-fetched-is-an-order", test_sold_to_be_fetched);
	ADD("what-is-sold-to-be-sent-comes-from-elsewhere", test_sold_to_be_sent);
	ADD("what-is-sold-and-not-there-waits-for-a-person", test_sold_and_not_there);
	ADD("a-sale-stands-without-its-order", test_sold_for_no_store);
	ADD("notes-are-told", test_notes_are_told);
	ADD("a-batch-moves-stock-once", test_one_batch_moves_stock_once);
	return g_test_run();
}
