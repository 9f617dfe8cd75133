/* SPDX-License-Identifier: Apache-2.0 */
#include <glib/gstdio.h>

#include "central-fixture.h"
#include "error.h"

typedef struct {
	char incarnation[14];
	char epoch[14];
} Identity;

static Identity
identity(const CentralFixture *fixture)
{
	Identity identity;

	memcpy(identity.incarnation, fixture->central->server_incarnation,
	       sizeof identity.incarnation);
	memcpy(identity.epoch, fixture->central->epoch, sizeof identity.epoch);
	return identity;
}

static void
check_same(const CentralFixture *fixture, const Identity *before, gboolean same)
{
	g_assert_cmpint(strcmp(fixture->central->server_incarnation, before->incarnation) == 0, ==,
			same);
	g_assert_cmpint(strcmp(fixture->central->epoch, before->epoch) == 0, ==, same);
}

static void
test_restart(void)
{
	CentralFixture fixture;
	Identity before;

	central_fixture_init(&fixture, TRUE);
	before = identity(&fixture);
	central_fixture_restart(&fixture);
	check_same(&fixture, &before, TRUE);
	central_fixture_clear(&fixture);
}

/* Puts path in the place of the books of a central that is closed meanwhile. */
static void
put_back(CentralFixture *fixture, const char *path)
{
	g_autofree char *books = g_build_filename(fixture->data, "central.db", NULL);
	g_autofree char *log = g_strconcat(books, "-wal", NULL);
	g_autofree char *bytes = NULL;
	g_autoptr(GError) error = NULL;
	gsize size;

	till_central_close(fixture->central);
	g_assert_true(g_file_get_contents(path, &bytes, &size, &error));
	g_unlink(log);
	g_assert_true(g_file_set_contents(books, bytes, (gssize)size, &error));
	fixture->central = till_central_open(fixture->data, &fixture->clock.clock, &error);
	g_assert_no_error(error);
}

static void
test_backup(void)
{
	CentralFixture fixture;
	g_autofree char *path = NULL;
	Identity before;

	central_fixture_init(&fixture, TRUE);
	path = g_build_filename(fixture.root, "backup.db", NULL);
	json_decref(
	    central_fixture_verb(&fixture, NULL, "{\"verb\":\"backup\",\"file\":\"%s\"}", path));
	json_decref(central_fixture_verb(&fixture, "is there already",
					 "{\"verb\":\"backup\",\"file\":\"%s\"}", path));
	before = identity(&fixture);
	put_back(&fixture, path);
	check_same(&fixture, &before, FALSE);
	before = identity(&fixture);
	central_fixture_restart(&fixture);
	check_same(&fixture, &before, TRUE);
	central_fixture_clear(&fixture);
}

/* A plain copy of the file, put back after the books went on: the witness outside knows better. */
static void
test_witness(void)
{
	CentralFixture fixture;
	g_autofree char *books = NULL;
	g_autofree char *copy = NULL;
	g_autofree char *bytes = NULL;
	gsize size;
	Identity before;

	central_fixture_init(&fixture, TRUE);
	books = g_build_filename(fixture.data, "central.db", NULL);
	copy = g_build_filename(fixture.root, "copy.db", NULL);
	central_fixture_restart(&fixture);
	/* Closed cleanly, so the file is whole. */
	till_central_close(fixture.central);
	g_assert_true(g_file_get_contents(books, &bytes, &size, NULL));
	g_assert_true(g_file_set_contents(copy, bytes, (gssize)size, NULL));
	fixture.central = till_central_open(fixture.data, &fixture.clock.clock, NULL);
	json_decref(central_fixture_import(&fixture, "prices",
					   "list,sku,price\nbase,MUG-SPK,1.00\n", NULL));
	before = identity(&fixture);
	put_back(&fixture, copy);
	check_same(&fixture, &before, FALSE);
	central_fixture_clear(&fixture);
}

static void
test_second_start(void)
{
	CentralFixture fixture;
	g_autoptr(GError) error = NULL;
	TillCentral *second;

	central_fixture_init(&fixture, FALSE);
	second = till_central_open(fixture.data, &fixture.clock.clock, &error);
	g_assert_null(second);
	g_assert_error(error, TILL_ERROR, TILL_ERROR_BUSY);
	g_assert_nonnull(strstr(error->message, "tillhouse-central (process"));
	central_fixture_clear(&fixture);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/restore/a-restart-changes-no-identity", test_restart);
	g_test_add_func("/central/restore/a-backup-put-back-is-a-new-incarnation-once",
			test_backup);
	g_test_add_func("/central/restore/an-older-file-is-found-by-the-witness", test_witness);
	g_test_add_func("/central/restore/a-second-central-on-the-books-is-refused-by-name",
			test_second_start);
	return g_test_run();
}
