/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1-table.h"

#include <string.h>

/* 310n to 369n and 390n to 395n: the last digit is the number of decimal places. */
static const TillGs1Row rows[] = {
    {"00", "00", "N18ck", "", FALSE},
    {"01", "01", "N14ck", "22,10,21|235", FALSE},
    {"02", "02", "N14ck", NULL, FALSE},
    {"03", "03", "N14ck", NULL, FALSE},
    {"10", "10", "X1-20", NULL, FALSE},
    {"11", "11", "N6D", NULL, FALSE},
    {"12", "12", "N6D", NULL, FALSE},
    {"13", "13", "N6D", NULL, FALSE},
    {"15", "15", "N6D", NULL, FALSE},
    {"16", "16", "N6D", NULL, FALSE},
    {"17", "17", "N6D", NULL, FALSE},
    {"20", "20", "N2", NULL, FALSE},
    {"21", "21", "X1-20", NULL, FALSE},
    {"22", "22", "X1-20", NULL, FALSE},
    {"235", "235", "X1-28", NULL, TRUE},
    {"240", "241", "X1-30", NULL, FALSE},
    {"242", "242", "N1-6", NULL, FALSE},
    {"243", "243", "X1-20", NULL, FALSE},
    {"250", "251", "X1-30", NULL, FALSE},
    {"253", "253", "N13ck ?X1-17", "", FALSE},
    {"254", "254", "X1-20", NULL, FALSE},
    {"255", "255", "N13ck ?N1-12", "", FALSE},
    {"30", "30", "N1-8", NULL, FALSE},
    {"3100", "3105", "N6", NULL, FALSE},
    {"3110", "3115", "N6", NULL, FALSE},
    {"3120", "3125", "N6", NULL, FALSE},
    {"3130", "3135", "N6", NULL, FALSE},
    {"3140", "3145", "N6", NULL, FALSE},
    {"3150", "3155", "N6", NULL, FALSE},
    {"3160", "3165", "N6", NULL, FALSE},
    {"3200", "3205", "N6", NULL, FALSE},
    {"3210", "3215", "N6", NULL, FALSE},
    {"3220", "3225", "N6", NULL, FALSE},
    {"3230", "3235", "N6", NULL, FALSE},
    {"3240", "3245", "N6", NULL, FALSE},
    {"3250", "3255", "N6", NULL, FALSE},
    {"3260", "3265", "N6", NULL, FALSE},
    {"3270", "3275", "N6", NULL, FALSE},
    {"3280", "3285", "N6", NULL, FALSE},
    {"3290", "3295", "N6", NULL, FALSE},
    {"3300", "3305", "N6", NULL, FALSE},
    {"3310", "3315", "N6", NULL, FALSE},
    {"3320", "3325", "N6", NULL, FALSE},
    {"3330", "3335", "N6", NULL, FALSE},
    {"3340", "3345", "N6", NULL, FALSE},
    {"3350", "3355", "N6", NULL, FALSE},
    {"3360", "3365", "N6", NULL, FALSE},
    {"3370", "3375", "N6", NULL, FALSE},
    {"3400", "3405", "N6", NULL, FALSE},
    {"3410", "3415", "N6", NULL, FALSE},
    {"3420", "3425", "N6", NULL, FALSE},
    {"3430", "3435", "N6", NULL, FALSE},
    {"3440", "3445", "N6", NULL, FALSE},
    {"3450", "3455", "N6", NULL, FALSE},
    {"3460", "3465", "N6", NULL, FALSE},
    {"3470", "3475", "N6", NULL, FALSE},
    {"3480", "3485", "N6", NULL, FALSE},
    {"3490", "3495", "N6", NULL, FALSE},
    {"3500", "3505", "N6", NULL, FALSE},
    {"3510", "3515", "N6", NULL, FALSE},
    {"3520", "3525", "N6", NULL, FALSE},
    {"3530", "3535", "N6", NULL, FALSE},
    {"3540", "3545", "N6", NULL, FALSE},
    {"3550", "3555", "N6", NULL, FALSE},
    {"3560", "3565", "N6", NULL, FALSE},
    {"3570", "3575", "N6", NULL, FALSE},
    {"3600", "3605", "N6", NULL, FALSE},
    {"3610", "3615", "N6", NULL, FALSE},
    {"3620", "3625", "N6", NULL, FALSE},
    {"3630", "3635", "N6", NULL, FALSE},
    {"3640", "3645", "N6", NULL, FALSE},
    {"3650", "3655", "N6", NULL, FALSE},
    {"3660", "3665", "N6", NULL, FALSE},
    {"3670", "3675", "N6", NULL, FALSE},
    {"3680", "3685", "N6", NULL, FALSE},
    {"3690", "3695", "N6", NULL, FALSE},
    {"37", "37", "N1-8", NULL, FALSE},
    {"3900", "3909", "N1-15", NULL, FALSE},
    {"3910", "3919", "N3u N1-15", NULL, FALSE},
    {"3920", "3929", "N1-15", NULL, FALSE},
    {"3930", "3939", "N3u N1-15", NULL, FALSE},
    {"3940", "3943", "N4", NULL, FALSE},
    {"3950", "3955", "N6", NULL, FALSE},
    {"400", "400", "X1-30", NULL, FALSE},
    {"401", "401", "X1-30k", "", FALSE},
    {"402", "402", "N17ck", "", FALSE},
    {"403", "403", "X1-30", NULL, FALSE},
    {"410", "413", "N13ck", NULL, FALSE},
    {"414", "414", "N13ck", "254|7040", FALSE},
    {"415", "415", "N13ck", "8020", FALSE},
    {"416", "416", "N13ck", NULL, FALSE},
    {"417", "417", "N13ck", "7040", FALSE},
    {"420", "420", "X1-20", NULL, FALSE},
    {"421", "421", "N3i X1-9", NULL, FALSE},
    {"422", "422", "N3i", NULL, FALSE},
    {"423", "423", "N3i ?N3i ?N3i ?N3i ?N3i", NULL, FALSE},
    {"424", "424", "N3i", NULL, FALSE},
    {"425", "425", "N3i ?N3i ?N3i ?N3i ?N3i", NULL, FALSE},
    {"426", "426", "N3i", NULL, FALSE},
    {"427", "427", "X1-3", NULL, FALSE},
    {"4300", "4301", "X1-35e", NULL, FALSE},
    {"4302", "4306", "X1-70e", NULL, FALSE},
    {"4307", "4307", "X2a", NULL, FALSE},
    {"4308", "4308", "X1-30", NULL, FALSE},
    {"4309", "4309", "N10l N10L", NULL, FALSE},
    {"4310", "4311", "X1-35e", NULL, FALSE},
    {"4312", "4316", "X1-70e", NULL, FALSE},
    {"4317", "4317", "X2a", NULL, FALSE},
    {"4318", "4318", "X1-20", NULL, FALSE},
    {"4319", "4319", "X1-30", NULL, FALSE},
    {"4320", "4320", "X1-35e", NULL, FALSE},
    {"4321", "4323", "N1y", NULL, FALSE},
    {"4324", "4325", "N6D N4t", NULL, FALSE},
    {"4326", "4326", "N6d", NULL, FALSE},
    {"4330", "4333", "N6 ?X1H", NULL, FALSE},
    {"7001", "7001", "N13", NULL, FALSE},
    {"7002", "7002", "X1-30", NULL, FALSE},
    {"7003", "7003", "N6d N4t", NULL, FALSE},
    {"7004", "7004", "N1-4", NULL, FALSE},
    {"7005", "7005", "X1-12", NULL, FALSE},
    {"7006", "7006", "N6d", NULL, FALSE},
    {"7007", "7007", "N6d ?N6d", NULL, FALSE},
    {"7008", "7008", "X1-3", NULL, FALSE},
    {"7009", "7009", "X1-10", NULL, FALSE},
    {"7010", "7010", "X1-2", NULL, FALSE},
    {"7011", "7011", "N6d ?N4t", NULL, FALSE},
    {"7020", "7022", "X1-20", NULL, FALSE},
    {"7023", "7023", "X1-30k", NULL, FALSE},
    {"7030", "7039", "N3I X1-27", NULL, FALSE},
    {"7040", "7040", "N1 X1 X1 X1x", NULL, FALSE},
    {"7041", "7041", "X1-4", NULL, FALSE},
    {"710", "717", "X1-20", NULL, FALSE},
    {"7230", "7239", "X2 X1-28", NULL, FALSE},
    {"7240", "7240", "X1-20", NULL, FALSE},
    {"7241", "7241", "N2f", NULL, FALSE},
    {"7242", "7242", "X1-25", NULL, FALSE},
    {"7250", "7250", "N8Y", NULL, FALSE},
    {"7251", "7251", "N8Y N4t", NULL, FALSE},
    {"7252", "7252", "N1", NULL, FALSE},
    {"7253", "7254", "X1-40e", NULL, FALSE},
    {"7255", "7255", "X1-10", NULL, FALSE},
    {"7256", "7256", "X1-90e", NULL, FALSE},
    {"7257", "7257", "X1-70e", NULL, FALSE},
    {"7258", "7258", "X3", NULL, FALSE},
    {"7259", "7259", "X1-40e", NULL, FALSE},
    {"8001", "8001", "N4n N5n N3n N1w N1", NULL, FALSE},
    {"8002", "8002", "X1-20", NULL, FALSE},
    {"8003", "8003", "N1z N13ck ?X1-16", "", FALSE},
    {"8004", "8004", "X1-30k", "7040", FALSE},
    {"8005", "8005", "N6", NULL, FALSE},
    {"8006", "8006", "N14c N4p", "22,10,21", FALSE},
    {"8007", "8007", "X1-34b", NULL, FALSE},
    {"8008", "8008", "N8h ?N2-4m", NULL, FALSE},
    {"8009", "8009", "X1-50", NULL, FALSE},
    {"8010", "8010", "Y1-30k", "8011", FALSE},
    {"8011", "8011", "N1-12s", NULL, FALSE},
    {"8012", "8012", "X1-20", NULL, FALSE},
    {"8013", "8013", "X1-25gk", "", FALSE},
    {"8017", "8018", "N18ck", "8019", FALSE},
    {"8019", "8019", "N1-10", NULL, FALSE},
    {"8020", "8020", "X1-25", NULL, FALSE},
    {"8026", "8026", "N14c N4p", NULL, FALSE},
    {"8030", "8030", "Z1-90", NULL, FALSE},
    {"8110", "8110", "X1-70", NULL, FALSE},
    {"8111", "8111", "N4", NULL, FALSE},
    {"8112", "8112", "X1-70", NULL, FALSE},
    {"8200", "8200", "X1-70", NULL, TRUE},
    {"90", "90", "X1-30", NULL, FALSE},
    {"91", "99", "X1-90", NULL, FALSE},
};

static gboolean
is_row_of(const TillGs1Row *row, const char *ai, gsize length)
{
	gsize digits = strlen(row->from);

	return length >= digits && memcmp(ai, row->from, digits) >= 0 &&
	       memcmp(ai, row->to, digits) <= 0;
}

const TillGs1Row *
till_gs1_table_find(const char *text, gsize length)
{
	gsize digits = 0;

	while (digits < length && digits < 4 && g_ascii_isdigit(text[digits]))
		digits++;
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (is_row_of(&rows[i], text, digits))
			return &rows[i];
	}
	return NULL;
}

const TillGs1Row *
till_gs1_table_exact(const char *ai)
{
	gsize length = strlen(ai);
	const TillGs1Row *row = till_gs1_table_find(ai, length);

	return row != NULL && strlen(row->from) == length ? row : NULL;
}

/* The General Specifications fix the first two digits of identifiers whose data needs no separator,
 * also for identifiers to come. */
gsize
till_gs1_table_fixed(const char *ai, const TillGs1Row *row)
{
	static const char *const firsts = "00 01 02 03 04 11 12 13 14 15 16 17 18 19 20 "
					  "31 32 33 34 35 36 41";
	char first[3] = {ai[0], ai[1], '\0'};
	gsize size = 0;

	if (strstr(firsts, first) == NULL)
		return 0;
	for (const char *part = row->parts + 1; g_ascii_isdigit(*part); part++)
		size = size * 10 + (gsize)(*part - '0');
	return size;
}

const TillGs1Row *
till_gs1_table_rows(gsize *out_count)
{
	*out_count = G_N_ELEMENTS(rows);
	return rows;
}
