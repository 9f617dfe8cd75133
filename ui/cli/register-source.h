/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "basket-maker.h"
#include "register.h"

/* Items and customers of basket files, found as the counter finds them.
 *
 * Threads: as the register's. */

G_BEGIN_DECLS

/* reg is borrowed. currency: the shop's. */
TillBasketSource till_register_source(TillRegister *reg, const TillCurrency *currency);

G_END_DECLS
