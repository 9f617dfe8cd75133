/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* The parts of bar-match: where a symbol may lie in a line (bar-match-place.c) and which number
 * fits there (bar-match-digit.c).
 *
 * Threads: any (pure). */

G_BEGIN_DECLS

#define TILL_BAR_MODULES 95
/* Samples of a module: places and shapes are worked out on this grid. */
#define TILL_BAR_SAMPLES 4
/* A line's shades are 1/16 grey levels, so that the mean of rows keeps its fraction. */
#define TILL_BAR_SHADE 16

typedef struct {
	const gint32 *shades; /* borrowed: 0 to 255 × TILL_BAR_SHADE */
	guint width;
} TillBarLine;

/* A symbol laid over a line, in 1/256 pixel: the left edge of its first bar, the middle of its
 * middle guard, the right edge of its last bar. The middle is where a bent or tilted symbol differs
 * from a straight one. */
typedef struct {
	gint32 left;
	gint32 middle;
	gint32 right;
	gint32 score; /* how well the three guards fit, in thousandths of perfect */
} TillBarPlace;

/* The shade at a place in 1/256 pixel. */
gint32 till_bar_match_shade(const TillBarLine *line, gint32 at);
/* Where module (in 1/256 module from the left edge) lies. */
gint32 till_bar_match_module(const TillBarPlace *place, gint32 module);

/* The likeliest places, best first, at most max. Returns how many. */
guint till_bar_match_find(const TillBarLine *line, TillBarPlace *out, guint max);

typedef struct {
	char digits[14];
	gint64
	    misfit;  /* what the number leaves unexplained, in thousandths of the line's contrast */
	gint64 lead; /* how much more the second best leaves */
	gint64 strain; /* how much less the best digits leave that need make no number */
} TillBarNumber;

/* The blurred digits that lines are compared with: worked out once for many lines. */
typedef struct TillBarDigits TillBarDigits;

TillBarDigits *till_bar_match_digits_new(void);
void till_bar_match_digits_free(TillBarDigits *digits);

/* The best number there. A place whose left edge is right of its right one is read from right to
 * left. */
TillBarNumber till_bar_match_number(const TillBarDigits *digits, const TillBarLine *line,
				    const TillBarPlace *place);

/* Samples, with what comparing them takes. */
#define TILL_BAR_WINDOW_MAX 36
typedef struct {
	gint32 at[TILL_BAR_WINDOW_MAX];
	guint count;
	gint64 sum;
	gint64 energy; /* count × Σ(at − mean)² */
} TillBarWindow;

/* Takes count samples from module on (in 1/256 module) and measures them. Within a window the
 * symbol counts as straight. */
void till_bar_match_take(const TillBarLine *line, const TillBarPlace *place, gint32 module,
			 guint count, TillBarWindow *out);
/* Works out sum and energy of the samples. */
void till_bar_match_measure(TillBarWindow *window);
/* What of seen's energy the shape, scaled and shifted, leaves. Shapes are 0 (black) to 256 (white),
 * and never flat. */
gint64 till_bar_match_misfit(const TillBarWindow *seen, const TillBarWindow *shape);

/* Blurs modules ('1' black) to a shape. spread: samples on each side of a triangle; what is left
 * and right of the modules is as the first and last. */
void till_bar_match_blur(const char *modules, guint spread, TillBarWindow *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillBarDigits, till_bar_match_digits_free)

G_END_DECLS
