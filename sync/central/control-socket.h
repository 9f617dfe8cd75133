/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "central.h"

/* The operator's door to a central that is serving: DIR/control answers the questions of verbs.h,
 * so that enrol-code, import and check work while it runs.
 *
 * Threads: new and free main; answers are made on a worker, ask blocks. */

G_BEGIN_DECLS

typedef struct TillControlSocket TillControlSocket;

TillControlSocket *till_control_socket_new(TillCentral *central,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_control_socket_free(TillControlSocket *control);

/* Asks the central that holds dir. TILL_ERROR_NOT_FOUND: none is serving. The caller owns the
 * answer. */
json_t *till_control_socket_ask(const char *dir, const json_t *question,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
