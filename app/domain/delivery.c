/* SPDX-License-Identifier: Apache-2.0 */
#include "delivery.h"

#include <string.h>

static const char *const names[] = {"carry-out", "ship", "pickup"};

gboolean
till_delivery_make(TillDeliveryKind kind, const char *store, TillDelivery *out)
{
	TillDelivery delivery = {.kind = kind};

	if (strlen(store) > TILL_DELIVERY_STORE_MAX ||
	    (kind == TILL_DELIVERY_PICKUP && *store == '\0'))
		return FALSE;
	if (kind != TILL_DELIVERY_CARRY_OUT)
		g_strlcpy(delivery.store, store, sizeof delivery.store);
	*out = delivery;
	return TRUE;
}

gboolean
till_delivery_equal(const TillDelivery *a, const TillDelivery *b)
{
	return a->kind == b->kind && strcmp(a->store, b->store) == 0;
}

const char *
till_delivery_name(TillDeliveryKind kind)
{
	g_assert(kind < G_N_ELEMENTS(names));
	return names[kind];
}

char *
till_delivery_words(const TillDelivery *delivery)
{
	switch (delivery->kind) {
	case TILL_DELIVERY_SHIP:
		return g_strdup("Sent home");
	case TILL_DELIVERY_PICKUP:
		return g_strdup_printf("To be fetched at store %s", delivery->store);
	case TILL_DELIVERY_CARRY_OUT:
	default:
		return NULL;
	}
}

void
till_delivery_write(json_t *line, const TillDelivery *delivery)
{
	json_t *object;

	if (delivery->kind == TILL_DELIVERY_CARRY_OUT)
		return;
	object = json_object();
	till_json_put_text(object, "kind", till_delivery_name(delivery->kind));
	till_json_put_text(object, "store", delivery->store);
	json_object_set_new(line, "fulfilment", object);
}

static TillDeliveryKind
read_kind(TillJsonReader *reader)
{
	const char *name = till_json_string(reader, "kind", TILL_DELIVERY_STORE_MAX);

	for (guint kind = 0; kind < G_N_ELEMENTS(names); kind++) {
		if (strcmp(names[kind], name) == 0)
			return kind;
	}
	till_json_fault(reader, "kind", "is none of carry-out, ship, pickup");
	return TILL_DELIVERY_CARRY_OUT;
}

TillDelivery
till_delivery_read(TillJsonReader *line)
{
	TillDelivery delivery = {0};
	const json_t *object = till_json_object(line, "fulfilment");

	if (object == NULL)
		return delivery;
	TillJsonReader reader = till_json_reader(object, "fulfilment");
	TillDeliveryKind kind = read_kind(&reader);
	const char *store = till_json_string_or(&reader, "store", TILL_DELIVERY_STORE_MAX, "");
	if (!till_delivery_make(kind, store, &delivery))
		till_json_fault(&reader, "store", "is missing");
	till_json_inherit(line, &reader);
	return delivery;
}
