/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view.h"

/* The heads of the columns over the lines.
 *
 * Threads: main. */

G_BEGIN_DECLS

#define TILL_TYPE_LINE_HEADER (till_line_header_get_type())
G_DECLARE_FINAL_TYPE(TillLineHeader, till_line_header, TILL, LINE_HEADER, TillView)

G_END_DECLS
