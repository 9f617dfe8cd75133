/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Files written so that a power cut leaves the old one or the new one, never half of one.
 *
 * Threads: any. */

G_BEGIN_DECLS

/* Writes path.tmp, syncs it, renames it over path, syncs the directory. mode: e.g. 0600. */
gboolean till_file_write(const char *path, const void *data, gsize size, int mode,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole file, at most size_max bytes (TILL_ERROR_LIMIT beyond). Caller frees; NUL-terminated.
 */
char *till_file_read(const char *path, gsize size_max, gsize *out_size,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the directory and its parents (mode 0700), syncing the parent of each one made. */
gboolean till_file_make_dir(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean till_file_sync_dir(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An exclusive lock on path (made when absent), held until closed or the process dies. holder names
 * the program; it is written inside with the process id. TILL_ERROR_BUSY with the holder's words
 * when taken. Returns a descriptor ≥ 0, or -1. */
int till_file_lock(const char *path, const char *holder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_file_unlock(int descriptor);

/* Free bytes of the file system that holds path. */
gboolean till_file_free_bytes(const char *path, guint64 *out_bytes,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
