/* SPDX-License-Identifier: Apache-2.0 */
#include "page-words.h"

#include <gio/gio.h>
#include <pthread.h>
#include <string.h>

#include "money.h"
#include "quantity.h"
#include "text.h"

#include "till-central-resources.h"

#define RANGES_MAX 20

static const char *const languages[] = {"en", "es", NULL};

static pthread_once_t words_once = PTHREAD_ONCE_INIT;
static json_t *words; /* language → table; constant after words_once */

static void
load_words(void)
{
	g_autoptr(GBytes) bytes =
	    g_resource_lookup_data(till_central_get_resource(), "/tillhouse/central/web/words.json",
				   G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize size;
	const char *text;

	g_assert(bytes != NULL);
	text = g_bytes_get_data(bytes, &size);
	words = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	g_assert(words != NULL);
}

const char *const *
till_page_words_languages(void)
{
	return languages;
}

const json_t *
till_page_words_table(const char *language)
{
	const json_t *table;

	pthread_once(&words_once, load_words);
	table = json_object_get(words, language);
	g_assert(table != NULL);
	return table;
}

/* --- which language --- */

typedef struct {
	char *tag;
	gint64 weight; /* thousandths */
} Range;

static void
clear_range(gpointer data)
{
	Range *range = data;

	g_free(range->tag);
}

static int
compare_ranges(gconstpointer a, gconstpointer b)
{
	const Range *left = a;
	const Range *right = b;

	return left->weight > right->weight ? -1 : left->weight < right->weight;
}

/* "es-MX;q=0.8". */
static void
read_range(const char *text, GArray *ranges)
{
	g_auto(GStrv) parts = g_strsplit(text, ";", 3);
	Range range = {.weight = 1000};

	if (parts[0] == NULL)
		return;
	if (parts[1] != NULL) {
		const char *weight = strstr(g_strstrip(parts[1]), "q=");
		if (weight != NULL &&
		    (!till_text_parse_decimal(weight + 2, 3, &range.weight) || range.weight > 1000))
			range.weight = 0;
	}
	range.tag = g_ascii_strdown(g_strstrip(parts[0]), -1);
	g_array_append_val(ranges, range);
}

/* Shortens the tag until there is such a language; a single letter goes with what it introduces. */
static const char *
look_up(const char *tag)
{
	g_autofree char *rest = g_strdup(tag);

	while (*rest != '\0') {
		char *dash;
		for (const char *const *language = languages; *language != NULL; language++) {
			if (strcmp(*language, rest) == 0)
				return *language;
		}
		dash = strrchr(rest, '-');
		if (dash == NULL)
			return NULL;
		*dash = '\0';
		if (dash - rest >= 2 && dash[-2] == '-')
			dash[-2] = '\0';
	}
	return NULL;
}

const char *
till_page_words_choose(const char *accept_language, const char *fallback)
{
	g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	g_auto(GStrv) parts =
	    g_strsplit(accept_language != NULL ? accept_language : "", ",", RANGES_MAX);
	const char *found = NULL;

	g_array_set_clear_func(ranges, clear_range);
	for (char **part = parts; *part != NULL; part++)
		read_range(*part, ranges);
	g_array_sort(ranges, compare_ranges);
	for (guint i = 0; i < ranges->len && found == NULL; i++) {
		const Range *range = &g_array_index(ranges, Range, i);
		if (range->weight > 0)
			found = look_up(range->tag);
	}
	if (found == NULL && fallback != NULL) {
		g_autofree char *tag = g_ascii_strdown(fallback, -1);
		found = look_up(tag);
	}
	return found != NULL ? found : languages[0];
}

/* --- words --- */

const char *
till_page_words_get(const json_t *table, const char *name)
{
	const char *word = json_string_value(json_object_get(table, name));

	return word != NULL ? word : name;
}

char *
till_page_words_put(const json_t *table, const char *name, const char *key, const char *value)
{
	g_autofree char *hole = g_strdup_printf("{%s}", key);
	g_auto(GStrv) parts = g_strsplit(till_page_words_get(table, name), hole, -1);

	return g_strjoinv(value, parts);
}

char *
till_page_words_count(const json_t *table, const char *name, gint64 count)
{
	g_autofree char *form = g_strconcat(name, count == 1 ? "_one" : "_other", NULL);
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, count);

	return till_page_words_put(table, form, "n", number);
}

static const char *
list_word(const json_t *table, const char *name, int index)
{
	const char *word =
	    json_string_value(json_array_get(json_object_get(table, name), (size_t)index));

	return word != NULL ? word : "";
}

static char *
clock_words(const json_t *table, GDateTime *time)
{
	int hour = g_date_time_get_hour(time);

	if (json_is_true(json_object_get(table, "clock_24")))
		return g_strdup_printf("%02d:%02d", hour, g_date_time_get_minute(time));
	return g_strdup_printf("%d:%02d %s", hour % 12 == 0 ? 12 : hour % 12,
			       g_date_time_get_minute(time), hour < 12 ? "AM" : "PM");
}

static char *
day_words(const json_t *table, GDateTime *time, GDateTime *now)
{
	g_autoptr(GDateTime) tomorrow = g_date_time_add_days(now, 1);

	if (g_date_time_get_year(time) == g_date_time_get_year(now) &&
	    g_date_time_get_day_of_year(time) == g_date_time_get_day_of_year(now))
		return g_strdup(till_page_words_get(table, "today"));
	if (g_date_time_get_year(time) == g_date_time_get_year(tomorrow) &&
	    g_date_time_get_day_of_year(time) == g_date_time_get_day_of_year(tomorrow))
		return g_strdup(till_page_words_get(table, "tomorrow"));
	return g_strdup_printf("%s %d %s",
			       list_word(table, "weekdays", g_date_time_get_day_of_week(time) - 1),
			       g_date_time_get_day_of_month(time),
			       list_word(table, "months", g_date_time_get_month(time) - 1));
}

char *
till_page_words_time(const json_t *table, gint64 at_ms, gint64 now_ms, const char *zone)
{
	GTimeZone *place = g_time_zone_new_identifier(zone);
	g_autoptr(GDateTime) at = NULL;
	g_autoptr(GDateTime) now = NULL;
	g_autofree char *day = NULL;
	g_autofree char *clock = NULL;

	if (place == NULL)
		place = g_time_zone_new_utc();
	g_autoptr(GDateTime) at_utc = g_date_time_new_from_unix_utc(at_ms / 1000);
	g_autoptr(GDateTime) now_utc = g_date_time_new_from_unix_utc(now_ms / 1000);
	if (at_utc != NULL && now_utc != NULL) {
		at = g_date_time_to_timezone(at_utc, place);
		now = g_date_time_to_timezone(now_utc, place);
	}
	g_time_zone_unref(place);
	if (at == NULL || now == NULL)
		return g_strdup("");
	day = day_words(table, at, now);
	clock = clock_words(table, at);
	return g_strdup_printf("%s, %s", day, clock);
}

static char *
with_point(const json_t *table, char *number)
{
	char *point = strchr(number, '.');

	if (point != NULL)
		*point = *till_page_words_get(table, "point");
	return number;
}

char *
till_page_words_money(const json_t *table, gint64 minor, const char *currency)
{
	const TillCurrency *known = till_currency_find(currency);
	g_autofree char *number =
	    known != NULL ? till_money_format(minor, known) : till_text_format_decimal(minor, 2);

	return g_strdup_printf("%s %s", with_point(table, number), currency);
}

char *
till_page_words_quantity(const json_t *table, gint64 milli)
{
	return with_point(table, till_quantity_format(milli));
}
