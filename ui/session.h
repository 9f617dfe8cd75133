/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

#include "clock.h"
#include "format.h"
#include "health.h"
#include "pickup-desk.h"
#include "register.h"

/* What the screens are about: who works here, the shop, the sale in hand, what the sync thread
 * says.
 *
 * Views bind to its properties and call its verbs; it decides when a scan waits, when a sale may be
 * paid and which words tell it. Rules and disk are the register's. Parts: session (this), -scan,
 * -basket, -rows, -shopper, -manual, -pay, -park, -search, -staff, -books.
 *
 * Text properties, all ready to show: shop-name, place, clock, staff-name, staff-role, lines-page,
 * pay-page, subtotal-label, subtotal, total, saved, customer-name, customer-detail,
 * customer-initials, status, unknown-words, recall-label, change, received, paid-total, receipt,
 * receipt-text, trouble, chip-words, chip-state. Others: lines (GListModel of TillRowItem),
 * results, signed-in, busy, has-lines, can-pay, has-unknown, has-trouble, has-customer.
 *
 * Signals: "changed" (), the sale or its phase moved; "notice" (kind, words, undo), something to
 * hear and read; "people-changed" (), "parked-changed" (), "books-changed" (), "ask-weight" (),
 * "signin-answer" (result, words), "customers-found" (count), "approval-answer" (result, words,
 * more: the same person is to be asked about the next line), "sound" (kind), something to hear that
 * the screen shows already; those of session-pickups.h.
 *
 * Threads: main. */

G_BEGIN_DECLS

typedef enum {
	TILL_NOTICE_ACCEPTED,  /* a scan went in */
	TILL_NOTICE_UNKNOWN,   /* a scan is in no catalogue */
	TILL_NOTICE_ATTENTION, /* something went wrong or was refused */
	TILL_NOTICE_PLAIN,     /* told without a sound */
	TILL_NOTICE_QUIET,     /* for the status line only: the screen shows it already */
} TillNotice;

typedef enum {
	TILL_PHASE_SELLING, /* the basket may change */
	TILL_PHASE_BUSY,    /* the register commits or parks it; scans wait */
	TILL_PHASE_PAID,    /* the basket is empty, the change is shown */
} TillPhase;

typedef struct {
	void (*try_now)(gpointer user); /* nullable: sync at once */
	gpointer user;
} TillSessionHooks;

#define TILL_TYPE_SESSION (till_session_get_type())
G_DECLARE_FINAL_TYPE(TillSession, till_session, TILL, SESSION, GObject)

/* reg and clock are borrowed and outlive the session. locale: see till_format_new. */
TillSession *till_session_new(TillRegister *reg, const TillClock *clock, const char *locale,
			      const TillSessionHooks *hooks);

/* Borrowed, nullable: orders, carts and pickups. Once, before the first load. */
void till_session_set_desk(TillSession *self, TillPickupDesk *desk);

/* Asks the register for shop, people and parked sales again: at the start and when the cache
 * changed. done (nullable) runs once, after the shop's answer. */
typedef void (*TillSessionLoaded)(TillSession *self, const GError *error, gpointer user);
void till_session_load(TillSession *self, TillSessionLoaded done, gpointer user);

void till_session_set_health(TillSession *self, const TillHealth *health);
const TillHealth *till_session_get_health(TillSession *self);
/* Once a second: clock and countdown. */
void till_session_tick(TillSession *self);
void till_session_try_now(TillSession *self);

TillFormat *till_session_get_format(TillSession *self); /* NULL before the shop is known */
const TillRegisterShop *till_session_get_shop(TillSession *self); /* NULL likewise */
TillPhase till_session_get_phase(TillSession *self);
const TillPriced *
till_session_get_priced(TillSession *self); /* NULL when the basket has no price */
GListModel *till_session_get_lines(TillSession *self);
const char *till_session_get_text(TillSession *self, const char *property);

void till_session_notice(TillSession *self, TillNotice kind, gboolean undo, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* ---- session-scan ---- */

/* A scanned code: queued, handled in order, at most one look-up at a time. */
void till_session_scan_code(TillSession *self, const char *code);
/* An item picked by a person. code: "" when it was not scanned. */
void till_session_scan_item(TillSession *self, const TillItem *item, const char *code);
void till_session_scan_dismiss(TillSession *self); /* takes the unknown code off the screen */
const TillItem *till_session_scan_weighing(TillSession *self); /* the item "ask-weight" is about */
/* Answers "ask-weight"; 0: not sold after all. */
void till_session_scan_weight(TillSession *self, gint64 quantity_milli);

/* ---- session-basket ---- */

guint till_session_basket_selected(TillSession *self); /* line id; 0: none */
void till_session_basket_select(TillSession *self, guint line_id);
const TillBasketLine *till_session_basket_line(TillSession *self, guint line_id);
/* Steps by whole pieces; a step below one removes the line (with undo). */
void till_session_basket_step(TillSession *self, guint line_id, int pieces);
void till_session_basket_set_quantity(TillSession *self, guint line_id, gint64 quantity_milli);
void till_session_basket_set_note(TillSession *self, guint line_id, const char *note);
void till_session_basket_void(TillSession *self, guint line_id);
void till_session_basket_clear(TillSession *self);
/* Undoes the last removed line, change of price or cleared sale. */
void till_session_basket_undo(TillSession *self);
void till_session_basket_park(TillSession *self);
/* Puts the sale in hand aside first, if there is one. */
void till_session_basket_recall(TillSession *self, const char *parked_id);
GListModel *till_session_basket_parked(TillSession *self);

/* ---- session-shopper ---- */

const TillShopper *till_session_shopper(TillSession *self);
/* A coupon's code as typed or scanned. FALSE when no promotion knows it, told as unknown; else it
 * is in the sale, and told once it is judged. */
gboolean till_session_shopper_enter_coupon(TillSession *self, const char *text);
void till_session_shopper_remove_coupon(TillSession *self, const char *code);
/* What became of a coupon of this sale; NULL when it has no answer yet. Borrowed until "changed".
 */
const TillPromoEngineCouponAnswer *till_session_shopper_answer(TillSession *self, const char *code);
/* Prices the sale for this customer; NULL: for nobody in particular. */
void till_session_shopper_set_customer(TillSession *self, const TillCustomer *customer);
/* Looks for customers by name, phone, mail or card; "" forgets those found. */
void till_session_shopper_search(TillSession *self, const char *query);
GListModel *till_session_shopper_found(TillSession *self); /* of TillRowItem */
const TillCustomer *till_session_shopper_found_at(TillSession *self, guint position); /* nullable */
/* A code that can only be a customer's card; "customers-found" tells how many have it, and that one
 * is then in the sale. */
void till_session_shopper_scan_card(TillSession *self, const char *code);
/* A customer for a screen that others can see: masked. Caller frees. */
char *till_session_shopper_describe(const TillCustomer *customer);
/* NULL takes the certificate off. FALSE when it was not taken. */
gboolean till_session_shopper_set_exemption(TillSession *self, const TillExemption *exemption);
gboolean till_session_shopper_is_exempt(TillSession *self);
/* What a certificate may be limited to. NULL-terminated; the caller frees. */
char **till_session_shopper_tax_classes(TillSession *self);

/* ---- session-manual ---- */

/* A change of prices by hand. */
typedef struct {
	TillManualKind kind;
	gint64 value;        /* minor units, or ppm */
	const char *reason;  /* of the shop's, or words */
	guint line_id;       /* which line, unless */
	gboolean everywhere; /* each line of the sale (percent only) */
} TillSessionManual;

/* What it would do, before promotions and taxes. */
typedef struct {
	guint lines;
	gint64 unit_minor; /* of the last line: the shop's price of one */
	gint64 list_minor; /* all lines by the shop's prices */
	gint64 paid_minor; /* all lines after the change */
	gboolean needs_approval;
} TillSessionOutlook;

/* FALSE when the figure makes no sense for these lines. */
gboolean till_session_manual_outlook(TillSession *self, const TillSessionManual *change,
				     TillSessionOutlook *out);
/* How far the person signed in may go, as a sentence. Caller frees. */
char *till_session_manual_limit(TillSession *self);
const char *const *till_session_manual_reasons(TillSession *self); /* the shop's */
/* FALSE when it needs approval, or nothing can be changed now. */
gboolean till_session_manual_apply(TillSession *self, const TillSessionManual *change);
void till_session_manual_remove(TillSession *self, guint line_id);
/* Who may approve it: of TillRegisterPerson, borrowed; the caller frees the array. */
GPtrArray *till_session_manual_approvers(TillSession *self, const TillSessionManual *change);
/* Asks this person about the first line that goes too far; "approval-answer" comes. While it says
 * `more`, ask again with the same PIN; after the last yes the change is done. */
void till_session_manual_ask(TillSession *self, const TillSessionManual *change,
			     const char *staff_id, const char *pin, gsize length);
void till_session_manual_forget(TillSession *self); /* nobody is asked any more */

/* ---- session-pay ---- */

gboolean till_session_pay_possible(TillSession *self);
/* What the basket comes to in cash: the total, rounded to what coins can pay. */
gint64 till_session_pay_due(TillSession *self);
/* Pays all by cash. Ignored when a payment is under way, so that a double tap cannot sell twice. */
void till_session_pay_cash(TillSession *self, gint64 tendered_minor);
gsize till_session_pay_quick(TillSession *self, gint64 *out_minor, gsize count);
/* Takes the change off the screen; the next sale begins. */
void till_session_pay_next(TillSession *self);

/* ---- session-search ---- */

GListModel *till_session_search_results(TillSession *self);
void till_session_search_run(TillSession *self, const char *query); /* "" clears */
/* Enter in the field: the code itself if it is one, else the chosen result. */
void till_session_search_enter(TillSession *self, const char *text, guint position);

/* ---- session-staff ---- */

GPtrArray *till_session_staff_people(TillSession *self); /* of TillRegisterPerson; nullable */
void till_session_staff_signin(TillSession *self, const char *staff_id, const char *pin,
			       gsize length);
void till_session_staff_lock(TillSession *self); /* the sale in hand stays */
gboolean till_session_staff_signed_in(TillSession *self);

/* ---- session-books ---- */

void till_session_books_load(TillSession *self);                /* then "books-changed" */
const TillRegisterBooks *till_session_books(TillSession *self); /* NULL until loaded */
void till_session_books_export(TillSession *self, const char *directory);

G_END_DECLS
