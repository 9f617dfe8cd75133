/* SPDX-License-Identifier: Apache-2.0 */
#include "status-page.h"

#include <gio/gio.h>
#include <string.h>

#include "json.h"
#include "page-template.h"
#include "page-words.h"
#include "text.h"

#include "till-central-resources.h"

#define TEMPLATE "/tillhouse/central/web/status.html"
#define BAY_MAX 40
#define CAR_MAX 80
#define BAY "Bay "
#define BETWEEN " · "

/* One page in the making. */
typedef struct {
	const TillStatusView *view;
	const json_t *words;
	json_t *page;
	const char *store; /* its name */
} Maker;

void
till_status_page_clear_store(TillStatusStore *store)
{
	g_free(store->shop_name);
	g_free(store->name);
	g_free(store->address);
	g_free(store->time_zone);
	memset(store, 0, sizeof *store);
}

/* --- what a shopper says of where they stand --- */

char *
till_status_page_arrival(const char *bay, const char *car)
{
	g_autofree char *place = till_text_clean(bay, BAY_MAX);
	g_autofree char *vehicle = till_text_clean(car, CAR_MAX);
	gboolean number = *place != '\0' && strspn(place, "0123456789") == strlen(place);

	/* Whatever could be taken for the sign between the two. */
	g_strdelimit(g_strstrip(place), "\n", ' ');
	g_strstrip(vehicle);
	return g_strconcat(number ? BAY : "", place,
			   *place != '\0' && *vehicle != '\0' ? BETWEEN : "", vehicle, NULL);
}

void
till_status_page_split_arrival(const char *arrival, char **out_bay, char **out_car)
{
	const char *between = strstr(arrival, BETWEEN);
	gboolean has_bay = between != NULL || g_str_has_prefix(arrival, BAY);
	const char *bay = g_str_has_prefix(arrival, BAY) ? arrival + strlen(BAY) : arrival;

	if (!has_bay) {
		*out_bay = g_strdup("");
		*out_car = g_strdup(arrival);
		return;
	}
	*out_bay = between != NULL ? g_strndup(bay, (gsize)(between - bay)) : g_strdup(bay);
	*out_car = g_strdup(between != NULL ? between + strlen(BETWEEN) : "");
}

/* --- parts of the page --- */

static char *
when(const Maker *maker, gint64 at_ms)
{
	return till_page_words_time(maker->words, at_ms, maker->view->now_ms,
				    maker->view->store->time_zone);
}

static void
put_timed(Maker *maker, const char *word, gint64 at_ms)
{
	g_autofree char *time = when(maker, at_ms);
	g_autofree char *text = till_page_words_put(maker->words, word, "time", time);

	till_json_put_text(maker->page, "when", text);
}

/* What is under way still, and not sent. */
static gboolean
is_open(const TillFulfilment *fulfilment)
{
	TillFulfilmentState state = till_fulfilment_state(fulfilment);

	return state != TILL_FULFILMENT_DONE && state != TILL_FULFILMENT_CANCELLED;
}

static void
put_head(Maker *maker)
{
	const TillFulfilment *fulfilment = maker->view->fulfilment;
	TillFulfilmentState state = till_fulfilment_state(fulfilment);
	gboolean sent = fulfilment->kind == TILL_FULFILMENT_SHIP && state == TILL_FULFILMENT_DONE;
	const char *name = sent ? "sent" : till_fulfilment_state_name(state);
	g_autofree char *head = g_strconcat("head_", name, NULL);
	g_autofree char *say = g_strconcat("say_", sent ? "done" : name, NULL);
	g_autofree char *said = till_page_words_put(maker->words, say, "store", maker->store);

	till_json_put_text(maker->page, "state", name);
	till_json_put_text(maker->page, "head", till_page_words_get(maker->words, head));
	till_json_put_text(maker->page, "title", till_page_words_get(maker->words, head));
	till_json_put_text(maker->page, "say", said);
	if ((state == TILL_FULFILMENT_TO_PICK || state == TILL_FULFILMENT_PICKING) &&
	    fulfilment->promise_ms > maker->view->now_ms)
		put_timed(maker, "expected", fulfilment->promise_ms);
	else if (is_open(fulfilment) && fulfilment->expires_ms != 0)
		put_timed(maker,
			  fulfilment->expires_ms > maker->view->now_ms ? "held" : "held_over",
			  fulfilment->expires_ms);
}

static void
put_steps(Maker *maker)
{
	static const int at[TILL_FULFILMENT_STATES] = {
	    [TILL_FULFILMENT_TO_PICK] = 0, [TILL_FULFILMENT_PICKING] = 1,
	    [TILL_FULFILMENT_READY] = 2,   [TILL_FULFILMENT_PART] = 3,
	    [TILL_FULFILMENT_DONE] = 4,    [TILL_FULFILMENT_CANCELLED] = -1};
	const TillFulfilment *fulfilment = maker->view->fulfilment;
	gboolean ship = fulfilment->kind == TILL_FULFILMENT_SHIP;
	const char *const names[] = {"step_placed", "step_picking", "step_ready",
				     ship ? "step_sent" : "step_done"};
	int now = at[till_fulfilment_state(fulfilment)];
	json_t *steps = json_array();

	for (int i = 0; now >= 0 && i < (int)G_N_ELEMENTS(names); i++) {
		g_autofree char *name =
		    till_page_words_put(maker->words, names[i], "store", maker->store);
		json_t *step = json_object();
		const char *mark = i < now ? "done" : i == now ? "now" : "";
		till_json_put_text(step, "name", name);
		till_json_put_text(step, "mark", mark);
		till_json_put_bool(step, "now", i == now);
		if (*mark != '\0')
			till_json_put_text(step, "word", till_page_words_get(maker->words, mark));
		json_array_append_new(steps, step);
	}
	till_json_put_bool(maker->page, "has_steps", json_array_size(steps) > 0);
	json_object_set_new(maker->page, "steps", steps);
}

static void
put_outside(Maker *maker)
{
	const TillFulfilment *fulfilment = maker->view->fulfilment;
	TillFulfilmentState state = till_fulfilment_state(fulfilment);
	gboolean can = fulfilment->kind == TILL_FULFILMENT_PICKUP &&
		       (state == TILL_FULFILMENT_READY || state == TILL_FULFILMENT_PART);
	gboolean here = fulfilment->arrived_ms != 0;
	json_t *outside = json_object();
	g_autofree char *bay = NULL;
	g_autofree char *car = NULL;

	till_status_page_split_arrival(fulfilment->arrival, &bay, &car);
	till_json_put_bool(outside, "here", here);
	till_json_put_text(outside, "bay", bay);
	till_json_put_text(outside, "car", car);
	if (here) {
		g_autofree char *time = when(maker, fulfilment->arrived_ms);
		g_autofree char *said = till_page_words_put(maker->words, "here_say", "time", time);
		gboolean number = *bay != '\0' && strspn(bay, "0123456789") == strlen(bay);
		g_autofree char *place =
		    number ? till_page_words_put(maker->words, "bay_said", "bay", bay)
			   : g_strdup(bay);
		g_autofree char *arrival =
		    g_strconcat(place, *place != '\0' && *car != '\0' ? BETWEEN : "", car, NULL);
		till_json_put_text(outside, "here_say", said);
		till_json_put_text(outside, "arrival", arrival);
	}
	if (can || (here && is_open(fulfilment)))
		json_object_set(maker->page, "outside", outside);
	json_decref(outside);
}

static void
put_place(Maker *maker)
{
	const TillStatusStore *store = maker->view->store;
	g_auto(GStrv) lines = g_strsplit(store->address, "\n", 6);
	json_t *place = json_object();
	json_t *list = json_array();

	for (char **line = lines; *line != NULL; line++)
		json_array_append_new(list, json_string(*line));
	till_json_put_text(place, "store", maker->store);
	json_object_set_new(place, "lines", list);
	if (maker->view->fulfilment->kind != TILL_FULFILMENT_SHIP)
		json_object_set(maker->page, "address", place);
	json_decref(place);
}

static void
put_bring(Maker *maker)
{
	const TillFulfilment *fulfilment = maker->view->fulfilment;
	json_t *points = json_array();
	json_t *bring = json_object();
	gint64 age = 0;

	json_array_append_new(points, json_string(till_page_words_get(maker->words, "bring_code")));
	if (*fulfilment->customer_name != '\0') {
		g_autofree char *text = till_page_words_put(maker->words, "bring_id", "name",
							    fulfilment->customer_name);
		json_array_append_new(points, json_string(text));
	}
	for (guint i = 0; i < fulfilment->lines->len; i++) {
		const TillFulfilmentLine *line = g_ptr_array_index(fulfilment->lines, i);
		if (till_order_left(fulfilment->life, i) > 0)
			age = MAX(age, line->min_age);
	}
	if (age > 0) {
		g_autofree char *years = g_strdup_printf("%" G_GINT64_FORMAT, age);
		g_autofree char *text = till_page_words_put(maker->words, "bring_age", "n", years);
		json_array_append_new(points, json_string(text));
	}
	json_object_set_new(bring, "points", points);
	if (fulfilment->kind == TILL_FULFILMENT_PICKUP && is_open(fulfilment))
		json_object_set(maker->page, "bring", bring);
	json_decref(bring);
}

/* --- items --- */

/* What the whole line costs, where all of it comes this way. Caller frees; NULL: not told. */
static char *
line_price(const Maker *maker, guint number, gint64 milli)
{
	const TillOrderRecord *record = maker->view->record;
	const TillOrderRecordLine *line = till_order_record_line(record, number);

	if (record->gift || line == NULL || line->quantity_milli != milli ||
	    line->cancelled_milli != 0)
		return NULL;
	return till_page_words_money(maker->words, line->total_minor, record->currency);
}

static void
add_item(Maker *maker, json_t *items, guint index, gint64 milli)
{
	const TillFulfilmentLine *line = g_ptr_array_index(maker->view->fulfilment->lines, index);
	g_autofree char *quantity = till_page_words_quantity(maker->words, milli);
	g_autofree char *price = line_price(maker, line->line, milli);
	json_t *item = json_object();

	till_json_put_text(item, "quantity", quantity);
	till_json_put_text(item, "name", line->name);
	till_json_put_text(item, "variant", line->variant);
	till_json_put_text(item, "price", price);
	json_array_append_new(items, item);
}

/* Pieces; what is weighed counts as one. */
static gint64
pieces(gint64 milli)
{
	return milli % 1000 == 0 ? milli / 1000 : 1;
}

static void
add_list(Maker *maker, json_t *lists, const char *word, gboolean given)
{
	const TillFulfilment *fulfilment = maker->view->fulfilment;
	json_t *list = json_object();
	json_t *items = json_array();
	gint64 count = 0;

	for (guint i = 0; i < fulfilment->lines->len; i++) {
		gint64 taken = till_order_quantity(fulfilment->life, i, TILL_ORDER_COLLECTED) +
			       till_order_quantity(fulfilment->life, i, TILL_ORDER_SHIPPED);
		gint64 milli = given ? taken : till_order_left(fulfilment->life, i);
		if (milli <= 0)
			continue;
		count += pieces(milli);
		add_item(maker, items, i, milli);
	}
	if (json_array_size(items) > 0) {
		g_autofree char *words = till_page_words_count(maker->words, "items", count);
		till_json_put_text(list, "name", till_page_words_get(maker->words, word));
		till_json_put_text(list, "count", words);
		json_object_set(list, "items", items);
		json_array_append(lists, list);
	}
	json_decref(items);
	json_decref(list);
}

static void
put_items(Maker *maker)
{
	const TillOrderRecord *record = maker->view->record;
	gint64 given = till_fulfilment_count(maker->view->fulfilment, TILL_ORDER_COLLECTED) +
		       till_fulfilment_count(maker->view->fulfilment, TILL_ORDER_SHIPPED);
	json_t *lists = json_array();
	json_t *last;

	add_list(maker, lists, given > 0 ? "items_left" : "items", FALSE);
	add_list(maker, lists, "items_given", TRUE);
	last = json_array_get(lists, json_array_size(lists) - 1);
	if (last != NULL && !record->gift && record->fulfilments->len == 1) {
		g_autofree char *total =
		    till_page_words_money(maker->words, record->total_minor, record->currency);
		till_json_put_text(last, "total", total);
	}
	if (last != NULL)
		till_json_put_bool(last, "gift", record->gift);
	json_object_set_new(maker->page, "lists", lists);
}

/* --- the whole --- */

static char *
fill(const json_t *page)
{
	g_autoptr(GBytes) template = g_resource_lookup_data(till_central_get_resource(), TEMPLATE,
							    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

	g_assert(template != NULL);
	return till_page_template_fill(g_bytes_get_data(template, NULL), page);
}

static json_t *
begin(const json_t *words, const char *shop)
{
	json_t *page = json_object();

	json_object_set(page, "t", (json_t *)(guintptr)words);
	till_json_put_text(page, "shop", shop);
	return page;
}

char *
till_status_page_make(const TillStatusView *view)
{
	Maker maker = {.view = view, .words = till_page_words_table(view->language)};
	g_autoptr(json_t) page = begin(maker.words, view->store->shop_name);
	g_autofree char *order = NULL;
	g_autofree char *path = g_strconcat("/p/", view->token, NULL);

	maker.page = page;
	maker.store = view->store->name;
	order = till_page_words_put(maker.words, "order", "number", view->fulfilment->number);
	till_json_put_text(page, "order", order);
	till_json_put_text(page, "path", path);
	till_json_put_bool(page, "live", TRUE);
	till_json_put_bool(page, "back", TRUE);
	till_json_put_text(page, "svg", view->svg);
	put_head(&maker);
	put_steps(&maker);
	put_outside(&maker);
	put_place(&maker);
	put_bring(&maker);
	put_items(&maker);
	return fill(page);
}

char *
till_status_page_trouble(const char *why, const char *language)
{
	const json_t *words = till_page_words_table(language);
	g_autoptr(json_t) page = begin(words, "");
	g_autofree char *title = g_strconcat(why, "_title", NULL);
	g_autofree char *say = g_strconcat(why, "_say", NULL);

	till_json_put_text(page, "state", "trouble");
	till_json_put_text(page, "title", till_page_words_get(words, title));
	till_json_put_text(page, "head", till_page_words_get(words, title));
	till_json_put_text(page, "say", till_page_words_get(words, say));
	return fill(page);
}
