/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* Finds a customer by name, phone, mail or card, typed or scanned, and prices the sale for them.
 * Mail and phone are shown masked.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_CUSTOMER_SHEET (till_customer_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillCustomerSheet, till_customer_sheet, TILL, CUSTOMER_SHEET, TillView)

G_END_DECLS
