/* SPDX-License-Identifier: Apache-2.0 */
#include "api.h"
#include "enrolment.h"
#include "json.h"
#include "messages.h"

gboolean
till_enrol_api_enrol(TillCentral *central, TillRequest *request, TillResponse *response)
{
	g_autoptr(GError) error = NULL;
	gsize size;
	const char *text = g_bytes_get_data(request->body, &size);
	g_autoptr(json_t) json =
	    till_json_parse(text, size, TILL_WIRE_BODY_MAX, "enrolment", &error);
	TillWireEnrolRequest *message = NULL;
	TillWireEnrolAnswer *answer = NULL;

	if (json != NULL)
		message = till_messages_read_enrol_request(json, &error);
	if (message != NULL) {
		answer = till_enrolment_accept(central, message, &error);
		till_messages_free_enrol_request(message);
	}
	if (answer == NULL) {
		till_response_error(response, error);
		return FALSE;
	}
	till_response_json(response, till_messages_write_enrol_answer(answer));
	till_messages_free_enrol_answer(answer);
	return TRUE;
}
