/* SPDX-License-Identifier: Apache-2.0 */
#include "registry.h"

#include <string.h>

/* The first row that matches takes the case: a row without a system is the folder's last. */
static const TillVectorSet sets[] = {
    {"tax", "odoo/odoo", till_tax_odoo_run, NULL},
    {"tax", "Sylius/", till_tax_sylius_run, NULL},
    {"tax", "vendure-ecommerce/", till_tax_vendure_run, NULL},
    {"tax", "solidusio/", till_tax_solidus_run, NULL},
    {"tax", "frappe/erpnext", till_tax_erpnext_run, NULL},
    {"tax", "medusajs/", till_tax_medusa_run, NULL},
    {"promotions", "Sylius/", till_promo_sylius_prices_run, till_promo_sylius_prices_wants},
    {"promotions", "Sylius/", till_promo_sylius_run, NULL},
    {"promotions", "solidusio/", till_promo_solidus_run, NULL},
    {"promotions", "saleor/", till_promo_saleor_run, NULL},
    {"promotions", "vendure-ecommerce/", till_promo_vendure_run, NULL},
    {"promotions", "medusajs/", till_promo_medusa_run, NULL},
    {"promotions", "odoo/odoo", till_promo_odoo_run, NULL},
    {"cash-rounding", "brick/money", till_cash_rounding_brick_run, NULL},
    {"cash-rounding", "RubyMoney/", till_cash_rounding_ruby_run, NULL},
    {"cash-rounding", "odoo/odoo", till_cash_rounding_odoo_run, NULL},
    {"cash-rounding", NULL, till_cash_rounding_rules_run, NULL},
    {"allocation", NULL, till_allocation_run, NULL},
    {"rounding", NULL, till_rounding_run, NULL},
    {"refunds", "Sylius/RefundPlugin", till_refunds_sylius_run, NULL},
    {"refunds", "solidusio/", till_refunds_solidus_run, NULL},
    {"gs1", NULL, till_check_digits_run, till_check_digits_wants},
    {"gs1", NULL, till_gs1_vectors_run, till_gs1_vectors_wants},
    {"gs1", NULL, till_embedded_run, till_embedded_wants},
};

const TillVectorSet *
till_registry_find(const char *folder, const TillVector *vector, gboolean *out_elsewhere)
{
	*out_elsewhere = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(sets); i++) {
		if (strcmp(sets[i].folder, folder) != 0 ||
		    (sets[i].system != NULL && !g_str_has_prefix(vector->source, sets[i].system)))
			continue;
		if (sets[i].wants == NULL || sets[i].wants(vector))
			return &sets[i];
		*out_elsewhere = TRUE;
	}
	return NULL;
}

gboolean
till_registry_reads(const char *folder)
{
	for (gsize i = 0; i < G_N_ELEMENTS(sets); i++) {
		if (strcmp(sets[i].folder, folder) == 0)
			return TRUE;
	}
	return FALSE;
}
