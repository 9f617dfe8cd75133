/* SPDX-License-Identifier: Apache-2.0 */
#include "bar-match.h"

#include <string.h>

#include "bar-match-private.h"

/* One band of rows after the other. Each proposes a few places, each place a number; what fits well
 * and is clearly ahead is noted, and what several bands note is seen. */

#define PLACES 3
/* Thousandths of perfect: below this the guards are not there. */
#define SCORE_MIN 500
/* Thousandths of a digit's contrast, over twelve digits; see the head of bar-match.h. Measured on
 * 191 photographs: of what two bands agree on within these, nothing was wrong. */
#define MISFIT_MAX 3000
#define LEAD_MIN 150
/* The check digit only tests what was read: it may not talk digits into others that fit worse. */
#define STRAIN_MAX 40
#define BANDS_MIN 2
#define WIDTH_MAX 4096

typedef struct {
	char digits[14];
	guint bands;
	guint last_top; /* of the last band that counted */
	TillCodePlace place;
} Note;

typedef struct {
	const TillImage *image; /* borrowed */
	guint top;
	guint rows;
	GArray *notes; /* borrowed, of Note */
} Band;

/* The mean of rows from top on, in 1/16 grey levels. */
static void
average(const TillImage *image, guint top, guint rows, gint32 *out)
{
	memset(out, 0, image->width * sizeof *out);
	for (guint y = top; y < top + rows; y++) {
		const guint8 *row = image->pixels + (gsize)y * image->width;
		for (guint x = 0; x < image->width; x++)
			out[x] += row[x];
	}
	for (guint x = 0; x < image->width; x++)
		out[x] = out[x] * TILL_BAR_SHADE / (gint32)rows;
}

static Note *
find_note(GArray *notes, const char *digits)
{
	for (guint i = 0; i < notes->len; i++) {
		Note *note = &g_array_index(notes, Note, i);
		if (strcmp(note->digits, digits) == 0)
			return note;
	}
	g_array_set_size(notes, notes->len + 1);
	Note *note = &g_array_index(notes, Note, notes->len - 1);
	*note = (Note){.last_top = G_MAXUINT, .place = {1000, 1000, 0, 0}};
	g_strlcpy(note->digits, digits, sizeof note->digits);
	return note;
}

static void
take_down(Band *band, const TillBarPlace *place, const char *digits)
{
	Note *note = find_note(band->notes, digits);
	guint top = band->top, rows = band->rows, height = band->image->height;
	gint64 width = band->image->width, left = place->left / 256, right = place->right / 256;

	if (note->last_top != top) /* two places of one band are one band */
		note->bands++;
	note->last_top = top;
	note->place.left = MIN(note->place.left, (guint)(CLAMP(left, 0, width) * 1000 / width));
	note->place.right = MAX(note->place.right, (guint)(CLAMP(right, 0, width) * 1000 / width));
	note->place.top = MIN(note->place.top, top * 1000 / height);
	note->place.bottom = MAX(note->place.bottom, (top + rows) * 1000 / height);
}

static gboolean
is_clear(const TillBarNumber *number)
{
	return number->misfit <= MISFIT_MAX && number->lead >= LEAD_MIN &&
	       number->strain <= STRAIN_MAX;
}

static void
read_band(const TillBarDigits *digits, const TillBarLine *line, Band *band)
{
	TillBarPlace places[PLACES];
	guint count = till_bar_match_find(line, places, PLACES);

	for (guint i = 0; i < count && places[i].score >= SCORE_MIN; i++) {
		/* Guards are the same from both sides; digits are not. */
		TillBarPlace over = {places[i].right, places[i].middle, places[i].left, 0};
		TillBarNumber number = till_bar_match_number(digits, line, &places[i]);
		if (!is_clear(&number))
			number = till_bar_match_number(digits, line, &over);
		if (is_clear(&number))
			take_down(band, &places[i], number.digits);
	}
}

/* A number that begins with 0 is a UPC-A of the other twelve digits. */
static TillCodeSight *
make_sight(const Note *note, guint rows)
{
	TillCodeSight *sight = g_new0(TillCodeSight, 1);
	gboolean upca = note->digits[0] == '0';
	const char *digits = note->digits + (upca ? 1 : 0);

	sight->code = till_code_new(upca ? TILL_CODE_UPCA : TILL_CODE_EAN13, (const guint8 *)digits,
				    strlen(digits), FALSE);
	sight->place = note->place;
	sight->lines = note->bands * rows;
	sight->matched = TRUE;
	return sight;
}

GPtrArray *
till_bar_match_look(const TillImage *image, guint rows)
{
	GPtrArray *sights = g_ptr_array_new_with_free_func((GDestroyNotify)till_code_sight_free);
	g_autoptr(GArray) notes = g_array_new(FALSE, TRUE, sizeof(Note));

	g_assert(rows >= 2 && rows <= 32);
	if (image->width > WIDTH_MAX || image->width < TILL_BAR_MODULES / 2)
		return sights;
	g_autofree gint32 *shades = g_new(gint32, image->width);
	g_autoptr(TillBarDigits) digits = till_bar_match_digits_new();
	TillBarLine line = {shades, image->width};
	for (guint top = 0; top + rows <= image->height; top += rows) {
		Band band = {image, top, rows, notes};
		average(image, top, rows, shades);
		read_band(digits, &line, &band);
	}
	for (guint i = 0; i < notes->len; i++) {
		const Note *note = &g_array_index(notes, Note, i);
		if (note->bands >= BANDS_MIN)
			g_ptr_array_add(sights, make_sight(note, rows));
	}
	return sights;
}
