/* SPDX-License-Identifier: Apache-2.0 */
#include "salvage-file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "salvage-log.h"
#include "salvage-record.h"

/* The numbers below are those of SQLite's file format, version 3. */

#define HEADER_BYTES 100
#define HEADER_MAGIC "SQLite format 3"
#define PAGE_SIZE_USUAL 4096
#define PAGE_SIZE_MIN 512
#define PAGE_SIZE_MAX 65536
#define RESERVED_MAX 32
#define HEADER_AT_PAGE_SIZE 16
#define HEADER_AT_RESERVED 20
#define HEADER_AT_FREE_TRUNK 32
#define TRUNK_LEAVES_AT 8

#define LEAF_TABLE 0x0d
#define LEAF_INDEX 0x0a
#define INNER_INDEX 0x02
#define LEAF_HEADER_BYTES 8
#define INNER_HEADER_BYTES 12

struct TillSalvageFile {
	int descriptor;
	gsize page_size;
	gsize usable; /* of a page */
	guint32 pages;
	TillSalvageLog *log;
	GHashTable *free_pages; /* page numbers as pointers */
};

static guint32
get_16(const guint8 *at)
{
	return (guint32)at[0] << 8 | at[1];
}

static guint32
get_32(const guint8 *at)
{
	return get_16(at) << 16 | get_16(at + 2);
}

/* What the file no longer has, and what the disk does not give, is zeros. */
static void
read_at(int descriptor, guint8 *to, gsize size, guint64 offset)
{
	memset(to, 0, size);
	gsize done = 0;
	while (done < size) {
		ssize_t got = pread(descriptor, to + done, size - done, (off_t)(offset + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return;
		done += (gsize)got;
	}
}

static gboolean
read_page(TillSalvageFile *file, guint32 number, guint8 *page)
{
	if (number == 0 || number > file->pages)
		return FALSE;
	if (!till_salvage_log_read(file->log, number, page))
		read_at(file->descriptor, page, file->page_size,
			(guint64)(number - 1) * file->page_size);
	return TRUE;
}

static gboolean
is_page_size(gsize size)
{
	return size >= PAGE_SIZE_MIN && size <= PAGE_SIZE_MAX && (size & (size - 1)) == 0;
}

/* The header may be what is damaged; then the log knows, or it is what it always is. */
static void
choose_page_size(TillSalvageFile *file, const guint8 *header, gsize log_page_size)
{
	gsize size = get_16(header + HEADER_AT_PAGE_SIZE);
	gsize reserved = header[HEADER_AT_RESERVED];
	gboolean is_header = memcmp(header, HEADER_MAGIC, sizeof HEADER_MAGIC) == 0;
	if (size == 1)
		size = PAGE_SIZE_MAX;
	if (is_page_size(log_page_size))
		size = log_page_size;
	else if (!is_header || !is_page_size(size))
		size = PAGE_SIZE_USUAL;
	file->page_size = size;
	file->usable = size - (is_header && reserved <= RESERVED_MAX ? reserved : 0);
}

/* The free list is a chain of trunk pages that each name leaves. */
static void
read_free_list(TillSalvageFile *file)
{
	g_autofree guint8 *page = g_malloc(file->page_size);
	if (!read_page(file, 1, page) || memcmp(page, HEADER_MAGIC, sizeof HEADER_MAGIC) != 0)
		return;
	guint32 trunk = get_32(page + HEADER_AT_FREE_TRUNK);
	while (read_page(file, trunk, page) &&
	       g_hash_table_add(file->free_pages, GUINT_TO_POINTER(trunk))) {
		gsize count = get_32(page + 4);
		count = MIN(count, (file->usable - TRUNK_LEAVES_AT) / 4);
		for (gsize i = 0; i < count; i++) {
			guint32 leaf = get_32(page + TRUNK_LEAVES_AT + 4 * i);
			if (leaf > 1 && leaf <= file->pages)
				g_hash_table_add(file->free_pages, GUINT_TO_POINTER(leaf));
		}
		trunk = get_32(page);
	}
}

TillSalvageFile *
till_salvage_file_open(const char *path, const char *log, GError **error)
{
	g_autoptr(TillSalvageFile) file = g_new0(TillSalvageFile, 1);
	struct stat status;
	file->descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0) {
		int number = errno;
		g_set_error(error, TILL_ERROR,
			    number == ENOENT ? TILL_ERROR_NOT_FOUND : TILL_ERROR_DISK,
			    "Could not open %s: %s. Check the path and the disk.", path,
			    g_strerror(number));
		return NULL;
	}
	guint8 header[HEADER_BYTES];
	read_at(file->descriptor, header, sizeof header, 0);
	g_autofree char *usual_log = g_strconcat(path, "-wal", NULL);
	file->log = till_salvage_log_open(log != NULL ? log : usual_log);
	choose_page_size(file, header, till_salvage_log_page_size(file->log));
	guint64 own = ((guint64)status.st_size + file->page_size - 1) / file->page_size;
	file->pages = (guint32)MIN(MAX(own, till_salvage_log_last_page(file->log)), G_MAXINT32);
	file->free_pages = g_hash_table_new(NULL, NULL);
	read_free_list(file);
	return g_steal_pointer(&file);
}

void
till_salvage_file_free(TillSalvageFile *file)
{
	if (file == NULL)
		return;
	if (file->descriptor >= 0)
		(void)close(file->descriptor);
	till_salvage_log_free(file->log);
	g_clear_pointer(&file->free_pages, g_hash_table_unref);
	g_free(file);
}

/* How much of a payload stands in its cell; the rest lies in a chain of pages. */
static gsize
local_size(const TillSalvageFile *file, gboolean is_table, gsize payload)
{
	gsize usable = file->usable;
	gsize most = is_table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
	gsize least = (usable - 12) * 32 / 255 - 23;
	if (payload <= most)
		return payload;
	gsize wanted = least + (payload - least) % (usable - 4);
	return wanted <= most ? wanted : least;
}

static gboolean
follow_chain(TillSalvageFile *file, guint32 number, gsize size, GByteArray *payload)
{
	g_autofree guint8 *page = g_malloc(file->page_size);
	while (payload->len < size) {
		if (!read_page(file, number, page))
			return FALSE;
		gsize part = MIN(size - payload->len, file->usable - 4);
		g_byte_array_append(payload, page + 4, (guint)part);
		number = get_32(page);
	}
	return TRUE;
}

/* One page as it is walked. */
typedef struct {
	TillSalvageFile *file;
	const guint8 *bytes;
	guint32 number;
	guint cells;
	gsize header; /* bytes before the cell pointers */
	guint8 type;
} Page;

static gboolean
look_at(TillSalvageFile *file, guint32 number, const guint8 *bytes, Page *out)
{
	*out = (Page){.file = file, .bytes = bytes, .number = number, .type = bytes[0]};
	if (out->type != LEAF_TABLE && out->type != LEAF_INDEX && out->type != INNER_INDEX)
		return FALSE;
	out->header = out->type == INNER_INDEX ? INNER_HEADER_BYTES : LEAF_HEADER_BYTES;
	out->cells = get_16(bytes + 3);
	return out->header + 2 * (gsize)out->cells <= file->usable;
}

static gboolean
read_payload(const Page *page, gsize at, gsize size, GByteArray *payload)
{
	TillSalvageFile *file = page->file;
	gsize local = local_size(file, page->type == LEAF_TABLE, size);
	gboolean has_chain = local < size;
	if (at > file->usable || local + (has_chain ? 4 : 0) > file->usable - at)
		return FALSE;
	g_byte_array_append(payload, page->bytes + at, (guint)local);
	return !has_chain || follow_chain(file, get_32(page->bytes + at + local), size, payload);
}

static gboolean
read_cell(const Page *page, guint cell, TillSalvageRecord *out)
{
	TillSalvageFile *file = page->file;
	gsize at = get_16(page->bytes + page->header + 2 * (gsize)cell);
	const guint8 *end = page->bytes + file->usable;
	guint64 size = 0;
	guint64 rowid = 0;
	if (at < page->header + 2 * (gsize)page->cells || at + 4 >= file->usable)
		return FALSE;
	const guint8 *next = page->bytes + at + (page->type == INNER_INDEX ? 4 : 0);
	if (!till_salvage_record_varint(&next, end, &size) || size == 0 ||
	    size > TILL_SALVAGE_PAYLOAD_MAX)
		return FALSE;
	if (page->type == LEAF_TABLE && !till_salvage_record_varint(&next, end, &rowid))
		return FALSE;
	*out = (TillSalvageRecord){
	    .place = {page->number, (guint16)cell},
	    .has_rowid = page->type == LEAF_TABLE,
	    .is_free = g_hash_table_contains(file->free_pages, GUINT_TO_POINTER(page->number)),
	    .rowid = (gint64)rowid,
	    .payload = g_byte_array_new(),
	};
	if (read_payload(page, (gsize)(next - page->bytes), (gsize)size, out->payload) &&
	    till_salvage_record_split(out))
		return TRUE;
	till_salvage_record_clear(out);
	return FALSE;
}

void
till_salvage_file_each(TillSalvageFile *file, TillSalvageVisit visit, gpointer user)
{
	g_autofree guint8 *bytes = g_malloc(file->page_size);
	Page page;
	/* The first page holds the schema, which is known. */
	for (guint32 number = 2; number <= file->pages; number++) {
		if (!read_page(file, number, bytes) || !look_at(file, number, bytes, &page))
			continue;
		for (guint cell = 0; cell < page.cells; cell++) {
			TillSalvageRecord record;
			if (!read_cell(&page, cell, &record))
				continue;
			visit(&record, user);
			till_salvage_record_clear(&record);
		}
	}
}

gboolean
till_salvage_file_read(TillSalvageFile *file, TillSalvagePlace place, TillSalvageRecord *out)
{
	g_autofree guint8 *bytes = g_malloc(file->page_size);
	Page page;
	return read_page(file, place.page, bytes) && look_at(file, place.page, bytes, &page) &&
	       place.cell < page.cells && read_cell(&page, place.cell, out);
}
