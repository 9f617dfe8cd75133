/* SPDX-License-Identifier: Apache-2.0 */

/* tillhouse-scand: reads codes from pictures for the program that started it, and for nobody else.
 *
 * Standard input is a socket: questions come and answers go over it, as scan-protocol.h says. A
 * question that is none ends the program with code 2, the end of the questions with code 0. */

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "code-reader.h"
#include "picture.h"
#include "scan-protocol.h"

#define SOCKET STDIN_FILENO

/* What a picture may make of this process is kept small: it writes no file and no core, and gets no
 * rights by what it runs. Each limit that the kernel refuses leaves the others. */
static void
fence_in(void)
{
	static const struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_FSIZE, &none) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		g_printerr("tillhouse-scand: not fenced in (%s)\n", g_strerror(errno));
}

/* FALSE when the other side is gone. */
static gboolean
read_all(guint8 *bytes, gsize size)
{
	while (size > 0) {
		gssize got = read(SOCKET, bytes, size);
		if (got == 0 || (got < 0 && errno != EINTR))
			return FALSE;
		if (got > 0) {
			bytes += got;
			size -= (gsize)got;
		}
	}
	return TRUE;
}

static gboolean
write_all(const char *text)
{
	while (*text != '\0') {
		gssize sent = send(SOCKET, text, strlen(text), MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR)
			return FALSE;
		if (sent > 0)
			text += sent;
	}
	return TRUE;
}

static GPtrArray *
read_codes(TillCodeReader *reader, const TillScanProtocolHead *head, const guint8 *body,
	   GError **error)
{
	if (head->kind == TILL_SCAN_PROTOCOL_FRAME) {
		g_autoptr(TillImage) frame = till_image_from_frame(
		    head->width, head->height, head->width, body, head->body_size, error);
		if (frame == NULL)
			return NULL;
		return till_code_reader_read_frame(reader, frame, head->at_ms);
	}
	g_autofree char *path = g_strndup((const char *)body, head->body_size);
	g_autoptr(TillImage) image = till_picture_load(path, error);
	if (image == NULL)
		return NULL;
	return till_code_reader_read_still(
	    reader, image, head->all_stages ? TILL_CODE_STAGES_ALL : TILL_CODE_STAGES_RAW);
}

static char *
answer(TillCodeReader *reader, const TillScanProtocolHead *head, const guint8 *body)
{
	g_autoptr(GError) error = NULL;
	gint64 begin_us = g_get_monotonic_time();
	g_autoptr(GPtrArray) codes = read_codes(reader, head, body, &error);

	if (codes == NULL)
		return till_scan_protocol_write_error(error->message);
	/* Rounded up: no picture took no time. */
	return till_scan_protocol_write_codes(codes,
					      (g_get_monotonic_time() - begin_us + 999) / 1000);
}

int
main(void)
{
	g_autoptr(TillCodeReader) reader = till_code_reader_new(TRUE);
	guint8 bytes[TILL_SCAN_PROTOCOL_HEAD];

	fence_in();
	while (read_all(bytes, sizeof bytes)) {
		TillScanProtocolHead head;
		g_autoptr(GError) error = NULL;
		if (!till_scan_protocol_read_head(bytes, &head, &error)) {
			g_printerr("tillhouse-scand: %s\n", error->message);
			return 2;
		}
		g_autofree guint8 *body = g_malloc(head.body_size);
		if (!read_all(body, head.body_size))
			break;
		g_autofree char *line = answer(reader, &head, body);
		if (!write_all(line))
			break;
	}
	return 0;
}
