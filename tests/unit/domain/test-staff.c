/* SPDX-License-Identifier: Apache-2.0 */
#include "staff.h"

#include "till-test.h"

static void
test_roles(void)
{
	TillRole role = TILL_ROLE_MANAGER;

	for (int i = TILL_ROLE_ASSOCIATE; i <= TILL_ROLE_MANAGER; i++) {
		g_assert_true(till_staff_role_parse(till_staff_role_name((TillRole)i), &role));
		g_assert_cmpint(role, ==, i);
	}
	g_assert_false(till_staff_role_parse("Manager", &role));
	g_assert_false(till_staff_role_parse("", &role));
	g_assert_false(till_staff_role_parse(NULL, &role));
	g_assert_cmpint(role, ==, TILL_ROLE_MANAGER);
}

static void
test_lockout(void)
{
	static const gint64 waits_ms[] = {0, 0, 0, 5000, 15000, 60000, 300000, 300000};

	for (guint failures = 0; failures < G_N_ELEMENTS(waits_ms); failures++)
		g_assert_cmpint(till_staff_lockout_ms(failures), ==, waits_ms[failures]);
	g_assert_cmpint(till_staff_lockout_ms(G_MAXUINT), ==, 300000);
}

static void
test_free(void)
{
	TillStaff *staff = till_staff_new();

	g_assert_null(staff->pin_hash);
	g_assert_false(staff->active);
	staff->name = g_strdup("Ines Moreau");
	till_staff_free(staff);
	till_staff_free(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/domain/staff/role-names-round-trip", test_roles);
	g_test_add_func("/domain/staff/wait-grows-with-wrong-pins", test_lockout);
	g_test_add_func("/domain/staff/starts-empty", test_free);
	return g_test_run();
}
