/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-fixture.h"

#include "json.h"

static const char order_body[] =
    "{\"id\":\"" ORDER_ID "\",\"number\":\"W-1042\",\"channel\":\"web\",\"status\":\"open\","
    "\"version\":1,\"currency\":\"EUR\",\"placed_ms\":1795420000000,\"gift\":true,"
    "\"customer\":{\"id\":\"u-1\",\"name\":\"Dana Kowalski\"},"
    "\"contact\":{\"email\":\"dana@example.org\",\"phone\":\"+49 30 555 1234\"},"
    "\"lines\":[{\"line\":1,\"sku\":\"TEE-1\",\"name\":\"Organic tee\",\"quantity_milli\":2000,"
    "\"unit_minor\":2450,\"list_minor\":4900,\"discount_minor\":0,\"tax_minor\":817,"
    "\"total_minor\":4900},{\"line\":2,\"sku\":\"GIN\",\"name\":\"Gin\",\"quantity_milli\":1000,"
    "\"unit_minor\":3000,\"list_minor\":3000,\"discount_minor\":0,\"tax_minor\":500,"
    "\"total_minor\":3000,\"min_age\":18}],\"discount_minor\":0,\"tax_minor\":1317,"
    "\"total_minor\":7900,\"fulfilments\":[{\"id\":\"" PART_ID "\",\"kind\":\"pickup\","
    "\"store\":\"014\",\"lines\":[{\"line\":1,\"quantity_milli\":2000}]},"
    "{\"id\":\"" FAR_ID "\",\"kind\":\"pickup\",\"store\":\"015\","
    "\"lines\":[{\"line\":2,\"quantity_milli\":1000}]}]}";

void
till_pickup_fixture_put_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

void
till_pickup_fixture_set_id(TillUuid *id, const char *text)
{
	g_assert_true(till_uuid_parse(text, id));
}

/* Two tees and a bottle that asks for an age. */
TillFulfilment *
till_pickup_fixture_make_part(const char *id, const char *store, TillFulfilmentKind kind,
			      TillOrderState state)
{
	TillFulfilment *part = till_fulfilment_new();
	char tee[] = "TEE-1", gin[] = "GIN", name[] = "Organic tee", none[] = "";
	const TillFulfilmentLine lines[] = {{1, tee, name, none, 0, 0}, {2, gin, gin, none, 18, 0}};
	gint64 two[TILL_ORDER_STATES] = {0};
	gint64 one[TILL_ORDER_STATES] = {0};

	two[state] = 2 * ONE;
	one[state] = ONE;
	till_pickup_fixture_set_id(&part->id, id);
	till_pickup_fixture_set_id(&part->order, ORDER_ID);
	till_pickup_fixture_put_text(&part->number, "W-1042");
	till_pickup_fixture_put_text(&part->customer_name, "Dana Kowalski");
	till_pickup_fixture_put_text(&part->store, store);
	part->kind = kind;
	part->promise_ms = TILL_FIXTURE_NOW_MS + HOUR_MS;
	part->serial = 1;
	part->version = 1;
	g_assert_true(till_fulfilment_restore_line(part, &lines[0], two));
	g_assert_true(till_fulfilment_restore_line(part, &lines[1], one));
	return part;
}

void
till_pickup_fixture_feed_part(TillStore *store, const TillFulfilment *part)
{
	g_autoptr(json_t) row = till_fulfilment_row(part);
	char id[TILL_UUID_TEXT];
	gsize size;
	g_autofree char *text = till_json_write(row, &size);
	const char *const page[] = {"fulfilment", till_uuid_format(&part->id, id), text, NULL};

	till_fixture_feed(store, "store:014", page);
}

static char *
row_of_order(void)
{
	g_autoptr(json_t) row = json_object();
	gsize size;

	till_json_put_text(row, "id", ORDER_ID);
	till_json_put_text(row, "number", "W-1042");
	till_json_put_text(row, "channel", "web");
	till_json_put_text(row, "customer", "u-1");
	till_json_put_text(row, "customer_name", "Dana Kowalski");
	till_json_put_text(row, "currency", "EUR");
	till_json_put_int(row, "total_minor", 7900);
	till_json_put_int(row, "placed_ms", G_GINT64_CONSTANT(1795420000000));
	till_json_put_text(row, "body", order_body);
	return till_json_write(row, &size);
}

/* Made once; the program's end frees it. */
const TillSigningKey *
till_pickup_fixture_signing_key(void)
{
	static TillSigningKey *key;

	till_crypto_init();
	if (key == NULL)
		key = till_crypto_key_new();
	return key;
}

static void
feed_key(TillStore *store)
{
	g_autoptr(GString) text = g_string_new("{\"id\":7,\"from_ms\":0,\"to_ms\":0,\"key\":\"");
	const TillPublicKey *key = till_crypto_key_public(till_pickup_fixture_signing_key());

	for (gsize i = 0; i < sizeof key->bytes; i++)
		g_string_append_printf(text, "%02x", key->bytes[i]);
	g_string_append(text, "\"}");
	const char *const page[] = {"pickup_key", "7", text->str, NULL};
	till_fixture_feed(store, "chain", page);
}

static void
fill(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_autofree char *order = row_of_order();
	const char *const page[] = {"sales_order",
				    ORDER_ID,
				    order,
				    "order_event",
				    ORDER_ID "\x1f"
					     "1",
				    "{\"order_id\":\"" ORDER_ID
				    "\",\"seq\":1,\"at_ms\":1795420000000,\"channel\":\"web\","
				    "\"who\":\"\",\"kind\":\"placed\",\"words\":\"Placed\"}",
				    NULL};
	g_autoptr(TillFulfilment) part = till_pickup_fixture_make_part(
	    PART_ID, "014", TILL_FULFILMENT_PICKUP, TILL_ORDER_ALLOCATED);
	g_autoptr(TillFulfilment) far = till_pickup_fixture_make_part(
	    FAR_ID, "015", TILL_FULFILMENT_PICKUP, TILL_ORDER_ALLOCATED);
	till_fixture_feed(store, "store:014", page);
	till_pickup_fixture_feed_part(store, part);
	till_pickup_fixture_feed_part(store, far);
	feed_key(store);
}

TillPickupFixture
till_pickup_fixture_open(void)
{
	TillPickupFixture fixture = {.base = till_desk_fixture_new()};

	till_fixture_do(fixture.base->fixture, fill);
	fixture.desk = till_pickup_desk_new(fixture.base->fixture->store);
	return fixture;
}

void
till_pickup_fixture_close(TillPickupFixture *fixture)
{
	till_pickup_desk_free(fixture->desk);
	till_desk_fixture_free(fixture->base);
}

TillOrderStep *
till_pickup_fixture_make_step(TillOrderStepKind kind)
{
	TillOrderStep *step = till_order_step_new(kind);

	till_pickup_fixture_put_text(&step->staff_id, "s-1");
	till_pickup_fixture_put_text(&step->staff_name, "Ines Moreau");
	till_pickup_fixture_set_id(&step->order, ORDER_ID);
	till_pickup_fixture_set_id(&step->fulfilment, PART_ID);
	return step;
}

/* Both lines whole, from one state to another. */
TillOrderStep *
till_pickup_fixture_make_move(TillOrderStepKind kind, TillOrderState from, TillOrderState to)
{
	TillOrderStep *step = till_pickup_fixture_make_step(kind);

	till_order_step_add_move(step, 1, from, to, 2 * ONE);
	till_order_step_add_move(step, 2, from, to, ONE);
	if (kind == TILL_ORDER_STEP_STAGING)
		till_pickup_fixture_put_text(&step->place, "Shelf C3");
	return step;
}

TillUuid
till_pickup_fixture_must_do(TillPickupFixture *fixture, const TillOrderStep *step)
{
	g_autoptr(GError) error = NULL;
	TillPickupDone *done = till_pickup_desk_do(fixture->desk, step, &error);

	g_assert_no_error(error);
	TillUuid txn = done->txn;
	till_pickup_desk_done_free(done);
	return txn;
}
