/* SPDX-License-Identifier: Apache-2.0 */
#include "signin.h"

#include "store-private.h"

gboolean
till_signin_failures_get(TillStore *store, const char *staff_id, TillSigninFailures *out,
			 GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	TillDatabase *database = &store->ledger.database;
	TillSigninFailures failures = {0};
	sqlite3_stmt *get = till_database_statement(database, TILL_LEDGER_SIGNIN_GET);
	till_database_bind_text(get, 1, staff_id);
	int step = till_database_step(database, get, error);
	if (step == SQLITE_ERROR)
		return FALSE;
	if (step == SQLITE_ROW) {
		failures.count = (guint)sqlite3_column_int(get, 0);
		failures.until_ms = sqlite3_column_int64(get, 1);
	}
	sqlite3_reset(get);
	*out = failures;
	return TRUE;
}

gboolean
till_signin_failures_set(TillStore *store, const char *staff_id, TillSigninFailures failures,
			 GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *set = till_database_statement(database, TILL_LEDGER_SIGNIN_SET);
	till_database_bind_text(set, 1, staff_id);
	till_database_bind_int(set, 2, failures.count);
	till_database_bind_int(set, 3, failures.until_ms);
	return till_database_do(database, set, error);
}
