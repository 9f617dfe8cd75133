/* SPDX-License-Identifier: Apache-2.0 */
#include "verb.h"

#include "control.h"
#include "engine.h"
#include "enrol.h"
#include "error.h"
#include "probe.h"

#define SYNC_DEFAULT_S 60
#define TIMEOUT_MAX_S 86400
#define PROBE_DEFAULT_S 5
#define ANSWER_SPARE_MS                                                                            \
	5000 /* a running till answers this much later than it was allowed to take */

/* ---- What enrol, status and sync print ---- */

static gboolean
say_freshness(const json_t *status, GError **error)
{
	gint64 success_ms = json_integer_value(json_object_get(status, "last_success_ms"));
	gint64 age_s = json_integer_value(json_object_get(status, "cursor_age_s"));
	g_autoptr(GDateTime) success = g_date_time_new_from_unix_utc(success_ms / 1000);
	g_autofree char *when =
	    success_ms > 0 ? g_date_time_format_iso8601(success) : g_strdup("not yet");
	g_autofree char *age =
	    age_s >= 0 ? g_strdup_printf("%" G_GINT64_FORMAT " s ago", age_s) : g_strdup("not yet");
	return till_verb_say(error, "last success %s; prices and stock up to date %s", when, age);
}

static gboolean
say_status(const json_t *status, GError **error)
{
	const char *store = json_string_value(json_object_get(status, "store"));
	const char *till = json_string_value(json_object_get(status, "till"));
	const char *reason = json_string_value(json_object_get(status, "reason"));
	const char *trouble = json_string_value(json_object_get(status, "trouble"));
	const char *home = json_string_value(json_object_get(status, "home"));
	gboolean is_online = json_is_true(json_object_get(status, "online"));
	if (!till_verb_say(error, "store %s, till %s: %s%s%s", store, till,
			   is_online ? "online" : "offline", *reason != '\0' ? ", " : "", reason) ||
	    !till_verb_say(
		error, "waiting %lld (oldest %lld s), held %lld, parked %lld",
		(long long)json_integer_value(json_object_get(status, "pending")),
		(long long)json_integer_value(json_object_get(status, "oldest_pending_s")),
		(long long)json_integer_value(json_object_get(status, "held")),
		(long long)json_integer_value(json_object_get(status, "parked"))))
		return FALSE;
	if (!say_freshness(status, error) ||
	    (*home != '\0' && !till_verb_say(error, "home: %s", home)))
		return FALSE;
	return *trouble == '\0' || till_verb_say(error, "%s", trouble);
}

static gboolean
show_status(const TillVerb *verb, const json_t *status, GError **error)
{
	return verb->json ? till_verb_print(status, error) : say_status(status, error);
}

static gboolean
show_own_status(const TillVerb *verb, TillStore *store, gint64 timeout_ms, GError **error)
{
	TillHealth health;
	if (!till_probe_run(store, timeout_ms, &health, error))
		return FALSE;
	g_autoptr(GError) notice = NULL;
	TillRegister *reg = till_register_new(store);
	TillRegisterShop *shop = till_register_shop(reg, &notice);
	g_autoptr(json_t) status =
	    till_control_status(shop, &health, notice != NULL ? notice->message : "");
	till_register_shop_free(shop);
	till_register_free(reg);
	return show_status(verb, status, error);
}

static gboolean
show_holders_status(const TillVerb *verb, const json_t *request, gint64 timeout_ms, GError *busy,
		    GError **error)
{
	g_autoptr(json_t) status =
	    till_verb_ask_holder(verb, request, timeout_ms + ANSWER_SPARE_MS, busy, error);
	return status != NULL && show_status(verb, status, error);
}

/* ---- enrol ---- */

gboolean
till_verb_enrol(const TillVerb *verb, GError **error)
{
	const char *url = till_arguments_operand(verb->arguments, 0);
	const char *code = till_arguments_option(verb->arguments, "code");
	if (code == NULL) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "Enrolment needs the code that head office gives out; write: "
				    "tillctl enrol URL --code CODE.");
		return FALSE;
	}
	g_autoptr(TillStore) store = till_verb_open(verb, TILL_STORE_CREATE, error);
	return store != NULL && till_enrol_run(store, url, code, error) &&
	       show_own_status(verb, store, PROBE_DEFAULT_S * 1000, error);
}

/* ---- status ---- */

gboolean
till_verb_status(const TillVerb *verb, GError **error)
{
	gint64 timeout_s = PROBE_DEFAULT_S;
	if (!till_arguments_integer(verb->arguments, "timeout", 1, TIMEOUT_MAX_S, PROBE_DEFAULT_S,
				    &timeout_s, error))
		return FALSE;
	g_autoptr(GError) failure = NULL;
	g_autoptr(TillStore) store = till_verb_open(verb, 0, &failure);
	if (store != NULL)
		return show_own_status(verb, store, timeout_s * 1000, error);
	g_autoptr(json_t) request = json_pack("{s:s}", "verb", "status");
	return show_holders_status(verb, request, timeout_s * 1000, g_steal_pointer(&failure),
				   error);
}

/* ---- sync ---- */

static gboolean
run_engine(const TillVerb *verb, TillStore *store, gboolean until_empty, gint64 timeout_ms,
	   GError **error)
{
	TillEngineObserver observer = {.changed = NULL};
	g_autoptr(TillEngine) engine = till_engine_new(store, &observer, error);
	if (engine == NULL || !till_engine_run(engine, until_empty, timeout_ms, error))
		return FALSE;
	TillHealth health;
	till_engine_health(engine, &health);
	TillRegister *reg = till_register_new(store);
	TillRegisterShop *shop = till_register_shop(reg, NULL);
	g_autoptr(json_t) status = till_control_status(shop, &health, "");
	till_register_shop_free(shop);
	till_register_free(reg);
	return show_status(verb, status, error);
}

gboolean
till_verb_sync(const TillVerb *verb, GError **error)
{
	gboolean until_empty = till_arguments_option(verb->arguments, "until-empty") != NULL;
	gint64 timeout_s = SYNC_DEFAULT_S;
	if (until_empty && till_arguments_option(verb->arguments, "once") != NULL) {
		g_set_error_literal(error, TILL_ARGUMENTS_ERROR, 0,
				    "Choose one of --once and --until-empty.");
		return FALSE;
	}
	if (!till_arguments_integer(verb->arguments, "timeout", 1, TIMEOUT_MAX_S, SYNC_DEFAULT_S,
				    &timeout_s, error))
		return FALSE;
	g_autoptr(GError) failure = NULL;
	g_autoptr(TillStore) store = till_verb_open(verb, 0, &failure);
	if (store != NULL)
		return run_engine(verb, store, until_empty, timeout_s * 1000, error);
	g_autoptr(json_t) request =
	    json_pack("{s:s, s:b, s:I}", "verb", "sync", "until_empty", until_empty, "timeout_ms",
		      (json_int_t)timeout_s * 1000);
	return show_holders_status(verb, request, timeout_s * 1000, g_steal_pointer(&failure),
				   error);
}
