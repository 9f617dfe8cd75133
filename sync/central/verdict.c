/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

static gboolean
find_sample(const TillWireHead *head, gint64 seq, TillHash *out_chain)
{
	if (seq == head->seq) {
		*out_chain = head->chain;
		return TRUE;
	}
	for (guint i = 0; head->samples != NULL && i < head->samples->len; i++) {
		const TillWireSample *sample = &g_array_index(head->samples, TillWireSample, i);
		if (sample->seq == seq) {
			*out_chain = sample->chain;
			return TRUE;
		}
	}
	return FALSE;
}

/* The highest row up to limit on which both sides agree; 0: none but the genesis. out_differs: some
 * row up to limit is not the same. */
static gint64
find_common(const TillWireHead *head, gint64 limit, TillVerdictChain chain, gpointer user,
	    gboolean *out_differs)
{
	gint64 common = 0;
	TillHash ours;

	*out_differs = FALSE;
	if (head->seq <= limit && head->seq > 0 && chain(user, head->seq, &ours)) {
		if (till_crypto_hash_equal(&ours, &head->chain))
			return head->seq;
		*out_differs = TRUE;
	}
	for (guint i = 0; head->samples != NULL && i < head->samples->len; i++) {
		const TillWireSample *sample = &g_array_index(head->samples, TillWireSample, i);
		if (sample->seq > limit || sample->seq <= common ||
		    !chain(user, sample->seq, &ours))
			continue;
		if (till_crypto_hash_equal(&ours, &sample->chain))
			common = sample->seq;
		else
			*out_differs = TRUE;
	}
	return common;
}

TillWireHeadAnswer
till_verdict_head(const TillWireHead *head, gint64 server_seq, TillVerdictChain chain,
		  gpointer user)
{
	TillWireHeadAnswer answer = {.incarnation = head->incarnation,
				     .verdict = TILL_WIRE_HEAD_RESUME,
				     .server_seq = server_seq};
	gint64 limit = MIN(head->seq, server_seq);
	gboolean differs;
	TillHash theirs;
	TillHash ours;

	answer.last_common = find_common(head, limit, chain, user, &differs);
	if (limit > 0 && find_sample(head, limit, &theirs) && chain(user, limit, &ours))
		differs = !till_crypto_hash_equal(&theirs, &ours);
	if (differs) {
		answer.verdict = TILL_WIRE_HEAD_FORK;
		return answer;
	}
	/* Without a sample at our head the terminal's word is taken; its next push proves it. */
	answer.last_common = limit;
	if (head->seq < server_seq)
		answer.verdict = TILL_WIRE_HEAD_ROLLBACK;
	return answer;
}

TillVerdictMachine
till_verdict_machine(const TillVerdictSigns *signs)
{
	if (signs->any_fork)
		return TILL_VERDICT_CLONE;
	if (!signs->first_hello && !signs->fingerprint_is_last && signs->fingerprint_is_known)
		return TILL_VERDICT_CLONE;
	if (signs->any_rollback)
		return TILL_VERDICT_RESTORED;
	return TILL_VERDICT_SAME;
}
