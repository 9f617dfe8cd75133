/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pickup-desk.h"

/* A pickup desk without a disk, in place of the real one: the same functions over a morning of
 * orders made up for the tests, on which steps are done by the domain's own rules.
 *
 * Outside: Dana Kowalski (W-1041: linen shirt, tote; trail socks not here), Yusuf Demir (W-1042).
 * Ready: Priya Nair (W-1043), Greta Lindqvist (W-1044, expires today, sparkling wine from 21 years
 * on), Lucía Ferrer (W-1045, held too long). To pick: Amelia Hart (A-1046), 3 mugs and a loaf. To
 * send: Tomas Reyes (W-1047), picked and staged.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define FAKE_PICKUP_CODE                                                                           \
	"HTTPS://SHOP.EXAMPLE/P/"                                                                  \
	"AEAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"     \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

typedef struct {
	TillPickupAnswerKind answer; /* of the next code; it is Dana's when it opens anything */
	const char *error;           /* of the next step; NULL: it is done */
	guint steps;                 /* written so far */
	TillOrderStep *last;         /* the newest of them; nullable */
	gint64 now_ms;
} FakePickupDeskState;

FakePickupDeskState *fake_pickup_desk_state(void);
TillPickupDesk *fake_pickup_desk_new(gint64 now_ms);
/* A shopper presses "I'm outside"; the board says so when it is read again. */
void fake_pickup_desk_arrive(TillPickupDesk *desk, const char *number, const char *arrival);
/* The id of this order's part here. Borrowed. */
const char *fake_pickup_desk_id(TillPickupDesk *desk, const char *number);

G_END_DECLS
