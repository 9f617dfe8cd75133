/* SPDX-License-Identifier: Apache-2.0 */
#include "store-credit.h"

#include <string.h>

#include "crypto.h"
#include "till-test.h"

#define CODES 20000

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
test_no_two_are_alike(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	char text[TILL_STORE_CREDIT_TEXT], read[TILL_STORE_CREDIT_TEXT];

	for (guint i = 0; i < CODES; i++) {
		till_store_credit_make(text);
		g_assert_cmpuint(strlen(text), ==, TILL_STORE_CREDIT_TEXT - 1);
		g_assert_true(till_store_credit_read(text, read));
		g_assert_cmpstr(read, ==, text);
		g_assert_true(g_hash_table_add(seen, g_strdup(text)));
	}
}

static gsize
place_of(gsize letter)
{
	return 3 + letter + letter / 4;
}

static void
test_every_wrong_letter_is_found(void)
{
	char text[TILL_STORE_CREDIT_TEXT], read[TILL_STORE_CREDIT_TEXT];

	for (guint code = 0; code < 20; code++) {
		till_store_credit_make(text);
		for (gsize i = 0; i < 12; i++) {
			char right = text[place_of(i)];
			for (gsize k = 0; k < 32; k++) {
				text[place_of(i)] = alphabet[k];
				g_assert_cmpint(till_store_credit_read(text, read), ==,
						alphabet[k] == right);
			}
			text[place_of(i)] = right;
		}
	}
}

static void
test_swapped_letters_are_found(void)
{
	char text[TILL_STORE_CREDIT_TEXT], read[TILL_STORE_CREDIT_TEXT];

	for (guint code = 0; code < 100; code++) {
		till_store_credit_make(text);
		for (gsize i = 0; i < 12; i++) {
			for (gsize k = i + 1; k < 12; k++) {
				char swapped[TILL_STORE_CREDIT_TEXT];
				memcpy(swapped, text, sizeof text);
				swapped[place_of(i)] = text[place_of(k)];
				swapped[place_of(k)] = text[place_of(i)];
				g_assert_cmpint(till_store_credit_read(swapped, read), ==,
						strcmp(swapped, text) == 0);
			}
		}
	}
}

static void
test_typed_by_people(void)
{
	char text[TILL_STORE_CREDIT_TEXT], read[TILL_STORE_CREDIT_TEXT];

	till_store_credit_make(text);
	g_autofree char *small = g_ascii_strdown(text, -1);
	g_autofree char *spaced = g_strdelimit(g_strdup(text), "-", ' ');
	g_auto(GStrv) groups = g_strsplit(text, "-", -1);
	g_autofree char *bare = g_strjoinv("", groups);
	g_autofree char *letters = g_strdelimit(g_strdup(text), "0", 'O');
	g_strdelimit(letters, "1", 'l');
	const char *forms[] = {small, spaced, bare, letters};
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_assert_true(till_store_credit_read(forms[i], read));
		g_assert_cmpstr(read, ==, text);
	}
}

static void
test_other_texts_are_none(void)
{
	g_autofree char *endless = g_strnfill(5000, '0');
	const char *texts[] = {"",
			       "CR",
			       "CR-0000-0000",
			       "CR-0000-0000-0000-0",
			       "XX-0000-0000-0000",
			       "CR-U000-0000-0000",
			       "CR-····",
			       endless};
	char read[TILL_STORE_CREDIT_TEXT];

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_assert_false(till_store_credit_read(texts[i], read));
}

static void
test_mask_shows_the_end(void)
{
	g_autofree char *masked = till_store_credit_mask("CR-ABCD-EFGH-JKMN");

	g_assert_cmpstr(masked, ==, "CR-····-····-JKMN");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/domain/store-credit/no-two-are-alike", test_no_two_are_alike);
	g_test_add_func("/domain/store-credit/every-wrong-letter-is-found",
			test_every_wrong_letter_is_found);
	g_test_add_func("/domain/store-credit/swapped-letters-are-found",
			test_swapped_letters_are_found);
	g_test_add_func("/domain/store-credit/typed-by-people", test_typed_by_people);
	g_test_add_func("/domain/store-credit/other-texts-are-none", test_other_texts_are_none);
	g_test_add_func("/domain/store-credit/mask-shows-the-end", test_mask_shows_the_end);
	return g_test_run();
}
