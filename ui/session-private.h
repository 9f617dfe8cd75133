/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "pickup-desk.h"
#include "row-item.h"
#include "session.h"

/* The session's insides, shared by its parts only. Threads: main. */

G_BEGIN_DECLS

typedef enum {
	TILL_TEXT_SHOP_NAME,
	TILL_TEXT_PLACE,
	TILL_TEXT_CLOCK,
	TILL_TEXT_STAFF_NAME,
	TILL_TEXT_STAFF_ROLE,
	TILL_TEXT_LINES_PAGE,
	TILL_TEXT_PAY_PAGE,
	TILL_TEXT_SUBTOTAL_LABEL,
	TILL_TEXT_SUBTOTAL,
	TILL_TEXT_TOTAL,
	TILL_TEXT_SAVED,
	TILL_TEXT_CUSTOMER_NAME,
	TILL_TEXT_CUSTOMER_DETAIL,
	TILL_TEXT_CUSTOMER_INITIALS,
	TILL_TEXT_STATUS,
	TILL_TEXT_UNKNOWN_WORDS,
	TILL_TEXT_RECALL_LABEL,
	TILL_TEXT_CHANGE,
	TILL_TEXT_RECEIVED,
	TILL_TEXT_PAID_TOTAL,
	TILL_TEXT_RECEIPT,
	TILL_TEXT_RECEIPT_TEXT,
	TILL_TEXT_TROUBLE,
	TILL_TEXT_CHIP_WORDS,
	TILL_TEXT_CHIP_STATE,
	TILL_TEXTS,
} TillSessionText;

typedef struct TillSessionAsking TillSessionAsking;
typedef struct TillSessionPickups TillSessionPickups;

#define TILL_SESSION_SCANS_MAX 200
#define TILL_SESSION_RESULTS_MAX 20

struct _TillSession {
	GObject parent_instance;

	TillRegister *reg;      /* borrowed */
	const TillClock *clock; /* borrowed */
	char *locale;
	TillSessionHooks hooks;
	TillRegisterShop *shop; /* nullable */
	TillFormat *format;     /* with shop */
	TillHealth health;
	char *texts[TILL_TEXTS];

	GPtrArray *people; /* of TillRegisterPerson */
	char *staff_id;    /* NULL: nobody */
	char *staff_name;
	TillRole staff_role;
	char *signin_id;          /* whose PIN is being checked */
	TillSessionLoaded loaded; /* nullable: who waits for the shop */
	gpointer loaded_user;

	TillPhase phase;
	TillBasket *basket;
	TillBasket *cleared; /* what Clear took away; nullable */
	TillPriced *priced;  /* NULL: could not be priced */
	gint64 opened_ms;    /* first line; 0: empty */
	TillUuidSource uuids;
	TillUuid txn; /* of the basket as it is: made at the first try to pay */
	gboolean has_txn;
	guint selected_id;
	gboolean undo_line;  /* the last change was the removal of a line of this basket */
	GArray *undo_manual; /* the last change was of prices by hand; nullable */
	gboolean updating;   /* `lines` is being brought up to date */
	GListStore *lines;   /* of TillRowItem */
	GListStore *parked;  /* of TillRowItem */
	char *recall_id;     /* to recall once the sale in hand is parked */

	GQueue scans; /* of char* */
	gboolean finding;
	TillItem *weighing; /* waits for its weight */
	char *weighing_code;

	GListStore *results; /* of TillRowItem */
	guint searches;      /* asked and not yet answered */
	gboolean searching;  /* the field is not empty */
	char *typed;         /* text of an Enter whose look-up is under way */
	guint typed_position;

	guint rules_asked;    /* rules for this shopper that are on their way */
	char *card;           /* a code that is being looked up as a customer's card; nullable */
	gboolean card_only;   /* it can be nothing else */
	char *entered;        /* a coupon to be told about once they are here; nullable */
	GPtrArray *customers; /* of TillCustomer: those found, in the order of `found`; nullable */
	GListStore *found;    /* of TillRowItem */
	guint customer_searches;     /* asked and not yet answered */
	gboolean customer_searching; /* there is something to look for */
	TillSessionAsking *asking;   /* nullable */

	TillRegisterBooks *books;

	TillPickupDesk *desk;        /* borrowed; NULL: this till has no orders */
	TillSessionPickups *pickups; /* session-pickups-private.h */
};

/* Sets a text property and notifies when it changed; NULL counts as "". */
void till_session_set_text(TillSession *self, TillSessionText which, const char *text);
void till_session_take_text(TillSession *self, TillSessionText which, char *text);
void till_session_set_phase(TillSession *self, TillPhase phase);

/* Prices the basket anew, brings `lines` and all texts up to date, emits "changed". */
void till_session_basket_changed(TillSession *self);
/* Replaces the basket (taken over). */
void till_session_basket_take(TillSession *self, TillBasket *basket);
TillSessionPickups *till_session_pickups_new(void);
void till_session_pickups_free(TillSessionPickups *pickups);
/* The words of a failed change, told. TRUE when it went well. */
gboolean till_session_basket_told(TillSession *self, TillBasketResult result, const char *title);
void till_session_basket_load_parked(TillSession *self);
/* Looks up the next waiting scan, if nothing stands in its way. */
void till_session_scan_next(TillSession *self);
/* Nothing has this code: the card that says so, and the sound. */
void till_session_scan_tell_unknown(TillSession *self, const char *code);
/* A row about an item: title, SKU, price, stock. */
TillRowItem *till_session_search_row(TillSession *self, const TillItem *item);
/* "Last 1 in store" where it matters, else NULL. Caller frees. */
char *till_session_search_stock(TillSession *self, const TillItem *item, gint64 wanted_milli);
void till_session_staff_load(TillSession *self);

/* Brings `lines` and the totals' texts in step with the basket and its price. */
void till_session_rows_update(TillSession *self);

/* The price of a basket for its own shopper, now. NULL with error. */
TillPriced *till_session_shopper_price(TillSession *self, const TillBasket *basket, GError **error);
/* Brings the customer's texts in step. */
void till_session_shopper_update(TillSession *self);
/* Asks for the rules that count for this shopper, then prices the basket once more. */
void till_session_shopper_load_rules(TillSession *self);
/* As till_session_shopper_enter_coupon, but says nothing when no promotion has the code. */
gboolean till_session_shopper_try_coupon(TillSession *self, const char *text);
/* A code that is neither item nor coupon: the customer who has it, or it is told as unknown. */
void till_session_shopper_try_card(TillSession *self, const char *code);

/* A change by hand as a chip says it: "10% off · Damaged"; NULL when there is none. Caller frees.
 */
char *till_session_manual_words(TillSession *self, const TillManual *manual);
/* Takes the last change back. FALSE when there is none. */
gboolean till_session_manual_undo(TillSession *self);

G_END_DECLS
