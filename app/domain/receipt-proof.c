/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt-proof.h"

#include <string.h>

#include "quantity.h"
#include "receipt-proof-private.h"

#define TEXT_MAX 255 /* bytes of one text in the code */
/* Version, flags, receipt, terminal, transaction, time, currency and a signature are never less. */
#define BYTES_MIN 110
#define LETTERS_MIN (BYTES_MIN * 8 / 5)

static const char *const payment_kinds[] = {"cash", "card", "gift-card", "credit"};

/* --- bytes --- */

static void
put_bytes(GByteArray *out, const void *bytes, gsize size)
{
	g_byte_array_append(out, bytes, (guint)size);
}

static void
put_byte(GByteArray *out, guint value)
{
	guint8 byte = (guint8)value;

	g_byte_array_append(out, &byte, 1);
}

/* Amounts of a sale are not below zero, but nothing here depends on it. */
static void
put_number(GByteArray *out, gint64 number)
{
	guint64 value = (guint64)number;

	while (value > 127) {
		put_byte(out, (guint)(value & 127) | 128);
		value >>= 7;
	}
	put_byte(out, (guint)value);
}

static void
put_text(GByteArray *out, const char *text)
{
	gsize size = MIN(strlen(text), TEXT_MAX);

	put_byte(out, (guint)size);
	put_bytes(out, text, size);
}

static void
put_quantity(GByteArray *out, const TillPricedLine *line)
{
	gboolean pieces = line->quantity_milli % TILL_QUANTITY_ONE == 0;
	gint64 count = pieces ? line->quantity_milli / TILL_QUANTITY_ONE : line->quantity_milli;

	put_number(out, count << 2 | (line->item->weighed ? TILL_RECEIPT_PROOF_WEIGHED : 0) |
			    (pieces ? 0 : TILL_RECEIPT_PROOF_IN_MILLI));
}

/* --- what was paid --- */

static guint
number_of_kind(const char *kind)
{
	for (guint i = 0; i < G_N_ELEMENTS(payment_kinds); i++) {
		if (strcmp(payment_kinds[i], kind) == 0)
			return i;
	}
	return G_N_ELEMENTS(payment_kinds); /* none that a reader takes */
}

static void
put_payments(GByteArray *out, const TillSold *sold)
{
	put_byte(out, sold->payments->len);
	for (guint i = 0; i < sold->payments->len; i++) {
		const TillSoldPayment *payment = g_ptr_array_index(sold->payments, i);
		put_byte(out, number_of_kind(payment->kind));
		put_text(out, payment->reference);
		put_number(out, payment->paid_minor);
		put_number(out, payment->value_minor);
	}
}

static gint64
find_tax(const TillPricedLine *line, const TillPricedTax *tax)
{
	for (guint i = 0; i < line->taxes->len; i++) {
		const TillPricedTax *own = &g_array_index(line->taxes, TillPricedTax, i);
		if (till_price_is_same_tax(own, tax))
			return own->amount_minor;
	}
	return 0;
}

/* What was not charged has no amount to give back. Array of TillPricedTax, borrowed texts. */
static GArray *
charged_taxes(const TillPriced *priced)
{
	GArray *taxes = g_array_new(FALSE, FALSE, sizeof(TillPricedTax));

	for (guint i = 0; i < priced->taxes->len; i++) {
		const TillPricedTax *tax = &g_array_index(priced->taxes, TillPricedTax, i);
		if (tax->amount_minor != 0)
			g_array_append_vals(taxes, tax, 1);
	}
	return taxes;
}

static void
put_taxes(GByteArray *out, const GArray *taxes)
{
	put_byte(out, taxes->len);
	for (guint i = 0; i < taxes->len; i++) {
		const TillPricedTax *tax = &g_array_index(taxes, TillPricedTax, i);
		put_text(out, tax->tax_id);
		put_number(out, tax->rate_ppm);
		put_byte(out, tax->inclusive ? 1 : 0);
	}
}

static void
put_line(GByteArray *out, const TillPricedLine *line)
{
	put_number(out, line->line_id);
	put_text(out, line->item->sku);
	put_quantity(out, line);
}

static void
put_prices(GByteArray *out, const TillSold *sold)
{
	const TillPriced *priced = sold->priced;
	g_autoptr(GArray) taxes = charged_taxes(priced);

	put_number(out, priced->total_minor);
	put_payments(out, sold);
	put_taxes(out, taxes);
	put_byte(out, MIN(priced->lines->len, TEXT_MAX));
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		put_line(out, line);
		put_number(out, line->total_minor);
		put_number(out, line->discount_minor);
		for (guint k = 0; k < taxes->len; k++)
			put_number(out, find_tax(line, &g_array_index(taxes, TillPricedTax, k)));
	}
}

static void
put_goods(GByteArray *out, const TillPriced *priced)
{
	put_byte(out, MIN(priced->lines->len, TEXT_MAX));
	for (guint i = 0; i < priced->lines->len; i++)
		put_line(out, g_ptr_array_index(priced->lines, i));
}

static void
digest_prices(const TillSold *sold, guint8 *out_digest)
{
	g_autoptr(GByteArray) prices = g_byte_array_new();
	TillHash hash;

	put_prices(prices, sold);
	till_crypto_hash(prices->data, prices->len, &hash);
	memcpy(out_digest, hash.bytes, TILL_RECEIPT_PROOF_DIGEST);
}

/* --- the whole --- */

/* Letters and number are the last two parts of the receipt's number; zeros where it is none. */
static void
put_receipt(GByteArray *out, const TillSold *sold)
{
	static const char no_letters[TILL_RECEIPT_PROOF_LETTERS] = "000";
	const char *dash = strrchr(sold->receipt, '-');
	gint64 number = 0;

	put_text(out, sold->store);
	put_text(out, sold->till);
	for (const char *at = dash != NULL ? dash + 1 : ""; g_ascii_isdigit(*at); at++)
		number = (number * 10 + (*at - '0')) & G_MAXINT64;
	if (dash != NULL && dash - sold->receipt > TILL_RECEIPT_PROOF_LETTERS)
		put_bytes(out, dash - TILL_RECEIPT_PROOF_LETTERS, TILL_RECEIPT_PROOF_LETTERS);
	else
		put_bytes(out, no_letters, sizeof no_letters);
	put_number(out, number);
}

static GByteArray *
start(const TillSold *sold, const TillUuid *terminal, guint flags)
{
	GByteArray *out = g_byte_array_new();
	guint32 second = GUINT32_TO_BE((guint32)CLAMP(sold->sold_ms / 1000, 0, G_MAXUINT32));

	put_byte(out, TILL_RECEIPT_PROOF_VERSION);
	put_byte(out, flags);
	put_receipt(out, sold);
	put_bytes(out, terminal->bytes, sizeof terminal->bytes);
	put_bytes(out, sold->txn.bytes, sizeof sold->txn.bytes);
	put_bytes(out, &second, sizeof second);
	put_bytes(out, sold->priced->currency->code, 3);
	return out;
}

/* Everything, as far as the bearer may know it. */
static GByteArray *
build_whole(const TillSold *sold, const TillUuid *terminal, gboolean gift)
{
	GByteArray *bytes =
	    start(sold, terminal,
		  gift ? TILL_RECEIPT_PROOF_FLAG_GIFT | TILL_RECEIPT_PROOF_FLAG_LINES
		       : TILL_RECEIPT_PROOF_FLAG_PRICES);

	if (gift)
		put_goods(bytes, sold->priced);
	else
		put_prices(bytes, sold);
	return bytes;
}

static GByteArray *
build_short(const TillSold *sold, const TillUuid *terminal, gboolean gift)
{
	GByteArray *bytes = start(sold, terminal, gift ? TILL_RECEIPT_PROOF_FLAG_GIFT : 0);
	guint8 digest[TILL_RECEIPT_PROOF_DIGEST];

	if (gift)
		return bytes;
	put_number(bytes, MAX(sold->priced->total_minor, 0));
	digest_prices(sold, digest);
	put_bytes(bytes, digest, sizeof digest);
	return bytes;
}

static char *
encode(const GByteArray *bytes)
{
	static const char alphabet[] = TILL_RECEIPT_PROOF_ALPHABET;
	GString *text = g_string_new(NULL);
	guint held = 0, bits = 0;

	for (guint i = 0; i < bytes->len; i++) {
		held = (held << 8 | bytes->data[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			g_string_append_c(text, alphabet[held >> (bits - 5) & 31]);
	}
	if (bits > 0)
		g_string_append_c(text, alphabet[held << (5 - bits) & 31]);
	return g_string_free(text, FALSE);
}

static char *
sign(GByteArray *bytes, const TillSigningKey *key)
{
	static const char purpose[] = TILL_RECEIPT_PROOF_PURPOSE;
	g_autoptr(GByteArray) message = g_byte_array_new();
	TillSignature signature;

	put_bytes(message, purpose, sizeof purpose);
	put_bytes(message, bytes->data, bytes->len);
	till_crypto_sign(key, message->data, message->len, &signature);
	put_bytes(bytes, signature.bytes, sizeof signature.bytes);
	return encode(bytes);
}

/* What its own reader would not take (too long, an amount below zero) gets the short form. */
char *
till_receipt_proof_make(const TillSold *sold, const TillUuid *terminal, gboolean gift,
			const TillSigningKey *key)
{
	g_autoptr(GByteArray) whole = build_whole(sold, terminal, gift);
	g_autofree char *text = sign(whole, key);
	g_autoptr(TillReceiptProof) read = till_receipt_proof_read(text, NULL);

	if (read != NULL)
		return g_steal_pointer(&text);
	g_autoptr(GByteArray) rest = build_short(sold, terminal, gift);
	return sign(rest, key);
}

gboolean
till_receipt_proof_check(const TillReceiptProof *proof, const TillPublicKey *key)
{
	gsize size;
	const void *data = g_bytes_get_data(proof->signed_bytes, &size);

	return till_crypto_verify(key, data, size, &proof->signature);
}

gboolean
till_receipt_proof_matches(const TillReceiptProof *proof, const TillSold *sold)
{
	guint8 digest[TILL_RECEIPT_PROOF_DIGEST];

	if (strcmp(proof->receipt, sold->receipt) != 0)
		return FALSE;
	if (proof->gift)
		return TRUE;
	digest_prices(sold, digest);
	return memcmp(digest, proof->digest, sizeof digest) == 0;
}

/* --- its text --- */

char *
till_receipt_proof_url(const char *base, const char *text)
{
	gsize length = strlen(base);

	while (length > 0 && base[length - 1] == '/')
		length--;
	g_autofree char *capitals = g_ascii_strup(base, (gssize)length);
	return g_strdup_printf("%s/R/%s", capitals, text);
}

gboolean
till_receipt_proof_find(const char *scanned, char *out_text)
{
	while (g_ascii_isspace(*scanned))
		scanned++;
	/* What a scanner says of the symbol (aim.h). */
	if (scanned[0] == ']' && g_ascii_isalpha(scanned[1]) && g_ascii_isalnum(scanned[2]))
		scanned += 3;
	gsize length = strcspn(scanned, "?# \t\r\n");
	const char *end = scanned + length;
	const char *start = end;
	gboolean is_link = g_ascii_strncasecmp(scanned, "http", 4) == 0;

	while (start > scanned && start[-1] != '/')
		start--;
	if (is_link != (start != scanned) || end - start < LETTERS_MIN ||
	    end - start > TILL_RECEIPT_PROOF_TEXT_MAX ||
	    strspn(start, TILL_RECEIPT_PROOF_ALPHABET) < (gsize)(end - start))
		return FALSE;
	if (is_link && (start - scanned < 3 || g_ascii_strncasecmp(start - 3, "/R/", 3) != 0))
		return FALSE;
	memcpy(out_text, start, (gsize)(end - start));
	out_text[end - start] = '\0';
	return TRUE;
}
