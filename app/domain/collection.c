/* SPDX-License-Identifier: Apache-2.0 */
#include "collection.h"

#include <string.h>

#include "item.h"

#define CODE_MAX 128
#define CLASS_MAX 32
#define ID_MAX 64
#define JSON_MAX 65536
#define LIST_MAX 1000

/* The bare name is required, _OR has a default. */
#define TEXT(column, max)                                                                          \
	{                                                                                          \
		.name = column, .kind = TILL_COLUMN_TEXT, .max_bytes = max, .required = TRUE       \
	}
#define TEXT_OR(column, max, fallback)                                                             \
	{                                                                                          \
		.name = column, .kind = TILL_COLUMN_TEXT, .max_bytes = max,                        \
		.text_default = fallback                                                           \
	}
#define INTEGER(column)                                                                            \
	{                                                                                          \
		.name = column, .kind = TILL_COLUMN_INTEGER, .required = TRUE                      \
	}
#define INTEGER_OR(column, fallback)                                                               \
	{                                                                                          \
		.name = column, .kind = TILL_COLUMN_INTEGER, .int_default = fallback               \
	}
#define BOOLEAN(column)                                                                            \
	{                                                                                          \
		.name = column, .kind = TILL_COLUMN_BOOLEAN, .required = TRUE                      \
	}
#define BOOLEAN_OR(column, fallback)                                                               \
	{                                                                                          \
		.name = column, .kind = TILL_COLUMN_BOOLEAN, .int_default = fallback               \
	}

static const TillColumn item_columns[] = {
    TEXT("sku", TILL_SKU_MAX),
    TEXT("name", TILL_NAME_MAX),
    TEXT_OR("variant", TILL_NAME_MAX, ""),
    TEXT_OR("style", TILL_SKU_MAX, ""),
    TEXT_OR("category", 200, ""),
    TEXT_OR("tags", 500, ""),
    TEXT_OR("brand", 100, ""),
    TEXT_OR("unit", 16, "ea"),
    BOOLEAN_OR("weighed", FALSE),
    TEXT_OR("tax_class", CLASS_MAX, "standard"),
    TEXT_OR("plu", 8, ""),
    BOOLEAN_OR("active", TRUE),
    BOOLEAN_OR("stocked", TRUE),
};

static const TillColumn barcode_columns[] = {
    TEXT("code", CODE_MAX),
    TEXT("sku", TILL_SKU_MAX),
};

static const TillColumn price_columns[] = {
    TEXT("list", ID_MAX),
    TEXT("sku", TILL_SKU_MAX),
    INTEGER_OR("min_quantity_milli", 0),
    INTEGER_OR("valid_from_ms", 0),
    INTEGER_OR("valid_to_ms", 0), /* 0: open end */
    INTEGER("price_minor"),
};

static const TillColumn tax_columns[] = {
    TEXT("tax_class", CLASS_MAX),
    TEXT("id", ID_MAX),
    TEXT("name", TILL_NAME_MAX),
    INTEGER("rate_ppm"),
    BOOLEAN("inclusive"),
    INTEGER_OR("ordinal", 0),
    TEXT_OR("kind", 16, "percent"),
    INTEGER_OR("amount_milli", 0),
    BOOLEAN_OR("include_base", FALSE),
    BOOLEAN_OR("base_affected", FALSE),
    TEXT_OR("threshold", 16, ""),
    INTEGER_OR("threshold_minor", 0),
    BOOLEAN_OR("threshold_per_line", FALSE),
    TEXT_OR("tax_group", ID_MAX, ""),
    TEXT_OR("fulfilment", 16, ""),
};

static const TillColumn staff_columns[] = {
    TEXT("id", ID_MAX),    TEXT("name", TILL_NAME_MAX), TEXT("role", CLASS_MAX),
    TEXT("pin_hash", 256), BOOLEAN_OR("active", TRUE),
};

static const TillColumn setting_columns[] = {
    TEXT("name", ID_MAX),
    TEXT("value", 2000),
};

static const TillColumn stock_columns[] = {
    TEXT("sku", TILL_SKU_MAX), INTEGER("on_hand_milli"),
    INTEGER_OR("reserved_milli", 0), /* of it, promised to orders */
};

static const TillColumn customer_columns[] = {
    TEXT("id", ID_MAX),
    TEXT("name", TILL_NAME_MAX),
    TEXT_OR("email", 254, ""),
    TEXT_OR("phone", 32, ""),
    TEXT_OR("loyalty", ID_MAX, ""),
    TEXT_OR("groups", LIST_MAX, ""), /* "gold,staff" */
    TEXT_OR("segments", LIST_MAX, ""),
    INTEGER_OR("purchases", 0),
    BOOLEAN_OR("offers", TRUE),
};

static const TillColumn promotion_columns[] = {
    TEXT("id", ID_MAX),
    INTEGER_OR("version", 1),
    TEXT("body", JSON_MAX),
};

/* customer "": by everybody. */
static const TillColumn promotion_use_columns[] = {
    TEXT("promotion", ID_MAX),
    TEXT_OR("customer", ID_MAX, ""),
    INTEGER_OR("uses", 0),
    INTEGER_OR("spent_minor", 0),
};

/* code: in capitals. */
static const TillColumn coupon_use_columns[] = {
    TEXT("code", ID_MAX),
    TEXT_OR("customer", ID_MAX, ""),
    INTEGER_OR("uses", 0),
};

static const TillColumn exception_columns[] = {
    TEXT("id", ID_MAX),           TEXT("code", ID_MAX),          TEXT("severity", 16),
    TEXT("words", 500),           TEXT_OR("txn", ID_MAX, ""),    INTEGER("raised_ms"),
    INTEGER_OR("deadline_ms", 0), BOOLEAN_OR("resolved", FALSE),
};

/* What a shopper put together on the web or in the app; body: cart.h. place: the till that has it
 * open, "014/02". */
static const TillColumn cart_columns[] = {
    TEXT("id", ID_MAX),       TEXT_OR("customer", ID_MAX, ""), TEXT_OR("channel", 16, ""),
    INTEGER_OR("version", 1), TEXT_OR("status", 16, "open"), /* "open", "ordered", "gone" */
    TEXT_OR("place", 32, ""), TEXT("body", JSON_MAX),          INTEGER_OR("updated_ms", 0),
};

/* Keys that pickup codes may be signed with (pickup-token.h). */
static const TillColumn pickup_key_columns[] = {
    INTEGER("id"), TEXT("key", 64),                   /* hex */
    INTEGER_OR("from_ms", 0), INTEGER_OR("to_ms", 0), /* 0: open end */
};

/* body: order-record.h. */
static const TillColumn sales_order_columns[] = {
    TEXT("id", ID_MAX),
    TEXT("number", 32),
    TEXT_OR("channel", 16, ""),
    TEXT_OR("customer", ID_MAX, ""),
    TEXT_OR("customer_name", TILL_NAME_MAX, ""),
    TEXT_OR("status", 16, "open"), /* "open", "done", "cancelled" */
    TEXT_OR("currency", 3, ""),
    INTEGER_OR("total_minor", 0),
    INTEGER_OR("placed_ms", 0),
    INTEGER_OR("version", 1),
    TEXT("body", JSON_MAX),
};

/* body: fulfilment.h, as are the states. */
static const TillColumn fulfilment_columns[] = {
    TEXT("id", ID_MAX),
    TEXT("order_id", ID_MAX),
    TEXT("number", 32), /* of the order */
    TEXT_OR("customer_name", TILL_NAME_MAX, ""),
    TEXT("kind", 16), /* "pickup", "ship", "carry-out" */
    TEXT("state", 16),
    INTEGER_OR("promise_ms", 0), /* ready, or sent, by */
    INTEGER_OR("expires_ms", 0), /* held until; 0: no end */
    INTEGER_OR("arrived_ms", 0), /* "I'm outside"; 0: not here */
    TEXT_OR("arrival", 200, ""), /* "Bay 4 · blue hatchback" */
    TEXT_OR("place", 60, ""),    /* where it is staged */
    INTEGER_OR("serial", 0),     /* of its newest pickup code; 0: none was given out */
    INTEGER_OR("version", 1),
    INTEGER_OR("updated_ms", 0),
    TEXT("body", JSON_MAX),
};

/* The timeline of an order, from every channel, numbered from 1. */
static const TillColumn order_event_columns[] = {
    TEXT("order_id", ID_MAX),
    INTEGER("seq"),
    INTEGER("at_ms"),
    TEXT_OR("channel", 16, ""),
    TEXT_OR("who", TILL_NAME_MAX, ""),
    TEXT("kind", 32), /* "placed", "picked", "outside", "handed-over", "note", … */
    TEXT("words", 1000),
};

/* What may come back, and how; body: return-policy.h. The newest of id "returns" counts. */
static const TillColumn return_policy_columns[] = {
    TEXT("id", ID_MAX),
    INTEGER_OR("version", 1),
    TEXT("body", JSON_MAX),
};

/* Whose signature stands on a receipt, for tills of other stores; one key has no other till. */
static const TillColumn terminal_key_columns[] = {
    TEXT("terminal", ID_MAX), TEXT("store", 16),      TEXT("till", 8), TEXT("key", 64), /* hex */
    INTEGER_OR("from_ms", 0), INTEGER_OR("to_ms", 0), /* 0: open end */
};

/* What was sold and may come back, of the store's own past. receipt: its number; of an order that
 * of the order. body: sold.h with what came back; "": too large, the central tells it. */
static const TillColumn past_sale_columns[] = {
    TEXT("receipt", ID_MAX),
    TEXT_OR("txn", ID_MAX, ""),
    TEXT_OR("order_id", ID_MAX, ""),
    TEXT_OR("channel", 16, ""),
    INTEGER_OR("sold_ms", 0),
    TEXT_OR("customer", ID_MAX, ""),
    TEXT_OR("customer_name", TILL_NAME_MAX, ""),
    TEXT_OR("card_last4", 4, ""),
    INTEGER_OR("total_minor", 0),
    TEXT_OR("body", JSON_MAX, ""),
};

/* Store credit. code: store-credit.h. */
static const TillColumn credit_columns[] = {
    TEXT("code", ID_MAX),       INTEGER("amount_minor"),     INTEGER("balance_minor"),
    TEXT("currency", 3),        INTEGER_OR("expires_ms", 0), /* 0: never */
    INTEGER_OR("issued_ms", 0),
};

/* Goods that came back and are not for sale: damaged, for the vendor, for repair. */
static const TillColumn stock_aside_columns[] = {
    TEXT("sku", TILL_SKU_MAX),
    TEXT("disposition", 16), /* return-policy.h */
    INTEGER_OR("milli", 0),
};

#define CHAIN_SCOPE FALSE
#define STORE_SCOPE TRUE
#define COLLECTION(table, scope, keys, list)                                                       \
	{                                                                                          \
		.name = table, .store_scope = scope, .key_columns = keys, .columns = list,         \
		.column_count = G_N_ELEMENTS(list)                                                 \
	}

static const TillCollection collections[] = {
    COLLECTION("item", CHAIN_SCOPE, 1, item_columns),
    COLLECTION("barcode", CHAIN_SCOPE, 1, barcode_columns),
    COLLECTION("price", CHAIN_SCOPE, 4, price_columns),
    COLLECTION("tax", STORE_SCOPE, 2, tax_columns),
    COLLECTION("staff", STORE_SCOPE, 1, staff_columns),
    COLLECTION("setting", STORE_SCOPE, 1, setting_columns),
    COLLECTION("stock", STORE_SCOPE, 1, stock_columns),
    COLLECTION("customer", CHAIN_SCOPE, 1, customer_columns),
    COLLECTION("promotion", CHAIN_SCOPE, 1, promotion_columns),
    COLLECTION("promotion_use", CHAIN_SCOPE, 2, promotion_use_columns),
    COLLECTION("coupon_use", CHAIN_SCOPE, 2, coupon_use_columns),
    COLLECTION("exception", STORE_SCOPE, 1, exception_columns),
    COLLECTION("cart", CHAIN_SCOPE, 1, cart_columns),
    COLLECTION("pickup_key", CHAIN_SCOPE, 1, pickup_key_columns),
    COLLECTION("sales_order", STORE_SCOPE, 1, sales_order_columns),
    COLLECTION("fulfilment", STORE_SCOPE, 1, fulfilment_columns),
    COLLECTION("order_event", STORE_SCOPE, 2, order_event_columns),
    COLLECTION("return_policy", CHAIN_SCOPE, 1, return_policy_columns),
    COLLECTION("terminal_key", CHAIN_SCOPE, 1, terminal_key_columns),
    COLLECTION("past_sale", STORE_SCOPE, 1, past_sale_columns),
    COLLECTION("credit", CHAIN_SCOPE, 1, credit_columns),
    COLLECTION("stock_aside", STORE_SCOPE, 2, stock_aside_columns),
};

const TillCollection *
till_collection_find(const char *name)
{
	for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(collections); i++) {
		if (strcmp(collections[i].name, name) == 0)
			return &collections[i];
	}
	return NULL;
}

const TillCollection *
till_collection_table(gsize *out_count)
{
	*out_count = G_N_ELEMENTS(collections);
	return collections;
}
