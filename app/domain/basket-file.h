/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "basket.h"
#include "currency.h"

/* The basket that scripts and the quote endpoint speak:
 *
 *   {"lines":[{"code":"4006381333931","quantity_milli":2000,"note":"…",
 *               "manual":{"kind":"percent","value":100000,"reason":"stain"},
 *               "fulfilment":{"kind":"ship","store":""}}], "coupons":["TAKE5"],
 *    "customer":"c-0001", "exemption":{"certificate":"…","valid_to_ms":…,"tax_classes":["…"]},
 *    "cart":{"id":"…","version":3}}
 *
 * code is what scan.h reads; quantity_milli is what the code says or 1000 if absent. customer is an
 * id, a loyalty code, a mail or a phone number. Of the exemption only the certificate is needed:
 * without valid_to_ms it does not end, without tax_classes it covers every tax. manual asks for
 * another price ("price") or something off the line ("amount", in minor units; "percent", in ppm),
 * where the reader lets people do so. fulfilment: delivery.h. cart:
 * what is sold leaves it (cart.h). At most 500 lines,
 * 1 MiB.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef struct {
	char *code;
	gint64 quantity_milli; /* 0: not given (one piece; a weighed item then needs a weight) */
	char *note;            /* "" */
	TillDelivery delivery; /* how it reaches the shopper */
	TillManual manual;     /* what is asked for, by nobody yet */
} TillBasketFileLine;

typedef struct {
	GPtrArray *lines;    /* of TillBasketFileLine */
	TillShopper shopper; /* coupons and exemption; its customer is still to be found */
	char *customer;      /* "" */
	char *cart;          /* id of the shopper's cart that it came of; "" */
	gint64 cart_version;
} TillBasketFile;

/* NULL with a sentence that names the field. */
TillBasketFile *till_basket_file_parse(const char *text, gsize size,
				       GError **error) G_GNUC_WARN_UNUSED_RESULT;
TillBasketFile *till_basket_file_from_json(const json_t *object,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_basket_file_free(TillBasketFile *file);

/* Puts a line into a basket as the item that its code was found to be. A code that says how much it
 * is (a weight) says so where the line does not; one with a weight or price inside (variable)
 * suffers no other. currency: of that price. */
TillBasketResult till_basket_file_add(const TillBasketFileLine *line, const TillItem *item,
				      const TillVariableCode *variable,
				      const TillCurrency *currency, TillBasket *basket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillBasketFile, till_basket_file_free)

G_END_DECLS
