/* SPDX-License-Identifier: Apache-2.0 */
#include "code-vote.h"

#define LOOKS_MIN 2
#define LOOKS_MIN_SHORT 3
#define LOOKS_MIN_RIVAL 3
#define LEAD 2           /* times as many looks as a rival */
#define LINES_SETTLED 40 /* lines that agree, over all looks */
#define LOOKS_SETTLED_SHORT 5

typedef struct {
	TillCode *code; /* owned */
	guint looks;
	guint lines;
	gboolean matched; /* by at least one look */
	gboolean placed;
	TillCodePlace place; /* of all looks with places */
} Candidate;

struct TillCodeVote {
	GPtrArray *candidates; /* of Candidate */
};

static void
candidate_free(Candidate *candidate)
{
	till_code_free(candidate->code);
	g_free(candidate);
}

TillCodeVote *
till_code_vote_new(void)
{
	TillCodeVote *vote = g_new0(TillCodeVote, 1);

	vote->candidates = g_ptr_array_new_with_free_func((GDestroyNotify)candidate_free);
	return vote;
}

void
till_code_vote_free(TillCodeVote *vote)
{
	if (vote == NULL)
		return;
	g_ptr_array_unref(vote->candidates);
	g_free(vote);
}

static const Candidate *
at(const TillCodeVote *vote, guint index)
{
	return g_ptr_array_index(vote->candidates, index);
}

static Candidate *
find_or_add(TillCodeVote *vote, const TillCode *code)
{
	for (guint i = 0; i < vote->candidates->len; i++) {
		Candidate *known = g_ptr_array_index(vote->candidates, i);
		if (till_code_equal(known->code, code))
			return known;
	}
	Candidate *candidate = g_new0(Candidate, 1);
	candidate->code = till_code_new(code->kind, code->bytes, code->size, code->gs1);
	g_ptr_array_add(vote->candidates, candidate);
	return candidate;
}

static void
widen(Candidate *candidate, const TillCodePlace *place)
{
	TillCodePlace *known = &candidate->place;

	if (!candidate->placed)
		*known = *place;
	candidate->placed = TRUE;
	known->left = MIN(known->left, place->left);
	known->top = MIN(known->top, place->top);
	known->right = MAX(known->right, place->right);
	known->bottom = MAX(known->bottom, place->bottom);
}

/* The same code twice in one look (it stands in the picture twice) is one look. */
static gboolean
seen_before(const GPtrArray *sights, guint index)
{
	const TillCodeSight *sight = g_ptr_array_index(sights, index);

	for (guint i = 0; i < index; i++) {
		const TillCodeSight *earlier = g_ptr_array_index(sights, i);
		if (till_code_equal(earlier->code, sight->code))
			return TRUE;
	}
	return FALSE;
}

void
till_code_vote_add(TillCodeVote *vote, const GPtrArray *sights, gboolean places)
{
	for (guint i = 0; i < sights->len; i++) {
		const TillCodeSight *sight = g_ptr_array_index(sights, i);
		Candidate *candidate = find_or_add(vote, sight->code);
		candidate->lines += sight->lines;
		candidate->matched = candidate->matched || sight->matched;
		if (!seen_before(sights, i))
			candidate->looks++;
		if (places)
			widen(candidate, &sight->place);
	}
}

static gboolean
is_short(const Candidate *candidate)
{
	return candidate->code->kind == TILL_CODE_EAN8 || candidate->code->kind == TILL_CODE_UPCE;
}

static gboolean
overlap(const Candidate *a, const Candidate *b)
{
	const TillCodePlace *p = &a->place, *q = &b->place;

	if (!a->placed || !b->placed)
		return TRUE;
	return p->left <= q->right && q->left <= p->right && p->top <= q->bottom &&
	       q->top <= p->bottom;
}

/* Bars can be taken for other bars only; a QR code beside them is no rival. */
static gboolean
is_rival(const Candidate *candidate, const Candidate *other)
{
	return other != candidate && till_code_kind_is_linear(other->code->kind) &&
	       overlap(candidate, other);
}

static gboolean
beats(const Candidate *candidate, const Candidate *rival)
{
	if (is_short(candidate) != is_short(rival))
		return !is_short(candidate);
	if (candidate->matched && !rival->matched)
		return candidate->looks >= rival->looks;
	return candidate->looks >= LOOKS_MIN_RIVAL && candidate->looks >= LEAD * rival->looks;
}

static gboolean
is_believed(const TillCodeVote *vote, const Candidate *candidate)
{
	if (!till_code_kind_is_linear(candidate->code->kind))
		return TRUE;
	if (candidate->looks < (is_short(candidate) ? LOOKS_MIN_SHORT : LOOKS_MIN))
		return FALSE;
	for (guint i = 0; i < vote->candidates->len; i++) {
		if (is_rival(candidate, at(vote, i)) && !beats(candidate, at(vote, i)))
			return FALSE;
	}
	return TRUE;
}

GPtrArray *
till_code_vote_elect(const TillCodeVote *vote)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func((GDestroyNotify)till_code_free);

	for (guint i = 0; i < vote->candidates->len; i++) {
		const TillCode *code = at(vote, i)->code;
		if (is_believed(vote, at(vote, i)))
			g_ptr_array_add(
			    codes, till_code_new(code->kind, code->bytes, code->size, code->gs1));
	}
	return codes;
}

static gboolean
is_plain(const Candidate *candidate)
{
	if (!till_code_kind_is_linear(candidate->code->kind))
		return TRUE;
	return candidate->lines >= LINES_SETTLED &&
	       (!is_short(candidate) || candidate->looks >= LOOKS_SETTLED_SHORT);
}

gboolean
till_code_vote_is_settled(const TillCodeVote *vote)
{
	for (guint i = 0; i < vote->candidates->len; i++) {
		if (!is_believed(vote, at(vote, i)) || !is_plain(at(vote, i)))
			return FALSE;
	}
	return vote->candidates->len > 0;
}
