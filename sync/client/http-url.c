/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <string.h>

#include "error.h"
#include "http.h"

static gboolean
is_loopback(const char *host)
{
	if (g_ascii_strcasecmp(host, "localhost") == 0)
		return TRUE;
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
	return address != NULL && g_inet_address_get_is_loopback(address);
}

gboolean
till_http_check_url(const char *url, gboolean *out_plain, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *path = uri != NULL ? g_uri_get_path(uri) : NULL;

	if (uri == NULL || g_uri_get_host(uri) == NULL || g_uri_get_host(uri)[0] == '\0' ||
	    g_uri_get_userinfo(uri) != NULL || g_uri_get_query(uri) != NULL ||
	    g_uri_get_fragment(uri) != NULL || (path[0] != '\0' && strcmp(path, "/") != 0)) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "“%s” is not the address of a central. Write it as https://host:port.",
			    url);
		return FALSE;
	}
	gboolean plain = g_strcmp0(g_uri_get_scheme(uri), "http") == 0;
	if (!plain && g_strcmp0(g_uri_get_scheme(uri), "https") != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "“%s” is not the address of a central. Write it as https://host:port.",
			    url);
		return FALSE;
	}
	if (plain && !is_loopback(g_uri_get_host(uri))) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DENIED,
			    "Plain http is allowed on this machine only (127.0.0.1), and “%s” is "
			    "another. Use https.",
			    url);
		return FALSE;
	}
	*out_plain = plain;
	return TRUE;
}
