/* SPDX-License-Identifier: Apache-2.0 */
#include "ratio.h"

#include <string.h>

#define TEXT_MAX 60
/* 10^37 is the largest power of ten in 127 bits; one digit is kept free for the next to be read. */
#define DIGITS_MAX 36
#define POWER_MAX 30

static const TillRatio lost = {0, 0};

static TillWide
take_size(TillWide value)
{
	return value < 0 ? -value : value;
}

static TillWide
find_common_factor(TillWide a, TillWide b)
{
	a = take_size(a);
	b = take_size(b);
	while (b != 0) {
		TillWide rest = a > G_MAXINT64 || b > G_MAXINT64 ? a % b : (gint64)a % (gint64)b;
		a = b;
		b = rest;
	}
	return a;
}

static TillRatio
reduce(TillRatio ratio)
{
	TillWide factor = find_common_factor(ratio.numerator, ratio.denominator);

	if (factor > 1) {
		ratio.numerator /= factor;
		ratio.denominator /= factor;
	}
	return ratio;
}

TillRatio
till_ratio_whole(gint64 value)
{
	return (TillRatio){value, 1};
}

TillRatio
till_ratio_of(gint64 numerator, gint64 denominator)
{
	g_assert(denominator > 0);
	return (TillRatio){numerator, denominator};
}

gboolean
till_ratio_is_lost(TillRatio ratio)
{
	return ratio.denominator == 0;
}

static gboolean
multiply_plain(TillRatio a, TillRatio b, TillRatio *out)
{
	return !__builtin_mul_overflow(a.numerator, b.numerator, &out->numerator) &&
	       !__builtin_mul_overflow(a.denominator, b.denominator, &out->denominator);
}

static gboolean
add_plain(TillRatio a, TillRatio b, TillRatio *out)
{
	TillWide left, right;

	if (a.denominator == b.denominator) {
		out->denominator = a.denominator;
		return !__builtin_add_overflow(a.numerator, b.numerator, &out->numerator);
	}
	return !__builtin_mul_overflow(a.numerator, b.denominator, &left) &&
	       !__builtin_mul_overflow(b.numerator, a.denominator, &right) &&
	       !__builtin_add_overflow(left, right, &out->numerator) &&
	       !__builtin_mul_overflow(a.denominator, b.denominator, &out->denominator);
}

/* Adding over the lowest common denominator: the last try before the sum is lost. */
static gboolean
add_reduced(TillRatio a, TillRatio b, TillRatio *out)
{
	TillWide factor = find_common_factor(a.denominator, b.denominator);
	TillWide left, right;

	if (__builtin_mul_overflow(a.numerator, b.denominator / factor, &left) ||
	    __builtin_mul_overflow(b.numerator, a.denominator / factor, &right))
		return FALSE;
	return !__builtin_add_overflow(left, right, &out->numerator) &&
	       !__builtin_mul_overflow(a.denominator, b.denominator / factor, &out->denominator);
}

TillRatio
till_ratio_add(TillRatio a, TillRatio b)
{
	TillRatio sum;

	if (till_ratio_is_lost(a) || till_ratio_is_lost(b))
		return lost;
	if (add_plain(a, b, &sum) || add_reduced(reduce(a), reduce(b), &sum))
		return sum;
	return lost;
}

TillRatio
till_ratio_subtract(TillRatio a, TillRatio b)
{
	return till_ratio_add(a, till_ratio_negate(b));
}

TillRatio
till_ratio_multiply(TillRatio a, TillRatio b)
{
	TillRatio product;

	if (till_ratio_is_lost(a) || till_ratio_is_lost(b))
		return lost;
	if (multiply_plain(a, b, &product))
		return product;
	/* Factors are taken out crosswise too: 2/3 · 3/2 needs no room at all. */
	TillRatio left = reduce((TillRatio){a.numerator, b.denominator});
	TillRatio right = reduce((TillRatio){b.numerator, a.denominator});
	if (multiply_plain(reduce((TillRatio){left.numerator, right.denominator}),
			   reduce((TillRatio){right.numerator, left.denominator}), &product))
		return product;
	return lost;
}

TillRatio
till_ratio_divide(TillRatio a, TillRatio b)
{
	if (till_ratio_is_lost(b) || b.numerator == 0)
		return lost;
	TillRatio inverse = {b.denominator, b.numerator};
	if (inverse.denominator < 0)
		inverse = (TillRatio){-inverse.numerator, -inverse.denominator};
	return till_ratio_multiply(a, inverse);
}

TillRatio
till_ratio_negate(TillRatio ratio)
{
	/* The most negative number has no mirror; it cannot arise from the operations above. */
	ratio.numerator = -ratio.numerator;
	return ratio;
}

int
till_ratio_sign(TillRatio ratio)
{
	g_assert(!till_ratio_is_lost(ratio));
	return (ratio.numerator > 0) - (ratio.numerator < 0);
}

/* Quotient toward minus infinity. */
static TillWide
divide_floor(TillWide dividend, TillWide divisor)
{
	TillWide quotient = dividend / divisor;

	return dividend % divisor < 0 ? quotient - 1 : quotient;
}

/* Compares whole parts, then the inverses of what is left, and so on: no product can overflow. */
int
till_ratio_compare(TillRatio a, TillRatio b)
{
	int direction = 1;

	g_assert(!till_ratio_is_lost(a) && !till_ratio_is_lost(b));
	for (;;) {
		TillWide whole_a = divide_floor(a.numerator, a.denominator);
		TillWide whole_b = divide_floor(b.numerator, b.denominator);
		TillWide rest_a = a.numerator - whole_a * a.denominator;
		TillWide rest_b = b.numerator - whole_b * b.denominator;

		if (whole_a != whole_b)
			return whole_a < whole_b ? -direction : direction;
		if (rest_a == 0 || rest_b == 0)
			return direction * ((rest_a > 0) - (rest_b > 0));
		a = (TillRatio){a.denominator, rest_a};
		b = (TillRatio){b.denominator, rest_b};
		direction = -direction;
	}
}

/* Where a rest of 0 ≤ rest < divisor stands, in quarters: 0 none, 1 under half, 2 half, 3 over. */
static int
place_rest(TillWide rest, TillWide divisor)
{
	TillWide other = divisor - rest;

	if (rest == 0)
		return 0;
	return rest < other ? 1 : rest == other ? 2 : 3;
}

gboolean
till_ratio_round(TillRatio ratio, gint64 step, TillRounding rounding, gint64 *out)
{
	TillWide divisor;
	gint64 parity, moved;

	g_assert(step > 0);
	if (till_ratio_is_lost(ratio))
		return FALSE;
	if (__builtin_mul_overflow(ratio.denominator, (TillWide)step, &divisor)) {
		ratio = reduce(ratio);
		if (__builtin_mul_overflow(ratio.denominator, (TillWide)step, &divisor))
			return FALSE;
	}
	gint64 sign = ratio.numerator < 0 ? -1 : 1;
	TillWide size = take_size(ratio.numerator);
	TillWide quotient = size / divisor;
	/* The rule for halves stands in one place only: it is asked about a small number with the
	 * same parity, the same sign and the same place between two steps. */
	parity = (gint64)(quotient % 2) * 4;
	if (!till_rounding_scale(sign * (parity + place_rest(size % divisor, divisor)), 1, 4,
				 rounding, &moved))
		return FALSE;
	TillWide value = sign * quotient + moved - sign * parity / 4;
	if (__builtin_mul_overflow(value, (TillWide)step, &value) || value > G_MAXINT64 ||
	    value < G_MININT64)
		return FALSE;
	*out = (gint64)value;
	return TRUE;
}

#define PART_BITS 64
#define NEAR_BITS 16 /* 2^16 parts are 2^-48 */

/* floor(ratio · 2^64); FALSE when it does not fit. A denominator beyond 2^62 is first made coarser,
 * together with its rest: what that changes is far below 2^-48. */
static gboolean
cut_parts(TillRatio ratio, TillWide *out)
{
	TillWide whole = divide_floor(ratio.numerator, ratio.denominator);
	TillWide rest = ratio.numerator - whole * ratio.denominator;
	TillWide divisor = ratio.denominator;
	TillWide unit = (TillWide)1 << PART_BITS;

	while (divisor >> (PART_BITS - 2) != 0) {
		divisor /= 2;
		rest /= 2;
	}
	return !__builtin_mul_overflow(whole, unit, out) &&
	       !__builtin_add_overflow(*out, rest * unit / divisor, out);
}

void
till_ratio_sum_add(TillRatioSum *sum, TillRatio ratio)
{
	TillWide parts;

	if (!sum->started)
		*sum = (TillRatioSum){.exact = {0, 1}, .started = TRUE};
	if (till_ratio_is_lost(ratio) || !cut_parts(ratio, &parts) ||
	    __builtin_add_overflow(sum->parts, parts, &sum->parts)) {
		sum->exact = lost;
		sum->overflown = TRUE;
		return;
	}
	sum->exact = till_ratio_add(sum->exact, ratio);
}

TillRatio
till_ratio_sum_get(const TillRatioSum *sum)
{
	TillWide half = (TillWide)1 << (PART_BITS - 1);
	TillWide near = (TillWide)1 << NEAR_BITS;

	if (!sum->started)
		return till_ratio_whole(0);
	if (sum->overflown || !till_ratio_is_lost(sum->exact))
		return sum->exact;
	TillWide halves = divide_floor(sum->parts + half / 2, half);
	TillWide off = sum->parts - halves * half;
	if (off < near && off > -near)
		return (TillRatio){halves, 2};
	return (TillRatio){sum->parts, half * 2};
}

static TillWide
raise_ten(guint power)
{
	TillWide value = 1;

	while (power-- > 0)
		value *= 10;
	return value;
}

/* What stands in front of a '/' or the end: digits with at most one point, then an exponent. */
typedef struct {
	TillWide digits;
	int power; /* of ten, to multiply digits by */
	guint count;
} Decimal;

static gboolean
read_exponent(const char **text, int *power)
{
	gboolean negative = FALSE;
	int value = 0;

	(*text)++;
	if (**text == '-' || **text == '+')
		negative = *(*text)++ == '-';
	if (!g_ascii_isdigit(**text))
		return FALSE;
	for (; g_ascii_isdigit(**text) && value < 1000; (*text)++)
		value = value * 10 + g_ascii_digit_value(**text);
	*power += negative ? -value : value;
	return TRUE;
}

static gboolean
read_decimal(const char **text, Decimal *out)
{
	Decimal decimal = {0};
	gboolean point = FALSE, any = FALSE;

	for (;; (*text)++) {
		if (**text == '.' && !point) {
			point = TRUE;
			continue;
		}
		if (!g_ascii_isdigit(**text))
			break;
		any = TRUE;
		if (decimal.count >= DIGITS_MAX)
			return FALSE;
		decimal.digits = decimal.digits * 10 + g_ascii_digit_value(**text);
		decimal.count += decimal.digits != 0;
		decimal.power -= point;
	}
	if (!any || ((**text == 'e' || **text == 'E') && !read_exponent(text, &decimal.power)))
		return FALSE;
	*out = decimal;
	return TRUE;
}

static Decimal
cut_digits(Decimal decimal, guint digits)
{
	if (digits == 0 || decimal.count <= digits)
		return decimal;
	guint surplus = decimal.count - digits;
	TillWide unit = raise_ten(surplus);
	decimal.digits = (decimal.digits + unit / 2) / unit;
	decimal.power += (int)surplus;
	decimal.count = digits;
	return decimal;
}

static TillRatio
make_ratio(Decimal decimal)
{
	TillRatio ratio = {decimal.digits, 1};

	if (decimal.digits == 0)
		return ratio;
	if (decimal.power > POWER_MAX || decimal.power < -(DIGITS_MAX + 1))
		return lost;
	if (decimal.power < 0)
		ratio.denominator = raise_ten((guint)-decimal.power);
	else if (decimal.power > 0)
		ratio = till_ratio_multiply(ratio, (TillRatio){raise_ten((guint)decimal.power), 1});
	return till_ratio_is_lost(ratio) ? lost : reduce(ratio);
}

gboolean
till_ratio_parse(const char *text, guint digits, TillRatio *out)
{
	Decimal above, below = {.digits = 1, .count = 1};

	if (strlen(text) > TEXT_MAX)
		return FALSE;
	gboolean negative = *text == '-';
	text += negative;
	if (!read_decimal(&text, &above))
		return FALSE;
	if (*text == '/') {
		text++;
		if (!read_decimal(&text, &below) || below.digits == 0)
			return FALSE;
	}
	if (*text != '\0')
		return FALSE;
	TillRatio ratio = till_ratio_divide(make_ratio(cut_digits(above, digits)),
					    make_ratio(cut_digits(below, digits)));
	if (till_ratio_is_lost(ratio))
		return FALSE;
	*out = negative ? till_ratio_negate(ratio) : ratio;
	return TRUE;
}

char *
till_ratio_format(TillRatio ratio, guint decimals)
{
	gint64 value;
	gint64 scale = (gint64)raise_ten(decimals);

	g_assert(decimals <= 15);
	if (!till_ratio_round(till_ratio_multiply(ratio, till_ratio_whole(scale)), 1,
			      TILL_ROUND_HALF_UP, &value))
		return g_strdup("lost");
	guint64 size = value < 0 ? (guint64)0 - (guint64)value : (guint64)value;
	if (decimals == 0)
		return g_strdup_printf("%s%" G_GUINT64_FORMAT, value < 0 ? "-" : "", size);
	return g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, value < 0 ? "-" : "",
			       size / (guint64)scale, (int)decimals, size % (guint64)scale);
}
