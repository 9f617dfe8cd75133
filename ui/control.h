/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "health.h"
#include "register.h"

/* What a running till answers over HOME/control, and what tillctl prints when it looks for itself:
 * one set of JSON keys.
 *
 *   {"verb":"status"}
 *   {"verb":"sync","until_empty":true,"timeout_ms":60000}
 *   {"verb":"receipt","number":"014-02-K7Q-000123"}
 *
 * The answer is {"ok":true, …} or {"ok":false,"error":"One sentence."}.
 * status and sync: store, till, terminal, shop, online, state, reason, pending, sales_pending,
 * oldest_pending_s, held, parked, cursor, cursor_age_s, last_success_ms (0: never), clock_skew_ms,
 * blocked, trouble (""), home (a warning about where the home lies; ""), items. receipt: receipt,
 * format ("text"), text.
 *
 * A running till makes one TillControl; it never blocks the screen.
 *
 * Threads: TillControl main only; the rest any. */

G_BEGIN_DECLS

typedef struct TillEngine TillEngine;
typedef struct TillControl TillControl;

/* Listens at home/control until freed. Borrowed reg and engine outlive it; engine is NULL while the
 * till is not enrolled (then "sync" says so). */
TillControl *till_control_new(const char *home, TillRegister *reg, TillEngine *engine,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Open questions are answered "The till is closing." */
void till_control_free(TillControl *control);

/* ---- For both ends ---- */

/* "HOME/control". Caller frees. */
char *till_control_path(const char *home);

/* The keys of status, with "ok": true. shop NULL: not enrolled or no snapshot; then notice says
 * which. The caller owns the value. */
json_t *till_control_status(const TillRegisterShop *shop, const TillHealth *health,
			    const char *notice);
json_t *till_control_receipt(const char *number, const char *text);
json_t *till_control_failure(const char *sentence);

/* Asks the till that holds home. NULL with TILL_ERROR_NOT_FOUND when none listens there, and with
 * the till's own sentence when it says no. timeout_ms: how long the answer may take. The caller
 * owns the answer. */
json_t *till_control_ask(const char *home, const json_t *request, int timeout_ms,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillControl, till_control_free)

G_END_DECLS
