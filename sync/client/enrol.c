/* SPDX-License-Identifier: Apache-2.0 */
#include "enrol.h"

#include <glib/gstdio.h>
#include <string.h>

#include "enrol-code.h"
#include "error.h"
#include "exchange.h"
#include "feed.h"
#include "messages.h"

/* One step after another, each a request that is driven to its end here. */

#define POLL_MS 1000
#define TRIES 3
#define SNAPSHOT_TRIES 30 /* of 20 s each while the central is making it */

typedef struct {
	TillStore *store;
	char *url;
	char secret[9];
	char ca_part[17];
	gboolean plain;
	char *ca_pem;   /* "" on plain loopback */
	TillWireCa *ca; /* nullable: plain */
	char *fingerprint;
	const TillSigningKey *key; /* borrowed from the store */
	TillIdentity *identity;
} Enrol;

static void
free_enrol(Enrol *enrol)
{
	g_free(enrol->url);
	g_free(enrol->ca_pem);
	g_clear_pointer(&enrol->ca, till_messages_free_ca);
	g_free(enrol->fingerprint);
	g_clear_pointer(&enrol->identity, till_identity_free);
	g_free(enrol);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Enrol, free_enrol)

/* An answer kept past its callback. */
typedef struct {
	gboolean done;
	TillHttpAnswer answer; /* body is a reference of ours */
} Kept;

static void
keep_cb(const TillHttpAnswer *answer, gpointer user)
{
	Kept *kept = user;

	kept->answer = *answer;
	kept->answer.body = g_byte_array_ref(answer->body);
	kept->done = TRUE;
}

static json_t *
read_kept(const Kept *kept, GError **error)
{
	const TillHttpAnswer *answer = &kept->answer;
	TillProblem problem = {0};

	if (answer->status == 0) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NETWORK, answer->trouble);
		return NULL;
	}
	g_autoptr(json_t) json =
	    till_json_parse((const char *)answer->body->data, answer->body->len, TILL_WIRE_BODY_MAX,
			    "central's answer", NULL);
	if (answer->server[0] == '\0' || json == NULL) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NETWORK,
				    "What answers at that address is not a central. Check the "
				    "address and sign in to the network if it asks for that.");
		return NULL;
	}
	if (answer->status == 200)
		return g_steal_pointer(&json);
	if (till_problem_read(json, &problem))
		g_set_error(error, TILL_ERROR, TILL_ERROR_REFUSED, "The central says: %s",
			    problem.detail);
	else
		g_set_error(error, TILL_ERROR, TILL_ERROR_NETWORK,
			    "The central answered with status %ld and no explanation.",
			    answer->status);
	till_problem_clear(&problem);
	return NULL;
}

static json_t *
ask_once(TillHttp *http, const char *method, const char *target, GBytes *body, GError **error)
{
	Kept kept = {0};
	TillHttpOptions options = {.method = method,
				   .target = target,
				   .body = body,
				   .content_type = body != NULL ? "application/json" : NULL,
				   .answer_max = TILL_WIRE_BODY_MAX,
				   .done = keep_cb,
				   .user = &kept};

	(void)till_http_start(http, &options);
	while (!kept.done)
		till_http_poll(http, POLL_MS);
	json_t *json = read_kept(&kept, error);
	g_byte_array_unref(kept.answer.body);
	return json;
}

/* The same question may be asked again: a code that was used by this very key gets the same answer.
 */
static json_t *
ask(TillHttp *http, const char *method, const char *target, GBytes *body, GError **error)
{
	for (guint i = 1; i < TRIES; i++) {
		g_autoptr(GError) problem = NULL;
		json_t *json = ask_once(http, method, target, body, &problem);
		if (json != NULL)
			return json;
		if (!g_error_matches(problem, TILL_ERROR, TILL_ERROR_NETWORK)) {
			g_propagate_error(error, g_steal_pointer(&problem));
			return NULL;
		}
	}
	return ask_once(http, method, target, body, error);
}

static gboolean
check_ca(Enrol *enrol, GError **error)
{
	TillHash hash;

	till_crypto_hash(enrol->ca->ca_pem, strlen(enrol->ca->ca_pem), &hash);
	if (till_enrol_code_matches(enrol->ca_part, &hash))
		return TRUE;
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_DENIED,
			    "The central that answers is not the one the code was made by: its "
			    "certificate differs. Check the address and the code; do not go on if "
			    "both are right.");
	return FALSE;
}

/* The one exchange without a check of the certificate: what it brings is checked against the code
 * instead. */
static gboolean
fetch_ca(Enrol *enrol, const TillClock *clock, GError **error)
{
	if (enrol->plain)
		return TRUE;
	if (enrol->ca_part[0] == '\0') {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "The code is too short for https: it must carry the 16 letters "
				    "that name the central's certificate.");
		return FALSE;
	}
	g_autoptr(TillHttp) http =
	    till_http_new(enrol->url, NULL, TILL_HTTP_FIRST_CONTACT, clock, error);
	if (http == NULL)
		return FALSE;
	g_autoptr(json_t) json = ask(http, "GET", "/v1/ca", NULL, error);
	if (json == NULL)
		return FALSE;
	enrol->ca = till_messages_read_ca(json, error);
	if (enrol->ca == NULL || !check_ca(enrol, error))
		return FALSE;
	g_free(enrol->ca_pem);
	enrol->ca_pem = g_strdup(enrol->ca->ca_pem);
	return TRUE;
}

static GBytes *
write_request(const Enrol *enrol)
{
	gsize size;
	TillWireEnrolRequest request = {0};
	g_autofree char *device = g_utf8_make_valid(g_get_host_name(), -1);
	char secret[sizeof enrol->secret];

	memcpy(secret, enrol->secret, sizeof secret);
	request.code = secret;
	request.key = *till_crypto_key_public(enrol->key);
	request.fingerprint = enrol->fingerprint;
	request.device = device;
	g_autoptr(json_t) json = till_messages_write_enrol_request(&request);
	char *text = till_json_write(json, &size);
	return g_bytes_new_take(text, size);
}

static gboolean
take_identity(Enrol *enrol, const TillWireEnrolAnswer *answer, GError **error)
{
	if (enrol->ca != NULL &&
	    (strcmp(enrol->ca->server_id, answer->server_id) != 0 ||
	     memcmp(&enrol->ca->server_key, &answer->server_key, sizeof answer->server_key) != 0)) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_DENIED,
				    "The central changed while this till was being enrolled. Ask "
				    "for a new code and try again.");
		return FALSE;
	}
	TillIdentity *identity = g_new0(TillIdentity, 1);
	identity->store_id = g_strdup(answer->store_id);
	identity->terminal_id = g_strdup(answer->terminal_id);
	identity->store_code = g_strdup(answer->store_code);
	identity->till_number = g_strdup(answer->till_number);
	identity->server_url = g_strdup(enrol->url);
	identity->server_id = g_strdup(answer->server_id);
	identity->server_key = answer->server_key;
	identity->ca_pem = g_strdup(enrol->ca_pem);
	enrol->identity = identity;
	return TRUE;
}

static gboolean
hand_over_key(Enrol *enrol, TillHttp *http, GError **error)
{
	g_autoptr(GBytes) body = write_request(enrol);
	g_autoptr(json_t) json = ask(http, "POST", "/v1/enrol", body, error);

	if (json == NULL)
		return FALSE;
	g_autoptr(TillWireEnrolAnswer) answer = till_messages_read_enrol_answer(json, error);
	return answer != NULL && take_identity(enrol, answer, error);
}

static gboolean
prepare_job(gpointer owner, gpointer data, GError **error)
{
	TillStore *store = owner;
	Enrol *enrol = data;
	g_autoptr(TillIdentity) identity = till_identity_load(store, NULL);

	if (identity != NULL) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "This home already belongs to till %s of store %s. Use another --home, "
			    "or move this one away.",
			    identity->till_number, identity->store_code);
		return FALSE;
	}
	enrol->key = till_identity_key(store, error);
	enrol->fingerprint = till_identity_fingerprint(store);
	return enrol->key != NULL;
}

static gboolean
save_job(gpointer owner, gpointer data, GError **error)
{
	const Enrol *enrol = data;

	return till_identity_save(owner, enrol->identity, error);
}

typedef struct {
	gboolean done;
	TillReplyKind kind;
	gboolean timed_out;
	char reason[200];
	char hash[65];
} Download;

static void
downloaded_cb(const TillReply *reply, gpointer user)
{
	Download *download = user;

	download->done = TRUE;
	download->kind = reply->kind;
	download->timed_out = reply->timed_out;
	g_strlcpy(download->reason, reply->reason, sizeof download->reason);
	g_strlcpy(download->hash, reply->hash, sizeof download->hash);
}

typedef struct {
	const char *path;
	TillHash hash;
} Swap;

static gboolean
swap_job(gpointer owner, gpointer data, GError **error)
{
	Swap *swap = data;

	return till_feed_swap(owner, swap->path, &swap->hash, error);
}

static void
download_once(Enrol *enrol, TillHttp *http, const char *path, Download *result)
{
	TillExchange exchange = {.http = http,
				 .identity = enrol->identity,
				 .key = enrol->key,
				 .clock = till_store_clock(enrol->store)};
	g_autofree char *target =
	    g_strconcat("/v1/snapshot?scope=store:", enrol->identity->store_code, NULL);
	TillExchangeAsk question = {.method = "GET",
				    .target = target,
				    .download_path = path,
				    .done = downloaded_cb,
				    .user = result};

	memset(result, 0, sizeof *result);
	(void)till_exchange_start(&exchange, &question);
	while (!result->done)
		till_http_poll(http, POLL_MS);
}

/* A central with a long catalogue may need longer to make the snapshot than an answer may take; it
 * goes on making it, and has it when it is asked again. */
static gboolean
download(Enrol *enrol, TillHttp *http, const char *path, TillHash *out_hash, GError **error)
{
	Download result = {.kind = TILL_REPLY_OFFLINE};

	for (guint i = 0;
	     i < (result.timed_out ? SNAPSHOT_TRIES : TRIES) && result.kind == TILL_REPLY_OFFLINE;
	     i++)
		download_once(enrol, http, path, &result);
	if (result.kind == TILL_REPLY_OK && till_crypto_hash_parse(result.hash, out_hash))
		return TRUE;
	(void)g_unlink(path);
	g_set_error(error, TILL_ERROR, TILL_ERROR_NETWORK,
		    "This till is enrolled, but the catalogue did not arrive. %s It comes with "
		    "the next sync.",
		    result.kind == TILL_REPLY_OK ? "The central did not say its hash."
						 : result.reason);
	return FALSE;
}

static gboolean
pull_snapshot(Enrol *enrol, TillHttp *http, GError **error)
{
	g_autofree char *path =
	    g_build_filename(till_store_home(enrol->store), "snapshot.part", NULL);
	Swap swap = {.path = path};

	return download(enrol, http, path, &swap.hash, error) &&
	       till_worker_call(till_store_worker(enrol->store), swap_job, &swap, error);
}

gboolean
till_enrol_run(TillStore *store, const char *url, const char *code, GError **error)
{
	g_autoptr(Enrol) enrol = g_new0(Enrol, 1);
	TillWorker *worker = till_store_worker(store);
	const TillClock *clock = till_store_clock(store);

	enrol->store = store;
	enrol->url = g_strdup(url);
	enrol->ca_pem = g_strdup("");
	if (g_str_has_suffix(enrol->url, "/"))
		enrol->url[strlen(enrol->url) - 1] = '\0';
	if (!till_http_check_url(enrol->url, &enrol->plain, error))
		return FALSE;
	if (!till_enrol_code_parse(code, enrol->secret, enrol->ca_part)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "“%s” is no enrolment code. It looks like K7QF-93XM, with 16 more "
			    "letters for https.",
			    code);
		return FALSE;
	}
	if (!till_worker_call(worker, prepare_job, enrol, error) || !fetch_ca(enrol, clock, error))
		return FALSE;
	g_autoptr(TillHttp) http =
	    till_http_new(enrol->url, enrol->ca_pem, TILL_HTTP_PINNED, clock, error);
	return http != NULL && hand_over_key(enrol, http, error) &&
	       till_worker_call(worker, save_job, enrol, error) &&
	       pull_snapshot(enrol, http, error);
}
