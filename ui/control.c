/* SPDX-License-Identifier: Apache-2.0 */
#include "control.h"

#include <glib-object.h>
#include <string.h>

#include "clock.h"
#include "engine.h"
#include "error.h"
#include "json.h"
#include "local-socket.h"

#define CHECK_INTERVAL_MS 100
#define TIMEOUT_MAX_MS (24 * 60 * 60 * 1000)
#define RECEIPT_NUMBER_MAX 64

/* A question stays in the control's list until it is answered. Answers of the register come by
 * callbacks whose receiver is the control's life: once the control is gone they are dropped, and
 * the control has answered by then. */

struct TillControl {
	TillLocalSocket *socket;
	TillRegister *reg;  /* borrowed */
	TillEngine *engine; /* borrowed, nullable */
	GObject *life;      /* owned: receiver of the register's answers */
	GPtrArray *asked;   /* of Question, owned */
};

typedef struct {
	TillControl *control;        /* borrowed: outlives its questions */
	TillLocalExchange *exchange; /* answered exactly once */
	char *number;                /* nullable: of a receipt */
	guint check_source;          /* 0: none */
	gint64 asked_wall_ms;
	gint64 deadline_mono_ms;
	gint64 retry_at_mono_ms; /* as it stood when asked */
	gboolean until_empty;
} Question;

/* ---- Messages ---- */

char *
till_control_path(const char *home)
{
	return g_build_filename(home, "control", NULL);
}

static void
put_health(json_t *status, const TillHealth *health)
{
	json_object_set_new(status, "online", json_boolean(health->online));
	till_json_put_text(status, "state", till_health_state_name(health->state));
	till_json_put_text(status, "reason", health->reason);
	till_json_put_int(status, "pending", health->pending);
	till_json_put_int(status, "sales_pending", health->sales_pending);
	till_json_put_int(status, "oldest_pending_s", health->oldest_pending_s);
	till_json_put_int(status, "held", health->held);
	till_json_put_int(status, "parked", health->parked);
	till_json_put_text(status, "cursor", health->cursor);
	till_json_put_int(status, "cursor_age_s", health->cursor_age_s);
	till_json_put_int(status, "last_success_ms", health->last_success_ms);
	till_json_put_int(status, "clock_skew_ms", health->clock_skew_ms);
	json_object_set_new(status, "blocked", json_boolean(health->blocked));
}

json_t *
till_control_status(const TillRegisterShop *shop, const TillHealth *health, const char *notice)
{
	json_t *status = json_object();
	json_object_set_new(status, "ok", json_true());
	put_health(status, health);
	till_json_put_text(status, "store", shop != NULL ? shop->store_code : "");
	till_json_put_text(status, "till", shop != NULL ? shop->till_number : "");
	till_json_put_text(status, "terminal", shop != NULL ? shop->terminal_id : "");
	till_json_put_text(status, "shop", shop != NULL ? shop->shop_name : "");
	till_json_put_int(status, "items", shop != NULL ? shop->item_count : 0);
	till_json_put_text(status, "trouble",
			   shop != NULL && shop->trouble != NULL ? shop->trouble : notice);
	till_json_put_text(status, "home", shop != NULL && shop->home != NULL ? shop->home : "");
	return status;
}

json_t *
till_control_receipt(const char *number, const char *text)
{
	return json_pack("{s:b, s:s, s:s, s:s}", "ok", TRUE, "receipt", number, "format", "text",
			 "text", text);
}

json_t *
till_control_failure(const char *sentence)
{
	return json_pack("{s:b, s:s}", "ok", FALSE, "error", sentence);
}

json_t *
till_control_ask(const char *home, const json_t *request, int timeout_ms, GError **error)
{
	g_autofree char *path = till_control_path(home);
	g_autoptr(json_t) answer = till_local_socket_ask(path, request, timeout_ms, error);
	if (answer == NULL)
		return NULL;
	TillJsonReader reader = till_json_reader(answer, "answer");
	gboolean is_ok = till_json_bool_or(&reader, "ok", FALSE);
	const char *sentence = till_json_string_or(&reader, "error", 1024, "");
	if (!till_json_reader_finish(&reader, error))
		return NULL;
	if (!is_ok) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_REFUSED,
				    *sentence != '\0' ? sentence
						      : "The running till gave no reason.");
		return NULL;
	}
	return g_steal_pointer(&answer);
}

/* ---- Answering ---- */

static void
free_question(gpointer data)
{
	Question *question = data;
	if (question->check_source != 0)
		g_source_remove(question->check_source);
	g_free(question->number);
	g_free(question);
}

/* Ends the question. answer is taken over. */
static void
answer_question(Question *question, json_t *answer)
{
	till_local_socket_reply(question->exchange, answer);
	g_ptr_array_remove_fast(question->control->asked, question);
}

static void
read_health(TillControl *control, TillHealth *out)
{
	if (control->engine != NULL) {
		till_engine_health(control->engine, out);
		return;
	}
	*out = (TillHealth){.state = TILL_HEALTH_OFFLINE, .cursor_age_s = -1};
	g_strlcpy(out->reason, "This till is not enrolled.", sizeof out->reason);
}

static void
status_cb(TillRegisterShop *shop, const GError *error, gpointer user)
{
	Question *question = user;
	TillHealth health;
	read_health(question->control, &health);
	answer_question(question,
			till_control_status(shop, &health, error != NULL ? error->message : ""));
	till_register_shop_free(shop);
}

static void
ask_status(Question *question)
{
	TillControl *control = question->control;
	till_register_shop_async(control->reg, control->life, status_cb, question);
}

static void
receipt_cb(const char *text, const GError *error, gpointer user)
{
	Question *question = user;
	answer_question(question, error != NULL ? till_control_failure(error->message)
						: till_control_receipt(question->number, text));
}

static gboolean
is_round_over(const Question *question, const TillHealth *health)
{
	if (health->last_success_ms < question->asked_wall_ms || !health->online)
		return FALSE;
	return health->pending == 0 || !question->until_empty;
}

/* A single round has failed when the engine has set itself another time to try since. */
static gboolean
is_round_lost(const Question *question, const TillHealth *health)
{
	return !question->until_empty && !health->online && health->retry_at_mono_ms != 0 &&
	       health->retry_at_mono_ms != question->retry_at_mono_ms;
}

static gboolean
check_sync_cb(gpointer user)
{
	Question *question = user;
	TillHealth health;
	read_health(question->control, &health);
	if (is_round_over(question, &health)) {
		question->check_source = 0;
		ask_status(question);
		return G_SOURCE_REMOVE;
	}
	gboolean is_late = till_clock_mono_ms(till_clock_system()) >= question->deadline_mono_ms;
	if (!is_late && !is_round_lost(question, &health))
		return G_SOURCE_CONTINUE;

	g_autofree char *sentence = g_strdup_printf(
	    "%" G_GINT64_FORMAT " entries are not sent yet (%s); the till goes on trying.",
	    health.pending, *health.reason != '\0' ? health.reason : "time ran out");
	question->check_source = 0;
	answer_question(question, till_control_failure(sentence));
	return G_SOURCE_REMOVE;
}

static void
ask_sync(Question *question, gint64 timeout_ms)
{
	TillControl *control = question->control;
	TillHealth health;
	if (control->engine == NULL) {
		answer_question(question,
				till_control_failure("This till is not enrolled; enrol it first."));
		return;
	}
	till_engine_health(control->engine, &health);
	question->retry_at_mono_ms = health.retry_at_mono_ms;
	question->asked_wall_ms = till_clock_wall_ms(till_clock_system());
	question->deadline_mono_ms = till_clock_mono_ms(till_clock_system()) + timeout_ms;
	till_engine_try_now(control->engine);
	question->check_source = g_timeout_add(CHECK_INTERVAL_MS, check_sync_cb, question);
}

static void
handle_cb(TillLocalExchange *exchange, const json_t *request, gpointer user)
{
	TillControl *control = user;
	Question *question = g_new0(Question, 1);
	question->control = control;
	question->exchange = exchange;
	g_ptr_array_add(control->asked, question);

	g_autoptr(GError) error = NULL;
	TillJsonReader reader = till_json_reader(request, "request");
	const char *verb = till_json_string(&reader, "verb", 32);
	const char *number = till_json_string_or(&reader, "number", RECEIPT_NUMBER_MAX, "");
	gint64 timeout_ms = till_json_int_or(&reader, "timeout_ms", 0, TIMEOUT_MAX_MS, 60000);
	question->until_empty = till_json_bool_or(&reader, "until_empty", FALSE);
	if (!till_json_reader_finish(&reader, &error)) {
		answer_question(question, till_control_failure(error->message));
		return;
	}
	question->number = g_strdup(number);
	if (strcmp(verb, "status") == 0)
		ask_status(question);
	else if (strcmp(verb, "sync") == 0)
		ask_sync(question, timeout_ms);
	else if (strcmp(verb, "receipt") == 0)
		till_register_receipt_async(control->reg, number, 0, control->life, receipt_cb,
					    question);
	else
		answer_question(question, till_control_failure(
					      "A running till answers status, sync and receipt."));
}

TillControl *
till_control_new(const char *home, TillRegister *reg, TillEngine *engine, GError **error)
{
	TillControl *control = g_new0(TillControl, 1);
	control->reg = reg;
	control->engine = engine;
	control->life = g_object_new(G_TYPE_OBJECT, NULL);
	control->asked = g_ptr_array_new_with_free_func(free_question);
	g_autofree char *path = till_control_path(home);
	control->socket = till_local_socket_new(path, handle_cb, control, error);
	if (control->socket != NULL)
		return control;
	till_control_free(control);
	return NULL;
}

void
till_control_free(TillControl *control)
{
	if (control == NULL)
		return;
	while (control->asked->len > 0)
		answer_question(g_ptr_array_index(control->asked, 0),
				till_control_failure("The till is closing."));
	g_clear_pointer(&control->socket, till_local_socket_free);
	g_ptr_array_unref(control->asked);
	g_clear_object(&control->life);
	g_free(control);
}
