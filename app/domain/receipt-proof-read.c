/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "error.h"
#include "money.h"
#include "quantity.h"
#include "receipt-proof-private.h"
#include "receipt-proof.h"
#include "rounding.h"
#include "text.h"

/* Everything here is read before anybody knows who made it: each number has its bounds, and a
 * fault stops the reading, with zeros for the rest. */

#define WORD_MAX 32
#define ID_MAX 64
#define SECOND_MS 1000
#define TAXES_MAX 16
#define RATE_MAX_PPM G_GINT64_CONSTANT(10000000)

typedef struct {
	const guint8 *at;
	const guint8 *end;
	gboolean faulty;
} Bytes;

typedef struct {
	char *id; /* owned */
	gint64 rate_ppm;
	gboolean inclusive;
} Tax;

static const char *const payment_kinds[] = {"cash", "card", "gift-card", "credit"};

/* --- bytes --- */

static const guint8 *
take(Bytes *bytes, gsize size)
{
	const guint8 *at = bytes->at;

	if (bytes->faulty || (gsize)(bytes->end - at) < size) {
		bytes->faulty = TRUE;
		return NULL;
	}
	bytes->at += size;
	return at;
}

static void
take_into(Bytes *bytes, void *out, gsize size)
{
	const guint8 *at = take(bytes, size);

	if (at != NULL)
		memcpy(out, at, size);
}

static gint64
take_number(Bytes *bytes, gint64 min, gint64 max)
{
	guint64 value = 0;

	for (guint shift = 0; shift < 63; shift += 7) {
		const guint8 *byte = take(bytes, 1);
		if (byte == NULL)
			return min;
		value |= (guint64)(*byte & 127) << shift;
		if (*byte & 128)
			continue;
		if ((*byte == 0 && shift > 0) || (gint64)value < min || (gint64)value > max)
			break;
		return (gint64)value;
	}
	bytes->faulty = TRUE;
	return min;
}

/* Owned; "" after a fault. */
static char *
take_text(Bytes *bytes, gsize min, gsize max)
{
	gsize size = (gsize)take_number(bytes, (gint64)min, (gint64)MIN(max, 127));
	const guint8 *at = take(bytes, size);
	g_autofree char *text =
	    g_strndup(at != NULL ? (const char *)at : "", at != NULL ? size : 0);
	g_autofree char *clean = till_text_clean(text, max);

	if (strlen(text) != size || strcmp(text, clean) != 0)
		bytes->faulty = TRUE;
	return g_steal_pointer(&text);
}

static gint64
take_quantity(Bytes *bytes, gboolean *out_weighed)
{
	gint64 code = take_number(bytes, 4, TILL_QUANTITY_MAX_MILLI << 2 | 3);
	gint64 count = code >> 2;
	gboolean in_milli = (code & TILL_RECEIPT_PROOF_IN_MILLI) != 0;

	*out_weighed = (code & TILL_RECEIPT_PROOF_WEIGHED) != 0;
	/* Parts are of what is weighed, and whole numbers have one way to be written. */
	if (in_milli && (count % TILL_QUANTITY_ONE == 0 || !*out_weighed))
		bytes->faulty = TRUE;
	if (!in_milli && count > TILL_QUANTITY_MAX_MILLI / TILL_QUANTITY_ONE)
		bytes->faulty = TRUE;
	return bytes->faulty ? TILL_QUANTITY_ONE : in_milli ? count : count * TILL_QUANTITY_ONE;
}

/* --- what was paid --- */

static TillItem *
make_item(const char *sku, gboolean weighed)
{
	TillItem *item = till_item_new();

	item->sku = g_strdup(sku);
	item->name = g_strdup(sku);
	item->variant = g_strdup("");
	item->style = g_strdup("");
	item->category = g_strdup("");
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup(weighed ? "kg" : "ea");
	item->weighed = weighed;
	item->tax_class = g_strdup("");
	item->price_list = g_strdup("");
	item->has_price = TRUE;
	item->active = TRUE;
	return item;
}

static void
take_payments(Bytes *bytes, TillSold *sold)
{
	gint64 count = take_number(bytes, 0, TILL_SOLD_PAYMENTS_MAX);

	for (gint64 i = 0; i < count && !bytes->faulty; i++) {
		gint64 kind = take_number(bytes, 0, G_N_ELEMENTS(payment_kinds) - 1);
		g_autofree char *name = g_strdup(payment_kinds[kind]);
		g_autofree char *reference = take_text(bytes, 0, ID_MAX);
		gint64 paid = take_number(bytes, 0, TILL_MONEY_MAX_MINOR);
		TillSoldPayment payment = {.kind = name,
					   .reference = reference,
					   .paid_minor = paid,
					   .value_minor =
					       take_number(bytes, 0, TILL_MONEY_MAX_MINOR)};
		till_sold_add_payment(sold, &payment);
	}
}

static void
clear_tax(gpointer data)
{
	g_free(((Tax *)data)->id);
}

static GArray *
take_taxes(Bytes *bytes)
{
	GArray *taxes = g_array_new(FALSE, TRUE, sizeof(Tax));
	gint64 count = take_number(bytes, 0, TAXES_MAX);

	g_array_set_clear_func(taxes, clear_tax);
	for (gint64 i = 0; i < count && !bytes->faulty; i++) {
		Tax tax = {.id = take_text(bytes, 1, ID_MAX)};
		tax.rate_ppm = take_number(bytes, 0, RATE_MAX_PPM);
		tax.inclusive = take_number(bytes, 0, 1) == 1;
		for (guint k = 0; k < taxes->len; k++) {
			const Tax *other = &g_array_index(taxes, Tax, k);
			if (strcmp(other->id, tax.id) == 0 && other->rate_ppm == tax.rate_ppm &&
			    other->inclusive == tax.inclusive)
				bytes->faulty = TRUE;
		}
		g_array_append_val(taxes, tax);
	}
	return taxes;
}

static void
take_line_taxes(Bytes *bytes, const GArray *taxes, TillPricedLine *line)
{
	gint64 on_top = 0;
	char none[] = "";

	for (guint i = 0; i < taxes->len; i++) {
		const Tax *tax = &g_array_index(taxes, Tax, i);
		TillPricedTax row = {.tax_id = tax->id,
				     .name = tax->id,
				     .group = none,
				     .rate_ppm = tax->rate_ppm,
				     .inclusive = tax->inclusive,
				     .amount_minor = take_number(bytes, 0, TILL_MONEY_MAX_MINOR)};
		if (row.amount_minor == 0)
			continue;
		line->tax_minor += row.amount_minor;
		on_top += tax->inclusive ? 0 : row.amount_minor;
		till_price_append_tax(line->taxes, &row);
	}
	for (guint i = 0; i < line->taxes->len; i++)
		g_array_index(line->taxes, TillPricedTax, i).base_minor =
		    line->total_minor - line->tax_minor;
	if (line->tax_minor > line->total_minor)
		bytes->faulty = TRUE;
	line->list_minor = line->total_minor - on_top + line->discount_minor;
}

static void
take_line(Bytes *bytes, const GArray *taxes, TillPriced *priced)
{
	TillPricedLine *line = till_price_append_line(priced);
	char promotion[] = "receipt", words[] = "Discount", code[] = "";
	gboolean weighed = FALSE;

	line->line_id = (guint)take_number(bytes, 1, G_MAXINT32);
	g_autofree char *sku = take_text(bytes, 1, TILL_SKU_MAX);
	line->quantity_milli = take_quantity(bytes, &weighed);
	line->item = make_item(sku, weighed);
	line->code = g_strdup("");
	line->note = g_strdup("");
	line->total_minor = take_number(bytes, 0, TILL_MONEY_MAX_MINOR);
	line->discount_minor = take_number(bytes, 0, TILL_MONEY_MAX_MINOR);
	take_line_taxes(bytes, taxes, line);
	TillPricedDiscount discount = {.promotion = promotion,
				       .version = 1,
				       .name = words,
				       .code = code,
				       .amount_minor = line->discount_minor};
	if (discount.amount_minor > 0)
		till_price_append_discount(line->discounts, &discount);
	if (bytes->faulty ||
	    !till_rounding_scale(line->list_minor, TILL_QUANTITY_ONE, line->quantity_milli,
				 TILL_ROUND_HALF_UP, &line->unit_minor))
		bytes->faulty = TRUE;
}

static gboolean
has_number_twice(const TillPriced *priced)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);
		if (!g_hash_table_add(seen, GUINT_TO_POINTER(line->line_id)))
			return TRUE;
	}
	return FALSE;
}

static void
copy_heading(const TillReceiptProof *proof, TillSold *sold)
{
	sold->txn = proof->txn;
	sold->sold_ms = proof->sold_ms;
	g_free(sold->receipt);
	sold->receipt = g_strdup(proof->receipt);
	g_free(sold->channel);
	sold->channel = g_strdup("store");
	g_free(sold->store);
	sold->store = g_strdup(proof->store);
	g_free(sold->till);
	sold->till = g_strdup(proof->till);
}

static void
take_prices(Bytes *bytes, TillReceiptProof *proof)
{
	TillPriced *priced = till_price_new(proof->currency);
	g_autoptr(TillSold) sold = till_sold_new(TILL_SOLD_SALE, priced);
	const guint8 *from = bytes->at;
	g_autoptr(GArray) taxes = NULL;
	gint64 count;
	TillHash hash;

	proof->total_minor = take_number(bytes, 0, TILL_MONEY_MAX_MINOR);
	take_payments(bytes, sold);
	taxes = take_taxes(bytes);
	count = take_number(bytes, 1, TILL_RECEIPT_PROOF_LINES_MAX);
	for (gint64 i = 0; i < count && !bytes->faulty; i++)
		take_line(bytes, taxes, priced);
	if (bytes->faulty || has_number_twice(priced) || !till_price_sum(priced, NULL) ||
	    priced->total_minor != proof->total_minor) {
		bytes->faulty = TRUE;
		return;
	}
	g_free(sold->back_milli);
	sold->back_milli = g_new0(gint64, priced->lines->len);
	copy_heading(proof, sold);
	till_crypto_hash(from, (gsize)(bytes->at - from), &hash);
	memcpy(proof->digest, hash.bytes, sizeof proof->digest);
	proof->sold = g_steal_pointer(&sold);
}

/* --- without prices --- */

static void
clear_line(gpointer data)
{
	g_free(((TillReceiptProofLine *)data)->sku);
}

static void
take_goods(Bytes *bytes, TillReceiptProof *proof)
{
	gint64 count = take_number(bytes, 1, TILL_RECEIPT_PROOF_LINES_MAX);
	gboolean weighed;

	for (gint64 i = 0; i < count && !bytes->faulty; i++) {
		TillReceiptProofLine line = {.line = (guint)take_number(bytes, 1, G_MAXINT32)};
		line.sku = take_text(bytes, 1, TILL_SKU_MAX);
		line.quantity_milli = take_quantity(bytes, &weighed);
		g_array_append_val(proof->lines, line);
	}
}

/* --- the whole --- */

static TillReceiptProof *
new_proof(void)
{
	TillReceiptProof *proof = g_new0(TillReceiptProof, 1);

	proof->lines = g_array_new(FALSE, TRUE, sizeof(TillReceiptProofLine));
	g_array_set_clear_func(proof->lines, clear_line);
	return proof;
}

void
till_receipt_proof_free(TillReceiptProof *proof)
{
	if (proof == NULL)
		return;
	g_free(proof->receipt);
	g_free(proof->store);
	g_free(proof->till);
	till_sold_free(proof->sold);
	g_array_unref(proof->lines);
	g_clear_pointer(&proof->signed_bytes, g_bytes_unref);
	g_free(proof);
}

static void
take_heading(Bytes *bytes, TillReceiptProof *proof)
{
	char letters[TILL_RECEIPT_PROOF_LETTERS + 1] = "";
	char currency[4] = "";
	guint32 second = 0;
	gint64 number;

	proof->store = take_text(bytes, 1, WORD_MAX);
	proof->till = take_text(bytes, 1, WORD_MAX);
	take_into(bytes, letters, TILL_RECEIPT_PROOF_LETTERS);
	number = take_number(bytes, 0, G_MAXINT64 >> 1);
	take_into(bytes, proof->terminal.bytes, sizeof proof->terminal.bytes);
	take_into(bytes, proof->txn.bytes, sizeof proof->txn.bytes);
	take_into(bytes, &second, sizeof second);
	take_into(bytes, currency, 3);
	proof->sold_ms = (gint64)GUINT32_FROM_BE(second) * SECOND_MS;
	proof->currency = till_currency_find(currency);
	for (gsize i = 0; i < TILL_RECEIPT_PROOF_LETTERS; i++)
		bytes->faulty |= !g_ascii_isupper(letters[i]) && !g_ascii_isdigit(letters[i]);
	if (proof->currency == NULL)
		bytes->faulty = TRUE;
	proof->receipt = g_strdup_printf("%s-%s-%s-%06" G_GINT64_FORMAT, proof->store, proof->till,
					 letters, number);
}

static void
take_body(Bytes *bytes, guint flags, TillReceiptProof *proof)
{
	proof->gift = (flags & TILL_RECEIPT_PROOF_FLAG_GIFT) != 0;
	switch (flags) {
	case TILL_RECEIPT_PROOF_FLAG_PRICES:
		take_prices(bytes, proof);
		break;
	case TILL_RECEIPT_PROOF_FLAG_GIFT | TILL_RECEIPT_PROOF_FLAG_LINES:
		take_goods(bytes, proof);
		break;
	case TILL_RECEIPT_PROOF_FLAG_GIFT:
		break;
	case 0:
		proof->total_minor = take_number(bytes, 0, TILL_MONEY_MAX_MINOR);
		take_into(bytes, proof->digest, sizeof proof->digest);
		break;
	default:
		bytes->faulty = TRUE;
	}
}

static GByteArray *
decode(const char *text)
{
	static const char alphabet[] = TILL_RECEIPT_PROOF_ALPHABET;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	guint held = 0, bits = 0;

	if (strnlen(text, TILL_RECEIPT_PROOF_TEXT_MAX + 1) > TILL_RECEIPT_PROOF_TEXT_MAX)
		return NULL;
	for (const char *at = text; *at != '\0'; at++) {
		const char *place = strchr(alphabet, *at);
		if (place == NULL)
			return NULL;
		held = (held << 5 | (guint)(place - alphabet)) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			guint8 byte = (guint8)(held >> (bits - 8));
			bits -= 8;
			g_byte_array_append(bytes, &byte, 1);
		}
	}
	if (bits >= 5 || (held & ((1U << bits) - 1)) != 0 || bytes->len <= TILL_SIGNATURE_BYTES)
		return NULL;
	return g_steal_pointer(&bytes);
}

static void
keep_signed(TillReceiptProof *proof, const GByteArray *bytes, gsize size)
{
	static const char purpose[] = TILL_RECEIPT_PROOF_PURPOSE;
	guint8 *message = g_malloc(sizeof purpose + size);

	memcpy(message, purpose, sizeof purpose);
	memcpy(message + sizeof purpose, bytes->data, size);
	proof->signed_bytes = g_bytes_new_take(message, sizeof purpose + size);
	memcpy(proof->signature.bytes, bytes->data + size, sizeof proof->signature.bytes);
}

TillReceiptProof *
till_receipt_proof_read(const char *text, GError **error)
{
	g_autoptr(GByteArray) all = decode(text);
	g_autoptr(TillReceiptProof) proof = new_proof();
	gsize size = all != NULL ? all->len - TILL_SIGNATURE_BYTES : 0;
	Bytes bytes = {.at = all != NULL ? all->data : NULL, .faulty = all == NULL};
	guint version, flags;

	bytes.end = bytes.at + size;
	version = (guint)take_number(&bytes, 0, 127);
	if (!bytes.faulty && version != TILL_RECEIPT_PROOF_VERSION) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "This receipt's code was made by another release. Find the "
				    "sale by its receipt number, and have the till updated.");
		return NULL;
	}
	flags = (guint)take_number(&bytes, 0, 127);
	take_heading(&bytes, proof);
	if (!bytes.faulty)
		take_body(&bytes, flags, proof);
	if (bytes.faulty || bytes.at != bytes.end) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID,
				    "This receipt's code is damaged. Scan it again, or type the "
				    "receipt number.");
		return NULL;
	}
	keep_signed(proof, all, size);
	return g_steal_pointer(&proof);
}
