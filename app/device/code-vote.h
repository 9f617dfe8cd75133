/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code-scanner.h"

/* Which of the codes that looks at one thing have seen are believed.
 *
 * A QR code corrects its own errors: once is enough. Bars are misread now and then, with a right
 * check digit (a 1 for a 7 and an 8 for a 2 leave the sum as it was), so:
 *   1. a linear code counts when two looks, each by another stage or in another frame, read it
 *      equal;
 *   2. eight digits need three looks, and are refused where a longer code was seen in the same
 *      place, for half of an EAN-13 can pass for one;
 *   3. where two codes claim the same place, the one that twice as many looks saw (at least three)
 *      counts, else neither: better no scan than a wrong one. A code that also fits as a whole
 *      (bar-match.h) only needs as many looks as one that does not.
 *
 * Threads: the owner's. */

G_BEGIN_DECLS

typedef struct TillCodeVote TillCodeVote;

TillCodeVote *till_code_vote_new(void);
void till_code_vote_free(TillCodeVote *vote);

/* Counts what one look saw. places: FALSE when the look was at a turned picture, whose places then
 * count as everywhere. */
void till_code_vote_add(TillCodeVote *vote, const GPtrArray *sights, gboolean places);

/* The codes that are believed by now, in the order they were first seen: array of TillCode, owned
 * by the caller. */
GPtrArray *till_code_vote_elect(const TillCodeVote *vote);

/* TRUE when more looks would hardly change the result: something is believed on many lines, and
 * nothing that was seen is still open. */
gboolean till_code_vote_is_settled(const TillCodeVote *vote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCodeVote, till_code_vote_free)

G_END_DECLS
