/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Whether a directory lies on a file system that keeps what it was told. Private to this layer.
 *
 * Network file systems (NFS, SMB, Ceph, AFS, network FUSE) have locks and syncs that lie, and
 * "nobarrier" lets a disk reorder what a commit depends on: both are refused with a sentence.
 * Overlay, tmpfs and the ordinary ones are accepted.
 *
 * Threads: any. */

G_BEGIN_DECLS

gboolean till_place_check(const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The judgement alone: NULL when fine, else what is wrong. Static words. options: comma-separated.
 */
const char *till_place_judge(const char *type, const char *options);

G_END_DECLS
