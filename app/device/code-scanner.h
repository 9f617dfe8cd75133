/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code.h"
#include "image.h"

/* One look at one grey picture: the only file that knows zbar.
 *
 * What it sees is not yet believed: code-vote.h decides. Code 128 below four characters is never
 * reported, nor is a retail code with a wrong check digit.
 *
 * zbar reads bytes from outside and is not ours: the programs that face people run it in a process
 * of its own (code-reader-process.h).
 *
 * Threads: one scanner, one thread; several scanners may run side by side. */

G_BEGIN_DECLS

typedef struct TillCodeScanner TillCodeScanner;

/* Where a code was seen, in thousandths of the picture's width and height. */
typedef struct {
	guint left;
	guint top;
	guint right;
	guint bottom;
} TillCodePlace;

typedef struct {
	TillCode *code; /* owned */
	TillCodePlace place;
	guint lines;      /* lines over a linear code that agree; at least 1 */
	gboolean matched; /* by the fit of the whole symbol (bar-match.h), not by widths of bars */
} TillCodeSight;

void till_code_sight_free(TillCodeSight *sight);

/* databar: also look for GS1 DataBar, which weighed goods carry (it costs time). */
TillCodeScanner *till_code_scanner_new(gboolean databar);
void till_code_scanner_free(TillCodeScanner *scanner);

typedef enum {
	TILL_CODE_LOOK_PLAIN = 0,
	TILL_CODE_LOOK_INVERTED = 1, /* again for white on black when nothing else is there */
	TILL_CODE_LOOK_SPARSE = 2,   /* every second row and column only */
} TillCodeLook;

/* Array of TillCodeSight, owned by the caller; empty when nothing is seen. */
GPtrArray *till_code_scanner_look(TillCodeScanner *scanner, const TillImage *image,
				  TillCodeLook look);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCodeScanner, till_code_scanner_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillCodeSight, till_code_sight_free)

G_END_DECLS
