/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "customer.h"
#include "json.h"
#include "tax-engine.h"

/* Who stands at the counter and what they bring to a sale: a customer, coupon codes, a tax
 * exemption certificate. Part of a basket; kept when it is parked, and in the body of its sale (as
 * {customer?, coupons?, exemption?}), so that the same price can be worked out again.
 *
 * Threads: any (pure); a value that belongs to whoever holds it. */

G_BEGIN_DECLS

#define TILL_SHOPPER_COUPONS_MAX 20
#define TILL_SHOPPER_COUPON_MAX 64       /* bytes */
#define TILL_SHOPPER_CERTIFICATE_MAX 100 /* bytes */
#define TILL_SHOPPER_CLASSES_MAX 20

/* A certificate that frees a buyer from taxes. Zeroed: none. */
typedef struct {
	char *certificate;  /* its number; NULL: no certificate */
	gint64 valid_to_ms; /* not included; 0: no end */
	char **tax_classes; /* what it covers, NULL-terminated; NULL: every tax */
} TillExemption;

/* Zeroed: nobody in particular. */
typedef struct {
	TillCustomer *customer; /* owned reference; nullable */
	GPtrArray *coupons;     /* of char*, owned, in capitals, each once; NULL: none */
	TillExemption exemption;
} TillShopper;

typedef enum {
	TILL_SHOPPER_OK,
	TILL_SHOPPER_TWICE, /* this coupon is there already */
	TILL_SHOPPER_FULL,  /* TILL_SHOPPER_COUPONS_MAX coupons */
	TILL_SHOPPER_BAD,   /* no code at all: empty, too long, not a word */
} TillShopperResult;

void till_shopper_clear(TillShopper *shopper);
/* A copy in place of what to held. */
void till_shopper_set(TillShopper *to, const TillShopper *from);
/* Whether there is no customer, no coupon and no certificate. */
gboolean till_shopper_is_plain(const TillShopper *shopper);

/* NULL takes the customer off. */
void till_shopper_set_customer(TillShopper *shopper, const TillCustomer *customer);
/* The code as it is printed or scanned: case and the blanks around it do not count. */
TillShopperResult till_shopper_add_coupon(TillShopper *shopper, const char *code);
/* FALSE when it was not there. */
gboolean till_shopper_remove_coupon(TillShopper *shopper, const char *code);
/* Copies; NULL takes it off. FALSE when the number is empty or too long. */
gboolean till_shopper_set_exemption(TillShopper *shopper, const TillExemption *exemption);
/* Whether there is a certificate and it counts at this time. */
gboolean till_shopper_is_exempt(const TillShopper *shopper, gint64 now_ms);

/* The codes, in capitals; how many in out_count. Borrowed. */
const char *const *till_shopper_coupons(const TillShopper *shopper, guint *out_count);

/* with_name: the customer's name too, for a basket that comes back to the screen; a sale goes
 * without. Never NULL; empty when plain. */
json_t *till_shopper_write(const TillShopper *shopper, gboolean with_name);
/* Reads the field of an object into a cleared shopper; absent: plain. Faults go to the reader. */
void till_shopper_read(TillJsonReader *parent, const char *field, TillShopper *out);
/* The same for a certificate alone: the field "exemption" of an object. */
void till_shopper_read_exemption(TillJsonReader *parent, TillShopper *out);

/* A sentence for a person. Static. */
const char *till_shopper_words(TillShopperResult result);

G_END_DECLS
