/* SPDX-License-Identifier: Apache-2.0 */
#include "aim.h"

static const TillAim rows[] = {
    {"]C1", TILL_AIM_ELEMENTS, 0}, /* GS1-128 */
    {"]e0", TILL_AIM_ELEMENTS, 0}, /* GS1 DataBar, composite parts */
    {"]d2", TILL_AIM_ELEMENTS, 0}, /* GS1 DataMatrix */
    {"]Q3", TILL_AIM_ELEMENTS, 0}, /* GS1 QR */
    {"]J1", TILL_AIM_ELEMENTS, 0}, /* GS1 DotCode */
    {"]E0", TILL_AIM_DIGITS, 13},  /* EAN-13, UPC-A, UPC-E, all in 13 digits */
    {"]E4", TILL_AIM_DIGITS, 8},   /* EAN-8 */
    {"]d1", TILL_AIM_TEXT, 0},     /* DataMatrix */
    {"]Q1", TILL_AIM_TEXT, 0},     /* QR */
    {"]J0", TILL_AIM_TEXT, 0},     /* DotCode */
};

const TillAim *
till_aim_find(const char *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (g_str_has_prefix(text, rows[i].id))
			return &rows[i];
	}
	return NULL;
}
