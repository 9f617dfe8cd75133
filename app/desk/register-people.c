/* SPDX-License-Identifier: Apache-2.0 */
#include "register-private.h"

#include <string.h>

#include "journal.h"
#include "json.h"

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

GPtrArray *
till_register_people(TillRegister *reg, GError **error)
{
	PeopleJob job = {.people = NULL};
	if (till_worker_call(till_store_worker(reg->store), run_people, &job, error))
		return job.people;
	g_clear_pointer(&job.people, g_ptr_array_unref);
	return NULL;
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

static gboolean
run_signin(gpointer owner, gpointer data, GError **error)
{
	SigninJob *job = data;
	TillRegisterPin pin = {0};
	if (!till_register_private_check_pin(owner, job->staff_id, job->pin, job->length, &pin,
					     error))
		return FALSE;
	gboolean is_done = TRUE;
	job->signin = g_new0(TillRegisterSignin, 1);
	job->signin->result = pin.result;
	job->signin->wait_ms = pin.wait_ms;
	job->signin->words = g_steal_pointer(&pin.words);
	if (pin.result == TILL_SIGNIN_OK) {
		job->signin->words = g_strdup_printf("Signed in as %s.", pin.member->name);
		is_done = record_signin(owner, pin.member, error) &&
			  till_register_private_forgive_pin(owner, &pin, error);
	}
	till_register_private_clear_pin(&pin);
	return is_done;
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
