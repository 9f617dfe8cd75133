/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "register.h"

/* A register without a disk, in place of the real one: the same functions, answering on the main
 * context after the caller has returned, from a small shop made up for the tests.
 *
 * Staff: "s1" Ines Moreau, associate, PIN 1234; "s2" Tomas Reyes, manager, PIN 4321. An associate
 * may take 10 % and 20.00 off a line.
 *
 * Customers: Dana Kowalski, gold, card "LOY-1001"; Noah Bergström, card "LOY-1002".
 *
 * Promotions: "Buy 2 tees, 20% off"; "Mugs: 3 for the price of 2"; "Gold member 5%" on the basket;
 * coupons "SPRING10" (10 % off Home) and "OLD5" (ended); a gift with 150.00.
 *
 * Threads: main. */

G_BEGIN_DECLS

typedef struct {
	guint sales; /* sold so far */
	guint signins;
	guint approvals;        /* asked for, whatever the answer */
	char approved_by[16];   /* of the last line sold by hand */
	gint64 tendered_minor;  /* of the last sale */
	guint lines;            /* of the last sale */
	const char *sell_error; /* NULL: sales go well */
	gboolean hold;          /* answers wait until fake_register_release */
	const char *trouble;    /* what books tell */
	const char *home;       /* the same, of the place of the home */
	gint64 cash_step_minor; /* of rules asked for from now on; 0: cash is not rounded */
} FakeRegisterState;

/* The one fake there is. */
FakeRegisterState *fake_register_state(void);
void fake_register_reset(void);
/* Lets held answers go. */
void fake_register_release(void);

TillRegister *fake_register_new(void);

G_END_DECLS
