/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket.h"
#include "customer.h"
#include "discount-policy.h"
#include "entry.h"
#include "item.h"
#include "price.h"
#include "sale.h"
#include "staff.h"

/* The register: what a till can do, whether a person stands at a screen or a script at a pipe.
 *
 * A register belongs to an open store. Each use case is one call in two forms: the plain function
 * blocks (tillctl, tests), the _async one answers on the main context later and never blocks
 * (screens). Answers carry copies; nothing of the store is reachable through them. An answer whose
 * receiver (a GObject, nullable) is gone is dropped.
 *
 * Threads: those of the store's creator. */

G_BEGIN_DECLS

typedef struct TillStore TillStore;
typedef struct TillRegister TillRegister;

/* Borrowed store; it outlives the register. */
TillRegister *till_register_new(TillStore *store);
void till_register_free(TillRegister *reg);

/* ---- The shop, as the cache tells it ---- */

typedef struct {
	char *store_code;
	char *store_name;
	char *shop_name;
	char *till_number;
	char *terminal_id;
	char *time_zone;
	const TillCurrency *currency;
	TillPriceRules rules; /* as till_register_rules tells them, for nobody in particular */
	TillDiscountPolicy discounts; /* how far each role may go by hand, and the reasons */
	/* Promotions this release cannot read and so leaves out, in words; NULL: none. */
	char *rules_trouble;
	gint64 item_count;
	guint staff_count;
	guint parked_count;
	char *trouble; /* the store's sentence (a full disk), or NULL */
	char *home;    /* a warning about the place of the till's home, or NULL */
} TillRegisterShop;

void till_register_shop_free(TillRegisterShop *shop);
/* TILL_ERROR_STATE: not enrolled, or no snapshot yet; the sentence says what to do. */
TillRegisterShop *till_register_shop(TillRegister *reg, GError **error);
/* shop is given over to the callback (free it); error borrowed. */
typedef void (*TillRegisterShopCb)(TillRegisterShop *shop, const GError *error, gpointer user);
void till_register_shop_async(TillRegister *reg, gpointer receiver, TillRegisterShopCb cb,
			      gpointer user);

/* ---- What prices depend on ---- */

/* The rules of now: taxes, promotions, policy, and how often limited offers were used before, this
 * till's own sales counted in. Of coupons and single customers only the use that concerns the
 * shopper (nullable) is looked up. So they are read again when the customer or a coupon of a basket
 * changes, after each sale, and when the feed brought something; each reading is a few
 * milliseconds. The caller owns what out refers to (till_price_rules_clear). */
gboolean till_register_rules(TillRegister *reg, const TillShopper *shopper, TillPriceRules *out,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* rules are borrowed (till_price_rules_copy); NULL with error. */
typedef void (*TillRegisterRulesCb)(const TillPriceRules *rules, const GError *error,
				    gpointer user);
/* shopper is copied. */
void till_register_rules_async(TillRegister *reg, const TillShopper *shopper, gpointer receiver,
			       TillRegisterRulesCb cb, gpointer user);

/* Now, at this store's counter. Its texts are borrowed from shop. */
void till_register_moment(TillRegister *reg, const TillRegisterShop *shop, TillPriceMoment *out);
/* The basket's price for its shopper at this moment, by shop->rules. NULL with error as
 * till_price_for. */
TillPriced *till_register_price(TillRegister *reg, const TillRegisterShop *shop,
				const TillBasket *basket, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- Finding items ---- */

typedef struct {
	char *text;                /* the code as it is kept (scan.h); as asked when refused */
	gboolean refused;          /* not a code at all: empty, control characters, too long */
	TillItem *item;            /* owned; NULL: unknown code */
	TillVariableCode variable; /* the weight or price inside the code, if there is one */
} TillRegisterFound;

void till_register_found_free(TillRegisterFound *found);
TillRegisterFound *till_register_find(TillRegister *reg, const char *code, GError **error);
typedef void (*TillRegisterFoundCb)(TillRegisterFound *found, const GError *error, gpointer user);
void till_register_find_async(TillRegister *reg, const char *code, gpointer receiver,
			      TillRegisterFoundCb cb, gpointer user);

/* items: array of TillItem with reference, given over; best first. */
GPtrArray *till_register_search(TillRegister *reg, const char *query, guint limit, GError **error);
typedef void (*TillRegisterItemsCb)(GPtrArray *items, const GError *error, gpointer user);
void till_register_search_async(TillRegister *reg, const char *query, guint limit,
				gpointer receiver, TillRegisterItemsCb cb, gpointer user);

/* ---- Finding customers ---- */

#define TILL_REGISTER_CUSTOMERS_MAX 20

/* The customer of a scanned code: their id or the loyalty code on their card. NULL without error:
 * nobody has it. The caller owns the reference. */
TillCustomer *till_register_customer(TillRegister *reg, const char *code, GError **error);
/* customer is given over with its reference; NULL: nobody, or error. */
typedef void (*TillRegisterCustomerCb)(TillCustomer *customer, const GError *error, gpointer user);
void till_register_customer_async(TillRegister *reg, const char *code, gpointer receiver,
				  TillRegisterCustomerCb cb, gpointer user);

/* Customers by what a person types: id, loyalty code or mail in full; the last seven or more digits
 * of a phone number; beginnings of words of the name. At most TILL_REGISTER_CUSTOMERS_MAX. Array of
 * TillCustomer with reference, given over. */
GPtrArray *till_register_customers(TillRegister *reg, const char *query, GError **error);
typedef void (*TillRegisterCustomersCb)(GPtrArray *customers, const GError *error, gpointer user);
void till_register_customers_async(TillRegister *reg, const char *query, gpointer receiver,
				   TillRegisterCustomersCb cb, gpointer user);

/* ---- Changing a price by hand ---- */

/* What is asked of a second person. All copied. */
typedef struct {
	const char *sku;
	guint line_id;
	TillManual manual; /* kind, value and reason; staff: who asks; approved_by is not read */
	gint64 list_minor; /* the line before and after it: till_discount_policy_measure */
	gint64 paid_minor;
} TillRegisterOverride;

/* Who answers, and with what. All copied, the PIN into wiped memory. */
typedef struct {
	const char *staff_id;
	const char *pin;
	gsize length;
} TillRegisterCredential;

typedef enum {
	TILL_APPROVAL_OK,
	TILL_APPROVAL_WRONG,       /* wrong PIN */
	TILL_APPROVAL_LOCKED,      /* too many wrong PINs: wait_ms */
	TILL_APPROVAL_SAME_PERSON, /* nobody approves what they ask themselves */
	TILL_APPROVAL_BEYOND,      /* this person may not go so far either */
} TillApprovalResult;

typedef struct {
	TillApprovalResult result;
	gint64 wait_ms;
	char *words;         /* a sentence for the screen */
	char *approved_by;   /* id, for TillManual.approved_by; "" unless OK */
	char *approver_name; /* "" unless OK */
} TillRegisterApproval;

void till_register_approval_free(TillRegisterApproval *approval);
/* Whether this person lets it pass. Each answer but a wait is an "override" row of the journal,
 * refusals too. An approval counts for that change (kind and value) of that SKU by that person,
 * however many pieces there are at the end. error: nobody of that id works here, or the disk. */
TillRegisterApproval *till_register_approve(TillRegister *reg, const TillRegisterOverride *asked,
					    const TillRegisterCredential *credential,
					    GError **error);
/* approval is given over. */
typedef void (*TillRegisterApprovalCb)(TillRegisterApproval *approval, const GError *error,
				       gpointer user);
void till_register_approve_async(TillRegister *reg, const TillRegisterOverride *asked,
				 const TillRegisterCredential *credential, gpointer receiver,
				 TillRegisterApprovalCb cb, gpointer user);

/* ---- Selling ---- */

typedef struct {
	TillPriced *priced;        /* given over; prices as shown to the shopper */
	const TillTender *tenders; /* copied */
	gsize tender_count;
	TillCashRounding cash_rounding; /* of the rules it was priced by */
	const char *staff_id;
	const char *staff_name;
	gint64 opened_ms; /* wall: first line */
	const char *cart; /* id of the cart that it came of (cart-desk.h); NULL: none */
	gint64 cart_version;
	TillUuid txn; /* the sale's own, made once (till_uuid_next) and kept while the
			 same basket is tried again, so that a commit of unknown outcome cannot
			 become two sales; all zero: the store makes one */
} TillRegisterPayment;

typedef struct {
	TillTenderResult result; /* when not OK nothing was sold and the rest is empty */
	TillSale *sale;          /* owned */
	char *receipt;
	char *receipt_text; /* ready to show */
	TillUuid txn;
	gint64 change_minor;
} TillRegisterSold;

void till_register_sold_free(TillRegisterSold *sold);
/* Commits the sale: when it answers without error, the sale is on disk. The price is not worked out
 * again: what was shown is sold. Two things are looked at once more, and refused with
 * TILL_ERROR_INVALID and a sentence: a price changed by hand beyond its seller's limit without an
 * approval on record, and a coupon that was used up since the basket was priced. */
TillRegisterSold *till_register_sell(TillRegister *reg, TillRegisterPayment *payment,
				     GError **error);
typedef void (*TillRegisterSoldCb)(TillRegisterSold *sold, const GError *error, gpointer user);
void till_register_sell_async(TillRegister *reg, TillRegisterPayment *payment, gpointer receiver,
			      TillRegisterSoldCb cb, gpointer user);

/* The stored sale's text again. copy: 0 shows it without a COPY mark. Caller frees. */
char *till_register_receipt(TillRegister *reg, const char *receipt, guint copy, GError **error);
/* text is borrowed. */
typedef void (*TillRegisterTextCb)(const char *text, const GError *error, gpointer user);
void till_register_receipt_async(TillRegister *reg, const char *receipt, guint copy,
				 gpointer receiver, TillRegisterTextCb cb, gpointer user);

/* ---- Putting aside ---- */

typedef struct {
	char *id, *label, *staff_name;
	gint64 parked_ms;
	guint line_count;
	gint64 total_minor;
} TillRegisterParked;

void till_register_parked_free(gpointer parked);
typedef struct {
	const TillBasket *basket;
	const char *label;
	const char *staff_name;
	gint64 total_minor;
} TillRegisterParking;

/* All of it is copied at the call, so the screen may clear its basket once the answer is there. */
typedef void (*TillRegisterDoneCb)(const GError *error, gpointer user);
void till_register_park_async(TillRegister *reg, const TillRegisterParking *parking,
			      gpointer receiver, TillRegisterDoneCb cb, gpointer user);
typedef void (*TillRegisterParkedCb)(GPtrArray *rows, const GError *error, gpointer user);
void till_register_parked_async(TillRegister *reg, gpointer receiver, TillRegisterParkedCb cb,
				gpointer user);
typedef void (*TillRegisterBasketCb)(TillBasket *basket, const GError *error, gpointer user);
void till_register_recall_async(TillRegister *reg, const char *id, gpointer receiver,
				TillRegisterBasketCb cb, gpointer user);

/* ---- Who works here ---- */

typedef struct {
	char *id, *name;
	TillRole role;
} TillRegisterPerson;

void till_register_person_free(gpointer person);
typedef void (*TillRegisterPeopleCb)(GPtrArray *people, const GError *error, gpointer user);
/* Array of TillRegisterPerson, given over. */
GPtrArray *till_register_people(TillRegister *reg, GError **error);
void till_register_people_async(TillRegister *reg, gpointer receiver, TillRegisterPeopleCb cb,
				gpointer user);

typedef enum {
	TILL_SIGNIN_OK,
	TILL_SIGNIN_WRONG,  /* wrong PIN */
	TILL_SIGNIN_LOCKED, /* too many wrong PINs: wait_ms */
} TillSigninResult;

typedef struct {
	TillSigninResult result;
	gint64 wait_ms;
	char *words; /* a sentence for the screen */
} TillRegisterSignin;

void till_register_signin_free(TillRegisterSignin *signin);
typedef void (*TillRegisterSigninCb)(TillRegisterSignin *signin, const GError *error,
				     gpointer user);
/* pin is copied into wiped memory and cleared after. A success is a "sign-in" row of the journal.
 */
void till_register_signin_async(TillRegister *reg, const char *staff_id, const char *pin,
				gsize length, gpointer receiver, TillRegisterSigninCb cb,
				gpointer user);

/* ---- What happened, what waits ---- */

typedef struct {
	char *receipt, *type, *outcome;
	gint64 total_minor;
	gint64 wall_ms;
	gboolean acknowledged;
} TillRegisterEntry;

void till_register_entry_free(gpointer entry);

typedef struct {
	GPtrArray
	    *waiting; /* of TillRegisterEntry: not yet acknowledged, oldest first, at most 50 */
	GPtrArray *recent;     /* of TillRegisterEntry: newest sales, at most 20 */
	GPtrArray *exceptions; /* of TillRegisterException */
	char *trouble;         /* the store's sentence, else that of its rules, or NULL */
	char *home;            /* a warning about the place of the till's home, or NULL */
} TillRegisterBooks;

typedef struct {
	char *code, *severity, *words;
	gint64 raised_ms;
} TillRegisterException;

void till_register_books_free(TillRegisterBooks *books);
typedef void (*TillRegisterBooksCb)(TillRegisterBooks *books, const GError *error, gpointer user);
void till_register_books_async(TillRegister *reg, gpointer receiver, TillRegisterBooksCb cb,
			       gpointer user);

/* Writes every unsent entry, envelope and body, as JSON lines into directory (a USB stick): the
 * queue leaves the building even if the till does not. Nothing is removed. cb gets the file's path
 * by words. */
typedef void (*TillRegisterExportCb)(const char *path, guint count, const GError *error,
				     gpointer user);
void till_register_export_async(TillRegister *reg, const char *directory, gpointer receiver,
				TillRegisterExportCb cb, gpointer user);

/* One entry as the export writes it: a JSON object without line breaks. Any thread. Caller frees.
 */
char *till_register_export_line(const TillEntry *entry);

/* Local wall time in a zone: "23 Nov 2026 14:32". Caller frees. */
char *till_register_local_time(gint64 wall_ms, const char *time_zone);

G_END_DECLS
