/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "arguments.h"
#include "json.h"
#include "price.h"
#include "store.h"

/* What tillctl can do, a function a verb.
 *
 * A verb prints its answer on standard output, as words or with --json as one object a line with
 * sorted keys, and says what went wrong by its error: one sentence that says what to do. Amounts
 * are whole minor units. TILL_ARGUMENTS_ERROR leads to exit code 2, any other to 1.
 *
 * price prints what price-trace.h makes of a basket, with its steps; sell the same without them,
 * and the receipt. A coupon that does nothing stops no sale: it is named on standard error and in
 * the answer.
 *
 * sell - reads one basket a line; each sale's line is printed and flushed after its commit, so what
 * was printed is sold. A basket line may hold its own "tenders":["cash:20000"]; else --tender
 * counts for each; else the shopper pays exactly in cash. A line that cannot be sold is reported on
 * standard error with its number; the rest go on.
 *
 * return FILE takes goods back: {"find":"a receipt's code or number, …" | {"sku":"…"},
 * "lines":[{"line":1,"quantity_milli":1000,"condition":"new","reason":"too small",
 * "disposition":"shelf"}],"as_credit":false,"exchange":{"lines":[a basket's]} |
 * {"swaps":[{"line":1,"code":"…"}]},"approve":{"staff":"…","pin":"…"},"tender":["cash:500"]};
 * without a receipt "goods":[{"code","quantity_milli"}] and "customer" instead of find. --quote
 * shows the answer and touches nothing, --find TEXT only looks; --offline has the policy count as
 * with no network. receipt --gift is the one without prices, --code what its QR code holds.
 *
 * decode always prints objects: {"file","ms","codes":[…]}, or {"file","error"} of a file that is no
 * picture, which does not stop the others and makes the exit code 1.
 *
 * camera prints {"symbology","text","ms"} for each code that the camera path reads (ms from the
 * frame's arrival), and fails as soon as the camera does, or with --once when no code was read in
 * the seconds given. It needs no home.
 *
 * journal recover gets a till with a damaged ledger going again (recover.h): {"ok","rows",
 * "salvaged","unreadable","renumbered","parked","incarnation","damaged_file"}. "ok" is false, with
 * "export_file" and "exported", when the till must be enrolled anew.
 *
 * status, sync and receipt on a home that a running till holds ask that till; the others say who
 * holds it.
 *
 * Threads: main only; verbs block. */

G_BEGIN_DECLS

typedef struct {
	const TillArguments *arguments; /* borrowed */
	const char *name;               /* the verb's */
	const char *home;               /* borrowed */
	gboolean json;
} TillVerb;

typedef gboolean (*TillVerbRun)(const TillVerb *verb, GError **error);

gboolean till_verb_enrol(const TillVerb *verb, GError **error);
gboolean till_verb_status(const TillVerb *verb, GError **error);
gboolean till_verb_price(const TillVerb *verb, GError **error);
gboolean till_verb_sell(const TillVerb *verb, GError **error);
gboolean till_verb_customer(const TillVerb *verb, GError **error);
gboolean till_verb_stock(const TillVerb *verb, GError **error);
gboolean till_verb_journal(const TillVerb *verb, GError **error);
gboolean till_verb_sync(const TillVerb *verb, GError **error);
gboolean till_verb_receipt(const TillVerb *verb, GError **error);
gboolean till_verb_return(const TillVerb *verb, GError **error);
gboolean till_verb_decode(const TillVerb *verb, GError **error);
gboolean till_verb_camera(const TillVerb *verb, GError **error);
gboolean till_verb_pickup(const TillVerb *verb, GError **error);
gboolean till_verb_order(const TillVerb *verb, GError **error);

/* ---- What verbs share ---- */

/* Opens the verb's home under the program's name. */
TillStore *till_verb_open(const TillVerb *verb, TillStoreFlags flags,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For a home that could not be opened: when failure is TILL_ERROR_BUSY and a till listens there,
 * its answer; else failure, which is given over, becomes the error. The caller owns the answer. */
json_t *till_verb_ask_holder(const TillVerb *verb, const json_t *request, gint64 timeout_ms,
			     GError *failure, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Prints a value as one line and flushes. FALSE when standard output does not take it. */
gboolean till_verb_print(const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for words; a line break is added. */
gboolean till_verb_say(GError **error, const char *format, ...)
    G_GNUC_PRINTF(2, 3) G_GNUC_WARN_UNUSED_RESULT;

/* Says on standard error which coupons did nothing, and why. place: "" or "line 3: ". */
void till_verb_warn_coupons(const TillPriced *priced, const char *place);

G_END_DECLS
