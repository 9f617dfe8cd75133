/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "error.h"
#include "file.h"

#define TABLE_BYTES_MAX (4 * 1024 * 1024)

/* "36 35 98:0 /root /mnt options tags… - type source superoptions": what stands before the tags,
 * and after the dash. Spaces inside a field are written \040. */
#define FIELDS_MIN 10
#define FIELD_OPTIONS 5
#define FIELD_TAGS 6

static const char *const NETWORK_TYPES[] = {
    "nfs",       "nfs4",           "cifs",       "smb3",       "smbfs",     "ceph",
    "afs",       "ncpfs",          "coda",       "fuse.sshfs", "fuse.s3fs", "fuse.rclone",
    "fuse.ceph", "fuse.glusterfs", "fuse.davfs", NULL};

static const char *const OVERLAY_TYPES[] = {
    "overlay", "overlayfs", "aufs", "fuse.fuse-overlayfs", "fuse.unionfs", NULL};

static const char *const NO_BARRIER[] = {"nobarrier", "barrier=0", "barrier=none", NULL};

TillPlaceKind
till_place_judge(const char *type, const char *options)
{
	if (g_strv_contains(NETWORK_TYPES, type))
		return TILL_PLACE_NETWORK;
	if (g_strv_contains(OVERLAY_TYPES, type))
		return TILL_PLACE_OVERLAY;
	g_auto(GStrv) list = g_strsplit(options, ",", -1);
	for (const char *const *option = NO_BARRIER; *option != NULL; option++) {
		if (g_strv_contains((const char *const *)list, *option))
			return TILL_PLACE_NO_BARRIER;
	}
	return TILL_PLACE_SOUND;
}

/* Options stand in two fields: those of this mount and those of the file system. */
static TillPlaceKind
judge_fields(char **fields, guint count)
{
	for (guint i = FIELD_TAGS; i + 3 < count; i++) {
		if (strcmp(fields[i], "-") != 0)
			continue;
		TillPlaceKind kind = till_place_judge(fields[i + 1], fields[i + 3]);
		return kind != TILL_PLACE_SOUND
			   ? kind
			   : till_place_judge(fields[i + 1], fields[FIELD_OPTIONS]);
	}
	return TILL_PLACE_SOUND;
}

TillPlaceKind
till_place_judge_mount(const char *table, guint64 mount)
{
	g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT " ", mount);
	for (const char *line = table; line != NULL && *line != '\0';) {
		const char *end = strchrnul(line, '\n');
		if (g_str_has_prefix(line, number)) {
			g_autofree char *text = g_strndup(line, (gsize)(end - line));
			g_auto(GStrv) fields = g_strsplit(text, " ", -1);
			guint count = g_strv_length(fields);
			return count < FIELDS_MIN ? TILL_PLACE_SOUND : judge_fields(fields, count);
		}
		line = *end == '\0' ? NULL : end + 1;
	}
	return TILL_PLACE_SOUND;
}

static gboolean
refuse(const char *directory, TillPlaceKind kind, GError **error)
{
	static const char *const words[] = {
	    [TILL_PLACE_NETWORK] =
		"lies on a network file system, where locks and syncs cannot be relied on. Put the "
		"directory on a local disk.",
	    [TILL_PLACE_NO_BARRIER] =
		"is mounted without barriers, so a power cut could lose sales. Mount that disk "
		"without nobarrier (barrier=1), or put the directory on another local disk.",
	    [TILL_PLACE_OVERLAY] =
		"lies on an overlay file system, where a power cut could lose sales. Put the "
		"directory on a local disk; in a container, mount a volume and use that. For "
		"trials only: " TILL_PLACE_ACCEPT_OVERLAY "=1 accepts it.",
	};
	g_set_error(error, TILL_ERROR, TILL_ERROR_STATE, "%s %s", directory, words[kind]);
	return FALSE;
}

static gboolean
is_overlay_accepted(void)
{
	return g_strcmp0(g_getenv(TILL_PLACE_ACCEPT_OVERLAY), "1") == 0;
}

gboolean
till_place_check(const char *directory, char **out_warning, GError **error)
{
	*out_warning = NULL;
	struct statx status;
	if (statx(AT_FDCWD, directory, 0, STATX_MNT_ID, &status) != 0) {
		int number = errno;
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "%s: %s. Check the path.",
			    directory, g_strerror(number));
		return FALSE;
	}
	g_autofree char *table =
	    till_file_read("/proc/self/mountinfo", TABLE_BYTES_MAX, NULL, NULL);
	if (table == NULL || (status.stx_mask & STATX_MNT_ID) == 0)
		return TRUE;
	TillPlaceKind kind = till_place_judge_mount(table, status.stx_mnt_id);
	if (kind == TILL_PLACE_SOUND)
		return TRUE;
	if (kind != TILL_PLACE_OVERLAY || !is_overlay_accepted())
		return refuse(directory, kind, error);
	*out_warning =
	    g_strdup_printf("%s lies on an overlay file system, accepted by "
			    "" TILL_PLACE_ACCEPT_OVERLAY ": for trials only. A power cut may lose "
			    "sales here; put the directory on a local disk before selling.",
			    directory);
	return TRUE;
}
