/* SPDX-License-Identifier: Apache-2.0 */
#include "code-scanner.h"

#include <string.h>
#include <zbar.h>

#include "code128.h"
#include "gtin.h"

#define CODE128_LENGTH_MIN 4

struct TillCodeScanner {
	zbar_image_scanner_t *zbar; /* owned */
};

static const struct {
	zbar_symbol_type_t zbar;
	TillCodeKind kind;
} kinds[] = {
    {ZBAR_EAN13, TILL_CODE_EAN13},     {ZBAR_UPCA, TILL_CODE_UPCA},
    {ZBAR_EAN8, TILL_CODE_EAN8},       {ZBAR_UPCE, TILL_CODE_UPCE},
    {ZBAR_CODE128, TILL_CODE_CODE128}, {ZBAR_QRCODE, TILL_CODE_QR},
    {ZBAR_DATABAR, TILL_CODE_DATABAR}, {ZBAR_DATABAR_EXP, TILL_CODE_DATABAR_EXPANDED},
};

void
till_code_sight_free(TillCodeSight *sight)
{
	if (sight == NULL)
		return;
	till_code_free(sight->code);
	g_free(sight);
}

TillCodeScanner *
till_code_scanner_new(gboolean databar)
{
	TillCodeScanner *scanner = g_new0(TillCodeScanner, 1);
	zbar_image_scanner_t *zbar = zbar_image_scanner_create();

	zbar_image_scanner_set_config(zbar, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		gboolean weighed = kinds[i].kind == TILL_CODE_DATABAR ||
				   kinds[i].kind == TILL_CODE_DATABAR_EXPANDED;
		zbar_image_scanner_set_config(zbar, kinds[i].zbar, ZBAR_CFG_ENABLE,
					      !weighed || databar);
	}
	/* In text mode zbar guesses the character set and mangles UTF-8. */
	zbar_image_scanner_set_config(zbar, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
	zbar_image_scanner_set_config(zbar, ZBAR_CODE128, ZBAR_CFG_MIN_LEN, CODE128_LENGTH_MIN);
	scanner->zbar = zbar;
	return scanner;
}

void
till_code_scanner_free(TillCodeScanner *scanner)
{
	if (scanner == NULL)
		return;
	zbar_image_scanner_destroy(scanner->zbar);
	g_free(scanner);
}

static gboolean
find_kind(zbar_symbol_type_t type, TillCodeKind *out)
{
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (kinds[i].zbar == type) {
			*out = kinds[i].kind;
			return TRUE;
		}
	}
	return FALSE;
}

static guint
to_thousandths(int at, guint side)
{
	return (guint)(CLAMP(at, 0, (int)side) * 1000 / (int)side);
}

static TillCodePlace
place_of(const zbar_symbol_t *symbol, const TillImage *image)
{
	TillCodePlace place = {1000, 1000, 0, 0};

	for (guint i = 0; i < zbar_symbol_get_loc_size(symbol); i++) {
		guint x = to_thousandths(zbar_symbol_get_loc_x(symbol, i), image->width);
		guint y = to_thousandths(zbar_symbol_get_loc_y(symbol, i), image->height);
		place.left = MIN(place.left, x);
		place.right = MAX(place.right, x);
		place.top = MIN(place.top, y);
		place.bottom = MAX(place.bottom, y);
	}
	return place;
}

static gboolean
is_sound(const TillCode *code)
{
	char gtin14[TILL_GTIN_TEXT];

	if (code->kind == TILL_CODE_CODE128)
		return code->size >= CODE128_LENGTH_MIN;
	return !till_code_kind_is_retail(code->kind) || till_code_gtin14(code, gtin14);
}

/* Puts back what FNC4 means; code is taken over. Upright bars only: others are rare, and are mended
 * by the stage that turns them. */
static TillCode *
mend(TillCode *code, const TillCodePlace *place, const TillImage *image)
{
	TillCode128 read;
	guint top = place->top * image->height / 1000,
	      bottom = place->bottom * image->height / 1000;

	if (code->kind != TILL_CODE_CODE128 ||
	    !till_code128_find_lifted(image, top, bottom, code->bytes, code->size, &read))
		return code;
	TillCode *lifted = till_code_new(code->kind, read.lifted, read.size, code->gs1);
	till_code_free(code);
	return lifted;
}

/* NULL for what is not wanted. */
static TillCodeSight *
read_symbol(const zbar_symbol_t *symbol, const TillImage *image)
{
	const guint8 *bytes = (const guint8 *)zbar_symbol_get_data(symbol);
	gsize size = zbar_symbol_get_data_length(symbol);
	gboolean gs1 = (zbar_symbol_get_modifiers(symbol) & (1u << ZBAR_MOD_GS1)) != 0;
	TillCodeKind kind;

	if (!find_kind(zbar_symbol_get_type(symbol), &kind) || bytes == NULL || size == 0 ||
	    size > TILL_CODE_BYTES_MAX)
		return NULL;
	g_autoptr(TillCode) code = till_code_new(kind, bytes, size, gs1);
	if (!is_sound(code))
		return NULL;
	TillCodeSight *sight = g_new0(TillCodeSight, 1);
	sight->place = place_of(symbol, image);
	sight->code = mend(g_steal_pointer(&code), &sight->place, image);
	sight->lines = (guint)MAX(zbar_symbol_get_quality(symbol), 1);
	return sight;
}

static void
configure(TillCodeScanner *scanner, TillCodeLook look)
{
	int density = (look & TILL_CODE_LOOK_SPARSE) != 0 ? 2 : 1;

	zbar_image_scanner_set_config(scanner->zbar, ZBAR_NONE, ZBAR_CFG_X_DENSITY, density);
	zbar_image_scanner_set_config(scanner->zbar, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, density);
	zbar_image_scanner_set_config(scanner->zbar, ZBAR_NONE, ZBAR_CFG_TEST_INVERTED,
				      (look & TILL_CODE_LOOK_INVERTED) != 0);
}

GPtrArray *
till_code_scanner_look(TillCodeScanner *scanner, const TillImage *image, TillCodeLook look)
{
	GPtrArray *sights = g_ptr_array_new_with_free_func((GDestroyNotify)till_code_sight_free);
	zbar_image_t *frame = zbar_image_create();

	configure(scanner, look);
	zbar_image_set_format(frame, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(frame, image->width, image->height);
	zbar_image_set_data(frame, image->pixels, (unsigned long)image->width * image->height,
			    NULL);
	zbar_scan_image(scanner->zbar, frame);
	for (const zbar_symbol_t *symbol = zbar_image_first_symbol(frame); symbol != NULL;
	     symbol = zbar_symbol_next(symbol)) {
		TillCodeSight *sight = read_symbol(symbol, image);
		if (sight != NULL)
			g_ptr_array_add(sights, sight);
	}
	zbar_image_destroy(frame);
	return sights;
}
