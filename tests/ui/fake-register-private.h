/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "fake-register.h"

/* The fake register's insides, shared by its parts: fake-register.c (goods, sales, staff, books)
 * and fake-register-offers.c (rules, customers, approvals).
 *
 * Threads: main. */

G_BEGIN_DECLS

#define FAKE_REGISTER_OPENED_MS G_GINT64_CONSTANT(1795444320000) /* 2026-11-23 14:32 UTC */

struct TillRegister {
	GPtrArray *items;     /* of TillItem */
	GPtrArray *parked;    /* of TillBasket */
	GPtrArray *customers; /* of TillCustomer */
	gint64 parked_total;
};

/* An answer that comes later. */
typedef struct Answer Answer;
struct Answer {
	void (*run)(Answer *answer);
	GWeakRef receiver;
	TillRegister *reg;
	GCallback cb;
	gpointer user;
	char *text;
	gpointer data;
};

Answer *fake_register_later(TillRegister *reg, gpointer receiver, GCallback cb, gpointer user,
			    void (*run)(Answer *));
void fake_register_fill_rules(TillPriceRules *rules);
void fake_register_add_customers(TillRegister *reg);

G_END_DECLS
