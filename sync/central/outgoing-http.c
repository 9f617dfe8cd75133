/* SPDX-License-Identifier: Apache-2.0 */
#include "outgoing-http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <sys/socket.h>

#include "webhook-url.h"

#define CONNECT_MS_MAX 5000
#define ANSWER_MAX (64 * 1024)
#define RUN_MS_MAX 60000

struct TillOutgoingHttp {
	CURLM *multi;
	TillOutgoingHttpOptions options;
	char *ca_file;
	GPtrArray *calls; /* of Call, owned */
};

typedef struct {
	TillOutgoingHttp *http; /* borrowed */
	CURL *easy;
	struct curl_slist *headers;
	char *url;
	GBytes *body;
	gsize received;
	gboolean barred; /* an address was refused */
	char fault[CURL_ERROR_SIZE];
	gpointer tag;
} Call;

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void
init_curl(void)
{
	CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);

	g_assert(code == CURLE_OK);
}

static void
free_call(gpointer data)
{
	Call *call = data;

	curl_multi_remove_handle(call->http->multi, call->easy);
	curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->headers);
	g_bytes_unref(call->body);
	g_free(call->url);
	g_free(call);
}

TillOutgoingHttp *
till_outgoing_http_new(const TillOutgoingHttpOptions *options)
{
	TillOutgoingHttp *http = g_new0(TillOutgoingHttp, 1);

	pthread_once(&curl_once, init_curl);
	http->multi = curl_multi_init();
	g_assert(http->multi != NULL);
	http->options = *options;
	http->ca_file = g_strdup(options->ca_file);
	http->calls = g_ptr_array_new_with_free_func(free_call);
	return http;
}

void
till_outgoing_http_free(TillOutgoingHttp *http)
{
	if (http == NULL)
		return;
	g_ptr_array_unref(http->calls);
	curl_multi_cleanup(http->multi);
	g_free(http->ca_file);
	g_free(http);
}

guint
till_outgoing_http_under_way(const TillOutgoingHttp *http)
{
	return http->calls->len;
}

/* The last moment at which it is known where a name really leads. */
static curl_socket_t
open_socket_cb(void *user, curlsocktype purpose G_GNUC_UNUSED, struct curl_sockaddr *address)
{
	Call *call = user;

	if (!till_webhook_url_allows(call->url, &address->addr, call->http->options.private_too)) {
		call->barred = TRUE;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
drop_cb(char *data G_GNUC_UNUSED, size_t unit, size_t count, void *user)
{
	Call *call = user;

	call->received += unit * count;
	return call->received > ANSWER_MAX ? 0 : unit * count;
}

static void
set_up(Call *call)
{
	const TillOutgoingHttpOptions *options = &call->http->options;
	gsize size;
	const char *body = g_bytes_get_data(call->body, &size);

	curl_easy_setopt(call->easy, CURLOPT_URL, call->url);
	curl_easy_setopt(call->easy, CURLOPT_PROTOCOLS_STR,
			 till_webhook_url_is_loopback(call->url) ? "http,https" : "https");
	curl_easy_setopt(call->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(call->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(call->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (call->http->ca_file != NULL)
		curl_easy_setopt(call->easy, CURLOPT_CAINFO, call->http->ca_file);
	curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
	curl_easy_setopt(call->easy, CURLOPT_USERAGENT, "Tillhouse/" TILL_VERSION);
	curl_easy_setopt(call->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)MIN(CONNECT_MS_MAX, options->patience_ms));
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, (long)options->patience_ms);
	curl_easy_setopt(call->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket_cb);
	curl_easy_setopt(call->easy, CURLOPT_OPENSOCKETDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, drop_cb);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->fault);
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
}

void
till_outgoing_http_post(TillOutgoingHttp *http, const char *url, const char *const *headers,
			GBytes *body, gpointer tag)
{
	Call *call = g_new0(Call, 1);
	CURLMcode code;

	call->http = http;
	call->easy = curl_easy_init();
	g_assert(call->easy != NULL);
	call->url = g_strdup(url);
	call->body = g_bytes_ref(body);
	call->tag = tag;
	for (const char *const *header = headers; *header != NULL; header++)
		call->headers = curl_slist_append(call->headers, *header);
	set_up(call);
	code = curl_multi_add_handle(http->multi, call->easy);
	g_assert(code == CURLM_OK);
	g_ptr_array_add(http->calls, call);
}

/* Why no answer counts. Caller frees. */
static char *
describe(const Call *call, CURLcode code, long status)
{
	if (call->barred)
		return g_strdup("The name leads to an address where webhooks may not go.");
	if (status == 0)
		return g_strdup_printf("No answer: %s.", call->fault[0] != '\0'
							     ? call->fault
							     : curl_easy_strerror(code));
	if (status >= 300 && status <= 399)
		return g_strdup_printf("Answered %ld; redirects are not followed.", status);
	return g_strdup_printf("Answered %ld.", status);
}

static void
finish(TillOutgoingHttp *http, const CURLMsg *message, TillOutgoingHttpDone done, gpointer user)
{
	TillOutgoingHttpResult result = {.reason = ""};
	g_autofree char *reason = NULL;
	curl_off_t wait = 0;
	long status = 0;
	char *data = NULL;
	Call *call;

	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &data);
	curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(message->easy_handle, CURLINFO_RETRY_AFTER, &wait);
	call = (Call *)(gpointer)data;
	/* An answer that went on for too long has been given all the same. */
	if (message->data.result != CURLE_OK && message->data.result != CURLE_WRITE_ERROR)
		status = 0;
	if (status < 200 || status > 299) {
		reason = describe(call, message->data.result, status);
		result.reason = reason;
	}
	result.status = (int)status;
	result.retry_after_s = wait;
	done(call->tag, &result, user);
	g_ptr_array_remove_fast(http->calls, call);
}

void
till_outgoing_http_run(TillOutgoingHttp *http, gint64 wait_ms, TillOutgoingHttpDone done,
		       gpointer user)
{
	int running = 0;
	int left;
	CURLMsg *message;

	curl_multi_perform(http->multi, &running);
	if (running == (int)http->calls->len)
		curl_multi_poll(http->multi, NULL, 0, (int)CLAMP(wait_ms, 0, RUN_MS_MAX), NULL);
	curl_multi_perform(http->multi, &running);
	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg == CURLMSG_DONE)
			finish(http, message, done, user);
	}
}

void
till_outgoing_http_wake(TillOutgoingHttp *http)
{
	curl_multi_wakeup(http->multi);
}
