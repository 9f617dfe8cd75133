/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "central-fixture.h"
#include "code-svg.h"
#include "error.h"
#include "pickup-key.h"

#define HOUR_MS (G_GINT64_CONSTANT(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)

/* A question for the writer. */
typedef struct {
	TillFulfilment *fulfilment; /* borrowed */
	char text[TILL_PICKUP_TOKEN_TEXT];
	gint64 not_after_s;
	guint16 id;
	GError *error;
} Job;

static gboolean
code_run(gpointer owner, gpointer data)
{
	Job *job = data;

	return till_pickup_key_code(owner, job->fulfilment, job->text, &job->not_after_s,
				    &job->error);
}

static gboolean
rotate_run(gpointer owner, gpointer data)
{
	Job *job = data;

	return till_pickup_key_rotate(owner, &job->id, &job->error);
}

static gboolean
retire_run(gpointer owner, gpointer data)
{
	Job *job = data;

	return till_pickup_key_retire(owner, job->id, &job->error);
}

static void
work(CentralFixture *fixture, TillWriterRun run, Job *job)
{
	g_autoptr(GError) error = NULL;
	gboolean stored = till_writer_call(fixture->central->writer, run, job, &error);

	g_assert_no_error(error);
	g_assert_no_error(job->error);
	g_assert_true(stored);
}

static TillFulfilment *
make_fulfilment(CentralFixture *fixture)
{
	TillFulfilment *fulfilment = till_fulfilment_new();

	fulfilment->id = till_uuid_random();
	fulfilment->order = till_uuid_random();
	fulfilment->expires_ms = fixture->clock.wall_ms + 3 * DAY_MS;
	return fulfilment;
}

static TillPickupCheck
check(CentralFixture *fixture, const char *text, TillPickupToken *out)
{
	return till_pickup_key_ring_check(fixture->central->pickup_ring, text,
					  fixture->clock.wall_ms, out);
}

static void
test_code(void)
{
	CentralFixture fixture;
	Job job = {NULL};
	TillPickupToken token;
	char again[TILL_PICKUP_TOKEN_TEXT];

	central_fixture_init(&fixture, FALSE);
	job.fulfilment = make_fulfilment(&fixture);
	/* The first code makes the first key, and tells it to the tills. */
	work(&fixture, code_run, &job);
	g_assert_cmpint(central_fixture_count(&fixture, "SELECT count(*) FROM feed WHERE "
							"collection = 'pickup_key'"),
			==, 1);
	g_assert_cmpint(check(&fixture, job.text, &token), ==, TILL_PICKUP_VALID);
	g_assert_true(till_uuid_equal(&token.fulfilment, &job.fulfilment->id));
	g_assert_true(till_uuid_equal(&token.order, &job.fulfilment->order));
	g_assert_cmpuint(token.serial, ==, 1);
	g_assert_cmpint(token.not_after_s, ==, job.not_after_s);
	g_assert_cmpint(job.not_after_s, ==,
			job.fulfilment->expires_ms / 1000 + TILL_PICKUP_KEY_GRACE_S);
	/* The same again, also after a restart. */
	g_strlcpy(again, job.text, sizeof again);
	central_fixture_restart(&fixture);
	g_assert_cmpint(check(&fixture, again, &token), ==, TILL_PICKUP_VALID);
	work(&fixture, code_run, &job);
	g_assert_cmpstr(job.text, ==, again);
	till_test_clock_advance(&fixture.clock, 11 * DAY_MS);
	g_assert_cmpint(check(&fixture, again, &token), ==, TILL_PICKUP_EXPIRED);
	till_fulfilment_free(job.fulfilment);
	central_fixture_clear(&fixture);
}

static void
test_rotation(void)
{
	CentralFixture fixture;
	Job job = {NULL};
	TillPickupToken token;
	char old[TILL_PICKUP_TOKEN_TEXT];

	central_fixture_init(&fixture, FALSE);
	job.fulfilment = make_fulfilment(&fixture);
	work(&fixture, code_run, &job);
	g_strlcpy(old, job.text, sizeof old);
	work(&fixture, rotate_run, &job);
	g_assert_cmpuint(job.id, ==, 2);
	/* Tills may not have heard of it yet. */
	work(&fixture, code_run, &job);
	g_assert_cmpstr(job.text, ==, old);
	till_test_clock_advance(&fixture.clock, HOUR_MS);
	work(&fixture, code_run, &job);
	g_assert_cmpint(check(&fixture, job.text, &token), ==, TILL_PICKUP_VALID);
	g_assert_cmpuint(token.key_id, ==, 2);
	g_assert_cmpint(check(&fixture, old, &token), ==, TILL_PICKUP_VALID);
	g_assert_cmpuint(token.key_id, ==, 1);
	job.id = 1;
	work(&fixture, retire_run, &job);
	g_assert_cmpint(check(&fixture, old, &token), ==, TILL_PICKUP_UNKNOWN_KEY);
	g_assert_cmpint(check(&fixture, job.text, &token), ==, TILL_PICKUP_VALID);
	g_assert_true(till_writer_call(fixture.central->writer, retire_run, &job, NULL));
	g_assert_error(job.error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	g_clear_error(&job.error);
	till_fulfilment_free(job.fulfilment);
	central_fixture_clear(&fixture);
}

/* Ids are never used again, and there is room for new keys once old ones have run out. */
static void
test_many(void)
{
	CentralFixture fixture;
	Job job = {NULL};

	central_fixture_init(&fixture, FALSE);
	for (guint i = 1; i <= TILL_PICKUP_KEYS_MAX; i++) {
		work(&fixture, rotate_run, &job);
		g_assert_cmpuint(job.id, ==, i);
	}
	g_assert_true(till_writer_call(fixture.central->writer, rotate_run, &job, NULL));
	g_assert_error(job.error, TILL_ERROR, TILL_ERROR_LIMIT);
	g_clear_error(&job.error);
	job.id = 3;
	work(&fixture, retire_run, &job);
	till_test_clock_advance(&fixture.clock, 70 * DAY_MS);
	work(&fixture, rotate_run, &job);
	g_assert_cmpuint(job.id, ==, TILL_PICKUP_KEYS_MAX + 1);
	central_fixture_clear(&fixture);
}

/* The secret half is in a file that only its owner can read, not in the books. */
static void
test_lost_secret(void)
{
	CentralFixture fixture;
	Job job = {NULL};
	TillPickupToken token;
	char old[TILL_PICKUP_TOKEN_TEXT];
	g_autofree char *dir = NULL;

	central_fixture_init(&fixture, FALSE);
	job.fulfilment = make_fulfilment(&fixture);
	work(&fixture, code_run, &job);
	g_strlcpy(old, job.text, sizeof old);
	dir = g_build_filename(fixture.data, "pickup-keys", NULL);
	till_test_remove_dir(dir);
	work(&fixture, code_run, &job);
	g_assert_cmpint(check(&fixture, job.text, &token), ==, TILL_PICKUP_VALID);
	g_assert_cmpuint(token.key_id, ==, 2);
	g_assert_cmpint(check(&fixture, old, &token), ==, TILL_PICKUP_VALID);
	till_fulfilment_free(job.fulfilment);
	central_fixture_clear(&fixture);
}

static void
test_svg(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *url = g_strnfill(190, 'A');
	g_autofree char *svg = till_code_svg_make(url, "W-1 <script>", &error);
	g_autofree char *endless = g_strnfill(8000, 'a');

	g_assert_no_error(error);
	/* 190 letters of the alphanumeric mode are version 8: 49 modules and twice the quiet zone.
	 */
	g_assert_nonnull(strstr(svg, "viewBox=\"0 0 57 57\""));
	g_assert_nonnull(strstr(svg, "<title>W-1 &lt;script&gt;</title>"));
	/* The finder in the corner, behind the quiet zone. */
	g_assert_nonnull(strstr(svg, "d=\"M4 4h7v1h-7z"));
	g_assert_null(till_code_svg_make(endless, "x", &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_LIMIT);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/central/pickup-key/a-code-is-valid-until-its-end", test_code);
	g_test_add_func("/central/pickup-key/several-keys-count-at-once", test_rotation);
	g_test_add_func("/central/pickup-key/ids-are-never-used-again", test_many);
	g_test_add_func("/central/pickup-key/a-lost-secret-is-replaced", test_lost_secret);
	g_test_add_func("/central/code-svg/draws-a-small-safe-picture", test_svg);
	return g_test_run();
}
