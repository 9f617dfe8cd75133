/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "error.h"

static const char *const NETWORK_TYPES[] = {
    "nfs",       "nfs4",           "cifs",       "smb3",       "smbfs",     "ceph",
    "afs",       "ncpfs",          "coda",       "fuse.sshfs", "fuse.s3fs", "fuse.rclone",
    "fuse.ceph", "fuse.glusterfs", "fuse.davfs", NULL};

const char *
till_place_judge(const char *type, const char *options)
{
	if (g_strv_contains(NETWORK_TYPES, type))
		return "a network file system, where locks and syncs cannot be relied on";
	g_auto(GStrv) list = g_strsplit(options, ",", -1);
	if (g_strv_contains((const char *const *)list, "nobarrier") ||
	    g_strv_contains((const char *const *)list, "barrier=0"))
		return "mounted without barriers, so a power cut could lose sales";
	return NULL;
}

/* A line of mountinfo: "36 35 98:0 /root /mnt opts tags… - type source superopts". */
static const char *
judge_line(const char *line, const char *device)
{
	g_auto(GStrv) fields = g_strsplit(line, " ", -1);
	guint count = g_strv_length(fields);
	if (count < 10 || strcmp(fields[2], device) != 0)
		return NULL;
	for (guint i = 6; i + 3 < count; i++) {
		if (strcmp(fields[i], "-") != 0)
			continue;
		g_strchomp(fields[i + 3]);
		const char *fault = till_place_judge(fields[i + 1], fields[i + 3]);
		return fault != NULL ? fault : till_place_judge(fields[i + 1], fields[5]);
	}
	return NULL;
}

gboolean
till_place_check(const char *directory, GError **error)
{
	struct stat status;
	if (stat(directory, &status) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND, "%s: %s. Check the path.",
			    directory, g_strerror(errno));
		return FALSE;
	}
	/* Without a mount table nothing can be told, and nothing is refused. */
	g_autofree char *table = NULL;
	if (!g_file_get_contents("/proc/self/mountinfo", &table, NULL, NULL))
		return TRUE;
	g_autofree char *device =
	    g_strdup_printf("%u:%u", major(status.st_dev), minor(status.st_dev));
	g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		const char *fault = judge_line(*line, device);
		if (fault == NULL)
			continue;
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "%s lies on %s. Put the till's home on a local disk.", directory,
			    fault);
		return FALSE;
	}
	return TRUE;
}
