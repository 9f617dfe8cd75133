/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "desk-fixture.h"
#include "pickup-desk.h"

/* A pickup desk over the shop of desk-fixture.h with one web order, W-1042: two tees and a bottle
 * that asks for an age of 18, all allocated, one part to be collected here (PART_ID) and one in
 * store 015 (FAR_ID); pickup key 7.
 *
 * Threads: the test's. */

G_BEGIN_DECLS

#define ONE TILL_QUANTITY_ONE
#define HOUR_MS G_GINT64_CONSTANT(3600000)
#define ORDER_ID "0199d3c2-0000-7000-8000-000000000001"
#define PART_ID "0199d3c2-0000-7000-8000-000000000002"
#define FAR_ID "0199d3c2-0000-7000-8000-000000000003"
#define SENT_ID "0199d3c2-0000-7000-8000-000000000004"
#define PAST_ID "0199d3c2-0000-7000-8000-000000000005"

typedef struct {
	TillDeskFixture *base;
	TillPickupDesk *desk;
} TillPickupFixture;

TillPickupFixture till_pickup_fixture_open(void);
void till_pickup_fixture_close(TillPickupFixture *fixture);

void till_pickup_fixture_put_text(char **field, const char *text);
void till_pickup_fixture_set_id(TillUuid *id, const char *text);
/* Another part of the order, its goods all in one state; to be told by the feed. */
TillFulfilment *till_pickup_fixture_make_part(const char *id, const char *store,
					      TillFulfilmentKind kind, TillOrderState state);
void till_pickup_fixture_feed_part(TillStore *store, const TillFulfilment *part);
/* Of key 7. Borrowed. */
const TillSigningKey *till_pickup_fixture_signing_key(void);

/* A step of Ines on PART_ID; with both lines whole, from one state to another. */
TillOrderStep *till_pickup_fixture_make_step(TillOrderStepKind kind);
TillOrderStep *till_pickup_fixture_make_move(TillOrderStepKind kind, TillOrderState from,
					     TillOrderState to);
TillUuid till_pickup_fixture_must_do(TillPickupFixture *fixture, const TillOrderStep *step);

G_END_DECLS
