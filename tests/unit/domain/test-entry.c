/* SPDX-License-Identifier: Apache-2.0 */
#include "entry.h"

#include <string.h>

#include "till-test.h"

#define INCARNATION G_GUINT64_CONSTANT(0x0102030405060708)

static TillEntry *
make_entry(gint64 seq, const char *body)
{
	TillEntry *entry = till_entry_new();

	entry->incarnation = INCARNATION;
	entry->seq = seq;
	for (gsize i = 0; i < sizeof entry->txn.bytes; i++)
		entry->txn.bytes[i] = (guint8)(0xa0 + i);
	g_strlcpy(entry->type, "sale", sizeof entry->type);
	entry->version = 1;
	entry->body = g_bytes_new(body, strlen(body));
	g_strlcpy(entry->business_date, "2026-11-23", sizeof entry->business_date);
	return entry;
}

/* The layout of the header, written out by hand once more. */
static void
test_layout(void)
{
	g_autoptr(TillEntry) entry = make_entry(258, "{}");
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	TillHash genesis, hash;

	g_byte_array_append(bytes, (const guint8 *)"tillhouse-genesis", 17);
	g_byte_array_append(bytes, (const guint8[]){1, 2, 3, 4, 5, 6, 7, 8}, 8);
	till_crypto_hash(bytes->data, bytes->len, &hash);
	till_entry_genesis(INCARNATION, &genesis);
	g_assert_true(till_crypto_hash_equal(&genesis, &hash));

	till_entry_seal(entry, &genesis);
	till_crypto_hash("{}", 2, &hash);
	g_assert_true(till_crypto_hash_equal(&entry->body_hash, &hash));
	g_byte_array_set_size(bytes, 0);
	g_byte_array_append(bytes, genesis.bytes, TILL_HASH_BYTES);
	g_byte_array_append(bytes, (const guint8[]){0, 0, 0, 0, 0, 0, 1, 2}, 8);
	g_byte_array_append(bytes, entry->txn.bytes, 16);
	g_byte_array_append(bytes, (const guint8 *)"\x04sale", 5);
	g_byte_array_append(bytes, (const guint8[]){0, 0, 0, 0, 0, 0, 0, 1}, 8);
	g_byte_array_append(bytes, hash.bytes, TILL_HASH_BYTES);
	till_crypto_hash(bytes->data, bytes->len, &hash);
	g_assert_true(till_crypto_hash_equal(&entry->chain, &hash));
}

static void
test_sealed_is_sound(void)
{
	g_autoptr(TillEntry) first = make_entry(1, "{\"a\":1}");
	g_autoptr(TillEntry) second = make_entry(2, "{\"a\":2}");
	TillHash genesis;

	till_entry_genesis(INCARNATION, &genesis);
	till_entry_seal(first, &genesis);
	till_entry_seal(second, &first->chain);
	g_assert_null(till_entry_fault(first, &genesis));
	g_assert_null(till_entry_fault(second, &first->chain));
	g_assert_nonnull(till_entry_fault(second, &genesis));
	g_assert_nonnull(till_entry_fault(first, &first->chain));
}

/* Each field under the chain, changed alone after sealing, is found. */
static void
test_every_change_is_found(void)
{
	TillHash genesis;

	till_entry_genesis(INCARNATION, &genesis);
	for (int change = 0; change < 9; change++) {
		g_autoptr(TillEntry) entry = make_entry(5, "{\"a\":1}");
		till_entry_seal(entry, &genesis);
		g_assert_null(till_entry_fault(entry, &genesis));
		entry->seq += change == 0;
		entry->txn.bytes[15] ^= change == 1;
		entry->type[0] = change == 2 ? 'm' : entry->type[0];
		entry->version += change == 3;
		entry->body_hash.bytes[31] ^= change == 4;
		entry->chain.bytes[0] ^= change == 5;
		entry->seq = change == 6 ? 0 : entry->seq;
		entry->business_date[4] = change == 7 ? '/' : entry->business_date[4];
		if (change == 8) {
			g_bytes_unref(entry->body);
			entry->body = g_bytes_new("{\"a\":2}", 7);
		}
		g_test_message("change %d", change);
		g_assert_nonnull(till_entry_fault(entry, &genesis));
	}
}

static void
test_body_bounds(void)
{
	g_autofree char *huge = g_strnfill(TILL_ENTRY_BODY_MAX + 1, ' ');
	g_autoptr(TillEntry) large = make_entry(1, huge);
	g_autoptr(TillEntry) empty = make_entry(1, "");
	TillHash genesis;

	till_entry_genesis(INCARNATION, &genesis);
	till_entry_seal(large, &genesis);
	till_entry_seal(empty, &genesis);
	g_assert_nonnull(till_entry_fault(large, &genesis));
	g_assert_nonnull(till_entry_fault(empty, &genesis));
	g_clear_pointer(&empty->body, g_bytes_unref);
	g_assert_nonnull(till_entry_fault(empty, &genesis));
}

static void
test_types(void)
{
	g_assert_true(till_entry_type_valid("sale"));
	g_assert_true(till_entry_type_valid("sign-in"));
	g_assert_true(till_entry_type_valid("abcdefghijklmnopqrstuvwx"));
	g_assert_false(till_entry_type_valid("abcdefghijklmnopqrstuvwxy"));
	g_assert_false(till_entry_type_valid(""));
	g_assert_false(till_entry_type_valid("-sale"));
	g_assert_false(till_entry_type_valid("Sale"));
	g_assert_false(till_entry_type_valid("sale2"));
	g_assert_false(till_entry_type_valid("sale\n"));
}

static void
test_genesis_differs(void)
{
	TillHash a, b;

	till_entry_genesis(INCARNATION, &a);
	till_entry_genesis(INCARNATION + 1, &b);
	g_assert_false(till_crypto_hash_equal(&a, &b));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/domain/entry/chain-has-the-stated-layout", test_layout);
	g_test_add_func("/domain/entry/sealed-entries-are-sound", test_sealed_is_sound);
	g_test_add_func("/domain/entry/every-change-is-found", test_every_change_is_found);
	g_test_add_func("/domain/entry/body-is-bounded", test_body_bounds);
	g_test_add_func("/domain/entry/types-are-short-words", test_types);
	g_test_add_func("/domain/entry/each-incarnation-begins-elsewhere", test_genesis_differs);
	return g_test_run();
}
