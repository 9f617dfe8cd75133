/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "desk-fixture.h"
#include "error.h"
#include "json.h"

/* Ines (s-1) is manager, Dan (s-2) and Eve (s-3) are associates, Kim (s-4) works at the curb; all
 * with the same PIN. An associate may take off 10 % and 20.00. */

static char *
write_staff(const char *id, const char *name, const char *role)
{
	g_autofree char *hash =
	    till_crypto_pin_hash_light(TILL_DESK_FIXTURE_PIN, strlen(TILL_DESK_FIXTURE_PIN));
	return g_strdup_printf(
	    "{\"id\":\"%s\",\"name\":\"%s\",\"role\":\"%s\",\"pin_hash\":\"%s\"}", id, name, role,
	    hash);
}

static void
add_staff(TillStore *store, TillFixture *fixture)
{
	(void)fixture;
	g_autofree char *dan = write_staff("s-2", "Dan Okafor", "associate");
	g_autofree char *eve = write_staff("s-3", "Eve Lund", "associate");
	g_autofree char *kim = write_staff("s-4", "Kim Sato", "curbside");
	const char *const page[] = {"staff", "s-2",   dan,   "staff", "s-3",
				    eve,     "staff", "s-4", kim,     NULL};
	till_fixture_feed(store, "store:014", page);
}

static TillDeskFixture *
open_desk(void)
{
	TillDeskFixture *desk = till_desk_fixture_new();
	till_fixture_do(desk->fixture, add_staff);
	return desk;
}

static TillRegisterOverride
make_request(TillManualKind kind, gint64 value, const char *staff, gint64 paid_minor)
{
	static char reason[] = "stain";
	return (TillRegisterOverride){
	    .sku = "TEE-1",
	    .line_id = 1,
	    .manual = {.kind = kind,
		       .value = value,
		       .reason = reason,
		       .staff = (char *)(guintptr)staff},
	    .list_minor = 2450,
	    .paid_minor = paid_minor,
	};
}

static TillApprovalResult
approve(TillDeskFixture *desk, const TillRegisterOverride *asked, const char *who, const char *pin)
{
	GError *error = NULL;
	const TillRegisterCredential credential = {who, pin, strlen(pin)};
	TillRegisterApproval *approval =
	    till_register_approve(desk->reg, asked, &credential, &error);
	g_assert_no_error(error);
	TillApprovalResult result = approval->result;
	g_assert_cmpstr(approval->approved_by, ==, result == TILL_APPROVAL_OK ? who : "");
	g_assert_cmpuint(strlen(approval->words), >, 10);
	till_register_approval_free(approval);
	return result;
}

/* ---- on record ---- */

typedef struct {
	GPtrArray *bodies; /* of json_t, newest first */
} Overrides;

static Overrides overrides;

static void
read_overrides(TillStore *store, TillFixture *fixture)
{
	GError *error = NULL;
	(void)fixture;
	g_autoptr(GPtrArray) entries = till_journal_overrides(store, 50, &error);
	g_assert_no_error(error);
	overrides.bodies = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
	for (guint i = 0; i < entries->len; i++) {
		const TillEntry *entry = g_ptr_array_index(entries, i);
		gsize size;
		const char *text = g_bytes_get_data(entry->body, &size);
		g_assert_cmpstr(entry->type, ==, "override");
		g_ptr_array_add(overrides.bodies, json_loadb(text, size, 0, NULL));
	}
}

static const char *
text_of(guint index, const char *key)
{
	const json_t *body = g_ptr_array_index(overrides.bodies, index);
	return json_string_value(json_object_get(body, key));
}

static void
test_every_answer_is_on_record(void)
{
	TillDeskFixture *desk = open_desk();
	TillRegisterOverride asked = make_request(TILL_MANUAL_PERCENT, 250000, "s-2", 1838);
	g_assert_cmpint(approve(desk, &asked, "s-1", "1111"), ==, TILL_APPROVAL_WRONG);
	g_assert_cmpint(approve(desk, &asked, "s-2", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_SAME_PERSON);
	g_assert_cmpint(approve(desk, &asked, "s-3", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_BEYOND);
	g_assert_cmpint(approve(desk, &asked, "s-1", TILL_DESK_FIXTURE_PIN), ==, TILL_APPROVAL_OK);
	till_fixture_do(desk->fixture, read_overrides);
	g_assert_cmpuint(overrides.bodies->len, ==, 4);
	g_assert_null(text_of(0, "refused"));
	g_assert_cmpstr(text_of(0, "approved_by"), ==, "s-1");
	g_assert_cmpstr(text_of(0, "staff"), ==, "s-2");
	g_assert_cmpstr(text_of(0, "what"), ==, "percent");
	g_assert_cmpstr(text_of(0, "sku"), ==, "TEE-1");
	g_assert_cmpstr(text_of(0, "reason"), ==, "stain");
	const json_t *newest = g_ptr_array_index(overrides.bodies, 0);
	g_assert_cmpint(json_integer_value(json_object_get(newest, "list_minor")), ==, 2450);
	g_assert_cmpint(json_integer_value(json_object_get(newest, "paid_minor")), ==, 1838);
	g_assert_cmpint(json_integer_value(json_object_get(newest, "value")), ==, 250000);
	g_assert_cmpstr(text_of(1, "refused"), ==, "beyond");
	g_assert_cmpstr(text_of(1, "asked"), ==, "s-3");
	g_assert_null(text_of(1, "approved_by"));
	g_assert_cmpstr(text_of(2, "refused"), ==, "same_person");
	g_assert_cmpstr(text_of(3, "refused"), ==, "wrong_pin");
	g_clear_pointer(&overrides.bodies, g_ptr_array_unref);
	till_desk_fixture_free(desk);
}

static void
test_wrong_pins_lock(void)
{
	TillDeskFixture *desk = open_desk();
	TillRegisterOverride asked = make_request(TILL_MANUAL_PRICE, 100, "s-2", 100);
	g_assert_cmpint(approve(desk, &asked, "s-1", "1111"), ==, TILL_APPROVAL_WRONG);
	g_assert_cmpint(approve(desk, &asked, "s-1", "123456789"), ==, TILL_APPROVAL_WRONG);
	g_assert_cmpint(approve(desk, &asked, "s-1", ""), ==, TILL_APPROVAL_LOCKED);
	/* Waiting is no answer, and the right PIN must wait as well. */
	g_assert_cmpint(approve(desk, &asked, "s-1", TILL_DESK_FIXTURE_PIN), ==,
			TILL_APPROVAL_LOCKED);
	till_fixture_do(desk->fixture, read_overrides);
	g_assert_cmpuint(overrides.bodies->len, ==, 3);
	g_clear_pointer(&overrides.bodies, g_ptr_array_unref);
	till_test_clock_advance(&desk->fixture->clock, till_staff_lockout_ms(3));
	g_assert_cmpint(approve(desk, &asked, "s-1", TILL_DESK_FIXTURE_PIN), ==, TILL_APPROVAL_OK);
	/* A right PIN begins the count anew. */
	g_assert_cmpint(approve(desk, &asked, "s-1", "1111"), ==, TILL_APPROVAL_WRONG);
	till_desk_fixture_free(desk);
}

static void
test_nobody_and_nothing(void)
{
	TillDeskFixture *desk = open_desk();
	GError *error = NULL;
	TillRegisterOverride asked = make_request(TILL_MANUAL_PRICE, 100, "s-2", 100);
	const TillRegisterCredential stranger = {"s-9", "2468", 4};
	g_assert_null(till_register_approve(desk->reg, &asked, &stranger, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "no longer works");
	const TillRegisterCredential ines = {"s-1", "2468", 4};
	asked.manual.staff = NULL;
	g_assert_null(till_register_approve(desk->reg, &asked, &ines, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "by whom");
	asked = make_request(TILL_MANUAL_NONE, 0, "s-2", 2450);
	g_assert_null(till_register_approve(desk->reg, &asked, &ines, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, "nothing was asked");
	till_desk_fixture_free(desk);
}

static void
approved_cb(TillRegisterApproval *approval, const GError *error, gpointer user)
{
	gboolean *done = user;
	g_assert_no_error(error);
	g_assert_cmpint(approval->result, ==, TILL_APPROVAL_OK);
	g_assert_cmpstr(approval->approver_name, ==, "Ines Moreau");
	till_register_approval_free(approval);
	*done = TRUE;
}

static void
test_the_screen_is_answered_later(void)
{
	TillDeskFixture *desk = open_desk();
	gboolean done = FALSE;
	TillRegisterOverride asked = make_request(TILL_MANUAL_AMOUNT, 1000, "s-2", 1450);
	const TillRegisterCredential ines = {"s-1", TILL_DESK_FIXTURE_PIN, 4};
	till_register_approve_async(desk->reg, &asked, &ines, NULL, approved_cb, &done);
	g_assert_false(done);
	till_test_wait(&done);
	till_desk_fixture_free(desk);
}

/* ---- selling ---- */

static TillRegisterSold *
sell(TillDeskFixture *desk, const TillManual *manual, gint64 pieces, GError **error)
{
	GError *failure = NULL;
	TillRegisterShop *shop = till_register_shop(desk->reg, &failure);
	TillRegisterFound *found = till_register_find(desk->reg, "TEE-1", &failure);
	g_assert_no_error(failure);
	g_autoptr(TillBasket) basket = till_basket_new();
	guint line;
	g_assert_cmpint(till_basket_add(basket, found->item, "", pieces * 1000, &line), ==,
			TILL_BASKET_OK);
	g_assert_cmpint(till_basket_set_manual(basket, line, manual), ==, TILL_BASKET_OK);
	TillTender tender = {.kind = TILL_TENDER_CASH, .tendered_minor = 100000};
	TillRegisterPayment payment = {
	    .tenders = &tender, .tender_count = 1, .staff_id = "s-2", .staff_name = "Dan"};
	payment.priced = till_register_price(desk->reg, shop, basket, &failure);
	g_assert_no_error(failure);
	TillRegisterSold *sold = till_register_sell(desk->reg, &payment, error);
	till_register_found_free(found);
	till_register_shop_free(shop);
	return sold;
}

static void
assert_sold(TillDeskFixture *desk, const TillManual *manual, gint64 pieces, gint64 total_minor)
{
	GError *error = NULL;
	TillRegisterSold *sold = sell(desk, manual, pieces, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sold->sale->priced->total_minor, ==, total_minor);
	till_register_sold_free(sold);
}

static void
assert_refused(TillDeskFixture *desk, const TillManual *manual, gint64 pieces, const char *words)
{
	GError *error = NULL;
	g_assert_null(sell(desk, manual, pieces, &error));
	till_test_assert_error(error, TILL_ERROR_INVALID, words);
}

static TillManual
make_manual(TillManualKind kind, gint64 value, const char *staff, const char *approved_by)
{
	static char reason[] = "stain";
	return (TillManual){
	    kind, value, 0, reason, (char *)(guintptr)staff, (char *)(guintptr)approved_by};
}

static void
test_limits_hold_at_the_desk(void)
{
	TillDeskFixture *desk = open_desk();
	TillManual ten = make_manual(TILL_MANUAL_PERCENT, 100000, "s-2", "");
	TillManual more = make_manual(TILL_MANUAL_PERCENT, 100001, "s-2", "");
	TillManual lower = make_manual(TILL_MANUAL_PRICE, 2000, "s-2", "");
	TillManual higher = make_manual(TILL_MANUAL_PRICE, 3000, "s-4", "");
	TillManual curb = make_manual(TILL_MANUAL_AMOUNT, 1, "s-4", "");
	TillManual manager = make_manual(TILL_MANUAL_PERCENT, 1000000, "s-1", "");
	TillManual stranger = make_manual(TILL_MANUAL_AMOUNT, 1, "s-9", "");
	TillManual nobody = make_manual(TILL_MANUAL_AMOUNT, 1, NULL, NULL);
	assert_sold(desk, &ten, 1, 2205);
	assert_refused(desk, &more, 10, "ask a second person");
	assert_refused(desk, &lower, 1, "Line 1 (TEE-1)");
	/* 10 % of nine tees are 22.05: within the percentage, beyond the amount. */
	assert_refused(desk, &ten, 9, "by more than its seller may");
	assert_sold(desk, &higher, 1, 3000);
	assert_refused(desk, &curb, 1, "by more than its seller may");
	assert_sold(desk, &manager, 1, 0);
	assert_refused(desk, &stranger, 1, "nobody who works here");
	assert_refused(desk, &nobody, 1, "nobody who works here");
	till_desk_fixture_free(desk);
}

static void
test_an_approval_must_be_on_record(void)
{
	TillDeskFixture *desk = open_desk();
	TillManual quarter = make_manual(TILL_MANUAL_PERCENT, 250000, "s-2", "s-1");
	TillManual third = make_manual(TILL_MANUAL_PERCENT, 300000, "s-2", "s-1");
	TillManual own = make_manual(TILL_MANUAL_PERCENT, 250000, "s-2", "s-2");
	TillManual equal = make_manual(TILL_MANUAL_PERCENT, 250000, "s-2", "s-3");
	TillManual other = make_manual(TILL_MANUAL_PERCENT, 250000, "s-3", "s-1");
	TillRegisterOverride asked = make_request(TILL_MANUAL_PERCENT, 250000, "s-2", 1838);
	/* An id alone approves nothing. */
	assert_refused(desk, &quarter, 1, "not on record");
	g_assert_cmpint(approve(desk, &asked, "s-1", "1111"), ==, TILL_APPROVAL_WRONG);
	assert_refused(desk, &quarter, 1, "not on record");
	g_assert_cmpint(approve(desk, &asked, "s-1", TILL_DESK_FIXTURE_PIN), ==, TILL_APPROVAL_OK);
	assert_sold(desk, &quarter, 1, 1837);
	assert_sold(desk, &quarter, 3, 5512);
	/* Neither for more, nor for a colleague, nor by oneself or an equal. */
	assert_refused(desk, &third, 1, "not on record");
	assert_refused(desk, &other, 1, "not on record");
	assert_refused(desk, &own, 1, "may not go so far either");
	assert_refused(desk, &equal, 1, "may not go so far either");
	till_register_free(desk->reg);
	till_fixture_close(desk->fixture);
	till_desk_fixture_open(desk);
	assert_sold(desk, &quarter, 1, 1837);
	till_desk_fixture_free(desk);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	till_crypto_init();
	g_test_add_func("/desk/approve/every-answer-is-on-record", test_every_answer_is_on_record);
	g_test_add_func("/desk/approve/wrong-pins-lock", test_wrong_pins_lock);
	g_test_add_func("/desk/approve/nobody-and-nothing", test_nobody_and_nothing);
	g_test_add_func("/desk/approve/the-screen-is-answered-later",
			test_the_screen_is_answered_later);
	g_test_add_func("/desk/approve/limits-hold-at-the-desk", test_limits_hold_at_the_desk);
	g_test_add_func("/desk/approve/an-approval-must-be-on-record",
			test_an_approval_must_be_on_record);
	return g_test_run();
}
