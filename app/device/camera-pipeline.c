/* SPDX-License-Identifier: Apache-2.0 */
#include "camera-pipeline.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <string.h>
#include <unistd.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define SIDE TEXT(TILL_CAMERA_PIPELINE_SIDE)
#define PREVIEW_SIDE TEXT(TILL_CAMERA_PIPELINE_PREVIEW_SIDE)
#define PREVIEW_RATE TEXT(TILL_CAMERA_PIPELINE_PREVIEW_RATE)

/* What a device is asked for, the first that it has: enough pixels for small bars and enough frames
 * for a moving hand, then less of either, then whatever it gives. */
#define DEVICE_CAPS                                                                                \
	"video/x-raw,width=[800," SIDE "],height=[1," SIDE "],framerate=[15/1,60/1];"              \
	"image/jpeg,width=[800," SIDE "],height=[1," SIDE "],framerate=[15/1,60/1];"               \
	"video/x-raw,width=[320," SIDE "],height=[1," SIDE "],framerate=[10/1,60/1];"              \
	"image/jpeg,width=[320," SIDE "],height=[1," SIDE "],framerate=[10/1,60/1];"               \
	"video/x-raw;image/jpeg"
/* Frames are taken out by size in each branch: a scaler before the tee would settle for the size of
 * the smaller branch. */
#define BRANCHES                                                                                   \
	"tee name=split"                                                                           \
	" split. ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0"     \
	" ! videoconvert ! videoscale"                                                             \
	" ! video/x-raw,format=GRAY8,width=[1," SIDE "],height=[1," SIDE                           \
	"],pixel-aspect-ratio=1/1"                                                                 \
	" ! appsink name=frames sync=false max-buffers=1 drop=true"                                \
	" split. ! queue leaky=downstream max-size-buffers=1 max-size-bytes=0 max-size-time=0"     \
	" ! videorate drop-only=true max-rate=" PREVIEW_RATE " ! videoscale"                       \
	" ! video/x-raw,width=[1," PREVIEW_SIDE "],height=[1," PREVIEW_SIDE                        \
	"],pixel-aspect-ratio=1/1"                                                                 \
	" ! videoconvert ! video/x-raw,format=RGB"                                                 \
	" ! appsink name=preview sync=false max-buffers=1 drop=true"
#define DEVICE "capsfilter name=wanted caps=\"" DEVICE_CAPS "\" ! decodebin ! " BRANCHES
#define PICTURE                                                                                    \
	"filesrc name=source ! decodebin ! imagefreeze is-live=true"                               \
	" ! video/x-raw,framerate=30/1 ! " BRANCHES
#define PICTURES "multifilesrc name=source loop=true ! decodebin ! clocksync ! " BRANCHES

#define SHUT_TRIES 5

struct TillCameraPipeline {
	GstElement *pipeline; /* owned */
	GstAppSink *frames;   /* owned */
	TillCameraPipelineHooks hooks;
	char *path;      /* owned; NULL when it is not known */
	int frames_seen; /* atomic: 0 or 1 */
	int is_troubled; /* atomic: the hook was called */
};

/* ---- Trouble ---- */

static TillCameraTrouble
judge_path(const char *path)
{
	if (path == NULL)
		return TILL_CAMERA_FINE;
	if (access(path, F_OK) != 0)
		return TILL_CAMERA_MISSING;
	return access(path, R_OK) != 0 ? TILL_CAMERA_DENIED : TILL_CAMERA_FINE;
}

static TillCameraTrouble
judge_resource(int code, gboolean was_watching)
{
	switch ((GstResourceError)code) {
	case GST_RESOURCE_ERROR_NOT_FOUND:
		return TILL_CAMERA_MISSING;
	case GST_RESOURCE_ERROR_BUSY:
		return TILL_CAMERA_BUSY;
	case GST_RESOURCE_ERROR_NOT_AUTHORIZED:
		return TILL_CAMERA_DENIED;
	case GST_RESOURCE_ERROR_FAILED:
	case GST_RESOURCE_ERROR_TOO_LAZY:
	case GST_RESOURCE_ERROR_OPEN_READ:
	case GST_RESOURCE_ERROR_OPEN_WRITE:
	case GST_RESOURCE_ERROR_OPEN_READ_WRITE:
	case GST_RESOURCE_ERROR_CLOSE:
	case GST_RESOURCE_ERROR_READ:
	case GST_RESOURCE_ERROR_WRITE:
	case GST_RESOURCE_ERROR_SEEK:
	case GST_RESOURCE_ERROR_SYNC:
	case GST_RESOURCE_ERROR_SETTINGS:
	case GST_RESOURCE_ERROR_NO_SPACE_LEFT:
	case GST_RESOURCE_ERROR_NUM_ERRORS:
		break;
	}
	return was_watching ? TILL_CAMERA_UNPLUGGED : TILL_CAMERA_UNREADABLE;
}

TillCameraTrouble
till_camera_pipeline_judge(const GError *error, const char *path, gboolean was_watching)
{
	TillCameraTrouble trouble = judge_path(path);

	if (trouble == TILL_CAMERA_MISSING && was_watching)
		return TILL_CAMERA_UNPLUGGED;
	if (trouble != TILL_CAMERA_FINE)
		return trouble;
	if (error->domain == GST_RESOURCE_ERROR)
		return judge_resource(error->code, was_watching);
	if (g_error_matches(error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN) ||
	    g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND) ||
	    error->domain == GST_PARSE_ERROR)
		return TILL_CAMERA_PLUGIN;
	return was_watching ? TILL_CAMERA_UNPLUGGED : TILL_CAMERA_UNREADABLE;
}

/* The first trouble counts: those that follow are its echo. */
static void
tell(TillCameraPipeline *pipeline, TillCameraTrouble trouble)
{
	if (g_atomic_int_compare_and_exchange(&pipeline->is_troubled, 0, 1))
		pipeline->hooks.trouble(trouble, pipeline->hooks.user);
}

static GstBusSyncReply
bus_cb(GstBus *bus, GstMessage *message, gpointer user)
{
	TillCameraPipeline *pipeline = user;
	gboolean was_watching = g_atomic_int_get(&pipeline->frames_seen) != 0;
	g_autoptr(GError) error = NULL;

	(void)bus;
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
		tell(pipeline, was_watching ? TILL_CAMERA_UNPLUGGED : TILL_CAMERA_UNREADABLE);
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
		gst_message_parse_error(message, &error, NULL);
		tell(pipeline, till_camera_pipeline_judge(error, pipeline->path, was_watching));
	}
	gst_message_unref(message);
	return GST_BUS_DROP;
}

/* ---- Frames ---- */

static GstFlowReturn
frame_cb(GstAppSink *sink, gpointer user)
{
	TillCameraPipeline *pipeline = user;

	(void)sink;
	g_atomic_int_set(&pipeline->frames_seen, 1);
	pipeline->hooks.frame(pipeline->hooks.user);
	return GST_FLOW_OK;
}

/* The bytes of a plane of one colour or of packed ones, up to its last pixel. */
static gsize
count_bytes(const GstVideoFrame *frame)
{
	gsize stride = (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(frame, 0);
	gsize row =
	    (gsize)GST_VIDEO_FRAME_WIDTH(frame) * (gsize)GST_VIDEO_FRAME_COMP_PSTRIDE(frame, 0);

	return stride * ((gsize)GST_VIDEO_FRAME_HEIGHT(frame) - 1) + row;
}

/* FALSE when the sample holds no picture that can be mapped. */
static gboolean
map(GstSample *sample, GstVideoInfo *info, GstVideoFrame *frame)
{
	return gst_video_info_from_caps(info, gst_sample_get_caps(sample)) &&
	       gst_video_frame_map(frame, info, gst_sample_get_buffer(sample), GST_MAP_READ);
}

static GstFlowReturn
preview_cb(GstAppSink *sink, gpointer user)
{
	TillCameraPipeline *pipeline = user;
	GstSample *sample = gst_app_sink_pull_sample(sink);
	GstVideoInfo info;
	GstVideoFrame frame;

	if (sample == NULL)
		return GST_FLOW_EOS;
	if (map(sample, &info, &frame)) {
		guint height = (guint)GST_VIDEO_FRAME_HEIGHT(&frame);
		guint stride = (guint)GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0);
		/* Whole rows, though the frame's last one may end with its last pixel. */
		guint8 *rows = g_malloc0((gsize)stride * height);
		memcpy(rows, GST_VIDEO_FRAME_PLANE_DATA(&frame, 0), count_bytes(&frame));
		pipeline->hooks.preview(g_bytes_new_take(rows, (gsize)stride * height),
					(guint)GST_VIDEO_FRAME_WIDTH(&frame), height, stride,
					pipeline->hooks.user);
		gst_video_frame_unmap(&frame);
	}
	gst_sample_unref(sample);
	return GST_FLOW_OK;
}

TillImage *
till_camera_pipeline_take(TillCameraPipeline *pipeline)
{
	GstSample *sample = gst_app_sink_try_pull_sample(pipeline->frames, 0);
	TillImage *image = NULL;
	GstVideoInfo info;
	GstVideoFrame frame;

	if (sample == NULL)
		return NULL;
	if (map(sample, &info, &frame)) {
		image = till_image_from_frame(
		    (guint)GST_VIDEO_FRAME_WIDTH(&frame), (guint)GST_VIDEO_FRAME_HEIGHT(&frame),
		    (guint)GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0),
		    GST_VIDEO_FRAME_PLANE_DATA(&frame, 0), count_bytes(&frame), NULL);
		gst_video_frame_unmap(&frame);
	}
	gst_sample_unref(sample);
	return image;
}

/* ---- Opening ---- */

/* The first camera that the machine has; a floating reference. NULL: none. */
static GstElement *
find_first_camera(void)
{
	GstDeviceMonitor *monitor = gst_device_monitor_new();
	GstElement *element = NULL;

	gst_device_monitor_add_filter(monitor, "Video/Source", NULL);
	if (gst_device_monitor_start(monitor)) {
		GList *devices = gst_device_monitor_get_devices(monitor);
		if (devices != NULL)
			element = gst_device_create_element(devices->data, NULL);
		g_list_free_full(devices, gst_object_unref);
		gst_device_monitor_stop(monitor);
	}
	gst_object_unref(monitor);
	return element;
}

/* The path of a device's node, where it has one. */
static char *
find_node(GstElement *camera)
{
	char *node = NULL;

	if (g_object_class_find_property(G_OBJECT_GET_CLASS(camera), "device") != NULL)
		g_object_get(camera, "device", &node, NULL);
	return node;
}

static GstElement *
parse(const char *description)
{
	g_autoptr(GError) error = NULL;
	GstElement *pipeline =
	    gst_parse_launch_full(description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);

	if (error != NULL)
		g_clear_pointer(&pipeline, gst_object_unref);
	return pipeline;
}

static GstElement *
build_device(const TillCameraSource *source, char **out_path, TillCameraTrouble *out_trouble)
{
	gboolean is_named = source->kind == TILL_CAMERA_SOURCE_DEVICE;
	GstElement *camera =
	    is_named ? gst_element_factory_make("v4l2src", NULL) : find_first_camera();

	*out_trouble = is_named ? TILL_CAMERA_PLUGIN : TILL_CAMERA_NONE_FOUND;
	if (camera == NULL)
		return NULL;
	if (is_named)
		g_object_set(camera, "device", source->path, NULL);
	*out_path = find_node(camera);
	GstElement *pipeline = parse(DEVICE);
	if (pipeline == NULL) {
		gst_object_unref(gst_object_ref_sink(camera));
		*out_trouble = TILL_CAMERA_PLUGIN;
		return NULL;
	}
	gst_bin_add(GST_BIN(pipeline), camera);
	g_autoptr(GstElement) wanted = gst_bin_get_by_name(GST_BIN(pipeline), "wanted");
	if (!gst_element_link(camera, wanted)) {
		*out_trouble = TILL_CAMERA_UNREADABLE;
		g_clear_pointer(&pipeline, gst_object_unref);
	}
	return pipeline;
}

static GstElement *
build_picture(const TillCameraSource *source, char **out_path, TillCameraTrouble *out_trouble)
{
	*out_path = g_strdup(source->path);
	*out_trouble = judge_path(source->path);
	if (*out_trouble != TILL_CAMERA_FINE)
		return NULL;
	*out_trouble = TILL_CAMERA_PLUGIN;
	GstElement *pipeline = parse(PICTURE);
	if (pipeline == NULL)
		return NULL;
	g_autoptr(GstElement) file = gst_bin_get_by_name(GST_BIN(pipeline), "source");
	g_object_set(file, "location", source->path, NULL);
	return pipeline;
}

/* As the element wants it, with a single number in printf's way; other percents cannot be in it. */
static char *
write_pattern(const TillCameraSource *source)
{
	return g_strdup_printf("%s%%0%ud%s", source->path, source->digits, source->after);
}

static GstElement *
build_pictures(const TillCameraSource *source, char **out_path, TillCameraTrouble *out_trouble)
{
	g_autofree char *zero = till_camera_source_picture(source, 0);
	int first = access(zero, F_OK) == 0 ? 0 : 1;
	gboolean is_jpeg =
	    g_str_has_suffix(source->after, ".jpg") || g_str_has_suffix(source->after, ".jpeg");

	*out_path = till_camera_source_picture(source, (guint)first);
	*out_trouble = judge_path(*out_path);
	if (*out_trouble != TILL_CAMERA_FINE)
		return NULL;
	*out_trouble = TILL_CAMERA_PLUGIN;
	GstElement *pipeline = parse(PICTURES);
	if (pipeline == NULL)
		return NULL;
	g_autoptr(GstElement) files = gst_bin_get_by_name(GST_BIN(pipeline), "source");
	g_autoptr(GstCaps) caps = gst_caps_new_simple(is_jpeg ? "image/jpeg" : "image/png",
						      "framerate", GST_TYPE_FRACTION, 10, 1, NULL);
	g_autofree char *pattern = write_pattern(source);
	g_object_set(files, "location", pattern, "start-index", first, "index", first, "caps", caps,
		     NULL);
	return pipeline;
}

static GstElement *
build(const TillCameraSource *source, char **out_path, TillCameraTrouble *out_trouble)
{
	switch (source->kind) {
	case TILL_CAMERA_SOURCE_AUTO:
	case TILL_CAMERA_SOURCE_DEVICE:
		return build_device(source, out_path, out_trouble);
	case TILL_CAMERA_SOURCE_PICTURE:
		return build_picture(source, out_path, out_trouble);
	case TILL_CAMERA_SOURCE_PICTURES:
		return build_pictures(source, out_path, out_trouble);
	case TILL_CAMERA_SOURCE_NONE:
		break;
	}
	g_assert_not_reached();
}

static void
watch(TillCameraPipeline *pipeline)
{
	GstAppSinkCallbacks frame_callbacks = {.new_sample = frame_cb};
	GstAppSinkCallbacks preview_callbacks = {.new_sample = preview_cb};
	GstBin *bin = GST_BIN(pipeline->pipeline);
	g_autoptr(GstElement) preview = gst_bin_get_by_name(bin, "preview");
	g_autoptr(GstBus) bus = gst_element_get_bus(pipeline->pipeline);

	pipeline->frames = GST_APP_SINK(gst_bin_get_by_name(bin, "frames"));
	gst_app_sink_set_callbacks(pipeline->frames, &frame_callbacks, pipeline, NULL);
	gst_app_sink_set_callbacks(GST_APP_SINK(preview), &preview_callbacks, pipeline, NULL);
	gst_bus_set_sync_handler(bus, bus_cb, pipeline, NULL);
}

TillCameraPipeline *
till_camera_pipeline_open(const TillCameraSource *source, const TillCameraPipelineHooks *hooks,
			  TillCameraTrouble *out_trouble)
{
	g_autofree char *path = NULL;

	if (!gst_init_check(NULL, NULL, NULL)) {
		*out_trouble = TILL_CAMERA_PLUGIN;
		return NULL;
	}
	GstElement *element = build(source, &path, out_trouble);
	if (element == NULL)
		return NULL;
	TillCameraPipeline *pipeline = g_new0(TillCameraPipeline, 1);
	pipeline->pipeline = gst_object_ref_sink(element);
	pipeline->hooks = *hooks;
	pipeline->path = g_steal_pointer(&path);
	watch(pipeline);
	/* Why a change of state failed is told by the bus. */
	if (gst_element_set_state(pipeline->pipeline, GST_STATE_PLAYING) ==
	    GST_STATE_CHANGE_FAILURE)
		tell(pipeline, TILL_CAMERA_UNREADABLE);
	return pipeline;
}

/* A decoder that fails while it is started refuses its next change of state, and with it the
 * pipeline; the one after that goes through. */
static void
shut(GstElement *pipeline)
{
	for (guint i = 0; i < SHUT_TRIES; i++)
		if (gst_element_set_state(pipeline, GST_STATE_NULL) != GST_STATE_CHANGE_FAILURE)
			return;
}

void
till_camera_pipeline_close(TillCameraPipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	g_autoptr(GstBus) bus = gst_element_get_bus(pipeline->pipeline);
	shut(pipeline->pipeline);
	gst_bus_set_sync_handler(bus, NULL, NULL, NULL);
	gst_object_unref(pipeline->frames);
	gst_object_unref(pipeline->pipeline);
	g_free(pipeline->path);
	g_free(pipeline);
}
