/* SPDX-License-Identifier: Apache-2.0 */
#include "session-pickups-private.h"

#include "pickup-token.h"

/* Pickup codes: read, checked by the desk, told as a card. */

typedef struct {
	const char *title, *tone, *icon;
	TillNotice sound;
} Look;

static const Look looks[] = {
    [TILL_PICKUP_ANSWER_MALFORMED] = {"No pickup code", "bad", "till-refused-symbolic",
				      TILL_NOTICE_UNKNOWN},
    [TILL_PICKUP_ANSWER_VERSION] = {"Made by another release", "bad", "till-refused-symbolic",
				    TILL_NOTICE_UNKNOWN},
    [TILL_PICKUP_ANSWER_UNKNOWN_KEY] = {"Key not known here", "bad", "till-refused-symbolic",
					TILL_NOTICE_UNKNOWN},
    [TILL_PICKUP_ANSWER_FORGED] = {"Not a code of this shop", "bad", "till-refused-symbolic",
				   TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_CANCELLED] = {"Cancelled", "bad", "till-refused-symbolic",
				      TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_COLLECTED] = {"Already collected", "bad", "till-refused-symbolic",
				      TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_REPLACED] = {"An older code", "warn", "till-attention-symbolic",
				     TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_EXPIRED] = {"Expired", "warn", "till-wait-symbolic", TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_OTHER_STORE] = {"Other store", "warn", "till-place-symbolic",
					TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_NOT_READY] = {"Not ready", "warn", "till-wait-symbolic",
				      TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_UNKNOWN_ORDER] = {"Order not known here", "warn", "till-attention-symbolic",
					  TILL_NOTICE_ATTENTION},
    [TILL_PICKUP_ANSWER_VALID] = {"Code is good", "good", "till-good-symbolic",
				  TILL_NOTICE_ACCEPTED},
};

gboolean
till_session_pickups_is_code(const char *text)
{
	char token[TILL_PICKUP_TOKEN_TEXT];

	return till_pickup_token_find(text, token);
}

void
till_session_pickup_answer_free(TillSessionPickupAnswer *answer)
{
	if (answer == NULL)
		return;
	g_free(answer->title);
	g_free(answer->words);
	g_free(answer->order);
	g_free(answer->go);
	g_free(answer);
}

static void
clear_answer(TillSessionPickups *pickups)
{
	g_clear_pointer(&pickups->answer, till_session_pickup_answer_free);
	g_clear_pointer(&pickups->answer_id, g_free);
}

static char *
describe_order(const TillPickupChecked *checked)
{
	const TillFulfilment *fulfilment = checked->fulfilment;

	if (fulfilment == NULL)
		return g_strdup("");
	if (*fulfilment->customer_name == '\0')
		return g_strdup(fulfilment->number);
	return g_strdup_printf("%s · %s", fulfilment->number, fulfilment->customer_name);
}

static const char *
choose_way_on(const TillPickupChecked *checked)
{
	if (checked->answer.kind == TILL_PICKUP_ANSWER_UNKNOWN_ORDER &&
	    checked->answer.may_hand_over)
		return "Hand over, ID seen";
	return checked->fulfilment != NULL ? "Open the order" : "";
}

static void
show_answer(TillSession *self, const TillPickupChecked *checked)
{
	TillSessionPickups *pickups = self->pickups;
	const Look *look = &looks[checked->answer.kind];
	TillSessionPickupAnswer *answer = g_new0(TillSessionPickupAnswer, 1);
	char id[TILL_UUID_TEXT];

	clear_answer(pickups);
	answer->valid = checked->answer.kind == TILL_PICKUP_ANSWER_VALID;
	answer->tone = look->tone;
	answer->icon = look->icon;
	answer->title = g_strdup(look->title);
	answer->words = g_strdup(checked->answer.words);
	answer->order = describe_order(checked);
	answer->go = g_strdup(choose_way_on(checked));
	pickups->answer = answer;
	pickups->answer_token = checked->token;
	if (checked->fulfilment != NULL)
		pickups->answer_id = g_strdup(till_uuid_format(&checked->fulfilment->id, id));
	g_signal_emit_by_name(self, "sound", (guint)look->sound);
	g_signal_emit_by_name(self, "pickup-answer");
}

/* A good code opens its order, and so does one of which a part can be handed over. */
static void
take_order(TillSession *self, TillPickupChecked *checked)
{
	TillSessionPickups *pickups = self->pickups;

	if (checked->fulfilment == NULL || !checked->answer.may_hand_over)
		return;
	g_clear_pointer(&pickups->opening, g_free);
	till_session_pickup_take(self, g_steal_pointer(&checked->fulfilment),
				 g_steal_pointer(&checked->record));
	pickups->code_seen = TRUE;
	pickups->serial = checked->token.serial;
	till_session_pickup_update(self);
}

static void
checked_cb(TillPickupChecked *checked, const GError *error, gpointer user)
{
	TillSession *self = user;

	g_clear_pointer(&self->pickups->checking, g_free);
	if (error != NULL) {
		till_session_notice(self, TILL_NOTICE_ATTENTION, FALSE, "%s", error->message);
		return;
	}
	show_answer(self, checked);
	take_order(self, checked);
	till_pickup_desk_checked_free(checked);
}

void
till_session_pickups_check(TillSession *self, const char *code)
{
	if (self->pickups->checking != NULL || self->staff_id == NULL)
		return; /* the camera reads it again */
	self->pickups->checking = g_strdup(code);
	till_pickup_desk_check_async(self->desk, code, self, checked_cb, self);
}

const TillSessionPickupAnswer *
till_session_pickups_answer(TillSession *self)
{
	return self->pickups->answer;
}

void
till_session_pickups_answer_close(TillSession *self)
{
	if (self->pickups->answer == NULL)
		return;
	clear_answer(self->pickups);
	g_signal_emit_by_name(self, "pickup-answer");
}

void
till_session_pickups_answer_go(TillSession *self)
{
	TillSessionPickups *pickups = self->pickups;

	if (pickups->answer_id != NULL)
		till_session_pickup_open(self, pickups->answer_id);
	else if (pickups->answer != NULL && *pickups->answer->go != '\0')
		till_session_pickup_hand_over_unknown(self, &pickups->answer_token);
	till_session_pickups_answer_close(self);
}
