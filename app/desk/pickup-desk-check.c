/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-desk-private.h"

#include <string.h>

void
till_pickup_desk_checked_free(TillPickupChecked *checked)
{
	if (checked == NULL)
		return;
	till_pickup_answer_clear(&checked->answer);
	till_fulfilment_free(checked->fulfilment);
	till_order_record_free(checked->record);
	g_free(checked);
}

/* Texts that the answer borrows while it is made. */
typedef struct {
	TillPickupKnown known;
	char *collected_at;
	char *missing;
} Known;

static void
clear_known(Known *known)
{
	g_free(known->collected_at);
	g_free(known->missing);
}

static void
count_lines(const TillFulfilment *fulfilment, Known *out)
{
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		gint64 staged = till_order_quantity(fulfilment->life, i, TILL_ORDER_STAGED);
		out->known.staged_lines += staged > 0;
		if (till_order_left(fulfilment->life, i) <= staged)
			continue;
		if (out->known.missing_lines++ == 0)
			out->missing = *line->variant != '\0'
					   ? g_strdup_printf("%s — %s", line->name, line->variant)
					   : g_strdup(line->name);
	}
}

/* The last that was not taken back. */
static const TillFulfilmentHandOver *
last_hand_over(const TillFulfilment *fulfilment)
{
	for (guint i = fulfilment->hand_overs->len; i > 0; i--) {
		const TillFulfilmentHandOver *at = g_ptr_array_index(fulfilment->hand_overs, i - 1);
		if (!at->undone)
			return at;
	}
	return NULL;
}

static void
describe(const TillFulfilment *fulfilment, const char *time_zone, Known *out)
{
	TillFulfilmentState state = till_fulfilment_state(fulfilment);
	const TillFulfilmentHandOver *last = last_hand_over(fulfilment);

	*out = (Known){.known = {.order = fulfilment->order,
				 .fulfilment = fulfilment->id,
				 .number = fulfilment->number,
				 .store_code = fulfilment->store,
				 .store_name = "",
				 .serial = fulfilment->serial,
				 .cancelled = state == TILL_FULFILMENT_CANCELLED,
				 .collected = state == TILL_FULFILMENT_DONE,
				 .collected_at = "",
				 .collected_in = "",
				 .collected_by = "",
				 .missing = "",
				 .staged_at = fulfilment->place}};
	count_lines(fulfilment, out);
	if (out->missing != NULL)
		out->known.missing = out->missing;
	if (last == NULL)
		return;
	out->collected_at = till_register_local_time(last->at_ms, time_zone);
	out->known.collected_at = out->collected_at;
	out->known.collected_in = last->store;
	out->known.collected_by = last->collected_by;
}

static void
trust(TillPickupTrust *trusted, const TillPickupToken *token)
{
	trusted->tokens[trusted->next++ % TILL_PICKUP_TRUSTED_MAX] = *token;
}

gboolean
till_pickup_desk_is_trusted(const TillPickupTrust *trusted, const TillOrderStep *step)
{
	static const TillUuid none;

	for (guint i = 0; i < TILL_PICKUP_TRUSTED_MAX; i++) {
		const TillPickupToken *token = &trusted->tokens[i];
		if (!till_uuid_equal(&token->fulfilment, &none) &&
		    till_uuid_equal(&token->fulfilment, &step->fulfilment) &&
		    till_uuid_equal(&token->order, &step->order))
			return TRUE;
	}
	return FALSE;
}

static void
answer(TillPickupChecked *checked, TillPickupCheck check, const TillPickupPolicy *policy,
       const char *time_zone)
{
	if (checked->fulfilment == NULL) {
		checked->answer = till_pickup_answer_give(check, &checked->token, NULL, policy);
		return;
	}
	Known known;
	describe(checked->fulfilment, time_zone, &known);
	checked->answer = till_pickup_answer_give(check, &checked->token, &known.known, policy);
	clear_known(&known);
}

static gboolean
find_order(TillStore *store, TillPickupChecked *checked, GError **error)
{
	g_autoptr(TillShelfRow) row = NULL;

	if (!till_order_shelf_get(store, &checked->token.fulfilment, &row, error))
		return FALSE;
	if (row == NULL || !till_uuid_equal(&row->fulfilment->order, &checked->token.order))
		return TRUE;
	checked->fulfilment = g_steal_pointer(&row->fulfilment);
	return till_pickup_desk_record(store, &checked->fulfilment->order, &checked->record, error);
}

static gboolean
run_check(gpointer owner, gpointer data, GError **error)
{
	TillPickupJob *job = data;
	TillPickupChecked *checked = g_new0(TillPickupChecked, 1);
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);
	char text[TILL_PICKUP_TOKEN_TEXT];
	TillPickupKeys keys;

	job->answer = checked;
	checked->is_code = till_pickup_token_find(job->text, text);
	if (identity == NULL)
		return FALSE;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	if (shop == NULL)
		return FALSE;
	TillPickupPolicy policy = {.store_code = identity->store_code,
				   .offline = !g_atomic_int_get(&job->trust->online)};
	if (!checked->is_code)
		return TRUE;
	if (!till_order_shelf_keys(owner, &keys, error) ||
	    !till_order_shelf_trusts_codes(owner, &policy.hand_over_unknown, error))
		return FALSE;
	TillPickupCheck check = till_pickup_token_check(
	    text, &keys, till_clock_wall_ms(till_store_clock(owner)), &checked->token);
	if ((check == TILL_PICKUP_VALID || check == TILL_PICKUP_EXPIRED) &&
	    !find_order(owner, checked, error))
		return FALSE;
	answer(checked, check, &policy, shop->time_zone);
	if (checked->answer.kind == TILL_PICKUP_ANSWER_UNKNOWN_ORDER &&
	    checked->answer.may_hand_over)
		trust(job->trust, &checked->token);
	return TRUE;
}

static TillPickupJob *
make_check(TillPickupDesk *desk, const char *code)
{
	TillPickupJob *job =
	    till_pickup_desk_job_new(desk, (GDestroyNotify)till_pickup_desk_checked_free);

	job->text = g_strdup(code);
	return job;
}

TillPickupChecked *
till_pickup_desk_check(TillPickupDesk *desk, const char *code, GError **error)
{
	return till_pickup_desk_job_call(desk, make_check(desk, code), run_check, error);
}

static void
deliver_checked(TillPickupJob *job, const GError *error)
{
	((TillPickupCheckedCb)job->cb)(error == NULL ? till_pickup_desk_job_steal(job) : NULL,
				       error, job->user);
}

void
till_pickup_desk_check_async(TillPickupDesk *desk, const char *code, gpointer receiver,
			     TillPickupCheckedCb cb, gpointer user)
{
	TillPickupJob *job = make_check(desk, code);

	job->deliver = deliver_checked;
	job->cb = G_CALLBACK(cb);
	job->user = user;
	till_pickup_desk_job_post(desk, job, run_check, receiver);
}
