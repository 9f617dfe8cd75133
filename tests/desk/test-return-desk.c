/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "desk-fixture.h"
#include "error.h"
#include "json.h"
#include "receipt-proof.h"
#include "return-desk.h"
#include "till-test.h"

/* Ines (s-1) is manager, Dan (s-2) and Eve (s-3) are associates. TEE-1 and TEE-2 are one style. The
 * policy: R-1 worn tees only as exchange, R-2 damaged ones with approval, R-3 thirty days by a
 * proof, R-4 without one as credit; offline up to 60.00. Written with ' for ". */
static const char policy_text[] =
    "{'id':'returns','version':4,'rows':["
    "{'id':'R-1','words':'Worn goods are exchanged.','when':{'conditions':['worn']},"
    "'as':'exchange'},"
    "{'id':'R-2','words':'Damaged: a manager looks.','when':{'conditions':['damaged'],'receipts':"
    "['receipt','gift','order']},'approval':true,'disposition':'damaged'},"
    "{'id':'R-3','words':'Thirty days.','when':{'receipts':['receipt','gift','order'],"
    "'days_to':30}},"
    "{'id':'R-4','words':'Without a receipt: credit.','when':{'receipts':['none']},"
    "'as':'credit'}],"
    "'no_receipt':{'allow':true,'approval':false,'count_max':1,'look_back_days':60},"
    "'offline':{'amount_max_minor':6000}}";

static const char reason[] = "too small";

static char *
quote_marks(const char *text)
{
	return g_strdelimit(g_strdup(text), "'", '"');
}

static char *
write_staff(const char *id, const char *name)
{
	g_autofree char *hash =
	    till_crypto_pin_hash_light(TILL_DESK_FIXTURE_PIN, strlen(TILL_DESK_FIXTURE_PIN));
	return g_strdup_printf(
	    "{\"id\":\"%s\",\"name\":\"%s\",\"role\":\"associate\",\"pin_hash\":\"%s\"}", id, name,
	    hash);
}

static void
fill(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_autofree char *policy = quote_marks(policy_text);
	g_autoptr(json_t) row =
	    json_pack("{s:s, s:i, s:s}", "id", "returns", "version", 4, "body", policy);
	g_autofree char *row_text = till_json_write(row, NULL);
	g_autofree char *dan = write_staff("s-2", "Dan Okafor");
	g_autofree char *eve = write_staff("s-3", "Eve Lund");
	const char *const chain[] = {
	    "return_policy",
	    "returns",
	    row_text,
	    "item",
	    "TEE-1",
	    "{\"sku\":\"TEE-1\",\"name\":\"Organic tee\",\"style\":\"TEE\",\"variant\":\"S\"}",
	    "item",
	    "TEE-2",
	    "{\"sku\":\"TEE-2\",\"name\":\"Organic tee\",\"style\":\"TEE\",\"variant\":\"M\"}",
	    "price",
	    "base\x1fTEE-2\x1f"
	    "0\x1f"
	    "0",
	    "{\"list\":\"base\",\"sku\":\"TEE-2\",\"price_minor\":2950}",
	    "customer",
	    "c-1",
	    "{\"id\":\"c-1\",\"name\":\"Nora Lind\"}",
	    NULL};
	const char *const local[] = {"staff", "s-2", dan, "staff", "s-3", eve, NULL};
	till_fixture_feed(store, "chain", chain);
	till_fixture_feed(store, "store:014", local);
}

static TillDeskFixture *
open_desk(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	till_fixture_do(desk->fixture, fill);
	return desk;
}

static TillPriced *
price(TillDeskFixture *desk, const char *code, gint64 quantity_milli)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBasket) basket = till_basket_new();
	TillRegisterShop *shop = till_register_shop(desk->reg, &error);
	g_assert_no_error(error);
	TillRegisterFound *found = till_register_find(desk->reg, code, &error);
	g_assert_no_error(error);
	g_assert_cmpint(till_basket_add(basket, found->item, code, quantity_milli, NULL), ==,
			TILL_BASKET_OK);
	till_register_found_free(found);
	TillPriced *priced = till_register_price(desk->reg, shop, basket, &error);
	g_assert_no_error(error);
	till_register_shop_free(shop);
	return priced;
}

/* The receipt's number. */
static char *
sell(TillDeskFixture *desk, const char *code, gint64 quantity_milli)
{
	g_autoptr(GError) error = NULL;
	TillTender tender = {.kind = TILL_TENDER_CASH};
	TillRegisterPayment payment = {.priced = price(desk, code, quantity_milli),
				       .tenders = &tender,
				       .tender_count = 1,
				       .staff_id = "s-2",
				       .staff_name = "Dan Okafor"};
	tender.tendered_minor = payment.priced->total_minor;
	TillRegisterSold *sold = till_register_sell(desk->reg, &payment, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sold->result, ==, TILL_TENDER_OK);
	char *receipt = g_strdup(sold->receipt);
	till_register_sold_free(sold);
	return receipt;
}

static TillReturnDeskFound *
find(TillDeskFixture *desk, const char *text)
{
	g_autoptr(GError) error = NULL;
	TillReturnDeskFound *found = till_return_desk_find(desk->reg, text, FALSE, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(strlen(found->words), >, 5);
	return found;
}

static TillReturnDeskDone *
commit(TillDeskFixture *desk, const TillReturnDeskAsked *asked, gint64 give_minor, gint64 pay_minor,
       const char *approved_by, const char *fault)
{
	g_autoptr(GError) error = NULL;
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = pay_minor};
	TillReturnDeskCommit wish = {.asked = *asked,
				     .give_minor = give_minor,
				     .pay_minor = pay_minor,
				     .tenders = &tender,
				     .tender_count = pay_minor > 0 ? 1 : 0,
				     .staff_id = "s-2",
				     .staff_name = "Dan Okafor",
				     .approved_by = approved_by};
	TillReturnDeskDone *done = till_return_desk_commit(desk->reg, &wish, &error);
	if (fault == NULL) {
		g_assert_no_error(error);
		g_assert_cmpint(done->result, ==, TILL_TENDER_OK);
	} else {
		g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, fault));
		g_assert_null(done);
	}
	return done;
}

static TillReturnDeskAsked
ask_for(const TillReturnDeskFound *found, const TillReturnAsk *ask)
{
	return (TillReturnDeskAsked){
	    .sold = found->sold, .by = found->by, .asks = ask, .ask_count = 1};
}

static TillReturnAsk
one(gint64 milli, TillReturnCondition condition)
{
	return (TillReturnAsk){.line = 1, .milli = milli, .condition = condition, .reason = reason};
}

static gint64
ask_stock(TillDeskFixture *desk, const char *code)
{
	g_autoptr(GError) error = NULL;
	TillRegisterFound *found = till_register_find(desk->reg, code, &error);
	g_assert_no_error(error);
	gint64 milli = found->item->stock_milli;
	till_register_found_free(found);
	return milli;
}

/* Piece by piece until nothing is left; stock and cash follow. */
static void
test_parts_add_up(void)
{
	TillDeskFixture *desk = open_desk();
	g_autofree char *receipt = sell(desk, "TEE-1", 3000);
	gint64 given = 0;
	g_assert_cmpint(ask_stock(desk, "TEE-1"), ==, 7000);
	for (guint i = 0; i < 3; i++) {
		TillReturnDeskFound *found = find(desk, receipt);
		TillReturnAsk ask = one(1000, TILL_RETURN_NEW);
		TillReturnDeskAsked asked = ask_for(found, &ask);
		const TillReturnLine *line = g_ptr_array_index(found->lines, 0);
		g_assert_cmpint(found->source, ==, TILL_RETURN_DESK_JOURNAL);
		g_assert_cmpint(line->left_milli, ==, 3000 - 1000 * (gint64)i);
		g_assert_cmpstr(line->answer.row->id, ==, "R-3");
		TillReturnDeskDone *done = commit(desk, &asked, 2450, 0, NULL, NULL);
		given += done->cash_minor;
		g_assert_nonnull(strstr(done->receipt_text, "RETURN"));
		g_assert_nonnull(strstr(done->receipt_text, "R-3 Thirty days."));
		till_return_desk_done_free(done);
		till_return_desk_found_free(found);
	}
	g_assert_cmpint(given, ==, 7350);
	g_assert_cmpint(ask_stock(desk, "TEE-1"), ==, 10000);
	TillReturnDeskFound *found = find(desk, receipt);
	const TillReturnLine *line = g_ptr_array_index(found->lines, 0);
	g_assert_cmpint(line->left_milli, ==, 0);
	g_assert_nonnull(line->refusal);
	TillReturnAsk ask = one(1000, TILL_RETURN_NEW);
	TillReturnDeskAsked asked = ask_for(found, &ask);
	commit(desk, &asked, 2450, 0, NULL, "Nothing was recorded");
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

/* A screen that stood open while a colleague took the same goods back gives nothing twice. */
static void
test_an_old_answer_gives_nothing_twice(void)
{
	TillDeskFixture *desk = open_desk();
	g_autofree char *receipt = sell(desk, "TEE-1", 1000);
	TillReturnDeskFound *found = find(desk, receipt);
	TillReturnAsk ask = one(1000, TILL_RETURN_NEW);
	TillReturnDeskAsked asked = ask_for(found, &ask);
	till_return_desk_done_free(commit(desk, &asked, 2450, 0, NULL, NULL));
	commit(desk, &asked, 2450, 0, NULL, "Nothing was recorded");
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

static void
test_the_same_try_is_recorded_once(void)
{
	TillDeskFixture *desk = open_desk();
	g_autoptr(GError) error = NULL;
	g_autofree char *receipt = sell(desk, "TEE-1", 2000);
	TillReturnDeskFound *found = find(desk, receipt);
	TillReturnAsk ask = one(1000, TILL_RETURN_NEW);
	TillReturnDeskCommit wish = {.asked = ask_for(found, &ask),
				     .give_minor = 2450,
				     .staff_id = "s-2",
				     .txn = till_uuid_random()};
	wish.asked.as_credit = TRUE;
	TillReturnDeskDone *first = till_return_desk_commit(desk->reg, &wish, &error);
	g_assert_no_error(error);
	TillReturnDeskDone *second = till_return_desk_commit(desk->reg, &wish, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(first->receipt, ==, second->receipt);
	g_assert_cmpstr(first->receipt_text, ==, second->receipt_text);
	g_assert_cmpint(second->credit_minor, ==, 2450);
	g_assert_nonnull(strstr(second->receipt_text, "STORE CREDIT"));
	till_return_desk_done_free(first);
	till_return_desk_done_free(second);
	till_return_desk_found_free(found);
	found = find(desk, receipt);
	g_assert_cmpint(found->sold->back_milli[0], ==, 1000);
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

/* ---- A second person ---- */

static TillApprovalResult
approve(TillDeskFixture *desk, const char *source, gint64 give_minor, const char *who,
	const char *pin)
{
	g_autoptr(GError) error = NULL;
	TillReturnDeskApproval asked = {source, "R-2", give_minor, "s-2"};
	TillRegisterCredential credential = {who, pin, strlen(pin)};
	TillRegisterApproval *approval =
	    till_return_desk_approve(desk->reg, &asked, &credential, &error);
	g_assert_no_error(error);
	TillApprovalResult result = approval->result;
	till_register_approval_free(approval);
	return result;
}

static void
test_a_manager_approves_once(void)
{
	TillDeskFixture *desk = open_desk();
	g_autofree char *receipt = sell(desk, "TEE-1", 2000);
	TillReturnDeskFound *found = find(desk, receipt);
	TillReturnAsk ask = one(1000, TILL_RETURN_DAMAGED);
	TillReturnDeskAsked asked = ask_for(found, &ask);
	commit(desk, &asked, 2450, 0, NULL, "approve");
	commit(desk, &asked, 2450, 0, "s-1", "not on record");
	g_assert_cmpint(approve(desk, receipt, 2450, "s-2", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_SAME_PERSON);
	g_assert_cmpint(approve(desk, receipt, 2450, "s-3", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_BEYOND);
	g_assert_cmpint(approve(desk, receipt, 2450, "s-1", "9999"), ==, TILL_APPROVAL_WRONG);
	commit(desk, &asked, 2450, 0, "s-1", "not on record");
	g_assert_cmpint(approve(desk, receipt, 2449, "s-1", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_OK);
	commit(desk, &asked, 2450, 0, "s-1", "not on record");
	g_assert_cmpint(approve(desk, receipt, 2450, "s-1", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_OK);
	TillReturnDeskDone *done = commit(desk, &asked, 2450, 0, "s-1", NULL);
	g_assert_cmpstr(done->entry->approver_name, ==, "Ines Moreau");
	/* Damaged goods are not for sale. */
	g_assert_cmpint(ask_stock(desk, "TEE-1"), ==, 8000);
	till_return_desk_done_free(done);
	commit(desk, &asked, 2450, 0, "s-1", "not on record");
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

/* ---- Exchanges ---- */

static void
test_another_size_keeps_the_price(void)
{
	TillDeskFixture *desk = open_desk();
	g_autoptr(GError) error = NULL;
	g_autofree char *receipt = sell(desk, "TEE-1", 1000);
	TillReturnDeskFound *found = find(desk, receipt);
	TillReturnAsk ask = one(1000, TILL_RETURN_WORN);
	TillReturnDeskSwap swap = {0, "TEE-2"};
	TillReturnDeskAsked asked = ask_for(found, &ask);
	GPtrArray *others = till_return_desk_variants(desk->reg, "TEE-1", &error);
	g_assert_no_error(error);
	g_assert_cmpuint(others->len, ==, 1);
	g_ptr_array_unref(others);
	TillReturnDeskQuote *quote = till_return_desk_quote(desk->reg, &asked, &error);
	g_assert_no_error(error);
	g_assert_false(quote->may); /* worn goods bring no money */
	till_return_desk_quote_free(quote);
	asked.swaps = &swap;
	asked.swap_count = 1;
	swap.code = "PEAR";
	g_assert_null(till_return_desk_quote(desk->reg, &asked, &error));
	g_assert_error(error, TILL_ERROR, TILL_ERROR_INVALID);
	swap.code = "TEE-2";
	TillReturnDeskDone *done = commit(desk, &asked, 0, 0, NULL, NULL);
	g_assert_cmpint(done->entry->taken->total_minor, ==, 2450);
	g_assert_cmpuint(done->entry->swaps->len, ==, 1);
	g_assert_nonnull(strstr(done->code, "/R/"));
	/* What was taken may come back itself, at what was paid. */
	TillReturnDeskFound *again = find(desk, done->receipt);
	const TillPricedLine *line = g_ptr_array_index(again->sold->priced->lines, 0);
	g_assert_cmpstr(line->item->sku, ==, "TEE-2");
	TillReturnAsk back = one(1000, TILL_RETURN_NEW);
	TillReturnDeskAsked asked_again = ask_for(again, &back);
	TillReturnDeskDone *last = commit(desk, &asked_again, 2450, 0, NULL, NULL);
	g_assert_cmpint(last->cash_minor, ==, 2450);
	till_return_desk_done_free(last);
	till_return_desk_found_free(again);
	till_return_desk_done_free(done);
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

static void
test_goods_taken_are_paid_on_top(void)
{
	TillDeskFixture *desk = open_desk();
	g_autofree char *receipt = sell(desk, "TEE-1", 1000);
	TillReturnDeskFound *found = find(desk, receipt);
	TillReturnAsk ask = one(1000, TILL_RETURN_NEW);
	TillReturnDeskAsked asked = ask_for(found, &ask);
	g_autoptr(TillPriced) taken = price(desk, "TEE-2", 1000);
	asked.taken = taken;
	commit(desk, &asked, 0, 0, NULL, "have changed");
	TillReturnDeskDone *done = commit(desk, &asked, 0, 500, NULL, NULL);
	g_assert_cmpint(done->cash_minor, ==, 0);
	g_assert_nonnull(strstr(done->receipt_text, "EXCHANGE"));
	till_return_desk_done_free(done);
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

/* ---- By code ---- */

static void
test_a_receipt_of_another_till(void)
{
	TillDeskFixture *desk = open_desk();
	TillDeskFixture *other = open_desk();
	g_autoptr(GError) error = NULL;
	g_autofree char *receipt = sell(other, "TEE-1", 2000);
	g_autofree char *code = till_return_desk_code(other->reg, receipt, FALSE, &error);
	g_assert_no_error(error);
	/* Fixtures are enrolled alike, so this till takes the other's code for its own. */
	TillReturnDeskFound *found = find(desk, code);
	g_assert_null(found->sold);
	g_assert_nonnull(strstr(found->words, "not made by us"));
	till_return_desk_found_free(found);
	found = find(other, code);
	g_assert_nonnull(found->sold);
	g_assert_cmpint(found->by, ==, TILL_RETURN_BY_RECEIPT);
	till_return_desk_found_free(found);
	till_desk_fixture_free(other);
	till_desk_fixture_free(desk);
}

static void
test_a_gift_tells_nothing(void)
{
	TillDeskFixture *desk = open_desk();
	g_autoptr(GError) error = NULL;
	g_autofree char *receipt = sell(desk, "TEE-1", 1000);
	g_autofree char *text = till_return_desk_gift(desk->reg, receipt, 0, &error);
	g_assert_no_error(error);
	g_assert_nonnull(strstr(text, "Organic tee"));
	g_assert_null(strstr(text, "24.50"));
	g_autofree char *code = till_return_desk_code(desk->reg, receipt, TRUE, &error);
	TillReturnDeskFound *found = find(desk, code);
	g_assert_true(found->gift);
	g_assert_cmpint(found->by, ==, TILL_RETURN_BY_GIFT);
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

/* ---- Lists, and without a receipt ---- */

static void
test_several_sales_are_a_list(void)
{
	TillDeskFixture *desk = open_desk();
	g_autofree char *first = sell(desk, "TEE-1", 1000);
	TillReturnDeskFound *found = find(desk, "4006381333931");
	g_assert_nonnull(found->sold);
	g_assert_cmpint(found->by, ==, TILL_RETURN_BY_ORDER);
	till_return_desk_found_free(found);
	g_autofree char *second = sell(desk, "TEE-1", 2000);
	found = find(desk, "TEE-1");
	g_assert_null(found->sold);
	g_assert_cmpuint(found->hits->len, ==, 2);
	till_return_desk_found_free(found);
	found = find(desk, "014-02-ZZZ-000009");
	g_assert_null(found->sold);
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

static TillReturnDeskFound *
bring(TillDeskFixture *desk, const char *customer)
{
	g_autoptr(GError) error = NULL;
	TillReturnDeskGoods goods = {"TEE-1", 1000};
	TillReturnDeskBare bare = {&goods, 1, customer, FALSE};
	TillReturnDeskFound *found = till_return_desk_bare(desk->reg, &bare, &error);
	g_assert_no_error(error);
	return found;
}

static void
test_without_a_receipt_once(void)
{
	TillDeskFixture *desk = open_desk();
	TillReturnDeskFound *found = bring(desk, "");
	g_assert_null(found->sold);
	g_assert_nonnull(strstr(found->words, "known who"));
	till_return_desk_found_free(found);
	found = bring(desk, "c-1");
	g_assert_nonnull(found->sold);
	TillReturnAsk ask = one(1000, TILL_RETURN_NEW);
	TillReturnDeskAsked asked = ask_for(found, &ask);
	asked.customer_id = "c-1";
	TillReturnDeskDone *done = commit(desk, &asked, 2450, 0, NULL, NULL);
	g_assert_cmpint(done->credit_minor, ==, 2450);
	g_assert_cmpint(done->cash_minor, ==, 0);
	till_return_desk_done_free(done);
	till_return_desk_found_free(found);
	found = bring(desk, "c-1");
	g_assert_null(found->sold);
	g_assert_nonnull(strstr(found->words, "as often as may be"));
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

static void
test_offline_has_its_bound(void)
{
	TillDeskFixture *desk = open_desk();
	g_autoptr(GError) error = NULL;
	g_autofree char *receipt = sell(desk, "TEE-1", 3000);
	TillReturnDeskFound *found = find(desk, receipt);
	TillReturnAsk ask = one(3000, TILL_RETURN_NEW);
	TillReturnDeskAsked asked = ask_for(found, &ask);
	TillReturnDeskQuote *quote = till_return_desk_quote(desk->reg, &asked, &error);
	g_assert_no_error(error);
	g_assert_true(quote->may);
	till_return_desk_quote_free(quote);
	asked.offline = TRUE;
	quote = till_return_desk_quote(desk->reg, &asked, &error);
	g_assert_no_error(error);
	g_assert_false(quote->may);
	till_return_desk_quote_free(quote);
	till_return_desk_found_free(found);
	till_desk_fixture_free(desk);
}

int
main(int argc, char **argv)
{
	till_crypto_init();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/desk/return/parts-add-up", test_parts_add_up);
	g_test_add_func("/desk/return/an-old-answer-gives-nothing-twice",
			test_an_old_answer_gives_nothing_twice);
	g_test_add_func("/desk/return/the-same-try-is-recorded-once",
			test_the_same_try_is_recorded_once);
	g_test_add_func("/desk/return/a-manager-approves-once", test_a_manager_approves_once);
	g_test_add_func("/desk/return/another-size-keeps-the-price",
			test_another_size_keeps_the_price);
	g_test_add_func("/desk/return/goods-taken-are-paid-on-top",
			test_goods_taken_are_paid_on_top);
	g_test_add_func("/desk/return/a-receipt-of-another-till", test_a_receipt_of_another_till);
	g_test_add_func("/desk/return/a-gift-tells-nothing", test_a_gift_tells_nothing);
	g_test_add_func("/desk/return/several-sales-are-a-list", test_several_sales_are_a_list);
	g_test_add_func("/desk/return/without-a-receipt-once", test_without_a_receipt_once);
	g_test_add_func("/desk/return/offline-has-its-bound", test_offline_has_its_bound);
	return g_test_run();
}
