/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "changes.h"

/* What the central accepted but a human must see: a row of the store's feed with words that say
 * what to do.
 *
 * An exception is named by what it is about, so raising it again changes nothing but its words.
 * Programs elsewhere are told of it ("exception.raised").
 *
 * Threads: the writer's. */

G_BEGIN_DECLS

typedef enum {
	TILL_EXCEPTION_INFO,
	TILL_EXCEPTION_WARNING,
	TILL_EXCEPTION_CRITICAL,
} TillExceptionSeverity;

typedef struct {
	const char *code; /* "STOCK_OVERSOLD" */
	const char
	    *subject; /* what it is about: a SKU, a transaction; with the code it makes the id */
	TillExceptionSeverity severity;
	const char *words;
	const char *txn; /* UUID text; "" */
	gint64 raised_ms;
} TillException;

/* Puts the exception into the store scope that changes holds open. */
gboolean till_exceptions_raise(TillChanges *changes, const TillException *exception,
			       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a caller with no scope open. */
gboolean till_exceptions_raise_for(TillDb *db, const char *store_code,
				   const TillException *exception,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Something went out that was not there. */
gboolean till_exceptions_oversold(TillChanges *changes, const char *sku, const char *txn,
				  gint64 raised_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Marks one as settled; nothing happens when it was never raised. */
gboolean till_exceptions_settle(TillChanges *changes, const char *code, const char *subject,
				GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
