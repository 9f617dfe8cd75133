/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "error.h"
#include "text.h"

#define READ_CHUNK 65536
#define HOLDER_MAX_BYTES 200

static TillErrorCode
code_of_errno(int number)
{
	switch (number) {
	case ENOSPC:
	case EDQUOT:
		return TILL_ERROR_FULL;
	case ENOENT:
	case ENOTDIR:
		return TILL_ERROR_NOT_FOUND;
	case EACCES:
	case EPERM:
	case EROFS:
		return TILL_ERROR_DENIED;
	default:
		return TILL_ERROR_DISK;
	}
}

static const char *
advice_of(TillErrorCode code)
{
	if (code == TILL_ERROR_FULL)
		return "Free some space on that disk and try again.";
	if (code == TILL_ERROR_NOT_FOUND)
		return "Check the path.";
	if (code == TILL_ERROR_DENIED)
		return "Check who owns it and its permissions.";
	return "Check the disk.";
}

/* "Could not write /path: No space left on device. Free some …" Always returns FALSE. */
static gboolean
fail(GError **error, int number, const char *verb, const char *path)
{
	TillErrorCode code = code_of_errno(number);
	g_set_error(error, TILL_ERROR, (gint)code, "Could not %s %s: %s. %s", verb, path,
		    g_strerror(number), advice_of(code));
	return FALSE;
}

static int
open_retrying(const char *path, int flags, int mode)
{
	int descriptor;
	do {
		descriptor = open(path, flags | O_CLOEXEC, mode);
	} while (descriptor < 0 && errno == EINTR);
	return descriptor;
}

static gboolean
write_all(int descriptor, const void *data, gsize size)
{
	const char *rest = data;
	while (size > 0) {
		ssize_t written = write(descriptor, rest, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return FALSE;
		rest += written;
		size -= (gsize)written;
	}
	return TRUE;
}

/* Leaves errno set on failure. umask must not widen or narrow what the caller asked for. */
static gboolean
write_synced(const char *path, const void *data, gsize size, int mode)
{
	int descriptor = open_retrying(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
	if (descriptor < 0)
		return FALSE;
	gboolean ok = fchmod(descriptor, (mode_t)mode) == 0 && write_all(descriptor, data, size) &&
		      fsync(descriptor) == 0;
	int number = errno;
	if (close(descriptor) != 0 && ok) {
		number = errno;
		ok = FALSE;
	}
	errno = number;
	return ok;
}

gboolean
till_file_write(const char *path, const void *data, gsize size, int mode, GError **error)
{
	g_autofree char *temporary = g_strconcat(path, ".tmp", NULL);
	g_autofree char *dir = g_path_get_dirname(path);
	if (unlink(temporary) != 0 && errno != ENOENT)
		return fail(error, errno, "replace", temporary);
	if (!write_synced(temporary, data, size, mode) || rename(temporary, path) != 0) {
		int number = errno;
		(void)unlink(temporary);
		return fail(error, number, "write", path);
	}
	return till_file_sync_dir(dir, error);
}

/* Reads on until the end or one byte past size_max. Leaves errno set on failure. */
static gboolean
read_all(int descriptor, gsize size_max, GString *text)
{
	while (text->len <= size_max) {
		gsize had = text->len;
		gsize want = MIN(READ_CHUNK, size_max - had + 1);
		g_string_set_size(text, had + want);
		ssize_t got = read(descriptor, text->str + had, want);
		int number = errno;
		g_string_set_size(text, had + (got > 0 ? (gsize)got : 0));
		if (got == 0)
			return TRUE;
		errno = number;
		if (got < 0 && number != EINTR)
			return FALSE;
	}
	return TRUE;
}

char *
till_file_read(const char *path, gsize size_max, gsize *out_size, GError **error)
{
	g_assert(size_max < G_MAXSIZE / 2);
	int descriptor = open_retrying(path, O_RDONLY, 0);
	if (descriptor < 0) {
		fail(error, errno, "open", path);
		return NULL;
	}
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean ok = read_all(descriptor, size_max, text);
	int number = errno;
	(void)close(descriptor);
	if (!ok) {
		fail(error, number, "read", path);
		return NULL;
	}
	if (text->len > size_max) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_LIMIT,
			    "%s is larger than %" G_GSIZE_FORMAT
			    " bytes. Make it smaller or split it.",
			    path, size_max);
		return NULL;
	}
	if (out_size != NULL)
		*out_size = text->len;
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean
is_dir(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static gboolean
make_one_dir(const char *path, GError **error)
{
	if (mkdir(path, 0700) != 0) {
		int number = errno;
		if (number == EEXIST && is_dir(path))
			return TRUE; /* somebody made it meanwhile */
		return fail(error, number, "make the directory", path);
	}
	g_autofree char *parent = g_path_get_dirname(path);
	return till_file_sync_dir(parent, error);
}

gboolean
till_file_make_dir(const char *path, GError **error)
{
	g_autofree char *work = g_canonicalize_filename(path, NULL);
	for (char *slash = work + 1; *slash != '\0'; slash++) {
		if (*slash != G_DIR_SEPARATOR)
			continue;
		*slash = '\0';
		if (!is_dir(work) && !make_one_dir(work, error))
			return FALSE;
		*slash = G_DIR_SEPARATOR;
	}
	return is_dir(work) || make_one_dir(work, error);
}

gboolean
till_file_sync_dir(const char *path, GError **error)
{
	int descriptor = open_retrying(path, O_RDONLY | O_DIRECTORY, 0);
	if (descriptor < 0)
		return fail(error, errno, "open the directory", path);
	int result = fsync(descriptor);
	int number = errno;
	(void)close(descriptor);
	/* Some file systems cannot sync a directory; they say so with EINVAL and need none. */
	if (result != 0 && number != EINVAL)
		return fail(error, number, "sync the directory", path);
	return TRUE;
}

static void
refuse_taken(int descriptor, const char *path, GError **error)
{
	char words[HOLDER_MAX_BYTES + 1];
	ssize_t got = pread(descriptor, words, HOLDER_MAX_BYTES, 0);
	words[MAX(got, 0)] = '\0';
	g_autofree char *clean = till_text_clean(g_strstrip(words), HOLDER_MAX_BYTES);
	g_set_error(error, TILL_ERROR, TILL_ERROR_BUSY, "%s is held by %s. Close that one first.",
		    path, clean[0] != '\0' ? clean : "another program");
}

/* The words help a person only; the lock itself is what holds, so failing here is failing to lock.
 */
static gboolean
write_holder(int descriptor, const char *holder)
{
	g_autofree char *words = g_strdup_printf("%s (process %d)\n", holder, (int)getpid());
	return ftruncate(descriptor, 0) == 0 && write_all(descriptor, words, strlen(words));
}

int
till_file_lock(const char *path, const char *holder, GError **error)
{
	int descriptor = open_retrying(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (descriptor < 0) {
		fail(error, errno, "open the lock", path);
		return -1;
	}
	int result;
	do {
		result = flock(descriptor, LOCK_EX | LOCK_NB);
	} while (result != 0 && errno == EINTR);
	if (result == 0 && write_holder(descriptor, holder))
		return descriptor;

	int number = errno;
	if (result != 0 && number == EWOULDBLOCK)
		refuse_taken(descriptor, path, error);
	else
		fail(error, number, "lock", path);
	(void)close(descriptor);
	return -1;
}

void
till_file_unlock(int descriptor)
{
	if (descriptor >= 0)
		(void)close(descriptor);
}

gboolean
till_file_free_bytes(const char *path, guint64 *out_bytes, GError **error)
{
	struct statvfs status;
	if (statvfs(path, &status) != 0)
		return fail(error, errno, "measure the free space at", path);
	*out_bytes = (guint64)status.f_bavail * status.f_frsize;
	return TRUE;
}
