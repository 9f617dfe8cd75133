/* SPDX-License-Identifier: Apache-2.0 */
#include "session-private.h"

static gboolean
are_same(const GPtrArray *a, const GPtrArray *b)
{
	if (a == NULL || a->len != b->len)
		return FALSE;
	for (guint i = 0; i < a->len; i++) {
		const TillRegisterPerson *left = g_ptr_array_index(a, i);
		const TillRegisterPerson *right = g_ptr_array_index(b, i);

		if (g_strcmp0(left->id, right->id) != 0 ||
		    g_strcmp0(left->name, right->name) != 0 || left->role != right->role)
			return FALSE;
	}
	return TRUE;
}

static void
people_cb(GPtrArray *people, const GError *error, gpointer user)
{
	TillSession *self = user;

	if (error != NULL)
		return; /* the shop's own answer tells the same trouble */
	/* Nobody's half-typed PIN is thrown away because some price changed. */
	if (are_same(self->people, people)) {
		g_ptr_array_unref(people);
		return;
	}
	g_clear_pointer(&self->people, g_ptr_array_unref);
	self->people = people;
	g_signal_emit_by_name(self, "people-changed");
}

void
till_session_staff_load(TillSession *self)
{
	till_register_people_async(self->reg, self, people_cb, self);
}

GPtrArray *
till_session_staff_people(TillSession *self)
{
	return self->people;
}

static const TillRegisterPerson *
find_person(TillSession *self, const char *staff_id)
{
	for (guint i = 0; self->people != NULL && i < self->people->len; i++) {
		const TillRegisterPerson *person = g_ptr_array_index(self->people, i);

		if (g_strcmp0(person->id, staff_id) == 0)
			return person;
	}
	return NULL;
}

static const char *
name_role(TillRole role)
{
	switch (role) {
	case TILL_ROLE_ASSOCIATE:
		return "Associate";
	case TILL_ROLE_CURBSIDE:
		return "Curbside";
	case TILL_ROLE_MANAGER:
		return "Manager";
	}
	g_assert_not_reached();
}

static void
enter_person(TillSession *self, const TillRegisterPerson *person)
{
	g_free(self->staff_id);
	g_free(self->staff_name);
	self->staff_id = g_strdup(person->id);
	self->staff_name = g_strdup(person->name);
	self->staff_role = person->role;
	till_session_set_text(self, TILL_TEXT_STAFF_ROLE, name_role(person->role));
	till_session_set_text(self, TILL_TEXT_STAFF_NAME, person->name);
	till_session_set_text(self, TILL_TEXT_STATUS, NULL);
	till_session_set_phase(self, self->phase);
}

static void
signin_cb(TillRegisterSignin *signin, const GError *error, gpointer user)
{
	TillSession *self = user;
	g_autofree char *staff_id = g_steal_pointer(&self->signin_id);
	const TillRegisterPerson *person = find_person(self, staff_id);
	guint result = signin ? signin->result : TILL_SIGNIN_WRONG;
	const char *words = error ? error->message : signin->words;

	if (result == TILL_SIGNIN_OK && person != NULL)
		enter_person(self, person);
	g_signal_emit_by_name(self, "signin-answer", result, words ? words : "");
	g_clear_pointer(&signin, till_register_signin_free);
}

void
till_session_staff_signin(TillSession *self, const char *staff_id, const char *pin, gsize length)
{
	if (self->signin_id != NULL)
		return; /* one answer at a time */
	self->signin_id = g_strdup(staff_id);
	till_register_signin_async(self->reg, staff_id, pin, length, self, signin_cb, self);
}

void
till_session_staff_lock(TillSession *self)
{
	if (self->staff_id == NULL)
		return;
	g_clear_pointer(&self->staff_id, g_free);
	g_clear_pointer(&self->staff_name, g_free);
	till_session_set_text(self, TILL_TEXT_STAFF_ROLE, NULL);
	till_session_set_text(self, TILL_TEXT_STAFF_NAME, NULL);
	till_session_set_phase(self, self->phase);
}

gboolean
till_session_staff_signed_in(TillSession *self)
{
	return self->staff_id != NULL;
}
