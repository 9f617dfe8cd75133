/* SPDX-License-Identifier: Apache-2.0 */
#include "currency.h"

#include <stdlib.h>
#include <string.h>

/* Facts of ISO 4217:2015 with the amendments of its maintenance agency: tables A.1 (current codes)
 * and A.3 (historical ones), alphabetic code, numeric code, decimal places of the minor unit. Read
 * from the list that brick/money (MIT) keeps, compared row by row in the unit tests. Codes without
 * a minor unit (metals, testing) are no shop's currency and are left out. 532 stands twice: XCG
 * took over the number of ANG. */
static const TillCurrency table[] = {
    {"ADP", 20, 0, TRUE},   {"AED", 784, 2, FALSE}, {"AFA", 4, 2, TRUE},    {"AFN", 971, 2, FALSE},
    {"ALL", 8, 2, FALSE},   {"AMD", 51, 2, FALSE},  {"ANG", 532, 2, TRUE},  {"AOA", 973, 2, FALSE},
    {"ARS", 32, 2, FALSE},  {"ATS", 40, 2, TRUE},   {"AUD", 36, 2, FALSE},  {"AWG", 533, 2, FALSE},
    {"AZM", 31, 2, TRUE},   {"AZN", 944, 2, FALSE}, {"BAM", 977, 2, FALSE}, {"BBD", 52, 2, FALSE},
    {"BDT", 50, 2, FALSE},  {"BEF", 56, 0, TRUE},   {"BGL", 100, 2, TRUE},  {"BGN", 975, 2, TRUE},
    {"BHD", 48, 3, FALSE},  {"BIF", 108, 0, FALSE}, {"BMD", 60, 2, FALSE},  {"BND", 96, 2, FALSE},
    {"BOB", 68, 2, FALSE},  {"BOV", 984, 2, FALSE}, {"BRL", 986, 2, FALSE}, {"BSD", 44, 2, FALSE},
    {"BTN", 64, 2, FALSE},  {"BWP", 72, 2, FALSE},  {"BYN", 933, 2, FALSE}, {"BYR", 974, 0, TRUE},
    {"BZD", 84, 2, FALSE},  {"CAD", 124, 2, FALSE}, {"CDF", 976, 2, FALSE}, {"CHE", 947, 2, FALSE},
    {"CHF", 756, 2, FALSE}, {"CHW", 948, 2, FALSE}, {"CLF", 990, 4, FALSE}, {"CLP", 152, 0, FALSE},
    {"CNY", 156, 2, FALSE}, {"COP", 170, 2, FALSE}, {"COU", 970, 2, FALSE}, {"CRC", 188, 2, FALSE},
    {"CUC", 931, 2, TRUE},  {"CUP", 192, 2, FALSE}, {"CVE", 132, 2, FALSE}, {"CYP", 196, 2, TRUE},
    {"CZK", 203, 2, FALSE}, {"DEM", 276, 2, TRUE},  {"DJF", 262, 0, FALSE}, {"DKK", 208, 2, FALSE},
    {"DOP", 214, 2, FALSE}, {"DZD", 12, 2, FALSE},  {"EEK", 233, 2, TRUE},  {"EGP", 818, 2, FALSE},
    {"ERN", 232, 2, FALSE}, {"ESP", 724, 0, TRUE},  {"ETB", 230, 2, FALSE}, {"EUR", 978, 2, FALSE},
    {"FIM", 246, 2, TRUE},  {"FJD", 242, 2, FALSE}, {"FKP", 238, 2, FALSE}, {"FRF", 250, 2, TRUE},
    {"GBP", 826, 2, FALSE}, {"GEL", 981, 2, FALSE}, {"GHC", 288, 2, TRUE},  {"GHS", 936, 2, FALSE},
    {"GIP", 292, 2, FALSE}, {"GMD", 270, 2, FALSE}, {"GNF", 324, 0, FALSE}, {"GRD", 300, 0, TRUE},
    {"GTQ", 320, 2, FALSE}, {"GWP", 624, 2, TRUE},  {"GYD", 328, 2, FALSE}, {"HKD", 344, 2, FALSE},
    {"HNL", 340, 2, FALSE}, {"HRK", 191, 2, TRUE},  {"HTG", 332, 2, FALSE}, {"HUF", 348, 2, FALSE},
    {"IDR", 360, 2, FALSE}, {"IEP", 372, 2, TRUE},  {"ILS", 376, 2, FALSE}, {"INR", 356, 2, FALSE},
    {"IQD", 368, 3, FALSE}, {"IRR", 364, 2, FALSE}, {"ISK", 352, 0, FALSE}, {"ITL", 380, 0, TRUE},
    {"JMD", 388, 2, FALSE}, {"JOD", 400, 3, FALSE}, {"JPY", 392, 0, FALSE}, {"KES", 404, 2, FALSE},
    {"KGS", 417, 2, FALSE}, {"KHR", 116, 2, FALSE}, {"KMF", 174, 0, FALSE}, {"KPW", 408, 2, FALSE},
    {"KRW", 410, 0, FALSE}, {"KWD", 414, 3, FALSE}, {"KYD", 136, 2, FALSE}, {"KZT", 398, 2, FALSE},
    {"LAK", 418, 2, FALSE}, {"LBP", 422, 2, FALSE}, {"LKR", 144, 2, FALSE}, {"LRD", 430, 2, FALSE},
    {"LSL", 426, 2, FALSE}, {"LTL", 440, 2, TRUE},  {"LUF", 442, 0, TRUE},  {"LVL", 428, 2, TRUE},
    {"LYD", 434, 3, FALSE}, {"MAD", 504, 2, FALSE}, {"MDL", 498, 2, FALSE}, {"MGA", 969, 2, FALSE},
    {"MGF", 450, 0, TRUE},  {"MKD", 807, 2, FALSE}, {"MMK", 104, 2, FALSE}, {"MNT", 496, 2, FALSE},
    {"MOP", 446, 2, FALSE}, {"MRO", 478, 2, TRUE},  {"MRU", 929, 2, FALSE}, {"MTL", 470, 2, TRUE},
    {"MUR", 480, 2, FALSE}, {"MVR", 462, 2, FALSE}, {"MWK", 454, 2, FALSE}, {"MXN", 484, 2, FALSE},
    {"MXV", 979, 2, FALSE}, {"MYR", 458, 2, FALSE}, {"MZM", 508, 2, TRUE},  {"MZN", 943, 2, FALSE},
    {"NAD", 516, 2, FALSE}, {"NGN", 566, 2, FALSE}, {"NIO", 558, 2, FALSE}, {"NLG", 528, 2, TRUE},
    {"NOK", 578, 2, FALSE}, {"NPR", 524, 2, FALSE}, {"NZD", 554, 2, FALSE}, {"OMR", 512, 3, FALSE},
    {"PAB", 590, 2, FALSE}, {"PEN", 604, 2, FALSE}, {"PGK", 598, 2, FALSE}, {"PHP", 608, 2, FALSE},
    {"PKR", 586, 2, FALSE}, {"PLN", 985, 2, FALSE}, {"PTE", 620, 0, TRUE},  {"PYG", 600, 0, FALSE},
    {"QAR", 634, 2, FALSE}, {"ROL", 642, 2, TRUE},  {"RON", 946, 2, FALSE}, {"RSD", 941, 2, FALSE},
    {"RUB", 643, 2, FALSE}, {"RUR", 810, 2, TRUE},  {"RWF", 646, 0, FALSE}, {"SAR", 682, 2, FALSE},
    {"SBD", 90, 2, FALSE},  {"SCR", 690, 2, FALSE}, {"SDD", 736, 2, TRUE},  {"SDG", 938, 2, FALSE},
    {"SEK", 752, 2, FALSE}, {"SGD", 702, 2, FALSE}, {"SHP", 654, 2, FALSE}, {"SIT", 705, 2, TRUE},
    {"SKK", 703, 2, TRUE},  {"SLE", 925, 2, FALSE}, {"SLL", 694, 2, TRUE},  {"SOS", 706, 2, FALSE},
    {"SRD", 968, 2, FALSE}, {"SRG", 740, 2, TRUE},  {"SSP", 728, 2, FALSE}, {"STD", 678, 2, TRUE},
    {"STN", 930, 2, FALSE}, {"SVC", 222, 2, FALSE}, {"SYP", 760, 2, FALSE}, {"SZL", 748, 2, FALSE},
    {"THB", 764, 2, FALSE}, {"TJS", 972, 2, FALSE}, {"TMM", 795, 2, TRUE},  {"TMT", 934, 2, FALSE},
    {"TND", 788, 3, FALSE}, {"TOP", 776, 2, FALSE}, {"TPE", 626, 0, TRUE},  {"TRL", 792, 0, TRUE},
    {"TRY", 949, 2, FALSE}, {"TTD", 780, 2, FALSE}, {"TWD", 901, 2, FALSE}, {"TZS", 834, 2, FALSE},
    {"UAH", 980, 2, FALSE}, {"UGX", 800, 0, FALSE}, {"USD", 840, 2, FALSE}, {"USN", 997, 2, FALSE},
    {"USS", 998, 2, TRUE},  {"UYI", 940, 0, FALSE}, {"UYU", 858, 2, FALSE}, {"UYW", 927, 4, FALSE},
    {"UZS", 860, 2, FALSE}, {"VEB", 862, 2, TRUE},  {"VED", 926, 2, FALSE}, {"VEF", 937, 2, TRUE},
    {"VES", 928, 2, FALSE}, {"VND", 704, 0, FALSE}, {"VUV", 548, 0, FALSE}, {"WST", 882, 2, FALSE},
    {"XAD", 396, 2, FALSE}, {"XAF", 950, 0, FALSE}, {"XCD", 951, 2, FALSE}, {"XCG", 532, 2, FALSE},
    {"XOF", 952, 0, FALSE}, {"XPF", 953, 0, FALSE}, {"YER", 886, 2, FALSE}, {"YUM", 891, 2, TRUE},
    {"ZAR", 710, 2, FALSE}, {"ZMK", 894, 2, TRUE},  {"ZMW", 967, 2, FALSE}, {"ZWD", 716, 2, TRUE},
    {"ZWG", 924, 2, FALSE}, {"ZWL", 932, 2, TRUE},
};

static int
compare_code(const void *key, const void *row)
{
	return strcmp(key, ((const TillCurrency *)row)->code);
}

const TillCurrency *
till_currency_find(const char *code)
{
	if (code == NULL)
		return NULL;
	return bsearch(code, table, G_N_ELEMENTS(table), sizeof table[0], compare_code);
}

const TillCurrency *
till_currency_table(gsize *out_count)
{
	*out_count = G_N_ELEMENTS(table);
	return table;
}
