/* SPDX-License-Identifier: Apache-2.0 */
#include "code128.h"

#include <string.h>

#define VALUES_MAX 130
#define RUNS_MAX 2048
#define ROWS 9
#define RUNS_OF_VALUE 6
#define RUNS_OF_STOP 7
#define START_A 103
#define STOP 106
#define FNC1 102
#define GROUP_SEPARATOR 0x1D

/* Widths of bar, space, bar … of each value; the last is the stop. */
static const char *const patterns[] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312",  "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122",  "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122",  "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123",  "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",  "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311",  "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411",  "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412",  "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",  "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211",  "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113",  "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

typedef struct {
	guint lengths[RUNS_MAX]; /* dark and light in turn */
	guint count;
	guint first_dark; /* 0 or 1 */
} Runs;

static void
measure(const TillImage *image, guint y, gboolean backwards, Runs *runs)
{
	const guint8 *row = image->pixels + (gsize)y * image->width;
	guint darkest = 255, lightest = 0;
	gboolean dark = FALSE;

	for (guint x = 0; x < image->width; x++) {
		darkest = MIN(darkest, row[x]);
		lightest = MAX(lightest, row[x]);
	}
	runs->count = runs->first_dark = 0;
	for (guint i = 0; i < image->width; i++) {
		guint x = backwards ? image->width - 1 - i : i;
		gboolean here = row[x] * 2u < darkest + lightest;
		if (i == 0)
			runs->first_dark = here ? 0 : 1;
		if (i == 0 || here != dark) {
			if (runs->count == RUNS_MAX)
				return;
			runs->lengths[runs->count++] = 0;
		}
		dark = here;
		runs->lengths[runs->count - 1]++;
	}
}

/* How far runs are from a pattern, in modules × their whole length. */
static guint
distance(const guint *runs, const char *pattern, guint modules, guint whole)
{
	guint sum = 0;

	for (guint i = 0; pattern[i] != '\0'; i++) {
		guint wanted = (guint)(pattern[i] - '0') * whole, got = runs[i] * modules;
		sum += wanted > got ? wanted - got : got - wanted;
	}
	return sum;
}

/* The value of the six (of a stop, seven) runs at runs; -1 when none is near. */
static int
read_value(const guint *runs, guint left)
{
	guint whole = 0, nearest = G_MAXUINT;
	int value = -1;

	if (left < RUNS_OF_VALUE)
		return -1;
	for (guint i = 0; i < RUNS_OF_VALUE; i++)
		whole += runs[i];
	for (guint i = 0; i < STOP; i++) {
		guint here = distance(runs, patterns[i], 11, whole);
		if (here < nearest) {
			nearest = here;
			value = (int)i;
		}
	}
	if (left >= RUNS_OF_STOP &&
	    distance(runs, patterns[STOP], 13, whole + runs[RUNS_OF_VALUE]) * 11 < nearest * 13)
		return STOP;
	/* Two modules off in all is as far as a pattern may be. */
	return nearest <= 2 * whole ? value : -1;
}

/* The values from a start to before the check character, if that is right. Returns how many; 0 when
 * there are none. */
static guint
read_values(const guint *runs, guint left, guint *out)
{
	guint count = 0, sum = 0;

	for (guint at = 0; count < VALUES_MAX; at += RUNS_OF_VALUE) {
		int value = read_value(runs + at, left - MIN(at, left));
		if (value < 0)
			return 0;
		if (value == STOP)
			break;
		out[count++] = (guint)value;
	}
	if (count < 3 || count == VALUES_MAX)
		return 0;
	for (guint i = 0; i + 1 < count; i++)
		sum += out[i] * MAX(i, 1);
	return sum % 103 == out[count - 1] ? count - 1 : 0;
}

typedef struct {
	guint set;     /* 0 A, 1 B, 2 C */
	guint shifted; /* the set of the next character, or 3 */
	gboolean lift;
	gboolean lift_all;
} State;

static void
put(TillCode128 *out, guint byte, gboolean lift)
{
	if (out->size == sizeof out->plain)
		return;
	out->plain[out->size] = (guint8)byte;
	out->lifted[out->size++] = (guint8)(lift ? byte + 128 : byte);
}

static void
put_character(TillCode128 *out, State *state, guint set, guint value)
{
	guint byte = set == 0 && value >= 64 ? value - 64 : value + 32;

	put(out, byte, state->lift != state->lift_all);
	state->lift = FALSE;
}

/* A second one at once is a latch. */
static void
take_fnc4(TillCode128 *out, State *state)
{
	out->has_fnc4 = TRUE;
	if (state->lift)
		state->lift_all = !state->lift_all;
	state->lift = !state->lift;
}

/* Values of sets A and B. */
static void
take_letter(TillCode128 *out, State *state, guint value)
{
	guint set = state->shifted < 3 ? state->shifted : state->set;

	state->shifted = 3;
	if (value < 96)
		put_character(out, state, set, value);
	else if (value == 98)
		state->shifted = 1 - set;
	else if (value == 99)
		state->set = 2;
	else if (value == 101 - set)
		take_fnc4(out, state);
	else if (value == 100 || value == 101)
		state->set = 101 - value;
}

static void
take_pair(TillCode128 *out, State *state, guint value)
{
	if (value < 100) {
		put(out, '0' + value / 10, FALSE);
		put(out, '0' + value % 10, FALSE);
	} else if (value < FNC1) {
		state->set = 101 - value;
	}
}

static void
spell(const guint *values, guint count, TillCode128 *out)
{
	State state = {.set = values[0] - START_A, .shifted = 3};

	memset(out, 0, sizeof *out);
	for (guint i = 1; i < count; i++) {
		if (values[i] == FNC1 && out->size > 0)
			put(out, GROUP_SEPARATOR, FALSE);
		else if (state.set == 2)
			take_pair(out, &state, values[i]);
		else if (values[i] != FNC1)
			take_letter(out, &state, values[i]);
	}
}

static gboolean
read_direction(const TillImage *image, guint y, gboolean backwards, TillCode128 *out)
{
	Runs runs;
	guint values[VALUES_MAX];

	measure(image, y, backwards, &runs);
	for (guint at = runs.first_dark; at + RUNS_OF_VALUE < runs.count; at += 2) {
		int start = read_value(runs.lengths + at, RUNS_OF_VALUE);
		if (start < START_A || start >= STOP)
			continue;
		guint count = read_values(runs.lengths + at, runs.count - at, values);
		if (count > 0) {
			spell(values, count, out);
			return TRUE;
		}
	}
	return FALSE;
}

gboolean
till_code128_read_row(const TillImage *image, guint y, TillCode128 *out)
{
	return read_direction(image, y, FALSE, out) || read_direction(image, y, TRUE, out);
}

gboolean
till_code128_find_lifted(const TillImage *image, guint top, guint bottom, const guint8 *plain,
			 gsize size, TillCode128 *out)
{
	guint last = image->height - 1;

	for (guint i = 0; i < ROWS; i++) {
		guint y = top + (bottom - MIN(top, bottom)) * i / (ROWS - 1);
		if (till_code128_read_row(image, MIN(y, last), out) && out->size == size &&
		    memcmp(out->plain, plain, size) == 0)
			return out->has_fnc4;
	}
	return FALSE;
}
