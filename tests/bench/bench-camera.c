/* SPDX-License-Identifier: Apache-2.0 */
/* The camera path at 1280×720: frames read a second and milliseconds from a frame's arrival to its
 * code, beside one plain look of zbar at the same picture in this process. One JSON object a line.
 *
 * Scenes: a QR code, bars, and a picture without a code, which is the slowest to read: every
 * helping stage gets its turn. */
#include <stdio.h>
#include <string.h>

#include "camera.h"
#include "code-scanner.h"
#include "draw-code.h"
#include "till-test.h"

#define WIDTH 1280
#define HEIGHT 720
#define SECONDS 8
#define LOOKS 10
#define STARTS 5

typedef struct {
	GMainLoop *loop;
	gboolean is_code_enough;
	gint64 ms; /* of the last code; 0: none */
	guint previews;
} Bench;

static void
code_cb(const TillCode *code, gint64 ms, gpointer user)
{
	Bench *bench = user;

	(void)code;
	bench->ms = ms;
	if (bench->is_code_enough)
		g_main_loop_quit(bench->loop);
}

static void
preview_cb(GBytes *rgb, guint width, guint height, guint stride, gpointer user)
{
	(void)rgb;
	(void)width;
	(void)height;
	(void)stride;
	((Bench *)user)->previews++;
}

static void
state_cb(TillCameraState state, TillCameraTrouble trouble, const char *sentence, gpointer user)
{
	(void)trouble;
	(void)user;
	if (state == TILL_CAMERA_FAILED)
		g_error("bench-camera: %s", sentence);
}

static gboolean
time_cb(gpointer user)
{
	g_main_loop_quit(((Bench *)user)->loop);
	return G_SOURCE_REMOVE;
}

/* Grey stripes, which are no bars, and the code in the middle. */
static TillImage *
draw_scene(const TillImage *code)
{
	TillImage *scene = draw_code_plain(WIDTH, HEIGHT, 150);

	for (guint y = 0; y < HEIGHT; y++)
		for (guint x = 0; x < WIDTH; x++)
			scene->pixels[y * WIDTH + x] = (guint8)(120 + (x / 40 + y / 30) % 3 * 30);
	for (guint y = 0; code != NULL && y < code->height; y++)
		memcpy(scene->pixels + (200 + y) * WIDTH + 400, code->pixels + y * code->width,
		       code->width);
	return scene;
}

/* Microseconds of one plain look, the shortest of some. */
static gint64
measure_zbar(const TillImage *scene)
{
	g_autoptr(TillCodeScanner) scanner = till_code_scanner_new(FALSE);
	gint64 best_us = G_MAXINT64;

	for (guint i = 0; i < LOOKS; i++) {
		gint64 begin_us = g_get_monotonic_time();
		GPtrArray *sights = till_code_scanner_look(scanner, scene, TILL_CODE_LOOK_PLAIN);
		best_us = MIN(best_us, g_get_monotonic_time() - begin_us);
		g_ptr_array_unref(sights);
	}
	return best_us;
}

/* From start to the first code, the median of some, in milliseconds; 0 when it is never read. */
static gint64
measure_start(TillCamera *camera, Bench *bench)
{
	gint64 times[STARTS];

	bench->is_code_enough = TRUE;
	for (guint i = 0; i < STARTS; i++) {
		gint64 begin_us = g_get_monotonic_time();
		guint timer = g_timeout_add_seconds(SECONDS, time_cb, bench);
		guint at = i;
		bench->ms = 0;
		till_camera_start(camera);
		g_main_loop_run(bench->loop);
		till_camera_stop(camera);
		if (bench->ms == 0)
			return 0;
		g_source_remove(timer);
		gint64 ms = (g_get_monotonic_time() - begin_us) / 1000;
		for (; at > 0 && times[at - 1] > ms; at--)
			times[at] = times[at - 1];
		times[at] = ms;
	}
	return times[STARTS / 2];
}

/* Frames read in the seconds of a still picture. */
static void
measure_rate(TillCamera *camera, Bench *bench, TillCameraCounts *out)
{
	bench->previews = 0;
	bench->is_code_enough = FALSE;
	g_timeout_add_seconds(SECONDS, time_cb, bench);
	till_camera_start(camera);
	g_main_loop_run(bench->loop);
	till_camera_counts(camera, out);
	till_camera_stop(camera);
}

/* Milliseconds from the arrival of the frame that settles it to its code, with the reader running:
 * the scene comes after six frames without it. 0: never read. */
static gint64
measure_latency(const char *dir, const TillImage *scene, Bench *bench)
{
	g_autofree char *source = g_strdup_printf("pictures:%s/frame%%d.png", dir);
	const TillCameraConfig config = {.source = source};
	const TillCameraCallbacks callbacks = {code_cb, NULL, state_cb, bench};
	g_autoptr(TillImage) blank = draw_scene(NULL);

	for (guint i = 0; i < 10; i++) {
		g_autofree char *path = g_strdup_printf("%s/frame%u.png", dir, i);
		draw_code_save(i < 6 ? blank : scene, path);
	}
	g_autoptr(TillCamera) camera = till_camera_new(&config, &callbacks, NULL);
	bench->ms = 0;
	bench->is_code_enough = TRUE;
	guint timer = g_timeout_add_seconds(SECONDS, time_cb, bench);
	till_camera_start(camera);
	g_main_loop_run(bench->loop);
	till_camera_stop(camera);
	if (bench->ms != 0)
		g_source_remove(timer);
	return bench->ms;
}

static void
measure(const char *name, const char *dir, const TillImage *code)
{
	g_autoptr(TillImage) scene = draw_scene(code);
	g_autofree char *path = g_strdup_printf("%s/%s.png", dir, name);
	g_autofree char *source = g_strconcat("picture:", path, NULL);
	Bench bench = {.loop = g_main_loop_new(NULL, FALSE)};
	const TillCameraConfig config = {.source = source};
	const TillCameraCallbacks callbacks = {code_cb, preview_cb, state_cb, &bench};
	TillCameraCounts counts;
	gint64 zbar_us = measure_zbar(scene);

	draw_code_save(scene, path);
	g_autoptr(TillCamera) camera = till_camera_new(&config, &callbacks, NULL);
	measure_rate(camera, &bench, &counts);
	guint previews = bench.previews;
	gint64 start_ms = code != NULL ? measure_start(camera, &bench) : 0;
	gint64 code_ms = code != NULL ? measure_latency(dir, scene, &bench) : 0;
	/* Rounded down; the time of opening counts as well. */
	printf("{\"bench\": \"camera path %ux%u\", \"scene\": \"%s\", \"seconds\": %u, "
	       "\"frames_arrived\": %" G_GUINT64_FORMAT ", \"frames_read\": %" G_GUINT64_FORMAT
	       ", \"read_per_second_milli\": %" G_GUINT64_FORMAT
	       ", \"previews\": %u, \"frame_to_code_ms\": %" G_GINT64_FORMAT
	       ", \"start_to_code_ms\": %" G_GINT64_FORMAT
	       ", \"zbar_plain_look_us\": %" G_GINT64_FORMAT "}\n",
	       WIDTH, HEIGHT, name, SECONDS, counts.arrived, counts.read,
	       counts.read * 1000 / SECONDS, previews, code_ms, start_ms, zbar_us);
	g_main_loop_unref(bench.loop);
}

int
main(void)
{
	g_autofree char *dir = till_test_temp_dir();
	g_autoptr(TillImage) qr = draw_code_qr(6);
	g_autoptr(TillImage) ean = draw_code_ean("4006381333931", 3, 120);

	measure("qr", dir, qr);
	measure("ean-13", dir, ean);
	measure("nothing", dir, NULL);
	till_test_remove_dir(dir);
	return 0;
}
