/* SPDX-License-Identifier: Apache-2.0 */
#include "salvage-log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_BYTES 32
#define FRAME_BYTES 24
#define MAGIC 0x377f0682 /* the lowest bit says that checksums are of big-endian words */
#define PAGE_SIZE_USUAL 4096
#define PAGE_SIZE_MAX 65536
#define PAGE_SIZE_MIN 512

struct TillSalvageLog {
	int descriptor; /* -1: there is no log */
	gsize page_size;
	guint64 size;
	gboolean is_big_endian;
	guint8 salt[8];
	guint32 last_page;
	gboolean is_torn;
	GHashTable *frames; /* page number to frame index + 1 */
};

typedef struct {
	guint32 a, b;
} Sum;

static guint32
get_32(const guint8 *at)
{
	return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static gboolean
read_at(const TillSalvageLog *log, guint8 *to, gsize size, guint64 offset)
{
	gsize done = 0;
	while (done < size) {
		ssize_t got =
		    pread(log->descriptor, to + done, size - done, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return FALSE;
		done += (gsize)got;
	}
	return TRUE;
}

/* size is a multiple of 8. */
static Sum
add_sum(const TillSalvageLog *log, Sum sum, const guint8 *data, gsize size)
{
	for (gsize i = 0; i < size; i += 8) {
		guint32 first = get_32(data + i);
		guint32 second = get_32(data + i + 4);
		if (!log->is_big_endian) {
			first = GUINT32_SWAP_LE_BE(first);
			second = GUINT32_SWAP_LE_BE(second);
		}
		sum.a += first + sum.b;
		sum.b += second + sum.a;
	}
	return sum;
}

static Sum
get_sum(const guint8 *at)
{
	return (Sum){get_32(at), get_32(at + 4)};
}

static gboolean
is_sum(Sum a, Sum b)
{
	return a.a == b.a && a.b == b.b;
}

static gboolean
is_page_size(guint32 size)
{
	return size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX && (size & (size - 1)) == 0;
}

/* TRUE when the header is sound; out_sum is then its own, which the first frame goes on from. */
static gboolean
read_header(TillSalvageLog *log, Sum *out_sum)
{
	guint8 header[HEADER_BYTES];
	if (!read_at(log, header, sizeof header, 0))
		return FALSE;
	log->is_big_endian = (header[3] & 1) != 0;
	*out_sum = add_sum(log, (Sum){0, 0}, header, HEADER_BYTES - 8);
	guint32 page_size = get_32(header + 8);
	if ((get_32(header) & ~1U) != MAGIC || !is_page_size(page_size) ||
	    !is_sum(*out_sum, get_sum(header + 24))) {
		log->is_big_endian = FALSE;
		return FALSE;
	}
	log->page_size = page_size;
	memcpy(log->salt, header + 16, sizeof log->salt);
	return TRUE;
}

static guint64
frame_offset(const TillSalvageLog *log, guint64 frame)
{
	return HEADER_BYTES + frame * (FRAME_BYTES + log->page_size);
}

typedef struct {
	guint32 number;
	gboolean is_commit;
	gboolean is_sound;
	Sum sum; /* as it is written in the frame */
} Frame;

static Frame
judge_frame(const TillSalvageLog *log, guint8 *bytes, gboolean has_before, Sum before)
{
	Frame frame = {get_32(bytes), get_32(bytes + 4) != 0, FALSE, get_sum(bytes + 16)};
	Sum sum = add_sum(log, before, bytes, 8);
	sum = add_sum(log, sum, bytes + FRAME_BYTES, log->page_size);
	frame.is_sound = has_before && frame.number != 0 && frame.number <= G_MAXINT32 &&
			 memcmp(bytes + 8, log->salt, sizeof log->salt) == 0 &&
			 is_sum(sum, frame.sum);
	return frame;
}

/* What stands behind the last commit is taken only when that commit has been seen. */
static void
take_frames(TillSalvageLog *log, GHashTable *waiting)
{
	GHashTableIter iter;
	gpointer number;
	gpointer frame;
	g_hash_table_iter_init(&iter, waiting);
	while (g_hash_table_iter_next(&iter, &number, &frame)) {
		g_hash_table_insert(log->frames, number, frame);
		log->last_page = MAX(log->last_page, GPOINTER_TO_UINT(number));
	}
	g_hash_table_remove_all(waiting);
}

/* What a walk over the frames has seen. A transaction is synced before the next one is written, so
 * a frame that follows a commit behind a broken one was written when that commit was on the disk:
 * only the disk can have lost the broken one since. A single commit there may be the one that a
 * power cut interrupted. */
typedef struct {
	gboolean broken;
	gboolean commit_behind;
} Seen;

static void
note_frame(TillSalvageLog *log, Seen *seen, const Frame *frame)
{
	log->is_torn |= frame->is_sound && seen->commit_behind;
	seen->commit_behind |= frame->is_sound && frame->is_commit && seen->broken;
	seen->broken |= !frame->is_sound;
}

static void
read_frames(TillSalvageLog *log, gboolean has_header, Sum sum)
{
	g_autofree guint8 *bytes = g_malloc(FRAME_BYTES + log->page_size);
	g_autoptr(GHashTable) waiting = g_hash_table_new(NULL, NULL);
	gboolean has_before = has_header;
	Seen seen = {FALSE, FALSE};
	for (guint64 i = 0; frame_offset(log, i + 1) <= log->size && i < G_MAXINT32; i++) {
		if (!read_at(log, bytes, FRAME_BYTES + log->page_size, frame_offset(log, i))) {
			has_before = FALSE;
			seen.broken = TRUE;
			continue;
		}
		if (i == 0 && !has_header)
			memcpy(log->salt, bytes + 8, sizeof log->salt);
		Frame frame = judge_frame(log, bytes, has_before, sum);
		sum = frame.sum;
		has_before = TRUE;
		note_frame(log, &seen, &frame);
		if (!frame.is_sound)
			continue;
		g_hash_table_insert(waiting, GUINT_TO_POINTER(frame.number),
				    GUINT_TO_POINTER((guint)i + 1));
		if (frame.is_commit)
			take_frames(log, waiting);
	}
}

TillSalvageLog *
till_salvage_log_open(const char *path)
{
	TillSalvageLog *log = g_new0(TillSalvageLog, 1);
	struct stat status;
	Sum sum = {0, 0};
	log->frames = g_hash_table_new(NULL, NULL);
	log->page_size = PAGE_SIZE_USUAL;
	log->descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (log->descriptor < 0 || fstat(log->descriptor, &status) != 0)
		return log;
	log->size = (guint64)status.st_size;
	gboolean has_header = read_header(log, &sum);
	read_frames(log, has_header, sum);
	return log;
}

void
till_salvage_log_free(TillSalvageLog *log)
{
	if (log == NULL)
		return;
	if (log->descriptor >= 0)
		(void)close(log->descriptor);
	g_hash_table_unref(log->frames);
	g_free(log);
}

gboolean
till_salvage_log_is_torn(const char *path)
{
	TillSalvageLog *log = till_salvage_log_open(path);
	gboolean is_torn = log->is_torn;
	till_salvage_log_free(log);
	return is_torn;
}

gsize
till_salvage_log_page_size(const TillSalvageLog *log)
{
	return g_hash_table_size(log->frames) > 0 ? log->page_size : 0;
}

guint32
till_salvage_log_last_page(const TillSalvageLog *log)
{
	return log->last_page;
}

gboolean
till_salvage_log_read(const TillSalvageLog *log, guint32 number, guint8 *page)
{
	guint frame = GPOINTER_TO_UINT(g_hash_table_lookup(log->frames, GUINT_TO_POINTER(number)));
	return frame > 0 &&
	       read_at(log, page, log->page_size, frame_offset(log, frame - 1) + FRAME_BYTES);
}
