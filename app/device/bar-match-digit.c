/* SPDX-License-Identifier: Apache-2.0 */
#include "bar-match-private.h"

#include <string.h>

/* Which number fits a place best.
 *
 * A left digit always begins white after black and ends black before white, a right one the other
 * way round: so each digit is matched with one known module on either side, whatever its
 * neighbours are. The costs of all digits are then put together to the cheapest numbers whose check
 * digit is right and whose left half has a parity that means a first digit. */

#define WINDOW_MODULES 9
#define WINDOW (WINDOW_MODULES * TILL_BAR_SAMPLES)
#define DIGITS 12 /* drawn ones: the first of 13 is in the parity */
#define SHIFTS 3
#define SHIFT_COST 4 /* thousandths: a digit where it should be is preferred */
#define SPREADS 4
#define SETS 3 /* L, G, R */

static const char *const odd[] = {"0001101", "0011001", "0010011", "0111101", "0100011",
				  "0110001", "0101111", "0111011", "0110111", "0001011"};
/* The sets of the left half by the first digit; '1' is G. */
static const char *const parities[] = {"000000", "001011", "001101", "001110", "010011",
				       "011001", "011100", "010101", "010110", "011010"};
static const guint spreads[SPREADS] = {1, 3, 5, 7};

typedef struct {
	gint64 cost[DIGITS][2][10]; /* of set L or G on the left; R is in both on the right */
} Costs;

/* The modules of a digit in a set, with the known ones beside it. out: 10 bytes. */
static void
draw(guint digit, guint set, char *out)
{
	gboolean left = set < 2;

	out[0] = left ? '1' : '0';
	for (guint i = 0; i < 7; i++) {
		char module = odd[digit][set == 1 ? 6 - i : i];
		/* G is R mirrored, and R is L with black and white exchanged. */
		out[1 + i] = set == 0 ? module : module == '1' ? '0' : '1';
	}
	out[8] = left ? '0' : '1';
	out[9] = '\0';
}

struct TillBarDigits {
	TillBarWindow shapes[SPREADS][SETS][10];
};

TillBarDigits *
till_bar_match_digits_new(void)
{
	TillBarDigits *digits = g_new0(TillBarDigits, 1);
	char modules[WINDOW_MODULES + 1];

	for (guint i = 0; i < SPREADS * SETS * 10; i++) {
		guint spread = i / 10 / SETS, set = i / 10 % SETS, digit = i % 10;
		draw(digit, set, modules);
		till_bar_match_blur(modules, spreads[spread], &digits->shapes[spread][set][digit]);
	}
	return digits;
}

void
till_bar_match_digits_free(TillBarDigits *digits)
{
	g_free(digits);
}

/* What a number is read from: each digit's window, where it should be and a little beside. */
typedef struct {
	TillBarWindow windows[DIGITS][SHIFTS];
	gint64 energy; /* the mean of the windows */
} Seen;

static void
see(const TillBarLine *line, const TillBarPlace *place, Seen *seen)
{
	seen->energy = 0;
	for (gint32 i = 0; i < DIGITS; i++) {
		gint32 module = (7 * i + (i < DIGITS / 2 ? 3 : 8) - 1) * 256;
		for (gint32 shift = 0; shift < SHIFTS; shift++)
			till_bar_match_take(line, place,
					    module + (shift - 1) * 128 / TILL_BAR_SAMPLES, WINDOW,
					    &seen->windows[i][shift]);
		seen->energy += seen->windows[i][1].energy / DIGITS;
	}
	seen->energy = MAX(seen->energy, 1);
}

/* Fills costs in thousandths of the mean energy of the windows. */
static void
weigh(const Seen *seen, const TillBarWindow (*shapes)[10], Costs *costs)
{
	for (guint i = 0; i < DIGITS; i++) {
		for (guint k = 0; k < 20; k++) {
			guint set = i >= DIGITS / 2 ? 2 : k / 10;
			gint64 best = G_MAXINT64;
			for (guint shift = 0; shift < SHIFTS; shift++) {
				gint64 misfit = till_bar_match_misfit(&seen->windows[i][shift],
								      &shapes[set][k % 10]);
				gint64 cost = misfit * 1000 / seen->energy;
				best = MIN(best, cost + (shift != 1 ? SHIFT_COST : 0));
			}
			costs->cost[i][k / 10][k % 10] = best;
		}
	}
}

/* ---- The cheapest two numbers ---- */

typedef struct {
	gint64 cost;
	char digits[14];
} Number;

#define NEVER (G_MAXINT64 / 4)

/* Puts a number among the two best of its sum. */
static void
offer(Number *two, const Number *number)
{
	if (number->cost < two[0].cost) {
		two[1] = two[0];
		two[0] = *number;
	} else if (number->cost < two[1].cost) {
		two[1] = *number;
	}
}

/* The numbers of one first digit, by the sum of their digits as the check digit weighs them. */
static void
combine(const Costs *costs, guint first, Number *best)
{
	Number now[10][2], next[10][2];

	for (guint sum = 0; sum < 10; sum++)
		now[sum][0].cost = now[sum][1].cost = NEVER;
	now[first][0].cost = 0;
	memset(now[first][0].digits, 0, sizeof now[first][0].digits);
	now[first][0].digits[0] = (char)('0' + first);
	for (guint i = 0; i < DIGITS; i++) {
		guint set = i < DIGITS / 2 ? (guint)(parities[first][i] - '0') : 0;
		guint weight = i % 2 == 0 ? 3 : 1;
		for (guint sum = 0; sum < 10; sum++)
			next[sum][0].cost = next[sum][1].cost = NEVER;
		for (guint k = 0; k < 200; k++) {
			guint sum = k / 20, digit = k % 10;
			Number number = now[sum][k / 10 % 2];
			if (number.cost >= NEVER)
				continue;
			number.cost += costs->cost[i][set][digit];
			number.digits[1 + i] = (char)('0' + digit);
			offer(next[(sum + weight * digit) % 10], &number);
		}
		memcpy(now, next, sizeof now);
	}
	offer(best, &now[0][0]);
	offer(best, &now[0][1]);
}

/* What is left by the best digit at each place, whatever they make together. */
static gint64
least(const Costs *costs)
{
	gint64 sum = 0;

	for (guint i = 0; i < DIGITS; i++) {
		gint64 best = costs->cost[i][0][0];
		for (guint k = 0; k < 20; k++)
			best = MIN(best, costs->cost[i][k / 10][k % 10]);
		sum += best;
	}
	return sum;
}

TillBarNumber
till_bar_match_number(const TillBarDigits *digits, const TillBarLine *line,
		      const TillBarPlace *place)
{
	TillBarNumber found = {"", G_MAXINT64, 0, 0};
	Seen seen;

	see(line, place, &seen);
	for (guint i = 0; i < SPREADS; i++) {
		Number best[2] = {{.cost = NEVER}, {.cost = NEVER}};
		Costs costs;
		weigh(&seen, digits->shapes[i], &costs);
		for (guint first = 0; first < 10; first++)
			combine(&costs, first, best);
		if (best[0].cost < found.misfit) {
			found.misfit = best[0].cost;
			found.lead = best[1].cost - best[0].cost;
			found.strain = best[0].cost - least(&costs);
			g_strlcpy(found.digits, best[0].digits, sizeof found.digits);
		}
	}
	return found;
}
