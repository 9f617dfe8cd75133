/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "basket.h"
#include "cash-rounding.h"
#include "currency.h"
#include "price-context.h"
#include "price-list.h"
#include "promo-engine.h"
#include "tax-engine.h"
#include "tax.h"

/* From basket to total: the one pricing engine of till and central.
 *
 * Order of work: list price (customer group, store, base) or a price by hand, × quantity per line
 * (rounded once), promotions over the whole basket (promo-engine.h), taxes on what is then paid:
 * line by line where all are percentages side by side, else by the tax engine. Every step stays on
 * the line so that receipt, report and return can repeat it. Sums of lines equal the totals by
 * construction; the total is what the shopper pays.
 *
 * Threads: any (pure); a result is constant once made. */

G_BEGIN_DECLS

#define TILL_PRICE_MANUAL_PREFIX "manual:"

/* Rows of discounts over all lines of a sale: so many fit its entry in the journal. */
#define TILL_PRICE_DISCOUNTS_MAX 1500

/* The rules a basket is priced by. Constant while in use; built by the cache or from a file. What
 * is not set is not done: with promos NULL there are no discounts. */
typedef struct {
	const TillCurrency *currency;
	TillTaxTable *taxes;   /* owned reference */
	TillRounding rounding; /* of price × quantity */
	/* Prices by customer group, store, time and quantity; owned reference. An item that is not
	 * in them keeps the price it came with; NULL: all do. */
	TillPriceList *lists;
	TillPromoIndex *promos;         /* owned reference; NULL: none */
	TillCashRounding cash_rounding; /* of the payment; no price depends on it */
	/* Codes with a weight or price inside; owned reference; NULL: none. */
	TillVariableCodes *variable_codes;
	TillPriceUses *uses; /* of limited offers before; owned reference; NULL: none known */
	/* How promotions are worked out here; taken when priced for a shopper. Its tags are owned
	 * by never_tags. */
	TillPromoEnginePolicy promo_policy;
	char **never_tags; /* owned, NULL-terminated; NULL: none */
	/* The version of all this: cursors ("epoch.seq") of the chain's and the store's feed. */
	char chain_cursor[TILL_PRICE_CURSOR_MAX];
	char shop_cursor[TILL_PRICE_CURSOR_MAX];
	/* Who buys where and when, coupons, policy. Borrowed: whoever prices sets it; currency is
	 * taken from the rules. NULL: nobody in particular, at no time. */
	const TillPromoEngineContext *context;
	/* How taxes are rounded, and what an exempt one leaves that was inside the price. The way
	 * to round is that of the taxes; a sale has no row for cents of tax, so that step_minor is
	 * taken as 1 and net is the rest. All zero: line by line, an exempt tax comes off. */
	TillTaxEnginePolicy tax_policy;
	const TillTaxEngineExemption *exemption; /* borrowed; NULL: none */
} TillPriceRules;

/* What one promotion takes off a line, or off the whole basket. */
typedef struct {
	char *promotion; /* id */
	gint64 version;
	char *name; /* words for the shopper */
	char *code; /* the coupon; "" */
	gint64 amount_minor;
} TillPricedDiscount;

/* Why a tax of a line was not charged. */
typedef enum {
	TILL_PRICED_TAX_CHARGED,
	TILL_PRICED_TAX_BELOW_THRESHOLD,
	TILL_PRICED_TAX_CERTIFICATE,
} TillPricedTaxExempt;

typedef struct {
	char *tax_id;
	char *name; /* with the remark of a threshold where that is why it was not charged */
	gint64 rate_ppm;
	gboolean inclusive;
	TillTaxEngineKind kind;
	gint64 amount_milli;        /* fixed: thousandths of a minor unit per unit */
	char *group;                /* shown as one with others of the group; NULL or "": none */
	TillPricedTaxExempt exempt; /* base_minor then is what was sold without, amount_minor 0 */
	gint64 base_minor;
	gint64 amount_minor;
} TillPricedTax;

typedef struct {
	guint line_id;
	TillItem *item; /* owned reference */
	char *code;
	char *note;
	gint64 quantity_milli;
	gint64 unit_minor;     /* the price that applied to one unit */
	gint64 list_minor;     /* unit_minor × quantity */
	gint64 discount_minor; /* ≥ 0, taken off list_minor */
	gint64 exempted_minor; /* tax inside the price that an exempt shopper does not pay */
	gint64 tax_minor;      /* all taxes of the line */
	gint64 total_minor;    /* what the shopper pays for the line, tax included */
	GArray *taxes;         /* of TillPricedTax */
	GArray *discounts; /* of TillPricedDiscount: sum to discount_minor, each promotion once */
	gint64 embedded_minor; /* the price that the label said: list_minor then; 0: none */
	TillDelivery delivery; /* how it reaches the shopper */
	TillManual manual; /* by hand; what comes off stands in discounts as "manual:<line id>" */
} TillPricedLine;

typedef struct {
	const TillCurrency *currency;
	GPtrArray *lines; /* of TillPricedLine, owned */
	/* Of TillPricedTax: sums per tax (all but base and amount alike), in order of first use. */
	GArray *taxes;
	gint64 list_minor;     /* Σ list_minor */
	gint64 discount_minor; /* Σ discount_minor */
	gint64 exempted_minor; /* Σ exempted_minor */
	gint64 tax_minor;      /* Σ tax_minor, inside or on top */
	gint64 total_minor;    /* Σ total_minor */
	gint64 items_milli;    /* pieces; a weighed line counts as one */
	GArray *discounts; /* of TillPricedDiscount: sums per promotion, in order of first use */
	/* Gifts, points, coupons and why not; lines stand as here. NULL: no promotions were asked,
	 * or the lines were read from a sale. Owned reference. */
	TillPromoEngineResult *promoted;
	/* For whom, when and where; owned reference. NULL: for nobody in particular. */
	TillPriceContext *context;
} TillPriced;

/* NULL with TILL_ERROR_LIMIT when an amount leaves TILL_MONEY_MAX_MINOR. */
TillPriced *till_price_basket(const TillBasket *basket, const TillPriceRules *rules,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for the basket's shopper at a moment (its cursors are taken from the rules): prices of
 * the customer's groups, coupons, certificate and all. This is how every sale and quote is priced.
 */
TillPriced *till_price_for(const TillBasket *basket, const TillPriceRules *rules,
			   const TillPriceMoment *moment, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same once more, with a context that was kept: what a sale was priced with. */
TillPriced *till_price_again(const TillBasket *basket, const TillPriceRules *rules,
			     TillPriceContext *context, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An empty result with no lines: for readers that fill in lines they were given. */
TillPriced *till_price_new(const TillCurrency *currency);
/* A zeroed line with empty lists of taxes and discounts, appended to priced. Borrowed. */
TillPricedLine *till_price_append_line(TillPriced *priced);
/* Appends a tax to a list of TillPricedTax; copies its texts. */
void till_price_append_tax(GArray *taxes, const TillPricedTax *tax);
/* Whether two are one tax, so that their bases and amounts may be added. */
gboolean till_price_is_same_tax(const TillPricedTax *a, const TillPricedTax *b);
/* Appends a discount to a list of TillPricedDiscount; copies its texts. */
void till_price_append_discount(GArray *discounts, const TillPricedDiscount *discount);
/* Computes taxes, discounts, sums and items_milli from the lines; what stood there is replaced.
 * Error as above. */
gboolean till_price_sum(TillPriced *priced, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void till_price_free(TillPriced *priced);
TillPriced *till_price_copy(const TillPriced *priced);

/* Near misses as words ("1 more for 3 for 2 on tees"), at most count; NULL-terminated, caller
 * frees. */
char **till_price_hints(const TillPriced *priced, guint count);

void till_price_rules_clear(TillPriceRules *rules);
/* References and copies of all that from owns; to is overwritten. */
void till_price_rules_copy(TillPriceRules *to, const TillPriceRules *from);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPriced, till_price_free)

G_END_DECLS
