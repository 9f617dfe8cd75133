/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "till-test.h"
#include "wire-messages.h"

static void
test_golden_round_trip(gconstpointer data)
{
	const WireMessage *message = data;
	g_autoptr(json_t) golden = wire_messages_golden(message->name);
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) written = message->round_trip(golden, &error);

	g_assert_no_error(error);
	g_autofree char *expected = till_json_write(golden, NULL);
	g_autofree char *actual = till_json_write(written, NULL);
	g_assert_cmpstr(actual, ==, expected);
}

static void
test_unknown_keys_are_ignored(gconstpointer data)
{
	const WireMessage *message = data;
	g_autoptr(json_t) golden = wire_messages_golden(message->name);
	g_autoptr(json_t) wider = json_deep_copy(golden);
	g_autoptr(GError) error = NULL;

	json_object_set_new(wider, "something_newer", json_pack("{s:[i]}", "a", 1));
	g_autoptr(json_t) written = message->round_trip(wider, &error);
	g_assert_no_error(error);
	g_assert_true(json_equal(written, golden));
}

/* Walks to the object that holds the last part of path ("heads[0].samples[1].seq"). */
static json_t *
find_holder(json_t *json, const char *path, char *out_key, gsize key_size)
{
	g_auto(GStrv) parts = g_strsplit(path, ".", 0);
	guint last = g_strv_length(parts) - 1;

	for (guint i = 0; i < last; i++) {
		char *bracket = strchr(parts[i], '[');
		guint64 index = 0;
		if (bracket != NULL) {
			index = g_ascii_strtoull(bracket + 1, NULL, 10);
			*bracket = '\0';
		}
		json = json_object_get(json, parts[i]);
		if (bracket != NULL)
			json = json_array_get(json, index);
		g_assert_nonnull(json);
	}
	g_strlcpy(out_key, parts[last], key_size);
	g_assert_nonnull(json_object_get(json, out_key));
	return json;
}

static void
assert_refused(const WireMessage *message, const json_t *json, const char *key)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) written = message->round_trip(json, &error);

	g_assert_null(written);
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	if (strstr(error->message, key) == NULL)
		g_error("%s without %s says: %s", message->name, key, error->message);
}

static void
test_missing_fields_are_named(gconstpointer data)
{
	const WireMessage *message = data;
	g_auto(GStrv) paths = g_strsplit(message->required, ",", 0);

	for (gsize i = 0; paths[i] != NULL; i++) {
		char key[64];
		g_autoptr(json_t) json = wire_messages_golden(message->name);
		json_t *holder = find_holder(json, paths[i], key, sizeof key);
		json_object_del(holder, key);
		assert_refused(message, json, key);
	}
}

/* No field takes a value of every other kind, and none takes a text without end. */
static void
test_wrong_kinds_are_refused(gconstpointer data)
{
	const WireMessage *message = data;
	g_auto(GStrv) paths = g_strsplit(message->required, ",", 0);
	g_autofree char *long_text = g_strnfill(100000, 'x');

	for (gsize i = 0; paths[i] != NULL; i++) {
		char key[64];
		g_autoptr(json_t) json = wire_messages_golden(message->name);
		json_t *holder = find_holder(json, paths[i], key, sizeof key);
		if (strcmp(key, "value") == 0)
			continue; /* a row's value may be anything */
		json_object_set_new(holder, key, json_true());
		assert_refused(message, json, key);
		json_object_set_new(holder, key, json_string(long_text));
		assert_refused(message, json, key);
		if (strcmp(key, "wall_ms") == 0 || strcmp(key, "mono_ms") == 0)
			continue; /* a till's clock may say anything */
		json_object_set_new(holder, key, json_integer(G_MININT64));
		assert_refused(message, json, key);
	}
}

static void
test_not_an_object_is_refused(gconstpointer data)
{
	const WireMessage *message = data;
	g_autoptr(json_t) array = json_array();
	g_autoptr(json_t) empty = json_object();
	const json_t *shapes[] = {array, empty, NULL};

	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(message->round_trip(shapes[i], &error));
		g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	}
}

typedef struct {
	const char *name;
	const char *path;
	gint64 number;
	const char *words;
} Bound;

static const Bound bounds[] = {
    {"hello", "proto", 2, "proto"},
    {"hello", "heads[0].samples[1].seq", 6, "out of order"},
    {"hello", "heads[0].samples[0].seq", 8, "out of order"},
    {"hello-answer", "max_entries", 0, "max_entries"},
    {"hello-answer", "max_entries", 101, "max_entries"},
    {"entry", "version", 0, "version"},
    {"entry", "seq", 0, "seq"},
    {"push", "base.seq", 42, "one by one"},
    {"push", "entries[1].seq", 46, "one by one"},
    {"push", "base.seq", G_MAXINT64, "seq"},
    {"push-answer", "head_seq", -1, "head_seq"},
    {"push-answer", "chain_seq", -1, "chain_seq"},
    {"feed", "next", 13, "one by one"},
    {"feed", "head", 11, "beyond head"},
};

static void
test_numbers_have_bounds(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(bounds); i++) {
		const WireMessage *message = wire_messages;
		char key[64];
		while (strcmp(message->name, bounds[i].name) != 0)
			message++;
		g_autoptr(json_t) json = wire_messages_golden(message->name);
		json_t *holder = find_holder(json, bounds[i].path, key, sizeof key);
		json_object_set_new(holder, key, json_integer(bounds[i].number));
		assert_refused(message, json, bounds[i].words);
	}
}

static void
assert_array_limit(const char *name, const char *key, gsize max)
{
	const WireMessage *message = wire_messages;

	while (strcmp(message->name, name) != 0)
		message++;
	g_autoptr(json_t) json = wire_messages_golden(name);
	json_t *array = json_object_get(json, key);
	while (json_array_size(array) <= max)
		json_array_append(array, json_array_get(array, 0));
	assert_refused(message, json, key);
}

static void
test_lists_have_bounds(void)
{
	assert_array_limit("hello", "heads", TILL_WIRE_HEADS_MAX);
	assert_array_limit("push", "entries", TILL_WIRE_BATCH_ENTRIES);
	assert_array_limit("journal", "entries", TILL_WIRE_BATCH_ENTRIES);
	assert_array_limit("push-answer", "results", TILL_WIRE_BATCH_ENTRIES);
	assert_array_limit("feed", "rows", TILL_WIRE_FEED_ROWS);
}

static void
test_up_to_date_only_at_the_head(void)
{
	g_autoptr(json_t) json = wire_messages_golden("feed");
	g_autoptr(GError) error = NULL;

	json_object_set_new(json, "up_to_date", json_true());
	g_assert_null(till_messages_read_feed_page(json, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "up_to_date");
	json_object_set_new(json, "head", json_integer(12));
	g_autoptr(TillWireFeedPage) page = till_messages_read_feed_page(json, &error);
	g_assert_no_error(error);
	g_assert_true(page->up_to_date);
}

static void
test_feed_null_is_a_delete(void)
{
	g_autoptr(json_t) json = wire_messages_golden("feed");
	g_autoptr(TillWireFeedPage) page = till_messages_read_feed_page(json, NULL);

	g_assert_nonnull(page);
	const TillWireFeedRow *put = g_ptr_array_index(page->rows, 0);
	const TillWireFeedRow *gone = g_ptr_array_index(page->rows, 1);
	g_assert_nonnull(put->value);
	g_assert_null(gone->value);
}

static void
test_hint(void)
{
	char scope[64];
	gint64 head;
	g_autoptr(json_t) hint = till_messages_write_hint("store:014", 77);
	g_autoptr(json_t) bad = json_pack("{s:s, s:i}", "scope", "chain", "head", -1);

	g_assert_true(till_messages_read_hint(hint, scope, &head));
	g_assert_cmpstr(scope, ==, "store:014");
	g_assert_cmpint(head, ==, 77);
	g_assert_false(till_messages_read_hint(bad, scope, &head));
	g_assert_cmpint(head, ==, 77);
}

static void
add_for_all(const char *behaviour, GTestDataFunc test)
{
	for (const WireMessage *message = wire_messages; message->name != NULL; message++) {
		g_autofree char *path = g_strdup_printf("/wire/%s/%s", message->name, behaviour);
		g_test_add_data_func(path, message, test);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	add_for_all("golden-file-is-read-and-written-back", test_golden_round_trip);
	add_for_all("unknown-keys-are-ignored", test_unknown_keys_are_ignored);
	add_for_all("missing-fields-are-named", test_missing_fields_are_named);
	add_for_all("wrong-kinds-are-refused", test_wrong_kinds_are_refused);
	add_for_all("anything-but-an-object-is-refused", test_not_an_object_is_refused);
	g_test_add_func("/wire/messages/numbers-have-bounds", test_numbers_have_bounds);
	g_test_add_func("/wire/messages/lists-have-bounds", test_lists_have_bounds);
	g_test_add_func("/wire/feed/up-to-date-only-at-the-head", test_up_to_date_only_at_the_head);
	g_test_add_func("/wire/feed/null-is-a-delete", test_feed_null_is_a_delete);
	g_test_add_func("/wire/hint/carries-scope-and-head", test_hint);
	return g_test_run();
}
