/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

#include <glib/gstdio.h>
#include <string.h>

#include "error.h"
#include "store-private.h"

#define MACHINE_ID_MAX 256

void
till_identity_free(TillIdentity *identity)
{
	if (identity == NULL)
		return;
	g_free(identity->store_id);
	g_free(identity->terminal_id);
	g_free(identity->store_code);
	g_free(identity->till_number);
	g_free(identity->server_url);
	g_free(identity->server_id);
	g_free(identity->ca_pem);
	g_free(identity);
}

static TillIdentity *
read_identity(sqlite3_stmt *row, GError **error)
{
	g_autoptr(TillIdentity) identity = g_new0(TillIdentity, 1);
	identity->store_id = g_strdup(till_database_text(row, 0));
	identity->terminal_id = g_strdup(till_database_text(row, 1));
	identity->store_code = g_strdup(till_database_text(row, 2));
	identity->till_number = g_strdup(till_database_text(row, 3));
	identity->server_url = g_strdup(till_database_text(row, 4));
	identity->server_id = g_strdup(till_database_text(row, 5));
	identity->ca_pem = g_strdup(till_database_text(row, 7));
	if (!till_database_blob(row, 6, &identity->server_key, sizeof identity->server_key, error))
		return NULL;
	return g_steal_pointer(&identity);
}

TillIdentity *
till_identity_load(TillStore *store, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return NULL;
	TillDatabase *database = &store->ledger.database;
	sqlite3_stmt *load = till_database_statement(database, TILL_LEDGER_IDENTITY_LOAD);
	int step = till_database_step(database, load, error);
	if (step == SQLITE_DONE)
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_STATE,
		    "This till is not enrolled. Run: tillctl --home %s enrol URL --code CODE",
		    store->home);
	if (step != SQLITE_ROW)
		return NULL;
	TillIdentity *identity = read_identity(load, error);
	sqlite3_reset(load);
	return identity;
}

typedef struct {
	TillStore *store;
	const TillIdentity *identity;
	const char *fingerprint;
} Save;

gboolean
till_identity_write(TillLedger *ledger, const TillIdentity *identity, GError **error)
{
	sqlite3_stmt *add = till_database_statement(&ledger->database, TILL_LEDGER_IDENTITY_SAVE);
	till_database_bind_text(add, 1, identity->store_id);
	till_database_bind_text(add, 2, identity->terminal_id);
	till_database_bind_text(add, 3, identity->store_code);
	till_database_bind_text(add, 4, identity->till_number);
	till_database_bind_text(add, 5, identity->server_url);
	till_database_bind_text(add, 6, identity->server_id);
	till_database_bind_blob(add, 7, &identity->server_key, sizeof identity->server_key);
	till_database_bind_text(add, 8, identity->ca_pem == NULL ? "" : identity->ca_pem);
	return till_database_do(&ledger->database, add, error);
}

static gboolean
write_first(TillDatabase *database, gpointer data, GError **error)
{
	const Save *save = data;
	TillLedger *ledger = &save->store->ledger;
	(void)database;
	TillIncarnation first = till_ledger_continue(NULL, TILL_LEDGER_ORDINAL_STEP,
						     till_ledger_mint(ledger), save->fingerprint);
	return till_identity_write(ledger, save->identity, error) &&
	       till_ledger_add_incarnation(ledger, &first, "enrolled",
					   till_clock_wall_ms(save->store->clock), error);
}

gboolean
till_identity_save(TillStore *store, const TillIdentity *identity, GError **error)
{
	if (!till_store_check_ledger(store, error))
		return FALSE;
	if (store->identity != NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "%s already belongs to till %s of store %s. Choose another directory.",
			    store->home, store->identity->till_number, store->identity->store_code);
		return FALSE;
	}
	if (till_identity_key(store, error) == NULL)
		return FALSE;
	g_autofree char *fingerprint = till_identity_fingerprint(store);
	Save save = {store, identity, fingerprint};
	if (!till_database_transact(&store->ledger.database, write_first, &save, error) ||
	    !till_ledger_load(&store->ledger, error))
		return FALSE;
	store->identity = till_identity_load(store, error);
	return store->identity != NULL && till_store_meet_witness(store, error);
}

const TillSigningKey *
till_identity_key(TillStore *store, GError **error)
{
	till_store_assert_thread(store);
	if (store->key != NULL)
		return store->key;
	/* Once the central knows our key, a lost one must not be replaced in silence. */
	gboolean may_create = store->identity == NULL;
	g_autofree char *path = g_build_filename(store->home, "device.key", NULL);
	store->key = till_crypto_key_load(path, may_create, error);
	return store->key;
}

char *
till_identity_fingerprint(TillStore *store)
{
	g_autofree char *path = g_build_filename(store->home, "ledger.db", NULL);
	return till_identity_fingerprint_of(path);
}

char *
till_identity_fingerprint_of(const char *path)
{
	g_autofree char *machine = NULL;
	GStatBuf status = {0};
	if (!g_file_get_contents("/etc/machine-id", &machine, NULL, NULL))
		machine = g_strdup("");
	g_strstrip(machine);
	int found = g_stat(path, &status);
	g_autofree char *words =
	    g_strdup_printf("%.*s %llu", MACHINE_ID_MAX, machine,
			    found == 0 ? (unsigned long long)status.st_ino : 0ULL);
	TillHash hash;
	till_crypto_hash(words, strlen(words), &hash);
	char text[TILL_HASH_TEXT];
	return g_strdup(till_crypto_hash_format(&hash, text));
}
