/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket-file.h"
#include "basket.h"

/* From a basket file to a basket: each code is looked up, each line added, and the first line that
 * cannot be is named in the error ("basket.lines[2]: no item has the code …").
 *
 * Threads: those of find. */

G_BEGIN_DECLS

/* The item of a code with a reference; NULL without error when there is none. Refuses by error what
 * is no code. */
typedef TillItem *(*TillBasketMakerFind)(gpointer user, const char *code, GError **error);

TillBasket *till_basket_maker_build(const TillBasketFile *file, TillBasketMakerFind find,
				    gpointer user, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A find over an open register (user). */
TillItem *till_basket_maker_find_register(gpointer user, const char *code, GError **error);

G_END_DECLS
