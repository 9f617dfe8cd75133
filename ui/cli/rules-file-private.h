/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "json.h"
#include "rules-file.h"

/* What the files that read a rules file share: each reads its part into file, faults go to reader.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_RULES_FILE_ITEMS_MAX 2000000

struct TillRulesFile {
	TillPriceRules rules;
	TillPriceMoment moment; /* its texts are owned */
	GHashTable *items;      /* key of a code → TillItem, both owned */
	GPtrArray *customers;   /* of TillCustomer, owned references */
};

void till_rules_file_read_items(TillRulesFile *file, TillJsonReader *reader);
void till_rules_file_read_customers(TillRulesFile *file, TillJsonReader *reader);
void till_rules_file_read_uses(TillRulesFile *file, TillJsonReader *reader);

/* As those of a TillBasketSource; user is the file. */
TillItem *till_rules_file_find_item(gpointer user, const char *code, TillVariableCode *out_variable,
				    GError **error);
TillCustomer *till_rules_file_find_customer(gpointer user, const char *text, GError **error);

G_END_DECLS
