/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <jansson.h>

#include "central.h"

/* What an operator asks of a central, as a JSON question and a JSON answer: the same words go
 * straight to an open central or through the control socket of one that is serving.
 *
 *   {"verb":"channel-key","name":…,"channel":… | "revoke":true} {"verb":"channel-key","list":true}
 *   {"verb":"import","kind":…,"file":absolute path,"currency"?,"store"?}
 *   {"verb":"enrol-code","store":"014"}   {"verb":"check","prices"?:true}   {"verb":"demo"}
 *   {"verb":"backup","file":…}   {"verb":"past","id":a promotion's}
 *   {"verb":"promotion-test","file":…,"last"?:sales,"store"?}
 *   {"verb":"rules","store":"014","file":a new one to write,"basket"?:file}
 * → {"ok":true,"lines":["words for a person",…],…} or
 * {"ok":false,"error":"sentence","lines":[…]}
 *
 * Threads: any but the writer's; blocks. */

G_BEGIN_DECLS

/* The caller owns the answer. */
json_t *till_verbs_run(TillCentral *central, const json_t *question) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
