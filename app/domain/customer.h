/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A known shopper, as far as prices and a counter need to know them. Groups are a standing that
 * prices and offers ask for ("gold", "staff"); segments are what the shop thinks of the person, and
 * nobody who refused personal offers is priced by them.
 *
 * Threads: any (atomic reference count, constant content once shared). */

G_BEGIN_DECLS

#define TILL_CUSTOMER_ID_MAX 64
#define TILL_CUSTOMER_LIST_MAX 50 /* groups, or segments */

typedef struct TillCustomer TillCustomer;
struct TillCustomer {
	char *id;
	char *name;
	char *email;      /* "" */
	char *phone;      /* "" */
	char *loyalty;    /* the code on the card; "" */
	char **groups;    /* NULL-terminated, never NULL */
	char **segments;  /* likewise */
	gint64 purchases; /* finished ones on any channel, as last heard */
	gboolean offers;  /* wants personal offers */
};

/* Zeroed but for empty lists and offers; to be filled by one reader before it is shared. */
TillCustomer *till_customer_new(void);
TillCustomer *till_customer_ref(const TillCustomer *customer);
void till_customer_unref(TillCustomer *customer);

/* "gold, staff" into a list: trimmed, empty parts left out, at most TILL_CUSTOMER_LIST_MAX. Caller
 * frees. */
char **till_customer_split(const char *text);

/* What offers may go by: the segments, or none for who refused them. Borrowed. */
const char *const *till_customer_segments(const TillCustomer *customer);

/* For a screen that others can see: "d•••@mail.example", "••• 0142", or "" when there is nothing.
 * Caller frees. */
char *till_customer_mask_email(const char *email);
char *till_customer_mask_phone(const char *phone);
/* "+1 (555) 01-42" as numbers are compared: without spaces, dashes and brackets. Caller frees. */
char *till_customer_bare_phone(const char *phone);
/* The end of a number or id, at most half of it: "••• 0142"; "" of nothing. */
char *till_customer_mask_code(const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCustomer, till_customer_unref)

G_END_DECLS
