/* SPDX-License-Identifier: Apache-2.0 */
#include "staff.h"

#include <string.h>

static const struct {
	TillRole role;
	const char *name;
} roles[] = {
    {TILL_ROLE_ASSOCIATE, "associate"},
    {TILL_ROLE_CURBSIDE, "curbside"},
    {TILL_ROLE_MANAGER, "manager"},
};

TillStaff *
till_staff_new(void)
{
	return g_new0(TillStaff, 1);
}

void
till_staff_free(TillStaff *staff)
{
	if (staff == NULL)
		return;
	g_free(staff->id);
	g_free(staff->name);
	g_free(staff->pin_hash);
	g_free(staff);
}

gboolean
till_staff_role_parse(const char *name, TillRole *out)
{
	for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(roles); i++) {
		if (strcmp(roles[i].name, name) == 0) {
			*out = roles[i].role;
			return TRUE;
		}
	}
	return FALSE;
}

const char *
till_staff_role_name(TillRole role)
{
	for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
		if (roles[i].role == role)
			return roles[i].name;
	}
	g_assert_not_reached();
}

gint64
till_staff_lockout_ms(guint failures)
{
	static const gint64 waits_ms[] = {0, 0, 0, 5000, 15000, 60000, 300000};

	return waits_ms[MIN(failures, G_N_ELEMENTS(waits_ms) - 1)];
}
