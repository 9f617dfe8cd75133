/* SPDX-License-Identifier: Apache-2.0 */
#include "desk-fixture.h"

#include <string.h>

static void
fill_shop(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_autofree char *hash =
	    till_crypto_pin_hash_light(TILL_DESK_FIXTURE_PIN, strlen(TILL_DESK_FIXTURE_PIN));
	g_autofree char *staff =
	    g_strdup_printf("{\"id\":\"s-1\",\"name\":\"Ines "
			    "Moreau\",\"role\":\"manager\",\"pin_hash\":\"%s\"}",
			    hash);
	const char *const chain[] = {
	    "item",
	    "TEE-1",
	    "{\"sku\":\"TEE-1\",\"name\":\"Organic tee\"}",
	    "item",
	    "PEAR",
	    "{\"sku\":\"PEAR\",\"name\":\"Pears\",\"unit\":\"kg\",\"weighed\":true}",
	    "item",
	    "GIFT",
	    "{\"sku\":\"GIFT\",\"name\":\"Unpriced gift\"}",
	    "barcode",
	    "04006381333931",
	    "{\"code\":\"04006381333931\",\"sku\":\"TEE-1\"}",
	    "price",
	    "base\x1fTEE-1\x1f"
	    "0\x1f"
	    "0",
	    "{\"list\":\"base\",\"sku\":\"TEE-1\",\"price_minor\":2450}",
	    "price",
	    "base\x1fPEAR\x1f"
	    "0\x1f"
	    "0",
	    "{\"list\":\"base\",\"sku\":\"PEAR\",\"price_minor\":399}",
	    NULL};
	const char *const local[] = {"setting",
				     "currency",
				     "{\"name\":\"currency\",\"value\":\"EUR\"}",
				     "setting",
				     "shop_name",
				     "{\"name\":\"shop_name\",\"value\":\"Juniper & Rye\"}",
				     "setting",
				     "time_zone",
				     "{\"name\":\"time_zone\",\"value\":\"Europe/Paris\"}",
				     "tax",
				     "standard\x1fvat",
				     "{\"tax_class\":\"standard\",\"id\":\"vat\",\"name\":\"VAT "
				     "20%\",\"rate_ppm\":200000,\"inclusive\":true}",
				     "staff",
				     "s-1",
				     staff,
				     "stock",
				     "TEE-1",
				     "{\"sku\":\"TEE-1\",\"on_hand_milli\":10000}",
				     NULL};
	till_fixture_feed(store, "chain", chain);
	till_fixture_feed(store, "store:014", local);
}

/* The fixture's own open has no completions; a register's screen needs them. */
void
till_desk_fixture_open(TillDeskFixture *desk)
{
	GError *error = NULL;
	desk->fixture->store =
	    till_store_open(desk->fixture->home, TILL_STORE_CREATE, "test, process 1",
			    &desk->fixture->clock.clock, g_main_context_default(), &error);
	g_assert_no_error(error);
	desk->reg = till_register_new(desk->fixture->store);
}

TillDeskFixture *
till_desk_fixture_new(void)
{
	TillDeskFixture *desk = g_new0(TillDeskFixture, 1);
	desk->fixture = till_fixture_new_empty();
	till_desk_fixture_open(desk);
	till_fixture_do(desk->fixture, till_fixture_enrol);
	till_fixture_do(desk->fixture, fill_shop);
	return desk;
}

void
till_desk_fixture_free(TillDeskFixture *desk)
{
	till_register_free(desk->reg);
	till_fixture_free(desk->fixture);
	g_free(desk);
}
