/* SPDX-License-Identifier: Apache-2.0 */
#include "order-source.h"

#include <string.h>

#include "api-help.h"
#include "availability.h"
#include "counter.h"
#include "error.h"
#include "order-plan.h"
#include "quantity.h"

static void
free_wanted(gpointer data)
{
	TillOrderWanted *wanted = data;

	g_free(wanted->code);
	g_free(wanted->sku);
	g_free(wanted->name);
	g_free(wanted->variant);
	g_free(wanted);
}

static void
free_sourced(gpointer data)
{
	TillOrderSourced *sourced = data;

	g_free(sourced->store);
	g_array_unref(sourced->parts);
	g_free(sourced);
}

TillOrderSource *
till_order_source_new(void)
{
	TillOrderSource *source = g_new0(TillOrderSource, 1);

	source->wanted = g_ptr_array_new_with_free_func(free_wanted);
	source->sourced = g_ptr_array_new_with_free_func(free_sourced);
	source->missing = g_ptr_array_new_with_free_func(g_free);
	return source;
}

void
till_order_source_free(TillOrderSource *source)
{
	if (source == NULL)
		return;
	g_ptr_array_unref(source->wanted);
	g_ptr_array_unref(source->sourced);
	g_ptr_array_unref(source->missing);
	g_free(source);
}

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
refuse(GError **error, const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, TILL_ERROR, TILL_ERROR_INVALID, words);
	return FALSE;
}

/* --- what is wanted --- */

static TillOrderWanted *
get_wanted(const TillOrderSource *source, guint index)
{
	return g_ptr_array_index(source->wanted, index);
}

static TillOrderWanted *
find_wanted(const TillOrderSource *source, const char *sku)
{
	for (guint i = 0; i < source->wanted->len; i++) {
		if (strcmp(get_wanted(source, i)->sku, sku) == 0)
			return get_wanted(source, i);
	}
	return NULL;
}

static TillOrderWanted *
add_wanted(TillOrderSource *source, const TillItem *item, const char *code)
{
	TillOrderWanted *wanted = g_new0(TillOrderWanted, 1);

	wanted->code = g_strdup(code);
	wanted->sku = g_strdup(item->sku);
	wanted->name = g_strdup(item->name);
	wanted->variant = g_strdup(item->variant);
	g_ptr_array_add(source->wanted, wanted);
	return wanted;
}

gboolean
till_order_source_read(TillOrderSource *source, TillCentral *central, const TillCart *content,
		       GError **error)
{
	gint64 now_ms = till_central_now_ms(central);

	for (guint i = 0; i < content->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(content->lines, i);
		g_autoptr(TillItem) item =
		    till_counter_item(central->db, "", line->code, now_ms, error);
		TillOrderWanted *wanted;
		if (item == NULL) {
			g_prefix_error(error, "order.lines[%u].code: ", i);
			return FALSE;
		}
		wanted = find_wanted(source, item->sku);
		if (wanted == NULL)
			wanted = add_wanted(source, item, line->code);
		wanted->quantity_milli += line->quantity_milli;
		if (wanted->quantity_milli > TILL_QUANTITY_MAX_MILLI)
			return refuse(error, "order.lines[%u].quantity_milli is too much", i);
	}
	return TRUE;
}

/* --- what the parts are --- */

/* Which wanted line each of the content's lines became. */
static guint *
map_lines(const TillOrderSource *source, TillCentral *central, const TillCart *content)
{
	guint *map = g_new(guint, content->lines->len);

	for (guint i = 0; i < content->lines->len; i++) {
		const TillCartLine *line = g_ptr_array_index(content->lines, i);
		g_autoptr(TillItem) item = till_counter_item(central->db, "", line->code,
							     till_central_now_ms(central), NULL);
		map[i] = 0;
		for (guint j = 0; item != NULL && j < source->wanted->len; j++) {
			if (strcmp(get_wanted(source, j)->sku, item->sku) == 0)
				map[i] = j;
		}
	}
	return map;
}

static void
add_part(GArray *parts, guint line, gint64 milli)
{
	TillOrderRecordPart part = {line, milli};

	for (guint i = 0; i < parts->len; i++) {
		TillOrderRecordPart *at = &g_array_index(parts, TillOrderRecordPart, i);
		if (at->line == line) {
			at->quantity_milli += milli;
			return;
		}
	}
	g_array_append_val(parts, part);
}

static TillOrderSourced *
add_sourced(TillOrderSource *source, TillFulfilmentKind kind, const char *store)
{
	TillOrderSourced *sourced = g_new0(TillOrderSourced, 1);

	sourced->kind = kind;
	sourced->store = g_strdup(store);
	sourced->parts = g_array_new(FALSE, FALSE, sizeof(TillOrderRecordPart));
	g_ptr_array_add(source->sourced, sourced);
	return sourced;
}

/* The store is there and does what is asked of it. */
static gboolean
check_store(TillCentral *central, guint index, const TillOrderSourced *sourced, GError **error)
{
	gboolean there;
	gboolean does;

	if (*sourced->store == '\0')
		return TRUE;
	if (!till_api_has_store(central, sourced->store, &there, error))
		return FALSE;
	if (!there)
		return refuse(error, "order.fulfilments[%u].store: there is no store \"%.20s\"",
			      index, sourced->store);
	if (!till_promise_does(central->db, sourced->store, sourced->kind, &does, error))
		return FALSE;
	return does ? TRUE
		    : refuse(error, "order.fulfilments[%u].kind: store %s does not do \"%s\"",
			     index, sourced->store, till_fulfilment_kind_name(sourced->kind));
}

/* What is left of each wanted line while parts take theirs. */
typedef struct {
	const guint *map; /* the content's line → wanted */
	guint line_count; /* of the content */
	gint64 *left;     /* of each wanted */
} Division;

static gboolean
take_lines(TillOrderSource *source, const TillOrderRequestPart *part, guint index,
	   Division *division, TillOrderSourced *sourced, GError **error)
{
	for (guint i = 0; i < part->parts->len; i++) {
		const TillOrderRecordPart *asked =
		    &g_array_index(part->parts, TillOrderRecordPart, i);
		guint wanted;
		if (asked->line > division->line_count)
			return refuse(error,
				      "order.fulfilments[%u].lines[%u].line: there is no line %u",
				      index, i, asked->line);
		wanted = division->map[asked->line - 1];
		if (asked->quantity_milli > division->left[wanted])
			return refuse(error,
				      "order.fulfilments[%u].lines[%u].quantity_milli is more "
				      "than is left of %s",
				      index, i, get_wanted(source, wanted)->sku);
		division->left[wanted] -= asked->quantity_milli;
		add_part(sourced->parts, wanted + 1, asked->quantity_milli);
	}
	return TRUE;
}

static TillFulfilmentKind
choose_kind(const TillOrderRequestPart *part)
{
	TillFulfilmentKind kind =
	    *part->store != '\0' ? TILL_FULFILMENT_PICKUP : TILL_FULFILMENT_SHIP;

	if (*part->kind != '\0' && !till_fulfilment_find_kind(part->kind, &kind))
		g_assert_not_reached(); /* the request was read */
	return kind;
}

static gboolean
divide(TillOrderSource *source, Division *division, const GPtrArray *parts, GError **error)
{
	const gint64 *left = division->left;
	TillOrderSourced *rest = NULL;
	gint64 open = 0;

	for (guint i = 0; i < parts->len; i++) {
		const TillOrderRequestPart *part = g_ptr_array_index(parts, i);
		TillOrderSourced *sourced = add_sourced(source, choose_kind(part), part->store);
		if (part->parts->len == 0)
			rest = sourced;
		if (!take_lines(source, part, i, division, sourced, error))
			return FALSE;
	}
	for (guint i = 0; i < source->wanted->len; i++) {
		if (rest != NULL && left[i] > 0)
			add_part(rest->parts, i + 1, left[i]);
		else if (left[i] > 0)
			return refuse(error, "order.fulfilments: %s is in no part of it",
				      get_wanted(source, i)->sku);
		open += left[i];
	}
	if (rest != NULL && open == 0)
		return refuse(error, "order.fulfilments: nothing is left for the part that names "
				     "no lines");
	return TRUE;
}

/* --- what is there --- */

/* Stores that do a kind, by promise and code, with what each has of every wanted item. */
typedef struct {
	GPtrArray *codes;  /* of char* */
	GArray *available; /* of gint64: codes × wanted */
} Market;

static void
clear_market(Market *market)
{
	g_clear_pointer(&market->codes, g_ptr_array_unref);
	g_clear_pointer(&market->available, g_array_unref);
}

typedef struct {
	char *code;
	gint64 promise_ms;
} Candidate;

static gint
compare_candidates(gconstpointer a, gconstpointer b)
{
	const Candidate *left = a;
	const Candidate *right = b;

	if (left->promise_ms != right->promise_ms)
		return left->promise_ms < right->promise_ms ? -1 : 1;
	return strcmp(left->code, right->code);
}

static GPtrArray *
list_stores(TillCentral *central, GError **error)
{
	TillDbQuery *query =
	    till_db_query(central->db, "SELECT code FROM store ORDER BY code LIMIT ?1");
	g_autoptr(GPtrArray) codes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;

	till_db_bind_int(query, 1, TILL_ORDER_PLAN_STORES_MAX);
	while (till_db_step(query, &local))
		g_ptr_array_add(codes, g_strdup(till_db_text(query, 0)));
	if (local == NULL)
		return g_steal_pointer(&codes);
	g_propagate_error(error, g_steal_pointer(&local));
	return NULL;
}

static gboolean
add_candidate(TillCentral *central, const char *code, TillFulfilmentKind kind, GArray *candidates,
	      GError **error)
{
	TillPromise promise;
	gboolean does;

	if (!till_promise_does(central->db, code, kind, &does, error) ||
	    !till_promise_make(central->db, code, kind, till_central_now_ms(central), &promise,
			       error))
		return FALSE;
	if (does) {
		Candidate candidate = {g_strdup(code), promise.promise_ms};
		g_array_append_val(candidates, candidate);
	}
	return TRUE;
}

static gboolean
choose_stores(TillCentral *central, TillFulfilmentKind kind, const char *not_in, GPtrArray *out,
	      GError **error)
{
	g_autoptr(GPtrArray) codes = list_stores(central, error);
	g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
	gboolean good = codes != NULL;

	for (guint i = 0; good && i < codes->len; i++) {
		const char *code = g_ptr_array_index(codes, i);
		good = strcmp(code, not_in) == 0 ||
		       add_candidate(central, code, kind, candidates, error);
	}
	g_array_sort(candidates, compare_candidates);
	for (guint i = 0; i < candidates->len; i++)
		g_ptr_array_add(out, g_array_index(candidates, Candidate, i).code);
	return good;
}

/* What other parts of this order have from the same store is promised already. */
static gint64
count_promised(const TillOrderSource *source, const char *store, guint wanted)
{
	gint64 sum = 0;

	for (guint i = 0; i < source->sourced->len; i++) {
		const TillOrderSourced *sourced = g_ptr_array_index(source->sourced, i);
		for (guint j = 0; j < sourced->parts->len; j++) {
			const TillOrderRecordPart *part =
			    &g_array_index(sourced->parts, TillOrderRecordPart, j);
			if (part->line == wanted + 1 && strcmp(sourced->store, store) == 0)
				sum += part->quantity_milli;
		}
	}
	return sum;
}

static gboolean
read_available(TillOrderSource *source, TillCentral *central, const char *store, guint wanted,
	       gint64 *out, GError **error)
{
	TillAvailability found;

	if (!till_availability_read(central->db, store, get_wanted(source, wanted)->sku, &found,
				    error))
		return FALSE;
	*out = found.counted ? found.available_milli - count_promised(source, store, wanted)
			     : G_MAXINT64 / 2;
	return TRUE;
}

static gboolean
read_market(TillOrderSource *source, TillCentral *central, TillFulfilmentKind kind,
	    const char *not_in, Market *out, GError **error)
{
	out->codes = g_ptr_array_new_with_free_func(g_free);
	out->available = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (!choose_stores(central, kind, not_in, out->codes, error))
		return FALSE;
	for (guint i = 0; i < out->codes->len; i++) {
		for (guint j = 0; j < source->wanted->len; j++) {
			gint64 milli;
			if (!read_available(source, central, g_ptr_array_index(out->codes, i), j,
					    &milli, error))
				return FALSE;
			g_array_append_val(out->available, milli);
		}
	}
	return TRUE;
}

/* --- who brings it --- */

static void
note_missing(TillOrderSource *source, guint wanted)
{
	const char *sku = get_wanted(source, wanted)->sku;

	if (!g_ptr_array_find_with_equal_func(source->missing, sku, g_str_equal, NULL))
		g_ptr_array_add(source->missing, g_strdup(sku));
}

/* A part whose store is named counts itself among what is promised: less than nothing is left where
 * it asks for too much. */
static gboolean
check_named(TillOrderSource *source, TillCentral *central, const TillOrderSourced *sourced,
	    GError **error)
{
	for (guint i = 0; i < sourced->parts->len; i++) {
		guint wanted = g_array_index(sourced->parts, TillOrderRecordPart, i).line - 1;
		gint64 left;
		if (!read_available(source, central, sourced->store, wanted, &left, error))
			return FALSE;
		if (left < 0)
			note_missing(source, wanted);
	}
	return TRUE;
}

static TillOrderPlanNeed *
make_needs(const GArray *parts)
{
	TillOrderPlanNeed *needs = g_new(TillOrderPlanNeed, parts->len);

	for (guint i = 0; i < parts->len; i++) {
		const TillOrderRecordPart *part = &g_array_index(parts, TillOrderRecordPart, i);
		needs[i] = (TillOrderPlanNeed){part->line - 1, part->quantity_milli};
	}
	return needs;
}

/* What no store, or not all of them together, has. */
static void
note_short(TillOrderSource *source, const Market *market, const TillOrderSourced *sourced)
{
	guint before = source->missing->len;

	for (guint i = 0; i < sourced->parts->len; i++) {
		const TillOrderRecordPart *part =
		    &g_array_index(sourced->parts, TillOrderRecordPart, i);
		gboolean found = FALSE;
		for (guint j = 0; j < market->codes->len; j++)
			found |= g_array_index(market->available, gint64,
					       j * source->wanted->len + part->line - 1) >=
				 part->quantity_milli;
		if (!found)
			note_missing(source, part->line - 1);
	}
	if (source->missing->len > before)
		return;
	for (guint i = 0; i < sourced->parts->len; i++)
		note_missing(source,
			     g_array_index(sourced->parts, TillOrderRecordPart, i).line - 1);
}

/* The first store takes the part's own place, others stand behind all parts. */
static void
place(TillOrderSource *source, const Market *market, const GArray *plan, TillOrderSourced *sourced)
{
	g_autoptr(GArray) needs = sourced->parts;
	TillOrderSourced *current = NULL;

	sourced->parts = g_array_new(FALSE, FALSE, sizeof(TillOrderRecordPart));
	for (guint i = 0; i < plan->len; i++) {
		const TillOrderPlanPart *part = &g_array_index(plan, TillOrderPlanPart, i);
		const char *code = g_ptr_array_index(market->codes, part->store);
		if (current == NULL) {
			current = sourced;
			g_free(current->store);
			current->store = g_strdup(code);
		} else if (strcmp(current->store, code) != 0) {
			current = add_sourced(source, sourced->kind, code);
		}
		add_part(current->parts, g_array_index(needs, TillOrderRecordPart, part->need).line,
			 part->milli);
	}
}

static gboolean
find_store(TillOrderSource *source, TillCentral *central, TillOrderSourced *sourced, GError **error)
{
	g_autofree TillOrderPlanNeed *needs = make_needs(sourced->parts);
	g_autoptr(GArray) plan = NULL;
	Market market = {NULL, NULL};
	gboolean good = read_market(source, central, sourced->kind, "", &market, error);

	if (good)
		plan = till_order_plan_make(needs, sourced->parts->len,
					    (const gint64 *)(gconstpointer)market.available->data,
					    market.codes->len, source->wanted->len,
					    sourced->kind == TILL_FULFILMENT_SHIP);
	if (good && plan != NULL)
		place(source, &market, plan, sourced);
	else if (good)
		note_short(source, &market, sourced);
	clear_market(&market);
	return good;
}

static gboolean
promise_all(TillOrderSource *source, TillCentral *central, GError **error)
{
	if (source->sourced->len > TILL_ORDER_RECORD_FULFILMENTS_MAX)
		return refuse(error, "order.fulfilments: this would come from more than %d stores",
			      TILL_ORDER_RECORD_FULFILMENTS_MAX);
	for (guint i = 0; i < source->sourced->len; i++) {
		TillOrderSourced *sourced = g_ptr_array_index(source->sourced, i);
		if (!till_promise_make(central->db, sourced->store, sourced->kind,
				       till_central_now_ms(central), &sourced->promise, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
till_order_source_find(TillOrderSource *source, TillCentral *central, const TillCart *content,
		       const GPtrArray *parts, GError **error)
{
	g_autofree guint *map = map_lines(source, central, content);
	g_autofree gint64 *left = g_new(gint64, source->wanted->len);
	Division division = {map, content->lines->len, left};
	guint count;

	for (guint i = 0; i < source->wanted->len; i++)
		left[i] = get_wanted(source, i)->quantity_milli;
	if (!divide(source, &division, parts, error))
		return FALSE;
	count = source->sourced->len;
	for (guint i = 0; i < count; i++) {
		const TillOrderSourced *sourced = g_ptr_array_index(source->sourced, i);
		if (!check_store(central, i, sourced, error) ||
		    (*sourced->store != '\0' && !check_named(source, central, sourced, error)))
			return FALSE;
	}
	for (guint i = 0; i < count; i++) {
		TillOrderSourced *sourced = g_ptr_array_index(source->sourced, i);
		if (*sourced->store == '\0' && !find_store(source, central, sourced, error))
			return FALSE;
	}
	return source->missing->len == 0 && promise_all(source, central, error);
}

char *
till_order_source_elsewhere(TillOrderSource *source, TillCentral *central, TillFulfilmentKind kind,
			    const GArray *needs, const char *not_in, GError **error)
{
	g_autofree TillOrderPlanNeed *wanted = make_needs(needs);
	g_autoptr(GArray) plan = NULL;
	Market market = {NULL, NULL};
	char *code = NULL;

	if (read_market(source, central, kind, not_in, &market, error))
		plan = till_order_plan_make(wanted, needs->len,
					    (const gint64 *)(gconstpointer)market.available->data,
					    market.codes->len, source->wanted->len, FALSE);
	if (plan != NULL && plan->len > 0)
		code = g_strdup(g_ptr_array_index(market.codes,
						  g_array_index(plan, TillOrderPlanPart, 0).store));
	clear_market(&market);
	return code;
}
