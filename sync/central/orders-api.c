/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api-help.h"
#include "api.h"
#include "counter.h"
#include "error.h"
#include "json.h"
#include "order-change.h"
#include "order-edit.h"
#include "order-place.h"
#include "server-log.h"
#include "text.h"

/* Orders as resources. */

#define PAGE_ROWS 50
#define PAGE_BYTES (768 * 1024)

/* --- reading bodies, off the writer --- */

/* error: where the reader of the message put it; looked at after that. */
static gboolean
finish_read(TillRequest *request, TillResponse *response, gpointer message, GDestroyNotify free,
	    GError *const *error)
{
	request->message = message;
	request->message_free = free;
	if (message == NULL)
		till_response_error(response, *error);
	return message != NULL;
}

gboolean
till_orders_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
		     TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	return finish_read(request, response, till_order_request_parse(text, size, &error),
			   (GDestroyNotify)till_order_request_free, &error);
}

gboolean
till_orders_api_read_cancel(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
			    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	return finish_read(request, response, till_order_request_cancel_parse(text, size, &error),
			   (GDestroyNotify)till_order_request_cancel_free, &error);
}

gboolean
till_orders_api_read_change(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
			    TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	return finish_read(request, response, till_order_request_amend_parse(text, size, &error),
			   (GDestroyNotify)till_order_request_amend_free, &error);
}

gboolean
till_orders_api_read_note(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
			  TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	return finish_read(request, response, till_order_request_note_parse(text, size, &error),
			   g_free, &error);
}

gboolean
till_orders_api_read_payment(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
			     TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	return finish_read(request, response, till_order_request_payment_parse(text, size, &error),
			   (GDestroyNotify)till_order_request_payment_free, &error);
}

/* --- placing --- */

static void
answer_missing(TillResponse *response, const GPtrArray *missing)
{
	json_t *skus = json_array();
	g_autoptr(GString) words = g_string_new("OUT_OF_STOCK: there is not enough of ");

	for (guint i = 0; i < missing->len; i++) {
		const char *sku = g_ptr_array_index(missing, i);
		json_array_append_new(skus, json_string(sku));
		g_string_append_printf(words, "%s%s", i > 0 ? ", " : "", sku);
	}
	g_string_append(words, " where it was asked for. See /v1/availability.");
	till_response_problem_with(response, TILL_PROBLEM_STOCK, words->str, "skus", skus);
}

static void
answer_order(TillResponse *response, const TillBookedOrder *order)
{
	till_response_json(response, till_order_book_tell(order));
	till_api_tag(response, order->record->version);
}

gboolean
till_orders_api_place(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autofree char *who = till_api_who(request);
	TillOrderPlacer placer = {.channel = till_api_channel(request), .who = who, .receipt = ""};
	g_autoptr(GPtrArray) missing = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedOrder) order =
	    till_order_place(central, request->message, &placer, &missing, &error);
	char id[TILL_UUID_TEXT];

	if (missing != NULL)
		answer_missing(response, missing);
	else if (order == NULL)
		till_api_fail(response, error);
	if (order == NULL)
		return FALSE;
	till_server_log("order", "placed number=%s by=%s", order->record->number, who);
	till_uuid_format(&order->record->id, id);
	till_api_created(response, "/v1/orders/", id, till_order_book_tell(order));
	till_api_tag(response, order->record->version);
	return TRUE;
}

/* --- one order --- */

gboolean
till_orders_api_one(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedOrder) order =
	    till_order_book_find(central->db, request->arguments[0], &error);

	if (order != NULL)
		answer_order(response, order);
	else
		till_response_error(response, error);
	return TRUE;
}

gboolean
till_orders_api_timeline(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillBookedOrder) order =
	    till_order_book_find(central->db, request->arguments[0], &error);
	json_t *list = NULL;
	json_t *answer;
	char id[TILL_UUID_TEXT];

	if (order != NULL)
		list = till_order_book_timeline(central->db,
						till_uuid_format(&order->record->id, id), &error);
	if (list == NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	answer = json_object();
	till_json_put_text(answer, "order", id);
	till_json_put_text(answer, "number", order->record->number);
	json_object_set_new(answer, "events", list);
	till_response_json(response, answer);
	return TRUE;
}

/* --- changing one --- */

/* What is to be done to the change's order. FALSE with error. */
typedef gboolean (*Edit)(TillCentral *central, TillOrderChange *change, TillRequest *request,
			 const TillOrderEditor *editor, GError **error);

static gboolean
edit(TillCentral *central, TillRequest *request, TillResponse *response, Edit run)
{
	g_autofree char *who = till_api_who(request);
	const TillOrderEditor editor = {who, till_api_channel(request)};
	g_autoptr(GError) error = NULL;
	TillBookedOrder *order = till_order_book_find(central->db, request->arguments[0], &error);
	g_autoptr(TillOrderChange) change = NULL;

	if (order == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	change = till_order_change_new(central, order, NULL);
	if (!till_api_check_version(request, order->record->version, response))
		return FALSE;
	if (!run(central, change, request, &editor, &error) ||
	    !till_order_change_write(change, &error)) {
		till_api_fail(response, error);
		return FALSE;
	}
	answer_order(response, order);
	return TRUE;
}

static gboolean
edit_cancel(TillCentral *central G_GNUC_UNUSED, TillOrderChange *change, TillRequest *request,
	    const TillOrderEditor *editor, GError **error)
{
	return till_order_edit_cancel(change, request->message, editor, error);
}

gboolean
till_orders_api_cancel(TillCentral *central, TillRequest *request, TillResponse *response)
{
	return edit(central, request, response, edit_cancel);
}

static gboolean
edit_amend(TillCentral *central, TillOrderChange *change, TillRequest *request,
	   const TillOrderEditor *editor, GError **error)
{
	return till_order_edit_amend(central, change, request->message, editor, error);
}

gboolean
till_orders_api_change(TillCentral *central, TillRequest *request, TillResponse *response)
{
	return edit(central, request, response, edit_amend);
}

static gboolean
edit_note(TillCentral *central G_GNUC_UNUSED, TillOrderChange *change, TillRequest *request,
	  const TillOrderEditor *editor, GError **error G_GNUC_UNUSED)
{
	till_order_change_tell(change, &(TillOrderEvent){.kind = "note",
							 .words = request->message,
							 .who = editor->who,
							 .channel = editor->channel});
	return TRUE;
}

gboolean
till_orders_api_note(TillCentral *central, TillRequest *request, TillResponse *response)
{
	return edit(central, request, response, edit_note);
}

static gboolean
edit_payment(TillCentral *central, TillOrderChange *change, TillRequest *request,
	     const TillOrderEditor *editor, GError **error)
{
	return till_order_edit_pay(change, request->message, till_central_now_ms(central), editor,
				   error);
}

gboolean
till_orders_api_pay(TillCentral *central, TillRequest *request, TillResponse *response)
{
	return edit(central, request, response, edit_payment);
}

/* --- many --- */

#define LIST(filter)                                                                               \
	"SELECT b.record, b.placed_ms, b.id FROM order_book b WHERE " filter                       \
	" (?2 = '' OR EXISTS (SELECT 1 FROM order_store s WHERE s.order_id = b.id AND "            \
	"s.store_code = ?2)) AND (?3 = '' OR b.status = ?3) AND (?4 = '' OR b.number = ?4 OR "     \
	"b.customer_name LIKE ?5 ESCAPE '\\') AND (b.placed_ms, b.id) < (?6, ?7) "                 \
	"ORDER BY b.placed_ms DESC, b.id DESC LIMIT ?8"

/* "placed_ms,id" of the last that was told; "" for the first page. */
static gboolean
read_place(const char *text, gint64 *out_ms, const char **out_id)
{
	const char *comma = strchr(text, ',');
	g_autofree char *number = comma != NULL ? g_strndup(text, (gsize)(comma - text)) : NULL;

	*out_ms = G_MAXINT64;
	*out_id = "";
	if (*text == '\0')
		return TRUE;
	*out_id = comma != NULL ? comma + 1 : "";
	return number != NULL && till_text_parse_int(number, 0, G_MAXINT64, out_ms);
}

/* As a pattern for the beginning of a name. Caller frees. */
static char *
make_pattern(const char *text)
{
	GString *pattern = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("\\%_", *p) != NULL)
			g_string_append_c(pattern, '\\');
		g_string_append_c(pattern, *p);
	}
	g_string_append_c(pattern, '%');
	return g_string_free(pattern, FALSE);
}

static void
take_row(TillDbQuery *query, json_t *answer, json_t *list, gsize *bytes)
{
	const char *text = till_db_text(query, 0);
	json_t *record = json_loads(text, 0, NULL);
	g_autofree char *place = g_strdup_printf("%" G_GINT64_FORMAT ",%s", till_db_int(query, 1),
						 till_db_text(query, 2));

	*bytes += strlen(text);
	json_array_append_new(list, record);
	till_json_put_text(answer, "next", place);
}

/* Whose orders. FALSE: response holds the problem. */
static gboolean
find_customer(TillCentral *central, const char *text, char **out_id, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(TillCustomer) customer = NULL;

	*out_id = g_strdup("");
	if (*text == '\0')
		return TRUE;
	customer = till_counter_customer(central->db, text, &error);
	if (customer == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	g_free(*out_id);
	*out_id = g_strdup(customer->id);
	return TRUE;
}

gboolean
till_orders_api_list(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *text = till_request_query(request, "query");
	g_autofree char *number = g_ascii_strup(text, -1);
	g_autofree char *pattern = make_pattern(text);
	g_autofree char *customer = NULL;
	g_autoptr(json_t) answer = json_object();
	g_autoptr(GError) error = NULL;
	json_t *list = json_array();
	TillDbQuery *query;
	gint64 before_ms;
	const char *before_id;
	gsize bytes = 0;
	gboolean more = FALSE;

	json_object_set_new(answer, "orders", list);
	if (!read_place(till_request_query(request, "after"), &before_ms, &before_id)) {
		till_response_problem(response, TILL_PROBLEM_INVALID, "after is what next said.");
		return TRUE;
	}
	if (!find_customer(central, till_request_query(request, "customer"), &customer, response))
		return TRUE;
	query = *customer != '\0' ? till_db_query(central->db, LIST("b.customer = ?1 AND"))
				  : till_db_query(central->db, LIST("?1 = '' AND"));
	till_db_bind_text(query, 1, customer);
	till_db_bind_text(query, 2, till_request_query(request, "store"));
	till_db_bind_text(query, 3, till_request_query(request, "state"));
	till_db_bind_text(query, 4, number);
	till_db_bind_text(query, 5, pattern);
	till_db_bind_int(query, 6, before_ms);
	till_db_bind_text(query, 7, before_id);
	till_db_bind_int(query, 8, PAGE_ROWS);
	while (!more && till_db_step(query, &error)) {
		take_row(query, answer, list, &bytes);
		more = bytes > PAGE_BYTES || json_array_size(list) == PAGE_ROWS;
	}
	till_db_reset(query);
	if (error != NULL) {
		till_response_error(response, error);
		return TRUE;
	}
	if (!more)
		json_object_del(answer, "next");
	till_response_json(response, g_steal_pointer(&answer));
	return TRUE;
}
