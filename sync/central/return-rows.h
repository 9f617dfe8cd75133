/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "returns.h"

/* The rows of a return, and credit. returns.c alone includes this.
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

/* All rows of the return's own tables. source: what it is about; zeros: nothing known. The stock of
 * every SKU was asked for before. */
gboolean till_return_rows_write(const TillReturnsContext *context, const TillEntry *entry,
				const TillReturn *done, const TillUuid *source, gboolean is_over,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Issues the credits of a return and tells the chain. */
gboolean till_return_rows_credit(const TillReturnsContext *context, const TillEntry *entry,
				 const TillReturn *done, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds to what lies aside in the store. */
gboolean till_return_rows_aside(const TillReturnsContext *context, const TillReturn *done,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
