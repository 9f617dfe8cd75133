/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "basket-file.h"
#include "price.h"
#include "route.h"

/* The handlers behind the routes, one file a resource. What each takes and answers stands in
 * openapi.json.
 *
 * Threads: run where route.c says; prepare on the HTTP thread. */

G_BEGIN_DECLS

gboolean till_info_api_ca(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_info_api_health(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_info_api_openapi(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_enrol_api_enrol(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_hello_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_hello_api_hello(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_push_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
/* Reads the sales of a push while the writer enters those before. */
void till_push_api_meanwhile(TillCentral *central, TillRequest *request);
gboolean till_push_api_push(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_push_api_body(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_journal_api_list(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_feed_api_page(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_feed_api_events(TillCentral *central, TillRequest *request, TillResponse *response);
/* Which store's snapshot: fills request->arguments[0]; the builder does the rest. */
gboolean till_feed_api_snapshot(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_quote_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_quote_api_quote(TillCentral *central, TillRequest *request, TillResponse *response);

/* A basket at a store's counter, for other resources. NULL with error. */
TillPriced *till_quote_api_price(TillCentral *central, const char *store_code,
				 const TillBasketFile *file, GError **error);

gboolean till_sales_api_find(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_returns_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_returns_api_quote(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_rules_api_promotions(TillCentral *central, TillRequest *request,
				   TillResponse *response);
gboolean till_rules_api_promotion(TillCentral *central, TillRequest *request,
				  TillResponse *response);
gboolean till_rules_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_rules_api_put(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_rules_api_end(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_rules_api_prices(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_rules_api_taxes(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_policy_api_get(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_policy_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_policy_api_put(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_promotion_test_api_read(TillCentral *central, TillRequest *request,
				      TillResponse *response);
gboolean till_promotion_test_api_run(TillCentral *central, TillRequest *request,
				     TillResponse *response);

gboolean till_customers_api_read(TillCentral *central, TillRequest *request,
				 TillResponse *response);
gboolean till_customers_api_create(TillCentral *central, TillRequest *request,
				   TillResponse *response);
gboolean till_customers_api_list(TillCentral *central, TillRequest *request,
				 TillResponse *response);
gboolean till_customers_api_one(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_customers_api_put(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_carts_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_carts_api_create(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_carts_api_list(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_carts_api_one(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_carts_api_put(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_carts_api_drop(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_read_cancel(TillCentral *central, TillRequest *request,
				     TillResponse *response);
gboolean till_orders_api_read_change(TillCentral *central, TillRequest *request,
				     TillResponse *response);
gboolean till_orders_api_read_note(TillCentral *central, TillRequest *request,
				   TillResponse *response);
gboolean till_orders_api_read_payment(TillCentral *central, TillRequest *request,
				      TillResponse *response);
gboolean till_orders_api_place(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_list(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_one(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_timeline(TillCentral *central, TillRequest *request,
				  TillResponse *response);
gboolean till_orders_api_cancel(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_change(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_note(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_orders_api_pay(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_stores_api_list(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_stores_api_availability(TillCentral *central, TillRequest *request,
				      TillResponse *response);
gboolean till_code_api_show(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_code_api_renew(TillCentral *central, TillRequest *request, TillResponse *response);

/* The shopper's page: reads and judges the token of the address. */
gboolean till_page_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_page_api_page(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_page_api_events(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_page_api_code(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_page_api_outside(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_page_api_style(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_page_api_script(TillCentral *central, TillRequest *request, TillResponse *response);

gboolean till_webhook_api_read(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_webhook_api_make(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_webhook_api_list(TillCentral *central, TillRequest *request, TillResponse *response);
gboolean till_webhook_api_delete(TillCentral *central, TillRequest *request,
				 TillResponse *response);
gboolean till_webhook_api_deliveries(TillCentral *central, TillRequest *request,
				     TillResponse *response);
gboolean till_webhook_api_retry(TillCentral *central, TillRequest *request, TillResponse *response);

G_END_DECLS
