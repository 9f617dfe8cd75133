/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* A promotion as data: who and when it is for, which lines, what it gives, its limits, and how it
 * stands beside others. The words of its JSON form are in promo-json.h; how promotions are worked
 * out together is in promo-engine.h.
 *
 * Order of work: by stage, then priority (higher first), then id. Effects of one promotion work in
 * the order given, each on what the earlier ones left.
 *
 * Units: amounts in minor units of the shop's currency, rates in ppm, quantities of sets and limits
 * in pieces. A weighed line is one piece whatever it weighs; an amount or a price "per unit" is
 * then per kilogram.
 *
 * Threads: any. A promotion is built by one reader, constant afterwards, and reference-counted. */

G_BEGIN_DECLS

#define TILL_PROMO_EFFECTS_MAX 8
#define TILL_PROMO_NEEDS_MAX 8
#define TILL_PROMO_PARTS_MAX 6
#define TILL_PROMO_TIERS_MAX 32
#define TILL_PROMO_LIST_MAX 5000 /* SKUs, codes, … in one list */
#define TILL_PROMO_SETS_MAX 1000 /* sets of one promotion in one basket */

/* What a line is known by. The order is from the narrowest to the widest: the index prefers the
 * narrowest a promotion asks for. */
typedef enum {
	TILL_PROMO_BY_SKU,
	TILL_PROMO_BY_STYLE,
	TILL_PROMO_BY_BRAND,
	TILL_PROMO_BY_TAG,
	TILL_PROMO_BY_CATEGORY, /* "Clothing" holds "Clothing/Tops" */
	TILL_PROMO_BY_COUNT,
} TillPromoBy;

typedef struct {
	char **values; /* owned, NULL-terminated, in order of strcmp; NULL when not asked */
	guint count;
} TillPromoList;

/* Which lines: in each list that is asked the line must be found (any: in one of them). All zero:
 * every line. */
typedef struct {
	TillPromoList by[TILL_PROMO_BY_COUNT];
	gboolean any;
	gint64 price_min_minor; /* of one unit, both ends included */
	gint64 price_max_minor; /* 0: no upper end */
	gboolean skip_reduced;  /* not lines that were reduced before */
} TillPromoItems;

typedef enum {
	TILL_PROMO_SHELF,  /* changes the price on the shelf; such a line counts as reduced */
	TILL_PROMO_ITEM,   /* item promotions */
	TILL_PROMO_SET,    /* bundles, buy-X-get-Y, mix and match */
	TILL_PROMO_BASKET, /* the whole basket */
	TILL_PROMO_MEMBER, /* coupons and member offers that say so */
	TILL_PROMO_STAGES,
} TillPromoStage;

typedef enum {
	TILL_PROMO_PERCENT,
	TILL_PROMO_AMOUNT,
	TILL_PROMO_FIXED_PRICE,
	TILL_PROMO_GIFT,   /* an item goes with it free of charge: price-gift.h */
	TILL_PROMO_POINTS, /* points of the lines are multiplied */
} TillPromoKind;

typedef enum {
	TILL_PROMO_ON_UNITS,    /* each unit of each line */
	TILL_PROMO_ON_LINES,    /* once per line */
	TILL_PROMO_ON_CHEAPEST, /* the cheapest units of all lines */
	TILL_PROMO_ON_SET,      /* units that make up a complete set; they are then used up */
	TILL_PROMO_ON_BASKET,   /* the sum of the lines, spread over them */
} TillPromoTarget;

/* What decides which step of a scale is reached. Amounts are what is still to be paid when the
 * promotion's turn comes. */
typedef enum {
	TILL_PROMO_TIER_NONE,
	TILL_PROMO_TIER_LINE_QUANTITY,
	TILL_PROMO_TIER_LINE_AMOUNT,
	TILL_PROMO_TIER_ITEMS_QUANTITY, /* all lines of the effect together, pieces */
	TILL_PROMO_TIER_ITEMS_AMOUNT,
	TILL_PROMO_TIER_BASKET_AMOUNT, /* all lines of the basket */
} TillPromoTierBy;

typedef struct {
	gint64 from;  /* pieces or minor units */
	gint64 value; /* replaces the effect's value from there on */
} TillPromoTier;

/* Which units of a part are taken first. */
typedef enum {
	TILL_PROMO_PICK_DEAREST,
	TILL_PROMO_PICK_CHEAPEST,
	TILL_PROMO_PICK_FIRST, /* in the order of the basket */
} TillPromoPick;

typedef struct {
	TillPromoItems items;
	gint64 quantity;
	gboolean reward; /* with any part marked, the effect is on the marked ones only */
	TillPromoPick pick;
} TillPromoPart;

typedef struct {
	TillPromoKind kind;
	TillPromoTarget target;
	gint64 value;         /* ppm (percent, points) or minor units (amount, fixed price) */
	TillPromoItems items; /* not for sets: their parts say it */
	gint64 from_unit;     /* on units: from the n-th unit of a line, 1 and 0: all */
	gint64 units;         /* on units and lines: at most so many a line; cheapest: how many */
	gint64 cap_minor;     /* at most so much altogether; 0: no cap */
	TillPromoTierBy tier_by;
	TillPromoTier *tiers; /* owned; ascending */
	guint tier_count;
	TillPromoPart *parts; /* owned */
	guint part_count;
	gint64 cheapest;      /* of a set: only its cheapest n units; 0: all */
	gboolean each;        /* of a set: the amount or price is for each unit, not for the set */
	char *gift_sku;       /* owned; gift only */
	gint64 gift_quantity; /* pieces, for each complete set */
} TillPromoEffect;

typedef enum {
	TILL_PROMO_BASIS_NET,     /* still to be paid when its turn comes */
	TILL_PROMO_BASIS_LIST,    /* before any promotion */
	TILL_PROMO_BASIS_UNTAXED, /* still to be paid, without tax */
} TillPromoBasis;

/* What the basket must hold. */
typedef struct {
	TillPromoItems items;
	gint64 quantity; /* pieces */
	gint64 amount_minor;
	TillPromoBasis basis;
	gboolean one_line; /* one single line must do */
} TillPromoNeed;

typedef enum {
	TILL_PROMO_STACKS,    /* beside all that stack, one of each group */
	TILL_PROMO_EXCLUSIVE, /* alone */
	TILL_PROMO_ALWAYS,    /* beside every other, also an exclusive one */
} TillPromoStacking;

typedef struct TillPromo TillPromo;
struct TillPromo {
	char *id; /* owned, as all texts here */
	gint64 version;
	char *name; /* words for the shopper */
	TillPromoStage stage;
	TillPromoStacking stacking;
	gint64 priority;
	char *group;    /* "": none; at most one of a group applies */
	char *currency; /* "": the shop's */
	/* When. */
	gint64 valid_from_ms;
	gint64 valid_to_ms; /* not included; 0: open end */
	/* At most one of the group to each line; lines may have different ones. */
	gboolean group_lines;
	guint weekdays;    /* bit 0 Monday … bit 6 Sunday; 0: all */
	guint from_minute; /* of the local day; from > to passes midnight; equal: all day */
	guint to_minute;
	/* Where and who; empty lists: everywhere, everybody. */
	TillPromoList channels;
	TillPromoList stores;
	TillPromoList groups;
	TillPromoList segments;
	gboolean known_customer;
	guint need_count;
	gint64 purchase; /* only the customer's n-th purchase; 0: any */
	/* Coupon codes in capitals; empty: none is needed. */
	TillPromoList codes;
	gint64 code_uses; /* of each code; 0: any number */
	gint64 code_uses_per_customer;
	TillPromoNeed *needs;    /* owned */
	TillPromoItems excluded; /* lines it never touches; used when has_excluded */
	gboolean has_excluded;
	gboolean skip_reduced;
	/* Limits; 0: none. */
	gint64 per_basket; /* sets */
	gint64 units;      /* pieces in one basket, dearest first */
	gint64 uses;
	gint64 uses_per_customer;
	gint64 budget_minor;
	gboolean budget_cut; /* what is left is given; else nothing is */
	guint effect_count;
	TillPromoEffect *effects; /* owned */
};

/* A zeroed promotion (version 1, texts NULL) to be filled in by one reader before it is shared. */
TillPromo *till_promo_new(void);
TillPromo *till_promo_ref(const TillPromo *promo);
void till_promo_unref(TillPromo *promo);

/* A line as promotions see it. All borrowed; lists are NULL-terminated or NULL. */
typedef struct {
	const char *sku;
	const char *style;
	const char *brand;
	const char *const *tags;
	const char *const *categories; /* paths */
	gint64 unit_minor;
	gint64 quantity_milli;
	gboolean weighed;
	gint64 amount_minor;       /* unit × quantity, rounded by the caller; ≥ 0 */
	gint64 minimum_unit_minor; /* no promotion goes below; 0: none */
	gint64 untaxed_minor;      /* amount without the taxes that are inside it */
	gboolean reduced;          /* its price is a reduced one already */
	gboolean locked;           /* no promotion touches it */
} TillPromoLine;

/* Pieces of a line: 1 when weighed. */
gint64 till_promo_pieces(const TillPromoLine *line);
gboolean till_promo_list_has(const TillPromoList *list, const char *value);
/* unit_minor and reduced as they stand now. */
gboolean till_promo_items_match(const TillPromoItems *items, const TillPromoLine *line,
				gint64 unit_minor, gboolean reduced);
/* Whether any list is asked. */
gboolean till_promo_items_is_narrow(const TillPromoItems *items);
/* Puts the list in order and counts it; values (owned, NULL-terminated) is taken. */
void till_promo_list_take(TillPromoList *list, char **values);
/* Frees what they hold; for rules of other kinds that name goods the same way. */
void till_promo_list_clear(TillPromoList *list);
void till_promo_items_clear(TillPromoItems *items);
/* -1, 0, 1 in the order of work. */
int till_promo_compare(const TillPromo *a, const TillPromo *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TillPromo, till_promo_unref)

G_END_DECLS
