/* SPDX-License-Identifier: Apache-2.0 */
#include <glib-object.h>
#include <string.h>

#include "desk-fixture.h"
#include "error.h"
#include "json.h"

static TillPriced *
price_items(TillDeskFixture *desk, const char *const *codes)
{
	GError *error = NULL;
	TillRegisterShop *shop = till_register_shop(desk->reg, &error);
	g_assert_no_error(error);
	g_autoptr(TillBasket) basket = till_basket_new();
	for (guint i = 0; codes[i] != NULL; i++) {
		TillRegisterFound *found = till_register_find(desk->reg, codes[i], &error);
		g_assert_no_error(error);
		g_assert_nonnull(found->item);
		g_assert_cmpint(till_basket_add(basket, found->item, codes[i], 0, NULL), ==,
				TILL_BASKET_OK);
		till_register_found_free(found);
	}
	TillPriced *priced = till_price_basket(basket, &shop->rules, &error);
	g_assert_no_error(error);
	till_register_shop_free(shop);
	return priced;
}

static TillRegisterSold *
sell(TillDeskFixture *desk, const char *const *codes, gint64 cash_minor, GError **error)
{
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = cash_minor};
	TillRegisterPayment payment = {
	    .priced = price_items(desk, codes),
	    .tenders = &tender,
	    .tender_count = 1,
	    .staff_id = "s-1",
	    .staff_name = "Ines Moreau",
	    .opened_ms = TILL_FIXTURE_NOW_MS,
	};
	return till_register_sell(desk->reg, &payment, error);
}

/* 24.50 in coins of 20 is 24.40; the books get both. */
static void
test_cash_rounding(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = 2440};
	TillRegisterPayment payment = {
	    .priced = price_items(desk, (const char *[]){"TEE-1", NULL}),
	    .tenders = &tender,
	    .tender_count = 1,
	    .cash_rounding = {.step_minor = 20, .rounding = TILL_ROUND_HALF_DOWN},
	    .staff_id = "s-1",
	    .staff_name = "Ines Moreau",
	};
	TillRegisterSold *sold = till_register_sell(desk->reg, &payment, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sold->result, ==, TILL_TENDER_OK);
	g_assert_cmpint(sold->sale->rounding_minor, ==, -10);
	g_assert_cmpint(sold->change_minor, ==, 0);
	g_assert_nonnull(strstr(sold->receipt_text, "Rounding"));
	till_register_sold_free(sold);
	till_desk_fixture_free(desk);
}

static void
test_sell(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillRegisterSold *sold =
	    sell(desk, (const char *[]){"4006381333931", "TEE-1", NULL}, 5000, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sold->result, ==, TILL_TENDER_OK);
	g_assert_cmpint(sold->change_minor, ==, 100);
	g_assert_cmpint(sold->sale->priced->total_minor, ==, 4900);
	g_assert_true(g_str_has_prefix(sold->receipt, "014-02-"));
	g_assert_true(g_str_has_suffix(sold->receipt, "-000001"));
	g_assert_nonnull(strstr(sold->receipt_text, sold->receipt));

	g_autofree char *again = till_register_receipt(desk->reg, sold->receipt, 0, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(again, ==, sold->receipt_text);
	g_autofree char *copy = till_register_receipt(desk->reg, sold->receipt, 1, &error);
	g_assert_no_error(error);
	g_assert_nonnull(strstr(copy, "COPY"));
	till_register_sold_free(sold);
	till_desk_fixture_free(desk);
}

static TillRegisterSold *
try_sale(TillDeskFixture *desk, const TillUuid *txn, gint64 cash_minor)
{
	GError *error = NULL;
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = cash_minor};
	TillRegisterPayment payment = {
	    .priced = price_items(desk, (const char *[]){"TEE-1", NULL}),
	    .tenders = &tender,
	    .tender_count = 1,
	    .staff_id = "s-1",
	    .staff_name = "Ines Moreau",
	    .opened_ms = TILL_FIXTURE_NOW_MS,
	    .txn = *txn,
	};
	TillRegisterSold *sold = till_register_sell(desk->reg, &payment, &error);
	g_assert_no_error(error);
	return sold;
}

static void
test_sell_again(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillUuidSource uuids = {0};
	TillUuid txn = till_uuid_next(&uuids, TILL_FIXTURE_NOW_MS);
	TillRegisterSold *first = try_sale(desk, &txn, 2500);
	TillRegisterSold *again = try_sale(desk, &txn, 5000);
	g_assert_true(till_uuid_equal(&first->txn, &txn));
	g_assert_true(till_uuid_equal(&again->txn, &txn));
	g_assert_cmpstr(again->receipt, ==, first->receipt);
	g_assert_cmpstr(again->receipt_text, ==, first->receipt_text);
	g_assert_cmpint(again->change_minor, ==, 50);
	TillRegisterFound *found = till_register_find(desk->reg, "TEE-1", &error);
	g_assert_no_error(error);
	g_assert_cmpint(found->item->stock_milli, ==, 9000);
	till_register_found_free(found);
	till_register_sold_free(first);
	till_register_sold_free(again);
	till_desk_fixture_free(desk);
}

static void
test_sell_moves_stock(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillRegisterSold *sold =
	    sell(desk, (const char *[]){"TEE-1", "TEE-1", "TEE-1", NULL}, 10000, &error);
	g_assert_no_error(error);
	till_register_sold_free(sold);
	TillRegisterFound *found = till_register_find(desk->reg, "TEE-1", &error);
	g_assert_no_error(error);
	g_assert_cmpint(found->item->stock_milli, ==, 7000);
	till_register_found_free(found);
	till_desk_fixture_free(desk);
}

static void
test_sell_short(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillRegisterSold *sold = sell(desk, (const char *[]){"TEE-1", NULL}, 2449, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sold->result, ==, TILL_TENDER_SHORT);
	g_assert_null(sold->sale);
	till_register_sold_free(sold);
	g_autofree char *text = till_register_receipt(desk->reg, "014-02-AAA-000001", 0, &error);
	g_assert_null(text);
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "");
	till_desk_fixture_free(desk);
}

static void
test_sell_nothing(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillRegisterSold *sold = sell(desk, (const char *[]){NULL}, 100, &error);
	g_assert_null(sold);
	till_test_assert_error(error, TILL_ERROR_INVALID, "nothing to sell");
	till_desk_fixture_free(desk);
}

static void
test_sell_unreadable(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = 2450};
	TillRegisterPayment payment = {.tenders = &tender, .tender_count = 1, .staff_id = ""};
	payment.priced = price_items(desk, (const char *[]){"TEE-1", NULL});
	g_assert_null(till_register_sell(desk->reg, &payment, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "nothing was sold");
	TillRegisterSold *sold = sell(desk, (const char *[]){"TEE-1", NULL}, 2450, &error);
	g_assert_no_error(error);
	g_assert_true(g_str_has_suffix(sold->receipt, "-000001"));
	till_register_sold_free(sold);
	till_desk_fixture_free(desk);
}

static void
test_not_enrolled(void)
{
	TillDeskFixture desk = {.fixture = till_fixture_new_empty()};
	GError *error = NULL;
	till_desk_fixture_open(&desk);
	g_assert_null(till_register_shop(desk.reg, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "not enrolled");
	till_fixture_do(desk.fixture, till_fixture_enrol);
	g_assert_null(till_register_shop(desk.reg, &error));
	till_test_assert_error(error, TILL_ERROR_STATE, "");
	till_register_free(desk.reg);
	till_fixture_free(desk.fixture);
}

static void
test_find(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	TillRegisterFound *unknown = till_register_find(desk->reg, "NO-SUCH-THING", &error);
	g_assert_no_error(error);
	g_assert_false(unknown->refused);
	g_assert_null(unknown->item);
	TillRegisterFound *refused = till_register_find(desk->reg, " \n", &error);
	g_assert_no_error(error);
	g_assert_true(refused->refused);
	TillRegisterFound *unpriced = till_register_find(desk->reg, "GIFT", &error);
	g_assert_no_error(error);
	g_assert_false(unpriced->item->has_price);
	till_register_found_free(unknown);
	till_register_found_free(refused);
	till_register_found_free(unpriced);
	g_autoptr(GPtrArray) found = till_register_search(desk->reg, "tee org", 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(found->len, ==, 1);
	till_desk_fixture_free(desk);
}

/* ---- Later answers ---- */

typedef struct {
	gboolean done;
	TillSigninResult result;
	gint64 wait_ms;
} Signin;

static void
signin_cb(TillRegisterSignin *signin, const GError *error, gpointer user)
{
	Signin *told = user;
	g_assert_no_error(error);
	told->result = signin->result;
	told->wait_ms = signin->wait_ms;
	told->done = TRUE;
	till_register_signin_free(signin);
}

static Signin
sign_in(TillDeskFixture *desk, const char *pin)
{
	Signin told = {.done = FALSE};
	till_register_signin_async(desk->reg, "s-1", pin, strlen(pin), NULL, signin_cb, &told);
	till_test_wait(&told.done);
	return told;
}

static void
test_signin(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	g_assert_cmpint(sign_in(desk, "1111").result, ==, TILL_SIGNIN_WRONG);
	g_assert_cmpint(sign_in(desk, TILL_DESK_FIXTURE_PIN).result, ==, TILL_SIGNIN_OK);
	g_assert_cmpint(sign_in(desk, "123456789").result, ==, TILL_SIGNIN_WRONG);
	g_assert_cmpint(sign_in(desk, "").result, ==, TILL_SIGNIN_WRONG);
	Signin third = sign_in(desk, "1111");
	g_assert_cmpint(third.result, ==, TILL_SIGNIN_LOCKED);
	g_assert_cmpint(third.wait_ms, ==, till_staff_lockout_ms(3));
	g_assert_cmpint(sign_in(desk, TILL_DESK_FIXTURE_PIN).result, ==, TILL_SIGNIN_LOCKED);
	till_desk_fixture_free(desk);
}

static void
test_signin_survives_restart(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	for (guint i = 0; i < 3; i++)
		(void)sign_in(desk, "1111");
	till_register_free(desk->reg);
	till_fixture_close(desk->fixture);
	till_desk_fixture_open(desk);
	g_assert_cmpint(sign_in(desk, TILL_DESK_FIXTURE_PIN).result, ==, TILL_SIGNIN_LOCKED);
	till_test_clock_advance(&desk->fixture->clock, till_staff_lockout_ms(3));
	g_assert_cmpint(sign_in(desk, TILL_DESK_FIXTURE_PIN).result, ==, TILL_SIGNIN_OK);
	g_assert_cmpint(sign_in(desk, "1111").result, ==, TILL_SIGNIN_WRONG);
	till_desk_fixture_free(desk);
}

typedef struct {
	gboolean done;
	GPtrArray *rows;
	TillBasket *basket;
	char *path;
	guint count;
} Told;

static void
done_cb(const GError *error, gpointer user)
{
	g_assert_no_error(error);
	((Told *)user)->done = TRUE;
}

static void
rows_cb(GPtrArray *rows, const GError *error, gpointer user)
{
	g_assert_no_error(error);
	((Told *)user)->rows = rows;
	((Told *)user)->done = TRUE;
}

static void
basket_cb(TillBasket *basket, const GError *error, gpointer user)
{
	g_assert_no_error(error);
	((Told *)user)->basket = basket;
	((Told *)user)->done = TRUE;
}

static TillBasket *
two_lines_of_one_item(TillDeskFixture *desk)
{
	GError *error = NULL;
	TillBasket *basket = till_basket_new();
	TillRegisterFound *found = till_register_find(desk->reg, "TEE-1", &error);
	g_assert_no_error(error);
	guint first;
	g_assert_cmpint(till_basket_add(basket, found->item, "TEE-1", 2000, &first), ==, 0);
	g_assert_cmpint(till_basket_set_note(basket, first, "gift wrap"), ==, 0);
	guint second;
	g_assert_cmpint(till_basket_add(basket, found->item, "TEE-1", 1000, &second), ==, 0);
	char reason[] = "dented";
	const TillManual dented = {.kind = TILL_MANUAL_AMOUNT, .value = 100, .reason = reason};
	g_assert_cmpint(till_basket_set_manual(basket, second, &dented), ==, TILL_BASKET_OK);
	till_register_found_free(found);
	return basket;
}

static void
test_park(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	Told parked = {.done = FALSE}, listed = {.done = FALSE}, recalled = {.done = FALSE};
	g_autoptr(TillBasket) basket = two_lines_of_one_item(desk);
	TillRegisterParking parking = {.basket = basket,
				       .label = "blue coat",
				       .staff_name = "Ines Moreau",
				       .total_minor = 7350};
	till_register_park_async(desk->reg, &parking, NULL, done_cb, &parked);
	till_basket_clear(basket);
	till_test_wait(&parked.done);
	till_register_parked_async(desk->reg, NULL, rows_cb, &listed);
	till_test_wait(&listed.done);
	g_assert_cmpuint(listed.rows->len, ==, 1);
	const TillRegisterParked *row = g_ptr_array_index(listed.rows, 0);
	g_assert_cmpstr(row->label, ==, "blue coat");
	g_assert_cmpint(row->total_minor, ==, 7350);

	till_register_recall_async(desk->reg, row->id, NULL, basket_cb, &recalled);
	till_test_wait(&recalled.done);
	g_assert_cmpuint(till_basket_count(recalled.basket), ==, 2);
	g_assert_cmpstr(till_basket_line(recalled.basket, 0)->note, ==, "gift wrap");
	g_assert_cmpint(till_basket_line(recalled.basket, 0)->quantity_milli, ==, 2000);
	g_assert_cmpstr(till_basket_line(recalled.basket, 1)->note, ==, "");
	g_assert_cmpint(till_basket_line(recalled.basket, 1)->manual.value, ==, 100);
	g_assert_cmpstr(till_basket_line(recalled.basket, 1)->manual.reason, ==, "dented");
	till_basket_free(recalled.basket);
	g_ptr_array_unref(listed.rows);
	till_desk_fixture_free(desk);
}

static void
books_cb(TillRegisterBooks *books, const GError *error, gpointer user)
{
	g_assert_no_error(error);
	g_assert_cmpuint(books->waiting->len, ==, 2);
	g_assert_cmpuint(books->recent->len, ==, 2);
	const TillRegisterEntry *oldest = g_ptr_array_index(books->waiting, 0);
	g_assert_true(g_str_has_suffix(oldest->receipt, "-000001"));
	g_assert_cmpint(oldest->total_minor, ==, 2450);
	const TillRegisterEntry *newest = g_ptr_array_index(books->recent, 0);
	g_assert_true(g_str_has_suffix(newest->receipt, "-000002"));
	g_assert_false(newest->acknowledged);
	till_register_books_free(books);
	((Told *)user)->done = TRUE;
}

static void
export_cb(const char *path, guint count, const GError *error, gpointer user)
{
	Told *told = user;
	g_assert_no_error(error);
	told->path = g_strdup(path);
	told->count = count;
	told->done = TRUE;
}

static void
test_books_and_export(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	GError *error = NULL;
	Told shown = {.done = FALSE}, exported = {.done = FALSE};
	for (guint i = 0; i < 2; i++) {
		TillRegisterSold *sold = sell(desk, (const char *[]){"TEE-1", NULL}, 2450, &error);
		g_assert_no_error(error);
		till_register_sold_free(sold);
	}
	till_register_books_async(desk->reg, NULL, books_cb, &shown);
	till_test_wait(&shown.done);

	till_register_export_async(desk->reg, desk->fixture->root, NULL, export_cb, &exported);
	till_test_wait(&exported.done);
	g_assert_cmpuint(exported.count, ==, 2);
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(exported.path, &text, NULL, &error));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_assert_cmpuint(g_strv_length(lines), ==, 3); /* the last one is empty */
	g_autoptr(json_t) line = json_loads(lines[0], 0, NULL);
	g_assert_cmpstr(json_string_value(json_object_get(line, "type")), ==, "sale");
	g_assert_cmpint(json_integer_value(json_object_get(line, "seq")), ==, 1);
	g_free(exported.path);
	till_desk_fixture_free(desk);
}

static void
must_not_come_cb(GPtrArray *rows, const GError *error, gpointer user)
{
	(void)rows;
	(void)error;
	(void)user;
	g_assert_not_reached();
}

static void
test_late_answer(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	Told told = {.done = FALSE};
	GObject *screen = g_object_new(G_TYPE_OBJECT, NULL);
	till_register_people_async(desk->reg, screen, must_not_come_cb, NULL);
	g_object_unref(screen);
	till_register_people_async(desk->reg, NULL, rows_cb, &told);
	till_test_wait(&told.done);
	g_assert_cmpuint(told.rows->len, ==, 1);
	g_ptr_array_unref(told.rows);
	till_desk_fixture_free(desk);
}

static void
test_local_time(void)
{
	g_autofree char *paris = till_register_local_time(TILL_FIXTURE_NOW_MS, "Europe/Paris");
	g_assert_cmpstr(paris, ==, "23 Nov 2026 11:00");
	g_autofree char *nowhere = till_register_local_time(TILL_FIXTURE_NOW_MS, "Moon/Crater");
	g_assert_cmpstr(nowhere, ==, "23 Nov 2026 10:00");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/desk/register/a-sale-is-stored-and-its-paper-comes-again", test_sell);
	g_test_add_func("/desk/register/the-same-sale-tried-again-is-one-sale", test_sell_again);
	g_test_add_func("/desk/register/a-sale-takes-its-lines-off-stock", test_sell_moves_stock);
	g_test_add_func("/desk/register/too-little-cash-sells-nothing", test_sell_short);
	g_test_add_func("/desk/register/an-empty-basket-is-not-a-sale", test_sell_nothing);
	g_test_add_func("/desk/register/a-sale-its-readers-would-refuse-is-not-sold",
			test_sell_unreadable);
	g_test_add_func("/desk/register/a-till-without-a-shop-says-what-to-do", test_not_enrolled);
	g_test_add_func("/desk/register/codes-are-found-unknown-or-refused", test_find);
	g_test_add_func("/desk/signin/wrong-pins-lock-and-the-right-one-opens", test_signin);
	g_test_add_func("/desk/signin/a-restart-forgives-nothing", test_signin_survives_restart);
	g_test_add_func("/desk/park/equal-items-on-two-lines-stay-two-lines", test_park);
	g_test_add_func("/desk/books/what-waits-is-shown-and-exported", test_books_and_export);
	g_test_add_func("/desk/register/an-answer-for-a-closed-screen-is-dropped",
			test_late_answer);
	g_test_add_func("/desk/register/local-time-is-spelled-the-same-everywhere",
			test_local_time);
	g_test_add_func("/desk/register/cash-is-rounded", test_cash_rounding);
	return g_test_run();
}
