/* SPDX-License-Identifier: Apache-2.0 */
#include "code-reader-process.h"

#include <glib/gstdio.h>
#include <string.h>

#include "draw-code.h"
#include "error.h"
#include "till-test.h"

typedef struct {
	char *dir;
	char *program;
	TillCodeReaderProcess *process;
} Fixture;

static void
set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	fixture->dir = till_test_temp_dir();
	fixture->program = g_build_filename(fixture->dir, "scand", NULL);
}

static void
tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	till_code_reader_process_free(fixture->process);
	till_test_remove_dir(fixture->dir);
	g_free(fixture->program);
	g_free(fixture->dir);
}

static char *
real_program(void)
{
	return g_build_filename(g_getenv("TILL_BUILD_ROOT"), "app", "device", "tillhouse-scand",
				NULL);
}

/* A code reader that is this shell script; its socket is descriptor 0. */
static void
use_script(Fixture *fixture, const char *script, gint64 limit_ms)
{
	TillCodeReaderProcessConfig config = {fixture->program, limit_ms, limit_ms};
	g_autofree char *text = g_strconcat("#!/bin/sh\n", script, "\n", NULL);

	g_assert_true(g_file_set_contents(fixture->program, text, -1, NULL));
	g_assert_cmpint(g_chmod(fixture->program, 0700), ==, 0);
	fixture->process = till_code_reader_process_new(&config);
}

static void
use_real(Fixture *fixture)
{
	g_autofree char *program = real_program();
	TillCodeReaderProcessConfig config = {program, 0, 0};

	fixture->process = till_code_reader_process_new(&config);
}

static void
assert_reads(Fixture *fixture, const TillImage *frame, const char *wanted)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) codes =
	    till_code_reader_process_read_frame(fixture->process, frame, 0, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(codes->len, ==, wanted != NULL ? 1 : 0);
	if (wanted != NULL)
		g_assert_cmpstr(((TillCode *)g_ptr_array_index(codes, 0))->text, ==, wanted);
}

static void
assert_loses(Fixture *fixture, const TillImage *frame, TillErrorCode code)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(till_code_reader_process_read_frame(fixture->process, frame, 0, &error));
	g_assert_error(error, TILL_ERROR, (int)code);
}

static void
test_frames_are_read(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 4, 120);

	use_real(fixture);
	assert_reads(fixture, qr, DRAW_CODE_QR_TEXT);
	assert_reads(fixture, ean, NULL); /* the first look at bars */
	assert_reads(fixture, ean, "4006381333931");
	g_assert_cmpuint(till_code_reader_process_starts(fixture->process), ==, 1);
}

static void
test_pictures_are_read(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *path = g_build_filename(fixture->dir, "qr.pgm", NULL);
	g_autofree char *text = g_build_filename(fixture->dir, "qr.txt", NULL);
	g_autoptr(TillImage) qr = draw_code_qr(6);
	g_autoptr(GString) file = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	gint64 ms = -1;

	g_string_printf(file, "P5 %u %u 255\n", qr->width, qr->height);
	g_string_append_len(file, (const char *)qr->pixels, (gssize)qr->width * qr->height);
	g_assert_true(g_file_set_contents(path, file->str, (gssize)file->len, NULL));
	g_assert_true(g_file_set_contents(text, "no picture", -1, NULL));
	use_real(fixture);
	g_assert_null(
	    till_code_reader_process_read_picture(fixture->process, text, TRUE, NULL, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	g_clear_error(&error);
	g_autoptr(GPtrArray) codes =
	    till_code_reader_process_read_picture(fixture->process, path, TRUE, &ms, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(codes->len, ==, 1);
	g_assert_cmpint(ms, >=, 0);
	g_assert_cmpuint(till_code_reader_process_starts(fixture->process), ==, 1);
}

static void
test_one_death_costs_one_frame(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autofree char *real = real_program();
	g_autofree char *script = g_strdup_printf("if [ ! -e \"$0.died\" ]; then\n"
						  "\t: >\"$0.died\"\n"
						  "\tkill -ABRT $$\n"
						  "fi\n"
						  "exec \"%s\"",
						  real);
	g_autoptr(TillImage) qr = draw_code_qr(6);

	g_autoptr(GError) error = NULL;

	use_script(fixture, script, 20000);
	g_assert_null(till_code_reader_process_read_frame(fixture->process, qr, 0, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_STATE);
	g_assert_nonnull(strstr(error->message, "signal 6"));
	assert_reads(fixture, qr, DRAW_CODE_QR_TEXT);
	g_assert_cmpuint(till_code_reader_process_starts(fixture->process), ==, 2);
}

static void
test_a_hanging_one_is_ended(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) small = draw_code_qr(4);
	/* More than a socket takes while nobody reads. */
	g_autoptr(TillImage) large = draw_code_plain(2000, 2000, 255);

	use_script(fixture, "exec sleep 600", 200);
	assert_loses(fixture, small, TILL_ERROR_BUSY);
	assert_loses(fixture, large, TILL_ERROR_BUSY);
	g_assert_cmpuint(till_code_reader_process_starts(fixture->process), ==, 2);
}

static gpointer
interrupt_thread(gpointer data)
{
	g_usleep(50000);
	till_code_reader_process_interrupt(data);
	return NULL;
}

static void
test_an_interrupt_ends_it_for_good(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(4);
	gint64 begin_us = g_get_monotonic_time();

	use_script(fixture, "exec sleep 600", 60000);
	GThread *thread = g_thread_new("interrupt", interrupt_thread, fixture->process);
	assert_loses(fixture, qr, TILL_ERROR_STATE);
	g_thread_join(thread);
	assert_loses(fixture, qr, TILL_ERROR_STATE);
	g_assert_cmpint(g_get_monotonic_time() - begin_us, <, 30 * G_USEC_PER_SEC);
}

static void
test_rubbish_is_refused(Fixture *fixture, gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(4);

	use_script(fixture, data, 20000);
	assert_loses(fixture, qr, TILL_ERROR_CORRUPT);
	assert_loses(fixture, qr, TILL_ERROR_CORRUPT);
	g_assert_cmpuint(till_code_reader_process_starts(fixture->process), ==, 2);
}

static void
test_half_an_answer_is_none(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(4);

	use_script(fixture, "head -c 24 >\"$0.head\"; printf '{\"codes\":[' >&0", 20000);
	assert_loses(fixture, qr, TILL_ERROR_STATE);
}

static void
test_a_missing_program_is_named(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	TillCodeReaderProcessConfig config = {fixture->program, 0, 0};
	g_autoptr(TillImage) qr = draw_code_qr(4);
	g_autoptr(GError) error = NULL;

	fixture->process = till_code_reader_process_new(&config);
	g_assert_null(till_code_reader_process_read_frame(fixture->process, qr, 0, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, fixture->program));
	g_assert_cmpuint(till_code_reader_process_starts(fixture->process), ==, 0);
}

static void
add(const char *path, gconstpointer data, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, data, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/device/code-reader-process/frames-are-read", NULL, test_frames_are_read);
	add("/device/code-reader-process/pictures-are-read", NULL, test_pictures_are_read);
	add("/device/code-reader-process/one-death-costs-one-frame", NULL,
	    test_one_death_costs_one_frame);
	add("/device/code-reader-process/a-hanging-one-is-ended", NULL,
	    test_a_hanging_one_is_ended);
	add("/device/code-reader-process/an-interrupt-ends-it-for-good", NULL,
	    test_an_interrupt_ends_it_for_good);
	add("/device/code-reader-process/rubbish-is-refused", "echo nonsense >&0; exec sleep 600",
	    test_rubbish_is_refused);
	add("/device/code-reader-process/endless-rubbish-is-refused",
	    "exec tr '\\0' x >&0 </dev/zero", test_rubbish_is_refused);
	add("/device/code-reader-process/half-an-answer-is-none", NULL,
	    test_half_an_answer_is_none);
	add("/device/code-reader-process/a-missing-program-is-named", NULL,
	    test_a_missing_program_is_named);
	return g_test_run();
}
