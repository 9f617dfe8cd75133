/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Whether a directory lies on a file system that keeps what it was told: asked at every start for
 * the till's home and the central's directory, before anything in them is opened.
 *
 * Network file systems (NFS, SMB, Ceph, AFS, network FUSE) have locks and syncs that lie; a mount
 * without barriers lets a disk reorder what a commit depends on; an overlay (the root of a
 * container) may leave out syncs, and its upper layer goes with the container. All three are
 * refused with a sentence that says what to do. Ordinary disks and tmpfs are accepted.
 *
 * An overlay can be accepted, for trials only: with TILLHOUSE_ACCEPT_OVERLAY=1 in the environment.
 * A power cut may lose sales there, so as long as it is in force the words of a warning come with
 * the acceptance, and programs show them. Nothing accepts the other two.
 *
 * Threads: any. */

G_BEGIN_DECLS

#define TILL_PLACE_ACCEPT_OVERLAY "TILLHOUSE_ACCEPT_OVERLAY"

typedef enum {
	TILL_PLACE_SOUND,
	TILL_PLACE_NETWORK,
	TILL_PLACE_NO_BARRIER,
	TILL_PLACE_OVERLAY,
} TillPlaceKind;

/* A file system by its type and its options, which are separated by commas. */
TillPlaceKind till_place_judge(const char *type, const char *options);

/* The mount of that number in a table as /proc/self/mountinfo has it; sound when the table does not
 * name it. */
TillPlaceKind till_place_judge_mount(const char *table, guint64 mount);

/* TILL_ERROR_STATE with the sentence when the place is refused; TILL_ERROR_NOT_FOUND when there is
 * no such directory. A kernel that does not say which mount holds it (or shows no mount table)
 * refuses nothing. out_warning: the words of an accepted overlay, else NULL. Caller frees. */
gboolean till_place_check(const char *directory, char **out_warning,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
