/* SPDX-License-Identifier: Apache-2.0 */
#include "cart-desk.h"

#include "cart-shelf.h"
#include "error.h"
#include "money.h"
#include "quantity.h"
#include "register-private.h"

typedef struct {
	char *text;         /* a customer or a cart; owned */
	TillCartStep *step; /* to be written; owned; nullable */
	TillCart *before;   /* owned; nullable */
	gpointer answer;    /* owned until handed over */
	GDestroyNotify free_answer;
	GCallback cb;
	gpointer user;
} CartJob;

static void
free_job(gpointer data)
{
	CartJob *job = data;

	g_free(job->text);
	till_cart_step_free(job->step);
	till_cart_free(job->before);
	if (job->answer != NULL)
		job->free_answer(job->answer);
	g_free(job);
}

static CartJob *
make_job(const char *text, TillCartStep *step, GDestroyNotify free_answer)
{
	CartJob *job = g_new0(CartJob, 1);

	job->text = g_strdup(text);
	job->step = step;
	job->free_answer = free_answer;
	return job;
}

/* The answer, or NULL with error. Frees the job. */
static gboolean
call(TillRegister *reg, CartJob *job, TillWorkerRun run, gpointer *out, GError **error)
{
	gboolean done = till_worker_call(till_store_worker(reg->store), run, job, error);

	if (out != NULL)
		*out = done ? g_steal_pointer(&job->answer) : NULL;
	free_job(job);
	return done;
}

static void
post(TillRegister *reg, CartJob *job, TillWorkerRun run, gpointer receiver, TillWorkerDone done)
{
	till_worker_post(till_store_worker(reg->store), run, job, free_job, receiver, done, NULL);
}

static void
free_array(gpointer data)
{
	g_ptr_array_unref(data);
}

/* ---- Finding ---- */

void
till_cart_desk_found_free(gpointer found)
{
	TillCartFound *self = found;

	if (self == NULL)
		return;
	g_free(self->id);
	g_free(self->customer);
	g_free(self->channel);
	g_free(self->place);
	till_cart_free(self->cart);
	g_free(self);
}

static guint
count_items(const TillCart *cart)
{
	guint items = 0;

	for (guint i = 0; i < cart->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(cart->lines, i);
		items += line->quantity_milli % TILL_QUANTITY_ONE == 0
			     ? (guint)(line->quantity_milli / TILL_QUANTITY_ONE)
			     : 1;
	}
	return items;
}

static TillCartFound *
make_found(TillShelfCart *from, const char *own_place)
{
	TillCartFound *found = g_new0(TillCartFound, 1);

	found->id = g_steal_pointer(&from->id);
	found->customer = g_steal_pointer(&from->customer);
	found->channel = g_steal_pointer(&from->channel);
	found->place = g_strdup(g_str_equal(from->place, own_place) ? "" : from->place);
	found->version = from->version;
	found->updated_ms = from->updated_ms;
	found->cart = g_steal_pointer(&from->cart);
	found->items = count_items(found->cart);
	return found;
}

static gboolean
run_find(gpointer owner, gpointer data, GError **error)
{
	CartJob *job = data;
	g_autoptr(TillIdentity) identity = till_identity_load(owner, error);

	if (identity == NULL)
		return FALSE;
	g_autoptr(GPtrArray) carts =
	    till_cart_shelf_of_customer(owner, job->text, TILL_CART_DESK_MAX, error);
	if (carts == NULL)
		return FALSE;
	g_autofree char *own =
	    g_strdup_printf("%s/%s", identity->store_code, identity->till_number);
	GPtrArray *found = g_ptr_array_new_with_free_func(till_cart_desk_found_free);
	job->answer = found;
	for (guint i = 0; i < carts->len; i++) {
		TillShelfCart *cart = g_ptr_array_index(carts, i);
		if (cart->cart->lines->len > 0)
			g_ptr_array_add(found, make_found(cart, own));
	}
	return TRUE;
}

GPtrArray *
till_cart_desk_find(TillRegister *reg, const char *customer, GError **error)
{
	gpointer found = NULL;

	return call(reg, make_job(customer, NULL, free_array), run_find, &found, error) ? found
											: NULL;
}

static void
found_cb(gpointer data, const GError *error, gpointer user)
{
	CartJob *job = data;

	(void)user;
	((TillCartFoundCb)job->cb)(error == NULL ? g_steal_pointer(&job->answer) : NULL, error,
				   job->user);
}

void
till_cart_desk_find_async(TillRegister *reg, const char *customer, gpointer receiver,
			  TillCartFoundCb cb, gpointer user)
{
	CartJob *job = make_job(customer, NULL, free_array);

	job->cb = G_CALLBACK(cb);
	job->user = user;
	post(reg, job, run_find, receiver, found_cb);
}

/* ---- Writing down what is done ---- */

static GBytes *
build_step(const TillEntry *stamp, gpointer user, GError **error)
{
	TillCartStep *step = user;

	step->at_ms = stamp->clock.wall_ms;
	g_autoptr(GBytes) body = till_cart_step_to_bytes(step);
	g_autoptr(TillCartStep) read_back = till_cart_step_from_bytes(body, error);
	return read_back != NULL ? g_steal_pointer(&body) : NULL;
}

static gboolean
write_step(TillStore *store, TillCartStep *step, const TillShop *shop, GError **error)
{
	g_autoptr(TillIdentity) identity = till_identity_load(store, error);

	if (identity == NULL)
		return FALSE;
	g_free(step->store);
	step->store = g_strdup(identity->store_code);
	g_free(step->till);
	step->till = g_strdup(identity->till_number);
	g_autofree char *date = till_register_private_date(
	    till_clock_wall_ms(till_store_clock(store)), shop->time_zone);
	TillJournalDraft draft = {
	    .type = TILL_CART_TYPE,
	    .version = TILL_CART_VERSION,
	    .business_date = date,
	    .build = build_step,
	    .user = step,
	};
	g_autoptr(TillEntry) entry = till_journal_append(store, &draft, error);
	return entry != NULL;
}

static gboolean
run_write(gpointer owner, gpointer data, GError **error)
{
	CartJob *job = data;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);

	return shop != NULL && write_step(owner, job->step, shop, error);
}

static void
written_cb(gpointer data, const GError *error, gpointer user)
{
	CartJob *job = data;

	(void)user;
	((TillRegisterDoneCb)job->cb)(error, job->user);
}

static TillCartStep *
make_step(TillCartAction action, const char *cart, const TillCartBy *by)
{
	TillCartStep *step = till_cart_step_new(action);

	g_free(step->cart);
	step->cart = g_strdup(cart != NULL ? cart : "");
	g_free(step->staff_id);
	step->staff_id = g_strdup(by->staff_id);
	g_free(step->staff_name);
	step->staff_name = g_strdup(by->staff_name);
	return step;
}

/* ---- Bringing in ---- */

static void
free_taken(gpointer data)
{
	TillCartTaken *taken = data;

	till_item_unref(taken->item);
	g_free(taken->code);
	g_free(taken->in_cart);
	g_free(taken->note);
	g_free(taken);
}

static void
free_missing(gpointer data)
{
	TillCartLine *line = data;

	g_free(line->code);
	g_free(line->name);
	g_free(line->note);
	g_free(line);
}

void
till_cart_desk_brought_free(TillCartBrought *brought)
{
	if (brought == NULL)
		return;
	g_free(brought->id);
	g_free(brought->customer);
	g_clear_pointer(&brought->lines, g_ptr_array_unref);
	g_clear_pointer(&brought->coupons, g_ptr_array_unref);
	g_clear_pointer(&brought->changes, g_ptr_array_unref);
	g_clear_pointer(&brought->missing, g_ptr_array_unref);
	g_free(brought);
}

static void
add_missing(TillCartBrought *brought, const TillCartLine *line)
{
	TillCartLine *missing = g_new0(TillCartLine, 1);
	const char *name = *line->name != '\0' ? line->name : line->code;

	missing->code = g_strdup(line->code);
	missing->name = g_strdup(line->name);
	missing->note = g_strdup(line->note);
	missing->quantity_milli = line->quantity_milli;
	missing->seen_minor = line->seen_minor;
	g_ptr_array_add(brought->missing, missing);
	g_ptr_array_add(brought->changes, g_strdup_printf("%s is not sold here", name));
}

/* What a piece costs now against what the shopper saw. */
static void
compare_price(TillCartBrought *brought, const TillCartLine *line, const TillItem *item,
	      const TillCurrency *currency)
{
	gint64 more_minor = item->price_minor - line->seen_minor;
	g_autofree char *amount = till_money_format(ABS(more_minor), currency);

	if (line->seen_minor < 0 || more_minor == 0)
		return;
	g_ptr_array_add(brought->changes,
			g_strdup_printf("%s costs %s %s %s than when it was put in the cart",
					item->name, amount, currency->code,
					more_minor > 0 ? "more" : "less"));
}

static gboolean
take_line(TillStore *store, const TillCartLine *line, const TillShop *shop,
	  TillCartBrought *brought, GError **error)
{
	TillScan scan = till_scan_read(line->code);
	g_autoptr(TillItem) item = NULL;

	if (scan.kind != TILL_SCAN_REFUSED && !till_catalog_find(store, &scan, &item, error))
		return FALSE;
	if (item == NULL || !item->active || !item->has_price) {
		add_missing(brought, line);
		return TRUE;
	}
	compare_price(brought, line, item, shop->currency);
	TillCartTaken *taken = g_new0(TillCartTaken, 1);
	taken->item = g_steal_pointer(&item);
	taken->code = g_strdup(scan.text);
	taken->in_cart = g_strdup(line->code);
	taken->note = g_strdup(line->note);
	taken->quantity_milli = line->quantity_milli;
	taken->seen_minor = line->seen_minor;
	g_ptr_array_add(brought->lines, taken);
	return TRUE;
}

static gboolean
take_lines(TillStore *store, const TillCart *cart, const TillShop *shop, TillCartBrought *brought,
	   GError **error)
{
	brought->lines = g_ptr_array_new_with_free_func(free_taken);
	brought->coupons = g_ptr_array_new_with_free_func(g_free);
	brought->changes = g_ptr_array_new_with_free_func(g_free);
	brought->missing = g_ptr_array_new_with_free_func(free_missing);
	for (guint i = 0; i < cart->lines->len; i++) {
		if (!take_line(store, g_ptr_array_index(cart->lines, i), shop, brought, error))
			return FALSE;
	}
	for (guint i = 0; i < cart->coupons->len; i++)
		g_ptr_array_add(brought->coupons, g_strdup(g_ptr_array_index(cart->coupons, i)));
	return TRUE;
}

static gboolean
run_take(gpointer owner, gpointer data, GError **error)
{
	CartJob *job = data;
	g_autoptr(TillShelfCart) cart = NULL;
	g_autoptr(TillShop) shop = till_catalog_shop(owner, error);
	TillCartBrought *brought = g_new0(TillCartBrought, 1);

	job->answer = brought;
	if (shop == NULL || !till_cart_shelf_get(owner, job->step->cart, &cart, error))
		return FALSE;
	if (cart == NULL) {
		g_set_error_literal(error, TILL_ERROR, TILL_ERROR_NOT_FOUND,
				    "This cart is not open any more. Look the shopper up again.");
		return FALSE;
	}
	brought->id = g_strdup(cart->id);
	brought->customer = g_strdup(cart->customer);
	brought->version = cart->version;
	job->step->version = cart->version;
	return take_lines(owner, cart->cart, shop, brought, error) &&
	       write_step(owner, job->step, shop, error);
}

TillCartBrought *
till_cart_desk_take(TillRegister *reg, const char *cart, const TillCartBy *by, GError **error)
{
	gpointer brought = NULL;
	CartJob *job = make_job(cart, make_step(TILL_CART_TAKE, cart, by),
				(GDestroyNotify)till_cart_desk_brought_free);

	return call(reg, job, run_take, &brought, error) ? brought : NULL;
}

static void
brought_cb(gpointer data, const GError *error, gpointer user)
{
	CartJob *job = data;

	(void)user;
	((TillCartBroughtCb)job->cb)(error == NULL ? g_steal_pointer(&job->answer) : NULL, error,
				     job->user);
}

void
till_cart_desk_take_async(TillRegister *reg, const char *cart, const TillCartBy *by,
			  gpointer receiver, TillCartBroughtCb cb, gpointer user)
{
	CartJob *job = make_job(cart, make_step(TILL_CART_TAKE, cart, by),
				(GDestroyNotify)till_cart_desk_brought_free);

	job->cb = G_CALLBACK(cb);
	job->user = user;
	post(reg, job, run_take, receiver, brought_cb);
}

/* ---- Letting go, sending ---- */

gboolean
till_cart_desk_release(TillRegister *reg, const char *cart, const TillCartBy *by, GError **error)
{
	CartJob *job = make_job(cart, make_step(TILL_CART_RELEASE, cart, by), NULL);

	return call(reg, job, run_write, NULL, error);
}

void
till_cart_desk_release_async(TillRegister *reg, const char *cart, const TillCartBy *by,
			     gpointer receiver, TillRegisterDoneCb cb, gpointer user)
{
	CartJob *job = make_job(cart, make_step(TILL_CART_RELEASE, cart, by), NULL);

	job->cb = G_CALLBACK(cb);
	job->user = user;
	post(reg, job, run_write, receiver, written_cb);
}

static CartJob *
make_send(const TillCartParcel *parcel)
{
	TillCartStep *step = make_step(TILL_CART_SEND, parcel->cart, &parcel->by);

	g_free(step->customer);
	step->customer = g_strdup(parcel->customer);
	/* A copy of a cart fits as the cart did. */
	for (guint i = 0; i < parcel->lines->lines->len; i++) {
		if (!till_cart_add(step->lines, g_ptr_array_index(parcel->lines->lines, i)))
			g_assert_not_reached();
	}
	for (guint i = 0; i < parcel->lines->coupons->len; i++)
		g_ptr_array_add(step->lines->coupons,
				g_strdup(g_ptr_array_index(parcel->lines->coupons, i)));
	return make_job(parcel->customer, step, NULL);
}

gboolean
till_cart_desk_send(TillRegister *reg, const TillCartParcel *parcel, GError **error)
{
	return call(reg, make_send(parcel), run_write, NULL, error);
}

void
till_cart_desk_send_async(TillRegister *reg, const TillCartParcel *parcel, gpointer receiver,
			  TillRegisterDoneCb cb, gpointer user)
{
	CartJob *job = make_send(parcel);

	job->cb = G_CALLBACK(cb);
	job->user = user;
	post(reg, job, run_write, receiver, written_cb);
}

/* ---- What the shopper did meanwhile ---- */

static void
add_before(TillCart *before, const char *code, gint64 quantity_milli, const char *name)
{
	TillCartLine line = {(char *)(guintptr)code, quantity_milli, (char *)(guintptr)name, NULL,
			     -1};

	if (!till_cart_add(before, &line))
		g_message("Line %s of a cart is not compared; it does not fit.", code);
}

static CartJob *
make_changes(const TillCartBrought *brought)
{
	CartJob *job = make_job(brought->id, NULL, free_array);

	job->before = till_cart_new();
	for (guint i = 0; i < brought->lines->len; i++) {
		const TillCartTaken *taken = g_ptr_array_index(brought->lines, i);
		add_before(job->before, taken->in_cart, taken->quantity_milli, taken->item->name);
	}
	for (guint i = 0; i < brought->missing->len; i++) {
		const TillCartLine *line = g_ptr_array_index(brought->missing, i);
		add_before(job->before, line->code, line->quantity_milli, line->name);
	}
	return job;
}

static gboolean
run_changes(gpointer owner, gpointer data, GError **error)
{
	CartJob *job = data;
	g_autoptr(TillShelfCart) cart = NULL;

	if (!till_cart_shelf_get(owner, job->text, &cart, error))
		return FALSE;
	job->answer = till_cart_changes(job->before, cart != NULL ? cart->cart : job->before);
	return TRUE;
}

GPtrArray *
till_cart_desk_changes(TillRegister *reg, const TillCartBrought *brought, GError **error)
{
	gpointer changes = NULL;

	return call(reg, make_changes(brought), run_changes, &changes, error) ? changes : NULL;
}

static void
changes_cb(gpointer data, const GError *error, gpointer user)
{
	CartJob *job = data;

	(void)user;
	((TillCartChangesCb)job->cb)(error == NULL ? g_steal_pointer(&job->answer) : NULL, error,
				     job->user);
}

void
till_cart_desk_changes_async(TillRegister *reg, const TillCartBrought *brought, gpointer receiver,
			     TillCartChangesCb cb, gpointer user)
{
	CartJob *job = make_changes(brought);

	job->cb = G_CALLBACK(cb);
	job->user = user;
	post(reg, job, run_changes, receiver, changes_cb);
}
