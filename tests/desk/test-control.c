/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <string.h>

#include "control.h"
#include "desk-fixture.h"
#include "error.h"
#include "json.h"

/* The running till is this process; the one that asks is the real tillctl, which finds the home
 * locked. */

typedef struct {
	gboolean done;
	int status;
	char *out;
	char *err;
} Asked;

static void
ended_cb(GObject *source, GAsyncResult *result, gpointer user)
{
	Asked *asked = user;
	GError *error = NULL;
	gboolean is_read = g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result,
								&asked->out, &asked->err, &error);
	g_assert_no_error(error);
	g_assert_true(is_read);
	asked->status = g_subprocess_get_exit_status(G_SUBPROCESS(source));
	asked->done = TRUE;
}

static Asked
ask(const TillDeskFixture *desk, const char *verb, const char *operand)
{
	Asked asked = {.done = FALSE};
	GError *error = NULL;
	g_autofree char *tillctl =
	    g_build_filename(g_getenv("TILL_BUILD_ROOT"), "ui", "cli", "tillctl", NULL);
	g_autoptr(GSubprocess) process = g_subprocess_new(
	    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, tillctl,
	    "--home", desk->fixture->home, "--json", verb, operand, NULL);
	g_assert_no_error(error);
	g_subprocess_communicate_utf8_async(process, NULL, NULL, ended_cb, &asked);
	till_test_wait(&asked.done);
	return asked;
}

static void
clear(Asked *asked)
{
	g_free(asked->out);
	g_free(asked->err);
}

static TillControl *
listen_at(TillDeskFixture *desk)
{
	GError *error = NULL;
	TillControl *control = till_control_new(desk->fixture->home, desk->reg, NULL, &error);
	g_assert_no_error(error);
	return control;
}

static char *
sell_one(TillDeskFixture *desk)
{
	GError *error = NULL;
	TillRegisterShop *shop = till_register_shop(desk->reg, &error);
	TillRegisterFound *found = till_register_find(desk->reg, "TEE-1", &error);
	g_assert_no_error(error);
	g_autoptr(TillBasket) basket = till_basket_new();
	g_assert_cmpint(till_basket_add(basket, found->item, "TEE-1", 0, NULL), ==, TILL_BASKET_OK);
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = 2450};
	TillRegisterPayment payment = {
	    .tenders = &tender, .tender_count = 1, .staff_id = "s-1", .staff_name = "Ines"};
	payment.priced = till_price_basket(basket, &shop->rules, &error);
	g_assert_no_error(error);
	TillRegisterSold *sold = till_register_sell(desk->reg, &payment, &error);
	g_assert_no_error(error);
	char *receipt = g_steal_pointer(&sold->receipt);
	till_register_sold_free(sold);
	till_register_found_free(found);
	till_register_shop_free(shop);
	return receipt;
}

static void
test_status(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	TillControl *control = listen_at(desk);
	Asked asked = ask(desk, "status", NULL);
	g_assert_cmpstr(asked.err, ==, "");
	g_assert_cmpint(asked.status, ==, 0);
	g_autoptr(json_t) status = json_loads(asked.out, 0, NULL);
	g_assert_cmpstr(json_string_value(json_object_get(status, "store")), ==, "014");
	g_assert_cmpint(json_integer_value(json_object_get(status, "items")), ==, 3);
	g_assert_true(json_is_false(json_object_get(status, "online")));
	clear(&asked);
	till_control_free(control);
	till_desk_fixture_free(desk);
}

static void
test_receipt(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	TillControl *control = listen_at(desk);
	g_autofree char *number = sell_one(desk);
	Asked asked = ask(desk, "receipt", number);
	g_assert_cmpstr(asked.err, ==, "");
	g_assert_cmpint(asked.status, ==, 0);
	g_autoptr(json_t) answer = json_loads(asked.out, 0, NULL);
	g_assert_nonnull(strstr(json_string_value(json_object_get(answer, "text")), number));
	Asked unknown = ask(desk, "receipt", "014-02-AAA-000099");
	g_assert_cmpint(unknown.status, ==, 1);
	g_assert_cmpstr(unknown.err, !=, "");
	clear(&asked);
	clear(&unknown);
	till_control_free(control);
	till_desk_fixture_free(desk);
}

static void
test_other_verbs(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	TillControl *control = listen_at(desk);
	Asked held = ask(desk, "stock", "TEE-1");
	g_assert_cmpint(held.status, ==, 1);
	g_assert_nonnull(strstr(held.err, "test, process 1"));
	Asked sync = ask(desk, "sync", NULL);
	g_assert_cmpint(sync.status, ==, 1);
	g_assert_nonnull(strstr(sync.err, "not enrolled"));
	clear(&held);
	clear(&sync);
	till_control_free(control);
	till_desk_fixture_free(desk);
}

static void
test_nobody_listens(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	Asked asked = ask(desk, "status", NULL);
	g_assert_cmpint(asked.status, ==, 1);
	g_assert_nonnull(strstr(asked.err, "test, process 1"));
	clear(&asked);
	till_desk_fixture_free(desk);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/desk/control/a-running-till-tells-its-status", test_status);
	g_test_add_func("/desk/control/a-running-till-shows-a-receipt", test_receipt);
	g_test_add_func("/desk/control/other-verbs-say-who-holds-the-home", test_other_verbs);
	g_test_add_func("/desk/control/a-holder-that-does-not-listen-is-named",
			test_nobody_listens);
	return g_test_run();
}
