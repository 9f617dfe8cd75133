/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1-check.h"

#include <string.h>

#include "currency.h"
#include "gtin.h"

/* A part is looked at as soon as it is cut off, so no check sees more than 90 characters. */
#define PART_MAX 90

typedef struct {
	char set; /* N X Y Z */
	gsize least, most;
	gboolean optional;
	const char *checks; /* letters, up to checks_end */
	const char *checks_end;
} Part;

static gsize
read_number(const char **at)
{
	gsize number = 0;

	for (; g_ascii_isdigit(**at); (*at)++)
		number = number * 10 + (gsize)(**at - '0');
	return number;
}

/* The part that begins at spec; returns where the next one does. */
static const char *
read_part(const char *spec, Part *out)
{
	out->optional = *spec == '?';
	if (out->optional)
		spec++;
	out->set = *spec++;
	out->least = out->most = read_number(&spec);
	if (*spec == '-') {
		spec++;
		out->most = read_number(&spec);
	}
	out->checks = spec;
	out->checks_end = spec + strcspn(spec, " ");
	return *out->checks_end == ' ' ? out->checks_end + 1 : out->checks_end;
}

static gboolean
is_of_set(char set, char letter)
{
	if (g_ascii_isdigit(letter))
		return TRUE;
	switch (set) {
	case 'X':
		return g_ascii_isalpha(letter) ||
		       (letter != '\0' && strchr("!\"%&'()*+,-./:;<=>?_", letter) != NULL);
	case 'Y':
		return g_ascii_isupper(letter) || (letter != '\0' && strchr("#-/", letter) != NULL);
	case 'Z':
		return g_ascii_isalpha(letter) || (letter != '\0' && strchr("-_=", letter) != NULL);
	default:
		return FALSE;
	}
}

/* Digits of at most nine places as a number. */
static guint
number_of(const char *digits, gsize length)
{
	guint number = 0;

	for (gsize i = 0; i < length; i++)
		number = number * 10 + (guint)(digits[i] - '0');
	return number;
}

static gboolean
is_date(guint year, guint month, guint day, gboolean day_may_be_zero)
{
	static const guint8 days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12)
		return FALSE;
	if (day == 0)
		return day_may_be_zero;
	return day <= days[month - 1] || (month == 2 && day == 29 && year % 4 == 0);
}

/* YYMMDD and what may follow: hours, minutes and seconds by twos. */
static gboolean
is_short_date(const char *text, gboolean day_may_be_zero)
{
	return is_date(number_of(text, 2), number_of(text + 2, 2), number_of(text + 4, 2),
		       day_may_be_zero);
}

static gboolean
is_long_date(const char *text)
{
	guint year = number_of(text, 4);

	return is_date(year % 100 == 0 && year % 400 != 0 ? 1 : year, number_of(text + 4, 2),
		       number_of(text + 6, 2), FALSE);
}

static gboolean
is_minutes(const char *text, gsize length)
{
	return (length == 2 || length == 4) && number_of(text, 2) < 60 &&
	       (length == 2 || number_of(text + 2, 2) < 60);
}

static gboolean
is_country(const char *text)
{
	/* ISO 3166-1 numeric. */
	static const char countries[] =
	    "004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 "
	    "070 072 074 076 084 086 090 092 096 100 104 108 112 116 120 124 132 136 140 144 148 "
	    "152 156 158 162 166 170 174 175 178 180 184 188 191 192 196 203 204 208 212 214 218 "
	    "222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 "
	    "288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 "
	    "368 372 376 380 384 388 392 398 400 404 408 410 414 417 418 422 426 428 430 434 438 "
	    "440 442 446 450 454 458 462 466 470 474 478 480 484 492 496 498 499 500 504 508 512 "
	    "516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 "
	    "585 586 591 598 600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 "
	    "660 662 663 666 670 674 678 682 686 688 690 694 702 703 704 705 706 710 716 724 728 "
	    "729 732 740 744 748 752 756 760 762 764 768 772 776 780 784 788 792 795 796 798 800 "
	    "804 807 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 894 ";
	char wanted[5] = {text[0], text[1], text[2], ' ', '\0'};

	return strstr(countries, wanted) != NULL;
}

static gboolean
is_currency(const char *text)
{
	guint number = number_of(text, 3);
	gsize count;
	const TillCurrency *table = till_currency_table(&count);

	for (gsize i = 0; i < count; i++) {
		if (number != 0 && table[i].numeric == number && !table[i].historical)
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_percent_encoded(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (text[i] != '%')
			continue;
		if (i + 2 >= length || !g_ascii_isxdigit(text[i + 1]) ||
		    !g_ascii_isxdigit(text[i + 2]))
			return FALSE;
		i += 2;
	}
	return TRUE;
}

/* ISO 13616: the first four characters go to the end, letters count 10 to 35, the whole is 1
 * modulo 97. */
static gboolean
is_iban(const char *text, gsize length)
{
	guint rest = 0;

	if (length < 5 || !g_ascii_isupper(text[0]) || !g_ascii_isupper(text[1]))
		return FALSE;
	for (gsize i = 0; i < length; i++) {
		char letter = text[(i + 4) % length];
		if (g_ascii_isdigit(letter))
			rest = (rest * 10 + (guint)(letter - '0')) % 97;
		else if (g_ascii_isupper(letter))
			rest = (rest * 100 + (guint)(letter - 'A' + 10)) % 97;
		else
			return FALSE;
	}
	return rest == 1;
}

/* General Specifications, "Check character pair": each character's place in set 82 times a prime
 * from the right, summed modulo 1021, in two letters of five bits. */
static gboolean
is_model_number(const char *text, gsize length)
{
	static const char places[] = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				     "abcdefghijklmnopqrstuvwxyz";
	static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	static const guint8 primes[] = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
					41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
	guint sum = 0;

	if (length < 3 || length - 2 > G_N_ELEMENTS(primes))
		return FALSE;
	for (gsize i = 0; i < length - 2; i++) {
		const char *place = strchr(places, text[length - 3 - i]);
		sum += (guint)(place - places) * primes[i];
	}
	sum %= 1021;
	return text[length - 2] == letters[sum >> 5] && text[length - 1] == letters[sum & 31];
}

static gboolean
is_piece_of_total(const char *text)
{
	guint piece = number_of(text, 2), total = number_of(text + 2, 2);

	return piece > 0 && piece <= total;
}

static gboolean
is_medium(const char *text)
{
	guint medium = number_of(text, 2);

	return (medium >= 1 && medium <= 10) || medium >= 80;
}

/* At least four digits open every key that begins with a company prefix. */
static gboolean
is_company(const char *text, gsize length)
{
	for (gsize i = 0; i < 4; i++) {
		if (i >= length || !g_ascii_isdigit(text[i]))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_zero(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (text[i] != '0')
			return FALSE;
	}
	return TRUE;
}

static TillGs1Result
check_date(char check, const char *text, gsize length)
{
	gboolean sound = FALSE;

	if (check == 'D' || check == 'd')
		sound = is_short_date(text, check == 'D');
	else if (check == 'h')
		sound = is_short_date(text, FALSE) && number_of(text + 6, 2) < 24;
	else if (check == 't')
		sound = number_of(text, 2) < 24 && number_of(text + 2, 2) < 60;
	else if (check == 'm')
		sound = is_minutes(text, length);
	else if (check == 'Y')
		sound = is_long_date(text);
	return sound ? TILL_GS1_OK : TILL_GS1_DATE;
}

static gboolean
is_sound(char check, const char *text, gsize length)
{
	switch (check) {
	case 'k':
		return is_company(text, length);
	case 'u':
		return is_currency(text);
	case 'i':
		return is_country(text);
	case 'I':
		return is_country(text) || memcmp(text, "999", 3) == 0;
	case 'n':
		return !is_zero(text, length);
	case 'z':
		return is_zero(text, length);
	case 'w':
		return strchr("019", text[0]) != NULL;
	case 'p':
		return is_piece_of_total(text);
	case 'e':
		return is_percent_encoded(text, length);
	case 'y':
		return text[0] <= '1';
	case 'H':
		return text[0] == '-';
	case 's':
		return length == 1 || text[0] != '0';
	case 'b':
		return is_iban(text, length);
	case 'g':
		return is_model_number(text, length);
	case 'l':
		return memcmp(text, "1800000000", length) <= 0;
	case 'L':
		return memcmp(text, "3600000000", length) <= 0;
	case 'x':
		return g_ascii_isalnum(text[0]) || text[0] == '-' || text[0] == '_';
	case 'f':
		return is_medium(text);
	case 'a':
		return g_ascii_isupper(text[0]) && g_ascii_isupper(text[1]);
	default:
		g_assert_not_reached();
	}
}

static TillGs1Result
check_part(const Part *part, const char *text, gsize length)
{
	char copy[PART_MAX + 1] = "";

	for (gsize i = 0; i < length; i++) {
		if (!is_of_set(part->set, text[i]))
			return TILL_GS1_CHARACTER;
	}
	memcpy(copy, text, length);
	for (const char *check = part->checks; check < part->checks_end; check++) {
		if (*check == 'c') {
			if (!till_gtin_check(copy))
				return TILL_GS1_CHECK_DIGIT;
		} else if (strchr("DdhtmY", *check) != NULL) {
			TillGs1Result result = check_date(*check, copy, length);
			if (result != TILL_GS1_OK)
				return result;
		} else if (!is_sound(*check, copy, length)) {
			return TILL_GS1_VALUE;
		}
	}
	return TILL_GS1_OK;
}

TillGs1Result
till_gs1_check(const char *parts, const char *value, gsize length)
{
	if (length == 0)
		return TILL_GS1_EMPTY;
	while (*parts != '\0') {
		Part part;
		parts = read_part(parts, &part);
		if (part.optional && length == 0)
			return TILL_GS1_OK;
		gsize taken = MIN(length, part.most);
		if (taken < part.least)
			return TILL_GS1_LENGTH;
		TillGs1Result result = check_part(&part, value, taken);
		if (result != TILL_GS1_OK)
			return result;
		value += taken;
		length -= taken;
	}
	return length == 0 ? TILL_GS1_OK : TILL_GS1_LENGTH;
}
