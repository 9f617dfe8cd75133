/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "messages-entry.h"
#include "till-test.h"
#include "wire-messages.h"

static TillEntry *
make_entry(const void *body, gsize size)
{
	TillEntry *entry = till_entry_new();
	TillHash genesis;

	entry->incarnation = 77;
	entry->seq = 1;
	entry->version = 1;
	g_strlcpy(entry->type, "sale", sizeof entry->type);
	entry->body = g_bytes_new(body, size);
	till_entry_genesis(entry->incarnation, &genesis);
	till_entry_seal(entry, &genesis);
	return entry;
}

/* Through JSON text and back; the parser stands between, as on the wire. */
static TillEntry *
carry(const TillEntry *entry)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(json_t) json = till_messages_write_entry(entry);
	TillEntry *read = till_messages_read_entry(json, &error);

	g_assert_no_error(error);
	return read;
}

static void
assert_carried(const void *body, gsize size)
{
	g_autoptr(TillEntry) entry = make_entry(body, size);
	g_autoptr(TillEntry) read = carry(entry);
	TillHash genesis;

	g_assert_true(g_bytes_equal(entry->body, read->body));
	till_entry_genesis(read->incarnation, &genesis);
	g_assert_true(till_crypto_hash_equal(&entry->chain, &read->chain));
	g_assert_true(till_crypto_hash_equal(&entry->body_hash, &read->body_hash));
}

static void
test_every_character_survives(void)
{
	char text[3 * 0x60];
	gsize size = 0;

	for (guint8 c = 1; c < 0x80; c++) {
		if (size + 2 < sizeof text)
			text[size++] = (char)c;
	}
	assert_carried(text, size);
	assert_carried("\"\\\"\\", 4);
	assert_carried("Bærtærte 🥧 \xe2\x80\xa8", strlen("Bærtærte 🥧 \xe2\x80\xa8"));
	assert_carried("{\"a\":\"\\u0000\\n\"}", strlen("{\"a\":\"\\u0000\\n\"}"));
}

/* Damaged bytes are a fact too: the central shall see exactly what is in the ledger. */
static void
test_bytes_that_are_no_text_survive(void)
{
	guint8 bytes[300];

	for (gsize i = 0; i < sizeof bytes; i++)
		bytes[i] = (guint8)i;
	for (gsize size = 1; size < sizeof bytes; size += 7)
		assert_carried(bytes, size);
	assert_carried("a\0b", 3);
	assert_carried("\xed\xa0\x80", 3); /* a surrogate */
	assert_carried("\xff", 1);
}

static void
test_random_texts_survive(void)
{
	TillTestRandom random;

	till_test_random_init(&random, 20261123);
	for (guint round = 0; round < 300; round++) {
		guint8 bytes[200];
		gsize size = (gsize)till_test_random_range(&random, 1, sizeof bytes);
		till_test_random_bytes(&random, bytes, size);
		/* Half of the rounds in ASCII, where the text path is taken. */
		for (gsize i = 0; round % 2 == 0 && i < size; i++)
			bytes[i] = (guint8)MAX(bytes[i] & 0x7f, 1);
		assert_carried(bytes, size);
	}
}

static void
test_text_is_canonical(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");
	g_autoptr(TillWirePush) push = till_messages_read_push(golden, NULL);
	gsize size;

	g_assert_nonnull(push);
	g_autofree char *text = till_messages_write_push(push, &size);
	g_autofree char *canonical = till_json_write(golden, NULL);
	g_assert_cmpstr(text, ==, canonical);
	g_assert_cmpuint(size, ==, strlen(text));
}

static void
test_control_characters_are_written_as_json_does(void)
{
	static const char body[] = "\b\t\n\v\f\r\x01\x1f\x7f\"\\/";
	g_autoptr(TillEntry) entry = make_entry(body, strlen(body));
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	gsize size;

	g_ptr_array_add(entries, entry);
	g_autofree char *text = till_messages_write_journal(entries, &size);
	g_autoptr(json_t) json = json_loadb(text, size, 0, NULL);
	g_autofree char *canonical = till_json_write(json, NULL);
	g_assert_cmpstr(text, ==, canonical);
}

static void
test_header_only(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");
	g_autoptr(TillWirePush) push = till_messages_read_push(golden, NULL);

	const TillEntry *whole = g_ptr_array_index(push->entries, 0);
	const TillEntry *parked = g_ptr_array_index(push->entries, 2);
	g_assert_nonnull(whole->body);
	g_assert_null(parked->body);
}

static void
assert_refused(json_t *json, const char *words)
{
	GError *error = NULL;

	g_assert_null(till_messages_read_push(json, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static void
test_odd_bodies_are_refused(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");
	json_t *entry = json_array_get(json_object_get(golden, "entries"), 0);
	g_autofree char *big = g_strnfill(TILL_ENTRY_BODY_MAX + 1, 'x');

	json_object_set_new(entry, "body", json_integer(1));
	assert_refused(golden, "body is not a text");
	json_object_set_new(entry, "body", json_string(big));
	assert_refused(golden, "body is too long");
	json_object_del(entry, "body");
	json_object_set_new(entry, "body_base64", json_string("*"));
	assert_refused(golden, "base64url");
}

static void
test_other_incarnation_is_refused(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");
	json_t *entry = json_array_get(json_object_get(golden, "entries"), 1);

	json_object_set_new(entry, "incarnation", json_string("0000000000001"));
	assert_refused(golden, "incarnation");
}

static void
test_too_many_bytes_are_refused(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");
	json_t *entries = json_object_get(golden, "entries");
	g_autofree char *half = g_strnfill(TILL_WIRE_BATCH_BYTES / 2 + 1, 'x');

	json_object_set_new(json_array_get(entries, 0), "body", json_string(half));
	g_autoptr(TillWirePush) push = till_messages_read_push(golden, NULL);
	g_assert_nonnull(push);
	json_object_set_new(json_array_get(entries, 1), "body", json_string(half));
	assert_refused(golden, "256 KiB");
}

static void
test_empty_push_is_refused(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");

	json_array_clear(json_object_get(golden, "entries"));
	assert_refused(golden, "entries is empty");
}

static void
test_faults_carry_their_path(void)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");
	json_t *entry = json_array_get(json_object_get(golden, "entries"), 2);

	json_object_del(json_object_get(entry, "clock"), "wall_ms");
	assert_refused(golden, "push.entries[2].clock.wall_ms is missing");
}

static char *
golden_text(gsize *out_size)
{
	g_autoptr(json_t) golden = wire_messages_golden("push");

	return till_json_write(golden, out_size);
}

static void
test_own_form_is_read_the_short_way(void)
{
	gsize size, again_size;
	g_autofree char *text = golden_text(&size);
	g_autoptr(TillWirePush) push = till_messages_take_push_text(text, size);

	g_assert_nonnull(push);
	g_autofree char *again = till_messages_write_push(push, &again_size);
	g_assert_cmpstr(again, ==, text);
}

/* Spaces, another order, a key of a newer release, an escape we do not write: the general reader
 * takes them. */
static void
test_other_forms_are_read_too(void)
{
	gsize size;
	g_autofree char *text = golden_text(&size);
	g_autoptr(json_t) golden = wire_messages_golden("push");
	g_autofree char *spaced = json_dumps(golden, JSON_INDENT(2) | JSON_ESCAPE_SLASH);
	g_autofree char *ascii =
	    json_dumps(golden, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENSURE_ASCII);
	json_object_set_new(golden, "newer", json_true());
	g_autofree char *newer = json_dumps(golden, JSON_COMPACT | JSON_SORT_KEYS);
	const char *forms[] = {spaced, ascii, newer};

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autoptr(GError) error = NULL;
		gsize again_size;
		g_assert_null(till_messages_take_push_text(forms[i], strlen(forms[i])));
		g_autoptr(TillWirePush) push =
		    till_messages_parse_push(forms[i], strlen(forms[i]), &error);
		g_assert_no_error(error);
		g_autofree char *again = till_messages_write_push(push, &again_size);
		g_assert_cmpstr(again, ==, text);
	}
}

/* Every cut, and every byte set to each of a few others: both readers say the same. */
static void
test_both_readers_agree_on_damage(void)
{
	static const char others[] = {'"', '\\', '0', '-', ',', '}', '\x01', '\xff', ' ', 'x'};
	gsize size;
	g_autofree char *text = golden_text(&size);

	for (gsize at = 0; at < size; at++) {
		g_autofree char *damaged = g_memdup2(text, size + 1);
		damaged[at] = others[at % sizeof others];
		g_autoptr(TillWirePush) quick = till_messages_parse_push(damaged, size, NULL);
		g_autoptr(json_t) json =
		    till_json_parse(damaged, size, TILL_WIRE_BODY_MAX, "push", NULL);
		g_autoptr(TillWirePush) general =
		    json != NULL ? till_messages_read_push(json, NULL) : NULL;
		g_assert_true((quick == NULL) == (general == NULL));
		if (at > 0) {
			GError *error = NULL;
			g_assert_null(till_messages_parse_push(text, at, &error));
			till_test_assert_error(error, TILL_ERROR_INVALID, "push");
		}
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/wire/push/every-character-of-a-body-survives",
			test_every_character_survives);
	g_test_add_func("/wire/push/bytes-that-are-no-text-survive",
			test_bytes_that_are_no_text_survive);
	g_test_add_func("/wire/push/random-bodies-survive", test_random_texts_survive);
	g_test_add_func("/wire/push/text-is-canonical-json", test_text_is_canonical);
	g_test_add_func("/wire/push/control-characters-are-written-as-json-does",
			test_control_characters_are_written_as_json_does);
	g_test_add_func("/wire/push/an-entry-may-be-header-only", test_header_only);
	g_test_add_func("/wire/push/odd-bodies-are-refused", test_odd_bodies_are_refused);
	g_test_add_func("/wire/push/another-incarnation-is-refused",
			test_other_incarnation_is_refused);
	g_test_add_func("/wire/push/too-many-bytes-are-refused", test_too_many_bytes_are_refused);
	g_test_add_func("/wire/push/an-empty-push-is-refused", test_empty_push_is_refused);
	g_test_add_func("/wire/push/our-own-form-is-read-the-short-way",
			test_own_form_is_read_the_short_way);
	g_test_add_func("/wire/push/other-forms-are-read-too", test_other_forms_are_read_too);
	g_test_add_func("/wire/push/both-readers-agree-on-damage",
			test_both_readers_agree_on_damage);
	g_test_add_func("/wire/push/faults-carry-their-path", test_faults_carry_their_path);
	return g_test_run();
}
