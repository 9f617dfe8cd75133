/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "fulfilment.h"
#include "json.h"

static void
check_sums(const TillFulfilment *fulfilment)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		gint64 sum = 0;
		for (guint state = 0; state < TILL_ORDER_STATES; state++)
			sum += till_order_quantity(fulfilment->life, i, state);
		g_assert_cmpint(sum, ==, till_order_ordered(fulfilment->life, i));
	}
}

static char *
write_row(const TillFulfilment *fulfilment)
{
	g_autoptr(json_t) row = till_fulfilment_row(fulfilment);
	gsize size;

	return till_json_write(row, &size);
}

/* Everything that is there, given out unseen and taken back. */
static void
give_out(TillFulfilment *fulfilment)
{
	g_autoptr(TillOrderStep) step = till_order_step_new(TILL_ORDER_STEP_HAND_OVER);
	g_autoptr(TillOrderStep) undo = till_order_step_new(TILL_ORDER_STEP_UNDO);
	const TillUuid txn = {{0xfe, 0xed}};

	step->order = undo->order = fulfilment->order;
	step->fulfilment = undo->fulfilment = fulfilment->id;
	step->unknown = TRUE;
	undo->reverses = txn;
	if (till_fulfilment_do(fulfilment, step, &txn, NULL)) {
		check_sums(fulfilment);
		if (till_fulfilment_undo(fulfilment, undo, step, NULL))
			g_assert_cmpint(till_fulfilment_count(fulfilment, TILL_ORDER_STAGED), >, 0);
		check_sums(fulfilment);
	}
}

/* The bytes are a row's body, and after that a whole row. */
static json_t *
make_row(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	json_t *row = till_json_parse(text, size, 262144, "row", NULL);

	if (json_is_object(row) && json_object_get(row, "body") != NULL)
		return row;
	json_decref(row);
	row = json_object();
	till_json_put_text(row, "id", "0199d3c2-0000-7000-8000-000000000002");
	till_json_put_text(row, "order_id", "0199d3c2-0000-7000-8000-000000000001");
	till_json_put_text(row, "number", "W-1042");
	till_json_put_text(row, "kind", "pickup");
	json_object_set_new(row, "body", json_string(text));
	return row;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) row = make_row(data, size);
	g_autoptr(TillFulfilment) fulfilment = till_fulfilment_read(row, &error);

	if (fulfilment == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	check_sums(fulfilment);
	g_autofree char *once = write_row(fulfilment);
	g_autoptr(TillFulfilment) copy = till_fulfilment_copy(fulfilment);
	g_autofree char *twice = write_row(copy);
	g_assert_cmpstr(once, ==, twice);
	give_out(copy);
	return 0;
}
