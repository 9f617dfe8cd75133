/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "messages.h"
#include "text.h"

/* Every limit on time but connecting is kept here by the given clock, not by libcurl, so that tests
 * own time. libcurl is only asked to move bytes; curl_multi_poll wakes at least once a second while
 * anything is under way, and the limits are looked at then. */

#define CONNECT_TIMEOUT_MS 5000L
#define STALL_MS 20000         /* 20 s */
#define STALL_BYTES 2000       /* 100 bytes/s over STALL_MS */
#define TOTAL_BASE_MS 30000    /* 30 s */
#define BYTES_PER_SECOND 10240 /* 10 KiB */
#define LOOK_EVERY_MS 1000
#define UPLOAD_BUFFER (512L * 1024)
#define DOWNLOAD_BUFFER (256L * 1024)

struct TillHttp {
	CURLM *multi;
	const TillClock *clock;
	char *base_url;
	char *ca_pem;
	gboolean plain;
	TillHttpTrust trust;
	GPtrArray *active; /* of TillHttpRequest, owned */
};

struct TillHttpRequest {
	TillHttp *http; /* borrowed: outlives the request */
	CURL *easy;
	struct curl_slist *headers;
	GBytes *body;
	TillHttpAnswer answer;
	gsize answer_max;
	char *download_path;
	int download; /* descriptor, or −1 */
	TillHttpData data;
	TillHttpDone done;
	gpointer user;
	GDestroyNotify user_free;
	gint64 heartbeat_ms;
	gint64 started_ms;
	gint64 moved;      /* bytes in and out */
	gint64 mark_moved; /* at the last mark */
	gint64 mark_ms;    /* when the rate was last enough */
	char retry_after[64];
	char date[64];
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void
init_curl(void)
{
	CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

	g_assert(code == CURLE_OK);
}

TillHttp *
till_http_new(const char *base_url, const char *ca_pem, TillHttpTrust trust, const TillClock *clock,
	      GError **error)
{
	gboolean plain;

	pthread_once(&curl_once, init_curl);
	if (!till_http_check_url(base_url, &plain, error))
		return NULL;
	if (!plain && trust == TILL_HTTP_PINNED && (ca_pem == NULL || ca_pem[0] == '\0')) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_DENIED,
				    "There is no certificate to check the central with. Enrol this "
				    "till again.");
		return NULL;
	}
	TillHttp *http = g_new0(TillHttp, 1);
	http->multi = curl_multi_init();
	g_assert(http->multi != NULL);
	http->clock = clock;
	http->base_url = g_strdup(base_url);
	if (g_str_has_suffix(http->base_url, "/"))
		http->base_url[strlen(http->base_url) - 1] = '\0';
	http->ca_pem = g_strdup(ca_pem);
	http->plain = plain;
	http->trust = trust;
	http->active = g_ptr_array_new();
	return http;
}

static void
free_request(TillHttpRequest *request)
{
	curl_multi_remove_handle(request->http->multi, request->easy);
	curl_easy_cleanup(request->easy);
	curl_slist_free_all(request->headers);
	if (request->download >= 0)
		close(request->download);
	g_clear_pointer(&request->body, g_bytes_unref);
	g_byte_array_unref(request->answer.body);
	g_free(request->download_path);
	if (request->user_free != NULL)
		request->user_free(request->user);
	g_free(request);
}

void
till_http_free(TillHttp *http)
{
	if (http == NULL)
		return;
	for (guint i = 0; i < http->active->len; i++)
		free_request(g_ptr_array_index(http->active, i));
	g_ptr_array_unref(http->active);
	curl_multi_cleanup(http->multi);
	g_free(http->base_url);
	g_free(http->ca_pem);
	g_free(http);
}

static void
take_header(const char *line, gsize size, const char *name, char *out, gsize out_size)
{
	gsize length = strlen(name);

	if (size <= length || line[length] != ':' || g_ascii_strncasecmp(line, name, length) != 0)
		return;
	g_autofree char *value = g_strndup(line + length + 1, size - length - 1);
	g_strlcpy(out, g_strstrip(value), out_size);
}

static size_t
header_cb(char *line, size_t unit, size_t count, void *user)
{
	TillHttpRequest *request = user;
	TillHttpAnswer *answer = &request->answer;
	gsize size = unit * count;

	take_header(line, size, TILL_WIRE_SERVER_HEADER, answer->server, sizeof answer->server);
	take_header(line, size, TILL_WIRE_HASH_HEADER, answer->hash, sizeof answer->hash);
	take_header(line, size, "Content-Type", answer->content_type, sizeof answer->content_type);
	take_header(line, size, "Retry-After", request->retry_after, sizeof request->retry_after);
	take_header(line, size, "Date", request->date, sizeof request->date);
	return size;
}

static gboolean
write_download(TillHttpRequest *request, const char *bytes, gsize size)
{
	if (request->download < 0)
		request->download =
		    open(request->download_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while (request->download >= 0 && size > 0) {
		ssize_t written = write(request->download, bytes, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break;
		bytes += written;
		size -= (gsize)written;
	}
	if (request->download >= 0 && size == 0)
		return TRUE;
	(void)g_snprintf(request->answer.trouble, sizeof request->answer.trouble,
			 "The download cannot be written: %s. Free some space.", g_strerror(errno));
	return FALSE;
}

/* Returning another size than was offered makes libcurl give up the transfer. */
static size_t
write_cb(char *bytes, size_t unit, size_t count, void *user)
{
	TillHttpRequest *request = user;
	gsize size = unit * count;
	long status = 0;

	request->moved += (gint64)size;
	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
	if (request->data != NULL && status == 200) {
		request->data(bytes, size, request->user);
		return size;
	}
	gboolean is_download = request->download_path != NULL && status == 200;
	gsize held = is_download ? (gsize)request->moved : request->answer.body->len + size;
	if (held > request->answer_max) {
		(void)g_snprintf(request->answer.trouble, sizeof request->answer.trouble,
				 "The answer is larger than %" G_GSIZE_FORMAT " bytes.",
				 request->answer_max);
		return 0;
	}
	if (is_download)
		return write_download(request, bytes, size) ? size : 0;
	g_byte_array_append(request->answer.body, (const guint8 *)bytes, (guint)size);
	return size;
}

static void
set_trust(TillHttpRequest *request)
{
	TillHttp *http = request->http;
	CURL *easy = request->easy;

	if (http->plain) {
		/* What the environment names as a proxy is not this machine. */
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
		return;
	}
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* The distribution's bundle and directory of CAs would otherwise be trusted besides ours.
	 */
	curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	if (http->trust == TILL_HTTP_FIRST_CONTACT) {
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
		return;
	}
	struct curl_blob blob = {
	    .data = http->ca_pem, .len = strlen(http->ca_pem), .flags = CURL_BLOB_NOCOPY};
	curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
}

static void
set_headers(TillHttpRequest *request, const TillHttpOptions *options)
{
	/* No waiting for "100 Continue": the central takes what is within its limits. */
	request->headers = curl_slist_append(NULL, "Expect:");
	if (options->content_type != NULL) {
		g_autofree char *line = g_strconcat("Content-Type: ", options->content_type, NULL);
		request->headers = curl_slist_append(request->headers, line);
	}
	for (gsize i = 0; options->headers != NULL && options->headers[i] != NULL; i++)
		request->headers = curl_slist_append(request->headers, options->headers[i]);
	curl_easy_setopt(request->easy, CURLOPT_HTTPHEADER, request->headers);
}

static void
set_body(TillHttpRequest *request, const char *method)
{
	if (request->body != NULL) {
		gsize size;
		const void *bytes = g_bytes_get_data(request->body, &size);
		curl_easy_setopt(request->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(request->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
		curl_easy_setopt(request->easy, CURLOPT_POSTFIELDS, bytes);
	}
	curl_easy_setopt(request->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void
set_transfer(TillHttpRequest *request, const TillHttpOptions *options)
{
	CURL *easy = request->easy;
	g_autofree char *url = g_strconcat(request->http->base_url, options->target, NULL);

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* the target is signed as it stands */
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, request->http->plain ? "http" : "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, DOWNLOAD_BUFFER);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER);
	if (options->data == NULL)
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_cb);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, write_cb);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
}

TillHttpRequest *
till_http_start(TillHttp *http, const TillHttpOptions *options)
{
	TillHttpRequest *request = g_new0(TillHttpRequest, 1);

	request->http = http;
	request->easy = curl_easy_init();
	g_assert(request->easy != NULL);
	request->body = options->body != NULL ? g_bytes_ref(options->body) : NULL;
	request->answer.body = g_byte_array_new();
	request->answer.retry_after_s = -1;
	request->answer_max = options->answer_max;
	request->download_path = g_strdup(options->download_path);
	request->download = -1;
	request->data = options->data;
	request->done = options->done;
	request->user = options->user;
	request->user_free = options->user_free;
	request->heartbeat_ms = options->heartbeat_ms;
	request->started_ms = till_clock_mono_ms(http->clock);
	request->mark_ms = request->started_ms;
	set_transfer(request, options);
	set_trust(request);
	set_headers(request, options);
	set_body(request, options->method);
	g_ptr_array_add(http->active, request);
	CURLMcode code = curl_multi_add_handle(http->multi, request->easy);
	g_assert(code == CURLM_OK);
	return request;
}

void
till_http_cancel(TillHttpRequest *request)
{
	g_ptr_array_remove_fast(request->http->active, request);
	free_request(request);
}

/* Retry-After in seconds; a date counts from the answer's own Date, for our clock may be wrong. */
static gint64
parse_retry_after(const char *value, const char *date)
{
	if (value[0] == '\0')
		return -1;
	gint64 seconds;
	if (till_text_parse_int(value, 0, G_MAXINT64, &seconds))
		return MIN(seconds, G_MAXINT32);
	time_t until = curl_getdate(value, NULL);
	time_t now = curl_getdate(date, NULL);
	if (until < 0 || now < 0 || until < now)
		return -1;
	return (gint64)(until - now);
}

static const char *
words_for(CURLcode code)
{
	switch ((int)code) {
	case CURLE_COULDNT_CONNECT:
		return "The central does not answer. Check that it runs and that the network is "
		       "up.";
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return "The central's name is not known here. Check the network.";
	case CURLE_OPERATION_TIMEDOUT:
		return "The central took too long to answer.";
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return "Somebody else answers in the central's place: its certificate is not the "
		       "one this till knows.";
	case CURLE_SSL_CONNECT_ERROR:
		return "No secure connection could be made to the central; perhaps somebody else "
		       "answers in its place.";
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_PARTIAL_FILE:
		return "The connection to the central broke off.";
	default:
		return "The central's answer cannot be read.";
	}
}

static void
close_download(TillHttpRequest *request)
{
	if (request->download < 0)
		return;
	int result = close(request->download);
	request->download = -1;
	if (result != 0 && request->answer.trouble[0] == '\0')
		g_strlcpy(request->answer.trouble, "The download cannot be written.",
			  sizeof request->answer.trouble);
}

static void
finish_request(TillHttpRequest *request, CURLcode code)
{
	TillHttpAnswer *answer = &request->answer;
	curl_off_t pretransfer = 0;

	close_download(request);
	curl_easy_getinfo(request->easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer);
	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &answer->status);
	char *parameters = strchr(answer->content_type, ';');
	if (parameters != NULL)
		*parameters = '\0';
	g_strstrip(answer->content_type);
	for (char *p = answer->content_type; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	answer->retry_after_s = parse_retry_after(request->retry_after, request->date);
	answer->rtt_ms = till_clock_mono_ms(request->http->clock) - request->started_ms;
	answer->sent = pretransfer > 0;
	if (code != CURLE_OK || answer->trouble[0] != '\0') {
		answer->status = 0;
		answer->timed_out = answer->timed_out || code == CURLE_OPERATION_TIMEDOUT;
		if (answer->trouble[0] == '\0')
			g_strlcpy(answer->trouble, words_for(code), sizeof answer->trouble);
	}
	g_ptr_array_remove_fast(request->http->active, request);
	curl_multi_remove_handle(request->http->multi, request->easy);
	request->done(answer, request->user);
	free_request(request);
}

static gboolean
finish_done(TillHttp *http)
{
	gboolean any = FALSE;
	int left;
	const CURLMsg *message;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		TillHttpRequest *request = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
		finish_request(request, code);
		any = TRUE;
	}
	return any;
}

static gboolean
is_overdue(TillHttpRequest *request, gint64 now_ms)
{
	curl_off_t uploaded = 0;

	curl_easy_getinfo(request->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
	gint64 moved = request->moved + uploaded;
	if (request->data != NULL) {
		if (moved > request->mark_moved) {
			request->mark_moved = moved;
			request->mark_ms = now_ms;
		}
		return now_ms - request->mark_ms >= request->heartbeat_ms;
	}
	if (moved - request->mark_moved >= STALL_BYTES) {
		request->mark_moved = moved;
		request->mark_ms = now_ms;
	}
	gint64 total_ms = TOTAL_BASE_MS + moved * 1000 / BYTES_PER_SECOND;
	return now_ms - request->mark_ms >= STALL_MS || now_ms - request->started_ms >= total_ms;
}

static gboolean
end_overdue(TillHttp *http)
{
	gint64 now_ms = till_clock_mono_ms(http->clock);

	for (guint i = 0; i < http->active->len; i++) {
		TillHttpRequest *request = g_ptr_array_index(http->active, i);
		if (!is_overdue(request, now_ms))
			continue;
		request->answer.timed_out = TRUE;
		finish_request(request, CURLE_OPERATION_TIMEDOUT);
		return TRUE; /* done may have changed the list: look again on the next turn */
	}
	return FALSE;
}

void
till_http_poll(TillHttp *http, gint64 timeout_ms)
{
	int running = 0;

	curl_multi_perform(http->multi, &running);
	if (finish_done(http) || end_overdue(http))
		return;
	if (http->active->len > 0)
		timeout_ms = MIN(timeout_ms, LOOK_EVERY_MS);
	curl_multi_poll(http->multi, NULL, 0, (int)CLAMP(timeout_ms, 0, G_MAXINT32), NULL);
	curl_multi_perform(http->multi, &running);
	if (!finish_done(http))
		(void)end_overdue(http);
}

void
till_http_wake(TillHttp *http)
{
	curl_multi_wakeup(http->multi);
}

void
till_http_kick(TillHttp *http)
{
	int running = 0;

	curl_multi_perform(http->multi, &running);
}
