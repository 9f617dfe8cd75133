/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "code-scanner.h"
#include "image.h"

/* Reads EAN-13 and UPC-A where bars run into each other: out of focus, small, or in bad light.
 *
 * zbar measures the widths of bars, so it needs edges. Here nothing is measured bar by bar: a band
 * of rows is averaged to one line, a place for the whole symbol of 95 modules is proposed from its
 * guards, and each digit is the one whose blurred picture fits the line best. Of all thirteen-digit
 * numbers with a right check digit the best fitting one is compared with the second best; the band
 * reads nothing unless the best fits well and is clearly ahead. A number is seen when two bands or
 * more read it.
 *
 * Bars must stand upright within some ten degrees; stages turn the picture.
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

/* Array of TillCodeSight, owned by the caller; empty when nothing is read. rows: height of a band,
 * 2 to 32; bands of other heights look at other pixels, so that two looks are two. */
GPtrArray *till_bar_match_look(const TillImage *image, guint rows);

G_END_DECLS
