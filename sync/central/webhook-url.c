/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook-url.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "error.h"

typedef enum {
	KIND_PUBLIC,
	KIND_LOOPBACK,
	KIND_PRIVATE, /* somebody's own network */
	KIND_NEVER,   /* nothing there is a receiver */
} Kind;

/* First fit decides. */
static const struct {
	guint32 net;
	int bits;
	Kind kind;
} ranges[] = {
    {0x7f000000, 8, KIND_LOOPBACK}, {0x00000000, 8, KIND_NEVER},    {0x0a000000, 8, KIND_PRIVATE},
    {0x64400000, 10, KIND_PRIVATE}, {0xa9fe0000, 16, KIND_NEVER},   {0xac100000, 12, KIND_PRIVATE},
    {0xc0000000, 24, KIND_NEVER},   {0xc0a80000, 16, KIND_PRIVATE}, {0xc6120000, 15, KIND_PRIVATE},
    {0xe0000000, 3, KIND_NEVER},
};

static Kind
judge_four(guint32 address)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++) {
		if ((address ^ ranges[i].net) >> (32 - ranges[i].bits) == 0)
			return ranges[i].kind;
	}
	return KIND_PUBLIC;
}

static guint32
read_four(const guint8 *bytes)
{
	guint32 value;

	memcpy(&value, bytes, sizeof value);
	return ntohl(value);
}

static Kind
judge_six(const struct in6_addr *address)
{
	static const guint8 nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	const guint8 *bytes = address->s6_addr;

	if (IN6_IS_ADDR_LOOPBACK(address))
		return KIND_LOOPBACK;
	if (IN6_IS_ADDR_V4MAPPED(address) || memcmp(bytes, nat64, sizeof nat64) == 0)
		return judge_four(read_four(bytes + 12));
	if (bytes[0] == 0x20 && bytes[1] == 0x02) /* 6to4 */
		return judge_four(read_four(bytes + 2));
	if ((bytes[0] & 0xfe) == 0xfc || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0))
		return KIND_PRIVATE;
	/* Global unicast is 2000::/3; what is left is link-local, multicast, unspecified, reserved.
	 */
	return (bytes[0] & 0xe0) == 0x20 ? KIND_PUBLIC : KIND_NEVER;
}

static Kind
judge_address(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, address, sizeof four);
		return judge_four(ntohl(four.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 six;
		memcpy(&six, address, sizeof six);
		return judge_six(&six.sin6_addr);
	}
	return KIND_NEVER;
}

/* What a host says by itself, as libcurl reads it; names say nothing but "localhost". */
static Kind
judge_host(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (g_ascii_strcasecmp(host, "localhost") == 0)
		return KIND_LOOPBACK;
	/* Also in the short and octal forms that a resolver takes: 127.1, 0x7f000001. */
	if (inet_aton(host, &four) != 0)
		return judge_four(ntohl(four.s_addr));
	if (inet_pton(AF_INET6, host, &six) == 1)
		return judge_six(&six);
	return KIND_PUBLIC;
}

/* NULL: not a URL with a host. */
static GUri *
read_url(const char *url)
{
	GUri *uri = strlen(url) <= TILL_WEBHOOK_URL_MAX
			? g_uri_parse(url, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL)
			: NULL;

	if (uri != NULL && (g_uri_get_host(uri) == NULL || g_uri_get_host(uri)[0] == '\0'))
		g_clear_pointer(&uri, g_uri_unref);
	return uri;
}

/* NULL: it may be used; else what is wrong with it. Static. */
static const char *
find_fault(GUri *uri, gboolean private_too)
{
	Kind kind = judge_host(g_uri_get_host(uri));
	gboolean https = strcmp(g_uri_get_scheme(uri), "https") == 0;

	if (!https && strcmp(g_uri_get_scheme(uri), "http") != 0)
		return "begins with neither https:// nor http://";
	if (g_uri_get_userinfo(uri) != NULL)
		return "holds a name or password; the signature proves who calls";
	if (g_uri_get_fragment(uri) != NULL)
		return "has a part behind #, which is never sent";
	if (!https && kind != KIND_LOOPBACK)
		return "is plain http; use https (http is for this machine only)";
	if (kind == KIND_NEVER)
		return "names an address where no receiver can be";
	if (kind == KIND_PRIVATE && !private_too)
		return "names an address of a private network; start the central with "
		       "--webhooks-private to allow that";
	return NULL;
}

gboolean
till_webhook_url_check(const char *url, gboolean private_too, GError **error)
{
	GUri *uri = read_url(url);
	const char *fault = "is no address; write it like https://shop.example/hooks";
	gboolean printable = TRUE;

	for (const char *p = url; *p != '\0'; p++)
		printable = printable && g_ascii_isgraph(*p);
	if (uri != NULL && printable)
		fault = find_fault(uri, private_too);
	g_clear_pointer(&uri, g_uri_unref);
	if (fault == NULL)
		return TRUE;
	g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID, "The url %s.", fault);
	return FALSE;
}

gboolean
till_webhook_url_is_loopback(const char *url)
{
	GUri *uri = read_url(url);
	gboolean loopback = uri != NULL && judge_host(g_uri_get_host(uri)) == KIND_LOOPBACK;

	g_clear_pointer(&uri, g_uri_unref);
	return loopback;
}

gboolean
till_webhook_url_allows(const char *url, const struct sockaddr *address, gboolean private_too)
{
	Kind kind = judge_address(address);

	if (kind == KIND_LOOPBACK)
		return till_webhook_url_is_loopback(url);
	return kind == KIND_PUBLIC || (kind == KIND_PRIVATE && private_too);
}
