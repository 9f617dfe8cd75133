/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "error.h"
#include "journal.h"
#include "json.h"
#include "signin.h"

/* Wrong PINs are counted in the ledger, a person each, so that starting the program again does not
 * give more tries. */

/* ---- Who works here ---- */

typedef struct {
	GPtrArray *people; /* of TillRegisterPerson, owned until handed over */
	TillRegisterPeopleCb cb;
	gpointer user;
} PeopleJob;

void
till_register_person_free(gpointer person)
{
	TillRegisterPerson *row = person;
	if (row == NULL)
		return;
	g_free(row->id);
	g_free(row->name);
	g_free(row);
}

static void
free_people_job(gpointer data)
{
	PeopleJob *job = data;
	g_clear_pointer(&job->people, g_ptr_array_unref);
	g_free(job);
}

static gboolean
run_people(gpointer owner, gpointer data, GError **error)
{
	PeopleJob *job = data;
	g_autoptr(GPtrArray) staff = till_catalog_staff(owner, error);
	if (staff == NULL)
		return FALSE;
	job->people = g_ptr_array_new_with_free_func(till_register_person_free);
	for (guint i = 0; i < staff->len; i++) {
		const TillStaff *member = g_ptr_array_index(staff, i);
		TillRegisterPerson *person = g_new0(TillRegisterPerson, 1);
		person->id = g_strdup(member->id);
		person->name = g_strdup(member->name);
		person->role = member->role;
		g_ptr_array_add(job->people, person);
	}
	return TRUE;
}

static void
people_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	PeopleJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->people) : NULL, error, job->user);
}

void
till_register_people_async(TillRegister *reg, gpointer receiver, TillRegisterPeopleCb cb,
			   gpointer user)
{
	PeopleJob *job = g_new0(PeopleJob, 1);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_people, job, free_people_job, receiver,
			 people_done_cb, NULL);
}

/* ---- Signing in ---- */

typedef struct {
	char *staff_id;             /* owned */
	char pin[TILL_PIN_MAX + 1]; /* wiped */
	gsize length;
	TillRegisterSignin *signin; /* owned until handed over */
	TillRegisterSigninCb cb;
	gpointer user;
} SigninJob;

void
till_register_signin_free(TillRegisterSignin *signin)
{
	if (signin == NULL)
		return;
	g_free(signin->words);
	g_free(signin);
}

static void
free_signin_job(gpointer data)
{
	SigninJob *job = data;
	explicit_bzero(job->pin, sizeof job->pin);
	g_free(job->staff_id);
	till_register_signin_free(job->signin);
	g_free(job);
}

/* How long the next try must wait; never longer than the lockout itself, wherever the clock was
 * set. */
static gint64
wait_ms(TillSigninFailures failures, gint64 now_ms)
{
	return CLAMP(failures.until_ms - now_ms, 0, till_staff_lockout_ms(failures.count));
}

static GBytes *
build_signin(const TillEntry *stamp, gpointer user, GError **error)
{
	(void)stamp;
	(void)error;
	const TillStaff *member = user;
	g_autoptr(json_t) body =
	    json_pack("{s:{s:s, s:s}, s:s}", "staff", "id", member->id, "name", member->name,
		      "role", till_staff_role_name(member->role));
	g_assert(body != NULL);
	gsize size = 0;
	char *text = till_json_write(body, &size);
	return g_bytes_new_take(text, size);
}

static gboolean
record_signin(TillStore *store, TillStaff *member, GError **error)
{
	g_autoptr(TillShop) shop = till_catalog_shop(store, error);
	if (shop == NULL)
		return FALSE;
	g_autofree char *date = till_register_private_date(
	    till_clock_wall_ms(till_store_clock(store)), shop->time_zone);
	TillJournalDraft draft = {
	    .type = "sign-in",
	    .version = 1,
	    .business_date = date,
	    .build = build_signin,
	    .user = member,
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, error);
	return entry != NULL;
}

static TillStaff *
find_member(GPtrArray *staff, const char *id)
{
	for (guint i = 0; i < staff->len; i++) {
		TillStaff *member = g_ptr_array_index(staff, i);
		if (strcmp(member->id, id) == 0)
			return member;
	}
	return NULL;
}

static char *
locked_words(gint64 wait)
{
	gint64 seconds = (wait + 999) / 1000;
	return g_strdup_printf("Too many wrong PINs. Wait %" G_GINT64_FORMAT " %s and try again.",
			       seconds, seconds == 1 ? "second" : "seconds");
}

static gboolean
refuse(TillStore *store, SigninJob *job, TillSigninFailures failures, GError **error)
{
	failures.count++;
	gint64 wait = till_staff_lockout_ms(failures.count);
	failures.until_ms = wait > 0 ? till_clock_wall_ms(till_store_clock(store)) + wait : 0;
	job->signin->result = wait > 0 ? TILL_SIGNIN_LOCKED : TILL_SIGNIN_WRONG;
	job->signin->wait_ms = wait;
	job->signin->words =
	    wait > 0 ? locked_words(wait) : g_strdup("This PIN is not right. Try again.");
	return till_signin_failures_set(store, job->staff_id, failures, error);
}

static gboolean
admit(TillStore *store, SigninJob *job, TillStaff *member, TillSigninFailures failures,
      GError **error)
{
	job->signin->result = TILL_SIGNIN_OK;
	job->signin->words = g_strdup_printf("Signed in as %s.", member->name);
	if (!record_signin(store, member, error))
		return FALSE;
	return failures.count == 0 ||
	       till_signin_failures_set(store, job->staff_id, (TillSigninFailures){0, 0}, error);
}

static gboolean
run_signin(gpointer owner, gpointer data, GError **error)
{
	SigninJob *job = data;
	g_autoptr(GPtrArray) staff = till_catalog_staff(owner, error);
	if (staff == NULL)
		return FALSE;
	TillStaff *member = find_member(staff, job->staff_id);
	if (member == NULL) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
				    "This person no longer works at this store; choose another.");
		return FALSE;
	}
	TillSigninFailures failures;
	if (!till_signin_failures_get(owner, job->staff_id, &failures, error))
		return FALSE;

	job->signin = g_new0(TillRegisterSignin, 1);
	gint64 wait = wait_ms(failures, till_clock_wall_ms(till_store_clock(owner)));
	if (wait > 0) {
		job->signin->result = TILL_SIGNIN_LOCKED;
		job->signin->wait_ms = wait;
		job->signin->words = locked_words(wait);
		return TRUE;
	}
	gboolean is_right = job->length >= TILL_PIN_MIN && job->length <= TILL_PIN_MAX &&
			    till_crypto_pin_verify(member->pin_hash, job->pin, job->length);
	return is_right ? admit(owner, job, member, failures, error)
			: refuse(owner, job, failures, error);
}

static void
signin_done_cb(gpointer data, const GError *error, gpointer user)
{
	(void)user;
	SigninJob *job = data;
	job->cb(error == NULL ? g_steal_pointer(&job->signin) : NULL, error, job->user);
}

void
till_register_signin_async(TillRegister *reg, const char *staff_id, const char *pin, gsize length,
			   gpointer receiver, TillRegisterSigninCb cb, gpointer user)
{
	SigninJob *job = g_new0(SigninJob, 1);
	job->staff_id = g_strdup(staff_id);
	job->length = length;
	if (length <= TILL_PIN_MAX)
		memcpy(job->pin, pin, length);
	job->cb = cb;
	job->user = user;
	till_worker_post(till_store_worker(reg->store), run_signin, job, free_signin_job, receiver,
			 signin_done_cb, NULL);
}
