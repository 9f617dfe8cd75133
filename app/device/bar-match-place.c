/* SPDX-License-Identifier: Apache-2.0 */
#include "bar-match-private.h"

#include <string.h>

/* Finding a symbol by its three guards.
 *
 * Every fall of the line into dark may be its left edge and every rise out of it its right one.
 * Each pair is judged by how the guards would fit there; the best pairs are then moved about by
 * parts of a module until the fit is best. */

#define EDGES_MAX 64
#define GUARD_MODULES 7
#define GUARD_SAMPLES (GUARD_MODULES * TILL_BAR_SAMPLES)
#define GUARD_SPREAD 3
#define KEPT 6
/* The first bar is half a pixel wide at least: below that nothing is left to match. */
#define MODULE_MIN 218 /* 1/256 pixel */

/* Guards with what is known beside them: a quiet zone, the black end of a left digit, the black
 * beginning of a right one. */
static const struct {
	const char *modules;
	gint32 first; /* module of the symbol */
} guards[] = {{"0000101", -4}, {"1010101", 44}, {"1010000", 92}};

gint32
till_bar_match_shade(const TillBarLine *line, gint32 at)
{
	gint32 whole = at >> 8, part = at & 255;
	gint32 last = (gint32)line->width - 1;
	gint32 left = line->shades[CLAMP(whole, 0, last)];
	gint32 right = line->shades[CLAMP(whole + 1, 0, last)];

	return left + (((right - left) * part) >> 8);
}

/* A curve of the second order through the three known places. */
gint32
till_bar_match_module(const TillBarPlace *place, gint32 module)
{
	gint64 whole = TILL_BAR_MODULES * 256;
	gint64 straight = place->left + (gint64)(place->right - place->left) * module / whole;
	gint64 bend = place->middle - (place->left + (gint64)place->right) / 2;

	return (gint32)(straight + bend * 4 * module * (whole - module) / (whole * whole));
}

void
till_bar_match_measure(TillBarWindow *window)
{
	gint64 sum = 0, squares = 0;

	for (guint i = 0; i < window->count; i++) {
		sum += window->at[i];
		squares += (gint64)window->at[i] * window->at[i];
	}
	window->sum = sum;
	window->energy = window->count * squares - sum * sum;
}

void
till_bar_match_take(const TillBarLine *line, const TillBarPlace *place, gint32 module, guint count,
		    TillBarWindow *out)
{
	gint32 sample = 256 / TILL_BAR_SAMPLES;
	gint64 from = (gint64)till_bar_match_module(place, module + sample / 2) * 256;
	gint64 to =
	    (gint64)till_bar_match_module(place, module + sample / 2 + (gint32)count * sample) *
	    256;
	gint64 step = (to - from) / (gint64)count; /* in 1/65536 pixel, rounded toward zero */

	out->count = count;
	for (guint i = 0; i < count; i++)
		out->at[i] = till_bar_match_shade(line, (gint32)((from + step * i) >> 8));
	till_bar_match_measure(out);
}

gint64
till_bar_match_misfit(const TillBarWindow *seen, const TillBarWindow *shape)
{
	gint64 products = 0;

	for (guint i = 0; i < seen->count; i++)
		products += (gint64)seen->at[i] * shape->at[i];
	gint64 common = seen->count * products - seen->sum * shape->sum;
	if (common <= 0) /* black where it should be white */
		return seen->energy;
	/* common² / energy in two parts, which stay within 64 bits; each rounded down. */
	return seen->energy - common / shape->energy * common -
	       common % shape->energy * common / shape->energy;
}

void
till_bar_match_blur(const char *modules, guint spread, TillBarWindow *out)
{
	gint32 total = (gint32)((spread + 1) * (spread + 1));
	gint32 count = (gint32)strlen(modules) * TILL_BAR_SAMPLES;

	g_assert(count <= TILL_BAR_WINDOW_MAX);
	for (gint32 i = 0; i < count; i++) {
		gint32 white = 0;
		for (gint32 k = -(gint32)spread; k <= (gint32)spread; k++) {
			gint32 at = CLAMP(i + k, 0, count - 1);
			if (modules[at / TILL_BAR_SAMPLES] == '0')
				white += (gint32)spread + 1 - ABS(k);
		}
		out->at[i] = white * 256 / total;
	}
	out->count = (guint)count;
	till_bar_match_measure(out);
}

/* Thousandths of perfect, the mean of the guards; 0 when that is not more than least or when a
 * guard has no contrast. */
static gint32
judge(const TillBarLine *line, const TillBarPlace *place, const TillBarWindow *shapes, gint32 least)
{
	TillBarWindow seen;
	gint64 sum = 0;

	for (guint i = 0; i < G_N_ELEMENTS(guards); i++) {
		till_bar_match_take(line, place, guards[i].first * 256, GUARD_SAMPLES, &seen);
		/* Contrast below a few grey levels is noise. */
		if (seen.energy <
		    (gint64)GUARD_SAMPLES * GUARD_SAMPLES * 2 * TILL_BAR_SHADE * TILL_BAR_SHADE)
			return 0;
		sum += 1000 - till_bar_match_misfit(&seen, &shapes[i]) * 1000 / seen.energy;
		if (sum + 1000 * (gint64)(G_N_ELEMENTS(guards) - 1 - i) <=
		    (gint64)G_N_ELEMENTS(guards) * least)
			return 0;
	}
	return (gint32)(sum / (gint64)G_N_ELEMENTS(guards));
}

/* Where the line falls (sign -1) or rises (sign 1) most steeply, in 1/256 pixel. */
static guint
find_edges(const TillBarLine *line, gint32 sign, gint32 *out)
{
	gint32 steepest = 0;
	guint count = 0;

	for (guint i = 1; i < line->width; i++)
		steepest = MAX(steepest, sign * (line->shades[i] - line->shades[i - 1]));
	for (guint i = 1; i + 1 < line->width && count < EDGES_MAX; i++) {
		gint32 here = sign * (line->shades[i] - line->shades[i - 1]);
		gint32 before = i > 1 ? sign * (line->shades[i - 1] - line->shades[i - 2]) : 0;
		gint32 after = sign * (line->shades[i + 1] - line->shades[i]);
		if (here > 0 && here >= before && here > after && here * 6 >= steepest)
			out[count++] = (gint32)i * 256 - 128;
	}
	return count;
}

static void
keep(TillBarPlace *best, guint *count, guint max, const TillBarPlace *place)
{
	guint at = *count;

	if (*count == max && best[max - 1].score >= place->score)
		return;
	if (*count < max)
		(*count)++;
	else
		at = max - 1;
	for (; at > 0 && best[at - 1].score < place->score; at--)
		best[at] = best[at - 1];
	best[at] = *place;
}

/* Moves one of the three places by step, back and forth, as long as the fit gets better. */
static void
climb(const TillBarLine *line, TillBarPlace *place, gint32 step, const TillBarWindow *shapes)
{
	static const gint32 moves[][3] = {{1, 0, 0}, {-1, 0, 0},  {0, 1, 0}, {0, -1, 0},
					  {0, 0, 1}, {0, 0, -1},  {1, 1, 1}, {-1, -1, -1},
					  {2, 1, 0}, {-2, -1, 0}, {0, 1, 2}, {0, -1, -2}};
	gboolean better = TRUE;

	for (guint round = 0; better && round < 12; round++) {
		better = FALSE;
		for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
			TillBarPlace moved = {.left = place->left + moves[i][0] * step,
					      .middle = place->middle + moves[i][1] * step,
					      .right = place->right + moves[i][2] * step};
			moved.score = judge(line, &moved, shapes, place->score);
			if (moved.score > place->score) {
				*place = moved;
				better = TRUE;
			}
		}
	}
}

guint
till_bar_match_find(const TillBarLine *line, TillBarPlace *out, guint max)
{
	TillBarWindow shapes[G_N_ELEMENTS(guards)];
	gint32 falls[EDGES_MAX], rises[EDGES_MAX];
	TillBarPlace best[KEPT];
	guint kept = 0, found = 0;
	guint fall_count = find_edges(line, -1, falls), rise_count = find_edges(line, 1, rises);

	for (guint i = 0; i < G_N_ELEMENTS(guards); i++)
		till_bar_match_blur(guards[i].modules, GUARD_SPREAD, &shapes[i]);
	for (guint i = 0; i < fall_count; i++) {
		for (guint j = 0; j < rise_count; j++) {
			TillBarPlace place = {falls[i], (falls[i] + rises[j]) / 2, rises[j], 0};
			if (place.right - place.left < MODULE_MIN * TILL_BAR_MODULES)
				continue;
			gint32 least = kept == KEPT ? best[KEPT - 1].score : 0;
			place.score = judge(line, &place, shapes, least);
			if (place.score > least)
				keep(best, &kept, KEPT, &place);
		}
	}
	for (guint i = 0; i < kept; i++) {
		gint32 module = (best[i].right - best[i].left) / TILL_BAR_MODULES;
		climb(line, &best[i], module / 2, shapes);
		climb(line, &best[i], MAX(module / 6, 1), shapes);
		keep(out, &found, max, &best[i]);
	}
	return found;
}
