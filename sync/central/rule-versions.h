/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "price.h"

/* The rules of stores as tills knew them at numbers of the feeds: settings, taxes and promotions,
 * for whoever prices sales again. Read through the writer in small visits; the last few versions
 * are kept, and a promotion that is the same in two of them is read once.
 *
 * Threads: one at a time, never the writer's; blocks while it asks. */

G_BEGIN_DECLS

typedef struct TillRuleVersions TillRuleVersions;

/* central: borrowed, with a writer. */
TillRuleVersions *till_rule_versions_new(TillCentral *central);
void till_rule_versions_free(TillRuleVersions *versions);

typedef struct {
	const char *store_code;
	gint64 chain; /* numbers of the feeds */
	gint64 shop;
	/* Nullable: one more promotion that shall have been there, in place of one of its id. */
	TillPromo *extra;
} TillRulesQuestion;

/* Borrowed until the next call. NULL without error: the central cannot know these rules (a feed has
 * not come so far, or they hold what this release cannot work with). */
const TillPriceRules *till_rule_versions_find(TillRuleVersions *versions,
					      const TillRulesQuestion *question, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillRuleVersions, till_rule_versions_free)

G_END_DECLS
