/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "till-store-schema.h"

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "0001-journal.sql" is 1. */
static gint64
read_number(const char *name)
{
	g_autofree char *digits = g_strndup(name, strcspn(name, "-"));
	gint64 number;
	gboolean is_number = till_text_parse_int(digits, 1, G_MAXINT16, &number);
	g_assert(is_number);
	return number;
}

/* The files by number: the first brings version 1, and so on. Caller frees with g_strfreev. */
static char **
list_files(const TillDatabaseKind *kind)
{
	char **names = g_resource_enumerate_children(till_store_schema_get_resource(), kind->schema,
						     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_assert(names != NULL);
	guint count = g_strv_length(names);
	qsort(names, count, sizeof *names, compare_names);
	for (guint i = 0; i < count; i++)
		g_assert(read_number(names[i]) == i + 1);
	return names;
}

static char *
read_file(const TillDatabaseKind *kind, const char *name)
{
	g_autofree char *path = g_strconcat(kind->schema, name, NULL);
	g_autoptr(GBytes) bytes = g_resource_lookup_data(till_store_schema_get_resource(), path,
							 G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	g_assert(bytes != NULL);
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	return g_strndup(text, size);
}

int
till_schema_version(const TillDatabaseKind *kind)
{
	g_auto(GStrv) names = list_files(kind);
	return (int)g_strv_length(names);
}

typedef struct {
	const char *name; /* borrowed */
	int version;
} Migration;

static gboolean
run_migration(TillDatabase *database, gpointer data, GError **error)
{
	const Migration *migration = data;
	g_autofree char *sql = read_file(database->kind, migration->name);
	g_autofree char *bump = g_strdup_printf("PRAGMA user_version = %d", migration->version);
	return till_database_run(database, sql, error) && till_database_run(database, bump, error);
}

/* -1 with an error when the file says more than this release knows. */
static gint64
read_version(TillDatabase *database, int newest, GError **error)
{
	g_autofree char *answer = till_database_ask(database, "PRAGMA user_version", error);
	if (answer == NULL)
		return -1;
	gint64 version = 0;
	if (!till_text_parse_int(answer, 0, G_MAXINT32, &version) || version > newest) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NEWER,
			    "%s was written by a newer release (schema %s; this one knows %d). "
			    "Update this program; nothing was changed.",
			    database->kind->what, answer, newest);
		return -1;
	}
	return version;
}

gboolean
till_schema_demand_known(TillDatabase *database, GError **error)
{
	return read_version(database, till_schema_version(database->kind), error) >= 0;
}

gboolean
till_schema_migrate(TillDatabase *database, GError **error)
{
	g_auto(GStrv) names = list_files(database->kind);
	int newest = (int)g_strv_length(names);
	gint64 version = read_version(database, newest, error);
	if (version < 0)
		return FALSE;
	for (int next = (int)version; next < newest; next++) {
		Migration migration = {names[next], next + 1};
		if (!till_database_transact(database, run_migration, &migration, error))
			return FALSE;
	}
	return TRUE;
}

char *
till_schema_text(TillDatabase *database, GError **error)
{
	return till_database_ask(database,
				 "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM "
				 "sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
				 "ORDER BY type, name)",
				 error);
}

char *
till_schema_expected(const TillDatabaseKind *kind, GError **error)
{
	TillDatabase database = {.kind = kind};
	char *text = NULL;
	if (sqlite3_open(":memory:", &database.handle) == SQLITE_OK &&
	    till_schema_migrate(&database, error))
		text = till_schema_text(&database, error);
	till_database_close(&database);
	return text;
}
