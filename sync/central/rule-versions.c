/* SPDX-License-Identifier: Apache-2.0 */
#include "rule-versions.h"

#include <string.h>

#include "changes.h"
#include "error.h"
#include "past.h"
#include "promo-json.h"
#include "rules.h"
#include "server-log.h"

/* Versions that are kept: tills are seldom more than a change apart. */
#define PROMOS_MAX 4
#define SHOPS_MAX 64
/* Promotions read in one visit to the writer: a few milliseconds of its time. */
#define PIECE_ROWS 500

/* All promotions of the chain between two numbers. */
typedef struct {
	gint64 from;
	gint64 to;          /* not included */
	GHashTable *parsed; /* since and id as text (owned) → TillPromo (owned reference) */
	TillPromoIndex *index;
	TillPromo *extra;            /* owned reference; nullable */
	TillPromoIndex *extra_index; /* with extra; NULL without */
} Promos;

typedef struct {
	char *store_code;
	gint64 from;
	gint64 to;
	gboolean good;        /* FALSE: not to be worked with */
	TillPriceRules rules; /* without promotions */
} Shop;

struct TillRuleVersions {
	TillCentral *central; /* borrowed */
	GQueue promos;        /* of Promos, the one used last first */
	GQueue shops;         /* of Shop, the same */
	TillPriceRules rules; /* what was answered last */
};

static void
free_promos(gpointer data)
{
	Promos *promos = data;

	if (promos->parsed != NULL)
		g_hash_table_unref(promos->parsed);
	till_promo_index_unref(promos->index);
	till_promo_unref(promos->extra);
	till_promo_index_unref(promos->extra_index);
	g_free(promos);
}

static void
free_shop(gpointer data)
{
	Shop *shop = data;

	till_price_rules_clear(&shop->rules);
	g_free(shop->store_code);
	g_free(shop);
}

TillRuleVersions *
till_rule_versions_new(TillCentral *central)
{
	TillRuleVersions *versions = g_new0(TillRuleVersions, 1);

	versions->central = central;
	g_queue_init(&versions->promos);
	g_queue_init(&versions->shops);
	return versions;
}

void
till_rule_versions_free(TillRuleVersions *versions)
{
	if (versions == NULL)
		return;
	till_price_rules_clear(&versions->rules);
	g_queue_clear_full(&versions->promos, free_promos);
	g_queue_clear_full(&versions->shops, free_shop);
	g_free(versions);
}

/* --- what the writer is asked for --- */

/* Between which numbers rules are the same, as far as the feed has come. */
typedef struct {
	const char *scope;
	const char *collections[2]; /* the second nullable */
	gint64 number;
	gint64 head;
	gint64 from;
	gint64 to; /* not included; beyond what is known when the number has not come */
	GError *error;
} Span;

static gboolean
span_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Span *span = data;
	gint64 floor;

	if (!till_changes_heads(central->db, span->scope, &span->head, &floor, &span->error))
		return TRUE;
	span->from = 0;
	span->to = span->head + 1;
	for (gsize i = 0; i < G_N_ELEMENTS(span->collections); i++) {
		TillPastSpan found;
		if (span->collections[i] == NULL)
			continue;
		if (!till_past_span(central->db, span->scope,
				    till_collection_find(span->collections[i]), span->number,
				    &found, &span->error))
			return TRUE;
		span->from = MAX(span->from, found.from);
		span->to = found.to > 0 ? MIN(span->to, found.to) : span->to;
	}
	return TRUE;
}

typedef struct {
	const char *store_code;
	gint64 number;
	TillPriceRules *rules;
	GError *error;
} Load;

static gboolean
load_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Load *load = data;

	if (!till_rules_load_at(central->db, load->store_code, TILL_TAX_CARRY, load->number,
				load->rules, &load->error))
		g_assert(load->error != NULL);
	return TRUE;
}

typedef struct {
	gint64 number;
	const char *after; /* NULL: those that are gone */
	GArray *rows;      /* of TillPastRow */
	GError *error;
} Piece;

static gboolean
piece_run(gpointer owner, gpointer data)
{
	TillCentral *central = owner;
	Piece *piece = data;
	const TillCollection *collection = till_collection_find("promotion");
	TillPastPiece part = {.after = piece->after, .count = PIECE_ROWS};
	gboolean read = piece->after == NULL
			    ? till_past_gone(central->db, TILL_CHANGES_CHAIN, collection,
					     piece->number, piece->rows, &piece->error)
			    : till_past_present(central->db, TILL_CHANGES_CHAIN, collection,
						piece->number, &part, piece->rows, &piece->error);

	g_assert(read == (piece->error == NULL));
	return TRUE;
}

static gboolean
ask_writer(TillRuleVersions *versions, TillWriterRun run, gpointer data, GError **inner,
	   GError **error)
{
	if (!till_writer_call(versions->central->writer, run, data, error))
		return FALSE;
	if (*inner == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(inner));
	return FALSE;
}

/* FALSE without error: the feed has not come so far. */
static gboolean
ask_span(TillRuleVersions *versions, Span *span, GError **error)
{
	return ask_writer(versions, span_run, span, &span->error, error) &&
	       span->number <= span->head;
}

/* --- promotions --- */

static TillPromo *
parse_row(const TillPastRow *row)
{
	const char *body = json_string_value(json_object_get(row->value, "body"));
	g_autoptr(GError) error = NULL;
	TillPromo *promo = till_promo_json_parse(body, strlen(body), &error);

	if (promo == NULL)
		till_server_log("promotion", "reason=\"%s\"", error->message);
	return promo;
}

/* Of a promotion that changed while the pieces were read there may be the same row twice. */
static void
take_row(const TillRuleVersions *versions, Promos *promos, const TillPastRow *row)
{
	g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT " %s", row->since, row->key);
	TillPromo *promo = NULL;

	if (g_hash_table_contains(promos->parsed, name))
		return;
	for (const GList *item = versions->promos.head; item != NULL && promo == NULL;
	     item = item->next) {
		const Promos *other = item->data;
		promo = g_hash_table_lookup(other->parsed, name);
	}
	promo = promo != NULL ? till_promo_ref(promo) : parse_row(row);
	if (promo != NULL)
		g_hash_table_insert(promos->parsed, g_steal_pointer(&name), promo);
}

static gboolean
read_promos(TillRuleVersions *versions, Promos *promos, GError **error)
{
	g_autofree char *after = g_strdup("");
	gboolean more = TRUE;

	while (more) {
		g_autoptr(GArray) rows = till_past_rows_new();
		Piece piece = {.number = promos->from, .after = after, .rows = rows};
		if (!ask_writer(versions, piece_run, &piece, &piece.error, error))
			return FALSE;
		for (guint i = 0; i < rows->len; i++)
			take_row(versions, promos, &g_array_index(rows, TillPastRow, i));
		more = after != NULL;
		if (rows->len > 0 && more) {
			g_free(after);
			after = g_strdup(g_array_index(rows, TillPastRow, rows->len - 1).key);
		} else {
			g_clear_pointer(&after, g_free);
		}
	}
	return TRUE;
}

/* With one more promotion in the place of any that has its id. */
static TillPromoIndex *
make_index(const Promos *promos, TillPromo *extra)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	GHashTableIter iter;
	gpointer promo;

	g_hash_table_iter_init(&iter, promos->parsed);
	while (g_hash_table_iter_next(&iter, NULL, &promo)) {
		if (extra == NULL || strcmp(((TillPromo *)promo)->id, extra->id) != 0)
			g_ptr_array_add(list, promo);
	}
	if (extra != NULL)
		g_ptr_array_add(list, extra);
	return till_promo_index_new((TillPromo *const *)list->pdata, list->len);
}

static Promos *
load_promos(TillRuleVersions *versions, const Span *span, GError **error)
{
	Promos *promos = g_new0(Promos, 1);

	promos->from = span->from;
	promos->to = span->to;
	promos->parsed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)till_promo_unref);
	if (!read_promos(versions, promos, error)) {
		free_promos(promos);
		return NULL;
	}
	promos->index = make_index(promos, NULL);
	g_queue_push_head(&versions->promos, promos);
	if (versions->promos.length > PROMOS_MAX)
		free_promos(g_queue_pop_tail(&versions->promos));
	return promos;
}

static Promos *
take_known_promos(TillRuleVersions *versions, gint64 from, gint64 number)
{
	for (GList *item = versions->promos.head; item != NULL; item = item->next) {
		Promos *promos = item->data;
		if (promos->from != from && (number < promos->from || number >= promos->to))
			continue;
		g_queue_unlink(&versions->promos, item);
		g_queue_push_head_link(&versions->promos, item);
		return promos;
	}
	return NULL;
}

static Promos *
find_promos(TillRuleVersions *versions, gint64 number, GError **error)
{
	Span span = {
	    .scope = TILL_CHANGES_CHAIN, .collections = {"promotion", NULL}, .number = number};
	Promos *promos = take_known_promos(versions, -1, number);

	if (promos != NULL)
		return promos;
	if (!ask_span(versions, &span, error))
		return NULL;
	promos = take_known_promos(versions, span.from, -1);
	if (promos == NULL)
		return load_promos(versions, &span, error);
	promos->to = MAX(promos->to, span.to);
	return promos;
}

static TillPromoIndex *
choose_index(Promos *promos, TillPromo *extra)
{
	if (extra == NULL)
		return promos->index;
	if (promos->extra != extra) {
		till_promo_unref(promos->extra);
		till_promo_index_unref(promos->extra_index);
		promos->extra = till_promo_ref(extra);
		promos->extra_index = make_index(promos, extra);
	}
	return promos->extra_index;
}

/* --- stores --- */

static Shop *
take_known_shop(TillRuleVersions *versions, const char *store_code, gint64 from, gint64 number)
{
	for (GList *item = versions->shops.head; item != NULL; item = item->next) {
		Shop *shop = item->data;
		if (strcmp(shop->store_code, store_code) != 0 ||
		    (shop->from != from && (number < shop->from || number >= shop->to)))
			continue;
		g_queue_unlink(&versions->shops, item);
		g_queue_push_head_link(&versions->shops, item);
		return shop;
	}
	return NULL;
}

/* Rules that cannot be worked with are remembered as such. */
static Shop *
load_shop(TillRuleVersions *versions, const char *store_code, const Span *span, GError **error)
{
	Shop *shop = g_new0(Shop, 1);
	Load load = {.store_code = store_code, .number = span->from, .rules = &shop->rules};
	g_autoptr(GError) local = NULL;

	shop->store_code = g_strdup(store_code);
	shop->from = span->from;
	shop->to = span->to;
	shop->good = ask_writer(versions, load_run, &load, &load.error, &local);
	if (local != NULL && !g_error_matches(local, TILL_ERROR, TILL_ERROR_NOT_FOUND) &&
	    !g_error_matches(local, TILL_ERROR, TILL_ERROR_INVALID)) {
		g_propagate_error(error, g_steal_pointer(&local));
		free_shop(shop);
		return NULL;
	}
	g_queue_push_head(&versions->shops, shop);
	if (versions->shops.length > SHOPS_MAX)
		free_shop(g_queue_pop_tail(&versions->shops));
	return shop;
}

static Shop *
find_shop(TillRuleVersions *versions, const char *store_code, gint64 number, GError **error)
{
	char scope[TILL_CHANGES_SCOPE_MAX];
	Span span = {.scope = till_changes_scope(store_code, scope),
		     .collections = {"setting", "tax"},
		     .number = number};
	Shop *shop = take_known_shop(versions, store_code, -1, number);

	if (shop != NULL)
		return shop;
	if (!ask_span(versions, &span, error))
		return NULL;
	shop = take_known_shop(versions, store_code, span.from, -1);
	if (shop == NULL)
		return load_shop(versions, store_code, &span, error);
	shop->to = MAX(shop->to, span.to);
	return shop;
}

const TillPriceRules *
till_rule_versions_find(TillRuleVersions *versions, const TillRulesQuestion *question,
			GError **error)
{
	Shop *shop = find_shop(versions, question->store_code, question->shop, error);
	Promos *promos;

	if (shop == NULL || !shop->good)
		return NULL;
	promos = find_promos(versions, question->chain, error);
	if (promos == NULL)
		return NULL;
	till_price_rules_clear(&versions->rules);
	till_price_rules_copy(&versions->rules, &shop->rules);
	versions->rules.promos = till_promo_index_ref(choose_index(promos, question->extra));
	return &versions->rules;
}
