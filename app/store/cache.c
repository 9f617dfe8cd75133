/* SPDX-License-Identifier: Apache-2.0 */
#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cache-sql.h"
#include "file.h"
#include "schema.h"

/* Page cache of the catalogue: holds the inner pages of every tree at 1,000,000 SKUs, so that a
 * look-up reads leaves only, and stays well inside the terminal's memory. */
#define CACHE_KIB (12 * 1024)

#define FILE_NAME "cache.db"

/* trusted_schema is on because FTS5 may not be written by triggers without it in SQLite 3.40. It is
 * safe here: every text of the schema is compared with our own files before a statement runs. */
static const TillDatabaseKind KIND = {
    .what = FILE_NAME,
    .damage_advice =
	"The file is damaged. Start the till again: it sets the file aside and fetches "
	"the catalogue anew.",
    .schema = "/tillhouse/schema/cache/",
    .synchronous = "NORMAL",
    .cache_kib = CACHE_KIB,
    .trusted_schema = TRUE,
};

guint
till_cache_put_index(gsize collection)
{
	return TILL_CACHE_STATEMENTS + (guint)collection * 2;
}

guint
till_cache_delete_index(gsize collection)
{
	return till_cache_put_index(collection) + 1;
}

static gboolean
compare_schema(TillDatabase *database, GError **error)
{
	g_autofree char *expected = till_schema_expected(&KIND, error);
	g_autofree char *actual = expected == NULL ? NULL : till_schema_text(database, error);
	if (actual == NULL)
		return FALSE;
	if (strcmp(expected, actual) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_CORRUPT,
			    "%s does not have the tables of this release. It is fetched anew.",
			    database->kind->what);
		return FALSE;
	}
	return TRUE;
}

static gboolean
has_wal(const char *path)
{
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);
	GStatBuf status;
	return g_stat(wal, &status) == 0 && status.st_size > 0;
}

/* quick_check reads the whole file, over a second at 1,000,000 SKUs, and would be paid at every
 * start. So it runs when a snapshot comes in and after an unclean stop; damage that comes later
 * shows as TILL_ERROR_CORRUPT at its first reading, and the file is replaced. */
static gboolean
open_file(TillCache *cache, const char *path, GError **error)
{
	gboolean clean = !has_wal(path);
	cache->sql = till_cache_sql();
	cache->kind = KIND;
	cache->kind.sql = (const char *const *)cache->sql->pdata;
	cache->kind.count = cache->sql->len;
	if (!till_database_open(&cache->database, &cache->kind, path, error) ||
	    !compare_schema(&cache->database, error) ||
	    (!clean && !till_database_check(&cache->database, FALSE, error)) ||
	    !till_cache_refresh(cache, error)) {
		till_cache_close(cache);
		return FALSE;
	}
	return TRUE;
}

static gboolean
is_beyond_use(const GError *error)
{
	return g_error_matches(error, TILL_ERROR, TILL_ERROR_CORRUPT) ||
	       g_error_matches(error, TILL_ERROR, TILL_ERROR_NEWER);
}

/* A WAL left beside a file it does not belong to would be played into it. */
static gboolean
remove_wal(const char *path, GError **error)
{
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);
	if (g_unlink(wal) != 0 && errno != ENOENT) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "Could not remove %s: %s. Check who owns it.", wal, g_strerror(errno));
		return FALSE;
	}
	return TRUE;
}

static gboolean
set_aside(const char *home, const char *path, GError **error)
{
	g_autofree char *aside = g_strconcat(path, ".set-aside", NULL);
	if (g_rename(path, aside) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "Could not set %s aside: %s. Check who owns it.", path,
			    g_strerror(errno));
		return FALSE;
	}
	return remove_wal(path, error) && till_file_sync_dir(home, error);
}

gboolean
till_cache_open(TillCache *cache, const char *home, gboolean *out_set_aside, GError **error)
{
	g_autofree char *path = g_build_filename(home, FILE_NAME, NULL);
	g_autoptr(GError) failure = NULL;
	*cache = (TillCache){0};
	if (open_file(cache, path, &failure)) {
		*out_set_aside = FALSE;
		return TRUE;
	}
	if (!is_beyond_use(failure)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return FALSE;
	}
	g_message("Setting the cache aside: %s", failure->message);
	if (!set_aside(home, path, error) || !open_file(cache, path, error))
		return FALSE;
	*out_set_aside = TRUE;
	return TRUE;
}

void
till_cache_close(TillCache *cache)
{
	till_database_close(&cache->database);
	g_clear_pointer(&cache->sql, g_ptr_array_unref);
	g_clear_pointer(&cache->variable_codes, till_variable_code_unref);
	*cache = (TillCache){0};
}

gboolean
till_cache_read(TillCache *cache, TillCacheBody body, gpointer data, GError **error)
{
	TillDatabase *database = &cache->database;
	if (!till_database_do(database, till_database_statement(database, TILL_CACHE_BEGIN), error))
		return FALSE;
	gboolean done = body(data, error);
	return till_database_do(database, till_database_statement(database, TILL_CACHE_END),
				done ? error : NULL) &&
	       done;
}

char *
till_cache_setting(TillCache *cache, const char *name, const char *fallback, GError **error)
{
	sqlite3_stmt *get = till_database_statement(&cache->database, TILL_CACHE_SETTING);
	till_database_bind_text(get, 1, name);
	int step = till_database_step(&cache->database, get, error);
	if (step == SQLITE_ERROR)
		return NULL;
	char *value = g_strdup(step == SQLITE_ROW ? till_database_text(get, 0) : fallback);
	sqlite3_reset(get);
	return value;
}

static gboolean
refresh_price_list(TillCache *cache, GError **error)
{
	g_autofree char *list = till_cache_setting(cache, "price_list", "", error);
	g_autofree char *code =
	    list == NULL ? NULL : till_cache_setting(cache, "store_code", "", error);
	if (code == NULL)
		return FALSE;
	if (*list != '\0')
		g_strlcpy(cache->price_list, list, sizeof cache->price_list);
	else
		g_snprintf(cache->price_list, sizeof cache->price_list, "store:%s", code);
	g_snprintf(cache->own_list, sizeof cache->own_list, "store:%s", code);
	return TRUE;
}

/* Steps a query of epoch and seq; "" and 0 without a row. */
static gboolean
read_cursor(TillCache *cache, sqlite3_stmt *query, char *epoch, gsize epoch_size, gint64 *seq,
	    GError **error)
{
	int step = till_database_step(&cache->database, query, error);
	if (step == SQLITE_ERROR)
		return FALSE;
	epoch[0] = '\0';
	*seq = 0;
	if (step == SQLITE_ROW) {
		g_strlcpy(epoch, till_database_text(query, 0), epoch_size);
		*seq = sqlite3_column_int64(query, 1);
	}
	sqlite3_reset(query);
	return TRUE;
}

/* A setting that is no list is told by whoever loads the shop's rules; here it only finds nothing.
 */
static gboolean
refresh_variable_codes(TillCache *cache, GError **error)
{
	g_autofree char *patterns = till_cache_setting(cache, "variable_codes", "", error);
	if (patterns == NULL)
		return FALSE;
	g_clear_pointer(&cache->variable_codes, till_variable_code_unref);
	cache->variable_codes = till_variable_code_parse(patterns, NULL);
	return TRUE;
}

gboolean
till_cache_refresh(TillCache *cache, GError **error)
{
	sqlite3_stmt *chain = till_database_statement(&cache->database, TILL_CACHE_CURSOR);
	till_database_bind_text(chain, 1, "chain");
	if (!read_cursor(cache, chain, cache->chain_epoch, sizeof cache->chain_epoch,
			 &cache->chain_seq, error))
		return FALSE;
	cache->chain_cursor[0] = '\0';
	if (cache->chain_epoch[0] != '\0')
		g_snprintf(cache->chain_cursor, sizeof cache->chain_cursor, "%s.%" G_GINT64_FORMAT,
			   cache->chain_epoch, cache->chain_seq);
	sqlite3_stmt *store = till_database_statement(&cache->database, TILL_CACHE_CURSOR_OF_STORE);
	return read_cursor(cache, store, cache->store_epoch, sizeof cache->store_epoch,
			   &cache->store_seq, error) &&
	       refresh_price_list(cache, error) && refresh_variable_codes(cache, error);
}

static gboolean
examine_version(TillDatabase *database, GError **error)
{
	g_autofree char *version = till_database_ask(database, "PRAGMA user_version", error);
	if (version == NULL)
		return FALSE;
	g_autofree char *expected = g_strdup_printf("%d", till_schema_version(&KIND));
	if (strcmp(version, expected) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_NEWER,
			    "The snapshot has schema %s and this release needs %s. Update this "
			    "program or the central.",
			    version, expected);
		return FALSE;
	}
	return TRUE;
}

static gboolean
examine_cursor(TillDatabase *database, GError **error)
{
	g_autofree char *cursors = till_database_ask(
	    database, "SELECT count(*) FROM cursor WHERE epoch <> '' AND seq >= 0", error);
	if (cursors == NULL)
		return FALSE;
	if (strcmp(cursors, "0") == 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_INVALID,
			    "The snapshot does not say up to where it goes. Ask for another.");
		return FALSE;
	}
	return TRUE;
}

gboolean
till_cache_examine(const char *path, GError **error)
{
	static const TillDatabaseKind snapshot = {
	    .what = "The snapshot", .damage_advice = "It is damaged and is fetched anew."};
	TillDatabase database = {.kind = &snapshot};
	gboolean ok =
	    sqlite3_open_v2(path, &database.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE,
			    NULL) == SQLITE_OK;
	if (!ok)
		till_database_fail(&database, error);
	/* The schema is compared before anything in it may run. */
	ok = ok && till_database_run(&database, "PRAGMA trusted_schema = OFF", error) &&
	     till_database_run(&database, "PRAGMA locking_mode = EXCLUSIVE", error) &&
	     till_database_run(&database, "PRAGMA cell_size_check = ON", error) &&
	     examine_version(&database, error) && compare_schema(&database, error) &&
	     till_database_check(&database, FALSE, error) && examine_cursor(&database, error);
	till_database_close(&database);
	return ok;
}

static gboolean
sync_file(const char *path, GError **error)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	gboolean ok = descriptor >= 0 && fsync(descriptor) == 0;
	if (!ok)
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "Could not sync %s: %s. Check the disk.", path, g_strerror(errno));
	if (descriptor >= 0)
		(void)close(descriptor);
	return ok;
}

gboolean
till_cache_replace(TillCache *cache, const char *home, const char *path, GError **error)
{
	g_autofree char *place = g_build_filename(home, FILE_NAME, NULL);
	gboolean set_aside_unused;
	if (!sync_file(path, error))
		return FALSE;
	/* A clean close empties the old WAL and removes it; only then may another file take the
	 * name. */
	till_cache_close(cache);
	gboolean moved = remove_wal(place, error);
	if (moved && g_rename(path, place) != 0) {
		g_set_error(error, TILL_ERROR, TILL_ERROR_DISK,
			    "Could not put the new catalogue in place: %s. Check the disk.",
			    g_strerror(errno));
		moved = FALSE;
	}
	moved = moved && till_file_sync_dir(home, error);
	if (!till_cache_open(cache, home, &set_aside_unused, moved ? error : NULL))
		return FALSE;
	return moved;
}
