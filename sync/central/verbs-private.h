/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "json.h"

/* What the files of verbs share.
 *
 * Threads: as verbs.h; a job belongs to one question. */

G_BEGIN_DECLS

/* One verb on its way to the writer. */
typedef struct {
	TillCentral *central;
	TillJsonReader reader; /* over the question */
	json_t *answer;        /* owned */
	json_t *lines;         /* borrowed from answer */
	const char *text;      /* of the file to import; borrowed */
	gsize size;
	GError *error; /* owned */
} TillVerbJob;

void till_verb_channel_key(TillVerbJob *job);
void till_verb_pickup_key(TillVerbJob *job);
void till_verb_rules(TillVerbJob *job);

G_END_DECLS
