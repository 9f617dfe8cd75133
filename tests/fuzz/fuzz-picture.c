/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "bar-match.h"
#include "code-reader.h"
#include "gtin.h"
#include "picture.h"

/* A picture file from outside, and what is read from it: whatever comes out is within bounds, and a
 * code's bytes are there. */

#define READ_PIXELS_MAX 40000 /* above this only the file is unpacked: a look would take long */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillImage) image = till_picture_read(data, size, "input", &error);

	if (image == NULL) {
		g_assert_nonnull(error);
		return 0;
	}
	g_assert_true(till_image_fits(image->width, image->height));
	if ((gsize)image->width * image->height > READ_PIXELS_MAX)
		return 0;
	g_autoptr(TillCodeReader) reader = till_code_reader_new(TRUE);
	g_autoptr(GPtrArray) codes =
	    till_code_reader_read_still(reader, image, TILL_CODE_STAGES_RAW);
	for (guint i = 0; i < codes->len; i++) {
		const TillCode *code = g_ptr_array_index(codes, i);
		g_assert_cmpuint(code->size, >, 0);
		g_assert_true(code->text == NULL || g_utf8_validate(code->text, -1, NULL));
	}
	g_autoptr(GPtrArray) sights = till_bar_match_look(image, 4);
	for (guint i = 0; i < sights->len; i++) {
		const TillCodeSight *sight = g_ptr_array_index(sights, i);
		g_assert_true(till_gtin_check(sight->code->text));
	}
	return 0;
}
