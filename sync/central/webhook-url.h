/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Where webhooks may go: to https anywhere on the public internet, and to this machine itself when
 * the address says so outright. Nobody who may add a webhook can make the central knock at the
 * doors of the network it stands in, whatever a name resolves to at the moment of the call.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

struct sockaddr;

#define TILL_WEBHOOK_URL_MAX 1024

/* TILL_ERROR_INVALID with what to do: not https (http to 127.0.0.0/8, [::1] or localhost is good
 * too), a name and password inside, a fragment, no host; an address of a private network that is
 * written out and private_too is not set. */
gboolean till_webhook_url_check(const char *url, gboolean private_too,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the host of a checked URL is this machine, written out. */
gboolean till_webhook_url_is_loopback(const char *url);

/* Whether a call to url may be put through to this address: looked at for each connection, after
 * the name was resolved. private_too: also to the networks of RFC 1918 and their like; never to
 * multicast, to link-local addresses (where clouds answer with their secrets) or to nowhere. */
gboolean till_webhook_url_allows(const char *url, const struct sockaddr *address,
				 gboolean private_too);

G_END_DECLS
