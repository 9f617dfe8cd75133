/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* What is sent from here: the carrier, and the number that follows the parcel, typed or scanned.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_SEND_SHEET (till_send_sheet_get_type())
G_DECLARE_FINAL_TYPE(TillSendSheet, till_send_sheet, TILL, SEND_SHEET, TillView)

G_END_DECLS
