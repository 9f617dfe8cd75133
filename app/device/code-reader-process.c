/* SPDX-License-Identifier: Apache-2.0 */
#include "code-reader-process.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "scan-protocol.h"

#define PROGRAM "tillhouse-scand"
#define FRAME_MS 2000
#define STILL_MS 60000
#define CHUNK 4096
/* A process that is gone is mostly known to be within a millisecond. */
#define DEATH_WAITS 100
#define DEATH_WAIT_US 2000

struct TillCodeReaderProcess {
	char *program; /* owned; NULL: not found yet */
	gint64 frame_ms;
	gint64 still_ms;
	guint starts;
	GSubprocess *child; /* owned; NULL when none runs */
	int socket;         /* -1 when none runs */
	int stop;           /* an eventfd, readable for ever once it was interrupted */
};

TillCodeReaderProcess *
till_code_reader_process_new(const TillCodeReaderProcessConfig *config)
{
	TillCodeReaderProcess *process = g_new0(TillCodeReaderProcess, 1);

	process->program = g_strdup(config->program);
	process->frame_ms = config->frame_ms > 0 ? config->frame_ms : FRAME_MS;
	process->still_ms = config->still_ms > 0 ? config->still_ms : STILL_MS;
	process->socket = -1;
	/* Without one (all descriptors are taken) an interrupt waits for the frame. */
	process->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return process;
}

void
till_code_reader_process_interrupt(TillCodeReaderProcess *process)
{
	if (process->stop >= 0 && eventfd_write(process->stop, 1) != 0)
		g_message("The code reader cannot be interrupted (%s).", g_strerror(errno));
}

/* Ends the child and waits for it, which a kill makes short. Returns what it died of, for a person;
 * caller frees. */
static char *
stop(TillCodeReaderProcess *process)
{
	char *cause;

	if (process->socket >= 0)
		close(process->socket);
	process->socket = -1;
	if (process->child == NULL)
		return g_strdup("it did not run");
	g_subprocess_force_exit(process->child);
	gboolean waited = g_subprocess_wait(process->child, NULL, NULL);
	if (waited && g_subprocess_get_if_signaled(process->child))
		cause = g_strdup_printf("signal %d", g_subprocess_get_term_sig(process->child));
	else if (waited)
		cause =
		    g_strdup_printf("exit code %d", g_subprocess_get_exit_status(process->child));
	else
		cause = g_strdup("cause unknown");
	g_clear_object(&process->child);
	return cause;
}

void
till_code_reader_process_free(TillCodeReaderProcess *process)
{
	if (process == NULL)
		return;
	g_free(stop(process));
	if (process->stop >= 0)
		close(process->stop);
	g_free(process->program);
	g_free(process);
}

guint
till_code_reader_process_starts(const TillCodeReaderProcess *process)
{
	return process->starts;
}

/* ---- Starting ---- */

/* Beside the program that runs, where it lies in a build directory, and where it is installed. */
static char *
find_program(void)
{
	static const char *const places[] = {".", "../device", "../app/device", "../../app/device"};
	g_autofree char *own = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(own != NULL ? own : ".");

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(folder, places[i], PROGRAM, NULL);
		if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
			return g_steal_pointer(&path);
	}
	return g_strdup(TILL_LIBEXEC_DIR "/" PROGRAM);
}

static gboolean
start(TillCodeReaderProcess *process, GError **error)
{
	g_autoptr(GError) failure = NULL;
	int sockets[2];

	if (process->program == NULL)
		process->program = find_program();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "The code reader cannot be started (%s); close other programs.",
			    g_strerror(errno));
		return FALSE;
	}
	/* zbar reports its own troubles on standard error, where nobody could act on them. */
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
	    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_subprocess_launcher_take_stdin_fd(launcher, sockets[1]);
	process->child = g_subprocess_launcher_spawn(launcher, &failure, process->program, NULL);
	if (process->child == NULL) {
		close(sockets[0]);
		g_set_error(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
			    "The code reader %s cannot be started (%s); install it.",
			    process->program, failure->message);
		return FALSE;
	}
	process->socket = sockets[0];
	process->starts++;
	return TRUE;
}

/* ---- One exchange ---- */

typedef enum {
	TALK_OK,
	TALK_ENDED, /* the other side is gone */
	TALK_LATE,
	TALK_INTERRUPTED,
} Talk;

static Talk
wait_for(TillCodeReaderProcess *process, short events, gint64 deadline_us)
{
	for (;;) {
		struct pollfd polled[] = {{.fd = process->socket, .events = events},
					  {.fd = process->stop, .events = POLLIN}};
		/* Rounded up, so that the last millisecond is waited for too. */
		gint64 left_ms = (deadline_us - g_get_monotonic_time() + 999) / 1000;
		int ready;

		if (left_ms <= 0)
			return TALK_LATE;
		ready = poll(polled, G_N_ELEMENTS(polled), (int)MIN(left_ms, G_MAXINT));
		if (ready > 0 && polled[1].revents != 0)
			return TALK_INTERRUPTED;
		if (ready > 0)
			return TALK_OK;
		if (ready < 0 && errno != EINTR)
			return TALK_ENDED;
	}
}

static Talk
send_all(TillCodeReaderProcess *process, const guint8 *bytes, gsize size, gint64 deadline_us)
{
	while (size > 0) {
		Talk talk = wait_for(process, POLLOUT, deadline_us);
		if (talk != TALK_OK)
			return talk;
		gssize sent = send(process->socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (sent < 0 && errno != EINTR && errno != EAGAIN)
			return TALK_ENDED;
		if (sent > 0) {
			bytes += sent;
			size -= (gsize)sent;
		}
	}
	return TALK_OK;
}

/* Until a line feed, or until the line is longer than any answer. */
static Talk
receive_line(TillCodeReaderProcess *process, GString *line, gint64 deadline_us)
{
	while (line->len <= TILL_SCAN_PROTOCOL_ANSWER_MAX &&
	       (line->len == 0 || line->str[line->len - 1] != '\n')) {
		char chunk[CHUNK];
		Talk talk = wait_for(process, POLLIN, deadline_us);
		if (talk != TALK_OK)
			return talk;
		gssize got = recv(process->socket, chunk, sizeof chunk, MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
			return TALK_ENDED;
		if (got > 0)
			g_string_append_len(line, chunk, got);
	}
	return TALK_OK;
}

/* A process that let go of its socket is dying of something; killed at once, it would be said to
 * have died of that. */
static void
let_die(GSubprocess *child)
{
	for (guint i = 0; i < DEATH_WAITS && g_subprocess_get_identifier(child) != NULL; i++)
		g_usleep(DEATH_WAIT_US);
}

static void
explain(TillCodeReaderProcess *process, Talk talk, gint64 limit_ms, GError **error)
{
	if (talk == TALK_ENDED)
		let_die(process->child);
	g_autofree char *cause = stop(process);
	if (talk == TALK_LATE)
		g_set_error(error, TILL_ERROR, TILL_ERROR_BUSY,
			    "The code reader took longer than %" G_GINT64_FORMAT
			    " ms over a picture and was ended; it is started again with the next.",
			    limit_ms);
	else if (talk == TALK_INTERRUPTED)
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_STATE,
				    "The code reader was told to end; start the camera again.");
	else
		g_set_error(error, TILL_ERROR, TILL_ERROR_STATE,
			    "The code reader stopped over a picture (%s); it is started again with "
			    "the next.",
			    cause);
}

static GPtrArray *
ask(TillCodeReaderProcess *process, const TillScanProtocolHead *head, const guint8 *body,
    gint64 *out_ms, GError **error)
{
	gint64 limit_ms =
	    head->kind == TILL_SCAN_PROTOCOL_FRAME ? process->frame_ms : process->still_ms;
	gint64 deadline_us = g_get_monotonic_time() + limit_ms * 1000;
	guint8 bytes[TILL_SCAN_PROTOCOL_HEAD];
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GError) failure = NULL;

	if (process->child == NULL && !start(process, error))
		return NULL;
	till_scan_protocol_write_head(head, bytes);
	Talk talk = send_all(process, bytes, sizeof bytes, deadline_us);
	if (talk == TALK_OK)
		talk = send_all(process, body, head->body_size, deadline_us);
	if (talk == TALK_OK)
		talk = receive_line(process, line, deadline_us);
	if (talk != TALK_OK) {
		explain(process, talk, limit_ms, error);
		return NULL;
	}
	GPtrArray *codes = till_scan_protocol_read_answer(line->str, line->len, out_ms, &failure);
	if (codes == NULL && g_error_matches(failure, TILL_ERROR, TILL_ERROR_CORRUPT))
		g_free(stop(process)); /* nothing after nonsense can be trusted */
	if (codes == NULL)
		g_propagate_error(error, g_steal_pointer(&failure));
	return codes;
}

GPtrArray *
till_code_reader_process_read_frame(TillCodeReaderProcess *process, const TillImage *frame,
				    gint64 at_ms, GError **error)
{
	TillScanProtocolHead head = {
	    .kind = TILL_SCAN_PROTOCOL_FRAME,
	    .body_size = frame->width * frame->height,
	    .width = frame->width,
	    .height = frame->height,
	    .at_ms = at_ms,
	};
	return ask(process, &head, frame->pixels, NULL, error);
}

GPtrArray *
till_code_reader_process_read_picture(TillCodeReaderProcess *process, const char *path,
				      gboolean all_stages, gint64 *out_ms, GError **error)
{
	TillScanProtocolHead head = {.kind = TILL_SCAN_PROTOCOL_PICTURE, .all_stages = all_stages};
	gsize size = strlen(path);

	if (size == 0 || size > TILL_SCAN_PROTOCOL_PATH_MAX) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "A picture's name has 1 to %d bytes, not %" G_GSIZE_FORMAT ".",
			    TILL_SCAN_PROTOCOL_PATH_MAX, size);
		return NULL;
	}
	head.body_size = (guint32)size;
	return ask(process, &head, (const guint8 *)path, out_ms, error);
}
