/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "fixture.h"
#include "register.h"

/* A register over an enrolled store with a small shop in its cache: TEE-1 at 24.50 EUR (barcode
 * 4006381333931, ten in stock), PEAR at 3.99 a kilogram, GIFT without a price; VAT 20 % inside;
 * Ines Moreau (s-1) is its manager.
 *
 * Threads: the test's; answers come on the default main context. */

G_BEGIN_DECLS

#define TILL_DESK_FIXTURE_PIN "2468"

typedef struct {
	TillFixture *fixture;
	TillRegister *reg;
} TillDeskFixture;

TillDeskFixture *till_desk_fixture_new(void);
void till_desk_fixture_free(TillDeskFixture *desk);
/* Opens the store of desk->fixture with completions, and the register. */
void till_desk_fixture_open(TillDeskFixture *desk);

G_END_DECLS
