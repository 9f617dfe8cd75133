/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "crypto.h"
#include "error.h"

/* Wrong PINs are counted in the ledger, a person each, so that starting the program again does not
 * give more tries, and neither does asking by another door. */

TillStaff *
till_register_private_find_member(GPtrArray *staff, const char *id)
{
	for (guint i = 0; i < staff->len; i++) {
		TillStaff *member = g_ptr_array_index(staff, i);
		if (strcmp(member->id, id) == 0)
			return member;
	}
	return NULL;
}

/* How long the next try must wait; never longer than the lockout itself, wherever the clock was
 * set. */
static gint64
wait_ms(TillSigninFailures failures, gint64 now_ms)
{
	return CLAMP(failures.until_ms - now_ms, 0, till_staff_lockout_ms(failures.count));
}

static char *
locked_words(gint64 wait)
{
	gint64 seconds = (wait + 999) / 1000;
	return g_strdup_printf("Too many wrong PINs. Wait %" G_GINT64_FORMAT " %s and try again.",
			       seconds, seconds == 1 ? "second" : "seconds");
}

static gboolean
refuse(TillStore *store, TillRegisterPin *pin, GError **error)
{
	pin->failures.count++;
	gint64 wait = till_staff_lockout_ms(pin->failures.count);
	pin->failures.until_ms = wait > 0 ? till_clock_wall_ms(till_store_clock(store)) + wait : 0;
	pin->result = wait > 0 ? TILL_SIGNIN_LOCKED : TILL_SIGNIN_WRONG;
	pin->wait_ms = wait;
	pin->words = wait > 0 ? locked_words(wait) : g_strdup("This PIN is not right. Try again.");
	return till_signin_failures_set(store, pin->member->id, pin->failures, error);
}

/* The member of an id, whom pin then owns. */
static gboolean
load_member(TillStore *store, const char *staff_id, TillRegisterPin *pin, GError **error)
{
	g_autoptr(GPtrArray) staff = till_catalog_staff(store, error);
	if (staff == NULL)
		return FALSE;
	for (guint i = 0; i < staff->len && pin->member == NULL; i++) {
		const TillStaff *member = g_ptr_array_index(staff, i);
		if (strcmp(member->id, staff_id) == 0)
			pin->member = g_ptr_array_steal_index(staff, i);
	}
	if (pin->member != NULL)
		return TRUE;
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "This person no longer works at this store; choose another.");
	return FALSE;
}

static gboolean
try_pin(TillStore *store, TillRegisterPin *pin, const char *digits, gsize length, GError **error)
{
	if (!till_signin_failures_get(store, pin->member->id, &pin->failures, error))
		return FALSE;
	gint64 wait = wait_ms(pin->failures, till_clock_wall_ms(till_store_clock(store)));
	if (wait > 0) {
		pin->result = TILL_SIGNIN_LOCKED;
		pin->wait_ms = wait;
		pin->words = locked_words(wait);
		return TRUE;
	}
	pin->was_tried = TRUE;
	if (length >= TILL_PIN_MIN && length <= TILL_PIN_MAX &&
	    till_crypto_pin_verify(pin->member->pin_hash, digits, length)) {
		pin->result = TILL_SIGNIN_OK;
		return TRUE;
	}
	return refuse(store, pin, error);
}

gboolean
till_register_private_check_pin(TillStore *store, const char *staff_id, const char *digits,
				gsize length, TillRegisterPin *out, GError **error)
{
	if (load_member(store, staff_id, out, error) && try_pin(store, out, digits, length, error))
		return TRUE;
	till_register_private_clear_pin(out);
	return FALSE;
}

gboolean
till_register_private_forgive_pin(TillStore *store, const TillRegisterPin *pin, GError **error)
{
	return pin->failures.count == 0 ||
	       till_signin_failures_set(store, pin->member->id, (TillSigninFailures){0, 0}, error);
}

void
till_register_private_clear_pin(TillRegisterPin *pin)
{
	g_clear_pointer(&pin->member, till_staff_free);
	g_clear_pointer(&pin->words, g_free);
}
