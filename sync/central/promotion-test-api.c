/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"
#include "error.h"
#include "promotion-test.h"
#include "text.h"

/* What somebody waits for over the network; more is for the command line. */
#define LAST_MAX 10000

static void
free_promo(gpointer data)
{
	till_promo_unref(data);
}

gboolean
till_promotion_test_api_read(TillCentral *central G_GNUC_UNUSED, TillRequest *request,
			     TillResponse *response)
{
	const char *last = till_request_query(request, "last");
	g_autoptr(GError) error = NULL;
	gint64 number;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);

	if (*last != '\0' && !till_text_parse_int(last, 1, LAST_MAX, &number)) {
		till_response_problem(response, TILL_PROBLEM_INVALID,
				      "last is how many sales to look at, from 1 to %d.", LAST_MAX);
		return FALSE;
	}
	request->message = till_promotion_test_read(text != NULL ? text : "", size, &error);
	request->message_free = free_promo;
	if (error != NULL)
		till_response_error(response, error);
	return error == NULL;
}

gboolean
till_promotion_test_api_run(TillCentral *central, TillRequest *request, TillResponse *response)
{
	const char *store = till_request_query(request, "store");
	g_autoptr(GError) error = NULL;
	gint64 last;
	TillPromotionTestOptions options = {.last = TILL_PROMOTION_TEST_LAST,
					    .store = *store != '\0' ? store : NULL};
	json_t *report;

	if (till_text_parse_int(till_request_query(request, "last"), 1, LAST_MAX, &last))
		options.last = (guint)last;
	report = till_promotion_test_run(central, request->message, &options, &error);
	if (report != NULL)
		till_response_json(response, report);
	else
		till_response_error(response, error);
	return TRUE;
}
