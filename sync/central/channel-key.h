/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "central.h"
#include "db.h"

/* Keys of other channels than the tills: `Authorization: Bearer thk_…`. A key has a name, which the
 * log tells, and a channel, for which it may ask quotes and read offers; the channel "office" may
 * also change them. The key itself is shown once; the books and the registry keep its hash.
 *
 * Threads: the writer's, but is_channel, which is any's. */

G_BEGIN_DECLS

#define TILL_CHANNEL_OFFICE "office"

/* store, web, app, chat, social, support. */
gboolean till_channel_key_is_channel(const char *channel);

/* A new key. Caller frees; NULL with TILL_ERROR_INVALID (no name, no channel) or TILL_ERROR_STATE
 * (the name has one). It counts once it is in the registry: load. */
char *till_channel_key_make(TillCentral *central, const char *name, const char *channel,
			    GError **error);
/* TILL_ERROR_NOT_FOUND when no key that counts has the name. */
gboolean till_channel_key_revoke(TillCentral *central, const char *name,
				 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Tells the registry the keys that are in the books now. */
gboolean till_channel_key_load(TillCentral *central, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A line of words for each key, newest first: of char*; the caller frees the array. */
GPtrArray *till_channel_key_list(TillCentral *central, GError **error);

G_END_DECLS
