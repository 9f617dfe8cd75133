/* SPDX-License-Identifier: Apache-2.0 */
#include "enrolment.h"

#include <string.h>

#include "changes.h"
#include "enrol-code.h"
#include "error.h"
#include "id.h"
#include "server-log.h"
#include "text.h"

/* Old codes are kept as long as a curious person may ask about them. */
#define FORGET_AFTER_MS G_GINT64_CONSTANT(86400000)

static void
hash_code(const char *secret, TillHash *out)
{
	till_crypto_hash(secret, strlen(secret), out);
}

static gboolean
store_exists(TillDb *db, const char *store_code, gboolean *out, GError **error)
{
	TillDbQuery *query = till_db_query(db, "SELECT count(*) FROM store WHERE code = ?1");
	gint64 count;

	till_db_bind_text(query, 1, store_code);
	if (!till_db_fetch_int(query, 0, &count, error))
		return FALSE;
	*out = count > 0;
	return TRUE;
}

static gboolean
keep_code(TillCentral *central, const char *secret, const char *store_code, GError **error)
{
	gint64 now_ms = till_central_now_ms(central);
	TillHash hash;
	TillDbQuery *query =
	    till_db_query(central->db, "DELETE FROM enrol_code WHERE expires_ms < ?1");

	till_db_bind_int(query, 1, now_ms - FORGET_AFTER_MS);
	if (!till_db_run(query, error))
		return FALSE;
	hash_code(secret, &hash);
	query =
	    till_db_query(central->db, "INSERT INTO enrol_code (code_hash, store_code, expires_ms) "
				       "VALUES (?1, ?2, ?3)");
	till_db_bind_blob(query, 1, hash.bytes, sizeof hash.bytes);
	till_db_bind_text(query, 2, store_code);
	till_db_bind_int(query, 3, now_ms + TILL_ENROLMENT_CODE_MS);
	return till_db_run(query, error);
}

char *
till_enrolment_make_code(TillCentral *central, const char *store_code, GError **error)
{
	char secret[9];
	gboolean exists;
	TillHash ca_hash;

	if (!store_exists(central->db, store_code, &exists, error))
		return NULL;
	if (!exists) {
		g_set_error(
		    error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
		    "There is no store %s. Import it first: tillhouse-central import stores "
		    "FILE.",
		    store_code);
		return NULL;
	}
	till_enrol_code_random(secret);
	if (!keep_code(central, secret, store_code, error))
		return NULL;
	if (*central->ca_pem == '\0')
		return till_enrol_code_format(secret, NULL);
	till_crypto_hash(central->ca_pem, strlen(central->ca_pem), &ca_hash);
	return till_enrol_code_format(secret, &ca_hash);
}

/* The code's store; NULL with TILL_ERROR_DENIED. The code is used up by this. */
static char *
use_code(TillCentral *central, const char *secret, GError **error)
{
	gint64 now_ms = till_central_now_ms(central);
	TillDbQuery *query =
	    till_db_query(central->db, "UPDATE enrol_code SET used_ms = ?2 WHERE code_hash = ?1 "
				       "AND used_ms = 0 AND expires_ms > ?2 RETURNING store_code");
	g_autoptr(GError) local = NULL;
	TillHash hash;
	char *store_code = NULL;

	hash_code(secret, &hash);
	till_db_bind_blob(query, 1, hash.bytes, sizeof hash.bytes);
	till_db_bind_int(query, 2, now_ms);
	if (till_db_step(query, &local)) {
		store_code = g_strdup(till_db_text(query, 0));
		till_db_reset(query);
	}
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (store_code == NULL)
		g_set_error(error, TILL_ERROR, TILL_ERROR_DENIED,
			    "This enrolment code is wrong, used or older than ten minutes. Ask for "
			    "a new one.");
	return store_code;
}

/* Counts the store's tills up and fills in what the terminal learns of its store. */
static gboolean
take_till_number(TillCentral *central, const char *store_code, TillWireEnrolAnswer *answer,
		 GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "UPDATE store SET tills = tills + 1 WHERE code = ?1 "
				       "RETURNING store_id, name, tills");
	g_autoptr(GError) local = NULL;
	gint64 number = 0;

	till_db_bind_text(query, 1, store_code);
	if (till_db_step(query, &local)) {
		answer->store_id = g_strdup(till_db_text(query, 0));
		answer->store_name = g_strdup(till_db_text(query, 1));
		number = till_db_int(query, 2);
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (number == 0 || number > 9999) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DENIED,
			    "Store %s has no till number left.", store_code);
		return FALSE;
	}
	answer->store_code = g_strdup(store_code);
	answer->till_number = g_strdup_printf("%02d", (int)number);
	return TRUE;
}

static gboolean
add_terminal(TillCentral *central, const TillWireEnrolRequest *request,
	     const TillWireEnrolAnswer *answer, GError **error)
{
	g_autofree char *device = till_text_clean(request->device, 100);
	TillDbQuery *query = till_db_query(
	    central->db, "INSERT INTO terminal (terminal_id, store_code, till_number, "
			 "public_key, device, enrolled_ms) "
			 "VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING number");
	TillTerminal terminal = {.key = request->key};

	till_db_bind_text(query, 1, answer->terminal_id);
	till_db_bind_text(query, 2, answer->store_code);
	till_db_bind_text(query, 3, answer->till_number);
	till_db_bind_blob(query, 4, request->key.bytes, sizeof request->key.bytes);
	till_db_bind_text(query, 5, device);
	till_db_bind_int(query, 6, answer->server_time_ms);
	if (!till_db_fetch_int(query, 0, &terminal.number, error))
		return FALSE;
	g_strlcpy(terminal.terminal_id, answer->terminal_id, sizeof terminal.terminal_id);
	g_strlcpy(terminal.store_code, answer->store_code, sizeof terminal.store_code);
	g_strlcpy(terminal.till_number, answer->till_number, sizeof terminal.till_number);
	/* Before the commit: nobody knows the terminal's id until it is answered. */
	till_registry_put(central->registry, &terminal);
	till_server_log("enrolled", "store=%s till=%s terminal=%s device=\"%s\"",
			terminal.store_code, terminal.till_number, terminal.terminal_id, device);
	return TRUE;
}

/* A key that enrols once more signs for its new till from now on, and no longer for the old one. */
static gboolean
close_keys(TillChanges *changes, const char *key, gint64 now_ms, GError **error)
{
	const TillCollection *collection = till_collection_find("terminal_key");
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	g_autoptr(GError) local = NULL;
	TillDbQuery *query = till_db_query(
	    changes->db, "SELECT terminal, store, till, key, from_ms, to_ms FROM terminal_key "
			 "WHERE scope = ?1 AND key = ?2 AND to_ms = 0");

	till_db_bind_text(query, 1, changes->scope);
	till_db_bind_text(query, 2, key);
	while (till_db_step(query, &local))
		g_ptr_array_add(rows, till_changes_row(query, 0, collection));
	for (guint i = 0; local == NULL && i < rows->len; i++) {
		json_t *row = g_ptr_array_index(rows, i);
		json_object_set_new(row, "to_ms", json_integer(now_ms));
		if (!till_changes_put(changes, collection, row, error))
			return FALSE;
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* Tells every store whose signature stands on this till's receipts. */
static gboolean
tell_key(TillCentral *central, const TillWireEnrolRequest *request,
	 const TillWireEnrolAnswer *answer, GError **error)
{
	g_autoptr(json_t) row = json_object();
	char key[TILL_HASH_TEXT];
	TillHash bytes;
	TillChanges changes;

	G_STATIC_ASSERT(sizeof bytes.bytes == sizeof request->key.bytes);
	memcpy(bytes.bytes, request->key.bytes, sizeof bytes.bytes);
	till_crypto_hash_format(&bytes, key);
	json_object_set_new(row, "terminal", json_string(answer->terminal_id));
	json_object_set_new(row, "store", json_string(answer->store_code));
	json_object_set_new(row, "till", json_string(answer->till_number));
	json_object_set_new(row, "key", json_string(key));
	json_object_set_new(row, "from_ms", json_integer(answer->server_time_ms));
	return till_changes_open(central->db, TILL_CHANGES_CHAIN, &changes, error) &&
	       close_keys(&changes, key, answer->server_time_ms, error) &&
	       till_changes_put(&changes, till_collection_find("terminal_key"), row, error) &&
	       till_changes_close(&changes, error);
}

TillWireEnrolAnswer *
till_enrolment_accept(TillCentral *central, const TillWireEnrolRequest *request, GError **error)
{
	TillWireEnrolAnswer *answer = g_new0(TillWireEnrolAnswer, 1);
	TillUuid id = till_uuid_random();
	g_autofree char *store_code = NULL;
	char secret[9];
	char ca_part[17];
	char text[TILL_UUID_TEXT];

	answer->terminal_id = g_strdup(till_uuid_format(&id, text));
	answer->server_id = g_strdup(central->server_id);
	answer->server_key = *till_crypto_key_public(central->key);
	answer->server_time_ms = till_central_now_ms(central);
	if (!till_enrol_code_parse(request->code, secret, ca_part))
		g_set_error(error, TILL_ERROR, TILL_ERROR_DENIED,
			    "An enrolment code has eight letters and digits. Ask for a new one.");
	else
		store_code = use_code(central, secret, error);
	if (store_code == NULL || !take_till_number(central, store_code, answer, error) ||
	    !tell_key(central, request, answer, error) ||
	    !add_terminal(central, request, answer, error)) {
		till_messages_free_enrol_answer(answer);
		return NULL;
	}
	return answer;
}
