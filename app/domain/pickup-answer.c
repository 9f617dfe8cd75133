/* SPDX-License-Identifier: Apache-2.0 */
#include "pickup-answer.h"

#include <string.h>

static gboolean
is_same_order(const TillPickupToken *token, const TillPickupKnown *known)
{
	return known != NULL && till_uuid_equal(&token->order, &known->order) &&
	       till_uuid_equal(&token->fulfilment, &known->fulfilment);
}

static TillPickupAnswerKind
judge_known(TillPickupCheck check, const TillPickupToken *token, const TillPickupKnown *known,
	    const TillPickupPolicy *policy)
{
	if (known->cancelled)
		return TILL_PICKUP_ANSWER_CANCELLED;
	if (known->collected)
		return TILL_PICKUP_ANSWER_COLLECTED;
	if (token->serial < known->serial)
		return TILL_PICKUP_ANSWER_REPLACED;
	if (check == TILL_PICKUP_EXPIRED)
		return TILL_PICKUP_ANSWER_EXPIRED;
	if (strcmp(known->store_code, policy->store_code) != 0)
		return TILL_PICKUP_ANSWER_OTHER_STORE;
	return known->missing_lines > 0 ? TILL_PICKUP_ANSWER_NOT_READY : TILL_PICKUP_ANSWER_VALID;
}

static TillPickupAnswerKind
judge(TillPickupCheck check, const TillPickupToken *token, const TillPickupKnown *known,
      const TillPickupPolicy *policy)
{
	switch (check) {
	case TILL_PICKUP_MALFORMED:
		return TILL_PICKUP_ANSWER_MALFORMED;
	case TILL_PICKUP_VERSION:
		return TILL_PICKUP_ANSWER_VERSION;
	case TILL_PICKUP_UNKNOWN_KEY:
		return TILL_PICKUP_ANSWER_UNKNOWN_KEY;
	case TILL_PICKUP_FORGED:
		return TILL_PICKUP_ANSWER_FORGED;
	case TILL_PICKUP_VALID:
	case TILL_PICKUP_EXPIRED:
		break;
	default:
		g_assert_not_reached();
	}
	if (is_same_order(token, known))
		return judge_known(check, token, known, policy);
	return check == TILL_PICKUP_EXPIRED ? TILL_PICKUP_ANSWER_EXPIRED
					    : TILL_PICKUP_ANSWER_UNKNOWN_ORDER;
}

/* " in Juniper & Rye Harbor", or nothing for a text that is not known. */
static char *
with(const char *before, const char *text)
{
	return *text != '\0' ? g_strconcat(before, text, NULL) : g_strdup("");
}

static char *
tell_collected(const TillPickupKnown *known)
{
	g_autofree char *at = with(" at ", known->collected_at);
	g_autofree char *in = with(" in ", known->collected_in);
	g_autofree char *by = with(" by ", known->collected_by);

	return g_strdup_printf("Order %s was already collected%s%s%s. Hand nothing over; ask the "
			       "shopper who may have taken it.",
			       known->number, at, in, by);
}

static char *
tell_not_ready(const TillPickupKnown *known)
{
	g_autofree char *missing = with(", ", known->missing);
	gboolean one = known->missing_lines == 1;
	g_autofree char *lines =
	    one ? g_strdup_printf("one line is missing%s", missing)
		: g_strdup_printf("%u lines are missing%s first", known->missing_lines, missing);
	const char *rest = known->staged_lines > 0
			       ? "Pick what is missing now, or hand over the rest and promise when "
				 "it comes."
			       : "Pick it now, or promise when it comes.";

	return g_strdup_printf("Order %s is not ready: %s. %s", known->number, lines, rest);
}

static char *
tell_unknown(const TillPickupPolicy *policy)
{
	if (!policy->offline)
		return g_strdup("The code is ours, but this till does not have the order yet. Wait "
				"until it has asked the central.");
	if (policy->hand_over_unknown)
		return g_strdup("The code is ours, but this till does not have the order and is "
				"offline. Check the shopper's ID against the name on the bag, then "
				"hand it over.");
	return g_strdup("The code is ours, but this till does not have the order and is offline. "
			"Ask a manager, or wait for the network.");
}

static char *
tell_valid(const TillPickupKnown *known)
{
	g_autofree char *at = with(" It lies at ", known->staged_at);

	return g_strdup_printf("Order %s is ready.%s%s Hand it over.", known->number, at,
			       *at != '\0' ? "." : "");
}

static char *
tell(TillPickupAnswerKind kind, const TillPickupKnown *known, const TillPickupPolicy *policy)
{
	switch (kind) {
	case TILL_PICKUP_ANSWER_MALFORMED:
		return g_strdup(till_pickup_token_words(TILL_PICKUP_MALFORMED));
	case TILL_PICKUP_ANSWER_VERSION:
		return g_strdup(till_pickup_token_words(TILL_PICKUP_VERSION));
	case TILL_PICKUP_ANSWER_UNKNOWN_KEY:
		return g_strdup(till_pickup_token_words(TILL_PICKUP_UNKNOWN_KEY));
	case TILL_PICKUP_ANSWER_FORGED:
		return g_strdup(till_pickup_token_words(TILL_PICKUP_FORGED));
	case TILL_PICKUP_ANSWER_EXPIRED:
		return g_strdup(till_pickup_token_words(TILL_PICKUP_EXPIRED));
	case TILL_PICKUP_ANSWER_CANCELLED:
		return g_strdup_printf("Order %s was cancelled. Hand nothing over; its page shows "
				       "the refund.",
				       known->number);
	case TILL_PICKUP_ANSWER_COLLECTED:
		return tell_collected(known);
	case TILL_PICKUP_ANSWER_REPLACED:
		return g_strdup_printf(
		    "A newer code was given out for order %s. Ask the shopper to "
		    "open the order's page and show the code there.",
		    known->number);
	case TILL_PICKUP_ANSWER_OTHER_STORE:
		return g_strdup_printf("Order %s waits in %s, not here. Send the shopper there, or "
				       "have it moved.",
				       known->number,
				       *known->store_name != '\0' ? known->store_name
								  : known->store_code);
	case TILL_PICKUP_ANSWER_NOT_READY:
		return tell_not_ready(known);
	case TILL_PICKUP_ANSWER_UNKNOWN_ORDER:
		return tell_unknown(policy);
	case TILL_PICKUP_ANSWER_VALID:
		return tell_valid(known);
	default:
		g_assert_not_reached();
	}
}

TillPickupAnswer
till_pickup_answer_give(TillPickupCheck check, const TillPickupToken *token,
			const TillPickupKnown *known, const TillPickupPolicy *policy)
{
	TillPickupAnswer answer = {.kind = judge(check, token, known, policy)};
	gboolean trusted = answer.kind == TILL_PICKUP_ANSWER_UNKNOWN_ORDER && policy->offline &&
			   policy->hand_over_unknown;

	answer.may_hand_over =
	    answer.kind == TILL_PICKUP_ANSWER_VALID || trusted ||
	    (answer.kind == TILL_PICKUP_ANSWER_NOT_READY && known->staged_lines > 0);
	answer.needs_id = trusted;
	answer.words = tell(answer.kind, known, policy);
	return answer;
}

void
till_pickup_answer_clear(TillPickupAnswer *answer)
{
	g_clear_pointer(&answer->words, g_free);
}
