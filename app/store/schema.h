/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "database.h"

/* Bringing a database to this release's schema by numbered, immutable files. Private to this layer.
 *
 * Each file runs with its version bump in one BEGIN IMMEDIATE … COMMIT; a fresh database runs the
 * same files, so there is no second script to drift.
 *
 * Threads: any (the resource is constant); the database's own. */

G_BEGIN_DECLS

/* How many files a schema has: the version this release writes. */
int till_schema_version(const TillDatabaseKind *kind);

/* Runs the files the database has not seen. TILL_ERROR_NEWER when it has seen more than there are.
 */
gboolean till_schema_migrate(TillDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE with TILL_ERROR_NEWER when the database has seen more files than there are. */
gboolean till_schema_demand_known(TillDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every CREATE text of a database in order of name, joined: equal for equal schemas. Caller frees.
 */
char *till_schema_text(TillDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of a database that only the files made. */
char *till_schema_expected(const TillDatabaseKind *kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
