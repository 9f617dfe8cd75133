/* SPDX-License-Identifier: Apache-2.0 */
/* What GStreamer's errors are taken for: no machine that builds this has a camera that can be
 * unplugged. The pipeline itself is run by test-camera.c. */
#include "camera-pipeline.h"

#include <gst/gst.h>

#include "till-test.h"

static void
assert_judged(GQuark domain, int code, const char *path, gboolean was_watching,
	      TillCameraTrouble wanted)
{
	g_autoptr(GError) error = g_error_new_literal(domain, code, "words of GStreamer");

	g_assert_cmpint(till_camera_pipeline_judge(error, path, was_watching), ==, wanted);
}

static void
test_errors_of_devices(void)
{
	const GQuark resource = GST_RESOURCE_ERROR;

	assert_judged(resource, GST_RESOURCE_ERROR_NOT_FOUND, NULL, FALSE, TILL_CAMERA_MISSING);
	assert_judged(resource, GST_RESOURCE_ERROR_BUSY, "/dev/null", FALSE, TILL_CAMERA_BUSY);
	assert_judged(resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, NULL, FALSE, TILL_CAMERA_DENIED);
	assert_judged(resource, GST_RESOURCE_ERROR_READ, "/dev/null", TRUE, TILL_CAMERA_UNPLUGGED);
	assert_judged(resource, GST_RESOURCE_ERROR_SETTINGS, "/dev/null", FALSE,
		      TILL_CAMERA_UNREADABLE);
}

static void
test_errors_of_parts(void)
{
	assert_judged(GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, NULL, FALSE,
		      TILL_CAMERA_PLUGIN);
	assert_judged(GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND, NULL, FALSE,
		      TILL_CAMERA_PLUGIN);
	assert_judged(GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE, NULL, FALSE,
		      TILL_CAMERA_UNREADABLE);
	assert_judged(GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, NULL, TRUE, TILL_CAMERA_UNPLUGGED);
}

/* Whatever GStreamer says: a node that is gone is gone. */
static void
test_the_node_is_looked_at(void)
{
	g_autofree char *dir = till_test_temp_dir();
	g_autofree char *node = g_build_filename(dir, "video0", NULL);

	assert_judged(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED, node, TRUE,
		      TILL_CAMERA_UNPLUGGED);
	assert_judged(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED, node, FALSE,
		      TILL_CAMERA_MISSING);
	till_test_remove_dir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/camera-pipeline/errors-of-devices", test_errors_of_devices);
	g_test_add_func("/device/camera-pipeline/errors-of-parts", test_errors_of_parts);
	g_test_add_func("/device/camera-pipeline/the-node-is-looked-at",
			test_the_node_is_looked_at);
	return g_test_run();
}
