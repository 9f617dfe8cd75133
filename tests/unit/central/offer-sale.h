/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central-fixture.h"

/* Sales with a discount, as a till writes them, and the promotions they name.
 *
 * Threads: the test's own. */

G_BEGIN_DECLS

/* One piece of an untaxed item at 10.00, less one discount. */
typedef struct {
	const char *promotion; /* "": no discount */
	const char *code;      /* "" */
	const char *customer;  /* "" */
	gint64 unit_minor;     /* 1000 */
	gint64 amount_minor;   /* of the discount */
	gint64 version;        /* of the promotion */
	gint64 at_ms;
	/* Numbers of the feeds that the till knew; −1: as the central has them now. */
	gint64 chain;
	gint64 shop;
	gint64 as_of;
	const char *epoch; /* NULL: the central's */
} OfferSale;

/* The item they sell: to be imported first. */
#define OFFER_SALE_ITEM "sku,name,tax_class,price\nPROBE,Probe,untaxed,10.00\n"

/* 3.00 off by version 1 of a promotion, now. */
OfferSale offer_sale(CentralFixture *fixture, const char *promotion);
/* The entry that holds it. Caller frees. */
TillEntry *offer_sale_entry(TestTerminal *till, const OfferSale *offer);
/* 30 % off everything; rest: more members of the promotion, each with a comma before it. */
void offer_sale_promotion(CentralFixture *fixture, const char *id, const char *rest);
/* The head of a scope's feed. */
gint64 offer_sale_head(CentralFixture *fixture, const char *scope);

G_END_DECLS
