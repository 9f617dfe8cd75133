/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The command line: tillhouse-central --data DIR VERB …
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

typedef struct {
	char *data;
	char *verb;
	char **arguments; /* of the verb; NULL-terminated */
	gboolean json;
	int last;        /* promotion-test: sales; 0: not said */
	gboolean prices; /* check: every sale once more */
	gboolean version;
	/* serve */
	char *listen; /* "127.0.0.1:8443" */
	gboolean tls;
	char **names;     /* nullable: host names tills will use */
	char *public_url; /* nullable: where shoppers reach the central, "https://shop.example" */
	gboolean webhooks_private;
	int webhooks_wait_ms;     /* longest between two tries; 0: not said */
	int webhooks_patience_ms; /* with an answer; 0: not said */
	char *webhooks_ca;        /* nullable: a file of certificates */
	/* rules */
	char *basket; /* nullable: a file */
	/* channel-key */
	char *channel; /* nullable */
	gboolean revoke;
	gboolean list;
	/* import */
	char *currency; /* nullable */
	char *store;    /* nullable */
} TillOptions;

/* FALSE: error is a sentence about the usage. */
gboolean till_options_parse(int argc, char **argv, TillOptions *out,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_options_clear(TillOptions *options);

/* Whether the verb may begin new books; the others want a directory that has some. */
gboolean till_options_begins_books(const TillOptions *options);

/* "host:port", "[v6]:port". FALSE when malformed. */
gboolean till_options_split_listen(const char *text, char **out_host,
				   guint16 *out_port) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
