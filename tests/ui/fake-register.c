/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-register-private.h"

#include <gio/gio.h>
#include <string.h>

#include "error.h"
#include "gtin.h"
#include "receipt.h"
#include "scan.h"
#include "text.h"

static FakeRegisterState state;
static GQueue held = G_QUEUE_INIT;

/* ---- answers that come later ---- */

static gboolean
answer_cb(gpointer data)
{
	Answer *answer = data;
	g_autoptr(GObject) receiver = NULL;

	if (state.hold) {
		g_queue_push_tail(&held, answer);
		return G_SOURCE_REMOVE;
	}
	receiver = g_weak_ref_get(&answer->receiver);
	if (receiver != NULL)
		answer->run(answer);
	g_weak_ref_clear(&answer->receiver);
	g_free(answer->text);
	g_free(answer);
	return G_SOURCE_REMOVE;
}

Answer *
fake_register_later(TillRegister *reg, gpointer receiver, GCallback cb, gpointer user,
		    void (*run)(Answer *))
{
	Answer *answer = g_new0(Answer, 1);

	g_weak_ref_init(&answer->receiver, receiver);
	answer->reg = reg;
	answer->cb = cb;
	answer->user = user;
	answer->run = run;
	g_idle_add_full(G_PRIORITY_DEFAULT, answer_cb, answer, NULL);
	return answer;
}

FakeRegisterState *
fake_register_state(void)
{
	return &state;
}

void
fake_register_reset(void)
{
	memset(&state, 0, sizeof state);
}

void
fake_register_release(void)
{
	Answer *answer;

	state.hold = FALSE;
	while ((answer = g_queue_pop_head(&held)) != NULL)
		answer_cb(answer);
}

/* ---- the shop ---- */

static const struct {
	const char *sku, *name, *variant, *category, *code, *unit, *tax_class;
	gint64 price_minor, stock_milli;
} stock[] = {
    {"4012-NVY-M", "Organic tee", "Navy / M", "Clothing/Tops", "4006381333931", "ea", "clothing",
     3900, 9000},
    {"7781", "Canvas tote", "", "Home/Bags", "5901234123457", "ea", "standard", 2490, 14000},
    {"5530-WHT-L", "Linen shirt", "White / L", "Clothing/Tops", "96385074", "ea", "clothing", 5900,
     1000},
    {"4409", "Honeycrisp apples", "", "Groceries/Fruit", "9520123456788", "kg", "zero", 469, 40000},
    {"6120", "Enamel mug", "Cream", "Home/Kitchen", "0012345678905", "ea", "standard", 1850, 2000},
    {"9001", "Olive oil soap", "Lavender", "Home/Bath", "4012345678901", "ea", "standard", 650,
     80000},
    {"8100", "Sourdough loaf", "", "Groceries/Bread", "2000000000008", "ea", "zero", 725, 0},
    {"3300", "Gift tin", "", "Home/Kitchen", "9780201379624", "ea", "standard", -1, 0},
};

static void
add_item(TillRegister *reg, guint i)
{
	TillItem *item = till_item_new();

	item->sku = g_strdup(stock[i].sku);
	item->name = g_strdup(stock[i].name);
	item->variant = g_strdup(stock[i].variant);
	item->style = g_strdup("");
	item->category = g_strdup(stock[i].category);
	item->tags = g_strdup("");
	item->brand = g_strdup("");
	item->unit = g_strdup(stock[i].unit);
	item->weighed = strcmp(stock[i].unit, "kg") == 0;
	item->tax_class = g_strdup(stock[i].tax_class);
	item->price_minor = stock[i].price_minor;
	item->has_price = stock[i].price_minor >= 0;
	item->price_list = g_strdup("base");
	item->stock_milli = stock[i].stock_milli;
	item->has_stock = TRUE;
	item->active = TRUE;
	g_ptr_array_add(reg->items, item);
}

TillRegister *
fake_register_new(void)
{
	TillRegister *reg = g_new0(TillRegister, 1);

	reg->items = g_ptr_array_new_with_free_func((GDestroyNotify)till_item_unref);
	reg->parked = g_ptr_array_new_with_free_func((GDestroyNotify)till_basket_free);
	reg->customers = g_ptr_array_new_with_free_func((GDestroyNotify)till_customer_unref);
	for (guint i = 0; i < G_N_ELEMENTS(stock); i++)
		add_item(reg, i);
	fake_register_add_customers(reg);
	return reg;
}

void
till_register_free(TillRegister *reg)
{
	if (reg == NULL)
		return;
	g_ptr_array_unref(reg->items);
	g_ptr_array_unref(reg->parked);
	g_ptr_array_unref(reg->customers);
	g_free(reg);
}

static TillItem *
find_item(TillRegister *reg, const char *code)
{
	TillScan scan = till_scan_read(code);
	char gtin14[TILL_GTIN_TEXT];

	for (guint i = 0; i < reg->items->len; i++)
		if (strcmp(code, stock[i].sku) == 0 ||
		    (till_gtin_normalise(stock[i].code, gtin14) == TILL_GTIN_OK &&
		     strcmp(scan.gtin14, gtin14) == 0))
			return till_item_ref(g_ptr_array_index(reg->items, i));
	return NULL;
}

void
till_register_shop_free(TillRegisterShop *shop)
{
	if (shop == NULL)
		return;
	till_price_rules_clear(&shop->rules);
	till_discount_policy_clear(&shop->discounts);
	g_free(shop->rules_trouble);
	g_free(shop->store_code);
	g_free(shop->store_name);
	g_free(shop->shop_name);
	g_free(shop->till_number);
	g_free(shop->terminal_id);
	g_free(shop->time_zone);
	g_free(shop);
}

/* ---- the shop ---- */

static void
run_shop(Answer *answer)
{
	TillRegisterShop *shop = g_new0(TillRegisterShop, 1);

	shop->store_code = g_strdup("014");
	shop->store_name = g_strdup("Harbour Street");
	shop->shop_name = g_strdup("Juniper & Rye");
	shop->till_number = g_strdup("02");
	shop->terminal_id = g_strdup("t-014-02");
	shop->time_zone = g_strdup("UTC");
	shop->currency = till_currency_find("USD");
	fake_register_fill_rules(&shop->rules);
	till_discount_policy_init(&shop->discounts, shop->currency);
	((TillRegisterShopCb)answer->cb)(shop, NULL, answer->user);
}

void
till_register_shop_async(TillRegister *reg, gpointer receiver, TillRegisterShopCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_shop);
}

/* ---- finding ---- */

void
till_register_found_free(TillRegisterFound *found)
{
	if (found == NULL)
		return;
	g_clear_pointer(&found->item, till_item_unref);
	g_free(found->text);
	g_free(found);
}

static void
run_find(Answer *answer)
{
	TillRegisterFound *found = g_new0(TillRegisterFound, 1);

	found->text = g_strdup(answer->text);
	found->item = find_item(answer->reg, answer->text);
	((TillRegisterFoundCb)answer->cb)(found, NULL, answer->user);
}

void
till_register_find_async(TillRegister *reg, const char *code, gpointer receiver,
			 TillRegisterFoundCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_find)->text = g_strdup(code);
}

static void
run_search(Answer *answer)
{
	GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)till_item_unref);
	g_autofree char *wanted = till_text_fold(answer->text);

	for (guint i = 0; i < answer->reg->items->len; i++) {
		TillItem *item = g_ptr_array_index(answer->reg->items, i);
		g_autofree char *title = till_item_title(item);
		g_autofree char *folded = till_text_fold(title);

		if (strstr(folded, wanted) != NULL)
			g_ptr_array_add(items, till_item_ref(item));
	}
	((TillRegisterItemsCb)answer->cb)(items, NULL, answer->user);
}

void
till_register_search_async(TillRegister *reg, const char *query, guint limit, gpointer receiver,
			   TillRegisterItemsCb cb, gpointer user)
{
	(void)limit;
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_search)->text =
	    g_strdup(query);
}

/* ---- selling ---- */

void
till_register_sold_free(TillRegisterSold *sold)
{
	if (sold == NULL)
		return;
	g_clear_pointer(&sold->sale, till_sale_free);
	g_free(sold->receipt);
	g_free(sold->receipt_text);
	g_free(sold);
}

static TillRegisterSold *
make_sold(const TillRegisterPayment *payment)
{
	TillRegisterSold *sold = g_new0(TillRegisterSold, 1);
	TillReceiptStyle style = {.shop_name = "Juniper & Rye",
				  .shop_address = "12 Harbour Street",
				  .tax_number = "",
				  .footer = "Thank you. See you soon.",
				  .local_time = "23 Nov 2026 14:32",
				  .columns = TILL_RECEIPT_COLUMNS};

	sold->sale = till_sale_new();
	sold->sale->priced = payment->priced;
	sold->sale->tender_count = payment->tender_count;
	memcpy(sold->sale->tenders, payment->tenders, payment->tender_count * sizeof(TillTender));
	TillTenderSettlement settlement = {0};
	sold->result =
	    till_tender_settle_rounded(payment->priced->total_minor, &payment->cash_rounding,
				       sold->sale->tenders, sold->sale->tender_count, &settlement);
	sold->change_minor = settlement.change_minor;
	sold->sale->rounding_minor = settlement.rounding_minor;
	sold->sale->change_minor = sold->change_minor;
	sold->sale->receipt = g_strdup_printf("014-02-K7Q-%06u", state.sales + 1);
	sold->sale->store = g_strdup("014");
	sold->sale->till = g_strdup("02");
	sold->sale->staff_id = g_strdup(payment->staff_id);
	sold->sale->staff_name = g_strdup(payment->staff_name);
	sold->sale->opened_ms = payment->opened_ms;
	sold->sale->closed_ms = FAKE_REGISTER_OPENED_MS;
	sold->receipt = g_strdup(sold->sale->receipt);
	sold->receipt_text = till_receipt_text(sold->sale, &style);
	return sold;
}

static void
note_approval(const TillPriced *priced)
{
	for (guint i = 0; i < priced->lines->len; i++) {
		const TillPricedLine *line = g_ptr_array_index(priced->lines, i);

		if (line->manual.kind != TILL_MANUAL_NONE)
			g_strlcpy(state.approved_by, line->manual.approved_by,
				  sizeof state.approved_by);
	}
}

static void
run_sell(Answer *answer)
{
	TillRegisterSold *sold = answer->data;
	g_autoptr(GError) error = NULL;

	if (state.sell_error != NULL) {
		till_register_sold_free(sold);
		error = g_error_new_literal(TILL_ERROR, TILL_ERROR_FULL, state.sell_error);
		((TillRegisterSoldCb)answer->cb)(NULL, error, answer->user);
		return;
	}
	state.sales++;
	state.tendered_minor = sold->sale->tenders[0].tendered_minor;
	state.lines = sold->sale->priced->lines->len;
	note_approval(sold->sale->priced);
	((TillRegisterSoldCb)answer->cb)(sold, NULL, answer->user);
}

void
till_register_sell_async(TillRegister *reg, TillRegisterPayment *payment, gpointer receiver,
			 TillRegisterSoldCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_sell)->data =
	    make_sold(payment);
}

/* ---- parking ---- */

void
till_register_parked_free(gpointer data)
{
	TillRegisterParked *parked = data;

	g_free(parked->id);
	g_free(parked->label);
	g_free(parked->staff_name);
	g_free(parked);
}

static TillBasket *
copy_basket(const TillBasket *basket)
{
	TillBasket *copy = till_basket_new();

	for (guint i = 0; i < till_basket_count(basket); i++) {
		const TillBasketLine *line = till_basket_line(basket, i);

		guint id;

		till_basket_add(copy, line->item, line->code, line->quantity_milli, &id);
		till_basket_set_embedded(copy, id, line->embedded_minor);
	}
	till_shopper_set(till_basket_shopper(copy), till_basket_get_shopper(basket));
	return copy;
}

static void
run_park(Answer *answer)
{
	g_ptr_array_add(answer->reg->parked, answer->data);
	((TillRegisterDoneCb)answer->cb)(NULL, answer->user);
}

void
till_register_park_async(TillRegister *reg, const TillRegisterParking *parking, gpointer receiver,
			 TillRegisterDoneCb cb, gpointer user)
{
	reg->parked_total = parking->total_minor;
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_park)->data =
	    copy_basket(parking->basket);
}

static void
run_parked(Answer *answer)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(till_register_parked_free);

	for (guint i = 0; i < answer->reg->parked->len; i++) {
		TillBasket *basket = g_ptr_array_index(answer->reg->parked, i);
		TillRegisterParked *row = g_new0(TillRegisterParked, 1);

		row->id = g_strdup_printf("p%u", i);
		row->label = till_item_title(till_basket_line(basket, 0)->item);
		row->staff_name = g_strdup("Ines Moreau");
		row->parked_ms = FAKE_REGISTER_OPENED_MS;
		row->line_count = till_basket_count(basket);
		row->total_minor = answer->reg->parked_total;
		g_ptr_array_add(rows, row);
	}
	((TillRegisterParkedCb)answer->cb)(rows, NULL, answer->user);
}

void
till_register_parked_async(TillRegister *reg, gpointer receiver, TillRegisterParkedCb cb,
			   gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_parked);
}

static void
run_recall(Answer *answer)
{
	guint index = (guint)(answer->text[1] - '0');
	TillBasket *basket = copy_basket(g_ptr_array_index(answer->reg->parked, index));

	g_ptr_array_remove_index(answer->reg->parked, index);
	((TillRegisterBasketCb)answer->cb)(basket, NULL, answer->user);
}

void
till_register_recall_async(TillRegister *reg, const char *id, gpointer receiver,
			   TillRegisterBasketCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_recall)->text = g_strdup(id);
}

/* ---- staff ---- */

void
till_register_person_free(gpointer data)
{
	TillRegisterPerson *person = data;

	g_free(person->id);
	g_free(person->name);
	g_free(person);
}

static void
run_people(Answer *answer)
{
	static const struct {
		const char *id, *name;
		TillRole role;
	} all[] = {
	    {"s1", "Ines Moreau", TILL_ROLE_ASSOCIATE},
	    {"s2", "Tomas Reyes", TILL_ROLE_MANAGER},
	    {"s3", "Omar Haddad", TILL_ROLE_CURBSIDE},
	    {"s4", "Amara Okonkwo-Lindqvist", TILL_ROLE_ASSOCIATE},
	};
	GPtrArray *people = g_ptr_array_new_with_free_func(till_register_person_free);

	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		TillRegisterPerson *person = g_new0(TillRegisterPerson, 1);

		person->id = g_strdup(all[i].id);
		person->name = g_strdup(all[i].name);
		person->role = all[i].role;
		g_ptr_array_add(people, person);
	}
	((TillRegisterPeopleCb)answer->cb)(people, NULL, answer->user);
}

void
till_register_people_async(TillRegister *reg, gpointer receiver, TillRegisterPeopleCb cb,
			   gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_people);
}

void
till_register_signin_free(TillRegisterSignin *signin)
{
	if (signin == NULL)
		return;
	g_free(signin->words);
	g_free(signin);
}

static void
run_signin(Answer *answer)
{
	TillRegisterSignin *signin = g_new0(TillRegisterSignin, 1);
	gboolean right =
	    strcmp(answer->text, "s1 1234") == 0 || strcmp(answer->text, "s2 4321") == 0;

	state.signins++;
	signin->result = right ? TILL_SIGNIN_OK : TILL_SIGNIN_WRONG;
	signin->words = g_strdup(right ? "" : "That PIN is not right. Try again.");
	((TillRegisterSigninCb)answer->cb)(signin, NULL, answer->user);
}

void
till_register_signin_async(TillRegister *reg, const char *staff_id, const char *pin, gsize length,
			   gpointer receiver, TillRegisterSigninCb cb, gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_signin)->text =
	    g_strdup_printf("%s %.*s", staff_id, (int)length, pin);
}

/* ---- books ---- */

void
till_register_entry_free(gpointer data)
{
	TillRegisterEntry *entry = data;

	g_free(entry->receipt);
	g_free(entry->type);
	g_free(entry->outcome);
	g_free(entry);
}

static void
free_exception(gpointer data)
{
	TillRegisterException *row = data;

	g_free(row->code);
	g_free(row->severity);
	g_free(row->words);
	g_free(row);
}

void
till_register_books_free(TillRegisterBooks *books)
{
	if (books == NULL)
		return;
	g_ptr_array_unref(books->waiting);
	g_ptr_array_unref(books->recent);
	g_ptr_array_unref(books->exceptions);
	g_free(books->trouble);
	g_free(books->home);
	g_free(books);
}

static void
add_entry(GPtrArray *entries, guint number, gboolean acknowledged)
{
	TillRegisterEntry *entry = g_new0(TillRegisterEntry, 1);

	entry->receipt = g_strdup_printf("014-02-K7Q-%06u", number);
	entry->type = g_strdup("sale");
	entry->outcome = g_strdup("");
	entry->total_minor = 2490 + 100 * (gint64)number;
	entry->wall_ms = FAKE_REGISTER_OPENED_MS - 60000 * (gint64)(20 - number);
	entry->acknowledged = acknowledged;
	g_ptr_array_add(entries, entry);
}

static void
run_books(Answer *answer)
{
	TillRegisterBooks *books = g_new0(TillRegisterBooks, 1);
	TillRegisterException *row = g_new0(TillRegisterException, 1);

	books->waiting = g_ptr_array_new_with_free_func(till_register_entry_free);
	books->recent = g_ptr_array_new_with_free_func(till_register_entry_free);
	books->exceptions = g_ptr_array_new_with_free_func(free_exception);
	for (guint i = 12; i <= 14; i++)
		add_entry(books->waiting, i, FALSE);
	for (guint i = 14; i > 8; i--)
		add_entry(books->recent, i, i < 12);
	row->code = g_strdup("oversold");
	row->severity = g_strdup("Check");
	row->words = g_strdup(
	    "Linen shirt — White / L was sold twice. Count the shelf and tell the web desk.");
	row->raised_ms = FAKE_REGISTER_OPENED_MS - 3600000;
	g_ptr_array_add(books->exceptions, row);
	books->trouble = g_strdup(state.trouble);
	books->home = g_strdup(state.home);
	((TillRegisterBooksCb)answer->cb)(books, NULL, answer->user);
}

void
till_register_books_async(TillRegister *reg, gpointer receiver, TillRegisterBooksCb cb,
			  gpointer user)
{
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_books);
}

static void
run_export(Answer *answer)
{
	((TillRegisterExportCb)answer->cb)("/media/stick/tillhouse-014-02.jsonl", 3, NULL,
					   answer->user);
}

void
till_register_export_async(TillRegister *reg, const char *directory, gpointer receiver,
			   TillRegisterExportCb cb, gpointer user)
{
	(void)directory;
	fake_register_later(reg, receiver, G_CALLBACK(cb), user, run_export);
}
