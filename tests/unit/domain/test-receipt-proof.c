/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt-proof.h"

#include <string.h>

#include "refund.h"
#include "till-return-sample.h"
#include "till-test.h"

#define MUTATIONS 100000
#define SOLD_MS G_GINT64_CONSTANT(1789000000000)

typedef struct {
	TillSigningKey *key;
	TillUuid terminal;
	TillSold *sold;
	char *text;
} Till;

static void
name(TillSold *sold, const char *receipt)
{
	g_auto(GStrv) parts = g_strsplit(receipt, "-", -1);

	g_free(sold->receipt);
	sold->receipt = g_strdup(receipt);
	g_free(sold->store);
	sold->store = g_strdup(parts[0]);
	g_free(sold->till);
	sold->till = g_strdup(parts[1]);
	sold->txn = till_uuid_random();
	sold->sold_ms = SOLD_MS;
}

static Till
open_till(gboolean gift)
{
	Till till = {.key = till_crypto_key_new(),
		     .terminal = till_uuid_random(),
		     .sold = till_return_sample_small()};

	name(till.sold, "014-02-K7Q-000123");
	till.text = till_receipt_proof_make(till.sold, &till.terminal, gift, till.key);
	return till;
}

static void
close_till(Till *till)
{
	till_crypto_key_free(till->key);
	till_sold_free(till->sold);
	g_free(till->text);
}

static TillReceiptProof *
read_sound(const char *text, const TillSigningKey *key)
{
	g_autoptr(GError) error = NULL;
	TillReceiptProof *proof = till_receipt_proof_read(text, &error);

	g_assert_no_error(error);
	g_assert_true(till_receipt_proof_check(proof, till_crypto_key_public(key)));
	return proof;
}

static void
check_same_line(const TillPricedLine *left, const TillPricedLine *right)
{
	g_assert_cmpuint(left->line_id, ==, right->line_id);
	g_assert_cmpstr(left->item->sku, ==, right->item->sku);
	g_assert_cmpint(left->quantity_milli, ==, right->quantity_milli);
	g_assert_cmpint(left->total_minor, ==, right->total_minor);
	g_assert_cmpint(left->tax_minor, ==, right->tax_minor);
	g_assert_cmpint(left->discount_minor, ==, right->discount_minor);
	g_assert_cmpint(left->list_minor, ==, right->list_minor);
}

static void
check_same(const TillSold *left, const TillSold *right)
{
	g_assert_cmpstr(left->receipt, ==, right->receipt);
	g_assert_cmpstr(left->store, ==, right->store);
	g_assert_cmpstr(left->till, ==, right->till);
	g_assert_true(till_uuid_equal(&left->txn, &right->txn));
	g_assert_cmpuint(left->priced->lines->len, ==, right->priced->lines->len);
	for (guint i = 0; i < left->priced->lines->len; i++)
		check_same_line(g_ptr_array_index(left->priced->lines, i),
				g_ptr_array_index(right->priced->lines, i));
	g_assert_cmpuint(left->payments->len, ==, right->payments->len);
	for (guint i = 0; i < left->payments->len; i++) {
		const TillSoldPayment *a = g_ptr_array_index(left->payments, i);
		const TillSoldPayment *b = g_ptr_array_index(right->payments, i);
		g_assert_cmpstr(a->kind, ==, b->kind);
		g_assert_cmpstr(a->reference, ==, b->reference);
		g_assert_cmpint(a->paid_minor, ==, b->paid_minor);
		g_assert_cmpint(a->value_minor, ==, b->value_minor);
	}
}

static void
test_tells_what_was_sold(void)
{
	Till till = open_till(FALSE);
	g_autoptr(TillReceiptProof) proof = read_sound(till.text, till.key);

	g_assert_nonnull(proof->sold);
	g_assert_cmpint(proof->sold_ms, ==, SOLD_MS);
	g_assert_true(till_uuid_equal(&proof->terminal, &till.terminal));
	check_same(proof->sold, till.sold);
	g_assert_true(till_receipt_proof_matches(proof, till.sold));
	g_assert_cmpuint(strlen(till.text), <, 400);
	close_till(&till);
}

/* What a code says can be written to the books, and every line gives back the same. */
static void
test_random_sales_and_back(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(41);
	Till till = open_till(FALSE);

	for (guint i = 0; i < 3000; i++) {
		g_autoptr(TillSold) sold = till_return_sample_sold(random, 5);
		name(sold, "028-01-ZZ9-1234567");
		g_autofree char *text =
		    till_receipt_proof_make(sold, &till.terminal, FALSE, till.key);
		g_autoptr(TillReceiptProof) proof = read_sound(text, till.key);
		g_autoptr(GError) error = NULL;
		g_assert_nonnull(proof->sold);
		check_same(proof->sold, sold);
		g_assert_true(till_receipt_proof_matches(proof, sold));
		json_t *json = till_sold_json(proof->sold);
		g_autoptr(TillSold) again = till_sold_read(json, &error);
		json_decref(json);
		g_assert_no_error(error);
		check_same(again, sold);
	}
	close_till(&till);
}

static void
test_a_gift_tells_no_price(void)
{
	Till till = open_till(TRUE);
	g_autoptr(TillReceiptProof) proof = read_sound(till.text, till.key);

	g_assert_true(proof->gift);
	g_assert_null(proof->sold);
	g_assert_cmpint(proof->total_minor, ==, 0);
	g_assert_cmpuint(proof->lines->len, ==, 2);
	const TillReceiptProofLine *line = &g_array_index(proof->lines, TillReceiptProofLine, 0);
	g_assert_cmpstr(line->sku, ==, "SHIRT");
	g_assert_cmpint(line->quantity_milli, ==, 3000);
	g_assert_true(till_receipt_proof_matches(proof, till.sold));
	/* The same goods at other prices have the same code but for number and signature. */
	till.sold->priced->total_minor += 100;
	g_autofree char *other = till_receipt_proof_make(till.sold, &till.terminal, TRUE, till.key);
	g_assert_cmpstr(other, ==, till.text);
	close_till(&till);
}

static TillSold *
make_long_sale(guint lines)
{
	TillPriced *priced = till_price_new(till_currency_find("USD"));

	for (guint i = 0; i < lines; i++) {
		g_autofree char *sku = g_strdup_printf("A-RATHER-LONG-SKU-%05u", i);
		till_return_sample_line(priced, sku, 2000, 4000 + i, 100);
	}
	g_assert_true(till_price_sum(priced, NULL));
	TillSold *sold = till_sold_new(TILL_SOLD_SALE, priced);
	name(sold, "014-02-K7Q-000124");
	return sold;
}

static void
test_long_sales_have_a_digest(void)
{
	Till till = open_till(FALSE);

	for (guint lines = 1; lines <= 300; lines += lines < 20 ? 1 : 50) {
		g_autoptr(TillSold) sold = make_long_sale(lines);
		for (guint gift = 0; gift < 2; gift++) {
			g_autofree char *text =
			    till_receipt_proof_make(sold, &till.terminal, gift == 1, till.key);
			g_autoptr(TillReceiptProof) proof = read_sound(text, till.key);
			g_assert_cmpuint(strlen(text), <=, TILL_RECEIPT_PROOF_TEXT_MAX);
			g_assert_true(till_receipt_proof_matches(proof, sold));
			if (gift == 0)
				g_assert_cmpint(proof->total_minor, ==, sold->priced->total_minor);
			if (lines > 20)
				g_assert_true(proof->sold == NULL && proof->lines->len == 0);
		}
	}
	g_autoptr(TillSold) sold = make_long_sale(200);
	g_autofree char *text = till_receipt_proof_make(sold, &till.terminal, FALSE, till.key);
	g_autoptr(TillReceiptProof) proof = read_sound(text, till.key);
	TillPricedLine *line = g_ptr_array_index(sold->priced->lines, 150);
	line->total_minor++;
	g_assert_false(till_receipt_proof_matches(proof, sold));
	close_till(&till);
}

static void
test_other_keys_are_forgeries(void)
{
	Till till = open_till(FALSE);
	g_autoptr(TillSigningKey) thief = till_crypto_key_new();
	g_autofree char *text = till_receipt_proof_make(till.sold, &till.terminal, FALSE, thief);
	g_autoptr(TillReceiptProof) proof = till_receipt_proof_read(text, NULL);

	g_assert_nonnull(proof);
	g_assert_false(till_receipt_proof_check(proof, till_crypto_key_public(till.key)));
	close_till(&till);
}

/* ---- Mutations ---- */

static void
mutate(TillTestRandom *random, GString *text, const char *other)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	gsize last = text->len - 1;
	gsize at = (gsize)till_test_random_range(random, 0, (gint64)last);

	switch (till_test_random_range(random, 0, 5)) {
	case 0:
		text->str[at] = (char)(text->str[at] ^ (1 << till_test_random_range(random, 0, 7)));
		break;
	case 1:
		text->str[at] = alphabet[till_test_random_range(random, 0, 31)];
		break;
	case 2:
		g_string_truncate(text, at);
		break;
	case 3: {
		gsize end = MIN(text->len, strlen(other));
		gsize from = MIN(at, end);
		memcpy(text->str + from, other + from,
		       (gsize)till_test_random_range(random, 0, (gint64)(end - from)));
		break;
	}
	case 4:
		g_string_insert_c(text, (gssize)at,
				  alphabet[till_test_random_range(random, 0, 31)]);
		break;
	default:
		text->str[at] = g_ascii_tolower(text->str[at]);
		break;
	}
}

static void
test_no_mutation_is_accepted(void)
{
	Till till = open_till(FALSE);
	TillTestRandom random;
	guint tried = 0, forged = 0;
	g_autofree char *gift = till_receipt_proof_make(till.sold, &till.terminal, TRUE, till.key);

	name(till.sold, "014-02-K7Q-000999");
	g_autofree char *other =
	    till_receipt_proof_make(till.sold, &till.terminal, FALSE, till.key);
	till_test_random_init(&random, 5);
	while (tried < MUTATIONS) {
		g_autoptr(GString) text = g_string_new(tried % 2 == 0 ? till.text : gift);
		mutate(&random, text, other);
		if (strcmp(text->str, till.text) == 0 || strcmp(text->str, gift) == 0 ||
		    strcmp(text->str, other) == 0)
			continue;
		tried++;
		g_autoptr(TillReceiptProof) proof = till_receipt_proof_read(text->str, NULL);
		if (proof == NULL)
			continue;
		if (till_receipt_proof_check(proof, till_crypto_key_public(till.key)))
			g_error("accepted: %s", text->str);
		forged++;
	}
	g_assert_cmpuint(forged, >, MUTATIONS / 20);
	close_till(&till);
}

/* ---- Its text ---- */

static void
test_url_and_back(void)
{
	Till till = open_till(FALSE);
	g_autofree char *url = till_receipt_proof_url("https://shop.example/", till.text);
	g_autofree char *with_id = g_strconcat("]Q1", url, "\r\n", NULL);
	g_autofree char *with_query = g_strconcat(url, "?from=mail", NULL);
	const char *forms[] = {url, with_id, with_query, till.text};
	char found[TILL_RECEIPT_PROOF_TEXT_MAX + 1];

	g_assert_true(g_str_has_prefix(url, "HTTPS://SHOP.EXAMPLE/R/A"));
	g_assert_cmpuint(strspn(url, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), ==,
			 strlen(url));
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_assert_true(till_receipt_proof_find(forms[i], found));
		g_assert_cmpstr(found, ==, till.text);
	}
	close_till(&till);
}

static void
test_other_codes_are_none(void)
{
	Till till = open_till(FALSE);
	g_autofree char *pickup = g_strnfill(168, 'A');
	g_autofree char *pickup_url = g_strdup_printf("https://a/P/%s", till.text);
	g_autofree char *endless = g_strnfill(5000, 'A');
	const char *codes[] = {"",     "4006381333931", "https://id.gs1.org/01/09520123456788",
			       pickup, pickup_url,      endless};
	char found[TILL_RECEIPT_PROOF_TEXT_MAX + 1];

	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		g_assert_false(till_receipt_proof_find(codes[i], found));
	close_till(&till);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/domain/receipt-proof/tells-what-was-sold", test_tells_what_was_sold);
	g_test_add_func("/domain/receipt-proof/random-sales-and-back", test_random_sales_and_back);
	g_test_add_func("/domain/receipt-proof/a-gift-tells-no-price", test_a_gift_tells_no_price);
	g_test_add_func("/domain/receipt-proof/long-sales-have-a-digest",
			test_long_sales_have_a_digest);
	g_test_add_func("/domain/receipt-proof/other-keys-are-forgeries",
			test_other_keys_are_forgeries);
	g_test_add_func("/domain/receipt-proof/no-mutation-is-accepted",
			test_no_mutation_is_accepted);
	g_test_add_func("/domain/receipt-proof/url-and-back", test_url_and_back);
	g_test_add_func("/domain/receipt-proof/other-codes-are-none", test_other_codes_are_none);
	return g_test_run();
}
