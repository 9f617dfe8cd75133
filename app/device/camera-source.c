/* SPDX-License-Identifier: Apache-2.0 */
#include "camera-source.h"

#include <string.h>

#include "error.h"
#include "text.h"

#define PATH_BYTES_MAX 4096
#define DIGITS_MAX 9

static const struct {
	const char *word; /* with a colon: a path follows */
	TillCameraSourceKind kind;
} forms[] = {
    {"none", TILL_CAMERA_SOURCE_NONE},          {"auto", TILL_CAMERA_SOURCE_AUTO},
    {"v4l2:", TILL_CAMERA_SOURCE_DEVICE},       {"picture:", TILL_CAMERA_SOURCE_PICTURE},
    {"pictures:", TILL_CAMERA_SOURCE_PICTURES},
};

/* "frames/%03d.png" in three parts. FALSE unless there is just one number. */
static gboolean
split(const char *pattern, TillCameraSource *out)
{
	const char *percent = strchr(pattern, '%');

	if (percent == NULL || strchr(percent + 1, '%') != NULL)
		return FALSE;
	const char *end = percent + 1;
	guint digits = 0;
	while (g_ascii_isdigit(*end) && digits <= DIGITS_MAX)
		digits = digits * 10 + (guint)g_ascii_digit_value(*end++);
	if (*end != 'd' || digits > DIGITS_MAX)
		return FALSE;
	out->path = g_strndup(pattern, (gsize)(percent - pattern));
	out->after = g_strdup(end + 1);
	out->digits = digits;
	return TRUE;
}

static gboolean
take_path(TillCameraSourceKind kind, const char *path, TillCameraSource *out)
{
	if (*path == '\0' || strlen(path) > PATH_BYTES_MAX)
		return FALSE;
	out->kind = kind;
	if (kind == TILL_CAMERA_SOURCE_PICTURES)
		return split(path, out);
	out->path = g_strdup(path);
	return TRUE;
}

gboolean
till_camera_source_read(const char *text, TillCameraSource *out, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
		const char *word = forms[i].word;
		TillCameraSource source = {.kind = forms[i].kind};
		gboolean has_path = word[strlen(word) - 1] == ':';
		gboolean fits = has_path ? g_str_has_prefix(text, word) &&
					       take_path(source.kind, text + strlen(word), &source)
					 : strcmp(text, word) == 0;
		if (fits) {
			*out = source;
			return TRUE;
		}
	}
	g_autofree char *shown = till_text_clean(text, 60);
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
		    "There is no camera \"%s\"; write auto, none, v4l2:/dev/video0, "
		    "picture:FILE or pictures:frames/%%03d.png.",
		    shown);
	return FALSE;
}

void
till_camera_source_clear(TillCameraSource *source)
{
	g_clear_pointer(&source->path, g_free);
	g_clear_pointer(&source->after, g_free);
}

char *
till_camera_source_picture(const TillCameraSource *source, guint number)
{
	return g_strdup_printf("%s%0*u%s", source->path, (int)source->digits, number,
			       source->after);
}

/* ---- In words ---- */

/* "the camera /dev/video0" */
static char *
name(const TillCameraSource *source)
{
	g_autofree char *path = source->path != NULL ? g_filename_display_name(source->path) : NULL;

	switch (source->kind) {
	case TILL_CAMERA_SOURCE_DEVICE:
		return g_strdup_printf("the camera %s", path);
	case TILL_CAMERA_SOURCE_PICTURE:
		return g_strdup_printf("the picture %s", path);
	case TILL_CAMERA_SOURCE_PICTURES:
		return g_strdup_printf("the pictures %s…%s", path, source->after);
	case TILL_CAMERA_SOURCE_NONE:
	case TILL_CAMERA_SOURCE_AUTO:
		break;
	}
	return g_strdup("the camera");
}

static const char *
explain_camera(TillCameraTrouble trouble)
{
	switch (trouble) {
	case TILL_CAMERA_NONE_FOUND:
		return "No camera was found; plug one in.";
	case TILL_CAMERA_MISSING:
		return "Cannot find %s; plug it in or choose another one.";
	case TILL_CAMERA_DENIED:
		return "This till may not use %s; add its user to the group \"video\".";
	case TILL_CAMERA_BUSY:
		return "Another program uses %s; close that program.";
	case TILL_CAMERA_UNPLUGGED:
		return "Lost %s; plug it in again.";
	case TILL_CAMERA_SILENT:
		return "No picture comes from %s; unplug it and plug it in again.";
	case TILL_CAMERA_UNREADABLE:
		return "Cannot understand what %s sends; choose another one.";
	case TILL_CAMERA_PLUGIN:
		return "Cannot start %s; install gstreamer1.0-plugins-base and "
		       "gstreamer1.0-plugins-good.";
	case TILL_CAMERA_FINE:
	case TILL_CAMERA_READER:
		break;
	}
	g_assert_not_reached();
}

static gboolean
is_picture(const TillCameraSource *source)
{
	return source->kind == TILL_CAMERA_SOURCE_PICTURE ||
	       source->kind == TILL_CAMERA_SOURCE_PICTURES;
}

/* NULL: as of any camera. */
static const char *
explain_picture(TillCameraTrouble trouble)
{
	switch (trouble) {
	case TILL_CAMERA_MISSING:
		return "Cannot find %s; check the name.";
	case TILL_CAMERA_DENIED:
		return "This till may not read %s; change the permissions.";
	case TILL_CAMERA_UNREADABLE:
		return "Cannot read %s; choose a PNG or JPEG file.";
	case TILL_CAMERA_PLUGIN:
		return "Cannot show %s; choose a PNG or JPEG file, or install "
		       "gstreamer1.0-plugins-good.";
	case TILL_CAMERA_FINE:
	case TILL_CAMERA_NONE_FOUND:
	case TILL_CAMERA_BUSY:
	case TILL_CAMERA_UNPLUGGED:
	case TILL_CAMERA_SILENT:
	case TILL_CAMERA_READER:
		break;
	}
	return NULL;
}

char *
till_camera_source_explain(const TillCameraSource *source, TillCameraTrouble trouble)
{
	const char *pattern = is_picture(source) ? explain_picture(trouble) : NULL;
	g_autofree char *subject = name(source);

	if (pattern == NULL)
		pattern = explain_camera(trouble);
	/* The subject stands where the pattern says %s, if it does. */
	g_auto(GStrv) parts = g_strsplit(pattern, "%s", 2);
	return g_strjoinv(subject, parts);
}
