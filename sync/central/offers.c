/* SPDX-License-Identifier: Apache-2.0 */
#include "offers.h"

#include <string.h>

#include "exceptions.h"
#include "json.h"
#include "money.h"
#include "offer-book.h"
#include "offer-words.h"

/* What a key of the collections holds; longer names are no offer of ours. */
#define NAME_MAX_BYTES 64
/* No clock that a sale can be judged by is further off: ten years. */
#define OFFSET_MAX_MS G_GINT64_CONSTANT(315360000000)
/* So many other stores are told of a code that went around. */
#define STORES_TOLD_MAX 20

typedef enum { PROMOTION, COUPON, KINDS } Kind;

static const struct {
	const char *kind;       /* in offer_use */
	const char *collection; /* also the table */
	const char *key;        /* its first column */
	const char *sql;        /* what was counted before */
} kinds[KINDS] = {
    [PROMOTION] = {"promotion", "promotion_use", "promotion",
		   "SELECT uses, spent_minor FROM promotion_use "
		   "WHERE scope = 'chain' AND promotion = ?1 AND customer = ?2"},
    [COUPON] = {"coupon", "coupon_use", "code",
		"SELECT uses, 0 FROM coupon_use "
		"WHERE scope = 'chain' AND code = ?1 AND customer = ?2"},
};

typedef struct {
	Kind kind;
	char *name;
	char *customer; /* "": everybody */
	gint64 uses;
	gint64 spent_minor;
	gboolean moved; /* in this batch */
} Counter;

struct TillOffers {
	TillCentral *central; /* borrowed */
	TillChanges *store;   /* borrowed */
	const char *store_code;
	gint64 now_ms;
	GHashTable *counters; /* kind, customer and name as text → Counter */
	GPtrArray *moved;     /* of Counter, borrowed, in order of first use */
};

/* One offer of one sale on its way. */
typedef struct {
	TillOffers *offers;
	const TillEntry *entry;
	const TillSale *sale;
	const char *customer; /* "" */
	gint64 number;        /* of the chain's feed that the till knew; −1: unknown */
	gint64 early_ms;      /* the corrected time of the sale lies between these */
	gint64 late_ms;
	GPtrArray *codes;
} Case;

static void
free_counter(gpointer data)
{
	Counter *counter = data;

	g_free(counter->name);
	g_free(counter->customer);
	g_free(counter);
}

TillOffers *
till_offers_new(TillCentral *central, TillChanges *store, const char *store_code, gint64 now_ms)
{
	TillOffers *offers = g_new0(TillOffers, 1);

	offers->central = central;
	offers->store = store;
	offers->store_code = store_code;
	offers->now_ms = now_ms;
	offers->counters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_counter);
	offers->moved = g_ptr_array_new();
	return offers;
}

void
till_offers_free(TillOffers *offers)
{
	if (offers == NULL)
		return;
	g_ptr_array_unref(offers->moved);
	g_hash_table_unref(offers->counters);
	g_free(offers);
}

/* --- counting --- */

static Counter *
find_counter(TillOffers *offers, Kind kind, const char *name, const char *customer, GError **error)
{
	g_autofree char *key = g_strdup_printf("%d\x1f%s\x1f%s", (int)kind, customer, name);
	Counter *counter = g_hash_table_lookup(offers->counters, key);
	g_autoptr(GError) local = NULL;
	TillDbQuery *query;

	if (counter != NULL)
		return counter;
	counter = g_new0(Counter, 1);
	counter->kind = kind;
	counter->name = g_strdup(name);
	counter->customer = g_strdup(customer);
	query = till_db_query(offers->central->db, kinds[kind].sql);
	till_db_bind_text(query, 1, name);
	till_db_bind_text(query, 2, customer);
	if (till_db_step(query, &local)) {
		counter->uses = till_db_int(query, 0);
		counter->spent_minor = till_db_int(query, 1);
		till_db_reset(query);
	}
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		free_counter(counter);
		return NULL;
	}
	g_hash_table_insert(offers->counters, g_steal_pointer(&key), counter);
	return counter;
}

static gboolean
move_counter(TillOffers *offers, Kind kind, const char *name, const char *customer,
	     gint64 spent_minor, GError **error)
{
	Counter *counter = find_counter(offers, kind, name, customer, error);

	if (counter == NULL)
		return FALSE;
	counter->uses++;
	counter->spent_minor = MIN(counter->spent_minor + spent_minor, TILL_MONEY_MAX_MINOR);
	if (!counter->moved)
		g_ptr_array_add(offers->moved, counter);
	counter->moved = TRUE;
	return TRUE;
}

/* customer: "" where single customers are not counted. */
static gboolean
count_use(const Case *here, Kind kind, const char *name, const char *customer, gint64 spent_minor,
	  GError **error)
{
	TillOffers *offers = here->offers;
	TillDbQuery *query = till_db_query(
	    offers->central->db, "INSERT INTO offer_use (kind, name, txn, store_code, customer, "
				 "spent_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
				 "ON CONFLICT DO NOTHING");

	till_db_bind_text(query, 1, kinds[kind].kind);
	till_db_bind_text(query, 2, name);
	till_db_bind_blob(query, 3, here->entry->txn.bytes, sizeof here->entry->txn.bytes);
	till_db_bind_text(query, 4, offers->store_code);
	till_db_bind_text(query, 5, customer);
	till_db_bind_int(query, 6, spent_minor);
	if (!till_db_run(query, error))
		return FALSE;
	if (till_db_changes(offers->central->db) == 0)
		return TRUE;
	return move_counter(offers, kind, name, "", spent_minor, error) &&
	       (*customer == '\0' ||
		move_counter(offers, kind, name, customer, spent_minor, error));
}

static gboolean
put_counter(TillChanges *chain, const Counter *counter, GError **error)
{
	g_autoptr(json_t) row = json_object();

	json_object_set_new(row, kinds[counter->kind].key, json_string(counter->name));
	json_object_set_new(row, "customer", json_string(counter->customer));
	json_object_set_new(row, "uses", json_integer(counter->uses));
	if (counter->kind == PROMOTION)
		json_object_set_new(row, "spent_minor", json_integer(counter->spent_minor));
	return till_changes_put(chain, till_collection_find(kinds[counter->kind].collection), row,
				error);
}

gboolean
till_offers_finish(TillOffers *offers, GError **error)
{
	TillChanges chain;

	if (offers->moved->len == 0)
		return TRUE;
	if (!till_changes_open(offers->central->db, TILL_CHANGES_CHAIN, &chain, error))
		return FALSE;
	for (guint i = 0; i < offers->moved->len; i++) {
		if (!put_counter(&chain, g_ptr_array_index(offers->moved, i), error))
			return FALSE;
	}
	return till_changes_close(&chain, error);
}

/* --- judging --- */

static void
add_code(GPtrArray *codes, const char *code)
{
	if (!g_ptr_array_find_with_equal_func(codes, code, g_str_equal, NULL))
		g_ptr_array_add(codes, g_strdup(code));
}

/* In the other stores where this code was used before. */
static gboolean
tell_others(const Case *here, const char *code, const TillException *exception, GError **error)
{
	TillDbQuery *query =
	    till_db_query(here->offers->central->db,
			  "SELECT DISTINCT store_code FROM offer_use WHERE kind = 'coupon' AND "
			  "name = ?1 AND store_code <> ?2 ORDER BY store_code LIMIT ?3");
	g_autoptr(GPtrArray) stores = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	till_db_bind_text(query, 1, code);
	till_db_bind_text(query, 2, here->offers->store_code);
	till_db_bind_int(query, 3, STORES_TOLD_MAX);
	while (till_db_step(query, &local))
		g_ptr_array_add(stores, g_strdup(till_db_text(query, 0)));
	for (guint i = 0; local == NULL && i < stores->len; i++) {
		if (!till_exceptions_raise_for(here->offers->central->db,
					       g_ptr_array_index(stores, i), exception, error))
			return FALSE;
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* about: the promotion or the code. everywhere: also where the code was used before. */
static gboolean
raise_fault(const Case *here, TillOfferFault fault, const char *about, const char *name,
	    gint64 amount_minor, gboolean everywhere, GError **error)
{
	gboolean coupon = fault == TILL_OFFER_CODE_USES || fault == TILL_OFFER_CODE_CUSTOMER_USES;
	g_autofree char *amount = till_money_format(amount_minor, here->sale->priced->currency);
	TillOfferCase offer = {.fault = fault,
			       .receipt = here->sale->receipt,
			       .store = here->offers->store_code,
			       .name = name,
			       .amount = amount};
	g_autofree char *words = till_offer_words(&offer);
	char txn[TILL_UUID_TEXT];
	g_autofree char *subject =
	    g_strdup_printf("%s %s", till_uuid_format(&here->entry->txn, txn), about);
	TillException exception = {.code = coupon ? "COUPON_OVERUSED" : "PROMO_LATE",
				   .subject = subject,
				   .severity = TILL_EXCEPTION_WARNING,
				   .words = words,
				   .txn = txn,
				   .raised_ms = here->offers->now_ms};

	add_code(here->codes, exception.code);
	return till_exceptions_raise(here->offers->store, &exception, error) &&
	       (!everywhere || tell_others(here, about, &exception, error));
}

static TillOfferFault
judge_time(const Case *here, const TillPromo *promo)
{
	if (promo == NULL)
		return TILL_OFFER_GOOD;
	if (here->late_ms < promo->valid_from_ms)
		return TILL_OFFER_EARLY;
	if (promo->valid_to_ms > 0 && here->early_ms >= promo->valid_to_ms)
		return TILL_OFFER_ENDED;
	return TILL_OFFER_GOOD;
}

/* After the sale was counted. inout_amount: what came off; then what came off too much. */
static gboolean
judge_limits(const Case *here, const TillPromo *promo, gint64 *inout_amount_minor,
	     TillOfferFault *out_fault, GError **error)
{
	const Counter *all = find_counter(here->offers, PROMOTION, promo->id, "", error);
	const Counter *own = all;

	*out_fault = TILL_OFFER_GOOD;
	if (all != NULL && *here->customer != '\0')
		own = find_counter(here->offers, PROMOTION, promo->id, here->customer, error);
	if (all == NULL || own == NULL)
		return FALSE;
	if (promo->uses > 0 && all->uses > promo->uses) {
		*out_fault = TILL_OFFER_USES;
	} else if (promo->uses_per_customer > 0 && own != all &&
		   own->uses > promo->uses_per_customer) {
		*out_fault = TILL_OFFER_CUSTOMER_USES;
	} else if (promo->budget_minor > 0 && all->spent_minor > promo->budget_minor) {
		*out_fault = TILL_OFFER_BUDGET;
		*inout_amount_minor =
		    MIN(*inout_amount_minor, all->spent_minor - promo->budget_minor);
	}
	return TRUE;
}

/* known: the promotion as the till had it. limits: as it is now, whose limits count. */
static gboolean
take_promotion(const Case *here, const TillPricedDiscount *discount, const TillPromo *known,
	       const TillPromo *limits, GError **error)
{
	gboolean by_customer = limits->uses_per_customer > 0;
	gboolean counted = by_customer || limits->uses > 0 || limits->budget_minor > 0;
	gint64 amount = discount->amount_minor;
	TillOfferFault fault = TILL_OFFER_GOOD;

	if (counted && (!count_use(here, PROMOTION, limits->id, by_customer ? here->customer : "",
				   amount, error) ||
			!judge_limits(here, limits, &amount, &fault, error)))
		return FALSE;
	if (judge_time(here, known) != TILL_OFFER_GOOD) {
		fault = judge_time(here, known);
		amount = discount->amount_minor;
	}
	return fault == TILL_OFFER_GOOD ||
	       raise_fault(here, fault, limits->id, discount->name, amount, FALSE, error);
}

static gboolean
take_coupon(const Case *here, const TillPricedDiscount *discount, const TillPromo *limits,
	    GError **error)
{
	const char *code = discount->code;
	gboolean by_customer = limits->code_uses_per_customer > 0 && *here->customer != '\0';
	const Counter *all;
	const Counter *own = NULL;

	if (*code == '\0' || strlen(code) > NAME_MAX_BYTES ||
	    (limits->code_uses == 0 && !by_customer))
		return TRUE;
	if (!count_use(here, COUPON, code, by_customer ? here->customer : "",
		       discount->amount_minor, error))
		return FALSE;
	all = find_counter(here->offers, COUPON, code, "", error);
	if (all != NULL && by_customer)
		own = find_counter(here->offers, COUPON, code, here->customer, error);
	if (all == NULL || (by_customer && own == NULL))
		return FALSE;
	if (limits->code_uses > 0 && all->uses > limits->code_uses)
		return raise_fault(here, TILL_OFFER_CODE_USES, code, code, discount->amount_minor,
				   limits->code_uses == 1, error);
	if (by_customer && own->uses > limits->code_uses_per_customer)
		return raise_fault(here, TILL_OFFER_CODE_CUSTOMER_USES, code, code,
				   discount->amount_minor, FALSE, error);
	return TRUE;
}

static gboolean
take_discount(const Case *here, const TillPricedDiscount *discount, GError **error)
{
	TillOfferBook *book = here->offers->central->offer_book;
	TillDb *db = here->offers->central->db;
	g_autoptr(TillPromo) known = NULL;
	const TillPromo *limits;
	g_autoptr(GError) local = NULL;

	if (strlen(discount->promotion) > NAME_MAX_BYTES ||
	    g_str_has_prefix(discount->promotion, TILL_PRICE_MANUAL_PREFIX))
		return TRUE;
	if (here->number >= 0) {
		const TillPromo *found =
		    till_offer_book_at(book, db, discount->promotion, here->number, &local);
		known = found != NULL ? till_promo_ref(found) : NULL;
	}
	limits = local == NULL ? till_offer_book_now(book, db, discount->promotion, &local) : NULL;
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (known == NULL && limits != NULL && here->number < 0)
		known = till_promo_ref(limits);
	if (limits == NULL)
		limits = known;
	return limits == NULL || (take_promotion(here, discount, known, limits, error) &&
				  take_coupon(here, discount, limits, error));
}

/* The moment the till priced at, put right by what it knew of its clock. */
static void
correct_time(Case *here)
{
	const TillEntryClock *clock = &here->entry->clock;
	const TillPriceContext *context = here->sale->priced->context;
	gint64 at_ms =
	    context != NULL ? till_price_context_moment(context)->now_ms : here->sale->closed_ms;
	gint64 offset_ms = CLAMP(clock->offset_ms, -OFFSET_MAX_MS, OFFSET_MAX_MS);
	gint64 uncertainty_ms = CLAMP(clock->uncertainty_ms, (gint64)0, OFFSET_MAX_MS);

	here->early_ms = at_ms + offset_ms - uncertainty_ms;
	here->late_ms = at_ms + offset_ms + uncertainty_ms;
}

gboolean
till_offers_sale(TillOffers *offers, const TillEntry *entry, const TillSale *sale, GPtrArray *codes,
		 GError **error)
{
	const TillPriceContext *context = sale->priced->context;
	Case here = {.offers = offers,
		     .entry = entry,
		     .sale = sale,
		     .customer = "",
		     .number = -1,
		     .codes = codes};

	if (context != NULL) {
		const TillCustomer *customer = till_price_context_shopper(context)->customer;
		const char *cursor = till_price_context_moment(context)->chain_cursor;
		if (customer != NULL && strlen(customer->id) <= NAME_MAX_BYTES)
			here.customer = customer->id;
		if (!till_central_read_cursor(offers->central, cursor, &here.number))
			here.number = -1;
	}
	correct_time(&here);
	for (guint i = 0; i < sale->priced->discounts->len; i++) {
		if (!take_discount(&here,
				   &g_array_index(sale->priced->discounts, TillPricedDiscount, i),
				   error))
			return FALSE;
	}
	return TRUE;
}
