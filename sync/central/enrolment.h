/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "central.h"
#include "messages.h"

/* Terminals come to a store by a one-time code: 10 minutes, one use, only its hash is kept.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

#define TILL_ENROLMENT_CODE_MS (10 * 60 * 1000)

/* A fresh code for a store, as it is read out (with the CA's part when there is a CA). Caller
 * frees. TILL_ERROR_NOT_FOUND when there is no such store. */
char *till_enrolment_make_code(TillCentral *central, const char *store_code,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Uses the code up and makes the terminal. TILL_ERROR_DENIED for a code that is unknown, used or
 * too old (one sentence for all three: a guesser learns nothing). The caller frees the answer. */
TillWireEnrolAnswer *till_enrolment_accept(TillCentral *central,
					   const TillWireEnrolRequest *request,
					   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
