/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The operating failures of the house.
 *
 * Three kinds of trouble are never mixed: a programmer's error is a g_assert (kept in release
 * builds); an expected outcome (unknown code, too little cash) is a result enum of its module; an
 * operating failure (disk, network, a file somebody edited) is a GError of this domain. The code
 * tells the caller what can be done about it; the message is one sentence for a person that says
 * what happened and what to do.
 *
 * Threads: any. */

G_BEGIN_DECLS

#define TILL_ERROR (till_error_quark())

typedef enum {
	TILL_ERROR_INVALID,   /* outside bytes that make no sense: mend the file or message */
	TILL_ERROR_NOT_FOUND, /* the named thing does not exist */
	TILL_ERROR_BUSY,      /* somebody else holds it; the message says who. Try later */
	TILL_ERROR_DISK,      /* reading or writing failed; outcome of a write may be unknown */
	TILL_ERROR_FULL,      /* no space left. Free some; what was acknowledged is safe */
	TILL_ERROR_CORRUPT,   /* a database or key file is damaged; it was left as it is */
	TILL_ERROR_NEWER,     /* written by a newer release. Update this program */
	TILL_ERROR_DENIED,    /* not allowed: PIN, role, signature, code */
	TILL_ERROR_NETWORK,   /* no answer, or not from the central */
	TILL_ERROR_REFUSED,   /* the central understood and said no */
	TILL_ERROR_LIMIT,     /* larger than a stated bound */
	TILL_ERROR_STATE, /* right request at the wrong time (not enrolled, nothing to recall) */
} TillErrorCode;

GQuark till_error_quark(void);

G_END_DECLS
