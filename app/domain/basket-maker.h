/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket-file.h"
#include "basket.h"

/* From a basket file to a basket with its shopper: each code is looked up, each line added, the
 * customer found, and the first of them that cannot be is named in the error ("basket.lines[2]: no
 * item has the code …"). Till, central and rules file have one source each.
 *
 * Threads: those of the source. */

G_BEGIN_DECLS

typedef struct {
	/* The item of a code with a reference; NULL without error when there is none. Refuses by
	 * error what is no code. out_variable: the weight or price inside the code, zeroed
	 * before. */
	TillItem *(*find_item)(gpointer user, const char *code, TillVariableCode *out_variable,
			       GError **error);
	/* The customer of an id, loyalty code, mail or phone, with a reference; as above. NULL:
	 * customers are not known here, and the basket's is passed over. */
	TillCustomer *(*find_customer)(gpointer user, const char *text, GError **error);
	gpointer user; /* borrowed */
	/* Id of who changes prices by hand; NULL: nobody may, and such a line is refused. */
	const char *staff;
	const TillCurrency *currency; /* of prices inside codes */
} TillBasketSource;

TillBasket *till_basket_maker_build(const TillBasketFile *file, const TillBasketSource *source,
				    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
