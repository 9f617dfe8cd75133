/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

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
	gboolean undo_line; /* the last removal was a line of this basket */
	gboolean updating;  /* `lines` is being brought up to date */
	GListStore *lines;  /* of TillRowItem */
	GListStore *parked; /* of TillRowItem */
	char *recall_id;    /* to recall once the sale in hand is parked */

	GQueue scans; /* of char* */
	gboolean finding;
	TillItem *weighing; /* waits for its weight */
	char *weighing_code;

	GListStore *results; /* of TillRowItem */
	guint searches;      /* asked and not yet answered */
	gboolean searching;  /* the field is not empty */
	char *typed;         /* text of an Enter whose look-up is under way */
	guint typed_position;

	TillRegisterBooks *books;
};

/* Sets a text property and notifies when it changed; NULL counts as "". */
void till_session_set_text(TillSession *self, TillSessionText which, const char *text);
void till_session_take_text(TillSession *self, TillSessionText which, char *text);
void till_session_set_phase(TillSession *self, TillPhase phase);

/* Prices the basket anew, brings `lines` and all texts up to date, emits "changed". */
void till_session_basket_changed(TillSession *self);
/* Replaces the basket (taken over). */
void till_session_basket_take(TillSession *self, TillBasket *basket);
/* The words of a failed change, told. TRUE when it went well. */
gboolean till_session_basket_told(TillSession *self, TillBasketResult result, const char *title);
void till_session_basket_load_parked(TillSession *self);
/* Looks up the next waiting scan, if nothing stands in its way. */
void till_session_scan_next(TillSession *self);
/* A row about an item: title, SKU, price, stock. */
TillRowItem *till_session_search_row(TillSession *self, const TillItem *item);
/* "Last 1 in store" where it matters, else NULL. Caller frees. */
char *till_session_search_stock(TillSession *self, const TillItem *item, gint64 wanted_milli);
void till_session_staff_load(TillSession *self);

G_END_DECLS
