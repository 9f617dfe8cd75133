/* SPDX-License-Identifier: Apache-2.0 */
#include "code-reader.h"

#include <string.h>

#include "code-stage.h"
#include "draw-code.h"
#include "till-test.h"

typedef struct {
	TillCodeReader *reader;
} Fixture;

static void
set_up(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	fixture->reader = till_code_reader_new(TRUE);
}

static void
tear_down(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	till_code_reader_free(fixture->reader);
}

/* "EAN-13 4006381333931", several with "; " between. */
static char *
describe(const GPtrArray *codes)
{
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < codes->len; i++) {
		const TillCode *code = g_ptr_array_index(codes, i);
		g_string_append_printf(words, "%s%s %s%s", i > 0 ? "; " : "",
				       till_code_kind_name(code->kind), code->text,
				       code->gs1 ? " (GS1)" : "");
	}
	return g_string_free(words, FALSE);
}

static void
assert_still(Fixture *fixture, const TillImage *image, TillCodeStages stages, const char *wanted)
{
	g_autoptr(GPtrArray) codes = till_code_reader_read_still(fixture->reader, image, stages);
	g_autofree char *got = describe(codes);

	g_assert_cmpstr(got, ==, wanted);
}

static void
assert_frame(Fixture *fixture, const TillImage *image, gint64 at_ms, const char *wanted)
{
	g_autoptr(GPtrArray) codes = till_code_reader_read_frame(fixture->reader, image, at_ms);
	g_autofree char *got = describe(codes);

	g_assert_cmpstr(got, ==, wanted);
}

static void
test_each_kind_is_read(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 2, 60);
	g_autoptr(TillImage) upc = draw_code_ean("0036000291452", 2, 60);
	g_autoptr(TillImage) ean8 = draw_code_ean("96385074", 2, 60);
	g_autoptr(TillImage) plain = draw_code_128("TEE-NVY-M", FALSE, 2, 60);
	g_autoptr(TillImage) gs1 = draw_code_128("0104006381333931", TRUE, 2, 60);
	g_autoptr(TillImage) qr = draw_code_qr(4);

	for (guint stages = TILL_CODE_STAGES_RAW; stages <= TILL_CODE_STAGES_ALL; stages++) {
		assert_still(fixture, ean, stages, "EAN-13 4006381333931");
		assert_still(fixture, upc, stages, "UPC-A 036000291452");
		assert_still(fixture, plain, stages, "CODE-128 TEE-NVY-M");
		assert_still(fixture, gs1, stages, "CODE-128 0104006381333931 (GS1)");
		assert_still(fixture, qr, stages, "QR-Code " DRAW_CODE_QR_TEXT);
	}
	assert_still(fixture, ean8, TILL_CODE_STAGES_ALL, "EAN-8 96385074");
	/* Two looks are too few for eight digits. */
	assert_still(fixture, ean8, TILL_CODE_STAGES_RAW, "");
}

static void
test_short_code128_is_refused(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) three = draw_code_128("ABC", FALSE, 2, 60);
	g_autoptr(TillImage) four = draw_code_128("ABCD", FALSE, 2, 60);

	assert_still(fixture, three, TILL_CODE_STAGES_ALL, "");
	assert_still(fixture, four, TILL_CODE_STAGES_ALL, "CODE-128 ABCD");
}

static void
test_white_on_black_is_read(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(4);

	draw_code_invert(qr);
	assert_still(fixture, qr, TILL_CODE_STAGES_ALL, "QR-Code " DRAW_CODE_QR_TEXT);
}

static void
test_two_codes_in_one_picture(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) ean = draw_code_ean("9784872348880", 2, 60);
	g_autoptr(TillImage) other = draw_code_ean("1920081045006", 2, 60);
	g_autoptr(TillImage) both = draw_code_stack(ean, other);

	assert_still(fixture, both, TILL_CODE_STAGES_ALL,
		     "EAN-13 1920081045006; EAN-13 9784872348880");
}

/* Each of these is beyond the picture as it is. */
static void
test_helping_stages_help(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 3, 140);
	g_autoptr(TillImage) slant = till_image_turn(ean, 45);
	g_autoptr(TillImage) faint = till_image_copy(ean);
	g_autoptr(TillImage) qr = draw_code_qr(40);
	TillTestRandom random;

	assert_still(fixture, slant, TILL_CODE_STAGES_RAW, "");
	assert_still(fixture, slant, TILL_CODE_STAGES_ALL, "EAN-13 4006381333931");

	till_test_random_init(&random, 1);
	for (gsize i = 0; i < (gsize)faint->width * faint->height; i++)
		faint->pixels[i] =
		    (guint8)(120 + faint->pixels[i] / 20 + till_test_random_range(&random, 0, 8));
	assert_still(fixture, faint, TILL_CODE_STAGES_RAW, "");
	assert_still(fixture, faint, TILL_CODE_STAGES_ALL, "EAN-13 4006381333931");

	/* Large, with specks that break its modules. */
	for (gsize i = 0; i < (gsize)qr->width * qr->height; i++) {
		if (till_test_random_range(&random, 0, 5) == 0)
			qr->pixels[i] = (guint8)till_test_random_range(&random, 0, 255);
	}
	assert_still(fixture, qr, TILL_CODE_STAGES_ALL, "QR-Code " DRAW_CODE_QR_TEXT);
}

static void
test_nothing_is_read_from_noise(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) image = till_image_new(200, 150);
	TillTestRandom random;

	for (guint seed = 0; seed < 5; seed++) {
		till_test_random_init(&random, seed);
		till_test_random_bytes(&random, image->pixels, 200 * 150);
		assert_still(fixture, image, TILL_CODE_STAGES_ALL, "");
	}
}

static void
test_tiny_pictures_are_looked_at(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	static const guint sizes[][2] = {{1, 1}, {1, 50}, {50, 1}, {2, 3}, {8192, 1}};

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(TillImage) image = draw_code_plain(sizes[i][0], sizes[i][1], 200);
		assert_still(fixture, image, TILL_CODE_STAGES_ALL, "");
		assert_frame(fixture, image, i, "");
	}
}

static void
test_a_camera_needs_two_frames_for_bars(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 4, 120);
	g_autoptr(TillImage) blank = draw_code_plain(ean->width, ean->height, 180);

	assert_frame(fixture, ean, 0, "");
	assert_frame(fixture, ean, 66, "EAN-13 4006381333931");
	assert_frame(fixture, blank, 132, "");
	/* The first two are forgotten by now, so that it begins anew. */
	assert_frame(fixture, ean, 700, "");
	assert_frame(fixture, ean, 766, "EAN-13 4006381333931");
}

static void
test_a_camera_needs_one_frame_for_qr(Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) qr = draw_code_qr(6);

	for (gint64 frame = 0; frame < 8; frame++) {
		g_autoptr(GPtrArray) codes =
		    till_code_reader_read_frame(fixture->reader, qr, frame * 66);
		g_autofree char *got = describe(codes);
		/* Most stages read this one; every second frame is looked at as it is. */
		if (frame % 2 == 0)
			g_assert_cmpstr(got, ==, "QR-Code " DRAW_CODE_QR_TEXT);
	}
}

static void
test_every_stage_is_sound(G_GNUC_UNUSED Fixture *fixture, G_GNUC_UNUSED gconstpointer data)
{
	g_autoptr(TillImage) image = draw_code_plain(60, 40, 99);

	for (guint i = 0; i < till_code_stage_count(); i++) {
		g_autoptr(TillImage) shown = till_code_stage_apply(i, image);
		g_assert_nonnull(shown);
		g_assert_true(till_image_fits(shown->width, shown->height));
		for (guint j = 0; j < i; j++)
			g_assert_cmpstr(till_code_stage_name(i), !=, till_code_stage_name(j));
	}
	for (guint64 frame = 0; frame < 100; frame++)
		g_assert_cmpuint(till_code_stage_of_frame(frame), <, till_code_stage_count());
}

static void
add(const char *path, void (*test)(Fixture *, gconstpointer))
{
	g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add("/device/code-reader/each-kind-is-read", test_each_kind_is_read);
	add("/device/code-reader/short-code128-is-refused", test_short_code128_is_refused);
	add("/device/code-reader/white-on-black-is-read", test_white_on_black_is_read);
	add("/device/code-reader/two-codes-in-one-picture", test_two_codes_in_one_picture);
	add("/device/code-reader/helping-stages-help", test_helping_stages_help);
	add("/device/code-reader/nothing-is-read-from-noise", test_nothing_is_read_from_noise);
	add("/device/code-reader/tiny-pictures-are-looked-at", test_tiny_pictures_are_looked_at);
	add("/device/code-reader/a-camera-needs-two-frames-for-bars",
	    test_a_camera_needs_two_frames_for_bars);
	add("/device/code-reader/a-camera-needs-one-frame-for-qr",
	    test_a_camera_needs_one_frame_for_qr);
	add("/device/code-reader/every-stage-is-sound", test_every_stage_is_sound);
	return g_test_run();
}
